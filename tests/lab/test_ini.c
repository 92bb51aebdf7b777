// SPDX-License-Identifier: GPL-2.0
/* test_ini.c - lab.ini: what is taken, what is refused and how, hostile bytes. */
#include "fixture.h"
#include "meta.h"

#define LAB	"[lab]\ntitle = T\nkind = D\n"

static struct lab *read_ini(const void *text, size_t len)
{
	char *dir = xasprintf("%s/lab", test_dir);
	struct lab *lab;

	ASSERT_EQ(mkdir_p(dir), 0);
	ASSERT_EQ(write_whole(strf("%s/lab.ini", dir), text, len), 0);
	lab = lab_read(dir, "ch01_a/01_b");
	free(dir);
	return lab;
}

TEST(ini_all_keys)
{
	static const char text[] =
		"; a comment\n# another\n[lab]\ntitle = Module parameters\nkind = E U ; inline\n"
		"points = 10\nminutes = 40\nfiles = params.c, sub_part-2.h\ncpus = 4\nmemory = 512\n"
		"cmdline = module.sig_enforce=1 a:b\ntimeout = 90\nlanes = stock, memory\nsource = yes\n"
		"[hints]\n1 = one\n2 = two = 2: yes; no\n3 = three\n"
		"[skeleton]\nfails = refuses_bad_values,other\nstyle = faulty\n";
	struct lab *lab = read_ini(text, sizeof(text) - 1);

	ASSERT(lab);
	ASSERT_STR(lab->id, "ch01_a/01_b");
	ASSERT_STR(lab->chapter, "ch01_a");
	ASSERT_STR(lab->name, "01_b");
	ASSERT_STR(lab->title, "Module parameters");
	ASSERT_EQ(lab->kind, KIND_EXERCISE | KIND_USERLAND);
	ASSERT_STR(lab_kind_letters(lab), "E U");
	ASSERT_STR(lab_kind_text(lab), "exercise, userland program");
	ASSERT(lab_is_task(lab));
	ASSERT_EQ(lab->points, 10);
	ASSERT_EQ(lab->minutes, 40);
	ASSERT_EQ(lab->files.count, 2);
	ASSERT_STR(lab->files.items[1], "sub_part-2.h");
	ASSERT_EQ(lab->cpus, 4);
	ASSERT_EQ(lab->memory, 512);
	ASSERT_STR(lab->cmdline, "module.sig_enforce=1 a:b");
	ASSERT_EQ(lab->timeout, 90);
	ASSERT_EQ(lab->lanes, LANE_STOCK | LANE_MEMORY);
	ASSERT(lab->source);
	ASSERT_EQ(lab->hints.count, 3);
	ASSERT_STR(lab->hints.items[1], "two = 2: yes; no");
	ASSERT_EQ(lab->fails.count, 2);
	ASSERT(lab->ugly);
	ASSERT_STR(lab->fails.items[0], "refuses_bad_values");
	ASSERT(!lab->has_makefile);
	lab_free(lab);
}

TEST(ini_defaults)
{
	struct lab *lab = read_ini(LAB "cmdline =\n", strlen(LAB "cmdline =\n"));

	ASSERT(lab);
	ASSERT_EQ(lab->cpus, 1);
	ASSERT_EQ(lab->memory, 256);
	ASSERT_EQ(lab->timeout, 60);
	ASSERT_EQ(lab->lanes, LANE_STOCK);
	ASSERT(!lab->source);
	ASSERT_STR(lab->cmdline, "");
	ASSERT(!lab_is_task(lab));
	ASSERT_EQ(lab->files.count, 0);
	ASSERT_EQ(lab->variant_count, 1);
	ASSERT_STR(lab->variants[0].name, "");
	lab_free(lab);
}

TEST(ini_variants_and_boot)
{
	static const char text[] = LAB
		"[variants]\nplain =\nenforced = module.sig_enforce=1\n"
		"[boot]\ninitramfs = out.cpio\ncmdline = wb.token=%TOKEN%\nsays = ^a: .*b$\nsays2 = c\n"
		"seconds = 40\n";
	struct lab *lab = read_ini(text, sizeof(text) - 1);

	ASSERT(lab);
	ASSERT_EQ(lab->variant_count, 2);
	ASSERT_STR(lab->variants[0].name, "plain");
	ASSERT_STR(lab->variants[0].cmdline, "");
	ASSERT_STR(lab->variants[1].cmdline, "module.sig_enforce=1");
	ASSERT_STR(lab->boot.initramfs, "out.cpio");
	ASSERT_EQ(lab->boot.says.count, 2);
	ASSERT_STR(lab->boot.says.items[0], "^a: .*b$");
	ASSERT_EQ(lab->boot.seconds, 40);
	lab_free(lab);
}

