/* Every number of a study stands before a list that is exactly as long. */
#include "check.h"

#include "map_maker.h"
#include "mine/drill_traces.h"
#include "random_log.h"

#include <stdlib.h>

enum { ROUNDS = 60, EVENTS_MAX = 4000, ALL = 7 };

static const char *const shapes[] = {
    "A B C D", "A B? C* D", "A (B C | D) E", "A@c0 B? (C | D@c1 E?) F*", "B A C",
};

struct world {
    struct arena *arena;
    struct vg_log *log;
    struct vg_map *map;
};

static void with_worlds(void (*check)(struct world *world))
{
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uint64_t state = round * 7919;
        size_t count = random_events(&state, 1 + random_below(&state, 40), 12, 7, events);
        struct world world = {arena_open(0), log_from_events(events, count),
                              map_from_words(shapes[round % COUNT_OF(shapes)])};
        check(&world);
        map_close(world.map);
        log_close(world.log);
        arena_close(world.arena);
    }
    free(events);
}

static void check_order(const struct drill_traces *list, const struct vg_log *log)
{
    for (size_t i = 0; i < list->count; i++) {
        assert_true(i == 0 || list->trace[i - 1] < list->trace[i]);
        if (list->row[i] != UINT64_MAX)
            assert_in_range(list->row[i], log->first[list->trace[i]],
                            log->first[list->trace[i] + 1] - 1);
    }
}

static void check_funnel(struct world *world)
{
    struct vg_err err = {0};
    struct steps steps;
    struct vg_funnel funnel;
    struct vg_funnel_options options = {0};
    assert_ok(steps_from_map(world->arena, world->log, world->map, &steps, &err));
    assert_ok(funnel_mine(world->arena, world->log, &steps, &options, &funnel, &err));
    for (size_t s = 0; s < funnel.step_count; s++) {
        const uint64_t counts[] = {funnel.steps[s].moved_on, funnel.steps[s].lost,
                                   funnel.steps[s].travelling};
        struct drill_traces list;
        assert_ok(drill_step(world->arena, world->log, &steps, &options, &funnel, s, ALL,
                             &list, &err));
        assert_int_equal(list.count, funnel.steps[s].reached);
        check_order(&list, world->log);
        assert_ok(drill_step(world->arena, world->log, &steps, &options, &funnel, s,
                             1u << DRILL_ELSEWHERE, &list, &err));
        assert_int_equal(list.count, funnel.steps[s].elsewhere);
        for (unsigned fate = 0; fate < DRILL_FATES; fate++) {
            assert_ok(drill_step(world->arena, world->log, &steps, &options, &funnel, s,
                                 1u << fate, &list, &err));
            assert_int_equal(list.count, counts[fate]);
        }
    }
}

static void check_align(struct world *world)
{
    struct vg_err err = {0};
    struct vg_align align;
    assert_ok(align_mine(world->arena, world->log, world->map, &align, &err));
    for (size_t s = 0; s < align.step_count; s++) {
        const uint64_t counts[] = {align.steps[s].seen, align.steps[s].skipped,
                                   align.steps[s].repeated, align.steps[s].out_of_order};
        for (int kind = DRILL_SEEN; kind <= DRILL_OUT_OF_ORDER; kind++) {
            struct drill_traces list;
            struct drill_align_question question = {.kind = (enum drill_align_kind)kind,
                                                    .step = (int)s};
            assert_ok(drill_align(world->arena, world->log, world->map, &question, &list,
                                  &err));
            assert_int_equal(list.count, counts[kind]);
            check_order(&list, world->log);
        }
    }
}

static int step_number(const struct vg_map *map, const char *id)
{
    for (size_t s = 0; s < map->step_count; s++)
        if (strcmp(map->steps[s].id, id) == 0)
            return (int)s;
    return -1;
}

