/* Journeys cut where nothing happened for long. The events stay where they are; only
 * where traces begin changes. */
#include "log/blocks.h"
#include "log/filter.h"
#include "log/narrow.h"
#include "log/ranges.h"

#include "base/parallel.h"

#include <stdlib.h>

struct cut {
    const struct vg_log *log;
    struct vg_log *parts;
    int64_t pause_us;
    size_t ranges;
    uint64_t *traces; /* [ranges + 1] parts before it */
};

static bool begins(const struct cut *cut, size_t trace, uint64_t row)
{
    const int64_t *at_us = cut->log->at_us;
    return row == cut->log->first[trace] || at_us[row] - at_us[row - 1] > cut->pause_us;
}

static void count_turn(void *ctx, size_t i, unsigned worker)
{
    struct cut *cut = ctx;
    const struct vg_log *log = cut->log;
    size_t end = ranges_trace(log, cut->ranges, i + 1);
    (void)worker;
    for (size_t t = ranges_trace(log, cut->ranges, i); t < end; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            cut->traces[i + 1] += begins(cut, t, row);
}

static void fill_turn(void *ctx, size_t i, unsigned worker)
{
    struct cut *cut = ctx;
    const struct vg_log *log = cut->log;
    uint64_t part = cut->traces[i];
    size_t end = ranges_trace(log, cut->ranges, i + 1);
    (void)worker;
    for (size_t t = ranges_trace(log, cut->ranges, i); t < end; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            if (!begins(cut, t, row))
                continue;
            cut->parts->first[part] = row;
            cut->parts->trace_name[part++] = log->trace_name[t];
        }
}

static void copy_turn(void *ctx, size_t column, unsigned worker)
{
    struct cut *cut = ctx;
    (void)worker;
    column += COLUMN_TIME;
    void *to = *log_column(cut->parts, column);
    if (to)
        memcpy(to, *log_column((struct vg_log *)(uintptr_t)cut->log, column),
               cut->log->events * column_width(column));
}

/* Number the parts of each customer. */
static void parts_number(struct vg_log *log)
{
    for (size_t t = 1; t < log->traces; t++)
        log->trace_part[t] =
            log->trace_name[t] == log->trace_name[t - 1] ? log->trace_part[t - 1] + 1 : 0;
}

static enum vg_code cut_run(struct cut *cut, struct vg_err *err)
{
    const struct vg_log *log = cut->log;
    size_t columns = COLUMN_ATTRIBUTES + log->attribute_count;
    parallel_for(cut->ranges, count_turn, cut);
    for (size_t i = 0; i < cut->ranges; i++)
        cut->traces[i + 1] += cut->traces[i];
    size_t traces = cut->traces[cut->ranges];
    bool parts = log->trace_part || traces > log->traces;
    if (!log_columns_make(log, cut->parts, log->events, traces, parts))
        return err_memory(err);
    parallel_for(cut->ranges, fill_turn, cut);
    parallel_for(columns - COLUMN_TIME, copy_turn, cut);
    if (parts)
        parts_number(cut->parts);
    for (size_t c = 0; c < columns; c++) {
        struct dict *dict = column_dict((struct vg_log *)(uintptr_t)log, c);
        enum vg_code code =
            dict ? dict_clone(dict, column_dict(cut->parts, c), err) : VG_OK;
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

enum vg_code log_cut_pauses(const struct vg_log *log, double pause_s, struct vg_log **ret,
                            struct vg_err *err)
{
    double pause_us = pause_s * (double)US_PER_S;
    struct cut cut = {.log = log, .parts = log_new(), .ranges = ranges_count(log)};
    cut.pause_us = pause_us < 9e18 ? (int64_t)pause_us : INT64_MAX;
    cut.traces = calloc(cut.ranges + 1, sizeof *cut.traces);
    enum vg_code code = cut.parts && cut.traces ? cut_run(&cut, err) : err_memory(err);
    if (code == VG_OK) {
        narrow_make(cut.parts);
        cut.parts->first_us = log->first_us;
        cut.parts->last_us = log->last_us;
        cut.parts->beyond_us = log->beyond_us;
        *ret = cut.parts;
        cut.parts = NULL;
    }
    log_close(cut.parts);
    free(cut.traces);
    return code;
}
