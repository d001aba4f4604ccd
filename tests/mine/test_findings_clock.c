/* "By the clock": what a system does by itself is found, and chance is not taken for it.
 */
#include "asked.h"
#include "random_log.h"

#define DAY_MIN 1440
enum { MOST = 400 };

/* ---- how waits come about, in minutes ---- */

static double even(uint64_t *state)
{
    return (double)(random_next(state) >> 11) / 9007199254740992.0;
}
static double exponential(uint64_t *state, double mean)
{
    return -mean * log(1 - even(state));
}
/* About normal: twelve even ones (Irwin and Hall). */
static double bell(uint64_t *state, double deviation)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += even(state);
    return sum * deviation;
}
/* A whole number of days: half of the people at each. */
static double days(uint64_t *state)
{
    double n = 1;
    while (n < 9 && even(state) < 0.5)
        n++;
    return n * DAY_MIN;
}

enum chance {
    ANY_TIME,     /* any moment, most of them soon */
    USUAL_HOURS,  /* some days later, within an hour or two of the same time of day */
    USUAL_MOMENT, /* the same, closer: a habit */
    NEXT_DAY,     /* all of them on the next day */
    QUARTERS,     /* in office hours, written down by the quarter of an hour */
    EVERY_DAY,    /* whatever day, at the very same time of day: a rule of the day, and
                     not of the wait */
    CHANCES
};
static double wait_of(enum chance chance, uint64_t *state)
{
    switch (chance) {
    case ANY_TIME:
        return exponential(state, 4 * DAY_MIN);
    case USUAL_HOURS:
        return days(state) + (double)random_below(state, 200) - 100;
    case USUAL_MOMENT:
        return days(state) + bell(state, 20);
    case NEXT_DAY:
        return DAY_MIN + bell(state, 90);
    case QUARTERS:
        return days(state) + 15.0 * ((double)random_below(state, 33) - 16);
    case EVERY_DAY:
    case CHANCES:
        break;
    }
    return DAY_MIN * (double)(1 + random_below(state, 5)) + even(state) * 4;
}

/* ---- a log of them ---- */

static void write_at(char *lines, size_t size, size_t *used, int customer, char activity,
                     double minutes)
{
    int at = (int)lround(minutes);
    *used += (size_t)snprintf(
        lines + *used, size - *used, "c%d;%c;2025-%02d-%02d %02d:%02d\n", customer,
        activity, 1 + at / DAY_MIN / 28, 1 + at / DAY_MIN % 28, at / 60 % 24, at % 60);
}
/* A at a time of the working day, B after the wait: `struck` of them by a clock, that
 * strikes a day later within two minutes. */
static bool told(enum chance chance, int count, int struck, uint64_t *state)
{
    static char lines[MOST * 2 * 32];
    size_t used = 0;
    for (int c = 0; c < count; c++) {
        double start = 9 * 60 + (double)random_below(state, 480),
               by = c < struck ? DAY_MIN + even(state) * 2 : wait_of(chance, state);
        by = fmin(fmax(by, 1), 26 * DAY_MIN);
        write_at(lines, sizeof lines, &used, c, 'A', start);
        write_at(lines, sizeof lines, &used, c, 'B', start + by);
    }
    struct asked a = {.log = log_from_lines(lines), .map = map_from_words("A B")};
    ask(&a);
    const struct finding *wait = first_of(&a, FINDING_WAIT);
    bool clock = wait && wait->kicker && strcmp(wait->kicker, "A rule, not a wait") == 0;
    assert_true(!clock || strstr(wait->headline, "by the clock"));
    let_go(&a);
    return clock;
}

static const int sizes[] = {24, 40, 100, MOST};
enum { EACH = 40 };

static void chance_and_habit_are_hardly_ever_taken_for_a_clock(void **state)
{
    (void)state;
    uint64_t seed = 20261122;
    int all = 0, alarms = 0;
    for (int chance = 0; chance < CHANCES; chance++) {
        int of_chance = 0;
        for (size_t n = 0; n < COUNT_OF(sizes); n++)
            for (int i = 0; i < EACH; i++, all++)
                of_chance += told((enum chance)chance, sizes[n], 0, &seed);
        print_message("# sort %d: %d of %zu\n", chance, of_chance,
                      EACH * COUNT_OF(sizes));
        alarms += of_chance;
    }
    print_message("# false alarms: %d of %d\n", alarms, all);
    assert_true(alarms * 100 <= all); /* one in a hundred */
}

static void a_clock_is_found_whatever_the_others_do(void **state)
{
    (void)state;
    uint64_t seed = 7;
    static const int shares[] = {50, 100}; /* of a hundred */
    for (int chance = 0; chance < EVERY_DAY; chance++)
        for (size_t share = 0; share < COUNT_OF(shares); share++)
            for (size_t n = 0; n < COUNT_OF(sizes); n++) {
                int found = 0, struck = sizes[n] * shares[share] / 100;
                bool crowded = chance != ANY_TIME && shares[share] < 100;
                for (int i = 0; i < EACH; i++)
                    found += told((enum chance)chance, sizes[n], struck, &seed);
                /* (Where the others come about the same hour as well, a few people
                 * cannot tell.) */
                if (found * 20 < 19 * EACH && !(crowded && sizes[n] < 100))
                    fail_msg("of %d, %d by the clock among sort %d: found %d of %d times",
                             sizes[n], struck, chance, found, EACH);
            }
    /* One in five is enough where the others come at any time. */
    int found = 0;
    for (int i = 0; i < EACH; i++)
        found += told(ANY_TIME, 100, 20, &seed);
    assert_true(found * 20 >= 19 * EACH);
}

static void dates_without_hours_are_no_clock_even_if_all_are_alike(void **state)
{
    (void)state;
    static char lines[1 << 14];
    size_t used = 0;
    for (int c = 0; c < 60; c++)
        used += (size_t)snprintf(lines + used, sizeof lines - used,
                                 "c%d;A;2025-01-%02d\nc%d;B;2025-01-%02d\n", c,
                                 1 + c % 20, c, 2 + c % 20);
    struct asked a = {.log = log_from_lines(lines), .map = map_from_words("A B")};
    ask(&a);
    const struct finding *wait = first_of(&a, FINDING_WAIT);
    assert_true(!wait || !strstr(wait->headline, "clock"));
    let_go(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chance_and_habit_are_hardly_ever_taken_for_a_clock),
        cmocka_unit_test(a_clock_is_found_whatever_the_others_do),
        cmocka_unit_test(dates_without_hours_are_no_clock_even_if_all_are_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
