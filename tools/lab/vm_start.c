// SPDX-License-Identifier: GPL-2.0
/* The machine's process, and the streams between it and us. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proc.h"
#include "vm_private.h"

/* A kernel that runs as a process has no machine around it that limits it. */
static void set_limits(const struct vm_spec *spec)
{
	const struct { int what; rlim_t limit; } limits[] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_CPU, 60 + 2 * spec->timeout },
		/* Its memory is a file; the linker's gap counts as memory. */
		{ RLIMIT_FSIZE, ((rlim_t)spec->memory + 1024) << 20 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		setrlimit(limits[i].what, &(struct rlimit){ limits[i].limit,
							    limits[i].limit });
}

static void exec_machine(const struct vm_spec *spec, const struct strlist *argv,
			 const struct vm_args *args, int errors, pid_t parent)
{
	int keep[] = { args->channel, args->qmp, args->console, args->payload };
	bool process = vm_is_process(spec);
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(null, 0);
	dup2(process ? errors : null, 1);
	dup2(errors, 2);
	for (size_t i = 0; i < ARRAY_SIZE(keep); i++)
		if (keep[i] >= 0)
			fcntl(keep[i], F_SETFD, 0);
	if (process)
		set_limits(spec);
	execvp(argv->items[0], argv->items);
	dprintf(2, "cannot run %s: %s\n", argv->items[0], strerror(errno));
	_exit(127);
}

static int pair(int *ours, int *theirs)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -errno;
	*ours = ends[0];
	*theirs = ends[1];
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static void draw_nonce(struct vm *vm)
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		memset(bytes, getpid() & 0xff, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(vm->nonce + 2 * i, 3, "%02x", bytes[i]);
}

static int open_streams(struct vm *vm, struct vm_args *args, int *errors)
{
	int err = pair(&vm->channel, &args->channel);

	if (!err && !vm_is_process(vm->spec))
		err = pair(&vm->qmp, &args->qmp);
	if (!err)
		err = pair(&vm->console, &args->console);
	if (!err)
		err = pair(&vm->errors, errors);
	return err;
}

static int fork_machine(struct vm *vm, const struct strlist *argv,
			const struct vm_args *args, int errors)
{
	pid_t self = getpid();

	vm->pid = fork();
	if (!vm->pid)
		exec_machine(vm->spec, argv, args, errors, self);
	return vm->pid < 0 ? -errno : 0;
}

int vm_start(struct vm *vm, const struct vm_spec *spec, enum accel accel,
	     const char *initramfs, enum vm_memory memory, const char *ram)
{
	struct vm_args args = {
		.memory = memory, .ram = ram,
		.channel = -1, .qmp = -1, .console = -1, .payload = -1,
	};
	struct strlist argv = { 0 };
	int errors = -1, err;

	*vm = (struct vm){ .channel = -1, .qmp = -1, .console = -1,
			   .errors = -1, .spec = spec };
	draw_nonce(vm);
	err = open_streams(vm, &args, &errors);
	if (!err && vm_is_process(spec))
		err = vm_process_args(spec, initramfs, &args, &argv);
	else if (!err && vm_is_arm(spec))
		vm_arm_args(spec, initramfs, &args, &argv);
	else if (!err)
		vm_all_args(spec, accel, initramfs, &args, &argv);
	if (!err)
		err = fork_machine(vm, &argv, &args, errors);
	strlist_free(&argv);
	for (int *fd = (int []){ args.channel, args.qmp, args.console,
				 args.payload, errors, -2 }; *fd != -2; fd++)
		if (*fd >= 0)
			close(*fd);
	if (!err && vm->qmp >= 0 &&
	    vm_command(vm, "qmp_capabilities", NULL, -1))
		err = -EIO;
	if (err)
		vm_stop(vm);
	return err;
}
