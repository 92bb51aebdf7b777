// SPDX-License-Identifier: GPL-2.0
/*
 * allocsel --code prints code that compiles: every distinct text that it can
 * print for the requests of the domain is built, as modules, for every kernel,
 * with the warnings of W=1. Texts that include the same headers share a file,
 * so that none is helped by a header that it does not include itself; their
 * names get a number each.
 *
 *	test_code DIRECTORY	to build in
 *
 * Texts that differ in their numbers alone count as one, but for LONG=1 in the
 * environment.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc_api.h"
#include "code.h"
#include "domain.h"
#include "kbuild.h"
#include "selector.h"
#include "tap.h"

#define MAX_TEXTS (1U << 15)
#define MAX_GROUPS 64
#define PER_FILE 400

/* A text without its comment; how long its lines of #include are. */
static struct {
	char *text;
	size_t headers;
	bool builtin;
} texts[MAX_TEXTS];
static u32 nr_texts;
static bool all;	/* also those that differ in their numbers alone */

/* What the text depends on, so that most requests need not be printed. */
struct key {
	u64 size;
	u64 nmemb;
	u32 gfp;
	int node;
	u8 api;
	u8 scope;
	u8 life;
	bool clear;
	bool user_map;
};

static struct {
	struct key key;
	bool used;
} keys[MAX_TEXTS];
static u32 nr_keys, apis;

static u32 hash(const void *what, size_t len)
{
	const unsigned char *byte = what;
	u32 sum = 2166136261u;

	while (len--)
		sum = (sum ^ *byte++) * 16777619u;
	return sum % MAX_TEXTS;
}

/* True when it was not there. */
static bool key_add(const struct key *key)
{
	u32 slot = hash(key, sizeof(*key));

	while (keys[slot].used) {
		if (!memcmp(&keys[slot].key, key, sizeof(*key)))
			return false;
		slot = (slot + 1) % MAX_TEXTS;
	}
	if (++nr_keys > MAX_TEXTS / 4 * 3)
		tap_bail("the table of keys is too small");
	keys[slot].key = *key;
	keys[slot].used = true;
	return true;
}

/* One digit stands for any number. */
static u32 shape_of(const char *text)
{
	u32 sum = 2166136261u;
	bool digit = false;

	for (; *text; text++) {
		bool now = isdigit((unsigned char)*text);

		if (!now || !digit)
			sum = (sum ^ (now ? '0' : *text)) * 16777619u;
		digit = now;
	}
	return sum;
}

static bool shape_is_new(const char *text)
{
	static u32 shapes[MAX_TEXTS];
	static u32 count;
	u32 shape = shape_of(text), i;

	for (i = 0; i < count; i++)
		if (shapes[i] == shape)
			return false;
	shapes[count++] = shape;
	return true;
}

static void text_add(char *text, bool builtin)
{
	char *body = strstr(text, "*/\n"), *end;
	u32 slot;

	if (!body)
		tap_bail("no comment before the code:\n%s", text);
	body += 3;
	memmove(text, body, strlen(body) + 1);
	slot = hash(text, strlen(text));
	while (texts[slot].text) {
		if (!strcmp(texts[slot].text, text)) {
			free(text);
			return;
		}
		slot = (slot + 1) % MAX_TEXTS;
	}
	if (!all && !shape_is_new(text)) {
		free(text);
		return;
	}
	nr_texts++;
	texts[slot].text = text;
	texts[slot].builtin = builtin;
	end = strstr(text, "\n\n");
	if (!end)
		tap_bail("no code after the headers:\n%s", text);
	texts[slot].headers = end + 1 - text;
}

static void render(const struct alloc_request *req, const struct alloc_env *env)
{
	struct alloc_decision decision =
		alloc_selector_finished.select(req, env);
	struct key key;
	char *text;
	size_t len;
	FILE *out;

	if (decision.err)
		return;
	memset(&key, 0, sizeof(key));	/* what is between the members, too */
	key.size = req->size;
	key.nmemb = req->nmemb;
	key.gfp = decision.gfp;
	key.node = req->node;
	key.api = decision.api;
	key.scope = decision.scope;
	key.life = req->life;
	key.clear = decision.clear;
	key.user_map = req->user_map;
	if (!key_add(&key))
		return;
	apis |= 1U << decision.api;
	out = open_memstream(&text, &len);
	if (!out)
		tap_bail("no memory");
	code_print(out, req, &decision);
	if (fclose(out))
		tap_bail("no memory");
	text_add(text, req->when == ALLOC_EARLY_BOOT);
}

static void visit(const struct alloc_request *req, const struct alloc_env *env,
		  void *data)
{
	struct alloc_request other = *req;

	(void)data;
	render(req, env);
	if (req->ctx == ALLOC_NOFS) {	/* the domain leaves its twin out */
		other.ctx = ALLOC_NOIO;
		render(&other, env);
	}
}

/* ---- files ---- */

/* The names that every text has, with a number added. */
static void print_numbered(FILE *file, const char *text, u32 number)
{
	while (*text) {
		size_t len = 0;
		char before = text[-1];

		while (isalnum((unsigned char)text[len]) || text[len] == '_')
			len++;
		if (!len) {
			fputc(*text++, file);
			continue;
		}
		fwrite(text, 1, len, file);
		if (before != '.' && before != '>' && before != '"' &&
		    (!strncmp(text, "buffer", 6) ||
		     (len == 4 && !strncmp(text, "pool", 4)) ||
		     (len == 5 && !strncmp(text, "cache", 5))))
			fprintf(file, "_%u", number);
		text += len;
	}
}

