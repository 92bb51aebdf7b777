// SPDX-License-Identifier: GPL-2.0
/*
 * The health gates: what a kernel says when a module has hurt it. A lab may
 * pass every check of its own and still fail here.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

/* Not for want of memory, -12: that is no mistake with names. */
#define NAME_FAILED \
	"kobject_add_internal failed for .* (with -EEXIST|\\(error: -([^1]|1[^2]|12[0-9]))"

static const struct gate {
	const char *name;
	const char *pattern;	/* POSIX extended, on one line of the log */
	const char *keep;	/* further lines of the report that matter */
	const char *concept;
	const char *see;	/* where the workbook explains it */
	const char *advice;
} gates[] = {
	{ "sleep-in-atomic",
	  "BUG: sleeping function called from invalid context|BUG: scheduling while atomic",
	  "in_atomic\\(\\): |^Preemption disabled at",
	  "atomic context", "ch12_sync",
	  "Your code slept, or called something that may sleep, where sleeping is forbidden: under a spinlock, in an interrupt, or with preemption off." },
	{ "kasan", "BUG: KASAN: ",
	  "^(Read|Write) of size|^The buggy address is located",
	  "out of bounds, or used after free", "ch08_alloc",
	  "Your code touched memory that is not its own: beyond an object's end, or after it was freed." },
	{ "slab", "BUG [^ ]+.*: (Redzone|Poison|Object|Left Redzone|Right Redzone|Padding) |Slab .*: ",
	  "First byte|^INFO: ",
	  "out of bounds, or used after free", "ch08_alloc",
	  "Your code wrote outside an object from kmalloc(), or into one that it had freed." },
	{ "ubsan", "UBSAN: ",
	  "index .* out of range|shift exponent|division|not a valid value",
	  "undefined behaviour", "ch04_lkm",
	  "Your code did something that C leaves undefined, such as an index or a shift that is too large." },
	{ "data-race", "BUG: KCSAN: ",
	  "(read|write)( \\(marked\\))? to 0x",
	  "data race", "ch12_sync",
	  "Two CPUs touched the same memory at the same time, one of them writing, with nothing to order them." },
	{ "lockdep",
	  "possible (circular|recursive) locking|inconsistent .*lock state|lock held when returning|bad unlock balance|suspicious RCU usage|possible irq lock inversion|HARDIRQ-safe -> HARDIRQ-unsafe|SOFTIRQ-safe -> SOFTIRQ-unsafe|Invalid wait context|held lock freed",
	  ", at: |but task is already holding|is trying to acquire",
	  "the order of locks", "ch12_sync",
	  "The order or the place in which your code takes its locks can deadlock." },
	{ "object", "ODEBUG: ", "^WARNING",
	  "the lifetime of objects", "ch12_sync",
	  "A timer, a work item or another object was freed while the kernel still used it, or started before it was set up." },
	{ "use-count", "refcount_t: ", NULL,
	  "reference counts", "ch12_sync",
	  "A reference count overflowed, fell below zero, or was used after it had reached zero." },
	{ "list", "list_(add|del).*(corruption|double add)", NULL,
	  "linked lists", "ch12_sync",
	  "A linked list was changed after an entry had been freed, or an entry was added or deleted twice." },
	{ "stall", "rcu.*(detected|self-detected) stall|soft lockup|hung_task|blocked for more than|workqueue lockup",
	  NULL, "giving up the CPU", "ch10_sched",
	  "Your code kept a CPU, or waited, for so long that the kernel gave an alarm." },
	{ "dma", "DMA-API: ", NULL, "DMA mappings", "ch09_selection",
	  "A DMA mapping was used in another way than the DMA API allows." },
	{ "leak", "Objects remaining in",
	  NULL, "memory leaks", "ch08_alloc",
	  "Memory that your code allocated was not freed." },
	{ "bug", "kernel BUG at|BUG: |Oops: |Kernel mode fault|general protection fault|unable to handle",
	  "RIP: 0010:|^#PF:|^Internal error", "an oops", "ch04_lkm",
	  "Your code made the kernel fail. The first line says how; the line of source above is the one that did it, or that called what did." },
	{ "warning", "WARNING: CPU: |WARNING: .* at ", "RIP: 0010:",
	  "a warning of the kernel", "ch04_lkm",
	  "The kernel found something that should never happen, and printed where." },
	{ "sysfs", "sysfs: cannot create duplicate|" NAME_FAILED "|proc_dir_entry .* already registered|remove_proc_entry: removing non-empty|debugfs: .*already present",
	  NULL, "names and their removal", "ch04_lkm",
	  "A name was registered twice, or was not removed by the exit function of an earlier load." },
};

/* A report is looked through so far, and so many lines of it are shown. */
#define REPORT_LINES 90
#define KEEP_LINES 3
#define NEAR_LINES 3

static struct finding *finding_find(struct finding *findings, size_t count,
				    const char *gate)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(findings[i].gate, gate))
			return &findings[i];
	return NULL;
}

