/* diff: what is different between two maps. Things are matched by id, then (those left
 * over) by title within their kind; so a map drawn anew from a table still finds itself.
 *
 * Shape      in the order of the newer map; what was removed stands where it stood.
 * Ownership  everything lives in `arena`. Text is in the thread's language. */
#ifndef MAP_DIFF_H
#define MAP_DIFF_H

#include "map/map.h"

enum map_change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_MOVED, CHANGE_CHANGED };

struct map_change {
    enum map_change_kind kind;
    const char *thing;      /* "map", "persona", "phase", "step", "touchpoint", "pain",
                               "opportunity", "metric", "action", "kpi",
                               "session" */
    const char *id, *title; /* of the thing, in the newer map where it is there */
    const char *inside;     /* id of the phase or step it is in, or "" */
    const char *field;  /* of what changed: "feeling.valence"; "" for the whole thing */
    const char *before; /* the field's text, or compact JSON; where it stood (moved) */
    const char *after;
    const char *sentence;
};
struct map_diff {
    struct map_change *items;
    size_t count;
};
MUST_CHECK enum vg_code map_diff(struct arena *arena, const struct vg_map *before,
                                 const struct vg_map *after, struct map_diff *ret,
                                 struct vg_err *err);
/* docs/schema/diff.schema.json. The caller owns *ret. */
MUST_CHECK enum vg_code map_diff_json(const struct map_diff *diff, json_t **ret,
                                      struct vg_err *err);

#endif
