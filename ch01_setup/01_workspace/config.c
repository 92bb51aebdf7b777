// SPDX-License-Identifier: GPL-2.0
/* The kernel's configuration: where it is, and what it says. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "envreport.h"

/* A real one has 300 KiB; a bomb of zeros unpacks to a thousand times its size. */
#define CONFIG_MAX	(32u << 20)

const struct kconfig kconfigs[KCONFIGS] = {
	{ "CONFIG_MODULES", "the kernel can load modules" },
	{ "CONFIG_MODULE_UNLOAD", "and unload them" },
	{ "CONFIG_MODULE_SIG", "modules may be signed" },
	{ "CONFIG_MODULE_SIG_FORCE", "modules must be signed" },
	{ "CONFIG_SECURITY_LOCKDOWN_LSM", "the kernel can be locked down" },
	{ "CONFIG_IKCONFIG_PROC", "/proc/config.gz exists" },
	{ "CONFIG_KALLSYMS", "addresses have names in an oops" },
	{ "CONFIG_DEBUG_FS", "/sys/kernel/debug" },
	{ "CONFIG_DYNAMIC_DEBUG", "pr_debug() can be switched on" },
	{ "CONFIG_FUNCTION_TRACER", "the function tracer" },
	{ "CONFIG_KPROBES", "probes at any instruction" },
	{ "CONFIG_DEBUG_INFO_BTF", "types for tracing programs" },
	{ "CONFIG_SLUB_DEBUG", "slub_debug= finds slab corruption" },
	{ "CONFIG_KASAN", "finds wrong accesses to memory" },
	{ "CONFIG_DEBUG_KMEMLEAK", "finds memory leaks" },
	{ "CONFIG_PROVE_LOCKING", "lockdep, finds possible deadlocks" },
	{ "CONFIG_DEBUG_ATOMIC_SLEEP", "finds sleeping in atomic context" },
	{ "CONFIG_PREEMPT_RT", "a real-time kernel" },
	{ "CONFIG_PREEMPT_DYNAMIC", "preempt= chooses the model at boot" },
	{ "CONFIG_HZ", "timer ticks a second" },
};

const char *option_value(const struct report *report, const char *name)
{
	for (size_t i = 0; i < KCONFIGS; i++)
		if (!strcmp(kconfigs[i].name, name) && report->option[i])
			return report->option[i];
	return "";
}

/* Without the quotation marks of a string. */
static char *plain_value(const char *text)
{
	size_t len = strlen(text);

	if (len >= 2 && text[0] == '"' && text[len - 1] == '"')
		return format("%.*s", (int)len - 2, text + 1);
	return format("%s", text);
}

/* The value that a line gives to an option; NULL when it is another's line. */
static char *value_in_line(const char *line, const char *option)
{
	size_t len = strlen(option);

	if (!strncmp(line, option, len) && line[len] == '=')
		return plain_value(line + len + 1);
	if (!strncmp(line, "# ", 2) && !strncmp(line + 2, option, len) &&
	    !strcmp(line + 2 + len, " is not set"))
		return format("n");
	return NULL;
}

static void parse_config(struct report *report, char *text)
{
	char *save;

	for (char *line = strtok_r(text, "\r\n", &save); line;
	     line = strtok_r(NULL, "\r\n", &save)) {
		for (size_t i = 0; i < KCONFIGS; i++) {
			char *value = value_in_line(line, kconfigs[i].name);

			if (!value)
				continue;
			free(report->option[i]);	/* the last one counts */
			report->option[i] = value;
		}
	}
}

/* "CONFIG_" at the start of a line, or "# CONFIG_": else it is no such file. */
static bool looks_right(const char *text)
{
	return !strncmp(text, "CONFIG_", 7) || strstr(text, "\nCONFIG_") ||
	       strstr(text, "\n# CONFIG_");
}

/* All of a file that gzip may have packed, or not; NULL and *why. */
static char *read_packed(int fd, const char **why)
{
	void *file = gzdopen(fd, "r");
	size_t size = 1 << 16, len = 0;
	char *text = malloc(size);
	int n, err = Z_OK;

	if (!file || !text)
		give_up("no memory");
	while ((n = gzread(file, text + len, size - len - 1)) > 0) {
		len += n;
		if (len < size - 1)
			continue;
		if (size >= CONFIG_MAX)
			break;
		size *= 2;
		text = realloc(text, size);
		if (!text)
			give_up("no memory");
	}
	text[len] = '\0';
	if (n < 0)
		gzerror(file, &err);
	if (err == Z_ERRNO)
		*why = strerror(errno);
	else
		*why = n > 0 ? "it is too long to be one" :
			"its compressed data is damaged or cut short";
	/* Only the end of the file shows that it was cut short. */
	if (gzclose(file) == Z_OK && !n)
		return text;
	free(text);
	return NULL;
}

/* True when this file is the configuration, and has been read. */
static bool try_config(struct report *report, const char *path, char **problem)
{
	int fd = root_open(report, path);
	const char *why = strerror(errno);
	char *text = NULL;
	bool good;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (fd >= 0)
		text = read_packed(fd, &why);
	good = text && looks_right(text);
	if (good)
		parse_config(report, text);
	else if (!*problem)	/* the first one that cannot be used */
		*problem = format("/%s: %s", path,
				  text ? "it holds no options" : why);
	free(text);
	return good;
}

void probe_config(struct report *report)
{
	const char *release = fact_value(report, "release");
	char *paths[4], *problem = NULL, *path;
	size_t count, found;

	paths[0] = format("proc/config.gz");
	paths[1] = format("boot/config-%s", release);
	paths[2] = format("lib/modules/%s/config", release);
	paths[3] = format("lib/modules/%s/build/.config", release);
	/* Without a usable release only the first can be looked for. */
	count = *release && !strchr(release, '/') ? ARRAY_SIZE(paths) : 1;
	for (found = 0; found < count; found++)
		if (try_config(report, paths[found], &problem))
			break;
	path = found < count ? format("/%s", paths[found]) : NULL;
	if (!problem)
		problem = format(path ? "the first place that has it" :
				 "not in /proc/config.gz, /boot or /lib/modules");
	add_fact(report, "config", path, "%s", problem);
	free(path);
	free(problem);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		free(paths[i]);
}
