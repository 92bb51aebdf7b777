// SPDX-License-Identifier: GPL-2.0
/* envreport against machines that the check makes up, file by file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check.h"
#include "check_report.h"

#define EFI	"sys/firmware/efi/efivars/"
#define GLOBAL	"-8be4df61-93ca-11d2-aa0d-00e098032b8c"

FIXTURE_SETUP(tree)
{
	tree_make(self);
}

FIXTURE_TEARDOWN(tree)
{
	tree_end(self);
}

/* The release of this made-up machine; with the newline, as in /proc. */
static void set_release(const struct fixture_tree *tree, const char *release)
{
	char line[256];

	snprintf(line, sizeof(line), "%s\n", release);
	tree_file(tree, "proc/sys/kernel/osrelease", line);
}

static void random_release(char *buf, size_t size)
{
	char word[8];

	check_random_word(word, sizeof(word));
	snprintf(buf, size, "%llu.%llu.%llu-%s", check_random_range(4, 9),
		 check_random_range(0, 99), check_random_range(0, 300), word);
}

CHECK_F(tree, nothing, .title = "An empty machine gives a report of unknowns")
{
	static const char *const facts[] = {
		"release", "preemption", "config", "headers", "lockdown",
		"signatures", "unsigned_modules", "secure_boot", "wsl",
		"kernel_compiler", "taint",
	};

	report_make(self->root);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		EXPECT_STREQ(report_value(facts[i]), "unknown", "%s", facts[i]);
		EXPECT_STRNE(report_why(facts[i]), "", "%s", facts[i]);
	}
	EXPECT_STREQ(report_value("container"), "no");
	EXPECT_STREQ(report_option("CONFIG_MODULES"), "-");
}

CHECK_F(tree, wsl, .title = "Kernels of WSL are told apart")
{
	char release[64];

	for (int i = 0; i < 4; i++) {
		random_release(release, sizeof(release));
		set_release(self, release);
		report_make(self->root);
		EXPECT_STREQ(report_value("release"), release);
		EXPECT_STREQ(report_value("wsl"), "no");
	}
	set_release(self, "5.15.167.4-microsoft-standard-WSL2");
	report_make(self->root);
	EXPECT_STREQ(report_value("wsl"), "2");
	set_release(self, "4.19.128-microsoft-standard");
	report_make(self->root);
	EXPECT_STREQ(report_value("wsl"), "2");
	set_release(self, "4.4.0-19041-Microsoft");
	report_make(self->root);
	EXPECT_STREQ(report_value("wsl"), "1");
	set_release(self, release);
	tree_file(self, "proc/sys/fs/binfmt_misc/WSLInterop", "enabled\n");
	report_make(self->root);
	EXPECT_STREQ(report_value("wsl"), "2", "A kernel of one's own in WSL has any name.");
}

static void expect_container(const struct fixture_tree *tree, const char *what)
{
	report_make(tree->root);
	EXPECT_STREQ(report_value("container"), what);
}

CHECK_F(tree, container, .title = "Containers are told apart by their marks")
{
	static const char env[] = "PATH=/bin\0xcontainer=no\0container=lxc\0TERM=vt";

	tree_file(self, "proc/1/cgroup", "0::/init.scope\n");
	tree_bytes(self, "proc/1/environ", env, 24);
	expect_container(self, "no");
	tree_file(self, "proc/1/cgroup", "3:cpu:/docker/0123456789abcdef\n");
	expect_container(self, "docker");
	tree_file(self, "proc/1/cgroup", "3:cpu:/kubepods/burstable/pod1/docker-2\n");
	expect_container(self, "kubernetes");
	tree_bytes(self, "proc/1/environ", env, sizeof(env) - 1);
	expect_container(self, "lxc");
	tree_file(self, "run/.containerenv", "engine=\"podman-4.3.1\"\n");
	expect_container(self, "podman");
	tree_file(self, ".dockerenv", "");
	expect_container(self, "docker");
	tree_file(self, "run/systemd/container", "systemd-nspawn\n");
	expect_container(self, "systemd-nspawn");
}

/* The variable name: four bytes of attributes, and so many of a value. */
static void set_variable(const struct fixture_tree *tree, const char *name,
			 int value, size_t len)
{
	const char data[16] = { 6, 0, 0, 0, value };
	char path[128];

	snprintf(path, sizeof(path), EFI "%s" GLOBAL, name);
	tree_bytes(tree, path, data, len);
}

