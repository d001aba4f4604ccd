/* Each block within itself: the rows of a bucket come to stand together, as records. A
 * block fits a core's cache, so this costs little, and reading a bucket's rows afterwards
 * is reading runs of memory. */
#include "log/sort_parts.h"

#include <sys/mman.h>

enum { PAGE = 4096 };

/* The customers' codes of the log, and how many rows each bucket has, into
 * begin[bucket + 1]. True when they stand by bucket already. */
static bool rows_count(struct block *block, unsigned shift, uint32_t *begin)
{
    uint32_t *customer = block->column[COLUMN_CUSTOMER], before = 0;
    const uint32_t *code = block->code[COLUMN_CUSTOMER];
    bool in_order = true;
    block->code[COLUMN_CUSTOMER] = NULL;
    for (uint32_t row = 0; row < block->rows && code; row++)
        customer[row] = code[customer[row]];
    for (uint32_t row = 0; row < block->rows; row++) {
        uint32_t bucket = customer[row] >> shift;
        begin[bucket + 1]++;
        in_order &= before <= bucket;
        before = bucket;
    }
    return in_order;
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

static void permute(void *values, size_t width, const uint32_t *to, uint32_t rows,
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
    memcpy(values, space, rows * width);
}

void sort_block_turn(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    struct sort_scratch *scratch = &sorter->scratch[worker];
    struct block *block = &sorter->builder->blocks[i];
    uint32_t *begin = sorter->begin + i * (sorter->buckets + 1);
    if (!SORT_FITS(scratch, to, block->rows) ||
        !SORT_FITS(scratch, records, block->rows)) {
        atomic_store(&sorter->failed, true);
        return;
    }
    bool in_order = rows_count(block, sorter->shift, begin);
    for (size_t b = 0; b < sorter->buckets; b++)
        begin[b + 1] += begin[b];
    records_make(block, sorter->shift, begin, scratch->records,
                 sorter->others ? scratch->to : NULL);
    memmove(begin + 1, begin, sorter->buckets * sizeof *begin);
    begin[0] = 0;
    block->records = block->column[COLUMN_CUSTOMER];
    memcpy(block->records, scratch->records, block->rows * sizeof *block->records);
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++) {
        block_recode(block, c);
        if (block->column[c] && !in_order)
            permute(block->column[c], column_width(c), scratch->to, block->rows,
                    scratch->records);
    }
}

/* Whole pages of an array that begins at `start` go back. */
static void pages_release(void *start, size_t bytes)
{
    uintptr_t from = ((uintptr_t)start + PAGE - 1) / PAGE * PAGE;
    uintptr_t to = ((uintptr_t)start + bytes) / PAGE * PAGE;
    if (start && to > from)
        madvise((void *)from, to - from, MADV_DONTNEED);
}

void sort_release_turn(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    struct block *block = &sorter->builder->blocks[i];
    uint32_t rows = sorter->begin[i * (sorter->buckets + 1) + sorter->end_bucket];
    (void)worker;
    if (sorter->end_bucket == sorter->buckets) {
        block_free(block);
        return;
    }
    pages_release(block->records, rows * sizeof *block->records);
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++)
        pages_release(block->column[c], rows * column_width(c));
}
