#include "log/build.h"

#include "base/lang.h"
#include "base/limits.h"

#include <math.h>
#include <stdlib.h>

struct row {
    int64_t at_us;
    uint32_t customer, actor, text;
    uint16_t activity, channel, touchpoint;
    uint8_t scale;
    float score;
    uint32_t number;
};

struct builder {
    struct vg_log *log; /* its dictionaries are filled as events come */
    struct row *rows;
    uint32_t *attributes; /* [rows][attribute_count] */
    size_t count, capacity;
    bool has_channel, has_touchpoint, has_actor, has_score, has_text;
};

void builder_close(struct builder *builder)
{
    if (!builder)
        return;
    log_close(builder->log);
    free(builder->rows);
    free(builder->attributes);
    free(builder);
}

enum vg_code builder_open(const str *attribute_names, size_t attribute_count,
                          struct builder **ret, struct vg_err *err)
{
    struct builder *builder = calloc(1, sizeof *builder);
    if (!builder || !(builder->log = log_new()))
        goto no_memory;
    struct vg_log *log = builder->log;
    if (attribute_count > 0) {
        log->attributes = calloc(attribute_count, sizeof *log->attributes);
        if (!log->attributes)
            goto no_memory;
    }
    for (size_t i = 0; i < attribute_count; i++) {
        str name = attribute_names[i];
        char *copy = malloc(name.len + 1);
        if (!copy)
            goto no_memory;
        memcpy(copy, name.ptr ? name.ptr : "", name.len);
        copy[name.len] = 0;
        log->attributes[i].name = copy;
        log->attribute_count++;
    }
    *ret = builder;
    return VG_OK;
no_memory:
    builder_close(builder);
    return err_memory(err);
}

static bool reserve(struct builder *builder)
{
    if (builder->count < builder->capacity)
        return true;
    size_t larger = builder->capacity ? builder->capacity * 2 : 64;
    struct row *rows = realloc(builder->rows, larger * sizeof *rows);
    if (!rows)
        return false;
    builder->rows = rows;
    size_t attributes = builder->log->attribute_count;
    if (attributes > 0) {
        uint32_t *codes =
            realloc(builder->attributes, larger * attributes * sizeof *codes);
        if (!codes)
            return false;
        builder->attributes = codes;
    }
    builder->capacity = larger;
    return true;
}

/* A code of 16 bits; LOG_NO_CODE16 for a text that is not there. */
static enum vg_code code16(struct dict *dict, str text, uint32_t limit, uint16_t *ret,
                           struct vg_err *err)
{
    uint32_t code = LOG_NO_CODE16;
    enum vg_code status = VG_OK;
    if (text.ptr && text.len)
        status = dict_add(dict, text, limit, &code, err);
    *ret = (uint16_t)code;
    return status;
}

static enum vg_code code32(struct dict *dict, str text, uint32_t *ret, struct vg_err *err)
{
    *ret = LOG_NO_CODE32;
    return text.ptr && text.len ? dict_add(dict, text, UINT32_MAX - 1, ret, err) : VG_OK;
}

enum vg_code builder_add(struct builder *builder, const struct log_event *event,
                         const str *attributes, struct vg_err *err)
{
    struct vg_log *log = builder->log;
    if (!reserve(builder))
        return err_memory(err);
    struct row row = {.at_us = event->at_us,
                      .scale = (uint8_t)event->scale,
                      .score = (float)event->score,
                      .number = (uint32_t)builder->count};
    enum vg_code code;
    if ((code = code32(&log->trace_names, event->customer, &row.customer, err)) ||
        (code = code16(&log->activities, event->activity, LIMIT_ACTIVITIES, &row.activity,
                       err)) ||
        (code =
             code16(&log->channels, event->channel, LIMIT_CHANNELS, &row.channel, err)) ||
        (code = code16(&log->touchpoints, event->touchpoint, LIMIT_CHANNELS,
                       &row.touchpoint, err)) ||
        (code = code32(&log->actors, event->actor, &row.actor, err)) ||
        (code = code32(&log->texts, event->text, &row.text, err)))
        return code;
    for (size_t i = 0; i < log->attribute_count; i++) {
        uint32_t *to = &builder->attributes[builder->count * log->attribute_count + i];
        str value = attributes ? attributes[i] : (str){NULL, 0};
        if ((code = code32(&log->attributes[i].values, value, to, err)))
            return code;
    }
    builder->has_channel |= row.channel != LOG_NO_CODE16;
    builder->has_touchpoint |= row.touchpoint != LOG_NO_CODE16;
    builder->has_actor |= row.actor != LOG_NO_CODE32;
    builder->has_text |= row.text != LOG_NO_CODE32;
    builder->has_score |= isfinite(row.score);
    builder->rows[builder->count++] = row;
    return VG_OK;
}

