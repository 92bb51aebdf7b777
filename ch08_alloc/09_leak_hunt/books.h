/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Books with notes, and sessions of readers who write notes. books.c is yours;
 * files.c calls it when somebody opens, writes and closes /proc/library.
 */
#ifndef BOOKS_H
#define BOOKS_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/types.h>

#define NAME_LONGEST	32	/* letters of a book's name */
#define SESSIONS_MOST	8	/* at the same time */

struct note {
	struct list_head node;
	char *text;
};

/**
 * struct book - a book
 * @node: in books, or nowhere
 * @ref: one reference for the list of books, one for each session that chose it
 * @name: its name
 * @notes: what was written into it
 */
struct book {
	struct list_head node;
	struct kref ref;
	char *name;
	struct list_head notes;
};

/**
 * struct session - somebody who has opened the file
 * @book: the book chosen last, or NULL
 */
struct session {
	struct book *book;
};

/* Caches of our own: /proc/slabinfo tells how many objects of each are in use. */
extern struct kmem_cache *book_cache, *note_cache, *session_cache;

/* All books. The caller of everything below makes sure that there is only one. */
extern struct list_head books;

/**
 * session_open() - begin
 *
 * Return: the session, or an error pointer: -ENOMEM, or -EBUSY when there are
 * SESSIONS_MOST already. After an error nobody calls session_close().
 */
struct session *session_open(void);
void session_close(struct session *session);

/**
 * session_choose() - choose a book; if there is none of that name, make it
 * @session: whose
 * @name: its name
 *
 * Return: 0, or -ENAMETOOLONG, or -ENOMEM; then the choice is what it was.
 */
int session_choose(struct session *session, const char *name);

/**
 * session_note() - write a note into the book that was chosen
 * @session: whose
 * @text: the note
 *
 * Return: 0, -ENOENT when no book was chosen, -ENOMEM.
 */
int session_note(struct session *session, const char *text);

/**
 * book_forget() - take a book off the list; it stays as long as somebody has chosen it
 * @name: its name
 *
 * Return: 0, or -ENOENT.
 */
int book_forget(const char *name);

#endif /* BOOKS_H */
