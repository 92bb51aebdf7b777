// SPDX-License-Identifier: GPL-2.0
/* The check's own reader of "newc" archives. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check.h"
#include "check_cpio.h"

#define MAGIC	"070701"
#define HEADER	110

static const char *const field_names[C_FIELDS] = {
	"c_ino", "c_mode", "c_uid", "c_gid", "c_nlink", "c_mtime",
	"c_filesize", "c_devmajor", "c_devminor", "c_rdevmajor",
	"c_rdevminor", "c_namesize", "c_check",
};

char *slurp(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	size_t size = 1 << 16;
	char *data = malloc(size);

	*len = 0;
	while (file && data) {
		*len += fread(data + *len, 1, size - *len - 1, file);
		if (*len < size - 1)
			break;
		size *= 2;
		data = realloc(data, size);
	}
	if (!file || !data || ferror(file)) {
		free(data);
		data = NULL;
	} else {
		data[*len] = '\0';
	}
	if (file)
		fclose(file);
	return data;
}

int spill(const char *path, const void *data, size_t len, unsigned int mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const char *p = data;
	int err = fd < 0 || fchmod(fd, mode) ? -errno : 0;

	while (!err && len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno != EINTR)
			err = -errno;
		if (n > 0) {
			p += n;
			len -= n;
		}
	}
	if (fd >= 0)
		close(fd);
	return err;
}

CHECK_PRINTF_(2, 3)
static bool say_wrong(struct cpio *cpio, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&cpio->wrong, fmt, ap) < 0)
		cpio->wrong = strdup("no memory to say what is wrong");
	va_end(ap);
	return false;
}

/* Of the entry before, for messages. */
static const char *before(const struct cpio *cpio)
{
	return cpio->count ? cpio->entry[cpio->count - 1].name : "(none)";
}

/* There is no header at pos; is there one a few bytes off? */
static bool no_magic(struct cpio *cpio, size_t pos)
{
	for (int off = -4; off <= 4; off++) {
		if (off < 0 && pos < (size_t)-off)
			continue;
		if (pos + off + 6 <= cpio->len &&
		    !memcmp(cpio->bytes + pos + off, MAGIC, 6))
			return say_wrong(cpio,
					 "Byte %zu: a header should begin here, but it begins %d byte(s) %s. Look at the padding behind the name and the data of the entry before, \"%s\".",
					 pos, abs(off), off < 0 ? "earlier" : "later",
					 before(cpio));
	}
	return say_wrong(cpio,
			 "Byte %zu: a header begins with the six characters %s, but here stands \"%.6s\". The entry before is \"%s\".",
			 pos, MAGIC, cpio->bytes + pos, before(cpio));
}

static bool read_fields(struct cpio *cpio, size_t pos, unsigned int *field)
{
	for (unsigned int i = 0; i < C_FIELDS; i++) {
		char digits[9] = "";

		memcpy(digits, cpio->bytes + pos + 6 + 8 * i, 8);
		if (strspn(digits, "0123456789abcdefABCDEF") != 8)
			return say_wrong(cpio,
					 "Byte %zu: %s should be eight hexadecimal digits, zeros in front, but it is \"%s\".",
					 pos + 6 + 8 * i, field_names[i], digits);
		field[i] = strtoul(digits, NULL, 16);
	}
	return true;
}

/* The zero bytes up to the next offset divisible by four; moves *pos there. */
static bool read_pad(struct cpio *cpio, size_t *pos, const char *what,
		     const char *name)
{
	size_t end = (*pos + 3) / 4 * 4;

	if (end > cpio->len)
		return say_wrong(cpio,
				 "The archive ends at byte %zu: %zu byte(s) of padding are missing behind the %s of \"%s\".",
				 cpio->len, end - cpio->len, what, name);
	for (size_t i = *pos; i < end; i++) {
		if (i + 6 <= cpio->len && !memcmp(cpio->bytes + i, MAGIC, 6))
			return say_wrong(cpio,
					 "Byte %zu: the next header begins here, %zu byte(s) too early. The padding behind the %s of \"%s\" goes up to byte %zu.",
					 i, end - i, what, name, end);
		if (cpio->bytes[i])
			return say_wrong(cpio,
					 "Byte %zu: the padding behind the %s of \"%s\" should be zero bytes up to byte %zu, but here stands 0x%02x.",
					 i, what, name, end,
					 (unsigned char)cpio->bytes[i]);
	}
	*pos = end;
	return true;
}

