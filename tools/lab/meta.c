// SPDX-License-Identifier: GPL-2.0
/*
 * meta.c - all the labs of the tree, and finding one by what a person types;
 * see meta.h.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dirs.h"
#include "meta.h"
#include "root.h"

bool lab_is_task(const struct lab *lab)
{
	return lab->kind & (KIND_EXERCISE | KIND_BUGS);
}

const char *lab_kind_text(const struct lab *lab)
{
	static const char *const names[] = { "demo", "exercise", "bug hunt", "userland program" };
	const char *text = "";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (lab->kind & 1U << i)
			text = strf("%s%s%s", text, *text ? ", " : "", names[i]);
	return text;
}

const char *lab_kind_letters(const struct lab *lab)
{
	const char *text = "";

	for (size_t i = 0; i < 4; i++)
		if (lab->kind & 1U << i)
			text = strf("%s%s%c", text, *text ? " " : "", "DEBU"[i]);
	return text;
}

void lab_free(struct lab *lab)
{
	if (!lab)
		return;
	free(lab->id);
	free(lab->chapter);
	free(lab->name);
	free(lab->dir);
	free(lab->solution_dir);
	free(lab->title);
	free(lab->cmdline);
	strlist_free(&lab->files);
	strlist_free(&lab->hints);
	strlist_free(&lab->fails);
	for (size_t i = 0; i < lab->variant_count; i++) {
		free(lab->variants[i].name);
		free(lab->variants[i].cmdline);
	}
	free(lab->variants);
	free(lab->boot.initramfs);
	free(lab->boot.cmdline);
	strlist_free(&lab->boot.says);
	free(lab);
}

/* ch04_lkm, 01_hello: the prefix, two digits, an underscore, a name. */
static bool is_numbered(const char *name, const char *prefix)
{
	size_t len = strlen(prefix);

	return str_starts(name, prefix) && isdigit((unsigned char)name[len]) &&
	       isdigit((unsigned char)name[len + 1]) && name[len + 2] == '_' && name[len + 3];
}

static void append(struct lab ***items, size_t *count, struct lab *lab)
{
	*items = xreallocarray(*items, *count + 1, sizeof(**items));
	(*items)[(*count)++] = lab;
}

static void load_one(const char *root, const char *chapter, const char *name, struct labs *out)
{
	char *id = xasprintf("%s/%s", chapter, name);
	char *dir = xasprintf("%s/%s", root, id);
	char *ini = xasprintf("%s/lab.ini", dir);
	struct lab *lab;

	if (path_exists(ini)) {
		lab = lab_read(dir, id);
		if (lab) {
			lab->solution_dir = xasprintf("%s/solutions/%s", root, lab->id);
			append(&out->items, &out->count, lab);
		} else {
			strlist_add(&out->bad, id);
		}
	}
	free(ini);
	free(dir);
	free(id);
}

int labs_load(const char *root, struct labs *out)
{
	struct strlist chapters = { 0 };
	int result;

	*out = (struct labs){ 0 };
	result = list_dir(root, &chapters);
	if (result)
		complain(strf("the workbook's directory %s cannot be read", root),
			 errno_text(result), NULL);
	for (size_t i = 0; i < chapters.count; i++) {
		struct strlist names = { 0 };
		char *dir = xasprintf("%s/%s", root, chapters.items[i]);

		if (is_numbered(chapters.items[i], "ch") && is_dir(dir)) {
			int error = list_dir(dir, &names);

			if (error) {
				complain(strf("%s cannot be read", dir), errno_text(error), NULL);
				result = error;
			}
		}
		for (size_t j = 0; j < names.count; j++) {
			if (is_numbered(names.items[j], ""))
				load_one(root, chapters.items[i], names.items[j], out);
		}
		strlist_free(&names);
		free(dir);
	}
	strlist_free(&chapters);
	if (!result && out->bad.count)
		result = -EINVAL;
	return result;
}

bool labs_open(struct labs *out)
{
	const char *root = root_dir();

	*out = (struct labs){ 0 };
	if (root)
		labs_load(root, out);
	return root;
}

