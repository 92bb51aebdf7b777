/* SPDX-License-Identifier: GPL-2.0 */
/* The text of a report, and the machine that requests are decided for. */
#ifndef MOD_REPORT_H
#define MOD_REPORT_H

#include <linux/seq_buf.h>

#include "alloc_request.h"

#define REPORT_SIZE 8192

struct report {
	char *text;
	struct seq_buf buf;
};

int report_init(struct report *report);
void report_clear(struct report *report);
void report_free(struct report *report);

/* Bytes of the report. */
size_t report_len(const struct report *report);

/* Writes the report into the kernel log, a line each. */
void report_log(const struct report *report);

/* The request of the module's parameters, NULL when none was given. */
const struct alloc_input *mod_params(void);

/* The ordinary request, and this machine as its environment. */
void mod_input_init(struct alloc_input *in);

#endif /* MOD_REPORT_H */
