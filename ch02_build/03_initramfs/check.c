// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of the archives that mkcpio makes. What must hold of init is
 * in check_init.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "check_cpio.h"

#define WANTS	64

/* An entry as it should come out. */
struct want {
	char name[32];
	unsigned int field[C_FIELDS];
	char *data;
};

FIXTURE(packer) {
	char dir[32];		/* for the list, the files, the archive */
	FILE *list;
	char mtime[16];
	struct want want[WANTS];
	size_t count;
	struct cpio cpio;
};

FIXTURE_SETUP(packer)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/packer-XXXXXX");
	ASSERT_NOTNULL(mkdtemp(self->dir));
	ASSERT_OK(libc_ret(chdir(self->dir)));
	self->list = fopen("list", "we");
	ASSERT_NOTNULL(self->list);
	fputs("# written by the check\n\n", self->list);
	snprintf(self->mtime, sizeof(self->mtime), "0");
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

FIXTURE_TEARDOWN(packer)
{
	if (self->list)
		fclose(self->list);
	for (size_t i = 0; i < self->count; i++)
		free(self->want[i].data);
	cpio_free(&self->cpio);
	nftw(self->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The largest one, too, is an owner that the format can say. */
static unsigned int random_owner(size_t n)
{
	return n % 4 == 2 ? 0xffffffff : check_random_range(0, 0xffffffff);
}

/* A new entry with random permissions and owners. */
static struct want *want(struct fixture_packer *self, const char *name,
			 unsigned int type)
{
	struct want *w = &self->want[self->count++];

	snprintf(w->name, sizeof(w->name), "%s", name);
	w->field[C_MODE] = type | check_random_range(0, 07777);
	w->field[C_UID] = random_owner(self->count);
	w->field[C_GID] = random_owner(self->count + 1);
	w->field[C_NLINK] = S_ISDIR(type) ? 2 : 1;
	w->field[C_NAMESIZE] = strlen(name) + 1;
	return w;
}

static void list_owner(struct fixture_packer *self, const struct want *w)
{
	fprintf(self->list, " %04o %u %u", w->field[C_MODE] & 07777,
		w->field[C_UID], w->field[C_GID]);
}

static void add_dir(struct fixture_packer *self, const char *name)
{
	struct want *w = want(self, name, S_IFDIR);

	fprintf(self->list, "dir /%s", name);
	list_owner(self, w);
	fputc('\n', self->list);
}

static void add_link(struct fixture_packer *self, const char *name,
		     size_t len)
{
	struct want *w = want(self, name, S_IFLNK);

	w->data = malloc(len + 1);
	ASSERT_NOTNULL(w->data);
	check_random_word(w->data, len + 1);
	w->field[C_FILESIZE] = len;
	fprintf(self->list, "slink /%s %s", name, w->data);
	list_owner(self, w);
	fputc('\n', self->list);
}

static void add_node(struct fixture_packer *self, const char *name, char type,
		     unsigned int major, unsigned int minor)
{
	struct want *w = want(self, name, type == 'b' ? S_IFBLK : S_IFCHR);

	w->field[C_RDEVMAJOR] = major;
	w->field[C_RDEVMINOR] = minor;
	fprintf(self->list, "nod /%s", name);
	list_owner(self, w);
	fprintf(self->list, " %c %u %u\n", type, major, minor);
}

static void add_file(struct fixture_packer *self, const char *name, size_t len)
{
	struct want *w = want(self, name, S_IFREG);
	char source[32];
	u64 bits = 0;

	w->data = malloc(len + 1);
	ASSERT_NOTNULL(w->data);
	for (size_t i = 0; i < len; i++) {
		bits = i % 8 ? bits >> 8 : check_random();
		w->data[i] = bits;
	}
	w->field[C_FILESIZE] = len;
	snprintf(source, sizeof(source), "source%zu", self->count);
	ASSERT_OK(spill(source, w->data, len, 0600));
	fprintf(self->list, "file /%s %s", name, source);
	list_owner(self, w);
	fputc('\n', self->list);
}

static struct run_result run_mkcpio(struct fixture_packer *self,
				    const char *archive)
{
	const char *const argv[] = { "/lab/mkcpio", "-t", self->mtime, "list",
				     archive, NULL };

	fflush(self->list);
	return run_program(argv, 20);
}

static void make_archive(struct fixture_packer *self)
{
	struct run_result run = run_mkcpio(self, "archive");

	ASSERT_FALSE(run.timed_out, "mkcpio does not come to an end.");
	ASSERT_EQ(run.signal, 0, "mkcpio crashed.");
	ASSERT_EQ(run.status, 0, "mkcpio could not pack the list: %s", run.err);
	self->cpio = cpio_read("archive");
	ASSERT_NULL(self->cpio.wrong, "%s", self->cpio.wrong);
}

static void compare_entry(const struct want *w, const struct cpio_entry *e)
{
	const unsigned int *is = e->field, *be = w->field;

	ASSERT_STREQ(e->name, w->name, "Another name stands in the archive.");
	EXPECT_EQ(is[C_MODE], be[C_MODE], "c_mode of %s (type and permissions, octal 0%o and 0%o)",
		  w->name, is[C_MODE], be[C_MODE]);
	EXPECT_EQ(is[C_UID], be[C_UID], "c_uid of %s", w->name);
	EXPECT_EQ(is[C_GID], be[C_GID], "c_gid of %s", w->name);
	EXPECT_EQ(is[C_NLINK], be[C_NLINK], "c_nlink of %s", w->name);
	EXPECT_EQ(is[C_MTIME], be[C_MTIME], "c_mtime of %s", w->name);
	EXPECT_EQ(is[C_DEVMAJOR], 0, "c_devmajor of %s", w->name);
	EXPECT_EQ(is[C_DEVMINOR], 0, "c_devminor of %s", w->name);
	EXPECT_EQ(is[C_RDEVMAJOR], be[C_RDEVMAJOR], "c_rdevmajor of %s", w->name);
	EXPECT_EQ(is[C_RDEVMINOR], be[C_RDEVMINOR], "c_rdevminor of %s", w->name);
	EXPECT_EQ(is[C_CHECK], 0, "c_check of %s is only for the magic 070702.", w->name);
	ASSERT_EQ(is[C_FILESIZE], be[C_FILESIZE], "c_filesize of %s", w->name);
	if (be[C_FILESIZE])
		EXPECT_MEMEQ(e->data, w->data, be[C_FILESIZE], "The data of %s", w->name);
}

/* Pack the list and compare every entry with what was asked for. */
static void pack_and_compare(struct fixture_packer *self)
{
	unsigned int mtime = strtoul(self->mtime, NULL, 10);

	make_archive(self);
	for (size_t i = 0; i < self->count && i < self->cpio.count; i++) {
		self->want[i].field[C_MTIME] = mtime;
		compare_entry(&self->want[i], &self->cpio.entry[i]);
		ASSERT_EQ(self->cpio.entry[i].field[C_INO], i + 1,
			  "c_ino of %s: the entries are numbered from 1. Two with one number are the same file to the kernel, if c_nlink is above 1.",
			  self->want[i].name);
	}
	EXPECT_EQ(self->cpio.count, self->count, "Entries in the archive, without the trailer");
}

CHECK_F(packer, trailer, .title = "An archive ends with the trailer")
{
	pack_and_compare(self);
	EXPECT_EQ(self->cpio.len % 4, 0);
}

CHECK_F(packer, header_fields, .title = "Each kind of entry has its fields")
{
	char name[12];

	snprintf(self->mtime, sizeof(self->mtime), "%llu",
		 check_random_range(1, 0xffffffff));
	check_random_word(name, sizeof(name));
	add_dir(self, "dev");
	add_node(self, "dev/console", 'c', 5, 1);
	add_node(self, "dev/disk", 'b', check_random_range(0, 4095),
		 check_random_range(256, (1 << 20) - 1));
	add_file(self, name, check_random_range(1, 5000));
	add_link(self, "init", check_random_range(1, 300));
	pack_and_compare(self);
}

CHECK_F(packer, padding, .title = "Names and data of every length are padded to four bytes",
	.needs = "header_fields")
{
	for (unsigned int i = 0; i < 48; i++) {
		/* All pairs of a name's and the data's length, modulo 4. */
		size_t name_len = 4 + i % 4 + 4 * check_random_range(0, 4);
		size_t data_len = i / 4 % 4 + 4 * check_random_range(0, 1 + i);
		char name[24], c;

		check_random_word(name, name_len);
		c = 'A' + i % 26;	/* no two are equal */
		name[0] = c;
		name[1] = '0' + i / 26;
		if (i >= 32)
			add_link(self, name, 1 + data_len);
		else
			add_file(self, name, data_len);
	}
	add_dir(self, "an");
	add_dir(self, "an/other");
	add_file(self, "an/other/file", 0);
	pack_and_compare(self);
}

CHECK_F(packer, big_file, .title = "A file of several MiB is copied whole",
	.needs = "header_fields")
{
	add_file(self, "big", check_random_range(5 << 20, 9 << 20) | 1);
	add_file(self, "page", 4096);
	add_file(self, "buffer", 65536);
	add_file(self, "next", 1);
	pack_and_compare(self);
}

CHECK_F(packer, same_bytes, .title = "The same list makes the same archive",
	.needs = "header_fields")
{
	struct run_result run;
	size_t len;
	char *again;

	add_dir(self, "d");
	add_file(self, "d/f", check_random_range(1, 100));
	make_archive(self);
	WAIT_UNTIL(false, 1100);	/* another second, another time(2) */
	run = run_mkcpio(self, "again");
	ASSERT_EQ(run.status, 0);
	again = slurp("again", &len);
	ASSERT_NOTNULL(again);
	ASSERT_EQ(len, self->cpio.len);
	EXPECT_MEMEQ(again, self->cpio.bytes, len,
		     "The second archive differs. Is there something in it that is not in the list?");
	free(again);
}

/*
 * mkcpio must fail, say why, and leave no archive. A packer that goes on
 * instead would fill the memory: it gets no more than 16 MiB.
 */
static void expect_refusal(struct fixture_packer *self, const char *why,
			   const char *what)
{
	const struct rlimit limit = { 16 << 20, 16 << 20 };
	struct run_result run;

	ASSERT_OK(libc_ret(setrlimit(RLIMIT_FSIZE, &limit)));
	run = run_mkcpio(self, "archive");
	ASSERT_FALSE(run.timed_out, "mkcpio does not come to an end with %s.", what);
	ASSERT_EQ(run.signal, 0,
		  "mkcpio should refuse %s, but it wrote on until signal %d ended it.",
		  what, run.signal);
	ASSERT_NE(run.status, 0, "mkcpio should refuse %s, but it says that all is well.", what);
	EXPECT_MATCH(run.err, why, "mkcpio should say why it refuses %s.", what);
	EXPECT_NE(access("archive", F_OK), 0, "It left an archive behind.");
	unlink("archive");
	self->list = freopen("list", "we", self->list);
	ASSERT_NOTNULL(self->list);
	snprintf(self->mtime, sizeof(self->mtime), "0");
}

CHECK_F(packer, overflow_refused, .title = "What does not fit into its field is refused",
	.needs = "header_fields")
{
	unsigned long long big = 0x100000000 + check_random_range(0, 4096);
	char name[4097];
	int file = creat("huge", 0600);

	ASSERT_OK(libc_ret(file));
	ASSERT_OK(libc_ret(ftruncate(file, big)));
	close(file);
	fprintf(self->list, "file /huge huge 0644 0 0\n");
	expect_refusal(self, "too large", "a file of 4 GiB and more");

	fprintf(self->list, "dir /d 0755 %llu 0\n", big);
	expect_refusal(self, "too large", "a user above 0xffffffff");
	fprintf(self->list, "nod /n 0600 0 0 c %llu 1\n", big);
	expect_refusal(self, "too large", "a device number above 0xffffffff");
	fprintf(self->list, "dir /d 0755 0 0\n");
	snprintf(self->mtime, sizeof(self->mtime), "%llu", big);
	expect_refusal(self, "too large", "a time above 0xffffffff");

	check_random_word(name, sizeof(name));
	fprintf(self->list, "dir /%s 0755 0 0\n", name);
	expect_refusal(self, "too long", "a name that the kernel would skip");
	fprintf(self->list, "dir /%s 0755 0 0\n", name + 1);
	make_archive(self);
	ASSERT_EQ(self->cpio.count, 1);
	EXPECT_STREQ(self->cpio.entry[0].name, name + 1, "The longest name that the kernel takes");
}

CHECK_F(packer, liar_refused, .title = "A file that is not as long as it says is refused",
	.needs = "header_fields")
{
	/* procfs says 0 bytes and gives more, sysfs says 4096 and gives less. */
	fprintf(self->list, "file /version /proc/version 0444 0 0\n");
	expect_refusal(self, "too large", "a file that has more than its size");
	fprintf(self->list, "file /seqnum /sys/kernel/uevent_seqnum 0444 0 0\n");
	expect_refusal(self, "[Nn]o data", "a file that ends before its size");
}
