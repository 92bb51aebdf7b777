// SPDX-License-Identifier: GPL-2.0
/*
 * The health gates: what a kernel says when a module has hurt it. A lab may
 * pass every check of its own and still fail here.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

static const struct gate {
	const char *name;
	const char *pattern;	/* POSIX extended, on one line of the log */
	const char *advice;
} gates[] = {
	{ "sleep-in-atomic",
	  "BUG: sleeping function called from invalid context|BUG: scheduling while atomic",
	  "Your code slept, or called something that may sleep, where sleeping is forbidden: under a spinlock, in an interrupt, or with preemption off." },
	{ "kasan", "BUG: KASAN: ",
	  "Your code touched memory that is not its own: beyond an object's end, or after it was freed." },
	{ "slab", "BUG [^ ]+.*: (Redzone|Poison|Object|Left Redzone|Right Redzone|Padding) |Slab .*: ",
	  "Your code wrote outside an object from kmalloc(), or into one that it had freed." },
	{ "ubsan", "UBSAN: ",
	  "Your code did something that C leaves undefined, such as an index or a shift that is too large." },
	{ "data-race", "BUG: KCSAN: ",
	  "Two CPUs touched the same memory at the same time, one of them writing, with nothing to order them." },
	{ "lockdep",
	  "possible (circular|recursive) locking|inconsistent lock state|lock held when returning|bad unlock balance|suspicious RCU usage|possible irq lock inversion",
	  "The order or the place in which your code takes its locks can deadlock." },
	{ "use-count", "refcount_t: ",
	  "A reference count overflowed, fell below zero, or was used after it had reached zero." },
	{ "list", "list_(add|del) corruption",
	  "A linked list was changed after an entry had been freed, or an entry was added or deleted twice." },
	{ "stall", "rcu.*(detected|self-detected) stall|soft lockup|hung_task|blocked for more than",
	  "Your code kept a CPU, or waited, for so long that the kernel gave an alarm." },
	{ "dma", "DMA-API: ",
	  "A DMA mapping was used in another way than the DMA API allows." },
	{ "leak", "kmemleak: [0-9]+ new suspected|Objects remaining in",
	  "Memory that your code allocated was not freed." },
	{ "bug", "kernel BUG at|BUG: |Oops: |general protection fault|unable to handle",
	  "Your code made the kernel fail: look at the first line, and at the function names below it." },
	{ "warning", "WARNING: CPU: |WARNING: .* at ",
	  "The kernel found something that should never happen, and printed where." },
	{ "sysfs", "sysfs: cannot create duplicate|kobject_add_internal failed|proc_dir_entry .* already registered|remove_proc_entry: removing non-empty|debugfs: .*already present",
	  "A name was registered twice, or was not removed by the exit function of an earlier load." },
};

static void add(struct finding **findings, size_t *count, const char *gate,
		const char *advice, char *text)
{
	for (size_t i = 0; i < *count; i++) {
		if (!strcmp((*findings)[i].gate, gate)) {
			free(text);	/* the first of a kind tells most */
			return;
		}
	}
	*findings = xreallocarray(*findings, *count + 1, sizeof(**findings));
	(*findings)[(*count)++] = (struct finding){
		.gate = gate, .advice = advice, .text = text,
	};
}

void gates_read_log(const char *log, struct finding **findings, size_t *count)
{
	regex_t compiled[ARRAY_SIZE(gates)];
	const char *p = log;

	for (size_t i = 0; i < ARRAY_SIZE(gates); i++)
		if (regcomp(&compiled[i], gates[i].pattern,
			    REG_EXTENDED | REG_NOSUB))
			abort();
	while (*p) {
		size_t len = strcspn(p, "\n");
		char *line = xstrndup(p, len);

		for (size_t i = 0; i < ARRAY_SIZE(gates); i++) {
			if (!regexec(&compiled[i], line, 0, NULL, 0)) {
				add(findings, count, gates[i].name,
				    gates[i].advice, xstrdup(line));
				break;
			}
		}
		free(line);
		p += len + (p[len] == '\n');
	}
	for (size_t i = 0; i < ARRAY_SIZE(gates); i++)
		regfree(&compiled[i]);
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
		const char *text;
	} bits[] = {
		{ 0, "a module without a GPL-compatible licence was loaded (taint P)" },
		{ 1, "a module was loaded by force (taint F)" },
		{ 3, "a module was unloaded by force (taint R)" },
		{ 5, "a page was in a bad state (taint B)" },
		{ 7, "the kernel died once: an oops or a BUG (taint D)" },
		{ 9, "the kernel gave a warning (taint W)" },
		{ 14, "there was a soft lockup (taint L)" },
	};
	unsigned long long taint = strtoull(text, NULL, 10);

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		if (taint >> bits[i].bit & 1)
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