static void check_ways_off(struct world *world)
{
    struct vg_err err = {0};
    struct vg_align align;
    struct drill_traces list;
    assert_ok(align_mine(world->arena, world->log, world->map, &align, &err));
    for (size_t i = 0; i < align.shortcut_count; i++) {
        struct drill_align_question question = {
            .kind = DRILL_SHORTCUT,
            .step = step_number(world->map, align.shortcuts[i].from),
            .activity = align.shortcuts[i].activity};
        assert_ok(
            drill_align(world->arena, world->log, world->map, &question, &list, &err));
        assert_int_equal(list.count, align.shortcuts[i].traces);
    }
    for (size_t i = 0; i < align.jump_count; i++) {
        struct drill_align_question question = {
            .kind = DRILL_JUMP,
            .step = step_number(world->map, align.jumps[i].from),
            .to = step_number(world->map, align.jumps[i].to)};
        assert_ok(
            drill_align(world->arena, world->log, world->map, &question, &list, &err));
        assert_int_equal(list.count, align.jumps[i].traces);
    }
}

static void check_passages(struct world *world)
{
    struct vg_err err = {0};
    struct vg_flow flow;
    struct vg_variants variants;
    struct drill_traces list;
    assert_ok(flow_mine(world->arena, world->log, &flow, &err));
    assert_ok(variants_mine(world->arena, world->log, 0, &variants, &err));
    for (size_t i = 0; i < variants.variant_count; i++) {
        assert_ok(
            drill_variant(world->arena, world->log, &variants.variants[i], &list, &err));
        assert_int_equal(list.count, variants.variants[i].count);
    }
    for (size_t i = 0; i < flow.start_count; i++) {
        assert_ok(drill_flow(world->arena, world->log, NULL, flow.starts[i].activity,
                             &list, &err));
        assert_int_equal(list.count, flow.starts[i].count);
    }
    for (size_t i = 0; i < flow.end_count; i++) {
        assert_ok(drill_flow(world->arena, world->log, flow.ends[i].activity, NULL, &list,
                             &err));
        assert_int_equal(list.count, flow.ends[i].count);
    }
    for (size_t i = 0; i < flow.edge_count; i++) {
        assert_ok(drill_flow(world->arena, world->log, flow.edges[i].from,
                             flow.edges[i].to, &list, &err));
        assert_in_range(list.count, 1, flow.edges[i].count);
        check_order(&list, world->log);
    }
}

static void check_waiting(struct world *world)
{
    struct vg_err err = {0};
    struct steps steps;
    struct vg_survival survival;
    struct drill_traces list;
    assert_ok(steps_from_map(world->arena, world->log, world->map, &steps, &err));
    for (size_t to = 1; to < steps.count; to++) {
        assert_ok(
            survival_mine(world->arena, world->log, &steps, 0, to, &survival, &err));
        assert_ok(
            drill_survival(world->arena, world->log, &steps, 0, to, true, &list, &err));
        assert_int_equal(list.count, survival.happened);
        assert_ok(
            drill_survival(world->arena, world->log, &steps, 0, to, false, &list, &err));
        assert_int_equal(list.count, survival.censored);
    }
}

static void the_funnels_numbers_open_as_many_traces(void **state)
{
    (void)state;
    with_worlds(check_funnel);
}
static void the_alignments_numbers_open_as_many_traces(void **state)
{
    (void)state;
    with_worlds(check_align);
}
static void shortcuts_and_jumps_open_as_many_traces(void **state)
{
    (void)state;
    with_worlds(check_ways_off);
}
static void variants_starts_and_ends_open_as_many_traces(void **state)
{
    (void)state;
    with_worlds(check_passages);
}

static void who_arrived_and_who_waits_are_as_many_as_counted(void **state)
{
    (void)state;
    with_worlds(check_waiting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_funnels_numbers_open_as_many_traces),
        cmocka_unit_test(the_alignments_numbers_open_as_many_traces),
        cmocka_unit_test(shortcuts_and_jumps_open_as_many_traces),
        cmocka_unit_test(who_arrived_and_who_waits_are_as_many_as_counted),
        cmocka_unit_test(variants_starts_and_ends_open_as_many_traces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
