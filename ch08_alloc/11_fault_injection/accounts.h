/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A ledger of accounts. accounts.c is yours; files.c calls it when somebody loads the module,
 * opens /dev/ledger, and writes to it.
 *
 * Memory comes from faulty.h. Any allocation may fail. Each function below then returns
 * -ENOMEM, and all is as it was before the call.
 */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include <linux/types.h>

#define ROOM_FIRST	4	/* accounts of a new ledger's table; doubled when it is full */
#define LINE_LONGEST	200

struct account {
	char *name;
	long value;
};

/**
 * struct ledger - the accounts
 * @title: of the ledger
 * @accounts: a table of pointers, in the order in which they were made
 * @nr: accounts that are in the table
 * @room: accounts that the table has room for
 */
struct ledger {
	char *title;
	struct account **accounts;
	size_t nr, room;
};

/**
 * struct session - somebody has opened the file
 * @ledger: which is in it
 * @line: LINE_LONGEST + 1 bytes for what is written
 */
struct session {
	struct ledger *ledger;
	char *line;
};

/* Sessions that there are. */
extern unsigned int sessions;

/* The caller of all of these makes sure that there is only one. */

/* Return: a ledger without accounts, or an error pointer. */
struct ledger *ledger_new(const char *title);
void ledger_free(struct ledger *ledger);

/* Return: a session, which is counted; or an error pointer. */
struct session *session_new(struct ledger *ledger);
void session_free(struct session *session);

/**
 * ledger_add() - make an account
 * @ledger: where
 * @name: its name
 * @value: what is on it
 *
 * Return: 0; -EEXIST when there is one of that name; -ENOMEM.
 */
int ledger_add(struct ledger *ledger, const char *name, long value);

/**
 * ledger_batch() - make many accounts, or none
 * @ledger: where
 * @prefix: their names are PREFIX0, PREFIX1, ...
 * @count: how many, 1000 at most
 *
 * The value of each is its number.
 *
 * Return: 0; -EEXIST when there is one of these names; -ENOMEM. Then none of them was made.
 */
int ledger_batch(struct ledger *ledger, const char *prefix, unsigned int count);

#endif /* ACCOUNTS_H */
