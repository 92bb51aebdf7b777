// SPDX-License-Identifier: GPL-2.0
/*
 * What classify() must say of addresses.
 *
 * The addresses come from three places: things that the module itself made, what
 * the kernel tells of itself (/proc/kallsyms, /proc/iomem, /proc/vmallocinfo), and
 * this process, which knows where its own memory is.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define PAGE		4096ULL
#define USER_END	0x7ffffffff000ULL	/* with four levels of page tables */
#define IMAGE		0xffffffff80000000ULL
#define MODULES		0xffffffffc0000000ULL
#define MODULES_END	0xffffffffff000000ULL

FIXTURE(kinds) { int unused; };

FIXTURE_SETUP(kinds)
{
	mod_unload("kinds");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("kinds.ko", NULL), "The module was not loaded.");
}

FIXTURE_TEARDOWN(kinds)
{
	EXPECT_OK(mod_unload("kinds"), "The module was not unloaded.");
}

/* What does the module say of this address? */
static const char *ask(u64 addr)
{
	char line[40], *answer, *kind;

	snprintf(line, sizeof(line), "0x%llx", addr);
	ASSERT_OK(file_write("/proc/kinds", line));
	answer = file_read("/proc/kinds");
	ASSERT_NOTNULL(answer, "/proc/kinds could not be read.");
	kind = strstr(answer, ": ");
	ASSERT_NOTNULL(kind);
	kind[strcspn(kind, "\n")] = '\0';
	return kind + 2;
}

static void expect(u64 addr, const char *kind, const char *format, ...) CHECK_PRINTF_(3, 4);
static void expect(u64 addr, const char *kind, const char *format, ...)
{
	const char *said = ask(addr);
	char what[200];
	va_list args;

	if (!strcmp(said, kind))
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	ASSERT_STREQ(said, kind, "0x%llx is not \"%s\" but \"%s\": %s.", addr, said, kind, what);
}

/* Lines of a file, one after the other: for (...; (line = next_line(&text)); ) */
static char *next_line(char **text)
{
	char *line = strsep(text, "\n");

	return line && *line ? line : NULL;
}

CHECK_F(kinds, samples, .title = "What the module made is told apart")
{
	static const struct {
		const char *what, *kind;
	} want[] = {
		{ "NULL", "null" },
		{ "a member of NULL", "null" },
		{ "where this process", "user" },
		{ "kmalloc", "direct map" },
		{ "a page", "direct map" },
		{ "the current task", "direct map" },
		{ "vmalloc", "vmalloc" },
		{ "a variable on the stack", "vmalloc" },
		{ "a static variable", "module" },
		{ "a function of this module", "module" },
		{ "schedule", "kernel image" },
		{ "the first task", "kernel image" },
		{ "the fixmap", "fixmap" },
		{ "a CPU's copy", "per-CPU" },
		{ "-ENOMEM", "other" },
	};
	char *text = file_read("/proc/samples"), *line;
	u64 addr;
	int n;

	ASSERT_NOTNULL(text);
	while ((line = next_line(&text))) {
		n = 0;
		if (sscanf(line, "%llx %n", &addr, &n) != 1)
			continue;
		for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
			if (!strncmp(line + n, want[i].what, strlen(want[i].what)))
				expect(addr, want[i].kind, "it is %s", line + n);
	}
}

CHECK_F(kinds, user_and_hole, .title = "User addresses, and the hole behind them")
{
	char *allocated = malloc(100);
	int local;

	expect((uintptr_t)&local, "user", "it is on the stack of this process");
	expect((uintptr_t)allocated, "user", "it is on the heap of this process");
	expect((uintptr_t)ask, "user", "it is a function of this process");
	expect(check_random_range(0, PAGE - 1), "null", "it is in the first page");
	expect(PAGE, "user", "it is the first address behind the first page");
	expect(check_random_range(PAGE, USER_END - 1), "user", "a process may map it");
	expect(USER_END - 1, "user", "it is the last address that a process may have");
	expect(USER_END, "other",
	       "the last page of the lower half is nobody's: user addresses end at TASK_SIZE_MAX");
	expect(1ULL << 47, "non-canonical", "bit 47 is set, and the bits above it are not");
	expect(~0ULL << 47, "other", "all bits from 47 on are set: it is an address");
	expect((~0ULL << 47) - 1, "non-canonical", "bit 47 is not set, and the bits above it are");
	for (int i = 0; i < 100; i++) {
		u64 upper = check_random_range(1, (1 << 17) - 2);
		u64 addr = upper << 47 | check_random() >> 17;

		expect(addr, "non-canonical", "its bits 47 to 63 are not all the same");
	}
}

