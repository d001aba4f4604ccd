#include "check.h"

#include "base/date.h"
#include "base/lang.h"
#include "map/check.h"
#include "map/words.h"
#include "text/whole.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW (date_days(2025, 12, 1) * US_PER_DAY)

static struct vg_map *map_of(const char *text)
{
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    assert_ok(map_read(str_from(text), "m.json", &map, &err));
    return map;
}

static size_t count_rule(const struct vg_map *map, const struct map_facts *facts,
                         int64_t now_us, const char *rule)
{
    struct vg_err err = {0};
    struct map_findings found;
    struct arena *arena = arena_open(0);
    size_t count = 0;
    assert_ok(map_check(arena, map, facts, now_us, &found, &err));
    for (size_t i = 0; i < found.count; i++) {
        count += strcmp(found.items[i].rule, rule) == 0;
        assert_true(strlen(found.items[i].sentence) > 10);
        assert_true(strlen(found.items[i].remedy) > 10);
        if (i > 0)
            assert_true(found.items[i].severity <= found.items[i - 1].severity);
    }
    arena_close(arena);
    return count;
}

/* ---- wording -------------------------------------------------------------------------
 */

static void judge_titles(const char *file, const char *lang, bool bad)
{
    struct vg_err err = {0};
    struct buf text = {0};
    char path[1024], json[1024];
    const char *source = getenv("VIAGGIO_SOURCE");
    size_t lines = 0, wrong = 0;
    snprintf(path, sizeof(path), "%s/tests/map/titles/%s", source ? source : ".", file);
    assert_ok(whole_read(path, 100000, &text, &err));
    str rest = buf_str(&text);
    while (rest.ptr) {
        str line = str_trim(str_cut(&rest, '\n'));
        if (line.len == 0)
            continue;
        snprintf(json, sizeof(json),
                 "{\"title\":\"t\",\"lang\":\"%s\",\"phases\":[{\"steps\":[{\"title\":"
                 "\"%.*s\"}]}]}",
                 lang, STR_ARG(line));
        struct vg_map *map = map_of(json);
        lines++;
        if ((count_rule(map, NULL, NOW, "inside-out") > 0) != bad) {
            print_message("# %s: %.*s\n", bad ? "missed" : "false alarm", STR_ARG(line));
            wrong++;
        }
        map_close(map);
    }
    buf_free(&text);
    assert_true(lines >= (bad ? 40u : 60u));
    assert_int_equal(wrong, 0);
}

static void steps_in_the_customers_words_are_not_called_inside_out(void **state)
{
    (void)state;
    judge_titles("good.it.txt", "it", false);
    judge_titles("good.en.txt", "en", false);
}

static void steps_told_as_a_procedure_are_called_inside_out(void **state)
{
    (void)state;
    judge_titles("bad.it.txt", "it", true);
    judge_titles("bad.en.txt", "en", true);
}

static void without_a_language_both_lists_judge(void **state)
{
    (void)state;
    judge_titles("bad.it.txt", "", true);
    judge_titles("good.it.txt", "", false);
    judge_titles("good.en.txt", "", false);
}

static void a_list_of_ones_own_is_added_to_the_built_in_one(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct map_findings found;
    struct arena *arena = arena_open(0);
    struct vg_map *map =
        map_of("{\"title\":\"t\",\"lang\":\"it\",\"phases\":[{\"steps\":["
               "{\"title\":\"Bollinatura della scheda\"}]}]}");
    assert_int_equal(count_rule(map, NULL, NOW, "inside-out"), 0);
    assert_ok(map_check_with(arena, map, NULL, NOW, STR("# nostre\nbollinatur*\n"),
                             "nostre.txt", &found, &err));
    bool seen = false;
    for (size_t i = 0; i < found.count; i++)
        seen = seen || strcmp(found.items[i].rule, "inside-out") == 0;
    assert_true(seen);
    assert_int_equal(map_check_with(arena, map, NULL, NOW, STR("buono\n\xff\xfe\n"),
                                    "nostre.txt", &found, &err),
                     VG_ERR_INPUT);
    assert_string_equal(err.where, "nostre.txt:2");
    map_close(map);
    arena_close(arena);
}

