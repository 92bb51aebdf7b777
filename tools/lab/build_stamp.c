// SPDX-License-Identifier: GPL-2.0
/* What decides which commands make runs, in one word. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_private.h"
#include "root.h"

/* Raised when the way of recording changes. */
#define STAMP_FORMAT "1"

char *build_identity(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return xstrdup("");
	return xasprintf("%llu %llu %lld %lld.%09ld",
			 (unsigned long long)st.st_dev,
			 (unsigned long long)st.st_ino, (long long)st.st_size,
			 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static void add_text(EVP_MD_CTX *md, const char *text)
{
	EVP_DigestUpdate(md, text, strlen(text) + 1);
}

static void add_content(EVP_MD_CTX *md, const char *path)
{
	size_t len = 0;
	char *data = read_whole(path, &len);

	add_text(md, strf("%s %zu", path, data ? len : 0));
	if (data)
		EVP_DigestUpdate(md, data, len);
	free(data);
}

/*
 * make takes any variable of the environment for its own. These are known to
 * belong to a terminal or a session, and change from one to the next.
 */
static bool is_of_session(const char *variable)
{
	static const char *const names[] = {
		"_", "TERM", "COLORTERM", "LINES", "COLUMNS", "WINDOWID",
		"DISPLAY", "XAUTHORITY", "STY", "TMUX", "SHLVL", "PWD",
		"OLDPWD", "LS_COLORS", "EDITOR", "VISUAL", "PAGER", "LESS",
		"NO_COLOR", "CLICOLOR_FORCE", "INVOCATION_ID", "JOURNAL_STREAM",
		"TMPDIR", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
		"MAKE_TERMOUT", "MAKE_TERMERR", "MAIL", "LAB", "USER", "LOGNAME",
	};
	static const char *const prefixes[] = {
		"WAYLAND_", "XDG_", "SSH_", "TMUX_", "DBUS_", "GPG_", "LAB_",
		"WB_", "VTE_", "GNOME_", "KDE_", "KONSOLE_", "DESKTOP_",
		"SESSION_", "HIST", "ASAN_", "UBSAN_",
	};
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == len &&
		    !strncmp(variable, names[i], len))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (str_starts(variable, prefixes[i]))
			return true;
	return false;
}

static void add_environment(EVP_MD_CTX *md)
{
	struct strlist all = { 0 };

	for (char **at = environ; *at; at++)
		if (!is_of_session(*at))
			strlist_add(&all, *at);
	strlist_sort(&all);
	for (size_t i = 0; i < all.count; i++)
		add_text(md, all.items[i]);
	strlist_free(&all);
}

/* What a kernel's tree builds modules with; another revision is another file. */
static void add_kernel(EVP_MD_CTX *md, const char *tree)
{
	static const char *const files[] = {
		"Makefile", "Module.symvers", ".config", "vmlinux",
		"include/config/auto.conf", "include/generated/autoconf.h",
		"scripts/mod/modpost", "scripts/basic/fixdep",
		"scripts/genksyms/genksyms", "tools/objtool/objtool",
		"arch/x86/module.lds", "scripts/module.lds", "workbook.mk",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = xasprintf("%s/%s", tree, files[i]);
		char *identity = build_identity(path);

		add_text(md, identity);
		free(identity);
		free(path);
	}
}

/* A header that was replaced by an older one is not newer than the object. */
static void add_headers(EVP_MD_CTX *md, const char *below)
{
	char *dir = root_path("%s", below);
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (str_ends(names.items[i], ".h"))
			add_content(md, strf("%s/%s", dir, names.items[i]));
	strlist_free(&names);
	free(dir);
}

/* The harness is built by the launcher; where it was not, make does it. */
static bool harness_is_old(void)
{
	char *dir = root_path("common/check"), *lib = root_path("build/check/libcheck.a");
	struct strlist names = { 0 };
	struct stat made, st;
	bool old = stat(lib, &made);

	list_dir(dir, &names);
	strlist_add(&names, "../check.h");
	for (size_t i = 0; i < names.count && !old; i++)
		old = stat(strf("%s/%s", dir, names.items[i]), &st) ||
		      st.st_mtim.tv_sec > made.st_mtim.tv_sec;
	strlist_free(&names);
	free(dir);
	free(lib);
	return old;
}

char *build_stamp(const char *const argv[], const struct strlist *seen,
		  const struct build *b)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct strlist names = { 0 };
	unsigned int len = 0;
	struct buf hex = { 0 };
	char *mk;

	if (!md || !EVP_DigestInit_ex(md, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(md);
		return NULL;
	}
	add_text(md, STAMP_FORMAT);
	add_text(md, b->dir);
	for (; *argv; argv++) {
		add_text(md, *argv);
		if (str_starts(*argv, "KDIR="))
			add_kernel(md, *argv + strlen("KDIR="));
		if (str_starts(*argv, "WB_SOURCE="))
			add_content(md, strf("%s/Makefile", *argv + strlen("WB_SOURCE=")));
	}
	mk = root_path("common/lab.mk");
	add_content(md, mk);
	free(mk);
	add_headers(md, "common");
	add_headers(md, "common/check");
	for (size_t i = 0; i < seen->count; i++)
		strlist_add(&names, seen->items[i]);
	strlist_sort(&names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = base_name(names.items[i]);

		add_text(md, names.items[i]);
		/* The others are what rules are applied to. */
		if (str_ends(name, ".mk") || str_ends(name, ".lds") ||
		    !strcmp(name, "Makefile") || !strcmp(name, "Kbuild"))
			add_content(md, names.items[i]);
	}
	strlist_free(&names);
	add_environment(md);
	add_text(md, harness_is_old() ? "old" : "");
	if (EVP_DigestFinal_ex(md, digest, &len))
		for (unsigned int i = 0; i < len && i < 16; i++)
			buf_addf(&hex, "%02x", digest[i]);
	EVP_MD_CTX_free(md);
	return buf_steal(&hex);
}
