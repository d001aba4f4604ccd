/* A chunk of a CSV file → columns. Rows are cut into fields, a window at a time; batches
 * of them are turned into values by csv_batch.c. */
#include "log/csv_parts.h"

#include "base/limits.h"

#include <stdlib.h>

/* ---- rows ---- */

/* The field that ends at `end` is longer than a field may be: does it open a quote that
 * is never closed, or is it long? */
static enum csv_reason long_field(const struct csv_reader *reader, const char *end)
{
    const char *field = reader->field;
    char quote = reader->scan.quote;
    if (!quote || *field != quote)
        return CSV_LONG;
    const char *most = field + LIMIT_FIELD_BYTES + 2; /* its last byte may close it */
    const char *close = csv_quote_close(field, end < most ? end : most, quote);
    /* Cut short between the two halves of a doubled quote, it has not ended. */
    return close && !(close == most && close < end && *close == quote) ? CSV_LONG
                                                                       : CSV_UNCLOSED;
}

/* The row ends at `end` (its line feed, or the end of the file). */
static bool row_finish(struct csv_reader *reader, struct csv_chunk *chunk,
                       const char *end)
{
    const struct csv_layout *layout = reader->layout;
    size_t row = reader->batch;
    bool blank = reader->fields_seen <= 1 && !reader->fault[row] &&
                 str_trim((str){reader->row, (size_t)(end - reader->row)}).len == 0;
    if (!blank) {
        for (size_t c = reader->fields_seen; c < layout->plan->column_count; c++)
            reader->texts[layout->slot[c]][row] = (str){layout->end, 0};
        if (reader->row < reader->nul_end && !reader->fault[row] &&
            memchr(reader->row, 0, (size_t)(end - reader->row)))
            reader->fault[row] = CSV_NUL + 1;
        reader->row_at[row] = reader->row;
        reader->row_end[row] = end;
        reader->batch++;
    }
    reader->row = reader->field = end < layout->end ? end + 1 : end;
    reader->fields_seen = 0;
    return reader->batch < CSV_BATCH || csv_batch_flush(reader, chunk);
}

static inline void field_take(struct csv_reader *reader, const char *end)
{
    const struct csv_layout *layout = reader->layout;
    if (reader->fields_seen < layout->plan->column_count)
        reader->texts[layout->slot[reader->fields_seen]][reader->batch] =
            (str){reader->field, (size_t)(end - reader->field)};
    reader->fields_seen++;
}

/* The common row: as many fields as the plan has columns, and nothing to look at twice.
 * Takes its ends from `index` on. False, and nothing is taken: it is another kind. */
static inline bool row_whole(struct csv_reader *reader, const char *from,
                             const uint32_t *index)
{
    str *const *cells = reader->cells;
    size_t row = reader->batch, last = reader->layout->plan->column_count - 1;
    const char *field = reader->row, *end;
    unsigned other = reader->row < reader->nul_end;
    for (size_t c = 0; c < last; c++) {
        end = from + index[c];
        cells[c][row] = (str){field, (size_t)(end - field)};
        other |= *end == '\n';
        field = end + 1;
    }
    end = from + index[last];
    size_t back = end > field && end[-1] == '\r';
    cells[last][row] = (str){field, (size_t)(end - field) - back};
    other |= *end != '\n';
    other |= end - reader->row > LIMIT_FIELD_BYTES;
    if (other)
        return false;
    reader->row_at[row] = reader->row;
    reader->row_end[row] = end;
    reader->batch++;
    reader->row = reader->field = end + 1; /* not behind the file: the index ends there */
    return true;
}

enum walk { WALK_ON, WALK_DONE, WALK_FAILED, WALK_UNCLOSED };

/* Are these ends those of whole rows, and of the beginning of one, that begin with the
 * window? Every last end is a line feed, and there are no more than these. */
static bool all_whole(const struct csv_reader *reader, const char *from, size_t count)
{
    size_t columns = reader->layout->plan->column_count, rows = count / columns;
    const uint32_t *last = reader->index + columns - 1;
    if (reader->row != from || columns == 1 || from < reader->nul_end ||
        reader->scan.feeds != rows)
        return false;
    unsigned other = 0;
    for (size_t row = 0; row < rows; row++)
        other |= from[last[row * columns]] != '\n';
    return rows && !other;
}

/* Put `count` whole rows into the batch, column by column; their ends stand at `index`.
 */
