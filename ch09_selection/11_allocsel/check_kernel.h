/* SPDX-License-Identifier: GPL-2.0 */
/* Asking the module. */
#ifndef CHECK_KERNEL_H
#define CHECK_KERNEL_H

#define DEBUGFS "/sys/kernel/debug/allocsel/"

/* Loads the module afresh, with your rules and more parameters. */
void load_module(const char *params);
void unload_module(void);

/* What the module says about a request; *err is 0 or why it refused it. */
char *ask(const char *request, int *err);

/* Every property of the memory must hold. */
void expect_proof(const char *request);

/* The report becomes notes. */
void note_lines(char *text);

#endif /* CHECK_KERNEL_H */