TEST(ini_long_hints_and_windows_line_ends)
{
	struct buf text = { 0 };
	struct lab *lab;

	buf_adds(&text, "\xef\xbb\xbf[lab]\r\ntitle = T\xc3\xa9\r\nkind = B\r\nfiles = a.c\r\n[hints]\r\n");
	for (int i = 1; i <= 40; i++) {
		buf_addf(&text, "%d = ", i);
		for (int j = 0; j < i * 300; j++)
			buf_adds(&text, j % 7 ? "x" : " ");
		buf_adds(&text, "end\r\n");
	}
	lab = read_ini(text.data, text.len);
	ASSERT(lab);
	ASSERT_STR(lab->title, "T\xc3\xa9");
	ASSERT_EQ(lab->hints.count, 40);
	/* The first blank is not part of it. */
	ASSERT_EQ(strlen(lab->hints.items[39]), 40 * 300 - 1 + 3);
	ASSERT(str_ends(lab->hints.items[39], "end"));
	lab_free(lab);
	buf_free(&text);
}

static const struct { const char *text, *line, *says; } refused[] = {
	{ "", ": ", "no title" },
	{ "title = T\n", ":1: ", "'title' stands before any section" },
	{ "[lab]\ntitle = T\n", ": ", "no kind" },
	{ LAB "tilte = T\n", ":4: ", "there is no key 'tilte' in [lab]" },
	{ LAB "points = ten\n", ":4: ", "bad value for 'points': 'ten'" },
	{ LAB "points = -1\n", ":4: ", "bad value for 'points'" },
	{ LAB "points = 1001\n", ":4: ", "bad value for 'points'" },
	{ LAB "minutes = 0\n", ":4: ", "bad value for 'minutes'" },
	{ LAB "cpus = 0\n", ":4: ", "bad value for 'cpus'" },
	{ LAB "cpus = 65\n", ":4: ", "bad value for 'cpus'" },
	{ LAB "memory = 63\n", ":4: ", "bad value for 'memory'" },
	{ LAB "memory = 18446744073709551872\n", ":4: ", "bad value for 'memory'" },
	{ LAB "timeout = 99999\n", ":4: ", "bad value for 'timeout'" },
	{ LAB "lanes = stock, fast\n", ":4: ", "there is no lane 'fast'" },
	{ LAB "source = 6.1\n", ":4: ", "it is yes or no" },
	{ LAB "files = ../secret.c\n", ":4: ", "bad name in 'files': '../secret.c'" },
	{ LAB "files = /etc/passwd\n", ":4: ", "bad name in 'files'" },
	{ LAB "files = -rf\n", ":4: ", "bad name in 'files'" },
	{ LAB "files = .hidden\n", ":4: ", "bad name in 'files'" },
	{ LAB "files = a.c, a.c\n", ":4: ", "'a.c' stands twice" },
	{ LAB "files = ,\n", ":4: ", "'files' names nothing" },
	{ LAB "points =\n", ":4: ", "'points' has no value" },
	{ LAB "points\n", ":4: ", "neither [section], key = value" },
	{ LAB "[lab\n", ":4: ", "neither [section], key = value" },
	{ LAB "points = 1\n\npoints = 2\n", ":6: ", "'points' stands twice" },
	{ LAB "[labs]\nx = 1\n", ":5: ", "there is no section [labs]" },
	{ LAB "[hints]\n2 = b\n", ":5: ", "hint '2' is out of order" },
	{ LAB "[hints]\none = b\n", ":5: ", "hint 'one' is out of order" },
	{ LAB "[hints]\n1 = a\n1 = b\n", ":6: ", "'1' stands twice" },
	{ LAB "[hints]\n1 = do this ; then that\n", ":5: ", "a blank and a ';' in a hint" },
	{ LAB "[skeleton]\nfails = a/b\n", ":5: ", "bad name in 'fails'" },
	{ LAB "[skeleton]\nstyle = no\n", ":5: ", "bad value for 'style'" },
	{ LAB "[skeleton]\npasses = a\n", ":5: ", "there is no key 'passes' in [skeleton]" },
	{ LAB "[variants]\na/b = x\n", ":5: ", "bad name of a variant" },
	{ LAB "[boot]\ninitramfs = ../x\n", ":5: ", "there is no key 'initramfs' in [boot]" },
	{ LAB "[boot]\ncmdline = x\n", ": ", "no key 'initramfs'" },
	{ "[lab]\ntitle = T\nkind = X\n", ":3: ", "bad value for 'kind': 'X'" },
	{ "[lab]\ntitle = T\nkind = U\n", ":3: ", "bad value for 'kind': 'U'" },
	{ "[lab]\ntitle = T\nkind = EB\n", ":3: ", "bad value for 'kind': 'EB'" },
	{ "[lab]\ntitle = T\nkind = E\n", ": ", "no key 'files'" },
	{ LAB "title\xff = x\n", ":4: ", "not text in UTF-8" },
	{ LAB "cmdline = \x1b[31m\n", ":4: ", "control character (0x1b)" },
	{ LAB "cmdline = a\rb\n", ":4: ", "control character (0x0d)" },
};

