// SPDX-License-Identifier: GPL-2.0
/*
 * A User-Mode Linux kernel: a machine that is a process of the host. What the
 * student's code can do in it, a program of this user can do; so it runs in a
 * sandbox, always: nothing of the host but programs and libraries, read-only;
 * no network, no home; a file system in memory, limited, for its own memory.
 * What it left running ends with the sandbox's first process, and with us.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pack.h"
#include "proc.h"
#include "vm_private.h"

/*
 * time-travel: when nobody has anything to do, the clock jumps to what comes
 * next. kmemleak only reports what is 5 seconds old; nobody waits for them.
 */
#define CMDLINE "initrd=/initrd uml_dir=/tmp con=null ssl=null time-travel " \
		"wb.channel=/dev/ttyS0 quiet panic=-1 oops=panic " \
		"kasan_multi_shot "

bool vm_is_process(const struct vm_spec *spec)
{
	return spec->kernel->arch && !strcmp(spec->kernel->arch, "um");
}

static void sandbox_args(struct strlist *argv)
{
	static const char *const links[] = { "/lib", "/lib64", "/lib32", "/bin" };

	strlist_split(argv, "bwrap --unshare-all --die-with-parent --new-session "
		      "--clearenv --cap-drop ALL --ro-bind /usr /usr", " ");
	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		char target[256];
		ssize_t n = readlink(links[i], target, sizeof(target) - 1);

		if (n > 0) {
			target[n] = '\0';
			strlist_add(argv, "--symlink");
			strlist_add(argv, target);
		} else {
			strlist_add(argv, "--ro-bind-try");
			strlist_add(argv, links[i]);
		}
		strlist_add(argv, links[i]);
	}
}

const char *vm_process_unusable(void)
{
	static const char *answer;
	static bool asked;
	struct strlist argv = { 0 };
	struct proc_result res;
	int err;

	if (asked)
		return answer;
	asked = true;
	sandbox_args(&argv);
	strlist_add(&argv, "/usr/bin/true");
	err = proc_run(&(struct proc){
		.argv = (const char *const *)argv.items, .output = PROC_MERGED,
		.deadline_ms = 20000,
	}, &res);
	if (err)
		answer = "it runs in a sandbox, and bwrap is not installed (sudo apt-get install bubblewrap)";
	else if (!proc_ok(&res))
		answer = xasprintf("it runs in a sandbox, and bwrap cannot make one here: %.*s",
				   (int)strcspn(res.out, "\n"), res.out);
	if (!err)
		proc_result_free(&res);
	strlist_free(&argv);
	return answer;
}

/* The initramfs and, behind it, the job: the kernel unpacks one after the
 * other. In memory, so that nothing of it can be left behind. */
static int make_payload(const struct vm_spec *spec, const char *initramfs)
{
	struct pack *pack = pack_begin();
	struct buf job = { 0 };
	size_t len, done = 0;
	char *base = read_whole(initramfs, &len);
	int fd = -1, err = base ? 0 : -errno;

	if (spec->files)
		pack_data(pack, "job.cpio", spec->files, spec->files_len, 0600);
	if (pack_end(pack, &job) && !err)
		err = -ENOMEM;
	if (!err) {
		fd = memfd_create("initrd", MFD_CLOEXEC);
		err = fd < 0 ? -errno : 0;
	}
	while (!err && done < len + job.len) {
		const char *p = done < len ? base + done : job.data + done - len;
		ssize_t n = write(fd, p, done < len ? len - done
						   : job.len - (done - len));

		if (n < 0)
			err = -errno;
		done += n < 0 ? 0 : n;
	}
	if (!err && lseek(fd, 0, SEEK_SET))
		err = -errno;
	if (err && fd >= 0)
		close(fd);
	buf_free(&job);
	free(base);
	return err ? err : fd;
}

int vm_process_args(const struct vm_spec *spec, const char *initramfs,
		    struct vm_args *args, struct strlist *argv)
{
	args->payload = make_payload(spec, initramfs);
	if (args->payload < 0)
		return args->payload;
	sandbox_args(argv);
	strlist_add(argv, "--size");
	strlist_addf(argv, "%llu", (unsigned long long)(spec->memory + 64) << 20);
	strlist_split(argv, "--tmpfs /tmp --chdir /tmp --setenv HOME /tmp "
		      "--setenv TMPDIR /tmp --dev /dev --ro-bind", " ");
	strlist_add(argv, spec->kernel->image);
	strlist_add(argv, "/kernel");
	strlist_add(argv, "--ro-bind-data");
	strlist_addf(argv, "%d", args->payload);
	strlist_split(argv, "/initrd -- /kernel " CMDLINE, " ");
	strlist_addf(argv, "mem=%uM", spec->memory);
	strlist_addf(argv, "con0=fd:%d", args->console);
	strlist_addf(argv, "ssl0=fd:%d", args->channel);
	strlist_split(argv, spec->cmdline ? spec->cmdline : "", " ");
	return 0;
}
