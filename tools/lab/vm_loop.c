// SPDX-License-Identifier: GPL-2.0
/* The four streams, and the frames of the guest. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc.h"
#include "vm_private.h"

static void keep_console(struct vm *vm, const char *data, size_t len)
{
	size_t room = CONSOLE_HEAD - vm->console_head.len;
	struct buf *tail = &vm->console_tail;

	if (room) {
		size_t n = len < room ? len : room;

		buf_add(&vm->console_head, data, n);
		data += n;
		len -= n;
	}
	if (!len)
		return;
	buf_add(tail, data, len);
	if (tail->len > 2 * CONSOLE_TAIL) {
		size_t cut = tail->len - CONSOLE_TAIL;

		memmove(tail->data, tail->data + cut, CONSOLE_TAIL);
		tail->len = CONSOLE_TAIL;
		vm->console_dropped += cut;
	}
}

static bool is_control(unsigned char c)
{
	return (c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

/* No NUL ends the text early, no escape sequence reaches our terminal. */
static void clean_text(struct buf *text)
{
	size_t to = 0;

	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = text->data[i];

		if (c == '\r')
			continue;
		text->data[to++] = is_control(c) ? '?' : c;
	}
	text->len = to;
}

char *vm_console(struct vm *vm)
{
	struct buf all = { 0 };

	if (vm->console_head.len)
		buf_add(&all, vm->console_head.data, vm->console_head.len);
	if (vm->console_dropped)
		buf_addf(&all, "\n[%zu bytes of console left out]\n",
			 vm->console_dropped);
	if (vm->console_tail.len)
		buf_add(&all, vm->console_tail.data, vm->console_tail.len);
	clean_text(&all);
	return buf_steal(&all);
}

static void take_frame(struct vm *vm, const char *type, char *text, size_t len)
{
	/* These are for people to read; the others are data. */
	if (strcmp(type, "file") && strcmp(type, "out") && strcmp(type, "tty"))
		for (size_t i = 0; i < len; i++)
			if (is_control(text[i]))
				text[i] = '?';
	if (!strcmp(type, "ready"))
		vm->ready = true;
	if (!strcmp(type, "started"))
		vm->started = true;
	if (!strcmp(type, "end")) {
		vm->ended = true;
		vm->status = atoi(text);
	}
	/* Frames before the job belong to the machine, not to the caller. */
	if (vm->spec->on_frame && vm->job_sent)
		vm->spec->on_frame(vm->spec->data, type, text, len);
}

/*
 * "WB1 <nonce> <type> <bytes>\n<bytes>\n". Anything else, and any frame with
 * another nonce, comes from code in the guest that writes to the port itself:
 * the channel is then garbled, and the run is not believed.
 */
static void take_channel(struct vm *vm)
{
	struct buf *in = &vm->channel_in;

	while (in->len && !vm->garbled && !vm->ended) {
		char *eol = memchr(in->data, '\n', in->len);
		char nonce[34], type[17], *body;
		size_t head, len;

		if (!eol) {
			vm->garbled = in->len > 200;
			return;
		}
		head = eol - in->data + 1;
		*eol = '\0';
		if (head > 200 || sscanf(in->data, "WB1 %33s %16s %zu", nonce,
					 type, &len) != 3 ||
		    len > FRAME_MAX) {
			vm->garbled = true;
			return;
		}
		if (vm_is_process(vm->spec) && vm->job_sent &&
		    !strcmp(nonce, "-") && !strcmp(type, "ready")) {
			/* It has started itself again. */
			strcpy(vm->shutdown, "guest-reset");
			return;
		}
		if (strcmp(nonce, vm->job_sent ? vm->nonce : "-")) {
			vm->garbled = true;
			return;
		}
		*eol = '\n';
		if (in->len < head + len + 1)
			return;
		body = in->data + head;
		body[len] = '\0';
		take_frame(vm, type, body, len);
		memmove(in->data, body + len + 1, in->len - head - len - 1);
		in->len -= head + len + 1;
	}
}

