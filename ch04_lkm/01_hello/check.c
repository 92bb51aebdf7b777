// SPDX-License-Identifier: GPL-2.0
/*
 * What the module hello must do.
 *
 * Processes with names drawn at random load and unload it. The kernel log must
 * tell who each of them was.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define ROUNDS		200
#define BATCH		20	/* rounds between two looks at the log */
#define GREETING	"[Hh]ello, "
#define FAREWELL	"[Gg]oodbye, "

/* ------------------------------------------------- who calls the module --- */

/* A process that loads or unloads the module, and the kernel's answer. */
struct caller {
	char name[13];
	int pid;
	int (*call)(void);
	int result;		/* 0 or -errno */
};

#define NO_ANSWER	1

static int load(void)
{
	return mod_load("hello.ko", NULL);
}

static int unload(void)
{
	return mod_unload("hello");
}

static int stranger(void *data)
{
	struct caller *caller = data;

	prctl(PR_SET_NAME, caller->name);
	caller->result = caller->call();
	return 0;
}

/*
 * Call it in a new process, which has a name that was drawn at random. It shares
 * our memory, and we wait until it ends: to copy that memory 400 times would take
 * a third of the check's time.
 */
static struct caller by_stranger(int (*call)(void))
{
	static char stack[65536];
	struct caller caller = { .call = call, .result = NO_ANSWER };

	check_random_word(caller.name, sizeof(caller.name));
	caller.pid = clone(stranger, stack + sizeof(stack),
			   CLONE_VM | CLONE_VFORK | SIGCHLD, &caller);
	ASSERT_OK(libc_ret(caller.pid));
	ASSERT_OK(libc_ret(waitpid(caller.pid, NULL, 0)));
	ASSERT_NE(caller.result, NO_ANSWER,
		  "The process was killed inside the kernel: see the kernel log.");
	return caller;
}

/* -------------------------------------------------------- what it says --- */

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* Is the whole line there, as it must be? word is "[Hh]ello, ": either will do. */
static bool is_told(const char *log, const char *word, const struct caller *caller)
{
	for (int i = 1; i <= 2; i++) {
		const char *line = text("<6>hello: %c%s%s (pid %d)\n", word[i],
					strchr(word, ']') + 1, caller->name, caller->pid);
		const char *at = strstr(log, line);

		if (at && (at == log || at[-1] == '\n'))
			return true;
	}
	return false;
}

/*
 * The log must hold "hello: WORD NAME (pid N)" at the level of pr_info(). One
 * mistake after the other, so that the message names the one that was made.
 */
static void expect_line(const char *log, const char *word, const char *when,
			const struct caller *caller)
{
	/* The rest tells a mistake's kind; 2000 regular expressions take their time. */
	if (is_told(log, word, caller))
		return;
	ASSERT_MATCH(log, text("^<.>.*%s", word),
		     "The module said nothing of the kind when it was %s. The function that runs then must call pr_info().",
		     when);
	ASSERT_MATCH(log, text("^<6>.*%s", word),
		     "The message is there, but not at level 6, the level of pr_info(). pr_err(), pr_warn() and a bare printk() have others.");
	ASSERT_NOMATCH(log, text("hello: hello: *%s", word),
		       "The module's name is there twice. pr_fmt() adds it to each message: leave it out of your text.");
	ASSERT_MATCH(log, text("^<6>hello: %s", word),
		     "The message must start with the module's name, \"hello: \". That is what pr_fmt() is for.");
	ASSERT_MATCH(log, text("%s%s \\(pid %d\\)$", word, caller->name,
			       caller->pid),
		     "The message must name the process at work, as \"%s (pid %d)\". Ask for both each time: current->comm and task_pid_nr(current).",
		     caller->name, caller->pid);
}

CHECK(greets, .title = "Loaded, it greets the process that loads it")
{
	u64 mark = kmsg_mark();
	struct caller loader = by_stranger(load);
	char *log = kmsg_since(mark);

	ASSERT_NE(loader.result, -EPERM,
		  "The module was not loaded. Does your init function return 0? That means success, and -1 is -EPERM.");
	ASSERT_OK(loader.result,
		  "The module was not loaded. The init function must return 0: a negative number is an error, and undoes the load.");
	EXPECT_NOMATCH(log, "suspiciously returned",
		       "The init function returned a number above 0. For the kernel 0 means success, and a negative number an error.");
	EXPECT_MATCH(log, "^<6>hello: the init function runs$",
		     "Every message must start with the module's name, also those you did not write. Define pr_fmt() before the first #include: then pr_info() adds it.");
	expect_line(log, GREETING, "loaded", &loader);
}

