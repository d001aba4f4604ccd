/* import: a map from what people have at hand.
 *
 * From a table: the rows that map_to_csv writes, or the wide form of templates, one row
 * a stage (Stage | Touchpoints | Goals | Pain points | Emotions | Opportunities |
 * Metrics, or their Italian names; lines and ';' part a cell into several). */
#ifndef MAP_IMPORT_H
#define MAP_IMPORT_H

#include "map/map.h"

/* VG_ERR_INPUT names the row and what is wrong. *ret_notes as in map/mermaid.h. */
MUST_CHECK enum vg_code map_from_table(str text, const char *name, struct vg_map **ret,
                                       struct map_texts *ret_notes, struct vg_err *err);
/* Whatever it is: JSON begins with '{', Mermaid has a line "journey"; otherwise the
 * name's ending decides, and the rest is a table. "-" is standard input. */
MUST_CHECK enum vg_code map_from_text(str text, const char *name, struct vg_map **ret,
                                      struct map_texts *ret_notes, struct vg_err *err);
MUST_CHECK enum vg_code map_open_file(const char *path, struct vg_map **ret,
                                      struct map_texts *ret_notes, struct vg_err *err);

#endif
