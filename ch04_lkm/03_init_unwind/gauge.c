// SPDX-License-Identifier: GPL-2.0
/*
 * A measuring device that does not exist, and what its driver needs
 *
 *	insmod gauge.ko samples=4096 port=0x2a0 major=300 digest=sha256
 *	cat /dev/gauge
 *
 * The init function takes five things from the kernel, one after the other.
 * Each step tells of a failure in its own way. It builds without a warning, and
 * it works: with good values, once. Five defects wait for a bad day.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/vmalloc.h>

#define NR_PORTS	4
#define NR_DEVICES	2

struct sample {
	u64 when;
	u64 value;
};

static unsigned long samples = 4096;
module_param(samples, ulong, 0444);
MODULE_PARM_DESC(samples, "how many samples are kept");

static unsigned short port = 0x2a0;
module_param(port, ushort, 0444);
MODULE_PARM_DESC(port, "first of the device's 4 I/O ports");

static unsigned int major = 300;
module_param(major, uint, 0444);
MODULE_PARM_DESC(major, "major number of the device files to come");

static char *digest = "sha256";
module_param(digest, charp, 0444);
MODULE_PARM_DESC(digest, "algorithm that guards the samples");

static unsigned int minor = MISC_DYNAMIC_MINOR;
module_param(minor, uint, 0444);
MODULE_PARM_DESC(minor, "minor number of /dev/gauge; 255: any");

static struct sample *table;
static struct crypto_shash *hash;

static ssize_t gauge_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	char text[64];
	int len;

	len = scnprintf(text, sizeof(text), "%lu samples, %u bytes of digest\n", samples,
			crypto_shash_digestsize(hash));
	return simple_read_from_buffer(to, count, pos, text, len);
}

static const struct file_operations gauge_fops = {
	.owner = THIS_MODULE,
	.read = gauge_read,
};

static struct miscdevice gauge_misc = {
	.name = "gauge",
	.fops = &gauge_fops,
};

static int __init gauge_init(void)
{
	/* TODO 1: take five things, or none */
	int err;

	/* NULL when there is not so much memory. */
	table = __vmalloc(array_size(samples, sizeof(*table)),
			  GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	if (!table)
		return -ENOMEM;

	/* NULL when somebody else has one of these ports. */
	if (!request_region(port, NR_PORTS, KBUILD_MODNAME))
		return -EBUSY;

	/* 0, or a negative error number. */
	err = register_chrdev_region(MKDEV(major, 0), NR_DEVICES, KBUILD_MODNAME);
	if (err) {
		err = -ENODEV;
		goto release_ports;
	}

	/* A pointer, or an error number in the shape of one. */
	hash = crypto_alloc_shash(digest, 0, 0);
	if (!hash) {
		err = -ENOENT;
		goto drop_numbers;
	}

	/* 0, or a negative error number. */
	gauge_misc.minor = minor;
	err = misc_register(&gauge_misc);
	if (err)
		goto drop_numbers;

	pr_info("ready\n");
	return 0;

drop_numbers:
	unregister_chrdev_region(MKDEV(major, 0), NR_DEVICES);
release_ports:
	release_region(port, NR_PORTS);
	vfree(table);
	return err;
	/* END TODO 1 */
}
module_init(gauge_init);

static void __exit gauge_exit(void)
{
	/* TODO 2: give all of them back */
	misc_deregister(&gauge_misc);
	crypto_free_shash(hash);
	release_region(port, NR_PORTS);
	vfree(table);
	/* END TODO 2 */
}
module_exit(gauge_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Takes five things from the kernel, and gives them back");
