// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cache.h"
#include "kernel.h"
#include "lane.h"
#include "proc.h"
#include "term.h"
#include "verbs.h"
#include "vm.h"

static const char usage[] =
"Usage: lab kernel list [--json]\n"
"       lab kernel fetch NAME...      6.1, 6.1-rt, 6.12, running or all: takes\n"
"                                     the newest revision, also when one is there\n"
"       lab kernel build LANE...      memory, locking, race or all (of these): a\n"
"                                     kernel with the kernel's own checkers, for\n"
"                                     lab check; some minutes, once. own: of the\n"
"                                     configuration that you wrote in\n"
"                                     ch02_build/02_build_boot. arm64: another\n"
"                                     architecture, for ch02_build/07_cross_arm64\n"
"       lab kernel import NAME --image FILE --headers DIR [--modules DIR]\n"
"                                     a bzImage or an ELF kernel of any other\n"
"                                     distribution, and its prepared headers;\n"
"                                     DIR/lib/modules where drivers are modules\n"
"       lab kernel remove NAME...     out of the cache\n"
"       lab kernel clean              saved machines, builds and what is left of\n"
"                                     unfinished lanes out of the cache\n"
"       lab kernel path NAME          its headers: KDIR=$(lab kernel path 6.12);\n"
"                                     NAME may be checkpatch or source-6.1 too\n";

static uint64_t tree_bytes;

static int add_bytes(const char *path, const struct stat *st, int type,
		     struct FTW *ftw)
{
	(void)path;
	(void)ftw;
	if (type == FTW_F)
		tree_bytes += (uint64_t)st->st_blocks * 512;
	return 0;
}

static uint64_t size_of(const char *path)
{
	tree_bytes = 0;
	nftw(path, add_bytes, 16, FTW_PHYS);
	return tree_bytes;
}

static const char *mib(uint64_t bytes)
{
	return strf("%llu MiB", (unsigned long long)(bytes + (1 << 19)) >> 20);
}

static void list_row(const char *name, bool json, json_t *rows)
{
	char *dir = cache_path("kernels/%s", name);
	struct kernel k = { 0 };
	bool here = !kernel_load(name, &k);
	uint64_t bytes = here ? size_of(dir) : 0;

	if (json)
		json_array_append_new(rows, json_pack("{s:s,s:b,s:s,s:s,s:s,s:I}",
			"name", name, "present", here,
			"release", here ? k.release : "",
			"version", here ? k.version : "",
			"headers", here ? k.build : "",
			"bytes", (json_int_t)bytes));
	else if (here)
		printf("  %s%s%s %-10s %-24s %10s  %s\n", term_on(stdout, T_OK),
		       term_mark(T_OK), term_off(stdout), name, k.release,
		       mib(bytes), k.version);
	else
		printf("  %s %-10s %s\n", term_mark(T_DIM), name,
		       strf("not here yet: lab kernel fetch %s", name));
	kernel_free(&k);
	free(dir);
}

static void lane_row(const struct lane *lane, bool json, json_t *rows)
{
	const char *missing = lane_missing(lane);

	if (missing && lane->solution)
		return;
	if (json || !missing)
		list_row(lane->name, json, rows);
	else
		printf("  %s %-10s %s: lab kernel build %s\n", term_mark(T_DIM),
		       lane->name, missing, lane->name);
	if (!json)
		term_printf(stdout, T_DIM, "               %s\n", lane->what);
}

static int do_list(bool json)
{
	json_t *rows = json ? json_array() : NULL;
	static const char *const parts[] = {
		"states", "build", "lanes", "source", "logs",
	};
	struct strlist names = { 0 };

	for (size_t i = 0; i < series_count; i++)
		list_row(series[i].name, json, rows);
	kernel_names(&names);
	for (size_t i = 0; i < names.count; i++) {
		bool known = false;

		for (size_t j = 0; j < series_count; j++)
			known |= !strcmp(series[j].name, names.items[i]);
		known |= !!lane_find(names.items[i]);
		if (!known)
			list_row(names.items[i], json, rows);
	}
	strlist_free(&names);
	if (!json)
		printf("Lanes:\n");
	for (size_t i = 0; i < lane_count; i++)
		lane_row(&lanes[i], json, rows);
	if (json)
		return json_print(rows);
	printf("\nIn the cache, %s:\n", cache_dir());
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		char *path = cache_path("%s", parts[i]);

		printf("  %-10s %s%s\n", parts[i], mib(size_of(path)),
		       i ? "" : strf(", at most %s (LAB_CACHE_LIMIT)",
				     mib(states_limit())));
		free(path);
	}
	printf("`lab kernel clean` removes states, builds and logs; they come back as needed.\n");
	return LAB_PASSED;
}

