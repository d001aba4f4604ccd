/* asked: a log and a map, with the findings of both. */
#ifndef TESTS_MINE_ASKED_H
#define TESTS_MINE_ASKED_H

#include "log_maker.h"
#include "map_maker.h"

#include "base/lang.h"
#include "mine/findings.h"

/* Everything that is asked of a log and a map before the findings are. */
struct asked {
    struct vg_log *log;
    struct vg_map *map;
    struct arena *arena;
    struct vg_funnel funnel;
    struct vg_align align;
    struct vg_emotions emotions;
    struct findings findings;
};

static inline void ask(struct asked *a)
{
    struct steps steps;
    struct vg_err err = {0};
    a->arena = arena_open(0);
    assert_ok(steps_from_map(a->arena, a->log, a->map, &steps, &err));
    assert_ok(funnel_mine(a->arena, a->log, &steps, &(struct vg_funnel_options){0},
                          &a->funnel, &err));
    assert_ok(align_mine(a->arena, a->log, a->map, &a->align, &err));
    assert_ok(emotion_mine(a->arena, a->log, a->map, &a->emotions, &err));
    assert_ok(findings_mine(a->arena, a->log, a->map, &a->funnel, &a->align, &a->emotions,
                            &a->findings, &err));
}
static inline void let_go(struct asked *a)
{
    arena_close(a->arena);
    map_close(a->map);
    log_close(a->log);
    lang_set(LANG_EN);
}

/* The first finding of a kind, or NULL. */
static inline const struct finding *first_of(const struct asked *a,
                                             enum finding_kind kind)
{
    for (size_t i = 0; i < a->findings.count; i++)
        if (a->findings.items[i].kind == kind)
            return &a->findings.items[i];
    return NULL;
}

#endif
