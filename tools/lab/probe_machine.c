// SPDX-License-Identifier: GPL-2.0
/*
 * probe_machine.c - where we are, and what the virtual machine finds here.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "db.h"
#include "doctor.h"
#include "packages.h"
#include "root.h"
#include "vm.h"

#define MIB		(1024ULL * 1024)
#define DISK_BAD_MIB	512	/* one run's files, and a saved state */
#define DISK_WARN_MIB	4096	/* three kernels with headers, their saved states */

void probe_wsl(struct findings *out)
{
	const char *release = host_release();
	const char *root = root_dir();

	if (!strcasestr(release, "microsoft") && !strcasestr(release, "wsl")) {
		found_ok(out, "not the Windows Subsystem for Linux");
		return;
	}
	/* Version 1 translates calls: there is no Linux kernel, nor /dev/kvm. */
	if (!strcasestr(release, "wsl2") && !strcasestr(release, "microsoft-standard")) {
		found(out, FINDING_BAD, "this is the Windows Subsystem for Linux, version 1",
		      "it has no Linux kernel of its own and runs programs much more slowly",
		      "in Windows: wsl --set-version Debian 2");
		return;
	}
	if (root && str_starts(root, "/mnt/"))
		found(out, FINDING_WARN, "WSL, and the workbook is on a Windows drive",
		      "builds are slow there, and file names and permissions behave otherwise",
		      strf("cp -r %s ~/ && cd ~/%s", root, base_name(root)));
	else
		found(out, FINDING_WARN, "this is the Windows Subsystem for Linux, version 2",
		      "its kernel is Microsoft's: no package has headers for it, and insmod is not for it",
		      "use the virtual machine's kernels, there is nothing to mend: ./lab check");
}

/* Name of the container's engine; NULL: none. */
static const char *container_engine(void)
{
	static const struct { const char *word, *engine; } words[] = {
		{ "docker", "docker" }, { "libpod", "podman" }, { "podman", "podman" },
		{ "lxc", "lxc" }, { "systemd-nspawn", "systemd-nspawn" }, { "machine.slice", "systemd-nspawn" },
		{ "kubepods", "kubernetes" },
	};
	const char *names[3];

	if (path_exists(host_path("/.dockerenv")))
		return "docker";
	if (path_exists(host_path("/run/.containerenv")))
		return "podman";
	names[0] = host_text("/run/systemd/container", true);
	names[1] = host_text("/proc/1/environ", false);
	names[2] = host_text("/proc/1/cgroup", false);
	if (names[1])
		names[1] = strstr(names[1], "container=");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t j = 0; names[i] && j < ARRAY_SIZE(words); j++)
			if (strstr(names[i], words[j].word))
				return words[j].engine;
	return names[0] && *names[0] ? names[0] : NULL;
}

void probe_container(struct findings *out)
{
	const char *engine = container_engine();
	const char *mend = "start it with the device /dev/kvm passed through";

	if (!engine) {
		found_ok(out, "not in a container");
		return;
	}
	if (!strcmp(engine, "docker") || !strcmp(engine, "podman"))
		mend = strf("%s run --device /dev/kvm ...", engine);
	else if (!strcmp(engine, "lxc"))
		mend = "lxc config device add NAME kvm unix-char path=/dev/kvm";
	else if (!strcmp(engine, "systemd-nspawn"))
		mend = "systemd-nspawn --bind=/dev/kvm ...";
	found(out, FINDING_WARN, strf("this is a container (%s)", engine),
	      "the kernel is the host's: insmod is not for it. The virtual machine works here, "
	      "and is faster with /dev/kvm", mend);
}

static bool cpu_has(const char *info, const char *flag)
{
	const char *at = info;

	while (at && (at = strstr(at, flag))) {
		if (isspace((unsigned char)at[-1]) && !isalnum((unsigned char)at[strlen(flag)]))
			return true;
		at += strlen(flag);
	}
	return false;
}

