#include "check.h"

#include "funnel_of.h"
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
    };
    return cmocka_run_group_tests_name("funnel", tests, NULL, NULL);
}
