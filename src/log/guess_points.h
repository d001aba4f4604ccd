/* guess_points: how well a column fits a role; the judgement behind log/guess. */
#ifndef LOG_GUESS_POINTS_H
#define LOG_GUESS_POINTS_H

#include "log/column_stats.h"

/* From the name, checked against the values; 0: it does not fit, 30 and more: it does. */
int guess_points(enum role role, const struct column_stats *stats, size_t rows);
/* From the values alone: for the customer and the activity of a file without names. */
int guess_points_by_values(enum role role, const struct column_stats *stats, size_t rows);
/* As the time of day that belongs to a date. */
int guess_points_clock(const struct column_stats *stats);
/* The scale of a column of scores, by its name, then by its range. */
enum score_scale guess_scale(const struct column_stats *stats);

#endif