static void kvm_absent(struct findings *out)
{
	static const char slower[] = "guests are then emulated, which is several times slower";
	const char *info = host_text("/proc/cpuinfo", false);

	if (cpu_has(info, "vmx") || cpu_has(info, "svm"))
		found(out, FINDING_WARN, "there is no /dev/kvm, though the processor has virtualisation",
		      slower, cpu_has(info, "vmx") ? "sudo modprobe kvm_intel" : "sudo modprobe kvm_amd");
	else if (cpu_has(info, "hypervisor"))
		found(out, FINDING_WARN, "no KVM: this machine is itself a virtual one", slower,
		      "nothing must be done; faster: switch nested virtualisation on, on its host "
		      "(kvm_intel or kvm_amd with nested=1)");
	else
		found(out, FINDING_WARN, "no KVM: the processor shows no virtualisation", slower,
		      "nothing must be done; faster: switch VT-x or AMD-V on in the firmware's set-up");
}

static int ask_accel(struct accel_report *report)
{
	const char *answer = fake_answer("accel");

	if (!host_is_fake())
		return accel_probe(doctor_refresh, report);
	if (!answer || !strcmp(answer, "none"))
		return -ENOENT;
	*report = (struct accel_report){
		.accel = strcmp(answer, "kvm") ? ACCEL_TCG : ACCEL_KVM, .why = answer
	};
	return 0;
}

void probe_accelerator(struct findings *out)
{
	const char *denied = fake_answer("kvm-denied");
	struct accel_report report;

	if (!path_exists(host_path("/dev/kvm"))) {
		kvm_absent(out);
		return;
	}
	if (denied || access(host_path("/dev/kvm"), R_OK | W_OK)) {
		found(out, FINDING_WARN, "/dev/kvm is there, but you may not use it",
		      strf("%s; guests are then emulated, which is several times slower",
			   denied ? denied : errno_text(errno)),
		      "sudo usermod -aG kvm \"$(id -un)\"  (then log out and in again)");
		return;
	}
	/* Without QEMU there is nobody to ask with; its own probe says so. */
	if (ask_accel(&report))
		return;
	if (report.accel == ACCEL_KVM)
		found_ok(out, "KVM works");
	else
		found(out, FINDING_WARN, "KVM is there, but does not work",
		      strf("%s; guests are emulated, which is several times slower", report.why),
		      "nothing must be done; after a change of kernel or firmware ask again: "
		      "./lab doctor --refresh");
}

void probe_qemu(struct findings *out)
{
	const char *version = fake_answer("qemu-version");
	const char *digits;

	if (!version && !host_is_fake())
		version = qemu_program() ? qemu_version() : NULL;
	if (!version) {
		found(out, FINDING_BAD, "QEMU is not installed",
		      "labs are judged in a virtual machine, and QEMU is the machine",
		      strf("%sapt-get install qemu-system-x86", geteuid() ? "sudo " : ""));
		return;
	}
	digits = version + strcspn(version, "0123456789");
	if (atoi(digits) < 7)
		found(out, FINDING_BAD, strf("QEMU is too old (%.*s)", (int)strspn(digits, "0123456789."),
					     digits),
		      "what saves and restores a booted kernel is tested from version 7.2 on",
		      "use Debian 12 or newer, then: sudo apt-get install qemu-system-x86");
	else
		found_ok(out, strf("QEMU %.*s", (int)strspn(digits, "0123456789."), digits));
}

