/* mermaid: a map as a Mermaid `journey` diagram, and back.
 *
 * A step is a task; its score is the valence, −2 … +2 as 1 … 5 and rounded; its actors
 * are the channels of its touchpoints. What Mermaid cannot say (the exact valence, pains,
 * owners, ids, …) travels in comments "%% viaggio …", one JSON object per thing, and
 * comes back: a map written and read again is the same map, byte for byte. Without the
 * comments a diagram anybody wrote is a map with titles, phases, scores and actors. */
#ifndef MAP_MERMAID_H
#define MAP_MERMAID_H

#include "map/map.h"

MUST_CHECK enum vg_code map_to_mermaid(const struct vg_map *map, struct buf *out,
                                       struct vg_err *err);
/* *ret_notes (in the map's arena; may be NULL): what was read otherwise than written, a
 * sentence each ("line 7: the score 13 is beyond 5, and was read as 5"). */
MUST_CHECK enum vg_code map_from_mermaid(str text, const char *name, struct vg_map **ret,
                                         struct map_texts *ret_notes, struct vg_err *err);

#endif
