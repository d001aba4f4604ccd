/* buf: text that grows while it is written.
 * Ownership  buf_free gives the bytes back; buf_take hands them to the caller (free()).
 * Errors     sticky: once memory or the limit is used up, `failed` is set and every later
 *            write does nothing. Check it once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/base.h"
#include "base/str.h"

struct buf {
    char *ptr;
    size_t len, capacity;
    size_t limit; /* bytes; 0: none */
    bool failed;
};

void buf_free(struct buf *buf);
void buf_clear(struct buf *buf); /* keeps the memory, forgets the failure */
void buf_add(struct buf *buf, str text);
void buf_text(struct buf *buf, const char *text);
void buf_char(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF(2, 3);
/* Append text with & < > " ' escaped, and control characters that XML forbids left out.
 */
void buf_xml(struct buf *buf, str text);
/* What is in it; ends in NUL (not counted). Valid until the next write. */
str buf_str(const struct buf *buf);
/* Hand the NUL-ended bytes over and start empty. NULL when it failed. */
char *buf_take(struct buf *buf) MUST_CHECK;

#endif
