// SPDX-License-Identifier: GPL-2.0
/*
 * weigh.c - attacks handed in, and whether each got what it has to; see
 * gradelab.h.
 */
#include "gradelab.h"

/* What a submission must not see, as this machine has it. */
static char *look_around(void)
{
	const char *paths[] = {
		"/etc/passwd", "/etc/hostname", "/root", "/root/.profile", "/home", "/var/log/dpkg.log",
		LAB_TOP "/solutions/" HELLO "/hello.c", LAB_TOP "/README.md", LAB_TOP "/" HELLO "/check.c",
		xasprintf("%s/hidden/" HELLO "/check.c", test_dir), xasprintf("%s/out/grades.db", test_dir),
		xasprintf("%s/submissions", test_dir), xasprintf("%s/README", getenv("LAB_CACHE")),
		"../../solutions/" HELLO "/hello.c", "../../tests", "../../.git", "../04_params/params.c",
		"/submission", "/lab-program", "/sys/kernel", "/run", "/srv", "/boot", "/wb/tests",
	};
	char *skeleton = read_whole(LAB_TOP "/" HELLO "/hello.c", NULL);
	struct buf text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		buf_addf(&text, "#if __has_include(\"%s\")\n#error %s can be seen\n#endif\n", paths[i],
			 paths[i]);
	buf_adds(&text, skeleton);
	free(skeleton);
	return buf_steal(&text);
}

void put_attack(const struct attack *a, const char *dir)
{
	char *path = xasprintf("%s/%s", dir, a->entry), *text;

	if (*a->kind && make_archive(a->name, path)) {
		free(path);
		return;
	}
	ASSERT_EQ(mkdir_p(path), 0);
	if (*a->kind)
		text = read_whole(LAB_TOP "/" HELLO "/hello.c", NULL);
	else if (!strcmp(a->name, "look_around"))
		text = look_around();
	else
		text = read_whole(strf("%s/hello.c", a->dir), NULL);
	ASSERT(text);
	ASSERT_EQ(write_whole(strf("%s/hello.c", path), text, strlen(text)), 0);
	free(text);
	free(path);
}

static const char *mark(const char *out, const struct attack *a, const char *what)
{
	char *sql = sqlite3_mprintf("SELECT %s FROM marks WHERE lab = %Q AND student = %Q", what,
				    HELLO, a->student);
	const char *value = book_says(out, sql);

	sqlite3_free(sql);
	return value ? value : "";
}

static bool one_of(const char *value, const char *list)
{
	struct strlist words = { 0 };
	bool found;

	strlist_split(&words, list, "|");
	found = strlist_has(&words, value);
	strlist_free(&words);
	return found;
}

static const char *feedback(const char *out, const struct attack *a, const char *suffix)
{
	struct strlist names = { 0 };
	const char *found = NULL;

	list_dir(strf("%s/feedback", out), &names);
	for (size_t i = 0; i < names.count; i++) {
		char *text;

		if (!str_ends(names.items[i], suffix))
			continue;
		if (str_starts(names.items[i], strf("%s%s", a->name, suffix))) {
			found = read_whole(strf("%s/feedback/%s", out, names.items[i]), NULL);
			break;
		}
		/* Those whose names had to be changed are found by the mark of their kind. */
		text = strcmp(a->name, a->student) && strchr(names.items[i], '-') ?
		       read_whole(strf("%s/feedback/%s", out, names.items[i]), NULL) : NULL;
		found = found ? found : text;
	}
	strlist_free(&names);
	return found ? found : "";
}

unsigned int weigh_attack(const char *out, const struct attack *a)
{
	const char *status = mark(out, a, "status"), *points = mark(out, a, "points");
	const char *verdict, *text = feedback(out, a, ".md"), *html = feedback(out, a, ".html");
	char *sql = sqlite3_mprintf("SELECT verdict FROM verdicts WHERE student = %Q", a->student);
	struct strlist flags = { 0 };
	unsigned int bad = 0;
	uint64_t want;

	verdict = book_says(out, sql);
	sqlite3_free(sql);
	if (strcmp(status, a->status))
		bad += !!printf("  %s: status is '%s', not '%s'\n", a->name, status, a->status);
	if (*a->verdict && strcmp(a->verdict, "?") && (!verdict || !one_of(verdict, a->verdict)))
		bad += !!printf("  %s: verdict is '%s', not '%s'\n", a->name, verdict ? verdict : "none",
				a->verdict);
	if (verdict && !strcmp(verdict, "passed"))
		bad += !!printf("  %s: it passed\n", a->name);
	if (parse_u64(points, 0, 100000, &want) && strcmp(a->points, strf("%llu.%02llu",
	    (unsigned long long)want / 100, (unsigned long long)want % 100)))
		bad += !!printf("  %s: points are %s hundredths, not %s\n", a->name, points, a->points);
	if (!*points)
		bad += !!printf("  %s: no mark\n", a->name);
	if (!strstr(text, a->told))
		bad += !!printf("  %s: the student is not told '%s', but:\n%.1500s\n", a->name, a->told, text);
	if (strstr(html, "<script") || strstr(html, "<img"))
		bad += !!printf("  %s: its page has another's markup\n", a->name);
	if (strchr(text, '\033') || strchr(html, '\033') || strchr(text, '\a'))
		bad += !!printf("  %s: its page has control characters\n", a->name);
	if (strstr(text, "root:x:") || strstr(text, "root:*:"))
		bad += !!printf("  %s: it read a file of the host\n", a->name);
	if (strstr(text, ATTACK_SECRET) || strstr(html, ATTACK_SECRET))
		bad += !!printf("  %s: it read our environment\n", a->name);
	if (strlen(text) > 100000)
		bad += !!printf("  %s: its page has %zu bytes\n", a->name, strlen(text));
	strlist_split(&flags, a->flag, ",");
	for (size_t i = 0; i < flags.count; i++) {
		sql = sqlite3_mprintf("SELECT count(*) FROM flags WHERE student = %Q AND flag = %Q",
				      a->student, flags.items[i]);
		if (book_counts(out, sql) < 1)
			bad += !!printf("  %s: it is not flagged '%s'\n", a->name, flags.items[i]);
		sqlite3_free(sql);
	}
	strlist_free(&flags);
	return bad;
}
