// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "kernel.h"
#include "packages.h"
#include "proc.h"
#include "term.h"
#include "verbs.h"
#include "vm.h"

static const char usage[] =
"Usage: lab setup [--kernel K] [--dry-run] [--yes]\n"
"\n"
"Installs the Debian packages that are missing (and says which and why first),\n"
"fetches the kernels into the cache, and finds out what can run a virtual\n"
"machine here. It changes nothing about how this computer boots, and loads no\n"
"module into its kernel. What is there already stays as it is.\n"
"\n"
"  -k, --kernel K   only these kernels (default: all of the matrix)\n"
"  -n, --dry-run    say what is missing and stop\n"
"  -y, --yes        do not let apt-get ask\n"
"  -h, --help\n";

static int install(const struct package *const *list, size_t count, bool dry,
		   bool yes)
{
	char *shown = packages_command(list, count);
	char *command = xasprintf("%s --no-install-recommends%s", shown,
				  yes ? " --yes" : "");
	const char *const argv[] = { "sh", "-c", command, NULL };
	struct proc spec = { .argv = argv, .output = PROC_INHERIT };
	struct proc_result res;
	int code = LAB_FAULT;

	printf("Packages to install:\n");
	for (size_t i = 0; i < count; i++) {
		char *name = xasprintf("  %-22s ", list[i]->name);

		term_wrap(stdout, name, "                         ",
			  list[i]->reason);
		free(name);
	}
	term_printf(stdout, T_CODE, "%s\n", command);
	fflush(stdout);
	if (dry) {
		code = LAB_PASSED;
	} else if (!proc_run(&spec, &res)) {
		code = proc_ok(&res) ? LAB_PASSED : LAB_FAULT;
		if (code)
			complain("the packages were not installed",
				 proc_describe(&res), command);
		proc_result_free(&res);
	}
	free(command);
	free(shown);
	return code;
}

int verb_setup(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "yes", no_argument, NULL, 'y' },
		{ 0 }
	};
	const struct package **missing;
	struct strlist kernels = { 0 };
	const char *choice = "all";
	struct accel_report accel;
	bool dry = false, yes = false;
	size_t count;
	int opt, code = LAB_PASSED;

	while ((opt = getopt_long(argc, argv, "hk:ny", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			return usage_print(usage);
		case 'k':
			choice = optarg;
			break;
		case 'n':
			dry = true;
			break;
		case 'y':
			yes = true;
			break;
		default:
			return usage_error(argv[0], NULL);
		}
	}
	if (optind < argc)
		return usage_error(argv[0], "it takes no arguments");
	if (kernel_choice(choice, &kernels))
		return LAB_USAGE;
	missing = packages_missing(NEED_TOOL | NEED_BUILD | NEED_VM, &count);
	if (count)
		code = install(missing, count, dry, yes);
	free(missing);
	for (size_t i = 0; i < kernels.count && !code && !dry; i++) {
		struct kernel k;

		if (kernel_get(kernels.items[i], &k)) {
			code = LAB_FAULT;
			break;
		}
		printf("%s %-8s Linux %s\n", term_mark(T_OK), k.name, k.release);
		kernel_free(&k);
	}
	strlist_free(&kernels);
	if (!code && !dry && !accel_probe(false, &accel))
		printf("%s machine  %s\n", term_mark(T_OK),
		       accel.accel == ACCEL_KVM ? "KVM, at the processor's speed" :
		       strf("without KVM (%s): slower, and all works", accel.why));
	return code;
}
