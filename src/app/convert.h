/* convert: a map from one form into another. */
#ifndef APP_CONVERT_H
#define APP_CONVERT_H

#include "map/import.h"

enum map_format { MAP_JSON, MAP_MERMAID, MAP_MARKDOWN, MAP_CSV };

/* What "json", "mermaid", "markdown", "csv", or a file's name says; false otherwise. */
bool map_format_from_text(const char *text, enum map_format *ret);
MUST_CHECK enum vg_code map_write_as(const struct vg_map *map, enum map_format format,
                                     struct buf *out, struct vg_err *err);

#endif
