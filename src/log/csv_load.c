/* The rows of a CSV file, in parallel.
 *
 * The file is cut into chunks; a chunk's rows are those that begin in it. Where the first
 * one begins is a guess (behind the first line feed, unless that seems to lie within
 * quotes), so chunks can be read at the same time. Then, in the order of the file, each
 * guess is held against where the chunk before really ended; a chunk that was guessed
 * wrong is read again. This goes in waves, so that rejected rows need not all be kept. */
#include "log/csv_load.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "log/csv_parts.h"
#include "log/nothing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 1 << 20, WAVE_CHUNKS = 256, PROBE_BYTES = 16 << 10 };

struct load {
    struct csv_layout layout;
    struct text_pool *pools; /* [column_count] those of coded columns are open */
    struct csv_reader *readers;
    unsigned reader_count;
    struct csv_chunk *chunks;
    size_t chunk_count, wave; /* wave: the first chunk of this one */
    atomic_bool failed;
    bool cautious;         /* no guesses: one chunk after the other */
    bool guessed_too_many; /* a limit was met; perhaps not by what is in the rows */
    bool disordered; /* a guess was wrong: the pools hold texts that are in no row */
    const struct csv_reject_sink *sink;
    uint64_t told;          /* rejected rows that the sink knows of */
    const char *counted_to; /* lines are counted up to here … */
    uint64_t line;          /* … which is in this one */
    char *space;            /* for the sink: a field without its quotes */
    size_t space_bytes;
};

/* ---- where a chunk's rows begin ---- */

/* How often a quote stands where none belongs, if reading begins in `state`. */
static size_t oddities(const struct csv_scan *scan, enum csv_state state, const char *at,
                       const char *end)
{
    size_t odd = 0;
    for (; at < end; at++) {
        enum csv_state next = csv_step(scan, state, *at);
        odd += *at == scan->quote && next == CSV_PLAIN;
        odd += state == CSV_QUOTE_ENDING && next == CSV_PLAIN && *at != '\r';
        state = next;
    }
    return odd;
}

/* The first row that begins in the chunk, as far as can be told from here; NULL: none. */
static const char *start_guess(const struct csv_scan *scan, const struct csv_chunk *chunk,
                               const char *end)
{
    const char *before = chunk->begin - 1;
    const char *feed = memchr(before, '\n', (size_t)(chunk->limit - 1 - before));
    if (!feed)
        return NULL;
    const char *at = feed + 1;
    const char *probe = end - at < PROBE_BYTES ? end : at + PROBE_BYTES;
    if (!scan->quote || !memchr(at, scan->quote, (size_t)(probe - at)))
        return at;
    if (oddities(scan, CSV_FIELD_START, at, probe) <=
        oddities(scan, CSV_QUOTED, at, probe))
        return at;
    enum csv_state state = CSV_QUOTED;
    for (; at < chunk->limit - 1; at++) {
        state = csv_step(scan, state, *at);
        if (*at == '\n' && state == CSV_FIELD_START)
            return at + 1;
    }
    return NULL;
}

static void chunk_turn(void *ctx, size_t i, unsigned worker)
{
    struct load *load = ctx;
    struct csv_chunk *chunk = &load->chunks[load->wave + i];
    struct csv_reader *reader = &load->readers[worker];
    if (atomic_load(&load->failed))
        return;
    chunk->start = load->wave + i == 0
                       ? chunk->begin
                       : start_guess(&reader->scan, chunk, load->layout.end);
    if (chunk->start && !csv_chunk_read(reader, chunk))
        atomic_store(&load->failed, true);
}

/* ---- holding guesses against the truth ---- */

/* Rows of the chunk really begin at `truth`. */
static bool chunk_mend(struct load *load, struct csv_chunk *chunk, const char *truth)
{
    bool none = truth >= chunk->limit;
    if (none ? !chunk->start : chunk->start == truth)
        return true;
    load->disordered |= chunk->start != NULL;
    csv_chunk_free(chunk, load->layout.column_count);
    chunk->start = none ? NULL : truth;
    if (none)
        return true;
    return csv_chunk_read(&load->readers[0], chunk);
}

