/* The funnel over a map: optional steps, choices, channels; and maps at random against
 * every path through them. */
#include "check.h"

#include "funnel_of.h"
#include "log_maker.h"
#include "mine/funnel.h"
#include "mine/json.h"
#include "random_log.h"

#include <stdlib.h>

enum { EVENTS_MAX = 4000 };

/* ---- over a map ----------------------------------------------------------------------
 */

static struct vg_map *map_of(const char *steps)
{
    struct vg_map *map = NULL;
    struct vg_err err = {0};
    char json[8192];
    snprintf(json, sizeof json,
             "{\"format\":1,\"id\":\"m\",\"title\":\"M\",\"phases\":[{\"id\":\"p\","
             "\"title\":\"P\",\"steps\":[%s]}]}",
             steps);
    assert_ok(map_read(str_from(json), "test.json", &map, &err));
    return map;
}

static struct vg_funnel funnel_over(struct arena *arena, const struct vg_log *log,
                                    const char *map_steps)
{
    struct vg_map *map = map_of(map_steps);
    struct steps steps;
    struct vg_funnel funnel;
    struct vg_err err = {0};
    assert_ok(steps_from_map(arena, log, map, &steps, &err));
    assert_ok(funnel_mine(arena, log, &steps, NULL, &funnel, &err));
    map_close(map);
    return funnel;
}

static void assert_step(const struct vg_funnel_step *step, uint64_t reached,
                        uint64_t moved_on, uint64_t lost, uint64_t travelling)
{
    if (step->reached != reached || step->moved_on != moved_on || step->lost != lost ||
        step->travelling != travelling)
        fail_msg("%s: %d reached, %d moved on, %d lost, %d travelling", step->activity,
                 (int)step->reached, (int)step->moved_on, (int)step->lost,
                 (int)step->travelling);
}

/* A step that bears the name of its activity, and what else it is. */
#define STEP(name, more)                                                                 \
    "{\"id\":\"" name "\",\"title\":\"" name "\",\"match\":[\"" name "\"]" more "}"
#define OPTIONAL     ",\"optional\":true"
#define BRANCH(name) ",\"choice\":{\"group\":\"how\",\"branch\":\"" name "\"}"

/* clang-format off */
static const char map_optional[] =
    STEP("never", "") "," STEP("A", "") "," STEP("O", OPTIONAL) "," STEP("B", "");
static const char map_choice[] =
    STEP("A", "") ","
    STEP("cart", BRANCH("online")) "," STEP("pay", BRANCH("online")) ","
    STEP("visit", BRANCH("shop")) "," STEP("till", BRANCH("shop")) ","
    STEP("Z", "");
static const char map_hidden_branch[] =
    STEP("A", "") "," STEP("web", BRANCH("web")) "," STEP("in person", BRANCH("shop")) ","
    STEP("Z", "");
static const char map_channel[] =
    "{\"id\":\"x\",\"title\":\"X\",\"match\":"
    "[{\"activity\":\"perche\",\"channel\":\"TELEFONO\"}]},"
    STEP("B", "");
/* clang-format on */

static void optional_and_unseen_steps_hold_nobody_up(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log =
        log_from_lines("a;A;2025-01-01\na;O;2025-01-02\na;B;2025-01-03\n"
                       "b;A;2025-01-01\nb;B;2025-01-02\n"
                       "c;A;2025-01-01\nc;O;2025-01-02\n" /* lost at A */
                       "d;O;2025-01-01\nd;A;2025-06-01\n" /* O too early */
                       "e;O;2025-06-01\n");
    struct vg_funnel funnel = funnel_over(arena, log, map_optional);
    assert_int_equal(funnel.step_count, 4);
    assert_true(funnel.steps[0].optional && funnel.steps[0].unseen);
    assert_step(&funnel.steps[0], 0, 0, 0, 0);
    assert_step(&funnel.steps[1], 4, 2, 1, 1);
    assert_true(funnel.steps[2].optional && !funnel.steps[2].unseen);
    assert_step(&funnel.steps[2], 2, 2, 0, 0);
    assert_step(&funnel.steps[3], 2, 2, 0, 0);
    log_close(log);
    arena_close(arena);
}

