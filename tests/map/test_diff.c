#include "check.h"

#include "base/lang.h"
#include "map/diff.h"
#include "map/export.h"
#include "map/import.h"

#include <stdio.h>
#include <stdlib.h>

static struct vg_map *map_of(const char *text)
{
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_read(str_from(text), "m.json", &map, &err));
    return map;
}

/* "added step d; moved step b; …" */
static void summary(const struct map_diff *diff, struct buf *out)
{
    static const char *const kinds[] = {"added", "removed", "moved", "changed"};
    buf_text(out, "");
    for (size_t i = 0; i < diff->count; i++)
        buf_printf(out, "%s%s %s %s%s%s", i ? "; " : "", kinds[diff->items[i].kind],
                   diff->items[i].thing, diff->items[i].title,
                   diff->items[i].field[0] ? " " : "", diff->items[i].field);
}

#define STEPS(list)                                                                      \
    "{\"title\":\"T\",\"phases\":[{\"id\":\"f\",\"title\":\"F\",\"steps\":[" list "]}]}"
#define S(id) "{\"id\":\"" id "\",\"title\":\"" id "\"}"
#define BODY(step, rest)                                                                 \
    "{\"title\":\"T\",\"phases\":[{\"title\":\"F\",\"steps\":[{\"id\":\"a\",\"title\":"  \
    "\"a\"" step "}]}]" rest "}"

