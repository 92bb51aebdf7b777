// SPDX-License-Identifier: GPL-2.0
/*
 * What the module blocks must do with the page allocator.
 *
 * Where a block is, the module says itself, in /proc/blocks. Whether that is true
 * is seen in the machine's physical memory, which is read through /proc/kcore:
 * an ELF file with a segment for each piece of RAM.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME	"/proc/blocks"
#define TOP_ORDER	10		/* on x86-64, in every kernel of the matrix */
#define PAGE		4096UL
#define LOW		(16UL << 20)	/* where memory of GFP_DMA ends */
#define SLOTS		48

struct place {
	unsigned int id, order;
	unsigned long first, last;
	u64 phys, virt;
};

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* ------------------------------------------------------ physical memory --- */

#define SEGMENT_LOAD	1	/* PT_LOAD of elf(5) */

/* The two structs of elf(5), as <elf.h> has them for 64 bits. */
struct header {
	char magic[16];
	unsigned short type, machine;
	unsigned int version;
	u64 entry, segments_at, sections_at;
	unsigned int flags;
	unsigned short size, segment_size, segments;
	unsigned short section_size, sections, names;
};

struct segment {
	unsigned int type, flags;
	u64 offset, virt, phys, bytes, bytes_in_memory, align;
};

/* Read physical memory; true unless this address is no RAM. */
static bool phys_read(u64 phys, void *data, size_t len)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	struct header head;
	struct segment seg;
	bool done = false;

	ASSERT_OK(libc_ret(fd), "/proc/kcore shows the memory, and cannot be opened.");
	ASSERT_EQ(pread(fd, &head, sizeof(head), 0), sizeof(head));
	for (int i = 0; i < head.segments && !done; i++) {
		ASSERT_EQ(pread(fd, &seg, sizeof(seg), head.segments_at + i * sizeof(seg)),
			  sizeof(seg));
		if (seg.type != SEGMENT_LOAD || seg.phys == -1ULL ||
		    phys < seg.phys || phys + len > seg.phys + seg.bytes_in_memory)
			continue;
		done = pread(fd, data, len, seg.offset + phys - seg.phys) == (ssize_t)len;
	}
	close(fd);
	return done;
}

/* ----------------------------------------------------------- the module --- */

FIXTURE(blocks) {
	u64 mark;
	char word[9];
};

FIXTURE_SETUP(blocks)
{
	mod_unload("blocks");	/* left by a check that was stopped */
	self->mark = kmsg_mark();
	ASSERT_OK(mod_load("blocks.ko", NULL), "The module was not loaded.");
	check_random_word(self->word, sizeof(self->word));
}

FIXTURE_TEARDOWN(blocks)
{
	EXPECT_OK(mod_unload("blocks"), "The module was not unloaded.");
	EXPECT_NOMATCH(kmsg_since(self->mark), "WARNING: |allocation failure|BUG: ",
		       "The kernel warned. That a user asks for more than there is, is no fault of the kernel's: add __GFP_NOWARN, and test the order.");
}

static int tell(const char *line)
{
	return file_write(FILE_NAME, line);
}

/* The block's line of the list, taken apart; false if there is none. */
static bool block_at(unsigned int id, struct place *p)
{
	char *list = file_read(FILE_NAME);
	char *line = list;

	ASSERT_NOTNULL(list, FILE_NAME " could not be read.");
	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%u: order %u, pfn %lu to %lu, phys 0x%llx, virt 0x%llx",
			   &p->id, &p->order, &p->first, &p->last, &p->phys, &p->virt) == 6 &&
		    p->id == id)
			break;
	}
	free(list);
	return line;
}

/* Take one, as the first block there is, and tell where it is. */
static struct place make(unsigned int order, const char *how)
{
	struct place p;

	ASSERT_OK(tell(text("take %u%s", order, how)),
		  "A block of order %u could not be taken.", order);
	ASSERT_TRUE(block_at(0, &p), "A block was taken, and is not in the list.");
	return p;
}

