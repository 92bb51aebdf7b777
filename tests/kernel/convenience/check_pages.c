// SPDX-License-Identifier: GPL-2.0
/*
 * Physical contiguity and hex dumps, against models of both
 */
#include "check_util.h"

#define PAGE		4096

struct contig {
	int error;
	unsigned long pages;
	unsigned long runs;
	unsigned long longest;
};

static struct contig parse(const char *answer)
{
	struct contig found;

	ASSERT_EQ(sscanf(answer, "%d %lu %lu %lu", &found.error, &found.pages,
			 &found.runs, &found.longest), 4);
	return found;
}

static unsigned long pages_of(unsigned long offset, unsigned long size)
{
	return (offset % PAGE + size + PAGE - 1) / PAGE;
}

static void expect_mapping(const unsigned int *page, unsigned int count,
			   unsigned int offset, unsigned int size)
{
	unsigned int first = offset / PAGE, last = (offset + size - 1) / PAGE;
	struct contig want = { 0 }, found;
	u64 mark = kmsg_mark();
	char list[512] = "";
	unsigned long run = 0;
	char regex[256];
	unsigned int i;

	for (i = 0; i < count; i++)
		sprintf(list + strlen(list), " %u", page[i]);
	for (i = first; i <= last; i++) {
		if (i == first || page[i] != page[i - 1] + 1) {
			want.runs++;
			run = 0;
		}
		run++;
		want.longest = run > want.longest ? run : want.longest;
		want.pages++;
	}
	found = parse(ask("vmap %u %u%s", offset, size, list));
	EXPECT_EQ(found.error, 0);
	EXPECT_EQ(found.pages, want.pages, "Pages%s.", list);
	EXPECT_EQ(found.runs, want.runs, "Pages%s.", list);
	EXPECT_EQ(found.longest, want.longest, "Pages%s.", list);
	snprintf(regex, sizeof(regex),
		 ": range: %lu page%s in %lu physically contiguous run%s, the longest of %lu page%s \\(%lu KiB\\)$",
		 want.pages, want.pages == 1 ? "" : "s", want.runs,
		 want.runs == 1 ? "" : "s", want.longest,
		 want.longest == 1 ? "" : "s", want.longest * 4);
	EXPECT_MATCH(kmsg_since(mark), regex);
}

CHECK(shuffled_pages, .title = "Runs are counted right in shuffled mappings",
	.needs = "loads", .deadline = 60)
{
	int round;

	for (round = 0; round < 40; round++) {
		unsigned int count = check_random_range(1, 40);
		unsigned int page[40], i, offset;

		/* Runs of some length, and now and then a page twice. */
		page[0] = check_random_range(0, 63);
		for (i = 1; i < count; i++)
			page[i] = check_random_range(0, 2) && page[i - 1] < 63 ?
				  page[i - 1] + 1 : check_random_range(0, 63);
		offset = check_random_range(0, count * PAGE - 1);
		expect_mapping(page, count, 0, count * PAGE);
		expect_mapping(page, count, offset,
			       check_random_range(1, count * PAGE - offset));
	}
}

CHECK(allocators, .title = "kmalloc() is one run, vmalloc() as many as it likes",
	.needs = "loads")
{
	int round;

	for (round = 0; round < 20; round++) {
		unsigned long size = check_random_range(1, 300000);
		unsigned long offset = check_random_range(0, PAGE - 1);
		unsigned long pages = pages_of(offset, size);
		struct contig found;

		found = parse(ask("contig vmalloc %lu %lu", size, offset));
		EXPECT_EQ(found.error, 0);
		EXPECT_EQ(found.pages, pages);
		EXPECT_BETWEEN(found.runs, 1, pages);
		EXPECT_BETWEEN(found.longest, (pages + found.runs - 1) / found.runs,
			       pages - found.runs + 1);

		/* more than a page, so that it begins at the start of one */
		size += 2 * PAGE;
		found = parse(ask("contig kmalloc %lu %lu", size, offset));
		EXPECT_EQ(found.error, 0);
		EXPECT_EQ(found.pages, pages_of(offset, size));
		EXPECT_EQ(found.runs, 1);
		EXPECT_EQ(found.longest, found.pages);
	}
}

