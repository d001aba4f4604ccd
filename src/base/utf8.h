/* utf8: text as Unicode. Case folding and width come from utf8proc. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/buf.h"

/* True when all of text is well-formed UTF-8 (Unicode 15, table 3-7). */
bool utf8_valid(str text);
/* The first code point of text (not empty) and its length in bytes; U+FFFD and 1 for a
 * byte that begins no well-formed sequence. */
uint32_t utf8_decode(str text, size_t *ret_len);
void utf8_append(struct buf *out, uint32_t code_point);
/* Append text with every ill-formed byte replaced by U+FFFD. Returns how many there were.
 */
size_t utf8_append_repaired(struct buf *out, str text);
/* Append Windows-1252 bytes as UTF-8; the five unassigned bytes become U+FFFD. */
void utf8_append_windows1252(struct buf *out, str bytes);
/* Lower case, without accents, white space runs as one space, trimmed: for comparing what
 * people typed ("Città " and "citta"). ptr NULL when memory is used up. */
str utf8_fold(struct arena *arena, str text) MUST_CHECK;
/* Lower case only, by Unicode; accents stay. */
str utf8_lower(struct arena *arena, str text) MUST_CHECK;
/* Columns on a terminal (wide characters count two, combining marks none). */
size_t utf8_width(str text);
/* The first `columns` columns of text, never cutting a character. */
str utf8_head(str text, size_t columns);

#endif
