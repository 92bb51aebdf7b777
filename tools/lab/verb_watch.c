// SPDX-License-Identifier: GPL-2.0
/*
 * verb_watch.c - lab watch: one lab in focus, judged at each save.
 *
 * The verdict is that of `lab check`, run as a program beside us: a save in
 * the middle of it ends it and starts it anew.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db.h"
#include "kernel.h"
#include "overview.h"
#include "proc.h"
#include "term.h"
#include "verbs.h"
#include "watch.h"

#define BEAT_MS	120

static const char usage[] =
	"Usage: lab watch [--kernel K] [--poll] [LAB]\n"
	"Judges your file each time you save it, and shows the verdict in place.\n"
	"\n"
	"LAB is an id such as ch04_lkm/01_hello or any part of it that is unique;\n"
	"without it, the lab of the current directory, else the next one to solve.\n"
	"\n"
	"  -k, --kernel K  6.1 (the default), 6.1-rt, 6.12, running, an imported one,\n"
	"                  several with commas, or all\n"
	"  -p, --poll      look at the files twice a second, do not wait for inotify;\n"
	"                  done by itself where inotify is known to be blind\n"
	"  -h, --help      this text\n"
	"\n"
	"Keys: n next lab, h next hint, l list of labs, s our solution (when yours has\n"
	"passed), r run again, arrows and Page keys scroll, Esc back to the verdict,\n"
	"q quit. Without a terminal the verdicts come one below the other; Ctrl-C ends.\n"
	"\n"
	"Exit status: that of the last verdict shown; 0 when there was none.\n";

static const struct option options[] = {
	{ "kernel", required_argument, NULL, 'k' },
	{ "poll", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* ---- runs ---- */

static int columns_now(const struct watch *w)
{
	int columns = term_width(), rows;

	if (!w->lines)
		tty_size(&columns, &rows);
	return columns;
}

