// SPDX-License-Identifier: GPL-2.0
/*
 * What passed once, with the same lab, tools, kernel and gate, is not judged
 * again: its name is a hash of all of them, kept in the cache, with what was said, of
 * skipped checks, too. GATE_ANEW=1 in the environment judges everything, as check-long
 * does.
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "gate.h"
#include "kernel.h"

static struct buf recorded;
static size_t root_len;	/* where the tree is makes no difference */
static bool recording, spoilt;

#define SKIPPED "skipped: "

void memo_note(const char *text, bool skipped)
{
	if (!recording)
		return;
	if (text)
		buf_addf(&recorded, "%s%s\n", skipped ? SKIPPED : "", text);
	else
		spoilt = true;
}

static bool is_input(const char *name)
{
	static const char *const suffixes[] = {
		".c", ".h", ".S", ".ini", ".mk", ".txt", ".def", ".config", ".patch",
		".cocci",
	};

	if (!strcmp(name, "Makefile") || !strcmp(name, "Kbuild"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (str_ends(name, suffixes[i]) && !str_ends(name, ".mod.c"))
			return true;
	return false;
}

static void hash_file(EVP_MD_CTX *md, const char *path)
{
	size_t len;
	char *data = read_whole(path, &len);

	EVP_DigestUpdate(md, path + root_len, strlen(path + root_len) + 1);
	if (data)
		EVP_DigestUpdate(md, data, len + 1);
	free(data);
}

static void hash_tree(EVP_MD_CTX *md, const char *dir, int depth)
{
	struct strlist names = { 0 };

	if (is_dir(dir))
		list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = xasprintf("%s/%s", dir, names.items[i]);

		if (is_dir(path)) {
			if (depth && strcmp(names.items[i], "build"))
				hash_tree(md, path, depth - 1);
		} else if (is_input(names.items[i])) {
			hash_file(md, path);
		}
		free(path);
	}
	strlist_free(&names);
}

static void hex_of(EVP_MD_CTX *md, struct buf *hex)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	EVP_DigestFinal_ex(md, digest, &len);
	EVP_MD_CTX_free(md);
	for (unsigned int i = 0; i < len; i++)
		buf_addf(hex, "%02x", digest[i]);
}

static EVP_MD_CTX *digest_new(void)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();

	if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL))
		abort();
	return md;
}

/*
 * What all judgements depend on; read once, before the workers start. That of style
 * asks the compiler and its friends, and none of tools/.
 */
static const char *base_of(const struct gate *gate, bool style)
{
	static struct buf bases[2];
	EVP_MD_CTX *md;

	if (bases[style].len)
		return bases[style].data;
	md = digest_new();
	hash_tree(md, strf("%s/common", gate->root), 2);
	if (!style)
		hash_tree(md, strf("%s/tools", gate->root), 2);
	hash_tree(md, strf("%s/tests/gate", gate->root), 0);
	hash_tree(md, strf("%s/ch02_build/lanes", gate->root), 0);
	hex_of(md, &bases[style]);
	return bases[style].data;
}

void memo_prepare(const struct gate *gate)
{
	root_len = strlen(gate->root);
	base_of(gate, false);
	base_of(gate, true);
}

/* how: what is done with the lab; extra: a further file, or NULL. */
char *memo_key(const struct gate *gate, const struct lab *lab, const char *how,
	       const char *kernel, const char *extra)
{
	EVP_MD_CTX *md = digest_new();
	struct kernel k = { 0 };
	struct buf key = { 0 };
	char *head;

	head = xasprintf("%s %s %s %s", base_of(gate, str_starts(how, "style")), how,
			 lab->id, kernel ? kernel : "");
	EVP_DigestUpdate(md, head, strlen(head) + 1);
	if (kernel && !kernel_load(kernel, &k)) {
		EVP_DigestUpdate(md, k.release, strlen(k.release) + 1);
		EVP_DigestUpdate(md, k.version, strlen(k.version) + 1);
		kernel_free(&k);
	}
	hash_tree(md, lab->dir, 1);
	if (lab->solution_dir)
		hash_tree(md, lab->solution_dir, 1);
	if (extra)
		hash_file(md, extra);
	hex_of(md, &key);
	free(head);
	return buf_steal(&key);
}

static bool may_remember(void)
{
	const char *anew = getenv("GATE_ANEW");

	return !anew || !*anew || !strcmp(anew, "0");
}

bool memo_known(const char *key)
{
	char *path = cache_path("gate/%s", key);
	bool known = may_remember() && is_file(path);

	free(path);
	return known;
}

void memo_begin(void)
{
	recording = true;
	spoilt = false;
	buf_free(&recorded);
}

bool memo_recall(const char *key)
{
	char *path = cache_path("gate/%s", key);
	char *text = may_remember() ? read_whole(path, NULL) : NULL;
	struct strlist lines = { 0 };
	bool known;

	strlist_split(&lines, text ? text : "", "\n");
	for (size_t i = 0; i < lines.count; i++) {
		if (str_starts(lines.items[i], SKIPPED))
			skip(lines.items[i] + strlen(SKIPPED), "as before");
		else
			pass("%s (as before)", lines.items[i]);
	}
	known = lines.count;
	free(text);
	free(path);
	strlist_free(&lines);
	recording = false;
	if (!known)
		memo_begin();
	return known;
}

void memo_keep(const char *key)
{
	char *dir = cache_path("gate"), *path = cache_path("gate/%s", key);

	if (recording && !spoilt && recorded.len && !mkdir_p(dir))
		write_whole(path, recorded.data, recorded.len);
	recording = false;
	buf_free(&recorded);
	free(path);
	free(dir);
}
