/* What an address asks about evidence, and what the workers share of the answers. */
#include "check.h"

#include "app/cache.h"
#include "app/columns.h"
#include "app/workspace.h"
#include "base/date.h"
#include "store/maps.h"
#include "store/records.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/viaggio-question-XXXXXX";
static char path[256];
static struct store *store;
static struct arena *arena;

static struct question ask(const char *query)
{
    struct pair *pairs = NULL;
    struct question question;
    size_t count = 0;
    struct vg_err err = {0};
    assert_ok(question_split(arena, query, &pairs, &count, &err));
    assert_ok(question_read(store, arena, pairs, count, &question, &err));
    return question;
}

static enum vg_code refused(const char *query, struct vg_err *err)
{
    struct pair *pairs = NULL;
    struct question question;
    size_t count = 0;
    enum vg_code code = question_split(arena, query, &pairs, &count, err);
    return code == VG_OK ? question_read(store, arena, pairs, count, &question, err)
                         : code;
}

static void import_rows(const char *name, const char *rows)
{
    char file[300];
    struct read_report report;
    struct store_imported imported;
    struct vg_err err = {0};
    snprintf(file, sizeof file, "%s/%s", folder, name);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs("cliente;attività;data;canale;zona\n", out);
    fputs(rows, out);
    fclose(out);
    assert_ok(workspace_import(store, arena, file, &(struct read_options){0}, false,
                               &report, &imported, &err));
    unlink(file);
}

/* ---- questions ---- */

static void the_same_question_has_the_same_key_however_it_is_written(void **state)
{
    (void)state;
    const char *one = ask("since=2025&only-channel=Web&only-channel=Telefono").key;
    assert_string_equal(
        ask("only-channel=Telefono&since=2025&only-channel=W%65b&until=").key, one);
    assert_string_not_equal(ask("since=2024&only-channel=Web").key, one);
    assert_string_equal(ask("").key, "");
    assert_string_equal(ask("altro=1&limit=3").key, "");
}

static void every_name_reaches_its_part_of_the_filter(void **state)
{
    (void)state;
    struct question q =
        ask("since=2025-03&until=2025-03&only-activity=Visita&only-customer=a&"
            "only-customer=b&containing=Ordine&missing=Reso&longer-than=2d&"
            "shorter-than=1w&pause=30d&where=zona%3DNord&where=canale!=Web&journey=zona&"
            "customers-where=zona!=Sud");
    assert_int_equal(q.filter.from_us, date_days(2025, 3, 1) * US_PER_DAY);
    assert_int_equal(q.filter.until_us, date_days(2025, 4, 1) * US_PER_DAY);
    assert_int_equal(q.filter.activity_count, 1);
    assert_int_equal(q.filter.customer_count, 2);
    assert_string_equal(q.filter.containing[0], "Ordine");
    assert_string_equal(q.filter.missing[0], "Reso");
    assert_near(q.filter.longer_than_s, 2 * 86400.0, 0);
    assert_near(q.filter.shorter_than_s, 7 * 86400.0, 0);
    assert_near(q.pause_s, 30 * 86400.0, 0);
    assert_string_equal(q.journey, "zona");
    assert_int_equal(q.filter.where_count, 2);
    assert_true(q.attributes);
    assert_int_equal(q.filter.customers_where_count, 1);
    assert_true(q.filter.customers_where[0].not );
    assert_string_equal(q.filter.customers_where[0].value, "Sud");
    assert_true(ask("customers-where=zona=Nord").attributes);
    for (size_t i = 0; i < 2; i++)
        if (q.filter.where[i].not )
            assert_string_equal(q.filter.where[i].value, "Web");
        else
            assert_string_equal(q.filter.where[i].value, "Nord");
}

static void what_is_wrong_is_refused_and_named(void **state)
{
    (void)state;
    static const struct {
        const char *query, *where;
    } wrong[] = {{"since=ieri", "since"},
                 {"pause=molto", "pause"},
                 {"where=senza", "where"},
                 {"where==x", "where"},
                 {"customers-where=x", "customers-where"},
                 {"longer-than=3", "longer-than"},
                 {"since=2025&until=2024", "until"}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct vg_err err = {0};
        assert_int_equal(refused(wrong[i].query, &err), VG_ERR_USAGE);
        assert_string_equal(err.where, wrong[i].where);
    }
    static const char *const broken[] = {"a=%zz", "since=%e0%80", "%00=1", "since=2%"};
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct vg_err err = {0};
        assert_int_equal(refused(broken[i], &err), VG_ERR_USAGE);
    }
    struct vg_err err = {0};
    assert_int_equal(refused("persona=nessuno", &err), VG_ERR_NOT_FOUND);
    char *lengthy = malloc(20000);
    memset(lengthy, 'a', 19999);
    lengthy[19999] = 0;
    assert_int_equal(refused(lengthy, &err), VG_ERR_LIMIT);
    free(lengthy);
}

