// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"
#include "dirs.h"
#include "grade.h"
#include "kernel.h"
#include "proc.h"
#include "root.h"
#include "sandbox.h"
#include "term.h"
#include "verbs.h"

#define JOBS_MAX 1000	/* of Slurm; workers here are 64 at most */

static const char usage[] =
"Usage: lab grade SUBMISSIONS --labs LABS --out DIR [options]\n"
"       lab grade --out DIR --export FORMAT\n"
"       lab grade --out DIR --adjust STUDENT LAB POINTS REASON\n"
"       lab grade --out DIR --labs LABS --bundle PLATFORM [options]\n"
"\n"
"Judges what a class handed in, each in a sandbox and a virtual machine of its\n"
"own. SUBMISSIONS holds one entry a student, named by the student: a folder,\n"
"a .tar (.gz, .xz, .bz2, .zst), .tgz, .zip, .bundle (git), or a single .c\n"
"file. Of each only the files that the lab names are taken.\n"
"Stopped in whatever way, the same call goes on where it was: DIR/grades.db\n"
"holds all verdicts. docs/grading.md is the whole story.\n"
"\n"
"  -l, --labs LABS      labs or chapters, several with commas\n"
"  -o, --out DIR        where the grade book, marks and logs are kept\n"
"  -r, --roster FILE    CSV with the columns student[,name]: who is missing\n"
"  -k, --kernel K       6.1 (the default), a lane such as memory, several with\n"
"                       commas, or all\n"
"      --rubric FILE    points and deductions\n"
"      --checks DIR     hidden checks: DIR/LAB/check.c\n"
"      --late FILE      CSV: student[,lab],late[,attempts]; late is 90, 2h or 1d\n"
"      --seed N         all random inputs of the checks derive from it\n"
"  -j, --jobs N         so many at a time (as many as there are processors)\n"
"      --engine ENGINE  local (the default), or slurm: one array job over a DIR that\n"
"                       all nodes share; -j N: so many elements at a time\n"
"  -n, --dry-run        judge nothing; explain every mark, line by line\n"
"  -e, --export FORMAT  csv, json, junit, feedback, gradescope, autolab,\n"
"                       classroom50, class, similar or all, to DIR\n"
"  -b, --bundle PLATFORM  gradescope or autolab: an autograder for it, to DIR\n"
"      --adjust         points to add (or -points), with the reason\n"
"  -q, --quiet          no line for each verdict\n"
"  -h, --help\n";

struct request {
	struct grade g;
	const char *labs, *export, *bundle, *kernel;
	bool adjust, done;
};

static void summary(struct grade *g)
{
	int64_t missing = book_number(g, "SELECT count(*) FROM marks WHERE status = 'missing'", "");
	int64_t open = book_number(g, "SELECT count(*) FROM marks WHERE points IS NULL", "");
	int64_t flagged = book_number(g, "SELECT count(DISTINCT student) FROM flags", "");
	sqlite3_stmt *row = book_ask(g, "SELECT lab, count(points), avg(points), max(out_of), "
				     "sum(points = out_of) FROM marks WHERE status <> 'missing' GROUP BY lab",
				     "");

	while (book_row(g, &row))
		printf("%-28s %4lld judged, mean %s of %s, %lld with full marks\n", book_text(row, 0),
		       (long long)sqlite3_column_int64(row, 1),
		       points_text((int64_t)(sqlite3_column_double(row, 2) + 0.5)),
		       points_text(sqlite3_column_int64(row, 3)),
		       (long long)sqlite3_column_int64(row, 4));
	if (missing)
		printf("%lld not handed in\n", (long long)missing);
	if (flagged)
		printf("%lld with something in the source to look at: flags.csv\n", (long long)flagged);
	if (open)
		printf("%lld WITHOUT A MARK, for no fault of the student: the same call again tries again\n",
		       (long long)open);
	if (book_number(g, "SELECT count(*) FROM meta WHERE key = 'roster'", "")) {
		int64_t strangers = book_number(g, "SELECT count(*) FROM students WHERE NOT on_roster", "");

		if (strangers)
			printf("%lld not on the roster, graded all the same\n", (long long)strangers);
	}
}

/* For the sandbox: what we run may be replaced by another build meanwhile. */
static int copy_program(const char *work)
{
	char *path = xasprintf("%s/program", work), *data;
	size_t len;
	int err;

	data = read_whole("/proc/self/exe", &len);
	err = data ? write_whole(path, data, len) : -errno;
	if (!err && chmod(path, 0755))
		err = -errno;
	free(data);
	free(path);
	setenv("LAB_ROOT", root_dir(), 1);
	return err;
}

