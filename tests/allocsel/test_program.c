// SPDX-License-Identifier: GPL-2.0
/*
 * The program as a user meets it: what it prints, and how it ends.
 *
 *	test_program ALLOCSEL README
 */
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static const char *program;

struct run {
	char *out;
	size_t len;
	int status;
};

static void child(FILE *input, int out, const char *const *argv)
{
	if (dup2(fileno(input), 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(127);
	execv(program, (char *const *)argv);
	_exit(127);
}

/* Runs the program with words as arguments; both of its outputs in one. */
static struct run run(const char *input, const char *words)
{
	struct run result = { 0 };
	const char *argv[16] = { program };
	char *copy = strdup(words);
	FILE *in = tmpfile(), *out;
	int pipes[2], argc = 1, c;
	char *word, *rest = copy;
	pid_t pid;

	while (copy && (word = strsep(&rest, " ")) && argc < 15)
		if (*word)
			argv[argc++] = word;
	if (!copy || !in || pipe(pipes) || fputs(input, in) < 0 || fflush(in))
		tap_bail("cannot prepare a run");
	rewind(in);
	pid = fork();
	if (!pid)
		child(in, pipes[1], argv);
	close(pipes[1]);
	out = open_memstream(&result.out, &result.len);
	if (pid < 0 || !out)
		tap_bail("cannot run %s", program);
	for (;;) {
		char buf[4096];
		ssize_t n = read(pipes[0], buf, sizeof(buf));

		if (n <= 0)
			break;
		fwrite(buf, 1, n, out);
	}
	fclose(out);
	close(pipes[0]);
	fclose(in);
	free(copy);
	if (waitpid(pid, &c, 0) != pid)
		tap_bail("lost a child");
	result.status = WIFEXITED(c) ? WEXITSTATUS(c) : -1;
	return result;
}

static void expect(const char *what, const char *input, const char *words,
		   int status, const char *out)
{
	struct run r = run(input, words);
	bool ok = r.status == status && !strcmp(r.out, out);

	if (!ok)
		tap_note("status %d, output:\n%s", r.status, r.out);
	tap_ok(ok, "%s", what);
	free(r.out);
}

static void expect_part(const char *words, int status, const char *part)
{
	struct run r = run("", words);
	bool ok = r.status == status && strstr(r.out, part);

	if (!ok)
		tap_note("status %d, output:\n%s", r.status, r.out);
	tap_ok(ok, "allocsel %s: %d, \"%s\"", words, status, part);
	free(r.out);
}

static void test_batch(void)
{
	expect("a line for each line, tabs between, the rest goes on",
	       "size=3M contig=phys ctx=atomic\n"
	       "size=0\n"
	       "size=12 colour=red\n"
	       "\n"
	       "size=100 zero=1 need=best_effort account=1\n"
	       "size=100 zero=1 need=best_effort account=1 ctx=atomic\n"
	       "size=1G need=best_effort node=1\n"
	       "size=3G\n"
	       "percpu=1 dma=coherent size=8\n"
	       "size=700 many=1 node=0\n"
	       "size=64K user_map=1 contig=phys\n"
	       "size=256 life=device\n"
	       "size=64 when=early_boot who=builtin\n"
	       "size=5M ctx=atomic",
	       "--batch", 1,
	       "22\talloc_pages_exact\tfree_pages_exact\tOK\tGFP_ATOMIC\n"
	       "1\t-\t-\tEINVAL\t-\n"
	       "error: line 3: there is no key 'colour'\n"
	       "error: line 4: the size is missing: write size=BYTES\n"
	       "20\tkmalloc\tkfree\tOK\tGFP_KERNEL|__GFP_NORETRY|__GFP_NOWARN|__GFP_ZERO|__GFP_ACCOUNT\n"
	       "20\tkmalloc\tkfree\tOK\tGFP_NOWAIT|__GFP_NOWARN|__GFP_ZERO|__GFP_ACCOUNT\n"
	       "26\tkvmalloc_node\tkvfree\tOK\tGFP_KERNEL|__GFP_NOWARN\n"
	       "27\tvmalloc\tvfree\tOK\tGFP_KERNEL\n"
	       "7\t-\t-\tEINVAL\t-\n"
	       "18\tkmem_cache_alloc_node\tkmem_cache_free\tOK\tGFP_KERNEL\n"
	       "17\talloc_pages_exact\tfree_pages_exact\tOK\tGFP_USER|__GFP_ZERO\n"
	       "19\tdevm_kmalloc\t-\tOK\tGFP_KERNEL\n"
	       "4\tmemblock_alloc\tmemblock_free\tOK\t-\n"
	       "25\t-\t-\tEWOULDBLOCK\t-\n");
	expect("no line, no output", "", "--batch", 0, "");
	expect("options are the defaults of every line",
	       "size=1\nsize=1 ctx=sleep\n", "--batch --context atomic", 0,
	       "20\tkmalloc\tkfree\tOK\tGFP_ATOMIC\n"
	       "20\tkmalloc\tkfree\tOK\tGFP_KERNEL\n");
	expect("the machine changes decisions",
	       "size=3G ram=2G\nsize=64M contig=phys cma=64M\n"
	       "size=64M contig=phys\nsize=64M dma=coherent iommu=1\n",
	       "--batch", 0,
	       "3\t-\t-\tENOMEM\t-\n"
	       "23\tdma_alloc_pages\tdma_free_pages\tOK\tGFP_KERNEL\n"
	       "24\t-\t-\tENOMEM\t-\n"
	       "14\tdma_alloc_coherent\tdma_free_coherent\tOK\tGFP_KERNEL\n");
}

static void test_long_input(void)
{
	size_t len = 1 << 20;
	char *line = malloc(len + 32);
	struct run r;

	if (!line)
		tap_bail("no memory");
	memset(line, ' ', len);
	memcpy(line + len, "size=1\nsize=", 13);
	r = run(line, "--batch");
	tap_ok(r.status == 1 && !strncmp(r.out, "20\tkmalloc", 10) &&
	       strstr(r.out, "error: line 2: size= is not valid"),
	       "a line of a megabyte is a line");
	free(r.out);
	free(line);
}

static void test_modes(void)
{
	expect_part("--size 3M --contig phys --context atomic", 0,
		    "decision    alloc_pages_exact()");
	expect_part("--size 3M --contig phys --context atomic", 0,
		    "Must it be physically contiguous?");
	expect_part("size=3M contig=phys ctx=atomic", 0, "GFP_ATOMIC");
	expect_part("--size 8 --percpu --dma coherent", 0,
		    "refused: EINVAL");
	expect_part("--size 3M --user-map --kernel 6.12", 0,
		    "flags       0xcc0 on 6.12.117");
	expect_part("--table", 0, "8193 to 4M");
	expect_part("--table=markdown", 0, "| 27 | all others | `vmalloc` |");
	expect_part("--dot", 0, "digraph allocsel {");
	expect_part("--code --size 100 --nmemb 3 --zero", 0,
		    "kcalloc(3, 100, GFP_KERNEL)");
	expect_part("--code --size 0", 0, "Refused with EINVAL");
	expect_part("--rules yours --size 3M --context nmi", 0, "BROKEN");
	expect_part("--help", 0, "Usage: allocsel");
	expect_part("", 2, "the size is missing");
	expect_part("--size", 2, "Try: allocsel --help");
	expect_part("--size 1 --size 2", 2, "size is given twice");
	expect_part("--size 12 --ctx irq", 2, "ctx takes");
	expect_part("--colour red", 2, "Try: allocsel --help");
	expect_part("size=1 colour=red", 2, "no key 'colour'");
	expect_part("--table --dot", 2, "choose one of");
	expect_part("--table=html", 2, "--table takes markdown");
	expect_part("--rules mine", 2, "--rules takes");
	expect_part("--batch /nowhere", 2, "cannot read /nowhere");
	expect_part("--batch /tmp", 5, "cannot read the requests");
}

static void test_explain(void)
{
	struct run r = run("n\nn\nn\nn\nmaybe\nn\ny\nn\nn\nn\nn\nn\nn\nn\n",
			   "--explain");

	tap_ok(!r.status && strstr(r.out, "Answer y or n.") &&
	       strstr(r.out, "Rule 9: __alloc_percpu_gfp()"),
	       "--explain walks to per-CPU memory");
	free(r.out);
	r = run("n\n", "--explain");
	tap_ok(r.status == 2 && strstr(r.out, "stopped before"),
	       "--explain without answers stops");
	free(r.out);
}

static void expect_json(const char *input, const char *words)
{
	struct run r = run(input, words);
	char *line, *rest = r.out;
	bool ok = r.len > 0;

	while (ok && (line = strsep(&rest, "\n")) && *line) {
		json_t *json = json_loads(line, 0, NULL);

		ok = json;
		if (!json)
			tap_note("no JSON: %s", line);
		json_decref(json);
	}
	tap_ok(ok, "allocsel %s is JSON", words);
	free(r.out);
}

/* What the README shows as the program's output must be just that. */
static void test_readme(const char *path)
{
	static const char *const shown[] = {
		"--size 3M --contig phys --context atomic",
		"--table=markdown",
	};
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0, i;

	if (!file || getdelim(&text, &room, '\0', file) < 0)
		tap_bail("cannot read %s", path);
	fclose(file);
	for (i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		struct run r = run("", shown[i]);
		char *part, *rest = r.out;
		bool ok = true;

		/* Line by line: there is other text between. */
		while ((part = strsep(&rest, "\n")))
			if (*part && !strstr(text, part)) {
				tap_note("not in the README: %s", part);
				ok = false;
			}
		tap_ok(ok, "the README shows allocsel %s as it is", shown[i]);
		free(r.out);
	}
	free(text);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		tap_bail("usage: test_program ALLOCSEL README");
	program = argv[1];
	test_readme(argv[2]);
	test_batch();
	test_long_input();
	test_modes();
	test_explain();
	expect_json("", "--json --size 3M --contig phys --ctx nofs");
	expect_json("", "--json --size 0");
	expect_json("size=1\nsize=\"\\\n\xff=1\n", "--json --batch");
	expect_json("", "--json --table");
	expect_json("", "--json --dot");
	expect_json("", "--json --code --size 64 --dma coherent --many");
	return tap_done();
}
