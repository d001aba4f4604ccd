/* A new log with what a filter leaves, in three parallel passes over the traces: mark
 * what stays, copy it, and give the texts that are still used their new codes. */
#include "log/filter.h"

#include "log/blocks.h"
#include "log/filter_names.h"
#include "log/narrow.h"
#include "log/ranges.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

struct sieve {
    const struct vg_log *log;
    const struct filter_codes *codes;
    struct vg_log *left;
    size_t column_count;
    size_t ranges;
    uint8_t *keep;       /* [events] */
    uint32_t *kept;      /* [traces] events kept; 0: the journey is dropped */
    uint64_t *rows;      /* [ranges + 1] events kept before it */
    uint64_t *traces;    /* [ranges + 1] */
    atomic_uchar **used; /* [column_count][codes]; NULL: no dictionary */
    uint32_t **map;      /* [column_count][codes] */
};

static bool event_stays(const struct filter_codes *codes, const struct vg_log *log,
                        size_t row)
{
    const struct log_filter *filter = codes->filter;
    if (log->at_us[row] < filter->from_us || log->at_us[row] >= filter->until_us)
        return false;
    if (codes->activity && !codes->activity[log->activity[row]])
        return false;
    if (codes->channel &&
        (log->channel[row] == LOG_NO_CODE16 || !codes->channel[log->channel[row]]))
        return false;
    for (size_t i = 0; i < filter->where_count; i++) {
        const struct where_code *where = &codes->where[i];
        if (where->width == 0)
            continue;
        bool is = code_in(where->codes, where->width, row) == where->code;
        if (is == where->not )
            return false;
    }
    return true;
}

/* Is the activity among the kept events of the trace? */
static bool trace_has(const struct sieve *sieve, size_t trace, uint16_t activity)
{
    const struct vg_log *log = sieve->log;
    for (uint64_t row = log->first[trace]; row < log->first[trace + 1]; row++)
        if (sieve->keep[row] && log->activity[row] == activity)
            return true;
    return false;
}

static double kept_duration_s(const struct sieve *sieve, size_t trace)
{
    uint64_t from = sieve->log->first[trace], to = sieve->log->first[trace + 1] - 1;
    while (!sieve->keep[from])
        from++;
    while (!sieve->keep[to])
        to--;
    return (double)(sieve->log->at_us[to] - sieve->log->at_us[from]) / US_PER_S;
}

/* Did it begin, by its kept events, in the period asked for? */
static bool start_stays(const struct sieve *sieve, size_t trace)
{
    const struct log_filter *filter = sieve->codes->filter;
    uint64_t row = sieve->log->first[trace];
    while (!sieve->keep[row])
        row++;
    int64_t at_us = sieve->log->at_us[row];
    return at_us >= filter->started_from_us && at_us < filter->started_until_us;
}

static bool trace_stays(const struct sieve *sieve, size_t trace)
{
    const struct log_filter *filter = sieve->codes->filter;
    if (!start_stays(sieve, trace))
        return false;
    for (size_t i = 0; i < filter->containing_count; i++)
        if (!trace_has(sieve, trace, sieve->codes->containing[i]))
            return false;
    for (size_t i = 0; i < filter->missing_count; i++)
        if (trace_has(sieve, trace, sieve->codes->missing[i]))
            return false;
    if (isnan(filter->longer_than_s) && isnan(filter->shorter_than_s))
        return true;
    double duration = kept_duration_s(sieve, trace);
    return !(duration <= filter->longer_than_s) && !(duration >= filter->shorter_than_s);
}

static uint32_t trace_mark(struct sieve *sieve, size_t trace)
{
    const struct vg_log *log = sieve->log;
    const uint8_t *customer = sieve->codes->customer;
    uint32_t kept = 0;
    if (customer && !customer[log->trace_name[trace]])
        return 0;
    for (uint64_t row = log->first[trace]; row < log->first[trace + 1]; row++) {
        sieve->keep[row] = event_stays(sieve->codes, log, row);
        kept += sieve->keep[row];
    }
    return kept && trace_stays(sieve, trace) ? kept : 0;
}

static void mark_turn(void *ctx, size_t i, unsigned worker)
{
    struct sieve *sieve = ctx;
    size_t end = ranges_trace(sieve->log, sieve->ranges, i + 1);
    (void)worker;
    for (size_t t = ranges_trace(sieve->log, sieve->ranges, i); t < end; t++) {
        sieve->kept[t] = trace_mark(sieve, t);
        sieve->rows[i + 1] += sieve->kept[t];
        sieve->traces[i + 1] += sieve->kept[t] > 0;
    }
}

/* ---- copying ---- */

