/* read_report: fills the report of reading: what was guessed, what came out, what the
 * reader should know. Inside of log/read. */
#ifndef LOG_READ_REPORT_H
#define LOG_READ_REPORT_H

#include "log/guess.h"

/* Kind, encoding, columns with their reasons, the first rows. */
MUST_CHECK enum vg_code report_guess(struct arena *arena, struct read_file *file,
                                     const struct grid *grid, const struct guess *guess,
                                     struct vg_err *err);
/* Notes that only all rows can tell: dates in the future, repaired characters … */
MUST_CHECK enum vg_code report_counts(struct arena *arena, struct read_file *file,
                                      const struct grid *grid, struct guess *guess,
                                      const struct csv_counts *counts,
                                      struct vg_err *err);
/* A note of each file that is, byte by byte, one given before it: its events count twice.
 */
MUST_CHECK enum vg_code report_twins(struct arena *arena, struct read_report *report,
                                     const str *contents, struct vg_err *err);
/* What is odd about the log as a whole, as notes of the last file. */
MUST_CHECK enum vg_code report_log(struct arena *arena, struct read_report *report,
                                   const struct vg_log *log, struct vg_err *err);
/* "clienti.csv:12" of the first rejected row, else the name alone. */
void report_where(const struct read_file *file, char out[512]);
/* VG_ERR_NOT_FOUND: no file has a column of this name. */
enum vg_code report_no_column(const struct read_report *report, const char *wanted,
                              struct vg_err *err);

#endif