static void lines_count(struct load *load, const char *to)
{
    while (load->counted_to < to) {
        const char *feed =
            memchr(load->counted_to, '\n', (size_t)(to - load->counted_to));
        load->line += feed != NULL;
        load->counted_to = feed ? feed + 1 : to;
    }
}

/* The raw field number `column` of the row; ptr NULL when it has fewer. */
static str field_find(const struct csv_scan *scan, str row, size_t column)
{
    enum csv_state state = CSV_FIELD_START;
    size_t from = 0, seen = 0;
    for (size_t i = 0; i <= row.len; i++) {
        bool end = i == row.len;
        state = end ? CSV_FIELD_START : csv_step(scan, state, row.ptr[i]);
        if (state != CSV_FIELD_START)
            continue;
        if (seen++ == column)
            return (str){row.ptr + from, i - from};
        from = i + 1;
    }
    return (str){NULL, 0};
}

static size_t fault_field(const struct csv_layout *layout, enum csv_reason reason)
{
    switch (reason) {
    case CSV_NO_CUSTOMER:
        return layout->customer;
    case CSV_NO_ACTIVITY:
        return layout->activity;
    case CSV_NO_TIME:
    case CSV_BAD_TIME: /* of a wide file: see when_fault */
        return layout->time;
    default:
        return SIZE_MAX;
    }
}

/* Of a wide row: the field of the date that cannot be read. */
static size_t when_fault(const struct load *load, str row)
{
    const struct csv_layout *layout = &load->layout;
    for (size_t i = 0; i < layout->when_count; i++) {
        const struct csv_when *when = &layout->whens[i];
        str raw =
            field_find(&load->readers[0].scan, row, layout->fields[when->field].column);
        char *space = raw.ptr ? malloc(raw.len + 1) : NULL;
        if (!space)
            continue;
        int64_t ignored;
        str text = csv_text(raw, layout->plan->quote, space);
        bool fault = text.len && !cell_is_nothing(text) &&
                     !time_parse(when->format, text, &ignored);
        free(space);
        if (fault)
            return when->field;
    }
    return layout->time;
}

static bool bad_tell(struct load *load, const struct csv_bad *bad)
{
    const struct csv_layout *layout = &load->layout;
    str row = {layout->plan->bytes.ptr + bad->at, bad->bytes};
    size_t field = layout->when_count && bad->reason == CSV_BAD_TIME
                       ? when_fault(load, row)
                       : fault_field(layout, (enum csv_reason)bad->reason);
    struct csv_reject reject = {
        .reason = (enum csv_reason)bad->reason, .row = row, .column = SIZE_MAX};
    lines_count(load, row.ptr);
    reject.line = load->line;
    if (row.len && row.ptr[row.len - 1] == '\r')
        reject.row.len--;
    if (field != SIZE_MAX) {
        reject.column = layout->fields[field].column;
        reject.field = field_find(&load->readers[0].scan, row, reject.column);
        if (reject.field.len > load->space_bytes) {
            free(load->space);
            load->space_bytes = 0;
            if (!(load->space = malloc(reject.field.len)))
                return false;
            load->space_bytes = reject.field.len;
        }
        if (reject.field.ptr)
            reject.field = csv_text(reject.field, layout->plan->quote, load->space);
    }
    load->sink->reject(load->sink->ctx, &reject);
    return true;
}