CHECK_F(tree, secure_boot, .title = "Secure Boot: on, off, in setup, broken, absent")
{
	size_t len = check_random_range(0, 4);
	int value = check_random_range(2, 255);

	tree_dir(self, "sys/firmware");
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "no-efi");
	tree_dir(self, "sys/firmware/efi");
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "unknown");
	EXPECT_MATCH(report_why("secure_boot"), "efivarfs");
	set_variable(self, "SecureBoot", 1, 5);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "enabled");
	set_variable(self, "SetupMode", 0, 5);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "enabled");
	set_variable(self, "SetupMode", 1, 5);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "disabled", "In setup mode nothing is verified.");
	set_variable(self, "SetupMode", 0, 5);
	set_variable(self, "SecureBoot", 0, 5);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "disabled");
	set_variable(self, "SecureBoot", 1, len);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "unknown", "Cut to %zu bytes", len);
	set_variable(self, "SecureBoot", 1, 6);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "unknown", "Too long");
	set_variable(self, "SecureBoot", value, 5);
	report_make(self->root);
	EXPECT_STREQ(report_value("secure_boot"), "unknown", "The value %d", value);
}

static void expect_unsigned(const struct fixture_tree *tree,
			    const char *sig_enforce, const char *lockdown,
			    const char *disabled, const char *want)
{
	tree_file(tree, "sys/module/module/parameters/sig_enforce", sig_enforce);
	tree_file(tree, "sys/kernel/security/lockdown", lockdown);
	tree_file(tree, "proc/sys/kernel/modules_disabled", disabled);
	report_make(tree->root);
	EXPECT_STREQ(report_value("unsigned_modules"), want,
		     "sig_enforce is %.1s, lockdown is %s, modules_disabled is %.1s",
		     sig_enforce, lockdown, disabled);
}

CHECK_F(tree, module_policy, .title =
	"Whether unsigned modules load follows from all that forbids it")
{
	static const char none[] = "[none] integrity confidentiality\n";
	static const char integrity[] = "none [integrity] confidentiality\n";
	static const char top[] = "none integrity [confidentiality]\n";

	expect_unsigned(self, "N\n", none, "0\n", "accepted");
	expect_unsigned(self, "Y\n", none, "0\n", "refused");
	expect_unsigned(self, "N\n", integrity, "0\n", "refused");
	expect_unsigned(self, "N\n", top, "0\n", "refused");
	EXPECT_STREQ(report_value("lockdown"), "confidentiality");
	expect_unsigned(self, "N\n", none, "1\n", "refused");
	expect_unsigned(self, "N\n", "none integrity\n", "0\n", "unknown");
	EXPECT_STREQ(report_value("lockdown"), "unknown");
	expect_unsigned(self, "?\n", none, "0\n", "unknown");

	/* A kernel built without the one or the other. */
	tree_remove(self, "sys/module/module/parameters/sig_enforce");
	report_make(self->root);
	EXPECT_STREQ(report_value("signatures"), "unsupported");
	EXPECT_STREQ(report_value("unsigned_modules"), "accepted");
	tree_remove(self, "sys/kernel/security/lockdown");
	report_make(self->root);
	EXPECT_STREQ(report_value("lockdown"), "unknown", "Without securityfs nobody knows.");
	tree_file(self, "sys/kernel/security/lsm", "capability,yama");
	report_make(self->root);
	EXPECT_STREQ(report_value("lockdown"), "unsupported");
	EXPECT_STREQ(report_value("unsigned_modules"), "accepted");
}

/* Put a configuration there that says which one it is. */
static void add_config(const struct fixture_tree *tree, const char *path,
		       int hz, bool gzipped)
{
	char text[256];
	size_t len;
	void *data;

	snprintf(text, sizeof(text),
		 "#\n# Automatically generated\n#\nCONFIG_HZ=%d\n# CONFIG_KASAN is not set\nCONFIG_KASAN_INLINE=y\nCONFIG_MODULES=y\n",
		 hz);
	if (!gzipped) {
		tree_file(tree, path, text);
		return;
	}
	data = tree_gzip(text, &len);
	tree_bytes(tree, path, data, len);
	free(data);
}

static void expect_config(const struct fixture_tree *tree, const char *path,
			  int hz)
{
	char value[16];

	snprintf(value, sizeof(value), "%d", hz);
	report_make(tree->root);
	EXPECT_STREQ(report_value("config"), path);
	EXPECT_STREQ(report_option("CONFIG_HZ"), value);
	EXPECT_STREQ(report_option("CONFIG_KASAN"), "n");
	EXPECT_STREQ(report_option("CONFIG_MODULES"), "y");
	EXPECT_STREQ(report_option("CONFIG_KPROBES"), "-");
}

CHECK_F(tree, config_places, .title = "The configuration is found wherever a distribution puts it")
{
	char release[64], modules[256], boot[256], build[256];
	int hz = check_random_range(2, 1000);

	random_release(release, sizeof(release));
	set_release(self, release);
	snprintf(modules, sizeof(modules), "/lib/modules/%s/config", release);
	snprintf(boot, sizeof(boot), "/boot/config-%s", release);
	snprintf(build, sizeof(build), "/lib/modules/%s/build", release);

	report_make(self->root);
	EXPECT_STREQ(report_value("config"), "unknown");
	EXPECT_STREQ(report_value("headers"), "missing");
	EXPECT_MATCH(report_why("headers"), release, "The command that mends it");

	/* An absolute symlink, which must not lead out of the tree. */
	add_config(self, "usr/src/headers/.config", hz, false);
	tree_file(self, "usr/src/headers/Makefile", "");
	tree_link(self, build, "/usr/src/headers");
	strcat(build, "/.config");
	expect_config(self, build, hz);
	EXPECT_STREQ(report_value("headers"), "present");

	add_config(self, modules, hz + 1, false);
	expect_config(self, modules, hz + 1);
	add_config(self, boot, hz + 2, false);
	expect_config(self, boot, hz + 2);
	add_config(self, "proc/config.gz", hz + 3, true);
	expect_config(self, "/proc/config.gz", hz + 3);
}

