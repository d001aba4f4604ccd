/* The fast way to read times gives what text/time_format gives, in every case. */
#include "check.h"

#include "base/date.h"
#include "log/csv_times.h"

#include <stdio.h>

static void same_as_time_parse(const struct time_format *format, str text)
{
    static const uint8_t skip[1] = {0};
    uint8_t bad[1] = {0};
    int64_t got = 0, want = 0;
    csv_times(format, &text, 1, skip, &got, bad);
    bool ok = time_parse(format, text, &want);
    if (ok == (bad[0] != 0) || (ok && got != want))
        fail_msg("%.*s: %d %ld, and not %d %ld", STR_ARG(text), !bad[0], (long)got, ok,
                 (long)want);
}

static void every_day_and_second_is_read_as_the_slow_way_reads_it(void **state)
{
    (void)state;
    const struct time_format format = TIME_ISO;
    char text[32];
    for (int64_t day = -800000; day < 2000000; day += 211) {
        struct date date = date_from_us(day * US_PER_DAY + day % 86400 * US_PER_S);
        if (date.year < 1 || date.year > 9999)
            continue;
        snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", date.year,
                 date.month, date.day, date.hour, date.minute, date.second);
        same_as_time_parse(&format, str_from(text));
        text[10] = 'T';
        same_as_time_parse(&format, str_from(text));
    }
}

static void whatever_character_is_wrong_both_ways_agree(void **state)
{
    (void)state;
    const struct time_format formats[] = {TIME_ISO,
                                          {.kind = TIME_CALENDAR, .order = 'd'},
                                          {.kind = TIME_EPOCH, .unit_us = 1}};
    static const char right[] = "2024-02-29 23:59:59";
    for (size_t f = 0; f < COUNT_OF(formats); f++)
        for (size_t at = 0; at < sizeof right - 1; at++)
            for (int c = 1; c < 256; c++) {
                char text[sizeof right];
                memcpy(text, right, sizeof right);
                text[at] = (char)c;
                same_as_time_parse(&formats[f], (str){text, sizeof right - 1});
            }
}

static void a_date_is_remembered_only_while_it_is_the_same(void **state)
{
    (void)state;
    const struct time_format format = TIME_ISO;
    const str texts[] = {STR("2024-02-29 00:00:00"),
                         STR("2024-02-29 00:00:01"),
                         STR("2023-02-29 00:00:00"),
                         STR("2024-03-01T00:00:00"),
                         STR(""),
                         STR("2024-02-29 00:00:00")};
    const uint8_t skip[6] = {0, 0, 0, 0, 1, 0};
    uint8_t bad[6] = {0};
    int64_t at_us[6] = {0};
    csv_times(&format, texts, 6, skip, at_us, bad);
    const uint8_t expected[6] = {0, 0, 1, 0, 0, 0};
    assert_memory_equal(bad, expected, 6);
    assert_int_equal(at_us[1], at_us[0] + US_PER_S);
    assert_int_equal(at_us[3], at_us[0] + US_PER_DAY);
    assert_int_equal(at_us[5], at_us[0]);
}

static void behind_a_time_of_the_same_minute_both_ways_agree(void **state)
{
    (void)state;
    const struct time_format format = TIME_ISO;
    const uint8_t skip[2] = {0};
    static const char right[] = "2024-02-29 23:59:58";
    for (size_t at = 0; at < sizeof right - 1; at++)
        for (int c = 1; c < 256; c++) {
            char text[sizeof right];
            int64_t got[2] = {0}, want = 0;
            uint8_t bad[2] = {0};
            memcpy(text, right, sizeof right);
            text[at] = (char)c;
            const str texts[] = {STR("2024-02-29 23:59:07"), {text, sizeof right - 1}};
            csv_times(&format, texts, 2, skip, got, bad);
            bool ok = time_parse(&format, texts[1], &want);
            assert_int_equal(bad[1], !ok);
            assert_true(!ok || got[1] == want);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_and_second_is_read_as_the_slow_way_reads_it),
        cmocka_unit_test(whatever_character_is_wrong_both_ways_agree),
        cmocka_unit_test(a_date_is_remembered_only_while_it_is_the_same),
        cmocka_unit_test(behind_a_time_of_the_same_minute_both_ways_agree),
    };
    return cmocka_run_group_tests_name("csv_times", tests, NULL, NULL);
}
