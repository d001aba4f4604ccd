/* What a path learns from those who passed; properties that hold of any path; survival
 * against mine's. */
#include "path_world.h"

#include "../mine/random_log.h"

#include "mine/stats.h"

#define CLIENTS 14

/* Twelve clients pass the first phase after 3, 4 … 14 days; Ada waits since day 0. */
static size_t twelve(struct line *lines, char names[][16], size_t passers)
{
    size_t count = 0;
    for (size_t i = 0; i < passers; i++) {
        snprintf(names[i], sizeof names[i], "k%02zu", i);
        lines[count++] = (struct line){names[i], 0, "Call", NULL, NAN};
        lines[count++] = (struct line){names[i], 3 + (int)i, "A passed", NULL, NAN};
    }
    return count;
}

/* Median of 3 … 14 is 8.5; the 90th percentile 3 + 0.9 · 11 = 12.9. */
static void from_ten_who_passed_on_the_history_sets_the_thresholds(void **state)
{
    (void)state;
    struct line lines[40];
    char names[CLIENTS][16];
    const struct {
        int today;
        enum path_state expected;
    } cases[] = {
        {8, PATH_ON_THE_WAY}, {9, PATH_BEHIND}, {12, PATH_BEHIND}, {13, PATH_STUCK}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t count = twelve(lines, names, 12);
        for (int day = 0; day <= 20; day += 4) /* she is not silent */
            lines[count++] =
                (struct line){"Ada", 20 + day, day ? "Rain" : "Call", NULL, NAN};
        struct world world = world_ask(world_map, lines, count, (struct path_question){0},
                                       20 + cases[i].today);
        const struct path_phase *phase = &world.path.phases[0];
        assert_int_equal(phase->threshold.from, FROM_HISTORY);
        assert_int_equal(phase->n, 12);
        assert_near(phase->median_days, 8.5, 1e-9);
        assert_near(phase->threshold.stuck_days, 12.9, 1e-9);
        assert_int_equal(client_of(&world, "Ada")->state, cases[i].expected);
        assert_int_equal(world.path.phases[1].threshold.from, FROM_HAND);
        world_end(world);
    }
}

static void nine_who_passed_are_too_few_for_a_history(void **state)
{
    (void)state;
    struct line lines[40];
    char names[CLIENTS][16];
    struct world world = world_ask(world_map, lines, twelve(lines, names, 9),
                                   (struct path_question){0}, 30);
    assert_int_equal(world.path.phases[0].threshold.from, FROM_HAND);
    assert_near(world.path.phases[0].threshold.behind_days, 10, 1e-9);
    assert_near(world.path.phases[0].threshold.stuck_days, 20, 1e-9);
    assert_near(world.path.silent_days, 25, 1e-9);
    world_end(world);
}

/* Until the gate: silences of 3 … 14 days; 3 + 0.9 · 11 = 12.9. */
static void silence_is_judged_by_the_silences_of_those_who_passed(void **state)
{
    (void)state;
    struct line lines[40];
    char names[CLIENTS][16];
    size_t count = twelve(lines, names, 12);
    lines[count++] = (struct line){"Ada", 20, "A passed", NULL, NAN};
    for (int today = 32; today <= 33; today++) {
        struct world world =
            world_ask(world_map, lines, count, (struct path_question){0}, today);
        assert_int_equal(world.path.silent_from, FROM_HISTORY);
        assert_near(world.path.silent_days, today < 0 ? 0 : world.path.silent_days, 0);
        /* Ada's own passing, 0 days long, is one of 13: 0, 3 … 14 → 0.9 · 12 = 10.8 */
        assert_near(world.path.silent_days, 12.8, 1e-9);
        assert_int_equal(client_of(&world, "Ada")->state,
                         today == 32 ? PATH_ON_THE_WAY : PATH_SILENT);
        world_end(world);
    }
}

