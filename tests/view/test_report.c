#include "check.h"

#include "base/lang.h"
#include "draw/scene.h"
#include "mine/drill.h"
#include "view/report.h"
#include "view/report_hash.h"
#include "view/sample_study.h"

#include <stdlib.h>

static struct vg_err err;

static void the_hash_is_that_of_the_standard(void **state)
{
    (void)state;
    char a[1000];
    memset(a, 'a', sizeof(a));
    /* From sha256sum, written in base64. */
    const struct {
        str text;
        const char *hash;
    } cases[] = {
        {STR(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"},
        {STR("abc"), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"},
        {{a, 55}, "'sha256-n0OQ+NMMLdkuyfCVtl4rmumwqSWlJY4kHJ8ekQ9zQxg='"},
        {{a, 56}, "'sha256-s1Q5pKxvCUi21vnjxq8PX1kM4g8b3nCQ73lwaG7Gc4o='"},
        {{a, 64}, "'sha256-/+BU/nrgy23GXDr5th1SCfQ5hR20PQulmXM33xVGaOs='"},
        {{a, 1000}, "'sha256-Qe3s5C1j6Nm/UVqbppMuHCDLyfWl0TRkWttdsblzfqM='"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf out = {0};
        report_hash(cases[i].text, &out);
        assert_string_equal(buf_str(&out).ptr, cases[i].hash);
        buf_free(&out);
    }
}

/* ---- the customers behind a number ---- */

static void the_customers_behind_a_step_add_up_to_its_numbers(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct study *study = sample_study(arena, &(struct sample){.customers = 500});
    struct steps steps;
    struct drill drill;
    assert_ok(steps_from_map(arena, study->log, study->map, &steps, &err));
    assert_ok(drill_mine(arena, study->log, &steps, &study->funnel_options,
                         &study->funnel, 7, &drill, &err));
    assert_int_equal(drill.step_count, study->funnel.step_count);
    for (size_t i = 0; i < drill.step_count; i++) {
        const struct vg_funnel_step *step = &study->funnel.steps[i];
        const struct drill_list *fate = drill.steps[i].fate;
        assert_int_equal(fate[DRILL_MOVED_ON].count, step->moved_on);
        assert_int_equal(fate[DRILL_LOST].count, step->lost);
        assert_int_equal(fate[DRILL_TRAVELLING].count, step->travelling);
        for (size_t f = 0; f < DRILL_FATES; f++) {
            assert_true(fate[f].shown <= 7 && fate[f].shown <= fate[f].count);
            for (size_t k = 0; k < fate[f].shown; k++)
                assert_string_equal(fate[f].names[k],
                                    log_trace_text(study->log, arena, fate[f].trace[k]));
        }
        for (size_t k = 0; k < fate[DRILL_LOST].shown; k++)
            assert_true(fate[DRILL_LOST].waited_s[k] > step->patience_s);
    }
    sample_study_close(study);
    arena_close(arena);
}

/* ---- the page ---- */

static char *page(struct arena *arena, const struct sample *sample,
                  const struct report_options *options)
{
    struct buf out = {0};
    struct study *study = sample_study(arena, sample);
    assert_ok(
        report_html(arena, study, STR("<svg id=\"poster\"></svg>"), options, &out, &err));
    sample_study_close(study);
    return buf_take(&out);
}

static void the_same_study_gives_the_same_bytes(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct sample sample = {.customers = 80};
    char *first = page(arena, &sample, NULL), *second = page(arena, &sample, NULL);
    assert_string_equal(first, second);
    free(first);
    free(second);
    arena_close(arena);
}

static size_t count_of(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        n++;
    return n;
}

static void no_text_of_a_file_becomes_markup(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct sample sample = {
        .customers = 60, .payload = "</script><script>alert(1)</script>\"><img src=x>"};
    char *html = page(arena, &sample, NULL);
    assert_int_equal(count_of(html, "<script"), 2); /* the data and the page's own */
    assert_int_equal(count_of(html, "</script"), 2);
    assert_int_equal(count_of(html, "<img"), 0);
    assert_int_equal(count_of(html, " style="), 0); /* the policy would block it */
    assert_int_equal(count_of(html, " onerror=\""), 0);
    assert_true(count_of(html, "&lt;script&gt;alert(1)") > 10);
    free(html);
    arena_close(arena);
}

static void it_asks_nothing_of_the_network(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char *html = page(arena, &(struct sample){.customers = 60}, NULL);
    assert_int_equal(count_of(html, "https://"), 0);
    assert_int_equal(count_of(html, "http://"), count_of(html, "http://www.w3.org/"));
    assert_int_equal(count_of(html, "@import"), 0);
    assert_int_equal(count_of(html, "default-src 'none'"), 1);
    assert_int_equal(count_of(html, "unsafe"), 0);
    free(html);
    arena_close(arena);
}

static void hidden_names_are_nowhere(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct sample sample = {.customers = 200};
    char *shown = page(arena, &sample, NULL);
    char *hidden = page(arena, &sample, &(struct report_options){.hide_names = true});
    assert_true(count_of(shown, "S.r.l.") > 10);
    assert_int_equal(count_of(hidden, "S.r.l."), 0);
    free(shown);
    free(hidden);
    arena_close(arena);
}

static void it_says_what_it_does_not_know(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char *none = page(arena, &(struct sample){0}, NULL);
    char *one = page(arena, &(struct sample){.customers = 1}, NULL);
    char *quiet = page(arena, &(struct sample){.customers = 50, .no_scores = true}, NULL);
    assert_non_null(strstr(none, "No evidence was given"));
    assert_null(strstr(none, "id=\"lost\""));
    assert_non_null(strstr(one, "The evidence is of one customer"));
    assert_non_null(strstr(quiet, "No scores and no marks in the evidence"));
    free(none);
    free(one);
    free(quiet);
    arena_close(arena);
}

/* Every id is there once, and every link within the page leads somewhere. */
static void its_ids_are_unique_and_its_links_arrive(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    char *html = page(arena, &(struct sample){.customers = 120}, NULL);
    size_t ids = 0;
    for (const char *at = html; (at = strstr(at, " id=\"")); at++, ids++) {
        const char *end = strchr(at + 5, '"');
        const char *mark = arena_printf(arena, "%.*s\"", (int)(end - at), at);
        if (count_of(html, mark) != 1)
            fail_msg("%s is there %zu times", mark, count_of(html, mark));
    }
    assert_true(ids > 30);
    for (const char *at = html; (at = strstr(at, "href=\"#")); at++) {
        const char *end = strchr(at + 7, '"');
        const char *mark =
            arena_printf(arena, " id=\"%.*s\"", (int)(end - at - 7), at + 7);
        if (!strstr(html, mark))
            fail_msg("there is no%s", mark);
    }
    free(html);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_that_of_the_standard),
        cmocka_unit_test(the_customers_behind_a_step_add_up_to_its_numbers),
        cmocka_unit_test(the_same_study_gives_the_same_bytes),
        cmocka_unit_test(no_text_of_a_file_becomes_markup),
        cmocka_unit_test(it_asks_nothing_of_the_network),
        cmocka_unit_test(hidden_names_are_nowhere),
        cmocka_unit_test(it_says_what_it_does_not_know),
        cmocka_unit_test(its_ids_are_unique_and_its_links_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
