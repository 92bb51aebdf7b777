/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's init: PID 1 of the workbook's virtual machine.
 *
 * It mounts what a lab expects, loads the drivers of the channel, says
 * "ready", and waits. The machine may be saved in that moment and restored
 * any number of times. Then it takes one job from the host, runs it, reports,
 * and leaves the machine to the host to end.
 *
 * Channel, host to guest:  "WBJOB1 <nonce> <bytes>\n" and a cpio archive.
 * Channel, guest to host:  "WB1 <nonce> <type> <bytes>\n<bytes>\n", where the
 * nonce of the frames before the job is "-".
 */
#ifndef WB_INIT_H
#define WB_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LAB_DIR "/lab"

/* channel.c: the port to the host */

/* Opens the virtio port (or the device named by wb.channel=). */
int channel_open(void);
int channel_fd(void);
/* Is it a serial line, that is, a User-Mode Linux kernel? */
bool channel_is_line(void);
/* Sends one frame; a frame is never split between two writers. */
void channel_send(const char *type, const void *data, size_t len);
void channel_printf(const char *type, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Waits for a job and unpacks it under LAB_DIR. 0, or -1 with a report sent. */
int channel_take_job(void);

/* unpack.c: the cpio reader for a job's files */

/* Unpacks a "newc" archive below dir. NULL, or what is wrong with it. */
const char *unpack_newc(const char *dir, const uint8_t *data, size_t len);

/* job.c: the job's description, and the running of it */

/*
 * The value of key in the job file, or NULL; it stays until the next call. Keys
 * may repeat: nth counts.
 */
const char *job_value(const char *key, unsigned int nth);
int job_load(const char *path);
/* Runs the job to its end; returns the status for the "end" frame. */
int job_run(void);

/* pump.c: output of programs and of the kernel log, turned into frames */

/* Opens /dev/kmsg at its end. */
int pump_open_kmsg(void);
/* Sends kernel messages that have come since the last call; true: and there
 * may be more. */
bool pump_kmsg(void);
/* Sends all of them. */
void pump_kmsg_rest(void);
/*
 * Runs argv with its output sent as frames of the given type, while the
 * kernel log goes on as "log" frames. Returns the wait status.
 */
int pump_program(const char *const argv[], const char *type);
/* An interactive shell on a pseudo terminal; frames of type "tty". */
int pump_shell(const char *const argv[]);

/* Each message of the kernel goes to watch too; NULL: no more. */
void pump_watch(void (*watch)(const char *text));

/* health.c */

/* Looks at what is there before the job. */
void health_begin(void);
/* Reports what the kernel looks like. */
void health_report(void);
/* What kmemleak finds, malloc'd; NULL where there is none. */
char *health_leaks(void);
void health_forget_leaks(void);
int write_text(const char *path, const char *text);	/* 0 or -errno */

/* failnth.c */

/* Lets each allocation of a module's init fail in turn. */
void failnth_run(const char *file, const char *name);

/* modules.c */

/* Loads one module file; 0 or -errno. */
int module_load(const char *path, const char *params);
/* Unloads by name; 0 or -errno, -ETIME when the exit function hangs. */
int module_unload(const char *name);
/* Loads the files that /modules.load names, in its order. */
void modules_load_listed(void);

#endif
