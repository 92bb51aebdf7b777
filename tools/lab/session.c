// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lane.h"
#include "meta.h"
#include "pack.h"
#include "proc.h"
#include "session.h"
#include "term.h"

#define LOG_LINES 2000		/* shown at most */
#define CRASH_LINES 60

struct listener {
	bool shell;
	bool failed;		/* a load, an unload or the command */
	bool hung;		/* an exit function that did not return */
	unsigned int lines;	/* of the log, so far */
	char *error;
	struct progress *progress;
};

bool session_option(struct session *s, int opt, const char *value)
{
	uint64_t n;

	switch (opt) {
	case 'k':
		s->kernel = value;
		return true;
	case 'p':
		s->params = value;
		return true;
	case 'a':
		s->cmdline = value;
		return true;
	case 'C':
		s->cold = true;
		return true;
	case 's':
		s->solution = true;
		return true;
	case 'c':
		if (!parse_u64(value, 1, 64, &n))
			return false;
		s->cpus = n;
		return true;
	case 'm':
		if (!parse_u64(value, 64, 65536, &n))
			return false;
		s->memory = n;
		return true;
	default:
		return false;
	}
}

/* What a load's errno means for somebody who sees it the first time. */
static const char *load_advice(int error)
{
	switch (error) {
	case 2:
		return "it needs a symbol that no loaded module has: the log names it";
	case 8:
		return "it was built for another kernel, or is no module: the log says which";
	case 12:
		return "its init function found no memory";
	case 17:
		return "a module of this name is loaded or built in";
	case 22:
		return "its init function or one of its parameters refused a value";
	case 126: case 129:
		return "the kernel demands a signature";
	default:
		return "its init function returned this error";
	}
}

static void on_load(struct listener *l, const char *text, const char *verb)
{
	const char *name = strchr(text, ' ');
	int error = atoi(text);

	name = name ? name + 1 : "";
	if (!error) {
		term_printf(stdout, T_OK, "%s ", term_mark(T_OK));
		printf("%sed %s\n", verb, name);
		return;
	}
	if (error == ENOENT && !strcmp(verb, "unload")) {
		printf("%s %s was unloaded before\n", term_mark(T_DIM), name);
		return;
	}
	l->failed = true;
	l->hung |= error == 62;
	term_printf(stdout, T_BAD, "%s ", term_mark(T_BAD));
	printf("cannot %s %s: %s\n", verb, name, errno_text(error));
	if (!strcmp(verb, "load"))
		printf("  why: %s\n", load_advice(error));
	else if (error == 11)
		printf("  why: something still uses it (an open file, another module)\n");
	else if (error == 62)
		printf("  why: its exit function has not returned for 10 s\n");
	else if (error == 16)
		printf("  why: it has no exit function\n");
}

static void on_log(struct listener *l, const char *text)
{
	unsigned int level;
	int n = 0;

	if (sscanf(text, "%u %*u %n", &level, &n) < 1 || !n)
		return;
	if (++l->lines > LOG_LINES) {
		if (l->lines == LOG_LINES + 1)
			printf("  | [%d lines of the log: the rest is left out]\n",
			       LOG_LINES);
		return;
	}
	term_printf(stdout, level <= 4 ? T_WARN : T_DIM, "  | %s", text + n);
	putchar('\n');
}

static void on_frame(void *data, const char *type, const char *text,
		     size_t len)
{
	struct listener *l = data;

	if (l->progress) {
		progress_drop(l->progress);
		l->progress = NULL;
	}
	if (!strcmp(type, "log")) {
		if (!l->shell)
			on_log(l, text);
	} else if (!strcmp(type, "load") && !l->shell) {
		on_load(l, text, "load");
	} else if (!strcmp(type, "load") && atoi(text)) {
		on_load(l, text, "load");
	} else if (!strcmp(type, "unload") && !l->shell) {
		on_load(l, text, "unload");
	} else if (!strcmp(type, "out") || !strcmp(type, "tty")) {
		fwrite(text, 1, len, stdout);
	} else if (!strcmp(type, "command") && atoi(text)) {
		l->failed = true;
		printf("the command exited with status %s\n", text);
	} else if (!strcmp(type, "error")) {
		free(l->error);
		l->error = xstrdup(text);
	}
	fflush(stdout);
}