TEST(ini_refuses_with_file_and_line)
{
	setenv("LAB_ROOT", make_root(), 1);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct ran ran;

		add_lab("ch01_a/01_b", refused[i].text);
		ran = run_lab("list");
		if (ran.status != LAB_FAULT)
			FAIL("case %zu was taken:\n%s", i, refused[i].text);
		if (!strstr(ran.err, strf("lab: ch01_a/01_b/lab.ini%s", refused[i].line)) ||
		    !strstr(ran.err, refused[i].says))
			FAIL("case %zu: expected \"%s%s\" in\n%s", i, refused[i].line,
			     refused[i].says, ran.err);
		ASSERT_HAS(ran.err, "mend: docs/authoring.md");
		free(ran.out);
		free(ran.err);
	}
}

TEST(ini_names_all_errors_of_a_file)
{
	struct ran ran;

	make_root();
	add_lab("ch01_a/01_b", LAB "a = 1\nb = 2\npoints = x\n");
	add_lab("ch01_a/02_c", GOOD_INI);
	ran = run_lab("list");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "lab.ini:4: there is no key 'a'");
	ASSERT_HAS(ran.err, "lab.ini:5: there is no key 'b'");
	ASSERT_HAS(ran.err, "lab.ini:6: bad value for 'points'");
	/* The others can be used all the same. */
	ASSERT_HAS(ran.out, "02_c");
	ran = run_lab("show", "02_c");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ran = run_lab("show", "01_b");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "the lab ch01_a/01_b cannot be used");
}

TEST(ini_is_no_file)
{
	struct ran ran;

	make_root();
	add_lab("ch01_a/01_b", "");
	ASSERT_EQ(unlink(in_root("ch01_a/01_b/lab.ini")), 0);
	ASSERT_EQ(mkdir_p(in_root("ch01_a/01_b/lab.ini")), 0);
	ran = run_lab("list");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "it cannot be read");
	ASSERT_EQ(rm_rf(in_root("ch01_a/01_b/lab.ini")), 0);
	/* Would never end. */
	ASSERT_EQ(symlink("/dev/zero", in_root("ch01_a/01_b/lab.ini")), 0);
	ran = run_lab("list");
	ASSERT_EQ(ran.status, LAB_FAULT);
}

/* Pieces that are near to right get deeper than bytes alone. */
static void add_garbage(struct buf *text)
{
	static const char *const pieces[] = {
		"[lab]\n", "[hints]\n", "[skeleton]\n", "[variants]\n", "[boot]\n", "[", "]", "\n", "\r\n",
		"title = T\n", "kind = E\n", "kind = D U\n", "points = ", "10\n", "files = ", "a.c", ",", ";",
		" ; ", "#", "=", ":", "1 = x\n", "2 = y\n", "cmdline = ", "lanes = stock\n", " ", "\t",
		"\xef\xbb\xbf", "\xc3\xa9", "memory = 256\n", "timeout = ", "says", "initramfs = x\n",
		"18446744073709551616", "-1", "fails = a\n", "%s%n", "\"", "\\",
	};
	size_t count = test_random() % 40;

	for (size_t i = 0; i < count; i++) {
		uint64_t what = test_random() % 20;

		if (what == 0) {
			char byte = test_random();

			buf_add(text, &byte, 1);
		} else if (what == 1) {
			size_t len = test_random() % 5000;

			for (size_t j = 0; j < len; j++)
				buf_adds(text, "x");
		} else {
			buf_adds(text, pieces[test_random() % ARRAY_SIZE(pieces)]);
		}
	}
}

TEST(ini_fuzz)
{
	unsigned int taken = 0;

	setenv("LAB_ROOT", make_root(), 1);
	/* Only the outcome counts here; the sanitizers watch. */
	ASSERT(freopen("/dev/null", "w", stderr));
	for (int i = 0; i < 3000; i++) {
		struct buf text = { 0 };
		struct lab *lab;

		if (test_random() % 2)
			buf_adds(&text, GOOD_INI);
		add_garbage(&text);
		buf_add(&text, "", 0);
		lab = read_ini(text.data, text.len);
		if (lab) {
			taken++;
			/* Whatever is taken keeps what was promised. */
			ASSERT(lab->title && *lab->title);
			ASSERT(lab->kind & ~KIND_USERLAND);
			ASSERT_INT(lab->cpus, >=, 1);
			ASSERT_INT(lab->memory, >=, 64);
			ASSERT_INT(lab->variant_count, >=, 1);
			for (size_t j = 0; j < lab->files.count; j++)
				ASSERT(!strchr(lab->files.items[j], '/'));
		}
		lab_free(lab);
		buf_free(&text);
	}
	printf("  %u of 3000 were taken; again with --seed %llu\n", taken,
	       (unsigned long long)test_seed());
	ASSERT_INT(taken, >, 10);
	ASSERT_INT(taken, <, 2900);
}
