// SPDX-License-Identifier: GPL-2.0
/* Records of events, from contexts of every kind */
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "record.h"

LIST_HEAD(records);
unsigned int records_nr;
DEFINE_SPINLOCK(records_lock);

/* TODO 1: a record with a copy of the text */
static char *text_copy(const char *text)
{
	size_t len = strlen(text) + 1;
	char *copy = kmalloc(len, GFP_KERNEL);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

static struct record *record_new(enum source source, const char *text)
{
	/* Interrupts must not sleep, everybody else may. */
	gfp_t gfp = in_hardirq() ? GFP_ATOMIC : GFP_KERNEL;
	struct record *record = kzalloc(sizeof(*record), gfp);

	if (!record)
		return NULL;
	record->source = source;
	record->text = text_copy(text);
	if (!record->text) {
		kfree(record);
		return NULL;
	}
	return record;
}

/* END TODO 1 */

void record_free(struct record *record)
{
	kfree(record->text);
	kfree(record);
}

/* TODO 2: make a record, and put it at the end of the list */
static int record_put(struct record *record)
{
	unsigned long flags;

	if (!record)
		return -ENOMEM;
	spin_lock_irqsave(&records_lock, flags);
	list_add_tail(&record->node, &records);
	records_nr++;
	spin_unlock_irqrestore(&records_lock, flags);
	return 0;
}

/* For callers that must not sleep. */
static int record_put_quick(enum source source, const char *text)
{
	struct record *record = kzalloc(sizeof(*record), GFP_ATOMIC);

	if (!record)
		return -ENOMEM;
	record->source = source;
	record->text = text_copy(text);
	if (!record->text) {
		kfree(record);
		return -ENOMEM;
	}
	return record_put(record);
}

/* END TODO 2 */

int record_from_process(const char *text)
{
	/* TODO 3: called by a process that wrote to our file */
	/* Always right: GFP_ATOMIC never sleeps. */
	char *copy = kmalloc(strlen(text) + 1, GFP_ATOMIC);
	struct record *record;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, strlen(text) + 1);
	record = kzalloc(sizeof(*record), GFP_ATOMIC);
	if (!record) {
		kfree(copy);
		return -ENOMEM;
	}
	record->source = PROCESS;
	record->text = copy;
	return record_put(record);
	/* END TODO 3 */
}

int record_from_work(const char *text)
{
	/* TODO 4: called in a thread of the kernel */
	return record_put(record_new(WORK, text));
	/* END TODO 4 */
}

int record_from_timer(const char *text)
{
	/* TODO 5: called when a timer fired */
	return record_put(record_new(TIMER, text));
	/* END TODO 5 */
}

int record_from_tasklet(const char *text)
{
	/* TODO 6: called in a tasklet */
	return record_put_quick(TASKLET, text);
	/* END TODO 6 */
}

/* With the lock held: the length of all texts together. */
static size_t text_length(void)
{
	struct record *record;
	size_t len = 0;

	list_for_each_entry(record, &records, node)
		len += strlen(record->text);
	return len;
}

int record_merge(void)
{
	/* TODO 7: all texts in one record, which is then the only one */
	struct record *all = record_new(MERGE, ""), *record, *next;
	unsigned long flags;
	char *text;

	if (!all)
		return -ENOMEM;
	spin_lock_irqsave(&records_lock, flags);
	text = kmalloc(text_length() + 1, GFP_KERNEL);
	if (!text) {
		spin_unlock_irqrestore(&records_lock, flags);
		record_free(all);
		return -ENOMEM;
	}
	kfree(all->text);
	all->text = text;
	list_for_each_entry_safe(record, next, &records, node) {
		memcpy(text, record->text, strlen(record->text));
		text += strlen(record->text);
		list_del(&record->node);
		record_free(record);
	}
	*text = '\0';
	list_add(&all->node, &records);
	records_nr = 1;
	spin_unlock_irqrestore(&records_lock, flags);
	return 0;
	/* END TODO 7 */
}