/* Ten who said nothing until somebody passed them by hand, after `days`. */
static struct world silent_until_passed(int days)
{
    static char names[10][16];
    struct path_enrolment list[10];
    const struct path_hand hand = {"a", noon(days), "Marta", "she told me"};
    for (size_t i = 0; i < 10; i++) {
        snprintf(names[i], sizeof names[i], "c%zu", i);
        list[i] = (struct path_enrolment){.customer = names[i],
                                          .at_us = noon(0),
                                          .left_us = NONE,
                                          .hands = &hand,
                                          .hand_count = 1};
    }
    return world_ask(world_map, NULL, 0,
                     (struct path_question){.enrolments = list, .enrolment_count = 10},
                     days + 1);
}

static void
a_silence_that_ends_by_hand_is_a_silence_and_none_is_shorter_than_a_day(void **state)
{
    (void)state;
    struct world world = silent_until_passed(30);
    assert_int_equal(world.path.silent_from, FROM_HISTORY);
    assert_near(world.path.silent_days, 30, 1e-9);
    world_end(world);
    world = silent_until_passed(0); /* all on their first day: that is no haste */
    assert_near(world.path.silent_days, 1, 1e-9);
    assert_near(world.path.phases[0].p90_days, 0, 1e-9);
    assert_near(world.path.phases[0].threshold.stuck_days, 1, 1e-9);
    assert_int_equal(world.path.states[PATH_ON_THE_WAY], 10);
    world_end(world);
}

static void a_reading_among_the_scores_is_what_was_written(void **state)
{
    (void)state;
    struct world world =
        ASK(5, {"anna", 0, "Call", NULL, NAN}, {"anna", 1, "Evenings", NULL, 4.1f});
    const struct path_client *client = client_of(&world, "anna");
    assert_int_equal(client->objectives[0].reading_count, 1);
    assert_near(client->objectives[0].now, 4.1, 1e-12); /* 4.1f is 4.0999999 */
    world_end(world);
}

static void cohorts_are_the_months_of_enrolment(void **state)
{
    (void)state;
    struct world world =
        ASK(90, {"Ada", 5, "Call", NULL, NAN}, {"Ada", 15, "A passed", NULL, NAN},
            {"Bea", 20, "Call", NULL, NAN}, {"Bea", 30, "Left the path", NULL, NAN},
            {"Cleo", 35, "Call", NULL, NAN}, {"Cleo", 41, "A passed", NULL, NAN});
    assert_int_equal(world.path.cohort_count, 3);
    const struct path_cohort *all = &world.path.cohorts[0],
                             *january = &world.path.cohorts[1];
    assert_string_equal(all->month, "");
    assert_string_equal(january->month, "2026-01");
    assert_string_equal(world.path.cohorts[2].month, "2026-02");
    assert_int_equal(january->n, 2);
    assert_int_equal(january->left, 1);
    assert_int_equal(january->survival[0].happened, 1);
    assert_near(january->survival[0].points[0].waiting, 0.5, 1e-12);
    assert_near(all->survival[0].median_s, 10 * 86400.0, 1); /* 6 and 10 of three */
    assert_int_equal(january->phases[0].n, 1); /* Bea left before the gate */
    assert_near(january->phases[0].median_days, 10, 1e-9);
    assert_int_equal(january->phases[0].stopped, 1);
    assert_int_equal(all->phases[0].n, 2);
    assert_near(all->phases[0].median_days, 8, 1e-9); /* between 6 and 10 */
    assert_near(all->phases[0].median_days, world.path.phases[0].median_days, 1e-9);
    assert_true(isnan(all->phases[1].median_days));
    world_end(world);
}

