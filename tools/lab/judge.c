// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "judge.h"
#include "proc.h"
#include "term.h"

#define LOG_MAX (1 << 20)
#define OUT_MAX (64u << 20)

struct listener {
	struct verdict *verdict;
	const struct strlist *modules;
	struct progress *progress;
	struct buf out;		/* the file that the check left for a boot */
	bool out_done;
	char *error;
};

/* "6 1234567 text": level, microseconds, message. */
static void keep_log(struct buf *log, const char *text)
{
	unsigned int level;
	unsigned long long usec;
	int n;

	if (log->len > LOG_MAX ||
	    sscanf(text, "%u %llu %n", &level, &usec, &n) < 2)
		return;
	buf_addf(log, "<%u>[%5llu.%06llu] %s\n", level, usec / 1000000,
		 usec % 1000000, text + n);
	if (log->len > LOG_MAX)
		buf_adds(log, "<4>[the log is full, the rest of it is left out]\n");
}

static void on_frame(void *data, const char *type, const char *text,
		     size_t len)
{
	struct listener *l = data;
	struct verdict *v = l->verdict;

	if (!strcmp(type, "ktap")) {
		ktap_feed(&v->ktap, text, len);
		if (v->ktap.count)
			progress_note(l->progress, "%zu of %u: %s",
				      v->ktap.count, v->ktap.plan,
				      v->ktap.tests[v->ktap.count - 1].name);
	} else if (!strcmp(type, "log")) {
		keep_log(&v->log, text);
	} else if (!strcmp(type, "error")) {
		free(l->error);
		l->error = xstrdup(text);
	} else if (!strcmp(type, "file") && l->out.len + len <= OUT_MAX) {
		buf_add(&l->out, text, len);
	} else if (!strcmp(type, "file-end")) {
		l->out_done = true;
	} else if (!strcmp(type, "health")) {
		const char *body = strchr(text, '\n');

		if (body && str_starts(text, "tainted"))
			gates_read_taint(body + 1, &v->findings,
					 &v->finding_count);
		else if (body && str_starts(text, "modules"))
			gates_read_modules(body + 1, l->modules, &v->findings,
					   &v->finding_count);
	}
}

uint64_t verdict_draw_seed(void)
{
	uint32_t seed;

	/* Short enough to be typed again. */
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) || !seed)
		seed = now_ms() | 1;
	return seed;
}

/* The student's file beside its copy: the compiler named the copy. */
static char *student_view(const char *log, const struct build *b)
{
	char *prefix = xasprintf("%s/", b->dir);
	struct buf out = { 0 };
	const char *p = log, *hit;

	while ((hit = strstr(p, prefix))) {
		buf_add(&out, p, hit - p);
		p = hit + strlen(prefix);
	}
	buf_adds(&out, p);
	free(prefix);
	return buf_steal(&out);
}

static char *job_text(const struct verdict *v, const struct judge_options *o)
{
	struct buf job = { 0 };

	buf_addf(&job, "kind=check\nenv=WB_SEED=%llu\nenv=WB_KERNEL=%s\n",
		 (unsigned long long)v->seed, v->kernel);
	buf_addf(&job, "env=WB_LANE=stock\nenv=WB_VARIANT=%s\n", v->variant);
	if (v->lab->boot.initramfs)
		buf_addf(&job, "send=%s\n", v->lab->boot.initramfs);
	if (o->only)
		buf_addf(&job, "only=%s\n", o->only);
	return buf_steal(&job);
}

void verdict_fault(struct verdict *v, const char *why)
{
	v->code = LAB_FAULT;
	if (!v->why)
		v->why = xstrdup(why);
}

static void weigh_results(struct verdict *v, int status)
{
	size_t count = v->ktap.count, bad = ktap_bad(&v->ktap);

	v->code = LAB_FAILED;
	if (ktap_number(&v->ktap, KTAP_TIMEOUT))
		v->code = LAB_TIMEOUT;
	else if (count != v->ktap.plan)
		v->why = xasprintf("%zu results came, where %u were announced",
				   count, v->ktap.plan);
	else if (!bad && status)
		v->why = xasprintf("the check program ended with status %d",
				   status);
	else if (!bad && !v->finding_count)
		v->code = LAB_PASSED;
}

/* The machine's end, the checks' results and the findings, as one code. */
static void weigh(struct verdict *v, const struct vm_report *r,
		  const struct listener *l)
{
	v->end = r->end;
	switch (r->end) {
	case VM_ENDED:
		if (l->error)
			verdict_fault(v, l->error);
		else if (!v->ktap.plan)
			verdict_fault(v, "the check program gave no results");
		else if (r->status == LAB_FAULT)
			verdict_fault(v, "the check program itself failed");
		else
			weigh_results(v, r->status);
		break;
	case VM_PANIC:
	case VM_RESET:
	case VM_POWEROFF:
		v->code = LAB_CRASHED;
		v->why = xstrdup(vm_end_text(r->end));
		break;
	case VM_GARBLED:
		v->code = LAB_FAILED;
		v->why = xstrdup(vm_end_text(r->end));
		break;
	case VM_TIMEOUT:
		v->code = LAB_TIMEOUT;
		v->why = xasprintf("no result within %u seconds",
				   v->lab->timeout);
		break;
	case VM_INTERRUPTED:
		verdict_fault(v, "interrupted");
		break;
	case VM_FAULT:
		verdict_fault(v, r->why);
	}
}

