// SPDX-License-Identifier: GPL-2.0
/*
 * In the kernel: what is decided is performed, and the memory is looked at.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "check.h"
#include "check_draw.h"
#include "check_kernel.h"
#include "alloc_request.h"

#define LIVE_DRAWS 100
#define MANY_DRAWS 600

void load_module(const char *params)
{
	char text[200];

	mod_unload("allocsel");	/* left by a check that was stopped */
	snprintf(text, sizeof(text), "rules=yours %s", params);
	ASSERT_OK(mod_load("allocsel.ko", text));
}

void unload_module(void)
{
	EXPECT_TRUE(WAIT_UNTIL(mod_unload("allocsel") != -EWOULDBLOCK, 2000));
	EXPECT_FALSE(mod_loaded("allocsel"));
}

char *ask(const char *request, int *err)
{
	char *text;

	*err = file_write(DEBUGFS "request", request);
	text = file_read(DEBUGFS "decision");
	ASSERT_NOTNULL(text, "%sdecision cannot be read: %s", DEBUGFS,
		       strerror(errno));
	return text;
}

void note_lines(char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line)
			check_note("%s", line);
}

void expect_proof(const char *request)
{
	int err;
	char *text = ask(request, &err);

	if (err)
		note_lines(text);
	ASSERT_OK(err, "The memory for \"%s\" is not what it must be: look for FAILED.",
		  request);
	free(text);
}

FIXTURE(kernel) { int unused; };

FIXTURE_SETUP(kernel)
{
	load_module("");
}

FIXTURE_TEARDOWN(kernel)
{
	unload_module();
}

static char *draw_line(void)
{
	static const char *const places[] = {
		"", " place=timer", " place=softirq" };
	char text[ALLOC_TEXT_LEN];
	struct alloc_request req;
	char *line;

	draw_live(&req);
	ASSERT_GE(asprintf(&line, "%s%s",
			   alloc_format_request(&req, text, sizeof(text)),
			   places[check_random_range(0, 2)]), 0);
	return line;
}