struct finding *finding_add(struct finding **findings, size_t *count,
			    const char *gate)
{
	if (finding_find(*findings, *count, gate))
		return NULL;	/* the first of a kind tells most */
	*findings = xreallocarray(*findings, *count + 1, sizeof(**findings));
	(*findings)[*count] = (struct finding){ .gate = gate };
	return &(*findings)[(*count)++];
}

static void add(struct finding **findings, size_t *count, const char *gate,
		const char *advice, char *text)
{
	struct finding *f = finding_add(findings, count, gate);

	if (!f) {
		free(text);
		return;
	}
	f->advice = advice;
	f->text = text;
}

void findings_free(struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(findings[i].text);
		free(findings[i].where);
	}
	free(findings);
}

/* "<4>[    1.234567] text" and the console's "[    1.234567] text". */
static const char *message(const char *line)
{
	const char *p = line;

	if (*p == '<')
		p += strcspn(p, ">") + (strchr(p, '>') != NULL);
	if (*p == '[' && strspn(p + 1, " 0123456789.") ==
	    strcspn(p + 1, "]") && strchr(p, ']'))
		p = strchr(p, ']') + 1;
	/* With CONFIG_PRINTK_CALLER the caller comes next. */
	while (*p == ' ')
		p++;
	return p;
}

static bool matches(const char *line, const char *pattern)
{
	regex_t compiled;
	bool yes;

	if (!pattern || regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	yes = !regexec(&compiled, line, 0, NULL, 0);
	regfree(&compiled);
	return yes;
}

/* The first line of ours from here on: "hello.c:42, in hello_init()". */
static char *first_place(struct decoder *d, char *const *lines, size_t from,
			 size_t end)
{
	char *found = NULL;

	/* "? name" is what stood on the stack, and was perhaps never called;
	 * ODEBUG's hint is what the object would have called.
	 */
	for (size_t i = from; d && i < end && !found; i++)
		if (!strstr(lines[i], " hint: ") &&
		    !strstr(message(lines[i]), "? "))
			found = decode_line(d, message(lines[i]));
	return found;
}

/* Where a stack in a report is that of the object, not of what happened. */
static const struct { const char *begin, *say; } objects[] = {
	{ "Allocated by task", "allocated at" },
	{ "Freed by task", "freed at" },
	{ "Allocated in", "allocated at" },
	{ "Freed in", "freed at" },
};

static const char *of_object(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
		if (str_starts(message(line), objects[i].begin))
			return objects[i].say;
	return NULL;
}

/* SLUB tells an object's history first, and then what happened to it. */
static size_t begin_of_event(char *const *lines, size_t from, size_t end)
{
	size_t i = from;

	while (i < end && !of_object(lines[i]) && !strstr(lines[i], "Call Trace"))
		i++;
	if (i == end || (!str_starts(message(lines[i]), "Allocated in") &&
			 !str_starts(message(lines[i]), "Freed in")))
		return from;
	while (i < end && !strstr(lines[i], "Call Trace"))
		i++;
	return i < end ? i : from;
}

/* Where it happened; where the object came from, and went. */
static char *places(struct decoder *d, char *const *lines, size_t from,
		    size_t end)
{
	char *first = first_place(d, lines, begin_of_event(lines, from, end),
				  end);
	struct buf all = { 0 };

	if (!first)
		return NULL;
	buf_adds(&all, first);
	free(first);
	for (size_t i = from; i < end; i++) {
		const char *say = of_object(lines[i]);
		size_t last = i + 1;
		char *place;

		while (say && last < end && !of_object(lines[last]) &&
		       !strstr(lines[last], "Call Trace"))
			last++;
		place = say ? first_place(d, lines, i, last) : NULL;
		if (place)
			buf_addf(&all, "\n%s %s", say, place);
		free(place);
	}
	return buf_steal(&all);
}

/* The kernel races with itself, too. A race is the module's when one of the two
 * accesses is in a function of its own, or in one that it called.
 */
static bool is_race_of_ours(struct decoder *d, char *const *lines, size_t from, size_t end)
{
	char *place = NULL;
	bool ours;

	for (size_t i = from; d && i < end && !place; i++)
		if (strstr(lines[i], " bytes by "))
			place = first_place(d, lines, i + 1, i + 3 < end ? i + 3 : end);
	ours = place || !d;
	free(place);
	return ours;
}

/* A report in a frame of "=====" ends there. */
static size_t end_of_frame(char *const *lines, size_t from, size_t end)
{
	size_t i = from + 1;

	while (i < end && !str_starts(message(lines[i]), "====="))
		i++;
	return i;
}

static void add_report(const struct gate *gate, struct decoder *d,
		       char *const *lines, size_t from, size_t end,
		       struct finding **findings, size_t *count)
{
	struct finding *f = finding_find(*findings, *count, gate->name);
	bool race = !strcmp(gate->name, "data-race");
	struct buf text = { 0 };
	unsigned int kept = 1;

	if (race)
		end = end_of_frame(lines, from, end);
	/* The same report again, from the console: a log that ended in it knew no place. */
	if (f && !f->where && f->text && str_starts(f->text, message(lines[from])))
		f->where = places(d, lines, from, end);
	if (f || (race && !is_race_of_ours(d, lines, from, end)))
		return;
	f = finding_add(findings, count, gate->name);
	buf_adds(&text, message(lines[from]));
	for (size_t i = from + 1; i < end && kept < KEEP_LINES; i++) {
		if (!matches(message(lines[i]), gate->keep))
			continue;
		buf_addf(&text, "\n%s", message(lines[i]));
		kept++;
	}
	f->text = decode_text(d, text.data);
	buf_free(&text);
	f->where = places(d, lines, from, end);
	f->advice = gate->advice;
	f->concept = gate->concept;
	f->see = gate->see;
}

/* The gate whose pattern is on the line; NULL: none. */
static const struct gate *gate_of(const regex_t *compiled, const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(gates); i++)
		if (!regexec(&compiled[i], line, 0, NULL, 0))
			return &gates[i];
	return NULL;
}

