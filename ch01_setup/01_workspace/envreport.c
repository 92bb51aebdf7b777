// SPDX-License-Identifier: GPL-2.0
/*
 * envreport - what the kernel of this machine lets you do
 *
 *	envreport [--json] [--root DIR] [--cc PROGRAM]
 *
 * Before you write modules you want to know: which kernel runs here, how it
 * was configured, whether it takes modules that nobody has signed, whether you
 * have the headers and the compiler for it, and whether this is a machine at
 * all, or a container on a kernel that belongs to somebody else.
 *
 * It needs no privileges and changes nothing. What it cannot find out it calls
 * unknown, and says why. --root reads the files of another system than this.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "envreport.h"

static const char usage[] =
"Usage: envreport [--json] [--root DIR] [--cc PROGRAM]\n"
"\n"
"Reports what the kernel of this machine lets you do.\n"
"\n"
"  --json        as JSON, for programs\n"
"  --root DIR    look below DIR instead of /\n"
"  --cc PROGRAM  the compiler that you build modules with (default: $CC, gcc)\n"
"  --help        this text\n";

noreturn void give_up(const char *fmt, ...)
{
	va_list ap;

	fputs("envreport: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static char *vformat(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		give_up("no memory");
	return text;
}

char *format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = vformat(fmt, ap);
	va_end(ap);
	return text;
}

void add_fact(struct report *report, const char *name, const char *value,
	      const char *why, ...)
{
	struct fact *fact = &report->fact[report->facts];
	va_list ap;

	if (report->facts == ARRAY_SIZE(report->fact))
		give_up("too many facts: make struct report larger");
	report->facts++;
	fact->name = name;
	fact->value = value ? format("%s", value) : NULL;
	va_start(ap, why);
	fact->why = vformat(why, ap);
	va_end(ap);
}

const char *fact_value(const struct report *report, const char *name)
{
	for (size_t i = 0; i < report->facts; i++)
		if (!strcmp(report->fact[i].name, name))
			return report->fact[i].value ? report->fact[i].value : "";
	return "";
}

static void free_report(struct report *report)
{
	for (size_t i = 0; i < report->facts; i++) {
		free(report->fact[i].value);
		free(report->fact[i].why);
	}
	for (size_t i = 0; i < KCONFIGS; i++)
		free(report->option[i]);
	close(report->root);
}

static void make_report(struct report *report, const char *root, const char *cc)
{
	report->root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (report->root < 0)
		give_up("%s: %s", root, strerror(errno));
	report->is_real_root = !strcmp(root, "/");
	report->cc = cc;
	probe_release(report);
	probe_config(report);
	probe_headers(report);
	probe_security(report);
	probe_secure_boot(report);
	probe_place(report);
	probe_compilers(report);
	probe_taint(report);
}

int main(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' },
		{ "cc", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *root = "/", *cc = getenv("CC");
	struct report report = { };
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			json = true;
			break;
		case 'r':
			root = optarg;
			break;
		case 'c':
			cc = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		return 2;
	}
	make_report(&report, root, cc && *cc ? cc : "gcc");
	if (json)
		print_json(&report);
	else
		print_text(&report);
	free_report(&report);
	if (fflush(stdout) || ferror(stdout))
		give_up("cannot write the report: %s", strerror(errno));
	return 0;
}
