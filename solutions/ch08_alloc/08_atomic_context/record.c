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
static char *text_copy(const char *text, gfp_t gfp)
{
	size_t len = strlen(text) + 1;
	char *copy = kmalloc(len, gfp);

	if (copy)
		memcpy(copy, text, len);
	return copy;
}

static struct record *record_new(enum source source, const char *text, gfp_t gfp)
{
	struct record *record = kzalloc(sizeof(*record), gfp);

	if (!record)
		return NULL;
	record->source = source;
	record->text = text_copy(text, gfp);
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
static int record_add(enum source source, const char *text, gfp_t gfp)
{
	struct record *record = record_new(source, text, gfp);
	unsigned long flags;

	if (!record)
		return -ENOMEM;
	spin_lock_irqsave(&records_lock, flags);
	list_add_tail(&record->node, &records);
	records_nr++;
	spin_unlock_irqrestore(&records_lock, flags);
	return 0;
}

/* END TODO 2 */

int record_from_process(const char *text)
{
	/* TODO 3: called by a process that wrote to our file */
	return record_add(PROCESS, text, GFP_KERNEL);
	/* END TODO 3 */
}

int record_from_work(const char *text)
{
	/* TODO 4: called in a thread of the kernel */
	return record_add(WORK, text, GFP_KERNEL);
	/* END TODO 4 */
}

int record_from_timer(const char *text)
{
	/* TODO 5: called when a timer fired */
	return record_add(TIMER, text, GFP_ATOMIC);
	/* END TODO 5 */
}

int record_from_tasklet(const char *text)
{
	/* TODO 6: called in a tasklet */
	return record_add(TASKLET, text, GFP_ATOMIC);
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
	struct record *all = record_new(MERGE, "", GFP_KERNEL), *record, *next;
	LIST_HEAD(old);
	size_t room = 0, len;
	char *text = NULL;
	unsigned long flags;

	if (!all)
		return -ENOMEM;
	/* What is needed is known with the lock held, and taken without it. */
	spin_lock_irqsave(&records_lock, flags);
	while ((len = text_length() + 1) > room) {
		spin_unlock_irqrestore(&records_lock, flags);
		kfree(text);
		room = 2 * len;
		text = kmalloc(room, GFP_KERNEL);
		if (!text) {
			record_free(all);
			return -ENOMEM;
		}
		spin_lock_irqsave(&records_lock, flags);
	}
	kfree(all->text);
	all->text = text;
	list_for_each_entry(record, &records, node) {
		len = strlen(record->text);
		memcpy(text, record->text, len);
		text += len;
	}
	*text = '\0';
	list_splice_init(&records, &old);
	list_add(&all->node, &records);
	records_nr = 1;
	spin_unlock_irqrestore(&records_lock, flags);
	list_for_each_entry_safe(record, next, &old, node)
		record_free(record);
	return 0;
	/* END TODO 7 */
}
