// SPDX-License-Identifier: GPL-2.0
/* main.c - interleaved runs, and what came of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "cache.h"
#include "proc.h"
#include "term.h"
#include "vm.h"

static struct request {
	const struct lab *lab;
	const char *check;
	struct kernel kernel;
	struct accel_report accel;
	uint64_t runs, many, class;
} rq;

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static uint64_t number(const char *name, uint64_t otherwise, uint64_t most)
{
	uint64_t value = otherwise;
	const char *text = setting(name, NULL);

	if (text && !parse_u64(text, 1, most, &value))
		die(strf("%s=%s is no number from 1 to %llu", name, text, (unsigned long long)most));
	return value;
}

static void progress(const char *what, uint64_t i, uint64_t of)
{
	fprintf(stderr, "bench: %s %llu of %llu\n", what, (unsigned long long)i,
		(unsigned long long)of);
}

/* How many submissions a minute, two at a time, each by one of two workers. */
static double two_at_a_time(const struct place *places, uint64_t count, bool hand)
{
	int64_t begin = now_us();
	pid_t pids[2];

	for (unsigned int w = 0; w < 2; w++) {
		fflush(NULL);
		pids[w] = fork();
		if (pids[w])
			continue;
		for (uint64_t i = w; i < count; i += 2) {
			place_edit(&places[w], strf("submission %llu", (unsigned long long)i));
			if (hand)
				by_hand(&places[w], rq.lab, &rq.kernel,
					rq.accel.accel == ACCEL_KVM, NULL);
			else
				by_lab(&places[w], rq.lab, rq.check, "stock", NULL);
		}
		_exit(0);
	}
	for (unsigned int w = 0; w < 2; w++) {
		int status;

		if (waitpid(pids[w], &status, 0) < 0 || status)
			die("a worker failed");
	}
	return count * 60e6 / (now_us() - begin);
}

static void print_line(const char *name, const struct times *whole, const struct times *cpu,
		       const char *parts, const struct hand *hand)
{
	printf("  %-28s %6.0f ms, %6.0f ms of CPU", name, ms_of(whole), ms_of(cpu));
	if (hand)
		printf("; by hand takes %.1f times as long, %.1f times the CPU",
		       ms_of(&hand->whole) / ms_of(whole), ms_of(&hand->cpu) / ms_of(cpu));
	printf("\n  %-28s %s\n", "", parts);
}

static const char *quick_parts(const struct quick *q)
{
	return strf("build %.0f, restore %.0f, check %.0f, the rest %.0f", ms_of(&q->build),
		    ms_of(&q->ready), ms_of(&q->run), ms_of(&q->rest));
}

/* The kernel with KASAN and the like, where it was built and the lab names it. */
static bool has_memory_lane(void)
{
	struct kernel k;
	bool here = rq.lab->lanes & LANE_MEMORY && !kernel_load("memory", &k);

	if (here)
		kernel_free(&k);
	return here;
}

static void bench_single(const struct place *place)
{
	bool memory = has_memory_lane();
	struct quick only = { 0 }, all = { 0 }, both = { 0 };
	struct hand hand = { 0 };
	struct floor floor = { 0 };
	double tools, lowest;

	for (uint64_t i = 1; i <= rq.runs; i++) {
		progress("run", i, rq.runs);
		place_edit(&place[0], strf("run %llu", (unsigned long long)i));
		by_hand(&place[0], rq.lab, &rq.kernel, rq.accel.accel == ACCEL_KVM, &hand);
		place_edit(&place[1], strf("run %llu", (unsigned long long)i));
		by_lab(&place[1], rq.lab, rq.check, "stock", &only);
		place_edit(&place[1], strf("again %llu", (unsigned long long)i));
		by_lab(&place[1], rq.lab, NULL, "stock", &all);
		if (memory) {
			place_edit(&place[1], strf("both %llu", (unsigned long long)i));
			by_lab(&place[1], rq.lab, rq.check, "stock,memory", &both);
		}
		run_floor(&place[1], rq.lab, &floor);
	}
	tools = ms_of(&floor.compiler) + ms_of(&floor.modpost) + ms_of(&floor.linker);
	lowest = tools + ms_of(&only.run);
	print_line("by hand", &hand.whole, &hand.cpu,
		   strf("make %.0f; cold boot, load, unload, power off %.0f", ms_of(&hand.make),
			ms_of(&hand.machine)), NULL);
	print_line(strf("lab check --only %s", rq.check), &only.whole, &only.cpu,
		   quick_parts(&only), &hand);
	if (memory)
		print_line("  and in the memory lane", &both.whole, &both.cpu, quick_parts(&both),
			   &hand);
	else
		printf("  (the memory lane is not there: lab kernel build memory)\n");
	print_line("lab check", &all.whole, &all.cpu, quick_parts(&all), &hand);
	printf("  %-28s %6.0f ms: compiler and objtool %.0f, modpost %.0f, linker %.0f, guest %.0f\n"
	       "  %-28s lab check --only %s takes %.1f times that\n",
	       "the floor", lowest, ms_of(&floor.compiler), ms_of(&floor.modpost),
	       ms_of(&floor.linker), ms_of(&only.run), "", rq.check, ms_of(&only.whole) / lowest);
}