/* Settle the wave: mend what was guessed wrong, tell the rejected rows. */
static bool wave_settle(struct load *load, size_t count, const char **truth,
                        struct csv_counts *counts)
{
    for (size_t i = load->wave; i < load->wave + count; i++) {
        struct csv_chunk *chunk = &load->chunks[i];
        if (!chunk_mend(load, chunk, *truth))
            return false;
        if (!chunk->start)
            continue;
        *truth = chunk->end;
        chunk->scattered = load->disordered;
        counts->rows += chunk->rows;
        counts->stored += chunk->rows - chunk->bad_count;
        counts->events += chunk->block.rows;
        counts->rejected += chunk->bad_count;
        counts->unscored += chunk->unscored;
        counts->filled += chunk->filled;
        if (chunk->block.rows && chunk->first_us < counts->first_us)
            counts->first_us = chunk->first_us;
        if (chunk->block.rows && chunk->last_us > counts->last_us)
            counts->last_us = chunk->last_us;
        uint64_t before = counts->rejected - chunk->bad_count;
        for (size_t b = 0; load->sink && b < chunk->bad_count; b++)
            if (before + b >= load->told && !bad_tell(load, &chunk->bads[b]))
                return false;
        load->told = load->told > counts->rejected ? load->told : counts->rejected;
        free(chunk->bads);
        chunk->bads = NULL;
    }
    return true;
}

/* ---- the whole file ---- */

static bool load_open(struct load *load, struct builder *builder,
                      const struct csv_plan *plan)
{
    if (!csv_layout_make(&load->layout, builder, plan))
        return false;
    load->cautious |= load->layout.filled;
    const char *from = plan->bytes.ptr + plan->first_row;
    size_t bytes = plan->bytes.len - plan->first_row;
    size_t each = plan->chunk_bytes ? plan->chunk_bytes : CHUNK_BYTES;
    load->chunk_count = bytes / each + (bytes % each != 0);
    load->chunks = calloc(load->chunk_count + 1, sizeof *load->chunks);
    load->reader_count = parallel_workers();
    load->readers = calloc(load->reader_count, sizeof *load->readers);
    load->pools = aligned_alloc(_Alignof(struct text_pool),
                                load->layout.column_count * sizeof *load->pools);
    if (load->pools)
        memset((void *)load->pools, 0, load->layout.column_count * sizeof *load->pools);
    load->counted_to = from;
    load->line = plan->first_line;
    if (!load->chunks || !load->readers || !load->pools)
        return false;
    for (size_t i = 0; i < load->chunk_count; i++) {
        /* In order within a wave, also modulo 65536, as text_pool wants it. */
        load->chunks[i].number =
            (uint32_t)(i / WAVE_CHUNKS % (65536 / WAVE_CHUNKS) * WAVE_CHUNKS +
                       i % WAVE_CHUNKS);
        load->chunks[i].begin = from + i * each;
        load->chunks[i].limit =
            i + 1 < load->chunk_count ? from + (i + 1) * each : from + bytes;
    }
    for (size_t c = 0; c < load->layout.column_count; c++)
        if (load->layout.coded[c] &&
            !text_pool_open(&load->pools[c], column_limit(c), load->reader_count))
            return false;
    for (unsigned r = 0; r < load->reader_count; r++)
        if (!csv_reader_open(&load->readers[r], &load->layout, load->pools))
            return false;
    return true;
}

static void load_close(struct load *load)
{
    for (size_t i = 0; load->chunks && i < load->chunk_count; i++)
        csv_chunk_free(&load->chunks[i], load->layout.column_count);
    for (size_t c = 0; load->pools && c < load->layout.column_count; c++)
        text_pool_close(&load->pools[c]);
    for (unsigned r = 0; load->readers && r < load->reader_count; r++)
        csv_reader_close(&load->readers[r]);
    free(load->chunks);
    free(load->readers);
    free(load->pools);
    free(load->space);
    csv_layout_free(&load->layout);
}

enum vg_code csv_too_many(const struct csv_plan *plan, size_t column, struct vg_err *err)
{
    unsigned long limit = column_limit(column);
    if (column == COLUMN_ACTIVITY)
        err_set(err, VG_ERR_LIMIT, plan->name,
                _("there are more than %lu different activities"), limit);
    else if (column == COLUMN_CHANNEL || column == COLUMN_TOUCHPOINT)
        err_set(err, VG_ERR_LIMIT, plan->name,
                _("there are more than %lu different channels or touchpoints"), limit);
    else
        err_set(err, VG_ERR_LIMIT, plan->name,
                _("there are more than %lu different values"), limit);
    err_hint(err, "%s", _("perhaps another column is meant: say which"));
    return VG_ERR_LIMIT;
}