static void over_a_map_nobody_is_lost_who_is_seen_further_on(void **state)
{
    (void)state;
    static const char *const maps[] = {
        STEP("A", "") "," STEP("B", "") "," STEP("C", ""), /* the fast way */
        STEP("A", "") "," STEP("B", "") "," STEP("O", OPTIONAL) "," STEP("C", "")};
    for (size_t i = 0; i < COUNT_OF(maps); i++) {
        struct arena *arena = arena_open(0);
        struct vg_log *log = log_from_lines(
            "a;A;2025-01-01\na;B;2025-01-02\na;C;2025-01-03\na;O;2025-01-04\n"
            "b;A;2025-01-01\nb;C;2025-01-02\n" /* past B */
            "c;B;2025-01-01\nc;A;2025-01-02\n" /* in another order */
            "d;A;2025-01-01\nd;A;2025-01-02\n" /* lost */
            "e;B;2025-01-01\ne;C;2025-01-02\n" /* never at A */
            "f;X;2025-12-01\n");
        struct vg_funnel funnel = funnel_over(arena, log, maps[i]);
        assert_step(&funnel.steps[0], 4, 3, 1, 0);
        assert_int_equal(funnel.steps[0].elsewhere, 2);
        assert_step(&funnel.steps[1], 1, 1, 0, 0);
        assert_int_equal(funnel.arrived, 1);
        assert_int_equal(funnel.ended, 3); /* a, b, e */
        /* asked by name, the order is meant */
        static const char *const names[] = {"A", "B", "C"};
        funnel = funnel_of(arena, log, names, 3, (struct vg_funnel_options){0});
        assert_step(&funnel.steps[0], 4, 1, 3, 0);
        assert_int_equal(funnel.steps[0].elsewhere, 0);
        assert_int_equal(funnel.ended, funnel.arrived);
        log_close(log);
        arena_close(arena);
    }
}

static void a_choice_is_passed_by_the_branch_that_is_completed_first(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines(
        /* gives the cart up, buys in the shop */
        "a;A;2025-01-01\na;cart;2025-01-02\na;visit;2025-01-03\na;till;2025-01-04\n"
        "a;Z;2025-01-05\n"
        /* buys online */
        "b;A;2025-01-01\nb;cart;2025-01-02\nb;pay;2025-01-03\nb;Z;2025-01-04\n"
        /* stays at the cart */
        "c;A;2025-01-01\nc;cart;2025-01-02\n"
        /* never chooses */
        "d;A;2025-01-01\n"
        "e;X;2025-12-01\n");
    struct vg_funnel funnel = funnel_over(arena, log, map_choice);
    assert_step(&funnel.steps[0], 4, 3, 1, 0);
    assert_step(&funnel.steps[1], 2, 1, 1, 0); /* cart: b, c */
    assert_step(&funnel.steps[2], 1, 1, 0, 0); /* pay: b */
    assert_step(&funnel.steps[3], 1, 1, 0, 0); /* visit: a */
    assert_step(&funnel.steps[4], 1, 1, 0, 0); /* till: a */
    assert_step(&funnel.steps[5], 2, 2, 0, 0);
    assert_int_equal(funnel.arrived, 2);
    log_close(log);
    arena_close(arena);
}

static void a_choice_with_a_way_that_leaves_no_trace_holds_nobody_up(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log =
        log_from_lines("a;A;2025-01-01\na;web;2025-01-02\na;Z;2025-01-03\n"
                       "b;A;2025-01-01\nb;Z;2025-01-03\n");
    struct vg_funnel funnel = funnel_over(arena, log, map_hidden_branch);
    assert_step(&funnel.steps[0], 2, 2, 0, 0);
    assert_true(funnel.steps[1].optional);
    assert_step(&funnel.steps[1], 1, 1, 0, 0);
    assert_step(&funnel.steps[2], 0, 0, 0, 0);
    assert_step(&funnel.steps[3], 2, 2, 0, 0);
    log_close(log);
    arena_close(arena);
}

