#include "check.h"

#include "map_maker.h"
#include "mine/avx2.h"
#include "mine/json.h"
#include "mine/mine.h"
#include "random_log.h"

#include <stdlib.h>

enum { EVENTS_MAX = 20000 };

/* ---- every walk over a map, tried out ------------------------------------------------
 */

/* How far a walk came. Places are compared by stage, then whether it is passed, then how
 * deep in a branch. */
struct place {
    size_t stage, depth; /* stage from 1; 0: nowhere */
    bool passed;
};
struct trial {
    const struct vg_log *log;
    const struct steps *steps;
    size_t end;
    bool strict;
    int64_t window_us;  /* INT64_MAX: none */
    size_t first, last; /* rows of the walk being tried */
    struct place best;
    size_t best_first, best_last; /* of those that came as far, the one begun last */
};

static int64_t rank_of(struct place place)
{
    return (int64_t)(place.stage * 100 + (place.passed ? 99 : place.depth));
}

static size_t stage_end(const struct steps *steps, size_t i)
{
    size_t end = i + 1;
    while (steps->choice[i] && end < steps->count &&
           steps->choice[end] == steps->choice[i])
        end++;
    return end;
}

static bool seen_by_all(const struct steps *steps, size_t i)
{
    return !steps->optional[i] && !steps->unseen[i];
}

/* A stage holds people up when each of its branches has a step that does. */
static bool stage_holds(const struct steps *steps, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        bool held = false;
        for (size_t j = begin; j < end; j++)
            held =
                held || (steps->branch[j] == steps->branch[i] && seen_by_all(steps, j));
        if (!held)
            return false;
    }
    return true;
}

static void note(struct trial *trial, struct place place)
{
    int64_t further = rank_of(place) - rank_of(trial->best);
    if (further < 0 || (further == 0 && trial->first < trial->best_first))
        return;
    trial->best = place;
    trial->best_first = trial->first;
    trial->best_last = trial->last;
}

static void try_stage(struct trial *trial, size_t begin, size_t stage, size_t row);

/* Walk on at the first step from `i` on that is on this branch, at any event that may. */
static void try_branch(struct trial *trial, size_t begin, size_t i, uint32_t branch,
                       struct place at, size_t row)
{
    const struct steps *steps = trial->steps;
    size_t end = stage_end(steps, begin);
    while (i < end && (steps->branch[i] != branch || !seen_by_all(steps, i)))
        i++;
    if (i == end) {
        at.passed = true;
        note(trial, at);
        try_stage(trial, end, at.stage + 1, row);
        return;
    }
    bool begins = at.stage == 1 && at.depth == 0;
    size_t first = trial->first;
    for (size_t r = row; r < trial->end; r++) {
        if (!begins && trial->strict && r > row)
            return;
        if (!begins && trial->window_us != INT64_MAX &&
            trial->log->at_us[r] - trial->log->at_us[first] > trial->window_us)
            return;
        if (!steps_at(steps, trial->log, i, r))
            continue;
        trial->first = begins ? r : first;
        size_t last = trial->last;
        trial->last = r;
        struct place next = {at.stage, at.depth + 1, false};
        note(trial, next);
        try_branch(trial, begin, i + 1, branch, next, r + 1);
        trial->last = last;
    }
    trial->first = first;
}

static void try_stage(struct trial *trial, size_t begin, size_t stage, size_t row)
{
    const struct steps *steps = trial->steps;
    while (begin < steps->count && !stage_holds(steps, begin, stage_end(steps, begin)))
        begin = stage_end(steps, begin);
    if (begin == steps->count)
        return;
    size_t end = stage_end(steps, begin);
    for (size_t i = begin; i < end; i++)
        if (i == begin || steps->branch[i] != steps->branch[i - 1])
            try_branch(trial, begin, begin, steps->branch[i], (struct place){stage, 0, 0},
                       row);
}

/* How many stopped at each place, by rank_of; and how many of those not arrived cannot go
 * on. */
