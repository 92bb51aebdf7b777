// SPDX-License-Identifier: GPL-2.0
/*
 * The address space of a process, as a text or as a picture
 *
 *	procmap text FILE	FILE is /proc/PID/maps, or a copy of one
 *	procmap svg FILE
 *
 * Each mapping is a line, or a box, and so is each gap between two of them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE	4096UL
#define WIDTH	900		/* of the picture */
#define SVG_HEAD	"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" " \
			"viewBox=\"-1 -1 %d %u\" font-family=\"monospace\" font-size=\"11\">\n%s</svg>\n"

static FILE *out;		/* where all is written to */

struct mapping {
	unsigned long start, end;
	char perms[5];
	char *name;		/* in the line that it was read from; may be empty */
};

/* "start-end perms offset device inode    name": false if it is no such line. */
static bool parse(char *line, struct mapping *m)
{
	/* TODO 1: the name is all the rest; it may have blanks in it, or be missing */
	int n = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%lx-%lx%n", &m->start, &m->end, &n) != 2)
		return false;
	memcpy(m->perms, "????", 5);
	m->name = line + n;
	return true;
	/* END TODO 1 */
}

/* How many bytes are free between the mapping before this one and this one? */
static unsigned long gap_before(const struct mapping *m, unsigned long last_end)
{
	/* TODO 2: before the first one there is a gap as well; the address space begins at 0 */
	return m->start < last_end;
	/* END TODO 2 */
}

/* A name may have any byte in it. What would break the picture is written in another way. */
static void write_name(const char *name)
{
	/* TODO 3: & < > " as &amp; &lt; &gt; &quot; and what is no printable ASCII as \xNN */
	fputs(name, out);
	/* END TODO 3 */
}

/* A box is 14 high for one page, and 6 more whenever its size has doubled. */
static unsigned int height(unsigned long bytes)
{
	/* TODO 4: what is between two powers of two is as high as the smaller one */
	return 14 + !bytes;
	/* END TODO 4 */
}

/* ---------------------------------------- the rest; nothing is to be done --- */

static unsigned int y;		/* where the next box of the picture begins */

static void text_line(unsigned long start, unsigned long bytes, const char *perms,
		      const char *name)
{
	fprintf(out, "%016lx %14lu KiB  %s  %s\n", start, bytes / 1024, perms, name);
}

static void svg_box(unsigned long start, unsigned long bytes, const char *perms, const char *name)
{
	const char *fill = *perms == '-' ? "#f4f4f4" : perms[2] == 'x' ? "#f5d0c5" :
			   perms[1] == 'w' ? "#cfe2f3" : "#dcead2";
	unsigned int high = height(bytes);

	fprintf(out, "<rect y=\"%u\" width=\"%d\" height=\"%u\" fill=\"%s\" stroke=\"#666\"/>\n",
		y, WIDTH, high, fill);
	fprintf(out, "<text x=\"6\" y=\"%u\">%016lx %lu KiB %s ", y + high / 2 + 4, start,
		bytes / 1024, perms);
	write_name(name);
	fprintf(out, "</text>\n");
	y += high;
}

static void show(bool svg, unsigned long start, unsigned long bytes, const char *perms,
		 const char *name)
{
	if (svg)
		svg_box(start, bytes, perms, name);
	else
		text_line(start, bytes, perms, name);
}

static int show_all(bool svg, FILE *file)
{
	unsigned long last_end = 0, number = 0, bytes;
	struct mapping m;
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, file) >= 0) {
		number++;
		if (!parse(line, &m)) {
			fprintf(stderr, "procmap: line %lu is no mapping\n", number);
			free(line);
			return 1;
		}
		bytes = gap_before(&m, last_end);
		if (bytes)
			show(svg, last_end, bytes, "----", "gap");
		show(svg, m.start, m.end - m.start, m.perms, m.name);
		last_end = m.end;
	}
	free(line);
	if (ferror(file)) {
		fprintf(stderr, "procmap: cannot read: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool svg = argc == 3 && !strcmp(argv[1], "svg");
	char *body = NULL;
	size_t len = 0;
	FILE *file;
	int ret;

	if (argc != 3 || (!svg && strcmp(argv[1], "text"))) {
		fprintf(stderr, "usage: procmap text|svg FILE\n");
		return 2;
	}
	file = fopen(argv[2], "r");
	if (!file) {
		fprintf(stderr, "procmap: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	out = svg ? open_memstream(&body, &len) : stdout;
	if (!out) {
		perror("procmap");
		fclose(file);
		return 1;
	}
	ret = show_all(svg, file);
	fclose(file);
	if (svg) {
		/* Its height is known only now. */
		if (fclose(out)) {
			perror("procmap");
			return 1;
		}
		printf(SVG_HEAD, WIDTH + 2, y + 2, WIDTH + 2, y + 2, body);
		free(body);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "procmap: cannot write: %s\n", strerror(errno));
		return 1;
	}
	return ret;
}
