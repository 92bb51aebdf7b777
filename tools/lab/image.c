// SPDX-License-Identifier: GPL-2.0
/*
 * The ELF kernel out of a bzImage. QEMU boots the ELF directly through its
 * PVH entry: that saves the guest the work of unpacking itself, which is more
 * than half of a boot without KVM.
 *
 * Offsets of the setup header are from Documentation/arch/x86/boot.rst:
 * setup_sects at 0x1f1, "HdrS" at 0x202, version at 0x206, payload_offset at
 * 0x248 and payload_length at 0x24c (protocol 2.08 and later).
 */
#include <archive.h>
#include <archive_entry.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

static uint32_t le32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static bool is_elf(const char *data, size_t len)
{
	return len > 64 && !memcmp(data, "\177ELF\2", 5);
}

static const char *write_elf(const char *data, size_t len, const char *path)
{
	if (!is_elf(data, len))
		return "it does not hold a 64-bit ELF kernel";
	return write_whole(path, data, len) ? "it cannot be written to the cache"
					    : NULL;
}

static const char *unpack(const char *payload, size_t len, struct buf *out)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	const char *wrong = NULL;
	static char chunk[1 << 18];
	la_ssize_t n = 0;

	if (!a)
		return "there is no memory to unpack it";
	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, payload, len) != ARCHIVE_OK ||
	    archive_read_next_header(a, &entry) != ARCHIVE_OK)
		wrong = "its compression is unknown, or it is corrupt";
	while (!wrong && (n = archive_read_data(a, chunk, sizeof(chunk))) > 0)
		buf_add(out, chunk, n);
	/*
	 * The four bytes of length behind the compressed data make some
	 * filters end with an error after the last byte of data.
	 */
	if (!wrong && n < 0 && !is_elf(out->data, out->len))
		wrong = "its compressed part is corrupt";
	archive_read_free(a);
	return wrong;
}

/* A corrupt stream still gives the start of an ELF: its headers must fit. */
static bool elf_complete(const struct buf *elf)
{
	uint64_t phoff;
	uint16_t phentsize, phnum;

	if (!is_elf(elf->data, elf->len))
		return false;
	memcpy(&phoff, elf->data + 32, sizeof(phoff));
	memcpy(&phentsize, elf->data + 54, sizeof(phentsize));
	memcpy(&phnum, elf->data + 56, sizeof(phnum));
	if (phoff > elf->len || (uint64_t)phentsize * phnum > elf->len - phoff)
		return false;
	for (unsigned int i = 0; i < phnum; i++) {
		const char *ph = elf->data + phoff + (size_t)i * phentsize;
		uint64_t offset, filesz;

		memcpy(&offset, ph + 8, sizeof(offset));
		memcpy(&filesz, ph + 32, sizeof(filesz));
		if (offset > elf->len || filesz > elf->len - offset)
			return false;
	}
	return true;
}

const char *image_extract(const char *image, const char *path)
{
	size_t len, start, payload;
	const char *wrong = NULL;
	struct buf elf = { 0 };
	char *data = read_whole(image, &len);

	if (!data)
		return errno == ENOENT ? "there is no such file"
				       : "it cannot be read";
	if (is_elf(data, len)) {
		buf_add(&elf, data, len);
	} else if (len < 0x250 || memcmp(data + 0x202, "HdrS", 4)) {
		wrong = "it is neither a bzImage nor an ELF kernel";
	} else {
		start = ((data[0x1f1] ? (unsigned char)data[0x1f1] : 4) + 1) *
			512 + le32(data + 0x248);
		payload = le32(data + 0x24c);
		if (start > len || payload > len - start)
			wrong = "it is cut short";
		else
			wrong = unpack(data + start, payload, &elf);
	}
	if (!wrong && !elf_complete(&elf))
		wrong = "the kernel in it is cut short or corrupt";
	if (!wrong)
		wrong = write_elf(elf.data, elf.len, path);
	buf_free(&elf);
	free(data);
	return wrong;
}
