// SPDX-License-Identifier: GPL-2.0
/*
 * selftest.c - a gate that lets faults through is worse than none: plants one
 * fault after another in a tiny workbook, and expects the gate to name it.
 *
 *	selftest GATE ROOT KERNEL
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "util.h"

#define LAB	"ch04_lkm/01_hello"
#define SKEL	LAB "/hello.c"
#define SOLN	"solutions/" LAB "/hello.c"

/* In file the first `from` becomes `to`; no from: `to` is appended to it (or
 * makes it); no `to`: the file is removed. */
static const struct fault {
	const char *name, *file, *from, *to;
	const char *part;	/* of the gate that must notice: --form ... */
	const char *says;	/* in its output */
} faults[] = {
	{ "difference outside of the regions", SOLN, "#include <linux/module.h>",
	  "#include <linux/module.h>\n#include <linux/slab.h>", "--form",
	  "differ outside of the TODO regions" },
	{ "region without an end", SKEL, "/* END TODO 1 */", "", "--form",
	  "TODO" },
	{ "regions out of order", SKEL, "TODO 2", "TODO 7", "--form",
	  "marker is out of place" },
	{ "missing hints", LAB "/lab.ini", "\n3 = ", "\n; was: ", "--form",
	  "hint" },
	{ "no points", LAB "/lab.ini", "points = 5", "points = 0", "--form",
	  "points" },
	{ "stray file", LAB "/notes.txt", NULL, "x\n", "--form",
	  "does not belong there" },
	{ "section missing", LAB "/README.md", "## Predict", "## Guess", "--form",
	  "there is no section '## Predict'" },
	{ "broken link", LAB "/README.md", NULL, "\n[x](no/such/file.md)\n",
	  "--form", "links to no/such/file.md" },
	{ "no SPDX line", LAB "/check.c", "SPDX-License-Identifier", "Licence",
	  "--form", "SPDX" },
	{ "no solution", SOLN, NULL, NULL, "--form", "cannot read" },
	{ "solution without a lab", "solutions/ch04_lkm/99_none/a.c", NULL,
	  "// SPDX-License-Identifier: GPL-2.0\n", "--form", "solves no lab" },
	{ "unknown key", LAB "/lab.ini", "cpus = 1", "cpus = 1\nhues = 3",
	  "--form", "refused" },
	{ "checkpatch fault", SOLN, "/* END TODO 1 */",
	  "/* END TODO 1 */\nstatic int  badly_spaced;\t \n", "--style",
	  "checkpatch --strict is not silent" },
	{ "W=1 warning", SOLN, "/* END TODO 1 */",
	  "/* END TODO 1 */\nint nowhere_declared(void)\n{\n\treturn 0;\n}\n",
	  "--style", "nowhere_declared" },
	{ "sparse fault", SOLN, "/* END TODO 1 */",
	  "/* END TODO 1 */\nstatic char __user *from_kernel = (char *)1;\n",
	  "--style", "address space" },
	{ "solution that fails", SOLN, "MODULE_LICENSE(\"GPL\")",
	  "MODULE_LICENSE(\"Proprietary\")", "--verdicts",
	  "the solution should pass" },
	{ "skeleton that fails something else", LAB "/lab.ini",
	  "fails = greets, ", "fails = ", "--verdicts",
	  "it fails greets, which lab.ini does not name" },
	{ "skeleton that does not fail what it should", LAB "/lab.ini",
	  "fails = greets", "fails = greets, never_there", "--verdicts",
	  "it does not fail never_there" },
	{ "skeleton that does not compile", SKEL, "#include <linux/module.h>",
	  "#include <linux/no_such_header.h>", "--verdicts",
	  "did not come to its check" },
};

static char *tree;
static unsigned int passed, failed;

static char *run(const char *const argv[], int *status)
{
	const struct proc spec = { .argv = argv, .output = PROC_MERGED,
				   .deadline_ms = 300000 };
	struct proc_result res;
	char *out;

	if (proc_run(&spec, &res)) {
		*status = -1;
		return xstrdup("cannot run");
	}
	*status = res.status;
	out = xstrdup(res.out);
	proc_result_free(&res);
	return out;
}

