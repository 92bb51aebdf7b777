// SPDX-License-Identifier: GPL-2.0
/*
 * A second opinion on a run that has ended: what is in the guest's memory, as
 * QEMU sees it, against the saved machine that the run began as. Nothing in the
 * guest is asked, and nothing in it can tell QEMU another memory. Looked at are
 *
 *	the kernel's code and constants, with the table of system calls;
 *	the code of modules that were there before the job came;
 *	pages of code where modules are, which were not there before.
 *
 * It tells what is different, not whether that is wrong: see grade_witness.c.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "vm_private.h"

#define PAGE		4096
#define SETTLE_MS	250
#define SETTLE_TRIES	4
#define KERNEL_BASE	0xffffffff80000000ull	/* of physical 0: nokaslr */
#define MODULES_BEGIN	0xffffffffa0000000ull
#define MODULES_END	0xffffffffff000000ull
#define CODE_PAGES_MAX	16384			/* 64 MiB of modules */
#define ENTRY_PRESENT	1ull
#define ENTRY_LARGE	(1ull << 7)
#define ENTRY_NO_CODE	(1ull << 63)
#define ENTRY_ADDRESS	0x000ffffffffff000ull

struct witness {
	struct vm *vm;
	char *dir;		/* for what QEMU writes */
	int ram;		/* the saved machine's memory */
	uint64_t root;		/* physical, of the page tables */
	int levels;
	struct buf *out;
	bool blind;		/* something could not be read */
};

/* Pages of code by their virtual address, in ascending order. */
struct pages {
	struct { uint64_t at, in; } items[CODE_PAGES_MAX];
	size_t count;
};

/* Physical memory of the guest as it is now, mapped; NULL: it cannot be had. */
static const char *look(struct witness *w, uint64_t at, uint64_t len)
{
	char *path = xasprintf("%s/memory", w->dir);
	const char *data = MAP_FAILED;
	struct stat st;
	int fd = -1;

	unlink(path);
	if (!vm_command(w->vm, "pmemsave", json_pack("{s:I,s:I,s:s}", "val", (json_int_t)at, "size",
						     (json_int_t)len, "filename", path), -1))
		fd = open(path, O_RDONLY | O_CLOEXEC);
	/* A hole in a file of another length would be read as a signal. */
	if (fd >= 0 && !fstat(fd, &st) && (uint64_t)st.st_size == len)
		data = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	unlink(path);
	free(path);
	w->blind |= data == MAP_FAILED;
	return data == MAP_FAILED ? NULL : data;
}

static bool read_page(struct witness *w, bool before, uint64_t at, char *page)
{
	const char *now;

	if (before) {
		w->blind |= pread(w->ram, page, PAGE, at) != PAGE;
		return !w->blind;
	}
	now = look(w, at, PAGE);
	if (!now)
		return false;
	memcpy(page, now, PAGE);
	munmap((void *)now, PAGE);
	return true;
}

/*
 * One table below the root, and those below it; shift: bits of an address that an
 * entry stands for.
 */
static void walk(struct witness *w, bool before, uint64_t table, uint64_t base, int shift,
		 struct pages *out)
{
	uint64_t entries[PAGE / sizeof(uint64_t)];

	if (!read_page(w, before, table, (char *)entries))
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(entries) && !w->blind; i++) {
		uint64_t entry = entries[i], at = base + ((uint64_t)i << shift);
		uint64_t last = at + (1ull << shift) - 1;

		if (!(entry & ENTRY_PRESENT) || entry & ENTRY_NO_CODE || last < MODULES_BEGIN ||
		    at >= MODULES_END)
			continue;
		if (shift > 12 && !(entry & ENTRY_LARGE)) {
			walk(w, before, entry & ENTRY_ADDRESS, at, shift - 9, out);
			continue;
		}
		if (out->count == CODE_PAGES_MAX) {
			w->blind = true;
			return;
		}
		out->items[out->count].at = at;
		out->items[out->count++].in = entry & ENTRY_ADDRESS & ~((1ull << shift) - 1);
	}
}

/* "CR3=0000000001a2b000", of the first processor. */
static bool read_roots(struct witness *w)
{
	const char *text, *cr3, *cr4;

	if (vm_command(w->vm, "human-monitor-command", json_pack("{s:s}", "command-line", "info registers"),
		       -1))
		return false;
	text = json_string_value(json_object_get(w->vm->reply, "return"));
	cr3 = text ? strstr(text, "CR3=") : NULL;
	cr4 = text ? strstr(text, "CR4=") : NULL;
	if (!cr3 || !cr4)
		return false;
	w->root = strtoull(cr3 + 4, NULL, 16) & ENTRY_ADDRESS;
	w->levels = strtoull(cr4 + 4, NULL, 16) & (1 << 12) ? 5 : 4;
	return true;
}

/*
 * The root of the tables is a process's, and another one before; the tables of
 * the kernel's own half below it are the kernel's, and stay.
 */
static void find_code(struct witness *w, bool before, struct pages *out)
{
	uint64_t entries[PAGE / sizeof(uint64_t)];
	int shift = 12 + 9 * (w->levels - 1);
	uint64_t last;

	out->count = 0;
	if (!read_page(w, false, w->root, (char *)entries))
		return;
	last = entries[ARRAY_SIZE(entries) - 1];
	if (last & ENTRY_PRESENT)
		walk(w, before, last & ENTRY_ADDRESS, ~0ull << shift, shift - 9, out);
	else
		w->blind = true;
}

