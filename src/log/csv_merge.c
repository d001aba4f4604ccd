/* The texts of a file → the log's dictionaries, and the numbers in its blocks → codes.
 *
 * Codes are given out in the order of the file: chunk by chunk, along the chunk's list of
 * the texts that it was the first to have. (In a chunk marked as scattered the lists may
 * lack some; there the rows are asked.) */
#include "log/csv_parts.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "base/utf8.h"

#include <stdatomic.h>
#include <stdlib.h>

struct merge { /* of one column */
    const struct csv_harvest *harvest;
    size_t column;
    struct dict *dict;
    uint32_t *code;   /* [numbers] the log's; UINT32_MAX: in no row */
    uint32_t *number; /* [count] the numbers that are in rows, in the order of codes */
    uint32_t count;
    uint8_t *broken; /* [numbers] 1: was repaired; NULL: none was */
    atomic_bool any_broken;
    bool same;       /* every code is its number */
    uint64_t *start; /* dict_fill's: of the dictionary in the making */
    char *bytes;
    uint64_t repaired;
};

static uint32_t number_at(const struct block *block, size_t column, uint32_t row)
{
    const void *values = block->column[column];
    if (column_width(column) == 4)
        return ((const uint32_t *)values)[row];
    uint16_t number = ((const uint16_t *)values)[row];
    return number == LOG_NO_CODE16 ? UINT32_MAX : number;
}

static void number_take(struct merge *merge, uint32_t number)
{
    if (merge->code[number] != UINT32_MAX)
        return;
    merge->same &= merge->count == number;
    merge->code[number] = merge->count;
    merge->number[merge->count++] = number;
}

/* Which numbers are in rows, in the order of the file. */
static bool order_make(struct merge *merge)
{
    const struct csv_harvest *harvest = merge->harvest;
    size_t numbers = atomic_load(&harvest->pools[merge->column].count);
    merge->code = large_make((numbers + 1) * sizeof *merge->code);
    merge->number = large_make((numbers + 1) * sizeof *merge->number);
    merge->same = true;
    if (!merge->code || !merge->number)
        return false;
    memset(merge->code, 0xFF, (numbers + 1) * sizeof *merge->code);
    for (size_t i = 0; i < harvest->chunk_count; i++) {
        const struct csv_chunk *chunk = &harvest->chunks[i];
        const struct block *block = &chunk->block;
        if (!block->rows || !block->column[merge->column])
            continue;
        const struct text_list *list = &chunk->lists[merge->column];
        for (size_t n = 0; !chunk->scattered && n < list->count; n++)
            number_take(merge, list->number[n]);
        for (uint32_t row = 0; chunk->scattered && row < block->rows; row++) {
            uint32_t number = number_at(block, merge->column, row);
            if (number != UINT32_MAX)
                number_take(merge, number);
        }
    }
    return true;
}

/* ---- into an empty dictionary: the common case, without looking anything up ---- */

static void length_turn(void *ctx, size_t reader, unsigned worker)
{
    struct merge *merge = ctx;
    const struct text_pages *pages =
        &merge->harvest->readers[reader].pages[merge->column];
    struct text_walk walk = {0};
    (void)worker;
    while (text_pages_next(pages, &walk)) {
        uint32_t code = merge->code[walk.number];
        if (code == UINT32_MAX)
            continue;
        merge->start[code + 1] = walk.text.len + 1;
        if (!utf8_valid(walk.text))
            atomic_store(&merge->any_broken, true);
    }
}

static void bytes_turn(void *ctx, size_t reader, unsigned worker)
{
    struct merge *merge = ctx;
    const struct text_pages *pages =
        &merge->harvest->readers[reader].pages[merge->column];
    struct text_walk walk = {0};
    (void)worker;
    while (text_pages_next(pages, &walk)) {
        uint32_t code = merge->code[walk.number];
        if (code == UINT32_MAX)
            continue;
        char *to = merge->bytes + merge->start[code];
        memcpy(to, walk.text.ptr, walk.text.len);
        to[walk.text.len] = 0;
    }
}

/* Sets any_broken, and fills nothing, when a text must be repaired. */
static bool dict_fill(struct merge *merge)
{
    size_t count = merge->count;
    merge->start = large_make((count + 1) * sizeof *merge->start);
    if (!merge->start)
        return false;
    merge->start[0] = 0; /* the others are told by their texts */
    parallel_for(merge->harvest->reader_count, length_turn, merge);
    if (atomic_load(&merge->any_broken))
        return true;
    for (size_t i = 0; i < count; i++)
        merge->start[i + 1] += merge->start[i];
    merge->bytes = large_make(merge->start[count] + 1);
    if (!merge->bytes)
        return false;
    parallel_for(merge->harvest->reader_count, bytes_turn, merge);
    dict_adopt(merge->dict, merge->start, merge->bytes, merge->count);
    merge->start = NULL;
    merge->bytes = NULL;
    return true;
}

/* ---- into one that has texts already, or with texts to be repaired ---- */