static void must(const char *command)
{
	const char *const argv[] = { "sh", "-ec", command, NULL };
	int status;
	char *out = run(argv, &status);

	if (status) {
		printf("cannot prepare: %s\n%s", command, out);
		exit(LAB_FAULT);
	}
	free(out);
}

static void make_tree(const char *root)
{
	char *command = xasprintf(
		"cd %s && mkdir -p ch04_lkm solutions/ch04_lkm tests &&"
		" ln -s %s/common common && ln -s %s/build build &&"
		" cp -r %s/" LAB " ch04_lkm/ &&"
		" cp -r %s/solutions/" LAB " solutions/ch04_lkm/ &&"
		" printf '#!/bin/sh\\nLAB_ROOT=%s exec %s/build/lab/lab \"$@\"\\n' > lab &&"
		" chmod +x lab && cp %s/.gitignore . && make -s -C " LAB
		" clean KDIR=none && git init -q . &&"
		" git add -A && git -c user.name=x -c user.email=x commit -qm x",
		tree, root, root, root, root, tree, root, root);

	must(command);
	free(command);
}

static bool plant(const struct fault *f)
{
	char *path = xasprintf("%s/%s", tree, f->file), *text, *at, *new;
	bool ok = true;

	text = read_whole(path, NULL);
	if (!f->to) {
		ok = !unlink(path);
	} else if (!f->from) {
		char *dir = xstrndup(path, base_name(path) - path - 1);

		mkdir_p(dir);
		new = xasprintf("%s%s", text ? text : "", f->to);
		write_whole(path, new, strlen(new));
		free(new);
		free(dir);
	} else {
		at = text ? strstr(text, f->from) : NULL;
		ok = at;
		if (at) {
			new = xasprintf("%.*s%s%s", (int)(at - text), text,
					f->to, at + strlen(f->from));
			write_whole(path, new, strlen(new));
			free(new);
		}
	}
	free(text);
	free(path);
	return ok;
}

static void restore(void)
{
	char *command = xasprintf("cd %s && git checkout -q . && git clean -qfd -x -e build -e common",
				  tree);

	must(command);
	free(command);
}

/* The gate on the tree; its output, and its status. */
static char *gate(const char *program, const char *part, const char *kernel,
		  int *status)
{
	const char *const argv[] = { program, "--root", tree, "--kernels",
				     kernel, part, NULL };

	return run(argv, status);
}

static void result(bool ok, const char *name, const char *why)
{
	printf("%s %s%s%s\n", ok ? "ok    " : "FAILED", name, ok ? "" : ": ",
	       ok ? "" : why);
	fflush(stdout);
	if (ok)
		passed++;
	else
		failed++;
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/gate-selftest.XXXXXX", *out;
	static const char *const parts[] = { "--form", "--style", "--verdicts" };
	int status;

	if (argc != 4)
		return LAB_USAGE;
	interrupt_init();
	tree = mkdtemp(dir);
	if (!tree) {
		perror("mkdtemp");
		return LAB_FAULT;
	}
	unsetenv("LAB_ROOT");
	make_tree(argv[2]);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		out = gate(argv[1], parts[i], argv[3], &status);
		result(!status, strf("without a fault, %s", parts[i]), out);
		free(out);
	}
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		const struct fault *f = &faults[i];

		if (!plant(f)) {
			result(false, f->name, "it could not be planted");
			restore();
			continue;
		}
		out = gate(argv[1], f->part, argv[3], &status);
		result(status == LAB_FAILED && strstr(out, f->says), f->name,
		       strf("status %d, expected 1 and \"%s\":\n%.3000s",
			    status, f->says, out));
		free(out);
		restore();
	}
	rm_rf(tree);
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? LAB_FAILED : LAB_PASSED;
}