/* One read; false at the end of the stream. */
static bool take(int fd, char *chunk, size_t size, ssize_t *n)
{
	*n = read(fd, chunk, size);
	return *n > 0 || (*n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void take_stream(struct vm *vm, int *fd)
{
	static char chunk[65536];
	ssize_t n;

	if (!take(*fd, chunk, sizeof(chunk), &n)) {
		close(*fd);
		*fd = -1;
		return;
	}
	if (n <= 0)
		return;
	if (fd == &vm->console) {
		keep_console(vm, chunk, n);
	} else if (fd == &vm->qmp) {
		buf_add(&vm->qmp_in, chunk, n);
		vm_take_qmp(vm);
	} else if (fd == &vm->channel) {
		if (!vm->garbled)
			buf_add(&vm->channel_in, chunk, n);
		take_channel(vm);
	} else if (vm->errors_in.len < 8192) {
		buf_add(&vm->errors_in, chunk, n);
	}
}

static void relay_tty(struct vm *vm)
{
	char keys[256];
	ssize_t n = read(STDIN_FILENO, keys, sizeof(keys));

	if (n <= 0) {	/* the end of a script: Ctrl-D ends the shell */
		vm->tty_done = true;
		keys[0] = 4;
		n = 1;
	}
	if (write(vm->channel, keys, n) < 0)
		note("keys were lost: %s", errno_text(errno));
}

void vm_poll(struct vm *vm, int ms)
{
	int *streams[] = { &vm->channel, &vm->qmp, &vm->console, &vm->errors };
	struct pollfd p[6];
	bool relay = vm->spec && vm->spec->relay && vm->job_taken && !vm->tty_done;
	int any = 0;

	for (size_t i = 0; i < 4; i++) {
		p[i] = (struct pollfd){ .fd = *streams[i], .events = POLLIN };
		any |= *streams[i] >= 0;
	}
	p[4] = (struct pollfd){ .fd = relay ? STDIN_FILENO : -1,
				.events = POLLIN };
	p[5] = (struct pollfd){ .fd = interrupt_fd(), .events = POLLIN };
	if (poll(p, ARRAY_SIZE(p), ms) > 0) {
		for (size_t i = 0; i < 4; i++)
			if (p[i].revents)
				take_stream(vm, streams[i]);
		if (p[4].revents)
			relay_tty(vm);
	}
	if (!any && !vm->exited && vm->pid > 0 &&
	    waitpid(vm->pid, &vm->exit_status, WNOHANG) == vm->pid)
		vm->exited = true;
}

bool vm_wait(struct vm *vm, const bool *flag, int64_t deadline)
{
	while (!*flag) {
		int64_t left = deadline - now_ms();

		if (left <= 0 || vm->exited || vm->garbled ||
		    interrupt_pending())
			return false;
		vm_poll(vm, left < 200 ? left : 200);
	}
	return true;
}

int vm_send_job(struct vm *vm)
{
	const struct vm_spec *spec = vm->spec;
	int64_t deadline = now_ms() + 30000;
	struct buf out = { 0 };
	size_t sent = 0;
	int err;

	/* A process found the files in its initramfs. */
	buf_addf(&out, "WBJOB1 %s %zu\n", vm->nonce,
		 vm_is_process(spec) ? 0 : spec->files_len);
	if (!vm_is_process(spec))
		buf_add(&out, spec->files, spec->files_len);
	vm->job_sent = true;
	while (sent < out.len && !vm->exited && !interrupt_pending() &&
	       now_ms() < deadline) {
		ssize_t n = send(vm->channel, out.data + sent, out.len - sent,
				 MSG_NOSIGNAL);

		if (n > 0) {
			sent += n;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			break;
		vm_poll(vm, 5);
	}
	err = sent == out.len ? 0 : -EIO;
	vm->job_taken = !err;
	buf_free(&out);
	return err;
}

void vm_stop(struct vm *vm)
{
	if (vm->pid > 0 && !vm->exited) {
		/* Its group is its own, and nobody else's while it is not
		 * waited for: a wrapper around QEMU goes with it.
		 */
		kill(-vm->pid, SIGKILL);
		kill(vm->pid, SIGKILL);
		while (waitpid(vm->pid, &vm->exit_status, 0) < 0 &&
		       errno == EINTR)
			;
		vm->exited = true;
	}
	/* What the streams still hold belongs to the report. */
	for (int i = 0; i < 64; i++)
		vm_poll(vm, 0);
}

const char *vm_exit_text(const struct vm *vm)
{
	int signo = WIFSIGNALED(vm->exit_status) ? WTERMSIG(vm->exit_status) : 0;
	const char *name = signo ? sigabbrev_np(signo) : NULL;

	if (vm->errors_in.len)
		return strf("%s", vm->errors_in.data);
	if (signo == SIGBUS)
		return "QEMU was ended by SIGBUS: there was no room left for the machine's memory, on the disk or in RAM";
	if (signo)
		return strf("QEMU was ended from outside, by SIG%s",
			    name ? name : "?");
	return "QEMU ended by itself";
}

void vm_clear(struct vm *vm)
{
	int *streams[] = { &vm->channel, &vm->qmp, &vm->console, &vm->errors };

	for (size_t i = 0; i < 4; i++)
		if (*streams[i] >= 0)
			close(*streams[i]);
	buf_free(&vm->channel_in);
	buf_free(&vm->qmp_in);
	buf_free(&vm->errors_in);
	buf_free(&vm->console_head);
	buf_free(&vm->console_tail);
	json_decref(vm->reply);
	*vm = (struct vm){ .channel = -1, .qmp = -1, .console = -1,
			   .errors = -1 };
}