static str *texts_by_number(const struct merge *merge)
{
    const struct csv_harvest *harvest = merge->harvest;
    size_t numbers = atomic_load(&harvest->pools[merge->column].count);
    str *texts = calloc(numbers + 1, sizeof *texts);
    for (unsigned r = 0; texts && r < harvest->reader_count; r++) {
        struct text_walk walk = {0};
        while (text_pages_next(&harvest->readers[r].pages[merge->column], &walk))
            texts[walk.number] = walk.text;
    }
    return texts;
}

/* The text in well-formed UTF-8; ptr NULL when memory is used up. */
static str mend(struct merge *merge, struct arena *arena, uint32_t number, str text)
{
    struct buf buf = {0};
    if (utf8_valid(text))
        return text;
    size_t numbers = atomic_load(&merge->harvest->pools[merge->column].count);
    if (!merge->broken && !(merge->broken = calloc(numbers, 1)))
        return (str){NULL, 0};
    merge->broken[number] = 1;
    utf8_append_repaired(&buf, text);
    str mended = buf.failed ? (str){NULL, 0} : arena_str(arena, buf_str(&buf));
    buf_free(&buf);
    return mended;
}

static enum vg_code texts_add(struct merge *merge, struct arena *arena, const str *texts,
                              struct vg_err *err)
{
    for (uint32_t from = 0; from < merge->count; from += CSV_BATCH) {
        str batch[CSV_BATCH];
        uint32_t codes[CSV_BATCH];
        size_t n = merge->count - from < CSV_BATCH ? merge->count - from : CSV_BATCH;
        for (size_t i = 0; i < n; i++) {
            uint32_t number = merge->number[from + i];
            batch[i] = mend(merge, arena, number, texts[number]);
            if (!batch[i].ptr)
                return err_memory(err);
        }
        enum vg_code code =
            dict_add_many(merge->dict, batch, n, column_limit(merge->column), codes, err);
        if (code == VG_ERR_LIMIT)
            return csv_too_many(merge->harvest->layout->plan, merge->column, err);
        if (code != VG_OK)
            return code;
        for (size_t i = 0; i < n; i++) {
            uint32_t number = merge->number[from + i];
            merge->code[number] = codes[i];
            merge->same &= codes[i] == number;
        }
    }
    return VG_OK;
}

static enum vg_code dict_merge(struct merge *merge, struct vg_err *err)
{
    str *texts = texts_by_number(merge);
    struct arena *arena = arena_open(0);
    enum vg_code code =
        texts && arena ? texts_add(merge, arena, texts, err) : err_memory(err);
    free(texts);
    arena_close(arena);
    return code;
}

static enum vg_code column_merge(struct merge *merge, struct vg_err *err)
{
    if (!order_make(merge))
        return err_memory(err);
    if (merge->dict->count == 0) {
        if (!dict_fill(merge))
            return err_memory(err);
        if (!atomic_load(&merge->any_broken))
            return VG_OK;
    }
    return dict_merge(merge, err);
}

/* ---- the numbers in the blocks ---- */

static uint64_t broken_count(const struct merge *merge, const struct block *block)
{
    uint64_t count = 0;
    for (uint32_t row = 0; merge->broken && row < block->rows; row++) {
        uint32_t number = number_at(block, merge->column, row);
        count += number != UINT32_MAX && merge->broken[number];
    }
    return count;
}

/* Tell the blocks which codes their numbers stand for: log_sort puts them in. */
static enum vg_code codes_tell(struct builder *builder, struct merge *merge,
                               struct vg_err *err)
{
    const struct csv_harvest *harvest = merge->harvest;
    uint32_t *code = merge->code;
    merge->code = NULL;
    enum vg_code status = builder_keep(builder, code, err);
    for (size_t i = 0; i < harvest->chunk_count && status == VG_OK; i++) {
        struct block *block = &harvest->chunks[i].block;
        if (!block->rows || !block->column[merge->column])
            continue;
        merge->repaired += broken_count(merge, block);
        if (!merge->same)
            block->code[merge->column] = code;
    }
    return status;
}

static void merge_close(struct merge *merge)
{
    free(merge->code);
    free(merge->number);
    free(merge->broken);
    free(merge->start);
    free(merge->bytes);
}

enum vg_code csv_merge(struct builder *builder, const struct csv_harvest *harvest,
                       struct csv_counts *counts, struct vg_err *err)
{
    const struct csv_layout *layout = harvest->layout;
    enum vg_code code = VG_OK;
    for (size_t c = 0; c < layout->column_count && code == VG_OK; c++) {
        if (!layout->coded[c])
            continue;
        struct merge merge = {
            .harvest = harvest, .column = c, .dict = column_dict(builder->log, c)};
        text_pool_close(&harvest->pools[c]); /* its texts stand in the readers' pages */
        code = column_merge(&merge, err);
        if (code == VG_OK)
            code = codes_tell(builder, &merge, err);
        counts->repaired += merge.repaired;
        merge_close(&merge);
    }
    for (size_t c = 0; code == VG_OK && c < harvest->chunk_count; c++)
        if (harvest->chunks[c].block.rows)
            code = builder_take(builder, &harvest->chunks[c].block, err);
    return code;
}
