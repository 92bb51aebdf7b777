// SPDX-License-Identifier: GPL-2.0
/*
 * The way by hand: make, an initramfs of busybox and the module, a cold boot of
 * the distribution's kernel, insmod, rmmod, power off.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "pack.h"
#include "proc.h"
#include "vm.h"

static const char init[] =
"#!/bin/busybox sh\n"
"/bin/busybox mount -t proc none /proc\n"
"for m in /*.ko; do /bin/busybox insmod $m; done\n"
"for m in /*.ko; do /bin/busybox rmmod $m; done\n"
"/bin/busybox poweroff -f\n";

static void run(const char *const *argv, const char *cwd, struct proc_result *res)
{
	static const char *const env[] = { "MAKEFLAGS", "MFLAGS", "MAKELEVEL", NULL };
	const struct proc spec = { .argv = argv, .cwd = cwd, .env = env, .deadline_ms = 180000 };

	if (proc_run(&spec, res) || res->timed_out || interrupt_pending())
		die(strf("%s did not run", argv[0]));
}

static void make_module(const char *dir, const struct kernel *k)
{
	char *kdir = xasprintf("KDIR=%s", k->build);
	const char *const argv[] = { "make", "-s", "modules", kdir, NULL };
	struct proc_result res;

	run(argv, dir, &res);
	if (!proc_ok(&res))
		die(res.out);
	proc_result_free(&res);
	free(kdir);
}

static void make_initramfs(const char *dir, const char *path)
{
	struct pack *pack = pack_begin();
	struct strlist names = { 0 };
	struct buf out = { 0 };
	FILE *f;

	pack_dir(pack, "bin");
	pack_dir(pack, "proc");
	pack_dir(pack, "dev");
	pack_data(pack, "init", init, strlen(init), 0755);
	if (pack_file(pack, "bin/busybox", "/bin/busybox", 0755))
		die("there is no /bin/busybox (package busybox-static)");
	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (str_ends(names.items[i], ".ko"))
			pack_file(pack, names.items[i], strf("%s/%s", dir, names.items[i]), 0644);
	strlist_free(&names);
	f = pack_end(pack, &out) ? NULL : fopen(path, "we");
	if (!f || fwrite(out.data, 1, out.len, f) != out.len || fclose(f))
		die(path);
	buf_free(&out);
}

/* The compressed image that the distribution's package brings. */
static char *image_of(const struct kernel *k)
{
	char *dir = xasprintf("%s/boot", k->modules), *found = NULL;
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count && !found; i++)
		if (str_starts(names.items[i], "vmlinuz-"))
			found = xasprintf("%s/%s", dir, names.items[i]);
	strlist_free(&names);
	free(dir);
	if (!found)
		die("the kernel's package has no vmlinuz");
	return found;
}

static void boot(const char *image, const char *initramfs, bool kvm)
{
	const char *const argv[] = {
		"qemu-system-x86_64", "-accel", kvm ? "kvm" : "tcg", "-m", "256",
		"-nographic", "-no-reboot", "-kernel", image, "-initrd", initramfs,
		"-append", "console=ttyS0 panic=-1", NULL
	};
	struct proc_result res;

	run(argv, NULL, &res);
	/* A run that loaded nothing would be fast for the wrong reason. */
	if (!strstr(res.out, "out-of-tree module"))
		die(strf("the way by hand did not load the module:\n%s",
			 res.out + (res.out_len > 1500 ? res.out_len - 1500 : 0)));
	proc_result_free(&res);
}

void by_hand(const struct place *p, const struct lab *lab, const struct kernel *k, bool kvm,
	     struct hand *h)
{
	char *dir = xasprintf("%s/%s", p->root, lab->id);
	char *initramfs = xasprintf("%s/initramfs", p->state), *image = image_of(k);
	int64_t begin = now_us(), cpu = cpu_us(), built;

	make_module(dir, k);
	built = now_us();
	make_initramfs(dir, initramfs);
	boot(image, initramfs, kvm);
	if (h) {
		times_add(&h->make, built - begin);
		times_add(&h->machine, now_us() - built);
		times_add(&h->whole, now_us() - begin);
		times_add(&h->cpu, cpu_us() - cpu);
	}
	free(image);
	free(initramfs);
	free(dir);
}
