/* A batch of rows, as texts → values in columns, column by column, so that each loop does
 * one thing; rows that cannot be used are put aside. */
#include "log/csv_parts.h"

#include "log/csv_times.h"
#include "log/nothing.h"

#include <math.h>
#include <stdlib.h>

enum { TILE = 16 }; /* rows whose memory is asked for together */

/* ---- fields ---- */

const char *csv_quote_close(const char *field, const char *end, char quote)
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
        const char *end = raw.ptr + raw.len,
                   *close = csv_quote_close(raw.ptr, end, quote);
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
            if (texts[row].ptr >= space && texts[row].ptr < space + raw)
                space += raw;
        }
    }
}

/* Cells of a field that stand for nothing are empty. */
static void texts_empty(struct csv_reader *reader, size_t field)
{
    str *texts = reader->texts[field];
    for (size_t row = 0; row < reader->batch; row++)
        if (cell_is_nothing(texts[row]))
            texts[row].len = 0;
}

/* Two columns for one attribute: the later one counts where it has a text. */
static void texts_join(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t f = 0; f < layout->field_count; f++) {
        size_t instead = layout->fields[f].instead;
        for (size_t row = 0; instead != SIZE_MAX && row < reader->batch; row++)
            if (reader->texts[f][row].len)
                reader->texts[instead][row] = reader->texts[f][row];
    }
}

/* ---- numbers of texts ---- */

/* Where the field's numbers go; SIZE_MAX: they go nowhere, or it has none. The field
 * behind the last is the activity that the file itself does not tell row by row. */
static size_t column_of(const struct csv_layout *layout, size_t field)
{
    if (field == layout->field_count)
        return layout->activity == SIZE_MAX ? COLUMN_ACTIVITY : SIZE_MAX;
    const struct csv_field *f = &layout->fields[field];
    return f->instead == SIZE_MAX && layout->coded[f->goes_to] ? f->goes_to : SIZE_MAX;
}

void csv_batch_begin(struct csv_reader *reader)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t f = 0; f <= layout->field_count; f++) {
        size_t column = column_of(layout, f);
        if (column == SIZE_MAX)
            continue;
        reader->large[f] =
            !reader->memos[f] || text_pool_is_large(&reader->pools[column]);
        if (!reader->large[f])
            memset(reader->memos[f], 0, sizeof *reader->memos[f]);
    }
}

/* For large pools memory is asked well before the answer is needed; rows `from` on. */
static void keys_make(struct csv_reader *reader, size_t from, size_t count)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t f = 0; f <= layout->field_count; f++) {
        size_t column = column_of(layout, f);
        if (column != SIZE_MAX && reader->large[f])
            text_keys(&reader->pools[column], reader->texts[f] + from, count, layout->end,
                      reader->keys[f] + from);
    }
}

/* The numbers of texts of small pools. */
static void numbers_find_few(struct csv_reader *reader, const struct csv_chunk *chunk,
                             size_t from, size_t count)
{
    const struct csv_layout *layout = reader->layout;
    for (size_t f = 0; f <= layout->field_count; f++) {
        size_t column = column_of(layout, f);
        if (column == SIZE_MAX || reader->large[f])
            continue;
        uint8_t *open = reader->open[f] + reader->open_count[f];
        size_t found = text_find_few(&reader->pools[column], reader->memos[f],
                                     chunk->number, reader->texts[f] + from, count,
                                     layout->end, reader->numbers[f] + from, open);
        for (size_t i = 0; i < found; i++)
            open[i] = (uint8_t)(open[i] + from);
        reader->open_count[f] += found;
    }
}

static void times_read(struct csv_reader *reader, size_t from, size_t count);

/* The numbers of all texts, and the times unless a caller has them. What memory is asked
 * for a few rows at a time, lest it be asked for more than it can bring at once. */
static void numbers_find(struct csv_reader *reader, const struct csv_chunk *chunk,
                         bool times)
{
    const struct csv_layout *layout = reader->layout;
    memset(reader->open_count, 0, (layout->field_count + 1) * sizeof(size_t));
    for (size_t from = 0; from < reader->batch; from += TILE) {
        size_t count = reader->batch - from < TILE ? reader->batch - from : TILE;
        keys_make(reader, from, count);
        if (times)
            times_read(reader, from, count);
        numbers_find_few(reader, chunk, from, count);
    }
    for (size_t f = 0; f <= layout->field_count; f++) {
        size_t column = column_of(layout, f);
        if (column != SIZE_MAX && reader->large[f])
            reader->open_count[f] = text_find(
                &reader->pools[column], chunk->number, reader->texts[f], reader->keys[f],
                reader->batch, reader->numbers[f], reader->open[f]);
    }
}

