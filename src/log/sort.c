/* Blocks of events in any order → columns by customer, time, order of arrival; linear.
 *
 * 1 count    how many rows of each run of blocks go to each bucket (a range of customers)
 * 2 scatter  rows to their buckets: what every event has as one record, other columns
 *            straight into the log's; each block's memory goes back when its rows have
 *            moved
 * 3 order    each bucket within itself, which fits a core's cache: a counting sort by
 *            customer, then by time within a customer where the files were not in order;
 *            then out into columns, and the records' memory goes back
 * Every step is stable, so rows that tie keep the order of the files. */
#include "log/blocks.h"

#include "base/parallel.h"
#include "log/sort_slice.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    RUN_ROWS = 1 << 14,
    BUCKET_ROWS = 1 << 15,
    BUCKETS_MAX = 4096,
    PAGE = 4096,
    HUGE_BYTES = 2 << 20
};

struct run { /* blocks that one turn moves */
    size_t first, count;
};

struct scratch { /* of one worker; grows to the largest bucket or block it meets */
    uint32_t *to, *order, *count;
    struct record *records;
    size_t to_capacity, order_capacity, count_capacity, records_capacity;
    struct sort_slice slice;
    int64_t first_us, last_us;
};

struct sorter {
    struct builder *builder;
    struct vg_log *log;
    struct run *runs;
    size_t run_count;
    unsigned shift; /* customer code >> shift is the bucket */
    size_t buckets;
    uint32_t *place;        /* [runs][buckets] counts, then where the next row goes */
    uint32_t *start;        /* [buckets + 1] */
    struct record *records; /* [rows] in buckets */
    bool others;            /* there are columns that are not in the records */
    void **column;          /* [column_count] the log's */
    struct scratch *scratch;
    atomic_bool failed;
};

/* Make *array hold at least `count` values of `size`; what was in it is lost. */
static bool fits(void **array, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    free(*array);
    *capacity = 0;
    *array = malloc(count * size);
    if (!*array)
        return false;
    *capacity = count;
    return true;
}
#define FITS(scratch, what, count)                                                       \
    fits((void **)&(scratch)->what, &(scratch)->what##_capacity, count,                  \
         sizeof *(scratch)->what)

static void run_count_rows(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    (void)worker;
    uint32_t *count = sorter->place + i * sorter->buckets;
    for (size_t b = 0; b < sorter->runs[i].count; b++) {
        struct block *block = &sorter->builder->blocks[sorter->runs[i].first + b];
        const uint32_t *customer = block->column[COLUMN_CUSTOMER];
        block_recode(block, COLUMN_CUSTOMER);
        for (uint32_t row = 0; row < block->rows; row++)
            count[customer[row] >> sorter->shift]++;
    }
}

/* Counts → places: bucket after bucket, within a bucket run after run. */
static void places_make(struct sorter *sorter)
{
    uint32_t at = 0;
    for (size_t bucket = 0; bucket < sorter->buckets; bucket++) {
        sorter->start[bucket] = at;
        for (size_t run = 0; run < sorter->run_count; run++) {
            uint32_t *place = &sorter->place[run * sorter->buckets + bucket];
            uint32_t count = *place;
            *place = at;
            at += count;
        }
    }
    sorter->start[sorter->buckets] = at;
}

/* ---- 2: to the buckets ---- */

#define SCATTER(type)                                                                    \
    for (uint32_t row = 0; row < rows; row++)                                            \
    ((type *)column)[to[row]] = ((const type *)values)[row]

static void scatter(void *column, const void *values, size_t width, const uint32_t *to,
                    uint32_t rows)
{
    switch (width) {
    case 1:
        SCATTER(uint8_t);
        break;
    case 2:
        SCATTER(uint16_t);
        break;
    case 4:
        SCATTER(uint32_t);
        break;
    default:
        SCATTER(uint64_t);
    }
}

static void scatter_none(void *column, size_t number, const uint32_t *to, uint32_t rows)
{
    uint8_t none[8];
    size_t width = column_width(number);
    column_none(number, none, 1);
    for (uint32_t row = 0; row < rows; row++)
        memcpy((char *)column + to[row] * width, none, width);
}

static void others_move(struct sorter *sorter, const struct block *block,
                        const uint32_t *to)
{
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++) {
        if (sorter->column[c] && block->column[c])
            scatter(sorter->column[c], block->column[c], column_width(c), to,
                    block->rows);
        else if (sorter->column[c])
            scatter_none(sorter->column[c], c, to, block->rows);
    }
}

