// SPDX-License-Identifier: GPL-2.0
/* run.c - the parent's side of one check: start, deadline, verdict */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

#define REPORT_FD	500	/* out of the way of what checks open */

/* What the parent holds of the check that runs; there is one at a time. */
static struct {
	pid_t pid;
	int pidfd;
	int report;			/* the records come here */
	int output;			/* and here what it prints */
	char pending[sizeof(struct record)];	/* a record's first part */
	size_t pending_len;
	unsigned int failures;
	bool garbled;			/* a record that was none */
	bool ended;			/* it said so */
	bool skipped;
	bool fault;
	char reason[256];
	struct bounded notes;
	struct bounded printed;
} run;

static volatile sig_atomic_t group_to_kill;

/* Whoever ends us ends the check as well. */
static void on_signal(int signal)
{
	if (group_to_kill)
		kill(-group_to_kill, SIGKILL);
	raise(signal);			/* SA_RESETHAND: now it ends us */
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESETHAND,
	};
	struct sigaction old;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
}

static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child, before the check begins. */
static _Noreturn void become_check(const struct check_entry *entry, pid_t parent,
				   int report, int output, u64 seed)
{
	struct rlimit no_core = { 0, 0 };
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int high = fcntl(report, F_DUPFD_CLOEXEC, REPORT_FD);

	setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(CHECK_EXIT_FAULT);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		_exit(CHECK_EXIT_FAULT);
	close(null);
	close(output);
	close(run.report);		/* the parent's ends */
	close(run.output);
	if (high >= 0) {
		close(report);
		report = high;
	}
	reset_signals();
	setrlimit(RLIMIT_CORE, &no_core);
	/* When memory runs out, let it hit the check, not its judge. */
	file_write("/proc/self/oom_score_adj", "1000");
	child_main(entry, report, seed);
}

static void take_record(const struct record *record)
{
	switch (record->type) {
	case RECORD_FAILURE:
		run.failures++;
		break;
	case RECORD_FAULT:
		run.fault = true;
		break;
	case RECORD_END:
		run.ended = true;
		return;
	case RECORD_SKIP:
		run.skipped = true;
		snprintf(run.reason, sizeof(run.reason), "%.*s",
			 (int)record->len, record->text);
		return;
	case RECORD_NOTE:
		break;
	default:
		run.garbled = true;
		return;
	}
	bounded_add(&run.notes, record->text, record->len);
}

static void take_report(const char *text, size_t len)
{
	struct record record;

	while (len && !run.garbled) {
		size_t need = RECORD_HEADER, part;

		if (run.pending_len >= RECORD_HEADER) {
			memcpy(&record, run.pending, RECORD_HEADER);
			need += record.len;
		}
		part = need - run.pending_len;
		if (part > len)
			part = len;
		memcpy(run.pending + run.pending_len, text, part);
		run.pending_len += part;
		text += part;
		len -= part;
		if (run.pending_len < RECORD_HEADER)
			return;
		memcpy(&record, run.pending, run.pending_len);
		if (record.magic != RECORD_MAGIC ||
		    record.len > sizeof(record.text)) {
			run.garbled = true;
		} else if (run.pending_len == RECORD_HEADER + record.len) {
			take_record(&record);
			run.pending_len = 0;
		}
	}
}

/* Read what is there, but at most max bytes; false at the end of file. */
static bool drain(int fd, size_t max)
{
	char buf[16 * 1024];
	ssize_t n;

	while (max) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (!n)
			return false;
		if (fd == run.report)
			take_report(buf, n);
		else
			bounded_add(&run.printed, buf, n);
		max -= (size_t)n < max ? (size_t)n : max;
	}
	return true;
}

/* Collect until the check's process is gone (true) or end has come. */
static bool collect(u64 end)
{
	struct pollfd fds[] = {
		{ .fd = run.pidfd, .events = POLLIN },
		{ .fd = run.report, .events = POLLIN },
		{ .fd = run.output, .events = POLLIN },
	};
	int left;

	while ((left = ms_until(end)) > 0) {
		if (poll(fds, 3, left) < 0)
			continue;	/* EINTR; all else cannot be */
		for (int i = 1; i < 3; i++)
			if (fds[i].revents && !drain(fds[i].fd, 1 << 20))
				fds[i].fd = -1;
		if (fds[0].revents)
			return true;
	}
	return false;
}

/*
 * What lies in a pipe when the writer is gone is at most what the pipe holds.
 * If somebody else has it open still, it may never end.
 */