static char *job_text(const struct session *s, const struct build *b)
{
	struct winsize size = { 0 };
	struct buf job = { 0 };

	buf_addf(&job, "kind=%s\n", s->shell ? "shell" : "run");
	for (size_t i = 0; i < b->modules.count && !s->no_load; i++)
		buf_addf(&job, "load=%s%s%s\n", b->modules.items[i],
			 s->params && !i ? " " : "",
			 s->params && !i ? s->params : "");
	if (s->command)
		buf_adds(&job, "command=yes\n");
	if (s->shell && !ioctl(STDIN_FILENO, TIOCGWINSZ, &size) && size.ws_row)
		buf_addf(&job, "rows=%u\ncols=%u\n", size.ws_row, size.ws_col);
	return buf_steal(&job);
}

/* Builds what dir names: a lab (ours or the student's), or anything else. */
static int build(const struct session *s, const struct kernel *k,
		 struct build *b)
{
	char *ini = s->dir ? xasprintf("%s/lab.ini", s->dir) : NULL;
	struct labs labs = { 0 };
	const struct lab *lab;
	int err;

	*b = (struct build){ .lock = -1 };
	if (!s->dir)
		return 0;
	if (is_dir(s->dir) && !path_exists(ini)) {
		err = build_foreign(s->dir, k, b);
	} else {
		labs_open(&labs);
		lab = lab_find(&labs, s->dir);
		err = lab ? build_lab(lab, k, s->solution ? BUILD_SOLUTION :
				      BUILD_STUDENT, b) : -EINVAL;
		labs_free(&labs);
	}
	free(ini);
	return err;
}

/* From the first alarm on; without one the end. */
static void print_console(const char *console)
{
	static const char *const alarms[] = {
		"BUG: ", "kernel BUG", "Oops", "general protection", "Kernel panic",
	};
	const char *first = NULL, *end = console + strlen(console);
	unsigned int lines = CRASH_LINES;

	for (size_t i = 0; i < ARRAY_SIZE(alarms); i++) {
		const char *hit = strstr(console, alarms[i]);

		if (hit && (!first || hit < first))
			first = hit;
	}
	if (first) {
		while (first > console && first[-1] != '\n')
			first--;
		for (end = first; *end && lines; end++)
			lines -= *end == '\n';
	} else {
		for (first = end; first > console && lines; first--)
			lines -= first[-1] == '\n' && first != end;
		first += !lines;
	}
	printf("%.*s%s", (int)(end - first), first,
	       end > first && end[-1] != '\n' ? "\n" : "");
	if (*end)
		printf("[%zu more bytes of console]\n", strlen(end));
}

static int conclude(const struct vm_report *r, const struct listener *l,
		    const struct session *s)
{
	switch (r->end) {
	case VM_ENDED:
		if (l->error) {
			complain("the guest could not do the job", l->error,
				 "lab doctor");
			return LAB_FAULT;
		}
		if (l->hung)
			return LAB_TIMEOUT;
		return l->failed || (r->status && !s->shell) ? LAB_FAILED
							     : LAB_PASSED;
	case VM_POWEROFF:
		if (s->shell)
			return LAB_PASSED;
		/* fall through */
	case VM_PANIC:
	case VM_RESET:
		print_console(r->console);
		term_printf(stdout, T_BAD, "%s", vm_end_text(r->end));
		printf(strpbrk(r->console, "\n") ?
		       ": the messages above say where, the first one says most.\n" :
		       ", without a word on the console.\n");
		return LAB_CRASHED;
	case VM_GARBLED:
		term_printf(stdout, T_BAD, "%s.\n", vm_end_text(r->end));
		return LAB_FAILED;
	case VM_TIMEOUT:
		print_console(r->console);
		term_printf(stdout, T_BAD, "no answer from the guest");
		printf(" within %u s: something in it never returns.\n",
		       s->timeout);
		return LAB_TIMEOUT;
	case VM_INTERRUPTED:
		return LAB_FAULT;
	default:
		complain("the virtual machine failed", r->why, "lab doctor");
		return LAB_FAULT;
	}
}

