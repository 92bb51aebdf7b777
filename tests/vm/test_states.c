// SPDX-License-Identifier: GPL-2.0
/* test_states.c - saved machines: what they take of the disk, and that they are
 * as good as booted ones. */
#include <jansson.h>
#include <sys/stat.h>

#include "vmlab.h"

#define MIB_OF_STATE 120

static unsigned int mib_of(const char *dir)
{
	struct strlist names = { 0 };
	uint64_t blocks = 0;
	struct stat st;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (!stat(strf("%s/%s", dir, names.items[i]), &st))
			blocks += st.st_blocks;
	strlist_free(&names);
	return blocks / 2048;
}

TEST(states_are_small)
{
	struct strlist states = { 0 };
	struct ran ran;

	use_cache("small");
	/* This one has written all of its memory, with zeroes. */
	ran = run_lab("run", MISBEHAVE, "--params", "how=well", "--cmdline", "init_on_free=1");
	EXPECT(ran, 0);
	ran = run_way("well");
	EXPECT(ran, 0);
	list_states(&states);
	ASSERT_EQ(states.count, 2);
	for (size_t i = 0; i < states.count; i++)
		ASSERT_INT(mib_of(states.items[i]), <=, MIB_OF_STATE);
}

/* Those that were used longest ago go; a limit below one machine is no limit. */
TEST(states_stay_below_their_limit)
{
	struct strlist before = { 0 }, after = { 0 };
	struct ran ran;

	use_cache("limit");
	setenv("LAB_CACHE_LIMIT", "500", 1);
	ran = run_way("well", "--kernel", "6.1");
	EXPECT(ran, 0);
	list_states(&before);
	ran = run_way("well", "--kernel", "6.12");
	EXPECT(ran, 0);
	list_states(&after);
	ASSERT_EQ(after.count, 2);
	/* Counted is what the next one could take at most: 256 MiB. */
	setenv("LAB_CACHE_LIMIT", "380", 1);
	ran = run_way("well", "--kernel", "6.1-rt");
	EXPECT(ran, 0);
	strlist_free(&after);
	list_states(&after);
	ASSERT_EQ(after.count, 2);
	ASSERT(!strlist_has(&after, before.items[0]));
	setenv("LAB_CACHE_LIMIT", "1", 1);
	ran = run_way("well", "--kernel", "6.1");
	EXPECT(ran, 0);
	strlist_free(&after);
	list_states(&after);
	ASSERT_EQ(after.count, 1);
	ASSERT_STR(after.items[0], before.items[0]);
	setenv("LAB_CACHE_LIMIT", "many", 1);
	ran = run_way("well", "--kernel", "6.12");
	EXPECT(ran, 0, "LAB_CACHE_LIMIT is 'many'");
}

/* "name state" of each check, then the verdict. */
static char *summary(const struct ran *ran)
{
	json_t *verdict = json_loads(ran->out, 0, NULL), *item;
	struct buf out = { 0 };
	size_t i;

	ASSERT(verdict);
	json_array_foreach(json_object_get(verdict, "tests"), i, item)
		buf_addf(&out, "%s %s\n", json_string_value(json_object_get(item, "name")),
			 json_string_value(json_object_get(item, "state")));
	buf_addf(&out, "%s\n", json_string_value(json_object_get(verdict, "verdict")));
	json_decref(verdict);
	return buf_steal(&out);
}

static void expect_same(const char *lab, const char *kernel, const char *whose)
{
	struct ran restored = run_lab("check", lab, "--kernel", kernel, "--seed", "5", "--json", whose);
	struct ran cold = run_lab("check", lab, "--kernel", kernel, "--seed", "5", "--json", "--cold",
				  whose);

	if (restored.status == 5)
		FAIL("%s on %s gives no verdict:\n%s", lab, kernel, restored.out);
	ASSERT_EQ(restored.status, cold.status);
	ASSERT_STR(summary(&restored), summary(&cold));
}

/* Some labs, some kernels: tests/gate has a form that does it with all. */
TEST(cold_verdicts_are_the_same)
{
	static const char *const labs[] = {
		"ch04_lkm/01_hello", "ch04_lkm/04_params", "ch08_alloc/06_slab_basics",
		"ch10_sched/02_task_list",
	};
	static const char *const kernels[] = { "6.1", "6.1-rt", "6.12" };

	for (size_t i = 0; i < ARRAY_SIZE(labs); i++)
		for (size_t k = 0; k < ARRAY_SIZE(kernels); k++) {
			bool drawn = i == test_seed() % ARRAY_SIZE(labs) &&
				     k == test_seed() / 7 % ARRAY_SIZE(kernels);

			if (test_long || drawn) {
				expect_same(labs[i], kernels[k], "--solution");
				expect_same(labs[i], kernels[k], "--json");
			}
		}
}
