/* json_rows: the objects of a JSON file one after the other, never the whole in memory.
 *
 * What is read   one object a line ("JSON lines"); an array of objects; objects one after
 *                the other with any white space between; an object that holds one array
 *                of objects ({"data": [ … ]}), as interfaces answer.
 * Each piece is only cut out here; json_read judges it, so that a broken one harms none
 * but itself. No recursion: nesting costs nothing. */
#ifndef TEXT_JSON_ROWS_H
#define TEXT_JSON_ROWS_H

#include "base/str.h"

enum json_layout { LAYOUT_LINES, LAYOUT_ARRAY, LAYOUT_STREAM };

struct json_rows {
    str bytes; /* UTF-8 without its mark */
    enum json_layout layout;
    size_t at;
    uint64_t line;
};

struct json_rows json_rows_open(str bytes);
/* The next piece and the line it begins on. False at the end. */
bool json_rows_next(struct json_rows *rows, str *ret, uint64_t *ret_line);

#endif
