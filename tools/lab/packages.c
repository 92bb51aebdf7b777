// SPDX-License-Identifier: GPL-2.0
/*
 * packages.c - which of the packages in packages.def are there; see packages.h.
 * What a package brings is looked for, not the package: who has built QEMU
 * from source needs no package.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "packages.h"
#include "proc.h"

#define PACKAGE(n, p, f, e, r) { #p, NEED_##n, PROOF_##f, e, r },
const struct package packages[] = {
#include "packages.def"
};
const size_t package_count = ARRAY_SIZE(packages);

static bool program_present(const char *name)
{
	static const char *const more[] = { "/usr/local/sbin", "/usr/sbin", "/sbin" };
	char *path = proc_find_program(name);
	bool found = path;

	free(path);
	/* Not in everybody's PATH, yet where kmod and others are. */
	for (size_t i = 0; !found && i < ARRAY_SIZE(more); i++)
		found = access(strf("%s/%s", more[i], name), X_OK) == 0;
	return found;
}

static bool run_quietly(const char *const *argv, const char *input)
{
	struct proc spec = { .argv = argv, .input = input, .input_len = input ? strlen(input) : 0,
			     .deadline_ms = 20000, .cap = 4096 };
	struct proc_result res;
	bool ok;

	if (proc_run(&spec, &res))
		return false;
	ok = proc_ok(&res);
	proc_result_free(&res);
	return ok;
}

static bool header_present(const char *name)
{
	const char *cc = getenv("CC");
	const char *argv[] = { cc && *cc ? cc : "gcc", "-E", "-x", "c", "-", "-o", "/dev/null", NULL };

	return run_quietly(argv, strf("#include <%s>\n", name));
}

static bool pkgconfig_present(const char *name)
{
	const char *argv[] = { "pkg-config", "--exists", name, NULL };

	return run_quietly(argv, NULL);
}

static bool file_present(const char *pattern)
{
	glob_t found = { 0 };
	bool present = glob(pattern, 0, NULL, &found) == 0;

	globfree(&found);
	return present;
}

bool package_present(const struct package *package)
{
	switch (package->proof) {
	case PROOF_PROGRAM:
		return program_present(package->evidence);
	case PROOF_HEADER:
		return header_present(package->evidence);
	case PROOF_PKGCONFIG:
		return pkgconfig_present(package->evidence);
	case PROOF_FILE:
		return file_present(package->evidence);
	}
	return false;
}

const struct package **packages_missing(unsigned int needs, size_t *count)
{
	const struct package **missing = xcalloc(package_count + 1, sizeof(*missing));

	*count = 0;
	for (size_t i = 0; i < package_count; i++)
		if (packages[i].need & needs && !package_present(&packages[i]))
			missing[(*count)++] = &packages[i];
	return missing;
}

char *packages_command(const struct package *const *list, size_t count)
{
	struct buf command = { 0 };

	buf_adds(&command, geteuid() ? "sudo apt-get install" : "apt-get install");
	for (size_t i = 0; i < count; i++)
		buf_addf(&command, " %s", list[i]->name);
	return buf_steal(&command);
}

const char *package_need_text(unsigned int need)
{
	switch (need) {
	case NEED_TOOL:
		return "this program";
	case NEED_BUILD:
		return "building labs";
	case NEED_VM:
		return "the virtual machine";
	case NEED_CROSS:
		return "the lane arm64";
	default:
		return "extra";
	}
}