static int grade_all(struct grade *g)
{
	char *work = xasprintf("%s/.work", g->out);
	int err;

	char *slurm = xasprintf("%s/.slurm", g->out);

	interrupt_hold();
	if (is_dir(slurm))
		slurm_recover(slurm);
	rm_rf(work);
	err = mkdir_p(strf("%s/run", work));
	if (!err)
		err = copy_program(work);
	if (err)
		complain(strf("cannot write in %s", g->out), errno_text(err), NULL);
	if (!err)
		err = class_take(g);
	if (!err)
		err = grade_templates(g);
	if (!err)
		err = grade_verdicts(g);
	rm_rf(work);
	/* Results that were not booked wait for the next call. */
	if (!err)
		rm_rf(slurm);
	free(slurm);
	free(work);
	if (!g->failed && marks_make(g))
		err = -EIO;
	if (!g->failed && !interrupt_pending()) {
		export_all(g);
		summary(g);
		printf("marks: %s/marks.csv   class: %s/class.html   feedback: %s/feedback/\n", g->out,
		       g->out, g->out);
	}
	interrupt_release();
	return err ? LAB_FAULT : LAB_PASSED;
}

/* lab grade --adjust STUDENT LAB POINTS REASON */
static int adjust(struct grade *g, int argc, char **argv)
{
	const struct passwd *user = getpwuid(geteuid());
	const struct lab *lab;
	int64_t points;

	if (argc != 4 || !*str_trim(argv[3]))
		return usage_error("lab grade", "--adjust takes four words: STUDENT LAB POINTS REASON");
	if (!parse_points(argv[2], &points))
		return usage_error("lab grade", "'%s' are no points: for example 1.5 or -2", argv[2]);
	lab = lab_find(&g->tree, argv[1]);
	if (!lab)
		return LAB_USAGE;
	if (!book_number(g, "SELECT count(*) FROM marks WHERE student = ? AND lab = ?", "tt", argv[0],
			 lab->id)) {
		complain(strf("%s has no mark for %s", argv[0], lab->id), NULL,
			 "lab grade --out DIR --dry-run shows all marks");
		return LAB_USAGE;
	}
	if (book_begin(g) ||
	    book_do(g, "INSERT INTO adjustments (student, lab, points, reason, who, at) VALUES "
		    "(?, ?, ?, ?, ?, ?)", "ttitti", argv[0], lab->id, points, argv[3],
		    user ? user->pw_name : "?", (int64_t)time(NULL)) ||
	    book_commit(g) || marks_make(g))
		return LAB_FAULT;
	export_all(g);
	printf("%s, %s: %s\n", argv[0], lab->id,
	       points_text(book_number(g, "SELECT points FROM marks WHERE student = ? AND lab = ?", "tt",
				       argv[0], lab->id)));
	return LAB_PASSED;
}

static int work(struct request *r, int argc, char **argv)
{
	struct grade *g = &r->g;
	bool judging = g->submissions && !g->dry_run;
	int code;

	if (rubric_read(g))
		return LAB_USAGE;
	if (r->labs) {
		code = grade_choose_labs(g, r->labs);
		if (code)
			return code;
	}
	if ((judging || r->bundle) && kernel_choice(r->kernel, &g->kernels))
		return LAB_USAGE;
	if (r->bundle)
		return bundle_make(g, r->bundle);
	if (judging && (sandbox_need() || cache_prepare()))
		return LAB_FAULT;
	code = book_open(g, judging);
	if (code)
		return code == -ENOENT || code == -EINVAL ? LAB_USAGE : LAB_FAULT;
	if (judging) {
		code = grade_agree_on_seed(g);
		if (code)
			return code == -EINVAL ? LAB_USAGE : LAB_FAULT;
		grade_remember(g);
	} else {
		grade_recall(g);
	}
	code = class_read_roster(g);
	if (!code)
		code = class_read_late(g);
	if (code)
		return code == -EIO ? LAB_FAULT : LAB_USAGE;
	if (r->adjust)
		return adjust(g, argc, argv);
	if (judging)
		return grade_all(g);
	if (marks_make(g))
		return LAB_FAULT;
	if (r->export)
		return export_one(g, r->export);
	marks_explain(g);
	return LAB_PASSED;
}

