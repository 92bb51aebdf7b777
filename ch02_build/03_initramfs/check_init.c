// SPDX-License-Identifier: GPL-2.0
/* What must hold of init, and of the archive that the lab is about. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "check_cpio.h"
#include "check_machine.h"

FIXTURE(machine) {
	struct machine m;
};

FIXTURE_SETUP(machine)
{
	machine_make(&self->m);
	machine_program(&self->m, "init", "/lab/init");
}

FIXTURE_TEARDOWN(machine)
{
	machine_end(&self->m);
}

/* Give init the complete program job.c to run, with these orders for it. */
static void give_job(struct machine *m, const char *orders)
{
	machine_program(m, "job", "/lab/job");
	machine_file(m, "job.txt", orders);
}

/* Is a file system of this type mounted there, as init sees it? */
static void expect_mount(const struct machine *m, const char *type,
			 const char *where)
{
	char path[64], regex[64], *mounts;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)m->init);
	mounts = file_read(path);
	ASSERT_NOTNULL(mounts);
	snprintf(regex, sizeof(regex), "^.* / %s .* - %s ", where, type);
	EXPECT_MATCH(mounts, regex, "init has mounted no %s on %s.", type, where);
	free(mounts);
}

CHECK_F(machine, powers_off, .title = "Without a job it switches the machine off")
{
	machine_start(&self->m, NULL);
	machine_expect_power_off(&self->m);
	EXPECT_MATCH(self->m.said, "^wb-init: pid 1, ", "init did not say who it is.");
	EXPECT_NOMATCH(self->m.said, "job", "There was no job.");
}

CHECK_F(machine, mounts, .title = "It mounts /proc, /sys and /dev, making the directories")
{
	give_job(&self->m, "orphans 0 0\nwait /go\n");
	machine_start(&self->m, NULL);
	ASSERT_TRUE(machine_says(&self->m, "^job: 0 orphans", 8000),
		    "init did not start /job. It said:\n%s", self->m.said);
	expect_mount(&self->m, "proc", "/proc");
	expect_mount(&self->m, "sysfs", "/sys");
	expect_mount(&self->m, "devtmpfs", "/dev");
	EXPECT_NOMATCH(self->m.said, "cannot mount");
}

/* Start with this command line; init must say this line. */
static void expect_line(struct machine *m, const char *cmdline,
			const char *line, const char *what)
{
	char regex[4200];

	snprintf(regex, sizeof(regex), "^%s$", line);
	machine_start(m, cmdline);
	ASSERT_TRUE(machine_says(m, "^wb-init: pid ", 8000),
		    "init said nothing of its PID. It said:\n%s",
		    m->said);
	ASSERT_NOMATCH(m->said, "cannot mount",
		       "Did init take EBUSY, mounted already, for a failure?");
	EXPECT_MATCH(m->said, regex, "The command line had %s:\n%.300s", what, cmdline);
	machine_end(m);
	machine_make(m);
	machine_program(m, "init", "/lab/init");
}

CHECK_F(machine, token, .title = "It finds wb.token= in the kernel's command line",
	.needs = "powers_off", .deadline = 60)
{
	char word[12], trap[12], other[700], line[3000], want[1500];
	struct machine *m = &self->m;
	char *own = file_read("/proc/cmdline");

	check_random_word(word, sizeof(word));
	check_random_word(trap, sizeof(trap));
	check_random_word(other, sizeof(other));
	snprintf(want, sizeof(want), "wb-init: pid 1, token %s", word);

	snprintf(line, sizeof(line), "wb.token=%s\n", word);
	expect_line(m, line, want, "the token only");
	snprintf(line, sizeof(line), "ro quiet wb.token=%s panic=-1\n", word);
	expect_line(m, line, want, "the token in the middle");
	snprintf(line, sizeof(line), "wb.token=%s my.wb.token=%s wb.tokens=%s\n",
		 word, trap, trap);
	expect_line(m, line, want, "other parameters that look like the token");
	snprintf(line, sizeof(line), "wb.token=%s  wb.token=%s", trap, word);
	expect_line(m, line, want, "two tokens, of which the last counts");
	snprintf(line, sizeof(line), "a=%s b=%s c=%s wb.token=%s\n", other, other, other, word);
	expect_line(m, line, want, "the token far behind");
	snprintf(line, sizeof(line), "quiet wb.token=%s\n", other);
	snprintf(want, sizeof(want), "wb-init: pid 1, token %s", other);
	expect_line(m, line, want, "a long token");
	snprintf(line, sizeof(line), "quiet xwb.token=%s wb.token\n", trap);
	expect_line(m, line, "wb-init: pid 1, no token", "no token");
	/* This machine's own, in a /proc that init mounts by itself. */
	if (own && !strstr(own, "wb.token="))
		expect_line(m, NULL, "wb-init: pid 1, no token", "no token");
	free(own);
}

