/* making: a new map in a workspace, from whatever there is to begin with. */
#ifndef APP_MAKING_H
#define APP_MAKING_H

#include "app/cache.h"
#include "store/maps.h"

/* Exactly one of the first five. */
struct making {
    const char *template;    /* its id */
    const char *copy_of;     /* the id of a map of the workspace */
    const json_t *document;  /* a map's own JSON */
    const char *text, *name; /* a file (JSON, Mermaid, a table) and what it is called */
    const struct question *draft; /* proposed from this evidence */
    const char *title;            /* NULL: as it comes */
};
/* Its id is new, whatever the document says. *ret_id in `arena`. VG_ERR_USAGE: not
 * exactly one source; VG_ERR_INPUT: it is no map; VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code making_keep(struct app_cache *cache, struct store *store,
                                    struct arena *arena, const struct making *making,
                                    const char **ret_id, int64_t *ret_head,
                                    json_t **ret_notes, struct vg_err *err);

/* An id for something new that is called so: "phone-x7k2…". NULL when memory is used up.
 */
const char *making_id(struct arena *arena, const char *title) MUST_CHECK;

#endif
