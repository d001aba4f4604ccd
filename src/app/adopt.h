/* adopt: what a map brings along that a team keeps in lists: its personas, and the
 * departments and channels its touchpoints name. */
#ifndef APP_ADOPT_H
#define APP_ADOPT_H

#include "store/maps.h"

/* Put those that the lists do not have yet into them; names are compared without case.
 * What is in a list already stays as it is. */
MUST_CHECK enum vg_code adopt_lists(struct store *store, struct arena *arena,
                                    const struct vg_map *map, struct vg_err *err);

#endif