CHECK_F(machine, job_status, .title = "It says how the job has ended, then switches off",
	.needs = "powers_off")
{
	unsigned int status = check_random_range(1, 255);
	char orders[64], regex[64];

	snprintf(orders, sizeof(orders), "exit %u\n", status);
	give_job(&self->m, orders);
	machine_start(&self->m, NULL);
	machine_expect_power_off(&self->m);
	snprintf(regex, sizeof(regex), "^wb-init: job exited with status %u$", status);
	EXPECT_MATCH(self->m.said, regex, "The job ended by exit(%u).", status);
	machine_end(&self->m);

	machine_make(&self->m);
	machine_program(&self->m, "init", "/lab/init");
	give_job(&self->m, "kill 10\n");
	machine_start(&self->m, NULL);
	machine_expect_power_off(&self->m);
	EXPECT_MATCH(self->m.said, "^wb-init: job killed by signal 10$");
}

CHECK_F(machine, job_first, .title = "It does not wait for orphans that outlive the job",
	.needs = "job_status")
{
	unsigned int status = check_random_range(1, 255);
	char orders[64], regex[64];

	snprintf(orders, sizeof(orders), "orphans 2 60000\nexit %u\n", status);
	give_job(&self->m, orders);
	machine_start(&self->m, NULL);
	machine_expect_power_off(&self->m);
	snprintf(regex, sizeof(regex), "^wb-init: job exited with status %u$", status);
	EXPECT_MATCH(self->m.said, regex, "The job ended by exit(%u), its orphans are others.",
		     status);
}

CHECK_F(machine, bad_job, .title = "A job that cannot be run is no second init",
	.needs = "powers_off")
{
	const char *line;
	int lines = 0;

	machine_program(&self->m, "job", "/lab/initramfs.txt");
	machine_start(&self->m, NULL);
	machine_expect_power_off(&self->m);
	EXPECT_MATCH(self->m.said, "^wb-init: job exited with status 127$",
		     "The child whose execv(3) fails must end with _exit(127), whatever else it would do.");
	for (line = self->m.said; (line = strstr(line, "wb-init: job ")); line++)
		lines++;
	EXPECT_EQ(lines, 1, "Who says how the job has ended? Only PID 1 may.");
}

/* Wait until the job has its n orphans, then until they are reaped. */
static void expect_reaped(struct machine *m, unsigned int n)
{
	char regex[64];
	int zombies;

	bool works;

	snprintf(regex, sizeof(regex), "^job: %u orphans started$", n);
	works = machine_says(m, regex, 8000);
	ASSERT_NE(m->init, 0,
		  "The job is at work, but init has ended. Which child did it take for the job? It said:\n%s",
		  m->said);
	ASSERT_TRUE(works, "The job should be at work. It and init said:\n%s", m->said);
	/* The job itself is the last of init's children. */
	if (!WAIT_UNTIL(machine_children(m, &zombies) <= 1 || machine_ends(m, 0), 5000))
		ASSERT_EQ(zombies, 0,
			  "%u orphans became children of init and have ended; %d of them are zombies still. init has to wait for any child, not for the job only.",
			  n, zombies);
	ASSERT_NE(m->init, 0,
		  "The job still runs, but init has ended. Which child did it take for the job? It said:\n%s",
		  m->said);
	ASSERT_EQ(machine_children(m, &zombies), 1, "The job itself should still run.");
	EXPECT_EQ(zombies, 0);
}

