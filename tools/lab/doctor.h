/* SPDX-License-Identifier: GPL-2.0 */
/*
 * doctor.h - the probes of lab doctor. Each looks at one thing and adds what
 * it found; the table of them is in doctor.c.
 */
#ifndef LAB_DOCTOR_H
#define LAB_DOCTOR_H

#include "util.h"

enum finding_level {
	FINDING_OK,
	FINDING_WARN,		/* something works less well, or only in the VM */
	FINDING_BAD,		/* lab check cannot work */
};

struct finding {
	const char *probe;	/* name of the probe, for programs and tests */
	enum finding_level level;
	char *what;		/* one line */
	char *why;		/* why it matters; NULL when it is ok */
	char *mend;		/* the command; NULL when it is ok */
};

struct findings {
	struct finding *items;
	size_t count;
	const char *probe;	/* the one at work */
};

/* Texts are copied. */
void found_ok(struct findings *out, const char *what);
void found(struct findings *out, enum finding_level level, const char *what, const char *why,
	   const char *mend);

/*
 * A path of the machine, below $LAB_DOCTOR_ROOT where the tests set it; strf().
 * Under such a root the answers of programs stand in files .probe/NAME.
 */
const char *host_path(const char *path);
bool host_is_fake(void);
/* Text of such an answer without the newline at its end, strf(); NULL: none. */
const char *fake_answer(const char *name);
/* A file of the machine, first line only when line is set; strf(); NULL. */
const char *host_text(const char *path, bool line);
/* The release of the running kernel; strf(). */
const char *host_release(void);

/* probe_kernel.c: what stands between a module and the running kernel. */
void probe_headers(struct findings *out);
void probe_compiler(struct findings *out);
void probe_secure_boot(struct findings *out);
void probe_lockdown(struct findings *out);
void probe_signatures(struct findings *out);
void probe_modules(struct findings *out);
/* probe_machine.c: where we are and what is there. */
void probe_wsl(struct findings *out);
void probe_container(struct findings *out);
/* Asks KVM anew instead of trusting the answer kept since the last boot. */
extern bool doctor_refresh;
void probe_accelerator(struct findings *out);
void probe_qemu(struct findings *out);
void probe_disk(struct findings *out);
void probe_cache(struct findings *out);
void probe_packages(struct findings *out);
void probe_progress(struct findings *out);

#endif
