#include "check.h"

#include "log/build.h"
#include "log_maker.h"
#include "mine/mine.h"

#define WEEK_US (7 * US_PER_DAY)

/* The 21 patients on 6-mercaptopurine of E. J. Freireich et al., Blood 21 (1963) 699–716:
 * weeks of remission; negative: still in remission when watching ended. Worked example of
 * J. D. Kalbfleisch & R. L. Prentice, The Statistical Analysis of Failure Time Data, and
 * of D. G. Kleinbaum & M. Klein, Survival Analysis, chapter 2. */
static const int remission_weeks[] = {6,   6,   6,   -6, 7,  -9,  10,  -10, -11, 13, 16,
                                      -17, -19, -20, 22, 23, -25, -32, -32, -34, -35};

/* Each enters so that watching ends, for all at the same time, when his follow-up did. */
static struct vg_log *remission_log(void)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    const int64_t end_us = 3000 * US_PER_DAY;
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t i = 0; i < COUNT_OF(remission_weeks); i++) {
        int weeks = remission_weeks[i];
        char name[16];
        snprintf(name, sizeof name, "p%zu", i);
        int64_t began_us = end_us - (weeks < 0 ? -weeks : weeks + 3) * WEEK_US;
        struct log_event event = {.customer = str_from(name),
                                  .activity = STR("remission"),
                                  .at_us = began_us,
                                  .score = NAN};
        assert_ok(builder_add(builder, &event, NULL, &err));
        event.activity = STR("relapse");
        event.at_us = began_us + weeks * WEEK_US;
        if (weeks > 0)
            assert_ok(builder_add(builder, &event, NULL, &err));
    }
    struct log_event last = {.customer = STR("somebody else"),
                             .activity = STR("a call"),
                             .at_us = end_us,
                             .score = NAN};
    assert_ok(builder_add(builder, &last, NULL, &err));
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static void the_remission_example_of_the_textbooks_comes_out_as_printed(void **state)
{
    (void)state;
    /* S(t) and its intervals as Stata's `sts list` prints them; the books give S(t) to
     * three digits: 0.857 0.807 0.753 0.690 0.628 0.538 0.448. */
    static const struct {
        double week;
        uint64_t at_risk, happened;
        double waiting, low, high;
    } expected[] = {
        {6, 21, 3, 0.8571, 0.6197, 0.9516},  {7, 17, 1, 0.8067, 0.5631, 0.9228},
        {10, 15, 1, 0.7529, 0.5032, 0.8894}, {13, 12, 1, 0.6902, 0.4316, 0.8491},
        {16, 11, 1, 0.6275, 0.3675, 0.8049}, {22, 7, 1, 0.5378, 0.2678, 0.7468},
        {23, 6, 1, 0.4482, 0.1881, 0.6801}};
    struct arena *arena = arena_open(0);
    struct vg_log *log = remission_log();
    struct vg_err err = {0};
    struct steps steps;
    struct vg_survival got;
    static const char *const names[] = {"remission", "relapse"};
    assert_ok(steps_from_activities(arena, log, names, 2, &steps, &err));
    assert_ok(survival_mine(arena, log, &steps, 0, 1, &got, &err));
    assert_int_equal(got.n, 21);
    assert_int_equal(got.happened, 9);
    assert_int_equal(got.censored, 12);
    assert_int_equal(got.point_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct vg_survival_point *point = &got.points[i];
        assert_near(point->t_s, expected[i].week * 604800, 0);
        assert_int_equal(point->at_risk, expected[i].at_risk);
        assert_int_equal(point->happened, expected[i].happened);
        assert_near(point->waiting, expected[i].waiting, 0.00006);
        assert_near(point->low, expected[i].low, 0.00006);
        assert_near(point->high, expected[i].high, 0.00006);
    }
    /* The median is 23 weeks in both books; SAS and Stata give (13, not reached). */
    assert_near(got.median_s, 23 * 604800.0, 0);
    assert_near(got.median_low_s, 13 * 604800.0, 0);
    assert_true(isnan(got.median_high_s));
    log_close(log);
    arena_close(arena);
}

static void who_is_still_under_way_lengthens_the_wait(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct steps steps;
    struct vg_survival got;
    static const char *const names[] = {"Quote", "Order"};
    struct vg_log *log = log_from_lines("a;Quote;2025-01-01\n"
                                        "a;Order;2025-01-03\n"
                                        "b;Quote;2025-01-01\n"
                                        "c;Order;2025-01-01\n" /* never asked */
                                        "c;Visit;2025-01-09\n");
    assert_ok(steps_from_activities(arena, log, names, 2, &steps, &err));
    assert_ok(survival_mine(arena, log, &steps, 0, 1, &got, &err));
    assert_int_equal(got.n, 2);
    assert_int_equal(got.happened, 1);
    assert_int_equal(got.censored, 1);
    assert_near(got.points[0].waiting, 0.5, 1e-15);
    assert_near(got.median_s, 2 * 86400, 0);
    log_close(log);
    arena_close(arena);
}

static void when_all_have_arrived_the_last_interval_is_not_known(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct steps steps;
    struct vg_survival got;
    static const char *const names[] = {"Quote", "Order"};
    struct vg_log *log = log_from_lines("a;Quote;2025-01-01\na;Order;2025-01-03\n"
                                        "b;Quote;2025-01-01\nb;Order;2025-01-05\n");
    assert_ok(steps_from_activities(arena, log, names, 2, &steps, &err));
    assert_ok(survival_mine(arena, log, &steps, 0, 1, &got, &err));
    assert_int_equal(got.point_count, 2);
    assert_near(got.points[1].waiting, 0, 0);
    assert_true(isnan(got.points[1].low) && isnan(got.points[1].high));
    assert_near(got.median_s, 2 * 86400, 0);
    assert_ok(survival_mine(arena, log, &steps, 1, 0, &got, &err));
    assert_int_equal(got.n, 2);
    assert_int_equal(got.point_count, 0);
    assert_true(isnan(got.median_s));
    log_close(log);
    arena_close(arena);
}

static void the_median_of_all_arrived_is_when_half_of_them_had(void **state)
{
    (void)state;
    struct vg_err err = {0};
    for (size_t n = 2; n <= 200; n += 2) {
        struct arena *arena = arena_open(0);
        struct vg_survival got;
        int64_t waits_us[200];
        bool arrived[200];
        for (size_t i = 0; i < n; i++) {
            waits_us[i] = (int64_t)(i + 1) * 1000000;
            arrived[i] = true;
        }
        assert_ok(survival_of(arena, waits_us, arrived, n, &got, &err));
        if (got.median_s != (double)n / 2)
            fail_msg("of %zu: median %g", n, got.median_s);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_remission_example_of_the_textbooks_comes_out_as_printed),
        cmocka_unit_test(who_is_still_under_way_lengthens_the_wait),
        cmocka_unit_test(when_all_have_arrived_the_last_interval_is_not_known),
        cmocka_unit_test(the_median_of_all_arrived_is_when_half_of_them_had),
    };
    return cmocka_run_group_tests_name("survival", tests, NULL, NULL);
}
