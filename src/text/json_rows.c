#include "text/json_rows.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct json_rows *rows)
{
    while (rows->at < rows->bytes.len && is_space(rows->bytes.ptr[rows->at]))
        rows->line += rows->bytes.ptr[rows->at++] == '\n';
}

/* Where the value that begins at `at` ends: past its closing bracket or quote, or at the
 * next comma, bracket or line break for a bare word. bytes.len when it is not closed. */
static size_t value_end(str bytes, size_t at)
{
    size_t depth = 0;
    bool text = false;
    for (size_t i = at; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        if (text) {
            if (c == '\\')
                i++;
            else if (c == '"')
                text = false;
            if (!text && depth == 0 && c == '"')
                return i + 1;
            continue;
        }
        if (c == '"')
            text = true;
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && depth > 0 && --depth == 0)
            return i + 1;
        else if (depth == 0 && i > at && (c == ',' || c == ']' || c == '}' || c == '\n'))
            return i;
    }
    return bytes.len;
}

/* {"data": [ { … — where the array's first element begins, or SIZE_MAX. Only the first
 * 64 KB are looked at, and only plain members may come before. */
static size_t array_inside(str bytes, size_t at)
{
    size_t limit = bytes.len < 65536 ? bytes.len : 65536;
    at++;
    while (at < limit) {
        while (at < limit && (is_space(bytes.ptr[at]) || bytes.ptr[at] == ','))
            at++;
        if (at >= limit || bytes.ptr[at] != '"')
            return SIZE_MAX;
        at = value_end(bytes, at);
        while (at < limit && (is_space(bytes.ptr[at]) || bytes.ptr[at] == ':'))
            at++;
        if (at < limit && bytes.ptr[at] == '[') {
            size_t inside = at + 1;
            while (inside < limit && is_space(bytes.ptr[inside]))
                inside++;
            if (inside < limit && bytes.ptr[inside] == '{')
                return at + 1;
        }
        at = value_end(bytes, at);
    }
    return SIZE_MAX;
}

struct json_rows json_rows_open(str bytes)
{
    struct json_rows rows = {.bytes = bytes, .line = 1, .layout = LAYOUT_LINES};
    skip_space(&rows);
    if (rows.at == bytes.len)
        return rows;
    size_t first = rows.at;
    const char *newline = memchr(bytes.ptr + first, '\n', bytes.len - first);
    size_t line_end = newline ? (size_t)(newline - bytes.ptr) : bytes.len;
    if (bytes.ptr[first] == '[') {
        rows.layout = LAYOUT_ARRAY;
        rows.at++;
        return rows;
    }
    size_t end = bytes.ptr[first] == '{' ? value_end(bytes, first) : line_end;
    size_t after = end;
    while (after < bytes.len && is_space(bytes.ptr[after]))
        after++;
    size_t inside = after == bytes.len ? array_inside(bytes, first) : SIZE_MAX;
    if (inside != SIZE_MAX) {
        for (; rows.at < inside; rows.at++)
            rows.line += bytes.ptr[rows.at] == '\n';
        rows.layout = LAYOUT_ARRAY;
    } else if (end > line_end) {
        /* Not closed on its line: laid out over several, or just a broken first line? */
        bool broken = end == bytes.len && newline && line_end + 1 < bytes.len &&
                      bytes.ptr[line_end + 1] == '{';
        rows.layout = broken ? LAYOUT_LINES : LAYOUT_STREAM;
    }
    return rows;
}

static bool next_line(struct json_rows *rows, str *ret, uint64_t *ret_line)
{
    skip_space(rows);
    if (rows->at == rows->bytes.len)
        return false;
    const char *begin = rows->bytes.ptr + rows->at;
    size_t left = rows->bytes.len - rows->at;
    const char *newline = memchr(begin, '\n', left);
    *ret = str_trim((str){begin, newline ? (size_t)(newline - begin) : left});
    *ret_line = rows->line;
    rows->at += newline ? (size_t)(newline - begin) : left;
    return true;
}

bool json_rows_next(struct json_rows *rows, str *ret, uint64_t *ret_line)
{
    str bytes = rows->bytes;
    if (rows->layout == LAYOUT_LINES)
        return next_line(rows, ret, ret_line);
    for (;;) {
        skip_space(rows);
        if (rows->at == bytes.len)
            return false;
        char c = bytes.ptr[rows->at];
        if (rows->layout == LAYOUT_ARRAY && c == ']') {
            rows->at = bytes.len; /* what follows the array is not ours */
            return false;
        }
        if (c != ',')
            break;
        rows->at++;
    }
    size_t end = value_end(bytes, rows->at);
    *ret = str_trim((str){bytes.ptr + rows->at, end - rows->at});
    *ret_line = rows->line;
    for (; rows->at < end; rows->at++)
        rows->line += bytes.ptr[rows->at] == '\n';
    return true;
}
