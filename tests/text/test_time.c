#include "check.h"

#include "base/date.h"
#include "base/lang.h"
#include "text/time_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Everything below is compared as "2025-11-12 14:05:33[.ffffff]". */
static const char *shown(int64_t at_us, char out[64])
{
    struct date d = date_from_us(at_us);
    int n = snprintf(out, 64, "%04d-%02d-%02d %02d:%02d:%02d", d.year, d.month, d.day,
                     d.hour, d.minute, d.second);
    if (d.us)
        snprintf(out + n, 64 - (size_t)n, ".%06d", d.us);
    return out;
}

static void a_time_is_read_as_people_write_it(void **state)
{
    (void)state;
    static const struct {
        enum time_kind kind;
        char order;
        const char *text, *expected; /* NULL: refused */
    } cases[] = {
        {TIME_CALENDAR, 'y', "2025-11-12", "2025-11-12 00:00:00"},
        {TIME_CALENDAR, 'y', " 2025-11-12T14:05 ", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'y', "2025-11-12 14:05:33", "2025-11-12 14:05:33"},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05:33.25", "2025-11-12 14:05:33.250000"},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05:33,25Z", "2025-11-12 14:05:33.250000"},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05:33.1234567Z",
         "2025-11-12 14:05:33.123456"},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05:33+01:00", "2025-11-12 13:05:33"},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05:33-0330", "2025-11-12 17:35:33"},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05+01", "2025-11-12 13:05:00"},
        {TIME_CALENDAR, 'y', "2025-11-12 14:05:33 UTC", "2025-11-12 14:05:33"},
        {TIME_CALENDAR, 'y', "2025-11-12 14:05:33 +0100", "2025-11-12 13:05:33"},
        {TIME_CALENDAR, 'y', "2025/11/12 14:05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'y', "2025-1-2", "2025-01-02 00:00:00"},
        {TIME_CALENDAR, 'y', "2025-11-12T24:00:00", "2025-11-13 00:00:00"},
        {TIME_CALENDAR, 'y', "2016-12-31T23:59:60Z", "2017-01-01 00:00:00"},
        {TIME_CALENDAR, 'y', "2025-02-29", NULL},
        {TIME_CALENDAR, 'y', "2024-02-29", "2024-02-29 00:00:00"},
        {TIME_CALENDAR, 'y', "2025-13-01", NULL},
        {TIME_CALENDAR, 'y', "2025-11-12T25:00", NULL},
        {TIME_CALENDAR, 'y', "2025-11-12T14:60", NULL},
        {TIME_CALENDAR, 'y', "2025-11-12T14:05:33+25:00", NULL},
        {TIME_CALENDAR, 'y', "2025-11-12x", NULL},
        {TIME_CALENDAR, 'y', "2025-11", NULL},
        {TIME_CALENDAR, 'y', "12/11/2025", NULL},
        {TIME_CALENDAR, 'y', "0001-01-01T00:00:00+14:00", NULL},
        {TIME_CALENDAR, 'y', "0000-01-01", NULL},
        {TIME_CALENDAR, 'y', "9999-12-31T23:59:59", "9999-12-31 23:59:59"},
        {TIME_CALENDAR, 'y', "", NULL},
        {TIME_CALENDAR, 'd', "12/11/2025", "2025-11-12 00:00:00"},
        {TIME_CALENDAR, 'd', "12/11/2025 14:05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'd', "12/11/2025 14:05:33", "2025-11-12 14:05:33"},
        {TIME_CALENDAR, 'd', "12/11/2025 14.05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'd', "12/11/2025 14.05.33", "2025-11-12 14:05:33"},
        {TIME_CALENDAR, 'd', "12/11/2025, 9:05", "2025-11-12 09:05:00"},
        {TIME_CALENDAR, 'd', "12/11/2025 ore 14:05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'd', "12-11-2025 14:05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'd', "12.11.2025 14:05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'd', "2.1.25", "2025-01-02 00:00:00"},
        {TIME_CALENDAR, 'd', "2/1/69 8:00", "1969-01-02 08:00:00"},
        {TIME_CALENDAR, 'd', "31/02/2025", NULL},
        {TIME_CALENDAR, 'd', "11/12/25 02:05 PM", "2025-12-11 14:05:00"},
        {TIME_CALENDAR, 'd', "2025-11-12 10:00", "2025-11-12 10:00:00"},
        {TIME_CALENDAR, 'd', "12 novembre 2025", "2025-11-12 00:00:00"},
        {TIME_CALENDAR, 'd', "12 nov 2025 14:05", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'd', "12-nov-25", "2025-11-12 00:00:00"},
        {TIME_CALENDAR, 'd', "1 gennaio 2025 alle ore 9:30", "2025-01-01 09:30:00"},
        {TIME_CALENDAR, 'd', "mercoledì 12 novembre 2025", "2025-11-12 00:00:00"},
        {TIME_CALENDAR, 'd', "mar 11/11/2025", "2025-11-11 00:00:00"},
        {TIME_CALENDAR, 'd', "mar 11 nov 2025", "2025-11-11 00:00:00"},
        {TIME_CALENDAR, 'd', "Mar 11, 2025", "2025-03-11 00:00:00"},
        {TIME_CALENDAR, 'd', "November 12, 2025 2:05:33 pm", "2025-11-12 14:05:33"},
        {TIME_CALENDAR, 'd', "Wed, 12 Nov 2025 14:05:33 +0100", "2025-11-12 13:05:33"},
        {TIME_CALENDAR, 'd', "Wed Nov 12 14:05:33 CET 2025", "2025-11-12 13:05:33"},
        {TIME_CALENDAR, 'd', "Wed Nov 12 2025 14:05:33 GMT+0100 (Central European Time)",
         "2025-11-12 13:05:33"},
        {TIME_CALENDAR, 'd', "12 brumaio 2025", NULL},
        {TIME_CALENDAR, 'd', "30 feb 2025", NULL},
        {TIME_CALENDAR, 'd', "12/11/2025 13:05 PM", NULL},
        {TIME_CALENDAR, 'd', "1.234,5", NULL},
        {TIME_CALENDAR, 'd', "192.168.1.1", NULL},
        {TIME_CALENDAR, 'd', "02/521 77 31", NULL},
        {TIME_CALENDAR, 'm', "11/12/2025", "2025-11-12 00:00:00"},
        {TIME_CALENDAR, 'm', "11/12/2025 2:05 PM", "2025-11-12 14:05:00"},
        {TIME_CALENDAR, 'm', "11/12/2025 12:05:00 AM", "2025-11-12 00:05:00"},
        {TIME_CALENDAR, 'm', "11/12/2025 12:05 p.m.", "2025-11-12 12:05:00"},
        {TIME_CALENDAR, 'm', "13/12/2025", NULL},
        {TIME_COMPACT, 0, "20251112", "2025-11-12 00:00:00"},
        {TIME_COMPACT, 0, "20251112T140533Z", "2025-11-12 14:05:33"},
        {TIME_COMPACT, 0, "202511121405", "2025-11-12 14:05:00"},
        {TIME_COMPACT, 0, "20251131", NULL},
        {TIME_COMPACT, 0, "2025111", NULL},
        {TIME_SERIAL, 0, "45973", "2025-11-12 00:00:00"},
        {TIME_SERIAL, 0, "45973,586805556", "2025-11-12 14:05:00"},
        {TIME_SERIAL, 0, "1e9", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct time_format format = {.kind = cases[i].kind, .order = cases[i].order};
        /* A heap copy of just the right size: an overrun shows under AddressSanitizer. */
        size_t n = strlen(cases[i].text);
        char *copy = malloc(n ? n : 1), out[64];
        memcpy(copy, cases[i].text, n);
        int64_t at_us = 0;
        bool read = time_parse(&format, (str){copy, n}, &at_us);
        free(copy);
        if (read != (cases[i].expected != NULL) ||
            (read && strcmp(shown(at_us, out), cases[i].expected) != 0))
            fail_msg("%s: %s", cases[i].text, read ? shown(at_us, out) : "refused");
    }
}

static void a_refused_date_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"31/02/2025", "the date \"31/02/2025\" does not exist"},
        {"12/25/2025",
         "the date \"12/25/2025\" is not written in the order of the others"},
        {"forse", "\"forse\" is not a date"},
        {"", "the date is missing"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct time_format format = {.kind = TIME_CALENDAR, .order = 'd'};
        struct buf out = {0};
        str text = str_from(cases[i].text);
        time_fault_write(time_explain(&format, text), text, &out);
        assert_string_equal(out.ptr, cases[i].expected);
        buf_free(&out);
    }
}

static void the_form_of_a_column_is_guessed_from_its_values(void **state)
{
    (void)state;
    static const struct {
        const char *samples[3];
        char order_given;
        enum time_kind kind;
        char order;
        bool assumed;
        const char *written;
    } cases[] = {
        {{"2025-11-12", "2025-01-31"}, 0, TIME_CALENDAR, 'y', false, "ISO 8601"},
        {{"12/11/2025 10:00", "31/01/2025 10:00"},
         0,
         TIME_CALENDAR,
         'd',
         false,
         "dd/mm/yyyy hh:mm"},
        {{"11/12/2025", "01/31/2025"}, 0, TIME_CALENDAR, 'm', false, "mm/dd/yyyy"},
        {{"01/02/2025", "03/04/2025"}, 0, TIME_CALENDAR, 'd', true, "dd/mm/yyyy"},
        {{"01/02/2025", "03/04/2025"}, 'm', TIME_CALENDAR, 'm', false, "mm/dd/yyyy"},
        {{"01/02/2025 2:05 PM", "03/04/2025 1:00 AM"},
         0,
         TIME_CALENDAR,
         'm',
         true,
         "mm/dd/yyyy hh:mm"},
        {{"1.2.25", "13.2.25"}, 0, TIME_CALENDAR, 'd', false, "dd.mm.yy"},
        {{"12 novembre 2025", "1 gen 2024"},
         0,
         TIME_CALENDAR,
         'y',
         false,
         "dd month yyyy"},
        {{"20251112", "20250131"}, 0, TIME_COMPACT, 0, false, "yyyymmdd"},
        {{"1762952733", "1762952999"}, 0, TIME_EPOCH, 0, false, "seconds since 1970"},
        {{"1762952733250", "1762952999000"},
         0,
         TIME_EPOCH,
         0,
         false,
         "milliseconds since 1970"},
        {{"45973.5", "45974"}, 0, TIME_SERIAL, 0, false, "spreadsheet day numbers"},
        {{"Mario", "Anna"}, 0, TIME_NONE, 0, false, ""},
        {{"3", "5"}, 0, TIME_NONE, 0, false, ""},
        {{"0512345678", "3331234567"}, 0, TIME_NONE, 0, false, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str samples[3];
        size_t n = 0, read;
        while (n < 3 && cases[i].samples[n]) {
            samples[n] = str_from(cases[i].samples[n]);
            n++;
        }
        struct time_format format =
            time_guess(samples, n, cases[i].order_given, NULL, &read);
        struct buf out = {0};
        buf_text(&out, "");
        time_format_write(&format, &out);
        if (format.kind != cases[i].kind || format.assumed != cases[i].assumed ||
            (cases[i].order && format.order != cases[i].order) ||
            strcmp(out.len ? out.ptr : "", cases[i].written) != 0)
            fail_msg("%s: kind %d order %c %s", cases[i].samples[0], format.kind,
                     format.order, out.ptr);
        buf_free(&out);
    }
}

static void a_date_and_a_time_column_are_joined(void **state)
{
    (void)state;
    static const struct {
        const char *date, *clock, *expected;
    } cases[] = {
        {"12/11/2025", "14:05", "2025-11-12 14:05:00"},
        {"12/11/2025 00:00:00", "2.05 pm", "2025-11-12 14:05:00"},
        {"12/11/2025", "30/12/1899 14:05:00", "2025-11-12 14:05:00"},
        {"12/11/2025", "", "2025-11-12 00:00:00"},
        {"12/11/2025", "presto", NULL},
        {"", "14:05", NULL},
    };
    struct time_format format = {.kind = TIME_CALENDAR, .order = 'd'};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t at_us = 0;
        char out[64];
        bool read = time_parse_joined(&format, str_from(cases[i].date),
                                      str_from(cases[i].clock), &at_us);
        assert_int_equal(read, cases[i].expected != NULL);
        if (read)
            assert_string_equal(shown(at_us, out), cases[i].expected);
    }
}

static const struct time_zone *zone(struct arena *arena, const char *name)
{
    struct vg_err err = {0};
    const struct time_zone *result = NULL;
    assert_ok(time_zone_open(arena, name, &result, &err));
    return result;
}

static void the_two_sundays_of_daylight_saving_are_read_right(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    static const struct {
        const char *zone, *local, *utc;
    } cases[] = {
        {"Europe/Rome", "2025-01-15 12:00", "2025-01-15 11:00:00"},
        {"Europe/Rome", "2025-07-15 12:00", "2025-07-15 10:00:00"},
        {"Europe/Rome", "2025-03-30 01:59", "2025-03-30 00:59:00"},
        {"Europe/Rome", "2025-03-30 02:30",
         "2025-03-30 01:30:00"}, /* never: read 03:30 */
        {"Europe/Rome", "2025-03-30 03:00", "2025-03-30 01:00:00"},
        {"Europe/Rome", "2025-10-26 01:59", "2025-10-25 23:59:00"},
        {"Europe/Rome", "2025-10-26 02:30", "2025-10-26 00:30:00"}, /* twice: the first */
        {"Europe/Rome", "2025-10-26 03:00", "2025-10-26 02:00:00"},
        {"Europe/Rome", "2075-07-15 12:00", "2075-07-15 10:00:00"}, /* by the rule */
        {"Europe/Rome", "2599-07-15 12:00", "2599-07-15 10:00:00"},
        {"Europe/Rome", "9999-12-31 23:59", "9999-12-31 22:59:00"},
        {"Australia/Sydney", "2075-01-15 12:00", "2075-01-15 01:00:00"},
        {"America/New_York", "2025-11-02 01:30", "2025-11-02 05:30:00"},
        {"Asia/Kolkata", "2025-11-02 01:30", "2025-11-01 20:00:00"},
        {"+01:00", "2025-07-15 12:00", "2025-07-15 11:00:00"},
        {"UTC", "2025-07-15 12:00", "2025-07-15 12:00:00"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct time_format format = TIME_ISO;
        format.zone = zone(arena, cases[i].zone);
        int64_t at_us;
        char out[64];
        assert_true(time_parse(&format, str_from(cases[i].local), &at_us));
        if (strcmp(shown(at_us, out), cases[i].utc) != 0)
            fail_msg("%s %s: %s", cases[i].zone, cases[i].local, out);
    }
    arena_close(arena);
}

/* The C library is the oracle: what its clock shows at t must be read back as t, or,
 * where that clock shows the same twice, as the earlier one. */
static void wall_clocks_agree_with_the_c_library(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    static const char *names[] = {"Europe/Rome", "America/New_York", "Europe/London",
                                  "Australia/Lord_Howe", "America/Sao_Paulo"};
    uint64_t seed = 1;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct time_zone *here = zone(arena, names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int n = 0; n < 20000; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            time_t t = (time_t)((seed >> 20) % 4500000000u) - 1500000000;
            if (n < 5000) /* about the change of every year, to the minute */
                t = (time_t)(date_days(1990 + n % 60, n % 2 ? 3 : 10, 25) * 86400 +
                             (time_t)((seed >> 30) % (8 * 86400)));
            struct tm tm, again;
            localtime_r(&t, &tm);
            int64_t local_s =
                date_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 +
                tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
            time_t back = time_zone_to_utc(here, local_s * US_PER_S) / US_PER_S;
            localtime_r(&back, &again);
            if (back > t || again.tm_hour != tm.tm_hour || again.tm_min != tm.tm_min ||
                (back != t && t - back > 7200))
                fail_msg("%s: %lld is read as %lld", names[i], (long long)t,
                         (long long)back);
        }
    }
    unsetenv("TZ");
    tzset();
    arena_close(arena);
}

static void a_zone_name_is_never_a_way_out_of_its_folder(void **state)
{
    (void)state;
    static const char *names[] = {"../../../etc/passwd",
                                  "/etc/localtime",
                                  "Europe/Atlantis",
                                  "",
                                  "zone.tab",
                                  "Europe",
                                  "+99:00"};
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct vg_err err = {0};
        const struct time_zone *result;
        assert_int_equal(time_zone_open(arena, names[i], &result, &err),
                         VG_ERR_NOT_FOUND);
    }
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_read_as_people_write_it),
        cmocka_unit_test(a_refused_date_says_why),
        cmocka_unit_test(the_form_of_a_column_is_guessed_from_its_values),
        cmocka_unit_test(a_date_and_a_time_column_are_joined),
        cmocka_unit_test(the_two_sundays_of_daylight_saving_are_read_right),
        cmocka_unit_test(wall_clocks_agree_with_the_c_library),
        cmocka_unit_test(a_zone_name_is_never_a_way_out_of_its_folder),
    };
    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
