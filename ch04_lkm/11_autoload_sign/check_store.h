/* SPDX-License-Identifier: GPL-2.0 */
/* What a distribution does: /lib/modules, modprobe, device nodes, keys. */
#ifndef CHECK_STORE_H
#define CHECK_STORE_H

#include <stdbool.h>

#define STORE_CONF	"/etc/modprobe.d/greet.conf"
#define BUILDER		"builder.pem"

/*
 * /lib/modules/RELEASE with the modules of this directory (signed by the key, if
 * it is not NULL), depmod's tables for them, and modprobe where the kernel looks.
 */
void store_make(const char *key);
/* Adds a line to depmod's table of aliases: these words mean that module. */
void store_alias(const char *alias, const char *module);
/* The module that depmod's table gives for a name, malloc'd; NULL: none. */
char *store_lookup(const char *name);
/* One of the modinfo texts "TAG=TEXT" in a module's file. */
bool module_says(const char *file, const char *line);

/* signmod, which must succeed: file becomes signed. */
void sign_with(const char *key, const char *file, const char *is);
/* A new key, vouched for by BUILDER where builder is set. */
void key_new(const char *name, bool builder);
/* keys trust: does the kernel take the key from now on? */
bool key_trusted(const char *name);
/* keys verify: is file, with what is behind it, signed by the key? */
bool signature_verifies(const char *name, const char *file, const char *is);
/* Can this kernel be made to trust a key of ours? */
bool kernel_is_ours(void);
/* From now on, and until the machine ends, the kernel wants signatures. */
void enforce(void);

#endif
