/* guess: what each column of a table is for, from its name, its values and the options.
 * Every guess comes with its reason, a sentence in the reader's language. */
#ifndef LOG_GUESS_H
#define LOG_GUESS_H

#include "log/grid.h"
#include "text/time_format.h"

struct guess {
    size_t header;    /* the row of grid->rows that names the columns; SIZE_MAX: none */
    size_t first_row; /* the first row of data among grid->rows */
    size_t column_count;
    struct read_column *columns;
    size_t time, clock; /* columns of the date and of the time of day; SIZE_MAX: none */
    struct time_format format;
    struct csv_moment *moments; /* [moment_count] a wide file: each date is an event; time
                                   and format are then those of the first */
    size_t moment_count;
    bool decimal_comma;
    enum score_scale scale;
    str activity_fixed; /* len 0: there is a column */
    const char **notes;
    size_t note_count, note_capacity;
};

/* VG_ERR_NOT_FOUND: an option names a column that is not there; VG_ERR_INPUT: no column
 * for the customer or the time can be found. *ret is filled as far as it came even then,
 * so that --explain can show it. */
MUST_CHECK enum vg_code guess_columns(const struct grid *grid,
                                      const struct read_options *options,
                                      const struct time_zone *zone, struct guess *ret,
                                      struct vg_err *err);
/* Add a note; false when memory is used up. */
bool guess_note(struct guess *guess, struct arena *arena, const char *note);

#endif
