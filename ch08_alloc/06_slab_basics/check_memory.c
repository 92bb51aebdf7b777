// SPDX-License-Identifier: GPL-2.0
/*
 * A text consists of words of 8 bytes. Each says of itself what it is:
 *
 *	16 bits	a tag, the same in all texts, drawn at random
 *	 8 bits	the number of the text
 *	12 bits	which word of the text it is
 *	28 bits	a checksum of these, and of another random number
 *
 * So the search needs no copy of the text, and none is kept: it would find its
 * own. One word alone proves nothing: it may be in a saved register of this
 * process. RUN words in their order do.
 *
 * The memory is read from /proc/kcore, an ELF file in which each piece of RAM is
 * a segment. Its data includes what is free and was not overwritten yet.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "check_memory.h"

#define RUN		4
#define PIECE		(1024 * 1024)	/* bytes read at a time */
/* On x86-64. The image is there a second time, as a part of RAM. */
#define KERNEL_IMAGE	0xffffffff80000000ULL
#define SEGMENT_LOAD	1		/* PT_LOAD of elf(5) */
#define TEXT_MAX	4096		/* bytes of the longest text */

/* The two structs of elf(5), as <elf.h> has them for 64 bits. */
struct header {
	char magic[16];
	unsigned short type;
	unsigned short machine;
	unsigned int version;
	u64 entry;
	u64 segments_at;
	u64 sections_at;
	unsigned int flags;
	unsigned short size;
	unsigned short segment_size;
	unsigned short segments;
};

struct segment {
	unsigned int type;
	unsigned int flags;
	u64 offset;
	u64 virt;
	u64 phys;
	u64 bytes;
	u64 bytes_in_memory;
	u64 align;
};

static u64 tag;
static u64 salt;

void trace_begin(void)
{
	tag = check_random_range(0x1000, 0xfff0);
	salt = check_random();
}

static u64 word_of(unsigned int id, unsigned int index)
{
	u64 word = tag << 48 | (u64)id << 40 | (u64)index << 28;
	u64 sum = (word ^ salt) * 0x9e3779b97f4a7c15ULL;

	return word | sum >> 36;
}

int trace_write(const char *path, unsigned int id, size_t bytes)
{
	u64 text[TEXT_MAX / sizeof(u64)];
	ssize_t n;
	int fd;

	if (bytes > sizeof(text))
		return -E2BIG;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < bytes / sizeof(*text); i++)
		text[i] = word_of(id, i);
	n = libc_ret(write(fd, text, bytes));
	explicit_bzero(text, sizeof(text));
	close(fd);
	return n < 0 ? n : 0;
}

static void look_at(const u64 *words, size_t n, size_t found[TRACE_IDS])
{
	size_t run = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned int id, index;

		if (words[i] >> 48 != tag) {
			run = 0;
			continue;
		}
		id = words[i] >> 40 & 0xff;
		index = words[i] >> 28 & 0xfff;
		if (id >= TRACE_IDS || words[i] != word_of(id, index))
			run = 0;
		else if (run && words[i - 1] == word_of(id, index - 1))
			run++;
		else
			run = 1;
		if (run >= RUN && found[id] < run * sizeof(*words))
			found[id] = run * sizeof(*words);
	}
}

/* Only RAM has a physical address there. */
static bool is_ram(const struct segment *segment)
{
	return segment->type == SEGMENT_LOAD && segment->phys != UINT64_MAX &&
	       segment->virt < KERNEL_IMAGE;
}

static bool look_through(int fd, const struct segment *segment, u64 *piece,
			 size_t found[TRACE_IDS])
{
	u64 left = segment->bytes;
	u64 at = segment->offset;

	while (left) {
		ssize_t n = pread(fd, piece, left < PIECE ? left : PIECE, at);

		if (n <= 0)
			return false;
		look_at(piece, n / sizeof(*piece), found);
		at += n;
		left -= n;
	}
	return true;
}

static bool read_at(int fd, void *to, size_t bytes, u64 at)
{
	return pread(fd, to, bytes, at) == (ssize_t)bytes;
}

static bool look_through_all(int fd, u64 *piece, size_t found[TRACE_IDS])
{
	struct segment segment;
	struct header header;

	if (!read_at(fd, &header, sizeof(header), 0) ||
	    memcmp(header.magic, "\177ELF", 4))
		return false;
	for (unsigned int i = 0; i < header.segments; i++) {
		if (!read_at(fd, &segment, sizeof(segment),
			     header.segments_at + i * sizeof(segment)))
			return false;
		if (is_ram(&segment) && !look_through(fd, &segment, piece, found))
			return false;
	}
	return true;
}

bool trace_search(size_t found[TRACE_IDS])
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	u64 *piece = malloc(PIECE);
	bool done;

	memset(found, 0, TRACE_IDS * sizeof(*found));
	done = fd >= 0 && piece && look_through_all(fd, piece, found);
	free(piece);
	if (fd >= 0)
		close(fd);
	return done;
}
