// SPDX-License-Identifier: GPL-2.0
/*
 * What the module zones must tell of the machine's memory: what /proc/zoneinfo and
 * /proc/buddyinfo tell of it.
 *
 * The machine is started with numa=fake=2, so it has two nodes. What is free changes all
 * the time. So it is read before and after the module was asked; if both are the same,
 * so must be what the module said.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define ORDERS		11
#define ZONES		16
#define ZONE_LINE	"node %*d zone %15[^:]: start %lu spanned %lu present %lu managed %lu"

struct zone {
	int node;
	char name[16];
	unsigned long start, spanned, present, managed, min, low, high;
	unsigned long blocks[ORDERS];
};

struct zones {
	unsigned int nr;
	struct zone zone[ZONES];
};

FIXTURE(zones) { int unused; };

FIXTURE_SETUP(zones)
{
	mod_unload("zones");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("zones.ko", NULL), "The module was not loaded.");
}

FIXTURE_TEARDOWN(zones)
{
	EXPECT_OK(mod_unload("zones"), "The module was not unloaded.");
}

static char *read_file(const char *path)
{
	char *text = file_read(path);

	ASSERT_NOTNULL(text, "%s could not be read.", path);
	return text;
}

static void read_blocks(struct zone *z, const char *at)
{
	char *end;

	for (int i = 0; i < ORDERS; i++, at = end)
		z->blocks[i] = strtoul(at, &end, 10);
}

static struct zone *add(struct zones *all)
{
	ASSERT_LT(all->nr, ZONES, "So many zones cannot be.");
	memset(&all->zone[all->nr], 0, sizeof(struct zone));
	return &all->zone[all->nr++];
}

/* What the module says. */
static struct zones told(void)
{
	char *text = read_file("/proc/zones"), *line, *next = text;
	struct zones all = { 0 };
	struct zone *z = NULL;

	while ((line = strsep(&next, "\n"))) {
		int node, n;

		if (sscanf(line, "node %d zone", &node) == 1) {
			z = add(&all);
			z->node = node;
			n = sscanf(line, ZONE_LINE, z->name, &z->start, &z->spanned, &z->present,
				   &z->managed);
			ASSERT_EQ(n, 5, "Not understood: %s", line);
		} else if (z && !strncmp(line, "  min", 5)) {
			n = sscanf(line, " min %lu low %lu high %lu", &z->min, &z->low, &z->high);
			ASSERT_EQ(n, 3, "Not understood: %s", line);
		} else if (z && !strncmp(line, "  blocks ", 9)) {
			read_blocks(z, line + 9);
		}
	}
	free(text);
	return all;
}

static void take_number(const char *line, const char *name, unsigned long *number)
{
	const char *at = line + strspn(line, " ");
	size_t len = strlen(name);

	if (!strncmp(at, name, len) && (at[len] == ' ' || at[len] == ':'))
		*number = strtoul(at + len + 1, NULL, 10);
}

/* The same from /proc/buddyinfo, which lists zones with memory, and /proc/zoneinfo. */
static struct zones real(void)
{
	char *text = read_file("/proc/buddyinfo"), *line, *next = text;
	struct zones all = { 0 };
	struct zone *z;
	int n, node;
	char name[16];

	while ((line = strsep(&next, "\n")) && *line) {
		z = add(&all);
		n = 0;
		if (sscanf(line, "Node %d, zone %15s%n", &z->node, z->name, &n) != 2)
			check_skip("/proc/buddyinfo looks different: %s", line);
		read_blocks(z, line + n);
	}
	free(text);
	text = read_file("/proc/zoneinfo");
	z = NULL;
	next = text;
	while ((line = strsep(&next, "\n"))) {
		if (sscanf(line, "Node %d, zone %15s", &node, name) == 2) {
			z = NULL;
			for (unsigned int i = 0; i < all.nr; i++)
				if (all.zone[i].node == node && !strcmp(all.zone[i].name, name))
					z = &all.zone[i];
		}
		if (!z)
			continue;
		take_number(line, "min", &z->min);
		take_number(line, "low", &z->low);
		take_number(line, "high", z->high ? &(unsigned long){ 0 } : &z->high);
		take_number(line, "spanned", &z->spanned);
		take_number(line, "present", &z->present);
		take_number(line, "managed", &z->managed);
		take_number(line, "start_pfn", &z->start);
	}
	free(text);
	return all;
}

static bool same_blocks(const struct zones *a, const struct zones *b)
{
	for (unsigned int i = 0; i < a->nr; i++)
		if (memcmp(a->zone[i].blocks, b->zone[i].blocks, sizeof(a->zone[i].blocks)))
			return false;
	return true;
}

