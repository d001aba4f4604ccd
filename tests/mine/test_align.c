#include "check.h"
#include "log_maker.h"
#include "map_maker.h"

#include "mine/mine.h"

/* A log and a map, and what align says of them. */
struct held {
    struct vg_log *log;
    struct vg_map *map;
    struct arena *arena;
    struct vg_align align;
};

static struct held hold(const char *words, const char *lines)
{
    struct held held = {.log = log_from_lines(lines), .map = map_from_words(words)};
    struct vg_err err = {0};
    held.arena = arena_open(0);
    assert_ok(align_mine(held.arena, held.log, held.map, &held.align, &err));
    return held;
}
static void let_go(struct held *held)
{
    arena_close(held->arena);
    map_close(held->map);
    log_close(held->log);
}

/* One trace, an activity per character, a minute apart, as lines for log_from_lines. */
static void trace_lines(char *out, size_t size, int customer, const char *activities)
{
    size_t used = strlen(out);
    for (size_t i = 0; activities[i]; i++)
        used += (size_t)snprintf(out + used, size - used,
                                 "c%d;%c;2025-01-01 %02zu:%02zu:00\n", customer,
                                 activities[i], i / 60, i % 60);
}
static struct held hold_trace(const char *words, const char *activities)
{
    char lines[16384] = "";
    trace_lines(lines, sizeof lines, 1, activities);
    return hold(words, lines);
}

static void counts_one_for_each_step_skipped_and_each_event_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *words, *trace;
        double cost;
        size_t shortest;
    } cases[] = {
        {"A B C", "ABC", 0, 3},
        {"A B C", "AC", 1, 3},
        {"A B C", "AXBC", 1, 3},
        {"A B C", "XYZ", 6, 3},
        {"A B C", "CBA", 4, 3},
        {"A B? C", "AC", 0, 2},
        {"A B? C", "ABC", 0, 2},
        {"A B? C", "ABBC", 1, 2},
        {"A B* C", "ABBBC", 0, 3},
        {"A B* C", "ABXBC", 1, 3},
        {"A B* C", "AC", 1, 3},
        {"A B?* C", "ABBBC", 0, 2},
        {"A B?* C", "AC", 0, 2},
        {"A (B C | D) E", "ABCE", 0, 3},
        {"A (B C | D) E", "ADE", 0, 3},
        {"A (B C | D) E", "AE", 1, 3},
        {"A (B C | D) E", "ABCDE", 1, 3},
        {"A (B C | D?) E", "AE", 0, 2},
        {"(A B C | A | A D)", "AD", 0, 1},
        {"(A | B) (C | D)", "BC", 0, 2},
        {"A A", "AA", 0, 2},
        {"A A", "A", 1, 2},
        {"A+Z B", "ZB", 0, 2},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct held held = hold_trace(cases[i].words, cases[i].trace);
        if (held.align.variants[0].cost != cases[i].cost ||
            held.align.shortest != cases[i].shortest)
            fail_msg("%s with %s: cost %g, not %g; shortest %zu", cases[i].words,
                     cases[i].trace, held.align.variants[0].cost, cases[i].cost,
                     held.align.shortest);
        double most = (double)(strlen(cases[i].trace) + cases[i].shortest);
        assert_near(held.align.fitness_mean, 1 - cases[i].cost / most, 1e-12);
        let_go(&held);
    }
}

