/* tables: the route tables, one per family of questions. A new one: a file routes_NAME.c,
 * a line here, a line in routes.c. */
#ifndef SERVE_TABLES_H
#define SERVE_TABLES_H

#include "serve/route.h"

struct route_table {
    const struct route *rows;
    size_t count;
};
#define ROUTE_TABLE(rows)                                                                \
    {                                                                                    \
        (rows), sizeof(rows) / sizeof((rows)[0])                                         \
    }

extern const struct shape shape_problem;

extern const struct route_table routes_who;    /* session, setup, invitations, me */
extern const struct route_table routes_people; /* people, tokens, audit */
extern const struct route_table routes_lists;  /* departments … settings, templates */
extern const struct route_table routes_maps;   /* maps, versions, comments, actions */
extern const struct route_table routes_evidence;
extern const struct route_table routes_insight;
extern const struct route_table routes_improve;
extern const struct route_table routes_pictures; /* pictures, exports, links, home */
extern const struct route_table routes_paths;    /* success paths, the client's own */
extern const struct route_table routes_care;     /* live, jobs, files, backup, health */

#endif
