#include "asked.h"
#include "golden.h"

#include <time.h>

/* Lines for log_from_lines: `count` customers who do the same, an activity per character,
 * an hour apart; digits are the stars given to the activity before. */
struct crowd {
    char lines[1 << 20];
    size_t used;
    int customers;
};
static struct crowd crowd;
static void come(int count, const char *activities)
{
    for (int c = 0; c < count; c++, crowd.customers++) {
        size_t hour = 0;
        for (const char *a = activities; *a; a++) {
            if (*a >= '1' && *a <= '5')
                continue;
            char stars[2] = {a[1] >= '1' && a[1] <= '5' ? a[1] : 0, 0};
            crowd.used += (size_t)snprintf(
                crowd.lines + crowd.used, sizeof crowd.lines - crowd.used,
                "c%d;%c;2025-01-%02zu %02zu:00;;;%s\n", crowd.customers, *a,
                1 + hour / 24, hour % 24, stars);
            hour++;
        }
    }
}
/* The log of everybody who came, watched until the end of January. */
static struct vg_log *crowd_log(void)
{
    crowd.used += (size_t)snprintf(crowd.lines + crowd.used,
                                   sizeof crowd.lines - crowd.used, "end;Z;2025-01-31\n");
    struct vg_log *log = log_from_lines(crowd.lines);
    crowd = (struct crowd){.used = 0};
    return log;
}

static void says_where_customers_are_lost_in_words_with_n_and_interval(void **state)
{
    (void)state;
    come(78, "ABC");
    come(22, "AB");
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C Z?")};
    ask(&a);
    const struct finding *loss = first_of(&a, FINDING_LOSS);
    assert_non_null(loss);
    assert_string_equal(loss->headline,
                        "After “B”, one customer in five goes no further");
    assert_non_null(strstr(loss->detail, "22% lost (15–31%), 100 observed"));
    assert_string_equal(loss->step, "s2");
    assert_near(loss->weight, 22 * sqrt(0.22), 1e-9);
    let_go(&a);
}

static void speaks_italian_as_the_firm_does(void **state)
{
    (void)state;
    come(33, "ABC");
    come(67, "AB");
    lang_set(LANG_IT);
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C Z?")};
    ask(&a);
    const struct finding *loss = first_of(&a, FINDING_LOSS);
    assert_string_equal(loss->headline, "Dopo «B», due clienti su tre non vanno oltre");
    assert_non_null(strstr(loss->detail, "67% persi (57–75%), 100 osservati"));
    let_go(&a);
}

static void does_not_call_lost_who_goes_on_by_another_way(void **state)
{
    (void)state;
    come(50, "ABC");
    come(50, "BAC"); /* never at B after A, and yet they are all at C */
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C")};
    ask(&a);
    assert_int_equal(a.funnel.steps[0].lost, 0);
    assert_null(first_of(&a, FINDING_LOSS));
    let_go(&a);
}

static void sets_belief_beside_evidence(void **state)
{
    (void)state;
    come(60, "A1BC");
    come(40, "A2BC");
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C")};
    a.map->steps[0].feeling.valence = 0.4;
    ask(&a);
    const struct finding *belief = first_of(&a, FINDING_BELIEF);
    assert_string_equal(belief->headline, "“A”: believed good, lived as very bad");
    assert_string_equal(belief->detail,
                        "workshop +0.4 · evidence −1.6 (±0.1), 100 scores");
    let_go(&a);
    come(100, "A4BC"); /* as believed, or nearly */
    a = (struct asked){.log = crowd_log(), .map = map_from_words("A B C")};
    a.map->steps[0].feeling.valence = 0.8;
    ask(&a);
    assert_null(first_of(&a, FINDING_BELIEF));
    let_go(&a);
}

static void names_the_low_point_where_nobody_said_what_they_believed(void **state)
{
    (void)state;
    come(20, "A1B4C");
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C")};
    ask(&a);
    assert_string_equal(first_of(&a, FINDING_BELIEF)->headline,
                        "“A” is the low point: lived as very bad");
    assert_non_null(strstr(first_of(&a, FINDING_BELIEF)->detail, "few cases"));
    let_go(&a);
}

