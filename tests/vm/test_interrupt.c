// SPDX-License-Identifier: GPL-2.0
/* test_interrupt.c - Ctrl-C and kill at any moment, and QEMU that dies. */
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>

#include "vmlab.h"

static const char *const names[] = {
	[SIGHUP] = "HUP", [SIGINT] = "INT", [SIGTERM] = "TERM", [SIGKILL] = "KILL",
};

/* Ended by the signal, unless it had ended before it came. */
static void expect_interrupted(const struct ran *ran, int signo)
{
	if (ran->signal == signo || (!ran->signal && ran->status == 0))
		return;
	FAIL("expected an end by SIG%s, got status %d, signal %d\n%s\n%s", names[signo],
	     ran->status, ran->signal, ran->out, ran->err);
}

/* Complaints of what only the interrupt made fail are noise. */
static void expect_quiet(const struct ran *ran)
{
	if (strstr(ran->err, "why:") || strstr(ran->err, "mend:"))
		FAIL("it complains of the interrupt:\n%s", ran->err);
}

static void clean_again(void)
{
	const char *left = leftovers();

	if (left)
		FAIL("left behind: %s", left);
}

static void interrupt_once(int signo, int max_ms, bool check)
{
	int ms = random_range(0, max_ms);
	struct running running;
	struct ran ran;

	if (check)
		start_lab(&running, "check", MISBEHAVE, "--only", "well");
	else
		start_lab(&running, "run", MISBEHAVE, "--", "sleep 1");
	sleep_ms(ms);
	kill(running.pid, signo);
	ran = finish(&running);
	printf("  %s after %d ms: %s\n", names[signo], ms, ran.signal ? "ended" : "was done");
	expect_interrupted(&ran, signo);
	if (signo != SIGKILL) {
		expect_quiet(&ran);
		clean_again();
	}
}

TEST(interrupted_at_random)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (int i = 0; i < (test_long ? 40 : 6); i++)
		interrupt_once(signals[random_range(0, 2)], 4000, i % 2);
	next_run_works();
}

/* QEMU ends with the lab that started it, and what was left goes with the next. */
TEST(killed_at_random)
{
	for (int i = 0; i < (test_long ? 20 : 3); i++)
		interrupt_once(SIGKILL, 4000, i % 2);
	next_run_works();
}

/* Waits until a state is being made, in the cache of this test. */
static void await_saving(struct running *running)
{
	char *tmp = xasprintf("%s/tmp", getenv("LAB_CACHE"));
	int64_t until = now_ms() + 240000;
	bool found = false;
	struct ran ran;

	while (!found && now_ms() < until) {
		struct strlist entries = { 0 };

		list_dir(tmp, &entries);
		for (size_t i = 0; i < entries.count; i++)
			found |= str_starts(entries.items[i], "state.");
		strlist_free(&entries);
		sleep_ms(10);
	}
	free(tmp);
	if (found)
		return;
	kill(running->pid, SIGTERM);
	ran = finish(running);
	FAIL("no state was being made\n%s\n%s", ran.out, ran.err);
}

static void expect_no_state(void)
{
	struct strlist states = { 0 };

	list_states(&states);
	ASSERT_EQ(states.count, 0);
	strlist_free(&states);
}

TEST(interrupted_while_a_state_is_made)
{
	static const int signals[] = { SIGINT, SIGKILL, SIGTERM };

	use_cache("unsaved");
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct running running;
		struct ran ran;
		int ms = random_range(0, 1500);

		start_lab(&running, "run", MISBEHAVE);
		await_saving(&running);
		sleep_ms(ms);
		kill(running.pid, signals[i]);
		ran = finish(&running);
		printf("  %s %d ms after the begin\n", names[signals[i]], ms);
		expect_interrupted(&ran, signals[i]);
		if (signals[i] == SIGKILL)
			continue;
		expect_quiet(&ran);
		clean_again();
		if (ran.signal)
			expect_no_state();
	}
	next_run_works();
	clean_again();
}

/* As it is at a terminal: Ctrl-C goes to all that is in the foreground. */
TEST(ctrl_c_at_a_terminal)
{
	int64_t until = now_ms() + 120000;
	struct buf out = { 0 };
	bool typed = false;
	int master, status;
	pid_t pid;

	fflush(stdout);
	pid = forkpty(&master, NULL, NULL, NULL);
	ASSERT_INT(pid, >=, 0);
	if (pid == 0) {
		execl(LAB_PROGRAM, LAB_PROGRAM, "run", MISBEHAVE, "--", "echo here; sleep 1000",
		      NULL);
		_exit(127);
	}
	for (;;) {
		struct pollfd pfd = { .fd = master, .events = POLLIN };
		char chunk[4096];
		ssize_t got;

		ASSERT_INT(now_ms(), <, until);
		if (poll(&pfd, 1, 1000) <= 0)
			continue;
		got = read(master, chunk, sizeof(chunk));
		if (got <= 0)
			break;
		buf_add(&out, chunk, got);
		if (!typed && strstr(out.data, "here")) {
			typed = true;
			ASSERT_EQ(write(master, "\003", 1), 1);
		}
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	if (!typed || !WIFSIGNALED(status) || WTERMSIG(status) != SIGINT)
		FAIL("expected an end by SIGINT, got %#x; %s\n%s", status,
		     typed ? "Ctrl-C was typed" : "the guest was silent", out.data);
	buf_free(&out);
	clean_again();
	next_run_works();
}

static void end_qemu(int signo, const char *text)
{
	int64_t until = now_ms() + 120000;
	bool loaded = false;
	struct running running;
	struct ran ran;
	pid_t qemu;

	start_lab(&running, "run", MISBEHAVE, "--", "sleep 1000");
	/* Before that the machine may be one that is only booted to be saved. */
	while (!loaded && now_ms() < until) {
		char *out = read_whole(running.out_path, NULL);

		loaded = out && strstr(out, "loaded misbehave.ko");
		free(out);
		sleep_ms(10);
	}
	qemu = qemu_of(running.pid);
	ASSERT(loaded && qemu);
	sleep_ms(random_range(0, 2000));
	kill(qemu, signo);
	ran = finish(&running);
	EXPECT(ran, 5, "the virtual machine failed", text, "lab doctor");
}

TEST(qemu_dies)
{
	end_qemu(SIGKILL, "QEMU was ended from outside, by SIGKILL");
	end_qemu(SIGTERM, "terminating on signal 15");
	next_run_works();
}