void labs_free(struct labs *labs)
{
	for (size_t i = 0; i < labs->count; i++)
		lab_free(labs->items[i]);
	for (size_t i = 0; i < labs->foreign_count; i++)
		lab_free(labs->foreign[i]);
	free(labs->items);
	free(labs->foreign);
	strlist_free(&labs->bad);
	*labs = (struct labs){ 0 };
}

/* Is this what people write for the chapter ch04_lkm: that, ch04, 4, lkm? */
static bool chapter_is(const char *chapter, size_t chapter_len, const char *word, size_t len)
{
	uint64_t number, own;
	char *digits;
	bool same;

	if (!len || chapter_len <= 5)
		return false;
	if (len == chapter_len && !strncmp(chapter, word, len))
		return true;
	if (len == chapter_len - 5 && !strncmp(chapter + 5, word, len))
		return true;
	digits = xstrndup(word, len);
	same = parse_u64(str_starts(digits, "ch") ? digits + 2 : digits, 0, 99, &number);
	free(digits);
	digits = xstrndup(chapter + 2, 2);
	same = same && parse_u64(digits, 0, 99, &own) && own == number;
	free(digits);
	return same;
}

bool lab_in_chapter(const struct lab *lab, const char *pattern)
{
	size_t len = strcspn(pattern, "/");

	/* ch04_lkm/ as the shell completes it. */
	return (!pattern[len] || !pattern[len + 1]) &&
	       chapter_is(lab->chapter, strlen(lab->chapter), pattern, len);
}

/* How well a pattern names a lab; the best kind that occurs decides. */
enum match { MATCH_NONE, MATCH_PART, MATCH_BARE, MATCH_NAME, MATCH_ID };

static enum match match_id(const char *id, const char *pattern)
{
	const char *name = base_name(id);
	const char *bare = name + strspn(name, "0123456789_");
	const char *slash = strchr(pattern, '/');

	if (!strcmp(id, pattern))
		return MATCH_ID;
	if (!strcmp(name, pattern))
		return MATCH_NAME;
	if (!strcmp(bare, pattern))
		return MATCH_BARE;
	/* ch04_lkm/hello, lkm/hello, 4/01_hello */
	if (slash && (!strcmp(bare, slash + 1) || !strcmp(name, slash + 1)) &&
	    chapter_is(id, name - 1 - id, pattern, slash - pattern))
		return MATCH_BARE;
	return strcasestr(id, pattern) ? MATCH_PART : MATCH_NONE;
}

static void suggest(const struct labs *labs, const char *pattern, struct strlist *near)
{
	const char *tail = base_name(pattern);

	tail += strspn(tail, "0123456789_");
	for (size_t i = 0; i < labs->count; i++) {
		const char *name = labs->items[i]->name;
		unsigned int limit = strlen(tail) / 3 + 1;

		name += strspn(name, "0123456789_");
		if (near->count < 4 && str_distance(tail, name) <= limit)
			strlist_add(near, labs->items[i]->id);
	}
}

static void complain_none(const struct labs *labs, const char *pattern)
{
	struct strlist near = { 0 };
	char *list;

	suggest(labs, pattern, &near);
	list = strlist_join(&near, ", ");
	if (is_dir(pattern))
		complain(strf("%s is a directory, but not a lab", pattern),
			 "it has no lab.ini",
			 strf("for a module directory of any kind: ./lab run %s", pattern));
	else
		complain(strf("there is no lab '%s'", pattern),
			 near.count ? strf("near it: %s", list) : NULL,
			 "see them all: ./lab list");
	free(list);
	strlist_free(&near);
}

static const struct lab *refuse_without_makefile(const struct lab *lab)
{
	if (lab->has_makefile)
		return lab;
	complain(strf("the lab %s has no Makefile", lab->id),
		 strf("%s/Makefile is not there, so nothing can be built", lab->dir),
		 *lab->chapter ? strf("put it back: git checkout -- %s/Makefile", lab->id) :
				 "write one of three lines, as docs/authoring.md shows");
	return NULL;
}

