// SPDX-License-Identifier: GPL-2.0
/* One run, from the choice of its start to the reason of its end. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache.h"
#include "lane.h"
#include "proc.h"
#include "term.h"
#include "vm_private.h"

/* What the kernel and our init want for themselves. */
#define KERNEL_MIB 64

const char *vm_end_text(enum vm_end end)
{
	static const char *const texts[] = {
		[VM_ENDED] = "the job ended",
		[VM_PANIC] = "the kernel panicked",
		[VM_RESET] = "the machine was reset",
		[VM_POWEROFF] = "the machine was switched off from inside",
		[VM_TIMEOUT] = "the deadline passed",
		[VM_GARBLED] = "something in the guest wrote to the result channel, so no result is believed",
		[VM_INTERRUPTED] = "interrupted",
		[VM_FAULT] = "the virtual machine failed",
	};

	return texts[end];
}

/* The guest has the job twice for a moment: as it came, and unpacked. */
unsigned int vm_memory_for(size_t files_len)
{
	return KERNEL_MIB + 2 * (files_len >> 20);
}

void vm_report_free(struct vm_report *report)
{
	free(report->console);
	free(report->why);
	free(report->witness);
	*report = (struct vm_report){ 0 };
}

static void fault(struct vm_report *report, const char *why)
{
	report->end = VM_FAULT;
	if (!report->why)
		report->why = xstrdup(why);
}

/* QEMU is gone, or nothing more is to be waited for: why? */
static enum vm_end end_of(const struct vm *vm, const char *console)
{
	if (vm->ended)
		return VM_ENDED;
	if (interrupt_pending())
		return VM_INTERRUPTED;
	if (strstr(console, "Kernel panic - not syncing"))
		return VM_PANIC;
	if (!strcmp(vm->shutdown, "guest-shutdown"))
		return VM_POWEROFF;
	if (!strcmp(vm->shutdown, "guest-reset") ||
	    !strcmp(vm->shutdown, "guest-panic"))
		return VM_RESET;
	if (vm->garbled)
		return VM_GARBLED;
	if (vm_is_process(vm->spec) && vm->exited && vm->started)
		return WIFEXITED(vm->exit_status) &&
		       !WEXITSTATUS(vm->exit_status) ? VM_POWEROFF : VM_RESET;
	return vm->exited ? VM_FAULT : VM_TIMEOUT;
}

const char *vm_no_boot(const struct vm *vm, const char *console)
{
	enum vm_end end = end_of(vm, console);
	const struct lane *lane = lane_find(vm->spec->kernel->name);
	size_t len = strlen(console);
	const char *ended = end == VM_FAULT ? vm_exit_text(vm) : vm_end_text(end);

	/* That one is the student's work, and may be wrong. */
	if (lane && lane->bit == LANE_OWN)
		ended = strf("your kernel did not get as far as to take a job: %s", ended);
	else
		ended = strf("the guest did not get ready for the job: %s. Is the kernel in the cache damaged? %s",
			     ended, kernel_again(vm->spec->kernel->name));
	return strf("%s%s%s", ended, len ? "\nits console ends:\n" : "",
		    console + (len > 1500 ? len - 1500 : 0));
}

/*
 * Before the guest has the job, all that runs in it is ours: what happens then
 * is never told as the submission's end.
 */
static void classify(struct vm *vm, struct vm_report *report)
{
	report->end = end_of(vm, report->console);
	report->unready = vm->spec->files && !vm->started;
	if (report->end == VM_FAULT)
		fault(report, vm_exit_text(vm));
	else if (report->end != VM_INTERRUPTED && report->end != VM_ENDED &&
		 report->unready)
		fault(report, vm_no_boot(vm, report->console));
}

/* Stops QEMU, and says how it had come to that. */
static void finish(struct vm *vm, struct vm_report *report)
{
	bool was_exited;

	/* QEMU says SHUTDOWN, then ends; both take a moment to come here. */
	for (int i = 0; i < 20 && *vm->shutdown && !vm->exited; i++)
		vm_poll(vm, 50);
	was_exited = vm->exited;
	vm_stop(vm);
	vm->exited = was_exited;
	report->status = vm->status;
	free(report->console);
	report->console = vm_console(vm);
	classify(vm, report);
	vm->exited = true;
}