static void run_in_machine(const struct session *s, const struct kernel *k,
			   const struct buf *files, struct listener *l,
			   struct vm_report *r)
{
	struct termios saved, raw;
	bool tty = s->shell && !tcgetattr(STDIN_FILENO, &saved);

	l->progress = progress_begin("starting Linux %s", k->release);
	if (tty) {
		raw = saved;
		cfmakeraw(&raw);
		raw.c_oflag |= OPOST | ONLCR;
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	vm_run(&(struct vm_spec){
		.kernel = k, .cpus = s->cpus, .memory = s->memory,
		.cmdline = s->cmdline, .cold = s->cold, .timeout = s->timeout,
		.files = files->data, .files_len = files->len,
		.on_frame = on_frame, .data = l, .relay = s->shell,
	}, r);
	if (tty)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	if (l->progress)
		progress_drop(l->progress);
}

static int one_kernel(const char *text)
{
	struct strlist names = { 0 };
	int err = kernel_choice(text, &names);

	if (!err && names.count > 1) {
		complain("one kernel at a time", NULL, "--kernel 6.1");
		err = -EINVAL;
	}
	strlist_free(&names);
	return err;
}

int session_run(const struct session *s)
{
	struct listener l = { .shell = s->shell };
	struct vm_report r = { 0 };
	struct buf files = { 0 };
	struct kernel k = { 0 };
	struct build b = { .lock = -1 };
	int code = LAB_FAULT, err;
	char *job;

	interrupt_hold();
	if (one_kernel(s->kernel)) {
		code = LAB_USAGE;
		goto out;
	}
	if (kernel_get(s->kernel ? s->kernel : KERNEL_DEFAULT, &k))
		goto out;
	if (lane_crossed(&k) && (s->shell || s->command)) {
		complain(strf("there is no shell in the guest of the lane %s", k.name),
			 "this machine's busybox is a program of another architecture",
			 "without a command the module is loaded and unloaded: lab run DIR --kernel arm64");
		code = LAB_USAGE;
		goto out;
	}
	err = build(s, &k, &b);
	if (err) {
		code = err == -EINVAL ? LAB_USAGE : LAB_FAULT;
		goto out;
	}
	if (s->dir && (!b.ok || !b.modules.count)) {
		printf("%s", b.log);
		if (b.ok)
			complain(strf("nothing was built in %s", s->dir),
				 "its makefile names no object as a module (obj-m)",
				 "write one line: obj-m := NAME.o");
		else
			printf("It does not compile for Linux %s: read the first error first.\n",
			       k.release);
		code = b.timed_out ? LAB_TIMEOUT : LAB_FAILED;
		goto out;
	}
	if (b.log && strstr(b.log, "warning:"))
		printf("%s", b.log);
	job = job_text(s, &b);
	if (build_pack(&b, job, s->command, &files)) {
		complain("the built files cannot be packed", NULL, "lab doctor");
	} else if (vm_memory_for(files.len) > s->memory) {
		complain(strf("the files in %s do not fit into the machine",
			      s->dir),
			 strf("they are %zu MiB, and it has %u MiB of memory",
			      files.len >> 20, s->memory),
			 strf("remove what the module does not need, or: --memory %u",
			      vm_memory_for(files.len) + 64));
		code = LAB_USAGE;
	} else {
		build_unlock(&b);
		run_in_machine(s, &k, &files, &l, &r);
		code = conclude(&r, &l, s);
	}
	free(job);
out:
	free(l.error);
	buf_free(&files);
	vm_report_free(&r);
	build_free(&b);
	kernel_free(&k);
	interrupt_release();
	return code;
}
