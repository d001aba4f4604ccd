/* Rows out of a log, and with them the texts that nobody has any more. Declared in
 * store/batch.h. */
#include "store/batch.h"

#include <stdlib.h>
#include <string.h>

struct code_column code_column(struct vg_log *log, size_t i)
{
    switch (i) {
    case 0:
        return (struct code_column){"activity", &log->activities, (void **)&log->activity,
                                    2};
    case 1:
        return (struct code_column){"channel", &log->channels, (void **)&log->channel, 2};
    case 2:
        return (struct code_column){"touchpoint", &log->touchpoints,
                                    (void **)&log->touchpoint, 2};
    case 3:
        return (struct code_column){"actor", &log->actors, (void **)&log->actor, 4};
    case 4:
        return (struct code_column){"text", &log->texts, (void **)&log->text, 4};
    default:
        i -= CODE_COLUMNS_PLAIN;
        return (struct code_column){NULL, &log->attributes[i].values,
                                    (void **)&log->attributes[i].code, 4};
    }
}

enum vg_code dict_translate(struct dict *dict, const struct dict *from, uint32_t limit,
                            uint32_t **ret, struct vg_err *err)
{
    enum { BATCH = 256 };
    uint32_t *to = malloc(((size_t)from->count + 1) * sizeof *to);
    str texts[BATCH];
    enum vg_code code = to ? VG_OK : err_memory(err);
    for (uint32_t at = 0; code == VG_OK && at < from->count; at += BATCH) {
        uint32_t n = from->count - at < BATCH ? from->count - at : BATCH;
        for (uint32_t i = 0; i < n; i++)
            texts[i] = dict_str(from, at + i);
        code = dict_add_many(dict, texts, n, limit, to + at, err);
    }
    *ret = to;
    return code;
}

static void keep_values(void *column, size_t width, const uint8_t *keep, size_t rows)
{
    char *values = column;
    size_t to = 0;
    for (size_t row = 0; values && row < rows; row++) {
        if (!keep[row])
            continue;
        if (to != row)
            memcpy(values + to * width, values + row * width, width);
        to++;
    }
}

static void keep_rows(struct vg_log *log, const uint8_t *keep)
{
    size_t rows = log->events;
    keep_values(log->at_us, sizeof *log->at_us, keep, rows);
    keep_values(log->score, sizeof *log->score, keep, rows);
    keep_values(log->scale, sizeof *log->scale, keep, rows);
    for (size_t i = 0; i < CODE_COLUMNS_PLAIN + log->attribute_count; i++) {
        struct code_column column = code_column(log, i);
        keep_values(*column.codes, column.width, keep, rows);
    }
    size_t traces = 0, left = 0;
    for (size_t t = 0; t < log->traces; t++) {
        uint64_t from = log->first[t], until = log->first[t + 1], began = left;
        for (uint64_t row = from; row < until; row++)
            left += keep[row] != 0;
        if (left == began)
            continue;
        log->first[traces] = began;
        log->trace_name[traces++] = log->trace_name[t];
    }
    log->first[traces] = left;
    log->traces = traces;
    log->events = left;
}

/* A dictionary of the texts whose new code is not "none", in the order of `order`. */
static enum vg_code dict_rest(struct dict *dict, const uint32_t *order, size_t count,
                              struct vg_err *err)
{
    struct dict rest = {0};
    uint32_t code_new;
    for (size_t i = 0; i < count; i++) {
        enum vg_code code =
            dict_add(&rest, dict_str(dict, order[i]), UINT32_MAX - 1, &code_new, err);
        if (code != VG_OK) {
            dict_free(&rest);
            return code;
        }
    }
    dict_free(dict);
    *dict = rest;
    return VG_OK;
}

static enum vg_code tidy_codes(struct code_column *column, size_t rows,
                               struct vg_err *err)
{
    uint32_t count = column->dict->count, used = 0;
    if (!*column->codes || !count)
        return VG_OK;
    uint32_t *to = malloc(count * sizeof *to), *order = malloc(count * sizeof *order);
    enum vg_code code = to && order ? VG_OK : err_memory(err);
    if (code == VG_OK)
        memset(to, 0xFF, count * sizeof *to);
    for (size_t row = 0; code == VG_OK && row < rows; row++) {
        uint32_t at = code_at(column, row);
        if (at != LOG_NO_CODE32 && to[at] == UINT32_MAX) {
            order[used] = at;
            to[at] = used++;
        }
    }
    if (code == VG_OK && used < count) {
        code = dict_rest(column->dict, order, used, err);
        for (size_t row = 0; code == VG_OK && row < rows; row++) {
            uint32_t at = code_at(column, row);
            if (at == LOG_NO_CODE32)
                continue;
            if (column->width == 2)
                ((uint16_t *)*column->codes)[row] = (uint16_t)to[at];
            else
                ((uint32_t *)*column->codes)[row] = to[at];
        }
    }
    free(to);
    free(order);
    return code;
}

static enum vg_code tidy_names(struct vg_log *log, struct vg_err *err)
{
    bool in_order = log->trace_names.count == log->traces;
    for (size_t t = 0; t < log->traces && in_order; t++)
        in_order = log->trace_name[t] == t;
    if (in_order)
        return VG_OK;
    enum vg_code code = dict_rest(&log->trace_names, log->trace_name, log->traces, err);
    for (size_t t = 0; code == VG_OK && t < log->traces; t++)
        log->trace_name[t] = (uint32_t)t;
    return code;
}

enum vg_code log_tidy(struct vg_log *log, const uint8_t *keep, struct vg_err *err)
{
    if (keep)
        keep_rows(log, keep);
    enum vg_code code = tidy_names(log, err);
    for (size_t i = 0; code == VG_OK && i < CODE_COLUMNS_PLAIN + log->attribute_count;
         i++) {
        struct code_column column = code_column(log, i);
        code = tidy_codes(&column, log->events, err);
    }
    log->first_us = log->events ? INT64_MAX : 0;
    log->last_us = log->events ? INT64_MIN : 0;
    for (size_t row = 0; row < log->events; row++) {
        int64_t at_us = log->at_us[row];
        log->first_us = at_us < log->first_us ? at_us : log->first_us;
        log->last_us = at_us > log->last_us ? at_us : log->last_us;
    }
    return code;
}
