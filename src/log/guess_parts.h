/* guess_parts: what guess.c (the roles) and guess_moments.c (wide files) share. */
#ifndef LOG_GUESS_PARTS_H
#define LOG_GUESS_PARTS_H

#include "base/limits.h"
#include "log/column_stats.h"
#include "log/guess.h"

struct guessing {
    struct arena *arena;
    const struct grid *grid;
    const struct read_options *options;
    struct column_stats *stats;
    struct guess *guess;
    bool fixed[LIMIT_COLUMNS + 1]; /* set by an option */
    bool memory;                   /* used up */
};

void guess_say(struct guessing *g, const char *text); /* a note of the report */
void guess_give(struct guessing *g, size_t column, enum role role, const char *reason);
/* The first column of the role, or SIZE_MAX. */
size_t guess_column_with(const struct guessing *g, enum role role);
const char *guess_reason(struct guessing *g, enum role role, size_t column, bool by_name);
/* What happened in a file in which nothing says so: the file's name. */
str guess_file_activity(const struct guessing *g);

/* Each date of the column is an event of its own. False when memory is used up. */
MUST_CHECK bool guess_moment(struct guessing *g, size_t column, const char *reason);
/* Is it a wide file? Then its columns of dates become moments. */
void guess_wide(struct guessing *g);
/* Moments that do not tell the day from the month are read as those that do. */
void guess_orders(struct guess *guess);

#endif
