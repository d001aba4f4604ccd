/* A chunk of a CSV file → columns. Rows are cut into fields, 256 rows at a time, and then
 * turned into values column by column, so that each loop does one thing. */
#include "log/csv_parts.h"

#include "base/limits.h"
#include "log/csv_times.h"
#include "log/nothing.h"

#include <math.h>
#include <stdlib.h>

/* ---- fields ---- */

/* Behind the quote that closes the field, or NULL when none does before `end`. */
static const char *quote_close(const char *field, const char *end, char quote)
{
    const char *at = field + 1;
    while ((at = memchr(at, quote, (size_t)(end - at)))) {
        if (at + 1 == end || at[1] != quote)
            return at + 1;
        at += 2;
        if (at >= end)
            break;
    }
    return NULL;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Doubled quotes become one; what follows the closing quote is kept. */
static str unquote(str raw, const char *close, char quote, char *space)
{
    const char *at = raw.ptr + 1, *end = raw.ptr + raw.len;
    size_t n = 0;
    for (; at + 1 < close; at++) {
        space[n++] = *at;
        at += *at == quote;
    }
    memcpy(space + n, close, (size_t)(end - close));
    return (str){space, n + (size_t)(end - close)};
}

str csv_text(str raw, char quote, char *space)
{
    if (raw.len == 0)
        return raw;
    if (quote && raw.ptr[0] == quote) {
        while (is_space(raw.ptr[raw.len - 1]))
            raw.len--;
        const char *end = raw.ptr + raw.len, *close = quote_close(raw.ptr, end, quote);
        if (!close)
            return str_trim(raw);
        bool plain = close == end && !memchr(raw.ptr + 1, quote, raw.len - 2);
        raw = plain ? (str){raw.ptr + 1, raw.len - 2} : unquote(raw, close, quote, space);
        return str_trim(raw);
    }
    return str_trim(raw);
}

/* Room for everything in the batch that may have to be unquoted. */
static bool unquoted_reserve(struct csv_reader *reader)
{
    if (reader->batch == 0)
        return true;
    size_t span = (size_t)(reader->row_end[reader->batch - 1] - reader->row_at[0]);
    if (span <= reader->unquoted_capacity)
        return true;
    free(reader->unquoted);
    reader->unquoted_capacity = 0;
    reader->unquoted = malloc(span * 2 + TEXT_SHORT); /* text_pool_numbers reads on */
    if (reader->unquoted)
        reader->unquoted_capacity = span * 2;
    return reader->unquoted != NULL;
}

/* Nothing to take off. (0xC2 and 0xA0: perhaps a no-break space.) */
static inline bool text_is_clean(str raw, char quote)
{
    if (raw.len == 0)
        return true;
    unsigned char first = (unsigned char)raw.ptr[0];
    unsigned char last = (unsigned char)raw.ptr[raw.len - 1];
    return (first > ' ') & (last > ' ') & (first != 0xC2) & (last != 0xA0) &
           (raw.ptr[0] != quote);
}

static void texts_clean(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    char quote = layout->plan->quote, *space = reader->unquoted;
    for (size_t f = 0; f < layout->field_count; f++) {
        str *texts = reader->texts[f];
        for (size_t row = 0; row < reader->batch; row++) {
            size_t raw = texts[row].len;
            if (text_is_clean(texts[row], quote))
                continue;
            texts[row] = csv_text(texts[row], quote, space);
            reader->keyed = false;
            if (texts[row].ptr >= space && texts[row].ptr < space + raw)
                space += raw;
        }
    }
}

/* Cells that stand for nothing are empty. */
static void texts_empty(struct csv_reader *reader)
{
    static const uint8_t begins[256] = {
        ['-'] = 1, ['N'] = 1, ['n'] = 1, ['#'] = 1, ['('] = 1};
    for (size_t f = 0; f < reader->layout->field_count; f++) {
        str *texts = reader->texts[f];
        for (size_t row = 0; row < reader->batch; row++) {
            /* No branch on what differs from row to row, but for the few that may be. */
            const char *at = texts[row].len ? texts[row].ptr : "";
            bool maybe = (texts[row].len <= NOTHING_BYTES) & begins[(unsigned char)*at];
            if (__builtin_expect(maybe, 0) && cell_is_nothing(texts[row])) {
                texts[row].len = 0;
                reader->keyed = false;
            }
        }
    }
}

/* Two columns for one attribute: the later one counts where it has a text. */
static void texts_join(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t f = 0; f < layout->field_count; f++) {
        size_t instead = layout->fields[f].instead;
        for (size_t row = 0; instead != SIZE_MAX && row < reader->batch; row++)
            if (reader->texts[f][row].len) {
                reader->texts[instead][row] = reader->texts[f][row];
                reader->keyed = false;
            }
    }
}

