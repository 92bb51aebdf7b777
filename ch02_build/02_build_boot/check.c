// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of kernel.config before it is worth minutes of compiling. The
 * makefile has run Kconfig on it; here are the results: the fragment itself, and
 * the .config. What must hold of the kernel that is built of it: check_kernel.c.
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

CHECK(lines, .title = "Kconfig can read every line")
{
	char *text = from_build("fragment"), *line;

	for (unsigned int n = 1; (line = next_line(&text)); n++) {
		const char *name = line + strlen("CONFIG_");
		size_t len;

		if (*line == '#' || !line[strspn(line, " \t")])
			continue;
		ASSERT_EQ(strncmp(line, "CONFIG_", strlen("CONFIG_")), 0,
			  "Line %u is no comment and does not begin with CONFIG_, so Kconfig skips it: %s",
			  n, line);
		len = strspn(name, NAME_CHARS);
		EXPECT_TRUE(len && name[len] == '=',
			    "Line %u: behind the name comes =, with no blank around it. Kconfig skips this line, and does not say so: %s",
			    n, line);
		EXPECT_NULL(strchr(line, '$'),
			    "Line %u has a $ in it. Kconfig takes it for text, but make reads the result as a makefile, and would run it: %s",
			    n, line);
	}
}

CHECK(kept, .title = "All that is asked for is in the .config", .needs = "lines")
{
	struct requests all = requests_read();
	const char *config = from_build("config");

	EXPECT_GT(all.count, 0, "kernel.config asks for nothing.");
	for (size_t i = 0; i < all.count; i++) {
		const struct request *r = &all.items[i];
		const struct request *last = request_find(&all, r->name);
		const char *got = config_value(config, r->name);

		EXPECT_STREQ(r->value, last->value,
			     "CONFIG_%s is asked for in line %u and in line %u. The last line counts.",
			     r->name, r->line, last->line);
		if (last == r)
			EXPECT_STREQ(got, r->value,
				     "Line %u asks for CONFIG_%s=%s, and Kconfig made it %s, without a word. Look at its entry: grep -rn -A12 'config %s$' in the source. Is there one, for this machine? Has it a question? What it depends on must be asked for, too.",
				     r->line, r->name, r->value, got, r->name);
	}
}

/* ------------------------------------------- uname -r, /proc/config.gz --- */

static const char *said(const struct request *r, const char *got)
{
	if (!r)
		return "no line of kernel.config asks for it";
	return strcmp(r->value, got) ? "whatever your line asks: the check kept tells"
				     : "as your line asks";
}

/* what: the promise that is broken, as a sentence */
static bool have(const char *name, const char *want, const char *what)
{
	struct requests all = requests_read();
	const char *got = config_value(from_build("config"), name);
	bool there = !strcmp(got, want);

	EXPECT_TRUE(there, "%s CONFIG_%s is %s in the .config, %s.", what, name, got,
		    said(request_find(&all, name), got));
	return there;
}

CHECK(release, .title = "uname -r will tell it from every other kernel")
{
	static const char *const taken[] = {
		"-amd64", "-rt-amd64", "-memory", "-locking", "-race",
	};
	const char *config = from_build("config");
	const char *value = config_value(config, "LOCALVERSION");
	char *suffix = strdup(value);

	ASSERT_GT(strlen(suffix), 3,
		  "The release has no suffix of its own: CONFIG_LOCALVERSION is %s in the .config.",
		  value);
	suffix[strlen(suffix) - 1] = '\0';	/* without its quotes */
	suffix++;
	EXPECT_EQ(*suffix, '-',
		  "The suffix is appended to the version as it is. Begin it with a minus: %s",
		  suffix);
	EXPECT_EQ(strspn(suffix, RELEASE_CHARS), strlen(suffix),
		  "The release is the name of a directory, /lib/modules/RELEASE: letters, digits and -+._~ only, but the suffix is %s",
		  suffix);
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		EXPECT_STRNE(suffix, taken[i],
			     "Another kernel has this suffix: choose your own.");
	EXPECT_LE(strlen(config_release(config)), RELEASE_MAX,
		  "%s is longer than a release can be.", config_release(config));
	have("LOCALVERSION_AUTO", "n", "It would append the state of a git tree.");
}

CHECK(own_config, .title = "/proc/config.gz will tell how it was configured")
{
	if (have("IKCONFIG", "y",
		 "The kernel does not carry its configuration with it from the start."))
		have("IKCONFIG_PROC", "y",
		     "Nobody can read the configuration of the running kernel.");
}

/* --------------------------------------------------- will it boot here --- */

struct need {
	const char *name;
	const char *what;
};