static const struct lab *find_bad(const char *id)
{
	complain(strf("the lab %s cannot be used", id), "its lab.ini has the errors told above",
		 strf("git diff -- %s/lab.ini shows what was changed", id));
	return NULL;
}

/* The directory is real and has a lab.ini. */
static const struct lab *find_dir(struct labs *labs, const char *dir)
{
	struct lab *lab;

	for (size_t i = 0; i < labs->count; i++) {
		char *real = realpath(labs->items[i]->dir, NULL);
		bool same = real && !strcmp(real, dir);

		free(real);
		if (same)
			return labs->items[i];
	}
	for (size_t i = 0; i < labs->foreign_count; i++)
		if (!strcmp(labs->foreign[i]->dir, dir))
			return labs->foreign[i];
	for (size_t i = 0; i < labs->bad.count; i++)
		if (str_ends(dir, strf("/%s", labs->bad.items[i])))
			return find_bad(labs->bad.items[i]);
	lab = lab_read(dir, base_name(dir));
	if (lab)
		append(&labs->foreign, &labs->foreign_count, lab);
	return lab;
}

static bool has_ini(const char *dir)
{
	char *ini = xasprintf("%s/lab.ini", dir);
	bool has = path_exists(ini);

	free(ini);
	return has;
}

/* Of the current directory or the nearest above it. */
static const struct lab *find_here(struct labs *labs)
{
	char *dir = getcwd(NULL, 0);
	const struct lab *lab = NULL;
	char *slash;

	while (dir && !has_ini(dir) && (slash = strrchr(dir, '/'))) {
		if (slash == dir)
			break;
		*slash = '\0';
	}
	if (dir && has_ini(dir))
		lab = find_dir(labs, dir);
	else
		complain("no lab was named", "and the current directory is not inside a lab",
			 "name one, for instance: hello. See them all: ./lab list");
	free(dir);
	return lab ? refuse_without_makefile(lab) : NULL;
}

static const struct lab *find_by_name(struct labs *labs, const char *pattern)
{
	const struct lab *found = NULL;
	struct strlist candidates = { 0 };
	enum match best = MATCH_NONE;
	const char *bad = NULL;
	char *list;

	for (size_t i = 0; i < labs->count + labs->bad.count; i++) {
		const struct lab *lab = i < labs->count ? labs->items[i] : NULL;
		const char *id = lab ? lab->id : labs->bad.items[i - labs->count];
		enum match match = match_id(id, pattern);

		if (match > best) {
			best = match;
			strlist_free(&candidates);
		}
		if (match == best && match != MATCH_NONE) {
			strlist_add(&candidates, id);
			found = lab;
			bad = lab ? NULL : id;
		}
	}
	list = strlist_join(&candidates, "\n");
	if (candidates.count == 0) {
		complain_none(labs, pattern);
		found = NULL;
	} else if (candidates.count > 1) {
		complain(strf("'%s' can be %zu labs", pattern, candidates.count), list,
			 "give more of the id, so that only one has it");
		found = NULL;
	} else if (bad) {
		find_bad(bad);
	}
	free(list);
	strlist_free(&candidates);
	return found ? refuse_without_makefile(found) : NULL;
}

const struct lab *lab_find(struct labs *labs, const char *pattern)
{
	const struct lab *lab;
	char *trimmed, *dir;

	if (!pattern)
		return find_here(labs);
	dir = realpath(pattern, NULL);
	if (dir && is_dir(dir) && has_ini(dir)) {
		lab = find_dir(labs, dir);
		free(dir);
		return lab ? refuse_without_makefile(lab) : NULL;
	}
	free(dir);
	/* ./ch04_lkm/01_hello/ from somewhere else: as the id. */
	trimmed = xstrdup(str_starts(pattern, "./") ? pattern + 2 : pattern);
	for (size_t len = strlen(trimmed); len > 1 && trimmed[len - 1] == '/'; len--)
		trimmed[len - 1] = '\0';
	lab = find_by_name(labs, *trimmed ? trimmed : pattern);
	free(trimmed);
	return lab;
}