/* ---- which rows can be used ---- */

static void fault_empty(struct csv_reader *reader, size_t field, enum csv_reason reason)
{
    if (field == SIZE_MAX)
        return;
    for (size_t row = 0; row < reader->batch; row++)
        if (reader->texts[field][row].len == 0 && !reader->fault[row])
            reader->fault[row] = (uint8_t)(reason + 1);
}

static void times_read(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    const struct time_format *format = layout->plan->time;
    const str *texts = reader->texts[layout->time];
    uint8_t bad[CSV_BATCH] = {0};
    if (layout->clock == SIZE_MAX) {
        csv_times(format, texts, reader->batch, reader->fault, reader->time, bad);
    } else {
        const str *clocks = reader->texts[layout->clock];
        for (size_t row = 0; row < reader->batch; row++)
            bad[row] =
                !reader->fault[row] &&
                !time_parse_joined(format, texts[row], clocks[row], &reader->time[row]);
    }
    for (size_t row = 0; row < reader->batch; row++)
        if (bad[row])
            reader->fault[row] = (texts[row].len ? CSV_BAD_TIME : CSV_NO_TIME) + 1;
}

static bool bad_add(struct csv_reader *reader, struct csv_chunk *chunk, size_t row)
{
    if (chunk->bad_count == chunk->bad_capacity) {
        size_t larger = chunk->bad_capacity ? chunk->bad_capacity * 2 : 16;
        struct csv_bad *bads = realloc(chunk->bads, larger * sizeof *bads);
        if (!bads)
            return false;
        chunk->bads = bads;
        chunk->bad_capacity = larger;
    }
    const char *file = reader->layout->plan->bytes.ptr;
    size_t bytes = (size_t)(reader->row_end[row] - reader->row_at[row]);
    chunk->bads[chunk->bad_count++] = (struct csv_bad){
        .at = (uint64_t)(reader->row_at[row] - file) & ((UINT64_C(1) << 56) - 1),
        .reason = (uint8_t)(reader->fault[row] - 1),
        .bytes = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX};
    return true;
}

/* Put rejected rows aside and close the ranks. */
static bool faults_take_out(struct csv_reader *reader, struct csv_chunk *chunk)
{
    size_t kept = 0;
    reader->keyed = false;
    for (size_t row = 0; row < reader->batch; row++) {
        if (reader->fault[row]) {
            if (!bad_add(reader, chunk, row))
                return false;
            continue;
        }
        if (kept != row) {
            size_t whens = reader->layout->when_count;
            reader->time[kept] = reader->time[row];
            if (whens)
                memcpy(reader->when + kept * whens, reader->when + row * whens,
                       whens * sizeof *reader->when);
            for (size_t f = 0; f < reader->layout->field_count; f++)
                reader->texts[f][kept] = reader->texts[f][row];
        }
        kept++;
    }
    reader->batch = kept;
    return true;
}

/* ---- values ---- */

static bool values_reserve(struct csv_reader *reader)
{
    if (reader->rows + CSV_BATCH <= reader->capacity)
        return true;
    uint32_t larger = reader->capacity ? reader->capacity * 2 : 4 * CSV_BATCH;
    for (size_t c = 0; c < reader->layout->column_count; c++) {
        if (!reader->layout->kept[c])
            continue;
        void *moved = realloc(reader->values[c], larger * column_width(c));
        if (!moved)
            return false;
        reader->values[c] = moved;
    }
    reader->capacity = larger;
    return true;
}

static bool codes_store(struct csv_reader *reader, struct csv_chunk *chunk, size_t column,
                        const str *texts, const struct text_key *keys)
{
    uint32_t codes[CSV_BATCH];
    size_t n = reader->batch;
    enum text_status status = text_pool_numbers(
        &reader->pools[column], &reader->pages[column], &chunk->lists[column],
        chunk->number, texts, n, reader->layout->end, keys, codes);
    if (status == TEXT_TOO_MANY)
        reader->too_many = column;
    if (status != TEXT_OK)
        return false;
    for (size_t row = 0; row < n; row++)
        reader->any[column] |= texts[row].len > 0;
    if (column_width(column) == 4) {
        memcpy((uint32_t *)reader->values[column] + reader->rows, codes, n * 4);
        return true;
    }
    uint16_t *to = (uint16_t *)reader->values[column] + reader->rows;
    for (size_t row = 0; row < n; row++)
        to[row] = (uint16_t)codes[row];
    return true;
}

