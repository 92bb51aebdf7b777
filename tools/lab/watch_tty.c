// SPDX-License-Identifier: GPL-2.0
/*
 * watch_tty.c - the terminal: taken, drawn on, given back; see watch.h.
 *
 * We draw on the terminal's second screen and leave what was there before. No
 * more is asked of it than to move the cursor, to clear a line and to take
 * colours: what every terminal since the VT100 can do, tmux and ssh included.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "proc.h"
#include "term.h"
#include "watch.h"

#define ESCAPE_MS	40	/* a key's sequence comes in one piece, or nearly */

static const char enter[] = "\033[?1049h\033[?25l\033[2J";
static const char leave[] = "\033[0m\033[?25h\033[?1049l";
static const int fatal[] = { SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };

static struct termios saved;
static volatile sig_atomic_t *taken;	/* the guard sees it too */
static pid_t guard_pid;
static int guard_fd = -1;
static int signal_fd = -1;
static struct strlist shown;
static bool draw_all;
static char typed[64];
static size_t typed_len, typed_at;
static bool gone;		/* the terminal, and with it all that may be typed */

bool tty_usable(void)
{
	const char *kind = getenv("TERM");

	return term_is_tty(stdin) && term_is_tty(stdout) && kind && *kind &&
	       strcmp(kind, "dumb");
}

static void write_all(const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(STDOUT_FILENO, data, len);

		if (done < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ .fd = STDOUT_FILENO, .events = POLLOUT }, 1, 1000);
		else if (done < 0 && errno != EINTR)
			return;		/* it is gone: reading tells */
		if (done > 0) {
			data += done;
			len -= done;
		}
	}
}

/* Also in signal handlers: nothing here that may not be called there. */
static void give_back(void)
{
	if (!taken || !*taken)
		return;
	*taken = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	write_all(leave, sizeof(leave) - 1);
}

static struct termios our_modes(void)
{
	struct termios ours = saved;

	/* Ctrl-C and Ctrl-Z stay signals. */
	ours.c_lflag &= ~(ICANON | ECHO);
	ours.c_iflag &= ~ICRNL;
	ours.c_cc[VMIN] = 1;
	ours.c_cc[VTIME] = 0;
	return ours;
}

static void take(void)
{
	struct termios ours = our_modes();

	*taken = 1;
	tcsetattr(STDIN_FILENO, TCSANOW, &ours);
	write_all(enter, sizeof(enter) - 1);
	draw_all = true;
}

/*
 * Nobody can tidy up after SIGKILL but somebody else. The end of the pipe says
 * that we are gone. The modes are put back only where they are ours: a shell
 * may have set its own by then.
 */
static _Noreturn void guard(int fd)
{
	const struct termios ours = our_modes();
	struct termios now;
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
	if (*taken && !tcgetattr(STDIN_FILENO, &now) && now.c_lflag == ours.c_lflag &&
	    now.c_iflag == ours.c_iflag)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	if (*taken)
		write_all(leave, sizeof(leave) - 1);
	_exit(0);
}

/* Without it all works, only SIGKILL leaves the terminal as it is. */
static void start_guard(void)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return;
	guard_pid = fork();
	if (guard_pid == 0) {
		close(fds[1]);
		guard(fds[0]);
	}
	close(fds[0]);
	guard_fd = fds[1];
}