struct stops {
    uint64_t at[1000], over;
};

static struct stops stops_by_trying(const struct vg_log *log, const struct steps *steps,
                                    const struct vg_funnel_options *options,
                                    size_t stages)
{
    struct stops stops = {0};
    for (size_t t = 0; t < log->traces; t++) {
        struct trial trial = {.log = log,
                              .steps = steps,
                              .end = log->first[t + 1],
                              .strict = options->strict,
                              .window_us = options->window_s > 0
                                               ? (int64_t)(options->window_s * 1e6)
                                               : INT64_MAX};
        try_stage(&trial, 0, 1, log->first[t]);
        stops.at[rank_of(trial.best)]++;
        if (trial.best.stage == 0 || (trial.best.stage == stages && trial.best.passed))
            continue;
        bool closed = trial.window_us != INT64_MAX &&
                      log->last_us - log->at_us[trial.best_first] >= trial.window_us;
        bool broken = trial.strict && trial.best_last + 1 < trial.end;
        stops.over += closed || broken;
    }
    return stops;
}

/* The same from the funnel: who stops at a step is lost or travelling there. */
static struct stops stops_of(const struct vg_funnel *funnel, const struct steps *steps,
                             size_t traces, size_t *ret_stages)
{
    struct stops stops = {0};
    size_t stage = 0;
    uint64_t all = 0;
    for (size_t begin = 0, end; begin < steps->count; begin = end) {
        end = stage_end(steps, begin);
        if (!stage_holds(steps, begin, end))
            continue;
        stage++;
        for (size_t i = begin; i < end; i++) {
            const struct vg_funnel_step *step = &funnel->steps[i];
            struct place place = {stage, 1, true};
            if (!seen_by_all(steps, i))
                continue;
            assert_int_equal(step->elsewhere, 0);
            assert_int_equal(step->reached,
                             step->moved_on + step->lost + step->travelling);
            for (size_t j = begin; j < end; j++) {
                bool beside =
                    steps->branch[j] == steps->branch[i] && seen_by_all(steps, j);
                place.depth += beside && j < i;
                place.passed = place.passed && !(beside && j > i);
            }
            stops.at[rank_of(place)] += step->lost + step->travelling;
            stops.over += step->lost;
            all += step->lost + step->travelling;
        }
    }
    if (stage > 0)
        stops.at[rank_of((struct place){stage, 0, true})] += funnel->arrived;
    stops.at[0] = traces - all - funnel->arrived;
    *ret_stages = stage;
    return stops;
}

/* "(A B? | C D) E": some of it a choice, some optional, some letters twice. */
static void random_map(uint64_t *state, char *text, size_t size)
{
    size_t used = 0, steps = 2 + random_below(state, 5);
    bool in_choice = false;
    for (size_t i = 0; i < steps; i++) {
        const char *before = i ? " " : "";
        if (!in_choice && random_below(state, 3) == 0 && i + 1 < steps)
            before = i ? " (" : "(", in_choice = true;
        else if (in_choice)
            before = random_below(state, 2) ? " | " : " ";
        used += (size_t)snprintf(text + used, size - used, "%s%c%s", before,
                                 (char)('A' + random_below(state, 5)),
                                 random_below(state, 4) ? "" : "?");
        if (in_choice && (i + 1 == steps || random_below(state, 3) == 0)) {
            used += (size_t)snprintf(text + used, size - used, ")");
            in_choice = false;
        }
    }
}

