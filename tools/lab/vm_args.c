// SPDX-License-Identifier: GPL-2.0
/* QEMU's command line. */
#include <stdlib.h>

#include "vm_private.h"

/*
 * oops=panic: a module that oopses ends its run there and then. panic=-1 with
 * -no-reboot: a panic ends QEMU at once. quiet keeps boot messages off the
 * slow serial line; warnings, oopses and panics still go there. nokaslr: a
 * PVH boot has none anyway, and the log's addresses stay the same. no_timer_check:
 * on a busy host the kernel's test of the timer comes too late, and it panics.
 */
#define CMDLINE "console=ttyS0 quiet panic=-1 oops=panic nokaslr " \
		"no_timer_check slub_debug=FZPU audit=0 "

void vm_base_args(struct strlist *argv)
{
	strlist_split(argv, "-nodefaults -no-user-config -no-reboot -display none "
		      "-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny", " ");
}

void vm_machine_args(const struct vm_spec *spec, enum accel accel,
		     struct strlist *argv)
{
	struct strlist words = { 0 };
	char *extra;

	/* Blanks make no other machine. */
	strlist_split(&words, spec->cmdline ? spec->cmdline : "", " ");
	extra = strlist_join(&words, " ");
	vm_base_args(argv);
	strlist_add(argv, "-accel");
	strlist_add(argv, accel == ACCEL_KVM ? "kvm" : "tcg,thread=multi");
	strlist_add(argv, "-cpu");
	strlist_add(argv, accel == ACCEL_KVM ? "host" : "max");
	strlist_add(argv, "-m");
	strlist_addf(argv, "%u", spec->memory);
	strlist_add(argv, "-smp");
	strlist_addf(argv, "%u", spec->cpus);
	strlist_add(argv, "-append");
	strlist_addf(argv, "%s%s", CMDLINE, extra);
	if (spec->files) {
		strlist_add(argv, "-device");
		strlist_add(argv, "virtio-serial-pci,id=wb");
	}
	free(extra);
	strlist_free(&words);
}

/* In QEMU's lists of options a comma is written twice. */
static char *quoted(const char *path)
{
	struct buf out = { 0 };

	for (; *path; path++)
		buf_adds(&out, *path == ',' ? ",," : (char[]){ *path, '\0' });
	return buf_steal(&out);
}

void vm_stream_args(const struct vm_args *args, struct strlist *argv)
{
	strlist_add(argv, "-chardev");
	strlist_addf(argv, "socket,id=qmp,fd=%d", args->qmp);
	strlist_add(argv, "-mon");
	strlist_add(argv, "chardev=qmp,mode=control");
	strlist_add(argv, "-chardev");
	strlist_addf(argv, "socket,id=console,fd=%d", args->console);
	strlist_add(argv, "-serial");
	strlist_add(argv, "chardev:console");
}

void vm_channel_args(const struct vm_args *args, struct strlist *argv)
{
	strlist_add(argv, "-chardev");
	strlist_addf(argv, "socket,id=channel,fd=%d", args->channel);
	strlist_add(argv, "-device");
	strlist_add(argv, "virtserialport,bus=wb.0,chardev=channel,name=wb.channel");
}

void vm_all_args(const struct vm_spec *spec, enum accel accel,
		 const char *initramfs, const struct vm_args *args,
		 struct strlist *argv)
{
	char *ram = quoted(args->ram ? args->ram : "");

	strlist_add(argv, qemu_program());
	vm_machine_args(spec, accel, argv);
	strlist_add(argv, "-kernel");
	strlist_add(argv, spec->kernel->image);
	strlist_add(argv, "-initrd");
	strlist_add(argv, initramfs);
	strlist_add(argv, "-machine");
	if (args->memory == MEMORY_PLAIN) {
		strlist_add(argv, "pc");
	} else {
		strlist_add(argv, "pc,memory-backend=ram");
		strlist_add(argv, "-object");
		strlist_addf(argv, "memory-backend-file,id=ram,size=%uM,mem-path=%s,share=%s",
			     spec->memory, ram,
			     args->memory == MEMORY_SAVE ? "on" : "off");
	}
	vm_stream_args(args, argv);
	if (spec->files)
		vm_channel_args(args, argv);
	if (args->memory == MEMORY_RESTORE) {
		strlist_add(argv, "-incoming");
		strlist_add(argv, "defer");
	}
	free(ram);
}
