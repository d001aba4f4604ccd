/* study_path: what a study tells of a success path: the board of the report, and for the
 * checks how many former clients reached each target. */
#ifndef APP_STUDY_PATH_H
#define APP_STUDY_PATH_H

#include "view/study.h"

struct path_enrolment;
/* Into study->path, of a map that is a success path and has clients; else nothing. By the
 * enrolments and the evidence, as of study->now_us; without enrolments by the evidence
 * alone, as of study->now_us or, where that is later than what was watched, the log's
 * last day. VG_ERR_MEMORY; VG_ERR_LIMIT. */
MUST_CHECK enum vg_code study_path_fill(struct arena *arena, struct study *study,
                                        const struct path_enrolment *enrolments,
                                        size_t enrolment_count, struct vg_err *err);

#endif