static void end_guard(void)
{
	if (guard_fd < 0)
		return;
	close(guard_fd);
	guard_fd = -1;
	if (guard_pid <= 0)
		return;
	/* It may be stopped; and it has nothing to do any more. */
	kill(guard_pid, SIGKILL);
	while (waitpid(guard_pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void on_fatal(int signo)
{
	give_back();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void block(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGCONT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(how, &set, NULL);
	if (how == SIG_BLOCK && signal_fd < 0)
		signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Once in a program's life. */
int tty_begin(void)
{
	void *shared;

	if (tcgetattr(STDIN_FILENO, &saved))
		return -errno;
	shared = mmap(NULL, sizeof(*taken), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		return -errno;
	taken = shared;
	block(SIG_BLOCK);
	if (signal_fd < 0)
		return -errno;
	atexit(give_back);
	interrupt_last_words(give_back);
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		signal(fatal[i], on_fatal);
	fflush(stdout);
	start_guard();
	take();
	return 0;
}

void tty_end(void)
{
	give_back();
	end_guard();
	block(SIG_UNBLOCK);
	if (signal_fd >= 0)
		close(signal_fd);
	signal_fd = -1;
	strlist_free(&shown);
}

int tty_signal_fd(void)
{
	return signal_fd;
}

/* As every program stops at Ctrl-Z, with its own terminal in order. */
static void stop(void)
{
	give_back();
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	block(SIG_UNBLOCK);	/* here it stops */
	block(SIG_BLOCK);
	take();
}

bool tty_signals(void)
{
	struct signalfd_siginfo info;
	bool any = false;

	while (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
		any = true;
		if (info.ssi_signo == SIGTSTP)
			stop();
		else if (info.ssi_signo == SIGCONT)
			take();		/* stopped by a signal that nobody can catch */
	}
	if (any)
		tty_forget();
	return any;
}

/* More of what was typed, if it comes in time. */
static bool fill_typed(int timeout)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t got;

	if (typed_at == typed_len)
		typed_at = typed_len = 0;
	if (typed_len == sizeof(typed) || poll(&pfd, 1, timeout) <= 0)
		return false;
	got = read(STDIN_FILENO, typed + typed_len, sizeof(typed) - typed_len);
	/* EAGAIN: somebody else has taken it. */
	if (!got || (got < 0 && errno != EAGAIN && errno != EINTR))
		gone = true;
	if (got > 0)
		typed_len += got;
	return got > 0;
}

static int escape_key(void)
{
	static const struct {
		const char *text;
		int key;
	} keys[] = {
		{ "A", KEY_UP }, { "B", KEY_DOWN }, { "5~", KEY_PAGE_UP }, { "6~", KEY_PAGE_DOWN },
		{ "H", KEY_HOME }, { "F", KEY_END }, { "1~", KEY_HOME }, { "4~", KEY_END },
	};
	size_t len = 0;
	const char *p;

	while (typed_len - typed_at < 2 && fill_typed(ESCAPE_MS))
		;
	if (typed_len == typed_at || (typed[typed_at] != '[' && typed[typed_at] != 'O'))
		return KEY_ESCAPE;
	p = typed + typed_at + 1;
	while (p + len < typed + typed_len && p[len] >= 0x20 && p[len] < 0x40)
		len++;
	len += p + len < typed + typed_len;
	typed_at += 1 + len;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (len == strlen(keys[i].text) && !memcmp(p, keys[i].text, len))
			return keys[i].key;
	return KEY_NONE;
}

int tty_key(void)
{
	if (typed_at == typed_len && !fill_typed(0))
		return gone ? KEY_GONE : KEY_NONE;
	switch (typed[typed_at++]) {
	case '\033':
		return escape_key();
	case '\f':
		return KEY_REDRAW;
	case '\n':
		return KEY_ENTER;
	default:
		return (unsigned char)typed[typed_at - 1];
	}
}

void tty_size(int *columns, int *rows)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*columns = size.ws_col ? size.ws_col : 80;
	*rows = size.ws_row ? size.ws_row : 24;
}

void tty_forget(void)
{
	draw_all = true;
}

void tty_draw(const struct strlist *rows)
{
	struct buf out = { 0 };

	if (draw_all) {
		buf_adds(&out, "\033[0m\033[2J");
		strlist_free(&shown);
	}
	draw_all = false;
	for (size_t i = 0; i < rows->count || i < shown.count; i++) {
		const char *now = i < rows->count ? rows->items[i] : "";
		const char *old = i < shown.count ? shown.items[i] : "";

		if (strcmp(now, old))
			buf_addf(&out, "\033[%zu;1H\033[2K%s", i + 1, now);
	}
	if (out.len)
		write_all(out.data, out.len);
	buf_free(&out);
	strlist_free(&shown);
	for (size_t i = 0; i < rows->count; i++)
		strlist_add(&shown, rows->items[i]);
}
