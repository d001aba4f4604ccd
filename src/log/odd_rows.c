#include "log/odd_rows.h"

#include "base/lang.h"

static bool is_filler(char c, char delimiter)
{
    return c == delimiter || c == '"' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* `word`, in lower case, at the front of text and not going on. */
static bool begins_with(str text, const char *word)
{
    size_t n = strlen(word);
    if (text.len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = text.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != word[i])
            return false;
    }
    char next = text.len > n ? text.ptr[n] : ' ';
    return !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
             (unsigned char)next >= 0x80);
}

/* "Totale generale;;;1.234,50 €": a word for it in the first cell that has one, and
 * letters in no other. */
static bool is_total(str row, char delimiter)
{
    static const char *const words[] = {"totale", "totali", "total",    "totals",
                                        "tot",    "somma",  "subtotal", "subtotale",
                                        "sum",    "grand"};
    size_t at = 0;
    while (at < row.len && is_filler(row.ptr[at], delimiter))
        at++;
    str rest = {row.ptr + at, row.len - at};
    bool named = false;
    for (size_t i = 0; i < COUNT_OF(words) && !named; i++)
        named = begins_with(rest, words[i]);
    const char *end = rest.len ? memchr(rest.ptr, delimiter, rest.len) : NULL;
    for (const char *c = end; named && c && c < row.ptr + row.len; c++)
        if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
            return false;
    return named && end;
}

const char *odd_row(str row, str header, char delimiter)
{
    if (header.len && str_equal(str_trim(row), str_trim(header)))
        return _("it repeats the names of the columns");
    return is_total(row, delimiter) ? _("it looks like a row of totals") : NULL;
}