CHECK_F(kinds, at_the_end, .title = "The kernel image, modules, and what is behind them")
{
	expect(IMAGE, "kernel image", "it is the first address of that area");
	expect(IMAGE - 1, "other", "the area of the kernel image begins one byte later");
	expect(MODULES - 1, "kernel image", "the area for modules begins one byte later");
	expect(MODULES, "module", "it is the first address of that area, MODULES_VADDR");
	expect(MODULES_END - 1, "module", "it is the last address of that area");
	expect(MODULES_END, "other", "the area for modules ends one byte before: MODULES_END");
	expect(-1ULL, "other", "it is the last address of all");
	expect(-check_random_range(1, 4095), "other", "it is an error number as a pointer");
	for (int i = 0; i < 30; i++) {
		expect(check_random_range(IMAGE, MODULES - 1), "kernel image",
		       "it is in the area of the kernel image");
		expect(check_random_range(MODULES, MODULES_END - 1), "module",
		       "it is in the area for modules");
	}
}

CHECK_F(kinds, symbols, .needs = "at_the_end",
	.title = "Symbols of the kernel and of the module")
{
	char *text = file_read("/proc/kallsyms"), *line;
	unsigned int seen[2] = { 0, 0 };

	ASSERT_NOTNULL(text);
	while ((line = next_line(&text))) {
		bool ours = strstr(line, "[kinds]");
		u64 addr = strtoull(line, NULL, 16);

		/* Per-CPU symbols are offsets, and some modules are none. */
		if (addr < IMAGE || (!ours && (strchr(line, '[') || check_random_range(0, 999))))
			continue;
		seen[ours]++;
		expect(addr, ours ? "module" : "kernel image", "/proc/kallsyms says of it %s",
		       line + 17);
	}
	check_note("%u symbols of the kernel, %u of the module", seen[0], seen[1]);
	EXPECT_GT(seen[0], 0);
	EXPECT_GT(seen[1], 0);
}

CHECK_F(kinds, vmalloc_area, .needs = "samples", .title = "What vmalloc() gave away")
{
	char *text = file_read("/proc/vmallocinfo"), *line;

	ASSERT_NOTNULL(text);
	while ((line = next_line(&text))) {
		u64 from, to;

		if (check_random_range(0, 4) || sscanf(line, "0x%llx-0x%llx", &from, &to) != 2)
			continue;
		/* KASAN's shadow and the modules are in that list, too. */
		if (from < IMAGE && from > 0xffff000000000000ULL && to - from < 1ULL << 32)
			expect(check_random_range(from, to - PAGE - 1), "vmalloc",
			       "/proc/vmallocinfo says %s", line);
	}
}

/* The address of "a page" tells where the direct map begins, if it is found in RAM. */
static u64 sample_addr(const char *what, unsigned int index)
{
	char *text = file_read("/proc/samples"), *line;

	ASSERT_NOTNULL(text);
	while ((line = next_line(&text)))
		if (strstr(line, what) && !index--)
			return strtoull(line, NULL, 16);
	return 0;
}

CHECK_F(kinds, ram, .needs = "samples", .title = "RAM, and where there is none")
{
	u64 base = sample_addr(" a page", 0) & ~0x7fffffffffULL;	/* of 512 GiB */
	char *text = file_read("/proc/iomem"), *line;
	unsigned int seen = 0;

	ASSERT_NOTNULL(text);
	while ((line = next_line(&text))) {
		u64 from, to;

		if (!strstr(line, ": System RAM") ||
		    sscanf(line, "%llx-%llx", &from, &to) != 2)
			continue;
		for (int i = 0; i < 50; i++) {
			u64 addr = base + check_random_range(from, to);
			bool percpu = false;

			for (unsigned int cpu = 0; cpu < 2; cpu++)
				percpu |= !((sample_addr("a CPU's copy", cpu) ^ addr) >> 21);
			if (percpu)
				continue;
			seen++;
			expect(addr, "direct map", "in RAM, at 0x%llx", addr - base);
		}
	}
	EXPECT_GT(seen, 0);
	for (int i = 0; i < 20; i++) {
		u64 phys = check_random_range(1ULL << 36, (1ULL << 38) - 1);

		expect(base + phys, "other",
		       "that is physical address 0x%llx in the direct map, and there is no RAM",
		       phys);
	}
}
