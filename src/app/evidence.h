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
/* The part of `all` (which stays as it is) that is asked about: journeys by `journey`
 * (NULL: as they are), cut at pauses (0: not), then the filter. Its log is a new one, or
 * all's own when nothing is left out: *ret_own tells. The report stays all's. */
MUST_CHECK enum vg_code evidence_part(const struct evidence *all, const char *journey,
                                      double pause_s, const struct log_filter *filter,
                                      struct evidence *ret, bool *ret_own,
                                      struct vg_err *err);
/* A log anew, one journey for each value of the attribute; events without one are left
 * out. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code evidence_regroup(const struct vg_log *log, const char *journey,
                                         struct vg_log **ret, struct vg_err *err);
/* What a log takes in memory. */
size_t evidence_log_bytes(const struct vg_log *log);
void evidence_close(struct evidence *evidence); /* a zeroed one is fine */

#endif