static void need_all(const struct need *needs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		have(needs[i].name, "y", needs[i].what);
}

CHECK(first_process, .title = "The kernel will find /init, and can run it")
{
	static const struct need needs[] = {
		{ "64BIT", "/init is a program of 64 bits." },
		{
			"BLK_DEV_INITRD",
			"The kernel cannot unpack an initramfs: there is no /init, nor any other program, and it panics, \"No working init found\".",
		},
		{
			"BINFMT_ELF",
			"The kernel cannot run ELF programs, and /init is one: \"Failed to execute /init\", and a panic.",
		},
		{ "MULTIUSER", "Programs ask for their user, and get an error." },
		{ "POSIX_TIMERS", "Programs that measure time stop at once." },
		{ "FUTEX", "Threads cannot wait for each other." },
	};

	need_all(needs, sizeof(needs) / sizeof(*needs));
}

CHECK(file_systems, .title = "/init will find the file systems that it mounts")
{
	static const struct need needs[] = {
		{
			"PROC_FS",
			"/init reads in /proc/cmdline on which line the host listens. Without /proc it ends, and the kernel panics, \"Attempted to kill init\".",
		},
		{ "SYSFS", "Modules and their parameters are files in /sys." },
		{ "TMPFS", "What is judged is unpacked into a tmpfs." },
		{
			"DEVTMPFS",
			"Nobody makes files in /dev. There is no /dev/ttyS0: /init finds no way to the host, ends, and the kernel panics, \"Attempted to kill init\".",
		},
	};

	need_all(needs, sizeof(needs) / sizeof(*needs));
}

CHECK(heard, .title = "What it has to say will be heard")
{
	static const struct need needs[] = {
		{ "PRINTK", "There is no kernel log: no report is ever seen." },
		{ "BUG", "WARN() and BUG() are compiled to nothing." },
		{ "TTY", "There are no terminals, and no serial lines." },
		{
			"SSL",
			"There is no /dev/ttyS0, the way to the host: /init does not find it, ends, and the kernel panics, \"Attempted to kill init\".",
		},
		{
			"NULL_CHAN",
			"The lines and consoles that the machine joins to nothing (ssl=null, con=null) are refused.",
		},
		{
			"STDERR_CONSOLE",
			"A kernel that dies early dies without a word: its terminal is not there yet.",
		},
		{ "KALLSYMS", "Reports show numbers, and no names of functions." },
		{ "FRAME_POINTER", "The stacks in reports are a guess." },
	};

	need_all(needs, sizeof(needs) / sizeof(*needs));
}

CHECK(modules, .title = "Modules can be loaded and unloaded")
{
	if (have("MODULES", "y", "No module can be loaded."))
		have("MODULE_UNLOAD", "y", "A loaded module stays for ever.");
}

/* --------------------------------------- are the sanitizers in, and on --- */

CHECK(accesses, .title = "An access to memory that is not the code's own is reported")
{
	if (have("KASAN", "y", "Nobody watches what memory is touched.")) {
		have("KASAN_GENERIC", "y", "This kind of KASAN does not see all.");
		have("KASAN_STACK", "y", "Local variables have no guards around them.");
		have("KASAN_VMALLOC", "y",
		     "An access beyond an area of vmalloc() is not seen.");
	}
	have("SLUB_DEBUG", "y", "The slab allocator cannot check its objects.");
}

CHECK(undefined, .title = "Wrong indices and shifts are reported, and the kernel goes on")
{
	if (!have("UBSAN", "y", "Undefined behaviour is not looked for."))
		return;
	have("UBSAN_BOUNDS", "y", "An index beyond its array is not seen.");
	have("UBSAN_SHIFT", "y", "A shift by too many bits is not seen.");
	have("UBSAN_TRAP", "n", "The kernel dies where it should report.");
}

CHECK(leaks, .title = "Lost memory is listed, from the boot on")
{
	if (have("DEBUG_KMEMLEAK", "y", "Nobody looks for memory that was lost."))
		have("DEBUG_KMEMLEAK_DEFAULT_OFF", "n",
		     "The search is off, unless kmemleak=on is on the command line.");
	if (have("DEBUG_FS", "y", "The list of leaks is a file in debugfs."))
		have("DEBUG_FS_ALLOW_ALL", "y", "debugfs is there, and cannot be mounted.");
}

CHECK(lists, .title = "A list that was trampled on is reported, and the kernel goes on")
{
	if (have("DEBUG_LIST", "y", "An entry that is added twice makes a loop, in silence."))
		have("BUG_ON_DATA_CORRUPTION", "n",
		     "The kernel dies where it should report.");
}
