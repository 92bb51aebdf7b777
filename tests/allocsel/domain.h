/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every request worth trying: each key with every value that can change a
 * decision, sizes on both sides of every limit, and each kind of machine.
 */
#ifndef DOMAIN_H
#define DOMAIN_H

#include "alloc_types.h"

/* What is done with each request. */
typedef void (*domain_visit)(const struct alloc_request *req,
			     const struct alloc_env *env, void *data);

/* Calls visit for each request; returns how many there were. */
u64 domain_each(domain_visit visit, void *data);

#endif /* DOMAIN_H */
