// SPDX-License-Identifier: GPL-2.0
/*
 * kmsg.c - the kernel log
 *
 * Each read of /dev/kmsg gives one record, "prefix,sequence,time,flags;text",
 * where prefix is 8 * facility + level; Documentation/ABI/testing/dev-kmsg of
 * the kernel.  The log is a ring: a record that was overwritten before it was
 * read shows as EPIPE, and as a gap in the sequence.
 *
 * A message whose text does not end in a newline can still be continued, by
 * pr_cont(); no reader sees it before the next message ends it (vprintk_store()
 * in kernel/printk/printk.c commits it without prb_final_commit()).
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

struct message {
	u64 sequence;
	unsigned int level;
	char *text;
	char buf[64 * 1024];		/* the kernel's longest is 8 KiB */
};

static int open_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		child_fault("The kernel log cannot be read: /dev/kmsg: %m. Run the check as root.");
	return fd;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The kernel writes control characters and backslashes as \xNN: undo that. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		int high = -1, low = -1;

		if (text[0] == '\\' && text[1] == 'x')
			high = hex_digit(text[2]);
		if (high >= 0)
			low = hex_digit(text[3]);
		if (low >= 0 && (high || low)) {
			*to++ = high << 4 | low;
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* The next record; false when there is none yet. */
static bool next_message(int fd, struct message *m)
{
	unsigned int prefix;
	ssize_t n;

	for (;;) {
		n = read(fd, m->buf, sizeof(m->buf) - 1);
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0 && errno != EPIPE && errno != EINTR)
			child_fault("The kernel log cannot be read: /dev/kmsg: %m");
		if (n <= 0)
			continue;	/* EPIPE: now at the oldest there is */
		m->buf[n] = '\0';
		m->text = strchr(m->buf, ';');
		if (!m->text ||
		    sscanf(m->buf, "%u,%llu,", &prefix, &m->sequence) != 2)
			continue;
		m->level = prefix & 7;
		m->text++;
		m->text[strcspn(m->text, "\n")] = '\0';	/* KEY=value follow */
		unescape(m->text);
		return true;
	}
}

u64 kmsg_mark(void)
{
	struct message *m = malloc(sizeof(*m));
	int fd = open_log();
	u64 mark = 0;

	if (!m)
		child_fault("no memory for the kernel log");
	while (next_message(fd, m))
		mark = m->sequence + 1;
	close(fd);
	free(m);
	return mark;
}

/* A reader of the log from a mark on. */
struct reader {
	int fd;
	u64 expected;			/* sequence */
	struct message message;
};

static struct reader *reader_open(u64 mark)
{
	struct reader *reader = malloc(sizeof(*reader));

	if (!reader)
		child_fault("no memory for the kernel log");
	reader->fd = open_log();
	reader->expected = mark;
	return reader;
}

static void reader_close(struct reader *reader)
{
	close(reader->fd);
	free(reader);
}

/* Write the next message's lines to out; false when there is none yet. */
static bool reader_next(struct reader *reader, FILE *out)
{
	struct message *m = &reader->message;
	char *next, *line;

	do {
		if (!next_message(reader->fd, m))
			return false;
	} while (m->sequence < reader->expected);
	if (m->sequence > reader->expected)
		fprintf(out, "<lost>%llu messages were overwritten before they could be read\n",
			m->sequence - reader->expected);
	reader->expected = m->sequence + 1;
	next = m->text;
	while ((line = strsep(&next, "\n")))
		fprintf(out, "<%u>%s\n", m->level, line);
	return true;
}

char *kmsg_since(u64 mark)
{
	struct reader *reader = reader_open(mark);
	char *text = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	while (out && reader_next(reader, out))
		;
	if (!out || fclose(out))
		child_fault("no memory for the kernel log");
	reader_close(reader);
	return text;
}

/* The next message as text, malloc()ed; NULL when there is none yet. */
static char *next_text(struct reader *reader)
{
	char *text = NULL;
	size_t size;
	FILE *out;
	bool more;

	out = open_memstream(&text, &size);
	if (!out)
		child_fault("no memory for the kernel log");
	more = reader_next(reader, out);
	if (fclose(out))
		child_fault("no memory for the kernel log");
	if (!more) {
		free(text);
		return NULL;
	}
	return text;
}

bool kmsg_wait(u64 mark, const char *regex, int ms)
{
	u64 end = check_clock_ms_() + (ms > 0 ? ms : 0);
	struct reader *reader = reader_open(mark);
	struct pollfd log = { .fd = reader->fd, .events = POLLIN };
	bool found = false;
	char why[200];
	char *text;
	regex_t re;
	int err;

	err = regcomp(&re, regex, REG_EXTENDED | REG_NEWLINE | REG_NOSUB);
	if (err) {
		regerror(err, &re, why, sizeof(why));
		child_fault("the regex \"%s\" cannot be used: %s", regex, why);
	}
	for (;;) {
		while (!found && (text = next_text(reader))) {
			found = !regexec(&re, text, 0, NULL, 0);
			free(text);
		}
		if (found || !ms_until(end))
			break;
		poll(&log, 1, ms_until(end));
	}
	regfree(&re);
	reader_close(reader);
	return found;
}
