/* import_list: what the two readers of tables share. Private to src/map/import*.c. */
#ifndef MAP_IMPORT_LIST_H
#define MAP_IMPORT_LIST_H

#include "map/fields.h"
#include "map/import.h"

/* A table at hand: cells[row][column], all UTF-8, trimmed, their formulas' guard off. */
struct grid {
    struct arena *arena;
    const char *name;
    const char **cells; /* [rows × columns] */
    uint64_t *lines;    /* [rows] */
    size_t rows, columns;
    json_t *notes; /* texts */
    struct vg_err *err;
};
static inline const char *grid_at(const struct grid *grid, size_t row, size_t column)
{
    return row < grid->rows && column < grid->columns
               ? grid->cells[row * grid->columns + column]
               : "";
}
void grid_note(struct grid *grid, const char *text); /* NULL: nothing */
/* Names that mean a code, whatever their capitals, accents and punctuation: the first
 * that is added counts. False: memory. */
bool names_add(json_t *names, struct arena *arena, const char *name, size_t code);
/* The code, or SIZE_MAX. */
size_t names_find(const json_t *names, struct arena *arena, const char *text);
/* "1,5", "-2", "+1": true and the number. */
bool read_amount(const char *text, double *ret);
json_t *json_amount(double value); /* whole numbers stay whole */

/* Row by row, one a cell. */
MUST_CHECK enum vg_code import_cells(struct grid *grid, const size_t *columns,
                                     size_t header, struct vg_map **ret);
/* One row a stage. *ret NULL: the header is not of that form. */
MUST_CHECK enum vg_code import_stages(struct grid *grid, struct vg_map **ret);

#endif
