#include "../log_maker.h"
#include "../mine/map_maker.h"
#include "check.h"

#include "base/lang.h"
#include "base/parallel.h"
#include "improve/whatif.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct asked {
    struct arena *arena;
    struct vg_map *map;
    struct vg_log *log;
    struct whatif *whatif;
};
static struct asked ask(const char *words, struct vg_log *log, const char *arrival,
                        size_t rounds)
{
    struct asked asked = {arena_open(0), map_from_words(words), log, NULL};
    struct vg_err err = {0};
    assert_ok(whatif_make(
        asked.arena, log, asked.map,
        &(struct whatif_options){.arrival = arrival, .value_each = 100, .rounds = rounds},
        &asked.whatif, &err));
    return asked;
}
static void leave(struct asked asked)
{
    log_close(asked.log);
    map_close(asked.map);
    arena_close(asked.arena);
}
static struct whatif_answer answer(struct asked asked, const char *step, double less_loss,
                                   double less_wait)
{
    struct whatif_answer ret;
    struct vg_err err = {0};
    assert_ok(whatif_ask(asked.whatif,
                         &(struct whatif_change){step, less_loss, less_wait}, 1, &ret,
                         &err));
    return ret;
}

/* Ten journeys, all waits a day, watched for a year more. From A: 6 to B, 2 to C, 2 lost.
 * From B (7 visits): 4 to C, 1 arrives, 2 lost. From C (6): 3 arrive, 1 back to B, 2
 * lost.
 *
 *     b = 1/7 + 4/7 c,  c = 1/2 + 1/6 b   ⇒  b = 9/19, c = 11/19, a = 0.6 b + 0.2 c = 0.4
 *
 * With half the loss at B (2/7 → 1/7) what goes on from B grows by 6/5:
 *
 *     b = 6/35 + 24/35 c                  ⇒  b = 18/31, c = 37/62, a = 14.5/31 */
static const char *const ten =
    "1;A;2025-01-01\n1;B;2025-01-02\n1;C;2025-01-03\n1;D;2025-01-04\n"
    "2;A;2025-01-01\n2;B;2025-01-02\n2;C;2025-01-03\n2;D;2025-01-04\n"
    "3;A;2025-01-01\n3;B;2025-01-02\n3;C;2025-01-03\n3;B;2025-01-04\n3;D;2025-01-05\n"
    "4;A;2025-01-01\n4;B;2025-01-02\n4;C;2025-01-03\n"
    "5;A;2025-01-01\n5;B;2025-01-02\n6;A;2025-01-01\n6;B;2025-01-02\n"
    "7;A;2025-01-01\n7;C;2025-01-02\n7;D;2025-01-03\n8;A;2025-01-01\n8;C;2025-01-02\n"
    "9;A;2025-01-01\n10;A;2025-01-01\n11;X;2026-01-01\n";

static void a_chain_worked_by_hand_is_found(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D", log_from_lines(ten), NULL, 50);
    struct whatif_facts facts = whatif_facts(asked.whatif);
    assert_int_equal(facts.journeys, 10);
    assert_int_equal(facts.arrived, 4);
    assert_string_equal(facts.arrival_id, "s4");
    assert_near(facts.steps[0].loss.value, 0.2, 1e-12);
    assert_near(facts.steps[1].loss.value, 2.0 / 7, 1e-12);
    assert_near(facts.steps[2].loss.value, 1.0 / 3, 1e-12);
    assert_int_equal(facts.steps[1].visits, 7);
    assert_int_equal(facts.steps[2].arrived_from, 3);
    assert_near(facts.steps[2].wait_s, 86400, 1e-9);
    struct whatif_answer half = answer(asked, "s2", 0.5, 0);
    assert_near(half.now.in_the_end.value, 4, 1e-7);
    assert_near(half.then.in_the_end.value, 145.0 / 31, 1e-7);
    assert_near(half.more_in_the_end.value, 145.0 / 31 - 4, 1e-7);
    /* Everybody is watched for long: within the time watched it is nearly the same. */
    assert_near(half.now.arrivals.value, 4, 1e-2);
    assert_near(half.then.arrivals.value, 145.0 / 31, 2e-2);
    leave(asked);
}

static void less_wait_brings_nobody_more_in_the_end_but_sooner(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D", log_from_lines(ten), "D", 50);
    struct whatif_answer less = answer(asked, "s1", 0, 0.5);
    assert_near(less.more_in_the_end.value, 0, 1e-9);
    /* Waits of a day each, the first now half a day. */
    assert_true(less.sooner_s.value > 0.4 * 86400 && less.sooner_s.value < 0.6 * 86400);
    leave(asked);
}