static int row_compare(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    if (a->customer != b->customer)
        return a->customer < b->customer ? -1 : 1;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* Columns for the log, where somebody has a value. */
static bool columns_make(struct builder *builder)
{
    struct vg_log *log = builder->log;
    size_t n = builder->count ? builder->count : 1;
    size_t traces = log->trace_names.count ? log->trace_names.count : 1;
    free(log->first);
    bool ok = (log->first = calloc(traces + 1, sizeof *log->first)) &&
              (log->trace_name = calloc(traces, sizeof *log->trace_name)) &&
              (log->at_us = calloc(n, sizeof *log->at_us)) &&
              (log->activity = calloc(n, sizeof *log->activity));
    if (builder->has_channel)
        ok = ok && (log->channel = calloc(n, sizeof *log->channel));
    if (builder->has_touchpoint)
        ok = ok && (log->touchpoint = calloc(n, sizeof *log->touchpoint));
    if (builder->has_actor)
        ok = ok && (log->actor = calloc(n, sizeof *log->actor));
    if (builder->has_text)
        ok = ok && (log->text = calloc(n, sizeof *log->text));
    if (builder->has_score)
        ok = ok && (log->score = calloc(n, sizeof *log->score)) &&
             (log->scale = calloc(n, sizeof *log->scale));
    for (size_t i = 0; i < log->attribute_count; i++)
        ok = ok && (log->attributes[i].code = calloc(n, sizeof(uint32_t)));
    return ok;
}

static void row_store(struct builder *builder, size_t i)
{
    struct vg_log *log = builder->log;
    const struct row *row = &builder->rows[i];
    log->at_us[i] = row->at_us;
    log->activity[i] = row->activity;
    if (log->channel)
        log->channel[i] = row->channel;
    if (log->touchpoint)
        log->touchpoint[i] = row->touchpoint;
    if (log->actor)
        log->actor[i] = row->actor;
    if (log->text)
        log->text[i] = row->text;
    if (log->score) {
        log->score[i] = row->score;
        log->scale[i] = row->scale;
    }
    for (size_t a = 0; a < log->attribute_count; a++)
        log->attributes[a].code[i] =
            builder->attributes[row->number * log->attribute_count + a];
}

enum vg_code builder_finish(struct builder *builder, struct vg_log **ret,
                            struct vg_err *err)
{
    struct vg_log *log = builder->log;
    if (!columns_make(builder)) {
        builder_close(builder);
        return err_memory(err);
    }
    if (builder->count > 0)
        qsort(builder->rows, builder->count, sizeof *builder->rows, row_compare);
    for (size_t i = 0; i < builder->count; i++) {
        const struct row *row = &builder->rows[i];
        row_store(builder, i);
        if (i == 0 || row->customer != builder->rows[i - 1].customer) {
            log->first[log->traces] = i;
            log->trace_name[log->traces++] = row->customer;
        }
        if (i == 0 || row->at_us < log->first_us)
            log->first_us = row->at_us;
        if (i == 0 || row->at_us > log->last_us)
            log->last_us = row->at_us;
    }
    log->events = builder->count;
    log->first[log->traces] = log->events;
    *ret = log;
    builder->log = NULL;
    builder_close(builder);
    return VG_OK;
}