/* Waits for a flag, or for an end that the guest or QMP announces. */
static bool wait_for(struct vm *vm, const bool *flag, int64_t deadline)
{
	while (!*flag && !vm->ended && !*vm->shutdown && now_ms() < deadline) {
		int64_t step = now_ms() + 200;

		if (!vm_wait(vm, flag, step < deadline ? step : deadline) &&
		    (vm->exited || vm->garbled || interrupt_pending()))
			return false;
	}
	return *flag;
}

static bool start_cold(struct vm *vm, const struct vm_spec *spec,
		       enum accel accel, const char *initramfs,
		       struct vm_report *report)
{
	if (!vm_start(vm, spec, accel, initramfs, MEMORY_PLAIN, NULL))
		return true;
	if (interrupt_pending())
		report->end = VM_INTERRUPTED;
	else
		fault(report, vm->errors_in.len ? vm->errors_in.data :
		      "QEMU does not start");
	return false;
}

/* -1: the state is of no use. */
static int start_restored(struct vm *vm, const struct vm_spec *spec,
			  enum accel accel, const char *initramfs,
			  const char *key)
{
	char *ram = state_path(key, "ram"), *device = state_path(key, "device");
	int fd = open(device, O_RDONLY | O_CLOEXEC), err = -1;

	if (fd >= 0 &&
	    !vm_start(vm, spec, accel, initramfs, MEMORY_RESTORE, ram) &&
	    !vm_share_memory(vm) &&
	    !vm_command(vm, "getfd", json_pack("{s:s}", "fdname", "state"), fd) &&
	    !vm_command(vm, "migrate-incoming",
			json_pack("{s:s}", "uri", "fd:state"), -1) &&
	    vm_wait_migration(vm, now_ms() + 15000) &&
	    !vm_command(vm, "cont", NULL, -1)) {
		vm->ready = true;
		err = 0;
	}
	if (fd >= 0)
		close(fd);
	free(ram);
	free(device);
	if (err) {
		vm_stop(vm);
		vm_clear(vm);
	}
	return err;
}

/* Makes the state when it is not there; one process makes, others wait. */
static int ensure_state(const char *key, const struct vm_spec *spec,
			enum accel accel, const char *initramfs,
			const char **why)
{
	struct progress *p;
	int lock, err = 0;

	if (state_exists(key))
		return 0;
	lock = cache_lock(strf("state-%s", key));
	if (lock < 0)
		return lock;
	if (!state_exists(key)) {
		p = progress_begin("booting Linux %s once, to save its state",
				   spec->kernel->release);
		err = state_make(key, spec, accel, initramfs, why);
		progress_end(p, !err);
	}
	cache_unlock(lock);
	return err;
}

/* Starts the machine from a state, made or made anew if need be. */
static bool start_saved(struct vm *vm, const struct vm_spec *spec,
			enum accel accel, const char *initramfs,
			struct vm_report *report)
{
	char *key = state_key(spec, accel, initramfs);
	const char *why = "its name cannot be computed";
	bool started = false;
	int err = 0;

	for (int tries = 0; key && tries < 2 && !started && !err; tries++) {
		why = "the cache cannot be used";
		err = ensure_state(key, spec, accel, initramfs, &why);
		if (!err)
			started = !start_restored(vm, spec, accel, initramfs, key);
		if (!err && !started && !interrupt_pending()) {
			why = "QEMU did not take it";
			state_remove(key);
		}
	}
	free(key);
	report->restored = started;
	if (started)
		return true;
	if (interrupt_pending()) {
		report->end = VM_INTERRUPTED;
		return false;
	}
	if (err == -ENXIO) {
		fault(report, why);
		return false;
	}
	note("no saved state, booting cold: %s", why);
	return start_cold(vm, spec, accel, initramfs, report);
}

static struct vm_report empty_report(void)
{
	return (struct vm_report){ .end = VM_FAULT, .console = xstrdup("") };
}

static bool prepare(const struct kernel *kernel, struct accel_report *accel,
		    struct vm_report *report)
{
	const struct vm_spec spec = { .kernel = kernel };
	const char *why;

