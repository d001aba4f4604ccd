/* text_pool: the different texts of one column of a file, gathered by all reading threads
 * at once; thrown away when they have gone into the log's dictionary.
 *
 * Whoever meets a text first gives it a number; which number is chance. What is not
 * chance is kept besides: the first chunk of the file that has the text. Each chunk lists
 * the texts that it was, when it read them, the first to have, in order; so the log's
 * codes, given out along those lists, depend on the file alone (csv_merge.c).
 *
 * Shape      shards, each an open hash table. Texts of up to TEXT_SHORT bytes stand in
 * the slots, so that finding one costs a single visit to memory; all texts stand in the
 * pages of the thread that met them first, with number and length. Threads    finding
 * takes no lock; adding locks one shard. A table that has become too small stays readable
 * until text_pool_settle. Cost       32 bytes per slot, up to 5/8 full, and the text + 8.
 */
#ifndef LOG_TEXT_POOL_H
#define LOG_TEXT_POOL_H

#include "base/str.h"

#include <stdatomic.h>

enum {
    TEXT_BATCH = 128, /* texts asked at once, at most */
    TEXT_SHORT = 24,
    TEXT_SHARDS = 8
};

/* A text as it is looked for: padded with NUL, which no text contains; of a long one
 * where it is, its length, and 0. */
struct text_key {
    uint64_t word[3];
    uint32_t hash;
    bool is_long;
};
struct text_slot {
    /* Number + 1, 16 bits of the hash, and the first chunk that is known to have the
     * text, modulo 65536. 0: empty. Written last. */
    atomic_ullong head;
    uint64_t word[3];
};
struct text_array {
    struct text_array *older; /* still being read, perhaps */
    size_t mask;
    size_t mapped; /* bytes; 0: from malloc */
    _Alignas(64) struct text_slot slots[];
};
/* What adding writes lies apart from what every look-up reads: a cache line that one core
 * writes must be fetched anew by all others. */
struct text_adding {
    _Alignas(64) atomic_bool lock; /* held for some tens of nanoseconds */
    size_t count;                  /* texts of the shard */
};
struct text_pool {
    uint64_t seed;
    uint32_t limit; /* numbers it may give out */
    _Atomic(struct text_array *) array[TEXT_SHARDS];
    struct text_adding adding[TEXT_SHARDS];
    _Alignas(64) atomic_uint count; /* numbers handed out, not all of them in use */
};

struct text_page {
    struct text_page *next;
    size_t used, size;
    char bytes[];
};
/* Texts that one thread met first, and the numbers it may still give. Zeroed is empty. */
struct text_pages {
    struct text_page *first, *last;
    uint32_t next, end;
};
/* Numbers of the texts that a chunk was the first to have. Zeroed is empty. */
struct text_list {
    uint32_t *number;
    size_t count, capacity;
};

MUST_CHECK bool text_pool_open(struct text_pool *pool, uint32_t limit);
void text_pool_close(struct text_pool *pool); /* zeroed is fine */
/* Free what only readers could still need; call it when there are none. */
void text_pool_settle(struct text_pool *pool);

/* Does the pool outgrow the caches, so that hints pay? */
bool text_pool_is_large(struct text_pool *pool);
/* This text will be asked for soon: let memory bring what is needed already. */
void text_pool_hint(struct text_pool *pool, str text, const char *readable,
                    struct text_key *ret_key);

enum text_status { TEXT_OK, TEXT_TOO_MANY, TEXT_NO_MEMORY };

/* The numbers of up to TEXT_BATCH texts without NUL; UINT32_MAX for an empty one. They
 * stand in chunk `chunk` of the file; chunks that are read at the same time differ in it,
 * and are ordered by it, also modulo 65536; `list` is its list, `pages` the thread's
 * own. TEXT_SHORT bytes can be read from the beginning of every text before `readable`.
 * keys: what text_pool_hint made of the texts, or NULL. */
MUST_CHECK enum text_status
text_pool_numbers(struct text_pool *pool, struct text_pages *pages,
                  struct text_list *list, uint32_t chunk, const str *texts, size_t count,
                  const char *readable, const struct text_key *keys,
                  uint32_t *ret_numbers);

/* Walk over all texts of a thread: page NULL to begin; false at the end. */
struct text_walk {
    const struct text_page *page;
    size_t at;
    uint32_t number;
    str text;
};
bool text_pages_next(const struct text_pages *pages, struct text_walk *walk);
void text_pages_free(struct text_pages *pages);

#endif
