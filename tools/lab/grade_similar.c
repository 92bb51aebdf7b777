// SPDX-License-Identifier: GPL-2.0
/*
 * How alike submissions are: tokens, not text, so that other names, comments
 * and blanks make no difference; without what the skeleton gave to all. Of
 * every KGRAM tokens in a row a fingerprint is made, of every WINDOW of them
 * the least is kept (winnowing): the same passage gives the same fingerprints
 * wherever it stands. The report accuses nobody: a short lab has few ways.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade_export.h"

#define KGRAM	12
#define WINDOW	8
#define PAIRS	50
#define SHOWN	3		/* percent at least */

struct print {
	uint64_t hash;
	unsigned int line;	/* where the passage begins */
};

struct paper {			/* one student's work on the lab */
	char *student;
	struct print *prints;	/* sorted by hash */
	size_t count;
};

struct tokens {
	uint64_t *hashes;
	unsigned int *lines;
	size_t count;
};

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15ULL + (h << 6) + (h >> 2);
	h *= 0xbf58476d1ce4e5b9ULL;
	return h ^ (h >> 29);
}

static void add_token(struct tokens *t, uint64_t hash, unsigned int line)
{
	if (!(t->count & (t->count - 1))) {
		size_t room = t->count ? t->count * 2 : 1;

		t->hashes = xreallocarray(t->hashes, room, sizeof(*t->hashes));
		t->lines = xreallocarray(t->lines, room, sizeof(*t->lines));
	}
	t->hashes[t->count] = hash;
	t->lines[t->count++] = line;
}

static bool is_keyword(const char *word, size_t len)
{
	static const char words[] = " if else for while do return switch case break continue goto sizeof "
		"struct union enum static const void int char long short unsigned signed bool u8 u16 u32 u64 ";
	char *padded = xasprintf(" %.*s ", (int)len, word);
	bool found = strstr(words, padded);

	free(padded);
	return found;
}

/* A name that is called stays itself: what one calls says more than one's names. */
static const char *take_word(const char *p, struct tokens *t, unsigned int line)
{
	size_t len = 0;
	uint64_t hash = 'n';
	const char *after;

	while (isalnum((unsigned char)p[len]) || p[len] == '_')
		len++;
	after = p + len + strspn(p + len, " \t");
	if (isdigit((unsigned char)*p)) {
		hash = '0';
	} else if (is_keyword(p, len) || *after == '(') {
		for (size_t i = 0; i < len; i++)
			hash = mix(hash, p[i]);
	}
	add_token(t, hash, line);
	return p + len;
}

static void tokenize(const char *p, struct tokens *t)
{
	unsigned int line = 1;

	while (*p) {
		if (*p == '\n') {
			line++;
			p++;
		} else if (isspace((unsigned char)*p)) {
			p++;
		} else if (p[0] == '/' && p[1] == '/') {
			p += strcspn(p, "\n");
		} else if (p[0] == '/' && p[1] == '*') {
			for (p += 2; *p && !(p[0] == '*' && p[1] == '/'); p++)
				line += *p == '\n';
			p += *p ? 2 : 0;
		} else if (*p == '#') {
			p += strcspn(p, "\n");	/* everybody includes the same */
		} else if (*p == '"' || *p == '\'') {
			char quote = *p++;

			while (*p && *p != quote && *p != '\n')
				p += *p == '\\' && p[1] ? 2 : 1;
			p += *p == quote;
			add_token(t, quote, line);
		} else if (isalnum((unsigned char)*p) || *p == '_') {
			p = take_word(p, t, line);
		} else {
			add_token(t, *p++, line);
		}
	}
}

