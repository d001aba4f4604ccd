/* export: a map as text for people (Markdown) and for spreadsheets (CSV).
 * In the thread's language; both leave out nothing that the map says. */
#ifndef MAP_EXPORT_H
#define MAP_EXPORT_H

#include "map/map.h"

MUST_CHECK enum vg_code map_to_markdown(const struct vg_map *map, struct buf *out,
                                        struct vg_err *err);
/* One row a cell: map, phase, phase_order, step, step_order, lane, persona, text, score,
 * channel, owner, status, evidence, updated. RFC 4180, UTF-8 with a BOM, rows end in CR
 * LF; ';' and decimal commas in Italian. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front. */
MUST_CHECK enum vg_code map_to_csv(const struct vg_map *map, struct buf *out,
                                   struct vg_err *err);

#endif
