/* text_pool: the different texts of one column of a file, gathered by all reading threads
 * at once; thrown away when they have gone into the log's dictionary.
 *
 * Whoever meets a text first gives it a number; which number is chance. What is not
 * chance is kept besides: the first chunk of the file that has the text. Each chunk lists
 * the texts that it was, when it read them, the first to have, in order; so the log's
 * codes, given out along those lists, depend on the file alone (csv_merge.c).
 *
 * Shape      shards, each an open hash table. Short texts stand in the slots, so that
 * finding one costs a single visit to memory (text_slots.h); all texts stand in the pages
 * of the thread that met them first, with number and length.
 * Threads    finding takes no lock; adding locks a shard for all that a batch adds to it.
 * A table that has become too small stays readable until text_pool_settle.
 * Cost       16 bytes per slot, 32 where texts are of 11 to 24 bytes, up to 5/8 full, and
 * the text + 8. */
#ifndef LOG_TEXT_POOL_H
#define LOG_TEXT_POOL_H

#include "base/str.h"

#include <stdatomic.h>

enum {
    TEXT_BATCH = 128, /* texts asked at once, at most */
    TEXT_NEW = 1024,  /* texts added at once, at most */
    TEXT_SHORT = 24,
    TEXT_MEMO_BITS = 10,
    TEXT_SHARDS = 8
};

/* A text as it is looked for: padded with NUL, which no text contains; one of more than
 * TEXT_SHORT bytes: where it is. */
struct text_key {
    uint64_t word[3];
    uint32_t hash, len;
};
struct text_array; /* a table of slots: text_slots.h */
/* What adding writes lies apart from what every look-up reads: a cache line that one core
 * writes must be fetched anew by all others. */
struct text_adding {
    _Alignas(64) atomic_bool lock; /* held for some tens of nanoseconds */
    size_t count;                  /* texts of the shard */
};
struct text_pool {
    uint64_t seed;
    uint32_t limit; /* numbers it may give out */
    bool alone; /* one thread uses it: no locks, and numbers in the order of the file */
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

/* For so many threads. */
MUST_CHECK bool text_pool_open(struct text_pool *pool, uint32_t limit, unsigned threads);
void text_pool_close(struct text_pool *pool); /* zeroed is fine */
/* Free what only readers could still need; call it when there are none. */
void text_pool_settle(struct text_pool *pool);

/* Does the pool outgrow the caches, so that look-ups should be asked for early? */
bool text_pool_is_large(struct text_pool *pool);

/* Looking up goes in two steps, so that rows can be rejected in between: text_find finds
 * what is known and leaves open what is not; text_add adds that. Both take texts of which
 * TEXT_SHORT bytes can be read before `readable`, and that stand in chunk `chunk` of the
 * file; chunks that are read at the same time differ in it, and are ordered by it, also
 * modulo 65536. */

/* What texts are looked for by, and of a large pool: let memory bring what is needed. */
void text_keys(struct text_pool *pool, const str *texts, size_t count,
               const char *readable, struct text_key *ret_keys);
/* The numbers of up to TEXT_BATCH texts; UINT32_MAX for an empty one, and for those left
 * open. Returns how many these are; which, ret_open says, in order. */
MUST_CHECK size_t text_find(struct text_pool *pool, uint32_t chunk, const str *texts,
                            const struct text_key *keys, size_t count,
                            uint32_t *ret_numbers, uint8_t *ret_open);

/* Texts of a small pool that a chunk has had already. Zeroed is empty, as it must be when
 * a chunk begins. */
struct text_memo {
    struct {
        uint64_t word[3];
        uint64_t number; /* + 1, so that the empty text has none */
    } entry[1 << TEXT_MEMO_BITS];
};
/* As text_find, for a pool that is small. */
MUST_CHECK size_t text_find_few(struct text_pool *pool, struct text_memo *memo,
                                uint32_t chunk, const str *texts, size_t count,
                                const char *readable, uint32_t *ret_numbers,
                                uint8_t *ret_open);

/* For tests: how many ways this machine knows, the last of which text_find_few takes; and
 * one of them. A memo is of one way. */
unsigned text_few_ways(void);
MUST_CHECK size_t text_find_few_by(unsigned way, struct text_pool *pool,
                                   struct text_memo *memo, uint32_t chunk,
                                   const str *texts, size_t count, const char *readable,
                                   uint32_t *ret_numbers, uint8_t *ret_open);

enum text_status { TEXT_OK, TEXT_TOO_MANY, TEXT_NO_MEMORY };

/* The numbers of up to TEXT_NEW texts that were left open, in the order of the file.
 * `list` is the chunk's list, `pages` the thread's own. */
MUST_CHECK enum text_status text_add(struct text_pool *pool, struct text_pages *pages,
                                     struct text_list *list, uint32_t chunk,
                                     const str *texts, size_t count, const char *readable,
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
/* Keep a text there, its length and number before it; NULL when memory is used up. */
const char *text_keep(struct text_pages *pages, str text, uint32_t number);

#endif
