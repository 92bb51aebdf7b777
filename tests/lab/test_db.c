// SPDX-License-Identifier: GPL-2.0
/* test_db.c - progress: kept right, by several at once, and never in the way. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db.h"
#include "fixture.h"

#define NOBODY	65534

static struct attempt attempt(const char *lab, int exit_code, int64_t when)
{
	return (struct attempt){ .lab = lab, .kernel = "6.1", .when = when, .seed = UINT64_MAX,
				 .exit_code = exit_code, .passed = 3, .failed = exit_code ? 2 : 0,
				 .duration_ms = 1500 };
}

static struct lab_progress progress_of(const char *lab)
{
	struct lab_progress progress;

	ASSERT_EQ(db_progress(lab, &progress), 0);
	return progress;
}

/* One number out of the file, past the program. */
static int64_t ask(const char *sql)
{
	char *file = db_file();
	sqlite3_stmt *row;
	sqlite3 *db;
	int64_t value;

	ASSERT_EQ(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	ASSERT_EQ(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
	ASSERT_EQ(sqlite3_step(row), SQLITE_ROW);
	value = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(db);
	free(file);
	return value;
}

/* Standard error of what comes next, to be read with noted(). */
static void catch_notes(void)
{
	ASSERT(freopen("notes", "w", stderr));
}

static char *noted(void)
{
	fflush(stderr);
	return read_whole("notes", NULL);
}

TEST(db_counts_attempts)
{
	struct attempt ours = attempt("a/1", 0, 50);
	struct lab_progress p;

	p = progress_of("a/1");
	ASSERT_EQ(p.attempts, 0);
	/* Asking makes no file. */
	ASSERT(!path_exists(strf("%s/state", test_dir)));

	ASSERT_EQ(db_record_attempt(&(struct attempt){ .lab = "a/1", .kernel = "6.1", .exit_code = 1,
						       .passed = 4, .failed = 1, .when = 100 }), 0);
	struct attempt passed = attempt("a/1", 0, 200), again = attempt("a/1", 1, 300);

	ASSERT_EQ(db_record_attempt(&passed), 0);
	ASSERT_EQ(db_record_attempt(&again), 0);
	/* The answer of solutions/ is nobody's progress. */
	ours.solution = true;
	ASSERT_EQ(db_record_attempt(&ours), 0);
	p = progress_of("a/1");
	ASSERT_EQ(p.attempts, 3);
	ASSERT(p.solved);
	ASSERT_EQ(p.first_solved, 200);
	ASSERT_EQ(p.last_when, 300);
	ASSERT_EQ(p.last_exit, 1);
	ASSERT_EQ(p.last_passed, 3);
	ASSERT_EQ(p.last_failed, 2);
	ASSERT_EQ(p.best_passed, 4);
	ASSERT_EQ(p.hints, 0);
	p = progress_of("a/2");
	ASSERT_EQ(p.attempts, 0);
	ASSERT(!p.solved);
	ASSERT_EQ(ask("SELECT count(*) FROM attempts WHERE seed = '18446744073709551615'"), 3);
	ASSERT_EQ(ask("SELECT count(*) FROM attempts WHERE solution"), 1);

	ASSERT_EQ(db_hints_shown("a/1", 2), 0);
	ASSERT_EQ(db_hints_shown("a/1", 1), 0);
	ASSERT_EQ(progress_of("a/1").hints, 2);
	ASSERT_EQ(db_forget("a/1"), 0);
	p = progress_of("a/1");
	ASSERT_EQ(p.attempts, 0);
	ASSERT_EQ(p.hints, 0);
}

TEST(db_names_are_only_text)
{
	static const char name[] = "a'; DROP TABLE attempts; --";
	struct attempt a = attempt(name, 0, 1);

	ASSERT_EQ(db_record_attempt(&a), 0);
	ASSERT_EQ(progress_of(name).attempts, 1);
}

TEST(db_damaged_file_is_moved_aside)
{
	struct attempt a = attempt("a/1", 0, 1);
	struct strlist names = { 0 };
	unsigned int kept = 0;
	char *file = db_file(), *notes;
	char junk[8192];

	for (size_t i = 0; i < sizeof(junk); i++)
		junk[i] = test_random();
	ASSERT_EQ(mkdir_p(strf("%s/state", test_dir)), 0);
	ASSERT_EQ(write_whole(file, junk, sizeof(junk)), 0);
	catch_notes();
	ASSERT_EQ(progress_of("a/1").attempts, 0);
	ASSERT_EQ(db_record_attempt(&a), 0);
	ASSERT_EQ(progress_of("a/1").attempts, 1);
	notes = noted();
	ASSERT_HAS(notes, "lab: note: the file with your progress was damaged");
	ASSERT_HAS(notes, "progress.db.damaged-");
	ASSERT_EQ(list_dir(strf("%s/state", test_dir), &names), 0);
	for (size_t i = 0; i < names.count; i++) {
		size_t len;
		char *data;

		if (!str_starts(names.items[i], "progress.db.damaged-"))
			continue;
		kept++;
		data = read_whole(strf("%s/state/%s", test_dir, names.items[i]), &len);
		ASSERT_EQ(len, sizeof(junk));
		ASSERT(!memcmp(data, junk, len));
	}
	ASSERT_EQ(kept, 1);
	free(file);
}

TEST(db_damaged_page_is_noticed)
{
	struct attempt a = attempt("a/1", 0, 1);
	char *file = db_file(), *data;
	size_t len;

	for (int i = 0; i < 2000; i++)
		ASSERT_EQ(db_record_attempt(&a), 0);
	db_close();
	data = read_whole(file, &len);
	ASSERT_INT(len, >, 40000);
	/* The header stays right: only a look at the pages tells. */
	memset(data + 4096, 0xa5, 12000);
	ASSERT_EQ(write_whole(file, data, len), 0);
	catch_notes();
	ASSERT_EQ(db_record_attempt(&a), 0);
	ASSERT_EQ(progress_of("a/1").attempts, 1);
	ASSERT_HAS(noted(), "was damaged");
	free(data);
	free(file);
}

TEST(db_empty_file_is_filled)
{
	struct attempt a = attempt("a/1", 1, 1);
	char *file = db_file();

	ASSERT_EQ(mkdir_p(strf("%s/state", test_dir)), 0);
	ASSERT_EQ(write_whole(file, "", 0), 0);
	ASSERT_EQ(progress_of("a/1").attempts, 0);
	ASSERT_EQ(db_record_attempt(&a), 0);
	ASSERT_EQ(progress_of("a/1").attempts, 1);
	free(file);
}

TEST(db_of_a_newer_version_is_left_alone)
{
	struct attempt a = attempt("a/1", 1, 1);
	struct lab_progress p;

	ASSERT_EQ(db_record_attempt(&a), 0);
	db_close();
	{
		char *file = db_file();
		sqlite3 *db;

		ASSERT_EQ(sqlite3_open(file, &db), SQLITE_OK);
		ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		free(file);
	}
	catch_notes();
	ASSERT_EQ(db_progress("a/1", &p), -EIO);
	ASSERT_EQ(db_record_attempt(&a), -EIO);
	ASSERT_HAS(noted(), "a newer version of this program wrote it");
	ASSERT_EQ(ask("SELECT count(*) FROM attempts"), 1);
}

/* As a user who may not write; root may always. */
static void become_nobody(void)
{
	if (geteuid() == 0) {
		ASSERT_EQ(chmod(test_dir, 0755), 0);
		ASSERT_EQ(setgid(NOBODY), 0);
		ASSERT_EQ(setuid(NOBODY), 0);
	}
}

static unsigned int count_of(const char *text, const char *part)
{
	unsigned int count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

TEST(db_without_a_place_notes_once)
{
	struct attempt a = attempt("a/1", 0, 1);
	struct lab_progress p;
	char *notes;

	catch_notes();
	become_nobody();
	setenv("LAB_STATE", "/proc/no/such/place", 1);
	ASSERT_EQ(db_record_attempt(&a), -EIO);
	ASSERT_EQ(db_record_attempt(&a), -EIO);
	ASSERT_EQ(db_hints_shown("a/1", 1), -EIO);
	ASSERT_EQ(db_progress("a/1", &p), -EIO);
	ASSERT_EQ(p.attempts, 0);
	notes = noted();
	ASSERT_HAS(notes, "lab: note: your progress is not kept: /proc/no/such/place/progress.db cannot be made");
	ASSERT_HAS(notes, "export LAB_STATE=");
	ASSERT_EQ(count_of(notes, "lab: note:"), 1);
}

TEST(db_read_only_directory_is_read)
{
	struct attempt a = attempt("a/1", 0, 77);
	char *state = xasprintf("%s/state", test_dir);
	struct lab_progress p;
	char *notes;

	ASSERT_EQ(db_record_attempt(&a), 0);
	db_close();
	ASSERT_EQ(chmod(state, 0555), 0);
	ASSERT_EQ(chmod(strf("%s/progress.db", state), 0444), 0);
	catch_notes();
	become_nobody();
	ASSERT_EQ(db_progress("a/1", &p), 0);
	ASSERT_EQ(p.attempts, 1);
	ASSERT_EQ(p.first_solved, 77);
	ASSERT_STR(noted(), "");
	ASSERT_EQ(db_record_attempt(&a), -EIO);
	ASSERT_EQ(db_record_attempt(&a), -EIO);
	notes = noted();
	ASSERT_EQ(count_of(notes, "lab: note: your progress is not kept"), 1);
	ASSERT_EQ(chmod(state, 0755) && geteuid() == 0, 0);
	free(state);
}

TEST(db_read_only_verbs_still_work)
{
	struct ran ran;

	make_root();
	add_lab("ch01_a/01_b", GOOD_INI);
	setenv("LAB_STATE", "/proc/no/such/place", 1);
	ran = run_lab("hint", "01_b");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "nudge");
	ASSERT_EQ(count_of(ran.err, "lab: note:"), 1);
	ran = run_lab("progress", "--json");
	ASSERT_EQ(ran.status, LAB_PASSED);
	json_decref(json_of(&ran));
}

TEST(db_two_writers)
{
	enum { WRITERS = 4, EACH = 100 };
	pid_t pids[WRITERS];

	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		ASSERT_INT(pids[i], >=, 0);
		if (pids[i] == 0) {
			struct attempt a = attempt("a/1", 1, 1);

			for (int j = 0; j < EACH; j++) {
				a.seed = i * EACH + j;
				if (db_record_attempt(&a) || db_hints_shown("a/1", j))
					_exit(1);
			}
			db_close();
			_exit(0);
		}
	}
	for (int i = 0; i < WRITERS; i++) {
		int status;

		ASSERT_EQ(waitpid(pids[i], &status, 0), pids[i]);
		ASSERT_EQ(status, 0);
	}
	ASSERT_EQ(progress_of("a/1").attempts, WRITERS * EACH);
	ASSERT_EQ(progress_of("a/1").hints, EACH - 1);
	ASSERT_EQ(ask("SELECT count(DISTINCT seed) FROM attempts"), WRITERS * EACH);
}

TEST(db_killed_in_the_middle)
{
	int pipe_fd[2];
	int64_t known = 0;

	ASSERT_EQ(pipe(pipe_fd), 0);
	ASSERT_EQ(fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK), 0);
	for (int round = 0; round < 15; round++) {
		pid_t pid = fork();
		char done;

		ASSERT_INT(pid, >=, 0);
		if (pid == 0) {
			struct attempt a = attempt("a/1", 1, 1);

			for (;;)
				if (db_record_attempt(&a) || write(pipe_fd[1], "", 1) != 1)
					_exit(1);
		}
		sleep_ms(5 + test_random() % 60);
		ASSERT_EQ(kill(pid, SIGKILL), 0);
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
		while (read(pipe_fd[0], &done, 1) == 1)
			known++;
	}
	/* All that was told to be kept is; at most the one in hand is more. */
	ASSERT_INT(known, >, 0);
	ASSERT_INT(ask("SELECT count(*) FROM attempts"), >=, known);
	ASSERT_INT(ask("SELECT count(*) FROM attempts"), <=, known + 15);
	ASSERT_EQ(ask("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
	ASSERT_INT(progress_of("a/1").attempts, >=, known);
}

TEST(db_two_find_the_same_damage)
{
	struct strlist names = { 0 };
	unsigned int moved = 0;
	char *file = db_file();
	pid_t pids[4];

	ASSERT_EQ(mkdir_p(strf("%s/state", test_dir)), 0);
	ASSERT_EQ(write_whole(file, "this is no database, but long enough to be one\n", 47), 0);
	catch_notes();
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct attempt a = attempt("a/1", 0, 1);

			_exit(db_record_attempt(&a) != 0);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
		int status;

		ASSERT_EQ(waitpid(pids[i], &status, 0), pids[i]);
		ASSERT_EQ(status, 0);
	}
	ASSERT_EQ(progress_of("a/1").attempts, ARRAY_SIZE(pids));
	ASSERT_EQ(list_dir(strf("%s/state", test_dir), &names), 0);
	for (size_t i = 0; i < names.count; i++)
		moved += strstr(names.items[i], ".damaged-") && !str_ends(names.items[i], "-wal") &&
			 !str_ends(names.items[i], "-shm");
	ASSERT_EQ(moved, 1);
	free(file);
}
