// SPDX-License-Identifier: GPL-2.0
/* session.c - the surroundings of a whole run; see test.h. */
#include <sys/stat.h>

#include "dirs.h"
#include "vmlab.h"

const char *vm_dir;

/* Where kernels may have been fetched to before; tests only read there. */
void session_prepare(void)
{
	static const char *const names[] = {
		"LAB_CACHE", "LAB_STATE", "XDG_CACHE_HOME", "XDG_STATE_HOME",
	};
	char *cache = user_dir("LAB_CACHE", "XDG_CACHE_HOME", ".cache");

	setenv("TEST_CACHE", cache, 1);
	free(cache);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

const char *session_begin(void)
{
	static char dir[] = "/tmp/test-lab.XXXXXX";

	/* Some tests go on as another user. */
	if (!mkdtemp(dir) || chmod(dir, 0711)) {
		perror(dir);
		exit(1);
	}
	return vm_dir = dir;
}

void session_end(bool keep)
{
	if (keep)
		printf("kept: %s\n", vm_dir);
	else if (rm_rf(vm_dir))
		printf("note: %s could not be removed\n", vm_dir);
}

/* Tests call functions of the program, which expect what its main() sets up. */
void session_enter(void)
{
	interrupt_init();
	setenv("HOME", test_dir, 1);
	setenv("LAB_CACHE", strf("%s/cache", test_dir), 1);
	setenv("LAB_STATE", strf("%s/state", test_dir), 1);
}
