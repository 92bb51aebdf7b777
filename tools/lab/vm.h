/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm.h - one run of a virtual machine, from its start (cold, or restored from
 * a saved state) to its end. QEMU without root, network, shared folder or
 * fixed port; it talks to us over socket pairs, and ends with us.
 */
#ifndef LAB_VM_H
#define LAB_VM_H

#include "kernel.h"
#include "util.h"

enum accel { ACCEL_KVM, ACCEL_TCG };

struct accel_report {
	enum accel accel;
	const char *why;	/* one clause; static storage or strf() */
};

/*
 * KVM where it works, else TCG. That /dev/kvm opens, or even makes a virtual
 * machine, proves nothing: a few guest instructions are run to a known exit.
 * The answer is kept until the next boot of the host; refresh asks anew.
 * 0, or a negative errno when there is no QEMU to ask (not complained).
 */
int accel_probe(bool refresh, struct accel_report *out);
/* QEMU's program: $LAB_QEMU, else qemu-system-x86_64 in PATH; or NULL. */
const char *qemu_program(void);
/* "QEMU emulator version …", or "". */
const char *qemu_version(void);
/* Another text when QEMU is another one. */
const char *qemu_identity(void);

enum vm_end {
	VM_ENDED,	/* the guest's init said that the job has ended */
	VM_PANIC,	/* the kernel panicked (an oops panics too) */
	VM_RESET,	/* the machine was reset: reboot, or a triple fault */
	VM_POWEROFF,	/* somebody in the guest switched it off */
	VM_TIMEOUT,	/* the deadline passed */
	VM_GARBLED,	/* code in the guest wrote to our channel */
	VM_INTERRUPTED,	/* we were asked to stop */
	VM_FAULT,	/* QEMU could not do it, or the machine failed before it
			 * had the job: nobody's code but ours; see why */
};

struct vm_spec {
	const struct kernel *kernel;
	unsigned int cpus;
	unsigned int memory;		/* MiB */
	const char *cmdline;		/* added to ours; may be NULL */
	bool cold;			/* no saved state */
	unsigned int timeout;		/* seconds for the job, the boot has its own */
	const void *files;		/* a newc archive: .job and the job's files */
	size_t files_len;
	/* Each frame of the guest; text has a NUL behind its len bytes. */
	void (*on_frame)(void *data, const char *type, const char *text,
			 size_t len);
	void *data;
	bool witness;			/* look at the memory at the end */
	bool relay;			/* our stdin goes to the guest, for a shell */
};

struct vm_report {
	enum vm_end end;
	int status;		/* of the guest's "end" frame */
	char *console;		/* what the serial console said, capped; "" */
	char *why;		/* VM_FAULT: what went wrong; else NULL */
	bool unready;		/* VM_FAULT: the kernel never took the job */
	bool restored;		/* ran from a saved state */
	char *witness;		/* what is different in the memory: "KIND …" a
				 * line; NULL: not looked at */
	int ready_ms;		/* until the guest was ready for the job */
	int run_ms;		/* from there to the end */
};

/* MiB of memory that a machine must have for a job of so many bytes. */
unsigned int vm_memory_for(size_t files_len);
void vm_run(const struct vm_spec *spec, struct vm_report *report);
/*
 * Boots a kernel with an initramfs that is not ours, with nothing but the
 * console, to its own end: VM_POWEROFF when it switches itself off.
 */
void vm_boot(const struct kernel *kernel, const char *initramfs,
	     const char *cmdline, unsigned int timeout,
	     struct vm_report *report);
void vm_report_free(struct vm_report *report);
/* One clause for people: "the kernel panicked". */
const char *vm_end_text(enum vm_end end);

/* Why a kernel that is a process cannot run here, a clause; NULL: it can. */
const char *vm_process_unusable(void);

/* ---- guest.c ---- */
/* The base initramfs of a kernel, made when absent or stale; malloc'd path,
 * NULL (complained). */
char *guest_initramfs(const struct kernel *kernel);
/* Is it another than it should be? Then it is made anew; true. */
bool guest_repair(const struct kernel *kernel);

/* Bytes that saved machines may take of the disk: LAB_CACHE_LIMIT, in MiB. */
uint64_t states_limit(void);

#endif
