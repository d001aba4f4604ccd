#include "log_maker.h"

#include "base/date.h"
#include "base/lang.h"
#include "improve/control.h"
#include "improve/effect.h"
#include "log/read.h"

#include <math.h>
#include <stdlib.h>

/* The planted truth of examples/macchinari (truth.json), asked of its three files. */
struct firm {
    struct arena *arena;
    struct vg_log *log;
};
static struct firm macchinari(const char *journey)
{
    static const char *const names[] = {"crm.csv", "telefonate.xlsx", "recensioni.jsonl"};
    struct firm firm = {arena_open(0), NULL};
    const char *files[3], *source = getenv("VIAGGIO_SOURCE");
    struct read_report report = {0};
    struct vg_err err = {0};
    for (size_t i = 0; i < 3; i++)
        files[i] = arena_printf(firm.arena, "%s/examples/macchinari/%s",
                                source ? source : ".", names[i]);
    size_t count = journey ? 1 : 3;
    assert_ok(read_files(firm.arena, files, count,
                         &(struct read_options){.journey = journey}, &firm.log, &report,
                         &err));
    return firm;
}
static void leave(struct firm firm)
{
    log_close(firm.log);
    arena_close(firm.arena);
}

static int64_t day(int year, int month, int day_of_month)
{
    return date_days(year, month, day_of_month) * 86400 * US_PER_S;
}

static struct effect effect_of(struct firm firm, struct kpi kpi, const char *from,
                               const char *to, int64_t at_us)
{
    const char *names[] = {from, to};
    struct steps steps;
    struct effect effect;
    struct vg_err err = {0};
    kpi.to = 1;
    kpi.window_us = kpi.window_us ? kpi.window_us : INT64_MAX;
    assert_ok(steps_from_activities(firm.arena, firm.log, names, 2, &steps, &err));
    assert_ok(effect_find(
        firm.arena,
        &(struct effect_question){&kpi, firm.log, &steps, at_us, 0, 0, NULL, NULL, 0},
        &effect, &err));
    return effect;
}

static void assert_holds(struct effect effect, double truth)
{
    if (!(effect.compared.low <= truth && truth <= effect.compared.high))
        fail_msg("%g is not within %g … %g: %s", truth, effect.compared.low,
                 effect.compared.high, effect.sentence);
}

static void quotes_won_after_the_call_back_are_found_with_the_planted_gain(void **state)
{
    (void)state;
    struct firm firm = macchinari("N. offerta");
    struct effect effect =
        effect_of(firm, (struct kpi){.name = "Quotes won"}, "Offerta inviata",
                  "Ordine confermato", day(2025, 3, 3));
    assert_int_equal(effect.verdict, EFFECT_BETTER);
    assert_holds(effect, 0.37 - 0.24);
    assert_non_null(strstr(effect.sentence, "Better: +"));
    leave(firm);
}

static void returns_are_found_to_be_a_third_faster(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    struct effect effect = effect_of(
        firm, (struct kpi){.name = "Returns", .kind = KPI_TIME, .down_is_good = true},
        "Reso aperto", "Reso chiuso", day(2025, 1, 13));
    assert_int_equal(effect.verdict, EFFECT_BETTER);
    assert_holds(effect, -0.34 * effect.compared.before);
    leave(firm);
}

static void overdue_invoices_are_found_to_be_paid_more_often(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    struct effect effect = effect_of(
        firm, (struct kpi){.name = "Overdue paid", .window_us = 30LL * 86400 * US_PER_S},
        "Fattura scaduta", "Fattura pagata", day(2025, 2, 3));
    assert_int_equal(effect.verdict, EFFECT_BETTER);
    assert_holds(effect, 0.56 - 0.38);
    leave(firm);
}

static void an_action_planted_without_effect_is_reported_without_effect(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    struct effect effect =
        effect_of(firm, (struct kpi){.name = "E-mail", .kind = KPI_SCORE},
                  "Email automatica", "Email automatica", day(2025, 5, 5));
    assert_int_equal(effect.verdict, EFFECT_NONE);
    assert_non_null(strstr(effect.sentence, "No effect can be seen"));
    leave(firm);
}

static void what_is_too_little_is_said_to_be_too_little(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    lang_set(LANG_IT);
    struct effect effect =
        effect_of(firm, (struct kpi){.name = "Preventivi"}, "Offerta inviata",
                  "Ordine confermato", firm.log->first_us + 86400 * US_PER_S);
    assert_int_equal(effect.verdict, EFFECT_TOO_FEW);
    assert_non_null(strstr(effect.sentence, "Troppo pochi per dirlo"));
    lang_set(LANG_EN);
    leave(firm);
}

