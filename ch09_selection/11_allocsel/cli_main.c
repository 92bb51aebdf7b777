// SPDX-License-Identifier: GPL-2.0
/*
 * allocsel - which kernel memory allocator for this request?
 *
 *	allocsel --size 3M --contig phys --context atomic
 */
#include <getopt.h>
#include <stdlib.h>

#include "cli.h"

enum mode {
	MODE_DECIDE, MODE_BATCH, MODE_TABLE, MODE_DOT, MODE_EXPLAIN, MODE_CODE,
	MODE_LIVE,
};

/* Values of long options: keys first, then these. The modes' are in order. */
enum {
	OPT_KEY = 256,
	OPT_CONTEXT = OPT_KEY + ALLOC_NR_KEYS,
	OPT_BATCH, OPT_TABLE, OPT_DOT, OPT_EXPLAIN, OPT_CODE, OPT_LIVE,
	OPT_JSON, OPT_RULES, OPT_HELP,
};

#define NR_MODES 10

static const struct option modes[NR_MODES] = {
	{ "context", required_argument, NULL, OPT_CONTEXT },
	{ "batch", no_argument, NULL, OPT_BATCH },
	{ "table", optional_argument, NULL, OPT_TABLE },
	{ "dot", no_argument, NULL, OPT_DOT },
	{ "explain", no_argument, NULL, OPT_EXPLAIN },
	{ "code", no_argument, NULL, OPT_CODE },
	{ "live", no_argument, NULL, OPT_LIVE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "help", no_argument, NULL, OPT_HELP },
};

static char key_names[ALLOC_NR_KEYS][16];
static struct option options[ALLOC_NR_KEYS + NR_MODES + 1];

/* user_map is --user-map: an option for each key, made from the key table. */
static void make_options(void)
{
	int i;

	for (i = 0; i < ALLOC_NR_KEYS; i++) {
		char *c;

		snprintf(key_names[i], sizeof(key_names[i]), "%s",
			 alloc_keys[i].name);
		for (c = key_names[i]; *c; c++)
			if (*c == '_')
				*c = '-';
		options[i] = (struct option) {
			.name = key_names[i],
			.has_arg = alloc_keys[i].is_bool ? optional_argument :
							   required_argument,
			.val = OPT_KEY + i,
		};
	}
	memcpy(options + ALLOC_NR_KEYS, modes, sizeof(modes));
}

static void print_keys(bool env)
{
	int i;

	for (i = 0; i < ALLOC_NR_KEYS; i++)
		if (alloc_keys[i].is_env == env)
			printf("  --%-10s %-40s %s\n", key_names[i],
			       alloc_keys[i].values, alloc_keys[i].help);
}

static void help(void)
{
	puts("Usage: allocsel --size BYTES [OPTION...]       decide about one request\n"
	     "       allocsel --batch [FILE]                 one request a line\n"
	     "       allocsel --table | --dot | --explain | --code | --live\n"
	     "\n"
	     "Says how a kernel module should allocate memory, and why.\n"
	     "\n"
	     "The request (sizes take K, M, G, T; \"--zero\" alone means --zero=1):");
	print_keys(false);
	puts("  --context is another name for --ctx; key=value works, too: size=3M\n"
	     "\n"
	     "The machine:");
	print_keys(true);
	puts("\n"
	     "What to do:\n"
	     "  --batch [FILE]        \"key=value key=value\" a line, from FILE or standard\n"
	     "                        input; a line each: rule, API, free, errno, flags,\n"
	     "                        with tabs between; keys given as options are the\n"
	     "                        defaults of every line\n"
	     "  --explain             asks the questions one by one\n"
	     "  --table[=markdown]    allocators by amount and by type; all rules\n"
	     "  --dot                 the flowchart, for Graphviz\n"
	     "  --code                C code for the request, with error handling\n"
	     "  --live                lets the module perform and prove it\n"
	     "  --json                print JSON\n"
	     "  --rules yours|finished  whose rules decide (default: finished, when\n"
	     "                        it was built with the workbook's solutions)\n"
	     "\n"
	     "Exit status: 0 decided (a refusal is a decision), 1 bad lines in --batch\n"
	     "or a property that does not hold in --live, 2 wrong usage, 5 the\n"
	     "machine is at fault.");
}