/* Says a line nearby more than "WARNING"? x86 puts it first, others last. */
static bool said_better(const struct gate *const *hits, size_t n, size_t count)
{
	size_t from = n > NEAR_LINES ? n - NEAR_LINES : 0;

	if (strcmp(hits[n]->name, "warning") && strcmp(hits[n]->name, "bug"))
		return false;
	for (size_t i = from; i < count && i <= n + NEAR_LINES; i++)
		if (hits[i] && strcmp(hits[i]->name, "warning") &&
		    strcmp(hits[i]->name, "bug"))
			return true;
	return false;
}

void gates_read_log(const char *log, struct decoder *decoder,
		    struct finding **findings, size_t *count)
{
	regex_t compiled[ARRAY_SIZE(gates)];
	struct strlist lines = { 0 };
	const struct gate **hits;

	strlist_split(&lines, log, "\n");
	hits = xcalloc(lines.count + 1, sizeof(*hits));
	for (size_t i = 0; i < ARRAY_SIZE(gates); i++)
		if (regcomp(&compiled[i], gates[i].pattern,
			    REG_EXTENDED | REG_NOSUB))
			abort();
	for (size_t n = 0; n < lines.count; n++)
		hits[n] = gate_of(compiled, lines.items[n]);
	for (size_t n = 0; n < lines.count; n++) {
		size_t end = n + REPORT_LINES;

		if (hits[n] && !said_better(hits, n, lines.count))
			add_report(hits[n], decoder, lines.items, n,
				   end < lines.count ? end : lines.count,
				   findings, count);
	}
	for (size_t i = 0; i < ARRAY_SIZE(gates); i++)
		regfree(&compiled[i]);
	free(hits);
	strlist_free(&lines);
}

/*
 * Bits of /proc/sys/kernel/tainted, Documentation/admin-guide/tainted-kernels:
 * 12 an out-of-tree module, 13 an unsigned one: that is what a lab is.
 */
void gates_read_taint(const char *text, struct finding **findings,
		      size_t *count)
{
	static const struct {
		unsigned int bit;
		bool report;	/* a report in the log goes with it */
		const char *text;
	} bits[] = {
		{ 0, false, "a module without a GPL-compatible licence was loaded (taint P)" },
		{ 1, false, "a module was loaded by force (taint F)" },
		{ 3, false, "a module was unloaded by force (taint R)" },
		{ 5, true, "a page was in a bad state (taint B)" },
		{ 7, true, "the kernel died once: an oops or a BUG (taint D)" },
		{ 9, true, "the kernel gave a warning (taint W)" },
		{ 14, true, "there was a soft lockup (taint L)" },
	};
	unsigned long long taint = strtoull(text, NULL, 10);
	bool explained = *count;

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		if (taint >> bits[i].bit & 1 && !(bits[i].report && explained))
			add(findings, count, "taint",
			    "The kernel remembers that something went wrong: see /proc/sys/kernel/tainted. For a licence: MODULE_LICENSE(\"GPL\").",
			    xstrdup(bits[i].text));
}

void gates_read_modules(const char *text, const struct strlist *ours,
			struct finding **findings, size_t *count)
{
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, " \n");

		for (size_t i = 0; i < ours->count; i++) {
			char *name = xstrdup(ours->items[i]);

			name[strcspn(name, ".")] = '\0';
			for (char *c = name; *c; c++)
				if (*c == '-')
					*c = '_';
			if (strlen(name) == len && !strncmp(name, p, len))
				add(findings, count, "still-loaded",
				    "The module was still loaded when the check ended: it could not be unloaded. Something holds a reference to it, or it has no exit function.",
				    xasprintf("/proc/modules still lists %s",
					      name));
			free(name);
		}
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
}
