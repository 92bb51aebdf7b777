// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of the configuration that Kconfig makes of debug.config. The
 * makefile has run Kconfig; here are its results: the fragment itself, the
 * .config, and what Kconfig knows of the options (see explain.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_config.h"

#define NAME_CHARS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
#define RELEASE_CHARS	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-+._~"

/* A release has room for so many characters, in 6.1 and 6.12. */
#define RELEASE_MAX	64

/* Kconfig takes what it knows, and goes on. */
static void expect_line(char *line, unsigned int n, void *data)
{
	const char *name = line + strlen("CONFIG_");
	size_t len;

	(void)data;
	if (*line == '#' || !line[strspn(line, " \t\r")])
		return;
	ASSERT_EQ(strncmp(line, "CONFIG_", strlen("CONFIG_")), 0,
		  "Line %u is no comment and does not begin with CONFIG_, so Kconfig skips it: %s",
		  n, line);
	len = strspn(name, NAME_CHARS);
	EXPECT_TRUE(len && name[len] == '=',
		    "Line %u: behind the name comes =, with no blank around it. Kconfig skips this line, and does not say so: %s",
		    n, line);
}

CHECK(lines, .title = "Kconfig can read every line")
{
	each_line(from_build("fragment"), expect_line, NULL);
}

CHECK(once, .title = "No two lines contradict each other")
{
	struct requests all = requests_read();

	for (size_t i = 0; i < all.count; i++) {
		const struct request *r = &all.items[i];
		const struct request *last = request_find(&all, r->name);

		EXPECT_STREQ(r->value, last->value,
			     "CONFIG_%s is asked for in line %u and in line %u. The last line counts.",
			     r->name, r->line, last->line);
	}
}

CHECK(kept, .title = "All that is asked for is in the .config", .needs = "lines")
{
	struct requests all = requests_read();

	EXPECT_GT(all.count, 0, "debug.config asks for nothing.");
	for (size_t i = 0; i < all.count; i++) {
		const struct request *r = &all.items[i];
		const char *got = config_value(r->name);
		bool came_out = !strcmp(got, r->value);

		if (request_find(&all, r->name) != r)
			continue;	/* a later line counts */
		EXPECT_TRUE(came_out, "Line %u asks for CONFIG_%s=%s, and Kconfig made it %s.%s",
			    r->line, r->name, r->value, got, why_lost(&all, r));
	}
}

/* ---- what the debug kernel must be able to do --- */

static bool have(const char *name, const char *want, const char *what)
{
	struct requests all = requests_read();
	const char *got = config_value(name);
	const struct request *r = request_find(&all, name);
	bool there = !strcmp(got, want);

	EXPECT_TRUE(there, "%s CONFIG_%s is %s in the .config, %s", what, name, got,
		    !r ? "and no line of debug.config asks for it." :
		    !strcmp(r->value, got) ? "as your line asks." :
		    "whatever your line asks: the check kept says why.");
	return there;
}

CHECK(machine, .title = "What the virtual machine needs is there")
{
	static const char *const names[] = {
		"64BIT", "PRINTK", "BLK_DEV_INITRD", "BINFMT_ELF", "TTY",
		"SERIAL_8250_CONSOLE", "DEVTMPFS", "PVH", "PCI", "VIRTIO_PCI",
		"VIRTIO_CONSOLE", "PROC_FS", "SYSFS",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		have(names[i], "y", "The machine or its programs need this.");
}

/* "# Linux/x86 6.1.192 Kernel Configuration" begins the .config. */
static void find_version(char *line, unsigned int n, void *data)
{
	char **version = data, *at = strstr(line, " Kernel Configuration");

	if (n < 5 && at && !*version) {
		*at = '\0';
		*version = strrchr(line, ' ') + 1;
	}
}

CHECK(release, .title = "uname -r will tell it from every other kernel")
{
	static const char *const taken[] = {
		"-amd64", "-rt-amd64", "-memory", "-locking", "-race",
	};
	const char *value = config_value("LOCALVERSION");
	char *version = NULL, *text = strdup(value);
	size_t len = strlen(text);

	ASSERT_GT(len, 3,
		  "The release has no suffix of its own: CONFIG_LOCALVERSION is %s in the .config.",
		  value);
	text[len - 1] = '\0';	/* without its quotes */
	text++;
	EXPECT_EQ(*text, '-',
		  "The suffix is appended to the version as it is. Begin it with a minus: %s",
		  text);
	EXPECT_EQ(strspn(text, RELEASE_CHARS), strlen(text),
		  "The release is the name of a directory, /lib/modules/RELEASE: letters, digits and -+._~ only, but the suffix is %s",
		  text);
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		EXPECT_STRNE(text, taken[i], "Another kernel has this suffix: choose your own.");
	each_line(from_build("config"), find_version, &version);
	ASSERT_NOTNULL(version);
	EXPECT_LE(strlen(version) + strlen(text), RELEASE_MAX,
		  "%s%s is longer than a release can be.", version, text);
	have("LOCALVERSION_AUTO", "n", "It would append the state of a git tree.");
}

CHECK(own_config, .title = "/proc/config.gz tells how it was configured")
{
	if (have("IKCONFIG", "y",
		 "The kernel does not carry its configuration with it from the start."))
		have("IKCONFIG_PROC", "y",
		     "Nobody can read the configuration of the running kernel.");
}

CHECK(modules, .title = "Modules can be loaded and unloaded")
{
	if (have("MODULES", "y", "No module can be loaded."))
		have("MODULE_UNLOAD", "y", "A loaded module stays for ever.");
}

CHECK(places, .title = "An address can be turned into a name and a line")
{
	if (have("DEBUG_INFO", "y", "gdb and addr2line know no lines."))
		have("DEBUG_INFO_REDUCED", "n",
		     "Types are missing from the debugging information.");
	if (have("KALLSYMS", "y", "An oops shows numbers, and no names of functions."))
		have("KALLSYMS_ALL", "y", "/proc/kallsyms has functions, and not all variables.");
}

CHECK(accesses, .title = "An access to memory that is not the code's own is reported")
{
	if (have("KASAN", "y", "Nobody watches what memory is touched."))
		have("KASAN_VMALLOC", "y", "An access beyond an area of vmalloc() is not seen.");
	have("SLUB_DEBUG", "y", "The slab allocator cannot check its objects.");
}

CHECK(leaks, .title = "Lost memory is listed, from the boot on")
{
	if (have("DEBUG_KMEMLEAK", "y", "Nobody looks for memory that was lost."))
		have("DEBUG_KMEMLEAK_DEFAULT_OFF", "n",
		     "The search is off, unless kmemleak=on is on the command line.");
	if (have("DEBUG_FS", "y", "The list of leaks is a file in debugfs."))
		have("DEBUG_FS_ALLOW_ALL", "y", "debugfs is there, and cannot be mounted.");
}

CHECK(undefined, .title = "Wrong indices and shifts are reported, and the kernel goes on")
{
	if (!have("UBSAN", "y", "Undefined behaviour is not looked for."))
		return;
	have("UBSAN_BOUNDS", "y", "An index beyond its array is not seen.");
	have("UBSAN_SHIFT", "y", "A shift by too many bits is not seen.");
	have("UBSAN_TRAP", "n", "The kernel dies where it should report.");
}

CHECK(locks, .title = "Wrong orders of locks, and sleep in atomic context, are reported")
{
	have("PROVE_LOCKING", "y", "Nobody compares the orders in which locks are taken.");
	have("DEBUG_ATOMIC_SLEEP", "y", "A sleep under a spinlock is not seen.");
}

CHECK(failures, .title = "Allocations can be made to fail")
{
	if (!have("FAULT_INJECTION", "y", "Nothing can be made to fail."))
		return;
	have("FAILSLAB", "y", "kmalloc() cannot be made to fail.");
	have("FAULT_INJECTION_DEBUG_FS", "y",
	     "There is no file to say what is to fail, and how often.");
}
