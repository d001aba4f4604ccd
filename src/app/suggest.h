/* suggest: which activities of the evidence are probably which steps of a map. */
#ifndef APP_SUGGEST_H
#define APP_SUGGEST_H

#include "log/log.h"
#include "map/map.h"

/* [{step, activity, channel, score, reason}], the likeliest first: for each activity that
 * no step matches yet, the step whose words (title, touchpoints, doing) are nearest to
 * its own; for touchpoints on the activity's usual channel a little more. score 0 … 1. */
MUST_CHECK enum vg_code suggest_matches(struct arena *arena, const struct vg_log *log,
                                        const struct vg_map *map, json_t **ret,
                                        struct vg_err *err);

#endif