static void records_move(struct sorter *sorter, const struct block *block,
                         uint32_t *place, uint32_t *to)
{
    const uint32_t *customer = block->column[COLUMN_CUSTOMER];
    const int64_t *at_us = block->column[COLUMN_TIME];
    const uint16_t *activity = block->column[COLUMN_ACTIVITY];
    const uint16_t *channel = block->column[COLUMN_CHANNEL];
    struct record *records = sorter->records;
    for (uint32_t row = 0; row < block->rows; row++) {
        uint32_t at = place[customer[row] >> sorter->shift]++;
        to[row] = at;
        records[at] = (struct record){at_us[row], customer[row], activity[row],
                                      channel ? channel[row] : LOG_NO_CODE16};
    }
}

static void run_move(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    struct scratch *scratch = &sorter->scratch[worker];
    for (size_t b = 0; b < sorter->runs[i].count; b++) {
        struct block *block = &sorter->builder->blocks[sorter->runs[i].first + b];
        if (!FITS(scratch, to, block->rows)) {
            atomic_store(&sorter->failed, true);
            return;
        }
        for (size_t c = COLUMN_ACTIVITY; c < sorter->builder->column_count; c++)
            block_recode(block, c);
        records_move(sorter, block, sorter->place + i * sorter->buckets, scratch->to);
        if (sorter->others)
            others_move(sorter, block, scratch->to);
        block_free(block);
    }
}

/* ---- 3: within a bucket ---- */

struct bucket {
    uint32_t from, rows;          /* its rows in the columns */
    uint32_t customer, customers; /* its first code, and how many */
    struct record *records;       /* [rows] */
};

/* How many rows each customer has, and the first and last time. True when they stand by
 * customer and time already. */
static bool bucket_count(const struct bucket *bucket, struct scratch *scratch)
{
    const struct record *records = bucket->records;
    int64_t first = scratch->first_us, last = scratch->last_us;
    bool in_order = true;
    memset(scratch->count, 0, bucket->customers * sizeof *scratch->count);
    for (uint32_t row = 0; row < bucket->rows; row++) {
        int64_t at_us = records[row].at_us;
        scratch->count[records[row].customer - bucket->customer]++;
        first = at_us < first ? at_us : first;
        last = at_us > last ? at_us : last;
        const struct record *before = &records[row ? row - 1 : 0];
        in_order &=
            (before->customer < records[row].customer) |
            ((before->customer == records[row].customer) & (before->at_us <= at_us));
    }
    scratch->first_us = first;
    scratch->last_us = last;
    return in_order;
}

/* Counts → where each customer begins, told to the log too. */
static void starts_make(const struct sorter *sorter, const struct bucket *bucket,
                        uint32_t *count)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < bucket->customers; i++) {
        uint32_t rows = count[i];
        count[i] = at;
        sorter->log->first[bucket->customer + i] = bucket->from + at;
        at += rows;
    }
}

#define GATHER(type)                                                                     \
    for (uint32_t row = 0; row < rows; row++)                                            \
    ((type *)space)[row] = ((const type *)values)[order[row]]

static void gather(void *values, size_t width, const uint32_t *order, uint32_t rows,
                   void *space)
{
    switch (width) {
    case 1:
        GATHER(uint8_t);
        break;
    case 2:
        GATHER(uint16_t);
        break;
    case 4:
        GATHER(uint32_t);
        break;
    default:
        GATHER(uint64_t);
    }
    memcpy(values, space, rows * width);
}

/* By customer into scratch->records, then by time within each. */
static bool bucket_sort(struct sorter *sorter, struct bucket *bucket,
                        struct scratch *scratch)
{
    if (!FITS(scratch, records, bucket->rows) ||
        (sorter->others && !FITS(scratch, order, bucket->rows)))
        return false;
    uint32_t *order = sorter->others ? scratch->order : NULL;
    for (uint32_t row = 0; row < bucket->rows; row++) {
        uint32_t at = scratch->count[bucket->records[row].customer - bucket->customer]++;
        scratch->records[at] = bucket->records[row];
        if (order)
            order[at] = row;
    }
    uint32_t from = 0; /* counts have become ends */
    for (uint32_t i = 0; i < bucket->customers; i++) {
        uint32_t end = scratch->count[i];
        if (end > from && !sort_slice(&scratch->slice, scratch->records + from,
                                      order ? order + from : NULL, end - from))
            return false;
        from = end;
    }
    return true;
}

