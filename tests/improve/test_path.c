/* Each number and state of a success path, against examples worked out by hand. */
#include "path_world.h"

static void who_has_an_event_on_the_path_is_a_client_from_the_first_one(void **state)
{
    (void)state;
    struct world world =
        ASK(9, {"Ada", 2, "Rain", NULL, NAN}, {"Ada", 3, "Call", NULL, NAN},
            {"Ada", 5, "foto", NULL, NAN}, {"Bea", 3, "Rain", NULL, NAN},
            {"Eve", 20, "Call", NULL, NAN});
    assert_int_equal(world.path.client_count, 1); /* Bea never was, Eve is not yet */
    const struct path_client *ada = client_of(&world, "ada");
    assert_true(ada->at_us == noon(3));
    assert_int_equal(ada->state, PATH_ON_THE_WAY);
    assert_int_equal(ada->phase, 0);
    assert_true(ada->next_step == SIZE_MAX); /* all done but what is optional */
    assert_string_equal(ada->reason, "In “Alpha” for 6 days. All that is missing is the "
                                     "milestone: “A passed”.");
    assert_near(ada->days, 6, 1e-9);
    assert_near(ada->expected_days, 60, 1e-9);
    world_end(world);
}

static void the_next_step_is_the_first_that_is_not_done(void **state)
{
    (void)state;
    struct world world =
        ASK(9, {"Ada", 3, "Foto", NULL, NAN}, {"Bea", 1, "A passed", NULL, NAN},
            {"Cleo", 1, "A passed", NULL, NAN}, {"Cleo", 2, "West", NULL, NAN},
            {"Dora", 1, "A passed", NULL, NAN}, {"Dora", 2, "East", NULL, NAN},
            {"Dora", 3, "Visit", NULL, NAN});
    assert_int_equal(client_of(&world, "Ada")->next_step, 0);
    assert_int_equal(client_of(&world, "Bea")->next_step, 3);  /* the choice is open */
    assert_int_equal(client_of(&world, "Cleo")->next_step, 5); /* went west */
    assert_true(client_of(&world, "Dora")->next_step == SIZE_MAX);
    world_end(world);
}

static void a_gate_is_passed_by_an_event_by_hand_or_by_its_proofs(void **state)
{
    (void)state;
    const struct line lines[] = {
        {"Ada", 0, "Call", NULL, NAN},    {"Ada", 8, "A passed", NULL, NAN},
        {"Ada", 20, "gate b", NULL, NAN}, {"Ada", 12, "Evenings", "5", NAN},
        {"Ada", 21, "Sign", NULL, NAN},   {"Ada", 22, "Sign", NULL, NAN},
        {"Ada", 26, "Sign", NULL, NAN},   {"Bea", 0, "Call", NULL, NAN},
    };
    const struct path_hand hands[] = {{"a", noon(5), "Marta", "she told me"}};
    const struct path_enrolment enrolments[] = {
        {.id = "1", .customer = "Ada", .at_us = noon(0), .left_us = NONE},
        {.id = "2",
         .customer = "Bea",
         .at_us = noon(0),
         .left_us = NONE,
         .hands = hands,
         .hand_count = 1}};
    struct world world = world_ask(
        world_map, lines, COUNT_OF(lines),
        (struct path_question){.enrolments = enrolments, .enrolment_count = 2}, 30);
    const struct path_client *ada = client_of(&world, "Ada"),
                             *bea = client_of(&world, "Bea");
    assert_int_equal(ada->gates[0].how, GATE_BY_EVENT);
    assert_near(ada->gates[0].days, 8, 1e-9);
    assert_int_equal(ada->gates[1].how, GATE_BY_EVENT);
    assert_near(ada->gates[1].days, 12, 1e-9);
    assert_int_equal(ada->gates[2].how, GATE_BY_PROOFS);
    assert_true(ada->gates[2].passed_us == noon(26)); /* the third sign */
    assert_int_equal(ada->state, PATH_ARRIVED);
    assert_int_equal(ada->passed, 3);
    assert_near(ada->days, 26, 1e-9);
    assert_string_equal(ada->reason, "Arrived on 27 January 2026, after 26 days.");
    assert_int_equal(bea->gates[0].how, GATE_BY_HAND);
    assert_string_equal(bea->gates[0].why, "she told me");
    assert_int_equal(bea->phase, 1);
    world_end(world);
}