/* Random clients: calls, gates, readings, feelings, leavings. */
static size_t random_lines(uint64_t *seed, struct line *ret, char names[][16],
                           size_t most)
{
    static const struct {
        const char *activity, *value;
    } kinds[] = {{"Call", NULL},        {"Foto", NULL},          {"A passed", NULL},
                 {"Gate B", NULL},      {"West", NULL},          {"Visit", NULL},
                 {"Evenings", "3"},     {"Evenings", "5"},       {"Minutes", "12"},
                 {"Sign", NULL},        {"Sign", NULL},          {"Rain", NULL},
                 {"Office note", NULL}, {"Left the path", NULL}, {"C passed", NULL}};
    size_t count = 0;
    for (size_t c = 0; c < CLIENTS; c++) {
        snprintf(names[c], sizeof names[c], "c%02zu", c);
        for (size_t i = 1 + random_below(seed, most / CLIENTS - 1); i-- > 0;) {
            size_t kind = random_below(seed, COUNT_OF(kinds));
            bool felt = random_below(seed, 5) == 0 && !kinds[kind].value;
            ret[count++] = (struct line){names[c], (int)random_below(seed, 90),
                                         kinds[kind].activity, kinds[kind].value,
                                         felt ? (double)random_below(seed, 5) - 2 : NAN};
        }
    }
    return count;
}

/* Their path on day 95. */
static struct world random_world(uint64_t *seed, size_t most)
{
    static struct line lines[40 * CLIENTS];
    static char names[CLIENTS][16];
    size_t count = random_lines(seed, lines, names, most);
    return world_ask(world_map, lines, count, (struct path_question){0}, 95);
}

static void attainment_is_a_share_and_states_part_the_clients(void **state)
{
    (void)state;
    uint64_t seed = 20260101;
    for (int round = 0; round < 200; round++) {
        struct world world = random_world(&seed, 40 * CLIENTS);
        uint64_t states = 0, here = 0, left = 0;
        for (int s = 0; s < PATH_STATES; s++)
            states += world.path.states[s];
        assert_int_equal(states, world.path.client_count);
        for (size_t p = 0; p < world.map->phase_count; p++) {
            left += world.path.phases[p].left;
            for (int s = 0; s < PATH_STATES; s++)
                here += world.path.phases[p].here[s];
        }
        assert_int_equal(here + left + world.path.states[PATH_ARRIVED], states);
        for (size_t i = 0; i < world.path.client_count; i++) {
            const struct path_client *client = &world.path.clients[i];
            assert_true(isnan(client->attainment) ||
                        (client->attainment >= 0 && client->attainment <= 1));
            assert_true(client->since_us <= world.path.today_us);
            assert_true(client->passed <= client->phase);
            assert_int_equal(client->state == PATH_ARRIVED,
                             client->phase == world.map->phase_count);
            for (size_t g = 1; g < world.map->phase_count; g++)
                assert_true(
                    client->gates[g].behind_us == NONE ||
                    (client->gates[g - 1].behind_us != NONE &&
                     client->gates[g - 1].behind_us <= client->gates[g].behind_us));
        }
        world_end(world);
    }
}

/* The JSON of the whole path is all there is to compare. */
static char *told(const struct world *world)
{
    json_t *all = path_to_json(&world->path), *clients = json_array();
    for (size_t i = 0; i < world->path.client_count; i++)
        json_array_append_new(clients, path_client_to_json(&world->path, i));
    json_object_set_new(all, "pages", clients);
    char *text = json_dumps(all, JSON_INDENT(1));
    json_decref(all);
    assert_non_null(text);
    return text;
}

static void the_order_of_lines_in_the_file_changes_nothing(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct line lines[20 * CLIENTS];
    char names[CLIENTS][16];
    for (int round = 0; round < 60; round++) {
        size_t count = random_lines(&seed, lines, names, COUNT_OF(lines));
        struct world first =
            world_ask(world_map, lines, count, (struct path_question){0}, 95);
        for (size_t i = count; i > 1; i--) {
            size_t other = random_below(&seed, i);
            struct line kept = lines[i - 1];
            lines[i - 1] = lines[other];
            lines[other] = kept;
        }
        struct world second =
            world_ask(world_map, lines, count, (struct path_question){0}, 95);
        char *a = told(&first), *b = told(&second);
        for (size_t i = 0; a[i]; i++)
            if (a[i] != b[i])
                fail_msg("%.200s\n--- and ---\n%.200s", a + (i > 100 ? i - 100 : 0),
                         b + (i > 100 ? i - 100 : 0));
        free(a);
        free(b);
        world_end(first);
        world_end(second);
    }
}

