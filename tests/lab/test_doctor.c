// SPDX-License-Identifier: GPL-2.0
/*
 * test_doctor.c - each finding of the doctor on a machine that is made of
 * files: a directory stands for /, and .probe/NAME in it for what a program
 * would answer.
 */
#include <sys/stat.h>

#include "fixture.h"

#define REL		"6.1.0-44-amd64"
#define DEBIAN_6_1	"Linux version " REL " (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) " \
			"12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP Debian 6.1.164-1\n"
#define SECURE_BOOT	"/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define BUILD		"/lib/modules/" REL "/build"

static const struct file { const char *path, *text; } sound[] = {
	{ "/proc/sys/kernel/osrelease", REL "\n" },
	{ "/proc/version", DEBIAN_6_1 },
	{ "/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 quiet\n" },
	{ "/proc/modules", "" },
	{ "/proc/sys/kernel/modules_disabled", "0\n" },
	{ "/proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu vmx sse2 hypervisor\n" },
	{ "/proc/1/cgroup", "0::/init.scope\n" },
	{ "/sys/module/module/parameters/sig_enforce", "N\n" },
	{ "/sys/kernel/security/lockdown", "[none] integrity confidentiality\n" },
	{ "/dev/kvm", "" },
	{ BUILD "/Makefile", "" },
	{ BUILD "/include/generated/autoconf.h", "" },
	{ BUILD "/include/config/auto.conf", "" },
	{ BUILD "/scripts/mod/modpost", "" },
	{ BUILD "/Module.symvers", "" },
	{ "/.probe/accel", "kvm\n" },
	{ "/.probe/qemu-version", "QEMU emulator version 7.2.22 (Debian)\n" },
	{ "/.probe/gcc-version", "12.2.0\n" },
	{ "/.probe/free-mib", "20000\n" },
	{ "/.probe/missing-packages", "\n" },
};

static const char *fake(const char *path)
{
	return strf("%s/machine%s", test_dir, path);
}

static void make_machine(void)
{
	make_root();
	ASSERT_EQ(rm_rf(fake("")), 0);
	for (size_t i = 0; i < ARRAY_SIZE(sound); i++)
		write_file(fake(sound[i].path), sound[i].text);
	setenv("LAB_DOCTOR_ROOT", fake(""), 1);
}

