// SPDX-License-Identifier: GPL-2.0
/* Archives, by libarchive, within limits; see grade_archive.h. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade_archive.h"
#include "proc.h"

struct reading {
	const struct take *take;
	struct archive *archive;
	size_t count;
	uint64_t total;
	const char *refused;
};

/* Absolute, or with a way up, or with bytes that no name has. */
static const char *bad_path(const char *path)
{
	if (*path == '/' || *path == '\\')
		return "an absolute path";
	for (const char *p = path; *p;) {
		size_t len = strcspn(p, "/\\");

		if (len == 2 && p[0] == '.' && p[1] == '.')
			return "a path that leads out of the archive";
		p += len + (p[len] != '\0');
	}
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return "a control character in its name";
	return strlen(path) > 1024 ? "a name that is too long" : NULL;
}

static bool over_limits(struct reading *r, size_t more)
{
	int64_t packed = archive_filter_bytes(r->archive, -1);
	/* A filter's own count sees what an entry that is skipped takes. */
	int64_t seen = archive_filter_bytes(r->archive, 0);
	uint64_t unpacked;

	r->total += more;
	unpacked = seen > 0 && (uint64_t)seen > r->total ? (uint64_t)seen : r->total;
	if (unpacked > TAKE_TOTAL_MAX)
		r->refused = strf("unpacked it is over %u MiB", TAKE_TOTAL_MAX >> 20);
	else if (unpacked > 1 << 20 && packed > 0 &&
		 unpacked / (uint64_t)packed > TAKE_RATIO_MAX)
		r->refused = strf("it unpacks to over %d times its size", TAKE_RATIO_MAX);
	else if (r->count > TAKE_COUNT_MAX)
		r->refused = strf("it has over %d entries", TAKE_COUNT_MAX);
	return r->refused;
}

static void leave_out(struct reading *r, const char *path, const char *why)
{
	char *shown = xstrndup(path, 200);

	for (char *p = shown; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	r->take->note(r->take->data, strf("'%s' was left out: %s", shown, why));
	free(shown);
}

/* All of an entry is read, wanted or not: so every byte is counted. */
static void read_entry(struct reading *r, const char *path, bool wanted)
{
	struct buf data = { 0 };
	const void *block;
	bool too_long = false;
	int64_t offset;
	size_t len;
	int code;

	while ((code = archive_read_data_block(r->archive, &block, &len, &offset)) == ARCHIVE_OK) {
		/* A sparse file's holes count as what they say they are. */
		size_t hole = offset > (int64_t)data.len ? offset - data.len : 0;

		if (over_limits(r, len))
			break;
		if (!wanted || too_long)
			continue;
		if (data.len + hole + len > TAKE_FILE_MAX) {
			too_long = true;
			continue;
		}
		while (hole--)
			buf_add(&data, "", 1);
		buf_add(&data, block, len);
	}
	if (!r->refused && code != ARCHIVE_EOF && code != ARCHIVE_OK)
		r->refused = strf("it is damaged or encrypted: %s",
				  archive_error_string(r->archive) ?: "no reason given");
	else if (!r->refused && wanted && too_long)
		leave_out(r, path, "it is over 1 MiB, which no source of a lab is");
	else if (!r->refused && wanted)
		r->take->file(r->take->data, path, data.data ? data.data : "", data.len);
	buf_free(&data);
}

static void take_entry(struct reading *r, struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry), *why;
	bool wanted;

	if (!path)
		path = "(a name that cannot be read)";
	wanted = r->take->wanted(r->take->data, base_name(path));
	why = bad_path(path);
	if (why)
		leave_out(r, path, strf("it has %s", why));
	else if (wanted && (archive_entry_filetype(entry) == AE_IFLNK || archive_entry_hardlink(entry)))
		leave_out(r, path, "it is a link, not a file");
	else if (wanted && archive_entry_filetype(entry) != AE_IFREG &&
		 archive_entry_filetype(entry) != AE_IFDIR)
		leave_out(r, path, "it is a device or a pipe, not a file");
	else if (archive_entry_is_encrypted(entry) > 0)
		r->refused = "it is encrypted";
	read_entry(r, path, wanted && !why && !archive_entry_hardlink(entry) &&
		   archive_entry_filetype(entry) == AE_IFREG);
}

const char *take_archive(const char *path, const struct take *take)
{
	struct reading r = { .take = take, .archive = archive_read_new() };
	struct archive_entry *entry;
	int code;

	if (!r.archive)
		return "memory ran out";
	archive_read_support_format_tar(r.archive);
	archive_read_support_format_zip(r.archive);
	archive_read_support_filter_gzip(r.archive);
	archive_read_support_filter_bzip2(r.archive);
	archive_read_support_filter_xz(r.archive);
	archive_read_support_filter_zstd(r.archive);
	if (archive_read_open_filename(r.archive, path, 65536) != ARCHIVE_OK)
		r.refused = strf("it is no archive that can be read: %s",
				 archive_error_string(r.archive) ?: "no reason given");
	while (!r.refused) {
		code = archive_read_next_header(r.archive, &entry);
		if (code == ARCHIVE_EOF)
			break;
		if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
			r.refused = strf("it is damaged: %s",
					 archive_error_string(r.archive) ?: "no reason given");
			break;
		}
		r.count++;
		if (!over_limits(&r, 0))
			take_entry(&r, entry);
	}
	archive_read_free(r.archive);
	return r.refused;
}

/* Run in the sandbox: /tmp is ours alone, and in memory. */
const char *take_bundle(const char *path, const struct take *take)
{
	static const char repo[] = "/tmp/bundle.git", tar[] = "/tmp/bundle.tar";
	const char *const clone[] = {
		"git", "-c", "core.hooksPath=/dev/null", "clone", "-q", "--bare", "--no-tags",
		path, repo, NULL
	};
	const char *const archive[] = {
		"git", "--git-dir", repo, "archive", "--format=tar", "-o", tar, "HEAD", NULL
	};
	const char *const *const steps[] = { clone, archive };

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		struct proc_result res;
		const char *refused = NULL;
		int err = proc_run(&(struct proc){ .argv = steps[i], .deadline_ms = 60000,
						   .cap = 4096 }, &res);

		if (err)
			return "git cannot be run here";
		if (!proc_ok(&res))
			refused = strf("git does not take it: %.300s", str_trim(res.out));
		proc_result_free(&res);
		if (refused)
			return refused;
	}
	return take_archive(tar, take);
}
