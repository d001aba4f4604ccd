#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_free(struct buf *buf)
{
    free(buf->ptr);
    *buf = (struct buf){.limit = buf->limit};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
    if (buf->ptr)
        buf->ptr[0] = 0;
}

/* Room for `more` bytes and a NUL behind them. */
static bool reserve(struct buf *buf, size_t more)
{
    if (buf->failed)
        return false;
    size_t wanted;
    if (__builtin_add_overflow(buf->len, more, &wanted) || wanted > SIZE_MAX / 2 - 64 ||
        (buf->limit && wanted > buf->limit)) {
        buf->failed = true;
        return false;
    }
    if (wanted < buf->capacity)
        return true;
    size_t capacity = (wanted + 64) * 3 / 2;
    char *moved = realloc(buf->ptr, capacity);
    if (!moved) {
        buf->failed = true;
        return false;
    }
    buf->ptr = moved;
    buf->capacity = capacity;
    return true;
}

void buf_add(struct buf *buf, str text)
{
    if (!reserve(buf, text.len))
        return;
    if (text.len)
        memcpy(buf->ptr + buf->len, text.ptr, text.len);
    buf->len += text.len;
    buf->ptr[buf->len] = 0;
}

void buf_text(struct buf *buf, const char *text)
{
    buf_add(buf, str_from(text));
}

void buf_char(struct buf *buf, char c)
{
    buf_add(buf, (str){&c, 1});
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        buf->failed = true;
    else if (reserve(buf, (size_t)length)) {
        vsnprintf(buf->ptr + buf->len, (size_t)length + 1, format, again);
        buf->len += (size_t)length;
    }
    va_end(again);
}

void buf_xml(struct buf *buf, str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        const char *entity = NULL;
        switch (c) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r')
                continue;
            entity = "";
        }
        buf_add(buf, (str){text.ptr + from, i - from});
        buf_text(buf, entity);
        from = i + 1;
    }
    buf_add(buf, (str){text.ptr + from, text.len - from});
}

str buf_str(const struct buf *buf)
{
    return buf->ptr ? (str){buf->ptr, buf->len} : STR("");
}

char *buf_take(struct buf *buf)
{
    if (!buf->failed)
        buf_add(buf, STR(""));
    if (buf->failed) {
        buf_free(buf);
        return NULL;
    }
    char *bytes = buf->ptr;
    *buf = (struct buf){.limit = buf->limit};
    return bytes;
}