/* "4", "10": most scores. Others as str_to_double reads them. */
static bool score_read(str text, bool comma, double *ret)
{
    if (text.len > 3)
        return str_to_double(text, comma, ret);
    unsigned value = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned char)text.ptr[i] - (unsigned)'0';
        if (digit > 9)
            return str_to_double(text, comma, ret);
        value = value * 10 + digit;
    }
    *ret = value;
    return text.len > 0;
}

static void scores_store(struct csv_reader *reader, struct csv_chunk *chunk,
                         const str *texts)
{
    const struct csv_plan *plan = reader->layout->plan;
    float *score = (float *)reader->values[COLUMN_SCORE] + reader->rows;
    uint8_t *scale = (uint8_t *)reader->values[COLUMN_SCALE] + reader->rows;
    for (size_t row = 0; row < reader->batch; row++) {
        double value = NAN;
        bool ok = texts[row].len && score_read(texts[row], plan->decimal_comma, &value);
        chunk->unscored += texts[row].len && !ok;
        reader->any[COLUMN_SCORE] |= ok;
        score[row] = ok ? (float)value : NAN;
        scale[row] = ok ? (uint8_t)plan->scale : SCALE_NONE;
    }
    reader->any[COLUMN_SCALE] = reader->any[COLUMN_SCORE];
}

static void times_store(struct csv_reader *reader, struct csv_chunk *chunk)
{
    int64_t *time = (int64_t *)reader->values[COLUMN_TIME] + reader->rows;
    int64_t first = chunk->first_us, last = chunk->last_us;
    for (size_t row = 0; row < reader->batch; row++) {
        int64_t t = reader->time[row];
        first = t < first ? t : first;
        last = t > last ? t : last;
        time[row] = t;
    }
    chunk->first_us = first;
    chunk->last_us = last;
}

bool csv_values_store(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const struct csv_layout *layout = reader->layout;
    if (reader->batch == 0)
        return true;
    if (!values_reserve(reader))
        return false;
    times_store(reader, chunk);
    for (size_t f = 0; f < layout->field_count; f++) {
        const struct csv_field *field = &layout->fields[f];
        if (field->instead != SIZE_MAX || field->goes_to == COLUMN_TIME)
            continue;
        if (field->goes_to == COLUMN_SCORE)
            scores_store(reader, chunk, reader->texts[f]);
        else if (!codes_store(reader, chunk, field->goes_to, reader->texts[f],
                              reader->keyed && reader->large[f] ? reader->keys[f] : NULL))
            return false;
    }
    if (layout->activity == SIZE_MAX && !layout->when_count) {
        str *fixed = reader->texts[layout->field_count]; /* of no other use by now */
        for (size_t row = 0; row < reader->batch; row++)
            fixed[row] = layout->activity_fixed;
        if (!codes_store(reader, chunk, COLUMN_ACTIVITY, fixed, NULL))
            return false;
    } else if (layout->when_count &&
               !codes_store(reader, chunk, COLUMN_ACTIVITY,
                            reader->texts[layout->field_count], NULL))
        return false;
    reader->rows += (uint32_t)reader->batch;
    return true;
}

static bool batch_flush(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const struct csv_layout *layout = reader->layout;
    size_t rows = reader->batch;
    if (reader->untidy) {
        if (!unquoted_reserve(reader))
            return false;
        texts_clean(reader);
    }
    texts_empty(reader);
    texts_join(reader);
    fault_empty(reader, layout->customer, CSV_NO_CUSTOMER);
    fault_empty(reader, layout->activity, CSV_NO_ACTIVITY);
    if (layout->when_count)
        csv_whens_read(reader);
    else
        times_read(reader);
    uint8_t any = 0;
    for (size_t row = 0; row < rows; row++)
        any |= reader->fault[row];
    if (any && !faults_take_out(reader, chunk))
        return false;
    bool stored = layout->when_count ? csv_whens_store(reader, chunk)
                                     : csv_values_store(reader, chunk);
    if (!stored)
        return false;
    chunk->rows += rows;
    reader->batch = 0;
    reader->untidy = reader->untidy_window;
    reader->keyed = layout->when_count == 0;
    memset(reader->fault, 0, rows);
    return true;
}

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
    const char *close = quote_close(field, end < most ? end : most, quote);
    /* Cut short between the two halves of a doubled quote, it has not ended. */
    return close && !(close == most && close < end && *close == quote) ? CSV_LONG
                                                                       : CSV_UNCLOSED;
}