static void saved_filters_that_name_each_other_end(void **state)
{
    (void)state;
    struct vg_err err = {0};
    assert_ok(record_put(store, RECORD_FILTER, "f1", "{\"query\":\"saved=f2\"}", 0, NULL,
                         &err));
    assert_ok(record_put(store, RECORD_FILTER, "f2", "{\"query\":\"saved=f1\"}", 0, NULL,
                         &err));
    assert_int_equal(refused("saved=f1", &err), VG_ERR_USAGE);
}

static void columns_are_read_by_the_shells_names(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct read_options read;
    const struct pair pairs[] = {{"customer", "Codice"}, {"time", "Apertura"},
                                 {"time", "Chiusura"},   {"delimiter", "tab"},
                                 {"date-order", "mdy"},  {"scale", "nps"},
                                 {"attribute", "Zona"},  {"other", "x"}};
    assert_ok(columns_read(arena, pairs, COUNT_OF(pairs), &read, &err));
    assert_string_equal(read.column[ROLE_CUSTOMER], "Codice");
    assert_int_equal(read.time_count, 2);
    assert_null(read.column[ROLE_TIME]);
    assert_int_equal(read.delimiter, '\t');
    assert_int_equal(read.date_order, 'm');
    assert_int_equal(read.scale, SCALE_NPS);
    assert_int_equal(read.attribute_count, 1);
    static const struct pair wrong[] = {{"delimiter", "abc"},
                                        {"scale", "metri"},
                                        {"zone", "Atlantide"},
                                        {"date-order", "ymd"}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_not_equal(columns_read(arena, &wrong[i], 1, &read, &err), VG_OK);
}

/* ---- the cache ---- */

static void a_second_question_loads_nothing_and_new_evidence_is_seen(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct held *held = NULL, *old = NULL;
    struct app_cache *cache = cache_open(64 << 20);
    struct question all = ask(""), web = ask("only-channel=Web");
    assert_ok(cache_evidence(cache, store, &all, false, &old, &err));
    size_t before = held_evidence(old)->log->events;
    for (int i = 0; i < 3; i++) {
        assert_ok(cache_evidence(cache, store, &web, false, &held, &err));
        assert_in_range(held_evidence(held)->log->events, 1, before - 1);
        held_release(held);
    }
    struct cache_counts counts = cache_count(cache);
    assert_int_equal(counts.loads, 1);
    assert_int_equal(counts.parts, 1);
    import_rows("altro.csv", "z9;Visita;2025-05-05;Web;Sud\n");
    assert_ok(cache_evidence(cache, store, &all, false, &held, &err));
    assert_int_equal(held_evidence(held)->log->events, before + 1);
    assert_int_equal(held_evidence(old)->log->events, before); /* still as it was */
    held_release(old);
    held_release(held);
    cache_idle(cache, INT64_MAX);
    counts = cache_count(cache);
    assert_int_equal(counts.things, 0);
    assert_int_equal(counts.bytes, 0);
    cache_close(cache);
}

static void a_filter_by_a_column_loads_all_of_them_once_for_everybody(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct held *held = NULL;
    struct app_cache *cache = cache_open(64 << 20);
    const char *queries[] = {"", "where=zona=Nord", "where=zona=Sud", "journey=zona", ""};
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        struct question question = ask(queries[i]);
        assert_ok(cache_evidence(cache, store, &question, false, &held, &err));
        assert_true(held_evidence(held)->log->events > 0);
        held_release(held);
    }
    assert_int_equal(cache_count(cache).loads, 2);
    struct question wrong = ask("where=zona=Ovest");
    assert_int_equal(cache_evidence(cache, store, &wrong, false, &held, &err),
                     VG_ERR_USAGE);
    cache_close(cache);
}

static void what_is_too_much_goes_and_what_is_held_stays(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct held *held = NULL, *other = NULL;
    struct app_cache *cache = cache_open(1); /* nothing fits */
    struct question all = ask("");
    assert_ok(cache_evidence(cache, store, &all, false, &held, &err));
    size_t events = held_evidence(held)->log->events;
    assert_ok(cache_evidence(cache, store, &all, false, &other, &err));
    assert_ptr_equal(held, other);
    held_release(other);
    assert_int_equal(held_evidence(held)->log->events, events);
    held_release(held);
    assert_int_equal(cache_count(cache).things, 0);
    cache_close(cache);
}

