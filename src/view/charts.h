/* charts: each insight as a picture. One function per picture; each lays itself out in
 * the width it is given, so that a phone gets a picture of its own and not a shrunken
 * one.
 *
 * Ownership  the scene lives in `arena`.
 * Texts      in the thread's language; everything a file or a person wrote is broken into
 *            lines, shortened with … where it must be, and never overlaps.
 * Errors     VG_ERR_MEMORY. An insight without data gives a small picture that says so.
 * Every picture carries a title and a description; its table twin is made by the report.
 */
#ifndef VIEW_CHARTS_H
#define VIEW_CHARTS_H

#include "view/study.h"

struct scene; /* draw/scene.h */

struct chart_options {
    const char *id; /* begins every id of the picture: unique in a page. NULL: its name */
    double width;   /* to draw in; 0: what suits it. The flow may come out wider */
};

struct flow_options {
    struct chart_options chart;
    double detail; /* 0: the main way only … 1: every activity and every passage that can
                      be drawn (60 activities, 400 passages) */
};
MUST_CHECK enum vg_code flow_draw(struct arena *arena, const struct vg_flow *flow,
                                  const struct flow_options *options, struct scene **ret,
                                  struct vg_err *err);
/* Who arrives, who is lost, who is still travelling. `map` colours the steps by phase and
 * may be NULL. */
MUST_CHECK enum vg_code funnel_draw(struct arena *arena, const struct vg_funnel *funnel,
                                    const struct vg_map *map,
                                    const struct chart_options *options,
                                    struct scene **ret, struct vg_err *err);
/* What the workshop believed beside what the evidence says, the widest gap first. */
MUST_CHECK enum vg_code belief_draw(struct arena *arena,
                                    const struct vg_emotions *emotions,
                                    const struct chart_options *options,
                                    struct scene **ret, struct vg_err *err);
struct variants_options {
    struct chart_options chart;
    size_t top; /* how many; 0: eight */
    const struct vg_map
        *map; /* colours an activity by the phase it belongs to; or NULL */
    const struct vg_log *log; /* for matches by channel; may be NULL */
};
MUST_CHECK enum vg_code variants_draw(struct arena *arena,
                                      const struct vg_variants *variants,
                                      const struct variants_options *options,
                                      struct scene **ret, struct vg_err *err);
MUST_CHECK enum vg_code survival_draw(struct arena *arena,
                                      const struct vg_survival *survival,
                                      const struct chart_options *options,
                                      struct scene **ret, struct vg_err *err);
/* A KPI over time, with what is usual, its target, and the days of its actions (of
 * `results`, or NULL). */
MUST_CHECK enum vg_code series_draw(struct arena *arena, const struct kpi_result *kpi,
                                    const struct results *results,
                                    const struct chart_options *options,
                                    struct scene **ret, struct vg_err *err);
struct timeline_options {
    struct chart_options chart;
    const struct vg_map *map; /* colours an event by the phase it belongs to; or NULL */
    bool hide_name;           /* "a customer" instead of the name */
};
/* One customer's real journey. VG_ERR_NOT_FOUND: the log has no such trace. */
MUST_CHECK enum vg_code timeline_draw(struct arena *arena, const struct vg_log *log,
                                      size_t trace,
                                      const struct timeline_options *options,
                                      struct scene **ret, struct vg_err *err);

#endif
