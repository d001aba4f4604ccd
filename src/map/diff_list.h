/* diff_list: what the files of map/diff share. Private to src/map/diff*.c. */
#ifndef MAP_DIFF_LIST_H
#define MAP_DIFF_LIST_H

#include "map/diff.h"
#include "map/fields.h"

struct differing {
    struct arena *arena;
    const struct vg_map *before, *after;
    struct map_change *items;
    size_t count, capacity;
    struct vg_err *err;
};
/* Add a change; its sentence is made here. */
MUST_CHECK enum vg_code diff_add(struct differing *differing, struct map_change change);
/* Compare two objects field by field, objects inside by their own fields. `what` says of
 * which thing; `skip` ends in NULL. */
MUST_CHECK enum vg_code diff_fields(struct differing *differing,
                                    const struct map_change *what, const json_t *before,
                                    const json_t *after, const char *const *skip);

#endif
