// SPDX-License-Identifier: GPL-2.0
/*
 * doctor.c - what the probes of lab doctor stand on; see doctor.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

bool doctor_refresh;

static void add(struct findings *out, struct finding finding)
{
	out->items = xreallocarray(out->items, out->count + 1, sizeof(*out->items));
	finding.probe = out->probe;
	out->items[out->count++] = finding;
}

void found_ok(struct findings *out, const char *what)
{
	add(out, (struct finding){ .level = FINDING_OK, .what = xstrdup(what) });
}

void found(struct findings *out, enum finding_level level, const char *what, const char *why,
	   const char *mend)
{
	add(out, (struct finding){ .level = level, .what = xstrdup(what), .why = xstrdup(why),
				   .mend = xstrdup(mend) });
}

static const char *fake_root(void)
{
	const char *root = getenv("LAB_DOCTOR_ROOT");

	return root && *root ? root : NULL;
}

bool host_is_fake(void)
{
	return fake_root();
}

const char *host_path(const char *path)
{
	return strf("%s%s", fake_root() ? fake_root() : "", path);
}

const char *host_text(const char *path, bool line)
{
	size_t len;
	char *text = read_whole(host_path(path), &len);
	const char *result;

	if (!text)
		return NULL;
	if (line)
		text[strcspn(text, "\n")] = '\0';
	/* /proc/1/environ and the like separate with NULs. */
	for (size_t i = 0; !line && i < len; i++)
		if (!text[i])
			text[i] = '\n';
	result = strf("%s", text);
	free(text);
	return result;
}

const char *fake_answer(const char *name)
{
	return host_is_fake() ? host_text(strf("/.probe/%s", name), true) : NULL;
}

const char *host_release(void)
{
	const char *release = host_text("/proc/sys/kernel/osrelease", true);

	return release ? release : "unknown";
}
