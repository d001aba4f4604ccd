/* nothing: cells that exports fill in where there is no value. Inside of log/read. */
#ifndef LOG_NOTHING_H
#define LOG_NOTHING_H

#include "base/str.h"

enum { NOTHING_BYTES = 6 }; /* the longest of them */

/* A dash, N/D, n.d., #N/D, their English twins, NULL: such a cell counts as empty. (Not
 * "ND" or "Null", which may be a code or a name.) Fast: called for every cell. */
static inline bool cell_is_nothing(str cell)
{
    static const str marks[] = {{"-", 1},    {"N/D", 3},  {"n/d", 3},  {"N.D.", 4},
                                {"n.d.", 4}, {"#N/D", 4}, {"N/A", 3},  {"n/a", 3},
                                {"#N/A", 4}, {"NULL", 4}, {"null", 4}, {"(null)", 6}};
    if (cell.len == 0 || cell.len > NOTHING_BYTES)
        return false;
    char first = cell.ptr[0];
    if (first != '-' && first != 'N' && first != 'n' && first != '#' && first != '(')
        return false;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_equal(cell, marks[i]))
            return true;
    return false;
}

#endif
