// SPDX-License-Identifier: GPL-2.0
/* test_image.c - kernel images, saved machines and file systems that are damaged. */
#include <elf.h>
#include <sys/stat.h>

#include "kernel.h"
#include "vmlab.h"

static struct ran import(const char *image, const char *headers)
{
	return run_lab("kernel", "import", "twin", "--image", image, "--headers", headers);
}

TEST(import_of_what_is_no_kernel)
{
	const char *headers = kernel_headers("6.1");
	const char *file = xasprintf("%s/file", test_dir);
	struct ran ran;

	put_file(file, "");
	ran = import(file, headers);
	EXPECT(ran, 2, "it is neither a bzImage nor an ELF kernel", "mend:");
	scribble(file, 0, random_range(1, 100000));
	ran = import(file, headers);
	EXPECT(ran, 2, "it is neither a bzImage nor an ELF kernel");
	ran = import("/bin/true", headers);
	EXPECT(ran, 2, "it is no Linux kernel");
	ran = import(test_dir, headers);
	EXPECT(ran, 2, "it is no file");
	ran = import(strf("%s/nothing", test_dir), headers);
	EXPECT(ran, 2, "No such file");
	ran = import(file, test_dir);
	EXPECT(ran, 2, "holds no prepared kernel headers");
	ran = run_lab("kernel", "import", "../twin", "--image", file, "--headers", headers);
	EXPECT(ran, 2, "cannot be the name of an imported kernel");
	ran = run_lab("kernel", "import", "6.1", "--image", file, "--headers", headers);
	EXPECT(ran, 2, "cannot be the name of an imported kernel");
	ran = run_lab("run", MISBEHAVE, "--kernel", "twin");
	EXPECT(ran, 2, "there is no kernel named twin");
}

TEST(import_of_other_headers)
{
	struct ran ran = import(strf("%s/kernels/6.1/vmlinux", getenv("LAB_CACHE")),
				kernel_headers("6.12"));

	EXPECT(ran, 2, "it is another kernel than 6.12", "which the headers are for");
}

TEST(import_of_a_cut_image)
{
	const char *file = xasprintf("%s/bzImage", test_dir);
	struct stat st;
	struct ran ran;

	copy_file(kernel_bzimage("6.1"), file);
	ASSERT_EQ(stat(file, &st), 0);
	ASSERT_EQ(truncate(file, random_range(0x250, st.st_size - 1024)), 0);
	ran = import(file, kernel_headers("6.1"));
	EXPECT(ran, 2, "cannot use the kernel image", "cut short");
}

TEST(import_and_remove)
{
	const char *headers = kernel_headers("6.1");
	struct ran ran;

	use_cache("imports");
	ran = run_lab("kernel", "import", "twin", "--image", kernel_bzimage("6.1"), "--headers",
		      headers, "--modules", strf("%s/../../..", headers));
	EXPECT(ran, 0, "imported twin");
	ran = run_lab("run", MISBEHAVE, "--kernel", "twin", "--cold");
	EXPECT(ran, 0, "unloaded misbehave");
	ran = run_lab("kernel", "remove", "twin");
	EXPECT(ran, 0, "removed twin");
}

/* ELF files of a few bytes, each field of their headers once drawn at random. */
TEST(elf_headers_that_lie)
{
	const char *in = xasprintf("%s/in", test_dir), *out = xasprintf("%s/out", test_dir);
	const char *wrong;
	char file[600];

	for (int i = 0; i < 800; i++) {
		size_t len = random_range(60, sizeof(file));
		Elf64_Ehdr eh = {
			.e_ident = ELFMAG "\2\1\1", .e_machine = EM_X86_64,
			.e_phoff = sizeof(eh), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
		};
		Elf64_Phdr ph = { .p_offset = 100, .p_filesz = 100 };
		int err;

		memset(file, 0, sizeof(file));
		snprintf(file + 300, 100, "Linux version 1.2 (");
		if (i % 4 == 1)
			eh.e_phoff = test_random() >> random_range(0, 63);
		if (i % 4 == 2)
			eh.e_phnum = test_random();
		if (i % 4 == 3)
			ph.p_filesz = test_random() >> random_range(0, 63);
		if (i % 16 == 5)
			eh.e_phentsize = test_random();
		if (i % 16 == 7)
			ph.p_offset = test_random() >> random_range(0, 63);
		memcpy(file, &eh, sizeof(eh));
		memcpy(file + sizeof(eh), &ph, sizeof(ph));
		memcpy(file + sizeof(eh) + sizeof(ph), &ph, sizeof(ph));
		ASSERT_EQ(write_whole(in, file, len), 0);
		err = image_extract(in, "1.2", out, &wrong);
		ASSERT(err == 0 || err == -EINVAL);
		ASSERT(!err == !wrong);
		if (i % 4 == 0 && len > 350)
			ASSERT_EQ(err, i % 16 == 5 || i % 16 == 7 ? err : 0);
		if (!err)
			ASSERT(image_whole(out));
	}
}

