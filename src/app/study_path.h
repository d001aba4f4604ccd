/* study_path: what a study tells of a success path: the board of the report, and for the
 * checks how many former clients reached each target. */
#ifndef APP_STUDY_PATH_H
#define APP_STUDY_PATH_H

#include "view/study.h"

/* Into study->path, of a map that is a success path and has clients in the log; else
 * nothing. By the evidence alone, as of study->now_us or, where that is later than what
 * was watched, the log's last day. VG_ERR_MEMORY; VG_ERR_LIMIT. */
MUST_CHECK enum vg_code study_path_fill(struct arena *arena, struct study *study,
                                        struct vg_err *err);

#endif
