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
#include "sandbox.h"
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

const char *vm_process_unusable(void)
{
	static char *answer;
	const char *why;

	if (!sandbox_works(&why) && !answer)
		answer = xasprintf("it runs in a sandbox, and that does not work here (sudo apt-get install bubblewrap): %.*s",
				   (int)strcspn(why, "\n"), why);
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
	sandbox_begin(argv, (uint64_t)(spec->memory + 64) << 20);
	sandbox_env(argv, "TMPDIR", "/tmp");
	sandbox_read(argv, spec->kernel->image, "/kernel");
	strlist_add(argv, "--ro-bind-data");
	strlist_addf(argv, "%d", args->payload);
	strlist_add(argv, "/initrd");
	/* Its limits are those that vm_start() sets. */
	sandbox_command(argv, "/tmp", &(struct sandbox_limits){ 0 });
	strlist_split(argv, "/kernel " CMDLINE, " ");
	strlist_addf(argv, "mem=%uM", spec->memory);
	strlist_addf(argv, "con0=fd:%d", args->console);
	strlist_addf(argv, "ssl0=fd:%d", args->channel);
	strlist_split(argv, spec->cmdline ? spec->cmdline : "", " ");
	return 0;
}