/* bzImage headers, whose lengths and offsets point anywhere. */
TEST(bzimage_headers_that_lie)
{
	const char *in = xasprintf("%s/in", test_dir), *out = xasprintf("%s/out", test_dir);
	const char *wrong;
	char file[4096];

	for (int i = 0; i < 800; i++) {
		size_t len = random_range(0x240, sizeof(file));

		for (size_t j = 0; j < sizeof(file); j++)
			file[j] = test_random();
		memcpy(file + 0x202, "HdrS", 4);
		if (i % 2) {
			file[0x1f1] = random_range(0, 3);
			memset(file + 0x248, 0, 8);
			file[0x248] = test_random();
			file[0x24d] = random_range(0, 12);
		}
		ASSERT_EQ(write_whole(in, file, len), 0);
		ASSERT_EQ(image_extract(in, "1.2", out, &wrong), -EINVAL);
		ASSERT(wrong);
	}
}

/* The image in the cache becomes a file of its own: it may be damaged. */
static const char *own_image(void)
{
	const char *image = xasprintf("%s/kernels/6.1/vmlinux", getenv("LAB_CACHE"));
	const char *copy = xasprintf("%s.copy", image);

	copy_file(image, copy);
	ASSERT_EQ(rename(copy, image), 0);
	return image;
}

TEST(missing_and_cut_images)
{
	const char *image;
	struct stat st;
	struct ran ran;

	use_cache("images");
	image = own_image();
	ASSERT_EQ(stat(image, &st), 0);
	ASSERT_EQ(truncate(image, random_range(0, st.st_size / 2)), 0);
	ran = run_way("well");
	EXPECT(ran, 5, "the kernel 6.1 in the cache is damaged", "cut short, or no kernel",
	       "lab kernel fetch 6.1");
	ASSERT_EQ(unlink(image), 0);
	ran = run_lab("check", MUTE, "--seed", "11");
	EXPECT(ran, 5, "the kernel 6.1 in the cache is damaged", "No such file",
	       "lab kernel fetch 6.1", "NO VERDICT");
}

/* It is as long as it says, and does not boot. */
TEST(image_of_noise)
{
	struct ran ran;
	const char *image;

	use_cache("noise");
	image = own_image();
	scribble(image, 0x200000, 4 << 20);
	ran = run_way("well");
	EXPECT(ran, 5, "the guest did not get ready for the job", "lab kernel fetch 6.1");
	ran = run_lab("check", MUTE, "--seed", "11", "--cold");
	EXPECT(ran, 5, "NO VERDICT: the guest did not get ready for the job",
	       "lab kernel fetch 6.1");
	unlink(image);
}

/* ---- saved machines ---- */

static const char *the_state(void)
{
	struct strlist states = { 0 };
	const char *state;

	list_states(&states);
	ASSERT_EQ(states.count, 1);
	state = xstrdup(states.items[0]);
	strlist_free(&states);
	return state;
}

enum damage {
	RAM_EMPTY, RAM_CUT, RAM_NOISE, RAM_GONE, DEVICE_EMPTY, DEVICE_NOISE, DEVICE_GONE,
	SEAL_EMPTY, SEAL_NOISE, SEAL_GONE, RAM_UNREADABLE, DAMAGES,
};

