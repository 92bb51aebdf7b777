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
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	return len > sizeof(Elf64_Ehdr) && !memcmp(data, ELFMAG, SELFMAG) &&
	       data[EI_CLASS] == ELFCLASS64;
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

/*
 * A corrupt stream still gives the start of an ELF, and a file may be cut
 * short: what its program headers name must be there.
 */
static bool elf_fits(const char *data, size_t len, uint64_t whole)
{
	Elf64_Ehdr eh;

	if (!is_elf(data, len))
		return false;
	memcpy(&eh, data, sizeof(eh));
	if (eh.e_machine != EM_X86_64 || eh.e_phentsize != sizeof(Elf64_Phdr) ||
	    !eh.e_phnum || eh.e_phoff > len ||
	    eh.e_phnum > (len - eh.e_phoff) / sizeof(Elf64_Phdr))
		return false;
	for (unsigned int i = 0; i < eh.e_phnum; i++) {
		Elf64_Phdr ph;

		memcpy(&ph, data + eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_offset > whole || ph.p_filesz > whole - ph.p_offset)
			return false;
	}
	return true;
}

/*
 * An arm64 Image, Documentation/arm64/booting.rst: its length in memory at 16, a
 * magic at 56. In the store it is as long in the file, too.
 */
static bool arm64_fits(const char *data, size_t len, uint64_t whole)
{
	uint64_t size;

	if (len < 64 || memcmp(data + 56, "ARM\x64", 4))
		return false;
	memcpy(&size, data + 16, sizeof(size));
	return le64toh(size) && le64toh(size) <= whole;
}

bool image_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[8192];
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	if (!fstat(fd, &st))
		n = read(fd, head, sizeof(head));
	close(fd);
	return n > 0 && (elf_fits(head, n, st.st_size) ||
			 arm64_fits(head, n, st.st_size));
}

/* "Linux version 6.1.0-9-amd64 (…": the kernel's own words. */
static const char *wrong_release(const struct buf *elf, const char *release)
{
	static const char banner[] = "Linux version ";
	char *want = xasprintf("%s%s ", banner, release);
	const char *wrong = NULL;

	if (!memmem(elf->data, elf->len, want, strlen(want)))
		wrong = memmem(elf->data, elf->len, banner, strlen(banner)) ?
			strf("it is another kernel than %s, which the headers are for",
			     release) : "it is no Linux kernel";
	free(want);
	return wrong;
}

static const char *find_elf(const char *data, size_t len, struct buf *elf)
{
	size_t start, payload;

	if (is_elf(data, len)) {
		buf_add(elf, data, len);
		return NULL;
	}
	if (len < 0x250 || memcmp(data + 0x202, "HdrS", 4))
		return "it is neither a bzImage nor an ELF kernel";
	start = ((data[0x1f1] ? (unsigned char)data[0x1f1] : 4) + 1) * 512 +
		(size_t)le32(data + 0x248);
	payload = le32(data + 0x24c);
	if (start > len || payload > len - start)
		return "it is cut short";
	return unpack(data + start, payload, elf);
}

int image_extract(const char *image, const char *release, const char *path,
		  const char **wrong)
{
	struct buf elf = { 0 };
	int err = -EINVAL;
	size_t len;
	char *data;

	*wrong = "it is no file";
	if (is_dir(image))
		return -EINVAL;
	data = read_whole(image, &len);
	if (!data) {
		err = -errno;
		*wrong = errno_text(err);
		return err == -ENOENT ? -EINVAL : err;
	}
	*wrong = find_elf(data, len, &elf);
	if (!*wrong && !elf_fits(elf.data, elf.len, elf.len))
		*wrong = "the kernel in it is cut short or corrupt";
	if (!*wrong)
		*wrong = wrong_release(&elf, release);
	if (!*wrong) {
		err = write_whole(path, elf.data, elf.len);
		if (err)
			*wrong = strf("%s cannot be written: %s", path,
				      errno_text(err));
	}
	buf_free(&elf);
	free(data);
	return err;
}
