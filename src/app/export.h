/* export: a log as one clean CSV file: UTF-8, commas, ISO 8601 times in UTC, one header.
 * A text that a spreadsheet would take for a formula gets an apostrophe in front. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "base/buf.h"
#include "log/log.h"

/* One cell: quoted where it must be, defused where a spreadsheet would take it for a
 * formula. */
void csv_cell(struct buf *out, char separator, str text);

MUST_CHECK enum vg_code export_events_header(const struct vg_log *log, struct buf *out,
                                             struct vg_err *err);
/* The events of one trace; scratch memory is taken from `arena`. */
MUST_CHECK enum vg_code export_events(struct arena *arena, const struct vg_log *log,
                                      size_t trace, struct buf *out, struct vg_err *err);

#endif
