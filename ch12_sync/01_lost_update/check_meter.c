// SPDX-License-Identifier: GPL-2.0
/* The files of /proc/meter, from the other side. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "check_meter.h"

#define SPAN_MS		1500
#define SPAN_RUNS	3
#define PACKETS		100000	/* enough to lose some in nearly every run */
#define READERS_MAX	4

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

struct span span_begin(void)
{
	return (struct span){ .end = now_ms() + SPAN_MS };
}

bool span_goes_on(struct span *s)
{
	return s->runs++ < SPAN_RUNS || now_ms() < s->end;
}

static int meter_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	ASSERT_GE(fd, 0, "%s cannot be opened: %s", path, strerror(errno));
	return fd;
}

/* Through a descriptor that stays open: each read at 0 asks the module anew. */
static struct totals totals_get(int fd)
{
	struct totals t = { 0 };
	char text[256];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	ASSERT_GE(n, 0, "Reading from /proc/meter failed: %s", strerror(errno));
	text[n] = '\0';
	n = sscanf(text, "packets %llu\nbytes %llu\nsmallest %llu\nlargest %llu",
		   &t.packets, &t.bytes, &t.smallest, &t.largest);
	ASSERT_EQ(n, 4, "This is no list of totals: %s", text);
	return t;
}

struct totals totals_read(const char *path)
{
	int fd = meter_open(path);
	struct totals t = totals_get(fd);

	close(fd);
	return t;
}

static void param_set(const char *name, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	ASSERT_OK(mod_param_write("meter", name, text));
}

static struct report report_read(unsigned int queues)
{
	char *text = file_read("/proc/meter/run"), *line = text;
	struct report r = { 0 };
	int n;

	ASSERT_NOTNULL(text);
	n = sscanf(text, "sent %llu\ndropped %llu\nclashes %llu\npeak %llu",
		   &r.sent, &r.dropped, &r.clashes, &r.peak);
	ASSERT_EQ(n, 4);
	for (unsigned int i = 0; i < queues; i++) {
		line = strstr(line, "queue");
		ASSERT_NOTNULL(line);
		n = sscanf(line, "queue %*u %llu", &r.queue_sent[i]);
		ASSERT_EQ(n, 1);
		line++;
	}
	free(text);
	return r;
}

struct report plan_run(const struct plan *p)
{
	char text[16];

	param_set("queues", p->queues);
	param_set("cpus", p->cpus);
	param_set("slots", p->slots);
	param_set("low", p->low);
	param_set("high", p->high);
	param_set("seed", p->seed);
	snprintf(text, sizeof(text), "%u", p->packets);
	ASSERT_OK(file_write("/proc/meter/run", text));
	return report_read(p->queues);
}

struct plan plan_draw(void)
{
	struct plan p = {
		.queues = CPUS, .cpus = CPUS, .slots = SLOTS_PLENTY,
		.low = check_random_range(1, 1000),
		.seed = (unsigned int)check_random(),
		.packets = check_random_range(PACKETS - PACKETS / 4, PACKETS),
	};

	p.high = p.low + check_random_range(1, 30000);
	return p;
}

/* The sizes are drawn as in queues.c. */
void plan_add(const struct plan *p, const struct report *r, struct totals *t)
{
	for (unsigned int q = 0; q < p->queues; q++) {
		unsigned int x = p->seed + q, span = p->high - p->low + 1;

		for (unsigned int i = 0; i < r->queue_sent[q]; i++) {
			u64 size;

			x = x * 1664525 + 1013904223;
			size = p->low + (x >> 16) % span;
			if (!t->packets || size < t->smallest)
				t->smallest = size;
			if (size > t->largest)
				t->largest = size;
			t->packets++;
			t->bytes += size;
		}
	}
}

static void *session_run(void *arg)
{
	struct session *s = arg;
	struct span span = span_begin();

	while (!s->over && span_goes_on(&span))
		s->sent += plan_run(s->plan).sent;
	s->over = true;
	return NULL;
}

static void *reader_run(void *arg)
{
	struct reader *r = arg;
	int fd = meter_open(r->path);

	while (!r->session->over)
		if (!r->look(r, totals_get(fd)))
			r->session->over = true;
	close(fd);
	return NULL;
}

void session_with_readers(struct session *s, struct reader *readers,
			  size_t count)
{
	pthread_t runner, thread[READERS_MAX];

	ASSERT_LE(count, (size_t)READERS_MAX);
	for (size_t i = 0; i < count; i++) {
		readers[i].session = s;
		ASSERT_EQ(pthread_create(&thread[i], NULL, reader_run,
					 &readers[i]), 0);
	}
	ASSERT_EQ(pthread_create(&runner, NULL, session_run, s), 0);
	pthread_join(runner, NULL);
	for (size_t i = 0; i < count; i++)
		pthread_join(thread[i], NULL);
}
