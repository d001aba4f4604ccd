/* str: a piece of text that is not owned and need not end in NUL.
 * Units  len is bytes of UTF-8, unless the function says otherwise. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/base.h"

#include <string.h>

typedef struct {
    const char *ptr;
    size_t len;
} str;

#define STR(literal) ((str){literal, sizeof(literal) - 1})
/* For printf("%.*s", STR_ARG(text)). */
#define STR_ARG(text) (int)(text).len, (text).ptr

static inline str str_from(const char *text)
{
    return (str){text, text ? strlen(text) : 0};
}
static inline bool str_equal(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
/* By bytes, shorter first: the order of code points in UTF-8. */
int str_compare(str a, str b);
bool str_starts(str text, str prefix);
bool str_ends(str text, str suffix);
/* Without white space (ASCII and no-break space) at both ends. */
str str_trim(str text);
/* Where needle begins in text, or SIZE_MAX. */
size_t str_find(str text, str needle);
/* Cut text at the first `separator`: returns what is before it, leaves the rest in *text.
 * Without a separator it returns all and leaves *text with ptr NULL. */
str str_cut(str *text, char separator);

/* Numbers as people write them. True only when the whole text is one. No locale involved.
 */
bool str_to_i64(str text, int64_t *ret);
/* Accepts '.' or, when comma is true, ',' as the decimal mark and the other one as
 * thousands separator, and a true minus sign; refuses what is not finite. */
bool str_to_double(str text, bool comma, double *ret);

#endif