static void changes_are_named_by_what_happened(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after, *expected;
    } cases[] = {
        {STEPS(S("a")), STEPS(S("a")), ""},
        {"{\"title\":\"T\",\"path\":{\"silent_days\":5},\"phases\":[{\"id\":\"f\","
         "\"title\":"
         "\"F\",\"proofs\":[{\"id\":\"p\",\"text\":\"P\"}],\"steps\":[]}]}",
         "{\"title\":\"T\",\"path\":{\"silent_days\":6},\"phases\":[{\"id\":\"f\","
         "\"title\":"
         "\"F\",\"proofs\":[{\"id\":\"p\",\"text\":\"P\",\"required\":false},{\"id\":"
         "\"q\","
         "\"text\":\"Q\"}],\"steps\":[]}],\"playbooks\":[{\"id\":\"b\",\"title\":\"B\"}]"
         "}",
         "changed map T path.silent_days; changed proof P required; added proof Q; added "
         "playbook B"},
        {STEPS(S("a")), STEPS(S("a") "," S("b")), "added step b"},
        {STEPS(S("a") "," S("b")), STEPS(S("b")), "removed step a"},
        {STEPS(S("a") "," S("b") "," S("c")), STEPS(S("c") "," S("a") "," S("b")),
         "moved step c"},
        {STEPS(S("a") "," S("b") "," S("c")), STEPS(S("a") "," S("x") "," S("c")),
         "added step x; removed step b"},
        {STEPS(S("a") "," S("b")), STEPS("{\"id\":\"a\",\"title\":\"new\"}," S("b")),
         "changed step new title"},
        /* another id, the same title: the same step */
        {STEPS(S("a")), STEPS("{\"id\":\"z\",\"title\":\"a\",\"doing\":\"x\"}"),
         "changed step a doing"},
        {"{\"title\":\"T\",\"phases\":[{\"id\":\"f\",\"title\":\"F\",\"steps\":[" S(
             "a") "]},"
                  "{\"id\":\"g\",\"title\":\"G\",\"steps\":[]}]}",
         "{\"title\":\"T\",\"phases\":[{\"id\":\"f\",\"title\":\"F\",\"steps\":[]},"
         "{\"id\":\"g\",\"title\":\"G\",\"steps\":[" S("a") "]}]}",
         "moved step a"},
        {BODY(",\"feeling\":{\"emotion\":\"x\",\"valence\":1}", ""),
         BODY(",\"feeling\":{\"emotion\":\"x\",\"valence\":-1.5}", ""),
         "changed step a feeling.valence"},
        {BODY("", ""), BODY(",\"feeling\":{\"emotion\":\"x\"}", ""),
         "changed step a feeling.emotion"},
        {BODY(",\"optional\":false", ""), BODY(",\"doing\":null", ""), ""},
        {BODY(",\"feeling\":{\"valence\":1}", ""),
         BODY(",\"feeling\":{\"valence\":1.0}", ""), ""},
        {BODY(",\"needs\":[\"x\"]", ""), BODY(",\"needs\":[\"x\",\"y\"]", ""),
         "changed step a needs"},
        {BODY(",\"pains\":[{\"text\":\"p\"}]", ""),
         BODY(",\"pains\":[{\"text\":\"q\"},{\"text\":\"p\"}]", ""), "added pain q"},
        {BODY(",\"touchpoints\":[{\"title\":\"t\",\"channel\":\"Web\"}]", ""),
         BODY(",\"touchpoints\":[{\"title\":\"t\",\"channel\":\"App\"}]", ""),
         "changed touchpoint t channel"},
        {BODY("", ",\"actions\":[{\"title\":\"x\",\"state\":\"idea\"}]"),
         BODY("",
              ",\"actions\":[{\"title\":\"x\",\"state\":\"done\"},{\"title\":\"y\"}]"),
         "changed action x state; added action y"},
        {BODY("", ",\"objective\":{\"text\":\"a\",\"metrics\":[{\"name\":\"m\","
                  "\"target\":1}]}"),
         BODY("", ",\"objective\":{\"text\":\"b\",\"metrics\":[{\"name\":\"m\","
                  "\"target\":2}]}"),
         "changed map T objective.text; changed metric m target"},
        {BODY("", ",\"personas\":[{\"name\":\"A\"}]"),
         BODY("", ",\"personas\":[{\"name\":\"B\"},{\"name\":\"A\",\"role\":\"r\"}]"),
         "added persona B; changed persona A role"},
        {BODY("", ",\"sponsor\":\"x\",\"unknown\":{\"a\":1}"),
         BODY("", ",\"unknown\":{\"a\":2}"),
         "changed map T unknown; changed map T sponsor"},
        /* a session without a name is still the same session */
        {BODY("", ",\"sessions\":[{\"customers\":[\"Anna\"]}]"),
         BODY("", ",\"sessions\":[{\"customers\":[\"Anna\"]}]"), ""},
        /* a reference to the same pain under another id is the same reference */
        {BODY(",\"pains\":[{\"id\":\"p1\",\"text\":\"p\"}]",
              ",\"actions\":[{\"title\":\"x\",\"pains\":[\"p1\"]}]"),
         BODY(",\"pains\":[{\"id\":\"p2\",\"text\":\"p\"}]",
              ",\"actions\":[{\"title\":\"x\",\"pains\":[\"p2\"]}]"),
         ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_err err = {0};
        struct arena *arena = arena_open(0);
        struct map_diff diff;
        struct buf found = {0};
        struct vg_map *before = map_of(cases[i].before), *after = map_of(cases[i].after);
        assert_ok(map_diff(arena, before, after, &diff, &err));
        summary(&diff, &found);
        if (strcmp(found.ptr, cases[i].expected) != 0)
            fail_msg("case %zu: “%s” instead of “%s”", i, found.ptr, cases[i].expected);
        for (size_t j = 0; j < diff.count; j++)
            assert_true(strlen(diff.items[j].sentence) > 8);
        buf_free(&found);
        map_close(before);
        map_close(after);
        arena_close(arena);
    }
}

static void a_change_is_said_in_the_readers_words(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct arena *arena = arena_open(0);
    struct map_diff diff;
    struct vg_map *before = map_of(STEPS("{\"id\":\"a\",\"title\":\"Cerco\",\"feeling\":{"
                                         "\"valence\":1}}," S("b")));
    struct vg_map *after = map_of(STEPS(S("b") ",{\"id\":\"a\",\"title\":\"Cerco\","
                                               "\"feeling\":{\"valence\":-1.5}}"));
    assert_ok(map_diff(arena, before, after, &diff, &err));
    assert_int_equal(diff.count, 2);
    assert_string_equal(diff.items[0].sentence,
                        "Step “b”: moved; it stood after “Cerco” and is now at the "
                        "beginning of “F”.");
    assert_string_equal(
        diff.items[1].sentence,
        "Step “Cerco”: intensity of the emotion was “1” and is now “−1.5”.");
    lang_set(LANG_IT);
    assert_ok(map_diff(arena, before, after, &diff, &err));
    lang_set(LANG_EN);
    assert_string_equal(diff.items[1].sentence,
                        "Tappa «Cerco»: intensità dell’emozione era «1», ora è «−1,5».");
    map_close(before);
    map_close(after);
    arena_close(arena);
}