/* Share not yet behind a gate after so long, as the curve says. */
static double waiting_after(const struct vg_survival *survival, double t_s)
{
    double waiting = 1;
    for (size_t i = 0; i < survival->point_count && survival->points[i].t_s <= t_s; i++)
        waiting = survival->points[i].waiting;
    return waiting;
}

static void a_later_gate_is_never_passed_by_more_than_an_earlier_one(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int round = 0; round < 60; round++) {
        struct world world = random_world(&seed, 20 * CLIENTS);
        for (size_t c = 0; c < world.path.cohort_count; c++)
            for (size_t p = 1; p < world.path.map->phase_count; p++) {
                const struct vg_survival *ahead = &world.path.cohorts[c].survival[p - 1];
                const struct vg_survival *later = ahead + 1;
                for (size_t i = 0; i < later->point_count; i++)
                    assert_true(later->points[i].waiting >=
                                waiting_after(ahead, later->points[i].t_s));
                assert_true(isnan(later->median_s) ||
                            stats_half_or_less(waiting_after(later, later->median_s)));
            }
        world_end(world);
    }
}

static void a_better_reading_never_lowers_attainment(void **state)
{
    (void)state;
    const double baselines[] = {0, 1, 5, 6, 25}, targets[] = {5, 5, 1, 6, 0};
    for (size_t i = 0; i < COUNT_OF(baselines); i++)
        for (int down = 0; down < 2; down++) {
            double before = -1;
            for (int step = -40; step <= 40; step++) {
                double now = down ? -step : step;
                double attained = path_attained(now, baselines[i], targets[i], down);
                assert_true(attained >= 0 && attained <= 1);
                assert_true(attained >= before);
                before = attained;
            }
        }
    assert_near(path_attained(3, 1, 5, false), 0.5, 1e-12);
    assert_near(path_attained(5, 25, 5, true), 1, 1e-12);
    assert_near(path_attained(30, 25, 5, true), 0, 1e-12);
    assert_near(path_attained(6, 5, 5, false), 1, 1e-12); /* it was good already */
    assert_near(path_attained(4, 5, 5, false), 0, 1e-12);
    assert_true(isnan(path_attained(NAN, 1, 5, false)));
}

/* Where everybody's first event is the call and watching ends with the log, the curve to
 * the first gate is the Kaplan–Meier of mine over the same two steps. */
static void survival_is_that_of_mine_over_the_same_steps(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int round = 0; round < 50; round++) {
        struct line lines[3 * CLIENTS + 1];
        char names[CLIENTS][16];
        size_t count = 0;
        for (size_t c = 0; c < CLIENTS; c++) {
            int start = (int)random_below(&seed, 60);
            snprintf(names[c], sizeof names[c], "c%02zu", c);
            lines[count++] = (struct line){names[c], start, "Call", NULL, NAN};
            if (random_below(&seed, 3))
                lines[count++] =
                    (struct line){names[c], start + 1 + (int)random_below(&seed, 30),
                                  "A passed", NULL, NAN};
        }
        lines[count++] = (struct line){"end", 90, "Rain", NULL, NAN};
        struct world world =
            world_ask(world_map, lines, count, (struct path_question){0}, 90);
        const char *activities[] = {"Call", "A passed"};
        struct steps steps;
        struct vg_survival mined;
        struct vg_err err = {0};
        assert_ok(
            steps_from_activities(world.arena, world.log, activities, 2, &steps, &err));
        assert_ok(survival_mine(world.arena, world.log, &steps, 0, 1, &mined, &err));
        const struct vg_survival *found = &world.path.cohorts[0].survival[0];
        assert_int_equal(found->n, mined.n);
        assert_int_equal(found->happened, mined.happened);
        assert_int_equal(found->point_count, mined.point_count);
        assert_near(found->median_s, mined.median_s, 0);
        for (size_t i = 0; i < mined.point_count; i++) {
            assert_near(found->points[i].t_s, mined.points[i].t_s, 0);
            assert_near(found->points[i].waiting, mined.points[i].waiting, 1e-12);
            assert_near(found->points[i].low, mined.points[i].low, 1e-12);
            assert_near(found->points[i].high, mined.points[i].high, 1e-12);
        }
        world_end(world);
    }
}

