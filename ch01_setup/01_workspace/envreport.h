/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What envreport finds out, and who does it
 *
 * Each probe looks at some files and adds facts to the report. A fact is a
 * name, a value, and the reason: which file said so, or why nobody knows.
 */
#ifndef ENVREPORT_H
#define ENVREPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
/* The compiler compares the arguments with the format. */
#define LIKE_PRINTF_(fmt, first)	(format(printf, fmt, first))
#define PRINTF_(fmt, first)	__attribute__(LIKE_PRINTF_(fmt, first))

/**
 * struct fact - one line of the report
 * @name: "secure_boot"; a literal
 * @value: one word or line, or NULL when it is not known
 * @why: where that comes from, or why it is not known
 */
struct fact {
	const char *name;
	char *value;
	char *why;
};

/**
 * struct kconfig - an option of the kernel's configuration
 * @name: "CONFIG_MODULES"
 * @purpose: what it is good for
 */
struct kconfig {
	const char *name;
	const char *purpose;
};

#define KCONFIGS	20
extern const struct kconfig kconfigs[KCONFIGS];	/* config.c */

struct report {
	int root;		/* directory that stands for / */
	bool is_real_root;
	const char *cc;		/* the compiler of this machine */
	struct fact fact[32];
	size_t facts;
	/* Of kconfigs[]: "y", "m", "n", a number, a string; NULL: not mentioned. */
	char *option[KCONFIGS];
};

/* Add a fact; value may be NULL: not known. The texts are copied. */
void add_fact(struct report *report, const char *name, const char *value,
	      const char *why, ...) PRINTF_(4, 5);
/* The value of a fact that has been added; "" if it is not known. */
const char *fact_value(const struct report *report, const char *name);
/* The same for an option of the configuration. */
const char *option_value(const struct report *report, const char *name);

/* print.c */
void print_text(const struct report *report);
void print_json(const struct report *report);

/* The probes, in the order of the report. */
void probe_release(struct report *report);	/* place.c */
void probe_config(struct report *report);	/* config.c */
void probe_headers(struct report *report);	/* place.c */
void probe_security(struct report *report);	/* security.c */
void probe_secure_boot(struct report *report);	/* security.c */
void probe_place(struct report *report);	/* place.c */
void probe_compilers(struct report *report);	/* compiler.c */
void probe_taint(struct report *report);	/* security.c */

/* root.c: files below the root; no symlink leads out of it */

int root_open(struct report *report, const char *path);
/*
 * A whole file with a NUL behind it, its length in *len unless len is NULL.
 * NULL and errno on failure; EFBIG when it is longer than 32 MiB.
 */
char *root_read(struct report *report, const char *path, size_t *len);
/* Its first line only, without the newline. */
char *root_read_line(struct report *report, const char *path);
bool root_exists(struct report *report, const char *path);

/* format() - like asprintf(), but ends the program when there is no memory */
char *format(const char *fmt, ...) PRINTF_(1, 2);
/* give_up() - say why, and end the program */
noreturn void give_up(const char *fmt, ...) PRINTF_(1, 2);

#endif