static void a_typed_number_is_compared_as_any_other(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    struct kpi_reading readings[24];
    for (int i = 0; i < 24; i++)
        readings[i] = (struct kpi_reading){day(2024, 1 + i % 12, 1) +
                                               (int64_t)(i / 12) * 366 * 86400 * US_PER_S,
                                           (i < 12 ? 40 : 30) + i % 3};
    struct effect effect =
        effect_of(firm,
                  (struct kpi){.name = "Calls a day",
                               .kind = KPI_TYPED,
                               .readings = readings,
                               .reading_count = 24,
                               .down_is_good = true},
                  "Offerta inviata", "Ordine confermato", day(2025, 1, 1));
    assert_int_equal(effect.verdict, EFFECT_BETTER);
    assert_near(effect.compared.difference, -10, 1e-9);
    leave(firm);
}

/* Customers of which some come much more often than others, and nothing changed. */
static void journeys_that_count_several_times_do_not_raise_false_alarms(void **state)
{
    (void)state;
    size_t alarms = 0;
    uint64_t seed = 11;
    for (int run = 0; run < 1000; run++) {
        struct kpi_observation items[400];
        struct kpi_sample sample = {.items = items};
        double share = 0, n = 0, hits = 0;
        for (size_t t = 0; t < 100; t++) {
            seed = seed * 6364136223846793005 + 1442695040888963407;
            bool lucky = (seed >> 33) % 10 < 3;
            for (size_t k = 0; k < 1 + t % 4; k++)
                items[sample.count++] = (struct kpi_observation){0, lucky, t, true};
        }
        for (size_t i = 0; i < sample.count; i++)
            hits += items[i].value;
        n = (double)sample.count;
        share = hits / n;
        double se = sqrt(share * (1 - share) * kpi_design_effect(&sample) / n);
        alarms += fabs(share - 0.3) > 1.959964 * se;
    }
    assert_true(alarms > 30 && alarms < 75);
}

/* D. J. Wheeler's way by hand: 10 12 11 13 12 11 12 10 12 25: mean 12.8, moving ranges
 * 2 1 2 1 1 1 2 2 13 = 25/9; limits 12.8 ± 2.66 · 2.7778. */
static void a_control_chart_has_the_limits_worked_by_hand(void **state)
{
    (void)state;
    static const double values[] = {10, 12, 11, 13, 12, 11, 12, 10, 12, 25};
    struct kpi_point points[10];
    struct control chart;
    struct vg_err err = {0};
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < 10; i++)
        points[i] = (struct kpi_point){.value = values[i]};
    assert_ok(control_chart(arena, points, 10, &chart, &err));
    assert_near(chart.mean, 12.8, 1e-12);
    assert_near(chart.high, 12.8 + 2.66 * 25 / 9, 1e-12);
    assert_near(chart.low, 12.8 - 2.66 * 25 / 9, 1e-12);
    assert_int_equal(chart.signals[9], SIGNAL_BEYOND);
    for (size_t i = 0; i < 9; i++)
        assert_false(chart.signals[i] & SIGNAL_BEYOND);
    for (size_t i = 0; i < 10; i++) /* (their sum is not ten times the value) */
        points[i].value = 0.1;
    assert_ok(control_chart(arena, points, 10, &chart, &err));
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(chart.signals[i], SIGNAL_NONE);
    struct kpi_point run[16];
    for (size_t i = 0; i < 16; i++)
        run[i] =
            (struct kpi_point){.value = i < 8 ? (double)(i % 2) : 4 + (double)(i % 2)};
    assert_ok(control_chart(arena, run, 16, &chart, &err));
    assert_true(chart.signals[15] & SIGNAL_RUN && !(chart.signals[14] & SIGNAL_RUN));
    arena_close(arena);
}