static void rows_take(struct csv_reader *reader, const char *from, const uint32_t *index,
                      size_t count)
{
    const struct csv_layout *layout = reader->layout;
    size_t columns = layout->plan->column_count, batch = reader->batch;
    const char *first = reader->row;
    for (size_t c = 0; c < columns; c++) {
        const uint32_t *end = index + c;
        str *texts = reader->cells[c] + batch;
        if (layout->slot[c] == layout->field_count)
            continue;
        texts[0].ptr = c ? from + end[-1] + 1 : first;
        texts[0].len = (size_t)(from + end[0] - texts[0].ptr);
        for (size_t row = 1; row < count; row++) {
            uint32_t begins = end[row * columns - 1] + 1, ends = end[row * columns];
            texts[row] = (str){from + begins, ends - begins};
        }
        for (size_t row = 0; row < count && c == columns - 1; row++)
            texts[row].len -= texts[row].len && from[end[row * columns] - 1] == '\r';
    }
    for (size_t row = 0; row < count; row++) {
        const char *end = from + index[row * columns + columns - 1];
        reader->row_at[batch + row] = first;
        reader->row_end[batch + row] = end;
        first = end + 1;
    }
    reader->batch += count;
    reader->row = reader->field = first;
}

/* As walk, where all_whole. */
static enum walk walk_whole(struct csv_reader *reader, struct csv_chunk *chunk,
                            const char *from, size_t count)
{
    size_t columns = reader->layout->plan->column_count, rows = count / columns;
    const uint32_t *index = reader->index, *last = index + columns - 1;
    /* Rows from the limit on are the next chunk's. */
    while (rows > 1 && from + last[(rows - 2) * columns] + 1 >= chunk->limit)
        rows--;
    while (rows) {
        size_t room = CSV_BATCH - reader->batch, now = rows < room ? rows : room;
        rows_take(reader, from, index, now);
        index += now * columns;
        rows -= now;
        if (reader->batch == CSV_BATCH && !csv_batch_flush(reader, chunk))
            return WALK_FAILED;
    }
    return reader->row >= chunk->limit ? WALK_DONE : WALK_ON;
}

/* Take the field ends from number `i` to `count`. WALK_DONE: the next row belongs to the
 * next chunk. WALK_UNCLOSED: the field at reader->field opens a quote that is not closed
 * in time. */
static enum walk walk(struct csv_reader *reader, struct csv_chunk *chunk,
                      const char *from, size_t i, size_t count)
{
    size_t columns = reader->layout->plan->column_count;
    for (; i < count; i++) {
        while (reader->field == reader->row && !reader->fields_seen && columns > 1 &&
               i + columns <= count && row_whole(reader, from, reader->index + i)) {
            i += columns;
            if (reader->batch == CSV_BATCH && !csv_batch_flush(reader, chunk))
                return WALK_FAILED;
            if (reader->row >= chunk->limit)
                return WALK_DONE;
        }
        if (i == count)
            break;
        const char *end = from + reader->index[i];
        if (__builtin_expect(end - reader->field > LIMIT_FIELD_BYTES, 0)) {
            enum csv_reason reason = long_field(reader, end);
            if (reason == CSV_UNCLOSED)
                return WALK_UNCLOSED;
            if (!reader->fault[reader->batch])
                reader->fault[reader->batch] = (uint8_t)(reason + 1);
        }
        bool back = *end == '\n' && end > reader->field && end[-1] == '\r';
        field_take(reader, end - back);
        reader->field = end + 1;
        if (*end == '\n') {
            if (!row_finish(reader, chunk, end))
                return WALK_FAILED;
            if (reader->row >= chunk->limit)
                return WALK_DONE;
        }
    }
    return WALK_ON;
}

/* A quote that is not closed: the row ends at the next line feed, reading goes on there.
 * Returns where. */
static const char *row_give_up(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const char *end = reader->layout->end;
    const char *feed = memchr(reader->field, '\n', (size_t)(end - reader->field));
    reader->fault[reader->batch] = CSV_UNCLOSED + 1;
    reader->scan.state = CSV_FIELD_START;
    if (!row_finish(reader, chunk, feed ? feed : end))
        return NULL;
    return feed ? feed + 1 : end;
}

/* The last row, without a line feed. */
static bool file_finish(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const char *end = reader->layout->end;
    if (reader->row >= end)
        return true;
    if (end - reader->field > LIMIT_FIELD_BYTES && !reader->fault[reader->batch])
        reader->fault[reader->batch] = (uint8_t)(long_field(reader, end) + 1);
    field_take(reader, end);
    return row_finish(reader, chunk, end);
}

