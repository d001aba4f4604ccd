/* The data file from inside, on real files. */
#include "log_maker.h"

#include "fresh.h"

#include "map/edit.h"
#include "store/audit.h"
#include "store/codec.h"
#include "store/db.h"
#include "store/evidence.h"
#include "store/evidence_parts.h"
#include "store/maps.h"
#include "store/records.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- codec ---- */

static void packed_values_come_back_and_damage_is_found(void **state)
{
    (void)state;
    static const int64_t steps[] = {0, 1, 1000, US_PER_S, 60 * US_PER_S, INT64_MAX / 300};
    for (size_t s = 0; s < COUNT_OF(steps); s++) {
        int64_t times[300], back[300];
        for (size_t i = 0; i < 300; i++)
            times[i] = (int64_t)((uint64_t)INT64_MIN / 2 * (i % 2) +
                                 (uint64_t)(steps[s] * (int64_t)(i % 97)));
        struct packed packed;
        assert_true(pack_times(times, 300, 3, &packed));
        assert_int_equal(
            unpack_times(packed.bytes, packed.len, packed.raw_bytes, back, 300), VG_OK);
        assert_memory_equal(times, back, sizeof times);
        assert_int_equal(
            unpack_times(packed.bytes, packed.len, packed.raw_bytes, back, 299),
            VG_ERR_INPUT);
        for (size_t at = 0; at < packed.len; at++) {
            ((unsigned char *)packed.bytes)[at] ^= 0x10;
            bool read = unpack_times(packed.bytes, packed.len, packed.raw_bytes, back,
                                     300) == VG_OK;
            /* a bit in the header may say the same; what is read is then the same */
            assert_true(!read || memcmp(times, back, sizeof times) == 0);
            ((unsigned char *)packed.bytes)[at] ^= 0x10;
        }
        free(packed.bytes);
    }
}

/* ---- evidence ---- */

static struct store_imported import(struct store *store, const char *source,
                                    const char *lines)
{
    struct store_imported imported;
    struct vg_log *log = log_from_lines(lines);
    struct store_import about = {
        .source = source, .row_count = log->events, .report = "{}"};
    assert_ok(store_import(store, log, &about, &imported, &err));
    log_close(log);
    return imported;
}

static void a_log_comes_back_as_it_went_in(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct vg_log *log = NULL;
    const struct store_wants wants = {.all_attributes = true};
    assert_ok(store_log(store, &wants, &log, &err));
    assert_int_equal(log->events, 0);
    log_close(log);
    import(store, "a",
           "carlo;Visit;2025-01-02;web;anna;4\nanna;Buy;2025-01-03\n"
           "anna;Visit;2025-01-01;;;1\n");
    for (int turn = 0; turn < 2; turn++) { /* made, then from the image */
        store = again(store);
        assert_ok(store_log(store, &wants, &log, &err));
        assert_int_equal(log->events, 3);
        assert_int_equal(log->traces, 2);
        assert_string_equal(dict_text(&log->trace_names, log->trace_name[0]), "anna");
        assert_string_equal(dict_text(&log->activities, log->activity[0]), "Visit");
        assert_near((double)log->score[0], 1, 0);
        assert_true(isnan(log->score[1]));
        assert_int_equal(log->channel[1], LOG_NO_CODE16);
        assert_string_equal(dict_text(&log->channels, log->channel[2]), "web");
        assert_string_equal(dict_text(&log->actors, log->actor[2]), "anna");
        assert_int_equal(log->last_us - log->first_us, 2 * US_PER_DAY);
        log_close(log);
    }
    store_close(store);
}

static void an_import_that_cannot_be_finished_leaves_nothing(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct store_imported imported;
    struct vg_log *log = log_from_lines("anna;Visit;2025-01-01\n");
    struct store_import about = {.source = "a", .row_count = 1, .report = "{}"};
    assert_ok(db_run(store, &err,
                     "CREATE TEMP TRIGGER no BEFORE INSERT ON audit BEGIN SELECT "
                     "raise(ABORT, 'no'); END",
                     ""));
    assert_int_equal(store_import(store, log, &about, &imported, &err), VG_ERR_CONFLICT);
    log_close(log);
    store = again(store);
    int64_t rows = -1;
    assert_ok(db_number(store, &rows, &err,
                        "SELECT (SELECT count(*) FROM import) + (SELECT count(*) FROM "
                        "batch) + (SELECT count(*) FROM block) + (SELECT count(*) FROM "
                        "source) + (SELECT count(*) FROM identity)",
                        ""));
    assert_int_equal(rows, 0);
    store_close(store);
}

