// SPDX-License-Identifier: GPL-2.0
/*
 * Map a part of a board, to look at. Nothing is to be done here.
 *
 *	mapper FIRST PAGES	map so many pages, from page FIRST on
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE	4096L

static int show(const char *path, const char *part)
{
	FILE *file = fopen(path, "r");
	char line[512];

	if (!file) {
		perror(path);
		return -1;
	}
	while (fgets(line, sizeof(line), file))
		if (strstr(line, part))
			printf("  %s", line);
	return fclose(file);
}

static int show_mappings(const char *when)
{
	printf("%s: mappings", when);
	fflush(stdout);
	return show("/sys/module/board/parameters/mappings", "");
}

int main(int argc, char **argv)
{
	long first = argc == 3 ? atol(argv[1]) : 0;
	long pages = argc == 3 ? atol(argv[2]) : 1;
	char back[32] = "";
	int fd = open("/dev/board", O_RDWR | O_CLOEXEC);
	char *at;
	pid_t pid;

	if (fd < 0) {
		perror("/dev/board");
		return 1;
	}
	at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, first * PAGE);
	if (at == MAP_FAILED) {
		printf("%ld pages from page %ld on: %s\n", pages, first, strerror(errno));
		return 1;
	}
	show("/proc/self/maps", "board");
	snprintf(at, PAGE, "from the process");
	if (pread(fd, back, sizeof(back) - 1, first * PAGE) < 0)
		perror("pread");
	printf("byte %ld of the board, read by the kernel: %s\n", first * PAGE, back);
	show_mappings("at first");
	fflush(stdout);
	pid = fork();
	if (!pid) {
		snprintf(at, PAGE, "from the child");
		exit(show_mappings("in the child") ? 1 : 0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		perror("fork");
	printf("the parent reads: %s\n", at);
	if (pages > 2 && munmap(at + PAGE, PAGE))
		perror("munmap");
	show("/proc/self/maps", "board");
	show_mappings("with a hole");
	return 0;
}
