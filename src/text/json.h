/* json: jansson, with our limits and messages. This is the one place that includes it;
 * everybody who reads or makes JSON includes this header. */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* Parse one document: no duplicate keys, no lone surrogates, no numbers out of range, no
 * deeper than LIMIT_DEPTH, at most limit_bytes. VG_ERR_INPUT with "name:line:column". */
MUST_CHECK enum vg_code json_read(str text, const char *name, size_t limit_bytes,
                                  json_t **ret, struct vg_err *err);
/* A whole file. VG_ERR_NOT_FOUND, VG_ERR_IO, VG_ERR_LIMIT, VG_ERR_INPUT. */
MUST_CHECK enum vg_code json_read_file(const char *path, size_t limit_bytes, json_t **ret,
                                       struct vg_err *err);
/* Two spaces of indent, keys in the order in which they were set, numbers as short as
 * they stay exact, one NUL-free UTF-8 text that ends in a newline. */
MUST_CHECK enum vg_code json_write(const json_t *json, struct buf *out,
                                   struct vg_err *err);
/* On one line, without the newline; safe inside HTML's <script> ("<", ">", "&" as
 * \u00XX). */
MUST_CHECK enum vg_code json_write_compact(const json_t *json, struct buf *out,
                                           struct vg_err *err);
/* A number as JSON: null when it is not finite. */
json_t *json_number_or_null(double value);

#endif
