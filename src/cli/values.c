/* Near names. Declared in cli/request.h. */
#include "cli/request.h"

#include <string.h>

/* How many letters to add, drop, change or swap with the next (optimal string alignment;
 * Boytsov 2011, section 2.2). Words longer than the table count as far apart. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 31 };
    size_t table[LONGEST + 1][LONGEST + 1];
    size_t rows = strlen(a), columns = strlen(b);
    if (rows > LONGEST || columns > LONGEST)
        return SIZE_MAX;
    for (size_t i = 0; i <= rows; i++)
        for (size_t j = 0; j <= columns; j++) {
            size_t best = i == 0 ? j : i;
            if (i && j) {
                best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
                best = table[i - 1][j] + 1 < best ? table[i - 1][j] + 1 : best;
                best = table[i][j - 1] + 1 < best ? table[i][j - 1] + 1 : best;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                table[i - 2][j - 2] + 1 < best)
                best = table[i - 2][j - 2] + 1;
            table[i][j] = best;
        }
    return table[rows][columns];
}

const char *nearest_name(const char *word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t least = strlen(word) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t apart = distance(word, names[i]);
        /* What was typed so far of a longer name is near it, too. */
        if (strlen(word) >= 3 && strncmp(word, names[i], strlen(word)) == 0)
            apart = 1;
        if (apart <= least && (!best || apart < least)) {
            best = names[i];
            least = apart;
        }
    }
    return best;
}
