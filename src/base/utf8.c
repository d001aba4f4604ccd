#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

uint32_t utf8_decode(str text, size_t *ret_len)
{
    utf8proc_int32_t code_point;
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text.ptr,
                         (utf8proc_ssize_t)(text.len < 4 ? text.len : 4), &code_point);
    if (n <= 0) {
        *ret_len = 1;
        return 0xFFFD;
    }
    *ret_len = (size_t)n;
    return (uint32_t)code_point;
}

/* Bytes of plain ASCII at the front of text. */
static size_t ascii_run(str text)
{
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.ptr + i, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < text.len && (unsigned char)text.ptr[i] < 0x80)
        i++;
    return i;
}

/* Where the first ill-formed byte is, or text.len. */
static size_t well_formed_run(str text)
{
    size_t i = 0;
    while (i < text.len) {
        i += ascii_run((str){text.ptr + i, text.len - i});
        if (i == text.len)
            break;
        utf8proc_int32_t code_point;
        size_t left = text.len - i;
        utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + i,
                             (utf8proc_ssize_t)(left < 4 ? left : 4), &code_point);
        if (n <= 0)
            break;
        i += (size_t)n;
    }
    return i;
}

bool utf8_valid(str text)
{
    return well_formed_run(text) == text.len;
}

void utf8_append(struct buf *out, uint32_t code_point)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)code_point, bytes);
    buf_add(out, n > 0 ? (str){(const char *)bytes, (size_t)n} : STR("\xEF\xBF\xBD"));
}

size_t utf8_append_repaired(struct buf *out, str text)
{
    size_t repaired = 0;
    for (;;) {
        size_t good = well_formed_run(text);
        buf_add(out, (str){text.ptr, good});
        if (good == text.len)
            return repaired;
        buf_add(out, STR("\xEF\xBF\xBD"));
        repaired++;
        text.ptr += good + 1;
        text.len -= good + 1;
    }
}

void utf8_append_windows1252(struct buf *out, str bytes)
{
    /* 0x80 … 0x9F; the rest are the code points of Latin-1. */
    static const uint16_t high[32] = {
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
        0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
    while (bytes.len > 0) {
        size_t plain = ascii_run(bytes);
        buf_add(out, (str){bytes.ptr, plain});
        if (plain == bytes.len)
            return;
        unsigned char c = (unsigned char)bytes.ptr[plain];
        utf8_append(out, c < 0xA0 ? high[c - 0x80] : c);
        bytes.ptr += plain + 1;
        bytes.len -= plain + 1;
    }
}

static str mapped(struct arena *arena, str text, utf8proc_option_t options)
{
    utf8proc_uint8_t *result = NULL;
    struct buf repaired = {0};
    if (!utf8_valid(text)) {
        utf8_append_repaired(&repaired, text);
        text = buf_str(&repaired);
    }
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text.ptr,
                                      (utf8proc_ssize_t)text.len, &result, options);
    str copy = {NULL, 0};
    if (n >= 0 && !repaired.failed)
        copy = arena_str(arena, (str){(const char *)result, (size_t)n});
    free(result);
    buf_free(&repaired);
    return copy;
}

str utf8_lower(struct arena *arena, str text)
{
    return mapped(arena, text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

str utf8_fold(struct arena *arena, str text)
{
    str folded = mapped(arena, text,
                        UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                            UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_STRIPCC);
    if (!folded.ptr)
        return folded;
    folded = str_trim(folded);
    char *write = (char *)(uintptr_t)folded.ptr; /* ours: mapped() has just made it */
    size_t n = 0;
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (!space)
            write[n++] = c;
        else if (n > 0 && write[n - 1] != ' ')
            write[n++] = ' ';
    }
    write[n] = 0;
    return (str){write, n};
}

size_t utf8_width(str text)
{
    size_t width = 0;
    while (text.len > 0) {
        size_t n;
        int columns = utf8proc_charwidth((utf8proc_int32_t)utf8_decode(text, &n));
        width += columns > 0 ? (size_t)columns : 0;
        text.ptr += n;
        text.len -= n;
    }
    return width;
}

str utf8_head(str text, size_t columns)
{
    size_t width = 0, at = 0;
    while (at < text.len) {
        size_t n;
        uint32_t c = utf8_decode((str){text.ptr + at, text.len - at}, &n);
        int more = utf8proc_charwidth((utf8proc_int32_t)c);
        width += more > 0 ? (size_t)more : 0;
        if (width > columns)
            break;
        at += n;
    }
    return (str){text.ptr, at};
}
