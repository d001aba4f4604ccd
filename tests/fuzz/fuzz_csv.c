#include "evidence.h"

#include "text/csv_rows.h"

#include <string.h>

/* The rows of a text do not depend on where reading began: what one pass says begins at
 * an offset, a pass from there says too. */
static void rows_hold(const uint8_t *bytes, size_t len)
{
    struct arena *arena = arena_open((size_t)64 << 20);
    struct csv_rows rows = {
        .bytes = {(const char *)bytes, len}, .line = 1, .delimiter = ';', .quote = '"'};
    struct csv_row row, again;
    HOLDS(arena != NULL);
    for (int n = 0; n < 20 && csv_rows_next(&rows, arena, &row); n++) {
        struct csv_rows from = rows;
        from.at = row.offset;
        from.line = row.line;
        HOLDS(csv_rows_next(&from, arena, &again));
        HOLDS(again.count == row.count && from.at == rows.at && from.line == rows.line);
        for (size_t i = 0; i < row.count; i++)
            HOLDS(str_equal(row.cells[i], again.cells[i]));
    }
    arena_close(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    evidence_holds("evidence.csv", bytes, len);
    rows_hold(bytes, len);
    return 0;
}
