/* synthetic: evidence made up for a map, the same every time, to draw posters from. */
#ifndef TESTS_VIEW_SYNTHETIC_H
#define TESTS_VIEW_SYNTHETIC_H

#include "base/date.h"
#include "view/study.h"

#include <math.h>

static inline double synthetic_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 33) / (double)(1u << 31);
}

static inline void synthetic_funnel(struct arena *arena, const struct vg_map *map,
                                    uint64_t *random, struct vg_funnel *funnel)
{
    size_t n = map->step_count;
    *funnel = (struct vg_funnel){.steps = arena_array(arena, struct vg_funnel_step, n),
                                 .step_count = n,
                                 .trace_count = 1284};
    double here = 1284;
    for (size_t i = 0; i < n; i++) {
        struct vg_funnel_step *s = &funnel->steps[i];
        bool last = i + 1 == n;
        double share =
            synthetic_random(random) < 0.3 ? 0.01 : 0.2 * synthetic_random(random);
        s->activity = map->steps[i].title;
        s->reached = (uint64_t)here;
        s->lost = last ? 0 : (uint64_t)(here * share);
        s->travelling = last ? 0 : (uint64_t)(here * 0.02);
        s->moved_on = s->reached - s->lost - s->travelling;
        s->lost_share = here > 0 ? (double)s->lost / here : NAN;
        s->lost_low = fmax(0, s->lost_share - 0.02);
        s->lost_high = s->lost_share + 0.02;
        s->median_s = pow(10, 2 + 5 * synthetic_random(random));
        here = (double)s->moved_on;
    }
    funnel->arrived = (uint64_t)here;
}

static inline void synthetic_align(struct arena *arena, const struct vg_map *map,
                                   uint64_t *random, struct vg_align *align)
{
    size_t n = map->step_count;
    *align = (struct vg_align){
        .trace_count = 1284, .fitting_count = 521, .fitness_mean = 0.83};
    align->steps = arena_array(arena, struct vg_align_step, n);
    align->step_count = n;
    for (size_t i = 0; i < n; i++)
        align->steps[i] =
            (struct vg_align_step){.id = map->steps[i].id,
                                   .title = map->steps[i].title,
                                   .seen = 900,
                                   .events = synthetic_random(random) < 0.9 ? 900 : 0};
    align->shortcuts = arena_array(arena, struct vg_shortcut, 2);
    if (n > 2) {
        align->shortcut_count = 1;
        align->shortcuts[0] =
            (struct vg_shortcut){.from = map->steps[n - 2].id,
                                 .to = "",
                                 .from_title = map->steps[n - 2].title,
                                 .to_title = "",
                                 .activity = "Chiama il capo produzione",
                                 .traces = 134,
                                 .passing = 431,
                                 .share = 0.31,
                                 .share_low = 0.27,
                                 .share_high = 0.36};
    }
}

static inline void synthetic_emotions(struct arena *arena, const struct vg_map *map,
                                      uint64_t *random, struct vg_emotions *emotions)
{
    size_t n = map->step_count;
    *emotions = (struct vg_emotions){
        .steps = arena_array(arena, struct vg_step_emotion, n), .step_count = n};
    for (size_t i = 0; i < n; i++) {
        struct vg_step_emotion *e = &emotions->steps[i];
        double believed = map->steps[i].feeling.valence;
        e->id = map->steps[i].id;
        e->title = map->steps[i].title;
        e->believed = believed;
        e->n = synthetic_random(random) < 0.12
                   ? 0
                   : (uint64_t)(1 + 400 * synthetic_random(random));
        double off = -1.6 * synthetic_random(random) * synthetic_random(random);
        e->mean = e->n ? fmin(2, fmax(-2, (isfinite(believed)
                                               ? believed
                                               : 4 * synthetic_random(random) - 2) +
                                              off))
                       : NAN;
        double half = e->n > 1 ? 1.96 * 0.9 / sqrt((double)e->n) : NAN;
        e->low = e->mean - half;
        e->high = e->mean + half;
        e->gap = e->mean - believed;
        emotions->n += e->n;
    }
}

/* Evidence for every question the poster asks. */
static inline void synthetic_study(struct arena *arena, const struct vg_map *map,
                                   uint64_t seed, struct study *study)
{
    uint64_t random = seed * 7919 + 1;
    *study = (struct study){.map = map,
                            .now_us = date_to_us(&(struct date){2026, 2, 1, 0, 0, 0, 0})};
    synthetic_funnel(arena, map, &random, &study->funnel);
    synthetic_align(arena, map, &random, &study->align);
    synthetic_emotions(arena, map, &random, &study->emotions);
}

#endif
