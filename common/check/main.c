// SPDX-License-Identifier: GPL-2.0
/* main.c - options, the order of the checks, the exit status */

#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "internal.h"

/* From the linker; weak, so that a program without a check links and says so. */
extern const struct check_entry *__start_wb_checks[] __attribute__((weak));
extern const struct check_entry *__stop_wb_checks[] __attribute__((weak));

struct item {
	const struct check_entry *entry;
	bool selected;
	enum check_state state;
};

static struct item *items;
static size_t count;

static _Noreturn void die(enum check_exit status, const char *fmt, ...)
	CHECK_PRINTF_(2, 3);

static void die(enum check_exit status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fprintf(stderr, "check: ");
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(status);
}

static struct item *find(const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (!strncmp(items[i].entry->name, name, len) &&
		    !items[i].entry->name[len])
			return &items[i];
	return NULL;
}

/*
 * The compiler may lay down the entries of a file in another order than they
 * stand there: sort them.  Files keep the order of the link.
 */
static void sort_items(void)
{
	for (size_t i = 1; i < count; i++) {
		struct item moved = items[i];
		size_t to = i;

		while (to && !strcmp(items[to - 1].entry->unit,
				     moved.entry->unit) &&
		       items[to - 1].entry->order > moved.entry->order) {
			items[to] = items[to - 1];
			to--;
		}
		items[to] = moved;
	}
}

static void gather(void)
{
	count = __stop_wb_checks - __start_wb_checks;
	if (!count)
		die(CHECK_EXIT_FAULT, "the program holds no CHECK()");
	items = calloc(count, sizeof(*items));
	if (!items)
		die(CHECK_EXIT_FAULT, "no memory");
	for (size_t i = 0; i < count; i++)
		items[i].entry = __start_wb_checks[i];
	sort_items();
	for (size_t i = 0; i < count; i++) {
		const struct check_entry *entry = items[i].entry;
		struct item *needed;

		if (find(entry->name, strlen(entry->name)) != &items[i])
			die(CHECK_EXIT_FAULT, "%s:%d: two checks are called '%s'",
			    entry->file, entry->line, entry->name);
		if (!entry->needs)
			continue;
		needed = find(entry->needs, strlen(entry->needs));
		if (!needed || needed >= &items[i])
			die(CHECK_EXIT_FAULT,
			    "%s:%d: '%s' needs '%s', which is no check before it",
			    entry->file, entry->line, entry->name,
			    entry->needs);
	}
}

static void select_item(struct item *item)
{
	while (!item->selected) {
		item->selected = true;
		if (!item->entry->needs)
			return;
		item = find(item->entry->needs, strlen(item->entry->needs));
	}
}

static void select_names(const char *names)
{
	for (;;) {
		size_t len = strcspn(names, ",");
		struct item *item = find(names, len);

		if (!item) {
			fprintf(stderr, "check: no check is called '%.*s'; these are:\n",
				(int)len, names);
			for (size_t i = 0; i < count; i++)
				fprintf(stderr, "  %s\n", items[i].entry->name);
			exit(CHECK_EXIT_USAGE);
		}
		select_item(item);
		if (!names[len])
			return;
		names += len + 1;
	}
}

static u64 parse_seed(const char *text, const char *from)
{
	char *end;
	u64 seed;

	errno = 0;
	seed = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end || errno)
		die(CHECK_EXIT_USAGE,
		    "%s: '%s' is no seed; it is a number from 0 to 18446744073709551615",
		    from, text);
	return seed;
}

static u64 default_seed(void)
{
	const char *text = getenv("WB_SEED");
	u64 seed;

	if (text)
		return parse_seed(text, "WB_SEED");
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		die(CHECK_EXIT_FAULT, "no random seed: %s", strerror(errno));
	return seed;
}

static void list(void)
{
	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\n", items[i].entry->name,
		       items[i].entry->title ?: "");
}

