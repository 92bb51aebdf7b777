// SPDX-License-Identifier: GPL-2.0
/*
 * probe_kernel.c - what stands between a module and the running kernel. None
 * of it touches the virtual machine, which brings kernels of its own: warnings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doctor.h"
#include "proc.h"

#define IN_VM	"labs are judged in the virtual machine, which this does not touch: ./lab check\n"

static bool host_has(const char *path)
{
	return path_exists(host_path(path));
}

/* Does the archive of the distribution have a header package for it? */
static bool is_distribution_kernel(void)
{
	const char *version = host_text("/proc/version", true);

	return version && (strcasestr(version, "debian") || strcasestr(version, "ubuntu"));
}

static void headers_absent(struct findings *out, const char *release, bool dangling)
{
	const char *package = strf("linux-headers-%s", release);
	const char *what = dangling ?
		strf("the headers of the running kernel (%s) were removed; their link is left", release) :
		strf("the headers of the running kernel (%s) are not installed", release);

	found(out, FINDING_WARN, what,
	      "make in a lab builds for the running kernel, against its headers; "
	      "./lab check brings its own",
	      is_distribution_kernel() ?
	      strf("sudo apt-get install %s%s", dangling ? "--reinstall " : "", package) :
	      "this kernel is not from the distribution, so no package has its headers; take those\n"
	      "of a kernel of the virtual machine: make KDIR=\"$(./lab kernel path 6.1)\"");
}

void probe_headers(struct findings *out)
{
	static const char *const prepared[] = {
		"include/generated/autoconf.h", "include/config/auto.conf", "scripts/mod/modpost",
	};
	const char *release = host_release();
	char *dir = xasprintf("/lib/modules/%s/build", release);
	char *real = xstrdup(host_path(dir));
	struct stat st;

	if (!path_exists(real)) {
		headers_absent(out, release, lstat(real, &st) == 0);
		goto out;
	}
	if (!host_has(strf("%s/Makefile", dir))) {
		found(out, FINDING_WARN, strf("%s has no Makefile", dir),
		      "the headers are there only in part, no module can be built against them",
		      strf("sudo apt-get install --reinstall linux-headers-%s", release));
		goto out;
	}
	for (size_t i = 0; i < ARRAY_SIZE(prepared); i++) {
		if (host_has(strf("%s/%s", dir, prepared[i])))
			continue;
		found(out, FINDING_WARN, strf("the kernel tree %s is not prepared", dir),
		      strf("%s is made by a kernel build, and is not there", prepared[i]),
		      is_distribution_kernel() ?
		      strf("sudo apt-get install --reinstall linux-headers-%s", release) :
		      strf("make -C %s olddefconfig modules_prepare", dir));
		goto out;
	}
	if (!host_has(strf("%s/Module.symvers", dir)))
		found(out, FINDING_WARN, strf("%s/Module.symvers is missing", dir),
		      "without it the build cannot tell which symbols the kernel exports, and warns",
		      strf("make -C %s modules  (a full build of the modules writes it)", dir));
	else
		found_ok(out, strf("the headers of %s are installed and prepared", release));
out:
	free(real);
	free(dir);
}

/*
 * The compiler in /proc/version, which is
 *	Linux version R (who@where) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld ...) #1 ...
 * and before 5.8 "(gcc version 8.3.0 (Debian 8.3.0-6))". "clang 14.0.6", or
 * NULL when it cannot be made out; strf().
 */
static const char *kernel_compiler(const char *version)
{
	bool clang = strstr(version, "clang version ");
	const char *old = strstr(version, clang ? "clang version " : "gcc version ");
	const char *start, *end;

	if (old) {
		start = old + strlen(clang ? "clang version " : "gcc version ");
		return strf("%s %.*s", clang ? "clang" : "gcc", (int)strspn(start, "0123456789."),
			    start);
	}
	start = strstr(version, "gcc");
	end = start ? strchr(start, ',') : NULL;
	if (!end)
		return NULL;
	for (start = end; start > version && strchr("0123456789.", start[-1]); start--)
		;
	return start < end ? strf("gcc %.*s", (int)(end - start), start) : NULL;
}

/* "gcc 12.2.0" of what make would call; NULL: there is none. */
static const char *our_compiler(void)
{
	const char *cc = getenv("CC");
	const char *argv[] = { cc && *cc ? cc : "gcc", "-dumpfullversion", "-dumpversion", NULL };
	struct proc spec = { .argv = argv, .output = PROC_SEPARATE, .deadline_ms = 10000, .cap = 4096 };
	const char *answer = fake_answer("gcc-version");
	struct proc_result res;

	if (answer)
		return strf("gcc %s", answer);
	if (proc_run(&spec, &res))
		return NULL;
	if (proc_ok(&res))
		answer = strf("gcc %s", str_trim(res.out));
	proc_result_free(&res);
	return answer;
}

