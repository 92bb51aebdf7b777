// SPDX-License-Identifier: GPL-2.0
/* envreport, run by the check, and trees of files for it to look at. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_json.h"
#include "check_report.h"

static struct json *report;

void report_make(const char *root)
{
	const char *const argv[] = { "/lab/envreport", "--json",
				     root ? "--root" : NULL, root, NULL };
	struct run_result run = run_program(argv, 20);

	json_free(report);
	ASSERT_FALSE(run.timed_out, "envreport does not come to an end.");
	ASSERT_EQ(run.signal, 0, "envreport crashed.");
	ASSERT_EQ(run.status, 0, "envreport failed: %s", run.err);
	EXPECT_STREQ(run.err, "");
	EXPECT_EQ(strlen(run.out), run.out_len, "A NUL byte is no JSON.");
	report = json_parse(run.out);
	ASSERT_NOTNULL(report, "envreport printed this, which is no JSON:\n%s", run.out);
	run_result_free(&run);
}

static const struct json *fact(const char *name, const char *part)
{
	const struct json *facts = json_member(report, "facts");
	const struct json *json = json_member(json_member(facts, name), part);

	ASSERT_NOTNULL(json, "The report has no %s of %s.", part, name);
	return json;
}

const char *report_value(const char *name)
{
	const char *text = json_text(fact(name, "value"));

	return text ? text : "unknown";
}

const char *report_why(const char *name)
{
	const char *text = json_text(fact(name, "why"));

	ASSERT_NOTNULL(text);
	return text;
}

const char *report_option(const char *name)
{
	const struct json *option = json_member(json_member(report, "config"), name);

	ASSERT_NOTNULL(option, "The report has no %s.", name);
	return json_text(option) ? json_text(option) : "-";
}

void tree_make(struct fixture_tree *tree)
{
	snprintf(tree->root, sizeof(tree->root), "/tmp/tree-XXXXXX");
	ASSERT_NOTNULL(mkdtemp(tree->root));
	/* For the checks that are not root. */
	ASSERT_OK(libc_ret(chmod(tree->root, 0755)));
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void tree_end(struct fixture_tree *tree)
{
	nftw(tree->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of a file in the tree, with its directories made. Static. */
static const char *prepare(const struct fixture_tree *tree, const char *path)
{
	static char full[1024];
	int len = snprintf(full, sizeof(full), "%s/%s", tree->root, path);

	ASSERT_LT(len, (int)sizeof(full));
	for (char *p = full + strlen(tree->root) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(full, 0755) && errno != EEXIST)
			ASSERT_OK(-errno, "%s", full);
		*p = '/';
	}
	return full;
}

void tree_bytes(const struct fixture_tree *tree, const char *path,
		const void *data, size_t len)
{
	int fd = open(prepare(tree, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ASSERT_OK(libc_ret(fd), "%s", path);
	ASSERT_EQ(write(fd, data, len), (ssize_t)len);
	close(fd);
}

void tree_file(const struct fixture_tree *tree, const char *path,
	       const char *text)
{
	tree_bytes(tree, path, text, strlen(text));
}

void tree_dir(const struct fixture_tree *tree, const char *path)
{
	ASSERT_OK(libc_ret(mkdir(prepare(tree, path), 0755)), "%s", path);
}

void tree_link(const struct fixture_tree *tree, const char *path,
	       const char *target)
{
	ASSERT_OK(libc_ret(symlink(target, prepare(tree, path))), "%s", path);
}

void tree_remove(const struct fixture_tree *tree, const char *path)
{
	ASSERT_OK(libc_ret(remove(prepare(tree, path))), "%s", path);
}

static unsigned int crc32_of(const unsigned char *data, size_t len)
{
	unsigned int crc = ~0u;

	while (len--) {
		crc ^= *data++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static unsigned char *put_little(unsigned char *p, unsigned int value, int bytes)
{
	while (bytes--) {
		*p++ = value;
		value >>= 8;
	}
	return p;
}

void *tree_gzip(const char *text, size_t *len)
{
	static const unsigned char header[10] = { 0x1f, 0x8b, 8, [9] = 3 };
	size_t left = strlen(text);
	unsigned char *data = calloc(1, left + left / 65535 * 5 + 64), *p = data;
	unsigned int crc = crc32_of((const unsigned char *)text, left), size = left;

	ASSERT_NOTNULL(data);
	memcpy(p, header, sizeof(header));
	p += sizeof(header);
	do {
		size_t n = left < 65535 ? left : 65535;

		*p++ = n == left;	/* the last block; stored */
		p = put_little(p, n, 2);
		p = put_little(p, ~n, 2);
		memcpy(p, text, n);
		p += n;
		text += n;
		left -= n;
	} while (left);
	p = put_little(p, crc, 4);
	p = put_little(p, size, 4);
	*len = p - data;
	return data;
}