static void a_series_has_every_month_and_adds_up_to_the_whole(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    const char *names[] = {"Reso aperto", "Reso chiuso"};
    struct steps steps;
    struct kpi kpi = {.kind = KPI_TIME, .to = 1, .window_us = INT64_MAX};
    struct kpi_point *points;
    struct kpi_sample all;
    size_t count, sum = 0;
    struct vg_err err = {0};
    assert_ok(steps_from_activities(firm.arena, firm.log, names, 2, &steps, &err));
    assert_ok(kpi_series(firm.arena, firm.log, &steps, &kpi, EVERY_MONTH, &points, &count,
                         &err));
    assert_ok(kpi_sample(firm.arena, firm.log, &steps, &kpi,
                         (struct period){INT64_MIN, INT64_MAX}, &all, &err));
    for (size_t i = 0; i < count; i++) {
        sum += points[i].n;
        assert_true(i == 0 || points[i].period.from_us == points[i - 1].period.to_us);
    }
    assert_int_equal(sum, all.count);
    size_t weeks, week_sum = 0;
    assert_ok(kpi_series(firm.arena, firm.log, &steps, &kpi, EVERY_WEEK, &points, &weeks,
                         &err));
    for (size_t i = 0; i < weeks; i++) {
        week_sum += points[i].n;
        assert_int_equal((points[i].period.from_us / US_PER_S / 86400 + 3) % 7, 0);
    }
    assert_int_equal(week_sum, all.count);
    leave(firm);
}

/* Twenty customers took 1, 2 … 20 days: in R, quantile(1:20, 0.95) is 19.05. */
static void the_usual_window_is_rs_percentile_of_type_7(void **state)
{
    (void)state;
    char lines[4096] = "";
    const char *names[] = {"A", "B"};
    struct arena *arena = arena_open(0);
    struct steps steps;
    struct kpi kpi = {.kind = KPI_CONVERSION, .to = 1, .window_us = INT64_MAX};
    struct kpi_sample all;
    struct vg_err err = {0};
    for (int i = 1; i <= 20; i++) {
        size_t len = strlen(lines);
        snprintf(lines + len, sizeof lines - len,
                 "c%d;A;2025-01-01\nc%d;B;2025-01-%02d\n", i, i, 1 + i);
    }
    struct vg_log *log = log_from_lines(lines);
    assert_ok(steps_from_activities(arena, log, names, 2, &steps, &err));
    assert_ok(kpi_sample(arena, log, &steps, &kpi,
                         (struct period){log->first_us, log->last_us + 1}, &all, &err));
    assert_int_equal(all.window_us, 1905 * US_PER_DAY / 100);
    log_close(log);
    arena_close(arena);
}

static void what_was_before_is_told_while_nothing_is_there_after(void **state)
{
    (void)state;
    struct firm firm = macchinari(NULL);
    static const struct kpi kpis[] = {
        {.name = "Quotes won", .window_us = 30 * 86400 * (int64_t)US_PER_S},
        {.name = "Returns", .kind = KPI_TIME},
        {.name = "Offers", .kind = KPI_RATE},
    };
    static const char *const said[] = {"% before (", "days before (", " before ("};
    for (size_t i = 0; i < COUNT_OF(kpis); i++) {
        struct effect effect =
            effect_of(firm, kpis[i], i == 1 ? "Reso aperto" : "Offerta inviata",
                      i == 1 ? "Reso chiuso" : "Ordine confermato", day(2026, 1, 1));
        assert_int_equal(effect.verdict, EFFECT_TOO_FEW);
        assert_true(effect.here.n_before > 100 && effect.here.n_after == 0);
        assert_true(isfinite(effect.here.before));
        assert_true(isnan(effect.compared.difference));
        if (!strstr(effect.sentence, said[i]))
            fail_msg("%s", effect.sentence);
        assert_non_null(strstr(effect.sentence, "nothing observed after"));
    }
    leave(firm);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_before_is_told_while_nothing_is_there_after),
        cmocka_unit_test(quotes_won_after_the_call_back_are_found_with_the_planted_gain),
        cmocka_unit_test(returns_are_found_to_be_a_third_faster),
        cmocka_unit_test(overdue_invoices_are_found_to_be_paid_more_often),
        cmocka_unit_test(an_action_planted_without_effect_is_reported_without_effect),
        cmocka_unit_test(what_is_too_little_is_said_to_be_too_little),
        cmocka_unit_test(a_typed_number_is_compared_as_any_other),
        cmocka_unit_test(journeys_that_count_several_times_do_not_raise_false_alarms),
        cmocka_unit_test(a_control_chart_has_the_limits_worked_by_hand),
        cmocka_unit_test(a_series_has_every_month_and_adds_up_to_the_whole),
        cmocka_unit_test(the_usual_window_is_rs_percentile_of_type_7),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
