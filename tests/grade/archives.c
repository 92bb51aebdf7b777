// SPDX-License-Identifier: GPL-2.0
/*
 * archives.c - archives that no tool of good will makes, written with
 * libarchive: the attacks of the family "the archive".
 */
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "gradelab.h"

struct making {
	struct archive *archive;
	char *skeleton;
};

static void put(struct making *m, const char *name, unsigned int type, const char *link,
		const void *data, int64_t len)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, type == AE_IFREG ? len : 0);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(entry, link);
	else if (link)
		archive_entry_set_hardlink(entry, link);
	if (type == AE_IFCHR)
		archive_entry_set_rdev(entry, 0x103);
	if (archive_write_header(m->archive, entry) > ARCHIVE_WARN && data && len)
		archive_write_data(m->archive, data, len);
	archive_entry_free(entry);
}

static void put_text(struct making *m, const char *name, const char *text)
{
	put(m, name, AE_IFREG, NULL, text, strlen(text));
}

static void put_zeros(struct making *m, const char *name, int64_t len)
{
	static const char zeros[1 << 20];

	put(m, name, AE_IFREG, NULL, NULL, len);
	for (; len > 0; len -= sizeof(zeros))
		archive_write_data(m->archive, zeros, sizeof(zeros));
}

static void traversal(struct making *m)
{
	put_text(m, "../hello.c", m->skeleton);
	put_text(m, "a/../../../../../../tmp/pwned/hello.c", m->skeleton);
}

static void absolute_path(struct making *m)
{
	put_text(m, "/tmp/pwned/hello.c", m->skeleton);
}

static void symlink_(struct making *m)
{
	put(m, "hello.c", AE_IFLNK, "/etc/passwd", NULL, 0);
}

static void symlink_on_the_way(struct making *m)
{
	put(m, "dir", AE_IFLNK, "/tmp", NULL, 0);
	put_text(m, "dir/hello.c", m->skeleton);
}

static void hard_link(struct making *m)
{
	put(m, "hello.c", AE_IFREG, "/etc/shadow", NULL, 0);
}

static void device(struct making *m)
{
	put(m, "hello.c", AE_IFCHR, NULL, NULL, 0);
}

static void pipe_(struct making *m)
{
	put(m, "hello.c", AE_IFIFO, NULL, NULL, 0);
}

static void tar_bomb(struct making *m)
{
	put_zeros(m, "zeros", 2LL << 30);
}

static void zip_bomb(struct making *m)
{
	put_zeros(m, "hello.c", 1LL << 30);
}

static void too_many(struct making *m)
{
	for (int i = 0; i < 20000; i++)
		put_text(m, strf("%d", i), "");
}

static void encrypted(struct making *m)
{
	put_text(m, "hello.c", m->skeleton);
}

static void odd_names(struct making *m)
{
	put_text(m, "\033]0;title\a/hello.c", m->skeleton);
	put_text(m, "a\nb/hello.c", m->skeleton);
}

static void two_of_one_name(struct making *m)
{
	put_text(m, "old/hello.c", "int old;\n");
	put_text(m, "new/hello.c", m->skeleton);
}

static void own_makefile(struct making *m)
{
	static const char evil[] = "$(shell touch /tmp/pwned)\nall modules:\n\ttouch /tmp/pwned\nobj-m := hello.o\n";

	put_text(m, "hello.c", m->skeleton);
	put_text(m, "Makefile", evil);
	put_text(m, "Kbuild", evil);
	put_text(m, "lab.ini", "[lab]\ntitle = easy\n");
	put_text(m, "check.c", "int main(void) { return 0; }\n");
	put_text(m, "check", "#!/bin/sh\necho 1..1; echo ok 1 greets\n");
	put_text(m, "hello.o_shipped", "x");
	put_text(m, ".hello.o.cmd", evil);
	put_text(m, "../common/lab.mk", evil);
}

static void too_long(struct making *m)
{
	static char noise[3 << 20];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = test_random();
	put(m, "hello.c", AE_IFREG, NULL, noise, sizeof(noise));
}