static void tells_each_step_seen_skipped_repeated_and_out_of_order(void **state)
{
    (void)state;
    char lines[4096] = "";
    trace_lines(lines, sizeof lines, 1, "ABCD");
    trace_lines(lines, sizeof lines, 2, "ACD");    /* B skipped, passed over */
    trace_lines(lines, sizeof lines, 3, "AB");     /* C and D skipped */
    trace_lines(lines, sizeof lines, 4, "ABBCD");  /* B repeated where it stands */
    trace_lines(lines, sizeof lines, 5, "ABCBD");  /* B again, out of order */
    trace_lines(lines, sizeof lines, 6, "ACCBXD"); /* C D on the way; B too late */
    struct held held = hold("A B C* D", lines);
    const struct {
        uint64_t seen, skipped, passed_over, repeated, out_of_order, events;
    } expected[] = {
        {6, 0, 0, 0, 0, 6}, {4, 1, 1, 2, 2, 7}, {5, 1, 0, 1, 0, 6}, {5, 1, 0, 0, 0, 5}};
    for (size_t s = 0; s < COUNT_OF(expected); s++) {
        const struct vg_align_step *step = &held.align.steps[s];
        if (step->seen != expected[s].seen || step->skipped != expected[s].skipped ||
            step->passed_over != expected[s].passed_over ||
            step->repeated != expected[s].repeated ||
            step->out_of_order != expected[s].out_of_order ||
            step->events != expected[s].events)
            fail_msg("%s: seen %d skipped %d over %d repeated %d off %d events %d",
                     step->title, (int)step->seen, (int)step->skipped,
                     (int)step->passed_over, (int)step->repeated, (int)step->out_of_order,
                     (int)step->events);
    }
    assert_int_equal(held.align.unknown_count, 1);
    assert_string_equal(held.align.unknown[0], "X");
    assert_int_equal(held.align.unknown_events[0], 1);
    assert_int_equal(held.align.fitting_count, 1);
    let_go(&held);
}

static void matches_a_channel_only_where_the_map_names_one(void **state)
{
    (void)state;
    struct held held =
        hold("Call@phone Call@mail Order",
             "a;Call;2025-01-01;phone\na;Call;2025-01-02;mail\n"
             "a;Order;2025-01-03;web\n"
             "b;Call;2025-01-01;mail\nb;Call;2025-01-02;phone\n"
             "b;Order;2025-01-03;shop\n"
             "c;Call;2025-01-01;fax\nc;Call;2025-01-02\nc;Order;2025-01-03\n");
    assert_int_equal(held.align.variant_count, 3);
    double costs = 0;
    for (size_t i = 0; i < 3; i++)
        costs += held.align.variants[i].cost;
    assert_near(costs, 0 + 2 + 4, 0);
    assert_int_equal(held.align.unknown_count, 0);
    assert_int_equal(held.align.shortcut_count, 1);
    assert_string_equal(held.align.shortcuts[0].activity, "Call");
    assert_string_equal(held.align.shortcuts[0].channel, "fax");
    assert_int_equal(held.align.steps[1].events, 2);
    assert_int_equal(held.align.steps[1].activity_count, 1);
    let_go(&held);
}

static void matches_names_whatever_their_case_and_accents(void **state)
{
    (void)state;
    struct held held = hold("citta@telefono ordine",
                            "a;Città;2025-01-01;Telefono\na;ORDINE;2025-01-02;web\n"
                            "b;CITTA;2025-01-01;TELEFONO\nb;Ordine;2025-01-02\n");
    assert_near(held.align.fitness_mean, 1, 0);
    assert_int_equal(held.align.steps[0].activity_count, 2);
    let_go(&held);
}

static void explains_equal_costs_with_the_earlier_event_and_step(void **state)
{
    (void)state;
    struct held held = hold_trace("A B A", "AXA");
    assert_int_equal(held.align.steps[0].seen, 1);
    assert_int_equal(held.align.steps[2].seen, 1);
    let_go(&held);
    held = hold_trace("A B A", "A"); /* either A would do */
    assert_int_equal(held.align.steps[0].seen, 1);
    assert_int_equal(held.align.steps[2].seen, 0);
    let_go(&held);
    held = hold("A B", "a;A;2025-01-01\na;A;2025-01-03\na;X;2025-01-04\n");
    assert_near(held.align.shortcuts[0].median_s, 3 * 86400, 0); /* from the first */
    let_go(&held);
}

/* ---- the oracle: every walk of the map, and the edit distance to the trace ------------
 */

struct oracle {
    const struct vg_map *map;
    const char *trace;
    size_t length, walk_count;
    const struct map_step *walk[64];
    size_t least;
};

