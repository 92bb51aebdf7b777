// SPDX-License-Identifier: GPL-2.0
/*
 * A class: `lab grade`, against a loop over the submissions that copies each,
 * builds it with make and checks it in a machine that it boots, one after the
 * other, and two at a time. All three do the same checks. And what the grader
 * itself takes as a class grows.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "proc.h"

#define SOME	50	/* submissions that a mean is taken of */

/* COUNT more entries, each other than all before. */
static void hand_in(const char *dir, const struct place *p, const struct lab *lab, unsigned int from,
		    unsigned int count, bool broken)
{
	for (unsigned int i = from; i < from + count; i++) {
		char *entry = xasprintf("%s/s%05u", dir, i);
		char *text = xasprintf("%s\nstatic const char __attribute__((used)) word[] = \"%u\";\n",
				       broken ? "#error it does not compile" : p->text, i);

		if (mkdir_p(entry))
			die(entry);
		for (size_t j = 0; j < lab->files.count; j++) {
			bool edited = !strcmp(lab->files.items[j], base_name(p->file));
			char *other = edited ? NULL : read_whole(strf("%s/%s", lab->solution_dir,
								      lab->files.items[j]), NULL);

			put(strf("%s/%s", entry, lab->files.items[j]), edited ? text : other ? other : "");
			free(other);
		}
		free(text);
		free(entry);
	}
}

/* One call; *peak_kib: of the grader's own process. Microseconds. */
static int64_t grade(const char *subs, const char *out, const struct lab *lab, unsigned long *peak_kib)
{
	int64_t begin = now_us();
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(127);
		execl(LAB_TOP "/build/lab/lab", "lab", "grade", subs, "--labs", lab->id, "--out", out, "--seed",
		      "1", "-j", "2", "--quiet", NULL);
		_exit(127);
	}
	while (pid > 0 && !waitpid(pid, &status, WNOHANG)) {
		char *text = read_whole(strf("/proc/%d/status", pid), NULL);
		char *line = text ? strstr(text, "VmHWM:") : NULL;
		unsigned long peak = line ? strtoul(line + 6, NULL, 10) : 0;

		if (peak_kib && peak > *peak_kib)
			*peak_kib = peak;
		free(text);
		sleep_ms(50);
	}
	if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		die("lab grade failed");
	return now_us() - begin;
}

/* Seconds a submission, of those that were judged as number from to from + count. */
static double pace(const char *out, unsigned int from, unsigned int count)
{
	char *path = xasprintf("%s/grades.db", out);
	sqlite3_stmt *row = NULL;
	sqlite3 *db = NULL;
	double seconds = 0;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(db, "SELECT max(at) - min(at) FROM (SELECT at FROM verdicts ORDER BY id "
			       "LIMIT ? OFFSET ?)", -1, &row, NULL))
		die(path);
	sqlite3_bind_int(row, 1, count);
	sqlite3_bind_int(row, 2, from);
	if (sqlite3_step(row) == SQLITE_ROW)
		seconds = sqlite3_column_double(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(db);
	free(path);
	return seconds / (count - 1);
}

/* The loop that everybody would write; submissions first, first + step, … */
static void loop(const struct place *p, const struct lab *lab, const char *subs, unsigned int first,
		 unsigned int step, unsigned int end)
{
	for (unsigned int i = first; i < end; i += step) {
		char *text = read_whole(strf("%s/s%05u/%s", subs, i, base_name(p->file)), NULL);

		if (!text)
			die(subs);
		put(p->file, text);
		by_lab_cold(p, lab);
		free(text);
	}
}

static double loops(const struct place *places, unsigned int workers, const struct lab *lab,
		    const char *subs, unsigned int first, unsigned int count)
{
	int64_t begin = now_us();
	pid_t pids[2];

	for (unsigned int w = 0; w < workers; w++) {
		fflush(NULL);
		pids[w] = fork();
		if (!pids[w]) {
			loop(&places[w], lab, subs, first + w, workers, first + count);
			_exit(0);
		}
	}
	for (unsigned int w = 0; w < workers; w++) {
		int status;

		if (waitpid(pids[w], &status, 0) < 0 || status)
			die("a worker failed");
	}
	return count * 60e6 / (now_us() - begin);
}

void bench_grade(const char *dir, const struct place *places, const struct lab *lab, unsigned int many,
		 unsigned int class)
{
	char *subs = xasprintf("%s/class", dir), *out = xasprintf("%s/marks", dir);
	char *large = xasprintf("%s/large", dir), *book = xasprintf("%s/large-marks", dir);
	unsigned int cold = many / 5 + 2, some = class / 4 < SOME ? class / 4 : SOME;
	double quick, one, two;
	unsigned long peak = 0;

	/* What is made once for a class is made, and not measured. */
	hand_in(subs, &places[0], lab, 0, 2, false);
	grade(subs, out, lab, NULL);
	hand_in(subs, &places[0], lab, 2, many, false);
	quick = many * 60e6 / grade(subs, out, lab, NULL);
	one = loops(places, 1, lab, subs, 2, cold);
	two = loops(places, 2, lab, subs, 2, cold);
	printf("\n  a class, all checks of the lab: lab grade -j 2 judges %.1f a minute;\n"
	       "  a loop with make and a cold boot for each %.1f, %.1f times as many;\n"
	       "  two such loops at a time %.1f, %.1f times as many\n", quick, one, quick / one, two,
	       quick / two);
	fflush(stdout);
	hand_in(large, &places[0], lab, 0, class, true);
	grade(large, book, lab, &peak);
	printf("  %u submissions that do not compile: %.2f s each of the first %u, %.2f s of the last %u;\n"
	       "  the grader's own process took %.1f MiB at most\n", class, pace(book, 0, some), some,
	       pace(book, class - some, some), some, peak / 1024.0);
	free(subs);
	free(out);
	free(large);
	free(book);
}