/* What differs from the sound machine: text, or NULL for "not there". */
static const struct {
	const char *name;
	struct file changes[3];
	const char *probe;
	const char *level;
	const char *what;
	const char *mend;	/* part of it; NULL: there is none */
} cases[] = {
	{ "nothing", { { 0 } }, "headers", "ok", "the headers of " REL " are installed and prepared", NULL },
	{ "headers absent", { { BUILD, NULL } }, "headers", "warn", "(" REL ") are not installed",
	  "sudo apt-get install linux-headers-" REL },
	{ "headers of a kernel of its own", { { BUILD, NULL }, { "/proc/version", "Linux version 6.9 (me@here) (gcc (GCC) 13.1.0, GNU ld) #1\n" } },
	  "headers", "warn", "are not installed", "make KDIR=" },
	{ "headers in part", { { BUILD "/Makefile", NULL } }, "headers", "warn", "has no Makefile",
	  "sudo apt-get install --reinstall linux-headers-" REL },
	{ "headers not prepared", { { BUILD "/include/generated/autoconf.h", NULL } }, "headers", "warn",
	  "is not prepared", "apt-get install --reinstall" },
	{ "own tree not prepared", { { BUILD "/scripts/mod/modpost", NULL },
				     { "/proc/version", "Linux version 6.9 (me@here) (gcc (GCC) 12.1.0, GNU ld) #1\n" } },
	  "headers", "warn", "is not prepared", "make -C " BUILD " olddefconfig modules_prepare" },
	{ "no symbol versions", { { BUILD "/Module.symvers", NULL } }, "headers", "warn",
	  "Module.symvers is missing", "make -C " BUILD " modules" },

	{ "compiler agrees", { { 0 } }, "compiler", "ok", "gcc 12.2.0, as the kernel was built with (gcc 12.2.0)", NULL },
	{ "compiler differs in its last number", { { "/.probe/gcc-version", "12.3.0\n" } }, "compiler", "ok",
	  "gcc 12.3.0", NULL },
	{ "compiler differs", { { "/.probe/gcc-version", "14.1.0\n" } }, "compiler", "warn",
	  "gcc 14.1.0 is not the compiler of the running kernel (gcc 12.2.0)",
	  "sudo apt-get install gcc-12, then: make CC=gcc-12" },
	{ "old form of /proc/version", { { "/proc/version", "Linux version 4.19 (debian@x) (gcc version 8.3.0 (Debian 8.3.0-6)) #1\n" } },
	  "compiler", "warn", "(gcc 8.3.0)", "make CC=gcc-8" },
	{ "clang", { { "/proc/version", "Linux version 6.1 (me@x) (Debian clang version 14.0.6, LLD 14.0.6) #1\n" } },
	  "compiler", "warn", "built with clang 14.0.6", "make LLVM=1" },
	{ "compiler not told", { { "/proc/version", "Linux\n" } }, "compiler", "ok", "does not tell", NULL },

	{ "no UEFI", { { 0 } }, "secure-boot", "ok", "not started by UEFI", NULL },
	{ "Secure Boot off", { { SECURE_BOOT, "\x06...\x01" } }, "secure-boot", "warn", "Secure Boot is on",
	  "sudo mokutil --disable-validation" },
	{ "UEFI without it", { { "/sys/firmware/efi/runtime", "" } }, "secure-boot", "ok", "has no Secure Boot", NULL },

	{ "no lockdown", { { 0 } }, "lockdown", "ok", "not locked down", NULL },
	{ "no lockdown module", { { "/sys/kernel/security/lockdown", NULL } }, "lockdown", "ok", "not locked down", NULL },
	{ "lockdown by firmware", { { "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n" } },
	  "lockdown", "warn", "locked down (integrity)", "sudo mokutil --disable-validation && sudo reboot" },
	{ "lockdown by command line", { { "/sys/kernel/security/lockdown", "none integrity [confidentiality]\n" },
					{ "/proc/cmdline", "quiet lockdown=confidentiality\n" } },
	  "lockdown", "warn", "locked down (confidentiality)", "sudo update-grub && sudo reboot" },

	{ "no signature needed", { { 0 } }, "signatures", "ok", "modules need no signature", NULL },
	{ "no such parameter", { { "/sys/module/module/parameters/sig_enforce", NULL } }, "signatures", "ok", "no signature", NULL },
	{ "signatures by command line", { { "/sys/module/module/parameters/sig_enforce", "Y\n" },
					  { "/proc/cmdline", "module.sig_enforce=1\n" } },
	  "signatures", "warn", "only signed modules", "take module.sig_enforce out of GRUB_CMDLINE_LINUX" },
	{ "signatures by build", { { "/sys/module/module/parameters/sig_enforce", "Y\n" } },
	  "signatures", "warn", "only signed modules", "boot one of Debian's kernels" },

	{ "modules", { { 0 } }, "modules", "ok", "can load modules", NULL },
	{ "no modules", { { "/proc/modules", NULL } }, "modules", "warn", "built without modules", "./lab check" },
	{ "modules switched off", { { "/proc/sys/kernel/modules_disabled", "1\n" } }, "modules", "warn",
	  "switched off until the next start", "sudo reboot" },

	{ "no WSL", { { 0 } }, "wsl", "ok", "not the Windows", NULL },
	{ "WSL 1", { { "/proc/sys/kernel/osrelease", "4.4.0-19041-Microsoft\n" } }, "wsl", "bad", "version 1",
	  "wsl --set-version Debian 2" },
	{ "WSL 2", { { "/proc/sys/kernel/osrelease", "5.15.153.1-microsoft-standard-WSL2\n" } }, "wsl", "warn",
	  "version 2", "./lab check" },

	{ "no container", { { 0 } }, "container", "ok", "not in a container", NULL },
	{ "docker", { { "/.dockerenv", "" } }, "container", "warn", "(docker)", "docker run --device /dev/kvm" },
	{ "docker by cgroup", { { "/proc/1/cgroup", "12:cpu:/docker/abc\n" } }, "container", "warn", "(docker)", "docker run" },
	{ "podman", { { "/run/.containerenv", "" } }, "container", "warn", "(podman)", "podman run --device /dev/kvm" },
	{ "lxc", { { "/proc/1/environ", "container=lxc" } }, "container", "warn", "(lxc)",
	  "lxc config device add NAME kvm unix-char path=/dev/kvm" },
	{ "nspawn", { { "/run/systemd/container", "systemd-nspawn\n" } }, "container", "warn", "(systemd-nspawn)",
	  "systemd-nspawn --bind=/dev/kvm" },

	{ "KVM", { { 0 } }, "accelerator", "ok", "KVM works", NULL },
	{ "KVM module not loaded", { { "/dev/kvm", NULL } }, "accelerator", "warn", "there is no /dev/kvm",
	  "sudo modprobe kvm_intel" },
	{ "AMD's", { { "/dev/kvm", NULL }, { "/proc/cpuinfo", "flags\t: fpu svm sse\n" } }, "accelerator", "warn",
	  "there is no /dev/kvm", "sudo modprobe kvm_amd" },
	{ "a virtual machine", { { "/dev/kvm", NULL }, { "/proc/cpuinfo", "flags\t: fpu hypervisor\n" } },
	  "accelerator", "warn", "itself a virtual one", "nested" },
	{ "no virtualisation", { { "/dev/kvm", NULL }, { "/proc/cpuinfo", "flags\t: fpu vmxyz\n" } }, "accelerator", "warn",
	  "shows no virtualisation", "VT-x or AMD-V" },
	{ "KVM not allowed", { { "/.probe/kvm-denied", "Permission denied\n" } }, "accelerator", "warn",
	  "you may not use it", "sudo usermod -aG kvm" },
	{ "KVM hangs", { { "/.probe/accel", "a guest did not run within 3 s\n" } }, "accelerator", "warn",
	  "KVM is there, but does not work", "./lab doctor --refresh" },

	{ "QEMU", { { 0 } }, "qemu", "ok", "QEMU 7.2.22", NULL },
	{ "no QEMU", { { "/.probe/qemu-version", NULL } }, "qemu", "bad", "QEMU is not installed",
	  "apt-get install qemu-system-x86" },
	{ "old QEMU", { { "/.probe/qemu-version", "QEMU emulator version 5.2.0\n" } }, "qemu", "bad",
	  "too old (5.2.0)", "Debian 12 or newer" },

	{ "room", { { 0 } }, "disk", "ok", "19 GiB are free", NULL },
	{ "little room", { { "/.probe/free-mib", "1500\n" } }, "disk", "warn", "1500 MiB are free", "./lab kernel remove" },
	{ "no room", { { "/.probe/free-mib", "100\n" } }, "disk", "bad", "only 100 MiB are free", "export LAB_CACHE=" },

	{ "packages", { { 0 } }, "packages", "ok", "all packages that are needed are installed", NULL },
	{ "packages missing", { { "/.probe/missing-packages", "bubblewrap libinih-dev sparse\n" } }, "packages", "bad",
	  "packages are missing: libinih-dev, bubblewrap", "apt-get install libinih-dev bubblewrap" },
	{ "extra packages missing", { { "/.probe/missing-packages", "sparse\n" } }, "packages", "warn",
	  "packages for some targets are missing: sparse", "apt-get install sparse" },
};

