// SPDX-License-Identifier: GPL-2.0
/* test_new.c - lab new makes what the gate asks of every lab. */
#include "fixture.h"
#include "meta.h"

static void make_tree(void)
{
	make_root();
	add_lab("ch04_lkm/01_hello", GOOD_INI);
	add_lab("ch04_lkm/07_other", GOOD_INI);
	ASSERT_EQ(mkdir_p(in_root("ch13_empty")), 0);
	/* The templates, and what the makefile includes, are the workbook's own. */
	ASSERT_EQ(mkdir_p(in_root("tools/lab")), 0);
	ASSERT_EQ(symlink(LAB_TOP "/tools/lab/template", in_root("tools/lab/template")), 0);
}

/* Text with what stands between the marks of TODO regions taken out. */
static char *outside_regions(const char *text, unsigned int *regions)
{
	struct buf out = { 0 };
	bool inside = false;

	*regions = 0;
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = xstrndup(text, len);
		bool begins = strstr(line, strf("/* TODO %u: ", *regions + 1));
		bool ends = strstr(line, strf("/* END TODO %u */", *regions));

		ASSERT(!(inside && begins));
		if (ends)
			inside = false;
		if (!inside)
			buf_addf(&out, "%s\n", line);
		if (begins) {
			inside = true;
			++*regions;
		}
		free(line);
		text += len + (text[len] == '\n');
	}
	ASSERT(!inside);
	return buf_steal(&out);
}

static void check_readme(const char *path, const char *title)
{
	static const char *const sections[] = {
		"\n## Goal\n", "\n## Background\n", "\n## Do\n", "\n## Predict\n", "\n## Observe\n",
		"\n## Going further\n",
	};
	char *text = read_whole(path, NULL);
	const char *at = text;

	ASSERT(text);
	ASSERT(str_starts(text, strf("# %s\n", title)));
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		const char *found = strstr(at, sections[i]);

		if (!found)
			FAIL("no section%s in its place in\n%s", sections[i], text);
		at = found;
	}
	ASSERT_HAS_NOT(text, "@");
	free(text);
}

TEST(new_lab_has_the_form)
{
	static const char *const files[] = { "Makefile", "README.md", "check.c", "lab.ini", "twice.c" };
	char *skeleton, *solution, *check;
	struct strlist names = { 0 };
	unsigned int regions, again;
	struct lab *lab;
	struct ran ran;

	make_tree();
	ran = run_lab("new", "--title", "Twice a number", "4", "twice");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_STR(ran.err, "");
	ASSERT_HAS(ran.out, "ch04_lkm/08_twice is made:\n");
	ASSERT_EQ(list_dir(in_root("ch04_lkm/08_twice"), &names), 0);
	ASSERT_EQ(names.count, ARRAY_SIZE(files));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		ASSERT_STR(names.items[i], files[i]);
	strlist_free(&names);
	ASSERT_EQ(list_dir(in_root("solutions/ch04_lkm/08_twice"), &names), 0);
	ASSERT_EQ(names.count, 1);
	ASSERT_STR(names.items[0], "twice.c");

	lab = lab_read(in_root("ch04_lkm/08_twice"), "ch04_lkm/08_twice");
	ASSERT(lab);
	ASSERT_STR(lab->title, "Twice a number");
	ASSERT_EQ(lab->kind, KIND_EXERCISE);
	ASSERT_INT(lab->hints.count, >=, 3);
	ASSERT_STR(lab->files.items[0], "twice.c");
	check = read_whole(in_root("ch04_lkm/08_twice/check.c"), NULL);
	ASSERT_INT(lab->fails.count, >=, 1);
	for (size_t i = 0; i < lab->fails.count; i++)
		ASSERT_HAS(check, strf("CHECK(%s, .title = \"", lab->fails.items[i]));

	skeleton = read_whole(in_root("ch04_lkm/08_twice/twice.c"), NULL);
	solution = read_whole(in_root("solutions/ch04_lkm/08_twice/twice.c"), NULL);
	ASSERT(strcmp(skeleton, solution));
	ASSERT_STR(outside_regions(skeleton, &regions), outside_regions(solution, &again));
	ASSERT_EQ(regions, 1);
	ASSERT_EQ(again, 1);
	ASSERT(str_starts(skeleton, "// SPDX-License-Identifier: GPL-2.0\n"));
	ASSERT_HAS(skeleton, "MODULE_DESCRIPTION(\"Twice a number\");");
	check_readme(in_root("ch04_lkm/08_twice/README.md"), "Twice a number");
	/* The program takes it as a lab like any other. */
	ASSERT_EQ(run_lab("show", "twice").status, LAB_PASSED);
	ASSERT_EQ(run_lab("hint", "twice").status, LAB_PASSED);
}

