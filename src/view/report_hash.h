/* report_hash: SHA-256 (FIPS 180-4) as a content security policy writes it. It protects
 * no secret: it lets the page name its own style and script. */
#ifndef VIEW_REPORT_HASH_H
#define VIEW_REPORT_HASH_H

#include "base/buf.h"

/* Append 'sha256-…', in its quotes. */
void report_hash(str text, struct buf *out);

#endif
