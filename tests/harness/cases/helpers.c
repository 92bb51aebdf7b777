// SPDX-License-Identifier: GPL-2.0
/* The helpers that work on any machine. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "case.h"

static u64 sum(const char *text, size_t len)
{
	u64 hash = len;

	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)text[i];
	return hash;
}

CHECK(reads)
{
	char *text = file_read(given("CASE_FILE"));

	ASSERT_NOTNULL(text);
	check_note("%zu %llu", strlen(text), sum(text, strlen(text)));
	free(text);
	EXPECT_NULL(file_read("/no/such/file"));
	EXPECT_EQ(errno, ENOENT);
	EXPECT_NULL(file_read("/"));
	EXPECT_EQ(errno, EISDIR);
	EXPECT_MATCH(file_read("/proc/self/status"), "^Name:.helpers$");
}

CHECK(writes)
{
	const char *path = given("CASE_FILE");

	ASSERT_OK(file_write(path, "a longer text"));
	EXPECT_STREQ(file_read(path), "a longer text");
	ASSERT_OK(file_write(path, given("CASE_TEXT")));
	EXPECT_STREQ(file_read(path), given("CASE_TEXT"));
	EXPECT_ERR(file_write("/no/such/file", "x"), ENOENT);
	EXPECT_ERR(file_write("/", "x"), EISDIR);
	EXPECT_ERR(file_write("/dev/full", "x"), ENOSPC);
	EXPECT_ERR(libc_ret(open("/no/such/file", O_RDONLY)), ENOENT);
}

CHECK(taint)
{
	check_note("%lu", kernel_taint());
}

static void show(struct run_result result)
{
	check_note("error %d, status %d, signal %d%s%s, out %zu %llu, err %zu %llu",
		   result.error, result.status, result.signal,
		   result.timed_out ? ", timed out" : "",
		   result.truncated ? ", truncated" : "",
		   result.out_len, sum(result.out, result.out_len),
		   result.err_len, sum(result.err, result.err_len));
	run_result_free(&result);
	ASSERT_NULL(result.out);
}

static struct run_result shell(const char *script, int seconds)
{
	return run_program((const char *const []){ "sh", "-c", script, NULL },
			   seconds);
}

CHECK(runs, .deadline = 300)
{
	struct run_result result;

	result = run_program((const char *const []){
		"sh", "-c", "printf '%s.' \"$@\"; echo wrong >&2; exit $1", "name",
		given("CASE_STATUS"), "two words", "", given("CASE_TEXT"), NULL,
	}, 100);
	check_note("%d [%s] [%s]", result.status, result.out, result.err);
	run_result_free(&result);
	show(run_program((const char *const []){ "/no/such/program", NULL }, 100));
	show(run_program((const char *const []){ "no-such-program", NULL }, 100));
	show(shell("kill -9 $$", 100));
	show(shell("cat", 100));		/* its input is empty */
	show(shell("printf 'a\\0b'", 100));
	show(shell("echo before; exec sleep 1000", 5));
	show(shell("sleep 1000 & echo x", 100));	/* has the pipe open */
	show(shell("head -c 18000000 /dev/zero; echo e >&2", 100));
	show(shell("exit 0", 100));
}

CHECK(leaks_no_descriptor)
{
	struct run_result result;
	int before = open("/dev/null", O_RDONLY | O_CLOEXEC), after;

	for (int i = 0; i < 20; i++) {
		result = shell("ls /proc/self/fd", 100);
		run_result_free(&result);
		run_result_free(&result);
		file_read("/proc/self/status");
		file_write("/dev/null", "x");
	}
	after = open("/dev/null", O_RDONLY | O_CLOEXEC);
	EXPECT_EQ(after, before + 1);
}

CHECK(waits)
{
	int calls = 0;
	u64 begin;

	EXPECT_TRUE(WAIT_UNTIL(++calls == 3, 100000));
	EXPECT_EQ(calls, 3);
	calls = 0;
	EXPECT_FALSE(WAIT_UNTIL(calls++ < 0, 0));
	EXPECT_EQ(calls, 1, "At least once, even without time");
	begin = check_clock_ms_();
	EXPECT_FALSE(WAIT_UNTIL(false, 60));
	EXPECT_GE(check_clock_ms_() - begin, 60);
	calls = 0;
	EXPECT_TRUE(WAIT_UNTIL(WAIT_UNTIL(++calls > 1, 20) && calls > 4, 100000));
	begin = check_clock_ms_();
	calls = 0;
	/* The last try comes after the end: what holds then counts. */
	EXPECT_TRUE(WAIT_UNTIL(calls++ && check_clock_ms_() >= begin + 25, 25));
}

static void say(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(write(fd, text, strlen(text))));
	close(fd);
}

static void *say_later(void *text)
{
	usleep(50000);
	say(text);
	return NULL;
}

CHECK(kernel_log)
{
	char word[12], text[200], later[200];
	pthread_t thread;
	char *log;
	u64 mark;

	check_random_word(word, sizeof(word));
	snprintf(text, sizeof(text), "<4>%s-before\n", word);
	say(text);
	mark = kmsg_mark();
	EXPECT_NOMATCH(kmsg_since(mark), word);
	snprintf(text, sizeof(text), "<3>%s-one\\x41\nsecond\tline \xc3\xbc\n", word);
	say(text);
	log = kmsg_since(mark);
	EXPECT_NOMATCH(log, "-before");
	snprintf(text, sizeof(text),
		 "^<3>%s-one\\\\x41\n<3>second\tline \xc3\xbc$", word);
	EXPECT_MATCH(log, text);
	EXPECT_FALSE(kmsg_wait(mark, "-never-said", 30));
	snprintf(later, sizeof(later), "<6>%s-later\n", word);
	snprintf(text, sizeof(text), "^<6>%s-later$", word);
	ASSERT_EQ(pthread_create(&thread, NULL, say_later, later), 0);
	EXPECT_TRUE(kmsg_wait(mark, text, 100000));
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_GE(kmsg_mark(), mark + 2);
}
