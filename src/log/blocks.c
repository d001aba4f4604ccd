#include "log/blocks.h"

#include "base/lang.h"
#include "base/limits.h"

#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

static const uint8_t widths[] = {
    [COLUMN_CUSTOMER] = 4,   [COLUMN_TIME] = 8,       [COLUMN_ACTIVITY] = 2,
    [COLUMN_CHANNEL] = 2,    [COLUMN_TOUCHPOINT] = 2, [COLUMN_ACTOR] = 4,
    [COLUMN_TEXT] = 4,       [COLUMN_SCORE] = 4,      [COLUMN_SCALE] = 1,
    [COLUMN_ATTRIBUTES] = 4,
};

static size_t known(size_t column)
{
    return column < COLUMN_ATTRIBUTES ? column : COLUMN_ATTRIBUTES;
}

size_t column_width(size_t column)
{
    return widths[known(column)];
}

struct dict *column_dict(struct vg_log *log, size_t column)
{
    switch (known(column)) {
    case COLUMN_CUSTOMER:
        return &log->trace_names;
    case COLUMN_ACTIVITY:
        return &log->activities;
    case COLUMN_CHANNEL:
        return &log->channels;
    case COLUMN_TOUCHPOINT:
        return &log->touchpoints;
    case COLUMN_ACTOR:
        return &log->actors;
    case COLUMN_TEXT:
        return &log->texts;
    case COLUMN_ATTRIBUTES:
        return &log->attributes[column - COLUMN_ATTRIBUTES].values;
    default:
        return NULL;
    }
}

void **log_column(struct vg_log *log, size_t column)
{
    switch (column) {
    case COLUMN_TIME:
        return (void **)&log->at_us;
    case COLUMN_ACTIVITY:
        return (void **)&log->activity;
    case COLUMN_CHANNEL:
        return (void **)&log->channel;
    case COLUMN_TOUCHPOINT:
        return (void **)&log->touchpoint;
    case COLUMN_ACTOR:
        return (void **)&log->actor;
    case COLUMN_TEXT:
        return (void **)&log->text;
    case COLUMN_SCORE:
        return (void **)&log->score;
    case COLUMN_SCALE:
        return (void **)&log->scale;
    default:
        return (void **)&log->attributes[column - COLUMN_ATTRIBUTES].code;
    }
}

uint32_t column_limit(size_t column)
{
    if (column == COLUMN_ACTIVITY)
        return LIMIT_ACTIVITIES;
    return column_width(column) == 2 ? LIMIT_CHANNELS : UINT32_MAX - 1;
}

void column_none(size_t column, void *values, size_t count)
{
    if (column == COLUMN_SCORE)
        for (size_t i = 0; i < count; i++)
            ((float *)values)[i] = NAN;
    else
        memset(values, column == COLUMN_SCALE ? 0 : 0xFF, count * column_width(column));
}

void *pages_take(size_t bytes)
{
    void *area =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return area == MAP_FAILED ? NULL : area;
}

void pages_give(void *area, size_t bytes)
{
    if (area)
        munmap(area, bytes);
}

static size_t column_bytes(size_t column, uint32_t rows)
{
    return (rows * column_width(column) + 7) / 8 * 8;
}

static void *area_map(size_t bytes)
{
    void *area = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return area == MAP_FAILED ? NULL : area;
}

/* The columns that every event has come first, with room for all of them, so that records
 * can stand in their place. */
bool block_make(struct block *block, size_t column_count, const bool *has, uint32_t rows,
                struct shelf *shelf)
{
    size_t bytes = 2 * column_count * sizeof(void *);
    for (size_t c = 0; c < column_count; c++)
        bytes += has[c] || c <= COLUMN_CHANNEL ? column_bytes(c, rows) : 0;
    struct slab *slab = NULL;
    char *area = shelf ? slab_take(shelf, bytes, &slab) : area_map(bytes);
    if (!area)
        return false;
    memset(area, 0, 2 * column_count * sizeof(void *));
    *block = (struct block){
        .capacity = rows,
        .area = area,
        .area_bytes = bytes,
        .slab = slab,
        .records = (struct record *)(area + 2 * column_count * sizeof(void *)),
        .column = (void **)area,
        .code = (const uint32_t **)area + column_count};
    char *at = area + 2 * column_count * sizeof(void *);
    for (size_t c = 0; c < column_count; c++) {
        if (has[c])
            block->column[c] = at;
        at += has[c] || c <= COLUMN_CHANNEL ? column_bytes(c, rows) : 0;
    }
    return true;
}

void block_free(struct block *block)
{
    if (block->slab)
        slab_give(block->slab);
    else
        pages_give(block->area, block->area_bytes);
    *block = (struct block){0};
}

void block_recode(struct block *block, size_t column)
{
    const uint32_t *code = block->code[column];
    if (!code || !block->column[column])
        return;
    block->code[column] = NULL;
    if (column_width(column) == 4) {
        uint32_t *values = block->column[column];
        for (uint32_t row = 0; row < block->rows; row++)
            values[row] = values[row] == UINT32_MAX ? UINT32_MAX : code[values[row]];
        return;
    }
    uint16_t *values = block->column[column];
    for (uint32_t row = 0; row < block->rows; row++)
        values[row] =
            values[row] == LOG_NO_CODE16 ? LOG_NO_CODE16 : (uint16_t)code[values[row]];
}

enum vg_code builder_keep(struct builder *builder, uint32_t *table, struct vg_err *err)
{
    uint32_t **tables =
        realloc(builder->tables, (builder->table_count + 1) * sizeof *tables);
    if (!tables) {
        free(table);
        return err_memory(err);
    }
    builder->tables = tables;
    builder->tables[builder->table_count++] = table;
    return VG_OK;
}

enum vg_code builder_take(struct builder *builder, struct block *block,
                          struct vg_err *err)
{
    if (builder->rows + block->rows > BUILDER_ROWS_MAX) {
        block_free(block);
        return err_set(err, VG_ERR_LIMIT, NULL, _("there are more than %lu events"),
                       (unsigned long)BUILDER_ROWS_MAX);
    }
    if (builder->block_count == builder->block_capacity) {
        size_t larger = builder->block_capacity ? builder->block_capacity * 2 : 16;
        struct block *blocks = realloc(builder->blocks, larger * sizeof *blocks);
        if (!blocks) {
            block_free(block);
            return err_memory(err);
        }
        builder->blocks = blocks;
        builder->block_capacity = larger;
    }
    builder->blocks[builder->block_count++] = *block;
    builder->rows += block->rows;
    *block = (struct block){0};
    return VG_OK;
}

enum vg_code builder_seal(struct builder *builder, struct vg_err *err)
{
    if (builder->open.rows == 0)
        return VG_OK;
    for (size_t c = COLUMN_CHANNEL; c < builder->column_count; c++) {
        /* A column in which nobody has a value is as good as none. */
        const uint8_t *bytes = builder->open.column[c];
        uint8_t none[8];
        size_t width = column_width(c), row = 0;
        column_none(c, none, 1);
        while (row < builder->open.rows && memcmp(bytes + row * width, none, width) == 0)
            row++;
        if (row == builder->open.rows)
            builder->open.column[c] = NULL;
    }
    return builder_take(builder, &builder->open, err);
}
