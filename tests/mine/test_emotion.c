#include "check.h"
#include "log_maker.h"
#include "map_maker.h"

#include "mine/mine.h"

static void turns_each_scale_into_valence(void **state)
{
    (void)state;
    static const struct {
        enum score_scale scale;
        double score, valence;
    } cases[] = {
        {SCALE_STARS, 1, -2},    {SCALE_STARS, 3, 0},      {SCALE_STARS, 5, 2},
        {SCALE_STARS, 0, NAN},   {SCALE_STARS, 5.5, NAN},  {SCALE_NPS, 0, -2},
        {SCALE_NPS, 6, -0.5},    {SCALE_NPS, 7, 0},        {SCALE_NPS, 8, 0.5},
        {SCALE_NPS, 9, 1.25},    {SCALE_NPS, 10, 2},       {SCALE_NPS, 11, NAN},
        {SCALE_NPS, -1, NAN},    {SCALE_CSAT, 4, 1},       {SCALE_CSAT, 6, NAN},
        {SCALE_CES, 1, -2},      {SCALE_CES, 4, 0},        {SCALE_CES, 7, 2},
        {SCALE_VALENCE, -1, -1}, {SCALE_VALENCE, -3, NAN}, {SCALE_NONE, 3, NAN},
        {SCALE_STARS, NAN, NAN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_near(emotion_valence(cases[i].score, cases[i].scale), cases[i].valence,
                    1e-12);
}

static void nps_never_falls_as_the_answer_rises(void **state)
{
    (void)state;
    for (double score = 0.25; score <= 10; score += 0.25)
        assert_true(emotion_valence(score, SCALE_NPS) >
                    emotion_valence(score - 0.25, SCALE_NPS));
}

static struct vg_emotions feel(struct arena *arena, const char *words, struct vg_log *log,
                               double believed)
{
    struct vg_map *map = map_from_words(words);
    struct vg_emotions emotions;
    struct vg_err err = {0};
    map->steps[0].feeling.valence = believed;
    assert_ok(emotion_mine(arena, log, map, &emotions, &err));
    map_close(map);
    log_close(log);
    return emotions;
}

static void gives_each_step_its_mean_with_n_and_students_interval(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_emotions emotions =
        feel(arena, "Call Order Review",
             log_from_lines("a;Call;2025-01-01;;;1\nb;Call;2025-01-01;;;2\n"
                            "c;Call;2025-01-01;;;2\nd;Call;2025-01-01;;;5\n"
                            "a;Order;2025-01-02;;;4\nb;Order;2025-01-02\n"
                            "a;Other;2025-01-03;;;1\n"),
             0.4);
    assert_int_equal(emotions.n, 5);
    assert_int_equal(emotions.steps[0].n, 4);
    /* −2 −1 −1 2: mean −0.5, s = √3, t(3) = 3.182446: ±2.756 */
    assert_near(emotions.steps[0].mean, -0.5, 1e-12);
    assert_near(emotions.steps[0].low, -0.5 - 2.7560793, 1e-5);
    assert_near(emotions.steps[0].high, -0.5 + 2.7560793, 1e-5);
    assert_near(emotions.steps[0].gap, -0.9, 1e-12);
    assert_int_equal(emotions.steps[1].n, 1);
    assert_near(emotions.steps[1].mean, 1, 1e-12);
    assert_near(emotions.steps[1].low, NAN, 0);
    assert_near(emotions.steps[1].gap, NAN, 0);
    assert_int_equal(emotions.steps[2].n, 0);
    assert_near(emotions.steps[2].mean, NAN, 0);
    arena_close(arena);
}

static void a_score_that_several_steps_match_counts_once_where_the_trace_was(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_emotions emotions =
        feel(arena, "Call Order Call",
             log_from_lines("a;Call;2025-01-01;;;5\na;Order;2025-01-02\n"
                            "a;Call;2025-01-03;;;1\nb;Order;2025-01-02\n"
                            "b;Call;2025-01-03;;;1\n"),
             NAN);
    assert_int_equal(emotions.n, 3);
    assert_near(emotions.steps[0].mean, 2, 0);
    assert_int_equal(emotions.steps[2].n, 2);
    assert_near(emotions.steps[2].mean, -2, 0);
    arena_close(arena);
}

struct said {
    double score;
    const char *text;
};
static struct vg_log *log_said(const struct said *said, size_t count,
                               enum score_scale scale)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t i = 0; i < count; i++) {
        struct log_event event = {.customer = STR("a"),
                                  .activity = STR("Call"),
                                  .at_us = (int64_t)i * US_PER_DAY,
                                  .text = str_from(said[i].text),
                                  .score = said[i].score,
                                  .scale = scale};
        assert_ok(builder_add(builder, &event, NULL, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static void quotes_three_distinct_texts_the_worst_first(void **state)
{
    (void)state;
    static const struct said said[] = {{5, "Tutto perfetto, grazie"},
                                       {1, "Undici minuti in attesa"},
                                       {1, "undici minuti in ATTESA "},
                                       {2, "Mi ha risposto un robot"},
                                       {NAN, "Senza voto ma con parole"},
                                       {1, "Undici minuti in attesa"},
                                       {1, "-"},
                                       {2, "no"},
                                       {4, "Il tecnico è stato bravo"}};
    struct arena *arena = arena_open(0);
    struct vg_emotions emotions =
        feel(arena, "Call", log_said(said, COUNT_OF(said), SCALE_STARS), NAN);
    assert_string_equal(emotions.steps[0].quotes[0], "Undici minuti in attesa");
    assert_string_equal(emotions.steps[0].quotes[1], "Mi ha risposto un robot");
    assert_string_equal(emotions.steps[0].quotes[2], "Il tecnico è stato bravo");
    assert_int_equal(emotions.steps[0].n, 8);
    arena_close(arena);
}

static void keeps_the_worst_of_many_texts(void **state)
{
    (void)state;
    struct said said[200];
    char texts[200][32];
    for (size_t i = 0; i < 200; i++) {
        snprintf(texts[i], sizeof texts[i], "this is text number %zu", i);
        said[i] = (struct said){i == 77    ? -2
                                : i == 150 ? -1.5
                                           : (double)(i % 20) / 10,
                                texts[i]};
    }
    struct arena *arena = arena_open(0);
    struct vg_emotions emotions =
        feel(arena, "Call", log_said(said, 200, SCALE_VALENCE), NAN);
    assert_string_equal(emotions.steps[0].quotes[0], "this is text number 77");
    assert_string_equal(emotions.steps[0].quotes[1], "this is text number 150");
    assert_string_equal(emotions.steps[0].quotes[2], "this is text number 180");
    arena_close(arena);
}

static void reads_csat_on_the_scale_that_its_scores_need(void **state)
{
    (void)state;
    static const struct {
        double high, valence_of_high, valence_of_one;
    } cases[] = {{5, 2, -2}, {7, 2, -2}, {10, 2, -2}, {100, 2, -1.96}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct said said[] = {{cases[i].high, NULL}, {1, NULL}};
        struct arena *arena = arena_open(0);
        struct vg_emotions emotions =
            feel(arena, "Call", log_said(said, 2, SCALE_CSAT), NAN);
        assert_near(emotions.steps[0].mean,
                    (cases[i].valence_of_high + cases[i].valence_of_one) / 2, 1e-12);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_each_scale_into_valence),
        cmocka_unit_test(nps_never_falls_as_the_answer_rises),
        cmocka_unit_test(gives_each_step_its_mean_with_n_and_students_interval),
        cmocka_unit_test(
            a_score_that_several_steps_match_counts_once_where_the_trace_was),
        cmocka_unit_test(quotes_three_distinct_texts_the_worst_first),
        cmocka_unit_test(keeps_the_worst_of_many_texts),
        cmocka_unit_test(reads_csat_on_the_scale_that_its_scores_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
