#include "log/build.h"

#include "base/limits.h"
#include "log/blocks.h"

#include <math.h>
#include <stdlib.h>

enum { OPEN_ROWS_FIRST = 256, OPEN_ROWS_MAX = 16384 };

void builder_close(struct builder *builder)
{
    if (!builder)
        return;
    log_close(builder->log);
    for (size_t i = 0; i < builder->block_count; i++)
        block_free(&builder->blocks[i]);
    block_free(&builder->open);
    for (size_t i = 0; i < builder->table_count; i++)
        free(builder->tables[i]);
    free(builder->tables);
    free(builder->blocks);
    free(builder);
}

static bool names_copy(struct vg_log *log, const str *names, size_t count)
{
    log->attributes = calloc(count ? count : 1, sizeof *log->attributes);
    if (!log->attributes)
        return false;
    for (size_t i = 0; i < count; i++) {
        char *copy = malloc(names[i].len + 1);
        if (!copy)
            return false;
        memcpy(copy, names[i].ptr ? names[i].ptr : "", names[i].len);
        copy[names[i].len] = 0;
        log->attributes[log->attribute_count++].name = copy;
    }
    return true;
}

enum vg_code builder_open(const str *attribute_names, size_t attribute_count,
                          struct builder **ret, struct vg_err *err)
{
    struct builder *builder = calloc(1, sizeof *builder);
    if (!builder || !(builder->log = log_new()) ||
        !names_copy(builder->log, attribute_names, attribute_count)) {
        builder_close(builder);
        return err_memory(err);
    }
    builder->column_count = COLUMN_ATTRIBUTES + attribute_count;
    *ret = builder;
    return VG_OK;
}

/* A fresh block to add to, larger as the log grows. */
static enum vg_code open_make(struct builder *builder, struct vg_err *err)
{
    enum vg_code code = builder_seal(builder, err);
    if (code != VG_OK)
        return code;
    bool *has = malloc(builder->column_count * sizeof *has);
    if (!has)
        return err_memory(err);
    memset(has, true, builder->column_count * sizeof *has);
    bool ok =
        block_make(&builder->open, builder->column_count, has,
                   builder->rows < OPEN_ROWS_MAX ? OPEN_ROWS_FIRST : OPEN_ROWS_MAX, NULL);
    free(has);
    return ok ? VG_OK : err_memory(err);
}

/* Put the code of `text` into row `row` of a column; "no value" when there is none. */
static enum vg_code put(struct builder *builder, size_t column, str text, size_t row,
                        struct vg_err *err)
{
    uint32_t code = UINT32_MAX;
    if (text.ptr && text.len) {
        struct dict *dict = column_dict(builder->log, column);
        enum vg_code status = dict_add(dict, text, column_limit(column), &code, err);
        if (status != VG_OK)
            return status;
    }
    if (column_width(column) == 2)
        ((uint16_t *)builder->open.column[column])[row] = (uint16_t)code;
    else
        ((uint32_t *)builder->open.column[column])[row] = code;
    return VG_OK;
}

enum vg_code builder_add(struct builder *builder, const struct log_event *event,
                         const str *attributes, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    struct block *open = &builder->open;
    if (open->rows == open->capacity && (code = open_make(builder, err)) != VG_OK)
        return code;
    size_t row = open->rows;
    const str texts[] = {[COLUMN_CUSTOMER] = event->customer,
                         [COLUMN_TIME] = {NULL, 0},
                         [COLUMN_ACTIVITY] = event->activity,
                         [COLUMN_CHANNEL] = event->channel,
                         [COLUMN_TOUCHPOINT] = event->touchpoint,
                         [COLUMN_ACTOR] = event->actor,
                         [COLUMN_TEXT] = event->text};
    for (size_t c = 0; c < COUNT_OF(texts); c++)
        if (c != COLUMN_TIME && (code = put(builder, c, texts[c], row, err)) != VG_OK)
            return code;
    for (size_t i = 0; i < builder->log->attribute_count; i++) {
        str value = attributes ? attributes[i] : (str){NULL, 0};
        if ((code = put(builder, COLUMN_ATTRIBUTES + i, value, row, err)) != VG_OK)
            return code;
    }
    bool scored = isfinite(event->score);
    ((int64_t *)open->column[COLUMN_TIME])[row] = event->at_us;
    ((float *)open->column[COLUMN_SCORE])[row] = scored ? (float)event->score : NAN;
    ((uint8_t *)open->column[COLUMN_SCALE])[row] = scored ? (uint8_t)event->scale : 0;
    open->rows++;
    return VG_OK;
}

enum vg_code builder_finish(struct builder *builder, struct vg_log **ret,
                            struct vg_err *err)
{
    enum vg_code code = builder_seal(builder, err);
    if (code == VG_OK)
        code = log_sort(builder, err);
    if (code == VG_OK) {
        *ret = builder->log;
        builder->log = NULL;
    }
    builder_close(builder);
    return code;
}
