// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "session.h"
#include "verbs.h"

static const char usage[] =
"Usage: lab run [options] DIR [-- COMMAND...]\n"
"\n"
"Builds the kernel module in DIR, any directory with a kbuild makefile, loads\n"
"it in a virtual machine, shows the kernel's messages, and unloads it. With a\n"
"COMMAND, runs that in between. DIR may also be a lab.\n"
"\n"
"  -k, --kernel K     6.1 (the default), 6.1-rt, 6.12, running, an imported one\n"
"  -p, --params TEXT  the module's parameters: \"count=3 name=x\"\n"
"  -c, --cpus N       virtual CPUs (1)\n"
"  -m, --memory N     MiB of memory (256)\n"
"  -a, --cmdline T    more for the kernel's command line\n"
"  -s, --solution     of a lab: the solution instead of your file\n"
"      --timeout N    seconds until it counts as hanging (60)\n"
"      --cold         boot the machine, do not restore a saved one\n"
"  -h, --help\n";

/* The command's words as one line for the guest's shell. */
static char *join(int argc, char **argv)
{
	struct buf line = { 0 };

	for (int i = 0; i < argc; i++)
		buf_addf(&line, "%s%s", i ? " " : "", argv[i]);
	return buf_steal(&line);
}

int verb_run(int argc, char **argv)
{
	static const struct option options[] = {
		SESSION_OPTIONS,
		{ "timeout", required_argument, NULL, 't' },
		{ 0 }
	};
	struct session s = { .cpus = 1, .memory = 256, .timeout = 60 };
	char *command = NULL;
	uint64_t n;
	int opt, code;

	while ((opt = getopt_long(argc, argv, "hk:p:c:m:a:s", options,
				  NULL)) != -1) {
		if (opt == 'h')
			return usage_print(usage);
		if (opt == 't' && parse_u64(optarg, 1, 86400, &n))
			s.timeout = n;
		else if (opt == '?' || !session_option(&s, opt, optarg))
			return usage_error(argv[0], opt == '?' ? NULL :
					   "'%s' is no value for this option",
					   optarg);
	}
	if (optind == argc)
		return usage_error(argv[0], "name the module's directory");
	s.dir = argv[optind++];
	if (optind < argc) {
		command = join(argc - optind, argv + optind);
		s.command = command;
	}
	code = session_run(&s);
	free(command);
	return code;
}
