/* odd_rows: rows that are no evidence but stand in exports all the same. Inside of
 * log/read. */
#ifndef LOG_ODD_ROWS_H
#define LOG_ODD_ROWS_H

#include "base/str.h"

/* What a row that cannot be used looks like, as a sentence: the names of the columns once
 * more, a row of totals; NULL: nothing known. Both as they stand in the file; header len
 * 0: there is none. */
const char *odd_row(str row, str header, char delimiter);

#endif