/* Functions that nothing calls would be warned of. */
static void print_uses(FILE *file, const char *text, u32 number)
{
	static const char *const names[] = {
		"buffer_setup", "buffer_teardown", "buffer_free",
		"buffer_alloc", "buffer_mmap",
	};
	size_t i;

	fprintf(file, "\nstatic void *const uses_%u[] __used = {\n", number);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char call[32];

		snprintf(call, sizeof(call), " %s(", names[i]);
		if (strstr(text, call))
			fprintf(file, "\t%s_%u,\n", names[i], number);
	}
	fputs("};\n", file);
}

struct file {
	FILE *stream;
	const char *headers;
	size_t len;
	bool builtin;
	u32 count;
};

static struct file files[MAX_GROUPS];
static u32 nr_files;

static struct file *file_for(const char *dir, u32 slot)
{
	const char *headers = texts[slot].text;
	size_t len = texts[slot].headers;
	struct file *file;
	char *path;
	u32 i;

	for (i = 0; i < nr_files; i++)
		if (files[i].len == len && files[i].count < PER_FILE &&
		    files[i].builtin == texts[slot].builtin &&
		    !memcmp(files[i].headers, headers, len))
			return &files[i];
	if (nr_files == MAX_GROUPS)
		tap_bail("too many sets of headers");
	file = &files[nr_files];
	if (asprintf(&path, "%s/code%u.c", dir, nr_files) < 0)
		tap_bail("no memory");
	*file = (struct file) {
		.stream = fopen(path, "w"), .headers = headers, .len = len,
		.builtin = texts[slot].builtin,
	};
	free(path);
	if (!file->stream)
		tap_bail("cannot write into %s", dir);
	nr_files++;
	/* linux/module.h comes last: it would bring headers in. */
	fwrite(headers, 1, len, file->stream);
	return file;
}

static void write_files(const char *dir)
{
	u32 slot, i;

	for (slot = 0; slot < MAX_TEXTS; slot++) {
		struct file *file;

		if (!texts[slot].text)
			continue;
		file = file_for(dir, slot);
		print_numbered(file->stream,
			       texts[slot].text + texts[slot].headers, slot);
		print_uses(file->stream, texts[slot].text, slot);
		file->count++;
	}
	for (i = 0; i < nr_files; i++) {
		fputs("\n#include <linux/module.h>\n\nMODULE_LICENSE(\"GPL\");\n"
		      "MODULE_DESCRIPTION(\"Code that allocsel prints\");\n"
		      "\n#ifdef PLANTED\nstatic int unused;\n#endif\n",
		      files[i].stream);
		if (fclose(files[i].stream))
			tap_bail("cannot write into %s", dir);
	}
}

/* Built-in code cannot be linked as a module: memblock is not exported. */
static void write_makefile(const char *dir)
{
	char *path;
	FILE *file;
	u32 i;

	if (asprintf(&path, "%s/Makefile", dir) < 0)
		tap_bail("no memory");
	file = fopen(path, "w");
	if (!file)
		tap_bail("cannot write %s", path);
	fputs("# Written by test_code.\nobj-m :=", file);
	for (i = 0; i < nr_files; i++)
		if (!files[i].builtin)
			fprintf(file, " code%u.o", i);
	fputc('\n', file);
	if (fclose(file))
		tap_bail("cannot write %s", path);
	free(path);
}

static void build(const char *kernel, const char *dir)
{
	char what[32], *text;
	bool ok;
	u32 i;

	text = kbuild_make(kernel, dir, "modules", &ok);
	if (!ok)
		tap_note("%s", text);
	tap_ok(ok, "%s: what --code prints for modules compiles and links", kernel);
	free(text);
	text = kbuild_make(kernel, dir, "KCFLAGS=-DPLANTED code0.o", &ok);
	tap_ok(!ok && strstr(text, "unused"), "%s: a warning would be noticed",
	       kernel);
	free(text);
	for (i = 0; i < nr_files; i++) {
		if (!files[i].builtin)
			continue;
		snprintf(what, sizeof(what), "code%u.o", i);
		text = kbuild_make(kernel, dir, what, &ok);
		if (!ok)
			tap_note("%s", text);
		tap_ok(ok, "%s: what --code prints for early boot compiles",
		       kernel);
		free(text);
	}
}

int main(int argc, char **argv)
{
	const char *const *kernel;
	static const char *const nothing[] = { NULL };
	char *dir;
	u32 slot;

	if (argc != 2)
		tap_bail("usage: test_code DIRECTORY");
	all = getenv("LONG") && strcmp(getenv("LONG"), "0");
	domain_each(visit, NULL);
	for (kernel = kbuild_kernels(); *kernel; kernel++) {
		if (asprintf(&dir, "%s/code-%s", argv[1], *kernel) < 0)
			tap_bail("no memory");
		kbuild_stage(dir, nothing);
		nr_files = 0;
		write_files(dir);
		write_makefile(dir);
		if (kernel == kbuild_kernels()) {
			tap_note("%u distinct texts in %u files", nr_texts,
				 nr_files);
			tap_ok(nr_texts > 200 &&
			       apis == (1U << ALLOC_NR_APIS) - 2,
			       "all of the allocators are among them");
		}
		build(*kernel, dir);
		free(dir);
	}
	for (slot = 0; slot < MAX_TEXTS; slot++)
		free(texts[slot].text);
	return tap_done();
}
