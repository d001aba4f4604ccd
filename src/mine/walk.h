/* walk: how one trace goes along a way. */
#ifndef MINE_WALK_H
#define MINE_WALK_H

#include "mine/way.h"

struct stop {
    uint32_t node;
    size_t row; /* the event that reached it */
};
/* A walker walks one trace after the other; one for each worker. */
struct walker {
    const struct way *way;
    const struct vg_log *log;
    bool strict;
    int64_t window_us; /* INT64_MAX: none */
    /* The walk of the trace walked last. */
    struct stop *stops; /* [stop_count] in order; none: it never began */
    size_t stop_count;
    bool arrived;
    bool over; /* not arrived, and cannot go on any more */
    /* scratch, [way->count] each */
    size_t *row, *start;
    uint32_t *parent;
    uint32_t *trail;    /* [count × count] when strict and there are choices */
    size_t *side_trace; /* [side_count] the trace it was counted for, + 1 */
};
/* Lives in `arena`. VG_ERR_MEMORY; VG_ERR_USAGE for a window that is no time. */
MUST_CHECK enum vg_code walker_make(struct arena *arena, const struct way *way,
                                    const struct vg_log *log,
                                    const struct vg_funnel_options *options,
                                    struct walker *ret, struct vg_err *err);
void walk_trace(struct walker *walker, size_t trace);
/* How far a trace got that did not arrive by its walk, the one walked last: nowhere else;
 * it has an event of a later stage, so it went on by another way; or one of the last.
 * Of funnels over a map only. */
enum walk_past { PAST_NOTHING, PAST_LATER, PAST_END };
enum walk_past walk_past(const struct walker *walker, size_t trace);
/* Call visit(ctx, side, row) once for each side step that the trace walked last came by
 * on its way, at the first such event. */
void walk_sides(struct walker *walker, size_t trace,
                void (*visit)(void *ctx, size_t side, size_t row), void *ctx);

#endif