static size_t distance(const struct oracle *o)
{
    size_t common[16][64] = {{0}};
    for (size_t i = 1; i <= o->length; i++)
        for (size_t j = 1; j <= o->walk_count; j++) {
            bool same = o->walk[j - 1]->matches[0].activity[0] == o->trace[i - 1];
            size_t best = common[i - 1][j - 1] + same;
            best = common[i - 1][j] > best ? common[i - 1][j] : best;
            common[i][j] = common[i][j - 1] > best ? common[i][j - 1] : best;
        }
    return o->length + o->walk_count - 2 * common[o->length][o->walk_count];
}

static void walk_on(struct oracle *o, size_t step, const char *branch);

/* Walk `step` once or, if it may be, as often as there are events; or not at all. */
static void walk_step(struct oracle *o, size_t step, const char *branch)
{
    const struct map_step *at = &o->map->steps[step];
    size_t before = o->walk_count, most = at->repeatable ? o->length + 1 : 1;
    if (at->optional)
        walk_on(o, step + 1, branch);
    for (size_t i = 0; i < most; i++) {
        o->walk[o->walk_count++] = at;
        walk_on(o, step + 1, branch);
    }
    o->walk_count = before;
}

/* branch: the one that was taken of the choice at hand; NULL outside, or not yet. */
static void walk_on(struct oracle *o, size_t step, const char *branch)
{
    if (step == o->map->step_count) {
        size_t cost = distance(o);
        o->least = cost < o->least ? cost : o->least;
        return;
    }
    const struct map_step *at = &o->map->steps[step];
    bool fresh = step == 0 || strcmp(at->choice, at[-1].choice) != 0;
    if (!at->choice[0]) {
        walk_step(o, step, NULL);
    } else if (!fresh) {
        if (strcmp(at->branch, branch) == 0)
            walk_step(o, step, branch);
        else
            walk_on(o, step + 1, branch);
    } else {
        for (size_t s = step;
             s < o->map->step_count && strcmp(o->map->steps[s].choice, at->choice) == 0;
             s++) {
            if (s > step &&
                strcmp(o->map->steps[s].branch, o->map->steps[s - 1].branch) == 0)
                continue;
            if (strcmp(o->map->steps[s].branch, at->branch) == 0)
                walk_step(o, step, at->branch);
            else
                walk_on(o, step + 1, o->map->steps[s].branch);
        }
    }
}

static uint32_t random_state = 20250101;
static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % n;
}

/* A map of up to five steps over A … D, with and without a choice. */
static void random_words(char *words, size_t size)
{
    size_t steps = 1 + random_below(5), used = 0, open = random_below(4);
    size_t from = random_below(3), end = from + 1 + random_below(4);
    words[0] = 0;
    for (size_t s = 0; s < steps; s++) {
        bool in = open == 0 && s >= from && s < end;
        used += (size_t)snprintf(
            words + used, size - used, "%s%s%c%s%s ", in && s == from ? "(" : "",
            in && s > from && random_below(2) ? "| " : "", 'A' + (char)random_below(4),
            random_below(4) ? "" : "?", random_below(4) ? "" : "*");
        if (in && (s + 1 == end || s + 1 == steps))
            used += (size_t)snprintf(words + used, size - used, ") ");
    }
}

static void costs_what_the_best_of_all_walks_of_the_map_costs(void **state)
{
    (void)state;
    for (int round = 0; round < 1500; round++) {
        char words[128], lines[4096] = "", traces[6][8];
        random_words(words, sizeof words);
        for (int t = 0; t < 6; t++) {
            size_t length = 1 + random_below(6);
            for (size_t i = 0; i < length; i++)
                traces[t][i] = "ABCDX"[random_below(5)];
            traces[t][length] = 0;
            trace_lines(lines, sizeof lines, t, traces[t]);
        }
        struct held held = hold(words, lines);
        double costs = 0, expected = 0;
        for (size_t v = 0; v < held.align.variant_count; v++)
            costs += held.align.variants[v].cost * (double)held.align.variants[v].count;
        for (int t = 0; t < 6; t++) {
            struct oracle oracle = {.map = held.map,
                                    .trace = traces[t],
                                    .length = strlen(traces[t]),
                                    .least = SIZE_MAX};
            walk_on(&oracle, 0, NULL);
            expected += (double)oracle.least;
        }
        if (costs != expected)
            fail_msg("%s: costs %g, not %g for\n%s", words, costs, expected, lines);
        let_go(&held);
    }
}

