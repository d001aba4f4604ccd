/* report: a study as a folder that a consultant can send as it is.
 *
 * index.html (self-contained), poster.svg, poster.png, poster.pdf, insight.json, and
 * map.json when the map is a draft.
 * Invariant  everything is made in a temporary folder beside `folder`; only then do the
 *            files take their places, one by one, each whole. Files of other names are
 *            never touched, and files of ours only when an insight.json of ours lies
 *            beside them. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/study.h"

struct report_request {
    const char *folder;
    const char *paper; /* of the PDF; NULL: A3 */
    bool dark;         /* the posters; the page follows its reader */
    bool hide_names;   /* no customer's name in the page */
    bool force;        /* over files that this program did not write */
    struct progress *progress;
};

/* VG_ERR_CONFLICT: a file of ours by name, not by making, is in the way; VG_ERR_IO;
 * VG_ERR_CANCELLED. After a failure the folder is as it was. */
MUST_CHECK enum vg_code report_write(struct arena *arena, const struct study *study,
                                     const struct report_request *request,
                                     struct vg_err *err);

#endif
