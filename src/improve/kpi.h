/* kpi: one number about the journeys, and the observations it is made of.
 *
 * Definitions, over a period [from, to):
 *   conversion  of the events at step `from`, the share that an event at step `to`
 *               follows within the window. Without a window: the 95th percentile of what
 *               it took those who came. Younger than the window: still under way, left
 *               out.
 *   time        from an event at `from` to the next at `to`; who has not come is counted
 *               as waiting until the log's last event (Kaplan–Meier). The value is the
 *               quantile (0.5, 0.9 …).
 *   rate        events at `from` per journey, within the window (90 days) from its first
 *               event, of the journeys that begin in the period and are as old.
 *   score       mean of the scores given at `from`, one per journey (the mean of its
 *               own); NPS: share of 9 and 10 less share of 0 to 6, in points (F. F.
 *               Reichheld, Harvard Business Review 81 (2003) 46–54); CSAT: share of the
 *               two best of five, in points; stars, CES and valence: as they are.
 *   state       of the journeys with an event in the period, the share whose last one in
 *               it is at `from`.
 *   typed       numbers that somebody wrote down.
 * Ownership  what is returned lives in `arena`.
 * Cost       linear in events, per period. */
#ifndef IMPROVE_KPI_H
#define IMPROVE_KPI_H

#include "improve/compare.h"
#include "mine/mine.h"

enum kpi_kind {
    KPI_CONVERSION,
    KPI_TIME,
    KPI_RATE,
    KPI_SCORE,
    KPI_STATE,
    KPI_TYPED,
    KPI_KINDS
};
struct kpi_reading {
    int64_t at_us;
    double value;
};
struct kpi {
    const char *id, *name;
    enum kpi_kind kind;
    size_t from, to;              /* steps */
    int64_t window_us;            /* INT64_MAX: see above */
    double quantile;              /* of time; 0: 0.5 */
    enum score_scale scale;       /* of scores; SCALE_NONE: the one that most are on */
    struct kpi_reading *readings; /* [reading_count] typed */
    size_t reading_count;
    bool down_is_good;
};
struct period {
    int64_t from_us, to_us; /* from ≤ t < to */
};

struct kpi_observation {
    int64_t at_us;
    double value; /* conversion, state: 0 or 1; time: seconds */
    size_t trace; /* observations stand in order of traces */
    bool over;    /* time: false while waiting; true everywhere else */
};
struct kpi_sample {
    struct kpi_observation *items;
    size_t count;
    uint64_t under_way;     /* too young to count */
    int64_t window_us;      /* what was used */
    enum score_scale scale; /* score: the one most scores are on; others are left out */
};
/* VG_ERR_MEMORY. */
MUST_CHECK enum vg_code kpi_sample(struct arena *arena, const struct vg_log *log,
                                   const struct steps *steps, const struct kpi *kpi,
                                   struct period period, struct kpi_sample *ret,
                                   struct vg_err *err);

struct kpi_point {
    struct period period;
    uint64_t n;
    double value, low, high; /* 95 % interval; NAN where it cannot be told */
};
/* The value of one sample. */
MUST_CHECK enum vg_code kpi_value(const struct kpi *kpi, const struct kpi_sample *sample,
                                  struct kpi_point *ret, struct vg_err *err);

enum kpi_every { EVERY_WEEK, EVERY_MONTH };
/* The whole log by ISO weeks or months (UTC); at most 1,000 points, the last ones. */
MUST_CHECK enum vg_code kpi_series(struct arena *arena, const struct vg_log *log,
                                   const struct steps *steps, const struct kpi *kpi,
                                   enum kpi_every every, struct kpi_point **ret,
                                   size_t *ret_count, struct vg_err *err);

/* What repeated observations of the same journeys make of n: variance of the mean by
 * journeys ∕ variance as if all were independent, at least 1 (J. N. K. Rao & A. J. Scott,
 * Biometrics 48 (1992) 577–585). */
double kpi_design_effect(const struct kpi_sample *sample);

/* "conversion", "time" …; false for another text. */
const char *kpi_kind_name(enum kpi_kind kind);
bool kpi_kind_from_text(const char *text, enum kpi_kind *ret);

#endif
