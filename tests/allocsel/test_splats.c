// SPDX-License-Identifier: GPL-2.0
/*
 * The edges at which the kernel complains, or dies, in the virtual machine, on
 * every kernel: what the call returned, and the warning that must be in the
 * log, or that there is none. Places are in the sources of 6.1.192 and 6.12.117;
 * other revisions have them on other lines.
 *
 *	test_splats DIRECTORY	to stage module/splats.c in
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kbuild.h"
#include "tap.h"

#define OLD 0	/* 6.1 and 6.1-rt */
#define NEW 1	/* 6.12 */

static const struct edge {
	const char *name;
	const char *answer[2];
	const char *said[2];	/* NULL: no warning */
} edges[] = {
	/* __GFP_NOWARN does not silence it */
	{ "vmalloc_zero", { "NULL", "NULL" },
	  { "at mm/vmalloc.c:3227", "at mm/vmalloc.c:3838" } },
	/* get_order(0) is 52 */
	{ "exact_zero", { "NULL", "NULL" },
	  { "at mm/page_alloc.c:5634", "at mm/page_alloc.c:4832" } },
	{ "percpu_zero", { "NULL", "NULL" },
	  { "illegal size (0) or align (8)", "illegal size (0) or align (8)" } },
	{ "percpu_large", { "NULL", "NULL" },
	  { "illegal size (32772)", "illegal size (32772)" } },
	{ "percpu_align", { "NULL", "NULL" },
	  { "align (8192) for percpu", "align (8192) for percpu" } },
	{ "pool_zero", { "NULL", "NULL" }, { NULL, NULL } },
	{ "kmalloc_large", { "NULL", "NULL" },
	  { "at mm/page_alloc.c:5634", "at mm/page_alloc.c:4832" } },
	/* 6.12 complains on its slow path only: not while memory is free */
	{ "kmalloc_nofail", { "ok", "ok" },
	  { "at mm/page_alloc.c:3891", NULL } },
	{ "kvmalloc_large", { "NULL", "NULL" },
	  { "at mm/util.c:596", "at mm/util.c:670" } },
	{ "vmalloc_ram", { "NULL", "NULL" },
	  { "exceeds total pages", "exceeds total pages" } },
	/* wrong, and nobody says so without CONFIG_DEBUG_ATOMIC_SLEEP */
	{ "vmalloc_locked", { "ok", "ok" }, { NULL, NULL } },
	{ "exact_compound", { "ok", "ok" },
	  { "at mm/page_alloc.c:5930", "at mm/page_alloc.c:5139" } },
	{ "coherent_compound", { "ok", "NULL" },
	  { NULL, "at kernel/dma/mapping.c:605" } },
	{ "coherent_irqs_off", { "ok", "ok" },
	  { "at kernel/dma/mapping.c:533", "at kernel/dma/mapping.c:650" } },
	{ "streaming_vmalloc", { "error", "error" },
	  { "rejecting DMA map of vmalloc memory",
	    "rejecting DMA map of vmalloc memory" } },
	/* slub_debug's guards make it an object of some bytes */
	{ "cache_zero", { "ok", "ok" }, { NULL, NULL } },
};

#define NR_EDGES (sizeof(edges) / sizeof(*edges))
#define RUN "echo %s > /sys/module/splats/parameters/run"

/* Some warn once in a boot: the kernel is asked to forget. */
#define AGAIN "echo 1 > /sys/kernel/debug/clear_warn_once; "

/* What the log has between an edge's begin and end; free it. */
static char *section(const char *log, const char *name, char *answer)
{
	char mark[64];
	const char *begin, *end;

	snprintf(mark, sizeof(mark), "splats: begin %s\n", name);
	begin = strstr(log, mark);
	snprintf(mark, sizeof(mark), "splats: end %s: ", name);
	end = begin ? strstr(begin, mark) : NULL;
	if (!end || sscanf(end + strlen(mark), "%15s", answer) != 1)
		return NULL;
	return strndup(begin, end - begin);
}

/* Up to the number of a line: that changes with every revision. */
static bool has(const char *text, const char *said)
{
	const char *end = strstr(said, ".c:");
	char *file = strndup(said, end ? (size_t)(end + 3 - said) : strlen(said));
	bool found = file && strstr(text, file);

	if (found && !strstr(text, said))
		tap_note("no longer %s", said);
	free(file);
	return found;
}

static void expect_edge(const char *kernel, const char *log,
			const struct edge *edge)
{
	int which = strncmp(kernel, "6.12", 4) ? OLD : NEW;
	const char *said = edge->said[which];
	char answer[16] = "";
	char *text = section(log, edge->name, answer);
	bool ok = text && !strcmp(answer, edge->answer[which]) &&
		  (said ? has(text, said) : !strstr(text, "WARNING:"));

	if (!ok)
		tap_note("answer '%s', log:\n%s", answer,
			 text ? text : log);
	tap_ok(ok, "%s: %s: %s, %s", kernel, edge->name, edge->answer[which],
	       said ? said : "silent");
	free(text);
}

static void try_warnings(const char *kernel, const char *dir)
{
	char *guest = NULL, *log;
	size_t len, i;
	FILE *out = open_memstream(&guest, &len);
	int status;

	if (!out)
		tap_bail("no memory");
	for (i = 0; i < NR_EDGES; i++)
		fprintf(out, AGAIN RUN "; ", edges[i].name);
	if (fclose(out))
		tap_bail("no memory");
	log = kbuild_run(kernel, "", dir, guest, &status);
	if (status)
		tap_note("lab run ended with %d", status);
	for (i = 0; i < NR_EDGES; i++)
		expect_edge(kernel, log, &edges[i]);
	free(log);
	free(guest);
}

/* The machine ends in a panic, and the module's last word is not reached. */
static void try_death(const char *kernel, const char *dir, const char *name,
		      const char *more, const char *said)
{
	char guest[96], end[64], *log;
	int status;

	snprintf(guest, sizeof(guest), RUN, name);
	snprintf(end, sizeof(end), "splats: end %s", name);
	log = kbuild_run(kernel, more, dir, guest, &status);
	if (status != 3 || !strstr(log, said) || strstr(log, end)) {
		tap_note("lab run ended with %d:\n%s", status, log);
		status = 0;
	}
	tap_ok(status == 3, "%s: %s: %s", kernel, name, said);
	free(log);
}

int main(int argc, char **argv)
{
	static const char *const files[] = {
		"module/splats.c", "module/Makefile", NULL
	};
	const char *const *kernel;
	char *dir;

	if (argc != 2)
		tap_bail("usage: test_splats DIRECTORY");
	if (asprintf(&dir, "%s/splats", argv[1]) < 0)
		tap_bail("no memory");
	kbuild_stage(dir, files);
	for (kernel = kbuild_kernels(); *kernel; kernel++) {
		try_warnings(*kernel, dir);
		try_death(*kernel, dir, "vmalloc_bh", "",
			  "kernel BUG at mm/vmalloc.c");
		/* A divide error in reciprocal_value(), without slub_debug. */
		try_death(*kernel, dir, "cache_zero", "-a slub_debug=-",
			  "the kernel panicked");
	}
	free(dir);
	return tap_done();
}