	*report = empty_report();
	if (cache_prepare()) {
		fault(report, "the cache cannot be used");
		return false;
	}
	if (vm_is_process(&spec)) {
		why = vm_process_unusable();
		if (why)
			fault(report, why);
		return !why;
	}
	if (vm_is_arm(&spec)) {
		accel->accel = ACCEL_TCG;
		if (!vm_arm_program())
			fault(report, "its QEMU is not installed (sudo apt-get install qemu-system-arm)");
		return vm_arm_program();
	}
	if (accel_probe(false, accel)) {
		fault(report, "QEMU is not installed (sudo apt-get install qemu-system-x86)");
		return false;
	}
	return true;
}

static void look_at_memory(struct vm *vm, const struct vm_spec *spec, enum accel accel,
			   const char *initramfs, struct vm_report *report)
{
	char *key = state_key(spec, accel, initramfs);

	if (key)
		report->witness = vm_witness(vm, key);
	free(key);
}

/* One try; false when the guest failed before it had the job. */
static bool run_once(const struct vm_spec *spec, enum accel accel,
		     const char *initramfs, struct vm_report *report)
{
	struct vm vm = { .channel = -1, .qmp = -1, .console = -1, .errors = -1 };
	int64_t begin = now_ms(), ready;
	bool ok, had_job;

	if (spec->cold || vm_is_process(spec) || vm_is_arm(spec))
		ok = start_cold(&vm, spec, accel, initramfs, report);
	else
		ok = start_saved(&vm, spec, accel, initramfs, report);
	if (ok) {
		ok = wait_for(&vm, &vm.ready, now_ms() + BOOT_SECONDS * 1000);
		ready = now_ms();
		report->ready_ms = ready - begin;
		if (ok && !vm_send_job(&vm) &&
		    wait_for(&vm, &vm.started, now_ms() + TAKE_SECONDS * 1000))
			wait_for(&vm, &vm.ended,
				 now_ms() + 1000LL * spec->timeout);
		report->run_ms = now_ms() - ready;
		if (spec->witness && vm.ended && report->restored)
			look_at_memory(&vm, spec, accel, initramfs, report);
		finish(&vm, report);
	}
	had_job = vm.started || vm.ended;
	vm_clear(&vm);
	return had_job || report->end == VM_INTERRUPTED;
}

/* Something that the machine was made of is damaged: find it, make it anew. */
static bool repair(const struct vm_spec *spec, enum accel accel,
		   const char *initramfs, const struct vm_report *report)
{
	char *key;

	if (!report->restored)
		return guest_repair(spec->kernel);
	key = state_key(spec, accel, initramfs);
	if (key)
		state_remove(key);
	free(key);
	return true;
}

void vm_run(const struct vm_spec *spec, struct vm_report *report)
{
	struct vm_spec again = *spec;
	struct accel_report accel = { 0 };
	char *initramfs;

	if (!prepare(spec->kernel, &accel, report))
		return;
	interrupt_hold();
	initramfs = guest_initramfs(spec->kernel);
	if (!initramfs) {
		fault(report, "the guest's file system cannot be made");
	} else if (!run_once(spec, accel.accel, initramfs, report) &&
		   repair(spec, accel.accel, initramfs, report)) {
		note("the virtual machine was damaged, it is made anew");
		again.cold |= report->restored;
		vm_report_free(report);
		*report = empty_report();
		run_once(&again, accel.accel, initramfs, report);
	}
	interrupt_release();
	free(initramfs);
}

void vm_boot(const struct kernel *kernel, const char *initramfs,
	     const char *cmdline, unsigned int timeout,
	     struct vm_report *report)
{
	const struct vm_spec spec = {
		.kernel = kernel, .cpus = 1, .memory = 256, .cmdline = cmdline,
	};
	struct accel_report accel = { 0 };
	bool never = false;
	struct vm vm;

	if (!prepare(kernel, &accel, report))
		return;
	interrupt_hold();
	if (start_cold(&vm, &spec, accel.accel, initramfs, report)) {
		wait_for(&vm, &never, now_ms() + 1000LL * timeout);
		finish(&vm, report);
	}
	vm_clear(&vm);
	interrupt_release();
}
