// SPDX-License-Identifier: GPL-2.0
/* Books with notes, and sessions. What each function has to do is in books.h. */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "books.h"

LIST_HEAD(books);
static unsigned int sessions;

static struct book *book_new(const char *name)
{
	/* TODO 1: make a book, and put it on the list */
	struct book *book = kmem_cache_zalloc(book_cache, GFP_KERNEL);

	if (!book)
		return ERR_PTR(-ENOMEM);
	kref_init(&book->ref);
	INIT_LIST_HEAD(&book->notes);
	if (strlen(name) > NAME_LONGEST)
		return ERR_PTR(-ENAMETOOLONG);
	book->name = kstrdup(name, GFP_KERNEL);
	if (!book->name) {
		kmem_cache_free(book_cache, book);
		return ERR_PTR(-ENOMEM);
	}
	list_add_tail(&book->node, &books);
	return book;
	/* END TODO 1 */
}

/* The last reference is gone. */
static void book_release(struct kref *ref)
{
	/* TODO 2: give back all that the book has */
	struct book *book = container_of(ref, struct book, ref);
	struct note *note, *next;

	list_for_each_entry_safe(note, next, &book->notes, node) {
		list_del(&note->node);
		kmem_cache_free(note_cache, note);
	}
	kfree(book->name);
	kmem_cache_free(book_cache, book);
	/* END TODO 2 */
}

static struct book *book_find(const char *name)
{
	struct book *book;

	list_for_each_entry(book, &books, node)
		if (!strcmp(book->name, name))
			return book;
	return NULL;
}

int book_forget(const char *name)
{
	struct book *book = book_find(name);

	if (!book)
		return -ENOENT;
	list_del(&book->node);
	kref_put(&book->ref, book_release);
	return 0;
}

struct session *session_open(void)
{
	/* TODO 3: one of at most SESSIONS_MOST */
	struct session *session = kmem_cache_zalloc(session_cache, GFP_KERNEL);

	if (!session)
		return ERR_PTR(-ENOMEM);
	if (++sessions > SESSIONS_MOST)
		return ERR_PTR(-EBUSY);
	return session;
	/* END TODO 3 */
}

void session_close(struct session *session)
{
	/* TODO 4: give back what the session has */
	if (session->book)
		kref_put(&session->book->ref, book_release);
	kmem_cache_free(session_cache, session);
	sessions--;
	/* END TODO 4 */
}

int session_choose(struct session *session, const char *name)
{
	/* TODO 5: choose the book; it must not go away while it is chosen */
	struct book *book = book_find(name);

	if (!book)
		book = book_new(name);
	if (IS_ERR(book))
		return PTR_ERR(book);
	kref_get(&book->ref);
	session->book = book;
	return 0;
	/* END TODO 5 */
}

int session_note(struct session *session, const char *text)
{
	/* TODO 6: a note at the end of the book */
	struct note *note;

	if (!session->book)
		return -ENOENT;
	note = kmem_cache_zalloc(note_cache, GFP_KERNEL);
	if (!note)
		return -ENOMEM;
	note->text = kstrdup(text, GFP_KERNEL);
	if (!note->text) {
		kmem_cache_free(note_cache, note);
		return -ENOMEM;
	}
	list_add_tail(&note->node, &session->book->notes);
	return 0;
	/* END TODO 6 */
}