static void more_clients_than_a_path_can_have_are_an_error(void **state)
{
    (void)state;
    struct path_enrolment *many = calloc(PATH_CLIENTS_MAX + 1, sizeof *many);
    struct arena *arena = arena_open(0);
    struct vg_map *map = NULL;
    struct path path;
    struct vg_err err = {0};
    assert_non_null(many);
    for (size_t i = 0; i <= PATH_CLIENTS_MAX; i++)
        many[i] =
            (struct path_enrolment){.customer = "x", .at_us = noon(0), .left_us = NONE};
    assert_ok(map_read(str_from(world_map), "map", &map, &err));
    struct path_question question = {.map = map,
                                     .enrolments = many,
                                     .enrolment_count = PATH_CLIENTS_MAX + 1,
                                     .today_us = noon(9)};
    assert_int_equal(path_find(arena, &question, &path, &err), VG_ERR_LIMIT);
    assert_true(err.hint[0]);
    map_close(map);
    arena_close(arena);
    free(many);
}

/* Every text that is not the client's to see is marked; none may come out. */
static void the_client_sees_nothing_that_is_internal(void **state)
{
    (void)state;
    const struct path_hand hands[] = {{"a", noon(4), "SECRET who", "SECRET why"}};
    const struct path_enrolment enrolments[] = {{.id = "1",
                                                 .customer = "Ada",
                                                 .at_us = noon(0),
                                                 .left_us = NONE,
                                                 .start = "in the kitchen",
                                                 .hands = hands,
                                                 .hand_count = 1}};
    const struct line lines[] = {{"Ada", 0, "Call", NULL, -1},
                                 {"Ada", 2, "Office note", NULL, NAN},
                                 {"Bea SECRET", 2, "Call", NULL, NAN},
                                 {"Ada", 3, "SECRET activity", NULL, NAN},
                                 {"Ada", 9, "Evenings", "3", NAN}};
    struct world world =
        world_ask(world_map, lines, COUNT_OF(lines),
                  (struct path_question){
                      .enrolments = enrolments, .enrolment_count = 1, .found_too = true},
                  60);
    json_t *json = path_client_public(&world.path, path_client_find(&world.path, "Ada"));
    char *text = json_dumps(json, 0);
    assert_null(strstr(text, "SECRET"));
    assert_null(strstr(text, "Office"));
    assert_null(strstr(text, "silent"));
    assert_null(strstr(text, "stuck"));
    assert_null(strstr(text, "Bea"));
    assert_non_null(strstr(text, "in the kitchen"));
    assert_non_null(strstr(text, "\"next\""));
    free(text);
    json_decref(json);
    world_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_ten_who_passed_on_the_history_sets_the_thresholds),
        cmocka_unit_test(nine_who_passed_are_too_few_for_a_history),
        cmocka_unit_test(silence_is_judged_by_the_silences_of_those_who_passed),
        cmocka_unit_test(
            a_silence_that_ends_by_hand_is_a_silence_and_none_is_shorter_than_a_day),
        cmocka_unit_test(a_reading_among_the_scores_is_what_was_written),
        cmocka_unit_test(cohorts_are_the_months_of_enrolment),
        cmocka_unit_test(attainment_is_a_share_and_states_part_the_clients),
        cmocka_unit_test(the_order_of_lines_in_the_file_changes_nothing),
        cmocka_unit_test(a_better_reading_never_lowers_attainment),
        cmocka_unit_test(a_later_gate_is_never_passed_by_more_than_an_earlier_one),
        cmocka_unit_test(survival_is_that_of_mine_over_the_same_steps),
        cmocka_unit_test(more_clients_than_a_path_can_have_are_an_error),
        cmocka_unit_test(the_client_sees_nothing_that_is_internal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
