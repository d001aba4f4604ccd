/* fill_down: columns whose empty cells take the value of the row above, as where cells
 * were merged and only a group's first row says whose it is. Only when asked for: an
 * empty cell usually means that nobody knows. Inside of log/read.
 *
 * A row that cannot be read at all ends the group: nobody knows whose the next ones are.
 */
#ifndef LOG_FILL_DOWN_H
#define LOG_FILL_DOWN_H

#include "log/guess_parts.h"

/* Mark the columns that the options name, and fill the sample's cells, so that all else
 * is guessed from what will be read. False when memory is used up. */
MUST_CHECK bool fill_down_sample(struct guessing *g, const str *names);
/* A note where the customers look like merged cells and nobody asked to fill them. */
void fill_down_hint(struct guessing *g);

/* For files that are read row by row. Zeroed is empty. */
struct fill_down {
    struct buf *above; /* [columns] of the columns that are filled */
    str *cells;        /* the row under way */
    size_t capacity;
    uint64_t filled; /* cells */
};
/* The row with its empty cells filled; its cells live until the next one. False when
 * memory is used up. */
MUST_CHECK bool fill_down_row(struct fill_down *fill, const struct guess *guess,
                              const struct grid_cells *row, struct grid_cells *ret);
void fill_down_free(struct fill_down *fill, const struct guess *guess);

#endif