/* What stands for nothing is never in a pool, so it is among what was left open. */
static void opens_empty(struct csv_reader *reader)
{
    for (size_t f = 0; f < reader->layout->field_count; f++) {
        size_t left = 0;
        for (size_t i = 0; i < reader->open_count[f]; i++) {
            uint8_t row = reader->open[f][i];
            if (cell_is_nothing(reader->texts[f][row]))
                reader->texts[f][row].len = 0;
            else
                reader->open[f][left++] = row;
        }
        reader->open_count[f] = left;
    }
}

/* Texts that nobody had before this chunk, in the order of its rows, to be added with
 * others; at once if they do not stay where they are. What numbers they get goes to the
 * chunk's columns then. */
static bool opens_add(struct csv_reader *reader, struct csv_chunk *chunk, size_t field)
{
    struct csv_new *new = &reader->new[field];
    const struct csv_layout *layout = reader->layout;
    for (size_t i = 0; i < reader->open_count[field]; i++) {
        uint8_t row = reader->open[field][i];
        new->text[new->count] = reader->texts[field][row];
        new->row[new->count++] = reader->rows + row;
    }
    bool stays = !reader->untidy && !layout->filled;
    return (stays && new->count + CSV_BATCH <= TEXT_NEW) ||
           csv_new_add(reader, chunk, field);
}

