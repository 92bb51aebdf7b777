// SPDX-License-Identifier: GPL-2.0
/* test_accel.c - KVM that is absent, hangs or refuses; QEMU and busybox that are not there. */
#include <sys/mount.h>
#include <sys/stat.h>

#include "proc.h"
#include "vmlab.h"

static void script(const char *path, const char *text)
{
	put_file(path, text);
	ASSERT_EQ(chmod(path, 0755), 0);
}

/* A /dev of our own, with a file where the device would be. */
static void fake_device(void)
{
	static const char *const devices[] = {
		"null", "zero", "full", "random", "urandom", "tty", "ptmx",
	};
	const char *dev = xasprintf("%s/dev", test_dir);

	if (!session_mounts())
		test_skip("there is no /dev/kvm, and we are not root to put one there");
	ASSERT_EQ(mkdir_p(dev), 0);
	ASSERT_EQ(mount("none", dev, "tmpfs", 0, "size=1m"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		const char *path = xasprintf("%s/%s", dev, devices[i]);

		put_file(path, "");
		ASSERT_EQ(mount(strf("/dev/%s", devices[i]), path, NULL, MS_BIND, NULL), 0);
	}
	put_file(strf("%s/kvm", dev), "");
	ASSERT_EQ(mount(dev, "/dev", NULL, MS_BIND | MS_REC, NULL), 0);
}

/*
 * A QEMU that behaves so when it is asked for KVM, and is itself else. The
 * program must believe that there is KVM, also where there is none.
 */
static void fake_qemu(const char *with_kvm)
{
	const char *path = xasprintf("%s/qemu", test_dir);
	char *real = proc_find_program("qemu-system-x86_64");

	if (!real)
		test_skip("there is no qemu-system-x86_64");
	if (access("/dev/kvm", R_OK | W_OK) || getenv("VM_TESTS_FAKE_KVM"))
		fake_device();
	script(path, strf("#!/bin/sh\ncase \" $* \" in *' -accel kvm '*) %s ;; esac\nexec %s \"$@\"\n",
			  with_kvm, real));
	setenv("LAB_QEMU", path, 1);
	free(real);
}

static char *kept_answer(void)
{
	return read_whole(strf("%s/accel", getenv("LAB_CACHE")), NULL);
}

/* The run goes on without KVM, and the next one does not ask again. */
TEST(kvm_that_hangs)
{
	const char *count = xasprintf("%s/asked", test_dir);
	struct ran ran;

	use_cache("hanging");
	fake_qemu(strf("echo asked >> %s; exec sleep 1000", count));
	ran = run_way("well", "--cold");
	EXPECT(ran, 0, "unloaded misbehave");
	ASSERT_HAS(kept_answer(), "tcg KVM makes a guest, but the guest as good as hangs");
	run_lab("doctor");
	ASSERT_STR(read_whole(count, NULL), "asked\n");
}

TEST(kvm_that_refuses)
{
	static const char *const ways[] = {
		"exit 1", "kill -9 $$", "echo no KVM >&2; exit 0", "exit 32", "kill -SEGV $$",
	};

	use_cache("refusing");
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		char *answer;

		fake_qemu(ways[i]);
		unlink(strf("%s/accel", getenv("LAB_CACHE")));
		/* It looks for what can run a machine, and changes nothing. */
		run_lab("doctor");
		answer = kept_answer();
		ASSERT_HAS(answer, "tcg KVM refuses to run a guest");
		free(answer);
	}
}

TEST(kvm_that_is_forced)
{
	struct ran ran;

	use_cache("forced");
	fake_qemu("echo 'no such accelerator' >&2; exit 1");
	setenv("LAB_ACCEL", "kvm", 1);
	ran = run_way("well");
	EXPECT(ran, 5, "the virtual machine failed", "no such accelerator", "lab doctor");
	ran = run_lab("check", MUTE, "--seed", "11");
	EXPECT(ran, 5, "NO VERDICT: no such accelerator");
}