static int by_hash(const void *a, const void *b)
{
	const struct print *x = a, *y = b;

	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

static void add_print(struct paper *p, uint64_t hash, unsigned int line)
{
	if (!(p->count & (p->count - 1)))
		p->prints = xreallocarray(p->prints, p->count ? p->count * 2 : 1, sizeof(*p->prints));
	p->prints[p->count++] = (struct print){ hash, line };
}

/* all: every fingerprint, as of the skeleton, so that none of its passages stays. */
static void winnow(const struct tokens *t, struct paper *out, bool all)
{
	size_t grams = t->count >= KGRAM ? t->count - KGRAM + 1 : 0, last = SIZE_MAX;
	uint64_t *h = xcalloc(grams + 1, sizeof(*h));

	for (size_t i = 0; i < grams; i++)
		for (size_t j = 0; j < KGRAM; j++)
			h[i] = mix(h[i], t->hashes[i + j]);
	for (size_t i = 0; i < grams && all; i++)
		add_print(out, h[i], t->lines[i]);
	for (size_t i = 0; i + WINDOW <= grams && !all; i++) {
		size_t least = i;

		for (size_t j = i; j < i + WINDOW; j++)
			if (h[j] <= h[least])
				least = j;
		if (least != last)
			add_print(out, h[least], t->lines[least]);
		last = least;
	}
	free(h);
}

static bool has_print(const struct paper *p, uint64_t hash)
{
	struct print key = { .hash = hash };

	return p->count && bsearch(&key, p->prints, p->count, sizeof(key), by_hash);
}

static void read_paper(const char *dir, const struct lab *lab, struct paper *out,
		       const struct paper *skeleton)
{
	size_t kept = 0;

	for (size_t i = 0; i < lab->files.count; i++) {
		char *text = read_whole(strf("%s/%s", dir, lab->files.items[i]), NULL);
		struct tokens t = { 0 };

		tokenize(text ? text : "", &t);
		winnow(&t, out, !skeleton);
		free(t.hashes);
		free(t.lines);
		free(text);
	}
	for (size_t i = 0; i < out->count; i++)
		if (!skeleton || !has_print(skeleton, out->prints[i].hash))
			out->prints[kept++] = out->prints[i];
	out->count = kept;
	if (kept)
		qsort(out->prints, kept, sizeof(*out->prints), by_hash);
}

struct pair {
	const struct paper *a, *b;
	size_t shared;
	unsigned int percent;	/* of the shorter one */
};

static size_t count_shared(const struct paper *a, const struct paper *b)
{
	size_t i = 0, j = 0, shared = 0;

	while (i < a->count && j < b->count) {
		if (a->prints[i].hash < b->prints[j].hash) {
			i++;
		} else if (a->prints[i].hash > b->prints[j].hash) {
			j++;
		} else {
			shared++;
			i++;
			j++;
		}
	}
	return shared;
}

static int by_percent(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return x->percent != y->percent ? (int)y->percent - (int)x->percent :
	       x->shared < y->shared ? 1 : x->shared > y->shared ? -1 : 0;
}

/* The lines of text of a paper that are in the other as well. */
static void put_side(struct buf *out, struct grade *g, const struct lab *lab, const struct paper *p,
		     const struct paper *other)
{
	char *dir = grade_taken_dir(g, p->student, lab->id);

	buf_adds(out, "<td><b>");
	put_html(out, p->student);
	buf_adds(out, "</b>");
	for (size_t i = 0; i < lab->files.count; i++) {
		char *text = read_whole(strf("%s/%s", dir, lab->files.items[i]), NULL);
		unsigned int line = 0;

		if (lab->files.count > 1 || !text) {
			buf_adds(out, "<p>");
			put_html(out, lab->files.items[i]);
			buf_adds(out, text ? "</p>" : ": not handed in</p>");
		}
		buf_adds(out, "<pre>");
		for (const char *q = text ? text : ""; *q;) {
			size_t len = strcspn(q, "\n");
			char *one = xstrndup(q, len);
			bool alike = false;

			line++;
			/* With one file lines are sure; with several the first that fits. */
			for (size_t j = 0; j < p->count && !alike; j++)
				alike = p->prints[j].line <= line && line < p->prints[j].line + 3 &&
					has_print(other, p->prints[j].hash);
			buf_adds(out, alike ? "<mark>" : "");
			put_html(out, one);
			buf_adds(out, alike ? "</mark>\n" : "\n");
			free(one);
			q += len + (q[len] == '\n');
		}
		buf_adds(out, "</pre>");
		free(text);
	}
	buf_adds(out, "</td>");
	free(dir);
}

static void put_pairs(struct buf *out, struct grade *g, const struct lab *lab, struct pair *pairs,
		      size_t count)
{
	buf_adds(out, "<h2>");
	put_html(out, lab->id);
	buf_adds(out, "</h2>\n");
	for (size_t i = 0; i < count && i < PAIRS && pairs[i].percent >= SHOWN; i++) {
		buf_addf(out, "<details><summary>%u %% : ", pairs[i].percent);
		put_html(out, pairs[i].a->student);
		buf_adds(out, " and ");
		put_html(out, pairs[i].b->student);
		buf_addf(out, " (%zu passages)</summary><table><tr>", pairs[i].shared);
		put_side(out, g, lab, pairs[i].a, pairs[i].b);
		put_side(out, g, lab, pairs[i].b, pairs[i].a);
		buf_adds(out, "</tr></table></details>\n");
	}
}

static void compare_lab(struct buf *out, struct grade *g, const struct lab *lab)
{
	sqlite3_stmt *row = book_ask(g, "SELECT student FROM submissions WHERE lab = ? AND state = 'taken' "
				     "ORDER BY student", "t", lab->id);
	struct paper *papers = NULL, skeleton = { 0 };
	struct pair *pairs = NULL;
	size_t count = 0, found = 0;

	read_paper(lab->dir, lab, &skeleton, NULL);
	while (book_row(g, &row)) {
		struct paper p = { .student = xstrdup(book_text(row, 0)) };
		char *dir = grade_taken_dir(g, p.student, lab->id);

		read_paper(dir, lab, &p, &skeleton);
		papers = xreallocarray(papers, count + 1, sizeof(p));
		papers[count++] = p;
		free(dir);
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			size_t least = papers[i].count < papers[j].count ? papers[i].count : papers[j].count;
			size_t shared = count_shared(&papers[i], &papers[j]);
			struct pair pair = { &papers[i], &papers[j], shared,
					     least ? shared * 100 / least : 0 };

			if (pair.percent < SHOWN || shared < 2)
				continue;
			/* Only the most alike are kept: the list stays short. */
			if (found == 4 * PAIRS) {
				qsort(pairs, found, sizeof(*pairs), by_percent);
				found = PAIRS;
			}
			if (!pairs)
				pairs = xcalloc(4 * PAIRS, sizeof(*pairs));
			pairs[found++] = pair;
		}
	if (found)
		qsort(pairs, found, sizeof(*pairs), by_percent);
	put_pairs(out, g, lab, pairs, found);
	for (size_t i = 0; i < count; i++) {
		free(papers[i].student);
		free(papers[i].prints);
	}
	free(papers);
	free(pairs);
	free(skeleton.prints);
}

int export_similar(struct grade *g)
{
	struct buf out = { 0 };

	buf_adds(&out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
		 "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
		 "<title>Alike submissions</title><style>body{font:15px/1.4 sans-serif;margin:2em}"
		 "pre{font-size:12px}td{vertical-align:top;padding-right:2em}mark{background:#ffe9a8}"
		 "</style></head><body><h1>Alike submissions</h1>\n<p>Passages that two submissions share and the "
		 "skeleton does not have, whatever the names and comments. The share is of the shorter one. "
		 "A short lab has few solutions, and a class has one lecture: this is where to look, "
		 "not what to conclude.</p>\n");
	for (size_t i = 0; i < g->lab_count; i++)
		compare_lab(&out, g, g->labs[i]);
	buf_adds(&out, "</body></html>\n");
	return export_write(g, "similar.html", &out);
}
