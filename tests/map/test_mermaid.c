#include "check.h"

#include "base/lang.h"
#include "map/mermaid.h"
#include "text/whole.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct vg_map *map_of(const char *text)
{
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_read(str_from(text), "m.json", &map, &err));
    return map;
}

static struct vg_map *journey(const char *text, struct map_texts *notes)
{
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_from_mermaid(str_from(text), "m.mmd", &map, notes, &err));
    return map;
}

/* The exports go into the build folder too: tests/browser/mermaid.test.mjs gives them to
 * Mermaid's own parser. */
static void keep_for_the_browser(const char *name, str text)
{
    const char *build = getenv("VIAGGIO_BUILD");
    char path[1024];
    if (build == NULL)
        return;
    snprintf(path, sizeof(path), "%s/mermaid", build);
    mkdir(path, 0755);
    snprintf(path, sizeof(path), "%s/mermaid/%s.mmd", build, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    fclose(file);
}

static void there_and_back(const char *name, const struct vg_map *map)
{
    struct vg_err err = {0};
    struct buf mermaid = {0}, before = {0}, after = {0};
    struct vg_map *back = NULL;
    struct map_texts notes = {0};
    assert_ok(map_write(map, &before, &err));
    assert_ok(map_to_mermaid(map, &mermaid, &err));
    keep_for_the_browser(name, buf_str(&mermaid));
    assert_ok(map_from_mermaid(buf_str(&mermaid), "m.mmd", &back, &notes, &err));
    assert_ok(map_write(back, &after, &err));
    assert_string_equal(after.ptr, before.ptr);
    assert_int_equal(notes.count, 0);
    map_close(back);
    buf_free(&mermaid);
    buf_free(&before);
    buf_free(&after);
}

static void a_map_comes_back_from_mermaid_byte_for_byte(void **state)
{
    (void)state;
    static const char *const examples[] = {"macchinari", "casa-in-ordine"};
    const char *source = getenv("VIAGGIO_SOURCE");
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        struct vg_err err = {0};
        struct vg_map *map = NULL;
        char path[1024];
        snprintf(path, sizeof(path), "%s/examples/%s/mappa.json", source ? source : ".",
                 examples[i]);
        assert_ok(map_read_file(path, &map, &err));
        there_and_back(examples[i], map);
        map_close(map);
    }
}

/* Each of these is a way in which a title breaks a journey that does not guard it. */
static void no_title_can_break_the_diagram(void **state)
{
    (void)state;
    static const char *const titles[] = {
        "Ask: how much?",
        "Order #1; then pay",
        "two\\nlines",
        "title deed arrives",
        "Section 4 is signed",
        "Journeying home",
        "accTitle: x",
        "accDescr { y",
        "100%% sure %%{init: {\\\"theme\\\":\\\"dark\\\"}}%%",
        "%% a comment?",
        "Lifestyle: a #b; c",
        "classDef: #x;",
        "a, b, c",
        "<b>bold</b> & <script>alert(1)</script>",
        "a<br/>b",
        "\\\"quoted\\\" 'too'",
        "}%%",
        "#",
        ";",
        ":",
        "-",
        "---",
        "precipitevolissimevolmente 😀 città",
        "#35; is an entity",
        "click here",
        "a::b",
        "end",
        "style #1: b; c",
        "\\u2028separator",
    };
    for (size_t i = 0; i < COUNT_OF(titles); i++) {
        char text[2048], name[32];
        snprintf(text, sizeof(text),
                 "{\"title\":\"%s\",\"personas\":[{\"name\":\"%s\"}],\"objective\":{"
                 "\"text\":\"%s\"},\"phases\":[{\"title\":\"%s\",\"steps\":[{\"title\":"
                 "\"%s\",\"feeling\":{\"valence\":-1.4},\"pains\":[{\"text\":\"%s\"}]}]},"
                 "{\"title\":\"\"}]}",
                 titles[i], titles[i], titles[i], titles[i], titles[i], titles[i]);
        struct vg_map *map = map_of(text);
        snprintf(name, sizeof(name), "title-%02zu", i);
        there_and_back(name, map);
        map_close(map);
    }
}

static void the_visible_lines_are_what_mermaid_shows(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct buf out = {0};
    struct vg_map *map = map_of(
        "{\"title\":\"T\",\"personas\":[{\"id\":\"a\",\"name\":\"Anna\"},{\"id\":\"b\","
        "\"name\":\"Bo\"}],\"phases\":[{\"title\":\"F\",\"steps\":[{\"title\":\"Cerco: "
        "dove\",\"feeling\":{\"valence\":-1.4}},{\"title\":\"Trovo\",\"feelings\":[{"
        "\"persona\":\"b\",\"valence\":2}]},{\"title\":\"Boh\"}]}]}");
    assert_ok(map_to_mermaid(map, &out, &err));
    assert_non_null(strstr(out.ptr, "\ntitle T\n"));
    assert_non_null(strstr(out.ptr, "\nsection F\n"));
    assert_non_null(strstr(out.ptr, "\n  Cerco#58; dove: 2: Anna\n"));
    assert_non_null(strstr(out.ptr, "\n  Trovo: 5: Bo\n"));
    assert_non_null(strstr(out.ptr, "\n  Boh: 3: Anna\n"));
    buf_free(&out);
    map_close(map);
}