static void nothing_less_changes_nothing(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D", log_from_lines(ten), NULL, 50);
    struct whatif_answer same = answer(asked, "s2", 0, 0);
    assert_near(same.more.value, 0, 0);
    assert_near(same.more.low, 0, 0);
    assert_near(same.more.high, 0, 0);
    assert_near(same.sooner_s.value, 0, 0);
    leave(asked);
}

static void without_any_loss_and_wait_all_arrive(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D", log_from_lines(ten), NULL, 50);
    struct whatif_answer ret;
    struct vg_err err = {0};
    struct whatif_change all[] = {{"s1", 1, 1}, {"s2", 1, 1}, {"s3", 1, 1}};
    assert_ok(whatif_ask(asked.whatif, all, 3, &ret, &err));
    assert_near(ret.then.in_the_end.value, 10, 1e-6);
    assert_near(ret.then.arrivals.value, 10, 1e-6);
    assert_near(ret.then.median_s.value, 0, 1);
    leave(asked);
}

static void a_step_that_is_not_there_and_a_share_that_is_none_are_refused(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D", log_from_lines(ten), NULL, 10);
    struct whatif_answer ret;
    struct vg_err err = {0};
    assert_int_equal(
        whatif_ask(asked.whatif, &(struct whatif_change){"s9", 0.5, 0}, 1, &ret, &err),
        VG_ERR_NOT_FOUND);
    assert_int_equal(
        whatif_ask(asked.whatif, &(struct whatif_change){"s1", 1.5, 0}, 1, &ret, &err),
        VG_ERR_USAGE);
    assert_int_equal(
        whatif_ask(asked.whatif, &(struct whatif_change){"s1", NAN, 0}, 1, &ret, &err),
        VG_ERR_USAGE);
    leave(asked);
}

static void a_log_in_which_nobody_arrives_is_answered(void **state)
{
    (void)state;
    struct asked asked =
        ask("A B C", log_from_lines("1;A;2025-01-01\n2;A;2025-01-02\n"), NULL, 20);
    struct whatif_answer less = answer(asked, "s1", 0.5, 0.5);
    assert_near(less.then.in_the_end.value, 1, 1); /* the arrival is A itself */
    leave(asked);
    asked = ask("A B C", log_from_lines("1;A;2025-01-01\n2;A;2025-01-02\n"), "C", 20);
    less = answer(asked, "s1", 0.5, 0.5);
    assert_near(less.then.in_the_end.value, 0, 0);
    assert_near(less.more.value, 0, 0);
    assert_near(less.sooner_s.value, NAN, 0);
    leave(asked);
}

static void pains_are_ranked_by_what_mending_them_brings(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D", log_from_lines(ten), NULL, 50);
    struct whatif_pain *pains;
    size_t count;
    struct vg_err err = {0};
    json_t *steps = json_object_get(
        json_array_get(json_object_get(asked.map->json, "phases"), 0), "steps");
    for (size_t i = 0; i < 4; i++)
        json_object_set_new(
            json_array_get(steps, i), "pains",
            json_pack("[{s:s, s:s}]", "id", i == 2 ? "slow" : "x", "text", "it hurts"));
    for (size_t i = 0; i < 4; i++) { /* unique ids */
        char id[8];
        snprintf(id, sizeof id, "pain%zu", i);
        json_object_set_new(
            json_array_get(json_object_get(json_array_get(steps, i), "pains"), 0), "id",
            json_string(id));
    }
    struct vg_map *map = NULL;
    assert_ok(map_from_json(asked.map->json, "map", &map, &err));
    assert_ok(whatif_pains(asked.arena, asked.whatif, map, &pains, &count, &err));
    assert_int_equal(count, 4);
    for (size_t i = 1; i < count; i++)
        assert_true(pains[i - 1].step->worth.value >= pains[i].step->worth.value);
    /* A fifth less loss at s3: 1/3 → 4/15; c grows by (11/15) ∕ (2/3) = 11/10. */
    double c = (0.55 + 11.0 / 60 * (1.0 / 7)) / (1 - 11.0 / 60 * 4 / 7);
    double b = 1.0 / 7 + 4.0 / 7 * c;
    for (size_t i = 0; i < count; i++)
        if (strcmp(pains[i].step->id, "s3") == 0)
            assert_near(pains[i].step->worth.value, 10 * (0.6 * b + 0.2 * c) - 4, 1e-6);
    map_close(map);
    leave(asked);
}

