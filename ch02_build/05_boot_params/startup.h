/* SPDX-License-Identifier: GPL-2.0 */
#ifndef STARTUP_H
#define STARTUP_H

struct kernel_param;

/* What the linker script of the kernel calls __setup_start and so on. */
extern const char wb_setup_end[], wb_initcall_end[];

/* parse_line() - hand each word to whom it belongs; changes the line */
void parse_line(char *line, const struct kernel_param *params, unsigned int num);

/* call_initcalls() - call the init functions of what is built in */
void call_initcalls(void);

#endif