static int weight(json_t *finding)
{
	const char *level = json_string_value(json_object_get(finding, "level"));

	return !strcmp(level, "bad") ? 2 : !strcmp(level, "warn");
}

/* The worst finding of a probe. */
static json_t *finding_of(json_t *array, const char *probe)
{
	json_t *found = NULL, *finding;
	size_t i;

	json_array_foreach(array, i, finding) {
		if (strcmp(json_string_value(json_object_get(finding, "probe")), probe))
			continue;
		if (!found || weight(finding) > weight(found))
			found = finding;
	}
	return found;
}

static void check_case(size_t n)
{
	struct ran ran = run_lab("doctor", "--json");
	json_t *array = json_of(&ran);
	json_t *finding = finding_of(array, cases[n].probe);
	const char *level, *what, *mend;

	ASSERT(finding);
	level = json_string_value(json_object_get(finding, "level"));
	what = json_string_value(json_object_get(finding, "what"));
	mend = json_string_value(json_object_get(finding, "mend"));
	if (strcmp(level, cases[n].level) || !strstr(what, cases[n].what))
		FAIL("%s: expected %s \"%s\", got %s \"%s\"", cases[n].name, cases[n].level, cases[n].what,
		     level, what);
	if (!cases[n].mend && mend)
		FAIL("%s: unexpected mend \"%s\"", cases[n].name, mend);
	if (cases[n].mend && (!mend || !strstr(mend, cases[n].mend)))
		FAIL("%s: expected mend \"%s\", got \"%s\"", cases[n].name, cases[n].mend, mend);
	/* A finding that is not ok says why it matters. */
	if (strcmp(level, "ok") && json_is_null(json_object_get(finding, "why")))
		FAIL("%s: no reason", cases[n].name);
	if (ran.status != (strcmp(level, "bad") ? LAB_PASSED : LAB_FAULT))
		FAIL("%s: exit status %d", cases[n].name, ran.status);
	json_decref(array);
}

