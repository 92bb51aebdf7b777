// SPDX-License-Identifier: GPL-2.0
/* test_similar.c - the report of alike submissions finds copies, and only those. */
#include <ctype.h>

#include "grade.h"
#include "grade_export.h"
#include "gradelab.h"

#define LAB "ch08_alloc/06_slab_basics"

static void hand_in(struct grade *g, const char *who, const char *text)
{
	char *dir = grade_taken_dir(g, who, LAB);

	put_file(strf("%s/store.c", dir), text);
	book_do(g, "INSERT INTO submissions VALUES (?, '" LAB "', 'taken', 'd', '')", "t", who);
	free(dir);
}

/* Other names for what is not called, other comments, other blanks: the same work. */
static char *disguise(const char *text)
{
	struct buf out = { 0 };

	for (const char *p = text; *p;) {
		size_t len = 0;

		while (isalnum((unsigned char)p[len]) || p[len] == '_')
			len++;
		if (!strncmp(p, "/*", 2)) {
			const char *end = strstr(p, "*/");

			buf_adds(&out, "/* my own words */");
			p = end + 2;
		} else if (len == 7 && !strncmp(p, "resized", 7)) {
			buf_adds(&out, "brand_new");
			p += len;
		} else if (len == 5 && !strncmp(p, "table", 5) && !strstr(p - 8, "struct")) {
			buf_adds(&out, "stuff");
			p += len;
		} else if (len) {
			buf_add(&out, p, len);
			p += len;
		} else {
			buf_adds(&out, *p == ' ' ? "   " : (char[]){ *p, '\0' });
			p++;
		}
	}
	return buf_steal(&out);
}

TEST(alike_submissions)
{
	struct grade g = { .out = xasprintf("%s/out", test_dir), .lock = -1 };
	char *solution = read_whole(LAB_TOP "/solutions/" LAB "/store.c", NULL);
	char *skeleton = read_whole(LAB_TOP "/" LAB "/store.c", NULL);
	char *other = disguise(solution), *page;
	struct buf own = { 0 };

	setenv("LAB_ROOT", LAB_TOP, 1);
	ASSERT_EQ(grade_choose_labs(&g, "slab_basics"), 0);
	ASSERT_EQ(book_open(&g, true), 0);
	/* Somebody who wrote something else entirely around the skeleton. */
	buf_adds(&own, skeleton);
	for (int i = 0; i < 40; i++)
		buf_addf(&own, "static int f%d(int x) { while (x > %d) x = %s; return x; }\n", i, i,
			 i % 2 ? "x - g(x) * 3" : i % 3 ? "h[x] ^ x" : "x / 2 + k(x, x)");
	hand_in(&g, "anna", solution);
	hand_in(&g, "bert", other);
	hand_in(&g, "carl", own.data);
	hand_in(&g, "dora", skeleton);
	ASSERT(strcmp(solution, other));
	ASSERT_EQ(export_similar(&g), 0);
	page = read_whole(strf("%s/similar.html", g.out), NULL);
	ASSERT_HAS(page, "anna and bert");
	ASSERT_HAS(page, "<mark>");
	ASSERT_HAS_NOT(page, "carl");
	ASSERT_HAS_NOT(page, "dora");
	if (!strstr(page, "100 % : anna") && !strstr(page, "<summary>9") && !strstr(page, "<summary>8"))
		FAIL("their share is low: %.300s", strstr(page, "<summary>"));
	buf_free(&own);
	free(page);
	free(other);
	free(skeleton);
	free(solution);
	book_close(&g);
	labs_free(&g.tree);
	free(g.labs);
	free(g.out);
}
