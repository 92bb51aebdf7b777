// SPDX-License-Identifier: GPL-2.0
/*
 * init - the first program of a machine
 *
 * The kernel runs it as PID 1, from the initramfs. It mounts what others
 * expect, says who it is, runs /job if there is one, and switches the machine
 * off. It must not end before that: when PID 1 ends, the kernel panics.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOB	"/job"
#define TOKEN	"wb.token="

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *type;
	const char *where;
} mounts[] = {
	{ "proc", "/proc" },
	{ "sysfs", "/sys" },
	{ "devtmpfs", "/dev" },
};

/* A line on the console. Not buffered: nothing is lost, nothing comes twice. */
#define say(fmt, ...) \
	dprintf(STDOUT_FILENO, "wb-init: " fmt "\n", ##__VA_ARGS__)

/* A whole file, however long, as a string; NULL and errno on failure. */
static char *read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

/*
 * Mount a file system of this type there; where the directory is missing, it
 * is made. That it is mounted already (EBUSY) is no failure. 0, or -1 and errno.
 */
static int mount_one(const char *type, const char *where)
{
	/* TODO 1: mkdir(2) and mount(2) */
	(void)type;
	(void)where;
	errno = EOPNOTSUPP;
	return -1;
	/* END TODO 1 */
}

static void mount_all(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		if (mount_one(mounts[i].type, mounts[i].where))
			say("cannot mount %s on %s: %m", mounts[i].type,
			    mounts[i].where);
}

/*
 * The word behind TOKEN in the kernel's command line, which may be changed for
 * it; NULL when there is none. Where there are several, the last one counts.
 */
static const char *find_token(char *cmdline)
{
	/* TODO 2: look at each word; "my.wb.token=x" is another parameter */
	(void)cmdline;
	return NULL;
	/* END TODO 2 */
}

/*
 * Start JOB; its PID, or -1 and errno. A child that cannot become JOB must not
 * go on as a second init: it ends with status 127, as a shell's child would.
 */
static pid_t start_job(void)
{
	/* TODO 3: fork(2) and execv(3) */
	errno = EOPNOTSUPP;
	return -1;
	/* END TODO 3 */
}

/*
 * Wait until the job has ended; its wait status, or -1 and errno. All that
 * ends meanwhile is reaped: orphans become the children of PID 1.
 */
static int reap_until(pid_t job)
{
	/* TODO 4: sleep in the kernel until a child ends, whichever it is */
	(void)job;
	errno = EOPNOTSUPP;
	return -1;
	/* END TODO 4 */
}

static void run_job(void)
{
	pid_t job = start_job();
	int status = job < 0 ? -1 : reap_until(job);

	if (status < 0)
		say("cannot run the job: %m");
	else if (WIFSIGNALED(status))
		say("job killed by signal %d", WTERMSIG(status));
	else
		say("job exited with status %d", WEXITSTATUS(status));
}

/* Switch the machine off; returns only if that failed. */
static void power_off(void)
{
	/* TODO 5: what is in memory goes to the disks first */
	errno = EOPNOTSUPP;
	/* END TODO 5 */
}

int main(void)
{
	const char *token;
	char *cmdline;

	/* Started by hand it would switch off the machine that you work on. */
	if (getpid() != 1) {
		say("I am PID %d, not 1: this is for a machine's start",
		    (int)getpid());
		return 2;
	}
	mount_all();
	cmdline = read_text("/proc/cmdline");
	if (!cmdline)
		say("cannot read /proc/cmdline: %m");
	token = cmdline ? find_token(cmdline) : NULL;
	if (token)
		say("pid %d, token %s", (int)getpid(), token);
	else
		say("pid %d, no token", (int)getpid());
	free(cmdline);
	if (!access(JOB, F_OK))
		run_job();
	power_off();
	say("cannot switch off: %m");
	return 1;
}
