// SPDX-License-Identifier: GPL-2.0
/*
 * test_launcher.c - the script lab, and the table of packages that it and the
 * program share.
 */
#include "fixture.h"
#include "packages.h"

static struct proc_result run_launcher(const char *path, const char *verb, const char *cwd)
{
	const char *argv[] = { LAB_TOP "/lab", verb, NULL };
	const char *env[] = { strf("PATH=%s", path), "LAB_ROOT", "CC", NULL };
	struct proc spec = { .argv = argv, .env = env, .cwd = cwd, .deadline_ms = 100000 };
	struct proc_result res;

	ASSERT_EQ(proc_run(&spec, &res), 0);
	return res;
}

TEST(launcher_runs_from_anywhere)
{
	struct proc_result res = run_launcher(getenv("PATH"), "--version", "/");

	ASSERT_EQ(res.status, 0);
	ASSERT_HAS(res.out, "lab 0.");
}

/* A copy of the workbook's launcher whose pkg-config knows nothing. */
static const char *bare_workbook(void)
{
	const char *root = in_root(".");

	make_root();
	must_run("mkdir", "-p", in_root("tools/lab"), in_root("bin"));
	must_run("cp", LAB_TOP "/lab", root);
	must_run("cp", LAB_TOP "/tools/lab/bootstrap", LAB_TOP "/tools/lab/packages.def", in_root("tools/lab"));
	must_run("mkdir", "-p", in_root("common/check"));
	write_file(in_root("bin/pkg-config"), "#!/bin/sh\ntest \"$2\" = jansson\n");
	/* Nothing is installed here, whoever asks. */
	write_file(in_root("bin/apt-get"), "#!/bin/sh\necho \"apt-get $*\"; exit 1\n");
	write_file(in_root("bin/sudo"), "#!/bin/sh\nexec \"$@\"\n");
	must_run("chmod", "+x", in_root("bin/pkg-config"), in_root("bin/apt-get"), in_root("bin/sudo"));
	return strf("%s:%s", in_root("bin"), getenv("PATH"));
}

TEST(launcher_names_missing_packages)
{
	char *path = xstrdup(bare_workbook());
	const char *env[] = { strf("PATH=%s", path), "LAB_ROOT", NULL };
	const char *argv[] = { xstrdup(in_root("lab")), "list", NULL, NULL };
	struct proc spec = { .argv = argv, .env = env, .deadline_ms = 60000 };
	struct proc_result res;

	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT_EQ(res.status, LAB_FAULT);
	ASSERT_HAS(res.out, "lab: these Debian packages are needed to build the program, and are not here:");
	ASSERT_HAS(res.out, "libinih-dev      reads each lab's lab.ini");
	ASSERT_HAS(res.out, "libsqlite3-dev");
	ASSERT_HAS_NOT(res.out, "libjansson-dev");
	ASSERT_HAS_NOT(res.out, "bubblewrap");
	ASSERT_HAS(res.out, "mend: ./lab setup");
	ASSERT_HAS(res.out, "apt-get install ");

	/* setup without a terminal installs only when told to. */
	argv[1] = "setup";
	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT_EQ(res.status, LAB_FAULT);
	ASSERT_HAS(res.out, "say ./lab setup --yes");
	ASSERT_HAS_NOT(res.out, "apt-get update");
	argv[2] = "--yes";
	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT_EQ(res.status, LAB_FAULT);
	ASSERT_HAS(res.out, "apt-get update");
	ASSERT_HAS(res.out, "the packages could not be installed");
}

/* Words after "libs :=" of a makefile. */
static void libs_of(const char *makefile, struct strlist *out)
{
	char *text = read_whole(makefile, NULL);
	char *at = text ? strstr(text, "\nlibs :=") : NULL;

	ASSERT(at);
	at += strlen("\nlibs :=");
	at[strcspn(at, "\n")] = '\0';
	strlist_split(out, at, " ");
	strlist_sort(out);
	free(text);
}

TEST(packages_are_those_of_the_build)
{
	struct strlist linked = { 0 }, listed = { 0 }, tested = { 0 };
	char *a, *b, *c;

	libs_of(LAB_TOP "/tools/lab/Makefile", &linked);
	libs_of(LAB_TOP "/tests/program.mk", &tested);
	for (size_t i = 0; i < package_count; i++)
		if (packages[i].need == NEED_TOOL && packages[i].proof == PROOF_PKGCONFIG)
			strlist_add(&listed, packages[i].evidence);
	strlist_sort(&listed);
	a = strlist_join(&linked, " ");
	b = strlist_join(&listed, " ");
	c = strlist_join(&tested, " ");
	ASSERT_STR(a, b);
	ASSERT_STR(a, c);
	free(a);
	free(b);
	free(c);
}

TEST(packages_table_is_read_alike_by_both)
{
	unsigned int tools = 0;
	char *out;

	/* As the launcher reads it. */
	out = must_run("sed", "-n", "s/^PACKAGE(TOOL, \\([^,]*\\), \\([A-Z]*\\), \"\\([^\"]*\\)\", \"\\(.*\\)\")$/\\1 \\2 \\3 \\4/p",
		       LAB_TOP "/tools/lab/packages.def");
	for (size_t i = 0; i < package_count; i++) {
		ASSERT(*packages[i].name && *packages[i].evidence && *packages[i].reason);
		if (packages[i].need != NEED_TOOL)
			continue;
		tools++;
		ASSERT_HAS(out, strf("%s ", packages[i].name));
		ASSERT_HAS(out, packages[i].reason);
	}
	for (const char *at = out; *at; at++)
		tools -= *at == '\n';
	ASSERT_EQ(tools, 0);
	/* What built this test is there. */
	for (size_t i = 0; i < package_count; i++)
		if (packages[i].need == NEED_TOOL && !package_present(&packages[i]))
			FAIL("%s is not found", packages[i].name);
	const struct package none[] = {
		{ "a", NEED_VM, PROOF_PROGRAM, "no-such-program-here", "x" },
		{ "b", NEED_VM, PROOF_HEADER, "no/such/header.h", "x" },
		{ "c", NEED_VM, PROOF_PKGCONFIG, "no-such-library", "x" },
		{ "d", NEED_VM, PROOF_FILE, "/no/such/*", "x" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		ASSERT(!package_present(&none[i]));
}