static void run_machine(struct verdict *v, const struct kernel *k,
			struct build *b,
			const struct lab_variant *variant,
			const struct judge_options *o)
{
	char *job = job_text(v, o), *cmdline;
	struct listener l = { .verdict = v, .modules = &b->modules };
	struct vm_report r = { 0 };
	struct buf files = { 0 };

	if (build_pack(b, job, NULL, &files)) {
		verdict_fault(v, "the built files cannot be packed");
		free(job);
		return;
	}
	if (vm_memory_for(files.len) > v->lab->memory) {
		verdict_fault(v, "the lab's files do not fit into the memory that its lab.ini gives");
		buf_free(&files);
		free(job);
		return;
	}
	build_unlock(b);
	cmdline = xasprintf("%s %s", v->lab->cmdline, variant->cmdline);
	v->stage = STAGE_MACHINE;
	l.progress = progress_begin("checking %s on Linux %s", v->lab->id,
				    v->kernel);
	vm_run(&(struct vm_spec){
		.kernel = k, .cpus = v->lab->cpus, .memory = v->lab->memory,
		.cmdline = cmdline, .cold = o->cold,
		.timeout = v->lab->timeout, .files = files.data,
		.files_len = files.len, .on_frame = on_frame, .data = &l,
	}, &r);
	progress_drop(l.progress);
	ktap_finish(&v->ktap);
	gates_read_log(v->log.data ? v->log.data : "", &v->findings,
		       &v->finding_count);
	if (r.end != VM_ENDED)
		gates_read_log(r.console, &v->findings, &v->finding_count);
	if (v->ktap.plan)
		v->stage = STAGE_CHECK;
	v->restored = r.restored;
	v->ready_ms = r.ready_ms;
	v->run_ms = r.run_ms;
	v->console = xstrdup(r.console);
	weigh(v, &r, &l);
	if (v->lab->boot.initramfs && v->stage == STAGE_CHECK &&
	    v->code != LAB_FAULT)
		judge_boot(v, k, l.out_done ? &l.out : NULL);
	free(l.error);
	buf_free(&l.out);
	vm_report_free(&r);
	buf_free(&files);
	free(cmdline);
	free(job);
}

/* Kept for the reader: everything, when it did not pass. */
static void keep_full_log(struct verdict *v)
{
	char *dir = cache_path("logs"), *name;
	struct buf all = { 0 };

	if (v->code == LAB_PASSED || mkdir_p(dir)) {
		free(dir);
		return;
	}
	name = xasprintf("%s-%s%s%s%s", v->lab->id, v->kernel,
			 *v->variant ? "-" : "", v->variant,
			 v->solution ? "-solution" : "");
	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '-';
	v->log_path = xasprintf("%s/%s.log", dir, name);
	buf_addf(&all, "== %s on Linux %s, seed %llu\n", v->lab->id, v->release,
		 (unsigned long long)v->seed);
	if (v->why)
		buf_addf(&all, "== %s\n", v->why);
	if (v->build_log)
		buf_addf(&all, "== build\n%s\n", v->build_log);
	for (size_t i = 0; i < v->ktap.count; i++)
		buf_addf(&all, "== %s: %s\n%s", v->ktap.tests[i].name,
			 v->ktap.tests[i].reason, v->ktap.tests[i].diagnostics);
	buf_addf(&all, "== kernel log\n%s", v->log.data ? v->log.data : "");
	buf_addf(&all, "== console\n%s", v->console ? v->console : "");
	if (write_whole(v->log_path, all.data, all.len)) {
		free(v->log_path);
		v->log_path = NULL;
	}
	buf_free(&all);
	free(name);
	free(dir);
}

void judge(const struct lab *lab, const char *kernel,
	   const struct lab_variant *variant,
	   const struct judge_options *o, struct verdict *v)
{
	int64_t begin = now_ms();
	struct kernel k = { 0 };
	struct build b = { .lock = -1 };
	int err;

	*v = (struct verdict){
		.lab = lab, .variant = variant->name, .kernel = xstrdup(kernel),
		.solution = o->of == BUILD_SOLUTION,
		.seed = o->seed ? o->seed : verdict_draw_seed(), .code = LAB_FAULT,
	};
	interrupt_hold();
	err = kernel_get(kernel, &k);
	if (err)
		verdict_fault(v, "the kernel cannot be had");
	v->release = xstrdup(err ? kernel : k.release);
	if (!err) {
		err = build_lab(lab, &k, o->of, &b);
		if (err)
			verdict_fault(v, "the lab could not be built");
	}
	v->build_ms = now_ms() - begin;
	if (!err) {
		v->build_log = student_view(b.log, &b);
		if (!b.ok)
			v->code = b.timed_out ? LAB_TIMEOUT : LAB_FAILED;
		else
			run_machine(v, &k, &b, variant, o);
	}
	if (interrupt_pending()) {
		free(v->why);
		v->why = NULL;
		verdict_fault(v, "interrupted");
	}
	v->total_ms = now_ms() - begin;
	keep_full_log(v);
	build_free(&b);
	kernel_free(&k);
	interrupt_release();
}

void verdict_free(struct verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++)
		free(v->findings[i].text);
	free(v->findings);
	ktap_free(&v->ktap);
	buf_free(&v->log);
	free(v->kernel);
	free(v->release);
	free(v->build_log);
	free(v->console);
	free(v->log_path);
	free(v->why);
	*v = (struct verdict){ 0 };
}
