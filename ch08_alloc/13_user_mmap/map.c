// SPDX-License-Identifier: GPL-2.0
/* Pages of the kernel in a process. What each function has to do is in board.h. */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "compat.h"

#include "board.h"

atomic_t mappings = ATOMIC_INIT(0);

struct page *board_page(void)
{
	/* TODO 1: what was in it before must never be seen by a process */
	return alloc_page(GFP_KERNEL);
	/* END TODO 1 */
}

/* Does the board have all of these pages? A process chose both numbers. */
static bool board_has(const struct board *board, unsigned long first, unsigned long nr)
{
	/* TODO 2: a sum may be too large for its type */
	return false;
	/* END TODO 2 */
}

/* A mapping was copied, by fork(), or cut in two. Called for the new one. */
static void board_vma_open(struct vm_area_struct *vma)
{
	/* TODO 3: count it */
	/* END TODO 3 */
}

/* A mapping goes. */
static void board_vma_close(struct vm_area_struct *vma)
{
	/* TODO 4: count it */
	/* END TODO 4 */
}

static const struct vm_operations_struct board_vm_ops = {
	.open = board_vma_open,
	.close = board_vma_close,
};

int board_map(struct board *board, struct vm_area_struct *vma)
{
	/* TODO 5: test what is asked for, and map it page by page */
	if (!board_has(board, vma->vm_pgoff, vma_pages(vma)))
		return -EINVAL;
	vma->vm_ops = &board_vm_ops;
	return -EOPNOTSUPP;
	/* END TODO 5 */
}