CHECK(no_pages, .title = "A range without memory is an error, not a guess",
	.needs = "loads")
{
	struct contig found;
	u64 mark = kmsg_mark();

	found = parse(ask("contig too_far 5000 0"));
	EXPECT_EQ(found.error, -EFAULT, "Behind vmalloc()ed memory is a gap.");
	EXPECT_EQ(found.pages, 2);
	EXPECT_EQ(parse(ask("contig user 10 0")).error, -EFAULT);
	EXPECT_EQ(parse(ask("contig wrap 10 0")).error, -EINVAL);
	EXPECT_EQ(parse(ask("contig kmalloc 0 100")).error, -EINVAL);
	EXPECT_EQ(parse(ask("contig module 10 0")).error, 0);
	EXPECT_MATCH(kmsg_since(mark), ": range: no memory behind its page 2 \\(vmalloc\\)$");
}

/* ------------------------------------------------------------- bytes --- */

static void expect_rows(const unsigned char *bytes, size_t from, size_t to,
			const char *log)
{
	size_t at, i;

	for (at = from; at < to; at += 16) {
		char row[160], text[17] = "";
		size_t n = to - at < 16 ? to - at : 16;
		int len = sprintf(row, "<6>convenience: bytes %08zx: ", at);

		for (i = 0; i < n; i++) {
			len += sprintf(row + len, "%02x ", bytes[at + i]);
			text[i] = bytes[at + i] >= 0x20 && bytes[at + i] < 0x7f ?
				  bytes[at + i] : '.';
		}
		sprintf(row + len, "%*s %s\n", (int)(16 - n) * 3, "", text);
		EXPECT_TRUE(strstr(log, row), "There is no line \"%s\" in:\n%s",
			    row, log);
	}
}

static void expect_dump(size_t len, size_t offset, size_t limit)
{
	size_t from = offset < len ? offset : len;
	size_t shown = len - from < limit ? len - from : limit;
	char hex[401], regex[256], want[16];
	unsigned char bytes[200];
	u64 mark = kmsg_mark();
	size_t lines = 0, i;
	char *log, *at;

	for (i = 0; i < len; i++) {
		bytes[i] = check_random_range(0, 255);
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	}
	hex[2 * len] = '\0';
	snprintf(want, sizeof(want), "%zu", shown);
	EXPECT_STREQ(ask("hexdump %zu %zu %s", offset, limit, hex), want);
	log = kmsg_since(mark);
	snprintf(regex, sizeof(regex),
		 ": bytes: %zu B in slab, %zu B shown from 0x%zx, %zu B before and %zu B after left out$",
		 len, shown, from, from, len - from - shown);
	EXPECT_MATCH(log, regex);
	expect_rows(bytes, from, from + shown, log);
	for (at = log; (at = strstr(at, "convenience: bytes ")); at++)
		lines++;
	EXPECT_EQ(lines, (shown + 15) / 16, "Rows too many or too few.");
}

CHECK(hexdumps, .title = "Dumps show the bytes asked for, and say what is cut",
	.needs = "loads")
{
	static const size_t edge[] = { 0, 1, 15, 16, 17, 32, 33 };
	size_t i;

	for (i = 0; i < sizeof(edge) / sizeof(*edge); i++) {
		expect_dump(40, 3, edge[i]);
		expect_dump(edge[i], 0, 40);
		expect_dump(40, 40 - edge[i], 40);
	}
	for (i = 0; i < 20; i++)
		expect_dump(check_random_range(0, 200), check_random_range(0, 250),
			    check_random_range(0, 250));
}