static void proofs_open_no_gate_while_the_one_before_is_closed(void **state)
{
    (void)state;
    struct world world =
        ASK(30, {"Ada", 0, "Call", NULL, NAN}, {"Ada", 12, "Evenings", "5", NAN},
            {"Ada", 21, "Sign", NULL, NAN}, {"Ada", 22, "Sign", NULL, NAN},
            {"Ada", 26, "Sign", NULL, NAN});
    const struct path_client *ada = client_of(&world, "Ada");
    assert_int_equal(ada->phase, 0);
    assert_int_equal(ada->gates[2].how, GATE_AHEAD);
    assert_true(ada->gates[2].held[1].held_us == noon(26));
    world_end(world);
}

static void a_gate_behind_one_that_was_passed_is_skipped_and_not_counted(void **state)
{
    (void)state;
    struct world world =
        ASK(12, {"Ada", 0, "Call", NULL, NAN}, {"Ada", 10, "Gate B", NULL, NAN});
    const struct path_client *ada = client_of(&world, "Ada");
    assert_int_equal(ada->gates[0].how, GATE_SKIPPED);
    assert_true(ada->gates[0].behind_us == noon(10));
    assert_true(isnan(ada->gates[0].days) && isnan(ada->gates[1].days));
    assert_int_equal(ada->passed, 1);
    assert_int_equal(ada->phase, 2);
    assert_near(ada->phase_days, 2, 1e-9);
    assert_int_equal(world.path.phases[0].n, 0);
    world_end(world);
}

/* (3 · (4 − 1)/(5 − 1) + 1 · (25 − 15)/(25 − 5)) / 4 = (2.25 + 0.5) / 4 */
static void attainment_is_the_weighted_share_of_the_way_to_the_targets(void **state)
{
    (void)state;
    struct world world =
        ASK(40, {"Ada", 0, "Call", NULL, NAN}, {"Ada", 30, "Evenings", "4", NAN},
            {"Ada", 31, "Minutes", "15,0", NAN}, {"Bea", 0, "Call", NULL, NAN},
            {"Bea", 5, "Evenings", "2", NAN}, {"Bea", 30, "Evenings", "3.5", NAN},
            {"Cleo", 0, "Call", NULL, NAN}, {"Cleo", 3, "Minutes", "40", NAN},
            {"Cleo", 30, "Minutes", "60", NAN});
    const struct path_client *ada = client_of(&world, "Ada"),
                             *bea = client_of(&world, "Bea"),
                             *cleo = client_of(&world, "Cleo");
    assert_near(ada->attainment, 2.75 / 4, 1e-9);
    assert_false(world.path.measured[2]); /* of the group, never of a client */
    assert_near(bea->objectives[0].baseline, 2, 1e-9); /* her own, of the first days */
    assert_near(bea->objectives[0].attained, 0.5, 1e-9);
    assert_near(bea->attainment, 3 * 0.5 / 4, 1e-9);
    assert_near(cleo->objectives[1].attained, 0, 1e-9); /* worse than at the start */
    world_end(world);
}

static void a_client_s_own_baseline_target_and_date_go_before_the_map_s(void **state)
{
    (void)state;
    const struct path_start starts[] = {{"evenings", 0, 4, noon(90)}};
    const struct path_enrolment enrolments[] = {{.id = "1",
                                                 .customer = "Ada",
                                                 .at_us = noon(0),
                                                 .left_us = NONE,
                                                 .start = "in the kitchen",
                                                 .starts = starts,
                                                 .start_count = 1}};
    const struct line lines[] = {{"Ada", 1, "Evenings", "1", NAN}};
    struct world world = world_ask(
        world_map, lines, 1,
        (struct path_question){.enrolments = enrolments, .enrolment_count = 1}, 2);
    const struct path_client *ada = client_of(&world, "Ada");
    assert_near(ada->objectives[0].attained, 0.25, 1e-9);
    assert_true(ada->objectives[0].due_us == noon(90));
    assert_string_equal(ada->start, "in the kitchen");
    world_end(world);
}

