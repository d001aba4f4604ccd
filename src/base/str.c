#include "base/str.h"

#include <math.h>
#include <stdlib.h>

int str_compare(str a, str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(str text, str prefix)
{
    return text.len >= prefix.len &&
           (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}

bool str_ends(str text, str suffix)
{
    return text.len >= suffix.len &&
           (suffix.len == 0 ||
            memcmp(text.ptr + text.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* Bytes of white space at the front of text: 1 for ASCII, 2 for U+00A0, 0 for none. */
static size_t space_at_front(str text)
{
    if (text.len == 0)
        return 0;
    unsigned char c = (unsigned char)text.ptr[0];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    return text.len >= 2 && c == 0xC2 && (unsigned char)text.ptr[1] == 0xA0 ? 2 : 0;
}

static size_t space_at_end(str text)
{
    if (text.len == 0)
        return 0;
    unsigned char c = (unsigned char)text.ptr[text.len - 1];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    return text.len >= 2 && c == 0xA0 && (unsigned char)text.ptr[text.len - 2] == 0xC2
               ? 2
               : 0;
}

str str_trim(str text)
{
    size_t n;
    while ((n = space_at_front(text)) > 0) {
        text.ptr += n;
        text.len -= n;
    }
    while ((n = space_at_end(text)) > 0)
        text.len -= n;
    return text;
}

size_t str_find(str text, str needle)
{
    if (needle.len == 0)
        return 0;
    if (text.len < needle.len)
        return SIZE_MAX;
    const char *at = memmem(text.ptr, text.len, needle.ptr, needle.len);
    return at ? (size_t)(at - text.ptr) : SIZE_MAX;
}

str str_cut(str *text, char separator)
{
    const char *at = text->len ? memchr(text->ptr, separator, text->len) : NULL;
    str head = *text;
    if (!at) {
        *text = (str){NULL, 0};
        return head;
    }
    head.len = (size_t)(at - text->ptr);
    text->ptr = at + 1;
    text->len -= head.len + 1;
    return head;
}

bool str_to_i64(str text, int64_t *ret)
{
    size_t i = 0;
    bool negative = false;
    if (text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+')) {
        negative = text.ptr[0] == '-';
        i = 1;
    }
    if (i == text.len)
        return false;
    int64_t value = 0;
    for (; i < text.len; i++) {
        int digit = text.ptr[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *ret = negative ? value : -value;
    return true;
}

bool str_to_double(str text, bool comma, double *ret)
{
    char plain[64];
    size_t n = 0;
    char decimal = comma ? ',' : '.';
    char thousands = comma ? '.' : ',';
    text = str_trim(text);
    if (str_starts(text, STR("\xE2\x88\x92"))) { /* U+2212, the true minus sign */
        plain[n++] = '-';
        text.ptr += 3;
        text.len -= 3;
    }
    if (text.len == 0 || text.len > sizeof plain - 2)
        return false;
    bool digits = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == thousands || (c == '\'' && digits))
            continue;
        if (c >= '0' && c <= '9')
            digits = true;
        else if (c == decimal)
            c = '.';
        else if (!(((c == '-' || c == '+') && (n == 0 || plain[n - 1] == 'e')) ||
                   ((c == 'e' || c == 'E') && digits)))
            return false;
        plain[n++] = c == 'E' ? 'e' : c;
    }
    if (!digits)
        return false;
    plain[n] = 0;
    char *end;
    double value = strtod(plain, &end); /* LC_NUMERIC stays "C": see base/lang.h */
    if (*end != 0 || !isfinite(value))
        return false;
    *ret = value;
    return true;
}
