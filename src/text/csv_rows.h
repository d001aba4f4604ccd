/* csv_rows: the rows of a CSV text one after the other, and how such a text is written.
 *
 * For looking at a file before it is read in earnest: log/csv_load.h, which has the same
 * rules for rows and fields, does that in parallel. */
#ifndef TEXT_CSV_ROWS_H
#define TEXT_CSV_ROWS_H

#include "base/arena.h"
#include "base/str.h"

struct csv_rows {
    str bytes; /* UTF-8 without its mark */
    size_t at; /* where the next row begins */
    uint64_t line;
    char delimiter, quote; /* quote 0: none */
};
struct csv_row {
    size_t offset; /* where it begins */
    uint64_t line;
    str *cells; /* [count] without quotes and white space at both ends */
    size_t count;
    bool too_wide; /* it had more than LIMIT_COLUMNS; the rest was left out */
};

/* The next row that is not empty. False at the end, or when memory is used up (then
 * ret->cells is NULL and ret->count is SIZE_MAX). */
bool csv_rows_next(struct csv_rows *rows, struct arena *arena, struct csv_row *ret);

/* "sep=;" as the first line, as spreadsheets write and obey: the delimiter, and how long
 * that line is with its line break. 0 when there is none. */
char csv_sep_line(str bytes, size_t *ret_len);
/* The one of ; , tab | that cuts the first rows most evenly, and the quote they use. */
void csv_dialect_guess(str bytes, char *ret_delimiter, char *ret_quote);

#endif
