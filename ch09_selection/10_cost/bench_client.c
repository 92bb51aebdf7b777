// SPDX-License-Identifier: GPL-2.0
/* Requests to the module, by its files in debugfs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench_client.h"

bool bench_there(void)
{
	return !access(BENCH_DIR "/request", W_OK);
}

/* 0 or -errno: it says what became of the request itself. */
static int ask(const struct row *row)
{
	char text[128];
	int len, fd, err = 0;

	len = snprintf(text, sizeof(text), "api=%s size=%zu rounds=%u",
		       row->api, row->size, row->rounds);
	fd = open(BENCH_DIR "/request", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != len)
		err = -errno;
	close(fd);
	return err;
}

static int read_table(FILE *file, struct row *row)
{
	unsigned int rounds;

	if (fscanf(file, "api %*s size %*u real %zu rounds %u clock %llu",
		   &row->real, &rounds, &row->clock) != 3 ||
	    rounds != row->rounds || row->real < row->size)
		return -EPROTO;
	for (int i = 0; i < NR_SERIES; i++) {
		unsigned long long *ns = row->ns[i];

		if (fscanf(file, "%*s %llu %llu %llu %llu", &ns[MIN], &ns[P50],
			   &ns[P99], &ns[MAX]) != 4)
			return -EPROTO;
	}
	return 0;
}

int bench_measure(struct row *row)
{
	FILE *file;
	int err;

	row->error = -ask(row);
	if (row->error == EINVAL || row->error == EINTR)
		return -row->error;
	if (row->error)
		return 0;
	file = fopen(BENCH_DIR "/table", "re");
	if (!file)
		return -errno;
	err = read_table(file, row);
	fclose(file);
	return err;
}
