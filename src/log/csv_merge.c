/* All readers' dictionaries → the log's, and their codes with them.
 *
 * A code must not depend on which reader met a text first, so texts are added in the
 * order of the file: chunk by chunk, and within a chunk in the order in which its reader
 * first met them. What a reader had met in an earlier chunk is in the log's dictionary
 * already. (In a chunk that is marked as scattered that is not so; there the codes tell.)
 */
#include "log/csv_parts.h"

#include "base/lang.h"
#include "base/parallel.h"
#include "base/utf8.h"

#include <stdatomic.h>
#include <stdlib.h>

struct merge { /* of one column */
    const struct csv_layout *layout;
    struct csv_reader *readers;
    unsigned reader_count;
    struct csv_chunk *chunks;
    size_t chunk_count;
    size_t column;
    struct dict *dict;
    struct arena *arena; /* repaired texts; opened when there is one */
    uint32_t **map;      /* [readers][their codes] → the log's; UINT32_MAX: not yet */
    uint8_t **broken;    /* [readers][their codes] 1: was repaired; NULL: none was */
    bool *same;          /* [readers] map changes nothing */
    str **text;          /* [readers] texts by code, for scattered chunks only */
    atomic_ullong repaired;
    enum vg_code code;
    struct vg_err err;
};

static enum vg_code merge_open(struct merge *merge)
{
    unsigned n = merge->reader_count;
    merge->map = calloc(n, sizeof *merge->map);
    merge->broken = calloc(n, sizeof *merge->broken);
    merge->same = calloc(n, sizeof *merge->same);
    merge->text = calloc(n, sizeof *merge->text);
    if (!merge->map || !merge->broken || !merge->same || !merge->text)
        return err_memory(&merge->err);
    for (unsigned r = 0; r < n; r++) {
        size_t count = merge->readers[r].tables[merge->column].count;
        merge->map[r] = malloc((count + 1) * sizeof **merge->map);
        if (!merge->map[r])
            return err_memory(&merge->err);
        memset(merge->map[r], 0xFF, (count + 1) * sizeof **merge->map);
        merge->same[r] = true;
        text_table_rest(&merge->readers[r].tables[merge->column]);
    }
    return VG_OK;
}

static void merge_close(struct merge *merge)
{
    for (unsigned r = 0; r < merge->reader_count; r++) {
        if (merge->map)
            free(merge->map[r]);
        if (merge->broken)
            free(merge->broken[r]);
        if (merge->text)
            free(merge->text[r]);
    }
    free(merge->map);
    free(merge->broken);
    free(merge->same);
    free(merge->text);
    arena_close(merge->arena);
}

/* Well-formed text in place of *text, which is code `code` of reader `r`. */
static enum vg_code repair(struct merge *merge, unsigned r, uint32_t code, str *text)
{
    struct buf buf = {0};
    if (!merge->arena && !(merge->arena = arena_open(0)))
        return err_memory(&merge->err);
    if (!merge->broken[r] &&
        !(merge->broken[r] = calloc(merge->readers[r].tables[merge->column].count, 1)))
        return err_memory(&merge->err);
    utf8_append_repaired(&buf, *text);
    str mended = buf.failed ? (str){NULL, 0} : arena_str(merge->arena, buf_str(&buf));
    buf_free(&buf);
    if (!mended.ptr)
        return err_memory(&merge->err);
    merge->broken[r][code] = 1;
    *text = mended;
    return VG_OK;
}

/* Add texts that have the codes `codes` at reader `r`. */
static enum vg_code batch_add(struct merge *merge, unsigned r, const uint32_t *codes,
                              str *texts, size_t count)
{
    uint32_t added[CSV_BATCH];
    for (size_t i = 0; i < count; i++) {
        if (utf8_valid(texts[i]))
            continue;
        enum vg_code code = repair(merge, r, codes[i], &texts[i]);
        if (code != VG_OK)
            return code;
    }
    enum vg_code code = dict_add_many(merge->dict, texts, count,
                                      column_limit(merge->column), added, &merge->err);
    if (code == VG_ERR_LIMIT)
        return csv_too_many(merge->layout->plan, merge->column, &merge->err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        merge->map[r][codes[i]] = added[i];
        merge->same[r] &= added[i] == codes[i];
    }
    return code;
}

