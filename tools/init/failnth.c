// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a module again and again, and each time lets another allocation of it
 * fail, until the failures come behind its init function. /proc/self/fail-nth
 * is for this task alone, and counts all of its allocations, the loader's too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define FAIL_NTH "/proc/self/fail-nth"
#define ROUNDS_MAX 2000
#define MARGIN 8
#define PASSES_MAX 8

static const char *wanted;	/* "[name]", in a line of a stack */
/* What the failure's stack led through: the module, do_init_module(). */
static bool in_stack, ours, reached;
static char site[128];		/* the module's place in it */

/* Places that have failed once, and what came of it was looked at. */
#define SITES_MAX 128
static char *sites[SITES_MAX];
static unsigned int site_count;

static void look_at(const char *text)
{
	if (strstr(text, "FAULT_INJECTION: forcing a failure"))
		in_stack = true;
	/* "? name" stood on the stack, perhaps from a call before. */
	if (!in_stack || strstr(text, "] ? "))
		return;
	if (!ours && strstr(text, wanted)) {
		const char *name = strchr(text, ']');

		snprintf(site, sizeof(site), "%s", name ? name : text);
		ours = true;
	}
	if (strstr(text, "do_init_module"))
		reached = true;
}

static int arm(unsigned int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	return write_text(FAIL_NTH, text);
}

/* Allocations that are still to come before the failure; 0: it has struck. */
static int left(void)
{
	char text[16] = "";
	int fd = open(FAIL_NTH, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	if (fd >= 0)
		close(fd);
	return atoi(text);
}

/* 0: it went on without a failure; 1: the failure struck; else -errno. */
static int round_of(const char *path, const char *name, unsigned int nth)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err, rest;

	if (fd < 0)
		return -errno;
	in_stack = false;
	ours = false;
	reached = false;
	channel_printf("round", "%u %s", nth, name);
	err = arm(nth);
	if (!err)
		err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	rest = left();
	arm(0);
	close(fd);
	pump_watch(look_at);
	pump_kmsg_rest();
	pump_watch(NULL);
	if (!err)
		err = module_unload(name);
	else
		err = 0;
	pump_kmsg_rest();
	if (err)
		return err;
	return rest ? 0 : 1;
}

/*
 * The loader makes some 200 allocations before the module's init begins. The
 * first that fails later is looked for by halves; a few less, as their number
 * changes a little from load to load.
 */
static unsigned int first_of_init(const char *path, const char *name)
{
	unsigned int low = 1, high = ROUNDS_MAX;

	while (low < high) {
		unsigned int middle = (low + high) / 2, at = middle;
		int state = round_of(path, name, at);

		/* Some are asked for without a warning, and fail in silence. */
		while (state == 1 && !in_stack && ++at < high)
			state = round_of(path, name, at);
		if (state < 0)
			return ROUNDS_MAX;
		if (!state || reached || at == high)
			high = middle;
		else
			low = at + 1;
	}
	return low > MARGIN ? low - MARGIN : 1;
}

/* Is it a place that has not failed before? */
static bool new_site(void)
{
	for (unsigned int i = 0; i < site_count; i++)
		if (!strcmp(sites[i], site))
			return false;
	if (site_count == SITES_MAX)
		return false;
	sites[site_count] = strdup(site);
	return sites[site_count] && ++site_count;
}

/* A place that has failed before is not looked at again: that takes long. */
static void report_round(unsigned int nth)
{
	char *leaks;

	if (!new_site())
		return;
	leaks = health_leaks();
	if (leaks && *leaks)
		channel_printf("round-leak", "%s", leaks);
	free(leaks);
	health_forget_leaks();
	channel_printf("round-ours", "%u", nth);
}

/* All of the init's allocations, one round each. */
static void run_pass(const char *path, const char *name, unsigned int nth)
{
	unsigned int behind = 0;
	int state = 1;

	for (; nth < ROUNDS_MAX && state == 1 && behind < MARGIN; nth++) {
		state = round_of(path, name, nth);
		if (state == 1 && ours) {
			report_round(nth);
			behind = 0;
		} else if (reached) {
			behind++;	/* the loader again, after init */
		}
	}
}

/*
 * The loader's allocations are not always as many, so that a pass may miss one
 * of the module: passes go on until two of them found nothing new.
 */
static void run_passes(const char *path, const char *name)
{
	unsigned int nth = first_of_init(path, name), known, quiet = 0;

	/* What is left over from the search is not the rounds' fault. */
	free(health_leaks());
	health_forget_leaks();
	for (int pass = 0; pass < PASSES_MAX && quiet < 2; pass++) {
		known = site_count;
		run_pass(path, name, nth);
		quiet = known == site_count ? quiet + 1 : 0;
	}
	channel_printf("round", "0 %s", name);
}

struct setting {
	const char *file, *value;
};

/*
 * What counts, and so may fail. Not both at once: when the slabs take a page
 * differs from load to load, and would move all that comes behind.
 */
static const struct setting slabs[] = {
	{ "failslab/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/ignore-gfp-wait", "Y" },
	{ "fail_page_alloc/min-order", "1" },
};

static const struct setting pages[] = {
	{ "failslab/ignore-gfp-wait", "Y" },
	{ "fail_page_alloc/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/min-order", "0" },
};

static void set_up(const struct setting *settings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char path[128];

		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 settings[i].file);
		write_text(path, settings[i].value);
	}
}

void failnth_run(const char *file, const char *name)
{
	char path[4200], mark[128];
	int err;

	if (access(FAIL_NTH, W_OK))
		return;
	snprintf(path, sizeof(path), "%s/%s", LAB_DIR, file);
	snprintf(mark, sizeof(mark), "[%s]", name);
	wanted = mark;
	/* A module that needs parameters, or another one, is left alone. */
	err = module_load(path, "");
	if (!err)
		err = module_unload(name);
	pump_kmsg_rest();
	if (err)
		return;
	set_up(slabs, sizeof(slabs) / sizeof(slabs[0]));
	run_passes(path, name);
	set_up(pages, sizeof(pages) / sizeof(pages[0]));
	run_passes(path, name);
}
