// SPDX-License-Identifier: GPL-2.0
/* What a distribution does, in short; see check_store.h. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check.h"
#include "check_store.h"

#define MODPROBE	"/sbin/modprobe"
#define ENFORCED	"/sys/module/module/parameters/sig_enforce"

static const char *const modules[] = { "greet", "german", "french" };

static const char *store_path(const char *name)
{
	static char path[512];
	struct utsname host;

	ASSERT_OK(libc_ret(uname(&host)));
	snprintf(path, sizeof(path), "/lib/modules/%s/%s", host.release, name);
	return path;
}

static void run_ok(const char *const argv[], const char *why)
{
	struct run_result r = run_program(argv, 60);

	ASSERT_EQ(r.error, 0);
	ASSERT_EQ(r.status, 0, "%s: %s%s", why, r.out, r.err);
	run_result_free(&r);
}

void store_make(const char *key)
{
	const char *const dirs[] = {
		"/lib", "/lib/modules", store_path(""), "/sbin", "/etc", "/etc/modprobe.d"
	};
	char own[512];

	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (mkdir(dirs[i], 0755))
			ASSERT_EQ(errno, EEXIST);
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
		char file[64];

		snprintf(file, sizeof(file), "%s.ko", modules[i]);
		snprintf(own, sizeof(own), "%s", store_path(file));
		if (key)
			sign_with(key, file, own);
		else
			run_ok((const char *const[]){ "/bin/cp", file, own, NULL },
			       "cp");
	}
	run_ok((const char *const[]){ "/bin/depmod", "-a", NULL }, "depmod");
	unlink(STORE_CONF);
	if (symlink("/bin/modprobe", MODPROBE))
		ASSERT_EQ(errno, EEXIST);
}

void store_alias(const char *alias, const char *module)
{
	FILE *f = fopen(store_path("modules.alias"), "a");

	ASSERT_NOTNULL(f);
	fprintf(f, "alias %s %s\n", alias, module);
	ASSERT_EQ(fclose(f), 0);
}

char *store_lookup(const char *name)
{
	FILE *f = fopen(store_path("modules.alias"), "r");
	char line[512], pattern[256], module[256], *found = NULL;

	ASSERT_NOTNULL(f);
	while (!found && fgets(line, sizeof(line), f))
		if (sscanf(line, "alias %255s %255s", pattern, module) == 2 &&
		    !fnmatch(pattern, name, 0))
			found = strdup(module);
	fclose(f);
	return found;
}

bool module_says(const char *file, const char *line)
{
	FILE *f = fopen(file, "rb");
	size_t len = 0, want = strlen(line) + 1;
	static char data[4 << 20];
	bool found = false;

	ASSERT_NOTNULL(f);
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	for (char *at = data; (at = memmem(at, data + len - at, line, want)); at++)
		found |= at == data || !at[-1];
	return found;
}

void sign_with(const char *key, const char *file, const char *is)
{
	char secret[64], certificate[64];
	const char *const argv[] = {
		"./signmod", secret, certificate, file, is, NULL
	};
	struct run_result r;

	snprintf(secret, sizeof(secret), "%s.key", key);
	snprintf(certificate, sizeof(certificate), "%s.pem", key);
	r = run_program(argv, 60);
	ASSERT_EQ(r.error, 0);
	ASSERT_EQ(r.status, 0, "signmod failed. It said: %s", r.err);
	run_result_free(&r);
}

void key_new(const char *name, bool builder)
{
	const char *const argv[] = {
		"./keys", "new", name, builder ? BUILDER : NULL, NULL
	};

	run_ok(argv, "keys new");
}

static bool succeeds(const char *const argv[])
{
	struct run_result r = run_program(argv, 60);
	bool good = !r.status;

	ASSERT_EQ(r.error, 0);
	if (!good)
		check_note("%s", r.err);
	run_result_free(&r);
	return good;
}

bool key_trusted(const char *name)
{
	return succeeds((const char *const[]){ "./keys", "trust", name, NULL });
}

bool signature_verifies(const char *name, const char *file, const char *is)
{
	return succeeds((const char *const[]){ "./keys", "verify", name, file, is, NULL });
}

bool kernel_is_ours(void)
{
	struct stat st;

	return !stat(BUILDER, &st) && st.st_size > 0;
}

void enforce(void)
{
	ASSERT_OK(file_write(ENFORCED, "1"));
}
