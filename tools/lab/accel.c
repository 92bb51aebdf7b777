// SPDX-License-Identifier: GPL-2.0
/* Which accelerator works here: asked once for each boot of the host. */
#include <errno.h>
#include <fcntl.h>
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

/*
 * Starting QEMU to ask takes longer than anything else before a run, and the
 * same file gives the same answer. A wrapper may start another one tomorrow.
 */
const char *qemu_identity(void)
{
	static char *identity;
	char magic[4] = "";
	struct stat st;
	int fd;

	if (identity || !qemu_program())
		return identity ? identity : "";
	fd = open(qemu_program(), O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
	    !memcmp(magic, "\177ELF", sizeof(magic)) && !fstat(fd, &st))
		identity = xasprintf("%s %llu %llu %lld %lld.%09ld",
				     qemu_program(),
				     (unsigned long long)st.st_dev,
				     (unsigned long long)st.st_ino,
				     (long long)st.st_size,
				     (long long)st.st_mtim.tv_sec,
				     st.st_mtim.tv_nsec);
	else
		identity = xstrdup(qemu_version());
	if (fd >= 0)
		close(fd);
	return identity;
}

/* What a probe found; UNSURE was not the machine's answer: do not keep it. */
enum answer { ANSWER_KVM, ANSWER_TCG, ANSWER_UNSURE };

static enum answer try_kvm(const char *firmware, const char **why)
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
	enum answer answer = ANSWER_TCG;
	struct proc_result res;

	if (proc_run(&spec, &res)) {
		*why = "QEMU does not start";
		return ANSWER_UNSURE;
	}
	if (interrupt_pending()) {
		*why = "the probe was interrupted";
		answer = ANSWER_UNSURE;
	} else if (res.timed_out) {
		*why = "KVM makes a guest, but the guest as good as hangs in its first instructions";
	} else if (res.status == PROBE_STATUS) {
		*why = "KVM runs a guest";
		answer = ANSWER_KVM;
	} else {
		*why = "KVM refuses to run a guest";
	}
	proc_result_free(&res);
	return answer;
}

static enum answer probe(const char **why)
{
	enum answer answer = ANSWER_UNSURE;
	char *tmp, *path;

	if (access("/dev/kvm", F_OK)) {
		*why = "there is no /dev/kvm";
		return ANSWER_TCG;
	}
	if (access("/dev/kvm", R_OK | W_OK)) {
		*why = "/dev/kvm is not ours to open";
		return ANSWER_TCG;
	}
	*why = "the cache cannot be written";
	interrupt_hold();
	tmp = cache_tmpdir("probe");
	if (tmp) {
		path = xasprintf("%s/firmware", tmp);
		if (!write_whole(path, probe_firmware,
				 probe_firmware_end - probe_firmware))
			answer = try_kvm(path, why);
		rm_rf(tmp);
		free(path);
		free(tmp);
	}
	interrupt_release();
	return answer;
}

/* What the answer depends on: this boot, QEMU, and who may open /dev/kvm. */
static char *probe_key(void)
{
	char *boot = read_whole("/proc/sys/kernel/random/boot_id", NULL);
	char *key = xasprintf("%s %s %d %d", boot ? boot : "", qemu_identity(),
			      (int)geteuid(), access("/dev/kvm", R_OK | W_OK));

	for (char *p = key; *p; p++)
		if (*p == '\n')
			*p = ' ';
	free(boot);
	return key;
}

/* "kvm WHY" or "tcg WHY" below the key; false when that is not what it says. */
static bool recall(const char *text, const char *key, struct accel_report *out)
{
	size_t len = strlen(key);
	bool kvm;

	if (!text || strncmp(text, key, len) || text[len] != '\n')
		return false;
	text += len + 1;
	kvm = str_starts(text, "kvm ");
	if ((!kvm && !str_starts(text, "tcg ")) || !strchr(text, '\n'))
		return false;
	text += strlen("kvm ");
	out->accel = kvm ? ACCEL_KVM : ACCEL_TCG;
	out->why = xstrndup(text, strcspn(text, "\n"));
	return true;
}

int accel_probe(bool refresh, struct accel_report *out)
{
	const char *forced = getenv("LAB_ACCEL");
	static struct accel_report known;
	char *path, *key, *old, *text;
	enum answer answer;

	if (!qemu_program())
		return -ENOENT;
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
	path = cache_path("accel");
	key = probe_key();
	old = refresh ? NULL : read_whole(path, NULL);
	if (!recall(old, key, &known)) {
		answer = probe(&known.why);
		known.accel = answer == ANSWER_KVM ? ACCEL_KVM : ACCEL_TCG;
		text = xasprintf("%s\n%s %s\n", key,
				 answer == ANSWER_KVM ? "kvm" : "tcg",
				 known.why);
		/* Where it cannot be kept, it is asked again. */
		if (answer != ANSWER_UNSURE)
			write_whole(path, text, strlen(text));
		free(text);
	}
	free(old);
	free(key);
	free(path);
	*out = known;
	return 0;
}