CHECK_F(kernel, performs, .title = "What you decide has, in the kernel, what was asked for",
	.deadline = 120)
{
	size_t i;

	for (i = 0; i < LIVE_DRAWS; i++)
		expect_proof(draw_line());
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

CHECK_F(kernel, performs_many, .title = "Five hundred different requests are proved",
	.needs = "performs", .deadline = 600)
{
	const char *text = getenv("ALLOCSEL_DRAWS");
	size_t draws = text ? atoi(text) : MANY_DRAWS, distinct = 1, i;
	char **lines = calloc(draws, sizeof(*lines));

	ASSERT_NOTNULL(lines);
	for (i = 0; i < draws; i++) {
		lines[i] = draw_line();
		expect_proof(lines[i]);
	}
	qsort(lines, draws, sizeof(*lines), by_text);
	for (i = 1; i < draws; i++)
		distinct += strcmp(lines[i - 1], lines[i]) != 0;
	EXPECT_GE(distinct, draws / 6 * 5);
	check_note("%zu different requests", distinct);
}

/* A request, and words that its report must have. */
struct call {
	const char *request;
	const char *said;
};

static void expect_calls(const struct call *calls, size_t count, int error)
{
	size_t i;

	for (i = 0; i < count; i++) {
		int err;
		char *text = ask(calls[i].request, &err);
		bool said = strstr(text, calls[i].said);

		if (err != -error || !said)
			note_lines(strdup(text));
		EXPECT_EQ(err, -error, "The request was \"%s\".",
			  calls[i].request);
		EXPECT_TRUE(said, "\"%s\" was not answered with \"%s\".",
			    calls[i].request, calls[i].said);
		free(text);
	}
}

/* "#1 SMP PREEMPT_DYNAMIC Debian ...", "#1 Fri Nov 27 ..." */
static bool kernel_preempts(void)
{
	struct utsname name;

	ASSERT_EQ(uname(&name), 0);
	return strstr(name.version, "PREEMPT");
}

CHECK_F(kernel, each_performed, .title = "Each of the twelve allocators is called for real",
	.needs = "performs", .deadline = 60)
{
	static const struct call calls[] = {
		{ "size=100 zero=1", "decision: kmalloc()" },
		{ "size=5000 node=0", "decision: kmalloc_node()" },
		{ "size=3M contig=phys", "decision: alloc_pages_exact()" },
		{ "size=6M zero=1", "decision: kvmalloc()" },
		{ "size=6M node=0", "decision: kvmalloc_node()" },
		{ "size=1M force=vmalloc", "forced: vmalloc()" },
		{ "size=1M node=0 force=vmalloc", "forced: vmalloc()" },
		{ "size=700 many=1", "decision: kmem_cache_alloc()" },
		{ "size=700 many=1 node=0", "decision: kmem_cache_alloc_node()" },
		{ "size=64 percpu=1", "decision: __alloc_percpu_gfp()" },
		{ "size=2M user_map=1", "decision: vmalloc_user()" },
		{ "size=2M user_map=1 contig=phys", "GFP_USER|__GFP_ZERO" },
		{ "size=300 need=must_progress many=1 zero=1", "mempool_alloc()" },
		{ "size=300 need=must_progress zero=1", "mempool_alloc()" },
		{ "size=60K need=must_progress", "mempool_alloc()" },
		{ "size=64K dma=coherent", "dma_alloc_coherent()" },
		{ "size=64 dma=coherent many=1 zero=1", "dma_pool_alloc()" },
		{ "size=2M contig=phys kmax=1M cma=64M", "dma_alloc_pages()" },
		{ "size=64K dma=streaming", "lent and taken back" },
		{ "size=1000 life=device", "decision: devm_kmalloc()" },
		{ "size=3M life=device", "ok unbind: expected frees it" },
		{ "size=64 ctx=nofs", "ok scope: expected I/O, no file system" },
		{ "size=6M ctx=noio", "ok scope: expected no I/O" },
		{ "size=64 ctx=atomic", "with GFP_ATOMIC" },
		{ "size=1M ctx=atomic place=timer", "ok atomic: expected called in" },
		{ "size=700 many=1 ctx=atomic place=softirq", "ok atomic: " },
		{ "size=100 need=nofail", "__GFP_NOFAIL" },
	};
	static const struct call locked = {
		"size=64 ctx=atomic", "ok atomic: expected called under a spin",
	};

	expect_calls(calls, ARRAY_SIZE(calls), 0);
	/*
	 * A kernel that never preempts itself does not count who forbids it:
	 * nothing there shows a spinlock.
	 */
	if (kernel_preempts())
		expect_calls(&locked, 1, 0);
}

CHECK_F(kernel, explained, .title = "Early boot and NMI are explained, never performed",
	.needs = "performs")
{
	static const struct call calls[] = {
		{ "size=1M when=early_boot who=builtin",
		  "not performed: this allocator is explained, not called" },
		{ "size=1M when=early_boot", "refused with EOPNOTSUPP" },
		{ "size=64 ctx=nmi", "instead: allocate beforehand" },
		{ "size=1T ram=16T", "more than a quarter of the free memory" },
		{ "size=64 node=5", "this machine has no such node" },
	};

	expect_calls(calls, ARRAY_SIZE(calls), 0);
}

CHECK_F(kernel, contradictions, .title = "A contradiction gets the refusing rule's sentence",
	.needs = "performs")
{
	static const struct call calls[] = {
		{ "size=0", "(rule 1," },
		{ "size=16 nmemb=2305843009213693953", "(rule 2," },
		{ "size=1T", "(rule 3," },
		{ "size=64 percpu=1 dma=coherent", "shared by many users" },
		{ "size=64K percpu=1", "refused with E2BIG" },
		{ "size=64 need=nofail ctx=atomic", "waiting for reclaim" },
		{ "size=64K need=nofail contig=phys", "(rule 10," },
		{ "size=5M need=must_progress", "none of these fits" },
		{ "size=5M dma=coherent", "boot with cma=N" },
		{ "size=5M contig=phys", "(rule 24," },
		{ "size=5M ctx=atomic", "vmalloc sleeps" },
		{ "size=5M user_map=1 ctx=atomic", "(rule 25," },
	};

	expect_calls(calls, ARRAY_SIZE(calls), 0);
}

CHECK_F(kernel, wrong_choice, .title = "The proof notices a wrong allocator")
{
	static const struct call calls[] = {
		{ "size=3M contig=phys force=vmalloc",
		  "FAILED region: expected pages, actual vmalloc" },
		{ "size=1M ctx=atomic force=vmalloc", "not called" },
	};

	expect_calls(calls, ARRAY_SIZE(calls), EIO);
}

CHECK_F(kernel, each_property, .title = "Each property fails for an allocator without it",
	.needs = "performs")
{
	static const struct call calls[] = {
		{ "size=3M contig=phys force=kmalloc", "FAILED real size" },
		{ "size=100 force=alloc_pages_exact", "FAILED region" },
		{ "size=4096 force=devm_kmalloc", "FAILED alignment" },
		{ "size=700 many=1 force=kmalloc", "FAILED real size" },
		{ "size=700 zero=1 force=mempool_alloc", "FAILED zeroed" },
		{ "size=64 percpu=1 force=kmalloc", "FAILED own copies" },
		{ "size=64 force=__alloc_percpu_gfp", "FAILED own copies" },
		{ "size=64K dma=coherent force=kmalloc", "FAILED device address" },
		{ "size=64 dma=coherent many=1 force=kmalloc",
		  "FAILED device address" },
		{ "size=64K dma=streaming force=vmalloc", "FAILED streaming" },
		{ "size=64K user_map=1 force=vmalloc", "FAILED mappable" },
		{ "size=64K user_map=1 contig=phys force=kmalloc",
		  "FAILED mappable" },
		{ "size=64 need=must_progress force=kmalloc", "FAILED reserve" },
		{ "size=64 life=device force=kmalloc", "FAILED unbind" },
		{ "size=64 ctx=atomic force=kvmalloc", "FAILED atomic" },
		{ "size=64 ctx=atomic place=timer force=vmalloc_user",
		  "FAILED atomic" },
		{ "size=64K force=kmem_cache_alloc", "FAILED limit" },
		{ "size=64 nmemb=3 force=kmem_cache_alloc", "FAILED amount" },
		{ "size=5M force=kmalloc", "FAILED limit" },
		{ "size=64K need=nofail force=kmalloc", "FAILED nofail" },
	};

	expect_calls(calls, ARRAY_SIZE(calls), EIO);
}

/* Are the first 16 MiB a zone of their own, which can be asked for? */
static bool has_zone_dma(void)
{
	char *zones = file_read("/proc/zoneinfo");

	ASSERT_NOTNULL(zones);
	return strstr(zones, " DMA\n");
}

CHECK(device_mask, .needs = "performs", .title =
	"Coherent memory is within the device's reach")
{
	bool zone = has_zone_dma();
	int err;
	char *text;

	/* Without that zone nobody can keep such a device's promise. */
	if (!zone)
		EXPECT_ERR(mod_load("allocsel.ko", "dma_bits=24"), ENXIO);
	load_module(zone ? "dma_bits=24" : "dma_bits=32");
	text = ask("size=16K dma=coherent", &err);
	EXPECT_OK(err);
	EXPECT_MATCH(text, zone ?
		     "^ok device address: expected up to 0xffffff," :
		     "^ok device address: expected up to 0xffffffff,");
	free(text);
	/* Memory from anywhere is nearly always above 16 MiB. */
	text = ask("size=16K dma=coherent force=alloc_pages_exact", &err);
	EXPECT_MATCH(text, "^FAILED device address: expected one, actual none$");
	free(text);
	unload_module();
	EXPECT_ERR(mod_load("allocsel.ko", "dma_bits=7"), EINVAL);
}

CHECK_F(kernel, bad_requests, .title = "Bad requests get an errno and a sentence")
{
	static const struct {
		const char *request;
		int error;
	} bad[] = {
		{ "size=12 colour=red", EINVAL }, { "contig=phys", EINVAL },
		{ "size=12Q", EINVAL }, { "size=12 zero=2", EINVAL },
		{ "size=1 size=2", EINVAL }, { "size=16E", ERANGE },
		{ "\n", EINVAL }, { "size", EINVAL }, { "size=", EINVAL },
		{ "size=1 force=calloc", EINVAL }, { "size=1 force=", EINVAL },
		{ "size=1 place=nowhere", EINVAL }, { "size=-1", EINVAL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		int err;
		char *text = ask(bad[i].request, &err);

		EXPECT_ERR(err, bad[i].error, "The request was \"%s\".",
			   bad[i].request);
		EXPECT_MATCH(text, "^error: .* ");
		free(text);
	}
}

CHECK(parameters, .title = "Module parameters are answered in the log")
{
	u64 mark = kmsg_mark();
	char *log;

	mod_unload("allocsel");
	EXPECT_ERR(mod_load("allocsel.ko", "size=3X"), EINVAL);
	EXPECT_ERR(mod_load("allocsel.ko", "size=3M ctx=perhaps"), EINVAL);
	EXPECT_ERR(mod_load("allocsel.ko", "size=20E"), ERANGE);
	EXPECT_ERR(mod_load("allocsel.ko", "contig=phys"), EINVAL);
	EXPECT_TRUE(kmsg_wait(mark, "allocsel: the size is missing", 1000));
	ASSERT_OK(mod_load("allocsel.ko",
			   "rules=yours size=3M contig=phys zero"));
	EXPECT_TRUE(kmsg_wait(mark, "allocsel: proof: ", 1000));
	log = kmsg_since(mark);
	EXPECT_MATCH(log, "allocsel: request: size=3M contig=phys zero=1$");
	EXPECT_MATCH(log, "allocsel: (ok|FAILED) zeroed: expected only zeros");
	EXPECT_OK(mod_unload("allocsel"));
}
