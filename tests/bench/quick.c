// SPDX-License-Identifier: GPL-2.0
/* `lab check`, and what of it nothing can take away. */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "build_private.h"
#include "proc.h"

/* Its environment, as changes of ours; freed with strlist_free(). */
static void environment(const struct place *p, struct strlist *env)
{
	strlist_addf(env, "LAB_CACHE=%s", p->cache);
	strlist_addf(env, "LAB_STATE=%s", p->state);
	strlist_addf(env, "LAB_ROOT=%s", p->root);
	strlist_add(env, "LAB_BUILD");
	strlist_add(env, "LAB");
	strlist_add(env, "RUNS");
	strlist_add(env, "MANY");
	strlist_add(env, "CHECK");
	strlist_add(env, "CLASS");
}

/* One object a line, one line a lane: the sum. */
static bool add_times(const char *out, const char *name, int64_t *sum)
{
	bool any = false;

	*sum = 0;
	for (const char *p = out; *p;) {
		size_t len = strcspn(p, "\n");
		json_t *verdict = json_loadb(p, len, 0, NULL);
		json_t *value = json_object_get(json_object_get(verdict, "ms"), name);

		any |= json_is_integer(value);
		*sum += json_integer_value(value) * 1000;
		json_decref(verdict);
		p += len + (p[len] == '\n');
	}
	return any;
}

void by_lab(const struct place *p, const struct lab *lab, const char *only, const char *lanes,
	    struct quick *q)
{
	const char *const argv[] = {
		LAB_TOP "/build/lab/lab", "check", lab->id, "--json", "--lane", lanes,
		only ? "--only" : NULL, only, NULL
	};
	struct strlist env = { 0 };
	struct proc spec = { .argv = argv, .output = PROC_SEPARATE, .deadline_ms = 300000 };
	struct proc_result res;
	int64_t begin, total, build, ready, ran, cpu = cpu_us();
	int err;

	environment(p, &env);
	spec.env = (const char *const *)env.items;
	begin = now_us();
	err = proc_run(&spec, &res);
	if (err || interrupt_pending())
		die(strf("lab did not run: %s", err ? errno_text(err) : "interrupted"));
	if (!proc_ok(&res))
		die(strf("lab check failed:\n%s\n%s", res.out, res.err));
	total = now_us() - begin;
	if (!add_times(res.out, "build", &build))
		die(strf("lab check --json told no times:\n%s", res.out));
	add_times(res.out, "ready", &ready);
	add_times(res.out, "run", &ran);
	if (q) {
		times_add(&q->build, build);
		times_add(&q->ready, ready);
		times_add(&q->run, ran);
		times_add(&q->rest, total - build - ready - ran);
		times_add(&q->whole, total);
		times_add(&q->cpu, cpu_us() - cpu);
	}
	proc_result_free(&res);
	strlist_free(&env);
}

void by_lab_cold(const struct place *p, const struct lab *lab)
{
	const char *const argv[] = {
		LAB_TOP "/build/lab/lab", "check", lab->id, "--cold", "--lane", "stock", NULL
	};
	struct strlist env = { 0 };
	struct proc spec = { .argv = argv, .output = PROC_MERGED, .deadline_ms = 900000 };
	struct proc_result res;

	environment(p, &env);
	strlist_add(&env, "LAB_BUILD=make");
	spec.env = (const char *const *)env.items;
	if (proc_run(&spec, &res) || interrupt_pending())
		die("lab did not run");
	if (!proc_ok(&res))
		die(strf("lab check --cold failed:\n%s", res.out));
	proc_result_free(&res);
	strlist_free(&env);
}

static void time_command(const struct recording *r, const struct recipe *recipe, size_t n,
			 struct times *s)
{
	const char *const argv[] = { "/bin/sh", "-c", recipe->commands.items[n], NULL };
	struct build_run run = {
		.argv = argv, .cwd = recipe->dir, .deadline = now_ms() + 60000,
		.env = (const char *const *)r->environments[recipe->environment].items,
	};
	int64_t begin = now_us();

