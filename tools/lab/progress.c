// SPDX-License-Identifier: GPL-2.0
/*
 * progress.c - the line that shows that something happens; declared in
 * term.h. A thread keeps it alive, so that work of any kind can be shown:
 * waiting for a program, unpacking, computing. All writes to the terminal
 * while a line is shown go through one lock.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "term.h"

#define BEAT_TTY_MS	120
#define BEAT_PLAIN_MS	1900	/* a line every two seconds, with room for delay */

struct progress {
	struct progress *outer;
	char *title;
	char *note;
	int64_t start;
};

/* Recursive: complain() in a callback may meet its own thread's lock. */
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_cond_t wake;
static pthread_t beater;
static bool beating;
static bool stop;
static bool silent;
static bool on_tty;
static unsigned int beat_count;
static struct progress *current;	/* innermost */
static volatile sig_atomic_t line_shown;

static struct progress *outermost(void)
{
	struct progress *p = current;

	while (p && p->outer)
		p = p->outer;
	return p;
}

static void clear_line(void)
{
	if (!line_shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	line_shown = 0;
}

void progress_on_signal(void)
{
	static const char clear[] = "\r\033[K";

	if (line_shown && write(STDERR_FILENO, clear, sizeof(clear) - 1) < 0)
		line_shown = 0;
}

static const char *time_text(int64_t ms)
{
	if (ms < 10000)
		return strf("%lld.%lld s", (long long)ms / 1000, (long long)ms % 1000 / 100);
	if (ms < 60000)
		return strf("%lld s", (long long)ms / 1000);
	return strf("%lld min %02lld s", (long long)ms / 60000, (long long)ms / 1000 % 60);
}

/* What is going on below the outermost title. */
static const char *detail(const struct progress *outer)
{
	if (current == outer)
		return outer->note ? outer->note : "";
	if (current->note)
		return strf("%s: %s", current->title, current->note);
	return current->title;
}

static void paint(void)
{
	static const char *const wheel[] = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" };
	static const char *const plain[] = { "|", "/", "-", "\\" };
	struct progress *p = outermost();
	const char *sign, *text;

	if (!p)
		return;
	sign = term_utf8() ? wheel[beat_count % ARRAY_SIZE(wheel)] :
			     plain[beat_count % ARRAY_SIZE(plain)];
	text = detail(p);
	text = term_clip(strf("%s  %s  %s", p->title, time_text(now_ms() - p->start), text),
			 term_width() - 3);
	fprintf(stderr, "\r\033[K%s%s%s %s", term_on(stderr, T_CODE), sign, term_off(stderr), text);
	fflush(stderr);
	line_shown = 1;
}

static void plain_line(void)
{
	struct progress *p = outermost();
	const char *text;

	if (!p)
		return;
	text = detail(p);
	fprintf(stderr, "%s: %s%s%s\n", p->title, time_text(now_ms() - p->start),
		*text ? ", " : "", term_clip(text, 200));
	fflush(stderr);
}

static void *beat(void *unused)
{
	struct timespec until;

	(void)unused;
	pthread_mutex_lock(&lock);
	while (!stop) {
		int ms = on_tty ? BEAT_TTY_MS : BEAT_PLAIN_MS;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += (long)(ms % 1000) * 1000000;
		until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		while (!stop && pthread_cond_timedwait(&wake, &lock, &until) != ETIMEDOUT)
			;
		if (stop)
			break;
		beat_count++;
		if (on_tty)
			paint();
		else
			plain_line();
	}
	pthread_mutex_unlock(&lock);
	strf_end_thread();
	return NULL;
}

/* Without a thread the line stands still, nothing else is lost. */
static void start_beating(void)
{
	pthread_condattr_t attr;
	sigset_t all, old;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&wake, &attr);
	pthread_condattr_destroy(&attr);
	stop = false;
	beat_count = 0;
	/* Signals are the main thread's: they must cut its waits short. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	beating = pthread_create(&beater, NULL, beat, NULL) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void stop_beating(void)
{
	if (!beating)
		return;
	pthread_mutex_lock(&lock);
	stop = true;
	pthread_cond_signal(&wake);
	pthread_mutex_unlock(&lock);
	pthread_join(beater, NULL);
	pthread_cond_destroy(&wake);
	beating = false;
}

struct progress *progress_begin(const char *fmt, ...)
{
	struct progress *p = xcalloc(1, sizeof(*p));
	const char *kind = getenv("TERM");
	bool first;
	va_list ap;

	va_start(ap, fmt);
	p->title = xvasprintf(fmt, ap);
	va_end(ap);
	p->start = now_ms();

	pthread_mutex_lock(&lock);
	first = !current;
	p->outer = current;
	current = p;
	if (first) {
		fflush(stdout);
		on_tty = term_is_tty(stderr) && kind && *kind && strcmp(kind, "dumb");
		if (on_tty && !silent)
			paint();
	}
	pthread_mutex_unlock(&lock);
	if (first && !silent)
		start_beating();
	return p;
}

void progress_note(struct progress *p, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&lock);
	free(p->note);
	p->note = text;
	pthread_mutex_unlock(&lock);
}

void progress_print(const char *fmt, ...)
{
	va_list ap;

	progress_lock();
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	progress_unlock();
}

/* Inner ones that were forgotten end with their outer one. */
static bool remove_progress(struct progress *p)
{
	struct progress *inner;
	bool last;

	pthread_mutex_lock(&lock);
	while ((inner = current) && inner != p) {
		current = inner->outer;
		free(inner->title);
		free(inner->note);
		free(inner);
	}
	current = p->outer;
	last = !current;
	pthread_mutex_unlock(&lock);
	if (last)
		stop_beating();
	pthread_mutex_lock(&lock);
	if (last)
		clear_line();
	pthread_mutex_unlock(&lock);
	return last;
}

static void free_progress(struct progress *p)
{
	free(p->title);
	free(p->note);
	free(p);
}

void progress_end(struct progress *p, bool ok)
{
	enum term_style style = ok ? T_OK : T_BAD;

	if (remove_progress(p) && !silent) {
		term_printf(stderr, style, "%s", term_mark(style));
		fprintf(stderr, " %s ", p->title);
		term_printf(stderr, T_DIM, "(%s)", time_text(now_ms() - p->start));
		putc('\n', stderr);
	}
	free_progress(p);
}

void progress_drop(struct progress *p)
{
	remove_progress(p);
	free_progress(p);
}

void progress_silence(void)
{
	silent = true;
}

void progress_lock(void)
{
	pthread_mutex_lock(&lock);
	clear_line();
}

void progress_unlock(void)
{
	pthread_mutex_unlock(&lock);
}
