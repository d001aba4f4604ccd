/* page: a study as one self-contained HTML page, in memory: for a link, for a download.
 */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include "app/study.h"

struct page_options {
    bool whole;      /* the report; else only the poster with its table twin */
    bool hide_names; /* no customer's name anywhere */
};
/* *ret_policy (in `arena`): the Content-Security-Policy that lets this page do what it
 * does and nothing else. */
MUST_CHECK enum vg_code page_write(struct arena *arena, const struct study *study,
                                   const struct page_options *options, struct buf *out,
                                   const char **ret_policy, struct vg_err *err);

#endif
