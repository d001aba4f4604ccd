/* study_path: what a study tells of a success path: the board of the report, and for the
 * checks how many former clients reached each target. */
#ifndef APP_STUDY_PATH_H
#define APP_STUDY_PATH_H

#include "app/study.h"

/* Into study->path, of a map that is a success path and has clients; else nothing. By the
 * enrolments and what those did (options->people_log: whoever is enrolled is a client,
 * also one whom the filter of the map's protagonist leaves out of the study), as of
 * study->now_us; without enrolments by the evidence alone, as of study->now_us or, where
 * that is later than what was watched, the log's last day. VG_ERR_MEMORY; VG_ERR_LIMIT.
 */
MUST_CHECK enum vg_code study_path_fill(struct arena *arena, struct study *study,
                                        const struct study_options *options,
                                        struct vg_err *err);

#endif
