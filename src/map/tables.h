/* tables: short ways to write the rows of map/fields.h. Private to src/map/read*.c. */
#ifndef MAP_TABLES_H
#define MAP_TABLES_H

#include "base/limits.h"
#include "map/fields.h"

#define TEXT(type, name)                                                                 \
    {                                                                                    \
        .key = #name, .kind = FIELD_TEXT, .offset = offsetof(struct type, name)          \
    }
#define TITLE(type)                                                                      \
    {                                                                                    \
        .key = "title", .kind = FIELD_TEXT, .offset = offsetof(struct type, title),      \
        .required = true                                                                 \
    }
#define AT(type, member, name, what)                                                     \
    .key = (name), .kind = (what), .offset = offsetof(struct type, member)
#define LIST(type, member, counter, name, of)                                            \
    {                                                                                    \
        AT(type, member, name, FIELD_LIST),                                              \
            .shape = &(of), .count_offset = offsetof(struct type, counter)               \
    }
#define SHAPE(fields, type, most)                                                        \
    {                                                                                    \
        (fields), COUNT_OF(fields), sizeof(struct type), (most)                          \
    }
#define MATCHES(type, member, counter, name)                                             \
    {                                                                                    \
        AT(type, member, name, FIELD_MATCHES),                                           \
            .count_offset = offsetof(struct type, counter)                               \
    }

#define DAYS_MOST 36500 /* a hundred years */

/* Of success paths: read_path.c. */
extern const char *const direction_words[];
extern const struct shape metric_shape, proof_shape, path_shape, playbook_shape;

#endif