#define COPY(type)                                                                       \
    for (uint64_t row = from; row < to; row++)                                           \
        if (keep[row])                                                                   \
    ((type *)left)[at++] = ((const type *)values)[row]

static void values_copy(void *left, const void *values, size_t width, const uint8_t *keep,
                        uint64_t from, uint64_t to, uint64_t at)
{
    switch (width) {
    case 1:
        COPY(uint8_t);
        break;
    case 2:
        COPY(uint16_t);
        break;
    case 4:
        COPY(uint32_t);
        break;
    default:
        COPY(uint64_t);
    }
}

static void use(atomic_uchar *used, const void *values, size_t width, uint64_t from,
                uint64_t to)
{
    for (uint64_t row = from; row < to; row++) {
        uint32_t code = code_in(values, width, row);
        if (code != UINT32_MAX &&
            !atomic_load_explicit(&used[code], memory_order_relaxed))
            atomic_store_explicit(&used[code], 1, memory_order_relaxed);
    }
}

static void copy_turn(void *ctx, size_t i, unsigned worker)
{
    struct sieve *sieve = ctx;
    const struct vg_log *log = sieve->log;
    struct vg_log *left = sieve->left;
    uint64_t at = sieve->rows[i], trace = sieve->traces[i];
    size_t end = ranges_trace(log, sieve->ranges, i + 1);
    (void)worker;
    for (size_t t = ranges_trace(log, sieve->ranges, i); t < end; t++) {
        if (!sieve->kept[t])
            continue;
        left->first[trace] = at;
        left->trace_name[trace] = log->trace_name[t];
        if (left->trace_part)
            left->trace_part[trace] = log->trace_part[t];
        for (size_t c = COLUMN_TIME; c < sieve->column_count; c++) {
            void *to = *log_column(left, c);
            if (to)
                values_copy(to, *log_column((struct vg_log *)(uintptr_t)log, c),
                            column_width(c), sieve->keep, log->first[t],
                            log->first[t + 1], at);
        }
        at += sieve->kept[t];
        trace++;
    }
    use(sieve->used[COLUMN_CUSTOMER], left->trace_name, 4, sieve->traces[i], trace);
    for (size_t c = COLUMN_TIME; c < sieve->column_count; c++)
        if (sieve->used[c])
            use(sieve->used[c], *log_column(left, c), column_width(c), sieve->rows[i],
                at);
}

static void recode(void *values, size_t width, const uint32_t *map, uint64_t from,
                   uint64_t to)
{
    for (uint64_t row = from; row < to; row++) {
        uint32_t code = code_in(values, width, row);
        if (code == UINT32_MAX)
            continue;
        if (width == 4)
            ((uint32_t *)values)[row] = map[code];
        else
            ((uint16_t *)values)[row] = (uint16_t)map[code];
    }
}

static void recode_turn(void *ctx, size_t i, unsigned worker)
{
    struct sieve *sieve = ctx;
    (void)worker;
    if (sieve->map[COLUMN_CUSTOMER])
        recode(sieve->left->trace_name, 4, sieve->map[COLUMN_CUSTOMER], sieve->traces[i],
               sieve->traces[i + 1]);
    for (size_t c = COLUMN_TIME; c < sieve->column_count; c++)
        if (sieve->map[c])
            recode(*log_column(sieve->left, c), column_width(c), sieve->map[c],
                   sieve->rows[i], sieve->rows[i + 1]);
}

/* The dictionary of a column with what is still used of it. */
static enum vg_code texts_pick(struct sieve *sieve, size_t column, struct vg_err *err)
{
    const struct dict *dict = column_dict((struct vg_log *)(uintptr_t)sieve->log, column);
    struct dict *left = column_dict(sieve->left, column);
    const uint8_t *used = (const uint8_t *)sieve->used[column];
    if (dict->count == 0 || !memchr(used, 0, dict->count))
        return dict_clone(dict, left, err);
    sieve->map[column] = malloc(dict->count * sizeof **sieve->map);
    if (!sieve->map[column])
        return err_memory(err);
    return dict_pick(dict, used, left, sieve->map[column], err);
}

/* ---- the whole ---- */

static bool attributes_make(const struct vg_log *log, struct vg_log *left)
{
    left->attributes = calloc(log->attribute_count + 1, sizeof *left->attributes);
    if (!left->attributes)
        return false;
    for (size_t i = 0; i < log->attribute_count; i++) {
        left->attributes[i].name = strdup(log->attributes[i].name);
        left->attribute_count++;
        if (!left->attributes[i].name)
            return false;
    }
    return true;
}

