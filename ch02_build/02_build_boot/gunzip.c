// SPDX-License-Identifier: GPL-2.0
/* gunzip - unpack a file to standard output; complete */
#include <stdio.h>

#include <zlib.h>

int main(int argc, char **argv)
{
	char block[4096];
	void *in;	/* a gzFile */
	int len;

	if (argc != 2) {
		fprintf(stderr, "Usage: %s FILE\n", argv[0]);
		return 2;
	}
	in = gzopen(argv[1], "rb");
	if (!in) {
		perror(argv[1]);
		return 1;
	}
	while ((len = gzread(in, block, sizeof(block))) > 0)
		if (fwrite(block, 1, len, stdout) != (size_t)len)
			break;
	if (len)
		fprintf(stderr, "%s: damaged, or no room for the text\n", argv[1]);
	if (gzclose(in) != Z_OK || len || fflush(stdout))
		return 1;
	return 0;
}
