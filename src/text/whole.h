/* whole: a small file at once, for documents that are read as one text (JSON, Mermaid, a
 * map's table). Evidence is streamed instead. */
#ifndef TEXT_WHOLE_H
#define TEXT_WHOLE_H

#include "base/buf.h"
#include "base/err.h"

/* Append the file to `out`; "-" is standard input. VG_ERR_NOT_FOUND, VG_ERR_IO,
 * VG_ERR_MEMORY; VG_ERR_LIMIT when it is longer than limit_bytes. */
MUST_CHECK enum vg_code whole_read(const char *path, size_t limit_bytes, struct buf *out,
                                   struct vg_err *err);

#endif