bool log_columns_make(const struct vg_log *log, struct vg_log *left, size_t events,
                      size_t traces, bool parts)
{
    if (!attributes_make(log, left))
        return false;
    free(left->first);
    left->first = calloc(traces + 1, sizeof *left->first);
    left->trace_name = calloc(traces + 1, sizeof *left->trace_name);
    if (parts)
        left->trace_part = calloc(traces + 1, sizeof *left->trace_part);
    if (!left->first || !left->trace_name || (parts && !left->trace_part))
        return false;
    for (size_t c = COLUMN_TIME; c < COLUMN_ATTRIBUTES + log->attribute_count; c++) {
        if (!*log_column((struct vg_log *)(uintptr_t)log, c))
            continue;
        *log_column(left, c) = malloc((events ? events : 1) * column_width(c));
        if (!*log_column(left, c))
            return false;
    }
    left->events = events;
    left->traces = traces;
    left->first[traces] = events;
    return true;
}

static bool sieve_open(struct sieve *sieve, const struct vg_log *log)
{
    sieve->column_count = COLUMN_ATTRIBUTES + log->attribute_count;
    sieve->ranges = ranges_count(log);
    sieve->keep = calloc(log->events + 1, 1);
    sieve->kept = calloc(log->traces + 1, sizeof *sieve->kept);
    sieve->rows = calloc(sieve->ranges + 1, sizeof *sieve->rows);
    sieve->traces = calloc(sieve->ranges + 1, sizeof *sieve->traces);
    sieve->used = calloc(sieve->column_count, sizeof *sieve->used);
    sieve->map = calloc(sieve->column_count, sizeof *sieve->map);
    sieve->left = log_new();
    if (!sieve->keep || !sieve->kept || !sieve->rows || !sieve->traces || !sieve->used ||
        !sieve->map || !sieve->left)
        return false;
    for (size_t c = 0; c < sieve->column_count; c++) {
        const struct dict *dict = column_dict((struct vg_log *)(uintptr_t)log, c);
        bool there =
            c == COLUMN_CUSTOMER || *log_column((struct vg_log *)(uintptr_t)log, c);
        if (dict && there && !(sieve->used[c] = calloc(dict->count + (size_t)1, 1)))
            return false;
    }
    return true;
}

static void sieve_close(struct sieve *sieve)
{
    for (size_t c = 0; c < sieve->column_count; c++) {
        if (sieve->used)
            free(sieve->used[c]);
        if (sieve->map)
            free(sieve->map[c]);
    }
    free(sieve->keep);
    free(sieve->kept);
    free(sieve->rows);
    free(sieve->traces);
    free(sieve->used);
    free(sieve->map);
    log_close(sieve->left);
}

static enum vg_code sieve_run(struct sieve *sieve, struct vg_err *err)
{
    const struct vg_log *log = sieve->log;
    parallel_for(sieve->ranges, mark_turn, sieve);
    for (size_t i = 0; i < sieve->ranges; i++) {
        sieve->rows[i + 1] += sieve->rows[i];
        sieve->traces[i + 1] += sieve->traces[i];
    }
    if (!log_columns_make(log, sieve->left, sieve->rows[sieve->ranges],
                          sieve->traces[sieve->ranges], log->trace_part != NULL))
        return err_memory(err);
    parallel_for(sieve->ranges, copy_turn, sieve);
    for (size_t c = 0; c < sieve->column_count; c++) {
        enum vg_code code = sieve->used[c] ? texts_pick(sieve, c, err) : VG_OK;
        if (code != VG_OK)
            return code;
    }
    parallel_for(sieve->ranges, recode_turn, sieve);
    return VG_OK;
}

enum vg_code log_filter(const struct vg_log *log, const struct log_filter *filter,
                        struct vg_log **ret, struct vg_err *err)
{
    struct filter_codes codes;
    struct sieve sieve = {.log = log, .codes = &codes};
    struct arena *arena = arena_open(0);
    enum vg_code code = arena && sieve_open(&sieve, log) ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = filter_codes_make(arena, log, filter, &codes, err);
    if (code == VG_OK)
        code = sieve_run(&sieve, err);
    if (code == VG_OK) {
        struct vg_log *left = sieve.left;
        narrow_make(left);
        left->first_us =
            log->first_us > filter->from_us ? log->first_us : filter->from_us;
        left->last_us = log->last_us < filter->until_us ? log->last_us : filter->until_us;
        left->beyond_us =
            left->last_us > log_watched_us(log) ? left->last_us - log_watched_us(log) : 0;
        *ret = left;
        sieve.left = NULL;
    }
    sieve_close(&sieve);
    arena_close(arena);
    return code;
}
