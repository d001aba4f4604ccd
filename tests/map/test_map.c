#include "check.h"

#include "base/date.h"
#include "base/lang.h"
#include "map/map.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void a_small_map_needs_only_titles(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_read(STR("{\"title\":\"Prova\",\"phases\":[{\"steps\":[{\"title\":"
                           "\"Cerco l'offerta\"},"
                           "{\"title\":\"Cerco l\\u2019offerta!\"}]}]}"),
                       "m.json", &map, &err));
    assert_int_equal(map->step_count, 2);
    assert_string_equal(map->steps[0].id, "cerco-l-offerta");
    assert_string_equal(map->steps[1].id, "cerco-l-offerta-2");
    assert_string_equal(map->id, "prova");
    assert_true(isnan(map->steps[0].feeling.valence));
    assert_string_equal(map->steps[0].doing, "");
    assert_true(map->end_to_end);
    assert_true(map->updated_us == INT64_MIN);
    map_close(map);
}

static void everything_the_document_says_can_be_asked_for(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    char path[1024];
    const char *source = getenv("VIAGGIO_SOURCE");
    snprintf(path, sizeof(path), "%s/examples/macchinari/mappa.json",
             source ? source : ".");
    assert_ok(map_read_file(path, &map, &err));
    assert_int_equal(map->phase_count, 4);
    assert_int_equal(map->step_count, 10);
    assert_int_equal(map->phases[1].first_step, 2);
    assert_int_equal(map->phases[1].step_count, 3);
    assert_int_equal(map->steps[4].phase, 1);
    assert_int_equal(map->version, 6);
    assert_int_equal(map->metric_count, 2);
    assert_true(map->metrics[1].down_is_good);
    assert_true(map->metrics[0].target == 40);
    assert_true(map->personas[0].prospective);
    assert_string_equal(map->steps[8].matches[1].activity, "Chiamata al numero verde");
    assert_true(map->steps[8].moment_of_truth);
    assert_true(map->steps[8].feelings[0].valence == map->steps[8].feeling.valence);
    assert_int_equal(map->actions[2].state, ACTION_DONE);
    assert_true(map->actions[2].done_us == date_days(2025, 1, 13) * US_PER_DAY);
    assert_int_equal(map->sessions[0].people[0].level, LEVEL_OPERATIONAL);
    assert_int_equal(map->sessions[0].customers.count, 2);
    assert_ptr_equal(map_step_find(map, "guasto"), &map->steps[8]);
    assert_null(map_step_find(map, "nowhere"));
    map_close(map);
}

#define P(rest)                                                                          \
    "{\"title\":\"t\",\"phases\":[{\"steps\":[{\"id\":\"a\",\"title\":\"a\"" rest "}]}]"
#define TWO(a, b, c)                                                                     \
    "{\"title\":\"t\",\"phases\":[{\"steps\":[{\"title\":\"a\"" a "},{\"title\":\"b\"" b \
    "},{\"title\":\"c\"" c "}]}]}"

