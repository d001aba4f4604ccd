/* The sheet of one client's progress: whatever is on it can be read, and stays on it. */
#include "check.h"

#include "base/date.h"
#include "base/lang.h"
#include "view/progress_sheet.h"
#include "view/theme.h"

#include <math.h>

static int64_t day(int n)
{
    return (date_days(2026, 1, 1) + n) * 24LL * 3600 * US_PER_S;
}

static const char long_words[] =
    "Una frase che non finisce mai, con parole lunghissime come "
    "precipitevolissimevolmente e Rechtsschutzversicherungsgesellschaften, ripetute, "
    "ripetute, ripetute, ripetute, ripetute, ripetute e ripetute ancora una volta";

static bool apart(struct rect a, struct rect b)
{
    return a.x + a.w <= b.x + 0.5 || b.x + b.w <= a.x + 0.5 || a.y + a.h <= b.y + 0.5 ||
           b.y + b.h <= a.y + 0.5;
}

/* Draw it; no two texts overlap, none leaves the sheet. */
static struct buf drawn(const struct progress_sheet *sheet)
{
    struct arena *arena = arena_open(0);
    struct scene *scene = NULL;
    struct vg_err err = {0};
    struct buf svg = {0};
    const struct scene_text_box *texts;
    assert_ok(progress_sheet_draw(arena, sheet, &scene, &err));
    size_t count = scene_text_boxes(scene, &texts);
    for (size_t i = 0; i < count; i++) {
        struct rect box = texts[i].box;
        if (box.x < 0 || box.y < 0 || box.x + box.w > SHEET_WIDTH ||
            box.y + box.h > scene_height(scene))
            fail_msg("“%s” leaves the sheet", texts[i].text);
        for (size_t j = 0; j < i; j++)
            if (!apart(box, texts[j].box))
                fail_msg("“%s” is on “%s”", texts[i].text, texts[j].text);
    }
    assert_ok(scene_svg(scene, &(struct svg_options){.theme = SVG_LIGHT}, &svg, &err));
    arena_close(arena);
    return svg;
}

static struct progress_sheet sample(const char *words)
{
    static struct sheet_milestone milestones[24];
    static struct sheet_objective objectives[10];
    static struct sheet_feeling feelings[60];
    static const char *goals[8];
    for (size_t i = 0; i < 24; i++)
        milestones[i] = (struct sheet_milestone){
            words, words, i < 3 ? day((int)i * 10) : INT64_MIN, i < 3, i == 3};
    for (size_t i = 0; i < 10; i++)
        objectives[i] = (struct sheet_objective){words, "sere", 1, 1e6, 5, (double)i / 9};
    for (size_t i = 0; i < 60; i++)
        feelings[i] = (struct sheet_feeling){day((int)i / 2), (double)(i % 5) - 2};
    for (size_t i = 0; i < 8; i++)
        goals[i] = words;
    return (struct progress_sheet){.title = words,
                                   .customer = words,
                                   .start = words,
                                   .arrival = words,
                                   .today = words,
                                   .start_us = day(0),
                                   .today_us = day(40),
                                   .arrived_us = INT64_MIN,
                                   .milestones = milestones,
                                   .milestone_count = 24,
                                   .objectives = objectives,
                                   .objective_count = 10,
                                   .feelings = feelings,
                                   .feeling_count = 60,
                                   .next = words,
                                   .next_goals = goals,
                                   .next_goal_count = 8};
}

static void the_longest_words_stay_on_the_sheet_and_apart(void **state)
{
    (void)state;
    lang_set(LANG_IT);
    struct progress_sheet sheet = sample(long_words);
    struct buf svg = drawn(&sheet);
    assert_non_null(strstr(svg.ptr, "ARRIVO"));
    buf_free(&svg);
}

static void a_sheet_of_next_to_nothing_is_a_sheet(void **state)
{
    (void)state;
    struct progress_sheet sheet = {.title = "",
                                   .customer = "Ada",
                                   .start = "",
                                   .arrival = "",
                                   .today = "",
                                   .start_us = day(0),
                                   .today_us = day(0),
                                   .arrived_us = INT64_MIN};
    struct buf svg = drawn(&sheet);
    assert_non_null(strstr(svg.ptr, "Ada"));
    buf_free(&svg);
    const struct sheet_feeling one[] = {{day(1), 2}, {day(1), -2}};
    sheet.feelings = one;
    sheet.feeling_count = 2; /* of one moment */
    svg = drawn(&sheet);
    assert_null(strstr(svg.ptr, "nan"));
    buf_free(&svg);
}

static void what_is_written_in_a_map_stays_text(void **state)
{
    (void)state;
    struct progress_sheet sheet = sample("<script>alert(1)</script> & \"x\"");
    struct buf svg = drawn(&sheet);
    assert_null(strstr(svg.ptr, "<script"));
    buf_free(&svg);
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    struct progress_sheet sheet = sample("parole");
    enum vg_code code = VG_ERR_MEMORY;
    for (size_t limit = 512; code != VG_OK && limit < 1 << 22; limit += limit / 4) {
        struct arena *arena = arena_open(limit);
        struct scene *scene = NULL;
        code = progress_sheet_draw(arena, &sheet, &scene, NULL);
        assert_true(code == VG_OK || code == VG_ERR_MEMORY);
        arena_close(arena);
    }
    assert_int_equal(code, VG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_words_stay_on_the_sheet_and_apart),
        cmocka_unit_test(a_sheet_of_next_to_nothing_is_a_sheet),
        cmocka_unit_test(what_is_written_in_a_map_stays_text),
        cmocka_unit_test(a_full_arena_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
