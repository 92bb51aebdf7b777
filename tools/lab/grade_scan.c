// SPDX-License-Identifier: GPL-2.0
/*
 * Words that no lab needs. A module in ring 0 can in the end do what it likes
 * inside its machine; what it would have to call for that stands in its
 * source, and is shown to whoever grades. It changes no mark.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "grade.h"

static const struct {
	const char *word, *flag;
} words[] = {
	{ "call_usermodehelper", "usermode-helper" },
	{ "kallsyms_lookup_name", "kallsyms" }, { "kallsyms_on_each_symbol", "kallsyms" },
	{ "register_kprobe", "kprobe" }, { "register_ftrace_function", "ftrace" },
	{ "filp_open", "file-access" }, { "kernel_write", "file-access" },
	{ "kernel_read", "file-access" }, { "vfs_write", "file-access" },
	{ "set_memory_rw", "memory-rights" }, { "set_memory_x", "memory-rights" },
	{ "write_cr0", "memory-rights" }, { "text_poke", "text-patching" },
	{ "native_write_cr0", "memory-rights" }, { "copy_to_kernel_nofault", "memory-rights" },
	{ "access_process_vm", "other-process" }, { "find_vpid", "other-process" },
	{ "for_each_process", "other-process" }, { "kthread_use_mm", "other-process" },
	{ "emergency_restart", "ends-machine" }, { "kernel_power_off", "ends-machine" },
	{ "kernel_restart", "ends-machine" }, { "orderly_poweroff", "ends-machine" },
	{ "outb", "port-io" }, { "outl", "port-io" }, { "outw", "port-io" },
	{ "isa-debug-exit", "ends-machine" }, { "incbin", "assembler-include" },
	{ "__asm__", "assembler" }, { "asm", "assembler" },
	{ "ptrace", "other-process" }, { "pidfd_getfd", "other-process" },
	{ "WB1", "result-channel" }, { "vport", "result-channel" }, { "KTAP", "result-channel" },
	{ "virtio", "result-channel" }, { "not ok", "result-channel" },
};

static bool is_word(int c)
{
	return isalnum(c) || c == '_';
}

static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = line; (p = strstr(p, word)); p++)
		if ((p == line || !is_word((unsigned char)p[-1]) || !is_word((unsigned char)*word)) &&
		    !is_word((unsigned char)p[len]))
			return true;
	return false;
}

/* Does an #include leave the lab, its own directory and the kernel's headers? */
static bool strange_include(const char *line)
{
	const char *p = line + strspn(line, " \t");

	if (strstr(line, "__has_include"))
		return true;
	if (*p != '#')
		return false;
	p += 1 + strspn(p + 1, " \t");
	if (!str_starts(p, "include") && !str_starts(p, "embed"))
		return false;
	p += strcspn(p, "\"<");
	return *p && (p[1] == '/' || strstr(p, "..") || strstr(p, ".c\""));
}

void scan_source(const char *name, const char *text,
		 void (*found)(void *data, const char *name, unsigned int line,
			       const char *flag, const char *text), void *data)
{
	unsigned int number = 0, told = 0;

	for (const char *p = text; *p && told < 50;) {
		size_t len = strcspn(p, "\n");
		char *line = xstrndup(p, len > 400 ? 400 : len);

		number++;
		if (strange_include(line)) {
			found(data, name, number, "include", str_trim(line));
			told++;
		}
		for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
			if (!has_word(line, words[i].word))
				continue;
			found(data, name, number, words[i].flag, str_trim(line));
			told++;
			break;
		}
		free(line);
		p += len + (p[len] == '\n');
	}
}