/* ---- simulation with known truth ---- */

/* Four steps to the arrival; s2 may go back, s1 may leap. Waits exponential. */
static const double chances[4][5] = {/* s1, s2, s3, s4, arrival; the rest is lost */
                                     {0, 0.70, 0.10, 0, 0},
                                     {0.05, 0, 0.65, 0.05, 0},
                                     {0, 0.10, 0, 0.60, 0},
                                     {0, 0, 0.05, 0, 0.75}};
static const double mean_days[4] = {6, 14, 25, 10};
#define YEAR_DAYS 365.0

static uint64_t mixed(uint64_t *seed)
{
    uint64_t x = *seed += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}
static double uniform(uint64_t *seed)
{
    return ((double)(mixed(seed) >> 11) + 0.5) * 0x1p-53;
}

struct way {
    int step[200];
    double day[200];
    size_t count;
};
/* One journey until it arrives (step 4), is lost, or its time is over. */
static void wander(uint64_t *seed, double begins, const double *less_loss,
                   const double *less_wait, struct way *ret)
{
    int at = 0;
    double day = begins;
    ret->count = 0;
    while (day < YEAR_DAYS && ret->count < COUNT_OF(ret->step)) {
        ret->step[ret->count] = at;
        ret->day[ret->count++] = day;
        if (at == 4)
            return;
        double stays = 0, draw = uniform(seed);
        for (int to = 0; to < 5; to++)
            stays += chances[at][to];
        double grow = (1 - (1 - stays) * (1 - less_loss[at])) / stays;
        int next = -1;
        for (int to = 0; to < 5 && next < 0; to++) {
            draw -= chances[at][to] * grow;
            next = draw < 0 ? to : -1;
        }
        if (next < 0)
            return;
        day += -log(uniform(seed)) * mean_days[at] * (1 - less_wait[at]);
        at = next;
    }
}

static double true_share(const double *less_loss, const double *less_wait)
{
    uint64_t seed = 4711;
    size_t arrived = 0, all = 300000;
    struct way way;
    for (size_t i = 0; i < all; i++) {
        wander(&seed, uniform(&seed) * YEAR_DAYS, less_loss, less_wait, &way);
        arrived += way.step[way.count - 1] == 4;
    }
    return (double)arrived / (double)all;
}

static const double none[5];

static struct vg_log *simulated(uint64_t seed, size_t customers)
{
    static const char *const names[] = {"A", "B", "C", "D", "E"};
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    struct way way;
    int64_t epoch = date_days(2025, 1, 1) * 86400 * US_PER_S;
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t c = 0; c < customers; c++) {
        char name[24];
        snprintf(name, sizeof name, "c%zu", c);
        wander(&seed, uniform(&seed) * YEAR_DAYS, none, none, &way);
        for (size_t i = 0; i < way.count; i++) {
            struct log_event event = {.customer = str_from(name),
                                      .activity = str_from(names[way.step[i]]),
                                      .at_us = epoch + (int64_t)(way.day[i] * 86400e6),
                                      .score = NAN};
            assert_ok(builder_add(builder, &event, NULL, &err));
        }
    }
    /* Watching ends with the year. */
    struct log_event last = {.customer = STR("clock"),
                             .activity = STR("X"),
                             .at_us = epoch + (int64_t)(YEAR_DAYS * 86400e6),
                             .score = NAN};
    assert_ok(builder_add(builder, &last, NULL, &err));
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static void intervals_hold_the_truth_of_a_simulation(void **state)
{
    (void)state;
    enum { LOGS = 200, CUSTOMERS = 400 };
    static const struct {
        const char *step;
        double loss[5], wait[5];
    } questions[] = {{"s2", {0, 0.5}, {0}},
                     {"s3", {0}, {0, 0, 0.6}},
                     {"s4", {0, 0, 0, 0.3}, {0, 0, 0, 0.3}}};
    double truth[COUNT_OF(questions)], now = true_share(none, none);
    size_t held[COUNT_OF(questions)] = {0}, held_now = 0;
    double sum[COUNT_OF(questions)] = {0};
    for (size_t q = 0; q < COUNT_OF(questions); q++)
        truth[q] = (true_share(questions[q].loss, questions[q].wait) - now) * CUSTOMERS;
    for (size_t i = 0; i < LOGS; i++) {
        struct asked asked =
            ask("A B C D E", simulated(1000 + 77 * i, CUSTOMERS), "E", 150);
        for (size_t q = 0; q < COUNT_OF(questions); q++) {
            size_t at = (size_t)(questions[q].step[1] - '1');
            struct whatif_answer got = answer(
                asked, questions[q].step, questions[q].loss[at], questions[q].wait[at]);
            held[q] += got.more.low <= truth[q] && truth[q] <= got.more.high;
            sum[q] += got.more.value;
            if (q == 0)
                held_now += got.now.arrivals.low <= now * CUSTOMERS &&
                            now * CUSTOMERS <= got.now.arrivals.high;
        }
        leave(asked);
    }
    for (size_t q = 0; q < COUNT_OF(questions); q++) {
        printf(
            "# %s: the truth, %.2f more, is in %zu of %d intervals; mean answer %.2f\n",
            questions[q].step, truth[q], held[q], LOGS, sum[q] / LOGS);
        assert_true(held[q] >= LOGS * 90 / 100);
        assert_near(sum[q] / LOGS, truth[q], 0.12 * truth[q]);
    }
    printf("# arrivals now: in %zu of %d\n", held_now, LOGS);
    assert_true(held_now >= LOGS * 90 / 100);
}