/* Unit costs of a trace against a plain row of steps, the textbook way. */
static size_t plain_cost(const struct vg_log *log, const struct vg_map *map)
{
    size_t nodes = map->step_count + 1;
    size_t *prev = calloc(nodes, sizeof *prev), *cur = calloc(nodes, sizeof *cur);
    for (size_t v = 0; v < nodes; v++)
        prev[v] = v;
    for (size_t i = 0; i < log->events; i++) {
        cur[0] = i + 1;
        for (size_t v = 1; v < nodes; v++) {
            const char *name = dict_text(&log->activities, log->activity[i]);
            bool same = strcmp(map->steps[v - 1].matches[0].activity, name) == 0;
            size_t best = prev[v] + 1 < cur[v - 1] + 1 ? prev[v] + 1 : cur[v - 1] + 1;
            cur[v] = same && prev[v - 1] < best ? prev[v - 1] : best;
        }
        memcpy(prev, cur, nodes * sizeof *cur);
    }
    size_t cost = prev[nodes - 1];
    free(prev);
    free(cur);
    return cost;
}

static struct vg_log *random_long_log(size_t events, uint32_t activities)
{
    struct builder *builder = NULL;
    struct vg_log *log = NULL;
    struct vg_err err = {0};
    assert_ok(builder_open(NULL, 0, &builder, &err));
    for (size_t i = 0; i < events; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%u", random_below(activities));
        struct log_event event = {.customer = STR("one"),
                                  .activity = str_from(name),
                                  .at_us = (int64_t)i * US_PER_S,
                                  .score = NAN};
        assert_ok(builder_add(builder, &event, NULL, &err));
    }
    assert_ok(builder_finish(builder, &log, &err));
    return log;
}

static void long_traces_are_aligned_in_blocks_and_come_out_the_same(void **state)
{
    (void)state;
    char words[4096] = "";
    for (size_t s = 0; s < 300; s++)
        snprintf(words + strlen(words), sizeof words - strlen(words), "a%u ",
                 random_below(20));
    struct held held = {.log = random_long_log(20011, 20), .map = map_from_words(words)};
    struct vg_err err = {0};
    held.arena = arena_open(0);
    assert_ok(align_mine(held.arena, held.log, held.map, &held.align, &err));
    assert_int_equal(held.align.variants[0].cost, plain_cost(held.log, held.map));
    uint64_t seen = 0, skipped = 0;
    for (size_t s = 0; s < held.align.step_count; s++) {
        seen += held.align.steps[s].seen;
        skipped += held.align.steps[s].skipped;
    }
    /* 300 steps in order are found among 20,000 random events. */
    assert_int_equal(seen, 300);
    assert_int_equal(skipped, 0);
    let_go(&held);
}

static void refuses_a_trace_too_long_for_the_map_by_name(void **state)
{
    (void)state;
    struct vg_log *log = log_from_lines("Rossi;A;2025-01-01");
    struct vg_map *map = map_from_words("A B C");
    struct arena *arena = arena_open(0);
    struct vg_align align;
    struct vg_err err = {0};
    log->first[1] = UINT64_C(1000000000); /* it says so: refused before a row is read */
    assert_int_equal(align_mine(arena, log, map, &align, &err), VG_ERR_LIMIT);
    assert_non_null(strstr(err.what, "\"Rossi\""));
    assert_true(err.hint[0] != 0);
    log->first[1] = 1;
    arena_close(arena);
    map_close(map);
    log_close(log);
}

static void an_empty_log_or_an_empty_map_is_no_error(void **state)
{
    (void)state;
    struct held held = hold("A B", "");
    assert_int_equal(held.align.trace_count, 0);
    assert_int_equal(held.align.step_count, 2);
    let_go(&held);
    held = hold("", "a;A;2025-01-01\n");
    assert_near(held.align.fitness_mean, 0, 0);
    assert_int_equal(held.align.shortcut_count, 1);
    let_go(&held);
}

