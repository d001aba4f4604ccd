/* path_page: what viaggio path shows of one client, and of the cohorts. */
#ifndef CLI_PATH_PAGE_H
#define CLI_PATH_PAGE_H

#include "cli/run.h"
#include "improve/path.h"

enum tone path_tone(enum path_state state);
/* How far the objectives are: "62%", or "–". */
const char *path_share(const struct run *run, double share);
MUST_CHECK enum vg_code print_client(struct run *run, const struct path *path,
                                     size_t client, struct vg_err *err);
MUST_CHECK enum vg_code print_cohorts(struct run *run, const struct path *path,
                                      struct vg_err *err);

#endif