/* Why a reader gave up. */
static enum vg_code failure(struct load *load, struct vg_err *err)
{
    for (unsigned r = 0; r < load->reader_count; r++)
        if (load->readers[r].too_many != SIZE_MAX) {
            load->guessed_too_many = !load->cautious;
            return csv_too_many(load->layout.plan, load->readers[r].too_many, err);
        }
    return err_memory(err);
}

static enum vg_code waves_read(struct load *load, struct progress *progress,
                               struct csv_counts *counts, struct vg_err *err)
{
    const struct csv_plan *plan = load->layout.plan;
    const char *truth = plan->bytes.ptr + plan->first_row;
    size_t wave_chunks = WAVE_CHUNKS;
    char what[256];
    snprintf(what, sizeof what, _("reading %s"), plan->name ? plan->name : "CSV");
    for (; load->wave < load->chunk_count; load->wave += wave_chunks) {
        size_t left = load->chunk_count - load->wave;
        size_t count = left < wave_chunks ? left : wave_chunks;
        if (progress_step(progress, what, (double)load->wave / (double)load->chunk_count))
            return err_set(err, VG_ERR_CANCELLED, plan->name, "%s", _("it was stopped"));
        if (!load->cautious)
            parallel_for(count, chunk_turn, load);
        if (atomic_load(&load->failed) || !wave_settle(load, count, &truth, counts))
            return failure(load, err);
        for (size_t c = 0; c < load->layout.column_count; c++)
            text_pool_settle(&load->pools[c]);
        if (counts->rows > LIMIT_ROWS)
            return err_set(err, VG_ERR_LIMIT, plan->name,
                           _("there are more than %lu rows"), (unsigned long)LIMIT_ROWS);
    }
    return VG_OK;
}

/* A plan that no reader of ours makes, but that a caller could. */
static enum vg_code plan_check(const struct load *load, const struct csv_plan *plan,
                               struct vg_err *err)
{
    const struct csv_layout *layout = &load->layout;
    if (layout->customer == SIZE_MAX || layout->time == SIZE_MAX ||
        (layout->activity == SIZE_MAX && plan->activity_fixed.len == 0 &&
         layout->when_count == 0))
        return err_set(err, VG_ERR_USAGE, plan->name, "%s",
                       _("customer, activity and time must each have a column"));
    return VG_OK;
}

static enum vg_code load_run(struct load *load, struct builder *builder,
                             const struct csv_plan *plan, struct progress *progress,
                             struct csv_counts *ret, struct vg_err *err)
{
    struct csv_counts counts = {.first_us = INT64_MAX, .last_us = INT64_MIN};
    enum vg_code code =
        load_open(load, builder, plan) ? plan_check(load, plan, err) : err_memory(err);
    if (code == VG_OK)
        code = waves_read(load, progress, &counts, err);
    if (code == VG_OK) {
        const struct csv_harvest harvest = {
            .layout = &load->layout,
            .pools = load->pools,
            .readers = load->readers,
            .reader_count = load->reader_count,
            .chunks = load->chunks,
            .chunk_count = load->chunk_count,
        };
        code = csv_merge(builder, &harvest, &counts, err);
    }
    if (code == VG_OK)
        *ret = counts;
    load_close(load);
    return code;
}

enum vg_code csv_load(struct builder *builder, const struct csv_plan *plan,
                      const struct csv_reject_sink *sink, struct progress *progress,
                      struct csv_counts *ret, struct vg_err *err)
{
    struct load load = {.sink = sink};
    enum vg_code code = builder_seal(builder, err);
    if (code == VG_OK)
        code = load_run(&load, builder, plan, progress, ret, err);
    /* Chunks that were guessed wrong may have filled a pool with what is in no row. */
    if (code == VG_ERR_LIMIT && load.guessed_too_many) {
        load = (struct load){.sink = sink, .told = load.told, .cautious = true};
        code = load_run(&load, builder, plan, progress, ret, err);
    }
    return code;
}
