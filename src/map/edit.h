/* edit: one change of a map document, and what takes it back.
 *
 * An operation is a JSON object; ITEM and OWNER are ids, OWNER "" is the map itself:
 *
 *     {"op": "set", "at": OWNER, "field": "feeling.valence", "value": 1}
 *     {"op": "set", "at": OWNER, "field": "feeling"}         without a value: take it out
 *     {"op": "insert", "at": OWNER, "list": "steps", "before": ITEM, "value": {"id": …}}
 *     {"op": "move", "item": ITEM, "at": OWNER, "list": "steps", "before": ITEM}
 *     {"op": "delete", "item": ITEM}
 *     {"op": "replace", "value": {the whole document}}
 *
 * `field` and `list` go through objects by names and through lists by numbers, from 0,
 * with points between. Without `before`, or when that item is gone, the end of the list.
 * Two people's operations merge per field: the later one wins, whatever else changed. */
#ifndef MAP_EDIT_H
#define MAP_EDIT_H

#include "base/err.h"
#include "text/json.h"

/* Change the document; *ret_inverse (a new reference) undoes exactly this. Whether the
 * document is still a map, map_from_json says. On failure it is unchanged: VG_ERR_INPUT
 * (no operation that could be), VG_ERR_NOT_FOUND (its target is not there, any more),
 * VG_ERR_CONFLICT (an id is there already), VG_ERR_MEMORY. */
MUST_CHECK enum vg_code edit_apply(json_t *document, const json_t *operation,
                                   json_t **ret_inverse, struct vg_err *err);

#endif