/* Is the quote open that the scan is within, beyond what a field may hold? */
static bool unclosed(const struct csv_reader *reader, const char *at)
{
    return reader->scan.state == CSV_QUOTED &&
           (at == reader->layout->end ||
            at - reader->scan.quote_at > LIMIT_FIELD_BYTES + 1);
}

/* Where to read on behind a window: at the row it ends within, from that row's beginning,
 * so that the next window, too, begins with a row; unless the row began before it. */
static const char *next_window(struct csv_reader *reader, const char *at, size_t bytes)
{
    if (reader->row <= at || at + bytes == reader->layout->end)
        return at + bytes;
    reader->field = reader->row;
    reader->fields_seen = 0;
    reader->scan.state = CSV_FIELD_START;
    return reader->row;
}

static enum walk window_read(struct csv_reader *reader, struct csv_chunk *chunk,
                             const char *at, size_t bytes)
{
    size_t count = csv_scan_window(&reader->scan, at, bytes, reader->index);
    if (reader->scan.nul)
        reader->nul_end = at + bytes;
    reader->untidy_window = reader->scan.untidy;
    reader->untidy |= reader->scan.untidy;
    reader->scan.nul = reader->scan.untidy = false;
    size_t taken = 0;
    if (all_whole(reader, at, count)) {
        enum walk walked = walk_whole(reader, chunk, at, count);
        if (walked != WALK_ON || at + bytes < reader->layout->end)
            return walked;
        taken = count - count % reader->layout->plan->column_count;
    }
    return walk(reader, chunk, at, taken, count);
}

static bool rows_read(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const char *at = chunk->start, *end = reader->layout->end;
    reader->row = reader->field = reader->nul_end = at;
    reader->fields_seen = 0;
    reader->scan.state = CSV_FIELD_START;
    reader->untidy = reader->untidy_window = false;
    csv_batch_begin(reader);
    enum walk walked = WALK_ON;
    while (at < end && walked != WALK_DONE) {
        size_t bytes = end - at < CSV_WINDOW ? (size_t)(end - at) : CSV_WINDOW;
        walked = window_read(reader, chunk, at, bytes);
        if (walked == WALK_FAILED)
            return false;
        if (walked == WALK_UNCLOSED ||
            (walked == WALK_ON && unclosed(reader, at + bytes))) {
            if (!(at = row_give_up(reader, chunk)))
                return false;
            walked = reader->row >= chunk->limit ? WALK_DONE : WALK_ON;
        } else
            at = next_window(reader, at, bytes);
    }
    if (walked != WALK_DONE && !file_finish(reader, chunk))
        return false;
    chunk->end = reader->row;
    return csv_batch_flush(reader, chunk);
}

/* ---- the chunk ---- */

static bool block_take(struct csv_reader *reader, struct csv_chunk *chunk)
{
    size_t columns = reader->layout->column_count;
    reader->any[COLUMN_TIME] = reader->rows > 0;
    if (reader->rows == 0)
        return true;
    for (size_t f = 0; f <= reader->layout->field_count; f++)
        if (!csv_new_add(reader, chunk, f))
            return false;
    if (!block_make(&chunk->block, columns, reader->any, reader->rows,
                    reader->layout->large ? &reader->shelf : NULL))
        return false;
    chunk->block.rows = reader->rows;
    for (size_t c = 0; c < columns; c++)
        if (reader->any[c])
            stream_copy(chunk->block.column[c], reader->values[c],
                        reader->rows * column_width(c));
    return true;
}

bool csv_chunk_read(struct csv_reader *reader, struct csv_chunk *chunk)
{
    size_t columns = reader->layout->column_count;
    chunk->lists = calloc(columns, sizeof *chunk->lists);
    chunk->first_us = INT64_MAX;
    chunk->last_us = INT64_MIN;
    bool ok = chunk->lists != NULL;
    reader->rows = 0;
    reader->batch = 0;
    memset(reader->fault, 0, sizeof reader->fault);
    memset(reader->any, 0, columns * sizeof *reader->any);
    ok = ok && rows_read(reader, chunk) && block_take(reader, chunk);
    if (!ok && reader->too_many == SIZE_MAX)
        reader->no_memory = true;
    return ok;
}

void csv_chunk_free(struct csv_chunk *chunk, size_t column_count)
{
    block_free(&chunk->block);
    for (size_t c = 0; chunk->lists && c < column_count; c++)
        free(chunk->lists[c].number);
    free(chunk->lists);
    free(chunk->bads);
    *chunk = (struct csv_chunk){
        .begin = chunk->begin, .limit = chunk->limit, .number = chunk->number};
}