void probe_compiler(struct findings *out)
{
	const char *version = host_text("/proc/version", true);
	const char *theirs = version ? kernel_compiler(version) : NULL;
	const char *ours = our_compiler();
	int major;

	/* No compiler at all: the packages' probe says so. */
	if (!ours)
		return;
	if (!theirs) {
		found_ok(out, strf("%s (the kernel does not tell what it was built with)", ours));
		return;
	}
	if (str_starts(theirs, "clang")) {
		found(out, FINDING_WARN, strf("the running kernel was built with %s", theirs),
		      "its makefiles use options that gcc does not know",
		      "sudo apt-get install clang lld llvm, then: make LLVM=1");
		return;
	}
	/* Within one major version the generated code and the options agree. */
	major = atoi(theirs + strlen("gcc "));
	if (major == atoi(ours + strlen("gcc "))) {
		found_ok(out, strf("%s, as the kernel was built with (%s)", ours, theirs));
		return;
	}
	found(out, FINDING_WARN, strf("%s is not the compiler of the running kernel (%s)", ours, theirs),
	      "a module built with another one gets warnings, and may be refused by gcc plugins "
	      "or options that one of them does not know",
	      strf("sudo apt-get install gcc-%d, then: make CC=gcc-%d", major, major));
}

void probe_secure_boot(struct findings *out)
{
	const char *path = host_path("/sys/firmware/efi/efivars/"
				     "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
	size_t len;
	char *data = read_whole(path, &len);

	/* Four bytes of attributes, then the value. */
	if (data && len == 5 && data[4] == 1)
		found(out, FINDING_WARN, "Secure Boot is on",
		      "the kernel then takes only modules that are signed with a key it knows, "
		      "and insmod says \"Key was rejected by service\"",
		      IN_VM "to load modules on this machine too: sudo apt-get install mokutil && "
		      "sudo mokutil --disable-validation  (takes effect at the next start)");
	else if (data)
		found_ok(out, "Secure Boot is off");
	else if (host_has("/sys/firmware/efi"))
		found_ok(out, "the firmware has no Secure Boot");
	else
		found_ok(out, "no Secure Boot: not started by UEFI firmware");
	free(data);
}

void probe_lockdown(struct findings *out)
{
	const char *text = host_text("/sys/kernel/security/lockdown", true);
	const char *cmdline = host_text("/proc/cmdline", true);
	const char *start = text ? strchr(text, '[') : NULL;
	const char *mode = start ? strf("%.*s", (int)strcspn(start + 1, "]"), start + 1) : "none";

	if (!strcmp(mode, "none")) {
		found_ok(out, "the kernel is not locked down");
		return;
	}
	found(out, FINDING_WARN, strf("the kernel is locked down (%s)", mode),
	      "unsigned modules are refused, and so are debugfs writes, kprobes and more that labs use",
	      cmdline && strstr(cmdline, "lockdown=") ?
	      IN_VM "to end it: take lockdown= out of GRUB_CMDLINE_LINUX in /etc/default/grub, then: "
	      "sudo update-grub && sudo reboot" :
	      IN_VM "Secure Boot switched it on; to end it: sudo apt-get install mokutil && "
	      "sudo mokutil --disable-validation && sudo reboot");
}

void probe_signatures(struct findings *out)
{
	const char *value = host_text("/sys/module/module/parameters/sig_enforce", true);
	const char *cmdline = host_text("/proc/cmdline", true);

	if (!value || strcmp(value, "Y")) {
		found_ok(out, "modules need no signature");
		return;
	}
	found(out, FINDING_WARN, "the kernel takes only signed modules",
	      "a module that you build has no signature, and insmod says \"Key was rejected by service\"",
	      cmdline && strstr(cmdline, "module.sig_enforce") ?
	      IN_VM "to end it: take module.sig_enforce out of GRUB_CMDLINE_LINUX in /etc/default/grub, "
	      "then: sudo update-grub && sudo reboot" :
	      IN_VM "the kernel was built so, or Secure Boot asks for it: boot one of Debian's kernels "
	      "with Secure Boot off to load modules on this machine");
}

void probe_modules(struct findings *out)
{
	const char *disabled = host_text("/proc/sys/kernel/modules_disabled", true);

	if (!host_has("/proc/modules"))
		found(out, FINDING_WARN, "the running kernel was built without modules",
		      "CONFIG_MODULES is off: it cannot load any", IN_VM "sudo apt-get install "
		      "linux-image-amd64 brings a kernel that can, on a real machine");
	else if (disabled && !strcmp(disabled, "1"))
		found(out, FINDING_WARN, "loading modules is switched off until the next start",
		      "kernel.modules_disabled is 1; it cannot be set back",
		      IN_VM "grep -r modules_disabled /etc/sysctl.conf /etc/sysctl.d, take it out, then: "
		      "sudo reboot");
	else
		found_ok(out, "the running kernel can load modules");
}
