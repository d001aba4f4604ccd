/* document: the published schemas of docs/, inside the program (made at build time). */
#ifndef SERVE_DOCUMENT_H
#define SERVE_DOCUMENT_H

#include <stddef.h>

struct document {
    const char *name; /* "flow" of docs/schema/flow.schema.json; "map" */
    const unsigned char *text;
    const size_t *len;
};
extern const struct document documents[];
extern const size_t document_count;

#endif