TEST(new_demo_has_no_solution)
{
	unsigned int regions;
	struct ran ran;
	json_t *object;
	char *text;

	make_tree();
	ran = run_lab("new", "--json", "--kind", "D", "ch13_empty", "03_watch_me");
	ASSERT_EQ(ran.status, LAB_PASSED);
	object = json_of(&ran);
	ASSERT_STR(json_string_value(json_object_get(object, "id")), "ch13_empty/03_watch_me");
	ASSERT_EQ(json_array_size(json_object_get(object, "files")), 5);
	ASSERT(!path_exists(in_root("solutions/ch13_empty")));
	text = read_whole(in_root("ch13_empty/03_watch_me/watch_me.c"), NULL);
	outside_regions(text, &regions);
	ASSERT_EQ(regions, 0);
	text = read_whole(in_root("ch13_empty/03_watch_me/lab.ini"), NULL);
	ASSERT_HAS(text, "title = Watch me\nkind = D\n");
	ASSERT_HAS_NOT(text, "[skeleton]");
	ASSERT_HAS_NOT(text, "files");
	check_readme(in_root("ch13_empty/03_watch_me/README.md"), "Watch me");
	ASSERT_EQ(run_lab("show", "watch_me").status, LAB_PASSED);
}

TEST(new_refuses)
{
	static const struct { const char *chapter, *name, *says; } cases[] = {
		{ "ch77", "x", "there is no chapter 'ch77'" },
		{ "4", "hello", "ch04_lkm/01_hello is there already" },
		{ "4", "07_fresh", "ch04_lkm/07_other is there already" },
		{ "4", "Upper", "'Upper' cannot be the name of a module" },
		{ "4", "../x", "cannot be the name" },
		{ "4", "a-b", "cannot be the name" },
		{ "4", "", "cannot be the name" },
		{ "4", "9lives", "cannot be the name" },
	};
	struct ran ran;

	make_tree();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ran = run_lab("new", cases[i].chapter, cases[i].name);
		ASSERT_EQ(ran.status, LAB_USAGE);
		ASSERT_HAS(ran.err, cases[i].says);
	}
	ASSERT_EQ(run_lab("new", "4").status, LAB_USAGE);
	ASSERT_EQ(run_lab("new", "--kind", "U", "4", "x").status, LAB_USAGE);
	ASSERT_EQ(run_lab("new", "--title", "a \"b\"", "4", "x").status, LAB_USAGE);
	ASSERT_EQ(run_lab("new", "--title", "a;b", "4", "x").status, LAB_USAGE);
	ASSERT_EQ(run_lab("new", "4", "99_last").status, LAB_PASSED);
	ran = run_lab("new", "4", "one_more");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "ch04_lkm has no number left");
}

TEST(new_leaves_nothing_half_made)
{
	struct strlist names = { 0 };
	struct ran ran;

	make_tree();
	/* Where its solution would go there is a file. */
	write_file(in_root("solutions"), "");
	ran = run_lab("new", "4", "twice");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "solutions/ch04_lkm/08_twice cannot be made");
	ASSERT_EQ(list_dir(in_root("ch04_lkm"), &names), 0);
	ASSERT_EQ(names.count, 2);
	ASSERT_EQ(unlink(in_root("tools/lab/template")), 0);
	ran = run_lab("new", "4", "twice");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "the template ");
	strlist_free(&names);
	ASSERT_EQ(list_dir(in_root("ch04_lkm"), &names), 0);
	ASSERT_EQ(names.count, 2);
}

/* The headers of a kernel that was fetched before; NULL: none was. strf(). */
static const char *find_headers(void)
{
	const char *given = getenv("TEST_KDIR");
	struct ran ran;

	if (given && *given)
		return given;
	if (!is_dir(strf("%s/kernels/6.1", getenv("TEST_CACHE"))))
		return NULL;
	setenv("LAB_ROOT", LAB_TOP, 1);
	setenv("LAB_CACHE", getenv("TEST_CACHE"), 1);
	ran = run_lab("kernel", "path", "6.1");
	return ran.status ? NULL : strf("%s", str_trim(ran.out));
}

TEST(new_lab_builds_silently)
{
	const char *kdir = find_headers();
	static const char *const files[] = { "ch04_lkm/08_twice", "solutions/ch04_lkm/08_twice" };

	if (!kdir || !is_dir(kdir))
		test_skip("no kernel headers at hand: ./lab kernel fetch 6.1, or TEST_KDIR=");
	kdir = xstrdup(kdir);
	make_tree();
	ASSERT_EQ(rm_rf(in_root("common")), 0);
	must_run("cp", "-r", LAB_TOP "/common", in_root("common"));
	ASSERT_EQ(run_lab("new", "4", "twice").status, LAB_PASSED);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *out;

		must_run("cp", in_root("%s/twice.c", files[i]), in_root("twice.c"));
		must_run("cp", in_root("twice.c"), in_root("ch04_lkm/08_twice/twice.c"));
		out = must_run("make", "-C", in_root("ch04_lkm/08_twice"), strf("KDIR=%s", kdir), "W=1",
			       "modules", "check-prog");
		ASSERT_HAS_NOT(out, "arning");
		ASSERT(is_file(in_root("ch04_lkm/08_twice/twice.ko")));
		ASSERT(is_file(in_root("ch04_lkm/08_twice/check")));
	}
}