static void a_pattern_means_what_the_header_says(void **state)
{
    (void)state;
    static const struct {
        const char *list, *text;
        bool found;
    } cases[] = {
        {"presa in carico", "La PRESA  in carico!", true},
        {"presa in carico", "presa in mano, carico", false},
        {"protocoll*", "Protocollare", true},
        {"protocoll*", "il protocollo", true},
        {"protocoll*", "sprotocollo", false},
        {"*isco", "capisco", true},
        {"^invio", "L'invio", false},
        {"^invio", "Invio, subito", true},
        {"merce$", "arriva la merce.", true},
        {"merce$", "merce in arrivo", false},
        {"^email$", "Email", true},
        {"^email$", "Email di conferma", false},
        {"viene * assegnato", "viene poi assegnato", true},
        {"gestione\n+ mio", "gestione del mio reso", false},
        {"! gestione\n+ mio", "gestione del mio reso", true},
        {"perche", "Perché no", true},
        {"l ordine", "L’ordine", true},
        {"# niente", "niente", false},
        {"+", "qualcosa", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_err err = {0};
        struct arena *arena = arena_open(0);
        struct words words = {0};
        const struct words_pattern *found;
        assert_ok(words_read(arena, str_from(cases[i].list), "w", &words, &err));
        assert_ok(
            words_judge(arena, &words, str_from(cases[i].text), &found, NULL, &err));
        if ((found != NULL) != cases[i].found)
            fail_msg("“%s” against “%s”", cases[i].text, cases[i].list);
        arena_close(arena);
    }
}

/* ---- each rule, firing and not -------------------------------------------------------
 */

#define STEP(fields)                                                                     \
    "{\"title\":\"t\",\"phases\":[{\"steps\":[{\"title\":\"Cerco\"" fields "}]}]}"
#define MAP(fields)                                                                      \
    "{\"title\":\"t\"," fields ",\"phases\":[{\"steps\":[{\"title\":\"Cerco\"}]}]}"
#define FEELS(a, b, c)                                                                   \
    "{\"title\":\"t\",\"phases\":[{\"steps\":[{\"title\":\"a\",\"feeling\":{"            \
    "\"valence\":" a "}},{\"title\":\"b\",\"feeling\":{\"valence\":" b                   \
    "}},{\"title\":\"c\",\"feeling\":{\"valence\":" c "}}]}]}"
#define METRIC(fields)                                                                   \
    MAP("\"objective\":{\"text\":\"x\",\"metrics\":[{\"name\":\"n\"," fields "}]}")
#define PEOPLE(a, b)                                                                     \
    MAP("\"sessions\":[{\"title\":\"S\",\"people\":[{\"name\":\"x\"," a                  \
        "},{\"name\":\"y\"," b "}]}]")
#define CHANNELS(a, b, c)                                                                \
    STEP(",\"touchpoints\":[{\"title\":\"p\",\"channel\":\"" a                           \
         "\"},{\"title\":\"q\",\"channel\":\"" b "\"},{\"title\":\"r\",\"channel\":\"" c \
         "\"}]")
#define PAIN_AND(actions)                                                                \
    "{\"title\":\"t\",\"phases\":[{\"steps\":[{\"title\":\"a\",\"pains\":[{\"id\":"      \
    "\"p\","                                                                             \
    "\"text\":\"duole\"}]}]}],\"actions\":[" actions "]}"

static void every_rule_fires_on_its_mistake_and_only_on_it(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *bad, *good;
    } cases[] = {
        {"no-persona", STEP(""), MAP("\"personas\":[{\"name\":\"Anna\"}]")},
        {"crowded-persona", MAP("\"personas\":[{\"name\":\"Marco e Giulia\"}]"),
         MAP("\"personas\":[{\"name\":\"Maria E. Rossi\"}]")},
        {"crowded-persona", MAP("\"personas\":[{\"name\":\"Tutti i clienti\"}]"),
         MAP("\"personas\":[{\"name\":\"Anna\"},{\"name\":\"Bo\"},{\"name\":\"Cai\"},"
             "{\"name\":\"Dea\"}]")},
        {"crowded-persona",
         MAP("\"personas\":[{\"name\":\"Anna\"},{\"name\":\"Bo\"},{\"name\":\"Cai\"},"
             "{\"name\":\"Dea\"},{\"name\":\"Eva\"}]"),
         MAP("\"personas\":[{\"name\":\"Sandro Andreatta\"}]")},
        {"no-objective", STEP(""), MAP("\"objective\":{\"text\":\"Perché?\"}")},
        {"objective-not-measurable", MAP("\"objective\":{\"text\":\"Perché?\"}"),
         METRIC("\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\"")},
        {"objective-not-measurable", METRIC("\"baseline\":1,\"due\":\"2026-01-31\""),
         METRIC(
             "\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\",\"reached_by_pct\":10")},
        {"objective-not-measurable", METRIC("\"baseline\":1,\"target\":2"),
         METRIC("\"baseline\":9,\"target\":2,\"due\":\"2026-01-31\",\"direction\":"
                "\"down\"")},
        {"objective-not-measurable",
         METRIC(
             "\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\",\"reached_by_pct\":0"),
         METRIC("\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\"")},
        {"objective-not-measurable",
         METRIC(
             "\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\",\"reached_by_pct\":9"),
         METRIC(
             "\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\",\"reached_by_pct\":45")},
        {"objective-not-measurable",
         METRIC("\"baseline\":9,\"target\":2,\"due\":\"2026-01-31\""),
         METRIC("\"baseline\":0,\"target\":2,\"due\":\"2026-01-31\"")},
        {"no-start", STEP(""), MAP("\"start\":\"La linea si ferma\"")},
        {"no-arrival", MAP("\"arrival\":\" \""), MAP("\"arrival\":\"La linea va\"")},
        {"inside-out", STEP(",\"id\":\"x\"},{\"title\":\"Gestione reclami\""), STEP("")},
        {"no-doing", STEP(""), STEP(",\"doing\":\"Guarda\"")},
        {"no-thinking", STEP(""), STEP(",\"thinking\":\"Mah\"")},
        {"no-feeling", STEP(""), STEP(",\"feeling\":{\"emotion\":\"noia\"}")},
        {"no-feeling", FEELS("1", "null", "0"), FEELS("1", "2", "0")},
        {"all-rosy", FEELS("1", "2", "0"), FEELS("1", "2", "-0.5")},
        {"all-rosy", FEELS("0", "0", "0"), FEELS("1", "2", "null")},
        {"vague-touchpoint",
         STEP(",\"touchpoints\":[{\"title\":\"Contatto telefonico\"}]"),
         STEP(",\"touchpoints\":[{\"title\":\"Centralino, interno 2\"}]")},
        {"vague-touchpoint", STEP(",\"touchpoints\":[{\"title\":\"telephone contact\"}]"),
         STEP(",\"touchpoints\":[{\"title\":\"Chiamata in uscita\"}]")},
        {"touchpoint-is-channel", STEP(",\"touchpoints\":[{\"title\":\"E-mail\"}]"),
         STEP(
             ",\"touchpoints\":[{\"title\":\"Offerta in PDF\",\"channel\":\"E-mail\"}]")},
        {"touchpoint-is-channel",
         STEP(",\"touchpoints\":[{\"title\":\"Sportello\",\"channel\":\"sportello\"}]"),
         STEP(",\"touchpoints\":[{\"title\":\"Email di conferma\"}]")},
        {"digital-only", CHANNELS("Web", "Email", "WhatsApp"),
         CHANNELS("Web", "Email", "Telefono")},
        {"digital-only", CHANNELS("Sito web", "App", "Social"),
         CHANNELS("Web", "", "App")},
        {"one-department", PEOPLE("\"department\":\"A\"", "\"department\":\"A\""),
         PEOPLE("\"department\":\"A\"", "\"department\":\"B\"")},
        {"one-department", STEP(""),
         PEOPLE("\"department\":\"\",\"level\":\"operational\"",
                "\"department\":\"A\"},{\"department\":\"B\"")},
        {"no-customer", STEP(""), MAP("\"sessions\":[{\"customers\":[\"Anna\"]}]")},
        {"mixed-levels", PEOPLE("\"level\":\"operational\"", "\"level\":\"responsible\""),
         PEOPLE("\"level\":\"operational\"", "\"level\":\"operational\"")},
        {"no-sponsor", STEP(""), MAP("\"sponsor\":\"Anna Neri\"")},
        {"no-action", PAIN_AND(""), PAIN_AND("{\"title\":\"x\",\"owner\":\"y\"}")},
        {"no-action", PAIN_AND("{\"title\":\"x\",\"state\":\"dropped\"}"), STEP("")},
        {"late-action", PAIN_AND("{\"title\":\"x\",\"due\":\"2025-11-30\"}"),
         PAIN_AND("{\"title\":\"x\",\"due\":\"2025-12-01\"}")},
        {"late-action",
         PAIN_AND("{\"title\":\"x\",\"due\":\"2025-01-01\",\"state\":\"doing\"}"),
         PAIN_AND("{\"title\":\"x\",\"due\":\"2025-01-01\",\"state\":\"verified\"}")},
        {"orphan-pain", PAIN_AND("{\"title\":\"x\",\"owner\":\"y\"}"),
         PAIN_AND("{\"title\":\"x\",\"owner\":\"y\",\"pains\":[\"p\"]}")},
        {"orphan-pain", PAIN_AND("{\"title\":\"x\",\"pains\":[\"p\"]}"),
         PAIN_AND("{\"title\":\"x\",\"department\":\"y\",\"pains\":[\"p\"]}")},
        {"phase-without-milestone",
         "{\"title\":\"t\",\"kind\":\"success-path\",\"phases\":[{\"title\":\"F\","
         "\"steps\":[]}]}",
         "{\"title\":\"t\",\"kind\":\"success-path\",\"phases\":[{\"milestone\":\"F\","
         "\"steps\":[]}]}"},
        {"phase-without-milestone",
         "{\"title\":\"t\",\"kind\":\"success-path\",\"phases\":[{\"milestone\":\" "
         "\",\"steps\":[]}]}",
         STEP("")},
        {"no-evidence", STEP(""), STEP(",\"match\":[\"Ricerca\"]")},
        {"stale-evidence", MAP("\"updated\":\"2024-11-01\""),
         MAP("\"updated\":\"2025-01-01\"")},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct vg_map *bad = map_of(cases[i].bad), *good = map_of(cases[i].good);
        if (count_rule(bad, NULL, NOW, cases[i].rule) == 0)
            fail_msg("%s is silent on %s", cases[i].rule, cases[i].bad);
        if (count_rule(good, NULL, NOW, cases[i].rule) != 0)
            fail_msg("%s fires on %s", cases[i].rule, cases[i].good);
        map_close(bad);
        map_close(good);
    }
}

