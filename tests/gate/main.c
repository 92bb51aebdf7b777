// SPDX-License-Identifier: GPL-2.0
/*
 * gate [--root DIR] [--labs "ID ID"] [--kernels "K K"] [--form] [--style] [--verdicts]
 *	[--mutants | --all-mutants] [--page FILE] [--cold] [--others]
 * --cold adds the verdicts of machines that are booted, not restored. --others: the
 * first kernel was judged before, and with it what is said once. --page: where the
 * table of all mutants goes, with what became of each.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "until.h"
#include "gate.h"
#include "proc.h"
#include "term.h"

static bool chosen(const struct gate *gate, const struct lab *lab)
{
	return !gate->chosen.count || strlist_has(&gate->chosen, lab->id);
}

size_t gate_count(const struct gate *gate)
{
	size_t n = 0;

	for (size_t i = 0; i < gate->labs.count; i++)
		n += chosen(gate, gate->labs.items[i]);
	for (size_t i = 0; i < gate->labs.foreign_count; i++)
		n += chosen(gate, gate->labs.foreign[i]);
	return n;
}

const struct lab *gate_lab(const struct gate *gate, size_t nth)
{
	for (size_t i = 0; i < gate->labs.count; i++)
		if (chosen(gate, gate->labs.items[i]) && !nth--)
			return gate->labs.items[i];
	for (size_t i = 0; i < gate->labs.foreign_count; i++)
		if (chosen(gate, gate->labs.foreign[i]) && !nth--)
			return gate->labs.foreign[i];
	abort();
}

/* tests/kernel/NAME have the form of labs. */
static void find_test_labs(struct gate *gate)
{
	char *dir = xasprintf("%s/tests/kernel", gate->root);
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (is_file(strf("%s/%s/lab.ini", dir, names.items[i])) &&
		    !lab_find(&gate->labs, strf("%s/%s", dir, names.items[i])))
			fail("tree", "tests/kernel/%s cannot be read",
			     names.items[i]);
	strlist_free(&names);
	free(dir);
}

static void check_forms(struct gate *gate)
{
	if (!gate->chosen.count)
		check_tree(gate);
	for (size_t i = 0; i < gate_count(gate); i++)
		check_form(gate, gate_lab(gate, i));
}

static void check_cold(struct gate *gate)
{
	gate->cold = true;
	check_verdicts(gate);
	gate->cold = false;
}

/*
 * Where the time may not suffice for all kernels, it is not always the same that is
 * left out.
 */
static void shuffle(struct strlist *kernels)
{
	srandom(now_ms());
	for (size_t i = kernels->count; i-- > 1;) {
		size_t other = random() % (i + 1);
		char *item = kernels->items[i];

		kernels->items[i] = kernels->items[other];
		kernels->items[other] = item;
	}
}

/* One part of the work, and where the time goes. */
static void part(struct gate *gate, const char *name, void (*run)(struct gate *gate))
{
	int64_t begin = now_ms();

	run(gate);
	printf("-- %s%s%s: %lld s\n", name, gate->kernel ? " on " : "",
	       gate->kernel ? gate->kernel : "", (long long)(now_ms() - begin) / 1000);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "labs", required_argument, NULL, 'l' },
		{ "kernels", required_argument, NULL, 'k' },
		{ "form", no_argument, NULL, 'f' },
		{ "style", no_argument, NULL, 's' },
		{ "verdicts", no_argument, NULL, 'v' },
		{ "mutants", no_argument, NULL, 'm' },
		{ "page", required_argument, NULL, 'p' },
		{ "all-mutants", no_argument, NULL, 'a' },
		{ "cold", no_argument, NULL, 'c' },
		{ "others", no_argument, NULL, 'o' },
		{ 0 }
	};
	bool form = false, style = false, verdicts = false, mutants = false;
	bool cold = false, others = false;
	const char *kernels = "6.1 6.1-rt 6.12";
	struct gate gate = { .root = getenv("LAB_ROOT") };
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'r':
			gate.root = optarg;
			break;
		case 'l':
			strlist_split(&gate.chosen, optarg, " ,");
			break;
		case 'k':
			kernels = optarg;
			break;
		case 'f':
			form = true;
			break;
		case 's':
			style = true;
			break;
		case 'v':
			verdicts = true;
			break;
		case 'm':
			mutants = true;
			break;
		case 'p':
			mutants = gate.all_mutants = true;
			gate.page = optarg;
			break;
		case 'a':
			mutants = gate.all_mutants = true;
			break;
		case 'c':
			cold = true;
			break;
		case 'o':
			others = true;
			break;
		default:
			return LAB_USAGE;
		}
	}
	if (!gate.root)
		return LAB_USAGE;
	gate.root = realpath(gate.root, NULL);
	if (!gate.root)
		return LAB_USAGE;
	if (!form && !style && !verdicts && !mutants && !cold)
		form = style = verdicts = mutants = true;
	setenv("LAB_ROOT", gate.root, 1);
	term_init();
	interrupt_init();
	results_init();
	strlist_split(&gate.kernels, kernels, " ,");
	if (others && time_is_limited())
		shuffle(&gate.kernels);
	labs_load(gate.root, &gate.labs);
	find_test_labs(&gate);
	memo_prepare(&gate);
	if (gate.chosen.count != gate_count(&gate) && gate.chosen.count)
		fail("gate", "--labs names a lab that is not there");
	if (form && !others)
		part(&gate, "form", check_forms);
	/* What comes first is what there is time for: all of one kernel. */
	for (size_t i = 0; i < gate.kernels.count; i++) {
		gate.kernel = gate.kernels.items[i];
		if (style && !i && !others)
			part(&gate, "style of files", check_files);
		if (style)
			part(&gate, "style of modules", check_modules);
		if (verdicts)
			part(&gate, "verdicts", check_verdicts);
		if (cold)
			part(&gate, "cold verdicts", check_cold);
		if (mutants && !i && !others)
			part(&gate, "mutants", check_mutants);
	}
	labs_free(&gate.labs);
	strlist_free(&gate.chosen);
	strlist_free(&gate.kernels);
	free((char *)gate.root);
	return results_print();
}
