// SPDX-License-Identifier: GPL-2.0
/*
 * The device /dev/board. Nothing is to be done here.
 *
 * Each open() makes a board of its own. read(), write() and lseek() work on its pages, from
 * the kernel's side; mmap() calls your functions. The parameter "pages" says how many
 * pages a board has, "mappings" how many mappings there are.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#include "board.h"

static ushort pages = 8;
module_param(pages, ushort, 0444);
MODULE_PARM_DESC(pages, "pages of a board");

static int mappings_get(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&mappings));
}

static const struct kernel_param_ops mappings_ops = { .get = mappings_get };
module_param_cb(mappings, &mappings_ops, NULL, 0444);
MODULE_PARM_DESC(mappings, "how many mappings there are; read only");

static void board_free(struct board *board)
{
	while (board->nr--)
		__free_page(board->pages[board->nr]);
	kfree(board);
}

static int board_open(struct inode *inode, struct file *file)
{
	struct board *board = kzalloc(struct_size(board, pages, pages), GFP_KERNEL);

	if (!board)
		return -ENOMEM;
	for (; board->nr < pages; board->nr++) {
		board->pages[board->nr] = board_page();
		if (!board->pages[board->nr]) {
			board_free(board);
			return -ENOMEM;
		}
	}
	file->private_data = board;
	return 0;
}

/* Called when the last user of the file is gone; each mapping is one. */
static int board_release(struct inode *inode, struct file *file)
{
	board_free(file->private_data);
	return 0;
}

/* At most to the end of a page: whoever wants more calls again. */
static size_t part_of(const struct board *board, loff_t pos, size_t len, void **at)
{
	unsigned long index = pos >> PAGE_SHIFT;

	if (index >= board->nr)
		return 0;
	*at = page_address(board->pages[index]) + offset_in_page(pos);
	return min_t(size_t, len, PAGE_SIZE - offset_in_page(pos));
}

static ssize_t board_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	void *at;
	size_t part = part_of(file->private_data, *pos, len, &at);

	if (part && copy_to_user(buf, at, part))
		return -EFAULT;
	*pos += part;
	return part;
}

static ssize_t board_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	void *at;
	size_t part = part_of(file->private_data, *pos, len, &at);

	if (!part)
		return len ? -ENOSPC : 0;
	if (copy_from_user(at, buf, part))
		return -EFAULT;
	*pos += part;
	return part;
}

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	return board_map(file->private_data, vma);
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.open = board_open,
	.release = board_release,
	.read = board_read,
	.write = board_write,
	.llseek = default_llseek,
	.mmap = board_mmap,
};

static struct miscdevice board_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "board",
	.fops = &board_fops,
	.mode = 0600,
};
module_misc_device(board_device);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Pages that a process and the kernel both write to");
