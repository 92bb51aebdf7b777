/* SPDX-License-Identifier: GPL-2.0 */
/* build_private.h - shared by build.c and build_copy.c; nobody else. */
#ifndef LAB_BUILD_PRIVATE_H
#define LAB_BUILD_PRIVATE_H

#include "build.h"

/* Directories are followed so deep; give it as depth to follow none. */
#define SYNC_DEPTH 8

/* What a lab's directory may hold that is not built. */
bool build_is_source(const char *name);
/* What a build leaves. */
bool build_is_output(const char *name);
/*
 * Copies the wanted files below from; what was copied is added to seen. Files
 * that are in over as well are left for the sync of that directory.
 */
int build_sync(const char *from, const char *over, const char *to,
	       bool (*wanted)(const char *), unsigned int depth,
	       struct strlist *seen);
/* A source that is gone must not be built from an old copy. */
void build_drop_stale(const char *dir, const struct strlist *seen);

#endif