static void a_step_may_ask_for_a_channel_and_names_may_differ_in_case(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines("a;Perché;2025-01-01;Telefono\na;B;2025-01-02\n"
                                        "b;Perché;2025-01-01;Web\nb;B;2025-01-02\n");
    struct vg_funnel funnel = funnel_over(arena, log, map_channel);
    assert_step(&funnel.steps[0], 1, 1, 0, 0);
    assert_string_equal(funnel.steps[0].id, "x");
    log_close(log);
    arena_close(arena);
}

static void an_unknown_activity_is_answered_with_the_nearest_one(void **state)
{
    (void)state;
    static const struct {
        const char *asked, *hint;
    } cases[] = {{"Preventivo inviatto", "Preventivo inviato"},
                 {"ordini", "Ordine"},
                 {"zzzzzzzzz", NULL}};
    struct arena *arena = arena_open(0);
    struct vg_log *log =
        log_from_lines("a;Preventivo inviato;2025-01-01\na;Ordine;2025-01-02\n");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct steps steps;
        struct vg_err err = {0};
        assert_int_equal(
            steps_from_activities(arena, log, &cases[i].asked, 1, &steps, &err),
            VG_ERR_NOT_FOUND);
        assert_non_null(strstr(err.what, cases[i].asked));
        if (cases[i].hint)
            assert_non_null(strstr(err.hint, cases[i].hint));
        else
            assert_null(strstr(err.hint, "Ordine"));
    }
    /* Case and accents are forgiven when there is no doubt. */
    static const char *const loose[] = {"ordine"};
    struct steps steps;
    struct vg_err err = {0};
    assert_ok(steps_from_activities(arena, log, loose, 1, &steps, &err));
    assert_string_equal(steps.name[0], "Ordine");
    log_close(log);
    arena_close(arena);
}

/* ---- maps at random, against every path through them --------------------------------
 */

struct paths {
    const struct vg_log *log;
    const struct steps *steps;
    size_t begin, end;
};

static bool on_way(const struct steps *steps, size_t i)
{
    bool ok = !steps->optional[i] && !steps->unseen[i];
    for (size_t a = 0; a < steps->count && steps->choice[i]; a++) {
        if (steps->choice[a] != steps->choice[i])
            continue;
        bool branch_holds = false;
        for (size_t b = 0; b < steps->count; b++)
            branch_holds |= steps->choice[b] == steps->choice[a] &&
                            steps->branch[b] == steps->branch[a] && !steps->optional[b] &&
                            !steps->unseen[b];
        ok = ok && branch_holds;
    }
    return ok;
}

/* Stages completed by the best walk from step i on, having used events up to `row`. */
static size_t stages_from(const struct paths *paths, size_t i, size_t row)
{
    const struct steps *steps = paths->steps;
    while (i < steps->count && !on_way(steps, i))
        i++;
    if (i == steps->count)
        return 0;
    size_t end = i + 1, best = 0;
    while (steps->choice[i] && end < steps->count &&
           steps->choice[end] == steps->choice[i])
        end++;
    for (size_t first = i; first < end; first++) {
        size_t at = row;
        bool done = true;
        for (size_t s = i; s < end && done; s++) {
            if (steps->branch[s] != steps->branch[first] || !on_way(steps, s))
                continue;
            while (at < paths->end && !steps_at(steps, paths->log, s, at))
                at++;
            done = at < paths->end;
            at++;
        }
        size_t depth = done ? 1 + stages_from(paths, end, at) : 0;
        best = depth > best ? depth : best;
    }
    return best;
}