static void deep_path(struct making *m)
{
	struct buf name = { 0 };

	for (int i = 0; i < 2000; i++)
		buf_adds(&name, "d/");
	buf_adds(&name, "hello.c");
	put_text(m, name.data, m->skeleton);
	buf_free(&name);
}

static const struct {
	const char *name;
	void (*make)(struct making *m);
	bool zip;
} makers[] = {
	{ "traversal", traversal, false }, { "absolute_path", absolute_path, false },
	{ "symlink", symlink_, false }, { "symlink_on_the_way", symlink_on_the_way, false },
	{ "hard_link", hard_link, false }, { "device", device, false }, { "pipe", pipe_, false },
	{ "tar_bomb", tar_bomb, false }, { "zip_bomb", zip_bomb, true },
	{ "too_many", too_many, false }, { "encrypted", encrypted, true },
	{ "odd_names", odd_names, false }, { "two_of_one_name", two_of_one_name, true },
	{ "own_makefile", own_makefile, false }, { "too_long", too_long, true },
	{ "deep_path", deep_path, false },
};

static void write_archive(const char *path, bool zip, bool secret, void (*make)(struct making *m))
{
	struct making m = { .archive = archive_write_new() };

	m.skeleton = read_whole(LAB_TOP "/" HELLO "/hello.c", NULL);
	if (zip) {
		archive_write_set_format_zip(m.archive);
	} else {
		archive_write_set_format_pax_restricted(m.archive);
		archive_write_add_filter_gzip(m.archive);
	}
	if (secret) {
		archive_write_set_options(m.archive, "zip:encryption=traditional");
		archive_write_set_passphrase(m.archive, "a secret");
	}
	if (archive_write_open_filename(m.archive, path) != ARCHIVE_OK)
		FAIL("%s: %s", path, archive_error_string(m.archive));
	make(&m);
	archive_write_close(m.archive);
	archive_write_free(m.archive);
	free(m.skeleton);
}

/* A header that promises far more than there is. */
static void false_size(const char *path)
{
	char block[1024] = "hello.c";
	unsigned int sum = 0;

	memcpy(block + 100, "0000644", 8);
	memcpy(block + 108, "0000000", 8);
	memcpy(block + 116, "0000000", 8);
	memcpy(block + 124, "77777777777", 12);
	memcpy(block + 136, "00000000000", 12);
	memset(block + 148, ' ', 8);
	block[156] = '0';
	memcpy(block + 257, "ustar\00000", 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", sum);
	ASSERT_EQ(write_whole(path, block, sizeof(block)), 0);
}

static void no_archive(const char *path)
{
	char noise[4096];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = test_random();
	ASSERT_EQ(write_whole(path, noise, sizeof(noise)), 0);
}

static void link_in_bundle(const char *path)
{
	const char *repo = xasprintf("%s.repo", path);
	const char *script = "git init -q . && ln -s /etc/passwd hello.c && git add hello.c && "
		"git -c user.name=a -c user.email=a@b commit -q -m a && git bundle create -q out.bundle HEAD";
	const char *const argv[] = { "sh", "-c", xasprintf("mkdir -p '%s' && cd '%s' && %s", repo, repo, script), NULL };
	struct ran ran = run_program(argv);

	EXPECT(ran, 0);
	ASSERT_EQ(rename(xasprintf("%s/out.bundle", repo), path), 0);
	rm_rf(repo);
}

bool make_archive(const char *name, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(makers); i++)
		if (!strcmp(makers[i].name, name)) {
			write_archive(path, makers[i].zip, !strcmp(name, "encrypted"), makers[i].make);
			return true;
		}
	if (!strcmp(name, "false_size"))
		false_size(path);
	else if (!strcmp(name, "no_archive"))
		no_archive(path);
	else if (!strcmp(name, "link_in_bundle"))
		link_in_bundle(path);
	else if (!strcmp(name, "link_in_folder")) {
		ASSERT_EQ(mkdir_p(path), 0);
		ASSERT_EQ(symlink("/etc/passwd", strf("%s/hello.c", path)), 0);
	} else if (!strcmp(name, "link_for_folder")) {
		ASSERT_EQ(symlink("/", path), 0);
	} else {
		return false;
	}
	return true;
}
