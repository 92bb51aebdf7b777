// SPDX-License-Identifier: GPL-2.0
/* The start of the guest's userland: mounts, drivers, one job, the end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

static const struct {
	const char *type, *where, *options;
	bool optional;
} mounts[] = {
	{ "proc", "/proc", NULL, false },
	{ "sysfs", "/sys", NULL, false },
	{ "devtmpfs", "/dev", NULL, false },
	{ "devpts", "/dev/pts", NULL, true },
	{ "debugfs", "/sys/kernel/debug", NULL, true },
	{ "tracefs", "/sys/kernel/tracing", NULL, true },
	{ "securityfs", "/sys/kernel/security", NULL, true },
	{ "tmpfs", "/tmp", NULL, false },
	{ "tmpfs", "/run", NULL, false },
	{ "tmpfs", LAB_DIR, "size=90%", false },
};

static void mount_all(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0,
			  mounts[i].options) && !mounts[i].optional)
			printf("wb-init: cannot mount %s: %s\n",
			       mounts[i].where, strerror(errno));
	}
}

/* PID 1 starts without descriptors when /dev/console was not there. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		fd = open("/dev/null", O_RDWR);
	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static void write_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		printf("wb-init: %s: %s\n", path, strerror(errno));
	close(fd);
}

int main(void)
{
	int status;

	mkdir("/dev", 0755);
	mount_all();
	open_console();
	setvbuf(stdout, NULL, _IONBF, 0);
	setenv("PATH", "/bin:/lab", 1);
	setenv("HOME", "/lab", 1);
	setenv("TERM", "linux", 1);
	/* A lab may log as fast as it likes; the host caps what it keeps. */
	write_sysctl("/proc/sys/kernel/printk_ratelimit", "0\n");
	write_sysctl("/proc/sys/kernel/printk_devkmsg", "on\n");
	modules_load_listed();

	if (channel_open())
		return 1;
	channel_printf("ready", "%d", (int)getpid());
	status = 1;
	if (!channel_take_job()) {
		pump_open_kmsg();
		status = job_run();
		pump_kmsg_rest();
	}
	channel_printf("end", "%d", status);
	/*
	 * The host ends the machine. Where it does not, power off; but not
	 * where the clock may jump over those seconds.
	 */
	if (!channel_is_line()) {
		sleep(20);
		reboot(RB_POWER_OFF);
	}
	for (;;)
		pause();
}