static void a_fault_is_named_by_its_json_path(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *what;
    } cases[] = {
        {"[]", "m.json", "must be an object"},
        {"{}", "m.json: title", "is missing"},
        {"{\"title\":\" \",\"phases\":[]}", "m.json: title", "is empty"},
        {"{\"title\":\"t\"}", "m.json: phases", "is missing"},
        {"{\"title\":\"t\",\"phases\":{}}", "m.json: phases", "must be a list"},
        {"{\"title\":7,\"phases\":[]}", "m.json: title", "must be a text, is a number"},
        {"{\"format\":2,\"title\":\"t\",\"phases\":[]}", "m.json: format", "format"},
        {"{\"title\":\"t\",\"phases\":[7]}", "m.json: phases[0]", "must be an object"},
        {"{\"title\":\"t\",\"phases\":[{\"steps\":[{}]}]}",
         "m.json: phases[0].steps[0].title", "is missing"},
        {P(",\"feeling\":{\"valence\":7}") "}",
         "m.json: phases[0].steps[0].feeling.valence", "must be between −2 and 2, is 7"},
        {P(",\"feeling\":{\"valence\":\"1\"}") "}",
         "m.json: phases[0].steps[0].feeling.valence", "must be a number, is a text"},
        {P(",\"needs\":\"x\"") "}", "m.json: phases[0].steps[0].needs", "must be a list"},
        {P(",\"needs\":[1]") "}", "m.json: phases[0].steps[0].needs[0]",
         "must be a text"},
        {P(",\"optional\":\"no\"") "}", "m.json: phases[0].steps[0].optional",
         "must be true or false"},
        {P(",\"match\":[{\"channel\":\"x\"}]") "}", "m.json: phases[0].steps[0].match[0]",
         "names no activity"},
        {P(",\"feelings\":[{\"persona\":\"x\"}]") "}",
         "m.json: phases[0].steps[0].feelings[0].persona", "no persona"},
        {P("},{\"id\":\"a\",\"title\":\"b\"") "}", "m.json: phases[0].steps[1].id",
         "used twice"},
        {P("") ",\"state\":\"future\"}", "m.json: state", "“future”"},
        {P("") ",\"updated\":\"2025-02-30\"}", "m.json: updated", "“2025-02-30”"},
        {P("") ",\"actions\":[{\"steps\":[\"z\"]}]}", "m.json: actions[0].steps[0]",
         "nothing in the map"},
        {P("") ",\"actions\":[{\"id\":\"x\",\"pains\":[\"a\"]}]}",
         "m.json: actions[0].pains[0]", "is the id of a step"},
        /* a cycle of references */
        {P("") ",\"actions\":[{\"id\":\"x\",\"steps\":[\"y\"]},{\"id\":\"y\",\"steps\":["
               "\"x\"]}]}",
         "m.json: actions[0].steps[0]", "is the id of an action"},
        {TWO(",\"choice\":\"g\"", "", ",\"choice\":\"g\""),
         "m.json: phases[0].steps[2].choice", "next to each other"},
        {TWO(",\"choice\":{\"group\":\"g\",\"branch\":\"x\"}",
             ",\"choice\":{\"group\":\"g\",\"branch\":\"y\"}",
             ",\"choice\":{\"group\":\"g\",\"branch\":\"x\"}"),
         "m.json: phases[0].steps[2].choice", "another branch"},
        {"{\"title\":\"t\",\n\"phases\":[}", "m.json:2:11", "not JSON"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_err err = {0};
        struct vg_map *map = NULL;
        enum vg_code code = map_read(str_from(cases[i].text), "m.json", &map, &err);
        if (code != VG_ERR_INPUT || strcmp(err.where, cases[i].where) != 0 ||
            strstr(err.what, cases[i].what) == NULL || err.hint[0] == 0)
            fail_msg("%s\n  gives %d “%s: %s” (%s)", cases[i].text, (int)code, err.where,
                     err.what, err.hint);
        assert_null(map);
    }
}

static void what_is_larger_than_a_limit_is_refused(void **state)
{
    (void)state;
    struct buf text[4] = {{0}, {0}, {0}, {0}};
    buf_text(&text[0], "{\"title\":\"");
    for (size_t i = 0; i < 20001; i++)
        buf_char(&text[0], 'x');
    buf_text(&text[0], "\",\"phases\":[]}");
    buf_text(&text[1], "{\"title\":\"t\",\"phases\":[{\"steps\":[");
    for (size_t i = 0; i < 501; i++)
        buf_printf(&text[1], "%s{\"title\":\"s\"}", i ? "," : "");
    buf_text(&text[1], "]}]}");
    for (size_t i = 0; i < 1000000; i++)
        buf_char(&text[2], '[');
    buf_text(&text[3], "{\"title\":\"t\",\"phases\":[],\"personas\":[");
    for (size_t i = 0; i < 51; i++)
        buf_printf(&text[3], "%s{\"name\":\"p\"}", i ? "," : "");
    buf_text(&text[3], "]}");
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        struct vg_err err = {0};
        struct vg_map *map = NULL;
        assert_int_equal(map_read(buf_str(&text[i]), "m.json", &map, &err), VG_ERR_LIMIT);
        assert_true(err.hint[0] != 0);
        buf_free(&text[i]);
    }
}