CHECK_F(machine, reaps, .title = "It reaps orphans while the job runs",
	.needs = "job_status")
{
	unsigned int first = check_random_range(20, 50);
	unsigned int second = first + check_random_range(1, 20);
	char orders[128];

	snprintf(orders, sizeof(orders),
		 "orphans %u 300\nwait /go1\norphans %u 200\nwait /go2\nexit 7\n",
		 first, second);
	give_job(&self->m, orders);
	machine_start(&self->m, NULL);
	expect_reaped(&self->m, first);
	machine_file(&self->m, "go1", "");
	expect_reaped(&self->m, second);
	machine_file(&self->m, "go2", "");
	machine_expect_power_off(&self->m);
	EXPECT_MATCH(self->m.said, "^wb-init: job exited with status 7$");
}

/* Nanoseconds that init has been on a CPU. */
static u64 cpu_time(const struct machine *m)
{
	char path[64], *text, *end;
	u64 ns;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)m->init);
	text = file_read(path);
	ASSERT_NOTNULL(text);
	ns = strtoull(text, &end, 10);
	ASSERT_NE(end, text);
	free(text);
	return ns;
}

CHECK_F(machine, sleeps, .title = "It sleeps while it waits",
	.needs = "reaps")
{
	u64 before, used;

	give_job(&self->m, "orphans 3 50\nwait /go\n");
	machine_start(&self->m, NULL);
	expect_reaped(&self->m, 3);
	before = cpu_time(&self->m);
	WAIT_UNTIL(false, 1000);
	used = cpu_time(&self->m) - before;
	EXPECT_LT(used, 250000000,
		  "In a second of waiting init has used %llu ms of CPU time. It asks again and again (WNOHANG?) where it could sleep in the kernel.",
		  used / 1000000);
}

CHECK_F(machine, archive, .title = "Your mkcpio packs your init as initramfs.txt says",
	.needs = "header_fields")
{
	const char *const argv[] = { "/lab/mkcpio", "/lab/initramfs.txt",
				     "/lab/out/initramfs.cpio", NULL };
	const struct cpio_entry *init, *console;
	struct run_result run;
	struct cpio cpio;

	/* This is the file that the second machine boots with, alone. */
	ASSERT_OK(libc_ret(chdir("/lab")));
	mkdir("/lab/out", 0755);
	run = run_program(argv, 20);
	ASSERT_EQ(run.status, 0, "mkcpio failed: %s", run.err);
	cpio = cpio_read("/lab/out/initramfs.cpio");
	ASSERT_NULL(cpio.wrong, "%s", cpio.wrong);
	init = cpio_find(&cpio, "init");
	ASSERT_NOTNULL(init, "The kernel runs /init, but there is none.");
	EXPECT_EQ(init->field[C_MODE], S_IFREG | 0755);
	console = cpio_find(&cpio, "dev/console");
	ASSERT_NOTNULL(console, "initramfs.txt asks for /dev/console.");
	EXPECT_EQ(console->field[C_MODE], S_IFCHR | 0600);
	EXPECT_EQ(console->field[C_RDEVMAJOR], 5);
	EXPECT_EQ(console->field[C_RDEVMINOR], 1);

	machine_end(&self->m);
	machine_make(&self->m);
	ASSERT_OK(cpio_unpack(&cpio, self->m.root));
	machine_start(&self->m, NULL);
	machine_expect_power_off(&self->m);
	EXPECT_MATCH(self->m.said, "^wb-init: pid 1, ");
	cpio_free(&cpio);
}
