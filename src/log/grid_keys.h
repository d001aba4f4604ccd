/* grid_keys: rows that are made of keys and values (XES, JSON) as cells in columns.
 * Inside of log/grid. */
#ifndef LOG_GRID_KEYS_H
#define LOG_GRID_KEYS_H

#include "log/grid.h"

/* Collect the keys of the first rows of an XES or JSON table; nothing to do for others.
 * VG_ERR_LIMIT beyond LIMIT_COLUMNS. */
MUST_CHECK enum vg_code grid_keys_learn(struct grid *grid, struct vg_err *err);

#endif