static void columns_write(struct sorter *sorter, const struct bucket *bucket,
                          const struct record *records)
{
    struct vg_log *log = sorter->log;
    int64_t *at_us = log->at_us + bucket->from;
    uint16_t *activity = log->activity + bucket->from;
    for (uint32_t row = 0; row < bucket->rows; row++) {
        at_us[row] = records[row].at_us;
        activity[row] = records[row].activity;
    }
    for (uint32_t row = 0; log->channel && row < bucket->rows; row++)
        log->channel[bucket->from + row] = records[row].channel;
}

/* The records of the bucket are no longer needed: whole pages of them go back. */
static void records_give(const struct bucket *bucket)
{
    uintptr_t from = ((uintptr_t)bucket->records + PAGE - 1) / PAGE * PAGE;
    uintptr_t to = (uintptr_t)(bucket->records + bucket->rows) / PAGE * PAGE;
    if (to > from)
        madvise((void *)from, to - from, MADV_DONTNEED);
}

static bool bucket_order(struct sorter *sorter, struct bucket *bucket,
                         struct scratch *scratch)
{
    if (!FITS(scratch, count, bucket->customers))
        return false;
    const struct record *sorted = bucket->records;
    bool in_order = bucket_count(bucket, scratch);
    starts_make(sorter, bucket, scratch->count);
    if (!in_order) {
        if (!bucket_sort(sorter, bucket, scratch))
            return false;
        sorted = scratch->records;
    }
    columns_write(sorter, bucket, sorted);
    records_give(bucket);
    for (size_t c = COLUMN_CHANNEL + 1; c < sorter->builder->column_count; c++) {
        size_t width = column_width(c);
        if (sorter->column[c] && !in_order)
            gather((char *)sorter->column[c] + bucket->from * width, width,
                   scratch->order, bucket->rows, scratch->records);
    }
    return true;
}

static void bucket_turn(void *ctx, size_t i, unsigned worker)
{
    struct sorter *sorter = ctx;
    uint32_t names = sorter->log->trace_names.count;
    uint32_t from = (uint32_t)i << sorter->shift;
    uint64_t to = ((uint64_t)i + 1) << sorter->shift;
    struct bucket bucket = {.from = sorter->start[i],
                            .rows = sorter->start[i + 1] - sorter->start[i],
                            .customer = from,
                            .customers = (uint32_t)(to < names ? to : names) - from,
                            .records = sorter->records + sorter->start[i]};
    if (!bucket_order(sorter, &bucket, &sorter->scratch[worker]))
        atomic_store(&sorter->failed, true);
}

/* ---- the whole ---- */

static void runs_make(struct sorter *sorter)
{
    const struct builder *builder = sorter->builder;
    size_t rows = 0;
    for (size_t i = 0; i < builder->block_count; i++) {
        if (i == 0 || rows >= RUN_ROWS) {
            sorter->runs[sorter->run_count++] = (struct run){i, 0};
            rows = 0;
        }
        sorter->runs[sorter->run_count - 1].count++;
        rows += builder->blocks[i].rows;
    }
}

static void buckets_choose(struct sorter *sorter)
{
    uint64_t wanted = sorter->builder->rows / BUCKET_ROWS + 1;
    uint32_t names = sorter->log->trace_names.count;
    wanted = wanted < BUCKETS_MAX ? wanted : BUCKETS_MAX;
    while (((uint64_t)(names - 1) >> sorter->shift) >= wanted)
        sorter->shift++;
    sorter->buckets = (size_t)((names - 1) >> sorter->shift) + 1;
}

static bool column_wanted(const struct builder *builder, size_t column)
{
    if (column <= COLUMN_ACTIVITY || column >= COLUMN_ATTRIBUTES)
        return true;
    for (size_t i = 0; i < builder->block_count; i++)
        if (builder->blocks[i].column[column])
            return true;
    return false;
}

/* A column that is filled from front to back: in huge pages where it is large. */
static void *column_make(size_t bytes)
{
    if (bytes < 4 * (size_t)HUGE_BYTES)
        return malloc(bytes);
    bytes = (bytes + HUGE_BYTES - 1) / HUGE_BYTES * HUGE_BYTES;
    void *column = aligned_alloc(HUGE_BYTES, bytes);
    if (column)
        madvise(column, bytes, MADV_HUGEPAGE);
    return column;
}

