// SPDX-License-Identifier: GPL-2.0
/*
 * fail.c - an operation again and again, each time with another allocation failing
 *
 * /proc/thread-self/fail-nth is for the calling task alone, and counts its
 * allocations down (Documentation/fault-injection of the kernel). Slabs and
 * pages take turns: a slab that takes a page would move all that follows.
 *
 * The kernel's own allocations, those of its checkers too, are not always as
 * many, so that a pass may miss one of the module: passes go on until two of
 * them saw nothing new.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define FAIL_NTH	"/proc/thread-self/fail-nth"
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define KERNELS_LEAK	"] sysfs_slab_add+"	/* mm/slub.c */
#define PRINTK		"/proc/sys/kernel/printk"
#define KMEMLEAK_AGE	6		/* seconds; it keeps quiet about what is younger */
#define ROUNDS_MAX	2000
#define KINDS		2
#define PASSES_MAX	6

static const struct {
	const char *file, *value[KINDS];
} settings[] = {
	{ "failslab/ignore-gfp-wait", { "N", "Y" } },
	{ "fail_page_alloc/ignore-gfp-wait", { "Y", "N" } },
	{ "fail_page_alloc/min-order", { "1", "0" } },
};

/* What no failed allocation may lead to. */
static const char findings[] =
	"BUG: |BUG [a-z]|kernel BUG|WARNING: |UBSAN: |ODEBUG: |refcount_t: |list_(add|del).*corruption";

static void set_up(unsigned int kind)
{
	char path[128];

	/* Should the kernel go down, its last words are on the console only. */
	file_write(PRINTK, "7");
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", settings[i].file);
		if (file_write(path, settings[i].value[kind]))
			child_fault("%s cannot be set: %m", path);
	}
}

/* A line of the log that tells the host, should the machine go down. */
static void tell(const char *what, const char *text)
{
	char *line;
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (asprintf(&line, "<5>check: fail-nth %s%s\n", what, text) >= 0) {
		if (write(fd, line, strlen(line)) < 0)
			check_note("The kernel log takes no notes: %m");
		free(line);
	}
	close(fd);
}

static void arm(struct check_fail *fail, unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail->fd, text, len, 0) != len)
		child_fault("%s cannot be written: %m", FAIL_NTH);
}

/* Allocations that are still to come before the failure; 0: it has struck. */
static int left(struct check_fail *fail)
{
	char text[16] = "";

	if (pread(fail->fd, text, sizeof(text) - 1, 0) < 0)
		child_fault("%s cannot be read: %m", FAIL_NTH);
	return atoi(text);
}

/* "name+0x12/0x40 [module]" in a line of a stack, malloc()ed; or NULL. */
static char *module_place(const char *line, size_t len)
{
	char *text = strndup(line, len), *bracket, *start, *place = NULL;

	/* "? name" stood on the stack, perhaps from a call before. */
	if (text && !strstr(text, "] ? ") && strstr(text, "+0x")) {
		bracket = strrchr(text, '[');
		start = strstr(text, "+0x");
		while (start > text && start[-1] != ' ')
			start--;
		if (bracket > start && strchr(bracket, ']')) {
			strchr(bracket, ']')[1] = '\0';
			place = strdup(start);
		}
	}
	free(text);
	return place;
}

/* The innermost place of a module from here to the end; or NULL. */
static char *first_place(const char *text, const char *end)
{
	char *place = NULL;

	while (!place && text < end && *text) {
		size_t len = strcspn(text, "\n");

		place = module_place(text, len);
		text += len + (text[len] == '\n');
	}
	return place;
}

/* Of kmemleak's list, the first that is new and a module's: a sentence, or NULL. */
static char *new_leak(struct check_fail *fail)
{
	char *list, *found = NULL;
	const char *at;

	if (access(KMEMLEAK, W_OK))
		return NULL;
	sleep(KMEMLEAK_AGE);
	/* The second scan believes the first only where nothing has changed. */
	if (file_write(KMEMLEAK, "scan") || file_write(KMEMLEAK, "scan"))
		return NULL;
	list = file_read(KMEMLEAK);
	at = list ? strstr(list, "unreferenced object ") : NULL;
	while (at) {
		const char *next = strstr(at + 1, "unreferenced object ");
		u64 address = strtoull(at + strlen("unreferenced object "), NULL, 16);
		const char *end = next ? next : at + strlen(at);
		const char *size = strstr(at, "(size ");
		/* 6.1 loses the name of a cache that sysfs does not take. */
		bool known = memmem(at, end - at, KERNELS_LEAK, strlen(KERNELS_LEAK));
		char *place;

		for (size_t i = 0; i < fail->leaks && !known; i++)
			known = fail->leak[i] == address;
		place = known ? NULL : first_place(at, end);
		if (!known && fail->leaks < sizeof(fail->leak) / sizeof(fail->leak[0]))
			fail->leak[fail->leaks++] = address;
		if (place && !found &&
		    asprintf(&found, "%lu bytes were lost that were got at %s",
			     size ? strtoul(size + 6, NULL, 10) : 0, place) < 0)
			child_fault("no memory to explain a failure");
		free(place);
		at = next;
	}
	free(list);
	return found;
}