/* The texts that were new to the chunk's reader, as they came. */
static enum vg_code chunk_add(struct merge *merge, const struct csv_chunk *chunk)
{
    const struct text_table *table = &merge->readers[chunk->reader].tables[merge->column];
    struct text_mark mark = chunk->marks[merge->column];
    uint32_t end = chunk->code_end[merge->column];
    while (mark.code < end) {
        uint32_t codes[CSV_BATCH];
        str texts[CSV_BATCH];
        size_t count = 0;
        for (; count < CSV_BATCH && mark.code < end; count++) {
            codes[count] = mark.code;
            texts[count] = text_table_next(table, &mark);
        }
        enum vg_code code = batch_add(merge, chunk->reader, codes, texts, count);
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

static str *texts_by_code(struct merge *merge, unsigned r)
{
    const struct text_table *table = &merge->readers[r].tables[merge->column];
    if (!merge->text[r] &&
        (merge->text[r] = calloc(table->count + (size_t)1, sizeof(str))))
        for (struct text_mark mark = {0}; mark.code < table->count;) {
            uint32_t code = mark.code;
            merge->text[r][code] = text_table_next(table, &mark);
        }
    return merge->text[r];
}

static uint32_t code_at(const struct merge *merge, const struct block *block,
                        uint32_t row)
{
    const void *values = block->column[merge->column];
    if (column_width(merge->column) == 4)
        return ((const uint32_t *)values)[row];
    uint16_t code = ((const uint16_t *)values)[row];
    return code == LOG_NO_CODE16 ? UINT32_MAX : code;
}

/* The texts that the chunk's rows have and the log's dictionary perhaps not yet. */
static enum vg_code scattered_add(struct merge *merge, const struct csv_chunk *chunk)
{
    str *texts = texts_by_code(merge, chunk->reader);
    if (!texts)
        return err_memory(&merge->err);
    for (uint32_t row = 0; row < chunk->block.rows; row++) {
        uint32_t code = code_at(merge, &chunk->block, row);
        if (code == UINT32_MAX || merge->map[chunk->reader][code] != UINT32_MAX)
            continue;
        str text = texts[code];
        enum vg_code status = batch_add(merge, chunk->reader, &code, &text, 1);
        if (status != VG_OK)
            return status;
    }
    return VG_OK;
}

static void column_turn(void *ctx, size_t i, unsigned worker)
{
    struct merge *merge = (struct merge *)ctx + i;
    (void)worker;
    merge->code = merge_open(merge);
    for (size_t c = 0; merge->code == VG_OK && c < merge->chunk_count; c++) {
        const struct csv_chunk *chunk = &merge->chunks[c];
        if (!chunk->block.rows || !chunk->block.column[merge->column])
            continue;
        merge->code =
            chunk->scattered ? scattered_add(merge, chunk) : chunk_add(merge, chunk);
    }
}

/* ---- the codes in the blocks ---- */

struct recode {
    struct merge *merges;
    size_t merge_count;
    struct csv_chunk *chunks;
};

static uint64_t broken_count(const struct merge *merge, const struct csv_chunk *chunk)
{
    const uint8_t *broken = merge->broken[chunk->reader];
    uint64_t count = 0;
    for (uint32_t row = 0; broken && row < chunk->block.rows; row++) {
        uint32_t code = code_at(merge, &chunk->block, row);
        count += code != UINT32_MAX && broken[code];
    }
    return count;
}

static void values_recode(struct block *block, size_t column, const uint32_t *map)
{
    if (column_width(column) == 4) {
        uint32_t *values = block->column[column];
        for (uint32_t row = 0; row < block->rows; row++)
            values[row] = values[row] == UINT32_MAX ? UINT32_MAX : map[values[row]];
        return;
    }
    uint16_t *values = block->column[column];
    for (uint32_t row = 0; row < block->rows; row++)
        values[row] =
            values[row] == LOG_NO_CODE16 ? LOG_NO_CODE16 : (uint16_t)map[values[row]];
}

static void chunk_turn(void *ctx, size_t i, unsigned worker)
{
    struct recode *recode = ctx;
    struct csv_chunk *chunk = &recode->chunks[i];
    (void)worker;
    for (size_t m = 0; m < recode->merge_count; m++) {
        struct merge *merge = &recode->merges[m];
        if (!chunk->block.rows || !chunk->block.column[merge->column])
            continue;
        atomic_fetch_add(&merge->repaired, broken_count(merge, chunk));
        if (!merge->same[chunk->reader])
            values_recode(&chunk->block, merge->column, merge->map[chunk->reader]);
    }
}

enum vg_code csv_merge(struct builder *builder, const struct csv_layout *layout,
                       struct csv_reader *readers, unsigned reader_count,
                       struct csv_chunk *chunks, size_t chunk_count,
                       struct csv_counts *counts, struct vg_err *err)
{
    size_t n = 0;
    struct merge *merges = calloc(layout->column_count, sizeof *merges);
    if (!merges)
        return err_memory(err);
    for (size_t c = 0; c < layout->column_count; c++)
        if (layout->coded[c])
            merges[n++] = (struct merge){.layout = layout,
                                         .readers = readers,
                                         .reader_count = reader_count,
                                         .chunks = chunks,
                                         .chunk_count = chunk_count,
                                         .column = c,
                                         .dict = column_dict(builder->log, c)};
    parallel_for(n, column_turn, merges);
    enum vg_code code = VG_OK;
    for (size_t m = 0; m < n && code == VG_OK; m++)
        if ((code = merges[m].code) != VG_OK && err)
            *err = merges[m].err;
    if (code == VG_OK)
        parallel_for(chunk_count, chunk_turn, &(struct recode){merges, n, chunks});
    for (size_t m = 0; m < n; m++) {
        counts->repaired += atomic_load(&merges[m].repaired);
        merge_close(&merges[m]);
    }
    free(merges);
    for (size_t c = 0; code == VG_OK && c < chunk_count; c++)
        if (chunks[c].block.rows)
            code = builder_take(builder, &chunks[c].block, err);
    return code;
}
