/* SPDX-License-Identifier: GPL-2.0 */
/* A place in a source file */
#ifndef PLACE_H
#define PLACE_H

enum place_state { PLACE_FOUND, PLACE_NO_FILE, PLACE_BEHIND_END };

struct place {
	char *line;	/* its text, blanks joined to one */
	char *around;	/* the beginning of the function or structure it is in; or "" */
};

/* What stands in line number of dir/file. On PLACE_FOUND, place_free() it. */
enum place_state place_read(const char *dir, const char *file, unsigned long number,
			    struct place *out);
void place_free(struct place *place);

#endif