static void tells_the_shortcut_and_what_it_stands_instead_of(void **state)
{
    (void)state;
    come(31, "MGBT");
    come(69, "MGHT");
    struct asked a = {.log = crowd_log(), .map = map_from_words("M G+H* Z?")};
    ask(&a);
    const struct finding *shortcut = first_of(&a, FINDING_SHORTCUT);
    assert_string_equal(shortcut->headline, "“B” instead of “H”: three times in ten");
    assert_non_null(strstr(shortcut->detail, "31% (23–41%) of 100 times after “G”"));
    assert_string_equal(shortcut->step, "s2");
    let_go(&a);
}

static void tells_rework_but_not_what_everybody_repeats(void **state)
{
    (void)state;
    come(80, "ABBC");
    come(20, "AABBC"); /* A twice in one of five; B twice for all */
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C")};
    ask(&a);
    const struct finding *loop = first_of(&a, FINDING_LOOP);
    assert_string_equal(loop->headline,
                        "“A” comes more than once for one customer in five");
    assert_string_equal(loop->step, "s1");
    let_go(&a);
    come(80, "ABC");
    come(20, "AABC");
    a = (struct asked){.log = crowd_log(), .map = map_from_words("A* B C")};
    ask(&a);
    assert_null(first_of(&a, FINDING_LOOP)); /* the map expects it */
    let_go(&a);
}

