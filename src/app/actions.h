/* actions: what will be done about the pains, over all maps; and as files that people
 * open elsewhere. */
#ifndef APP_ACTIONS_H
#define APP_ACTIONS_H

#include "app/workspace.h"

/* Append the actions of a map to a list: the document's own fields, and map, map_title,
 * pains as [{id, text, step}], overdue, days (to the due day; null without one). */
MUST_CHECK enum vg_code actions_add(json_t *list, const struct vg_map *map,
                                    int64_t now_us, struct vg_err *err);
struct actions_wanted {
    const char *state, *department; /* NULL: any */
    bool late;                      /* only those that are overdue */
};
/* Of all maps, those due first in front. */
MUST_CHECK enum vg_code actions_list(struct store *store, struct arena *arena,
                                     const struct actions_wanted *wanted, int64_t now_us,
                                     json_t **ret, struct vg_err *err);
/* The pains that no action takes care of, those that were dropped aside, of all maps:
 * [{map, map_title, id, text, step, step_title}]. */
MUST_CHECK enum vg_code actions_orphans(struct store *store, struct arena *arena,
                                        json_t **ret, struct vg_err *err);
/* The first `most` that are under way and have a due day, the earliest first. NULL:
 * memory. */
json_t *actions_due(const json_t *list, size_t most) MUST_CHECK;

/* "doing" → "under way", in the reader's words. */
const char *actions_state_text(const char *state);

/* CSV as map_to_csv writes it: a BOM, ';' in Italian, no cell taken for a formula. */
MUST_CHECK enum vg_code actions_csv(struct arena *arena, const json_t *list,
                                    struct buf *out, struct vg_err *err);
/* iCalendar (RFC 5545): a VTODO each. */
MUST_CHECK enum vg_code actions_ics(const json_t *list, int64_t now_us, struct buf *out,
                                    struct vg_err *err);

/* Sources as the API tells them, with their freshness. */
MUST_CHECK enum vg_code sources_json(struct store *store, struct arena *arena,
                                     json_t **ret, struct vg_err *err);

#endif
