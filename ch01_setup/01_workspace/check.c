// SPDX-License-Identifier: GPL-2.0
/*
 * envreport against the machine that it runs in. It is booted three times: as
 * it is, with module.sig_enforce=1 and with lockdown=integrity. What envreport
 * makes of other machines is in check_tree.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check.h"
#include "check_report.h"

/* What each variant of lab.ini must look like. */
static const struct variant {
	const char *name;
	const char *signatures;
	const char *lockdown;
	const char *unsigned_modules;
	int load;		/* result of loading a module without signature */
	const char *says;	/* what the kernel says about it */
} variants[] = {
	{ "plain", "optional", "none", "accepted", 0,
	  "unsigned: this kernel takes unsigned modules" },
	{ "enforced", "enforced", "none", "refused", -EKEYREJECTED,
	  "Loading of unsigned module is rejected" },
	{ "locked", "optional", "integrity", "refused", -EPERM,
	  "Lockdown: .*: unsigned module loading is restricted" },
};

static const struct variant *this_variant(void)
{
	const char *name = getenv("WB_VARIANT");

	for (size_t i = 0; name && i < ARRAY_SIZE(variants); i++)
		if (!strcmp(variants[i].name, name))
			return &variants[i];
	return &variants[0];
}

CHECK(release, .title = "The release and the preemption model are the kernel's")
{
	const char *kernel = getenv("WB_KERNEL");
	struct utsname u;

	ASSERT_OK(libc_ret(uname(&u)));
	report_make(NULL);
	EXPECT_STREQ(report_value("release"), u.release);
	if (strstr(u.version, "PREEMPT_RT"))
		EXPECT_STREQ(report_value("preemption"), "rt");
	else
		EXPECT_STRNE(report_value("preemption"), "rt");
	if (kernel && !strncmp(kernel, "6.", 2)) {
		EXPECT_EQ(strncmp(u.release, kernel, strcspn(kernel, "-")), 0,
			  "This should be Linux %s.", kernel);
		EXPECT_EQ(!strcmp(report_value("preemption"), "rt"),
			  !!strstr(kernel, "-rt"), "Linux %s", kernel);
	}
}

CHECK(security, .title = "Lockdown and signature enforcement are as booted")
{
	const struct variant *v = this_variant();

	report_make(NULL);
	EXPECT_STREQ(report_value("lockdown"), v->lockdown);
	EXPECT_STREQ(report_value("signatures"), v->signatures);
	EXPECT_STREQ(report_value("unsigned_modules"), v->unsigned_modules);
	/* Started by QEMU without firmware of that kind. */
	EXPECT_STREQ(report_value("secure_boot"), "no-efi");
	EXPECT_STREQ(report_value("wsl"), "no");
	EXPECT_STREQ(report_value("container"), "no");
}

CHECK(module, .title = "An unsigned module fares as the report says", .needs = "security")
{
	const struct variant *v = this_variant();
	u64 mark = kmsg_mark();
	int err = mod_load("unsigned.ko", NULL);

	EXPECT_EQ(err, v->load);
	EXPECT_TRUE(kmsg_wait(mark, v->says, 2000),
		    "The kernel should have said: %s", v->says);
	if (!err)
		EXPECT_OK(mod_unload("unsigned"));
}

CHECK(debugfs, .title = "Lockdown forbids to write to debugfs", .needs = "security")
{
	const char *path = "/sys/kernel/debug/clear_warn_once";
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	EXPECT_EQ(err, strcmp(this_variant()->lockdown, "none") ? -EPERM : 0,
		  "open(\"%s\") for writing", path);
}

CHECK(taint, .title = "The taint is the kernel's, letter by letter", .needs = "module")
{
	unsigned long taint = kernel_taint();
	char text[32];

	snprintf(text, sizeof(text), "%lu", taint);
	report_make(NULL);
	EXPECT_STREQ(report_value("taint"), text);
	/* From the module before, where it was loaded. */
	if (taint & 1 << 12)
		EXPECT_MATCH(report_why("taint"), "O: out-of-tree module");
	if (taint & 1 << 13)
		EXPECT_MATCH(report_why("taint"), "E: unsigned module");
	if (!taint)
		EXPECT_STREQ(report_why("taint"), "nothing");
	if (!this_variant()->load)
		EXPECT_EQ(taint & 3 << 12, 3 << 12, "An unsigned out-of-tree module taints.");
}

