// SPDX-License-Identifier: GPL-2.0
#include "questions.h"

const struct question_text question_texts[ALLOC_NR_QUESTIONS] = {
	[ALLOC_Q_EMPTY] = {
		"Is the total 0?", "0 bytes" },
	[ALLOC_Q_OVERFLOW] = {
		"Does size * nmemb need more than 64 bits?", "product wraps" },
	[ALLOC_Q_OVER_RAM] = {
		"Is it more than the RAM of the machine?", "> RAM" },
	[ALLOC_Q_EARLY] = {
		"Is it early boot, before the page allocator is up?",
		"early boot" },
	[ALLOC_Q_BUILTIN] = {
		"Is the code built into the kernel?", "built in" },
	[ALLOC_Q_NMI] = {
		"Is it called in an NMI?", "in an NMI" },
	[ALLOC_Q_PERCPU] = {
		"Is one copy for every CPU wanted?", "per CPU" },
	[ALLOC_Q_NOFAIL] = {
		"Is the caller unable to handle failure?", "nofail" },
	[ALLOC_Q_MUST] = {
		"Must work in flight always make progress?",
		"must make progress" },
	[ALLOC_Q_SLEEP] = {
		"May the caller sleep?", "may sleep" },
	[ALLOC_Q_DMA] = {
		"Does a device read or write it?", "DMA" },
	[ALLOC_Q_COHERENT] = {
		"Must device and CPU see the same without syncs?",
		"coherent DMA" },
	[ALLOC_Q_PHYS] = {
		"Must it be physically contiguous?", "contiguous" },
	[ALLOC_Q_CONTIG_PHYS] = {
		"Contiguous even where an IOMMU could translate?",
		"contig=phys" },
	[ALLOC_Q_USER_MAP] = {
		"Will a process map it?", "mapped by a process" },
	[ALLOC_Q_MANY] = {
		"Do many objects of this size come and go?",
		"many equal objects" },
	[ALLOC_Q_DEVICE] = {
		"Does it live as long as a device?", "device lifetime" },
	[ALLOC_Q_NODE] = {
		"Is a NUMA node preferred?", "node preferred" },
	[ALLOC_Q_OBJ_OVER_PAGE] = {
		"Is one object larger than 4 KiB?", "object > 4 KiB" },
	[ALLOC_Q_OBJ_OVER_SLAB] = {
		"Is one object larger than 8 KiB?", "object > 8 KiB" },
	[ALLOC_Q_OVER_PAGE] = {
		"Is it more than 4 KiB?", "> 4 KiB" },
	[ALLOC_Q_OVER_SLAB] = {
		"Is it more than 8 KiB?", "> 8 KiB" },
	[ALLOC_Q_OVER_PCPU] = {
		"Is it more than 32 KiB?", "> 32 KiB" },
	[ALLOC_Q_OVER_KMAX] = {
		"Is it more than KMALLOC_MAX_SIZE, 4 MiB?", "> 4 MiB" },
	[ALLOC_Q_OVER_INT_MAX] = {
		"Is it more than INT_MAX, 2 GiB - 1?", "> INT_MAX" },
	[ALLOC_Q_CMA_FITS] = {
		"Is the contiguous memory area (CMA) large enough?",
		"fits into CMA" },
	[ALLOC_Q_IOMMU] = {
		"Does an IOMMU translate for the device?", "IOMMU" },
};

/*
 * In every request at least one question of .no is answered no, or one of
 * .yes is answered yes.
 */
static const struct law laws[NR_LAWS] = {
	{ Q(OVER_INT_MAX), Q(OVER_KMAX) },
	{ Q(OVER_KMAX), Q(OVER_PCPU) },
	{ Q(OVER_PCPU), Q(OVER_SLAB) },
	{ Q(OVER_SLAB), Q(OVER_PAGE) },
	{ Q(OBJ_OVER_SLAB), Q(OBJ_OVER_PAGE) },
	{ Q(OBJ_OVER_PAGE), Q(OVER_PAGE) },
	{ Q(OBJ_OVER_SLAB), Q(OVER_SLAB) },
	{ Q(COHERENT), Q(DMA) },
	{ Q(CONTIG_PHYS), Q(PHYS) },
	{ Q(DMA), Q(COHERENT) | Q(PHYS) },
	{ Q(PHYS), Q(CONTIG_PHYS) | Q(DMA) },
	{ Q(PHYS) | Q(COHERENT), Q(CONTIG_PHYS) },
	{ Q(NOFAIL) | Q(MUST), 0 },
	{ Q(NMI) | Q(SLEEP), 0 },
};

