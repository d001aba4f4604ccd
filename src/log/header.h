/* header: which row names the columns, after title rows and before the data. */
#ifndef LOG_HEADER_H
#define LOG_HEADER_H

#include "log/grid.h"

struct header {
    size_t row;        /* among grid->rows; SIZE_MAX: no row names the columns */
    size_t first_data; /* among grid->rows */
    size_t columns;
};

/* A header is a row nearly as wide as the data, whose cells are all different and are
 * neither dates nor numbers, and of which a cell is a known name, or below which a column
 * holds dates or numbers, or values that recur while the header's never does. What comes
 * before it (titles, "Esportazione del 12/11/2025", blank cells) is left out. */
MUST_CHECK enum vg_code header_find(const struct grid *grid, struct header *ret,
                                    struct vg_err *err);

#endif