static void evidence_tells_what_was_believed_and_never_seen(void **state)
{
    (void)state;
    struct vg_map *map = map_of(
        "{\"title\":\"t\",\"phases\":[{\"steps\":[{\"title\":\"a\",\"match\":[\"A\"]},"
        "{\"title\":\"b\",\"match\":[\"B\"]},{\"title\":\"c\"}]}]}");
    const uint64_t seen[] = {7, 0, 0};
    struct map_facts facts = {seen, NOW - 100 * US_PER_DAY};
    assert_int_equal(count_rule(map, &facts, NOW, "believed-not-seen"), 1);
    assert_int_equal(count_rule(map, &facts, NOW, "no-evidence"), 1);
    assert_int_equal(count_rule(map, &facts, NOW, "stale-evidence"), 0);
    assert_int_equal(count_rule(map, &facts, NOW + 100 * US_PER_DAY, "stale-evidence"),
                     1);
    assert_int_equal(count_rule(map, NULL, NOW, "believed-not-seen"), 0);
    map_close(map);
}

/* Former clients say more than what the map says of itself. */
static void a_target_that_former_clients_hardly_reached_is_told(void **state)
{
    (void)state;
    struct vg_map *map =
        map_of(METRIC("\"baseline\":1,\"target\":2,\"due\":\"2026-01-31\","
                      "\"reached_by_pct\":5"));
    const uint64_t seen[] = {1};
    const struct {
        struct map_reached reached;
        size_t expected;
    } cases[] = {{{20, 1}, 1}, {{20, 2}, 0}, {{9, 0}, 1}, {{10, 0}, 1}, {{10, 1}, 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) { /* nine are too few: the map's word */
        struct map_facts facts = {seen, NOW, &cases[i].reached};
        assert_int_equal(count_rule(map, &facts, NOW, "objective-not-measurable"),
                         cases[i].expected);
    }
    map_close(map);
}

static void a_proof_by_an_objective_that_is_not_there_is_told(void **state)
{
    (void)state;
    static const char *const metrics[] = {"gone", "m"};
    for (size_t i = 0; i < 2; i++) {
        char text[600];
        snprintf(
            text, sizeof text,
            "{\"title\":\"t\",\"kind\":\"success-path\",\"objective\":{\"text\":\"x\","
            "\"metrics\":[{\"id\":\"m\",\"name\":\"n\",\"baseline\":1,\"target\":2,"
            "\"due\":\"2026-01-31\"}]},\"phases\":[{\"title\":\"p\",\"milestone\":"
            "\"done\",\"proofs\":[{\"kind\":\"objective\",\"text\":\"so\","
            "\"metric\":\"%s\"}],\"steps\":[{\"title\":\"Cerco\"}]}]}",
            metrics[i]);
        struct vg_map *map = map_of(text);
        assert_int_equal(count_rule(map, NULL, NOW, "objective-not-measurable"), i == 0);
        map_close(map);
    }
}

static void every_rule_that_is_listed_is_tested_and_has_its_words(void **state)
{
    (void)state;
    size_t count;
    const struct map_rule *rules = map_rules(&count);
    assert_int_equal(count, 25);
    for (size_t i = 0; i < count; i++) {
        lang_set(LANG_IT);
        const char *italian = lang_text(rules[i].catches);
        lang_set(LANG_EN);
        assert_string_not_equal(italian, rules[i].catches);
    }
}

static void the_examples_have_no_error_and_few_warnings(void **state)
{
    (void)state;
    static const char *const files[] = {"macchinari", "casa-in-ordine"};
    for (size_t f = 0; f < COUNT_OF(files); f++) {
        struct vg_err err = {0};
        struct vg_map *map = NULL;
        struct map_findings found;
        struct arena *arena = arena_open(0);
        char path[1024];
        const char *source = getenv("VIAGGIO_SOURCE");
        snprintf(path, sizeof(path), "%s/examples/%s/mappa.json", source ? source : ".",
                 files[f]);
        assert_ok(map_read_file(path, &map, &err));
        lang_set(LANG_IT);
        assert_ok(map_check(arena, map, NULL, NOW, &found, &err));
        lang_set(LANG_EN);
        for (size_t i = 0; i < found.count; i++)
            fail_msg("%s: %s %s: %s", files[f], found.items[i].rule, found.items[i].title,
                     found.items[i].sentence);
        map_close(map);
        arena_close(arena);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_in_the_customers_words_are_not_called_inside_out),
        cmocka_unit_test(steps_told_as_a_procedure_are_called_inside_out),
        cmocka_unit_test(without_a_language_both_lists_judge),
        cmocka_unit_test(a_list_of_ones_own_is_added_to_the_built_in_one),
        cmocka_unit_test(a_pattern_means_what_the_header_says),
        cmocka_unit_test(every_rule_fires_on_its_mistake_and_only_on_it),
        cmocka_unit_test(evidence_tells_what_was_believed_and_never_seen),
        cmocka_unit_test(a_target_that_former_clients_hardly_reached_is_told),
        cmocka_unit_test(a_proof_by_an_objective_that_is_not_there_is_told),
        cmocka_unit_test(every_rule_that_is_listed_is_tested_and_has_its_words),
        cmocka_unit_test(the_examples_have_no_error_and_few_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
