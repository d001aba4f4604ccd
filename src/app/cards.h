/* cards: the workspace's maps at a glance, and what is worth a look first. */
#ifndef APP_CARDS_H
#define APP_CARDS_H

#include "app/cache.h"

/* One map's card. `study` may be NULL: what only evidence tells is null then, and
 * "pending" is true. NULL: memory. */
json_t *card_of(const struct vg_map *map, int64_t head, int64_t updated_us,
                const struct study *study) MUST_CHECK;
/* All cards. Studies that are not at hand are made as long as that takes no longer than
 * some two seconds in all; the others are "pending" until it is asked again. */
MUST_CHECK enum vg_code cards_list(struct app_cache *cache, struct store *store,
                                   struct arena *arena, json_t **ret, struct vg_err *err);
/* The page somebody sees first: greeting_findings (at most 3), maps, actions_due (at most
 * 8), sources. */
MUST_CHECK enum vg_code home_make(struct app_cache *cache, struct store *store,
                                  struct arena *arena, json_t **ret, struct vg_err *err);

/* The checks of a map, each with "id" (its own: rule, place and what it is about) and
 * "dismissed": null or {because, who, on}, as the map's document says. *ret_open: how
 * many are not dismissed.
 */
json_t *checks_with_dismissals(const struct vg_map *map,
                               const struct map_findings *checks,
                               size_t *ret_open) MUST_CHECK;

#endif
