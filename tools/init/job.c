// SPDX-License-Identifier: GPL-2.0
/*
 * One job: a file of "key=value" lines, and what it asks for.
 *
 *   kind=check      run ./check; env=… lines go into its environment
 *   kind=run        load each load=FILE [params]; with command=yes run
 *                   .command in a shell; unload
 *   kind=shell      the same, with a shell in the place of the command
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

static char *job_text;

int job_load(const char *path)
{
	FILE *f = fopen(path, "re");
	size_t size = 0;
	ssize_t n;

	if (!f)
		return -1;
	n = getdelim(&job_text, &size, '\0', f);
	fclose(f);
	return n < 0 ? -1 : 0;
}

const char *job_value(const char *key, unsigned int nth)
{
	static char *value;
	size_t len = strlen(key);

	for (const char *p = job_text; p && *p; p = strchr(p, '\n')) {
		size_t n;

		p += *p == '\n';
		if (strncmp(p, key, len) || p[len] != '=' || nth--)
			continue;
		p += len + 1;
		n = strcspn(p, "\n");
		free(value);
		value = strndup(p, n);
		return value;
	}
	return NULL;
}

static void set_environment(void)
{
	const char *v;

	for (unsigned int i = 0; (v = job_value("env", i)); i++)
		putenv(strdup(v));
}

/*
 * The name that the kernel gives to the module of a load= line, "FILE
 * PARAMETERS": no path, no suffix, '_'.
 */
static void module_name(const char *load, char *name, size_t size)
{
	size_t len = strcspn(load, " ");
	const char *slash = memrchr(load, '/', len);
	const char *file = slash ? slash + 1 : load;

	snprintf(name, size, "%.*s", (int)(load + len - file), file);
	name[strcspn(name, ".")] = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
}

#define LOADS_MAX 64
static unsigned int loaded[LOADS_MAX];	/* load= lines, in the order it went */
static unsigned int loaded_count;

static bool is_loaded(unsigned int nth)
{
	for (unsigned int i = 0; i < loaded_count; i++)
		if (loaded[i] == nth)
			return true;
	return false;
}

/* "FILE PARAMETERS"; the parameters are cut off. */
static int load_one(char *value)
{
	char path[4200], *params = strchr(value, ' ');
	int err;

	if (params)
		*params++ = '\0';
	snprintf(path, sizeof(path), "%s/%s", LAB_DIR, value);
	err = module_load(path, params ? params : "");
	pump_kmsg_rest();
	return err;
}

/*
 * Loads what the job names. A module that lacks another's symbols (ENOENT)
 * waits for the rest: some round may bring them.
 */
static int load_modules(void)
{
	bool progress = true, waiting = true;

	while (waiting) {
		bool last_round = !progress;

		progress = false;
		waiting = false;
		for (unsigned int i = 0; i < LOADS_MAX; i++) {
			const char *v = job_value("load", i);
			char *file;
			int err;

			if (!v)
				break;
			if (is_loaded(i))
				continue;
			file = strdup(v);
			err = file ? load_one(file) : -ENOMEM;
			if (err == -ENOENT && !last_round) {
				waiting = true;
				free(file);
				continue;
			}
			channel_printf("load", "%d %s", -err, file ? file : v);
			free(file);
			if (err)
				return -1;
			loaded[loaded_count++] = i;
			progress = true;
		}
	}
	return 0;
}

static int unload_modules(void)
{
	int failed = 0;

	while (loaded_count) {
		char name[256];
		int err;

		module_name(job_value("load", loaded[--loaded_count]), name,
			    sizeof(name));
		err = module_unload(name);
		pump_kmsg_rest();
		channel_printf("unload", "%d %s", -err, name);
		/* The command may have unloaded it. */
		if (err != -ENOENT)
			failed |= err;
	}
	return failed;
}

static int exit_code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_with_modules(bool shell)
{
	int status, code = 0;

	if (load_modules()) {
		unload_modules();
		return 1;
	}
	if (shell) {
		const char *const argv[] = { "/bin/sh", NULL };

		code = exit_code(pump_shell(argv));
	} else if (job_value("command", 0)) {
		const char *const argv[] = {
			"/bin/sh", LAB_DIR "/.command", NULL
		};

		status = pump_program(argv, "out");
		code = exit_code(status);
		channel_printf("command", "%d", code);
	}
	if (unload_modules())
		code = 1;
	return code;
}

/* A file that the check left for the host, in pieces. */
static void send_file(const char *name)
{
	char path[4200], buf[65536];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), LAB_DIR "/out/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		channel_send("file", buf, n);
	close(fd);
	if (!n)
		channel_printf("file-end", "%s", name);
}

static int run_check(void)
{
	const char *argv[] = { "./check", NULL, NULL, NULL };
	const char *only = job_value("only", 0), *send;
	char *names = only ? strdup(only) : NULL;
	int code;

	if (names) {
		argv[1] = "--only";
		argv[2] = names;
	}
	code = exit_code(pump_program(argv, "ktap"));
	free(names);
	send = job_value("send", 0);
	if (send)
		send_file(send);
	return code;
}

/* Each failnth=FILE of the job, when all else went well. */
static void fail_allocations(void)
{
	const char *file;

	for (unsigned int i = 0; (file = job_value("failnth", i)); i++) {
		char *own = strdup(file), name[256];

		if (!own)
			return;
		module_name(own, name, sizeof(name));
		failnth_run(own, name);
		free(own);
	}
}

int job_run(void)
{
	const char *kind;
	int code = 1;

	if (job_load(LAB_DIR "/.job") || !(kind = job_value("kind", 0))) {
		channel_printf("error", "the job says nothing");
		return 1;
	}
	set_environment();
	health_begin();
	kind = job_value("kind", 0);
	if (!strcmp(kind, "check"))
		code = run_check();
	else if (!strcmp(kind, "run"))
		code = run_with_modules(false);
	else if (!strcmp(kind, "shell"))
		code = run_with_modules(true);
	else
		channel_printf("error", "no such kind of job: %s", kind);
	health_report();
	if (!code)
		fail_allocations();
	return code;
}
