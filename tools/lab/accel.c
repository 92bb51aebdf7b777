// SPDX-License-Identifier: GPL-2.0
/* Which accelerator works here: asked once for each boot of the host. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "proc.h"
#include "vm.h"

/* The probe's firmware, probe.S, and the status that it makes QEMU exit with. */
extern const char probe_firmware[], probe_firmware_end[];
#define PROBE_STATUS 33

const char *qemu_program(void)
{
	static char *program;
	const char *env = getenv("LAB_QEMU");

	if (!program)
		program = env && *env ? proc_find_program(env)
				      : proc_find_program("qemu-system-x86_64");
	return program;
}

const char *qemu_version(void)
{
	static char *version;
	const char *const argv[] = { qemu_program(), "--version", NULL };
	const struct proc spec = {
		.argv = argv, .output = PROC_MERGED, .deadline_ms = 10000,
	};
	struct proc_result res;

	if (version)
		return version;
	if (!argv[0] || proc_run(&spec, &res))
		return "";
	res.out[strcspn(res.out, "\n")] = '\0';
	version = xstrdup(res.out);
	proc_result_free(&res);
	return version;
}

/* Runs the probe; true when the guest got to its exit. */
static bool try_kvm(const char *firmware, const char **why)
{
	const char *const argv[] = {
		qemu_program(), "-nodefaults", "-no-user-config", "-display",
		"none", "-machine", "pc", "-accel", "kvm", "-cpu", "host",
		"-m", "16", "-bios", firmware, "-device",
		"isa-debug-exit,iobase=0xf4,iosize=0x04", NULL
	};
	const struct proc spec = {
		.argv = argv, .output = PROC_MERGED, .cap = 4096,
		.deadline_ms = 3000,
	};
	struct proc_result res;
	bool works;

	if (proc_run(&spec, &res)) {
		*why = "QEMU does not start";
		return false;
	}
	works = !res.timed_out && res.status == PROBE_STATUS;
	if (works)
		*why = "KVM runs a guest";
	else if (res.timed_out)
		*why = "KVM makes a guest, but the guest as good as hangs in its first instructions";
	else
		*why = "KVM refuses to run a guest";
	proc_result_free(&res);
	return works;
}

static bool probe(const char **why)
{
	char *tmp, *path;
	bool works = false;

	if (access("/dev/kvm", F_OK)) {
		*why = "there is no /dev/kvm";
		return false;
	}
	if (access("/dev/kvm", R_OK | W_OK)) {
		*why = "/dev/kvm is not ours to open";
		return false;
	}
	tmp = cache_tmpdir("probe");
	if (!tmp) {
		*why = "the cache cannot be written";
		return false;
	}
	path = xasprintf("%s/firmware", tmp);
	*why = "the cache is full";
	if (!write_whole(path, probe_firmware,
			 probe_firmware_end - probe_firmware))
		works = try_kvm(path, why);
	rm_rf(tmp);
	free(path);
	free(tmp);
	return works;
}

/* What the answer depends on: this boot, QEMU, and who may open /dev/kvm. */
static char *probe_key(void)
{
	char *boot = read_whole("/proc/sys/kernel/random/boot_id", NULL);
	char *key = xasprintf("%s %s %d %d", boot ? boot : "", qemu_version(),
			      (int)geteuid(), access("/dev/kvm", R_OK | W_OK));

	for (char *p = key; *p; p++)
		if (*p == '\n')
			*p = ' ';
	free(boot);
	return key;
}

int accel_probe(bool refresh, struct accel_report *out)
{
	const char *forced = getenv("LAB_ACCEL");
	static struct accel_report known;
	char *path, *key, *old, *text;

	if (forced && *forced) {
		*out = (struct accel_report){
			strcmp(forced, "kvm") ? ACCEL_TCG : ACCEL_KVM,
			"LAB_ACCEL asks for it"
		};
		return 0;
	}
	if (known.why && !refresh) {
		*out = known;
		return 0;
	}
	if (!qemu_program())
		return -ENOENT;
	path = cache_path("accel");
	key = probe_key();
	old = refresh ? NULL : read_whole(path, NULL);
	if (old && str_starts(old, key) && old[strlen(key)] == '\n') {
		char *why = old + strlen(key) + 5;

		why[strcspn(why, "\n")] = '\0';
		known.accel = strncmp(old + strlen(key) + 1, "kvm ", 4) ?
			      ACCEL_TCG : ACCEL_KVM;
		known.why = xstrdup(why);
	} else {
		known.accel = probe(&known.why) ? ACCEL_KVM : ACCEL_TCG;
		text = xasprintf("%s\n%s %s\n", key,
				 known.accel == ACCEL_KVM ? "kvm" : "tcg",
				 known.why);
		write_whole(path, text, strlen(text));
		free(text);
	}
	free(old);
	free(key);
	free(path);
	*out = known;
	return 0;
}
