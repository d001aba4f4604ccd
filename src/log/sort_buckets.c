/* Each bucket, whose rows lie in pieces in the blocks, into the log's columns: a counting
 * sort by customer, then by time within a customer where the files were not in order. */
#include "log/narrow.h"
#include "log/sort_parts.h"

enum { LINE = 64, AHEAD = 3 /* pieces */ };

struct bucket {
    uint32_t from, rows;          /* its rows in the log */
    uint32_t customer, customers; /* its first code, and how many */
    const struct piece *pieces;
    size_t piece_count;
    bool standing; /* its rows stand by customer and time already */
    bool timely;   /* … or by time at least */
};

/* ---- its rows ---- */

static bool pieces_find(const struct sorter *sorter, size_t number,
                        struct sort_scratch *scratch, struct bucket *bucket)
{
    const struct builder *builder = sorter->builder;
    if (!SORT_FITS(scratch, pieces, builder->block_count + 1))
        return false;
    const struct block *blocks = sorter->blocks[sorter->round];
    for (size_t i = 0; i < builder->block_count; i++) {
        const uint32_t *begin = sorter->begin + i * (sorter->buckets + 1);
        uint32_t from = begin[number] - begin[sort_first(sorter, sorter->round)];
        uint32_t rows = begin[number + 1] - begin[number];
        if (rows)
            scratch->pieces[bucket->piece_count++] =
                (struct piece){&blocks[i], from, rows};
    }
    bucket->pieces = scratch->pieces;
    return true;
}

static inline const struct record *records_of(const struct piece *piece)
{
    return piece->block->records + piece->from;
}

/* Ask memory for a piece that will be read soon: pieces are too short for it to notice by
 * itself. */
static inline __attribute__((always_inline)) void piece_fetch(const struct piece *piece)
{
    const char *at = (const char *)records_of(piece);
    size_t bytes = piece->rows * sizeof(struct record);
    bytes = bytes < 32 * LINE ? bytes : 32 * LINE;
    for (size_t i = 0; i < bytes; i += LINE)
        __builtin_prefetch(at + i);
}

/* How many rows each customer has; the first and last time; and how they stand. */
static void rows_count(struct bucket *bucket, struct sort_scratch *scratch)
{
    int64_t first = scratch->first_us, last = scratch->last_us;
    uint32_t *count = scratch->count;
    struct record before = {.at_us = INT64_MIN, .customer = bucket->customer};
    bool standing = true, timely = true;
    memset(count, 0, bucket->customers * sizeof *count);
    for (size_t p = 0; p < bucket->piece_count; p++) {
        const struct piece *piece = &bucket->pieces[p];
        const struct record *records = records_of(piece);
        if (p + AHEAD < bucket->piece_count)
            piece_fetch(piece + AHEAD);
        for (uint32_t row = 0; row < piece->rows; row++) {
            struct record now = records[row];
            bool later = before.at_us <= now.at_us;
            count[now.customer - bucket->customer]++;
            first = now.at_us < first ? now.at_us : first;
            last = now.at_us > last ? now.at_us : last;
            timely &= later;
            standing &= (before.customer < now.customer) |
                        ((before.customer == now.customer) & later);
            before = now;
        }
    }
    scratch->first_us = first;
    scratch->last_us = last;
    bucket->standing = standing;
    bucket->timely = timely;
}

/* Counts → where each customer begins, told to the log too, as if each had events. */
static void starts_make(struct sorter *sorter, const struct bucket *bucket,
                        uint32_t *count)
{
    uint32_t at = bucket->from;
    bool idle = false;
    for (uint32_t i = 0; i < bucket->customers; i++) {
        uint32_t rows = count[i];
        count[i] = at;
        sorter->log->first[bucket->customer + i] = at;
        sorter->log->trace_name[bucket->customer + i] = bucket->customer + i;
        idle |= rows == 0;
        at += rows;
    }
    if (idle)
        atomic_store(&sorter->idle, true);
}

/* ---- into the columns ---- */

/* Where each row goes in the log, in the order of the pieces: where its customer's next
 * one does, or simply behind the one before. */
static void places_give(const struct bucket *bucket, uint32_t *count, uint32_t *to)
{
    uint32_t at = bucket->from;
    for (size_t p = 0; p < bucket->piece_count; p++) {
        const struct piece *piece = &bucket->pieces[p];
        const struct record *records = records_of(piece);
        for (uint32_t row = 0; row < piece->rows; row++)
            *to++ = bucket->standing ? at++
                                     : count[records[row].customer - bucket->customer]++;
    }
}

static void records_put(const struct vg_log *log, const struct bucket *bucket,
                        const uint32_t *to)
{
    for (size_t p = 0; p < bucket->piece_count; p++) {
        const struct piece *piece = &bucket->pieces[p];
        const struct record *records = records_of(piece);
        for (uint32_t row = 0; row < piece->rows; row++) {
            uint32_t at = *to++;
            log->at_us[at] = records[row].at_us;
            log->activity[at] = records[row].activity;
            if (log->channel)
                log->channel[at] = records[row].channel;
        }
    }
}

/* The bucket's records, as they stand in the log, into its columns. */
static void columns_fill(const struct vg_log *log, const struct bucket *bucket,
                         const struct record *records)
{
    int64_t *at_us = log->at_us + bucket->from;
    uint16_t *activity = log->activity + bucket->from;
    uint16_t *channel = log->channel ? log->channel + bucket->from : NULL;
    for (uint32_t i = 0; i < bucket->rows; i++) {
        at_us[i] = records[i].at_us;
        activity[i] = records[i].activity;
        if (channel)
            channel[i] = records[i].channel;
    }
}

