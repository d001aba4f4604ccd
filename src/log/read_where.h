/* read_where: columns as a question names them → as the log names them. */
#ifndef LOG_READ_WHERE_H
#define LOG_READ_WHERE_H

#include "log/filter.h"
#include "log/read.h"

/* Whether a filter knows the name without a file: "actor", "channel", "customer" … */
bool where_is_own(const char *name);
/* The columns of `filter` by the names the log gives them: the header of a column that
 * has a role becomes the role's ("Operatore" → "actor"), that of an attribute is written
 * as in the file. VG_ERR_USAGE: it is the time, which --since and --until ask about. */
MUST_CHECK enum vg_code read_where(struct arena *arena, const struct read_report *report,
                                   struct log_filter *filter, struct vg_err *err);

#endif
