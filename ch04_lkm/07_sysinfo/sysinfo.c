// SPDX-License-Identifier: GPL-2.0
/*
 * Facts about the system, and notes on it, in procfs
 *
 *	/proc/sysinfo/facts	one fact a line, see facts_show()
 *	/proc/sysinfo/notes	what was written to it, one note for each write(),
 *				oldest first, as "NUMBER TEXT", numbers from 1 on
 *
 * A note may be as long as NOTE_MAX bytes. So that each stays in its line, its
 * newlines are shown as \012, its backslashes as \134.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <asm/byteorder.h>

#define NOTE_MAX	16384

struct note {
	struct list_head list;
	unsigned int number;
	char *text;
};

static LIST_HEAD(notes);
static DEFINE_MUTEX(notes_lock);	/* of the list and of the count */
static unsigned int nr_notes;

/*
 * "name: value" a line, all numbers decimal:
 *
 *	word_bits	bits of a long
 *	endian		little or big
 *	page_bytes	bytes of a page
 *	ulong_max	the largest unsigned long
 *	path_max	PATH_MAX
 *	cpus_online	how many run now
 *	ram_kib		all memory that the kernel has
 *	node		the machine's name, as uname(2) would tell the reader
 */
static int facts_show(struct seq_file *m, void *unused)
{
	/* TODO 1: the facts */
	seq_printf(m, "word_bits: %d\n", 32);
	/* END TODO 1 */
	return 0;
}

/* The next four are called for the file notes, by whoever reads it. */
static void *notes_start(struct seq_file *m, loff_t *pos)
{
	/* TODO 2: the note at *pos, counted from 0, or NULL behind the last */
	return NULL;
	/* END TODO 2 */
}

static void *notes_next(struct seq_file *m, void *v, loff_t *pos)
{
	/* TODO 3: the note that follows v, or NULL; and move *pos */
	return NULL;
	/* END TODO 3 */
}

static void notes_stop(struct seq_file *m, void *v)
{
	/* TODO 4: the end, for now: what notes_start() began */
	/* END TODO 4 */
}

static int notes_show(struct seq_file *m, void *v)
{
	/* TODO 5: one line: the note's number and its text */
	/* END TODO 5 */
	return 0;
}

static const struct seq_operations notes_seq_ops = {
	.start = notes_start,
	.next = notes_next,
	.stop = notes_stop,
	.show = notes_show,
};

static int notes_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &notes_seq_ops);
}

static ssize_t notes_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos)
{
	struct note *note;
	char *text;

	if (len > NOTE_MAX)
		return -EMSGSIZE;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	note = kmalloc(sizeof(*note), GFP_KERNEL);
	if (!note) {
		kfree(text);
		return -ENOMEM;
	}
	note->text = text;
	if (mutex_lock_interruptible(&notes_lock)) {
		kfree(text);
		kfree(note);
		return -ERESTARTSYS;
	}
	note->number = ++nr_notes;
	list_add_tail(&note->list, &notes);
	mutex_unlock(&notes_lock);
	return len;
}

static const struct proc_ops notes_proc_ops = {
	.proc_open = notes_open,
	.proc_read = seq_read,
	.proc_write = notes_write,
	.proc_lseek = seq_lseek,
	.proc_release = seq_release,
};

static int __init sysinfo_init(void)
{
	struct proc_dir_entry *dir = proc_mkdir("sysinfo", NULL);

	if (!dir)
		return -ENOMEM;
	if (!proc_create_single("facts", 0444, dir, facts_show) ||
	    !proc_create("notes", 0644, dir, &notes_proc_ops)) {
		remove_proc_subtree("sysinfo", NULL);
		return -ENOMEM;
	}
	return 0;
}
module_init(sysinfo_init);

static void __exit sysinfo_exit(void)
{
	struct note *note, *next;

	remove_proc_subtree("sysinfo", NULL);
	list_for_each_entry_safe(note, next, &notes, list) {
		kfree(note->text);
		kfree(note);
	}
}
module_exit(sysinfo_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Facts and notes through seq_file");
