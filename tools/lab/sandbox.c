// SPDX-License-Identifier: GPL-2.0
/* Command lines for bubblewrap; see sandbox.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "sandbox.h"

/* A merged /usr has links at the top, an older system directories. */
static void add_top(struct strlist *argv, const char *dir)
{
	char target[256];
	ssize_t len = readlink(dir, target, sizeof(target) - 1);

	if (len > 0) {
		target[len] = '\0';
		strlist_add(argv, "--symlink");
		strlist_add(argv, target);
		strlist_add(argv, dir);
	} else if (is_dir(dir)) {
		sandbox_read(argv, dir, dir);
	}
}

void sandbox_begin(struct strlist *argv, uint64_t tmp)
{
	static const char *const first[] = {
		/* What bwrap itself was started with stays in /proc/1/environ. */
		"env", "-i", "PATH=/usr/local/bin:/usr/bin:/bin",
		"bwrap", "--unshare-all", "--die-with-parent", "--new-session",
		"--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox",
	};
	static const char *const tops[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64" };
	/* Names that Debian's programs go through; no file of a user. */
	static const char *const etc[] = { "/etc/alternatives", "/etc/ld.so.cache" };

	for (size_t i = 0; i < ARRAY_SIZE(first); i++)
		strlist_add(argv, first[i]);
	sandbox_read(argv, "/usr", "/usr");
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
		add_top(argv, tops[i]);
	for (size_t i = 0; i < ARRAY_SIZE(etc); i++)
		sandbox_read(argv, etc[i], etc[i]);
	strlist_add(argv, "--proc");
	strlist_add(argv, "/proc");
	strlist_add(argv, "--dev");
	strlist_add(argv, "/dev");
	strlist_add(argv, "--size");
	strlist_addf(argv, "%llu", (unsigned long long)tmp);
	strlist_add(argv, "--tmpfs");
	strlist_add(argv, "/tmp");
	sandbox_env(argv, "PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
	sandbox_env(argv, "LC_ALL", "C");
	sandbox_env(argv, "HOME", "/tmp");
}

static void bind(struct strlist *argv, const char *how, const char *path, const char *at)
{
	if (!path_exists(path))
		return;
	strlist_add(argv, how);
	strlist_add(argv, path);
	strlist_add(argv, at);
}

void sandbox_read(struct strlist *argv, const char *path, const char *at)
{
	bind(argv, "--ro-bind", path, at);
}

void sandbox_write(struct strlist *argv, const char *path, const char *at)
{
	bind(argv, "--bind", path, at);
}

void sandbox_env(struct strlist *argv, const char *name, const char *value)
{
	strlist_add(argv, "--setenv");
	strlist_add(argv, name);
	strlist_add(argv, value);
}

static void limit(struct strlist *argv, const char *name, uint64_t value)
{
	if (value)
		strlist_addf(argv, "--%s=%llu", name, (unsigned long long)value);
}

void sandbox_command(struct strlist *argv, const char *cwd,
		     const struct sandbox_limits *limits)
{
	strlist_add(argv, "--chdir");
	strlist_add(argv, cwd);
	strlist_add(argv, "--");
	strlist_add(argv, "prlimit");
	limit(argv, "as", limits->memory);
	limit(argv, "cpu", limits->cpu);
	limit(argv, "fsize", limits->file);
	limit(argv, "nproc", limits->processes);
	strlist_add(argv, "--core=0");
	strlist_add(argv, "--");
}

static const char *why_not;
static bool asked;

static void ask(void)
{
	struct strlist argv = { 0 };
	struct proc_result res;
	int err;

	asked = true;
	sandbox_begin(&argv, 1 << 20);
	sandbox_command(&argv, "/tmp", &(struct sandbox_limits){ .cpu = 10 });
	strlist_add(&argv, "true");
	err = proc_run(&(struct proc){ .argv = (const char *const *)argv.items,
				       .deadline_ms = 20000 }, &res);
	strlist_free(&argv);
	if (err) {
		why_not = xasprintf("bwrap cannot be started: %s", errno_text(err));
		return;
	}
	if (!proc_ok(&res))
		why_not = *res.out ? xstrdup(str_trim(res.out)) :
			  xasprintf("bwrap %s", proc_describe(&res));
	proc_result_free(&res);
}

bool sandbox_works(const char **why)
{
	if (!asked)
		ask();
	if (why)
		*why = why_not;
	return !why_not;
}

int sandbox_need(void)
{
	const char *why;
	char *program;

	if (sandbox_works(&why))
		return 0;
	program = proc_find_program("bwrap");
	complain("the sandbox for other people's code does not work here", why,
		 !program ? "sudo apt-get install bubblewrap" :
		 "user namespaces may be switched off: sysctl kernel.unprivileged_userns_clone=1\n"
		 "in a container: start it with the right to make them");
	free(program);
	return -1;
}
