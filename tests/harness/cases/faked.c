// SPDX-License-Identifier: GPL-2.0
/*
 * The helpers that ask the kernel, before a kernel of paper: open(), read()
 * and syscall() are replaced at link time (--wrap), and what they give comes
 * from files of the driver.  No module is loaded and no log is flooded.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>

#include "case.h"

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

static int log_fd = -1;
static FILE *log_script;

int __wrap_open(const char *path, int flags, ...)
{
	char other[4096];

	if (!strcmp(path, "/dev/kmsg")) {
		log_script = fopen(given("CASE_LOG"), "r");
		if (!log_script)
			return -1;
		log_fd = eventfd(0, EFD_CLOEXEC);	/* never readable */
		return log_fd;
	}
	if (!strcmp(path, "/proc/modules"))
		path = given("CASE_MODULES");
	if (!strncmp(path, "/sys/module/", 12)) {
		/* Flat: mod/parameters/param becomes mod.param */
		snprintf(other, sizeof(other), "%s.%.*s.%s", given("CASE_SYS"),
			 (int)strcspn(path + 12, "/"), path + 12,
			 strrchr(path, '/') + 1);
		path = other;
	}
	return __real_open(path, flags);
}

/* A line of the script is a read: a record, its tabs newlines, or !ERROR. */
ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (fd != log_fd)
		return __real_read(fd, buf, size);
	len = getline(&line, &room, log_script);
	if (len < 0 || !strcmp(line, "!EPIPE\n")) {
		errno = len < 0 ? EAGAIN : EPIPE;
		free(line);
		return -1;
	}
	for (char *at = line; *at; at++)
		if (*at == '\t')
			*at = '\n';
	ASSERT_LE(len, size);
	memcpy(buf, line, len);
	free(line);
	return len;
}

long __wrap_syscall(long number, ...)
{
	va_list args;
	long a, b, c;

	va_start(args, number);
	a = va_arg(args, long);
	b = va_arg(args, long);
	c = va_arg(args, long);
	va_end(args);
	if (number == SYS_finit_module) {
		char text[64] = "";

		ASSERT_OK(__real_read((int)a, text, sizeof(text) - 1));
		check_note("finit_module %s, \"%s\", %d", text, (char *)b, (int)c);
	} else if (number == SYS_delete_module) {
		check_note("delete_module \"%s\", %s", (char *)a,
			   (int)b == O_NONBLOCK ? "O_NONBLOCK" : "waiting");
	} else {
		return __real_syscall(number, a, b, c);
	}
	errno = given_number("CASE_ERRNO");
	return errno ? -1 : 0;
}

CHECK(modules)
{
	const char *params = given("CASE_PARAMS");

	check_note("%d", mod_load(given("CASE_FILE"), *params ? params : NULL));
	check_note("%d", mod_load("no/such/file.ko", NULL));
	check_note("%d", mod_unload("my-mod"));
}

CHECK(listed)
{
	static const char *const names[] = {
		"params", "param", "my-mod", "my_mod", "going", "coming", "dash",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_note("%s %d %d", names[i], mod_loaded(names[i]),
			   mod_refcount(names[i]));
}

CHECK(params)
{
	char *text = mod_param_read("my-mod", "count");

	check_note("[%s]", text);
	free(text);
	EXPECT_NULL(mod_param_read("my-mod", "none"));
	EXPECT_EQ(errno, ENOENT);
	EXPECT_ERR(mod_param_write("my-mod", "none", "1"), ENOENT);
	EXPECT_OK(mod_param_write("my-mod", "count", given("CASE_PARAMS")));
}

CHECK(log)
{
	u64 mark = strtoull(given("CASE_MARK"), NULL, 10);
	char *text;

	check_note("%llu", kmsg_mark());
	text = kmsg_since(mark);
	check_note("%s", text);
	check_note("%d", kmsg_wait(mark, given("CASE_REGEX"), 50));
	free(text);
}

CHECK(log_bad_regex)
{
	kmsg_wait(0, "(", 0);
}
