/* SPDX-License-Identifier: GPL-2.0 */
/* A place in a source file */
#ifndef PLACE_H
#define PLACE_H

enum place_state { PLACE_FOUND, PLACE_NO_FILE, PLACE_BEHIND_END };

struct place {
	char *line;	/* its text, blanks joined to one */
	char *around;	/* the beginning of the function or structure it is in; or "" */
};

/* Blanks and tabs become one blank each time; none at the ends. */
void join_blanks(char *text);

/*
 * What stands in line *number of dir/file. When words are given, and stand in
 * another line, it is that one, the nearest: the next revision of a source moves
 * its lines. On PLACE_FOUND, place_free() it.
 */
enum place_state place_read(const char *dir, const char *file, unsigned long *number,
			    const char *words, struct place *out);
void place_free(struct place *place);

#endif