void probe_disk(struct findings *out)
{
	static const char mend[] = "./lab kernel list, then: ./lab kernel remove NAME\n"
				   "or another place: export LAB_CACHE=/where/there/is/room";
	const char *answer = fake_answer("free-mib");
	uint64_t bytes, mib;
	int error = 0;

	if (answer) {
		mib = strtoull(answer, NULL, 10);
	} else {
		error = free_space(cache_dir(), &bytes);
		mib = error ? 0 : bytes / MIB;
	}
	if (error)
		found(out, FINDING_BAD, strf("the room in %s cannot be told", cache_dir()),
		      errno_text(error), "export LAB_CACHE=/some/directory");
	else if (mib < DISK_BAD_MIB)
		found(out, FINDING_BAD, strf("only %llu MiB are free for the cache, %s",
					     (unsigned long long)mib, cache_dir()),
		      strf("less than %d MiB is not enough for one run", DISK_BAD_MIB), mend);
	else if (mib < DISK_WARN_MIB)
		found(out, FINDING_WARN, strf("%llu MiB are free for the cache, %s",
					      (unsigned long long)mib, cache_dir()),
		      strf("all kernels with their headers take up to %d MiB", DISK_WARN_MIB), mend);
	else
		found_ok(out, strf("%llu GiB are free for the cache, %s",
				   (unsigned long long)mib / 1024, cache_dir()));
}

/* The nearest directory above path, or path, that exists; strf(). */
static const char *existing(const char *path)
{
	const char *at = path;

	while (!path_exists(at) && strrchr(at, '/') != at && strrchr(at, '/'))
		at = strf("%.*s", (int)(strrchr(at, '/') - at), at);
	return at;
}

static bool usable(const char *path)
{
	const char *at = existing(path);

	return is_dir(at) && access(at, R_OK | W_OK | X_OK) == 0;
}

void probe_cache(struct findings *out)
{
	const char *dir = cache_dir();

	if (usable(dir))
		found_ok(out, strf("the cache %s can be written", dir));
	else
		found(out, FINDING_BAD, strf("the cache %s cannot be read and written", dir),
		      "kernels are kept there, and nothing can be judged without them",
		      strf("sudo chown -R \"$(id -un)\" %s && chmod -R u+rwX %s", existing(dir),
			   existing(dir)));
}

void probe_progress(struct findings *out)
{
	char *file = db_file();
	const char *dir = strf("%.*s", (int)(strrchr(file, '/') - file), file);

	if (usable(dir))
		found_ok(out, strf("your progress is kept in %s", file));
	else
		found(out, FINDING_WARN, strf("your progress cannot be kept in %s", dir),
		      "verdicts are given all the same, but forgotten",
		      strf("sudo chown -R \"$(id -un)\" %s", existing(dir)));
	free(file);
}

static void missing_packages(struct findings *out, unsigned int needs, enum finding_level level,
			     const char *headline)
{
	const char *answer = fake_answer("missing-packages");
	const struct package **list = NULL;
	struct strlist faked = { 0 };
	struct buf names = { 0 }, reasons = { 0 };
	char *command;
	size_t count = 0;

	if (!host_is_fake()) {
		list = packages_missing(needs, &count);
	} else {
		strlist_split(&faked, answer ? answer : "", " ");
		list = xcalloc(package_count, sizeof(*list));
		for (size_t i = 0; i < package_count; i++)
			if (packages[i].need & needs && strlist_has(&faked, packages[i].name))
				list[count++] = &packages[i];
		strlist_free(&faked);
	}
	for (size_t i = 0; i < count; i++) {
		buf_addf(&names, "%s%s", i ? ", " : "", list[i]->name);
		buf_addf(&reasons, "%s%s: %s", i ? "\n" : "", list[i]->name, list[i]->reason);
	}
	command = packages_command(list, count);
	if (count)
		found(out, level, strf("%s: %s", headline, names.data), reasons.data, command);
	else if (level == FINDING_BAD)
		found_ok(out, "all packages that are needed are installed");
	free(command);
	buf_free(&names);
	buf_free(&reasons);
	free(list);
}

void probe_packages(struct findings *out)
{
	missing_packages(out, NEED_TOOL | NEED_BUILD | NEED_VM, FINDING_BAD, "packages are missing");
	missing_packages(out, NEED_EXTRA, FINDING_WARN, "packages for some targets are missing");
}
