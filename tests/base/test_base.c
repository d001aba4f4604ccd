#include "check.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/parallel.h"
#include "base/utf8.h"

#include <math.h>
#include <stdatomic.h>

static void numbers_are_written_as_the_reader_writes_them(void **state)
{
    (void)state;
    static const struct {
        enum lang lang;
        double value;
        int decimals;
        const char *expected;
    } cases[] = {
        {LANG_IT, 1284, 0, "1.284"},
        {LANG_EN, 1284, 0, "1,284"},
        {LANG_IT, -1.2, 1, "\u22121,2"},
        {LANG_EN, -1.2, 1, "\u22121.2"},
        {LANG_IT, 1234567.5, 1, "1.234.567,5"},
        {LANG_EN, -0.04, 1, "0.0"},
        {LANG_EN, NAN, 1, "\u2013"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf buf = {0};
        lang_set(cases[i].lang);
        write_number(&buf, cases[i].value, cases[i].decimals);
        assert_string_equal(buf.ptr, cases[i].expected);
        buf_free(&buf);
    }
    lang_set(LANG_EN);
}

static void a_share_is_never_rounded_to_none_or_all(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *expected;
    } cases[] = {{0, "0%"}, {0.001, "<1%"}, {0.22, "22%"}, {0.999, ">99%"}, {1, "100%"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf buf = {0};
        write_share(&buf, cases[i].share, 0);
        assert_string_equal(buf.ptr, cases[i].expected);
        buf_free(&buf);
    }
}

static void every_day_of_ten_thousand_years_survives_there_and_back(void **state)
{
    (void)state;
    int64_t day = date_days(1, 1, 1);
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++)
            for (int d = 1; d <= 31; d++) {
                if (!date_exists(year, month, d))
                    continue;
                struct date back = date_from_us(day * US_PER_DAY);
                if (date_days(year, month, d) != day || back.year != year ||
                    back.month != month || back.day != d)
                    fail_msg("%04d-%02d-%02d", year, month, d);
                day++;
            }
    assert_false(date_exists(2025, 2, 31));
    assert_true(date_exists(2024, 2, 29));
    assert_false(date_exists(1900, 2, 29));
}

static void numbers_are_read_with_comma_or_point(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool comma, ok;
        double expected;
    } cases[] = {{"1.284,5", true, true, 1284.5}, {"1,284.5", false, true, 1284.5},
                 {"-3", false, true, -3},         {"\u22123,5", true, true, -3.5},
                 {"", false, false, 0},           {"12a", false, false, 0},
                 {"1e400", false, false, 0},      {"1e3", false, true, 1000},
                 {"--1", false, false, 0},        {".", false, false, 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double value = 0;
        assert_int_equal(str_to_double(str_from(cases[i].text), cases[i].comma, &value),
                         cases[i].ok);
        if (cases[i].ok)
            assert_true(value == cases[i].expected);
    }
}

static void folding_makes_what_people_typed_comparable(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    assert_string_equal(utf8_fold(arena, STR("  Citt\u00e0  di\tPARMA ")).ptr,
                        "citta di parma");
    assert_string_equal(utf8_fold(arena, STR("")).ptr, "");
    arena_close(arena);
}

static void windows_1252_becomes_utf8(void **state)
{
    (void)state;
    struct buf buf = {0};
    utf8_append_windows1252(&buf, STR("perch\xE9 costa 10 \x80"));
    assert_string_equal(buf.ptr, "perch\u00e9 costa 10 \u20ac");
    buf_free(&buf);
}

static void escaping_leaves_nothing_that_a_browser_would_run(void **state)
{
    (void)state;
    struct buf buf = {0};
    buf_xml(&buf, STR("<a href='x\">&\x01</a>"));
    assert_string_equal(buf.ptr, "&lt;a href=&#39;x&quot;&gt;&amp;&lt;/a&gt;");
    buf_free(&buf);
}

static void count_turn(void *ctx, size_t i, unsigned worker)
{
    (void)worker;
    atomic_fetch_add((atomic_size_t *)ctx, i);
}

static void a_parallel_loop_takes_every_turn_once(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 5; workers++) {
        atomic_size_t sum = 0;
        parallel_set_workers(workers);
        parallel_for(1000, count_turn, &sum);
        assert_int_equal(sum, 499500);
    }
    parallel_set_workers(0);
}

static void an_arena_keeps_to_its_limit(void **state)
{
    (void)state;
    struct arena *arena = arena_open(1000);
    assert_non_null(arena_alloc(arena, 1, 900));
    assert_null(arena_alloc(arena, 1, 200));
    assert_null(arena_alloc(arena, SIZE_MAX, 2));
    arena_close(arena);
}

static void an_italian_article_agrees_with_the_share_or_the_day_after_it(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"si perde il 8%", "si perde l’8%"},
        {"si perde il 1,5% (dal 1% al 11%)", "si perde l’1,5% (dall’1% all’11%)"},
        {"Arrivo il 8 agosto 2025", "Arrivo l’8 agosto 2025"},
        {"dal 11 marzo al 1 aprile", "dall’11 marzo al 1 aprile"},
        {"il 18%, il 10%, il 7%", "il 18%, il 10%, il 7%"},
        {"Carnival 8%", "Carnival 8%"},
    };
    struct arena *arena = arena_open(0);
    lang_set(LANG_IT);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(text_agreed(arena, cases[i][0]), cases[i][1]);
    lang_set(LANG_EN);
    assert_string_equal(text_agreed(arena, "il 8%"), "il 8%");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_as_the_reader_writes_them),
        cmocka_unit_test(a_share_is_never_rounded_to_none_or_all),
        cmocka_unit_test(every_day_of_ten_thousand_years_survives_there_and_back),
        cmocka_unit_test(numbers_are_read_with_comma_or_point),
        cmocka_unit_test(folding_makes_what_people_typed_comparable),
        cmocka_unit_test(windows_1252_becomes_utf8),
        cmocka_unit_test(escaping_leaves_nothing_that_a_browser_would_run),
        cmocka_unit_test(a_parallel_loop_takes_every_turn_once),
        cmocka_unit_test(an_arena_keeps_to_its_limit),
        cmocka_unit_test(an_italian_article_agrees_with_the_share_or_the_day_after_it),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
