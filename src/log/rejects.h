/* rejects: rows that could not be used, told in the report and written to a CSV file:
 * file, line, reason, row as it stood. The file opens well in a spreadsheet: it has a
 * mark (BOM), ';' in Italian and ',' in English, and no cell is taken for a formula. */
#ifndef LOG_REJECTS_H
#define LOG_REJECTS_H

#include "base/buf.h"
#include "log/read.h"

#include <stdio.h>

struct rejects {
    struct arena *arena;
    FILE *file; /* NULL: not asked for */
    const char *path;
    struct buf line;
};

/* path NULL: keep only the report's. */
MUST_CHECK enum vg_code rejects_open(struct rejects *rejects, struct arena *arena,
                                     const char *path, struct vg_err *err);
/* Keep one row of `file`: in its report, up to LIMIT_REJECTS_SHOWN, and in the CSV. */
MUST_CHECK enum vg_code rejects_add(struct rejects *rejects, struct read_file *file,
                                    uint64_t line, const char *reason, str row,
                                    struct vg_err *err);
/* Close the file; VG_ERR_IO when it could not be written to its end. */
MUST_CHECK enum vg_code rejects_close(struct rejects *rejects, struct vg_err *err);

#endif
