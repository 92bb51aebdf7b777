// SPDX-License-Identifier: GPL-2.0
/* French for greet.ko */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>

#include "greet.h"

static char *text = "Bonjour";
module_param(text, charp, 0444);
MODULE_PARM_DESC(text, "the greeting");

static const char *greeting(void)
{
	return text;
}

static struct greet_language language = {
	.name = "fr",
	.owner = THIS_MODULE,
	.greeting = greeting,
};

static int __init french_init(void)
{
	return greet_register(&language);
}

static void __exit french_exit(void)
{
	greet_unregister(&language);
}

module_init(french_init);
module_exit(french_exit);

/* TODO 1: by which name does greet.ko ask for this module? */
MODULE_ALIAS("greet-fr");
/* END TODO 1 */
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("French for greet");
