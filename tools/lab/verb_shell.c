// SPDX-License-Identifier: GPL-2.0
#include "session.h"
#include "verbs.h"

static const char usage[] =
"Usage: lab shell [options] [DIR]\n"
"\n"
"A root shell in a virtual machine, with DIR's module built and beside you in\n"
"/lab: insmod it, look around, break things. Nothing on this computer can be\n"
"hurt; `exit` (or poweroff) ends it.\n"
"\n"
"  -k, --kernel K     6.1 (the default), 6.1-rt, 6.12, running, an imported one\n"
"  -l, --load         load the module before the shell starts\n"
"  -p, --params TEXT  the module's parameters, with --load\n"
"  -c, --cpus N       virtual CPUs (1)\n"
"  -m, --memory N     MiB of memory (256)\n"
"  -a, --cmdline T    more for the kernel's command line\n"
"  -s, --solution     of a lab: the solution instead of your file\n"
"      --cold         boot the machine, do not restore a saved one\n"
"  -h, --help\n";

int verb_shell(int argc, char **argv)
{
	static const struct option options[] = {
		SESSION_OPTIONS,
		{ "load", no_argument, NULL, 'l' },
		{ 0 }
	};
	/* A shell has no deadline but a day's. */
	struct session s = { .cpus = 1, .memory = 256, .timeout = 86400,
			     .shell = true, .no_load = true };
	int opt;

	while ((opt = getopt_long(argc, argv, "hk:p:c:m:a:sl", options,
				  NULL)) != -1) {
		if (opt == 'h')
			return usage_print(usage);
		if (opt == 'l')
			s.no_load = false;
		else if (opt == '?' || !session_option(&s, opt, optarg))
			return usage_error(argv[0], opt == '?' ? NULL :
					   "'%s' is no value for this option",
					   optarg);
	}
	if (argc - optind > 1)
		return usage_error(argv[0], "one directory at most");
	s.dir = optind < argc ? argv[optind] : NULL;
	return session_run(&s);
}