static void a_diagram_drawn_by_anybody_becomes_a_map(void **state)
{
    (void)state;
    struct map_texts notes = {0};
    struct vg_map *map = journey("---\ntitle: ignored\n---\n%% mine\n\n journey\n"
                                 "    title My working: day\n"
                                 "    accDescr {\n  two\n  lines\n }\n"
                                 "    section Go to work\n"
                                 "      Make tea: 5: Me\n"
                                 "      Go upstairs: 3: Me , Cat # a comment\n"
                                 "      Do work: 1: Me, Cat: dropped; Rest: 2: Cat\n"
                                 "    Section Go home\n"
                                 "      Sit<br/>down: 4: Me\n",
                                 &notes);
    assert_string_equal(map->title, "My working: day");
    assert_int_equal(map->phase_count, 2);
    assert_int_equal(map->step_count, 5);
    assert_int_equal(map->persona_count, 2);
    assert_string_equal(map->personas[1].name, "Cat");
    assert_string_equal(map->steps[4].title, "Sit\ndown");
    assert_true(map->steps[0].feeling.valence == 2);
    assert_true(isnan(map->steps[0].feelings[1].valence));
    assert_true(map->steps[1].feelings[1].valence == 0);
    assert_true(map->steps[2].feelings[1].valence == -2);
    assert_true(isnan(map->steps[3].feeling.valence));
    assert_string_equal(map->steps[3].title, "Rest");
    assert_string_equal(json_string_value(json_object_get(map->json, "description")),
                        "two\n  lines");
    assert_int_equal(notes.count, 0);
    map_close(map);
}

static void scores_outside_one_to_five_are_clamped_and_it_is_said(void **state)
{
    (void)state;
    struct map_texts notes = {0};
    struct vg_map *map =
        journey("journey\nA: 13: Me\nB: 0: Me\nC: x: Me\nD\nE: 3.5: Me\n", &notes);
    assert_true(map->steps[0].feeling.valence == 2);
    assert_true(map->steps[1].feeling.valence == -2);
    assert_true(isnan(map->steps[2].feeling.valence));
    assert_true(isnan(map->steps[3].feeling.valence));
    assert_true(map->steps[4].feeling.valence == 0.5);
    assert_int_equal(notes.count, 4);
    assert_non_null(strstr(notes.items[0], "line 2"));
    assert_non_null(strstr(notes.items[0], "13"));
    map_close(map);
}

static void what_is_changed_by_hand_in_the_diagram_is_taken_over(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct buf out = {0}, edited = {0};
    struct map_texts notes = {0};
    struct vg_map *map =
        map_of("{\"title\":\"T\",\"phases\":[{\"title\":\"F\",\"steps\":[{\"id\":\"x\","
               "\"title\":\"Cerco\",\"feeling\":{\"emotion\":\"ansia\",\"valence\":-1.4},"
               "\"owner\":\"Ufficio\"},{\"id\":\"y\",\"title\":\"Trovo\"}]}]}");
    assert_ok(map_to_mermaid(map, &out, &err));
    const char *task = strstr(out.ptr, "  Cerco: 2:");
    const char *lost = strstr(out.ptr, "  Trovo: 3:");
    buf_add(&edited, (str){out.ptr, (size_t)(task - out.ptr)});
    buf_text(&edited, "  Cerco ancora: 4:\n");
    buf_add(&edited, (str){task + 11, (size_t)(lost - task - 11)});
    struct vg_map *back = journey(edited.ptr, &notes);
    assert_int_equal(back->step_count, 1);
    assert_string_equal(back->steps[0].id, "x");
    assert_string_equal(back->steps[0].title, "Cerco ancora");
    assert_string_equal(back->steps[0].feeling.emotion, "ansia");
    assert_string_equal(back->steps[0].owner, "Ufficio");
    assert_true(back->steps[0].feeling.valence == 1);
    assert_int_equal(notes.count, 1); /* of the step whose line is gone */
    map_close(map);
    map_close(back);
    buf_free(&out);
    buf_free(&edited);
}

static void what_is_no_journey_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } cases[] = {{"", "m.mmd:1"},
                 {"\n\nflowchart TD\n", "m.mmd:3"},
                 {"journeys\n", "m.mmd:1"},
                 {"%% only\n", "m.mmd:2"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_err err = {0};
        struct vg_map *map = NULL;
        assert_int_equal(
            map_from_mermaid(str_from(cases[i].text), "m.mmd", &map, NULL, &err),
            VG_ERR_INPUT);
        assert_string_equal(err.where, cases[i].where);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_comes_back_from_mermaid_byte_for_byte),
        cmocka_unit_test(no_title_can_break_the_diagram),
        cmocka_unit_test(the_visible_lines_are_what_mermaid_shows),
        cmocka_unit_test(a_diagram_drawn_by_anybody_becomes_a_map),
        cmocka_unit_test(scores_outside_one_to_five_are_clamped_and_it_is_said),
        cmocka_unit_test(what_is_changed_by_hand_in_the_diagram_is_taken_over),
        cmocka_unit_test(what_is_no_journey_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