/* Every value of every compressed column, as text, looked through for a word. */
static bool anywhere(struct store *store, const char *word)
{
    sqlite3_stmt *rows = NULL;
    bool row = true, found = false;
    assert_ok(db_ask(store, &rows, &err, "SELECT raw_bytes, body FROM block", ""));
    while (db_step(store, rows, &row, &err) == VG_OK && row) {
        size_t raw = (size_t)sqlite3_column_int64(rows, 0);
        char *bytes = malloc(raw);
        assert_ok(unpack_bytes(sqlite3_column_blob(rows, 1),
                               (size_t)sqlite3_column_bytes(rows, 1), bytes, raw));
        found |= memmem(bytes, raw, word, strlen(word)) != NULL;
        free(bytes);
    }
    sqlite3_finalize(rows);
    return found;
}

static void the_erased_are_in_no_compressed_block_either(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct store_erased erased = {0};
    struct vg_log *log = NULL;
    const struct store_wants wants = {.all_attributes = true};
    import(store, "a", "canary;Visit;2025-01-01;lantern;solo\nanna;Buy;2025-01-03;web\n");
    import(store, "b", "tel:canary;Call;2025-01-05\nanna;Buy;2025-01-04;web\n");
    import(store, "c", "canary;Call;2025-01-06\n");
    assert_ok(alias_join(store, "canary", "tel:canary", &err));
    assert_ok(store_log(store, &wants, &log, &err));
    log_close(log);
    assert_true(anywhere(store, "canary") && anywhere(store, "lantern"));
    assert_ok(store_erase(store, arena, "tel:canary", &erased, &err));
    assert_int_equal(erased.events, 3);
    assert_int_equal(erased.imports, 3);
    assert_false(anywhere(store, "canary"));
    assert_false(anywhere(store, "lantern"));
    assert_false(anywhere(store, "solo"));
    assert_true(anywhere(store, "anna"));
    assert_ok(store_log(store, &wants, &log, &err));
    assert_int_equal(log->events, 2);
    log_close(log);
    assert_int_equal(import(store, "b", "anna;Buy;2025-01-04;web\n").added, 0);
    assert_int_equal(store_erase(store, arena, "canary", &erased, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

static void chains_of_aliases_are_one_customer(void **state)
{
    (void)state;
    struct store *store = fresh();
    const char **names = NULL;
    size_t count = 0;
    assert_ok(alias_join(store, "a", "b", &err));
    assert_ok(alias_join(store, "c", "d", &err));
    assert_ok(alias_join(store, "d", "b", &err));
    assert_ok(alias_names(store, arena, "a", &names, &count, &err));
    assert_int_equal(count, 4);
    assert_string_equal(names[0], "c");
    assert_int_equal(alias_join(store, "a", "c", &err), VG_ERR_CONFLICT);
    assert_ok(alias_undo(store, "d", &err));
    assert_ok(alias_names(store, arena, "b", &names, &count, &err));
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "a");
    assert_ok(alias_names(store, arena, "c", &names, &count, &err));
    assert_int_equal(count, 1);
    store_close(store);
}

/* The customer's events with the files they came from: "Visit a, Buy b, ". */
static const char *sources_of(struct store *store, const char *customer)
{
    static char told[400];
    const struct store_wants wants = {.all_attributes = true};
    struct vg_log *log = NULL;
    const char **names = NULL, **sources = NULL;
    size_t count = 0, used = 0;
    assert_ok(alias_names(store, arena, customer, &names, &count, &err));
    assert_ok(store_log(store, &wants, &log, &err));
    told[0] = 0;
    for (size_t t = 0; t < log->traces; t++) {
        if (strcmp(dict_text(&log->trace_names, log->trace_name[t]), names[0]) != 0)
            continue;
        assert_ok(store_origins(store, arena, log, t, names, count, &sources, &err));
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            const char *source = sources[row - log->first[t]];
            used += (size_t)snprintf(told + used, sizeof told - used, "%s %s, ",
                                     dict_text(&log->activities, log->activity[row]),
                                     source ? source : "-");
        }
    }
    log_close(log);
    return told;
}

static void each_event_of_a_customer_knows_the_file_it_came_from(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct store_taken_back back;
    import(store, "a", "anna;Visit;2025-01-01;web;;4\ncarlo;Visit;2025-01-01\n");
    struct store_imported b =
        import(store, "b",
               "anna;Visit;2025-01-01;web;;4\nanna;Visit;2025-01-02;web;;4\n"
               "tel:1;Call;2025-01-03;;bea\ntel:1;Call;2025-01-03;;bea\n");
    import(store, "c",
           "tel:1;Call;2025-01-03;;bea\ntel:1;Call;2025-01-03;;bea\n"
           "tel:1;Call;2025-01-03;;bea\ntel:1;Call;2025-01-03;;carlo\n");
    assert_string_equal(sources_of(store, "anna"), "Visit a, Visit b, ");
    /* of equal ones each file has as many as it brought */
    assert_string_equal(sources_of(store, "tel:1"), "Call b, Call b, Call c, Call c, ");
    assert_ok(alias_join(store, "anna", "tel:1", &err));
    for (int turn = 0; turn < 2; turn++, store = again(store)) /* also from the image */
        assert_string_equal(sources_of(store, "anna"),
                            "Visit a, Visit b, Call b, Call b, Call c, Call c, ");
    assert_ok(
        store_import_undo(store, b.id, &back, &err)); /* c brought two of b's, too */
    assert_string_equal(sources_of(store, "anna"),
                        "Visit a, Call c, Call c, Call c, Call c, ");
    store_close(store);
}

/* ---- maps ---- */

static struct vg_map *small_map(void)
{
    static const char text[] =
        "{\"id\":\"m\",\"title\":\"Mappa\",\"phases\":[{\"id\":\"f\",\"title\":\"F\","
        "\"steps\":[{\"id\":\"s1\",\"title\":\"Uno\"},{\"id\":\"s2\",\"title\":\"Due\"}]}"
        "]}";
    struct vg_map *map = NULL;
    assert_ok(map_read(str_from(text), "test", &map, &err));
    return map;
}

static enum vg_code edit(struct store *store, const char *operation, const char *client,
                         int64_t *seq)
{
    json_t *json = NULL;
    assert_ok(json_read(str_from(operation), "test", 1 << 16, &json, &err));
    enum vg_code code = maps_edit(store, "m", json, client, seq, &err);
    json_decref(json);
    return code;
}

static void every_version_of_a_map_can_be_read_and_brought_back(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct vg_map *map = small_map(), *read = NULL;
    int64_t seq = -1;
    char operation[128];
    assert_ok(maps_keep(store, map, &seq, &err));
    assert_int_equal(seq, 0);
    for (int i = 1; i <= 150; i++) {
        snprintf(operation, sizeof operation,
                 "{\"op\":\"set\",\"at\":\"s1\",\"field\":\"title\",\"value\":\"T%d\"}",
                 i);
        assert_ok(edit(store, operation, NULL, &seq));
        assert_int_equal(seq, i);
    }
    store = again(store);
    for (int i = 1; i <= 150; i += 7) {
        snprintf(operation, sizeof operation, "T%d", i);
        assert_ok(maps_read(store, "m", i, &read, &seq, &err));
        assert_string_equal(map_step_find(read, "s1")->title, operation);
        map_close(read);
    }
    assert_int_equal(maps_read(store, "m", 151, &read, NULL, &err), VG_ERR_NOT_FOUND);
    assert_ok(maps_undo(store, "m", 150, &seq, &err));
    assert_ok(maps_read(store, "m", -1, &read, NULL, &err));
    assert_string_equal(map_step_find(read, "s1")->title, "T149");
    map_close(read);
    assert_ok(maps_restore(store, "m", 0, &seq, &err));
    assert_ok(maps_read(store, "m", -1, &read, &seq, &err));
    assert_int_equal(seq, 152);
    assert_true(json_equal(read->json, map->json));
    map_close(read);
    map_close(map);
    store_close(store);
}

static void a_change_that_comes_too_late_is_kept_in_the_history(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct vg_map *map = small_map(), *read = NULL;
    struct stored_change *changes = NULL;
    size_t count = 0;
    int64_t seq = 0;
    assert_ok(maps_keep(store, map, NULL, &err));
    assert_ok(edit(store, "{\"op\":\"delete\",\"item\":\"s1\"}", "one", &seq));
    assert_int_equal(edit(store,
                          "{\"op\":\"set\",\"at\":\"s1\",\"field\":\"doing\",\"value\":"
                          "\"a text of somebody's\"}",
                          "two", &seq),
                     VG_ERR_CONFLICT);
    assert_int_equal(seq, 2);
    /* sent again, it counts once */
    assert_ok(edit(store, "{\"op\":\"delete\",\"item\":\"s1\"}", "one", &seq));
    assert_int_equal(seq, 1);
    /* what would be no map is refused, and leaves no trace */
    assert_int_equal(edit(store,
                          "{\"op\":\"set\",\"at\":\"s2\",\"field\":\"feeling\",\"value\":"
                          "{\"valence\":99}}",
                          NULL, &seq),
                     VG_ERR_INPUT);
    assert_ok(maps_history(store, arena, "m", 0, 100, &changes, &count, &err));
    assert_int_equal(count, 2);
    assert_false(changes[0].late);
    assert_true(changes[1].late && strstr(changes[1].body, "somebody's"));
    assert_ok(maps_read(store, "m", -1, &read, NULL, &err));
    assert_int_equal(read->step_count, 1);
    map_close(read);
    map_close(map);
    store_close(store);
}

/* ---- records, sessions, audit ---- */

static void who_changes_what_another_changed_is_told(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct record record, *list = NULL;
    size_t count = 0;
    int64_t version = 0;
    for (int kind = 0; kind < RECORD_KINDS; kind++) {
        enum record_kind k = (enum record_kind)kind;
        assert_ok(record_put(store, k, "x", "{\"name\":\"A\"}", 0, &version, &err));
        assert_int_equal(version, 1);
        assert_int_equal(record_put(store, k, "x", "{}", 0, NULL, &err), VG_ERR_CONFLICT);
        assert_ok(record_put(store, k, "x", "{\"name\":\"B\"}", 1, &version, &err));
        assert_int_equal(record_put(store, k, "x", "{}", 1, NULL, &err), VG_ERR_CONFLICT);
        assert_int_equal(record_put(store, k, "x", "[]", -1, NULL, &err), VG_ERR_INPUT);
        assert_ok(record_get(store, arena, k, "x", &record, &err));
        assert_string_equal(record.body, "{\"name\":\"B\"}");
        assert_ok(record_list(store, arena, k, "", 10, &list, &count, &err));
        assert_int_equal(count, 1);
        assert_int_equal(record_delete(store, k, "x", 1, &err), VG_ERR_CONFLICT);
        assert_ok(record_delete(store, k, "x", 2, &err));
        assert_int_equal(record_get(store, arena, k, "x", &record, &err),
                         VG_ERR_NOT_FOUND);
    }
    store_close(store);
}

static void sessions_end_with_their_time_and_their_person(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct session session;
    assert_ok(record_put(store, RECORD_PERSON, "anna", "{\"email\":\"a@b.it\"}", 0, NULL,
                         &err));
    assert_int_equal(record_put(store, RECORD_PERSON, "other", "{\"email\":\"a@b.it\"}",
                                0, NULL, &err),
                     VG_ERR_CONFLICT);
    assert_ok(session_put(store, STR("hash1"), "anna", 1000, &err));
    assert_int_equal(session_put(store, STR("hash2"), "nobody", 1000, &err),
                     VG_ERR_CONFLICT);
    assert_ok(session_get(store, arena, STR("hash1"), 999, &session, &err));
    assert_string_equal(session.person, "anna");
    assert_int_equal(session_get(store, arena, STR("hash1"), 1000, &session, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(record_delete(store, RECORD_PERSON, "anna", -1, &err));
    assert_int_equal(session_get(store, arena, STR("hash1"), 1, &session, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

static void a_changed_or_missing_audit_row_is_found(void **state)
{
    static const struct {
        const char *spoil;
        int64_t at;
    } cases[] = {{"UPDATE audit SET what = 'x' WHERE seq = 3", 3},
                 {"UPDATE audit SET at_us = 1 WHERE seq = 1", 1},
                 {"DELETE FROM audit WHERE seq = 2", 2},
                 {"UPDATE audit SET who = who || what, what = '' WHERE seq = 4", 4}};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct store *store = fresh();
        int64_t bad = -1;
        uint64_t count = 0;
        for (int n = 0; n < 4; n++)
            assert_ok(audit_add(store, "something", "id", &err));
        assert_ok(audit_check(store, &bad, &count, &err));
        assert_int_equal(bad, 0);
        assert_int_equal(count, 5);
        assert_ok(db_run(store, &err, cases[i].spoil, ""));
        assert_ok(audit_check(store, &bad, &count, &err));
        assert_int_equal(bad, cases[i].at);
        store_close(store);
    }
}

/* ---- several at once ---- */

/* Closing one store of a process must not let go of the locks of the others: another
 * program would take the write-ahead log away under them. */
/* The program of this build: as the runner says, else beside the tests; "" when it was
 * not built. */
static const char *program_of_build(char ret[static 4096])
{
    const char *named = getenv("VIAGGIO");
    ssize_t len = readlink("/proc/self/exe", ret, 4000);
    ret[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(ret, '/');
    snprintf(slash ? slash : ret, 64, "/../src/viaggio");
    if (named)
        snprintf(ret, 4096, "%s", named);
    return access(ret, X_OK) == 0 ? ret : "";
}

static void a_store_that_opens_and_closes_leaves_the_locks_of_others(void **state)
{
    (void)state;
    char command[8400], wal[160], path_of_program[4096];
    const char *program = program_of_build(path_of_program);
    struct stat before, after;
    struct store *first = fresh(), *second = NULL;
    int64_t rows = 0;
    if (!program[0]) {
        store_close(first);
        skip();
    }
    assert_ok(record_put(first, RECORD_CHANNEL, "a", "{}", 0, NULL, &err));
    assert_ok(store_open(path, &second, &err));
    store_close(second);
    snprintf(wal, sizeof wal, "%s-wal", path);
    assert_int_equal(stat(wal, &before), 0);
    snprintf(command, sizeof command, "'%s' sources -w '%s' -q >/dev/null", program,
             path);
    assert_int_equal(system(command), 0);
    assert_int_equal(stat(wal, &after), 0); /* still ours: we have it open */
    assert_int_equal(before.st_ino, after.st_ino);
    assert_ok(record_put(first, RECORD_CHANNEL, "b", "{}", 0, NULL, &err));
    assert_ok(store_open(path, &second, &err));
    assert_ok(db_number(second, &rows, &err, "SELECT count(*) FROM channel", ""));
    assert_int_equal(rows, 2);
    store_close(second);
    store_close(first);
}

/* ---- migrations ---- */

static void an_older_file_is_migrated_after_a_copy_is_kept(void **state)
{
    static const unsigned char good[] = "CREATE TABLE more(x INTEGER) STRICT";
    static const unsigned char bad[] =
        "CREATE TABLE third(x INTEGER); CREATE TABLE third(y)";
    static const size_t good_len = sizeof good - 1, bad_len = sizeof bad - 1;
    (void)state;
    size_t count;
    const struct migration *ours = db_migrations(&count);
    struct migration list[40];
    assert_in_range(count, 1, COUNT_OF(list) - 2);
    memcpy(list, ours, count * sizeof *ours);
    list[count] = (struct migration){good, &good_len};
    list[count + 1] = (struct migration){bad, &bad_len};
    struct store *store = fresh();
    import(store, "a", "anna;Visit;2025-01-01\n");
    assert_ok(db_migrate(store, list, count + 1, &err));
    int64_t version = 0, there = -1;
    assert_ok(db_number(store, &version, &err, "PRAGMA user_version", ""));
    assert_int_equal(version, count + 1);
    /* the second fails half way: nothing of it stays */
    assert_int_not_equal(db_migrate(store, list, count + 2, &err), VG_OK);
    assert_ok(db_number(store, &version, &err, "PRAGMA user_version", ""));
    assert_int_equal(version, count + 1);
    assert_ok(db_number(store, &there, &err,
                        "SELECT count(*) FROM sqlite_schema WHERE name = 'third'", ""));
    assert_int_equal(there, 0);
    store_close(store);
    char kept[160];
    snprintf(kept, sizeof kept, "%s.before-%04zu", path, count + 1);
    assert_ok(store_open(kept, &store, &err));
    assert_ok(db_number(store, &there, &err, "SELECT sum(events) FROM batch", ""));
    assert_int_equal(there, 1);
    store_close(store);
    assert_int_equal(store_open(path, &store, &err),
                     VG_ERR_INPUT); /* newer than we are */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_values_come_back_and_damage_is_found),
        cmocka_unit_test(a_log_comes_back_as_it_went_in),
        cmocka_unit_test(an_import_that_cannot_be_finished_leaves_nothing),
        cmocka_unit_test(the_erased_are_in_no_compressed_block_either),
        cmocka_unit_test(chains_of_aliases_are_one_customer),
        cmocka_unit_test(each_event_of_a_customer_knows_the_file_it_came_from),
        cmocka_unit_test(every_version_of_a_map_can_be_read_and_brought_back),
        cmocka_unit_test(a_change_that_comes_too_late_is_kept_in_the_history),
        cmocka_unit_test(who_changes_what_another_changed_is_told),
        cmocka_unit_test(sessions_end_with_their_time_and_their_person),
        cmocka_unit_test(a_changed_or_missing_audit_row_is_found),
        cmocka_unit_test(a_store_that_opens_and_closes_leaves_the_locks_of_others),
        cmocka_unit_test(an_older_file_is_migrated_after_a_copy_is_kept),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
