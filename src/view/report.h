/* report: the study as one HTML page that a consultant can send as it is. The answer
 * first, then the poster, then what each number rests on. It asks nothing of the network,
 * runs from a memory stick, prints, reads aloud, and follows the reader's light or dark.
 *
 * Hostile    every text of a file or a person is escaped; a content security policy
 * allows this page's own style and script, by their SHA-256, and nothing else. Same
 * study, same bytes. */
#ifndef VIEW_REPORT_H
#define VIEW_REPORT_H

#include "base/buf.h"
#include "view/study.h"

struct report_options {
    /* Files that lie beside the page and that it links to ("poster.pdf"). */
    const char *const *beside;
    size_t beside_count;
    bool hide_names; /* no customer's name anywhere: for a report that leaves the firm */
    bool only_map;   /* the poster and its table, without the report's other parts */
};
/* poster: an <svg> made with svg_options.inside_html; ptr NULL: the page goes without.
 * options NULL: nothing beside, names shown. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code report_html(struct arena *arena, const struct study *study,
                                    str poster, const struct report_options *options,
                                    struct buf *out, struct vg_err *err);

#endif
