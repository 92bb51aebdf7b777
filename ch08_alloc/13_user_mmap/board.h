/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A board: pages that a process and the kernel both write to. map.c is yours; files.c
 * makes a board for each file that is opened, and gives its pages back at the end.
 */
#ifndef BOARD_H
#define BOARD_H

#include <linux/atomic.h>
#include <linux/mm_types.h>

/**
 * struct board - the pages of one open file
 * @nr: how many
 * @pages: each one; they are not neighbours
 */
struct board {
	unsigned long nr;
	struct page *pages[];
};

extern atomic_t mappings;	/* how many mappings of boards there are */

/**
 * board_page() - a page for a board
 *
 * Return: the page, or NULL.
 */
struct page *board_page(void);

/**
 * board_map() - map pages of a board into a process
 * @board: the board
 * @vma: the addresses in the process. vma->vm_pgoff is the number of the board's page
 *	that shall be at vma->vm_start; vma_pages(vma) is how many there are to map
 *
 * Only shared mappings are possible, and only of pages that the board has. A mapping
 * cannot grow later.
 *
 * Context: process, with the address space locked for writing.
 * Return: 0, or -EINVAL, or what the kernel's functions return.
 */
int board_map(struct board *board, struct vm_area_struct *vma);

#endif /* BOARD_H */
