// SPDX-License-Identifier: GPL-2.0
/* A ledger of accounts. What each function has to do is in accounts.h. */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "accounts.h"
#include "faulty.h"

unsigned int sessions;

static void account_free(struct account *account)
{
	if (account)
		faulty_free(account->name);
	faulty_free(account);
}

void ledger_free(struct ledger *ledger)
{
	while (ledger->nr)
		account_free(ledger->accounts[--ledger->nr]);
	faulty_free(ledger->accounts);
	faulty_free(ledger->title);
	faulty_free(ledger);
}

void session_free(struct session *session)
{
	faulty_free(session->line);
	faulty_free(session);
	sessions--;
}

static struct account *ledger_find(struct ledger *ledger, const char *name)
{
	for (size_t i = 0; i < ledger->nr; i++)
		if (!strcmp(ledger->accounts[i]->name, name))
			return ledger->accounts[i];
	return NULL;
}

struct ledger *ledger_new(const char *title)
{
	/* TODO 1: a ledger, with a title and a table of ROOM_FIRST */
	struct ledger *ledger = faulty_alloc(sizeof(*ledger), GFP_KERNEL);

	if (!ledger)
		return ERR_PTR(-ENOMEM);
	ledger->title = faulty_strdup(title, GFP_KERNEL);
	ledger->accounts = faulty_array(ROOM_FIRST, sizeof(*ledger->accounts), GFP_KERNEL);
	if (!ledger->title || !ledger->accounts) {
		ledger_free(ledger);
		return ERR_PTR(-ENOMEM);
	}
	ledger->room = ROOM_FIRST;
	return ledger;
	/* END TODO 1 */
}

struct session *session_new(struct ledger *ledger)
{
	/* TODO 2: a session, with its line. It is counted when it is there. */
	struct session *session = faulty_alloc(sizeof(*session), GFP_KERNEL);

	if (!session)
		return ERR_PTR(-ENOMEM);
	session->line = faulty_alloc(LINE_LONGEST + 1, GFP_KERNEL);
	if (!session->line) {
		faulty_free(session);
		return ERR_PTR(-ENOMEM);
	}
	session->ledger = ledger;
	sessions++;
	return session;
	/* END TODO 2 */
}

static struct account *account_new(const char *name, long value)
{
	/* TODO 3: an account; NULL: there is no memory */
	struct account *account = faulty_alloc(sizeof(*account), GFP_KERNEL);

	if (!account)
		return NULL;
	account->name = faulty_strdup(name, GFP_KERNEL);
	if (!account->name) {
		faulty_free(account);
		return NULL;
	}
	account->value = value;
	return account;
	/* END TODO 3 */
}

/* Make room for so many accounts; 0, or -ENOMEM, and then the old table stays. */
static int ledger_grow(struct ledger *ledger, size_t needed)
{
	/* TODO 4: a larger table, when there is not enough room */
	size_t room = max(needed, 2 * ledger->room);
	struct account **table;

	if (needed <= ledger->room)
		return 0;
	table = faulty_resize(ledger->accounts, room, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	ledger->accounts = table;
	ledger->room = room;
	return 0;
	/* END TODO 4 */
}

int ledger_add(struct ledger *ledger, const char *name, long value)
{
	/* TODO 5: one account more */
	struct account *account;

	if (ledger_find(ledger, name))
		return -EEXIST;
	account = account_new(name, value);
	if (!account)
		return -ENOMEM;
	/* A table that is larger than it must be does no harm, if the account is given back. */
	if (ledger_grow(ledger, ledger->nr + 1)) {
		account_free(account);
		return -ENOMEM;
	}
	ledger->accounts[ledger->nr++] = account;
	return 0;
	/* END TODO 5 */
}

int ledger_batch(struct ledger *ledger, const char *prefix, unsigned int count)
{
	/* TODO 6: all of them, or none */
	size_t before = ledger->nr;
	int ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++) {
		char name[LINE_LONGEST + 20];

		snprintf(name, sizeof(name), "%s%u", prefix, i);
		ret = ledger_add(ledger, name, i);
	}
	while (ret && ledger->nr > before)
		account_free(ledger->accounts[--ledger->nr]);
	return ret;
	/* END TODO 6 */
}