CHECK(unloads, .title = "It can be unloaded")
{
	int result;

	if (!mod_loaded("hello"))
		ASSERT_OK(load(), "The module cannot be loaded.");
	result = unload();
	ASSERT_NE(result, -EBUSY,
		  "The kernel refused: a module with an init function and no exit function stays for ever. Write one, and name it to the kernel with module_exit().");
	EXPECT_OK(result);
}

CHECK(says_goodbye, .title = "Unloaded, it says goodbye to who did it", .needs = "unloads")
{
	struct caller unloader;
	char *log;
	u64 mark;

	ASSERT_OK(load());
	mark = kmsg_mark();
	unloader = by_stranger(unload);
	log = kmsg_since(mark);
	ASSERT_OK(unloader.result, "The module was not unloaded.");
	expect_line(log, FAREWELL, "unloaded", &unloader);
	EXPECT_NOMATCH(log, GREETING,
		       "The greeting belongs into the init function: it was printed at unload.");
}

static unsigned int count(const char *log, const char *word)
{
	unsigned int n = 0;

	for (const char *at = log; (at = strstr(at, word)); at++)
		n++;
	return n;
}

CHECK(many_times, .title = "It does so 200 times", .needs = "says_goodbye", .deadline = 120)
{
	/*
	 * Unloading waits for all CPUs to pass a quiet point: make them hurry.
	 * A kernel for one CPU has nothing to wait for, and no such file.
	 */
	if (!access("/sys/kernel/rcu_expedited", W_OK))
		ASSERT_OK(file_write("/sys/kernel/rcu_expedited", "1"));
	for (int done = 0; done < ROUNDS; done += BATCH) {
		struct caller loader[BATCH], unloader[BATCH];
		u64 mark = kmsg_mark();
		char *log;

		for (int i = 0; i < BATCH; i++) {
			loader[i] = by_stranger(load);
			ASSERT_OK(loader[i].result,
				  "Load number %d failed.", done + i + 1);
			unloader[i] = by_stranger(unload);
			ASSERT_OK(unloader[i].result,
				  "Unload number %d failed.", done + i + 1);
		}
		log = kmsg_since(mark);
		for (int i = 0; i < BATCH; i++) {
			expect_line(log, GREETING, "loaded", &loader[i]);
			expect_line(log, FAREWELL, "unloaded", &unloader[i]);
		}
		ASSERT_EQ(count(log, "ello, "), BATCH,
			  "Greet once for each load: there were %d.", BATCH);
		ASSERT_EQ(count(log, "oodbye, "), BATCH,
			  "Say goodbye once for each unload: there were %d.",
			  BATCH);
		free(log);
	}
}

/* ------------------------------------------------ what it says of itself --- */

/* The value of a field of .modinfo, where "name=value" strings are kept. */
static const char *modinfo(const char *field)
{
	int fd = open("hello.ko", O_RDONLY);
	const char *name = text("%c%s=", '\0', field);
	size_t len = strlen(field) + 2;
	struct stat st;
	char *file, *at;

	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(fstat(fd, &st)));
	file = calloc(1, st.st_size + 1);
	ASSERT_NOTNULL(file);
	ASSERT_EQ(read(fd, file, st.st_size), st.st_size);
	close(fd);
	at = memmem(file, st.st_size, name, len);
	return at ? at + len : "";
}

CHECK(introduces_itself, .title = "modinfo tells what it is and who wrote it")
{
	EXPECT_STRNE(modinfo("author"), "",
		     "modinfo names no author. Use MODULE_AUTHOR().");
	EXPECT_STRNE(modinfo("description"), "",
		     "modinfo has no description. Use MODULE_DESCRIPTION().");
	EXPECT_STRNE(modinfo("description"), "to be written",
		     "Say in MODULE_DESCRIPTION() what your module does.");
}

CHECK(taints_no_more, .title = "It taints the kernel no more than it must")
{
	const unsigned long proprietary = 1 << 0;
	const unsigned long out_of_tree = 1 << 12;
	const unsigned long not_signed = 1 << 13;
	unsigned long taint;

	if (!mod_loaded("hello"))
		ASSERT_OK(load(), "The module cannot be loaded.");
	mod_unload("hello");
	taint = kernel_taint();
	check_note("taint is %lu", taint);
	EXPECT_FALSE(taint & proprietary,
		     "Since your module was loaded, the kernel is marked P: it ran code without a licence it knows as free. Use MODULE_LICENSE(\"GPL\").");
	EXPECT_EQ(taint & ~(proprietary | out_of_tree | not_signed), 0,
		  "The kernel is marked for something worse than an unsigned module from outside its tree. The kernel log tells why.");
}
