/* Blocks of events in any order → columns by customer, time, order of arrival; linear.
 *
 * 1 sort_blocks    each block within itself: the rows of a bucket, a range of customers,
 *                  come to stand together
 * 2 sort_buckets   each bucket, from the pieces that the blocks have of it, into the
 *                  log's columns: by customer, then by time where the files were not in
 *                  order. A part of the buckets at a time; then the memory of their rows
 * goes back, lest all events be there twice. Every step is stable, so rows that tie keep
 * the order of the files. */
#include "log/narrow.h"
#include "log/sort_parts.h"

#include "base/parallel.h"

#include <stdlib.h>

enum { BUCKET_ROWS = 1 << 15, BUCKETS_MAX = 4096, LARGE_ROWS = 1 << 20 };

bool sort_fits(void **array, size_t *capacity, size_t count, size_t size)
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

/* Where each bucket begins in the log. */
static void starts_make(struct sorter *sorter)
{
    memset(sorter->start, 0, (sorter->buckets + 1) * sizeof *sorter->start);
    for (size_t i = 0; i < sorter->builder->block_count; i++) {
        const uint32_t *begin = sorter->begin + i * (sorter->buckets + 1);
        for (size_t b = 0; b <= sorter->buckets; b++)
            sorter->start[b] += begin[b];
    }
}

/* ---- the whole ---- */

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

static bool columns_make(struct sorter *sorter)
{
    struct builder *builder = sorter->builder;
    struct vg_log *log = sorter->log;
    size_t rows = builder->rows ? builder->rows : 1;
    size_t names = log->trace_names.count;
    free(log->first);
    log->first = large_make((names + 1) * sizeof *log->first);
    log->trace_name = large_make((names + 1) * sizeof *log->trace_name);
    sorter->column = calloc(builder->column_count, sizeof *sorter->column);
    if (!log->first || !log->trace_name || !sorter->column)
        return false;
    for (size_t c = COLUMN_TIME; c < builder->column_count; c++) {
        if (!column_wanted(builder, c))
            continue;
        size_t bytes = rows * column_width(c);
        sorter->column[c] = large_make(bytes);
        if (!sorter->column[c])
            return false;
        *log_column(log, c) = sorter->column[c];
        sorter->others |= c > COLUMN_CHANNEL;
    }
    narrow_room(log, rows);
    return true;
}

static bool sorter_make(struct sorter *sorter)
{
    struct builder *builder = sorter->builder;
    unsigned workers = parallel_workers();
    buckets_choose(sorter);
    sorter->begin =
        calloc(builder->block_count * (sorter->buckets + 1), sizeof *sorter->begin);
    sorter->start = calloc(sorter->buckets + 1, sizeof *sorter->start);
    sorter->scratch = calloc(workers, sizeof *sorter->scratch);
    if (!sorter->begin || !sorter->start || !sorter->scratch)
        return false;
    for (size_t round = 0; round < SORT_ROUNDS; round++)
        if (!(sorter->blocks[round] =
                  calloc(builder->block_count, sizeof *sorter->blocks[round])))
            return false;
    sorter->large = builder->rows >= LARGE_ROWS;
    for (unsigned i = 0; i < workers; i++) {
        if (!(sorter->scratch[i].has = calloc(builder->column_count, sizeof(bool))))
            return false;
        sorter->scratch[i].first_us = INT64_MAX;
        sorter->scratch[i].last_us = INT64_MIN;
    }
    return true;
}

static void shelves_close(struct sorter *sorter)
{
    for (unsigned i = 0; sorter->scratch && i < parallel_workers(); i++)
        for (size_t round = 0; round < SORT_ROUNDS; round++)
            shelf_close(&sorter->scratch[i].shelf[round]);
    slabs_trim();
}

static void parts_free(struct sorter *sorter, size_t round)
{
    for (size_t i = 0; sorter->blocks[round] && i < sorter->builder->block_count; i++)
        block_free(&sorter->blocks[round][i]);
}

static void sorter_free(struct sorter *sorter)
{
    for (size_t round = 0; round < SORT_ROUNDS; round++) {
        parts_free(sorter, round);
        free(sorter->blocks[round]);
    }
    for (unsigned i = 0; sorter->scratch && i < parallel_workers(); i++) {
        struct sort_scratch *scratch = &sorter->scratch[i];
        free(scratch->to);
        free(scratch->order);
        free(scratch->count);
        free(scratch->pieces);
        free(scratch->has);
        free(scratch->records);
        sort_slice_free(&scratch->slice);
    }
    free(sorter->scratch);
    free(sorter->begin);
    free(sorter->start);
    free(sorter->column);
    slabs_trim();
}

static void times_range(struct sorter *sorter)
{
    struct vg_log *log = sorter->log;
    log->first_us = INT64_MAX;
    log->last_us = INT64_MIN;
    for (unsigned i = 0; i < parallel_workers(); i++) {
        const struct sort_scratch *scratch = &sorter->scratch[i];
        if (scratch->first_us < log->first_us)
            log->first_us = scratch->first_us;
        if (scratch->last_us > log->last_us)
            log->last_us = scratch->last_us;
    }
}

/* Traces for the names that have events, where some have none. */
static void traces_name(struct vg_log *log)
{
    size_t traces = 0;
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

/* No block needs them any more. */
static void tables_free(struct builder *builder)
{
    while (builder->table_count)
        free(builder->tables[--builder->table_count]);
}

/* The buckets, some at a time; then what the blocks have of them goes back. */
static void rounds_run(struct sorter *sorter)
{
    for (size_t round = 0; round < SORT_ROUNDS; round++) {
        sorter->round = round;
        parallel_for(sort_first(sorter, round + 1) - sort_first(sorter, round),
                     sort_bucket_turn, sorter);
        parts_free(sorter, round);
        slabs_trim();
    }
}

enum vg_code log_sort(struct builder *builder, struct vg_err *err)
{
    struct vg_log *log = builder->log;
    struct sorter sorter = {.builder = builder, .log = log};
    bool ok = columns_make(&sorter);
    if (ok && builder->rows > 0 && (ok = sorter_make(&sorter))) {
        parallel_for(builder->block_count, sort_block_turn, &sorter);
        shelves_close(&sorter);
        tables_free(builder);
        if (!atomic_load(&sorter.failed)) {
            starts_make(&sorter);
            rounds_run(&sorter);
        }
        ok = !atomic_load(&sorter.failed);
        times_range(&sorter);
    }
    log->events = builder->rows;
    if (ok && builder->rows == 0)
        memset(log->first, 0, (log->trace_names.count + (size_t)1) * sizeof *log->first);
    log->traces = log->trace_names.count;
    if (ok)
        log->first[log->traces] = log->events;
    if (ok && (builder->rows == 0 || atomic_load(&sorter.idle)))
        traces_name(log);
    sorter_free(&sorter);
    return ok ? VG_OK : err_memory(err);
}