bool knowledge_close(struct knowledge *known)
{
	bool changed = true;
	size_t i;

	while (changed) {
		changed = false;
		for (i = 0; i < NR_LAWS; i++) {
			u32 no = laws[i].no & ~known->yes;
			u32 yes = laws[i].yes & ~known->no;
			u32 open = no | yes;

			if (laws[i].no & known->no || laws[i].yes & known->yes)
				continue;
			if (!open)
				return false;
			if (open & (open - 1))
				continue;
			known->no |= no;
			known->yes |= yes;
			changed = true;
		}
	}
	return true;
}

bool knowledge_add(struct knowledge *known, int question, bool answer)
{
	if (answer)
		known->yes |= 1U << question;
	else
		known->no |= 1U << question;
	return !(known->yes & known->no) && knowledge_close(known);
}

size_t knowledge_open_laws(struct knowledge known, u32 questions,
			   struct law *open)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < NR_LAWS; i++) {
		struct law law = {
			.no = laws[i].no & ~known.yes,
			.yes = laws[i].yes & ~known.no,
		};

		if (laws[i].no & known.no || laws[i].yes & known.yes)
			continue;
		if ((law.no | law.yes) & questions)
			open[count++] = law;
	}
	return count;
}

static enum truth term_truth(const struct alloc_term *term,
			     struct knowledge known)
{
	if (term->all & known.no || term->none & known.yes)
		return FAILS;
	if (term->any && !(term->any & ~known.no))
		return FAILS;
	if (term->all & ~known.yes || term->none & ~known.no)
		return UNKNOWN;
	return !term->any || term->any & known.yes ? HOLDS : UNKNOWN;
}

static bool term_counts(const struct alloc_rule *rule, int i)
{
	const struct alloc_term *term = &rule->terms[i];

	return !i || term->all || term->any || term->none;
}

enum truth rule_truth(const struct alloc_rule *rule, struct knowledge known)
{
	enum truth truth = FAILS;
	int i;

	for (i = 0; i < ALLOC_MAX_TERMS; i++) {
		if (!term_counts(rule, i))
			continue;
		switch (term_truth(&rule->terms[i], known)) {
		case HOLDS:
			return HOLDS;
		case UNKNOWN:
			truth = UNKNOWN;
			break;
		default:
			break;
		}
	}
	return truth;
}

int rule_next_question(const struct alloc_rule *rule, struct knowledge known)
{
	int i;

	for (i = 0; i < ALLOC_MAX_TERMS; i++) {
		const struct alloc_term *term = &rule->terms[i];
		u32 open = term->all & ~known.yes;

		if (!term_counts(rule, i) || term_truth(term, known) != UNKNOWN)
			continue;
		if (!open)
			open = term->none & ~known.no;
		if (!open)
			open = term->any & ~known.no;
		return __builtin_ctz(open);
	}
	return -1;
}

size_t question_path(const struct alloc_selector *selector, u32 facts,
		     struct path_step *steps)
{
	struct knowledge known = { 0 };
	size_t count = 0;
	size_t i;

	for (i = 0; i < selector->nr_rules; i++) {
		const struct alloc_rule *rule = &selector->rules[i];
		enum truth truth;

		while ((truth = rule_truth(rule, known)) == UNKNOWN) {
			int question = rule_next_question(rule, known);
			bool answer = facts & (1U << question);

			steps[count].question = question;
			steps[count].answer = answer;
			steps[count++].rule = i;
			if (!knowledge_add(&known, question, answer))
				return count;
		}
		if (truth == HOLDS)
			break;
	}
	return count;
}
