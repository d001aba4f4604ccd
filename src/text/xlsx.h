/* xlsx: the rows of one sheet of a workbook (ECMA-376), as text.
 *
 * Numbers are written shortest; dates (by their number format, 1900 or 1904) as
 * 2025-11-12 14:05:33, times of day as 14:05:33; formulas give the value that was saved
 * with them; error values (#N/A) are empty.
 * Limits  LIMIT_ARCHIVE_ENTRIES, LIMIT_UNPACKED_BYTES and LIMIT_UNPACK_RATIO over all
 *         that is unpacked, LIMIT_COLUMNS (cells beyond are left out), LIMIT_FIELD_BYTES.
 * Nothing is ever written to disk: a name with ../ inside the archive leads nowhere. */
#ifndef TEXT_XLSX_H
#define TEXT_XLSX_H

#include "base/err.h"
#include "base/str.h"

struct xlsx;
struct xlsx_row {
    uint64_t number;  /* of the sheet, from 1 */
    const str *cells; /* [count]; valid during the call */
    size_t count;
    bool too_long; /* a cell beyond LIMIT_FIELD_BYTES was left empty */
};
/* Called for each row that has at least one cell with something in it. A code other than
 * VG_OK stops the reading and is what xlsx_rows returns. */
typedef enum vg_code xlsx_sink(void *ctx, const struct xlsx_row *row, struct vg_err *err);

/* bytes and name are borrowed until xlsx_close. VG_ERR_INPUT: not a workbook, damaged,
 * cut off, protected by a password; VG_ERR_LIMIT. */
MUST_CHECK enum vg_code xlsx_open(str bytes, const char *name, struct xlsx **ret,
                                  struct vg_err *err);
void xlsx_close(struct xlsx *xlsx); /* NULL is fine */
/* sheet: its name, or NULL for the first that is not hidden. VG_ERR_NOT_FOUND, with the
 * names there are as the hint. */
MUST_CHECK enum vg_code xlsx_rows(struct xlsx *xlsx, const char *sheet, xlsx_sink *sink,
                                  void *ctx, struct vg_err *err);

#endif