static void the_first_three_are_of_different_kinds(void **state)
{
    (void)state;
    come(100, "A");
    come(90, "AB");
    come(80, "AB1C");
    come(70, "ABB1CD");
    come(60, "ABBCXD");
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C D E? Z?")};
    a.map->steps[1].feeling.valence = 1.5;
    ask(&a);
    assert_true(a.findings.count >= 4);
    for (size_t i = 1; i < 3; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(a.findings.items[i].kind, a.findings.items[k].kind);
    let_go(&a);
}

static void nothing_is_said_of_nothing(void **state)
{
    (void)state;
    struct asked a = {.log = log_from_lines(""), .map = map_from_words("A B")};
    ask(&a);
    assert_int_equal(a.findings.count, 0);
    let_go(&a);
    a = (struct asked){.log = log_from_lines("a;A;2025-01-01\n"),
                       .map = map_from_words("A B")};
    ask(&a);
    assert_int_equal(a.findings.count, 0);
    let_go(&a);
}

static void what_customers_of_another_map_do_is_no_finding(void **state)
{
    (void)state;
    come(40, "ABC");
    come(60, "XYX"); /* never met on this map */
    struct asked a = {.log = crowd_log(), .map = map_from_words("A B C Z?")};
    ask(&a);
    for (size_t i = 0; i < a.findings.count; i++)
        assert_null(strstr(a.findings.items[i].headline, "“X”"));
    let_go(&a);
    come(40, "ABC");
    come(60, "XBC"); /* these do come to it */
    a = (struct asked){.log = crowd_log(), .map = map_from_words("A B C Z?")};
    ask(&a);
    bool told = false;
    for (size_t i = 0; i < a.findings.count; i++)
        told = told || strstr(a.findings.items[i].headline, "begin with “X”");
    assert_true(told);
    let_go(&a);
}

static void tells_who_takes_much_longer_and_does_not_say_why(void **state)
{
    (void)state;
    come(40, "AOYYYYYYC");
    come(60, "AYC");
    struct asked a = {.log = crowd_log(), .map = map_from_words("A O? C Z? Y?")};
    ask(&a);
    const struct finding *detour = first_of(&a, FINDING_DETOUR);
    assert_non_null(detour);
    assert_string_equal(detour->step, "s2");
    assert_string_equal(detour->headline,
                        "Who comes by “O” is at “C” after 8 hours, the others after "
                        "2 hours");
    assert_non_null(strstr(detour->detail, "40% (31–50%) of 100 come by here"));
    let_go(&a);
}

/* 40 of 100 end `days` after their beginning, the others some time within 40 days; with
 * times of day, or without. */
static struct vg_log *log_with_clock(int days, bool hours)
{
    static char lines[1 << 16];
    size_t used = 0;
    for (int c = 0; c < 100; c++) {
        int off = c < 40 ? days * 1440 : 1440 + c * 397;
        used +=
            (size_t)snprintf(lines + used, sizeof lines - used, "c%d;A;2025-01-01\n", c);
        used += (size_t)snprintf(
            lines + used, sizeof lines - used,
            hours ? "c%d;B;2025-%02d-%02d %02d:%02d\n" : "c%d;B;2025-%02d-%02d\n", c,
            1 + off / 1440 / 31, 1 + off / 1440 % 31, off / 60 % 24, off % 60);
    }
    return log_from_lines(lines);
}

static void a_wait_that_a_clock_ends_is_told_as_a_rule(void **state)
{
    (void)state;
    struct asked a = {.log = log_with_clock(15, true), .map = map_from_words("A B")};
    ask(&a);
    const struct finding *wait = first_of(&a, FINDING_WAIT);
    assert_string_equal(wait->headline, "“B” follows “A” by the clock: exactly 15 days "
                                        "later, two times in five");
    assert_string_equal(wait->kicker, "A rule, not a wait");
    let_go(&a);
    a = (struct asked){.log = log_with_clock(15, false), .map = map_from_words("A B")};
    ask(&a); /* dates without hours are all round: that proves nothing */
    assert_null(strstr(first_of(&a, FINDING_WAIT)->headline, "clock"));
    let_go(&a);
}

/* B comes within four weeks of A; C after B by a clock, or not, and later than that. */
static struct vg_log *log_with_late_clock(bool clock)
{
    static char lines[1 << 16];
    size_t used = 0;
    for (int c = 0; c < 100; c++) {
        time_t a = 1735689600, b = a + 60 * (1440 + c * 397),
               end = b + 86400 * 30 + (clock && c < 40 ? 0 : 60 * c * 397);
        const time_t at[] = {a, b, end};
        for (size_t i = 0; i < COUNT_OF(at); i++) {
            struct tm day;
            char text[32];
            strftime(text, sizeof text, "%Y-%m-%d %H:%M", gmtime_r(&at[i], &day));
            used += (size_t)snprintf(lines + used, sizeof lines - used, "c%d;%c;%s\n", c,
                                     "ABC"[i], text);
        }
    }
    return log_from_lines(lines);
}

static const char *detail_of_wait_at(const struct asked *a, const char *step)
{
    for (size_t i = 0; i < a->findings.count; i++)
        if (a->findings.items[i].kind == FINDING_WAIT &&
            strcmp(a->findings.items[i].step, step) == 0)
            return a->findings.items[i].detail;
    return "";
}

static void a_stretch_is_the_longest_only_when_none_takes_longer(void **state)
{
    (void)state;
    struct asked a = {.log = log_with_late_clock(true), .map = map_from_words("A B C")};
    ask(&a);
    assert_non_null(strstr(detail_of_wait_at(&a, "s1"), "longest stretch that no clock"));
    let_go(&a);
    a = (struct asked){.log = log_with_late_clock(false), .map = map_from_words("A B C")};
    ask(&a);
    assert_non_null(
        strstr(detail_of_wait_at(&a, "s2"), "the longest stretch of the journey"));
    let_go(&a);
    /* what comes after the last step that everybody must come by is not timed */
    a = (struct asked){.log = log_with_late_clock(false),
                       .map = map_from_words("A B C?")};
    ask(&a);
    assert_non_null(strstr(detail_of_wait_at(&a, "s1"), "median"));
    assert_null(strstr(detail_of_wait_at(&a, "s1"), "longest"));
    let_go(&a);
}

static void pressing_twice_is_no_rework(void **state)
{
    (void)state;
    static const char *const gaps[] = {"00:00:20", "00:05:00"};
    for (size_t i = 0; i < COUNT_OF(gaps); i++) {
        char lines[1 << 14];
        size_t used = 0;
        for (int c = 0; c < 60; c++) {
            used += (size_t)snprintf(lines + used, sizeof lines - used,
                                     "c%d;A;2025-01-01 00:00:00\n", c);
            if (c % 3 == 0)
                used += (size_t)snprintf(lines + used, sizeof lines - used,
                                         "c%d;A;2025-01-01 %s\n", c, gaps[i]);
            used += (size_t)snprintf(lines + used, sizeof lines - used,
                                     "c%d;B;2025-01-02\n", c);
        }
        struct asked a = {.log = log_from_lines(lines), .map = map_from_words("A B")};
        ask(&a);
        assert_int_equal(first_of(&a, FINDING_LOOP) != NULL, i == 1);
        let_go(&a);
    }
}

static void the_help_desk_learns_from_a_drafted_map(void **state)
{
    (void)state;
    for (int lang = LANG_EN; lang <= LANG_IT; lang++) {
        struct asked a = {.log = golden_log("helpdesk_it")};
        struct vg_err err = {0};
        lang_set((enum lang)lang);
        assert_ok(draft_mine(a.log, &a.map, &err));
        ask(&a);
        /* Six days from a ticket's opening to its answer, three weeks where it has to
         * wait; one in seven is taken twice. That it is closed a fortnight or a month
         * later is a rule of the system's, and comes after these. */
        assert_int_equal(a.findings.items[0].kind, FINDING_WAIT);
        assert_string_equal(a.findings.items[0].headline,
                            lang == LANG_IT
                                ? "Da «Assign seriousness» a «Resolve ticket» metà dei "
                                  "clienti impiega 6 giorni o più"
                                : "From “Assign seriousness” to “Resolve ticket”, "
                                  "half of the customers take 6 days or more");
        assert_int_equal(a.findings.items[1].kind, FINDING_DETOUR);
        assert_string_equal(a.findings.items[1].headline,
                            lang == LANG_IT
                                ? "Chi passa da «Wait» arriva a «Resolve ticket» dopo 19 "
                                  "giorni, gli altri dopo 2,8 giorni"
                                : "Who comes by “Wait” is at “Resolve ticket” after 19 "
                                  "days, the others after 2.8 days");
        assert_int_equal(a.findings.items[2].kind, FINDING_LOOP);
        const struct finding *clock = NULL;
        for (size_t i = 3; i < a.findings.count; i++)
            if (a.findings.items[i].kind == FINDING_WAIT &&
                strcmp(a.findings.items[i].step, "resolve-ticket") == 0)
                clock = &a.findings.items[i];
        assert_non_null(clock);
        assert_non_null(strstr(clock->headline,
                               lang == LANG_IT ? "15 giorni esatti" : "exactly 15 days"));
        assert_true(a.findings.count >= 3);
        for (size_t i = 0; i < a.findings.count; i++)
            print_message("# %s\n#    %s\n#    %s\n", a.findings.items[i].headline,
                          a.findings.items[i].detail, a.findings.items[i].advice);
        let_go(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_where_customers_are_lost_in_words_with_n_and_interval),
        cmocka_unit_test(speaks_italian_as_the_firm_does),
        cmocka_unit_test(does_not_call_lost_who_goes_on_by_another_way),
        cmocka_unit_test(sets_belief_beside_evidence),
        cmocka_unit_test(names_the_low_point_where_nobody_said_what_they_believed),
        cmocka_unit_test(tells_the_shortcut_and_what_it_stands_instead_of),
        cmocka_unit_test(tells_rework_but_not_what_everybody_repeats),
        cmocka_unit_test(the_first_three_are_of_different_kinds),
        cmocka_unit_test(nothing_is_said_of_nothing),
        cmocka_unit_test(what_customers_of_another_map_do_is_no_finding),
        cmocka_unit_test(tells_who_takes_much_longer_and_does_not_say_why),
        cmocka_unit_test(a_wait_that_a_clock_ends_is_told_as_a_rule),
        cmocka_unit_test(a_stretch_is_the_longest_only_when_none_takes_longer),
        cmocka_unit_test(pressing_twice_is_no_rework),
        cmocka_unit_test(the_help_desk_learns_from_a_drafted_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
