// SPDX-License-Identifier: GPL-2.0
/* fixture.c - see fixture.h. */
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "fixture.h"
#include "term.h"

void write_file(const char *path, const char *text)
{
	char *dir = xstrndup(path, strrchr(path, '/') - path);

	ASSERT_EQ(mkdir_p(dir), 0);
	ASSERT_EQ(write_whole(path, text, strlen(text)), 0);
	free(dir);
}

const char *in_root(const char *fmt, ...)
{
	va_list ap;
	char *tail;
	const char *path;

	va_start(ap, fmt);
	tail = xvasprintf(fmt, ap);
	va_end(ap);
	path = strf("%s/root/%s", test_dir, tail);
	free(tail);
	return path;
}

const char *make_root(void)
{
	const char *root = strf("%s/root", test_dir);

	write_file(strf("%s/common/lab.mk", root), "all:\n");
	setenv("LAB_ROOT", root, 1);
	return root;
}

void add_lab(const char *id, const char *ini)
{
	write_file(in_root("%s/lab.ini", id), ini);
	write_file(in_root("%s/Makefile", id), "obj-m := a.o\n");
	write_file(in_root("%s/README.md", id), "# A title\n\n## Goal\n\nText.\n");
	write_file(in_root("%s/a.c", id), "int a;\n");
}

static void refuse_reports(const struct ran *ran)
{
	if (ran->status == 99 || (ran->err && strstr(ran->err, "runtime error:")) ||
	    (ran->out && strstr(ran->out, "runtime error:")))
		FAIL("a sanitizer reports:\n%s%s", ran->err ? ran->err : "", ran->out);
}

struct ran run_lab_(const char *const *args)
{
	const char *argv[32] = { LAB_PROGRAM };
	struct proc spec = { .argv = argv, .output = PROC_SEPARATE, .deadline_ms = 60000 };
	struct proc_result res;
	struct ran ran;

	for (size_t i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT(!res.timed_out);
	ran = (struct ran){ .status = res.status, .signal = res.signal, .out = res.out, .err = res.err };
	refuse_reports(&ran);
	return ran;
}

struct ran run_on_tty_(int columns, const char *typed, const char *const *args)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	int64_t until = now_ms() + 60000;
	const char *argv[32] = { LAB_PROGRAM };
	struct buf out = { 0 };
	struct ran ran = { 0 };
	char chunk[4096];
	ssize_t got;
	int master, status;
	pid_t pid;

	for (size_t i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	fflush(stdout);
	pid = forkpty(&master, NULL, NULL, &size);
	ASSERT_INT(pid, >=, 0);
	if (pid == 0) {
		execv(LAB_PROGRAM, (char *const *)argv);
		_exit(127);
	}
	if (typed)
		ASSERT_EQ(write(master, typed, strlen(typed)), strlen(typed));
	/* EIO is a terminal's end of file. */
	for (;;) {
		struct pollfd pfd = { .fd = master, .events = POLLIN };

		ASSERT_INT(now_ms(), <, until);
		if (poll(&pfd, 1, 1000) <= 0)
			continue;
		got = read(master, chunk, sizeof(chunk));
		if (got <= 0)
			break;
		buf_add(&out, chunk, got);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	ran.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	ran.out = buf_steal(&out);
	refuse_reports(&ran);
	return ran;
}

json_t *json_of(const struct ran *ran)
{
	json_error_t error;
	json_t *value = json_loads(ran->out, 0, &error);

	if (!value)
		FAIL("not JSON: %s\n%s\n%s", error.text, ran->out, ran->err ? ran->err : "");
	return value;
}

char *must_run_(const char *const *argv)
{
	struct proc spec = { .argv = argv, .deadline_ms = 110000 };
	struct proc_result res;
	int error = proc_run(&spec, &res);

	if (error)
		FAIL("%s cannot be started: %s", argv[0], errno_text(error));
	if (!proc_ok(&res))
		FAIL("%s %s %s\n%s", argv[0], argv[1], proc_describe(&res), res.out);
	return res.out;
}

int widest(const char *text)
{
	int most = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = xstrndup(text, len);
		int columns = term_columns(line);

		if (columns > most)
			most = columns;
		free(line);
		text += len + (text[len] == '\n');
	}
	return most;
}
