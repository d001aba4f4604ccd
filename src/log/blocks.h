/* blocks: the inside of the builder, shared by build.c, sort.c and csv_load.c.
 *
 * Events wait in blocks, in the order in which they came; log_sort moves them into the
 * log's columns, a block at a time, giving each block's memory back as it goes. So the
 * most that is alive at once is about one copy of the events and one column more. */
#ifndef LOG_BLOCKS_H
#define LOG_BLOCKS_H

#include "log/build.h"
#include "log/slab.h"

/* The columns of an event. Attribute i is COLUMN_ATTRIBUTES + i. */
enum {
    COLUMN_CUSTOMER,
    COLUMN_TIME,
    COLUMN_ACTIVITY,
    COLUMN_CHANNEL,
    COLUMN_TOUCHPOINT,
    COLUMN_ACTOR,
    COLUMN_TEXT,
    COLUMN_SCORE,
    COLUMN_SCALE,
    COLUMN_ATTRIBUTES
};

/* What every event has, while events are being sorted. */
struct record {
    int64_t at_us;
    uint32_t customer;
    uint16_t activity, channel;
};

/* A run of events. Shape  column[c] has `rows` values, or is NULL: none has a value. All
 * columns lie in `area`, mapped from the system so that it goes back there at once, or in
 * a slab with others. */
struct block {
    uint32_t rows, capacity;
    void *area;
    size_t area_bytes;
    struct slab *slab;      /* that it lies in, or NULL */
    struct record *records; /* room for them, in place of the columns up to
                               COLUMN_CHANNEL */
    void **column;          /* [column_count], inside area */
    /* [column_count] what is in a column is not the log's codes: code[c][value] is; or
     * NULL. Inside area; the tables are the builder's. */
    const uint32_t **code;
};

struct builder {
    struct vg_log *log; /* its dictionaries are filled as events come */
    size_t column_count;
    struct block *blocks;
    size_t block_count, block_capacity;
    uint32_t **tables; /* that blocks' code points to */
    size_t table_count;
    struct block open; /* where builder_add puts the next one; after all of blocks */
    uint64_t rows;
    int64_t first_us, last_us;
};

#define BUILDER_ROWS_MAX (UINT32_MAX - 1) /* of a log, all files together */

/* Bytes of one value, and the byte that "no value" is made of (scores: see none_fill). */
size_t column_width(size_t column);
/* The dictionary of a column of codes, or NULL; and how many codes it may have. */
struct dict *column_dict(struct vg_log *log, size_t column);
uint32_t column_limit(size_t column);
/* Where a log keeps a column (not that of the customers). */
void **log_column(struct vg_log *log, size_t column);
/* `count` values of "no value". */
void column_none(size_t column, void *values, size_t count);

/* Room in `left`, new, for as many events and traces with the columns that `log` has.
 * False when memory is used up. */
MUST_CHECK bool log_columns_make(const struct vg_log *log, struct vg_log *left,
                                 size_t events, size_t traces, bool parts);

/* Zeroed memory straight from the system; NULL when there is none. */
void *pages_take(size_t bytes) MUST_CHECK;
void pages_give(void *area, size_t bytes); /* NULL is fine */

/* Room for `rows` rows of the columns for which has[column] is true; on the shelf, unless
 * that is NULL. */
MUST_CHECK bool block_make(struct block *block, size_t column_count, const bool *has,
                           uint32_t rows, struct shelf *shelf);
void block_free(struct block *block);
/* Put a block behind what is there; the builder owns it from then on, also on failure. */
MUST_CHECK enum vg_code builder_take(struct builder *builder, struct block *block,
                                     struct vg_err *err);
/* Keep a table that blocks point to; the builder owns it from then on, also on failure.
 */
MUST_CHECK enum vg_code builder_keep(struct builder *builder, uint32_t *table,
                                     struct vg_err *err);
/* Put the log's codes into a column of the block, where others are. */
void block_recode(struct block *block, size_t column);
/* Close the block that builder_add fills: what comes next comes behind it. */
MUST_CHECK enum vg_code builder_seal(struct builder *builder, struct vg_err *err);

/* Blocks → the log's columns, ordered by customer, time, order of arrival. */
MUST_CHECK enum vg_code log_sort(struct builder *builder, struct vg_err *err);

#endif