/* As places_give and records_put, in one go: whole records go to where their customer's
 * next one does, in a core's cache; from there the columns are filled from end to end. */
static bool records_put_timely(const struct vg_log *log, const struct bucket *bucket,
                               struct sort_scratch *scratch)
{
    if (!SORT_FITS(scratch, records, bucket->rows))
        return false;
    uint32_t *count = scratch->count;
    struct record *to = scratch->records;
    for (size_t p = 0; p < bucket->piece_count; p++) {
        const struct piece *piece = &bucket->pieces[p];
        const struct record *records = records_of(piece);
        for (uint32_t row = 0; row < piece->rows; row++) {
            struct record record = records[row];
            to[count[record.customer - bucket->customer]++ - bucket->from] = record;
        }
    }
    columns_fill(log, bucket, to);
    return true;
}

#define SCATTER(type)                                                                    \
    for (uint32_t row = 0; row < piece->rows; row++)                                     \
    ((type *)column)[to[row]] = ((const type *)values)[piece->from + row]

static void scatter_none(void *column, size_t number, const uint32_t *to, uint32_t rows)
{
    uint8_t none[8];
    size_t width = column_width(number);
    column_none(number, none, 1);
    for (uint32_t row = 0; row < rows; row++)
        memcpy((char *)column + to[row] * width, none, width);
}

static void column_put(const struct sorter *sorter, const struct bucket *bucket,
                       size_t number, const uint32_t *to)
{
    void *column = sorter->column[number];
    for (size_t p = 0; p < bucket->piece_count; p++) {
        const struct piece *piece = &bucket->pieces[p];
        const void *values = piece->block->column[number];
        if (!values)
            scatter_none(column, number, to, piece->rows);
        else if (column_width(number) == 8)
            SCATTER(uint64_t);
        else if (column_width(number) == 4)
            SCATTER(uint32_t);
        else if (column_width(number) == 2)
            SCATTER(uint16_t);
        else
            SCATTER(uint8_t);
        to += piece->rows;
    }
}

/* The log has times by customer; put them in order, and change `to` accordingly. */
static bool times_order(const struct sorter *sorter, const struct bucket *bucket,
                        struct sort_scratch *scratch)
{
    uint32_t *to = scratch->to;
    if (!SORT_FITS(scratch, order, bucket->rows))
        return false;
    uint32_t *order = scratch->order;
    for (uint32_t row = 0; row < bucket->rows; row++)
        order[to[row] - bucket->from] = row;
    uint32_t from = bucket->from; /* counts have become ends */
    for (uint32_t i = 0; i < bucket->customers; i++) {
        uint32_t end = scratch->count[i];
        if (end > from && !sort_slice(&scratch->slice, sorter->log->at_us + from,
                                      order + (from - bucket->from), end - from))
            return false;
        from = end;
    }
    for (uint32_t at = 0; at < bucket->rows; at++)
        to[order[at]] = bucket->from + at;
    return true;
}

static void times_put(const struct vg_log *log, const struct bucket *bucket,
                      const uint32_t *to)
{
    for (size_t p = 0; p < bucket->piece_count; p++) {
        const struct record *records = records_of(&bucket->pieces[p]);
        for (uint32_t row = 0; row < bucket->pieces[p].rows; row++)
            log->at_us[*to++] = records[row].at_us;
    }
}

static bool rows_put(const struct sorter *sorter, const struct bucket *bucket,
                     struct sort_scratch *scratch)
{
    if (bucket->timely && !sorter->others)
        return records_put_timely(sorter->log, bucket, scratch);
    if (!SORT_FITS(scratch, to, bucket->rows))
        return false;
    places_give(bucket, scratch->count, scratch->to);
    if (!bucket->timely && !bucket->standing) {
        times_put(sorter->log, bucket, scratch->to);
        if (!times_order(sorter, bucket, scratch))
            return false;
    }
    records_put(sorter->log, bucket, scratch->to);
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++)
        if (sorter->column[c])
            column_put(sorter, bucket, c, scratch->to);
    return true;
}

void sort_bucket_turn(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    struct sort_scratch *scratch = &sorter->scratch[worker];
    size_t number = sort_first(sorter, sorter->round) + i;
    uint32_t names = sorter->log->trace_names.count;
    uint32_t from = (uint32_t)number << sorter->shift;
    uint64_t to = ((uint64_t)number + 1) << sorter->shift;
    struct bucket bucket = {.from = sorter->start[number],
                            .rows = sorter->start[number + 1] - sorter->start[number],
                            .customer = from,
                            .customers = (uint32_t)(to < names ? to : names) - from};
    if (!SORT_FITS(scratch, count, bucket.customers) ||
        !pieces_find(sorter, number, scratch, &bucket)) {
        atomic_store(&sorter->failed, true);
        return;
    }
    rows_count(&bucket, scratch);
    starts_make(sorter, &bucket, scratch->count);
    if (!rows_put(sorter, &bucket, scratch))
        atomic_store(&sorter->failed, true);
    else
        narrow_fill(sorter->log, bucket.from, (size_t)bucket.from + bucket.rows);
}