/* One entry from *pos; moves *pos behind it. */
static bool read_entry(struct cpio *cpio, size_t *pos, struct cpio_entry *e)
{
	size_t left = cpio->len - *pos, namesize;

	if (!left)
		return say_wrong(cpio,
				 "The archive ends at byte %zu without the trailer, an entry with the name TRAILER!!!.",
				 cpio->len);
	if (left < HEADER)
		return say_wrong(cpio,
				 "Byte %zu: a header has %d bytes, but only %zu are left of the archive.",
				 *pos, HEADER, left);
	if (memcmp(cpio->bytes + *pos, MAGIC, 6))
		return no_magic(cpio, *pos);
	if (!read_fields(cpio, *pos, e->field))
		return false;
	namesize = e->field[C_NAMESIZE];
	e->name = cpio->bytes + *pos + HEADER;
	if (!namesize || namesize > left - HEADER)
		return say_wrong(cpio,
				 "Byte %zu: c_namesize of this entry is %zu, but %zu bytes are left of the archive.",
				 *pos, namesize, left - HEADER);
	if (e->name[namesize - 1])
		return say_wrong(cpio,
				 "Byte %zu: c_namesize of \"%.*s\" is %zu, but its last byte is no NUL. It counts the NUL, and the NUL is written.",
				 *pos, (int)namesize, e->name, namesize);
	if (strlen(e->name) + 1 != namesize)
		return say_wrong(cpio,
				 "Byte %zu: c_namesize of \"%s\" is %zu, but the name with its NUL has %zu bytes.",
				 *pos, e->name, namesize, strlen(e->name) + 1);
	*pos += HEADER + namesize;
	if (!read_pad(cpio, pos, "name", e->name))
		return false;
	e->data = cpio->bytes + *pos;
	if (e->field[C_FILESIZE] > cpio->len - *pos)
		return say_wrong(cpio,
				 "c_filesize of \"%s\" is %u, but only %zu bytes follow in the archive.",
				 e->name, e->field[C_FILESIZE], cpio->len - *pos);
	*pos += e->field[C_FILESIZE];
	return read_pad(cpio, pos, "data", e->name);
}

static bool check_trailer(struct cpio *cpio, const struct cpio_entry *e,
			  size_t pos)
{
	for (unsigned int i = 0; i < C_FIELDS; i++) {
		unsigned int want = i == C_NLINK ? 1 : 0;

		if (i != C_NAMESIZE && e->field[i] != want)
			return say_wrong(cpio, "%s of the trailer is %u, but should be %u.",
					 field_names[i], e->field[i], want);
	}
	for (; pos < cpio->len; pos++)
		if (cpio->bytes[pos])
			return say_wrong(cpio,
					 "Byte %zu: behind the trailer only zero bytes may follow.",
					 pos);
	return true;
}

struct cpio cpio_read(const char *path)
{
	struct cpio cpio = { };
	size_t pos = 0;

	cpio.bytes = slurp(path, &cpio.len);
	if (!cpio.bytes) {
		say_wrong(&cpio, "The archive %s cannot be read: %s.", path,
			  strerror(errno));
		return cpio;
	}
	for (;;) {
		struct cpio_entry e = { };

		if (!read_entry(&cpio, &pos, &e))
			break;
		if (!strcmp(e.name, "TRAILER!!!")) {
			check_trailer(&cpio, &e, pos);
			break;
		}
		cpio.entry = realloc(cpio.entry,
				     (cpio.count + 1) * sizeof(*cpio.entry));
		if (!cpio.entry)
			abort();
		cpio.entry[cpio.count++] = e;
	}
	return cpio;
}

const struct cpio_entry *cpio_find(const struct cpio *cpio, const char *name)
{
	for (size_t i = 0; i < cpio->count; i++)
		if (!strcmp(cpio->entry[i].name, name))
			return &cpio->entry[i];
	return NULL;
}

static int unpack_entry(const struct cpio_entry *e, const char *path)
{
	unsigned int mode = e->field[C_MODE];
	dev_t dev = makedev(e->field[C_RDEVMAJOR], e->field[C_RDEVMINOR]);
	char target[4097] = "";

	if (S_ISREG(mode))
		return spill(path, e->data, e->field[C_FILESIZE], mode & 07777);
	if (S_ISDIR(mode))
		return libc_ret(mkdir(path, mode & 07777));
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return libc_ret(mknod(path, mode, dev));
	if (!S_ISLNK(mode) || e->field[C_FILESIZE] >= sizeof(target))
		return -EINVAL;
	memcpy(target, e->data, e->field[C_FILESIZE]);
	return libc_ret(symlink(target, path));
}

int cpio_unpack(const struct cpio *cpio, const char *dir)
{
	int err = 0;

	for (size_t i = 0; i < cpio->count && !err; i++) {
		char *path;

		if (asprintf(&path, "%s/%s", dir, cpio->entry[i].name) < 0)
			return -ENOMEM;
		err = unpack_entry(&cpio->entry[i], path);
		free(path);
	}
	return err;
}

void cpio_free(struct cpio *cpio)
{
	free(cpio->bytes);
	free(cpio->entry);
	free(cpio->wrong);
	*cpio = (struct cpio){ };
}
