/* text_clean: what a text may carry into a picture. */
#ifndef DRAW_TEXT_CLEAN_H
#define DRAW_TEXT_CLEAN_H

#include "base/buf.h"

/* Append text as it can be drawn: ill-formed bytes as U+FFFD; white space runs as one
 * space and line breaks as one '\n'; no control, direction or other unseen characters; at
 * most four combining marks in a row; at most TEXT_LIMIT_CHARS characters, then "…". */
void text_clean(str text, struct buf *out);

#endif
