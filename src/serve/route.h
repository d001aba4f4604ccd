/* route: one row per route. From the rows come dispatch, the check of rights, of query
 * and body, the OpenAPI document, the TypeScript types and the matrix of tests: what is
 * not in a row does not exist, and what is in one holds.
 *
 * A table stands in routes_NAME.c and is joined in routes.c. Patterns begin with a slash;
 * {name} is one segment: "/maps/{id}/operations". Everything is below /api/v1 but for
 * ROUTE_ROOT. */
#ifndef SERVE_ROUTE_H
#define SERVE_ROUTE_H

#include "base/base.h"

#include <viaggio.h>

struct call; /* serve/call.h */

/* Who may: each rank may what those before it may. */
enum rank { RANK_NOBODY, RANK_READER, RANK_EDITOR, RANK_OWNER };
const char *rank_name(enum rank rank); /* "reader", "editor", "owner"; "" for nobody */
bool rank_from_name(const char *name, enum rank *ret);

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHODS };
const char *method_name(enum method method);

/* ---- fields: of a query, of a body, of an answer ---- */

enum field_kind {
    FIELD_END,     /* closes a list: what {0} is */
    FIELD_TEXT,    /* at most `most` bytes (0: 200), no control characters but for the
                      line ends of FIELD_PROSE */
    FIELD_PROSE,   /* several lines; `most` 0: LIMIT_MAP_TEXT_BYTES */
    FIELD_CHOICE,  /* one of `choices`: "a|b|c" */
    FIELD_FLAG,    /* true or false; in a query 1 or 0 */
    FIELD_COUNT,   /* a whole number from 0 to `most` (0: 2^53) */
    FIELD_NUMBER,  /* finite */
    FIELD_TIME,    /* "2025-11-12T14:05:00Z"; of answers */
    FIELD_TEXTS,   /* a list of texts; in a query the name repeated; `items` 0: 100 */
    FIELD_NUMBERS, /* a list of numbers, null where one is not known; of answers */
    FIELD_OBJECT,  /* with `fields` */
    FIELD_OBJECTS, /* a list of those; `items` 0: 100 */
    FIELD_MAP,     /* an object whose names are anybody's, each value with `fields` */
    FIELD_ANY,     /* any JSON: the handler looks at it (or, in an answer, `schema`) */
    FIELD_ANYS,    /* a list of those */
};
struct field {
    const char *name;
    enum field_kind kind;
    bool needed;   /* of a query or body: 400 without it; of an answer: always there */
    bool nullable; /* null is a value, too */
    size_t most, items;
    const char *choices;
    const struct field *fields; /* ends in {0} */
    const struct shape *shape;  /* instead of fields: a named one */
    const char *schema;         /* of FIELD_ANY: docs/schema/NAME.schema.json */
};
/* What has a name in the API's document and in TypeScript. */
struct shape {
    const char *name; /* "Session" */
    const struct field *fields;
    const char *schema; /* instead of fields: "insight" of docs/schema, or "map" */
};

/* The filter of evidence, shared by many routes (routes.c). */
extern const struct field filter_fields[];
/* limit and after, of lists. */
extern const struct field page_fields[];

/* ---- routes ---- */

enum route_flag {
    ROUTE_ROOT = 1 << 0,   /* its pattern is the whole path: /health, /s/{token} */
    ROUTE_STREAM = 1 << 1, /* the body is not JSON: it goes into a private file
                              (call->upload), once the caller is known to be allowed */
    ROUTE_LIVE = 1 << 2,   /* the answer is a stream of events (call_live) */
    ROUTE_SLOW = 1 << 3,   /* may take long: never on the last free worker */
    ROUTE_HASH = 1 << 4,   /* hashes a password: few at a time */
    ROUTE_PAGED = 1 << 5,  /* takes page_fields, answers {items: [answer], next} */
    ROUTE_LIST = 1 << 6,   /* answers {items: [answer], next: null} */
    ROUTE_FILTER = 1 << 7, /* takes filter_fields */
    ROUTE_FORM = 1 << 8,   /* the body is a form (application/x-www-form-urlencoded); its
                              fields come as a JSON object of texts */
    ROUTE_MATCH = 1 << 9,  /* needs If-Match: call_if_match; 428 without */
    ROUTE_ASYNC = 1 << 10, /* answers 202 {job} */
    ROUTE_LINK = 1 << 11,  /* asked by a client's private link (X-Path-Token): call->link;
                              one answer, 404, to whatever is wrong with it */
};
/* What a token needs besides the rank of who made it. Default by method: read, write. */
enum scope { SCOPE_BY_METHOD, SCOPE_READ, SCOPE_WRITE, SCOPE_ADMIN };

struct route {
    enum method method;
    const char *path;
    enum rank rank;
    unsigned flags;
    enum vg_code (*run)(struct call *call, struct vg_err *err);
    const char *about;          /* one English line, for the API's document */
    const struct field *query;  /* or NULL; ends in {0} */
    const struct field *body;   /* NULL: none is taken */
    const struct shape *answer; /* NULL: `type`, or nothing at all (204) */
    const char *type;  /* of an answer that is not JSON: "image/svg+xml", "any" */
    size_t body_bytes; /* 0: 1 MB of JSON, 2 GB of a stream */
    enum scope scope;
    unsigned status; /* when all is well; 0: 200, or 204 without answer and type */
    const char *key; /* the tables' own: what call->route->key tells the handler */
};

#define ROUTE_PARAMS 4 /* most {…} in one pattern */

/* All rows of all tables. */
size_t route_count(void);
const struct route *route_at(size_t i);
/* The row of a path, its {…} as pieces of `path`, undecoded. When there is a path but no
 * such method: NULL, and *ret_methods has a bit for each there is. */
struct route_found {
    const struct route *route;
    const char *param[ROUTE_PARAMS];
    size_t param_len[ROUTE_PARAMS];
    unsigned methods;
};
void route_find(enum method method, const char *path, struct route_found *ret);

#endif
