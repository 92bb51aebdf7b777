// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's command line for arm64: the machine "virt", always interpreted. It boots
 * in a few seconds from a kernel that has little in it, so no state of it is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "proc.h"
#include "vm_private.h"

/* See vm_args.c for the words; the console is the machine's PL011. */
#define CMDLINE "console=ttyAMA0 quiet panic=-1 oops=panic nokaslr " \
		"slub_debug=FZPU audit=0 "

/*
 * A CPU that has pages of 16 KiB, and no signatures of pointers, whose algorithm
 * takes an emulator long.
 */
#define CPU "cortex-a76"

bool vm_is_arm(const struct vm_spec *spec)
{
	return spec->kernel->arch && !strcmp(spec->kernel->arch, "arm64");
}

const char *vm_arm_program(void)
{
	static char *program;

	if (!program)
		program = proc_find_program("qemu-system-aarch64");
	return program;
}

void vm_arm_args(const struct vm_spec *spec, const char *initramfs,
		 const struct vm_args *args, struct strlist *argv)
{
	strlist_add(argv, vm_arm_program());
	vm_base_args(argv);
	strlist_split(argv, "-machine virt,gic-version=3 -accel tcg,thread=multi -cpu " CPU
		      " -global virtio-mmio.force-legacy=false", " ");
	strlist_add(argv, "-m");
	strlist_addf(argv, "%u", spec->memory);
	strlist_add(argv, "-smp");
	strlist_addf(argv, "%u", spec->cpus);
	strlist_add(argv, "-kernel");
	strlist_add(argv, spec->kernel->image);
	strlist_add(argv, "-initrd");
	strlist_add(argv, initramfs);
	strlist_add(argv, "-append");
	strlist_addf(argv, "%s%s", CMDLINE, spec->cmdline ? spec->cmdline : "");
	vm_stream_args(args, argv);
	if (spec->files) {
		strlist_add(argv, "-device");
		strlist_add(argv, "virtio-serial-device,id=wb");
		vm_channel_args(args, argv);
	}
}