static int usage(const char *why)
{
	fprintf(stderr, "allocsel: %s\nTry: allocsel --help\n", why);
	return CLI_USAGE;
}

/* "--zero" alone means yes. */
static int set_key(struct cli *cli, int key, const char *value)
{
	char why[ALLOC_WHY_LEN];

	if (!value)
		value = "1";
	if (alloc_input_set(&cli->in, key, value, strlen(value), why))
		return usage(why);
	return CLI_OK;
}

static bool set_words(struct cli *cli, char **words)
{
	char why[ALLOC_WHY_LEN];

	for (; *words; words++)
		if (alloc_input_word(&cli->in, *words, strlen(*words), why)) {
			usage(why);
			return false;
		}
	return true;
}

static int run_batch(struct cli *cli, char **files)
{
	FILE *requests = stdin;
	int status;

	if (files[0] && files[1])
		return usage("only one file of requests can be read at a time");
	if (files[0] && strcmp(files[0], "-"))
		requests = fopen(files[0], "r");
	if (!requests) {
		fprintf(stderr, "allocsel: cannot read %s: %s\n", files[0],
			strerror(errno));
		return CLI_USAGE;
	}
	status = cli_batch(cli, requests);
	if (requests != stdin)
		fclose(requests);
	return status;
}

static int run(struct cli *cli, enum mode mode, bool markdown, char **words)
{
	char why[ALLOC_WHY_LEN];

	if (mode == MODE_BATCH)
		return run_batch(cli, words);
	if (!set_words(cli, words))
		return CLI_USAGE;
	switch (mode) {
	case MODE_TABLE:
		return cli_table(cli, markdown);
	case MODE_DOT:
		return cli_dot(cli);
	case MODE_EXPLAIN:
		return cli_explain(cli, stdin);
	default:
		break;
	}
	if (alloc_input_complete(&cli->in, why))
		return usage("the size is missing: write --size BYTES");
	if (mode == MODE_LIVE)
		return cli_live(cli);
	return mode == MODE_CODE ? cli_code(cli) : cli_decide(cli);
}

static int finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	perror("allocsel: cannot write the output");
	return CLI_MACHINE;
}

static int set_mode(enum mode *mode, int opt, bool *markdown)
{
	if (*mode != MODE_DECIDE)
		return usage("choose one of --batch, --table, --dot, --explain, --code, --live");
	*mode = MODE_BATCH + (opt - OPT_BATCH);
	*markdown = optarg && !strcmp(optarg, "markdown");
	if (optarg && !*markdown)
		return usage("--table takes markdown or nothing");
	return CLI_OK;
}

static int set_rules(struct cli *cli)
{
	cli->selector = alloc_selector_find(optarg);
	return cli->selector ? CLI_OK :
	       usage("--rules takes yours, or finished where that was built in");
}

int main(int argc, char **argv)
{
	struct cli cli = { .selector = alloc_selector_find(NULL) };
	enum mode mode = MODE_DECIDE;
	bool markdown = false;
	int err = CLI_OK;
	int opt;

	make_options();
	alloc_input_init(&cli.in);
	while (!err && (opt = getopt_long(argc, argv, "h", options,
					  NULL)) != -1) {
		if (opt == OPT_CONTEXT)
			opt = OPT_KEY + ALLOC_KEY_CTX;
		if (opt == 'h' || opt == OPT_HELP) {
			help();
			return finish(CLI_OK);
		}
		if (opt >= OPT_KEY && opt < OPT_KEY + ALLOC_NR_KEYS)
			err = set_key(&cli, opt - OPT_KEY, optarg);
		else if (opt == OPT_JSON)
			cli.json = true;
		else if (opt == OPT_RULES)
			err = set_rules(&cli);
		else if (opt == '?')
			err = usage("this command line is not clear");
		else
			err = set_mode(&mode, opt, &markdown);
	}
	return err ? err : finish(run(&cli, mode, markdown, argv + optind));
}
