/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ASK_H
#define ASK_H

/* The main() of scripts/kconfig/conf.c; the makefile has given it this name. */
int conf_main(int argc, char **argv);

#endif
