/* evidence: files and a filter → the log a question is about.
 * Ownership  the log is the evidence's, the reading report its arena's; evidence_close.
 */
#ifndef APP_EVIDENCE_H
#define APP_EVIDENCE_H

#include "log/filter.h"
#include "log/read.h"

struct evidence_options {
    const char *const *files;
    size_t file_count;
    const char *workspace; /* a data file instead of files; NULL: none */
    struct read_options read;
    struct log_filter filter;
};
struct evidence {
    struct arena *arena;
    struct vg_log *log;
    struct read_report report;
    uint64_t events_read, traces_read; /* before the filter */
};

/* Read all files, cut journeys at pauses, keep what the filter says. Attributes that the
 * filter asks for are kept while reading. On failure `ret->report` tells how far reading
 * came; close it in any case. VG_ERR_NOT_FOUND for a name the evidence does not have. */
MUST_CHECK enum vg_code evidence_open(const struct evidence_options *options,
                                      struct evidence *ret, struct vg_err *err);
void evidence_close(struct evidence *evidence); /* a zeroed one is fine */

#endif
