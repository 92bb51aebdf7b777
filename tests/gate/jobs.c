// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "until.h"
#include "gate.h"
#include "proc.h"

#define WORKERS 2

void run_jobs(const char *what, size_t count, void (*run)(void *data, size_t i), void *data)
{
	atomic_size_t *next = mmap(NULL, sizeof(*next), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[WORKERS];
	size_t i;

	if (next == MAP_FAILED) {
		fail("jobs", "%s", errno_text(errno));
		return;
	}
	fflush(stdout);
	for (int w = 0; w < WORKERS; w++) {
		pids[w] = fork();
		if (pids[w])
			continue;
		while (!time_is_up() && (i = atomic_fetch_add(next, 1)) < count)
			run(data, i);
		fflush(stdout);
		_exit(0);
	}
	for (int w = 0; w < WORKERS; w++) {
		int status = -1;

		if (pids[w] > 0)
			while (waitpid(pids[w], &status, 0) < 0 &&
			       errno == EINTR)
				;
		if (status)
			fail("jobs", "a worker died (wait status %d)", status);
	}
	i = atomic_load(next);
	if (i < count)
		left_out(what, count - i, count);
	munmap(next, sizeof(*next));
}

char *output_of(const char *const argv[], const char *cwd, int seconds,
		int *status)
{
	const struct proc spec = {
		.argv = argv, .cwd = cwd, .output = PROC_MERGED,
		.deadline_ms = seconds * 1000,
	};
	struct proc_result res;
	char *out;
	int err = proc_run(&spec, &res);

	if (err) {
		*status = -1;
		return xasprintf("cannot run %s: %s", argv[0], errno_text(err));
	}
	*status = res.timed_out ? -2 : res.status;
	out = xstrdup(res.out);
	proc_result_free(&res);
	return out;
}

const char *json_text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}
