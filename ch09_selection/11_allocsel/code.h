/* SPDX-License-Identifier: GPL-2.0 */
/* The C code of one allocation, in pieces and put together. */
#ifndef CODE_H
#define CODE_H

#include <stdio.h>

#include "alloc_types.h"

#define CODE_LEN 480

/**
 * struct code - the pieces; each may be empty
 * @headers: what to include beside the common ones, a line each
 * @members: further members of struct buffer, a line each
 * @type: the type of the member that holds the memory
 * @needs_dev: the functions take a struct device
 * @alloc: the expression that allocates
 * @free: the statement that frees
 * @setup: the statement that makes the cache or pool, before the first use
 * @teardown: the statement that destroys it
 * @pool: type and name of the cache or pool
 * @data: the expression for the address, when the member is not the address
 * @unmapped: the condition under which memory that is there is no good
 * @map: the statement that maps the memory, in an mmap method
 * @total: the bytes, as an expression
 */
struct code {
	char headers[CODE_LEN];
	char members[CODE_LEN];
	const char *type;
	bool needs_dev;
	char alloc[CODE_LEN];
	char free[CODE_LEN];
	char setup[CODE_LEN];
	char teardown[CODE_LEN];
	const char *pool;
	const char *data;
	const char *unmapped;
	char map[CODE_LEN];
	char total[96];
};

/* Fills the pieces for a decision that is no refusal. */
void code_make(struct code *code, const struct alloc_request *req,
	       const struct alloc_decision *decision);

/* A comment with the request, then the code; of a refusal the comment alone. */
void code_print(FILE *out, const struct alloc_request *req,
		const struct alloc_decision *decision);

#endif /* CODE_H */
