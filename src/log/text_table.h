/* text_table: one reading thread's own dictionary of one column.
 *
 * Like dict, but made to be asked hundreds of texts at once, and thrown away after its
 * texts have gone into the log's dictionary. Codes are in order of first appearance.
 * Shape      each text lies in an arena of pages, its length before its bytes, in the
 * order of the codes. Texts of up to TEXT_SHORT bytes also stand in the slots, so that
 *            finding one costs a single visit to memory.
 * Ownership  copies of the texts; nothing points into the file.
 * Threads    one. */
#ifndef LOG_TEXT_TABLE_H
#define LOG_TEXT_TABLE_H

#include "base/str.h"

enum {
    TEXT_TABLE_BATCH = 256, /* texts asked at once, at most */
    TEXT_SHORT = 24
};

/* A text as it is looked for. Short ones are padded with NUL, which no text contains; of
 * long ones words[0] is where the text is and words[1] its length. */
struct text_key {
    uint64_t words[3];
    uint32_t hash; /* the uppermost bit tells long from short */
};
struct text_slot {
    uint32_t hash;
    uint32_t code1; /* code + 1; 0: empty */
    uint64_t words[3];
};
struct text_page {
    struct text_page *next;
    size_t used, size;
    char bytes[];
};
struct text_table {
    uint64_t seed; /* hash_seed() */
    uint32_t count, limit;
    size_t mask;
    struct text_slot *slots; /* [mask + 1] */
    struct text_page *first, *last;
    bool too_many, no_memory; /* why text_table_codes said no */
};

/* Where in a table one stands, to walk over the texts added from then on. */
struct text_mark {
    const struct text_page *page; /* NULL: before the first */
    size_t at;
    uint32_t code;
};

/* False when memory is used up. limit: codes it may give. */
MUST_CHECK bool text_table_open(struct text_table *table, uint32_t limit);
void text_table_close(struct text_table *table); /* zeroed is fine */
/* Only the texts are still needed, not the way to find them. */
void text_table_rest(struct text_table *table);

/* The codes of up to TEXT_TABLE_BATCH texts without NUL, adding those that are new;
 * UINT32_MAX for an empty one. Bytes up to `readable` may be read beyond the end of a
 * text (NULL: none). False: see too_many and no_memory. */
MUST_CHECK bool text_table_codes(struct text_table *table, const str *texts, size_t count,
                                 const char *readable, uint32_t *ret_codes);

struct text_mark text_table_mark(const struct text_table *table);
/* The text at the mark, which moves on to the next; there must be one: mark->code <
 * table->count. */
str text_table_next(const struct text_table *table, struct text_mark *mark);

#endif
