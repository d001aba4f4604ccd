/* column_stats: what the values of a column look like, from the first rows. */
#ifndef LOG_COLUMN_STATS_H
#define LOG_COLUMN_STATS_H

#include "log/grid.h"
#include "text/time_format.h"

struct column_stats {
    str plain;     /* its name made comparable; len 0: none */
    size_t filled; /* values that are not empty */
    size_t distinct;
    size_t numbers, with_comma, with_point; /* values that are numbers, and their marks */
    size_t whole;                           /* numbers without a fraction */
    double low, high;
    size_t clocks, colon_clocks; /* times of day; those with ':' */
    size_t channels;             /* names of channels */
    size_t spaced;               /* values of several words */
    size_t contacts;             /* e-mail addresses */
    double mean_len;
    size_t times; /* read by `format` */
    struct time_format format;
};

/* Columns 0 … count − 1 of the rows from first_row on. names: [count], as they stand, or
 * NULL. NULL when memory is used up. order: as of time_guess. */
struct column_stats *column_stats_make(struct arena *arena, const struct grid *grid,
                                       size_t first_row, const str *names, size_t count,
                                       char order,
                                       const struct time_zone *zone) MUST_CHECK;

#endif
