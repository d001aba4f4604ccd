/* sort_parts: what sort.c (the whole), sort_blocks.c (each block into buckets) and
 * sort_buckets.c (each bucket into the log's columns) share. */
#ifndef LOG_SORT_PARTS_H
#define LOG_SORT_PARTS_H

#include "log/blocks.h"
#include "log/sort_slice.h"

#include <stdatomic.h>

enum { SORT_ROUNDS = 3 };

/* A bucket's rows in one block. */
struct piece {
    const struct block *block;
    uint32_t from, rows;
};

struct sort_scratch { /* of one worker; grows to the largest block or bucket it meets */
    uint32_t *to, *order, *count;
    struct record *records;
    struct piece *pieces;
    struct shelf shelf[SORT_ROUNDS];
    bool *has; /* [column_count] of the block under way, and not in its records */
    size_t to_capacity, order_capacity, count_capacity, records_capacity, pieces_capacity;
    struct sort_slice slice;
    int64_t first_us, last_us;
};

struct sorter {
    struct builder *builder;
    struct vg_log *log;
    unsigned shift; /* customer code >> shift is the bucket */
    size_t buckets;
    struct block
        *blocks[SORT_ROUNDS]; /* [blocks] their rows, by the round of the bucket */
    uint32_t
        *begin; /* [blocks][buckets + 1] where the bucket's rows begin in all rounds' */
    uint32_t *start; /* [buckets + 1] where in the log */
    size_t round;
    void **column;    /* [column_count] the log's; NULL: nobody has a value there */
    bool large;       /* parts of blocks lie in slabs */
    atomic_bool idle; /* a customer has no events, as after a failed builder_add */
    bool others;      /* there are columns that are not in the records */
    struct sort_scratch *scratch;
    atomic_bool failed;
};

/* Make *array hold at least `count` values of `size`; what was in it is lost. */
MUST_CHECK bool sort_fits(void **array, size_t *capacity, size_t count, size_t size);
#define SORT_FITS(scratch, what, count)                                                  \
    sort_fits((void **)&(scratch)->what, &(scratch)->what##_capacity, count,             \
              sizeof *(scratch)->what)

/* The first bucket of a round. */
static inline size_t sort_first(const struct sorter *sorter, size_t round)
{
    return sorter->buckets * round / SORT_ROUNDS;
}

/* Turns of parallel_for; ctx is the sorter. */
/* Block i's rows, with the log's codes, as records, bucket by bucket, into a block for
 * each round; says where each bucket begins. Its own memory goes back. */
void sort_block_turn(void *ctx, size_t i, unsigned worker);
/* The round's bucket i into the log's columns. */
void sort_bucket_turn(void *ctx, size_t i, unsigned worker);

#endif