/* An interrupted question has no answer that may be kept. */
TEST(kvm_question_interrupted)
{
	const char *asked = xasprintf("%s/asked", test_dir);
	int64_t until = now_ms() + 120000;
	struct running running;
	struct ran ran;

	use_cache("asked");
	fake_qemu(strf("echo asked > %s; exec sleep 1000", asked));
	start_lab(&running, "doctor");
	while (!path_exists(asked) && now_ms() < until)
		sleep_ms(5);
	sleep_ms(random_range(0, 1000));
	kill(running.pid, SIGINT);
	ran = finish(&running);
	if (ran.signal == SIGINT)
		ASSERT(!kept_answer());
	else
		printf("  it was done before\n");
}

/* A file of one answer, cut anywhere, or of anything. */
TEST(kept_answers_that_are_damaged)
{
	const char *path = xasprintf("%s/accel", use_cache("answers"));
	struct stat st;

	fake_qemu("exit 1");
	for (int i = 0; i < 5; i++) {
		char *answer;

		run_lab("doctor");
		answer = kept_answer();
		ASSERT_HAS(answer, "tcg KVM refuses");
		free(answer);
		ASSERT_EQ(stat(path, &st), 0);
		if (i == 0)
			scribble(path, 0, random_range(1, 300));
		else
			/* Behind the first line there are words of ours. */
			ASSERT_EQ(truncate(path, st.st_size - random_range(1, 40)), 0);
	}
}

TEST(no_qemu)
{
	const char *bin = xasprintf("%s/bin", test_dir);
	struct strlist names = { 0 };
	struct ran ran;

	ASSERT_EQ(mkdir_p(bin), 0);
	list_dir("/usr/bin", &names);
	for (size_t i = 0; i < names.count; i++)
		if (!str_starts(names.items[i], "qemu"))
			ASSERT_EQ(symlink(strf("/usr/bin/%s", names.items[i]),
					  strf("%s/%s", bin, names.items[i])), 0);
	strlist_free(&names);
	setenv("PATH", bin, 1);
	ran = run_way("well");
	EXPECT(ran, 5, "QEMU is not installed", "apt-get install qemu-system-x86");
	ran = run_lab("check", MUTE, "--seed", "11");
	EXPECT(ran, 5, "NO VERDICT: QEMU is not installed");
	setenv("LAB_QEMU", strf("%s/nothing", test_dir), 1);
	ran = run_lab("shell");
	EXPECT(ran, 5, "QEMU is not installed");
}

/* It is there, and it is no QEMU. */
TEST(qemu_that_is_none)
{
	const char *path = xasprintf("%s/qemu", test_dir);
	struct ran ran;

	use_cache("none");
	setenv("LAB_ACCEL", "tcg", 1);
	setenv("LAB_QEMU", path, 1);
	script(path, "#!/bin/sh\necho 'something is missing' >&2; exit 3\n");
	ran = run_way("well");
	EXPECT(ran, 5, "the virtual machine failed", "something is missing");
	script(path, "#!/nothing\n");
	ran = run_way("well", "--cold");
	EXPECT(ran, 5, "the virtual machine failed", "cannot run");
	/* It starts, and says nothing that is QMP. */
	script(path, "#!/bin/sh\nexec sleep 1000\n");
	ran = run_way("well", "--cold");
	EXPECT(ran, 5, "the virtual machine failed", "QEMU does not start");
}

/* A wrapper that stays between us and QEMU: both end with us. */
TEST(qemu_behind_a_wrapper)
{
	char *real = proc_find_program("qemu-system-x86_64");
	const char *path = xasprintf("%s/qemu", test_dir);
	struct ran ran;

	use_cache("wrapped");
	script(path, strf("#!/bin/sh\n%s \"$@\"\n", real));
	setenv("LAB_QEMU", path, 1);
	setenv("LAB_ACCEL", "tcg", 1);
	ran = run_way("hang", "--cold", "--timeout", "3");
	EXPECT(ran, 4, "no answer from the guest");
	free(real);
}

TEST(no_busybox)
{
	struct ran ran;

	if (!session_mounts())
		test_skip("this needs root, to hide the file");
	if (access("/bin/busybox", X_OK))
		test_skip("there is no busybox here anyway");
	use_cache("bare");
	ASSERT_EQ(mount("/dev/null", "/bin/busybox", NULL, MS_BIND, NULL), 0);
	ran = run_way("well");
	EXPECT(ran, 5, "cannot make the guest's file system", "busybox-static", "lab setup");
	ran = run_lab("check", MUTE, "--seed", "11");
	EXPECT(ran, 5, "NO VERDICT: the guest's file system cannot be made");
}
