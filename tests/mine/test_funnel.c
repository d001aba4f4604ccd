#include "check.h"

#include "log_maker.h"
#include "mine/funnel.h"
#include "mine/json.h"
#include "random_log.h"

#include <stdlib.h>

enum { EVENTS_MAX = 4000 };

/* ---- the oracle: every walk there is, tried out ------------------------------------ */

struct trial {
    const struct vg_log *log;
    const struct steps *steps;
    size_t end;
    bool strict;
    int64_t window_us; /* INT64_MAX: none */
};

/* The most further steps that can be walked after `row` (at step − 1), begun at `first`.
 */
static size_t deepest_after(const struct trial *trial, size_t step, size_t row,
                            size_t first)
{
    size_t best = 0;
    if (step == trial->steps->count)
        return 0;
    for (size_t r = row + 1; r < trial->end; r++) {
        if (trial->strict && r > row + 1)
            break;
        if (trial->log->at_us[r] - trial->log->at_us[first] > trial->window_us ||
            !steps_at(trial->steps, trial->log, step, r))
            continue;
        size_t depth = 1 + deepest_after(trial, step + 1, r, first);
        best = depth > best ? depth : best;
    }
    return best;
}

static size_t deepest(const struct trial *trial, size_t begin)
{
    size_t best = 0;
    for (size_t r = begin; r < trial->end; r++)
        if (trial->steps->count > 0 && steps_at(trial->steps, trial->log, 0, r)) {
            size_t depth = 1 + deepest_after(trial, 1, r, r);
            best = depth > best ? depth : best;
        }
    return best;
}

static void check_against_trying_out(struct arena *arena, const struct vg_log *log,
                                     const struct steps *steps,
                                     const struct vg_funnel_options *options)
{
    struct vg_funnel funnel;
    struct vg_err err = {0};
    uint64_t reached[8] = {0};
    assert_ok(funnel_mine(arena, log, steps, options, &funnel, &err));
    for (size_t t = 0; t < log->traces; t++) {
        struct trial trial = {log, steps, log->first[t + 1], options->strict,
                              options->window_s > 0
                                  ? (int64_t)llround(options->window_s * 1e6)
                                  : INT64_MAX};
        size_t depth = deepest(&trial, log->first[t]);
        for (size_t i = 0; i < depth; i++)
            reached[i]++;
    }
    assert_int_equal(funnel.step_count, steps->count);
    for (size_t i = 0; i < steps->count; i++) {
        const struct vg_funnel_step *step = &funnel.steps[i];
        assert_int_equal(step->reached, reached[i]);
        assert_int_equal(step->reached, step->moved_on + step->lost + step->travelling);
        if (i + 1 < steps->count)
            assert_int_equal(step->moved_on, reached[i + 1]);
    }
    assert_int_equal(funnel.arrived, reached[steps->count - 1]);
}

