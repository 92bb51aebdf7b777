// SPDX-License-Identifier: GPL-2.0
/* Which kernel this is, and where: a machine, WSL, a container. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "envreport.h"

/* The last words of /proc/version, and of `uname -v`. */
static void probe_preemption(struct report *report)
{
	static const char name[] = "preemption";
	char *version = root_read_line(report, "proc/version");
	const char *text = version ? strstr(version, ") #") : NULL;

	if (!text)
		add_fact(report, name, NULL, "/proc/version does not say");
	else if (strstr(text, "PREEMPT_RT"))
		add_fact(report, name, "rt", "PREEMPT_RT in /proc/version");
	else if (strstr(text, "PREEMPT_DYNAMIC"))
		add_fact(report, name, "dynamic",
			 "PREEMPT_DYNAMIC in /proc/version: chosen by preempt= at boot");
	else if (strstr(text, "PREEMPT"))
		add_fact(report, name, "full", "PREEMPT in /proc/version");
	else
		add_fact(report, name, "none",
			 "no PREEMPT in /proc/version: none, or voluntary");
	free(version);
}

void probe_release(struct report *report)
{
	static const char path[] = "proc/sys/kernel/osrelease";
	char *release = root_read_line(report, path);

	if (release && *release)
		add_fact(report, "release", release, "/%s", path);
	else
		add_fact(report, "release", NULL, "/%s: %s", path,
			 release ? "empty" : strerror(errno));
	free(release);
	probe_preemption(report);
}

/* Modules are built against the headers of the very kernel that loads them. */
void probe_headers(struct report *report)
{
	const char *release = fact_value(report, "release");
	char *dir;

	if (!*release || strchr(release, '/')) {
		add_fact(report, "headers", NULL, "for which release?");
		return;
	}
	dir = format("lib/modules/%s/build/Makefile", release);
	if (root_exists(report, dir))
		add_fact(report, "headers", "present",
			 "/lib/modules/%s/build", release);
	else
		add_fact(report, "headers", "missing",
			 "Debian: sudo apt-get install linux-headers-%s", release);
	free(dir);
}

/* WSL 1 imitates Linux and has no kernel; WSL 2 is a virtual machine. */
static void probe_wsl(struct report *report)
{
	const char *release = fact_value(report, "release");

	if (strcasestr(release, "WSL2"))
		add_fact(report, "wsl", "2", "WSL2 in the release");
	else if (strcasestr(release, "microsoft"))
		add_fact(report, "wsl", strcasestr(release, "standard") ? "2" : "1",
			 "Microsoft in the release");
	else if (root_exists(report, "proc/sys/fs/binfmt_misc/WSLInterop"))
		add_fact(report, "wsl", "2",
			 "/proc/sys/fs/binfmt_misc/WSLInterop: with a kernel of your own");
	else if (*release)
		add_fact(report, "wsl", "no", "nothing of Microsoft's");
	else
		add_fact(report, "wsl", NULL, "the release is unknown");
}

/* NAME of "container=NAME" in the environment of PID 1; or NULL. */
static char *container_of_init(struct report *report)
{
	static const char word[] = "container=";
	size_t len;
	char *env = root_read(report, "proc/1/environ", &len);
	char *name = NULL;

	for (char *p = env; p && p < env + len && !name; p += strlen(p) + 1)
		if (!strncmp(p, word, strlen(word)) && p[strlen(word)])
			name = format("%s", p + strlen(word));
	free(env);
	return name;
}

/* Of cgroup version 1 only: in version 2 a container sees "0::/". */
static const char *container_of_cgroup(struct report *report)
{
	static const struct {
		const char *part;
		const char *name;
	} signs[] = {
		{ "/kubepods", "kubernetes" },
		{ "/libpod", "podman" },
		{ "/docker", "docker" },
		{ "/lxc", "lxc" },
	};
	char *text = root_read(report, "proc/1/cgroup", NULL);
	const char *name = NULL;

	for (size_t i = 0; text && i < ARRAY_SIZE(signs) && !name; i++)
		if (strstr(text, signs[i].part))
			name = signs[i].name;
	free(text);
	return name;
}

static void probe_container(struct report *report)
{
	static const char name[] = "container";
	char *line = root_read_line(report, "run/systemd/container");
	char *env = container_of_init(report);
	const char *cgroup = container_of_cgroup(report);

	if (line && *line)
		add_fact(report, name, line, "/run/systemd/container");
	else if (root_exists(report, ".dockerenv"))
		add_fact(report, name, "docker", "/.dockerenv");
	else if (root_exists(report, "run/.containerenv"))
		add_fact(report, name, "podman", "/run/.containerenv");
	else if (env)
		add_fact(report, name, env, "container= in /proc/1/environ");
	else if (cgroup)
		add_fact(report, name, cgroup, "/proc/1/cgroup");
	else
		add_fact(report, name, "no", "no sign of one");
	free(line);
	free(env);
}

void probe_place(struct report *report)
{
	probe_wsl(report);
	probe_container(report);
}