static void collect_rest(int fd)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	drain(fd, size > 0 ? size : 1 << 20);
	close(fd);
}

static int start(const struct check_entry *entry, u64 seed)
{
	int report[2], output[2], err;
	pid_t parent = getpid();

	memset(&run, 0, sizeof(run));
	err = pipe_nonblocking(report);
	if (err)
		return err;
	err = pipe_nonblocking(output);
	if (err)
		goto close_report;
	run.report = report[0];
	run.output = output[0];
	fflush(stdout);			/* or the child would have it, too */
	run.pid = fork();
	err = -errno;
	if (!run.pid)
		become_check(entry, parent, report[1], output[1], seed);
	close(report[1]);
	close(output[1]);
	if (run.pid < 0)
		goto close_output;
	setpgid(run.pid, run.pid);	/* the child does so as well: no race */
	group_to_kill = run.pid;
	run.pidfd = pidfd_of(run.pid);
	if (run.pidfd >= 0)
		return 0;
	err = -errno;
	kill(-run.pid, SIGKILL);
	waitpid(run.pid, NULL, 0);
	group_to_kill = 0;
close_output:
	close(output[0]);
	goto close_report_reader;
close_report:
	close(report[1]);
close_report_reader:
	close(report[0]);
	return err;
}

static void judge(struct outcome *out, int wait_status)
{
	if (WIFSIGNALED(wait_status)) {
		out->signal = WTERMSIG(wait_status);
	} else if (run.garbled || !run.ended || WEXITSTATUS(wait_status)) {
		out->status = WEXITSTATUS(wait_status);
	} else if (run.failures || run.fault) {
		out->state = STATE_FAILED;
		out->fault = run.fault && !run.failures;
	} else if (run.skipped) {
		out->state = STATE_SKIPPED;
	} else {
		out->state = STATE_PASSED;
	}
	memcpy(out->reason, run.reason, sizeof(out->reason));
}

static void print_diagnostics(const struct check_entry *entry,
			      const struct outcome *out)
{
	if (out->state == STATE_TIMED_OUT)
		ktap_diagnostic("The check was not done after %u s and was stopped.",
				entry->deadline ?: DEFAULT_DEADLINE);
	else if (out->state == STATE_CRASHED && out->signal)
		ktap_diagnostic("The check's process was ended by SIG%s: %s.%s",
				sigabbrev_np(out->signal) ?: "?",
				strsignal(out->signal),
				out->signal == SIGKILL ?
				" Did memory run out? See the kernel log." : "");
	else if (out->state == STATE_CRASHED && run.garbled)
		ktap_diagnostic("Something wrote into the check's own report.");
	else if (out->state == STATE_CRASHED)
		ktap_diagnostic("The check's process exited with status %d before the check's end.",
				out->status);
	bounded_print(&run.notes, "# ");
	if (run.printed.total) {
		ktap_diagnostic("It printed:");
		bounded_print(&run.printed, "# | ");
	}
}

struct outcome run_check(const struct check_entry *entry, u64 seed)
{
	unsigned int deadline = entry->deadline ?: DEFAULT_DEADLINE;
	struct outcome out = { .state = STATE_CRASHED };
	int wait_status = 0, err;
	bool in_time, gone;
	pid_t left;

	catch_signals();
	err = start(entry, seed);
	if (err) {
		ktap_diagnostic("The check's process cannot be started: %s",
				strerror(-err));
		out.state = STATE_FAILED;
		out.fault = true;
		return out;
	}
	in_time = collect(check_clock_ms_() + deadline * 1000ULL);
	kill(run.pid, SIGKILL);		/* it may have left its group */
	kill(-run.pid, SIGKILL);
	gone = in_time || collect(check_clock_ms_() + KILL_GRACE_MS);
	if (gone && waitpid(run.pid, &wait_status, 0) == run.pid)
		judge(&out, wait_status);
	if (!in_time)
		out.state = STATE_TIMED_OUT;
	left = run.pid;
	if (gone)
		gone = sweep(run.pid, &left);
	group_to_kill = 0;
	collect_rest(run.report);
	collect_rest(run.output);
	close(run.pidfd);
	print_diagnostics(entry, &out);
	if (!gone) {
		stuck_explain(left, out.stuck, sizeof(out.stuck));
		if (out.state == STATE_PASSED || out.state == STATE_SKIPPED)
			out.state = STATE_FAILED;
	}
	return out;
}