static void names_the_shortcut_with_whom_on_which_channel_and_after_how_long(void **state)
{
    (void)state;
    struct held held =
        hold("Machine Hotline Review?",
             "a;Machine;2025-01-01\na;Boss;2025-01-02;phone;carlo\na;Boss;2025-01-09;"
             "mail;ugo\n"
             "b;Machine;2025-01-01\nb;Boss;2025-01-04;phone;carlo\nb;Review;2025-01-05\n"
             "c;Machine;2025-01-01\nc;Hotline;2025-01-03\n"
             "d;Machine;2025-01-01\nd;Hotline;2025-01-03\nd;Review;2025-01-04\n");
    assert_int_equal(held.align.shortcut_count, 1);
    const struct vg_shortcut *shortcut = &held.align.shortcuts[0];
    assert_string_equal(shortcut->activity, "Boss");
    assert_string_equal(shortcut->from, "s1");
    assert_string_equal(shortcut->from_title, "Machine");
    assert_int_equal(shortcut->traces, 2);
    assert_int_equal(shortcut->passing, 4);
    assert_near(shortcut->share, 0.5, 0);
    assert_string_equal(shortcut->actor, "carlo");
    assert_int_equal(shortcut->actor_count, 2);
    assert_string_equal(shortcut->channel, "phone");
    assert_near(shortcut->median_s, 2 * 86400, 0);
    assert_true(shortcut->share_low < 0.5 && shortcut->share_high > 0.5);
    let_go(&held);
}

static void says_what_known_activity_a_shortcut_takes_the_place_of(void **state)
{
    (void)state;
    char lines[65536] = "";
    int customer = 0;
    for (int i = 0; i < 31; i++)
        trace_lines(lines, sizeof lines, customer++, i % 4 ? "MGBT" : "MGBTR");
    for (int i = 0; i < 69; i++)
        trace_lines(lines, sizeof lines, customer++, i % 4 ? "MGHT" : "MGHTR");
    for (int i = 0; i < 60; i++)
        trace_lines(lines, sizeof lines, customer++, "MQ"); /* no breakdown at all */
    /* G reported, H hotline, B boss, T technician; Q and T are unknown, too, but stand
     * instead of nothing. */
    struct held held = hold("M G+H*? R?", lines);
    const struct vg_shortcut *shortcut = &held.align.shortcuts[0];
    assert_string_equal(shortcut->activity, "B");
    assert_string_equal(shortcut->instead_of, "H");
    assert_string_equal(shortcut->instead_step, "s2");
    assert_string_equal(shortcut->after, "G");
    assert_int_equal(shortcut->instead_events, 69);
    assert_near(shortcut->instead_share, 0.31, 1e-12);
    assert_near(shortcut->share, 0.31, 1e-12);
    assert_string_equal(shortcut->then, "T");
    assert_near(shortcut->then_s, 60, 0);
    for (size_t i = 1; i < held.align.shortcut_count; i++)
        assert_string_equal(held.align.shortcuts[i].instead_of, "");
    let_go(&held);
}

static void what_comes_before_the_known_activity_is_not_instead_of_it(void **state)
{
    (void)state;
    char lines[65536] = "";
    for (int i = 0; i < 100; i++)
        trace_lines(lines, sizeof lines, i, i % 3 ? "GHT" : "GBHT");
    struct held held = hold("G H T", lines);
    assert_string_equal(held.align.shortcuts[0].activity, "B");
    assert_string_equal(held.align.shortcuts[0].instead_of, "");
    let_go(&held);
}

static void tells_where_traces_jump_past_steps_that_must_be_met(void **state)
{
    (void)state;
    char lines[4096] = "";
    trace_lines(lines, sizeof lines, 1, "AD");
    trace_lines(lines, sizeof lines, 2, "AD");
    trace_lines(lines, sizeof lines, 3, "ABCD");
    trace_lines(lines, sizeof lines, 4, "AXD"); /* something was done instead */
    trace_lines(lines, sizeof lines, 5, "D");
    trace_lines(lines, sizeof lines, 6, "A"); /* went nowhere: no jump */
    struct held held = hold("A B (C | E) D", lines);
    assert_int_equal(held.align.jump_count, 2);
    const struct vg_jump *jump = &held.align.jumps[0];
    assert_string_equal(jump->from_title, "A");
    assert_string_equal(jump->to_title, "D");
    assert_string_equal(jump->over_title, "B");
    assert_int_equal(jump->over_count, 2);
    assert_int_equal(jump->traces, 2);
    assert_int_equal(jump->passing, 5);
    assert_string_equal(held.align.jumps[1].from, "");
    let_go(&held);
}