/* Of work, whatever else the machine does meanwhile. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void a_slider_is_answered_at_once(void **state)
{
    (void)state;
    double began = seconds_now();
    struct asked asked = ask("A B C D E", simulated(5, 20000), "E", 0);
    double made = seconds_now();
    for (int i = 0; i < 10; i++)
        (void)answer(asked, "s2", 0.1 * i, 0.05 * i);
    double each = (seconds_now() - made) / 10;
    printf("# 20,000 customers: made in %.0f ms of work, each answer in %.1f ms\n",
           (made - began) * 1000, each * 1000);
    assert_true(each < 0.5);
    leave(asked);
}

static void the_answer_is_the_same_however_many_work_on_it(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D E", simulated(9, 300), "E", 100);
    struct whatif_answer two = answer(asked, "s2", 0.4, 0.2);
    leave(asked);
    parallel_set_workers(1);
    asked = ask("A B C D E", simulated(9, 300), "E", 100);
    struct whatif_answer one = answer(asked, "s2", 0.4, 0.2);
    parallel_set_workers(0);
    assert_memory_equal(&one, &two, sizeof one);
    leave(asked);
}

/* More mended is never worth less. */
static void more_mended_never_brings_fewer(void **state)
{
    (void)state;
    struct asked asked = ask("A B C D E", simulated(21, 500), "E", 30);
    static const char *const steps[] = {"s1", "s2", "s3", "s4"};
    for (size_t s = 0; s < COUNT_OF(steps); s++)
        for (int i = 0; i < 10; i++) {
            struct whatif_answer less = answer(asked, steps[s], 0.1 * i, 0);
            struct whatif_answer more = answer(asked, steps[s], 0.1 * (i + 1), 0);
            assert_true(more.then.in_the_end.value >= less.then.in_the_end.value - 1e-9);
            assert_true(more.then.arrivals.value >= less.then.arrivals.value - 1e-9);
            less = answer(asked, steps[s], 0, 0.1 * i);
            more = answer(asked, steps[s], 0, 0.1 * (i + 1));
            assert_true(more.then.arrivals.value >= less.then.arrivals.value - 1e-6);
            assert_near(more.more_in_the_end.value, 0, 1e-9);
        }
    leave(asked);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_worked_by_hand_is_found),
        cmocka_unit_test(less_wait_brings_nobody_more_in_the_end_but_sooner),
        cmocka_unit_test(nothing_less_changes_nothing),
        cmocka_unit_test(without_any_loss_and_wait_all_arrive),
        cmocka_unit_test(a_step_that_is_not_there_and_a_share_that_is_none_are_refused),
        cmocka_unit_test(a_log_in_which_nobody_arrives_is_answered),
        cmocka_unit_test(pains_are_ranked_by_what_mending_them_brings),
        cmocka_unit_test(intervals_hold_the_truth_of_a_simulation),
        cmocka_unit_test(a_slider_is_answered_at_once),
        cmocka_unit_test(the_answer_is_the_same_however_many_work_on_it),
        cmocka_unit_test(more_mended_never_brings_fewer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