	if (build_run(&run) || !run.ok)
		die(strf("the recorded command failed: %s", recipe->commands.items[n]));
	times_add(s, now_us() - begin);
	free(run.said);
}

void run_floor(const struct place *p, const struct lab *lab, struct floor *f)
{
	char *dir = xasprintf("%s/build/6.1/student/%s", p->cache, lab->id);
	struct recording r;

	if (!recording_load(dir, &r))
		die(strf("%s holds no recording", dir));
	for (size_t i = 0; i < r.recipe_count; i++) {
		const struct recipe *recipe = &r.recipes[i];
		char *object = xstrdup(base_name(p->file)), *dot = strrchr(object, '.');

		dot[1] = 'o';
		/* The first command is the compiler's and objtool's. */
		if (!strcmp(base_name(recipe->target), object) && !recipe_is_ours(recipe, &(struct build){ .dir = dir }))
			time_command(&r, recipe, 0, &f->compiler);
		else if (str_ends(recipe->target, "/Module.symvers"))
			time_command(&r, recipe, 0, &f->modpost);
		else if (str_ends(recipe->target, ".ko"))
			time_command(&r, recipe, 0, &f->linker);
		free(object);
	}
	recording_free(&r);
	free(dir);
}

/* The child of pid that is QEMU; 0: not yet, or not any more. */
static pid_t qemu_of(pid_t pid)
{
	char *text = read_whole(strf("/proc/%d/task/%d/children", pid, pid), NULL);
	pid_t found = 0;

	for (char *at = text, *end; at && *at && !found; at = end) {
		pid_t child = strtol(at, &end, 10);
		char *name;

		if (end == at)
			break;
		name = read_whole(strf("/proc/%d/comm", child), NULL);
		if (name && str_starts(name, "qemu"))
			found = child;
		free(name);
	}
	free(text);
	return found;
}

static unsigned long kib(const char *text, const char *name)
{
	const char *p = text ? strstr(text, name) : NULL;

	return p ? strtoul(p + strlen(name), NULL, 10) : 0;
}

static void sample(pid_t pid, struct memory *m)
{
	char *text = read_whole(strf("/proc/%d/smaps_rollup", pid), NULL);
	unsigned long rss = kib(text, "\nRss:"), own = kib(text, "\nPrivate_Dirty:");

	if (rss > m->peak_kib)
		m->peak_kib = rss;
	if (own > m->own_kib)
		m->own_kib = own;
	free(text);
}

static unsigned long disk_of(const char *path)
{
	struct strlist names = { 0 };
	unsigned long blocks = 0;
	struct stat st;

	list_dir(path, &names);
	for (size_t i = 0; i < names.count; i++)
		if (!stat(strf("%s/%s", path, names.items[i]), &st))
			blocks += st.st_blocks;
	strlist_free(&names);
	return blocks / 2;
}

void measure_memory(const struct place *p, const struct lab *lab, struct memory *m)
{
	char *states = xasprintf("%s/states", p->cache);
	struct strlist names = { 0 }, env = { 0 };
	pid_t lab_pid = fork();
	int status;

	if (!lab_pid) {
		environment(p, &env);
		for (size_t i = 0; i < env.count; i++)
			if (strchr(env.items[i], '='))
				putenv(env.items[i]);
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(127);
		execl(LAB_TOP "/build/lab/lab", "lab", "check", lab->id, "--lane", "stock",
		      NULL);
		_exit(127);
	}
	while (lab_pid > 0 && !waitpid(lab_pid, &status, WNOHANG)) {
		pid_t qemu = qemu_of(lab_pid);

		if (qemu)
			sample(qemu, m);
		sleep_ms(20);
	}
	/* The one that was used last. */
	list_dir(states, &names);
	for (size_t i = 0; i < names.count; i++) {
		static time_t newest;
		struct stat st;
		char *path = xasprintf("%s/%s", states, names.items[i]);

		if (!stat(path, &st) && st.st_mtime >= newest) {
			newest = st.st_mtime;
			m->disk_kib = disk_of(path);
		}
		free(path);
	}
	strlist_free(&names);
	free(states);
}
