#include "check.h"

#include <viaggio.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/viaggio-api-XXXXXX";
static vg_log *whole;
static struct vg_err err;

/* Three customers: A goes all the way in two days, B is lost after the offer, C has only
 * just asked; and a row without a date. */
static const char rows[] =
    "customer;activity;time;score\n"
    "A;ask;2025-01-01;\nA;offer;2025-01-02;5\nA;order;2025-01-03;\n"
    "B;ask;2025-01-01;\nB;offer;2025-01-02;1\n"
    "C;ask;2025-03-01;\nC;offer;soon;\n";
static const char map_text[] =
    "{\"id\": \"m\", \"title\": \"From asking to ordering\", \"phases\": [{\"id\": "
    "\"f\", "
    "\"title\": \"All\", \"steps\": ["
    "{\"id\": \"s1\", \"title\": \"I ask\", \"match\": [{\"activity\": \"ask\"}]},"
    "{\"id\": \"s2\", \"title\": \"I get the offer\", \"feeling\": {\"valence\": 1},"
    " \"match\": [{\"activity\": \"offer\"}]},"
    "{\"id\": \"s3\", \"title\": \"I order\", \"match\": [{\"activity\": "
    "\"order\"}]}]}]}";

static int setup(void **state)
{
    (void)state;
    int handle = mkstemp(path);
    const char *files[] = {path};
    if (handle < 0 || write(handle, rows, sizeof rows - 1) != sizeof rows - 1)
        return 1;
    close(handle);
    struct vg_read_counts counts;
    if (vg_log_read(files, 1, NULL, &whole, &counts, &err) != VG_OK) {
        print_message("%s: %s\n", err.where, err.what);
        return 1;
    }
    return counts.rows != 7 || counts.stored != 6 || counts.rejected != 1;
}

static int teardown(void **state)
{
    (void)state;
    vg_log_free(whole);
    return unlink(path);
}

static void a_log_is_counted(void **state)
{
    (void)state;
    struct vg_log_counts counts = vg_log_count(whole);
    assert_int_equal(counts.events, 6);
    assert_int_equal(counts.traces, 3);
    assert_int_equal(counts.activities, 3);
    assert_int_equal(counts.last_us - counts.first_us, INT64_C(59) * 86400 * 1000000);
}

static void questions_are_answered_until_the_result_is_freed(void **state)
{
    (void)state;
    static const char *const steps[] = {"ask", "offer", "order"};
    vg_result *result = vg_result_new();
    struct vg_flow flow;
    struct vg_variants variants;
    struct vg_funnel funnel;
    struct vg_survival survival;
    assert_ok(vg_mine_flow(whole, result, &flow, &err));
    assert_string_equal(flow.edges[0].from, "ask");
    assert_int_equal(flow.edges[0].count, 2);
    assert_ok(vg_mine_variants(whole, 0, result, &variants, &err));
    assert_int_equal(variants.total, 3);
    assert_ok(vg_mine_funnel(whole, steps, 3, NULL, result, &funnel, &err));
    assert_int_equal(funnel.steps[0].reached, 3);
    assert_int_equal(funnel.arrived, 1);
    assert_ok(vg_mine_survival(whole, "ask", "order", result, &survival, &err));
    assert_int_equal(survival.n, 3);
    assert_int_equal(survival.happened, 1);
    vg_result_free(result);
}

static void a_name_that_is_not_there_is_told(void **state)
{
    (void)state;
    static const char *const steps[] = {"ask", "ofer"};
    vg_result *result = vg_result_new();
    struct vg_funnel funnel;
    assert_int_equal(vg_mine_funnel(whole, steps, 2, NULL, result, &funnel, &err),
                     VG_ERR_NOT_FOUND);
    assert_non_null(strstr(err.what, "ofer"));
    assert_non_null(strstr(err.hint, "offer"));
    assert_int_equal(vg_mine_funnel(whole, steps, 2, NULL, result, &funnel, NULL),
                     VG_ERR_NOT_FOUND);
    vg_result_free(result);
}

static void a_map_is_held_against_the_log_and_drawn(void **state)
{
    (void)state;
    vg_result *result = vg_result_new();
    vg_map *map = NULL;
    struct vg_align align;
    struct vg_emotions emotions;
    struct vg_funnel funnel;
    const char *text, *svg;
    assert_ok(vg_map_parse(map_text, sizeof map_text - 1, &map, &err));
    assert_ok(vg_mine_align(whole, map, result, &align, &err));
    assert_int_equal(align.fitting_count, 1);
    assert_int_equal(align.steps[2].skipped, 2);
    assert_ok(vg_mine_emotions(whole, map, result, &emotions, &err));
    assert_int_equal(emotions.steps[1].n, 2);
    assert_ok(vg_mine_map_funnel(whole, map, NULL, result, &funnel, &err));
    assert_string_equal(funnel.steps[1].activity, "I get the offer");
    assert_ok(vg_map_write(map, result, &text, &err));
    assert_non_null(strstr(text, "From asking to ordering"));
    assert_ok(vg_poster_svg(whole, map, result, &svg, &err));
    assert_non_null(strstr(svg, "I order"));
    assert_ok(vg_poster_svg(NULL, map, result, &svg, &err));
    vg_map_free(map);
    vg_result_free(result);
}

static void a_draft_speaks_the_language_of_the_thread(void **state)
{
    (void)state;
    vg_result *result = vg_result_new();
    vg_map *map = NULL;
    const char *svg;
    assert_false(vg_set_language("xx"));
    assert_true(vg_set_language("it"));
    assert_ok(vg_map_draft(whole, &map, &err));
    assert_ok(vg_poster_svg(whole, NULL, result, &svg, &err));
    assert_non_null(strstr(svg, "ozza"));
    assert_int_equal(vg_poster_svg(NULL, NULL, result, &svg, &err), VG_ERR_USAGE);
    assert_string_equal(vg_code_name(VG_ERR_USAGE), "usage");
    assert_true(vg_set_language("en"));
    vg_map_free(map);
    vg_result_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_counted),
        cmocka_unit_test(questions_are_answered_until_the_result_is_freed),
        cmocka_unit_test(a_name_that_is_not_there_is_told),
        cmocka_unit_test(a_map_is_held_against_the_log_and_drawn),
        cmocka_unit_test(a_draft_speaks_the_language_of_the_thread),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
