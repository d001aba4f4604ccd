/* control: which points of a series are more than its usual ups and downs.
 *
 * The XmR chart: mean of the values, limits at mean ± 2.66 · mean moving range (W. A.
 * Shewhart, 1931; D. J. Wheeler, Understanding Variation, 1993; 2.66 = 3 ∕ d₂, d₂ = 1.128
 * for pairs). Points without a value are left out. */
#ifndef IMPROVE_CONTROL_H
#define IMPROVE_CONTROL_H

#include "improve/kpi.h"

/* Wheeler's rules of detection, by name. */
enum control_signal {
    SIGNAL_NONE = 0,
    SIGNAL_BEYOND = 1, /* "beyond": outside the limits */
    SIGNAL_NEAR = 2,   /* "near-limit": of 4 in a row, 3 nearer the same limit than the
                          mean */
    SIGNAL_RUN = 4,    /* "run": 8 in a row on one side of the mean */
};
struct control {
    double mean, low, high, moving_range; /* NAN with fewer than 2 values */
    unsigned *signals;                    /* [count] set of enum control_signal */
    size_t values;                        /* how many points had one */
};
/* points [count] in order of time. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code control_chart(struct arena *arena, const struct kpi_point *points,
                                      size_t count, struct control *ret,
                                      struct vg_err *err);

#endif
