/* matrix: the opportunity matrix: what each action is worth against what it takes, the
 * bubble as large as the evidence behind it.
 *
 * Value   1 … 5: by hand, else from the what-if (the step it mends that is worth most,
 *         against the step of the map that is worth most), else unknown.
 * Effort  1 … 5, by hand.
 * Bubble  its area grows with the journeys that came by the steps it is about; full where
 *         an effect was found, open where none was looked for or seen.
 * Those without value or effort are named below. Bubbles stand apart, each has its
 * number; the names are in the list beside. */
#ifndef VIEW_MATRIX_H
#define VIEW_MATRIX_H

#include "view/charts.h"

/* study->whatif and study->results may be NULL. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code matrix_draw(struct arena *arena, const struct study *study,
                                    const struct chart_options *options,
                                    struct scene **ret, struct vg_err *err);

/* An action's place: false when value or effort is not known. */
struct matrix_place {
    double value, effort; /* 1 … 5; NAN */
    uint64_t evidence;    /* journeys */
    bool computed;        /* value comes from the what-if */
};
bool matrix_place(const struct study *study, const struct map_action *action,
                  struct matrix_place *ret);

#endif