static void bench(const char *dir, const char *cache)
{
	struct memory memory = { 0 };
	struct place places[4];
	double load = 0, quick, hand;

	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++) {
		place_make(&places[i], strf("%s/%u", dir, i), rq.lab, cache);
		place_edit(&places[i], "warm");
		if (i % 2)
			by_lab(&places[i], rq.lab, NULL, has_memory_lane() ? "stock,memory" : "stock", NULL);
		else
			by_hand(&places[i], rq.lab, &rq.kernel, rq.accel.accel == ACCEL_KVM, NULL);
	}
	getloadavg(&load, 1);
	printf("%s on Linux %s: medians of %llu interleaved runs, the source edited before each\n"
	       "%ld cores, %s, load average at the start %.1f\n\n", rq.lab->id, rq.kernel.release,
	       (unsigned long long)rq.runs, sysconf(_SC_NPROCESSORS_ONLN),
	       rq.accel.accel == ACCEL_KVM ? "KVM" : "no KVM", load);
	fflush(stdout);
	bench_single(places);
	progress("two at a time, submissions:", rq.many, rq.many);
	/* The by-hand places do for both ways: what one way built stays there. */
	by_lab(&places[2], rq.lab, NULL, "stock", NULL);
	quick = two_at_a_time(&places[2], rq.many, false);
	hand = two_at_a_time(&places[2], rq.many / 8 + 2, true);
	measure_memory(&places[1], rq.lab, &memory);
	printf("\n  %llu submissions, two at a time: %.1f a minute with lab check --only %s,\n"
	       "  %.1f by hand: %.1f times as many\n",
	       (unsigned long long)rq.many, quick, rq.check, hand, quick / hand);
	printf("  a saved machine takes %lu MiB of disk; one that runs from it %lu MiB of memory at most,\n"
	       "  %lu of them its own, the others the saved ones, which all that run share\n",
	       memory.disk_kib >> 10, memory.peak_kib >> 10, memory.own_kib >> 10);
	fflush(stdout);
	progress("a class of submissions:", rq.class, rq.class);
	bench_grade(dir, &places[2], rq.lab, rq.many / 5 + 2, rq.class);
}

int main(void)
{
	const char *name = setting("LAB", "ch04_lkm/01_hello");
	struct labs labs;
	char *dir, *cache;

	term_init();
	interrupt_init();
	interrupt_hold();
	progress_silence();
	rq.runs = number("RUNS", 7, RUNS_MAX);
	rq.many = number("MANY", 50, 10000);
	rq.class = number("CLASS", 1000, 10000);
	rq.check = setting("CHECK", "unloads");
	setenv("LAB_ROOT", LAB_TOP, 1);
	if (labs_load(LAB_TOP, &labs))
		return 5;
	rq.lab = lab_find(&labs, name);
	if (!rq.lab || kernel_get("6.1", &rq.kernel) || accel_probe(false, &rq.accel))
		return 5;
	cache = xstrdup(cache_dir());
	mkdir_p(strf("%s/states", cache));
	dir = cache_tmpdir("bench");
	if (!dir)
		return 5;
	bench(dir, cache);
	rm_rf(dir);
	free(dir);
	free(cache);
	kernel_free(&rq.kernel);
	labs_free(&labs);
	interrupt_release();
	return 0;
}