static void
the_same_map_gives_the_same_bytes_and_keeps_what_it_does_not_know(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct buf first = {0}, second = {0};
    struct vg_map *map = NULL, *again = NULL;
    assert_ok(
        map_read(STR("{\"zeta\":[1,0.1,1e300,-0.0,{\"$ref\":\"#\"}],\"title\":\"T\\u0007"
                     "\\r\\nX\",\"x-colour\":\"red\",\"phases\":[{\"mine\":null,"
                     "\"steps\":[{\"title\":\"a\",\"feeling\":{\"valence\":1.2},"
                     "\"alpha\":true}]}]}"),
                 "m.json", &map, &err));
    assert_ok(map_write(map, &first, &err));
    assert_string_equal(map->title, "T\nX"); /* control characters are gone */
    assert_ok(map_read(buf_str(&first), "m.json", &again, &err));
    assert_ok(map_write(again, &second, &err));
    assert_string_equal(first.ptr, second.ptr);
    assert_non_null(strstr(first.ptr, "\"zeta\": [\n    1,\n    0.1,\n    1e+300,\n"));
    assert_non_null(strstr(first.ptr, "\"x-colour\": \"red\""));
    assert_non_null(strstr(first.ptr, "\"alpha\": true"));
    assert_non_null(strstr(first.ptr, "\"valence\": 1.2\n"));
    assert_true(strstr(first.ptr, "\"id\": \"t-x\"") < strstr(first.ptr, "zeta"));
    assert_null(strstr(first.ptr, "\\u0007"));
    map_close(map);
    map_close(again);
    buf_free(&first);
    buf_free(&second);
}

static void the_ids_that_are_made_never_meet_those_that_are_there(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(
        map_read(STR("{\"title\":\"t\",\"phases\":[{\"steps\":[{\"title\":\"A\"},{"
                     "\"title\":\"a!\"},{\"id\":\"a-2\",\"title\":\"A\"},{\"title\":"
                     "\"日本\"},{\"title\":\"?\"},{\"id\":\"a\",\"title\":\"b\"}]}]}"),
                 "m.json", &map, &err));
    static const char *const ids[] = {"a-3", "a-4", "a-2", "step", "step-2", "a"};
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        assert_string_equal(map->steps[i].id, ids[i]);
    map_close(map);
}

static void the_protagonists_feeling_is_the_first_personas(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(
        map_read(STR("{\"title\":\"t\",\"personas\":[{\"id\":\"p\"},{\"id\":\"q\"}],"
                     "\"phases\":[{\"steps\":[{\"title\":\"a\",\"feeling\":{\"valence\":"
                     "1}},{\"title\":\"b\",\"feelings\":[{\"persona\":\"q\",\"valence\":"
                     "-1},{\"persona\":\"p\",\"valence\":2}]},{\"title\":\"c\"}]}]}"),
                 "m.json", &map, &err));
    assert_true(map->steps[0].feelings[0].valence == 1);
    assert_true(isnan(map->steps[0].feelings[1].valence));
    assert_true(map->steps[1].feeling.valence == 2);
    assert_true(map->steps[1].feelings[1].valence == -1);
    assert_true(isnan(map->steps[2].feeling.valence));
    map_close(map);
}

static void steps_of_a_choice_know_their_branch(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_read(STR(TWO(",\"id\":\"x\",\"choice\":\"g\"",
                               ",\"choice\":{\"group\":\"g\",\"branch\":\"k\"}", "")),
                       "m.json", &map, &err));
    assert_string_equal(map->steps[0].choice, "g");
    assert_string_equal(map->steps[0].branch, "x");
    assert_string_equal(map->steps[1].branch, "k");
    assert_string_equal(map->steps[2].choice, "");
    assert_string_equal(map->steps[2].branch, "");
    map_close(map);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_map_needs_only_titles),
        cmocka_unit_test(everything_the_document_says_can_be_asked_for),
        cmocka_unit_test(a_fault_is_named_by_its_json_path),
        cmocka_unit_test(what_is_larger_than_a_limit_is_refused),
        cmocka_unit_test(
            the_same_map_gives_the_same_bytes_and_keeps_what_it_does_not_know),
        cmocka_unit_test(the_ids_that_are_made_never_meet_those_that_are_there),
        cmocka_unit_test(the_protagonists_feeling_is_the_first_personas),
        cmocka_unit_test(steps_of_a_choice_know_their_branch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
