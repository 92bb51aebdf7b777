/* SPDX-License-Identifier: GPL-2.0 */
/* Requests made at run time. */
#ifndef CHECK_DRAW_H
#define CHECK_DRAW_H

#include "alloc_types.h"

/* Any request, and any machine. Sizes are mostly near to a limit. */
void draw_request(struct alloc_request *req);
void draw_env(struct alloc_env *env);

/* A request that can be performed on a small virtual machine. */
void draw_live(struct alloc_request *req);

#endif /* CHECK_DRAW_H */