static void a_funnel_of_any_kind_is_what_trying_every_walk_gives(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 88172645463325252;
    assert_non_null(events);
    for (size_t round = 0; round < 60; round++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        size_t count = random_events(&seed, 60, 9, 4, events);
        struct vg_log *log = log_from_events(events, count);
        const char *names[5];
        char letters[5][2] = {{0}};
        size_t step_count = 1 + random_below(&seed, 5);
        for (size_t i = 0; i < step_count; i++) {
            letters[i][0] = (char)('A' + random_below(&seed, 4));
            names[i] = letters[i];
        }
        struct steps steps;
        enum vg_code code =
            steps_from_activities(arena, log, names, step_count, &steps, &err);
        if (code == VG_OK) {
            static const double windows[] = {0, 0.001, 1, 60, 600};
            for (size_t w = 0; w < COUNT_OF(windows); w++)
                for (int strict = 0; strict < 2; strict++)
                    check_against_trying_out(
                        arena, log, &steps,
                        &(struct vg_funnel_options){strict, windows[w]});
        }
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

/* The first matching event after the last one, and so on: how far that goes. */
static size_t greedy(const struct vg_log *log, const struct steps *steps, size_t trace)
{
    size_t at = 0;
    for (size_t r = log->first[trace]; r < log->first[trace + 1]; r++)
        if (at < steps->count && steps_at(steps, log, at, r))
            at++;
    return at;
}

static void journeys_longer_than_a_machine_word_are_walked_alike(void **state)
{
    (void)state;
    struct random_event *events = calloc(EVENTS_MAX, sizeof *events);
    uint64_t seed = 1597334677;
    assert_non_null(events);
    for (size_t round = 0; round < 40; round++) {
        static const char *const names[] = {"A", "K", "B", "K", "C", "J", "D"};
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct steps steps;
        struct vg_funnel funnel;
        size_t longest = round % 2 ? 20 : 130, count = 1 + round % COUNT_OF(names);
        size_t event_count = random_events(&seed, 25, longest, 11, events);
        struct vg_log *log = log_from_events(events, event_count);
        uint64_t reached[COUNT_OF(names)] = {0};
        assert_ok(steps_from_activities(arena, log, names, count, &steps, &err));
        assert_ok(funnel_mine(arena, log, &steps, NULL, &funnel, &err));
        for (size_t t = 0; t < log->traces; t++)
            for (size_t i = greedy(log, &steps, t); i-- > 0;)
                reached[i]++;
        for (size_t i = 0; i < count; i++)
            assert_int_equal(funnel.steps[i].reached, reached[i]);
        log_close(log);
        arena_close(arena);
    }
    free(events);
}

/* ---- lost or still travelling -------------------------------------------------------
 */

static struct vg_funnel funnel_of(struct arena *arena, const struct vg_log *log,
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

/* 21 customers who order 1, 2, … 21 days after the quote, two who asked 25 and 3 days
 * before the log ends. */
static void
who_waits_beyond_the_95th_percentile_is_lost_and_the_others_travel(void **state)
{
    (void)state;
    char lines[4096];
    int used = 0;
    for (int i = 1; i <= 21; i++)
        used += snprintf(lines + used, sizeof lines - (size_t)used,
                         "k%d;Quote;2025-01-01\nk%d;Order;2025-01-%02d\n", i, i, i + 1);
    snprintf(lines + used, sizeof lines - (size_t)used,
             "early;Quote;2025-02-04\nlate;Quote;2025-02-26\nx;Visit;2025-03-01\n");
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines(lines);
    static const char *const names[] = {"Quote", "Order"};
    struct vg_funnel funnel =
        funnel_of(arena, log, names, 2, (struct vg_funnel_options){0});
    const struct vg_funnel_step *quote = &funnel.steps[0];
    assert_string_equal(quote->patience_basis, "step");
    assert_near(quote->patience_s, 20 * 86400, 1e-6);
    assert_near(quote->median_s, 11 * 86400, 1e-6);
    assert_int_equal(quote->reached, 23);
    assert_int_equal(quote->moved_on, 21);
    assert_int_equal(quote->lost, 1);
    assert_int_equal(quote->travelling, 1);
    assert_near(quote->lost_share, 1.0 / 23, 1e-12);
    assert_true(quote->lost_low < quote->lost_share &&
                quote->lost_share < quote->lost_high);
    const struct vg_funnel_step *order = &funnel.steps[1];
    assert_int_equal(order->moved_on, 21);
    assert_int_equal(order->lost + order->travelling, 0);
    assert_int_equal(funnel.arrived, 21);
    log_close(log);
    arena_close(arena);
}

/* One customer goes on after a day, one after ten: no 95th percentile of two. The one who
 * has waited nine days has not waited longer than somebody who then came. */
static void few_conversions_never_make_a_shorter_wait_than_the_longest_seen(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines("a;Quote;2025-01-01\na;Order;2025-01-02\n"
                                        "b;Quote;2025-01-01\nb;Order;2025-01-11\n"
                                        "c;Quote;2025-01-22\n"
                                        "d;Quote;2025-01-01\n"
                                        "e;Visit;2025-01-31\n");
    static const char *const names[] = {"Quote", "Order"};
    struct vg_funnel funnel =
        funnel_of(arena, log, names, 2, (struct vg_funnel_options){0});
    assert_string_equal(funnel.steps[0].patience_basis, "log");
    assert_near(funnel.steps[0].patience_s, 10 * 86400, 1e-6);
    assert_int_equal(funnel.steps[0].travelling, 1);
    assert_int_equal(funnel.steps[0].lost, 1);
    log_close(log);
    arena_close(arena);
}

/* Twenty go from A to B in a day each; two from B to C in an hour: C's step leans on the
 * funnel's. */
static void a_step_with_few_conversions_leans_on_the_whole_funnel(void **state)
{
    (void)state;
    char lines[4096];
    int used = 0;
    for (int i = 1; i <= 20; i++)
        used += snprintf(lines + used, sizeof lines - (size_t)used,
                         "k%d;A;2025-01-01\nk%d;B;2025-01-02\n", i, i);
    snprintf(lines + used, sizeof lines - (size_t)used,
             "k1;C;2025-01-02 01:00\nk2;C;2025-01-02 01:00\nx;D;2025-01-02 20:00\n");
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines(lines);
    static const char *const names[] = {"A", "B", "C"};
    struct vg_funnel funnel =
        funnel_of(arena, log, names, 3, (struct vg_funnel_options){0});
    assert_string_equal(funnel.steps[0].patience_basis, "step");
    assert_string_equal(funnel.steps[1].patience_basis, "funnel");
    assert_near(funnel.steps[1].patience_s, 86400, 1e-6);
    assert_int_equal(funnel.steps[1].travelling, 18);
    log_close(log);
    arena_close(arena);
}

static void nobody_is_called_lost_when_nothing_says_how_long_is_long(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines("a;Quote;2020-01-01\nb;Order;2025-01-11\n");
    static const char *const names[] = {"Quote", "Order"};
    struct vg_funnel funnel =
        funnel_of(arena, log, names, 2, (struct vg_funnel_options){0});
    assert_string_equal(funnel.steps[0].patience_basis, "none");
    assert_true(isnan(funnel.steps[0].patience_s));
    assert_int_equal(funnel.steps[0].lost, 0);
    assert_int_equal(funnel.steps[0].travelling, 1);
    log_close(log);
    arena_close(arena);
}

static void a_closed_window_and_a_broken_run_are_lost_at_once(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines("a;A;2025-01-01\na;B;2025-01-10\n" /* 9 days */
                                        "b;A;2025-01-08\n"
                                        "c;A;2025-01-10\nc;X;2025-01-10 01:00\n");
    static const char *const names[] = {"A", "B"};
    struct vg_funnel funnel =
        funnel_of(arena, log, names, 2, (struct vg_funnel_options){.window_s = 86400});
    assert_int_equal(funnel.steps[0].reached, 3);
    assert_int_equal(funnel.steps[0].moved_on, 0);
    assert_int_equal(funnel.steps[0].lost, 2);
    assert_int_equal(funnel.steps[0].travelling, 1);
    funnel = funnel_of(arena, log, names, 2, (struct vg_funnel_options){.strict = true});
    assert_int_equal(funnel.steps[0].moved_on, 1);
    assert_int_equal(funnel.steps[0].lost, 1); /* c */
    assert_int_equal(funnel.steps[0].travelling, 1);
    log_close(log);
    arena_close(arena);
}

static void the_window_is_counted_from_the_best_beginning_not_the_first(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_log *log = log_from_lines("a;A;2025-01-01\na;A;2025-01-10\n"
                                        "a;B;2025-01-10 05:00\na;C;2025-01-11\n");
    static const char *const names[] = {"A", "B", "C"};
    struct vg_funnel funnel =
        funnel_of(arena, log, names, 3, (struct vg_funnel_options){.window_s = 86400});
    assert_int_equal(funnel.arrived, 1);
    assert_near(funnel.steps[0].median_s, 5 * 3600, 1e-6);
    log_close(log);
    arena_close(arena);
}

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
        cmocka_unit_test(a_funnel_of_any_kind_is_what_trying_every_walk_gives),
        cmocka_unit_test(journeys_longer_than_a_machine_word_are_walked_alike),
        cmocka_unit_test(
            who_waits_beyond_the_95th_percentile_is_lost_and_the_others_travel),
        cmocka_unit_test(few_conversions_never_make_a_shorter_wait_than_the_longest_seen),
        cmocka_unit_test(a_step_with_few_conversions_leans_on_the_whole_funnel),
        cmocka_unit_test(nobody_is_called_lost_when_nothing_says_how_long_is_long),
        cmocka_unit_test(a_closed_window_and_a_broken_run_are_lost_at_once),
        cmocka_unit_test(the_window_is_counted_from_the_best_beginning_not_the_first),
        cmocka_unit_test(optional_and_unseen_steps_hold_nobody_up),
        cmocka_unit_test(over_a_map_nobody_is_lost_who_is_seen_further_on),
        cmocka_unit_test(a_choice_is_passed_by_the_branch_that_is_completed_first),
        cmocka_unit_test(a_choice_with_a_way_that_leaves_no_trace_holds_nobody_up),
        cmocka_unit_test(a_step_may_ask_for_a_channel_and_names_may_differ_in_case),
        cmocka_unit_test(an_unknown_activity_is_answered_with_the_nearest_one),
        cmocka_unit_test(a_funnel_over_any_map_is_what_trying_every_path_gives),
    };
    return cmocka_run_group_tests_name("funnel", tests, NULL, NULL);
}