CHECK_F(tree, config_broken, .title = "A damaged configuration is reported, and the next one used")
{
	char release[64], boot[256], why[64];
	size_t len;
	void *data = tree_gzip("CONFIG_HZ=77\nCONFIG_MODULES=y\n", &len);

	random_release(release, sizeof(release));
	set_release(self, release);
	snprintf(boot, sizeof(boot), "/boot/config-%s", release);
	tree_bytes(self, "proc/config.gz", data, check_random_range(3, len - 1));
	report_make(self->root);
	EXPECT_STREQ(report_value("config"), "unknown");
	EXPECT_MATCH(report_why("config"), "/proc/config.gz: .*damaged");
	add_config(self, boot, 9, false);
	expect_config(self, boot, 9);
	EXPECT_MATCH(report_why("config"), "damaged",
		     "It should say why it did not take the first.");

	tree_file(self, "proc/config.gz", "<html>no</html>\n");
	expect_config(self, boot, 9);
	tree_remove(self, "proc/config.gz");
	tree_dir(self, "proc/config.gz");
	expect_config(self, boot, 9);
	snprintf(why, sizeof(why), "%s", strerror(EISDIR));
	EXPECT_MATCH(report_why("config"), why);
	free(data);
}

CHECK_F(tree, hostile, .title =
	"Whatever stands in the files, the report is JSON and no terminal obeys it")
{
	const char *const argv[] = { "/lab/envreport", "--root", self->root, NULL };
	/* Quotation mark, backslash, escape, DEL, a broken and a good UTF-8. */
	static const char nasty[] = "6.1\"\\\x1b[31m\x7f\t\xff\xc3\xa9../..";
	struct run_result run;
	char path[256];

	set_release(self, nasty);
	tree_file(self, "run/systemd/container", nasty);
	tree_file(self, "proc/version", "Linux version ((((, #1");
	tree_file(self, "proc/sys/kernel/tainted", "-1x\n");
	snprintf(path, sizeof(path), "%s/sys", self->root);
	ASSERT_OK(libc_ret(mkdir(path, 0755)));
	snprintf(path, sizeof(path), "%s/proc/config.gz", self->root);
	ASSERT_OK(libc_ret(mkfifo(path, 0644)));
	tree_link(self, "sys/module", "module");
	report_make(self->root);
	EXPECT_STREQ(report_value("release"), "6.1\"\\\x1b[31m\x7f\t\xff\xc3\xa9../..");
	EXPECT_STREQ(report_value("taint"), "unknown");
	EXPECT_STREQ(report_value("kernel_compiler"), "unknown");
	run = run_program(argv, 20);
	EXPECT_EQ(run.status, 0);
	EXPECT_NULL(strchr(run.out, '\x1b'), "A terminal would obey this escape.");
	EXPECT_NULL(strchr(run.out, '\xff'));
	EXPECT_NOTNULL(strstr(run.out,
			      "6.1\"\\\\x1b[31m\\x7f\\x09\\xff\xc3\xa9../.."), "The text is:\n%s",
		       run.out);
	run_result_free(&run);
}

CHECK_F(tree, unreadable, .title = "Files that one may not read are unknown, not absent")
{
	static const char *const files[] = {
		"sys/kernel/security/lockdown",
		"sys/module/module/parameters/sig_enforce",
		EFI "SecureBoot" GLOBAL, "proc/config.gz",
		"proc/sys/kernel/tainted",
	};
	static const char *const facts[] = {
		"lockdown", "signatures", "secure_boot", "config", "taint",
	};
	char path[256];

	for (size_t i = 0; i < 5; i++) {
		tree_file(self, files[i], "1");
		snprintf(path, sizeof(path), "%s/%s", self->root, files[i]);
		ASSERT_OK(libc_ret(chmod(path, 0)));
	}
	/* Root may read all. */
	ASSERT_OK(libc_ret(setgid(65534)));
	ASSERT_OK(libc_ret(setuid(65534)));
	report_make(self->root);
	for (size_t i = 0; i < 5; i++) {
		EXPECT_STREQ(report_value(facts[i]), "unknown", "%s", facts[i]);
		EXPECT_MATCH(report_why(facts[i]), "Permission denied", "%s", facts[i]);
	}
}
