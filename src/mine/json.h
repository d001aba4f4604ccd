/* json: insights as JSON, for --json, insight.json and the API. The names are those of
 * docs/schema/NAME.schema.json; what is not known (NAN) is null.
 *
 * Ownership  the caller has the one reference: json_decref.
 * Errors     NULL when memory is used up; report it with err_memory. */
#ifndef MINE_JSON_H
#define MINE_JSON_H

#include "mine/mine.h"
#include "text/json.h"

json_t *flow_to_json(const struct vg_flow *flow) MUST_CHECK;
json_t *variants_to_json(const struct vg_variants *variants) MUST_CHECK;
json_t *funnel_to_json(const struct vg_funnel *funnel) MUST_CHECK;
/* points_max: list at most so many points of the curve, evenly spread, first and last
 * among them; 0: all. */
json_t *survival_to_json(const struct vg_survival *survival,
                         size_t points_max) MUST_CHECK;

#endif
