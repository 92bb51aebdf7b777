// SPDX-License-Identifier: GPL-2.0
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pack.h"

struct pack {
	struct archive *archive;
	struct buf out;
	bool failed;
};

static la_ssize_t take(struct archive *archive, void *data, const void *bytes,
		       size_t len)
{
	struct pack *pack = data;

	(void)archive;
	buf_add(&pack->out, bytes, len);
	return len;
}

struct pack *pack_begin(void)
{
	struct pack *pack = xcalloc(1, sizeof(*pack));

	pack->archive = archive_write_new();
	if (!pack->archive ||
	    archive_write_set_format_cpio_newc(pack->archive) != ARCHIVE_OK ||
	    archive_write_open(pack->archive, pack, NULL, take, NULL) !=
	    ARCHIVE_OK)
		pack->failed = true;
	return pack;
}

static void add(struct pack *pack, const char *name, unsigned int type,
		unsigned int mode, const char *target, const void *data,
		size_t len)
{
	struct archive_entry *entry = archive_entry_new();

	if (!entry || pack->failed) {
		pack->failed = true;
		archive_entry_free(entry);
		return;
	}
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, mode);
	archive_entry_set_size(entry, len);
	if (target)
		archive_entry_set_symlink(entry, target);
	if (archive_write_header(pack->archive, entry) != ARCHIVE_OK ||
	    (len && archive_write_data(pack->archive, data, len) !=
	     (la_ssize_t)len))
		pack->failed = true;
	archive_entry_free(entry);
}

void pack_dir(struct pack *pack, const char *name)
{
	add(pack, name, AE_IFDIR, 0755, NULL, NULL, 0);
}

void pack_data(struct pack *pack, const char *name, const void *data,
	       size_t len, unsigned int mode)
{
	add(pack, name, AE_IFREG, mode, NULL, data, len);
}

void pack_symlink(struct pack *pack, const char *name, const char *target)
{
	add(pack, name, AE_IFLNK, 0777, target, NULL, 0);
}

int pack_file(struct pack *pack, const char *name, const char *path,
	      unsigned int mode)
{
	size_t len;
	char *data = read_whole(path, &len);

	if (!data)
		return -errno;
	pack_data(pack, name, data, len, mode);
	free(data);
	return 0;
}

int pack_unpacked(struct pack *pack, const char *name, const char *path)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	struct buf data = { 0 };
	static char chunk[1 << 16];
	la_ssize_t n = -1;

	if (!a)
		return -ENOMEM;
	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_filename(a, path, sizeof(chunk)) == ARCHIVE_OK &&
	    archive_read_next_header(a, &entry) == ARCHIVE_OK)
		while ((n = archive_read_data(a, chunk, sizeof(chunk))) > 0)
			buf_add(&data, chunk, n);
	archive_read_free(a);
	if (!n)
		pack_data(pack, name, data.data, data.len, 0644);
	buf_free(&data);
	return n ? -EIO : 0;
}

int pack_end(struct pack *pack, struct buf *out)
{
	int err = 0;

	if (archive_write_close(pack->archive) != ARCHIVE_OK || pack->failed)
		err = -ENOMEM;
	archive_write_free(pack->archive);
	if (err)
		buf_free(&pack->out);
	*out = pack->out;
	free(pack);
	return err;
}