/* Places that differ, each of up to 16 bytes. */
static unsigned int differences(const char *a, const char *b, uint64_t len, uint64_t *first)
{
	unsigned int count = 0;

	for (uint64_t i = 0; i < len; i++) {
		if (!(i % PAGE) && i + PAGE <= len && !memcmp(a + i, b + i, PAGE)) {
			i += PAGE - 1;
		} else if (a[i] != b[i]) {
			if (!count++)
				*first = i;
			i |= 15;
		}
	}
	return count;
}

static void tell(struct witness *w, const char *what, unsigned int count, uint64_t first)
{
	if (count)
		buf_addf(w->out, "%s %u %s at 0x%llx\n", what, count,
			 count == 1 ? "place," : "places, the first", (unsigned long long)first);
}

static void compare_section(struct witness *w, const char *what, uint64_t at, uint64_t len)
{
	uint64_t physical = at - KERNEL_BASE, skip = physical % PAGE, first = 0;
	const char *before, *now;
	unsigned int count;

	before = mmap(NULL, len + skip, PROT_READ, MAP_PRIVATE, w->ram, physical - skip);
	now = look(w, physical, len);
	if (before != MAP_FAILED && now) {
		count = differences(before + skip, now, len, &first);
		tell(w, what, count, at + first);
	} else {
		w->blind = true;
	}
	if (before != MAP_FAILED)
		munmap((void *)before, len + skip);
	if (now)
		munmap((void *)now, len);
}

/* The image's own table of sections says where code and constants are. */
static void compare_kernel(struct witness *w, const char *image)
{
	static const struct { const char *section, *what; } parts[] = {
		{ ".text", "kernel-code" }, { ".rodata", "kernel-constants" },
	};
	size_t len, found = 0;
	char *data = read_whole(image, &len);
	const Elf64_Ehdr *eh = (const void *)data;
	const Elf64_Shdr *sections, *names;

	if (!data || len < sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) || eh->e_shoff > len ||
	    eh->e_shentsize != sizeof(*sections) || eh->e_shstrndx >= eh->e_shnum ||
	    eh->e_shnum * sizeof(*sections) > len - eh->e_shoff) {
		w->blind = true;
		free(data);
		return;
	}
	sections = (const void *)(data + eh->e_shoff);
	names = &sections[eh->e_shstrndx];
	for (unsigned int i = 0; i < eh->e_shnum; i++)
		for (size_t j = 0; j < ARRAY_SIZE(parts); j++) {
			uint64_t name = names->sh_offset + sections[i].sh_name;

			if (name + strlen(parts[j].section) >= len ||
			    strcmp(data + name, parts[j].section))
				continue;
			compare_section(w, parts[j].what, sections[i].sh_addr, sections[i].sh_size);
			found++;
		}
	w->blind |= found != ARRAY_SIZE(parts);
	free(data);
}

/* Pages that are in both and differ, and those that are in the second alone. */
struct changes {
	unsigned int changed, added;
	uint64_t first, first_added;
};

static struct changes compare_pages(struct witness *w, const struct pages *before,
				    const struct pages *now)
{
	struct changes c = { 0 };
	char a[PAGE], b[PAGE];

	for (size_t i = 0, j = 0; i < now->count && !w->blind; i++) {
		while (j < before->count && before->items[j].at < now->items[i].at)
			j++;
		if (j == before->count || before->items[j].at != now->items[i].at) {
			c.first_added = c.added++ ? c.first_added : now->items[i].at;
		} else if (read_page(w, true, before->items[j].in, a) &&
			   read_page(w, false, now->items[i].in, b) && memcmp(a, b, PAGE)) {
			c.first = c.changed++ ? c.first : now->items[i].at;
		}
	}
	return c;
}

/* The guest, which has nothing to do any more, goes on for a moment. */
static void let_settle(struct witness *w)
{
	bool never = false;

	w->blind |= vm_command(w->vm, "cont", NULL, -1) != 0;
	vm_wait(w->vm, &never, now_ms() + SETTLE_MS);
	w->blind |= w->vm->exited || vm_command(w->vm, "stop", NULL, -1) || !read_roots(w);
}

/*
 * The kernel frees the code of init functions in a work item, after a grace period
 * of RCU: on a busy machine that is later than the end of the job.
 */
static void compare_modules(struct witness *w)
{
	struct pages *before = xcalloc(1, sizeof(*before)), *now = xcalloc(1, sizeof(*now));
	struct changes c;

	find_code(w, true, before);
	find_code(w, false, now);
	c = compare_pages(w, before, now);
	for (int i = 0; i < SETTLE_TRIES && c.added && !w->blind; i++) {
		let_settle(w);
		find_code(w, false, now);
		c = compare_pages(w, before, now);
	}
	tell(w, "module-code", c.changed, c.first);
	tell(w, "more-code", c.added, c.first_added);
	free(before);
	free(now);
}

char *vm_witness(struct vm *vm, const char *key)
{
	struct buf out = { 0 };
	char *ram = state_path(key, "ram");
	struct witness w = { .vm = vm, .dir = cache_tmpdir("witness"), .out = &out,
			     .ram = open(ram, O_RDONLY | O_CLOEXEC) };

	w.blind = w.ram < 0 || !w.dir || vm_command(vm, "stop", NULL, -1) || !read_roots(&w);
	if (!w.blind)
		compare_kernel(&w, vm->spec->kernel->image);
	if (!w.blind)
		compare_modules(&w);
	if (w.ram >= 0)
		close(w.ram);
	if (w.dir)
		rm_rf(w.dir);
	free(w.dir);
	free(ram);
	if (w.blind)
		buf_free(&out);
	return w.blind ? NULL : buf_steal(&out);
}
