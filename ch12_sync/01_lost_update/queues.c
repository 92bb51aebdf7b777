// SPDX-License-Identifier: GPL-2.0
/*
 * Receive queues that work at the same time, one task each
 *
 * This file is right as it is; the lab is about stats.c.
 *
 * It stands in for a network card with several receive queues, each served on
 * a CPU of its own. A queue takes a buffer slot for every packet, counts the
 * packet, and gives the slot back. In /proc/meter there are:
 *
 *	run	write the number of packets for each queue: the queues work, and
 *		the write returns when all are done, or when the time (in the
 *		parameter ms) is over; read how the last run went
 *	totals	what was counted
 *	drain	the same, and starts again from zero
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/workqueue.h>
#include "workbook.h"

#include "meter.h"

#define QUEUES_MAX	16
#define PACKETS_MAX	1000000
#define MS_MAX		10000
#define SIZE_MAX_BYTES	65535

static unsigned int queues = 4;
module_param(queues, uint, 0644);
MODULE_PARM_DESC(queues, "queues that work at the same time (1 to 16)");

static unsigned int cpus = 4;
module_param(cpus, uint, 0644);
MODULE_PARM_DESC(cpus, "CPUs they are spread over (1 or more)");

static unsigned int slots = METER_SLOTS_MAX;
module_param(slots, uint, 0644);
MODULE_PARM_DESC(slots, "buffer slots they share (1 to 64)");

static unsigned int low = 60;
module_param(low, uint, 0644);
MODULE_PARM_DESC(low, "bytes of the smallest packet (1 or more)");

static unsigned int high = 1514;
module_param(high, uint, 0644);
MODULE_PARM_DESC(high, "bytes of the largest packet (up to 65535)");

static unsigned int ms = 1000;
module_param(ms, uint, 0644);
MODULE_PARM_DESC(ms, "the longest a run may take, in milliseconds (up to 10000)");

static unsigned int seed;
module_param(seed, uint, 0644);
MODULE_PARM_DESC(seed, "where the packets' sizes begin");

/* One run at a time; what follows belongs to it. */
static DEFINE_MUTEX(run_lock);

static struct run {
	unsigned int queues, cpus, slots, low, high, ms, seed, packets;
} run;

static struct queue {
	struct work_struct work;
	unsigned int nr;
	unsigned int sizes;	/* the last of its pseudo-random numbers */
	unsigned int sent;
	unsigned int dropped;	/* packets that found no slot */
	unsigned int clashes;	/* slots that were somebody else's */
	unsigned int peak;	/* slots in use at once */
} queue[QUEUES_MAX];

static atomic_t owner[METER_SLOTS_MAX];	/* queue's number + 1; 0: nobody */
static atomic_t in_use;
static atomic_t not_ready;	/* queues that have not begun yet */
static struct workqueue_struct *workers;
static struct proc_dir_entry *dir;

static void queue_packet(struct queue *q, u32 size)
{
	int slot = meter_slot_get(run.slots);
	int me = q->nr + 1;
	bool mine;

	if (slot < 0) {
		q->dropped++;
		return;
	}
	mine = slot < run.slots && !atomic_cmpxchg(&owner[slot], 0, me);
	if (!mine)
		q->clashes++;
	q->peak = max_t(unsigned int, q->peak, atomic_inc_return(&in_use));
	meter_record(size);
	atomic_dec(&in_use);
	if (mine)
		atomic_set(&owner[slot], 0);
	meter_slot_put(slot);
}

static void queue_run(struct work_struct *work)
{
	struct queue *q = container_of(work, struct queue, work);
	unsigned int span = run.high - run.low + 1;
	unsigned long end;

	/* All begin at the same moment: the first waits for the last. */
	atomic_dec(&not_ready);
	while (atomic_read(&not_ready)) {
		cpu_relax();
		cond_resched();
	}
	end = jiffies + msecs_to_jiffies(run.ms);
	while (q->sent < run.packets && time_before(jiffies, end)) {
		q->sizes = q->sizes * 1664525 + 1013904223;
		queue_packet(q, run.low + (q->sizes >> 16) % span);
		q->sent++;
		if (q->sent % 64 == 0)
			cond_resched();
	}
}

/* The n-th CPU that is online, round and round. */
static unsigned int nth_cpu(unsigned int n)
{
	unsigned int cpu = cpumask_first(cpu_online_mask);

	for (n %= num_online_cpus(); n; n--)
		cpu = cpumask_next(cpu, cpu_online_mask);
	return cpu;
}

