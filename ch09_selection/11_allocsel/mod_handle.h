/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that belongs to an open file. */
#ifndef MOD_HANDLE_H
#define MOD_HANDLE_H

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "mod.h"

/**
 * struct opener - an open file, and what it holds
 * @lock: taken to look a handle up and to change the numbers
 * @handles: struct handle by number
 * @next: the number after the last one given
 * @count: how many there are, those in the making included
 * @bytes: what they cost the machine
 */
struct opener {
	struct mutex lock;	/* of all below */
	struct xarray handles;
	u32 next;
	unsigned int count;
	u64 bytes;
};

/**
 * struct handle - one piece of memory
 * @job: how it came, and so how it goes
 * @cost: counted against its opener's limit
 * @maps: mappings of it
 */
struct handle {
	struct job job;
	u64 cost;
	atomic_t maps;
};

struct opener *opener_make(void);

/* Frees all that it holds; nothing is mapped when the file is closed. */
void opener_free(struct opener *opener);

/* The limit of every opener, in bytes. */
u64 opener_limit(void);

/* 0, or -EDQUOT when @handle would be more than the opener may hold. */
int handle_reserve(struct opener *opener, struct handle *handle);
void handle_unreserve(struct opener *opener, const struct handle *handle);

/*
 * Gives a handle whose job has memory its number; 0, or -errno, and then it is
 * freed. Afterwards it must not be touched: it can be found.
 */
int handle_publish(struct opener *opener, struct handle *handle, u32 *number);

/* 0, -ENOENT, or -EBUSY while it is mapped. */
int handle_free(struct opener *opener, u32 number);

/* Bytes of a handle that a process can map, 0 when it cannot. */
u64 handle_length(const struct handle *handle);

/* mmap() of the device file; the offset is the number. */
int handle_mmap(struct opener *opener, struct vm_area_struct *vma);

#endif /* MOD_HANDLE_H */