/* Its values will be looked up when the batch is full. */
static inline void hint(struct csv_reader *reader, size_t row)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t i = 0; i < reader->hint_count; i++) {
        size_t f = reader->hints[i];
        text_pool_hint(&reader->pools[layout->fields[f].goes_to], reader->texts[f][row],
                       layout->end, &reader->keys[f][row]);
    }
}

static void hints_choose(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    reader->hint_count = 0;
    reader->keyed = layout->when_count == 0;
    for (size_t f = 0; f < layout->field_count; f++) {
        size_t column = layout->fields[f].goes_to;
        reader->large[f] =
            layout->coded[column] && text_pool_is_large(&reader->pools[column]);
        if (reader->large[f])
            reader->hints[reader->hint_count++] = f;
    }
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
        hint(reader, row);
        reader->batch++;
    }
    reader->row = reader->field = end < layout->end ? end + 1 : end;
    reader->fields_seen = 0;
    return reader->batch < CSV_BATCH || batch_flush(reader, chunk);
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
    hint(reader, row);
    reader->batch++;
    reader->row = reader->field = end + 1; /* not behind the file: the index ends there */
    return true;
}

enum walk { WALK_ON, WALK_DONE, WALK_FAILED, WALK_UNCLOSED };

/* Take `count` field ends. WALK_DONE: the next row belongs to the next chunk.
 * WALK_UNCLOSED: the field at reader->field opens a quote that is not closed in time. */
static enum walk walk(struct csv_reader *reader, struct csv_chunk *chunk,
                      const char *from, size_t count)
{
    size_t columns = reader->layout->plan->column_count;
    for (size_t i = 0; i < count; i++) {
        while (reader->field == reader->row && !reader->fields_seen && columns > 1 &&
               i + columns <= count && row_whole(reader, from, reader->index + i)) {
            i += columns;
            if (reader->batch == CSV_BATCH && !batch_flush(reader, chunk))
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

static bool rows_read(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const char *at = chunk->start, *end = reader->layout->end;
    reader->row = reader->field = reader->nul_end = at;
    reader->fields_seen = 0;
    reader->scan.state = CSV_FIELD_START;
    reader->untidy = reader->untidy_window = false;
    hints_choose(reader);
    enum walk walked = WALK_ON;
    while (at < end && walked != WALK_DONE) {
        size_t bytes = end - at < CSV_WINDOW ? (size_t)(end - at) : CSV_WINDOW;
        size_t count = csv_scan_window(&reader->scan, at, bytes, reader->index);
        if (reader->scan.nul)
            reader->nul_end = at + bytes;
        reader->untidy_window = reader->scan.untidy;
        reader->untidy |= reader->scan.untidy;
        reader->scan.nul = reader->scan.untidy = false;
        walked = walk(reader, chunk, at, count);
        at += bytes;
        if (walked == WALK_FAILED)
            return false;
        if (walked == WALK_UNCLOSED || (walked == WALK_ON && unclosed(reader, at))) {
            if (!(at = row_give_up(reader, chunk)))
                return false;
            walked = reader->row >= chunk->limit ? WALK_DONE : WALK_ON;
        }
    }
    if (walked != WALK_DONE && !file_finish(reader, chunk))
        return false;
    chunk->end = reader->row;
    return batch_flush(reader, chunk);
}

/* ---- the chunk ---- */

static bool block_take(struct csv_reader *reader, struct csv_chunk *chunk)
{
    size_t columns = reader->layout->column_count;
    reader->any[COLUMN_TIME] = reader->rows > 0;
    if (reader->rows == 0)
        return true;
    if (!block_make(&chunk->block, columns, reader->any, reader->rows))
        return false;
    chunk->block.rows = reader->rows;
    for (size_t c = 0; c < columns; c++)
        if (reader->any[c])
            memcpy(chunk->block.column[c], reader->values[c],
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
