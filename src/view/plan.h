/* plan: one page for the board of directors: the map in small, three findings, the
 * actions with who answers and by when, and what was achieved so far, with intervals.
 *
 * Shape  as wide as it is high times √2, so that it prints on A4 and A3 landscape, on one
 *        page whatever the map holds: what does not fit is counted ("and 4 more"). */
#ifndef VIEW_PLAN_H
#define VIEW_PLAN_H

#include "draw/scene.h"
#include "view/study.h"

/* study->results and study->whatif may be NULL: then the page goes without. Texts are in
 * the thread's language. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code plan_draw(struct arena *arena, const struct study *study,
                                  struct scene **ret, struct vg_err *err);

#endif