static void drop(unsigned int id)
{
	ASSERT_OK(tell(text("give %u", id)));
}

/* ------------------------------------------------------------- the checks --- */

CHECK_F(blocks, takes_and_gives, .title = "Blocks of every order can be taken and given back")
{
	for (unsigned int order = 0; order <= TOP_ORDER; order++) {
		struct place p = make(order, "");

		EXPECT_EQ(p.order, order, "The block remembers another order.");
		drop(0);
		EXPECT_FALSE(block_at(0, &p),
			     "The block was given back, and is still in the list.");
	}
}

CHECK_F(blocks, top_order, .title = "An order above the highest is refused")
{
	static const char *const orders[] = { "11", "12", "31", "63", "64", "4294967295" };

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		EXPECT_ERR(tell(text("take %s", orders[i])), EINVAL,
			   "There are no blocks of order %s on any day: that is -EINVAL, not -ENOMEM. MAX_PAGE_ORDER is the highest.",
			   orders[i]);
}

CHECK_F(blocks, contiguous, .needs = "takes_and_gives",
	.title = "Stamps are found in physical memory, page after page")
{
	for (unsigned int order = 0; order <= TOP_ORDER; order++) {
		struct place p = make(order, "");
		unsigned long pages = 1UL << order;

		ASSERT_EQ(p.last - p.first + 1, pages,
			  "A block of order %u has %lu pages: the last PFN is the first one plus %lu.",
			  order, pages, pages - 1);
		ASSERT_EQ(p.phys, p.first * PAGE,
			  "The physical address does not belong to the first PFN: it is the PFN times the size of a page.");
		ASSERT_OK(tell(text("stamp 0 %s", self->word)));
		for (unsigned long i = 0; i < pages; i += order > 6 ? pages - 1 : 1) {
			const char *want = text("%s %lu", self->word, i);
			char have[16] = "";

			ASSERT_TRUE(phys_read((p.first + i) * PAGE, have, sizeof(have) - 1),
				    "PFN %lu is no page of RAM.", p.first + i);
			ASSERT_STREQ(have, want,
				     "Page %lu of a block of order %u has PFN %lu, and at its beginning the stamp is not. The stamp is a text with its NUL.",
				     i, order, p.first + i);
		}
		drop(0);
	}
}

CHECK_F(blocks, virtual_address, .needs = "contiguous",
	.title = "Virtual addresses lead to the same bytes")
{
	unsigned int order = check_random_range(0, 6);
	struct place a = make(order, ""), b;
	u64 base = a.virt - a.phys;

	for (unsigned int id = 1; id < 6; id++) {
		ASSERT_OK(tell(text("take %llu", check_random_range(0, 6))));
		ASSERT_TRUE(block_at(id, &b));
		EXPECT_EQ(b.virt - b.phys, base,
			  "In the direct map, virtual and physical address differ by the same number everywhere. Here the blocks do not.");
		EXPECT_EQ(b.virt % (PAGE << b.order), 0,
			  "A block begins at a multiple of its size, and so does its virtual address.");
	}
	EXPECT_GT(base, 0xff00000000000000ULL,
		  "This is no address of the kernel's: page_address() tells it.");
}

CHECK_F(blocks, zeroed, .needs = "contiguous",
	.title = "A block that is asked for as zero is zero")
{
	for (int round = 0; round < 8; round++) {
		unsigned int order = check_random_range(0, 3);
		struct place p = make(order, "");

		/* What is given back last is handed out next. */
		ASSERT_OK(tell(text("stamp 0 %s", self->word)));
		drop(0);
		p = make(order, " zero");
		for (unsigned long i = 0; i < 1UL << order; i++) {
			u64 have = 1;

			ASSERT_TRUE(phys_read((p.first + i) * PAGE, &have, sizeof(have)));
			ASSERT_EQ(have, 0,
				  "Zeroed pages were asked for, and page %lu has what its last owner left there.",
				  i);
		}
		drop(0);
	}
}

