#include "log_maker.h"

static void a_log_is_ordered_by_customer_then_time_then_order_of_arrival(void **state)
{
    (void)state;
    struct vg_log *log = log_from_lines("b;Visit;2025-01-02;web\n"
                                        "a;Second;2025-01-02 10:00;;carlo;4\n"
                                        "b;Call;2025-01-01\n"
                                        "a;Third;2025-01-02 10:00\n"
                                        "a;First;2025-01-01 23:59:59\n");
    static const char *const expected[] = {"Call", "Visit", "First", "Second", "Third"};
    assert_int_equal(log->events, 5);
    assert_int_equal(log->traces, 2);
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_string_equal(dict_text(&log->activities, log->activity[i]), expected[i]);
    assert_string_equal(dict_text(&log->trace_names, log->trace_name[0]), "b");
    assert_int_equal(log->first[1], 2);
    assert_int_equal(log->first[2], 5);
    assert_int_equal(log->channel[0], LOG_NO_CODE16);
    assert_string_equal(dict_text(&log->channels, log->channel[1]), "web");
    assert_true(log->score[3] == 4.0F && log->scale[3] == SCALE_STARS);
    assert_true(isnan(log->score[0]));
    assert_null(log->touchpoint);
    assert_int_equal(log_activity_find(log, STR("Third")), log->activity[4]);
    assert_int_equal(log_activity_find(log, STR("Fourth")), LOG_NO_CODE16);
    log_close(log);
}

static void an_empty_log_is_a_log(void **state)
{
    (void)state;
    struct vg_log *log = log_from_lines("");
    assert_int_equal(log->events, 0);
    assert_int_equal(log->traces, 0);
    assert_int_equal(log->first[0], 0);
    log_close(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_ordered_by_customer_then_time_then_order_of_arrival),
        cmocka_unit_test(an_empty_log_is_a_log),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
