// SPDX-License-Identifier: GPL-2.0
/*
 * Kinds of addresses, against what /proc tells of the kernel's memory
 */
#include "check_util.h"

static const char user[] = "user";

CHECK(made_addresses, .title = "Addresses made by the module are of their kind",
	.needs = "loads")
{
	char *answer = ask("regions");

	EXPECT_MATCH(answer, "^NULL: NULL$");
	EXPECT_MATCH(answer, "^kmalloc\\(0\\): ZERO_SIZE_PTR$");
	EXPECT_MATCH(answer, "^member of NULL: first page \\(NULL plus an offset\\)$");
	EXPECT_MATCH(answer, "^ERR_PTR\\(-EIO\\): error pointer$");
	EXPECT_MATCH(answer, "^local variable: stack$");
	EXPECT_MATCH(answer, "^kmalloc\\(64 KiB\\): pages$");
	EXPECT_MATCH(answer, "^alloc_page\\(\\): pages$");
	EXPECT_MATCH(answer, "^vmalloc\\(\\): vmalloc$");
	EXPECT_MATCH(answer, "^struct page: vmemmap$");
	EXPECT_MATCH(answer, "^own function: module$");
	EXPECT_MATCH(answer, "^own variable: module$");
	EXPECT_MATCH(answer, "^own constant: module$");
	EXPECT_MATCH(answer, "^_printk\\(\\): kernel text$");
	EXPECT_MATCH(answer, "^jiffies: kernel data$");
	EXPECT_MATCH(answer, "^_ctype\\[\\]: kernel read-only data$");
	EXPECT_MATCH(answer, "^jiffies by the direct map: boot memory$");
	EXPECT_MATCH(answer, "^fixmap: fixmap$");
	EXPECT_MATCH(answer, "^own copies: ([0-9]+) of \\1$");
	EXPECT_MATCH(answer, "^alloc_percpu: (per-CPU|vmalloc)$");
	EXPECT_MATCH(answer, "^slab objects: 256 of 256$");
}

CHECK(borders, .title = "The borders between the kinds are exact (4 levels)",
	.needs = "loads")
{
	static const struct {
		unsigned long addr;
		const char *kind;
	} at[] = {
		{ 0, "NULL" },
		{ 1, "first page (NULL plus an offset)" },
		{ 15, "first page (NULL plus an offset)" },
		{ 16, "ZERO_SIZE_PTR" },
		{ 17, "first page (NULL plus an offset)" },
		{ 4095, "first page (NULL plus an offset)" },
		{ 4096, "user" },
		{ 0x7fffffffefff, "user" },
		{ 0x7ffffffff000, "unknown" },
		{ 0x7fffffffffff, "unknown" },
		{ 0x800000000000, "non-canonical" },
		{ 0x8000000000000000, "non-canonical" },
		{ 0xffff7fffffffffff, "non-canonical" },
		{ 0xffff800000000000, "unknown" },
		{ 0xffffffffff600000, "fixmap" },
		{ -4096ul, "unknown" },
		{ -4095ul, "error pointer" },
		{ -1ul, "error pointer" },
	};
	char *cpuinfo = file_read("/proc/cpuinfo");
	size_t i;

	ASSERT_NOTNULL(cpuinfo);
	if (strstr(cpuinfo, " la57"))
		check_skip("this CPU may translate 57 bits");
	for (i = 0; i < sizeof(at) / sizeof(*at); i++)
		EXPECT_STREQ(ask("region %#lx", at[i].addr), at[i].kind,
			     "The address %#lx.", at[i].addr);
}

CHECK(own_addresses, .title = "Addresses of this program are the user's",
	.needs = "loads")
{
	int local;

	EXPECT_STREQ(ask("region %#lx %#lx %#lx", (unsigned long)user,
			 (unsigned long)&local, (unsigned long)ask),
		     "user\nuser\nuser");
}

/* --------------------------------------------------------- /proc says --- */

static unsigned long symbol(const char *kallsyms, const char *name)
{
	char text[64];
	char *at;

	snprintf(text, sizeof(text), " %s\n", name);
	at = strstr(kallsyms, text);
	ASSERT_NOTNULL(at, "The kernel has no symbol %s.", name);
	while (at > kallsyms && at[-1] != '\n')
		at--;
	return strtoul(at, NULL, 16);
}

static void expect_kind(unsigned long start, unsigned long end, const char *kind)
{
	int i;

	ASSERT_LT(start, end);
	ASSERT_NE(start, 0, "The kernel hides its addresses.");
	EXPECT_STREQ(ask("region %#lx", start), kind);
	EXPECT_STREQ(ask("region %#lx", end - 1), kind);
	for (i = 0; i < 30; i++) {
		unsigned long addr = check_random_range(start, end - 1);

		EXPECT_STREQ(ask("region %#lx", addr), kind,
			     "The address %#lx, of %#lx to %#lx.", addr, start,
			     end);
	}
}

