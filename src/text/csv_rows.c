#include "text/csv_rows.h"

#include "base/limits.h"

enum { DIALECT_ROWS = 100, DIALECT_BYTES = 256 * 1024 };

struct field {
    str raw;      /* as it stands, quotes and all */
    bool quoted;  /* it began with the quote, and ended with it */
    bool doubled; /* it has doubled quotes inside */
    size_t tail;  /* where what follows the closing quote begins, in raw */
};

static bool ends_field(const struct csv_rows *rows, size_t i)
{
    char c = rows->bytes.ptr[i];
    return c == rows->delimiter || c == '\n' ||
           (c == '\r' && i + 1 < rows->bytes.len && rows->bytes.ptr[i + 1] == '\n');
}

/* The index after the closing quote of the field that begins at `at`; SIZE_MAX when it is
 * not closed. */
static size_t closing(const struct csv_rows *rows, size_t at, bool *ret_doubled)
{
    str bytes = rows->bytes;
    size_t limit =
        bytes.len - at > LIMIT_FIELD_BYTES ? at + LIMIT_FIELD_BYTES : bytes.len;
    for (size_t i = at + 1; i < limit; i++) {
        if (bytes.ptr[i] != rows->quote)
            continue;
        if (i + 1 < bytes.len && bytes.ptr[i + 1] == rows->quote) {
            *ret_doubled = true;
            i++;
            continue;
        }
        return i + 1;
    }
    return SIZE_MAX;
}

static size_t field_take(const struct csv_rows *rows, size_t at, struct field *ret)
{
    str bytes = rows->bytes;
    *ret = (struct field){.raw = {bytes.ptr + at, 0}};
    size_t i = at;
    if (rows->quote && i < bytes.len && bytes.ptr[i] == rows->quote) {
        size_t end = closing(rows, i, &ret->doubled);
        if (end != SIZE_MAX) {
            ret->quoted = true;
            ret->tail = end - at;
            i = end;
        }
    }
    while (i < bytes.len && !ends_field(rows, i))
        i++;
    ret->raw.len = i - at;
    return i;
}

static str field_text(const struct field *field, char quote, struct arena *arena)
{
    str raw = field->raw;
    if (!field->quoted)
        return str_trim(raw);
    str inside = {raw.ptr + 1, field->tail - 2};
    if (!field->doubled && field->tail == raw.len)
        return str_trim(inside);
    char *copy = arena_alloc(arena, raw.len + 1, 1);
    if (!copy)
        return (str){NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < inside.len; i++) {
        copy[n++] = inside.ptr[i];
        if (inside.ptr[i] == quote)
            i++;
    }
    size_t rest = raw.len - field->tail;
    if (rest)
        memcpy(copy + n, raw.ptr + field->tail, rest);
    return str_trim((str){copy, n + rest});
}

static uint64_t line_breaks(str text)
{
    uint64_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n;
}

/* One row from rows->at on; false when memory is used up. */
static bool row_take(struct csv_rows *rows, struct arena *arena, struct csv_row *ret)
{
    size_t capacity = 0;
    *ret = (struct csv_row){.offset = rows->at, .line = rows->line};
    for (;;) {
        struct field field;
        size_t end = field_take(rows, rows->at, &field);
        rows->line += line_breaks(field.raw);
        if (ret->count < LIMIT_COLUMNS) {
            ret->cells =
                arena_grow(arena, ret->cells, ret->count, &capacity, sizeof *ret->cells);
            if (!ret->cells)
                return false;
            str text = field_text(&field, rows->quote, arena);
            if (!text.ptr)
                return false;
            ret->cells[ret->count++] = text;
        } else {
            ret->too_wide = true;
        }
        rows->at = end;
        if (end == rows->bytes.len)
            return true;
        if (rows->bytes.ptr[end] == rows->delimiter) {
            rows->at++;
            continue;
        }
        rows->at += rows->bytes.ptr[end] == '\r' ? 2 : 1;
        rows->line++;
        return true;
    }
}

bool csv_rows_next(struct csv_rows *rows, struct arena *arena, struct csv_row *ret)
{
    while (rows->at < rows->bytes.len) {
        if (!row_take(rows, arena, ret)) {
            *ret = (struct csv_row){.count = SIZE_MAX};
            return false;
        }
        if (ret->count > 1 || ret->cells[0].len > 0)
            return true;
    }
    *ret = (struct csv_row){.offset = rows->at, .line = rows->line};
    return false;
}

char csv_sep_line(str bytes, size_t *ret_len)
{
    str line = bytes;
    size_t end = str_find(bytes.len > 64 ? (str){bytes.ptr, 64} : bytes, STR("\n"));
    if (end == SIZE_MAX)
        return 0;
    line.len = end;
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (line.len >= 2 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"')
        line = (str){line.ptr + 1, line.len - 2};
    if (line.len != 5 ||
        (!str_starts(line, STR("sep=")) && !str_starts(line, STR("SEP="))))
        return 0;
    *ret_len = end + 1;
    return line.ptr[4];
}

/* How evenly a dialect cuts the first rows: the share of rows that have the commonest
 * number of fields (which must be more than one), weighed up a little by that number. */
static double evenness(str bytes, char delimiter, char quote, struct arena *arena)
{
    struct csv_rows rows = {.bytes = bytes, .delimiter = delimiter, .quote = quote};
    struct csv_row row;
    size_t counts[DIALECT_ROWS], n = 0, best = 0, best_count = 0;
    while (n < DIALECT_ROWS && csv_rows_next(&rows, arena, &row))
        counts[n++] = row.count;
    if (n > 1 && rows.at >= bytes.len && bytes.len == DIALECT_BYTES)
        n--; /* the last may be cut off */
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++)
            same += counts[j] == counts[i];
        if (counts[i] > 1 && (same > best || (same == best && counts[i] > best_count))) {
            best = same;
            best_count = counts[i];
        }
    }
    if (n == 0 || best == 0)
        return 0;
    double wide = best_count < 10 ? (double)best_count / 10 : 1;
    return (double)best / (double)n + 0.2 * wide;
}

static bool single_quotes(str bytes, char delimiter)
{
    size_t fields = 0, quoted = 0, begin = 0;
    for (size_t i = 0; i <= bytes.len; i++) {
        if (i < bytes.len && bytes.ptr[i] != delimiter && bytes.ptr[i] != '\n')
            continue;
        str field = str_trim((str){bytes.ptr + begin, i - begin});
        fields += field.len > 0;
        quoted +=
            field.len > 1 && field.ptr[0] == '\'' && field.ptr[field.len - 1] == '\'';
        begin = i + 1;
    }
    return quoted > 3 && quoted * 10 > fields * 4;
}

void csv_dialect_guess(str bytes, char *ret_delimiter, char *ret_quote)
{
    static const char delimiters[] = {';', '\t', ',', '|'};
    double best = 0;
    *ret_delimiter = ',';
    if (bytes.len > DIALECT_BYTES)
        bytes.len = DIALECT_BYTES;
    for (size_t i = 0; i < COUNT_OF(delimiters); i++) {
        struct arena *arena = arena_open(0);
        if (!arena)
            break;
        double score = evenness(bytes, delimiters[i], '"', arena);
        arena_close(arena);
        if (score > best + 1e-9) {
            best = score;
            *ret_delimiter = delimiters[i];
        }
    }
    *ret_quote = single_quotes(bytes, *ret_delimiter) ? '\'' : '"';
}