static void check_map_funnel(struct arena *arena, const struct vg_log *log,
                             const struct steps *steps)
{
    struct vg_funnel funnel;
    struct vg_err err = {0};
    assert_ok(funnel_mine(arena, log, steps, NULL, &funnel, &err));
    uint64_t lost = 0, waiting = 0;
    size_t stage = 0, before = SIZE_MAX;
    for (size_t i = 0; i < steps->count; i++) {
        const struct vg_funnel_step *step = &funnel.steps[i];
        assert_int_equal(step->reached, step->moved_on + step->lost + step->travelling);
        assert_int_equal(step->optional, !on_way(steps, i));
        lost += step->lost, waiting += step->travelling;
        if (step->optional && before != SIZE_MAX && !steps->choice[i] &&
            !steps->choice[before])
            assert_true(step->reached <= funnel.steps[before].reached);
        if (!step->optional)
            before = i;
    }
    assert_true(lost + waiting + funnel.arrived <= log->traces);
    for (size_t i = 0, end; i < steps->count; i = end) {
        end = i + 1;
        while (steps->choice[i] && end < steps->count &&
               steps->choice[end] == steps->choice[i])
            end++;
        uint64_t completed = 0, expected = 0;
        bool holds = false;
        for (size_t s = i; s < end; s++) {
            bool last = on_way(steps, s);
            holds |= last;
            for (size_t later = s + 1; later < end; later++)
                last = last && !(steps->branch[later] == steps->branch[s] &&
                                 on_way(steps, later));
            if (last)
                completed += funnel.steps[s].moved_on + funnel.steps[s].lost +
                             funnel.steps[s].travelling;
        }
        if (!holds)
            continue;
        stage++;
        for (size_t t = 0; t < log->traces; t++) {
            struct paths paths = {log, steps, log->first[t], log->first[t + 1]};
            expected += stages_from(&paths, 0, paths.begin) >= stage;
        }
        assert_int_equal(completed, expected);
    }
}

static void a_funnel_over_any_map_is_what_trying_every_path_gives(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 362436069;
    assert_non_null(events);
    for (size_t round = 0; round < 300; round++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        size_t count = random_events(&seed, 30, 10, 7, events);
        struct vg_log *log = log_from_events(events, count);
        char text[4096] = "";
        size_t used = 0, step_count = 1 + random_below(&seed, 7);
        size_t in_choice = random_below(&seed, 6); /* from here three steps long */
        for (size_t i = 0; i < step_count; i++) {
            char choice[80] = "";
            if (i >= in_choice && i < in_choice + 3)
                snprintf(choice, sizeof choice,
                         ",\"choice\":{\"group\":\"c\",\"branch\":\"b%zu\"}",
                         (i - in_choice + 1) / 2);
            used += (size_t)snprintf(
                text + used, sizeof text - used,
                "%s{\"id\":\"s%zu\",\"title\":\"s\",\"match\":[\"%c\"]%s%s}",
                i ? "," : "", i, (char)('A' + random_below(&seed, 8)),
                random_below(&seed, 5) ? "" : ",\"optional\":true", choice);
        }
        struct vg_map *map = map_of(text);
        struct steps steps;
        assert_ok(steps_from_map(arena, log, map, &steps, &err));
        check_map_funnel(arena, log, &steps);
        map_close(map);
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optional_and_unseen_steps_hold_nobody_up),
        cmocka_unit_test(over_a_map_nobody_is_lost_who_is_seen_further_on),
        cmocka_unit_test(a_choice_is_passed_by_the_branch_that_is_completed_first),
        cmocka_unit_test(a_choice_with_a_way_that_leaves_no_trace_holds_nobody_up),
        cmocka_unit_test(a_step_may_ask_for_a_channel_and_names_may_differ_in_case),
        cmocka_unit_test(an_unknown_activity_is_answered_with_the_nearest_one),
        cmocka_unit_test(a_funnel_over_any_map_is_what_trying_every_path_gives),
    };
    return cmocka_run_group_tests_name("funnel over a map", tests, NULL, NULL);
}
