/* workbook: a map and what the evidence says of it as an XLSX for people who think in
 * tables: one sheet the map (a column a step, a row a lane), one the steps with their
 * numbers, one the actions, one the cells as map_to_csv writes them.
 * A text is always a text: nothing in it is taken for a formula. */
#ifndef APP_WORKBOOK_H
#define APP_WORKBOOK_H

#include "base/buf.h"
#include "view/study.h"

/* VG_ERR_MEMORY, VG_ERR_IO. */
MUST_CHECK enum vg_code workbook_write(const struct study *study, struct buf *out,
                                       struct vg_err *err);

#endif