static int run_begin(unsigned int packets)
{
	struct run next = {
		.queues = queues, .cpus = cpus, .slots = slots,
		.low = low, .high = high, .ms = ms, .seed = seed,
		.packets = packets,
	};

	if (!next.queues || next.queues > QUEUES_MAX || !next.cpus ||
	    !next.slots || next.slots > METER_SLOTS_MAX || !next.low ||
	    next.low > next.high || next.high > SIZE_MAX_BYTES ||
	    !next.ms || next.ms > MS_MAX || !packets || packets > PACKETS_MAX)
		return -EINVAL;
	run = next;
	return 0;
}

static void run_all(void)
{
	unsigned int i;

	for (i = 0; i < METER_SLOTS_MAX; i++)
		atomic_set(&owner[i], 0);
	atomic_set(&in_use, 0);
	atomic_set(&not_ready, run.queues);
	for (i = 0; i < run.queues; i++) {
		queue[i] = (struct queue){ .nr = i, .sizes = run.seed + i };
		INIT_WORK(&queue[i].work, queue_run);
	}
	cpus_read_lock();
	for (i = 0; i < run.queues; i++)
		queue_work_on(nth_cpu(i % run.cpus), workers, &queue[i].work);
	cpus_read_unlock();
	for (i = 0; i < run.queues; i++)
		flush_work(&queue[i].work);
}

static ssize_t run_write(struct file *file, const char __user *buf,
			 size_t len, loff_t *pos)
{
	unsigned int packets;
	int ret;

	ret = kstrtouint_from_user(buf, len, 0, &packets);
	if (ret)
		return ret;
	ret = mutex_lock_interruptible(&run_lock);
	if (ret)
		return ret;
	ret = run_begin(packets);
	if (!ret)
		run_all();
	mutex_unlock(&run_lock);
	return ret ?: len;
}

static int run_show(struct seq_file *m, void *unused)
{
	struct queue sum = {};
	unsigned int i;
	int ret;

	ret = mutex_lock_interruptible(&run_lock);
	if (ret)
		return ret;
	for (i = 0; i < run.queues; i++) {
		sum.sent += queue[i].sent;
		sum.dropped += queue[i].dropped;
		sum.clashes += queue[i].clashes;
		sum.peak = max(sum.peak, queue[i].peak);
	}
	seq_printf(m, "sent %u\ndropped %u\nclashes %u\npeak %u\n",
		   sum.sent, sum.dropped, sum.clashes, sum.peak);
	for (i = 0; i < run.queues; i++)
		seq_printf(m, "queue %u %u\n", i, queue[i].sent);
	mutex_unlock(&run_lock);
	return 0;
}

static int run_open(struct inode *inode, struct file *file)
{
	return single_open(file, run_show, NULL);
}

static const struct proc_ops run_ops = {
	.proc_open = run_open,
	.proc_read = seq_read,
	.proc_write = run_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static void totals_print(struct seq_file *m, const struct meter_totals *t)
{
	seq_printf(m, "packets %llu\nbytes %llu\nsmallest %u\nlargest %u\n",
		   t->packets, t->bytes, t->smallest, t->largest);
}

static int totals_show(struct seq_file *m, void *unused)
{
	struct meter_totals copy;

	meter_read(&copy);
	totals_print(m, &copy);
	return 0;
}

static int drain_show(struct seq_file *m, void *unused)
{
	struct meter_totals copy;

	meter_drain(&copy);
	totals_print(m, &copy);
	return 0;
}

static int __init queues_init(void)
{
	/* CPU-intensive: such work may fill a CPU without a word in the log. */
	workers = alloc_workqueue("meter", WQ_CPU_INTENSIVE, 0);
	if (!workers)
		return -ENOMEM;
	dir = proc_mkdir("meter", NULL);
	if (!dir)
		goto err_workers;
	if (!proc_create("run", 0600, dir, &run_ops) ||
	    !proc_create_single("totals", 0444, dir, totals_show) ||
	    !proc_create_single("drain", 0400, dir, drain_show))
		goto err_dir;
	pr_info("%u queues, see /proc/meter\n", queues);
	return 0;

err_dir:
	proc_remove(dir);
err_workers:
	destroy_workqueue(workers);
	return -ENOMEM;
}

static void __exit queues_exit(void)
{
	/* Returns when nobody is in a file's functions any more. */
	proc_remove(dir);
	destroy_workqueue(workers);
}

module_init(queues_init);
module_exit(queues_exit);

MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Receive queues that count packets at the same time");
MODULE_LICENSE("GPL");
