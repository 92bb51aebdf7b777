// SPDX-License-Identifier: GPL-2.0
/* A place where init can be PID 1 without a boot. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "check_cpio.h"
#include "check_machine.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

void machine_make(struct machine *m)
{
	snprintf(m->root, sizeof(m->root), "/tmp/machine-XXXXXX");
	m->out = -1;
	ASSERT_NOTNULL(mkdtemp(m->root));
}

void machine_file(struct machine *m, const char *name, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", m->root, name);
	ASSERT_OK(spill(path, text, strlen(text), 0644));
}

void machine_program(struct machine *m, const char *name, const char *from)
{
	char path[64];
	size_t len;
	char *data = slurp(from, &len);

	ASSERT_NOTNULL(data, "%s was not built.", from);
	snprintf(path, sizeof(path), "%s/%s", m->root, name);
	ASSERT_OK(spill(path, data, len, 0755));
	free(data);
}

/* The namespace's /proc, with another text in its file cmdline. */
static bool fake_cmdline(const char *root)
{
	char proc[64], from[64], to[64];

	snprintf(proc, sizeof(proc), "%s/proc", root);
	snprintf(from, sizeof(from), "%s/cmdline", root);
	snprintf(to, sizeof(to), "%s/proc/cmdline", root);
	return (!mkdir(proc, 0755) || errno == EEXIST) &&
	       !mount("proc", proc, "proc", 0, NULL) &&
	       !mount(from, to, NULL, MS_BIND, NULL);
}

/*
 * From here on mount(2) says that all is mounted already. The kernel says so
 * of sysfs and devtmpfs; procfs it would mount a second time, on top of ours.
 */
static bool refuse_mounts(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EBUSY),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = ARRAY_SIZE(filter), .filter = filter,
	};

	return !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* In the new process: become init as the kernel would start it. */
static void become_init(const struct machine *m, bool fake, int out)
{
	char *const argv[] = { "/init", NULL };
	char *const envp[] = { "HOME=/", "TERM=linux", NULL };
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	if (null < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    (fake && !fake_cmdline(m->root)) ||
	    chroot(m->root) || chdir("/") ||
	    dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    (fake && !refuse_mounts()))
		dprintf(out, "check: cannot make a machine: %s\n", strerror(errno));
	else if (!close_range(3, ~0U, 0) && execve(argv[0], argv, envp))
		dprintf(1, "check: cannot run /init: %s\n", strerror(errno));
	_exit(99);
}

void machine_start(struct machine *m, const char *cmdline)
{
	int ends[2];

	if (cmdline)
		machine_file(m, "cmdline", cmdline);
	ASSERT_OK(libc_ret(pipe2(ends, O_CLOEXEC)));
	ASSERT_OK(libc_ret(fcntl(ends[0], F_SETFL, O_NONBLOCK)));
	m->out = ends[0];
	m->init = syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD,
			  0, 0, 0, 0);
	ASSERT_OK(libc_ret(m->init));
	if (!m->init)
		become_init(m, cmdline, ends[1]);
	close(ends[1]);
}

/* Take what has been printed since. */
static void listen_to(struct machine *m)
{
	char buf[4096];
	ssize_t n;

	if (!m->said)
		m->said = strdup("");
	while (m->out >= 0 && (n = read(m->out, buf, sizeof(buf))) > 0) {
		m->said = realloc(m->said, m->said_len + n + 1);
		if (!m->said)
			abort();
		memcpy(m->said + m->said_len, buf, n);
		m->said_len += n;
		m->said[m->said_len] = '\0';
	}
}

static bool has_said(struct machine *m, const regex_t *regex)
{
	listen_to(m);
	return !regexec(regex, m->said, 0, NULL, 0);
}

bool machine_says(struct machine *m, const char *pattern, int ms)
{
	regex_t regex;
	bool said;

	ASSERT_EQ(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB | REG_NEWLINE), 0);
	said = WAIT_UNTIL(has_said(m, &regex) || machine_ends(m, 0), ms) &&
	       has_said(m, &regex);
	regfree(&regex);
	return said;
}

bool machine_ends(struct machine *m, int ms)
{
	if (m->init && WAIT_UNTIL(waitpid(m->init, &m->status, WNOHANG) == m->init, ms))
		m->init = 0;
	listen_to(m);
	return !m->init;
}

void machine_expect_power_off(struct machine *m)
{
	bool ended = machine_ends(m, 12000);

	ASSERT_TRUE(ended,
		    "init should have switched the machine off by now, but it still runs. It said:\n%s",
		    m->said);
	ASSERT_FALSE(WIFEXITED(m->status),
		     "init ended by itself, with status %d, without reboot(RB_POWER_OFF). In a machine that is a panic: \"Attempted to kill init!\". It said:\n%s",
		     WEXITSTATUS(m->status), m->said);
	/* How a namespace's parent hears of reboot(2): reboot_pid_ns(). */
	ASSERT_NE(WTERMSIG(m->status), SIGHUP,
		  "init asked for a restart. It should switch the machine off. It said:\n%s",
		  m->said);
	ASSERT_EQ(WTERMSIG(m->status), SIGINT, "init crashed, or was killed: %s. It said:\n%s",
		  strsignal(WTERMSIG(m->status)), m->said);
}

/* The state letter of a process when its parent is init, else 0. */
static char child_state(const char *pid, pid_t init)
{
	char path[64], state = 0, *text, *end;
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	text = file_read(path);
	/* The name, in parentheses, may hold parentheses and blanks. */
	end = text ? strrchr(text, ')') : NULL;
	if (!end || sscanf(end, ") %c %d", &state, &parent) != 2 ||
	    parent != init)
		state = 0;
	free(text);
	return state;
}

int machine_children(const struct machine *m, int *zombies)
{
	DIR *dir = opendir("/proc");
	struct dirent *e;
	int count = 0;

	*zombies = 0;
	while (dir && (e = readdir(dir))) {
		char state = isdigit(*e->d_name) ? child_state(e->d_name, m->init) : 0;

		count += state != 0;
		*zombies += state == 'Z';
	}
	if (dir)
		closedir(dir);
	return count;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void machine_end(struct machine *m)
{
	/* All in the namespace ends with its PID 1, and so do the mounts. */
	if (m->init) {
		kill(m->init, SIGKILL);
		waitpid(m->init, &m->status, 0);
		m->init = 0;
	}
	if (*m->root) {
		if (m->out >= 0)
			close(m->out);
		nftw(m->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	}
	free(m->said);
	*m = (struct machine){ .out = -1 };
}
