// SPDX-License-Identifier: GPL-2.0
/* locks.c - takes locks in no order, sleeps under them, forgets them. */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "planted.h"

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

int plant_lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
	return 0;
}

/* Two locks of one class: the order between them is nobody's to know. */
int plant_lock_twice(void)
{
	static struct mutex both[2];

	for (int i = 0; i < 2; i++)
		mutex_init(&both[i]);
	mutex_lock(&both[0]);
	mutex_lock(&both[1]);
	mutex_unlock(&both[1]);
	mutex_unlock(&both[0]);
	return 0;
}

int plant_sleep_in_atomic(void)
{
	spin_lock(&spin);
	msleep(20);
	spin_unlock(&spin);
	return 0;
}

int plant_bare_rcu(void)
{
	static int value;
	static int __rcu *pointer;
	int seen;

	rcu_assign_pointer(pointer, &value);
	seen = *rcu_dereference(pointer);	/* outside of rcu_read_lock() */
	return seen ? -EIO : 0;
}

/* The process that loads the module goes home with a lock. */
int plant_lock_kept(void)
{
	mutex_lock(&first);
	return 0;
}

static long counter;

static int count(void *unused)
{
	while (!kthread_should_stop())
		for (int i = 0; i < 1000; i++)
			counter++;
	return 0;
}

int plant_race(void)
{
	struct task_struct *threads[2];

	for (int i = 0; i < 2; i++) {
		threads[i] = kthread_create_on_cpu(count, NULL, i, "planted/%u");
		if (IS_ERR(threads[i]))
			return PTR_ERR(threads[i]);
		wake_up_process(threads[i]);
	}
	msleep(1500);
	for (int i = 0; i < 2; i++)
		kthread_stop(threads[i]);
	return 0;
}