static void print_result(const struct item *item, unsigned int number,
			 const struct outcome *out)
{
	const char *name = item->entry->name;

	switch (out->state) {
	case STATE_PASSED:
		ktap_result(true, number, name, NULL);
		break;
	case STATE_FAILED:
		ktap_result(false, number, name, NULL);
		break;
	case STATE_SKIPPED:
		ktap_result(true, number, name, "SKIP %s", out->reason);
		break;
	case STATE_TIMED_OUT:
		ktap_result(false, number, name, "TIMEOUT after %u s",
			    item->entry->deadline ?: DEFAULT_DEADLINE);
		break;
	case STATE_CRASHED:
		if (out->signal)
			ktap_result(false, number, name, "CRASHED by signal %d",
				    out->signal);
		else
			ktap_result(false, number, name,
				    "CRASHED with exit status %d", out->status);
		break;
	}
}

/* Is there a reason not to run it?  Then it is in out->reason. */
static bool must_skip(const struct item *item, const struct outcome *last,
		      const char *last_name, struct outcome *out)
{
	const char *needs = item->entry->needs;

	if (*last->stuck)
		snprintf(out->reason, sizeof(out->reason),
			 "the kernel is stuck in %s since check %s",
			 last->stuck, last_name);
	else if (needs && find(needs, strlen(needs))->state != STATE_PASSED)
		snprintf(out->reason, sizeof(out->reason),
			 "needs %s, which did not pass", needs);
	else
		return false;
	out->state = STATE_SKIPPED;
	return true;
}

static enum check_exit run_all(u64 seed)
{
	enum check_exit status = CHECK_EXIT_PASSED;
	struct outcome last = { .stuck = "" };
	const char *last_name = NULL;
	unsigned int number = 0;

	for (size_t i = 0; i < count; i++) {
		struct outcome out = { .state = STATE_CRASHED };

		if (!items[i].selected)
			continue;
		if (!must_skip(&items[i], &last, last_name, &out)) {
			out = run_check(items[i].entry, seed);
			last = out;
			last_name = items[i].entry->name;
		}
		items[i].state = out.state;
		print_result(&items[i], ++number, &out);
		if (out.fault)
			status = CHECK_EXIT_FAULT;
		else if (out.state != STATE_PASSED &&
			 out.state != STATE_SKIPPED &&
			 status == CHECK_EXIT_PASSED)
			status = CHECK_EXIT_FAILED;
	}
	return status;
}

static void usage(FILE *out)
{
	fputs("Usage: check [--list] [--only NAME[,NAME]...] [--seed N]\n"
	      "Runs this program's checks and reports in KTAP.\n"
	      "  --list        print the checks' names and what they establish\n"
	      "  --only NAMES  run these and what they need\n"
	      "  --seed N      draw the same random values again;\n"
	      "                without it $WB_SEED, else a new seed\n", out);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "list", no_argument, NULL, 'l' },
		{ "only", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	bool listing = false, seeded = false;
	enum check_exit status;
	const char *only = NULL;
	size_t selected = 0;
	u64 seed = 0;
	int option;

	setvbuf(stdout, NULL, _IOLBF, 0);	/* the checks' processes, too */
	gather();
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 'l':
			listing = true;
			break;
		case 'o':
			only = optarg;
			select_names(only);
			break;
		case 's':
			seed = parse_seed(optarg, "--seed");
			seeded = true;
			break;
		case 'h':
			usage(stdout);
			return CHECK_EXIT_PASSED;
		default:
			usage(stderr);
			return CHECK_EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "check: '%s' is no option\n", argv[optind]);
		usage(stderr);
		return CHECK_EXIT_USAGE;
	}
	if (listing) {
		list();
		return CHECK_EXIT_PASSED;
	}
	if (!seeded)
		seed = default_seed();
	for (size_t i = 0; i < count; i++) {
		items[i].selected |= !only;
		selected += items[i].selected;
	}
	sweep_prepare();
	printf("KTAP version 1\n# seed %llu\n1..%zu\n", seed, selected);
	status = run_all(seed);
	free(items);
	if (fflush(stdout) || ferror(stdout))
		die(CHECK_EXIT_FAULT, "the results cannot be written: %s",
		    strerror(errno));
	return status;
}
