/* poster: the journey map as one picture, with what the evidence says on it.
 *
 * Rows of at most `row_steps` steps ("systems", like music) stand below each other, cut
 * at phases where that can be; each repeats the names of its lanes. Every height comes
 * from measured text: nothing is cut and nothing overlaps.
 *
 * For scripts   <g data-lane="doing"> holds <g class="cell" data-step="ID"> for each
 * step. Cost          some 50 µs per text. */
#ifndef VIEW_POSTER_H
#define VIEW_POSTER_H

#include "draw/render.h"
#include "draw/scene.h"
#include "view/study.h"

enum poster_lane {
    LANE_OBJECTIVES, /* success paths: what to reach in a step */
    LANE_DOING,
    LANE_TOUCHPOINT, /* and channel */
    LANE_THINKING,
    LANE_FEELING,
    LANE_REALITY,
    LANE_PAINS,
    LANE_OPPORTUNITIES,
    LANE_ACTIONS,
    LANE_OWNERS,
    LANE_COUNT
};
#define POSTER_ALL_LANES ((1u << LANE_COUNT) - 1)

struct poster_options {
    double width;              /* px; 0: as wide as the journey asks for, 1240 … 2180 */
    const struct paper *paper; /* what it will be printed on: no wider than can be read
                                  there; NULL: not said */
    unsigned lanes;            /* bits 1 << lane; 0: all that have something to say */
    size_t row_steps;          /* at most so many steps side by side; 0: 12 */
    const char *id;            /* of the SVG; NULL: "poster" */
};
/* Draw the poster into a new scene. Texts are in the thread's language. ERR_MEMORY. */
MUST_CHECK enum vg_code poster_draw(struct arena *arena, const struct study *study,
                                    const struct poster_options *options,
                                    struct scene **ret, struct vg_err *err);

/* The same as a table, for who cannot see it: an HTML fragment, one table, one row a
 * step, one column a lane. ERR_MEMORY. */
MUST_CHECK enum vg_code poster_table(struct arena *arena, const struct study *study,
                                     struct buf *out, struct vg_err *err);

/* What a lane is called: "doing" for scripts, "What they do" for people. */
const char *poster_lane_name(enum poster_lane lane);
const char *poster_lane_text(enum poster_lane lane);

#endif