CHECK(kernel_image, .title = "Random addresses of the image, against kallsyms",
	.needs = "loads")
{
	char *text;

	ASSERT_OK(file_write("/proc/sys/kernel/kptr_restrict", "1"));
	text = file_read("/proc/kallsyms");
	ASSERT_NOTNULL(text);
	expect_kind(symbol(text, "_stext"), symbol(text, "_etext"),
		    "kernel text");
	expect_kind(symbol(text, "__start_rodata"), symbol(text, "__end_rodata"),
		    "kernel read-only data");
	expect_kind(symbol(text, "_sdata"), symbol(text, "_edata"),
		    "kernel data");
	expect_kind(symbol(text, "__bss_start"), symbol(text, "__bss_stop"),
		    "kernel data");
}

CHECK(vmalloc_areas, .title = "Every area of vmallocinfo is of its kind",
	.needs = "loads", .deadline = 60)
{
	int vmallocs = 0, modules = 0;
	char *text, *line, *next;

	/* With 1, and for root, %pK shows the addresses. */
	ASSERT_OK(file_write("/proc/sys/kernel/kptr_restrict", "1"));
	text = file_read("/proc/vmallocinfo");
	ASSERT_NOTNULL(text);
	for (line = text; *line; line = next) {
		unsigned long start, end;
		int module;
		char *kind;

		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		/* What was freed since is still of its kind; stacks are ours. */
		if (sscanf(line, "0x%lx-0x%lx", &start, &end) != 2)
			continue;
		module = start >= 0xffffffff80000000;
		kind = ask("region %#llx", check_random_range(start, end - 1));
		if (!strcmp(kind, "stack"))
			continue;
		EXPECT_STREQ(kind, module ? "module" : "vmalloc", "%s", line);
		vmallocs += !module;
		modules += module;
	}
	EXPECT_GT(vmallocs, 20, "There was nothing to try.");
	check_note("%d areas of vmalloc, %d of modules", vmallocs, modules);
}

CHECK(module_range, .title = "The module's own range, from /proc/modules",
	.needs = "loads")
{
	unsigned long start, size;
	char *text, *line;

	ASSERT_OK(file_write("/proc/sys/kernel/kptr_restrict", "1"));
	text = file_read("/proc/modules");
	ASSERT_NOTNULL(text);
	line = strstr(text, "convenience ");
	ASSERT_NOTNULL(line);
	ASSERT_EQ(sscanf(line, "%*s %lu %*s %*s %*s %lx", &size, &start), 2);
	EXPECT_GT(size, 4096);
	EXPECT_STREQ(ask("region %#lx %#lx", start, start + 4095),
		     "module\nmodule");
}

/* ------------------------------------------------------- allocations --- */

/* Two options of the kernel make %p print what it is given. */
static int shows_real_addresses(void)
{
	char *cmdline = file_read("/proc/cmdline");

	ASSERT_NOTNULL(cmdline);
	return strstr(cmdline, "no_hash_pointers") ||
	       strstr(cmdline, "slub_debug") || strstr(cmdline, "slab_debug");
}

CHECK(allocations, .title = "Allocations are logged with size, kind and hash",
	.needs = "loads")
{
	u64 size = check_random_range(9, 4000);
	char regex[256];
	u64 mark;
	char *log;

	mark = kmsg_mark();
	EXPECT_STREQ(ask("show slab %llu", size), "8");
	log = kmsg_since(mark);
	snprintf(regex, sizeof(regex),
		 "^<6>convenience: .*: thing: %llu B.* at %s, slab, aligned to [0-9]+ (B|KiB)",
		 size, shows_real_addresses() ? "ffff[0-9a-f]{12}" :
		 "(0000[0-9a-f]{12}|\\(____ptrval____\\))");
	EXPECT_MATCH(log, regex);

	mark = kmsg_mark();
	ask("show vmalloc 8192");
	log = kmsg_since(mark);
	EXPECT_MATCH(log, "thing: 8 KiB at [^ ]+, vmalloc, aligned to ([4-9]|[1-9][0-9]+) ([KMGT]iB)$");

	mark = kmsg_mark();
	EXPECT_STREQ(ask("show null 100"), "0");
	EXPECT_STREQ(ask("show error 100"), "0");
	EXPECT_STREQ(ask("show user 100"), "0");
	log = kmsg_since(mark);
	EXPECT_MATCH(log, "thing: 100 B: not allocated \\(NULL\\)$");
	EXPECT_MATCH(log, "thing: 100 B: not allocated \\(-ENOMEM\\)$");
	EXPECT_MATCH(log, "thing: not shown: its address is of the kind NULL$");
	EXPECT_MATCH(log, "thing: not shown: its address is of the kind error pointer$");
	EXPECT_MATCH(log, "thing: 100 B at [^ ]+, user, aligned to 4 KiB$");
	EXPECT_MATCH(log, "thing: not shown: its address is of the kind user$");
}