TEST(doctor_each_finding)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		make_machine();
		for (size_t j = 0; j < ARRAY_SIZE(cases[i].changes); j++) {
			const struct file *change = &cases[i].changes[j];

			if (!change->path)
				continue;
			if (change->text)
				write_file(fake(change->path), change->text);
			else
				ASSERT_EQ(rm_rf(fake(change->path)), 0);
		}
		check_case(i);
	}
}

TEST(doctor_secure_boot_variable)
{
	static const struct { const char *bytes; size_t len; const char *what; } values[] = {
		{ "\x06\0\0\0\0", 5, "Secure Boot is off" },
		{ "\x06\0\0\0\1", 5, "Secure Boot is on" },
		{ "\x06\0\0", 3, "Secure Boot is off" },
		{ "", 0, "Secure Boot is off" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct ran ran;

		make_machine();
		write_file(fake(SECURE_BOOT), "");
		ASSERT_EQ(write_whole(fake(SECURE_BOOT), values[i].bytes, values[i].len), 0);
		ran = run_lab("doctor");
		ASSERT_EQ(ran.status, LAB_PASSED);
		ASSERT_HAS(ran.out, values[i].what);
	}
}

TEST(doctor_headers_link_to_nothing)
{
	struct ran ran;

	make_machine();
	ASSERT_EQ(rm_rf(fake(BUILD)), 0);
	ASSERT_EQ(symlink("/usr/src/no-such-headers", fake(BUILD)), 0);
	ran = run_lab("doctor", "--json");
	ASSERT_HAS(ran.out, "were removed; their link is left");
	ASSERT_HAS(ran.out, "\"mend\": \"sudo apt-get install --reinstall linux-headers-" REL);
}

TEST(doctor_places)
{
	struct ran ran;

	make_machine();
	setenv("LAB_CACHE", "/proc/no/place", 1);
	setenv("LAB_STATE", "/proc/no/place", 1);
	ran = run_lab("doctor");
	if (geteuid() == 0) {
		/* root may write to every directory but this one's kernel. */
		ASSERT(ran.status == LAB_PASSED || ran.status == LAB_FAULT);
	} else {
		ASSERT_EQ(ran.status, LAB_FAULT);
		ASSERT_HAS(ran.out, "cannot be read and written");
	}
	write_file(strf("%s/file", test_dir), "");
	setenv("LAB_CACHE", strf("%s/file", test_dir), 1);
	setenv("LAB_STATE", strf("%s/file/below", test_dir), 1);
	ran = run_lab("doctor");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.out, "the cache ");
	ASSERT_HAS(ran.out, "mend: sudo chown -R");
	ASSERT_HAS(ran.out, "your progress cannot be kept");
	ASSERT_HAS(ran.out, "must be mended before labs can be judged");
}

TEST(doctor_on_an_empty_machine)
{
	struct ran ran;

	/* Whatever is missing, there is an answer. */
	make_root();
	ASSERT_EQ(mkdir_p(fake("")), 0);
	setenv("LAB_DOCTOR_ROOT", fake(""), 1);
	ran = run_lab("doctor", "--json");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_INT(json_array_size(json_of(&ran)), >=, 10);
}

TEST(doctor_on_this_machine)
{
	struct ran ran;

	make_root();
	ran = run_lab("doctor", "--json");
	ASSERT(ran.status == LAB_PASSED || ran.status == LAB_FAULT);
	ASSERT_INT(json_array_size(json_of(&ran)), >=, 14);
}