/* As few things as possible count as moved: all but the longest run that kept its order.
 * The oracle tries every subset. */
static void as_few_steps_as_possible_are_called_moved(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (size_t round = 0; round < 60; round++) {
        size_t order[7], moved = 0, best = 0;
        struct buf text = {0};
        for (size_t i = 0; i < 7; i++) {
            order[i] = i;
            seed = seed * 1664525u + 1013904223u;
            size_t j = (seed >> 16) % (i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        for (size_t i = 0; i < 7; i++)
            buf_printf(&text, "%s{\"id\":\"s%zu\",\"title\":\"s%zu\"}", i ? "," : "",
                       order[i], order[i]);
        for (unsigned set = 0; set < 128; set++) {
            size_t count = 0, last = 0;
            bool rises = true;
            for (size_t i = 0; i < 7; i++)
                if (set >> i & 1) {
                    rises = rises && (count == 0 || order[i] > last);
                    last = order[i];
                    count++;
                }
            if (rises && count > best)
                best = count;
        }
        char json[2048];
        snprintf(json, sizeof(json), STEPS("%s"), text.ptr);
        struct vg_err err = {0};
        struct arena *arena = arena_open(0);
        struct map_diff diff;
        struct vg_map *before = map_of(STEPS(S("s0") "," S("s1") "," S("s2") "," S(
            "s3") "," S("s4") "," S("s5") "," S("s6")));
        struct vg_map *after = map_of(json);
        assert_ok(map_diff(arena, before, after, &diff, &err));
        for (size_t i = 0; i < diff.count; i++) {
            assert_int_equal(diff.items[i].kind, CHANGE_MOVED);
            moved++;
        }
        assert_int_equal(moved, 7 - best);
        map_close(before);
        map_close(after);
        arena_close(arena);
        buf_free(&text);
    }
}

static void a_map_read_from_its_own_table_has_hardly_changed(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct arena *arena = arena_open(0);
    struct map_diff diff;
    struct buf csv = {0};
    struct vg_map *map = NULL, *back = NULL;
    const char *source = getenv("VIAGGIO_SOURCE");
    char path[1024];
    snprintf(path, sizeof(path), "%s/examples/macchinari/mappa.json",
             source ? source : ".");
    assert_ok(map_read_file(path, &map, &err));
    assert_ok(map_to_csv(map, &csv, &err));
    assert_ok(map_from_table(buf_str(&csv), "t.csv", &back, NULL, &err));
    assert_ok(map_diff(arena, map, back, &diff, &err));
    for (size_t i = 0; i < diff.count; i++) /* KPIs, and numbers of actions: no */
        if (strcmp(diff.items[i].thing, "kpi") != 0 &&
            strcmp(diff.items[i].thing, "action") != 0)
            fail_msg("%s", diff.items[i].sentence);
    map_close(map);
    map_close(back);
    buf_free(&csv);
    arena_close(arena);
}

static void the_json_form_counts_what_it_lists(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct arena *arena = arena_open(0);
    struct map_diff diff;
    json_t *json = NULL;
    struct vg_map *before = map_of(STEPS(S("a") "," S("b")));
    struct vg_map *after = map_of(STEPS(S("a") "," S("c") "," S("d")));
    assert_ok(map_diff(arena, before, after, &diff, &err));
    assert_ok(map_diff_json(&diff, &json, &err));
    assert_int_equal(json_integer_value(json_object_get(json, "added")), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "removed")), 1);
    assert_int_equal(json_integer_value(json_object_get(json, "moved")), 0);
    assert_int_equal(json_array_size(json_object_get(json, "changes")), 3);
    json_decref(json);
    map_close(before);
    map_close(after);
    arena_close(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_named_by_what_happened),
        cmocka_unit_test(a_change_is_said_in_the_readers_words),
        cmocka_unit_test(as_few_steps_as_possible_are_called_moved),
        cmocka_unit_test(a_map_read_from_its_own_table_has_hardly_changed),
        cmocka_unit_test(the_json_form_counts_what_it_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
