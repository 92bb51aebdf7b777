// SPDX-License-Identifier: GPL-2.0
/* runs.c - the program's runs, and the files that tests make; see vmlab.h. */
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "vmlab.h"

#ifndef RUN_SECONDS
#define RUN_SECONDS	400
#endif
#define TAIL_LINES	40

void start_program(struct running *running, const char *const *argv)
{
	static unsigned int number;
	int out, err;

	number++;
	running->out_path = xasprintf("%s/work/out.%d.%u", vm_dir, getpid(), number);
	running->err_path = xasprintf("%s/work/err.%d.%u", vm_dir, getpid(), number);
	fflush(stdout);
	running->pid = fork();
	ASSERT_INT(running->pid, >=, 0);
	if (running->pid)
		return;
	out = open(running->out_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	err = open(running->err_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (out < 0 || err < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	close(0);
	open("/dev/null", O_RDONLY);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static char *take_file(char *path)
{
	char *text = read_whole(path, NULL);

	unlink(path);
	free(path);
	return text ? text : xstrdup("");
}

static void refuse_reports(const struct ran *ran)
{
	if (ran->status == 99 || strstr(ran->err, "runtime error:") ||
	    strstr(ran->err, "Sanitizer"))
		FAIL("a sanitizer reports:\n%s", ran->err);
}

struct ran finish(struct running *running)
{
	int64_t until = now_ms() + RUN_SECONDS * 1000;
	struct ran ran;
	int status;

	while (waitpid(running->pid, &status, WNOHANG) == 0) {
		if (now_ms() > until) {
			kill(running->pid, SIGTERM);
			sleep_ms(2000);
			FAIL("lab has not ended for %d s\n%s%s", RUN_SECONDS,
			     take_file(running->out_path), take_file(running->err_path));
		}
		sleep_ms(5);
	}
	ran = (struct ran){
		.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		.out = take_file(running->out_path), .err = take_file(running->err_path),
	};
	refuse_reports(&ran);
	return ran;
}

struct ran run_program(const char *const *argv)
{
	struct running running;

	start_program(&running, argv);
	return finish(&running);
}

static const char *last_lines(const char *text)
{
	const char *p = text + strlen(text);
	unsigned int lines = TAIL_LINES;

	while (p > text && lines)
		lines -= *--p == '\n';
	return p;
}

void expect_ran(const char *file, int line, const struct ran *ran, int status,
		const char *const *texts)
{
	if (ran->signal || ran->status != status)
		test_fail(file, line, "expected exit status %d, it is %d (signal %d)\n%s\n%s", status,
			  ran->status, ran->signal, last_lines(ran->out), last_lines(ran->err));
	for (; *texts; texts++) {
		bool unwanted = **texts == '~';
		const char *text = *texts + unwanted;

		if (unwanted == (strstr(ran->out, text) || strstr(ran->err, text)))
			test_fail(file, line, "the output should%s have: %s\n%s\n%s",
				  unwanted ? " not" : "", text, last_lines(ran->out),
				  last_lines(ran->err));
	}
}

void next_run_works(void)
{
	struct ran ran = run_way("well");

	EXPECT(ran, 0, "loaded misbehave.ko", "unloaded misbehave");
}

void put_file(const char *path, const char *text)
{
	char *dir = xstrndup(path, strrchr(path, '/') - path);

	ASSERT_EQ(mkdir_p(dir), 0);
	ASSERT_EQ(write_whole(path, text, strlen(text)), 0);
	free(dir);
}

const char *make_module(const char *name, const char *source)
{
	const char *dir = xasprintf("%s/%s", test_dir, name);

	put_file(strf("%s/Makefile", dir), strf("obj-m := %s.o\n", name));
	put_file(strf("%s/%s.c", dir, name), source);
	return dir;
}

const char *make_good_module(const char *name, const char **word)
{
	*word = random_word();
	return make_module(name, strf("#include <linux/module.h>\n"
				      "static int __init here(void)\n"
				      "{\n\tpr_info(\"%s\\n\");\n\treturn 0;\n}\n"
				      "module_init(here);\n"
				      "static void __exit gone(void)\n{\n}\n"
				      "module_exit(gone);\n"
				      "MODULE_LICENSE(\"GPL\");\n", *word));
}

uint64_t random_range(uint64_t lo, uint64_t hi)
{
	return lo + test_random() % (hi - lo + 1);
}

const char *random_word(void)
{
	char word[9] = "";

	for (int i = 0; i < 8; i++)
		word[i] = 'a' + test_random() % 26;
	return xstrdup(word);
}

void scribble(const char *path, off_t offset, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	char *noise = xmalloc(len);

	ASSERT_INT(fd, >=, 0);
	for (size_t i = 0; i < len; i++)
		noise[i] = test_random();
	ASSERT_EQ(pwrite(fd, noise, len, offset), len);
	close(fd);
	free(noise);
}

void copy_file(const char *from, const char *to)
{
	const char *const argv[] = { "cp", "--sparse=always", "-L", from, to, NULL };
	struct ran ran = run_program(argv);

	EXPECT(ran, 0);
}
