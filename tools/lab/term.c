// SPDX-License-Identifier: GPL-2.0
/*
 * term.c - colour by meaning, widths, wrapping, questions; see term.h. The
 * progress line is in progress.c.
 */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "term.h"

static bool utf8;

static const struct style {
	const char *escape;
	const char *mark;
	const char *plain_mark;
} styles[] = {
	[T_PLAIN] = { "", " ", " " },
	[T_OK] = { "\033[32m", "✓", "+" },
	[T_BAD] = { "\033[31m", "✗", "x" },
	[T_WARN] = { "\033[33m", "!", "!" },
	[T_DIM] = { "\033[2m", "·", "-" },
	[T_BOLD] = { "\033[1m", " ", " " },
	[T_HEADING] = { "\033[1;36m", " ", " " },
	[T_CODE] = { "\033[36m", " ", " " },
};

void term_init(void)
{
	setlocale(LC_CTYPE, "");
	utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	/*
	 * Our files are UTF-8 whatever the locale says, and their columns are
	 * counted with the C library. Where this locale is missing too, bytes
	 * are counted: lines come out short, never wrong.
	 */
	if (!utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
}

bool term_utf8(void)
{
	return utf8;
}

bool term_is_tty(FILE *stream)
{
	int fd = fileno(stream);

	return fd >= 0 && isatty(fd);
}

static bool env_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool term_colour(FILE *stream)
{
	const char *kind = getenv("TERM");

	if (env_set("NO_COLOR"))
		return false;
	if (env_set("CLICOLOR_FORCE") && strcmp(getenv("CLICOLOR_FORCE"), "0"))
		return true;
	return term_is_tty(stream) && kind && *kind && strcmp(kind, "dumb");
}

const char *term_on(FILE *stream, enum term_style style)
{
	return term_colour(stream) ? styles[style].escape : "";
}

const char *term_off(FILE *stream)
{
	return term_colour(stream) ? "\033[0m" : "";
}

void term_printf(FILE *stream, enum term_style style, const char *fmt, ...)
{
	va_list ap;

	fputs(term_on(stream, style), stream);
	va_start(ap, fmt);
	vfprintf(stream, fmt, ap);
	va_end(ap);
	fputs(style == T_PLAIN ? "" : term_off(stream), stream);
}

const char *term_mark(enum term_style style)
{
	return utf8 ? styles[style].mark : styles[style].plain_mark;
}

int term_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t value;

	if (columns && parse_u64(columns, 1, 10000, &value))
		return value < 20 ? 20 : value;
	if ((!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col) ||
	    (!ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_col))
		return size.ws_col < 20 ? 20 : size.ws_col;
	return 80;
}

size_t term_glyph(const char *text, int *columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t len;
	int width;

	*columns = 0;
	if (text[0] == '\033' && text[1] == '[') {
		len = 2 + strspn(text + 2, "0123456789;");
		return text[len] ? len + 1 : len;
	}
	if (*text == TERM_GLUE) {
		*columns = 1;
		return 1;
	}
	len = mbrtowc(&wide, text, MB_CUR_MAX, &state);
	if (len == 0 || len > MB_CUR_MAX) {
		*columns = 1;
		return 1;
	}
	width = wcwidth(wide);
	*columns = width < 0 ? 0 : width;
	return len;
}

int term_columns(const char *text)
{
	int total = 0, columns;

	while (*text) {
		text += term_glyph(text, &columns);
		total += columns;
	}
	return total;
}

const char *term_clip(const char *text, int columns)
{
	struct buf buf = { 0 };
	const char *result;
	int width;

	while (*text) {
		size_t len = term_glyph(text, &width);

		if ((unsigned char)*text < ' ' || *text == 0x7f) {
			/* An escape sequence goes whole, other controls too. */
			if (*text != '\033' && buf.len && buf.data[buf.len - 1] != ' ' && columns) {
				buf_adds(&buf, " ");
				columns--;
			}
			text += len;
			continue;
		}
		if (width > columns)
			break;
		buf_add(&buf, text, len);
		columns -= width;
		text += len;
	}
	result = strf("%s", buf.data ? buf.data : "");
	buf_free(&buf);
	return result;
}

void term_text(FILE *stream, const char *text)
{
	for (; *text; text++)
		putc(*text == TERM_GLUE ? ' ' : *text, stream);
}

/* One line of text, that is up to a newline or the end. */
static void wrap_line(FILE *stream, const char *prefix, const char *further,
		      const char *line, size_t len, int width)
{
	int at = term_columns(prefix);
	int start = at;
	const char *end = line + len;

	fputs(prefix, stream);
	while (line < end) {
		size_t word_len;
		char *word;
		int columns;

		line += strspn(line, " \t");
		if (line >= end)
			break;
		word_len = strcspn(line, " \t\n");
		word = xstrndup(line, word_len);
		columns = term_columns(word);
		if (at > start && at + 1 + columns > width) {
			fprintf(stream, "\n%s", further);
			at = start = term_columns(further);
		}
		if (at > start) {
			putc(' ', stream);
			at++;
		}
		term_text(stream, word);
		at += columns;
		line += word_len;
		free(word);
	}
	putc('\n', stream);
}

void term_wrap(FILE *stream, const char *first, const char *further, const char *text)
{
	int width = term_width();
	const char *prefix = first;

	do {
		size_t len = strcspn(text, "\n");

		wrap_line(stream, prefix, further, text, len, width);
		prefix = further;
		text += len;
		if (*text == '\n')
			text++;
	} while (*text);
}

bool term_ask(const char *question)
{
	char *line = NULL;
	size_t room = 0;
	bool yes = false;

	if (!term_is_tty(stdin))
		return false;
	progress_lock();
	fflush(stdout);
	fprintf(stderr, "%s [y/N] ", question);
	fflush(stderr);
	if (getline(&line, &room, stdin) > 0) {
		const char *answer = str_trim(line);

		yes = !strcasecmp(answer, "y") || !strcasecmp(answer, "yes");
	} else {
		putc('\n', stderr);
	}
	free(line);
	progress_unlock();
	return yes;
}
