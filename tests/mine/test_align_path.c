#include "check.h"
#include "log_maker.h"

#include "map/map.h"
#include "mine/mine.h"

/* A success path of two steps with a proof, a milestone, a reading and an end, and %s its
 * kind; what else was written down; and which of it align calls a shortcut. */
static const char document[] =
    "{\"format\": 1, \"id\": \"p\", \"lang\": \"it\", "
    "\"title\": \"P\", \"kind\": \"%s\", "
    "\"personas\": [{\"id\": \"ada\", \"name\": \"Ada\"}], "
    "\"phases\": [{\"id\": \"f\", \"title\": \"F\", \"milestone\": \"Gate\", "
    "\"match\": [\"Passed\"], \"proofs\": [{\"id\": \"q\", \"kind\": \"document\", "
    "\"text\": \"Photo\", \"match\": [\"Photo sent\"]}], \"steps\": ["
    "{\"id\": \"a\", \"title\": \"A\", \"match\": [\"A\"]}, "
    "{\"id\": \"b\", \"title\": \"B\", \"match\": [\"B\"]}]}], "
    "\"objective\": {\"text\": \"O\", \"metrics\": [{\"id\": \"m\", \"name\": "
    "\"Evenings\"}]}, "
    "\"path\": {\"left\": [\"Gone\"], \"no_sign\": [\"Reminder\"]}}";
static const char events[] =
    "u;A;2025-01-01\nu;photo SENT;2025-01-02\nu;Evenings;2025-01-03\n"
    "u;Come sto;2025-01-04\nu;Reminder;2025-01-05\nu;Passed;2025-01-06\n"
    "u;Detour;2025-01-07\nu;B;2025-01-08\nu;Gone;2025-01-09\n";

static size_t shortcuts_of(const char *kind, const char *lines, bool *ret_detour)
{
    char text[sizeof document + 32];
    struct vg_map *map = NULL;
    struct vg_align align;
    struct vg_err err = {0};
    snprintf(text, sizeof text, document, kind);
    assert_ok(map_read(str_from(text), "map", &map, &err));
    struct vg_log *log = log_from_lines(lines);
    struct arena *arena = arena_open(0);
    assert_ok(align_mine(arena, log, map, &align, &err));
    size_t count = align.shortcut_count;
    *ret_detour = count && strcmp(align.shortcuts[0].activity, "Detour") == 0;
    arena_close(arena);
    map_close(map);
    log_close(log);
    return count;
}

static void what_a_path_names_beside_its_steps_is_no_shortcut(void **state)
{
    (void)state;
    bool detour;
    assert_int_equal(shortcuts_of("success-path", events, &detour), 1);
    assert_true(detour);
    /* A journey has no such things: there they are ways that the map does not know. */
    assert_int_equal(shortcuts_of("journey", events, &detour), 7);
}

static void a_path_on_which_all_is_named_has_none(void **state)
{
    (void)state;
    bool detour;
    const char *lines = "u;A;2025-01-01\nu;Passed;2025-01-06\nu;B;2025-01-08\n";
    assert_int_equal(shortcuts_of("success-path", lines, &detour), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_path_names_beside_its_steps_is_no_shortcut),
        cmocka_unit_test(a_path_on_which_all_is_named_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