bool csv_new_add(struct csv_reader *reader, struct csv_chunk *chunk, size_t field)
{
    struct csv_new *new = &reader->new[field];
    size_t column = column_of(reader->layout, field), count = new->count;
    uint32_t *numbers = new->number;
    new->count = 0;
    if (count == 0)
        return true;
    enum text_status status =
        text_add(&reader->pools[column], &reader->pages[column], &chunk->lists[column],
                 chunk->number, new->text, count, reader->layout->end, numbers);
    if (status == TEXT_TOO_MANY)
        reader->too_many = column;
    if (status != TEXT_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        if (column_width(column) == 4)
            ((uint32_t *)reader->values[column])[new->row[i]] = numbers[i];
        else
            ((uint16_t *)reader->values[column])[new->row[i]] = (uint16_t)numbers[i];
    reader->any[column] = true;
    return true;
}

/* ---- which rows can be used ---- */

static void fault_empty(struct csv_reader *reader, size_t field, enum csv_reason reason)
{
    bool any = false;
    if (field == SIZE_MAX)
        return;
    const str *texts = reader->texts[field];
    for (size_t row = 0; row < reader->batch; row++)
        any |= texts[row].len == 0;
    for (size_t row = 0; any && row < reader->batch; row++)
        if (texts[row].len == 0 && !reader->fault[row])
            reader->fault[row] = (uint8_t)(reason + 1);
}

/* As fault_empty, once the numbers were looked for: only what is empty or open has none.
 */
static void fault_none(struct csv_reader *reader, size_t field, enum csv_reason reason)
{
    size_t none = 0;
    if (field == SIZE_MAX)
        return;
    for (size_t row = 0; row < reader->batch; row++)
        none += reader->numbers[field][row] == UINT32_MAX;
    if (none > reader->open_count[field])
        fault_empty(reader, field, reason);
}

static void times_read(struct csv_reader *reader, size_t from, size_t count)
{
    uint8_t *bad = reader->bad;
    const struct csv_layout *layout = reader->layout;
    const struct time_format *format = layout->plan->time;
    const str *texts = reader->texts[layout->time];
    if (layout->clock == SIZE_MAX) {
        csv_times(format, texts + from, count, reader->fault + from, reader->time + from,
                  bad + from);
        return;
    }
    const str *clocks = reader->texts[layout->clock];
    for (size_t row = from; row < from + count; row++)
        bad[row] =
            !reader->fault[row] &&
            !time_parse_joined(format, texts[row], clocks[row], &reader->time[row]);
}

static void fault_times(struct csv_reader *reader)
{
    const str *texts = reader->texts[reader->layout->time];
    if (!memchr(reader->bad, true, reader->batch))
        return;
    for (size_t row = 0; row < reader->batch; row++)
        if (reader->bad[row] && !reader->fault[row]) {
            bool none = texts[row].len == 0 || cell_is_nothing(texts[row]);
            reader->fault[row] = (none ? CSV_NO_TIME : CSV_BAD_TIME) + 1;
        }
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

static void numbers_store(struct csv_reader *reader, size_t field, size_t column)
{
    const uint32_t *numbers = reader->numbers[field];
    size_t n = reader->batch;
    uint32_t all = UINT32_MAX;
    for (size_t row = 0; row < n; row++)
        all &= numbers[row];
    reader->any[column] |= all != UINT32_MAX;
    if (column_width(column) == 4) {
        memcpy((uint32_t *)reader->values[column] + reader->rows, numbers, n * 4);
        return;
    }
    uint16_t *to = (uint16_t *)reader->values[column] + reader->rows;
    for (size_t row = 0; row < n; row++)
        to[row] = (uint16_t)numbers[row];
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

/* The batch, whose numbers were looked for, into the columns. */
static bool values_put(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const struct csv_layout *layout = reader->layout;
    if (reader->batch == 0)
        return true;
    if (!values_reserve(reader))
        return false;
    times_store(reader, chunk);
    for (size_t f = 0; f <= layout->field_count; f++) {
        size_t column = column_of(layout, f);
        if (f < layout->field_count && layout->fields[f].goes_to == COLUMN_SCORE &&
            layout->fields[f].instead == SIZE_MAX)
            scores_store(reader, chunk, reader->texts[f]);
        if (column == SIZE_MAX)
            continue;
        numbers_store(reader, f, column);
        if (!opens_add(reader, chunk, f))
            return false;
    }
    reader->rows += (uint32_t)reader->batch;
    return true;
}

bool csv_values_store(struct csv_reader *reader, struct csv_chunk *chunk)
{
    numbers_find(reader, chunk, false);
    return values_put(reader, chunk);
}

/* Take quotes, white space and what stands for nothing off, as far as there is any. */
static bool texts_tidy(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const struct csv_layout *layout = reader->layout;
    if (reader->untidy) {
        if (!unquoted_reserve(reader))
            return false;
        texts_clean(reader);
    }
    if (layout->filled && !csv_fill_down(reader, chunk))
        return false;
    /* Other cells are looked at by opens_empty and fault_times. */
    for (size_t f = 0; f < layout->field_count; f++)
        if (layout->joined || layout->fields[f].goes_to == COLUMN_SCORE)
            texts_empty(reader, f);
    if (layout->joined)
        texts_join(reader);
    return true;
}

static bool faulty(const struct csv_reader *reader)
{
    uint8_t any = 0;
    for (size_t row = 0; row < reader->batch; row++)
        any |= reader->fault[row];
    return any != 0;
}

static bool wide_store(struct csv_reader *reader, struct csv_chunk *chunk)
{
    fault_empty(reader, reader->layout->customer, CSV_NO_CUSTOMER);
    csv_whens_read(reader);
    if (faulty(reader) && !faults_take_out(reader, chunk))
        return false;
    return csv_whens_store(reader, chunk);
}

static bool rows_store(struct csv_reader *reader, struct csv_chunk *chunk)
{
    const struct csv_layout *layout = reader->layout;
    memset(reader->bad, 0, sizeof reader->bad);
    if (layout->activity == SIZE_MAX)
        for (size_t row = 0; row < reader->batch; row++)
            reader->texts[layout->field_count][row] = layout->activity_fixed;
    numbers_find(reader, chunk, true);
    opens_empty(reader);
    fault_none(reader, layout->customer, CSV_NO_CUSTOMER);
    fault_none(reader, layout->activity, CSV_NO_ACTIVITY);
    fault_times(reader);
    if (faulty(reader)) {
        if (!faults_take_out(reader, chunk))
            return false;
        numbers_find(reader, chunk, false);
        opens_empty(reader);
    }
    return values_put(reader, chunk);
}

bool csv_batch_flush(struct csv_reader *reader, struct csv_chunk *chunk)
{
    size_t rows = reader->batch;
    if (!texts_tidy(reader, chunk))
        return false;
    if (!(reader->layout->when_count ? wide_store(reader, chunk)
                                     : rows_store(reader, chunk)))
        return false;
    chunk->rows += rows;
    reader->batch = 0;
    reader->untidy = reader->untidy_window;
    memset(reader->fault, 0, rows);
    return true;
}