static const char *damage_state(enum damage damage)
{
	const char *state = the_state();
	const char *ram = xasprintf("%s/ram", state), *device = xasprintf("%s/device", state);
	const char *seal = xasprintf("%s/seal", state);

	switch (damage) {
	case RAM_EMPTY:
		ASSERT_EQ(truncate(ram, 0), 0);
		return "ram empty";
	case RAM_CUT:
		ASSERT_EQ(truncate(ram, random_range(1, 255 << 20)), 0);
		return "ram cut";
	case RAM_NOISE:
		scribble(ram, random_range(0, 200 << 20), random_range(1, 1 << 20));
		return "ram scribbled";
	case RAM_GONE:
		ASSERT_EQ(unlink(ram), 0);
		return "ram gone";
	case DEVICE_EMPTY:
		ASSERT_EQ(truncate(device, 0), 0);
		return "device empty";
	case DEVICE_NOISE:
		scribble(device, random_range(0, 20000), random_range(1, 20000));
		return "device scribbled";
	case DEVICE_GONE:
		ASSERT_EQ(unlink(device), 0);
		return "device gone";
	case SEAL_EMPTY:
		ASSERT_EQ(truncate(seal, 0), 0);
		return "seal empty";
	case SEAL_NOISE:
		scribble(seal, 0, 40);
		return "seal scribbled";
	case SEAL_GONE:
		ASSERT_EQ(unlink(seal), 0);
		return "seal gone";
	case RAM_UNREADABLE:
	default:
		ASSERT_EQ(unlink(ram), 0);
		ASSERT_EQ(mkdir(ram, 0755), 0);
		return "ram a directory";
	}
}

TEST(damaged_states_are_made_anew)
{
	unsigned int rounds = test_long ? DAMAGES : 2;
	unsigned int first = random_range(0, DAMAGES - 1);

	use_cache("states");
	next_run_works();
	for (unsigned int i = 0; i < rounds; i++) {
		const char *what = damage_state((first + i) % DAMAGES);
		struct ran ran = run_way("well");

		printf("  %s\n", what);
		EXPECT(ran, 0, "a saved machine was damaged, it is made anew",
		       "unloaded misbehave");
	}
}

/* As state.c seals it: who damages a state and puts the seal right hides it. */
static void forge_seal(const char *state)
{
	static const char *const files[] = { "ram", "device" };
	struct buf seal = { 0 };
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		ASSERT_EQ(stat(strf("%s/%s", state, files[i]), &st), 0);
		buf_addf(&seal, "%s %lld bytes, %lld.%09ld, %lld.%09ld\n", files[i],
			 (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			 (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	}
	put_file(strf("%s/seal", state), seal.data);
	buf_free(&seal);
}

/* Nobody sees the damage, and the guest crashes: not a student's crash. */
TEST(damage_under_a_good_seal)
{
	struct ran ran;
	const char *state;

	use_cache("states");
	next_run_works();
	state = the_state();
	/* The kernel's text and data are here. */
	scribble(strf("%s/ram", state), 16 << 20, 30 << 20);
	forge_seal(state);
	ran = run_lab("check", MUTE, "--seed", "11");
	EXPECT(ran, 0, "was damaged, it is made anew", "PASSED");
	ran = run_way("well");
	EXPECT(ran, 0, "unloaded misbehave", "~damaged");
	if (!test_long)
		return;
	/* Some of these hang the guest: that takes its time to be noticed. */
	state = the_state();
	scribble(strf("%s/device", state), random_range(200, 10000), 20000);
	forge_seal(state);
	ran = run_way("well");
	EXPECT(ran, 0, "unloaded misbehave");
	next_run_works();
}

TEST(damaged_file_system_is_made_anew)
{
	bool cut = random_range(0, 1);
	const char *path;
	struct ran ran;

	use_cache("states");
	next_run_works();
	path = xasprintf("%s/kernels/6.1/initramfs", getenv("LAB_CACHE"));
	if (cut)
		ASSERT_EQ(truncate(path, random_range(0, 100000)), 0);
	else
		scribble(path, 0, random_range(8, 2000));
	printf("  %s\n", cut ? "cut" : "scribbled");
	ran = cut ? run_way("well") : run_way("well", "--cold");
	EXPECT(ran, 0, "unloaded misbehave", "was damaged, it is made anew");
}
