/* Each block within itself: the rows of a bucket come to stand together, as records. A
 * block fits a core's cache, so this costs little, and reading a bucket's rows afterwards
 * is reading runs of memory. */
#include "log/sort_parts.h"

enum { AHEAD = 512 }; /* rows that memory is asked for: it stops at pages by itself */

/* The customers' codes of the log, and how many rows each bucket has, into
 * begin[bucket + 1]. */
static void rows_count(struct block *block, unsigned shift, uint32_t *begin)
{
    uint32_t *customer = block->column[COLUMN_CUSTOMER];
    const uint32_t *code = block->code[COLUMN_CUSTOMER];
    block->code[COLUMN_CUSTOMER] = NULL;
    for (uint32_t row = 0; row < block->rows; row++) {
        __builtin_prefetch(customer + row + AHEAD);
        if (code)
            customer[row] = code[customer[row]];
        begin[(customer[row] >> shift) + 1]++;
    }
}

/* The log's code for a value of a 16-bit column. */
static inline uint16_t code_of(const uint32_t *code, uint16_t value)
{
    uint16_t found = code ? (uint16_t)code[value == LOG_NO_CODE16 ? 0 : value] : value;
    return value == LOG_NO_CODE16 ? LOG_NO_CODE16 : found;
}

/* begin[bucket] is where the bucket's next row goes, and becomes where the bucket after
 * it begins. to: where each row goes, or NULL. */
static void records_make(const struct block *block, unsigned shift, uint32_t *begin,
                         struct record *records, uint32_t *to)
{
    const uint32_t *customer = block->column[COLUMN_CUSTOMER];
    const int64_t *at_us = block->column[COLUMN_TIME];
    const uint16_t *activity = block->column[COLUMN_ACTIVITY];
    const uint16_t *channel = block->column[COLUMN_CHANNEL];
    const uint32_t *activity_code = block->code[COLUMN_ACTIVITY];
    const uint32_t *channel_code = block->code[COLUMN_CHANNEL];
    for (uint32_t row = 0; row < block->rows; row++) {
        __builtin_prefetch(at_us + row + AHEAD);
        __builtin_prefetch(activity + row + AHEAD);
        if (channel)
            __builtin_prefetch(channel + row + AHEAD);
        uint32_t at = begin[customer[row] >> shift]++;
        records[at] = (struct record){
            at_us[row], customer[row], code_of(activity_code, activity[row]),
            channel ? code_of(channel_code, channel[row]) : LOG_NO_CODE16};
        if (to)
            to[row] = at;
    }
}

#define PERMUTE(type)                                                                    \
    for (uint32_t row = 0; row < rows; row++)                                            \
    ((type *)space)[to[row]] = ((const type *)values)[row]

static void permute(const void *values, size_t width, const uint32_t *to, uint32_t rows,
                    void *space)
{
    switch (width) {
    case 1:
        PERMUTE(uint8_t);
        break;
    case 2:
        PERMUTE(uint16_t);
        break;
    case 4:
        PERMUTE(uint32_t);
        break;
    default:
        PERMUTE(uint64_t);
    }
}

/* The round's part of the block: rows `from` to `end` of the records in scratch. The
 * other columns are only made. */
static bool part_make(const struct sorter *sorter, struct sort_scratch *scratch,
                      struct block *ret, size_t round, const uint32_t *begin)
{
    uint32_t from = begin[sort_first(sorter, round)];
    uint32_t rows = begin[sort_first(sorter, round + 1)] - from;
    if (rows == 0)
        return true;
    if (!block_make(ret, sorter->builder->column_count, scratch->has, rows,
                    sorter->large ? &scratch->shelf[round] : NULL))
        return false;
    ret->rows = rows;
    stream_copy(ret->records, scratch->records + from, rows * sizeof *ret->records);
    return true;
}

/* The columns that are not in the records, into the parts. */
static void others_move(const struct sorter *sorter, struct sort_scratch *scratch,
                        struct block *block, size_t i)
{
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++) {
        size_t width = column_width(c), from = 0;
        if (!block->column[c])
            continue;
        block_recode(block, c);
        permute(block->column[c], width, scratch->to, block->rows, scratch->records);
        for (size_t round = 0; round < SORT_ROUNDS; round++) {
            struct block *part = &sorter->blocks[round][i];
            if (part->rows)
                memcpy(part->column[c], (char *)scratch->records + from * width,
                       part->rows * width);
            from += part->rows;
        }
    }
}

static bool block_part(const struct sorter *sorter, struct sort_scratch *scratch,
                       size_t i)
{
    struct block *block = &sorter->builder->blocks[i];
    uint32_t *begin = sorter->begin + i * (sorter->buckets + 1);
    if (!SORT_FITS(scratch, to, block->rows) || !SORT_FITS(scratch, records, block->rows))
        return false;
    rows_count(block, sorter->shift, begin);
    for (size_t b = 0; b < sorter->buckets; b++)
        begin[b + 1] += begin[b];
    records_make(block, sorter->shift, begin, scratch->records,
                 sorter->others ? scratch->to : NULL);
    memmove(begin + 1, begin, sorter->buckets * sizeof *begin);
    begin[0] = 0;
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++)
        scratch->has[c] = block->column[c] != NULL;
    for (size_t round = 0; round < SORT_ROUNDS; round++)
        if (!part_make(sorter, scratch, &sorter->blocks[round][i], round, begin))
            return false;
    if (sorter->others)
        others_move(sorter, scratch, block, i);
    block_free(block);
    return true;
}

void sort_block_turn(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    if (!atomic_load(&sorter->failed) && !block_part(sorter, &sorter->scratch[worker], i))
        atomic_store(&sorter->failed, true);
}
