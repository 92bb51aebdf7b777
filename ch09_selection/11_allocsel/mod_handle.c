// SPDX-License-Identifier: GPL-2.0
/*
 * Handles: what an open file holds, how much it may hold, and how a process
 * maps it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "mod_handle.h"

#define MAX_HANDLES 256

static unsigned long limit = 32UL << 20;
module_param(limit, ulong, 0644);
MODULE_PARM_DESC(limit, "bytes that an open file may hold");

u64 opener_limit(void)
{
	return READ_ONCE(limit);
}

struct opener *opener_make(void)
{
	struct opener *opener = kzalloc(sizeof(*opener), GFP_KERNEL);

	if (!opener)
		return NULL;
	mutex_init(&opener->lock);
	xa_init_flags(&opener->handles, XA_FLAGS_ALLOC1);
	return opener;
}

void opener_free(struct opener *opener)
{
	struct handle *handle;
	unsigned long number;

	xa_for_each(&opener->handles, number, handle) {
		job_put(&handle->job);
		kfree(handle);
	}
	xa_destroy(&opener->handles);
	mutex_destroy(&opener->lock);
	kfree(opener);
}

int handle_reserve(struct opener *opener, struct handle *handle)
{
	int err = 0;

	handle->cost = job_cost(&handle->job);
	mutex_lock(&opener->lock);
	if (opener->count >= MAX_HANDLES ||
	    opener->bytes + handle->cost > opener_limit()) {
		err = -EDQUOT;
	} else {
		opener->count++;
		opener->bytes += handle->cost;
	}
	mutex_unlock(&opener->lock);
	return err;
}

void handle_unreserve(struct opener *opener, const struct handle *handle)
{
	mutex_lock(&opener->lock);
	opener->count--;
	opener->bytes -= handle->cost;
	mutex_unlock(&opener->lock);
}

int handle_publish(struct opener *opener, struct handle *handle, u32 *number)
{
	int err;

	/* Numbers go round, so that an old one does not soon mean another. */
	err = xa_alloc_cyclic(&opener->handles, number, handle,
			      XA_LIMIT(1, 0xffffff), &opener->next, GFP_KERNEL);
	if (err >= 0)
		return 0;
	job_put(&handle->job);
	handle_unreserve(opener, handle);
	kfree(handle);
	return err;
}

int handle_free(struct opener *opener, u32 number)
{
	struct handle *handle;

	mutex_lock(&opener->lock);
	handle = xa_load(&opener->handles, number);
	if (!handle || atomic_read(&handle->maps)) {
		mutex_unlock(&opener->lock);
		return handle ? -EBUSY : -ENOENT;
	}
	xa_erase(&opener->handles, number);
	mutex_unlock(&opener->lock);
	/* Nobody else can find it any more. */
	job_put(&handle->job);
	handle_unreserve(opener, handle);
	kfree(handle);
	return 0;
}

u64 handle_length(const struct handle *handle)
{
	return alloc_apis[handle->job.api].map ?
	       PAGE_ALIGN(handle->job.total) : 0;
}

/* ---------------------------------------------------------------- mapping --- */

static void map_open(struct vm_area_struct *vma)
{
	struct handle *handle = vma->vm_private_data;

	atomic_inc(&handle->maps);
}

static void map_close(struct vm_area_struct *vma)
{
	struct handle *handle = vma->vm_private_data;

	atomic_dec(&handle->maps);
}

static const struct vm_operations_struct map_ops = {
	.open = map_open,
	.close = map_close,
};

static int map_pages(const struct job *job, struct vm_area_struct *vma)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < vma_pages(vma) && !err; i++)
		err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE,
				     virt_to_page(job->addr + i * PAGE_SIZE));
	return err;
}

static int map_job(const struct job *job, struct vm_area_struct *vma)
{
	/* The offset has told which handle; from here on it means pages. */
	vma->vm_pgoff = 0;
	switch (job->api) {
	case ALLOC_API_PAGES_EXACT:
		return map_pages(job, vma);
	case ALLOC_API_DMA_COHERENT:
		return dma_mmap_coherent(mod_dma_device(), vma, job->addr,
					 job->dma, job->total);
	case ALLOC_API_DMA_PAGES:
		return dma_mmap_pages(mod_dma_device(), vma, job->total,
				      job->page);
	case ALLOC_API_VMALLOC:		/* refused: it is not VM_USERMAP */
	case ALLOC_API_VMALLOC_USER:
		return remap_vmalloc_range(vma, job->addr, 0);
	default:
		return -EINVAL;
	}
}

int handle_mmap(struct opener *opener, struct vm_area_struct *vma)
{
	struct handle *handle;
	int err;

	mutex_lock(&opener->lock);
	handle = xa_load(&opener->handles, vma->vm_pgoff);
	if (!handle)
		err = -ENOENT;
	else if (!(vma->vm_flags & VM_SHARED) ||
		 vma_pages(vma) > PFN_UP(handle->job.total))
		err = -EINVAL;
	else
		err = map_job(&handle->job, vma);
	if (!err) {
		/* A child of the process has not asked for it. */
		vm_flags_set(vma, VM_DONTCOPY | VM_DONTEXPAND | VM_DONTDUMP);
		vma->vm_private_data = handle;
		vma->vm_ops = &map_ops;
		atomic_inc(&handle->maps);
	}
	mutex_unlock(&opener->lock);
	return err;
}