static void request_free(struct grade *g)
{
	book_close(g);
	rubric_free(g->rubric);
	strlist_free(&g->kernels);
	labs_free(&g->tree);
	free(g->labs);
	free(g->submissions);
	free(g->out);
	free(g->checks);
}

/* An enum lab_exit where there is nothing more to do, else -1. */
static int read_options(struct request *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "labs", required_argument, NULL, 'l' },
		{ "out", required_argument, NULL, 'o' },
		{ "roster", required_argument, NULL, 'r' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "rubric", required_argument, NULL, 'R' },
		{ "checks", required_argument, NULL, 'c' },
		{ "late", required_argument, NULL, 'L' },
		{ "seed", required_argument, NULL, 's' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "export", required_argument, NULL, 'e' },
		{ "adjust", no_argument, NULL, 'a' },
		{ "bundle", required_argument, NULL, 'b' },
		{ "engine", required_argument, NULL, 'E' },
		{ "slice", required_argument, NULL, 'S' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "worker", no_argument, NULL, 'w' },
		{ 0 }
	};
	uint64_t jobs = sysconf(_SC_NPROCESSORS_ONLN);
	int opt;

	while ((opt = getopt_long(argc, argv, "+hl:o:r:k:j:ne:b:q", options, NULL)) != -1 ||
	       (optind < argc && !r->g.submissions && !r->adjust)) {
		switch (opt) {
		case -1:	/* SUBMISSIONS; options may follow it */
			r->g.submissions = absolute(argv[optind++]);
			break;
		case 'h':
			return usage_print(usage);
		case 'l':
			r->labs = optarg;
			break;
		case 'o':
			free(r->g.out);
			r->g.out = absolute(optarg);
			break;
		case 'r':
			r->g.roster = optarg;
			break;
		case 'k':
			r->kernel = optarg;
			break;
		case 'R':
			r->g.rubric_file = optarg;
			break;
		case 'c':
			free(r->g.checks);
			r->g.checks = absolute(optarg);
			break;
		case 'L':
			r->g.late = optarg;
			break;
		case 's':
			if (!parse_u64(optarg, 1, UINT64_MAX, &r->g.seed))
				return usage_error(argv[0], "'%s' is no seed: it is a whole number from 1 on", optarg);
			break;
		case 'j':
			if (!parse_u64(optarg, 1, JOBS_MAX, &jobs))
				return usage_error(argv[0], "'%s' is no number of jobs from 1 to %d", optarg, JOBS_MAX);
			break;
		case 'n':
			r->g.dry_run = true;
			break;
		case 'e':
			r->export = optarg;
			break;
		case 'b':
			r->bundle = optarg;
			break;
		case 'a':
			r->adjust = true;
			break;
		case 'q':
			r->g.quiet = true;
			break;
		case 'E':
			r->g.slurm = !strcmp(optarg, "slurm");
			if (!r->g.slurm && strcmp(optarg, "local"))
				return usage_error(argv[0], "there is no engine '%s': local or slurm", optarg);
			break;
		case 'S':
			return slurm_slice(optarg);
		case 'w':
			return grade_worker();
		default:
			return usage_error(argv[0], NULL);
		}
	}
	r->g.jobs = jobs;
	return -1;
}

/* What was asked for must make sense as a whole. */
static int check_request(const struct request *r, int argc, char **argv)
{
	const struct grade *g = &r->g;

	if (!g->out)
		return usage_error(argv[0], "name the directory for the results: --out DIR");
	if (r->adjust)
		return LAB_PASSED;
	if (g->submissions && !is_dir(g->submissions))
		return usage_error(argv[0], "there is no directory %s", g->submissions);
	if (r->bundle && g->submissions)
		return usage_error(argv[0], "a bundle is made without submissions");
	if ((g->submissions || r->bundle) && !r->labs && !g->dry_run)
		return usage_error(argv[0], "name the labs: --labs hello,params");
	if (!g->submissions && !r->export && !r->bundle && !g->dry_run)
		return usage_error(argv[0], "name the directory with the submissions");
	if (optind < argc)
		return usage_error(argv[0], "'%s' is one word too many", argv[optind]);
	return LAB_PASSED;
}

int verb_grade(int argc, char **argv)
{
	struct request r = { .g.lock = -1 };
	int code = read_options(&r, argc, argv);

	if (code < 0)
		code = check_request(&r, argc, argv);
	else
		r.done = true;
	if (!code && !r.done)
		code = work(&r, argc - optind, argv + optind);
	request_free(&r.g);
	return code;
}
