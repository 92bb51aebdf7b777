// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "judge_private.h"
#include "lane.h"
#include "proc.h"
#include "term.h"

uint64_t verdict_draw_seed(void)
{
	uint32_t seed;

	/* Short enough to be typed again. */
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) || !seed)
		seed = now_ms() | 1;
	return seed;
}

static char *job_text(const struct verdict *v, const struct judge_options *o,
		      const struct build *b)
{
	struct buf job = { 0 };

	buf_addf(&job, "kind=check\nenv=WB_SEED=%llu\nenv=WB_KERNEL=%s\n",
		 (unsigned long long)v->seed, v->kernel);
	buf_addf(&job, "env=WB_LANE=%s\nenv=WB_VARIANT=%s\n", v->lane,
		 v->variant);
	for (size_t i = 0; i < o->env.count; i++)
		buf_addf(&job, "env=%s\n", o->env.items[i]);
	/* Only where the kernel can make an allocation fail. */
	if (lane_find(v->lane) && lane_find(v->lane)->bit == LANE_MEMORY &&
	    !o->only)
		for (size_t i = 0; i < b->modules.count; i++)
			buf_addf(&job, "failnth=%s\n", b->modules.items[i]);
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
		  const struct judge_listener *l)
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
		if (r->unready && !strcmp(v->lane, "own")) {
			v->code = LAB_FAILED;
			v->why = xstrdup(r->why);
		} else {
			verdict_fault(v, r->why);
		}
	}
}

static void run_machine(struct verdict *v, const struct kernel *k,
			struct build *b,
			const struct lab_variant *variant,
			const struct judge_options *o)
{
	char *job = job_text(v, o, b), *cmdline;
	struct decoder *decoder = decode_begin(b);
	struct judge_listener l = {
		.verdict = v, .modules = &b->modules, .decoder = decoder,
	};
	struct vm_report r = { 0 };
	struct buf files = { 0 };

	if (build_pack(b, job, NULL, &files))
		verdict_fault(v, "the built files cannot be packed");
	else if (vm_memory_for(files.len) > v->lab->memory)
		verdict_fault(v, "the lab's files do not fit into the memory that its lab.ini gives");
	free(job);
	if (v->why) {
		buf_free(&files);
		decode_end(decoder);
		return;
	}
	build_unlock(b);
	cmdline = xasprintf("%s %s", v->lab->cmdline, variant->cmdline);
	v->stage = STAGE_MACHINE;
	l.progress = progress_begin("checking %s on Linux %s", v->lab->id,
				    k->name);
	vm_run(&(struct vm_spec){
		.kernel = k, .cpus = v->lab->cpus, .memory = v->lab->memory,
		.cmdline = cmdline, .cold = o->cold,
		.timeout = v->lab->timeout * (lane_find(k->name) ? 2 : 1), .files = files.data,
		.witness = o->witness, .files_len = files.len, .on_frame = judge_on_frame, .data = &l,
	}, &r);
	progress_drop(l.progress);
	ktap_finish(&v->ktap);
	judge_listen_end(&l, &r);
	if (v->ktap.plan)
		v->stage = STAGE_CHECK;
	v->restored = r.restored;
	v->witness = xstrdup(r.witness);
	v->ready_ms = r.ready_ms;
	v->run_ms = r.run_ms;
	v->console = xstrdup(r.console);
	weigh(v, &r, &l);
	if (v->lab->boot.initramfs && !lane_find(k->name) && v->stage == STAGE_CHECK &&
	    v->code != LAB_FAULT)
		judge_boot(v, k, l.out_done ? &l.out : NULL);
	judge_listen_free(&l);
	decode_end(decoder);
	vm_report_free(&r);
	buf_free(&files);
	free(cmdline);
}

/* Kept for the reader: everything, when it did not pass. */
static void keep_full_log(struct verdict *v, const char *path)
{
	char *dir = cache_path("logs"), *name;
	struct buf all = { 0 };

	if ((v->code == LAB_PASSED && !path) || mkdir_p(dir)) {
		free(dir);
		return;
	}
	name = xasprintf("%s-%s%s%s%s", v->lab->id,
			 lane_find(v->lane) ? v->lane : v->kernel,
			 *v->variant ? "-" : "", v->variant,
			 v->solution ? "-solution" : "");
	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '-';
	v->log_path = path ? xstrdup(path) :
		      xasprintf("%s/%s.log", dir, name);
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
		.lane = lane_find(kernel) ? lane_name(lane_find(kernel)) : "stock",
		.solution = o->of == BUILD_SOLUTION,
		.seed = o->seed ? o->seed : verdict_draw_seed(), .code = LAB_FAULT,
	};
	interrupt_hold();
	err = kernel_get(kernel, &k);
	if (err)
		verdict_fault(v, "the kernel cannot be had");
	v->release = xstrdup(err ? kernel : k.release);
	if (!err) {	/* a lane's kernel is one of a series */
		free(v->kernel);
		v->kernel = xstrdup(k.series);
	}
	if (!err) {
		err = o->build ? o->build(lab, &k, o->build_data, &b) :
		      build_lab(lab, &k, o->of, &b);
		if (err)
			verdict_fault(v, "the lab could not be built");
	}
	v->build_ms = now_ms() - begin;
	if (!err) {
		v->build_log = decode_paths(&b, b.log);
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
	keep_full_log(v, o->log_path);
	build_free(&b);
	kernel_free(&k);
	interrupt_release();
}

void verdict_free(struct verdict *v)
{
	findings_free(v->findings, v->finding_count);
	ktap_free(&v->ktap);
	buf_free(&v->log);
	free(v->kernel);
	free(v->release);
	free(v->build_log);
	free(v->console);
	free(v->witness);
	free(v->log_path);
	free(v->why);
	*v = (struct verdict){ 0 };
}
