/* funnel_of: a funnel of activities by their names, written down in tests. */
#ifndef TESTS_MINE_FUNNEL_OF_H
#define TESTS_MINE_FUNNEL_OF_H

#include "check.h"

#include "mine/funnel.h"
#include "mine/mine.h"

static inline struct vg_funnel funnel_of(struct arena *arena, const struct vg_log *log,
                                         const char *const *names, size_t count,
                                         struct vg_funnel_options options)
{
    struct steps steps;
    struct vg_funnel funnel;
    struct vg_err err = {0};
    assert_ok(steps_from_activities(arena, log, names, count, &steps, &err));
    assert_ok(funnel_mine(arena, log, &steps, &options, &funnel, &err));
    return funnel;
}

#endif