static void check_over_map(struct arena *arena, const struct vg_log *log,
                           const struct steps *steps, const char *map,
                           const struct vg_funnel_options *options)
{
    struct vg_funnel funnel;
    struct vg_err err = {0};
    size_t stages;
    assert_ok(funnel_mine(arena, log, steps, options, &funnel, &err));
    struct stops got = stops_of(&funnel, steps, log->traces, &stages);
    struct stops expected = stops_by_trying(log, steps, options, stages);
    for (size_t i = 0; i < COUNT_OF(got.at); i++)
        if (got.at[i] != expected.at[i])
            fail_msg("%s, %s, window %g: %d stop at %zu, not %d", map,
                     options->strict ? "strict" : "any", options->window_s,
                     (int)got.at[i], i, (int)expected.at[i]);
    if (got.over < expected.over)
        fail_msg("%s, %s, window %g: %d are lost, though %d cannot go on", map,
                 options->strict ? "strict" : "any", options->window_s, (int)got.over,
                 (int)expected.over);
}

static void windows_and_runs_over_any_map_are_what_trying_every_walk_gives(void **state)
{
    (void)state;
    static const struct vg_funnel_options kinds[] = {
        {false, 0.001}, {false, 1}, {false, 60}, {false, 600},
        {true, 0},      {true, 1},  {true, 600}};
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 521288629;
    assert_non_null(events);
    for (size_t round = 0; round < 400; round++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct steps steps;
        char words[256] = "";
        size_t count = random_events(&seed, 25, 9, 4, events);
        struct vg_log *log = log_from_events(events, count);
        random_map(&seed, words, sizeof words);
        struct vg_map *map = map_from_words(words);
        assert_ok(steps_from_map(arena, log, map, &steps, &err));
        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            check_over_map(arena, log, &steps, words, &kinds[i]);
        map_close(map);
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

/* ---- the wide instructions and their plain twin --------------------------------------
 */

static json_t *answer(struct arena *arena, const struct vg_log *log,
                      const struct steps *steps, bool plain)
{
    struct vg_funnel funnel;
    struct vg_err err = {0};
    avx2_forbid(plain);
    assert_ok(funnel_mine(arena, log, steps, NULL, &funnel, &err));
    avx2_forbid(false);
    return funnel_to_json(&funnel);
}

static void check_twins(struct arena *arena, const struct vg_log *log,
                        const struct steps *steps)
{
    json_t *wide = answer(arena, log, steps, false);
    json_t *plain = answer(arena, log, steps, true);
    assert_true(json_equal(wide, plain));
    json_decref(wide);
    json_decref(plain);
}

/* The same letters, or, for more activities than fit in a byte, letters and a number. */
static void many_names(uint64_t *state, struct random_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (random_below(state, 3) == 0)
            snprintf(events[i].activity + 1, sizeof events[i].activity - 1, "%zu",
                     random_below(state, 60));
}

static void wide_and_plain_instructions_walk_alike(void **state)
{
    (void)state;
    static const char *const maps[] = {"A B C", "A+K B C+D+E", "C", "A B A B A B A B A",
                                       "A B C D E F G H"};
    static const char *const names[] = {"A", "K", "B", "K", "C", "J", "D", "A", "B", "C"};
    static const size_t longest[] = {5, 31, 40, 64, 90};
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 88172645463325252;
    assert_non_null(events);
    for (size_t round = 0; round < 40; round++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct steps steps;
        size_t count =
            random_events(&seed, 150, longest[round % COUNT_OF(longest)], 11, events);
        if (round % 2)
            many_names(&seed, events, count);
        struct vg_log *log = log_from_events(events, count);
        assert_true(round % 2 == 0 || count < 2000 || log->activities.count > 256);
        for (size_t n = 1; n <= COUNT_OF(names); n++) {
            assert_ok(steps_from_activities(arena, log, names, n, &steps, &err));
            check_twins(arena, log, &steps);
        }
        for (size_t m = 0; m < COUNT_OF(maps); m++) {
            struct vg_map *map = map_from_words(maps[m]);
            assert_ok(steps_from_map(arena, log, map, &steps, &err));
            check_twins(arena, log, &steps);
            map_close(map);
        }
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_and_runs_over_any_map_are_what_trying_every_walk_gives),
        cmocka_unit_test(wide_and_plain_instructions_walk_alike),
    };
    return cmocka_run_group_tests_name("funnel-oracle", tests, NULL, NULL);
}