static void the_states_by_the_hand_set_thresholds(void **state)
{
    (void)state;
    const struct {
        int today;
        enum path_state expected;
        int since;
        const char *reason;
    } cases[] = {
        {9, PATH_ON_THE_WAY, 0, "In “Alpha” for 9 days. Next: “Photo”."},
        {11, PATH_BEHIND, 10, "In “Alpha” for 11 days: the path gives it 10 days."},
        {20, PATH_BEHIND, 10, "In “Alpha” for 20 days: the path gives it 10 days."},
        {21, PATH_STUCK, 20,
         "In “Alpha” for 21 days: after 20 days the path calls it stuck."},
        {40, PATH_SILENT, 39,
         "No sign for 26 days: the last was “Rain”, on 15 January 2026."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world world =
            ASK(cases[i].today, {"Ada", 0, "Call", NULL, NAN},
                {"Ada", 14, "Rain", NULL, NAN}, {"Ada", 30, "Office note", NULL, NAN});
        const struct path_client *ada = client_of(&world, "Ada");
        assert_int_equal(ada->state, cases[i].expected);
        assert_true(ada->since_us == noon(cases[i].since));
        assert_string_equal(ada->reason, cases[i].reason);
        assert_int_equal(world.path.phases[0].threshold.from, FROM_HAND);
        world_end(world);
    }
}

static void who_left_has_left_unless_they_came_back(void **state)
{
    (void)state;
    const struct path_enrolment enrolments[] = {
        {.id = "1",
         .customer = "Ada",
         .at_us = noon(0),
         .left_us = noon(6),
         .left_why = "moved away"},
        {.id = "2", .customer = "Bea", .at_us = noon(0), .left_us = NONE},
        {.id = "3", .customer = "Cleo", .at_us = noon(0), .left_us = NONE}};
    const struct line lines[] = {{"Ada", 0, "Call", NULL, NAN},
                                 {"Ada", 8, "A passed", NULL, NAN},
                                 {"Bea", 3, "Left the path", NULL, NAN},
                                 {"Cleo", 3, "Ha lasciato il percorso", NULL, NAN},
                                 {"Cleo", 7, "Call", NULL, NAN}};
    struct world world = world_ask(
        world_map, lines, COUNT_OF(lines),
        (struct path_question){.enrolments = enrolments, .enrolment_count = 3}, 9);
    const struct path_client *ada = client_of(&world, "Ada");
    assert_int_equal(ada->state, PATH_LEFT);
    assert_string_equal(ada->reason, "Left on 7 January 2026: moved away");
    assert_int_equal(ada->phase, 0); /* what came after does not count */
    assert_int_equal(client_of(&world, "Bea")->state, PATH_LEFT);
    assert_int_equal(client_of(&world, "Cleo")->state, PATH_ON_THE_WAY);
    assert_int_equal(world.path.phases[0].left, 2);
    world_end(world);
}

static void a_low_feeling_is_the_last_one_that_is_low(void **state)
{
    (void)state;
    struct world world =
        ASK(9, {"Ada", 0, "Call", NULL, 1}, {"Ada", 5, "How I feel", NULL, -1},
            {"Bea", 0, "Call", NULL, -2}, {"Bea", 5, "How I feel", NULL, 0});
    assert_true(client_of(&world, "Ada")->low);
    assert_true(client_of(&world, "Ada")->low_us == noon(5));
    assert_int_equal(client_of(&world, "Ada")->feeling_count, 2);
    assert_false(client_of(&world, "Bea")->low);
    assert_int_equal(world.path.low, 1);
    world_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_an_event_on_the_path_is_a_client_from_the_first_one),
        cmocka_unit_test(the_next_step_is_the_first_that_is_not_done),
        cmocka_unit_test(a_gate_is_passed_by_an_event_by_hand_or_by_its_proofs),
        cmocka_unit_test(proofs_open_no_gate_while_the_one_before_is_closed),
        cmocka_unit_test(a_gate_behind_one_that_was_passed_is_skipped_and_not_counted),
        cmocka_unit_test(attainment_is_the_weighted_share_of_the_way_to_the_targets),
        cmocka_unit_test(a_client_s_own_baseline_target_and_date_go_before_the_map_s),
        cmocka_unit_test(the_states_by_the_hand_set_thresholds),
        cmocka_unit_test(who_left_has_left_unless_they_came_back),
        cmocka_unit_test(a_low_feeling_is_the_last_one_that_is_low),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