static bool columns_make(struct sorter *sorter)
{
    struct builder *builder = sorter->builder;
    struct vg_log *log = sorter->log;
    size_t rows = builder->rows ? builder->rows : 1;
    size_t names = log->trace_names.count;
    free(log->first);
    log->first = calloc(names + 1, sizeof *log->first);
    log->trace_name = calloc(names + 1, sizeof *log->trace_name);
    sorter->column = calloc(builder->column_count, sizeof *sorter->column);
    if (!log->first || !log->trace_name || !sorter->column)
        return false;
    for (size_t c = COLUMN_TIME; c < builder->column_count; c++) {
        if (!column_wanted(builder, c))
            continue;
        size_t bytes = rows * column_width(c);
        sorter->column[c] = c <= COLUMN_CHANNEL ? column_make(bytes) : malloc(bytes);
        if (!sorter->column[c])
            return false;
        *log_column(log, c) = sorter->column[c];
        sorter->others |= c > COLUMN_CHANNEL;
    }
    return true;
}

static bool sorter_make(struct sorter *sorter)
{
    struct builder *builder = sorter->builder;
    unsigned workers = parallel_workers();
    if (!(sorter->runs = calloc(builder->block_count, sizeof *sorter->runs)))
        return false;
    runs_make(sorter);
    buckets_choose(sorter);
    sorter->place = calloc(sorter->run_count * sorter->buckets, sizeof *sorter->place);
    sorter->start = calloc(sorter->buckets + 1, sizeof *sorter->start);
    sorter->records = pages_take(builder->rows * sizeof *sorter->records);
    sorter->scratch = calloc(workers, sizeof *sorter->scratch);
    if (!sorter->place || !sorter->start || !sorter->records || !sorter->scratch)
        return false;
    for (unsigned i = 0; i < workers; i++) {
        sorter->scratch[i].first_us = INT64_MAX;
        sorter->scratch[i].last_us = INT64_MIN;
    }
    return true;
}

static void sorter_free(struct sorter *sorter)
{
    for (unsigned i = 0; sorter->scratch && i < parallel_workers(); i++) {
        struct scratch *scratch = &sorter->scratch[i];
        free(scratch->to);
        free(scratch->order);
        free(scratch->count);
        free(scratch->records);
        sort_slice_free(&scratch->slice);
    }
    pages_give(sorter->records, sorter->builder->rows * sizeof *sorter->records);
    free(sorter->scratch);
    free(sorter->runs);
    free(sorter->place);
    free(sorter->start);
    free(sorter->column);
}

static void times_range(struct sorter *sorter)
{
    struct vg_log *log = sorter->log;
    log->first_us = INT64_MAX;
    log->last_us = INT64_MIN;
    for (unsigned i = 0; i < parallel_workers(); i++) {
        const struct scratch *scratch = &sorter->scratch[i];
        if (scratch->first_us < log->first_us)
            log->first_us = scratch->first_us;
        if (scratch->last_us > log->last_us)
            log->last_us = scratch->last_us;
    }
}

/* Traces for the names that have events: all of them, but after a failed builder_add. */
static void traces_name(struct vg_log *log)
{
    size_t traces = 0;
    log->first[log->trace_names.count] = log->events;
    for (uint32_t name = 0; name < log->trace_names.count; name++) {
        uint64_t from = log->first[name];
        if (log->first[name + 1] == from)
            continue;
        log->first[traces] = from;
        log->trace_name[traces++] = name;
    }
    log->first[traces] = log->events;
    log->traces = traces;
}

enum vg_code log_sort(struct builder *builder, struct vg_err *err)
{
    struct vg_log *log = builder->log;
    struct sorter sorter = {.builder = builder, .log = log};
    bool ok = columns_make(&sorter);
    if (ok && builder->rows > 0 && (ok = sorter_make(&sorter))) {
        parallel_for(sorter.run_count, run_count_rows, &sorter);
        places_make(&sorter);
        parallel_for(sorter.run_count, run_move, &sorter);
        if (!atomic_load(&sorter.failed))
            parallel_for(sorter.buckets, bucket_turn, &sorter);
        ok = !atomic_load(&sorter.failed);
        times_range(&sorter);
    }
    log->events = builder->rows;
    if (ok)
        traces_name(log);
    sorter_free(&sorter);
    return ok ? VG_OK : err_memory(err);
}