CHECK_F(zones, same_zones, .title = "It lists the zones that there are")
{
	struct zones want = real(), have = told();

	for (unsigned int i = 0; i < want.nr; i++) {
		const struct zone *w = &want.zone[i];
		bool found = false;

		check_note("node %d has %s", w->node, w->name);
		for (unsigned int j = 0; j < have.nr; j++)
			found |= have.zone[j].node == w->node &&
				 !strcmp(have.zone[j].name, w->name);
		EXPECT_TRUE(found,
			    "Zone %s of node %d has memory, and is not listed. Each node has zones of its own.",
			    w->name, w->node);
	}
	EXPECT_EQ(have.nr, want.nr, "Zones without memory are not to be listed, and none twice.");
}

CHECK_F(zones, sizes, .needs = "same_zones",
	.title = "Their place, their size and their watermarks")
{
	struct zones want = real(), have = told();

	for (unsigned int i = 0; i < want.nr; i++) {
		const struct zone *w = &want.zone[i], *h = &have.zone[i];

		ASSERT_STREQ(h->name, w->name, "The zones are in another order.");
		EXPECT_EQ(h->start, w->start, "%s: its first page frame.", w->name);
		EXPECT_EQ(h->spanned, w->spanned, "%s: with holes.", w->name);
		EXPECT_EQ(h->present, w->present, "%s: without holes.", w->name);
		EXPECT_EQ(h->managed, w->managed,
			  "%s: what the page allocator has to give. The rest was taken at boot.",
			  w->name);
		EXPECT_EQ(h->min, w->min, "%s: the lowest watermark.", w->name);
		EXPECT_EQ(h->low, w->low, "%s: the watermark that wakes kswapd.", w->name);
		EXPECT_EQ(h->high, w->high, "%s: the watermark where kswapd stops.", w->name);
	}
}

/* Ask while nothing changes; "what" is written first. */
static struct zones quiet(const char *what, char **answer)
{
	struct zones before, after;

	for (int i = 0; i < 200; i++) {
		before = real();
		if (what)
			ASSERT_OK(file_write("/proc/zones", what));
		*answer = read_file("/proc/zones");
		after = real();
		if (same_blocks(&before, &after))
			return after;
		usleep(20000);
	}
	check_skip("in this machine memory is never at rest");
}

static bool blocks_right(const struct zones *want, struct zones *have)
{
	*have = told();
	return have->nr == want->nr && same_blocks(have, want);
}

CHECK_F(zones, free_blocks, .needs = "same_zones",
	.title = "How many blocks of each order are free")
{
	struct zones want, have;
	char *text;

	want = quiet(NULL, &text);
	for (int i = 0; i < 50 && !blocks_right(&want, &have); i++)
		want = quiet(NULL, &text);
	for (unsigned int i = 0; i < want.nr; i++)
		for (int order = 0; order < ORDERS; order++)
			EXPECT_EQ(have.zone[i].blocks[order], want.zone[i].blocks[order],
				  "%s of node %d, blocks of order %d.", want.zone[i].name,
				  want.zone[i].node, order);
}

CHECK_F(zones, of_an_order, .needs = "free_blocks",
	.title = "How many blocks of an order could be had")
{
	for (unsigned int order = 0; order < ORDERS; order++) {
		bool right = false;
		char *text, ask[20], line[80] = "";

		snprintf(ask, sizeof(ask), "order %u", order);
		for (int try = 0; try < 20 && !right; try++) {
			struct zones want = quiet(ask, &text);

			right = true;
			for (unsigned int i = 0; i < want.nr && right; i++) {
				unsigned long sum = 0;

				for (unsigned int j = order; j < ORDERS; j++)
					sum += want.zone[i].blocks[j] << (j - order);
				snprintf(line, sizeof(line), "order %u: node %d zone %s: %lu\n",
					 order, want.zone[i].node, want.zone[i].name, sum);
				right = strstr(text, line);
			}
		}
		ASSERT_TRUE(right,
			    "This was not said: %s A larger block can be cut into several of this order.",
			    line);
	}
}

CHECK_F(zones, of_a_frame, .needs = "same_zones", .title = "In which zone a page frame is")
{
	struct zones want = real();

	for (unsigned int i = 0; i < want.nr * 4; i++) {
		const struct zone *z = &want.zone[i / 4];
		unsigned long pfns[] = {
			z->start, z->start + z->spanned - 1, z->start + z->spanned,
			check_random_range(z->start, z->start + z->spanned - 1),
		};
		unsigned long pfn = pfns[i % 4];
		char ask[40], line[80];

		snprintf(ask, sizeof(ask), "pfn %lu", pfn);
		ASSERT_OK(file_write("/proc/zones", ask));
		for (unsigned int j = 0; j < want.nr; j++) {
			const struct zone *w = &want.zone[j];
			bool in = pfn >= w->start && pfn < w->start + w->spanned;

			snprintf(line, sizeof(line), "pfn %lu: node %d zone %s\n", pfn, w->node,
				 w->name);
			EXPECT_EQ(!!strstr(read_file("/proc/zones"), line), in,
				  "Page frame %lu, and zone %s of node %d, from %lu on, %lu frames.",
				  pfn, w->name, w->node, w->start, w->spanned);
		}
	}
}
