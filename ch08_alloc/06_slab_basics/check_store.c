// SPDX-License-Identifier: GPL-2.0
/* The way from the checks to store.c: the module's files in debugfs. */

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check_store.h"

void store_open(void)
{
	ASSERT_OK(mod_load(MODULE ".ko", NULL));
	ASSERT_OK(libc_ret(access(DIR, F_OK)),
		  "The module's files are not there. Is debugfs mounted?");
}

void expect_no_warning(u64 mark)
{
	EXPECT_NOMATCH(kmsg_since(mark), "WARNING: ",
		       "The kernel printed a warning, because it was asked for a size that it never has. A user may ask for any: test the size first, or add __GFP_NOWARN.");
}

void store_close(u64 mark)
{
	EXPECT_OK(mod_unload(MODULE), "The module was not unloaded.");
	EXPECT_NOMATCH(kmsg_since(mark), "BUG kmalloc|Object already free",
		       "SLUB found the heap damaged: something was freed twice, or written past its end.");
	expect_no_warning(mark);
}

int tell(const char *file, const char *format, ...)
{
	char path[64], text[64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(path, sizeof(path), DIR "%s", file);
	return file_write(path, text);
}

void *get_all(const char *file, size_t *bytes)
{
	size_t room = 4096;
	char path[64], *data = malloc(room);
	ssize_t n = 1;
	int fd;

	snprintf(path, sizeof(path), DIR "%s", file);
	fd = open(path, O_RDONLY);
	ASSERT_OK(libc_ret(fd));
	*bytes = 0;
	while (data && n > 0) {
		n = libc_ret(read(fd, data + *bytes, room - *bytes));
		*bytes += n > 0 ? n : 0;
		if (*bytes == room) {
			room *= 2;
			data = realloc(data, room);
		}
	}
	close(fd);
	ASSERT_NOTNULL(data);
	ASSERT_OK(n, "The file %s could not be read.", file);
	return data;
}

void *get(const char *file, size_t bytes)
{
	size_t have;
	void *data = get_all(file, &have);

	ASSERT_EQ(have, bytes,
		  "The file %s has not the length that it should. Is the count in the struct right?",
		  file);
	return data;
}

void put(const char *file, const void *data, size_t bytes)
{
	long long taken;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), DIR "%s", file);
	fd = open(path, O_WRONLY);
	ASSERT_OK(libc_ret(fd));
	taken = libc_ret(write(fd, data, bytes));
	close(fd);
	ASSERT_OK(taken, "The file %s refused %zu bytes.", file, bytes);
	ASSERT_EQ(taken, bytes, "The file %s did not take all bytes.", file);
}