CHECK(compilers, .title = "The kernel's compiler is named; none is here")
{
	char *version = file_read("/proc/version");
	char quoted[256];

	ASSERT_NOTNULL(version);
	report_make(NULL);
	snprintf(quoted, sizeof(quoted), "(%.200s, ", report_value("kernel_compiler"));
	EXPECT_NOTNULL(strstr(version, quoted), "/proc/version: %s", version);
	EXPECT_MATCH(report_value("kernel_compiler"), "gcc.* [0-9]+\\.[0-9]+\\.[0-9]+$");
	EXPECT_STREQ(report_value("compiler_here"), "unknown");
	EXPECT_STREQ(report_value("compilers"), "unknown");
	free(version);
}

FIXTURE_SETUP(tree)
{
	tree_make(self);
}

FIXTURE_TEARDOWN(tree)
{
	tree_end(self);
}

/* The value of an option, found another way than envreport finds it. */
static void grep_option(const char *config, const char *option, char *value,
			size_t size)
{
	char line[128];
	const char *p;

	snprintf(value, size, "-");
	snprintf(line, sizeof(line), "\n%s=", option);
	p = strstr(config, line);
	if (p) {
		p += strlen(line);
		snprintf(value, size, "%.*s", (int)strcspn(p, "\n"), p);
	}
	snprintf(line, sizeof(line), "\n# %s is not set\n", option);
	if (strstr(config, line))
		snprintf(value, size, "n");
}

CHECK_F(tree, config, .title = "The options are those of this kernel's configuration")
{
	static const char *const options[] = {
		"CONFIG_MODULES", "CONFIG_MODULE_SIG", "CONFIG_KASAN",
		"CONFIG_PREEMPT_RT", "CONFIG_HZ", "CONFIG_DEBUG_FS",
		"CONFIG_SECURITY_LOCKDOWN_LSM", "CONFIG_IKCONFIG_PROC",
	};
	char *config = file_read("/lab/kconfig"), path[256];
	bool here = !access("/proc/config.gz", F_OK);
	struct utsname u;

	ASSERT_NOTNULL(config, "kconfig was not built.");
	ASSERT_OK(libc_ret(uname(&u)));
	report_make(NULL);
	EXPECT_STREQ(report_value("config"), here ? "/proc/config.gz" : "unknown");
	EXPECT_STREQ(report_value("headers"), "missing");

	/* The same machine with its configuration beside its kernel. */
	snprintf(path, sizeof(path), "%s\n", u.release);
	tree_file(self, "proc/sys/kernel/osrelease", path);
	snprintf(path, sizeof(path), "boot/config-%s", u.release);
	tree_file(self, path, config);
	report_make(self->root);
	EXPECT_STREQ(report_value("config") + 1, path);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		char want[128];

		grep_option(config, options[i], want, sizeof(want));
		EXPECT_STREQ(report_option(options[i]), want, "%s", options[i]);
	}
	/* And that it is this kernel's is seen here. */
	EXPECT_EQ(!strcmp(report_option("CONFIG_PREEMPT_RT"), "y"),
		  !!strstr(u.version, "PREEMPT_RT"), "The headers are of another kernel.");
	free(config);
}

CHECK(text, .title = "The text for people says the same as the JSON")
{
	static const char *const facts[] = {
		"release", "preemption", "config", "headers", "lockdown",
		"signatures", "unsigned_modules", "secure_boot", "wsl",
		"container", "kernel_compiler", "compiler_here", "compilers",
		"taint",
	};
	const char *const argv[] = { "/lab/envreport", NULL };
	struct run_result run = run_program(argv, 20);
	const char *line = run.out;

	ASSERT_EQ(run.status, 0);
	report_make(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		char want[1024], name[32];

		snprintf(name, sizeof(name), "%s", facts[i]);
		for (char *p = name; *p; p++)
			if (*p == '_')
				*p = ' ';
		snprintf(want, sizeof(want), "  %-18s%s  (%s)", name,
			 report_value(facts[i]), report_why(facts[i]));
		EXPECT_EQ(strncmp(line, want, strlen(want)), 0,
			  "Line %zu should read:\n%s\nbut reads:\n%.*s",
			  i + 1, want, (int)strcspn(line, "\n"), line);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	run_result_free(&run);
}
