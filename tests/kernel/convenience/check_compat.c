// SPDX-License-Identifier: GPL-2.0
/*
 * Today's spelling of things works on this kernel
 */
#include <sys/mman.h>

#include "check_util.h"

CHECK(compat_all, .title = "Every name of compat.h works", .needs = "loads")
{
	unsigned int value = check_random_range(1000, 100000);
	u64 mark = kmsg_mark();
	char *answer = ask("compat all %u", value);
	char want[64];

	EXPECT_MATCH(answer, "^top order 10: yes$",
		     "MAX_PAGE_ORDER is the highest order that is taken.");
	EXPECT_MATCH(answer, "^over it: no$");
	EXPECT_MATCH(answer, "^kvrealloc: 64 of 64 kept, vmalloc$");
	EXPECT_MATCH(answer, "^pending: 1, then 0$");
	/* hrtimer 1, timer 10, kthread worker 100, three workqueues 1000 */
	snprintf(want, sizeof(want), "^clocks: %u$", value + 3111);
	EXPECT_MATCH(answer, want);
	EXPECT_MATCH(answer, "^platform: 1 probed, 1 removed$");
	EXPECT_MATCH(answer, "^class: wb_class$");
	snprintf(want, sizeof(want), "^unaligned: %u$", value);
	EXPECT_MATCH(answer, want);
	/* 7 is E2BIG: five characters and four, each with the NUL */
	EXPECT_MATCH(answer, "^strscpy: 3 abc -7 abcd -7 abc 1 0$");
	EXPECT_MATCH(answer, "^random: 1$");
	EXPECT_NOMATCH(kmsg_since(mark), "expected");
}

/* The line "VmFlags:" of the mapping at addr. */
static char *vm_flags(const void *addr)
{
	char *smaps = file_read("/proc/self/smaps");
	char start[32];
	char *line;

	ASSERT_NOTNULL(smaps);
	snprintf(start, sizeof(start), "\n%lx-", (unsigned long)addr);
	line = strstr(smaps, start);
	ASSERT_NOTNULL(line);
	line = strstr(line, "VmFlags:");
	ASSERT_NOTNULL(line);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

CHECK(vm_flags, .title = "vm_flags_set() and vm_flags_clear() do",
	.needs = "loads")
{
	void *area = mmap(NULL, 12288, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	char *middle = (char *)area + 4096;

	ASSERT_NE(area, MAP_FAILED);
	/* A page of another protection is a mapping of its own. */
	ASSERT_OK(libc_ret(mprotect(middle, 4096, PROT_READ)));
	EXPECT_NOMATCH(vm_flags(middle), " dd( |$)");
	ask("compat flag %#lx", (unsigned long)middle);
	EXPECT_MATCH(vm_flags(middle), " dd( |$)");
	ask("compat noflag %#lx", (unsigned long)middle);
	EXPECT_NOMATCH(vm_flags(middle), " dd( |$)");
	EXPECT_ERR(mod_param_write("convenience", "run", "compat flag 4096"),
		   EFAULT);
}

CHECK(shrinker, .title = "A shrinker is called, with its private pointer",
	.needs = "loads")
{
	unsigned long counted, scanned;
	char name[9];

	check_random_word(name, sizeof(name));
	ask("compat shrinker %s", name);
	ASSERT_OK(file_write("/proc/sys/vm/drop_caches", "2"));
	ASSERT_EQ(sscanf(ask("compat shrunk"), "counted %lu, scanned %lu",
			 &counted, &scanned), 2);
	EXPECT_GT(counted, 0);
	EXPECT_GT(scanned, 0);
	/* Unregistered when the module goes. */
}

CHECK(namespaces, .title = "A namespace given as a string is exported and imported",
	.needs = "loads")
{
	u64 value = check_random_range(1, 1000000);
	u64 mark = kmsg_mark();
	char text[80];

	snprintf(text, sizeof(text), "value=%llu", value);
	ASSERT_OK(mod_load("namespace_user.ko", text));
	EXPECT_EQ(mod_refcount("convenience"), 1);
	snprintf(text, sizeof(text), "namespace_user: thrice %llu is %llu$",
		 value, value * 3);
	EXPECT_MATCH(kmsg_since(mark), text);
	EXPECT_OK(mod_unload("namespace_user"));
}
