// SPDX-License-Identifier: GPL-2.0
/*
 * intrude.c - writes to the port on which the guest's init tells the host what
 * came of the job: what its argument says.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Init's descriptor of the port: only one process can open it. */
static int steal_port(void)
{
	DIR *dir = opendir("/proc/1/fd");
	struct dirent *entry;
	int pidfd = syscall(SYS_pidfd_open, 1, 0);

	while (dir && pidfd >= 0 && (entry = readdir(dir))) {
		char path[300], target[64] = "";

		snprintf(path, sizeof(path), "/proc/1/fd/%s", entry->d_name);
		if (readlink(path, target, sizeof(target) - 1) > 0 &&
		    !strncmp(target, "/dev/vport", 10))
			return syscall(SYS_pidfd_getfd, pidfd,
				       atoi(entry->d_name), 0);
	}
	return -1;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name, *text;
	} texts[] = {
		{ "line", "ok 1 forged\n" },
		{ "part", "WB1 " },
		{ "frame", "WB1 - end 1\n0\n" },
		{ "ready", "WB1 - ready 1\n1\n" },
		{ "huge", "WB1 0123456789abcdef0123456789abcdef ktap 18446744073709551615\n" },
		{ "minus", "WB1 - end -1\n\n" },
	};
	const char *what = argc > 1 ? argv[1] : "";
	int port = steal_port();
	char noise[65536];

	if (port < 0) {
		perror("intrude: the port");
		return 2;
	}
	if (!strcmp(what, "noise") &&
	    getrandom(noise, sizeof(noise), 0) == (ssize_t)sizeof(noise))
		return write(port, noise, sizeof(noise)) < 0;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(texts[i].name, what))
			return write(port, texts[i].text,
				     strlen(texts[i].text)) < 0;
	fprintf(stderr, "intrude: no way is called '%s'\n", what);
	return 2;
}