/* Everything an alignment says, as one text; log and map are gone by then. */
static void told(const char *lines, char *out, size_t size)
{
    struct held held = hold("A B? (C | D) E*", lines);
    log_close(held.log);
    map_close(held.map);
    size_t used = (size_t)snprintf(out, size, "%.17g\n", held.align.fitness_mean);
    for (size_t v = 0; v < held.align.variant_count; v++) {
        used += (size_t)snprintf(out + used, size - used, "%d %g",
                                 (int)held.align.variants[v].count,
                                 held.align.variants[v].cost);
        for (size_t i = 0; i < held.align.variants[v].activity_count; i++)
            used += (size_t)snprintf(out + used, size - used, " %s",
                                     held.align.variants[v].activities[i]);
    }
    for (size_t i = 0; i < held.align.shortcut_count; i++)
        used += (size_t)snprintf(
            out + used, size - used, "\n%s>%s>%s %d %s %s %g",
            held.align.shortcuts[i].from, held.align.shortcuts[i].activity,
            held.align.shortcuts[i].to, (int)held.align.shortcuts[i].traces,
            held.align.shortcuts[i].actor, held.align.shortcuts[i].instead_of,
            held.align.shortcuts[i].median_s);
    for (size_t i = 0; i < held.align.jump_count; i++)
        used += (size_t)snprintf(out + used, size - used, "\n%s>%s %d",
                                 held.align.jumps[i].from, held.align.jumps[i].to,
                                 (int)held.align.jumps[i].traces);
    arena_close(held.arena);
}

static void the_order_of_the_files_does_not_matter(void **state)
{
    (void)state;
    enum { EVENTS = 400 };
    static char lines[EVENTS][64], text[EVENTS * 64], first[65536], other[65536];
    for (size_t i = 0; i < EVENTS; i++)
        snprintf(lines[i], sizeof lines[i], "c%u;%c;2025-01-%02zu %02zu:%02zu;;%c\n",
                 random_below(80), "ABCDEXY"[random_below(7)], 1 + i / 60, i % 60 / 4,
                 i % 4 * 10, "uvw"[random_below(3)]);
    for (int round = 0; round < 10; round++) {
        size_t used = 0;
        for (size_t i = 0; i < EVENTS; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s", lines[i]);
        told(text, round ? other : first, sizeof first);
        if (round)
            assert_string_equal(other, first);
        for (size_t i = EVENTS - 1; i > 0; i--) {
            char swap[64];
            size_t k = random_below((uint32_t)i + 1);
            memcpy(swap, lines[i], sizeof swap);
            memcpy(lines[i], lines[k], sizeof swap);
            memcpy(lines[k], swap, sizeof swap);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_one_for_each_step_skipped_and_each_event_unknown),
        cmocka_unit_test(tells_each_step_seen_skipped_repeated_and_out_of_order),
        cmocka_unit_test(matches_a_channel_only_where_the_map_names_one),
        cmocka_unit_test(matches_names_whatever_their_case_and_accents),
        cmocka_unit_test(explains_equal_costs_with_the_earlier_event_and_step),
        cmocka_unit_test(costs_what_the_best_of_all_walks_of_the_map_costs),
        cmocka_unit_test(long_traces_are_aligned_in_blocks_and_come_out_the_same),
        cmocka_unit_test(refuses_a_trace_too_long_for_the_map_by_name),
        cmocka_unit_test(an_empty_log_or_an_empty_map_is_no_error),
        cmocka_unit_test(
            names_the_shortcut_with_whom_on_which_channel_and_after_how_long),
        cmocka_unit_test(says_what_known_activity_a_shortcut_takes_the_place_of),
        cmocka_unit_test(what_comes_before_the_known_activity_is_not_instead_of_it),
        cmocka_unit_test(the_order_of_the_files_does_not_matter),
        cmocka_unit_test(tells_where_traces_jump_past_steps_that_must_be_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