CHECK_F(blocks, low_memory, .needs = "contiguous",
	.title = "A block for a device of 24 address bits is below 16 MiB")
{
	for (unsigned int order = 0; order < 5; order++) {
		struct place p = make(order, order & 1 ? " zero low" : " low");

		EXPECT_LE(p.phys + (PAGE << order), LOW,
			  "This block is at 0x%llx, where such a device does not reach. GFP_DMA is the bit that asks for the lowest zone.",
			  p.phys);
		drop(0);
	}
}

CHECK_F(blocks, finds, .needs = "contiguous",
	.title = "A physical address leads to block, page and virtual address")
{
	struct place p[4];

	for (unsigned int id = 0; id < 4; id++) {
		ASSERT_OK(tell(text("take %llu", check_random_range(id, 5))));
		ASSERT_TRUE(block_at(id, &p[id]));
	}
	for (int i = 0; i < 60; i++) {
		const struct place *b = &p[i % 4];
		u64 bytes = PAGE << b->order;
		/* the first byte, the last one, any other */
		u64 at = i < 4 ? 0 : i < 8 ? bytes - 1 : check_random_range(0, bytes - 1);
		const char *want = text("0x%llx: block %u, page %llu, virt 0x%llx",
					b->phys + at, b->id, at / PAGE, b->virt + at);

		ASSERT_OK(tell(text("find 0x%llx", b->phys + at)));
		ASSERT_NOTNULL(strstr(file_read(FILE_NAME), want),
			       "Byte %llu of a block of order %u was asked for, and the answer is not \"%s\".",
			       at, b->order, want);
	}
	drop(2);
	for (int i = 0; i < 4; i++) {
		u64 others[] = { p[2].phys, ~0ULL, 0, 1ULL << 51 };

		ASSERT_OK(tell(text("find 0x%llx", others[i])));
		EXPECT_MATCH(file_read(FILE_NAME), ": in no block$",
			     "0x%llx is in no block of ours.", others[i]);
	}
}

CHECK_F(blocks, memory_ends, .needs = "takes_and_gives",
	.title = "When memory ends, that is an error and not a warning")
{
	unsigned int n = 0;
	int ret = 0;

	while (n < SLOTS && !(ret = tell(text("take %d", TOP_ORDER))))
		n++;
	check_note("%u blocks of 4 MiB could be had", n);
	EXPECT_ERR(ret, ENOMEM,
		   "The machine has 128 MiB. When no block can be had, that is -ENOMEM.");
	while (n)
		drop(--n);
	make(TOP_ORDER, "");
}

/* ------------------------------------------------------------- nothing lost --- */

static long free_kib(void)
{
	const char *line = strstr(file_read("/proc/meminfo"), "MemFree:");

	return line ? atol(line + strlen("MemFree:")) : 0;
}

CHECK_F(blocks, leaks_nothing, .needs = "takes_and_gives", .deadline = 60,
	.title = "Nothing is lost")
{
	enum { MIB = 16, TOLERANCE = 6 };
	long before = free_kib();

	for (unsigned int order = 0; order <= 8; order += 2) {
		for (unsigned int i = 0; i < MIB * 256U >> order; i++) {
			ASSERT_OK(tell(text("take %u", order)),
				  "A block of order %u could not be taken, after %u were given back.",
				  order, i);
			drop(0);
		}
		ASSERT_LT(before - free_kib(), TOLERANCE * 1024,
			  "%d MiB were taken and given back, in blocks of order %u: so many KiB are missing. Which order is given to __free_pages()?",
			  MIB, order);
	}
	for (int i = 0; i < MIB / 2; i++)
		ASSERT_OK(tell("take 8"));
	ASSERT_OK(mod_unload("blocks"));
	EXPECT_LT(before - free_kib(), TOLERANCE * 1024,
		  "The module was unloaded with %d MiB in blocks: so many KiB are missing.",
		  MIB / 2);
	ASSERT_OK(mod_load("blocks.ko", NULL));
}
