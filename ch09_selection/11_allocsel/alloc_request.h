/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests as text: "size=3M contig=phys ctx=atomic". One word is one key;
 * what is not said is the ordinary case.
 */
#ifndef ALLOC_REQUEST_H
#define ALLOC_REQUEST_H

#include "alloc_types.h"

#define ALLOC_WHY_LEN 160	/* room for one sentence about an error */
#define ALLOC_TEXT_LEN 320	/* room for every key of a request */

/**
 * struct alloc_input - a request in the making
 * @req: what the words asked for
 * @env: the machine, as the words changed it
 * @given: which keys were given already, a bit each
 */
struct alloc_input {
	struct alloc_request req;
	struct alloc_env env;
	u32 given;
};

/**
 * struct alloc_key - a key of a request
 * @name: as written in "name=value"
 * @values: what it takes, for messages: "sleep|nofs|..." or "a size"
 * @help: what it means
 * @is_bool: it takes 0 or 1
 * @is_env: it describes the machine, not the request
 */
struct alloc_key {
	const char *name;
	const char *values;
	const char *help;
	bool is_bool;
	bool is_env;
};

/* The keys, in the order of alloc_keys[]. */
enum alloc_key_index {
	ALLOC_KEY_SIZE, ALLOC_KEY_NMEMB, ALLOC_KEY_WHEN, ALLOC_KEY_WHO,
	ALLOC_KEY_CTX, ALLOC_KEY_CONTIG, ALLOC_KEY_DMA, ALLOC_KEY_MANY,
	ALLOC_KEY_PERCPU, ALLOC_KEY_ZERO, ALLOC_KEY_NODE, ALLOC_KEY_USER_MAP,
	ALLOC_KEY_NEED, ALLOC_KEY_LIFE, ALLOC_KEY_ACCOUNT,
	ALLOC_KEY_KERNEL, ALLOC_KEY_KMAX, ALLOC_KEY_RAM, ALLOC_KEY_CMA,
	ALLOC_KEY_IOMMU,
	ALLOC_NR_KEYS,
};

extern const struct alloc_key alloc_keys[ALLOC_NR_KEYS];

/* The ordinary case on a machine with 16 GiB: everything but a size. */
void alloc_input_init(struct alloc_input *in);

/**
 * alloc_input_set() - one key and its value
 * @in: where it goes
 * @key: index into alloc_keys[]
 * @value: the value, @len bytes
 * @len: length of @value
 * @why: ALLOC_WHY_LEN bytes for a sentence when it is refused
 *
 * Return: 0, or -EINVAL (bad value, given twice) or -ERANGE (too large), with
 * @in as it was.
 */
int alloc_input_set(struct alloc_input *in, int key, const char *value,
		    size_t len, char *why);

/**
 * alloc_input_word() - one word "key=value"
 *
 * Arguments and result are those of alloc_input_set(), with the whole word
 * instead of key and value.
 */
int alloc_input_word(struct alloc_input *in, const char *word, size_t len,
		     char *why);

/* Words with blanks between them; a size is demanded. Result as above. */
int alloc_input_line(struct alloc_input *in, const char *line, size_t len,
		     char *why);

/* 0, or -EINVAL with the sentence in @why when the size is missing. */
int alloc_input_complete(const struct alloc_input *in, char *why);

/**
 * alloc_parse_size() - "4096", "0x1000", "4K", "3MiB" to bytes
 * @text: the number, @len bytes
 * @len: length of @text
 * @value: where the bytes go
 *
 * Return: 0, -EINVAL (not a number) or -ERANGE (more than 64 bits).
 */
int alloc_parse_size(const char *text, size_t len, u64 *value);

/* A size with the largest unit that divides it, in buf; returns buf. */
const char *alloc_format_size(u64 size, char *buf, size_t len);

/* The words that make @req, less those of the ordinary case; returns buf. */
const char *alloc_format_request(const struct alloc_request *req, char *buf,
				 size_t len);

#endif /* ALLOC_REQUEST_H */