static const char *clock_text(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[16] = "";

	if (localtime_r(&now, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	return strf("%s", text);
}

/* "3 of 6 checks, ", as the run in hand has recorded it. */
static const char *checks_text(const struct watch *w, int code)
{
	struct lab_progress progress;

	if (code == LAB_USAGE || code == LAB_FAULT || db_progress(w->lab->id, &progress) ||
	    !progress.attempts || progress.last_exit != code ||
	    !(progress.last_passed + progress.last_failed))
		return "";
	return strf("%u of %u checks, ", progress.last_passed,
		    progress.last_passed + progress.last_failed);
}

static void keep_verdict(struct watch *w, int code, char *text, int64_t ms)
{
	free(w->verdict);
	w->verdict = text;
	w->code = code;
	free(w->when);
	w->when = xasprintf("%s%s, %lld.%lld s, %s", checks_text(w, code), clock_text(),
			    (long long)ms / 1000, (long long)ms % 1000 / 100, w->reason);
	w->passed |= code == LAB_PASSED;
	free(w->notice);
	w->notice = NULL;
	if (w->page == PAGE_VERDICT)
		w->top = 0;
	watch_new_head(w);
	if (!w->lines)
		return;
	fputs(text, stdout);
	term_printf(stdout, T_DIM, "%s\n\n", w->when);
	fflush(stdout);
}

static void begin_run(struct watch *w)
{
	int err;

	w->again = false;
	if (w->lines) {
		printf("judging %s (%s)\n", w->lab->id, w->reason);
		fflush(stdout);
	}
	err = run_begin(&w->run, w->lab, w->kernel, columns_now(w));
	if (err)
		keep_verdict(w, LAB_FAULT, xasprintf("lab check cannot be started: %s\n",
						     errno_text(err)), 0);
}

static void look_at_run(struct watch *w)
{
	int64_t start = w->run.start;
	bool stopped;
	char *text;
	int code;

	if (!w->run.pid || !run_look(&w->run))
		return;
	stopped = w->run.kill_at;
	code = run_verdict(&w->run, &text);
	if (stopped)
		free(text);
	else
		keep_verdict(w, code, text, now_ms() - start);
}

void watch_again(struct watch *w, const char *reason)
{
	run_stop(&w->run);
	free(w->reason);
	w->reason = xstrdup(reason);
	w->again = true;
}

void watch_focus(struct watch *w, const struct lab *lab)
{
	eyes_close(&w->eyes);
	free(w->verdict);
	w->verdict = NULL;
	w->code = -1;
	w->passed = false;
	w->page = PAGE_VERDICT;
	w->top = 0;
	w->lab = lab;
	/* Before the run: a save during it is a save to be judged. */
	eyes_open(&w->eyes, lab, w->poll);
	watch_new_head(w);
	watch_again(w, "first look");
}

/* ---- the loop ---- */

static void add_fd(struct pollfd *fds, nfds_t *count, int fd)
{
	if (fd >= 0)
		fds[(*count)++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

static void wait_for_something(struct watch *w)
{
	int timeout = eyes_timeout(&w->eyes);
	struct pollfd fds[8];
	nfds_t count = 0;

	add_fd(fds, &count, w->lines ? -1 : STDIN_FILENO);
	add_fd(fds, &count, w->lines ? -1 : tty_signal_fd());
	/* While a burst is waited out, its further events may wait too. */
	add_fd(fds, &count, w->eyes.first ? -1 : w->eyes.fd);
	add_fd(fds, &count, interrupt_fd());
	if (w->run.pid) {
		add_fd(fds, &count, w->run.out);
		add_fd(fds, &count, w->run.err);
		add_fd(fds, &count, w->run.pidfd);
		if (timeout > BEAT_MS)
			timeout = BEAT_MS;
	}
	/* Interrupts are asked for where nothing can wake us. */
	if (interrupt_fd() < 0 && timeout > 500)
		timeout = 500;
	poll(fds, count, timeout);
}

static void loop(struct watch *w)
{
	int64_t beat = 0;

	while (!w->quit && !interrupt_pending()) {
		char *saved;
		int key;

		if (w->again && !w->run.pid)
			begin_run(w);
		if (!w->lines)
			watch_draw(w);
		wait_for_something(w);
		if (now_ms() >= beat + BEAT_MS) {
			beat = now_ms();
			w->beat++;
		}
		look_at_run(w);
		saved = eyes_saved(&w->eyes);
		if (saved)
			watch_again(w, strf("%s saved", saved));
		free(saved);
		if (w->lines)
			continue;
		tty_signals();
		while (!w->quit && (key = tty_key()) != KEY_NONE)
			watch_key(w, key);
	}
}

static void end_run(struct watch *w)
{
	char *text;

	if (!w->run.pid)
		return;
	run_stop(&w->run);
	run_await(&w->run);
	run_verdict(&w->run, &text);
	free(text);
}

/* What was shown is gone with the screen: its outcome stays. */
static void last_word(const struct watch *w)
{
	static const char *const words[] = {
		[LAB_PASSED] = "passed", [LAB_FAILED] = "failed", [LAB_USAGE] = "no verdict",
		[LAB_CRASHED] = "crashed", [LAB_TIMEOUT] = "timed out", [LAB_FAULT] = "no verdict",
	};

	if (w->code < 0)
		return;
	printf("%s: ", w->lab->id);
	term_printf(stdout, w->code == LAB_PASSED ? T_OK : T_BAD, "%s", words[w->code]);
	printf(" (%s)\n", w->when);
	fflush(stdout);
}

static int watch(struct watch *w, const struct lab *lab)
{
	int err = 0;

	w->eyes.fd = w->run.out = w->run.err = w->run.pidfd = -1;
	w->lines = !tty_usable();
	if (!w->lines)
		err = tty_begin();
	if (err) {
		complain("the terminal cannot be used", errno_text(err),
			 strf("./lab check %s judges once", short_name(w->labs, lab)));
		return LAB_FAULT;
	}
	watch_focus(w, lab);
	if (w->lines)
		printf("watching %s by %s; Ctrl-C ends\n\n", lab->id, eyes_way(&w->eyes));
	loop(w);
	/* The terminal first: ending a machine may take a moment. */
	if (!w->lines)
		tty_end();
	end_run(w);
	if (!w->lines)
		last_word(w);
	eyes_close(&w->eyes);
	free(w->reason);
	free(w->verdict);
	free(w->when);
	free(w->text);
	free(w->notice);
	free(w->head);
	return w->code < 0 ? LAB_PASSED : w->code;
}

/* Named, or of the current directory, or the next to be solved. */
static const struct lab *choose_lab(struct labs *labs, const char *pattern)
{
	const struct lab *lab = pattern ? NULL : next_task(labs);

	if (pattern || is_file("lab.ini"))
		return lab_find(labs, pattern);
	if (!lab)
		complain(labs->count ? "all labs are solved" : "there are no labs", NULL,
			 "name the lab to be watched: ./lab watch LAB");
	return lab;
}

int verb_watch(int argc, char **argv)
{
	struct strlist kernels = { 0 };
	struct watch w = { .code = -1 };
	const struct lab *lab;
	struct labs labs;
	int opt, code = LAB_USAGE;

	while ((opt = getopt_long(argc, argv, "k:ph", options, NULL)) != -1) {
		switch (opt) {
		case 'k':
			w.kernel = optarg;
			break;
		case 'p':
			w.poll = true;
			break;
		case 'h':
			return usage_print(usage);
		default:
			return usage_error(argv[0], NULL);
		}
	}
	if (argc - optind > 1)
		return usage_error(argv[0], "one lab at a time");
	if (kernel_choice(w.kernel, &kernels))
		return LAB_USAGE;
	strlist_free(&kernels);
	if (!labs_open(&labs))
		return LAB_FAULT;
	w.labs = &labs;
	lab = choose_lab(&labs, argv[optind]);
	interrupt_hold();
	if (lab)
		code = watch(&w, lab);
	labs_free(&labs);
	interrupt_release();
	return code;
}