/* The first line of the log that no failed allocation may lead to; or NULL. */
static char *bad_line(const char *log)
{
	regmatch_t match;
	char *line = NULL;
	regex_t re;

	if (regcomp(&re, findings, REG_EXTENDED | REG_NEWLINE))
		child_fault("a regex of the harness cannot be used");
	if (!regexec(&re, log, 1, &match, 0))
		line = strndup(log + match.rm_so, strcspn(log + match.rm_so, "\n"));
	regfree(&re);
	return line;
}

static bool may_be(const struct check_fail *fail, struct check_value result)
{
	long long value = result.bits;

	if (value == -ENOMEM)
		return true;
	for (const int *err = fail->errors; *err; err++)
		if (value == -*err)
			return true;
	return false;
}

static void complain(struct check_fail *fail, const char *place, const char *what)
{
	const char *base = strrchr(fail->file, '/');
	char *said = NULL, *text;

	if (place && asprintf(&said, "An allocation was made to fail: the one at %s.", place) < 0)
		child_fault("no memory to explain a failure");
	if (asprintf(&text, "%s:%d: FAIL_EACH(%s): %s", base ? base + 1 : fail->file,
		     fail->line, fail->text, what) < 0)
		child_fault("no memory to explain a failure");
	child_failure(said, text);
	free(said);
	free(text);
	fail->over = true;
}

/* Is it one that has not failed before? A place may have several, in a loop. */
static bool is_new(struct check_fail *fail, const char *place)
{
	size_t i = 0;

	while (i < fail->sites && strcmp(fail->site[i].place, place))
		i++;
	if (i == sizeof(fail->site) / sizeof(fail->site[0]))
		return false;
	if (i == fail->sites) {
		snprintf(fail->site[i].place, sizeof(fail->site[i].place), "%s", place);
		fail->site[i].most = 0;
		fail->site[i].now = 0;
		fail->sites++;
	}
	if (++fail->site[i].now <= fail->site[i].most)
		return false;
	fail->site[i].most = fail->site[i].now;
	return true;
}

/* The failure struck below a module: what came of it? */
static void judge(struct check_fail *fail, struct check_value result, const char *log,
		  const char *place)
{
	bool fresh = is_new(fail, place);
	char *line = bad_line(log), *leak = fresh ? new_leak(fail) : NULL, *what;

	fail->fresh = fail->fresh || fresh;
	fail->count += fresh;
	if (line) {
		complain(fail, place, line);
	} else if (leak) {
		complain(fail, place, leak);
	} else if (!may_be(fail, result)) {
		if (asprintf(&what, "expected -ENOMEM, it gave %lld", (long long)result.bits) < 0)
			child_fault("no memory to explain a failure");
		complain(fail, place, what);
		free(what);
	}
	free(line);
	free(leak);
}

/* A pass went through: the next one, of this kind or of the other. */
static void next_pass(struct check_fail *fail)
{
	fail->quiet = fail->fresh ? 0 : fail->quiet + 1;
	fail->passes++;
	fail->through = false;
	fail->fresh = false;
	fail->nth = 0;
	for (size_t i = 0; i < fail->sites; i++)
		fail->site[i].now = 0;
	if (fail->quiet < 2 && fail->passes < PASSES_MAX)
		return;
	fail->quiet = 0;
	fail->passes = 0;
	fail->sites = 0;
	if (++fail->kind == KINDS)
		fail->over = true;
	else
		set_up(fail->kind);
}

bool check_fail_next_(struct check_fail *fail)
{
	if (!fail->begun) {
		fail->begun = true;
		fail->fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
		if (fail->fd < 0)
			check_skip("this kernel cannot make allocations fail");
		free(new_leak(fail));	/* what was lost before is not ours */
		set_up(0);
	}
	if (fail->through && !fail->over)
		next_pass(fail);
	if (!fail->over && ++fail->nth > ROUNDS_MAX)
		complain(fail, NULL, "it makes so many allocations that there is no end");
	if (fail->over) {
		file_write(PRINTK, "4");
		close(fail->fd);
		return false;
	}
	tell("", fail->text);
	fail->mark = kmsg_mark();
	arm(fail, fail->nth);
	return true;
}

void check_fail_done_(struct check_fail *fail, struct check_value result)
{
	bool struck = !left(fail);
	char *log, *place;
	const char *stack;

	arm(fail, 0);
	log = kmsg_since(fail->mark);
	tell("over", "");
	if (!struck) {
		fail->through = true;
		if (result.negative)
			complain(fail, NULL, "nothing failed any more, and it gave an error");
	} else {
		/* Some are asked for without a warning, and fail in silence. */
		stack = strstr(log, "FAULT_INJECTION: forcing a failure");
		place = stack ? first_place(stack, stack + strlen(stack)) : NULL;
		if (place)
			judge(fail, result, log, place);
		free(place);
	}
	free(log);
}
