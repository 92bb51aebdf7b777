// SPDX-License-Identifier: GPL-2.0
/* test_cache.c - the cache directory and the locks in it. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "cache.h"
#include "test.h"

#define NOBODY	65534

TEST(cache_where)
{
	static const struct { const char *cache, *xdg, *home, *dir; } cases[] = {
		{ "/x/c", "/y", "/h", "/x/c" },
		{ "", "/y", "/h", "/y/lkp-workbook" },
		{ "", "relative", "/h", "/h/.cache/lkp-workbook" },
		{ "", "", "/h", "/h/.cache/lkp-workbook" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int pipe_fd[2];
		char text[200] = "";

		ASSERT_EQ(pipe(pipe_fd), 0);
		/* The answer is kept for the life of a process. */
		if (fork() == 0) {
			setenv("LAB_CACHE", cases[i].cache, 1);
			setenv("XDG_CACHE_HOME", cases[i].xdg, 1);
			setenv("HOME", cases[i].home, 1);
			_exit(write(pipe_fd[1], cache_dir(), strlen(cache_dir())) < 0);
		}
		ASSERT_INT(read(pipe_fd[0], text, sizeof(text) - 1), >, 0);
		ASSERT_STR(text, cases[i].dir);
	}
}

TEST(cache_prepare_makes_it)
{
	char *tmp;

	ASSERT_EQ(cache_prepare(), 0);
	ASSERT(is_file(strf("%s/cache/README", test_dir)));
	tmp = cache_tmpdir("build");
	ASSERT(tmp && is_dir(tmp));
	ASSERT(str_starts(tmp, strf("%s/cache/tmp/build.", test_dir)));
	free(tmp);
}

TEST(cache_unusable_says_how_to_mend)
{
	char *text;

	ASSERT(freopen("notes", "w", stderr));
	ASSERT_EQ(mkdir_p(strf("%s/cache", test_dir)), 0);
	ASSERT_EQ(chmod(strf("%s/cache", test_dir), 0), 0);
	if (geteuid() == 0) {
		ASSERT_EQ(chmod(test_dir, 0755), 0);
		ASSERT_EQ(setuid(NOBODY), 0);
	}
	ASSERT_EQ(cache_prepare(), -EACCES);
	ASSERT_EQ(cache_lock("x"), -EACCES);
	ASSERT(!cache_tmpdir("x"));
	fflush(stderr);
	text = read_whole("notes", NULL);
	ASSERT_HAS(text, strf("lab: the cache directory %s/cache cannot be used", test_dir));
	ASSERT_HAS(text, "why: it cannot be read and written: Permission denied");
	ASSERT_HAS(text, "mend: make it yours: sudo chown -R");
	ASSERT_HAS(text, "export LAB_CACHE=");
	/* Once, however many ask. */
	ASSERT(!strstr(strstr(text, "cannot be used") + 1, "cannot be used"));
}

TEST(cache_is_a_file)
{
	char *text;

	ASSERT(freopen("notes", "w", stderr));
	ASSERT_EQ(write_whole(strf("%s/cache", test_dir), "", 0), 0);
	ASSERT_EQ(cache_prepare(), -ENOTDIR);
	fflush(stderr);
	text = read_whole("notes", NULL);
	ASSERT_HAS(text, "cannot be used");
	ASSERT_HAS(text, "Not a directory");
}

/* A process that holds the lock; its number. */
static pid_t hold_lock(const char *name)
{
	int pipe_fd[2];
	char byte;
	pid_t pid;

	ASSERT_EQ(pipe(pipe_fd), 0);
	pid = fork();
	if (pid == 0) {
		if (cache_lock(name) < 0 || write(pipe_fd[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	ASSERT_EQ(read(pipe_fd[0], &byte, 1), 1);
	return pid;
}

TEST(cache_lock_excludes)
{
	pid_t holder = hold_lock("kernels");
	int fd;

	ASSERT_EQ(cache_trylock("kernels"), -EWOULDBLOCK);
	fd = cache_lock("other");
	ASSERT_INT(fd, >=, 0);
	cache_unlock(fd);
	/* Gone with its process, however that ended. */
	ASSERT_EQ(kill(holder, SIGKILL), 0);
	ASSERT_EQ(waitpid(holder, NULL, 0), holder);
	fd = cache_trylock("kernels");
	ASSERT_INT(fd, >=, 0);
	cache_unlock(fd);
	fd = cache_trylock("kernels");
	ASSERT_INT(fd, >=, 0);
}

TEST(cache_lock_tells_that_it_waits)
{
	pid_t holder = hold_lock("kernels"), waiter;
	char *text;
	int status;

	waiter = fork();
	if (waiter == 0) {
		int fd;

		ASSERT(freopen("notes", "w", stderr));
		setvbuf(stderr, NULL, _IONBF, 0);
		fd = cache_lock("kernels");
		_exit(fd < 0);
	}
	for (int i = 0; i < 1000 && !(text = read_whole("notes", NULL)); i++)
		sleep_ms(5);
	ASSERT_STR(text, "");
	for (int i = 0; i < 1000; i++) {
		text = read_whole("notes", NULL);
		if (strstr(text, "waiting for another lab process"))
			break;
		sleep_ms(10);
	}
	ASSERT_HAS(text, "lab: note: waiting for another lab process");
	ASSERT_HAS(text, "(kernels)");
	ASSERT_EQ(waitpid(waiter, &status, WNOHANG), 0);
	ASSERT_EQ(kill(holder, SIGKILL), 0);
	ASSERT_EQ(waitpid(waiter, &status, 0), waiter);
	ASSERT_EQ(status, 0);
}

TEST(cache_lock_wait_can_be_interrupted)
{
	pid_t holder = hold_lock("kernels"), waiter;
	int status;

	waiter = fork();
	if (waiter == 0)
		_exit(cache_lock("kernels") < 0);
	sleep_ms(300);
	ASSERT_EQ(kill(waiter, SIGINT), 0);
	ASSERT_EQ(waitpid(waiter, &status, 0), waiter);
	ASSERT(WIFSIGNALED(status));
	ASSERT_EQ(WTERMSIG(status), SIGINT);
	kill(holder, SIGKILL);
}