static void stop_at_second(struct progress *progress, const char *what, double done)
{
    size_t *steps = progress->ctx;
    (void)what;
    (void)done;
    if (++*steps == 2)
        atomic_store(&progress->stop, true);
}

static void who_left_stops_the_study_and_who_waits_gets_it(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct held *held = NULL;
    struct vg_map *map = NULL;
    struct app_cache *cache = cache_open(64 << 20);
    size_t steps = 0;
    struct progress leaver = {.show = stop_at_second, .ctx = &steps};
    struct question question = ask("");
    question.progress = &leaver;
    assert_ok(map_read(STR("{\"id\":\"m\",\"title\":\"M\",\"phases\":[{\"id\":\"p\","
                           "\"title\":\"P\",\"steps\":[{\"id\":\"s\",\"title\":\"S\","
                           "\"match\":[{\"activity\":\"Visita\"}]}]}]}"),
                       "m", &map, &err));
    assert_ok(maps_keep(store, map, NULL, &err));
    map_close(map);
    assert_int_equal(cache_study(cache, store, "m", &question, &held, &err),
                     VG_ERR_CANCELLED);
    assert_int_equal(steps, 2);
    question.progress = NULL;
    assert_ok(cache_study(cache, store, "m", &question, &held, &err));
    assert_true(held_study(held)->emotions.step_count > 0);
    held_release(held);
    assert_int_equal(cache_count(cache).loads, 1); /* the evidence was kept */
    cache_close(cache);
}

static struct app_cache *shared;

static void *ask_often(void *ctx)
{
    static const char *const queries[] = {"only-channel=Web", "since=2025-02",
                                          "only-activity=Visita", ""};
    uintptr_t bad = 0;
    struct store *own = NULL;
    struct arena *scratch = arena_open(0);
    (void)ctx;
    if (!scratch || store_open(path, &own, NULL) != VG_OK)
        return (void *)1;
    for (size_t i = 0; i < 200; i++) {
        struct pair *pairs = NULL;
        size_t count = 0;
        struct question question;
        struct held *held = NULL;
        bool fine =
            question_split(scratch, queries[i % COUNT_OF(queries)], &pairs, &count,
                           NULL) == VG_OK &&
            question_read(own, scratch, pairs, count, &question, NULL) == VG_OK &&
            cache_evidence(shared, own, &question, i % 7 == 0, &held, NULL) == VG_OK;
        bad |= !fine || held_evidence(held)->log->events == 0;
        held_release(held);
    }
    store_close(own);
    arena_close(scratch);
    return (void *)bad;
}

static void many_threads_share_it(void **state)
{
    (void)state;
    pthread_t threads[6];
    shared = cache_open(1 << 20);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, NULL), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *bad = NULL;
        pthread_join(threads[i], &bad);
        assert_null(bad);
    }
    cache_close(shared);
}

static int open_all(void **state)
{
    (void)state;
    struct vg_err err = {0};
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/w.viaggio", folder);
    arena = arena_open(0);
    assert_ok(store_create(path, "Prova", &err));
    assert_ok(store_open(path, &store, &err));
    import_rows("crm.csv", "a;Visita;2025-01-01;Web;Nord\na;Ordine;2025-02-01;Telefono;"
                           "Nord\nb;Visita;2025-01-05;Web;Sud\nb;Reso;2025-03-01;"
                           "Telefono;Sud\nc;Visita;2025-03-01;Telefono;Nord\n");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    char command[300];
    store_close(store);
    arena_close(arena);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_question_has_the_same_key_however_it_is_written),
        cmocka_unit_test(every_name_reaches_its_part_of_the_filter),
        cmocka_unit_test(what_is_wrong_is_refused_and_named),
        cmocka_unit_test(saved_filters_that_name_each_other_end),
        cmocka_unit_test(columns_are_read_by_the_shells_names),
        cmocka_unit_test(a_second_question_loads_nothing_and_new_evidence_is_seen),
        cmocka_unit_test(a_filter_by_a_column_loads_all_of_them_once_for_everybody),
        cmocka_unit_test(what_is_too_much_goes_and_what_is_held_stays),
        cmocka_unit_test(who_left_stops_the_study_and_who_waits_gets_it),
        cmocka_unit_test(many_threads_share_it),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
