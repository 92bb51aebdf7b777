// SPDX-License-Identifier: GPL-2.0
/* test_util.c - strings, buffers, files. */
#include <fcntl.h>
#include <sys/stat.h>

#include "fixture.h"

TEST(parse_numbers)
{
	static const struct { const char *text; bool ok; uint64_t value; } cases[] = {
		{ "0", true, 0 }, { "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 }, { "99999999999999999999999", false, 0 },
		{ "", false, 0 }, { "-1", false, 0 }, { "+1", false, 0 }, { " 1", false, 0 },
		{ "1 ", false, 0 }, { "0x10", false, 0 }, { "12a", false, 0 }, { "007", true, 7 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t value = 42;

		if (parse_u64(cases[i].text, 0, UINT64_MAX, &value) != cases[i].ok)
			FAIL("'%s' was %s", cases[i].text, cases[i].ok ? "refused" : "taken");
		ASSERT_EQ(value, cases[i].ok ? cases[i].value : 42);
	}
	uint64_t value;

	ASSERT(!parse_u64("9", 10, 20, &value));
	ASSERT(!parse_u64("21", 10, 20, &value));
	ASSERT(parse_u64("20", 10, 20, &value));
}

TEST(distance_between_words)
{
	ASSERT_EQ(str_distance("", ""), 0);
	ASSERT_EQ(str_distance("check", "chekc"), 2);
	ASSERT_EQ(str_distance("list", "lst"), 1);
	ASSERT_EQ(str_distance("", "abc"), 3);
	ASSERT_EQ(str_distance("kitten", "sitting"), 3);
}

TEST(string_lists)
{
	struct strlist list = { 0 };
	char *joined;

	strlist_split(&list, " a.c , b.c,,  ,c d ", ",");
	ASSERT_EQ(list.count, 3);
	ASSERT_STR(list.items[2], "c d");
	ASSERT(!list.items[3]);
	ASSERT(strlist_has(&list, "b.c"));
	ASSERT(!strlist_has(&list, "b"));
	for (int i = 0; i < 100; i++)
		strlist_addf(&list, "%02d", 99 - i);
	strlist_sort(&list);
	ASSERT_STR(list.items[0], "00");
	ASSERT_EQ(list.count, 103);
	strlist_free(&list);
	ASSERT_EQ(list.count, 0);
	joined = strlist_join(&list, ", ");
	ASSERT_STR(joined, "");
	free(joined);
}

TEST(temporary_strings_survive_sixteen)
{
	const char *first = strf("%d", 1);

	for (int i = 0; i < 15; i++)
		strf("%d", i);
	ASSERT_STR(first, "1");
	/* An argument from the ring may be the one that is given up. */
	for (int i = 0; i < 100; i++)
		first = strf("%s", first);
	ASSERT_STR(first, "1");
}

TEST(whole_files)
{
	char *path = xasprintf("%s/file", test_dir);
	size_t size = test_random() % 1000000 + 1, len;
	char *data = xmalloc(size), *back;
	struct strlist names = { 0 };
	struct stat st;

	for (size_t i = 0; i < size; i++)
		data[i] = test_random();
	ASSERT_EQ(write_whole(path, data, size), 0);
	back = read_whole(path, &len);
	ASSERT_EQ(len, size);
	ASSERT(!memcmp(data, back, size));
	ASSERT_EQ(back[size], 0);
	free(back);

	/* An existing file keeps its mode; a new one takes the umask's. */
	ASSERT_EQ(chmod(path, 0640), 0);
	ASSERT_EQ(write_whole(path, "x", 1), 0);
	ASSERT_EQ(stat(path, &st), 0);
	ASSERT_EQ(st.st_mode & 07777, 0640);
	umask(077);
	ASSERT_EQ(write_whole(strf("%s/new", test_dir), "", 0), 0);
	ASSERT_EQ(stat(strf("%s/new", test_dir), &st), 0);
	ASSERT_EQ(st.st_mode & 07777, 0600);

	ASSERT_EQ(write_whole(strf("%s/none/file", test_dir), "x", 1), -ENOENT);
	ASSERT_EQ(write_whole(test_dir, "x", 1), -EISDIR);
	ASSERT(!read_whole(strf("%s/none", test_dir), NULL));
	ASSERT_EQ(errno, ENOENT);
	ASSERT(!read_whole(test_dir, NULL));
	ASSERT_EQ(errno, EISDIR);
	/* No temporary file is left, whatever the outcome. */
	ASSERT_EQ(list_dir(test_dir, &names), 0);
	ASSERT_EQ(names.count, 2);
	/* stat() says that it has no bytes. */
	back = read_whole("/proc/self/status", &len);
	ASSERT_INT(len, >, 100);
	free(back);
	free(data);
}

TEST(full_disk_is_an_error)
{
	char *data;

	if (access("/dev/full", W_OK))
		test_skip("there is no /dev/full");
	/* In a directory that takes no file: /proc. */
	ASSERT_INT(write_whole("/proc/self/file", "x", 1), <, 0);
	ASSERT_INT(mkdir_p("/proc/self/dir/dir"), <, 0);
	data = read_whole("/dev/null", NULL);
	ASSERT_STR(data, "");
	free(data);
}

TEST(directories)
{
	uint64_t bytes = 0;

	ASSERT_EQ(mkdir_p(strf("%s/a/b//c/", test_dir)), 0);
	ASSERT(is_dir(strf("%s/a/b/c", test_dir)));
	ASSERT_EQ(mkdir_p(strf("%s/a/b/c", test_dir)), 0);
	ASSERT_EQ(mkdir_p("relative/dir"), 0);
	ASSERT(is_dir(strf("%s/relative/dir", test_dir)));
	write_file(strf("%s/a/file", test_dir), "");
	ASSERT_EQ(mkdir_p(strf("%s/a/file", test_dir)), -ENOTDIR);
	ASSERT_EQ(mkdir_p(strf("%s/a/file/x", test_dir)), -ENOTDIR);
	ASSERT_EQ(free_space(strf("%s/not/there/yet", test_dir), &bytes), 0);
	ASSERT_INT(bytes, >, 0);
	ASSERT_EQ(free_space("not/there", &bytes), 0);
}

TEST(removal_stays_in_its_tree)
{
	char *precious = xasprintf("%s/precious/file", test_dir);
	char *tree = xasprintf("%s/tree", test_dir);

	write_file(precious, "keep");
	for (int i = 0; i < 300; i++)
		write_file(strf("%s/d%d/f%d", tree, i % 7, i), "x");
	ASSERT_EQ(symlink("../precious", strf("%s/d0/link", tree)), 0);
	ASSERT_EQ(symlink(precious, strf("%s/d1/link", tree)), 0);
	ASSERT_EQ(symlink("/none", strf("%s/dangling", tree)), 0);
	ASSERT_EQ(chmod(strf("%s/d2", tree), 0), 0);
	ASSERT_EQ(rm_rf(tree), 0);
	ASSERT(!path_exists(tree));
	ASSERT(is_file(precious));
	/* A link given as the tree itself is removed, not followed. */
	ASSERT_EQ(symlink("precious", strf("%s/link", test_dir)), 0);
	ASSERT_EQ(rm_rf(strf("%s/link", test_dir)), 0);
	ASSERT(is_file(precious));
	ASSERT_EQ(rm_rf(strf("%s/none", test_dir)), 0);
}
