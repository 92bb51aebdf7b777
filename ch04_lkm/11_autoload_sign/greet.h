/* SPDX-License-Identifier: GPL-2.0 */
/* Between greet.ko, which has the device, and modules that know a language. */
#ifndef GREET_H
#define GREET_H

#include <linux/list.h>
#include <linux/module.h>

/* Minor numbers 243 to 254 of misc devices are for local use. */
#define GREET_MINOR	250
#define GREET_NAME_MAX	15	/* letters of a language's name */

/**
 * struct greet_language - one language, offered by a module
 * @name: what a user writes to /dev/greet; a-z, 0-9, '_' and '-'
 * @owner: the module that it is in, THIS_MODULE
 * @greeting: the text that a user then reads; may sleep
 * @list: for greet.ko
 */
struct greet_language {
	const char *name;
	struct module *owner;
	const char *(*greeting)(void);
	struct list_head list;
};

/* May sleep. 0, or -EEXIST: there is one of this name. */
int greet_register(struct greet_language *language);
void greet_unregister(struct greet_language *language);

#endif
