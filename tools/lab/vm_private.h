/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm_private.h - shared by the files vm*.c and state.c;
 * nobody else.
 */
#ifndef LAB_VM_PRIVATE_H
#define LAB_VM_PRIVATE_H

#include <jansson.h>

#include "vm.h"

/* The console keeps this much of its begin and of its end. */
#define CONSOLE_HEAD (64 << 10)
#define CONSOLE_TAIL (192 << 10)
/* A frame longer than this is none of ours. */
#define FRAME_MAX (1 << 20)
#define BOOT_SECONDS 120
#define TAKE_SECONDS 30	/* from there until the guest has unpacked the job */

struct vm {
	pid_t pid;
	int channel, qmp, console, errors;	/* our ends; -1: closed */
	struct buf channel_in, qmp_in, errors_in;
	struct buf console_head, console_tail;
	size_t console_dropped;
	char nonce[33];
	bool job_sent;			/* frames carry the job's nonce from here */
	bool job_taken;			/* all of it is on its way */
	bool tty_done;			/* our stdin has ended */
	bool ready, ended, garbled;
	bool started;			/* the guest has the job: code that is
					 * not ours may have run from here on */
	int status;			/* of the "end" frame */
	bool exited;
	int exit_status;
	char shutdown[32];		/* reason in QMP's SHUTDOWN event */
	char migration[32];		/* last MIGRATION status */
	json_t *reply;			/* answer of the last QMP command */
	const struct vm_spec *spec;
};

enum vm_memory { MEMORY_PLAIN, MEMORY_SAVE, MEMORY_RESTORE };

/* vm.c */
/* Why the guest failed before it had the job; console may be "". strf(). */
const char *vm_no_boot(const struct vm *vm, const char *console);

/* vm_witness.c */
/*
 * What is different in the memory of a machine that was restored from a state:
 * "KIND N places, the first at ADDRESS", one a line, malloc'd; "": nothing. NULL:
 * it cannot be told. Stops the machine.
 */
char *vm_witness(struct vm *vm, const char *key);

/* vm_args.c */
struct vm_args {
	enum vm_memory memory;
	const char *ram;	/* file of the guest's memory, unless plain */
	int channel, qmp, console;	/* the machine's descriptors, or -1 */
	int payload;		/* of a process: its initramfs, the job in it */
};
/* The machine without its descriptors and files: part of a state's key. */
void vm_machine_args(const struct vm_spec *spec, enum accel accel,
		     struct strlist *argv);
void vm_all_args(const struct vm_spec *spec, enum accel accel,
		 const char *initramfs, const struct vm_args *args,
		 struct strlist *argv);
/* No device, file or right that is not asked for. */
void vm_base_args(struct strlist *argv);
/* The control socket and the console; the port, on the bus "wb.0". */
void vm_stream_args(const struct vm_args *args, struct strlist *argv);
void vm_channel_args(const struct vm_args *args, struct strlist *argv);

/* vm_arm.c */
/* Is it an arm64 kernel, for another QEMU? */
bool vm_is_arm(const struct vm_spec *spec);
/* That QEMU in PATH, or NULL. */
const char *vm_arm_program(void);
void vm_arm_args(const struct vm_spec *spec, const char *initramfs,
		 const struct vm_args *args, struct strlist *argv);

/* vm_process.c */
/* Is it a User-Mode Linux kernel, and not QEMU? */
bool vm_is_process(const struct vm_spec *spec);
int vm_process_args(const struct vm_spec *spec, const char *initramfs,
		    struct vm_args *args, struct strlist *argv);

/* vm_start.c */
int vm_start(struct vm *vm, const struct vm_spec *spec, enum accel accel,
	     const char *initramfs, enum vm_memory memory, const char *ram);

/* vm_loop.c */
/* Takes what has come; waits at most ms for something. */
void vm_poll(struct vm *vm, int ms);
/* Polls until *flag, QEMU's end, a signal or the deadline (now_ms()). */
bool vm_wait(struct vm *vm, const bool *flag, int64_t deadline);
int vm_send_job(struct vm *vm);
/* Ends our QEMU, and only that one; waits for it. */
void vm_stop(struct vm *vm);
/* Why it has ended, when it has: its own words, or its signal. strf(). */
const char *vm_exit_text(const struct vm *vm);
char *vm_console(struct vm *vm);
void vm_clear(struct vm *vm);

/* vm_qmp.c */
/* Takes what came over QMP, events and answers. */
void vm_take_qmp(struct vm *vm);
/* Sends a QMP command, waits for the answer. arguments is taken; may be NULL.
 * fd: passed along unless -1. 0, or -EIO. */
int vm_command(struct vm *vm, const char *name, json_t *arguments, int fd);
/* The guest's memory is a file: leave it out of the device state. */
int vm_share_memory(struct vm *vm);
bool vm_wait_migration(struct vm *vm, int64_t deadline);

/* state.c: saved machines in CACHE/states/KEY/{ram,device,seal} */
char *state_key(const struct vm_spec *spec, enum accel accel,
		const char *initramfs);
/* Saved to its end, and as it was left? */
bool state_exists(const char *key);
/*
 * Boots and saves; 0 or a negative errno, *why (strf) says what. -ENXIO: the
 * guest does not boot, so there is no use in trying again without saving.
 */
int state_make(const char *key, const struct vm_spec *spec, enum accel accel,
	       const char *initramfs, const char **why);
void state_remove(const char *key);
char *state_path(const char *key, const char *file);

/* state_size.c */
/* Makes holes of a file's zeroes: a guest's memory is full of them. */
void state_thin(const char *path);
/*
 * Removes the states that were not used for longest, until there is room for
 * so many bytes more below the limit, and those that nobody will want again.
 */
void states_trim(uint64_t room);

#endif