static int do_fetch(int argc, char **argv)
{
	struct strlist names = { 0 };
	int code = LAB_PASSED;

	for (int i = 0; i < argc; i++)
		if (kernel_choice(argv[i], &names))
			code = LAB_USAGE;
	for (size_t i = 0; i < names.count && code != LAB_USAGE; i++) {
		struct kernel k;

		if (kernel_fetch(names.items[i]))
			code = LAB_FAULT;
		else if (!kernel_load(names.items[i], &k)) {
			printf("%s is Linux %s\n", k.name, k.release);
			kernel_free(&k);
		}
	}
	strlist_free(&names);
	return code;
}

static int do_build(int argc, char **argv)
{
	int code = LAB_PASSED;

	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "all") && !lane_find(argv[i]))
			return usage_error("kernel", "there is no lane '%s': memory, locking, race, own, arm64, or all",
					   argv[i]);
	for (int i = 0; i < argc; i++) {
		for (size_t j = 0; j < lane_count; j++) {
			const struct lane *lane = &lanes[j];
			struct kernel k;

			if (strcmp(argv[i], "all") ? strcmp(argv[i], lane->name)
						   : lane_is_of_lab(lane))
				continue;
			if (lane_build(lane)) {
				code = LAB_FAULT;
			} else if (!kernel_load(lane->name, &k)) {
				printf("%s is Linux %s\n", k.name, k.release);
				kernel_free(&k);
			}
			if (interrupt_pending())
				return LAB_FAULT;
		}
	}
	return code;
}

static int do_remove(int argc, char **argv)
{
	int code = LAB_PASSED;

	for (int i = 0; i < argc; i++) {
		int err = kernel_remove(argv[i]);

		if (!err) {
			printf("removed %s\n", argv[i]);
			continue;
		}
		complain(strf("cannot remove the kernel %s", argv[i]),
			 err == -ENOENT ? "the cache holds none of this name"
				   : errno_text(err), "lab kernel list");
		code = LAB_FAULT;
	}
	return code;
}

static int do_clean(void)
{
	static const char *const parts[] = {
		"states", "build", "lanes", "logs", "tmp",
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		char *path = cache_path("%s", parts[i]);
		uint64_t bytes = size_of(path);
		int err = rm_rf(path);

		if (err)
			complain(strf("cannot remove %s", path),
				 errno_text(err), NULL);
		else if (bytes)
			printf("%s: %s freed\n", parts[i], mib(bytes));
		free(path);
		if (err)
			return LAB_FAULT;
	}
	return LAB_PASSED;
}

static int do_import(const char *name, const char *image, const char *headers,
		     const char *modules)
{
	int err = kernel_import(name, image, headers, modules);

	if (!err)
		printf("imported %s\n", name);
	return err == -EINVAL ? LAB_USAGE : err ? LAB_FAULT : LAB_PASSED;
}

static int do_path(const char *name)
{
	struct kernel k;
	char *path = NULL;

	if (!strcmp(name, "checkpatch"))
		path = checkpatch_path();
	else if (str_starts(name, "source-"))
		path = source_path(name + strlen("source-"));
	else if (!kernel_get(name, &k)) {
		path = xstrdup(k.build);
		kernel_free(&k);
	}
	if (!path)
		return LAB_FAULT;
	printf("%s\n", path);
	free(path);
	return LAB_PASSED;
}

int verb_kernel(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "image", required_argument, NULL, 'i' },
		{ "headers", required_argument, NULL, 'H' },
		{ "modules", required_argument, NULL, 'm' },
		{ 0 }
	};
	const char *image = NULL, *headers = NULL, *modules = NULL, *what;
	bool json = false;
	int opt, count;

	while ((opt = getopt_long(argc, argv, "hj", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			return usage_print(usage);
		case 'j':
			json = true;
			break;
		case 'i':
			image = optarg;
			break;
		case 'H':
			headers = optarg;
			break;
		case 'm':
			modules = optarg;
			break;
		default:
			return usage_error(argv[0], NULL);
		}
	}
	what = optind < argc ? argv[optind++] : "list";
	count = argc - optind;
	if (!strcmp(what, "list") && !count)
		return do_list(json);
	if (!strcmp(what, "fetch") && count)
		return do_fetch(count, argv + optind);
	if (!strcmp(what, "build") && count)
		return do_build(count, argv + optind);
	if (!strcmp(what, "remove") && count)
		return do_remove(count, argv + optind);
	if (!strcmp(what, "clean") && !count)
		return do_clean();
	if (!strcmp(what, "path") && count == 1)
		return do_path(argv[optind]);
	if (!strcmp(what, "import") && count == 1 && image && headers)
		return do_import(argv[optind], image, headers, modules);
	return usage_error(argv[0], "cannot make sense of '%s' with these arguments",
			   what);
}
