/* Imports taken back: what remains is what there would be had they never been. */
#include "log_maker.h"

#include "fresh.h"

#include "store/db.h"
#include "store/evidence.h"
#include "store/evidence_parts.h"

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

/* Everything the evidence says, as text. */
static const char *told(struct store *store)
{
    const struct store_wants wants = {.all_attributes = true};
    struct vg_log *log = NULL;
    struct buf text = {0};
    assert_ok(store_log(store, &wants, &log, &err));
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            buf_printf(&text, "%s %lld %s %s\n",
                       dict_text(&log->trace_names, log->trace_name[t]),
                       (long long)log->at_us[row],
                       dict_text(&log->activities, log->activity[row]),
                       log->channel && log->channel[row] != LOG_NO_CODE16
                           ? dict_text(&log->channels, log->channel[row])
                           : "-");
    const char *copy = arena_text(arena, buf_str(&text));
    buf_free(&text);
    log_close(log);
    return copy;
}

static void assert_whole(struct store *store)
{
    struct store_health health;
    assert_ok(store_examine(store, arena, &health, &err));
    if (health.fault_count)
        fail_msg("%s", health.faults[0]);
}

static void what_a_later_file_brought_too_stays(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct store_taken_back taken;
    struct store_import_row *list = NULL;
    size_t count = 0;
    int64_t version = 0, after = 0;
    int64_t first = import(store, "a", "anna;Visit;2025-01-01\nanna;Buy;2025-01-02\n").id;
    import(store, "a",
           "anna;Visit;2025-01-01\nanna;Buy;2025-01-02\nanna;Call;2025-01-03\n");
    int64_t other = import(store, "b", "anna;Buy;2025-01-02\ncarlo;Buy;2025-01-02\n").id;
    assert_ok(store_evidence_version(store, &version, &err));
    assert_ok(store_import_undo(store, first, &taken, &err));
    assert_int_equal(taken.events, 0);
    assert_int_equal(taken.kept, 2);
    assert_int_equal(taken.imports, 1);
    assert_ok(store_evidence_version(store, &after, &err));
    assert_int_not_equal(version, after);
    assert_string_equal(told(store), "anna 1735689600000000 Visit -\n"
                                     "anna 1735776000000000 Buy -\n"
                                     "anna 1735862400000000 Call -\n"
                                     "carlo 1735776000000000 Buy -\n");
    assert_ok(store_imports(store, arena, &list, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(list[1].added, 3);
    assert_int_equal(list[1].known, 0);
    assert_ok(store_import_undo(store, list[1].id, &taken, &err));
    assert_int_equal(taken.events, 2); /* Buy goes on to b */
    assert_string_equal(told(store), "anna 1735776000000000 Buy -\n"
                                     "carlo 1735776000000000 Buy -\n");
    assert_whole(store);
    assert_ok(store_import_undo(store, other, &taken, &err));
    assert_string_equal(told(store), "");
    assert_int_equal(store_import_undo(store, other, &taken, &err), VG_ERR_NOT_FOUND);
    /* and again: nothing is known any more */
    assert_int_equal(import(store, "b", "anna;Buy;2025-01-02\n").added, 1);
    store_close(store);
}

/* A file of random events, many of them equal; those of a customer that differ are at
 * different times. */
static const char *random_file(unsigned rows)
{
    struct buf text = {0};
    for (unsigned i = 0; i < rows; i++) {
        unsigned customer = draw(4), day = 1 + draw(6);
        buf_printf(&text, "c%u;%s;2025-01-%02u;%s\n", customer,
                   (customer + day) % 2 ? "Visit" : "Buy", day,
                   customer % 2 ? "web" : "");
    }
    const char *copy = arena_text(arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

static void what_remains_is_as_if_it_had_never_been(void **state)
{
    enum { ROUNDS = 25, FILES = 5 };
    static const char *const sources[FILES] = {"c", "a", "a", "d", "b"};
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *files[FILES];
        int64_t ids[FILES];
        bool there[FILES] = {true, true, true, true, true};
        struct store *store = fresh();
        for (int i = 0; i < FILES; i++) {
            files[i] = random_file(1 + draw(25));
            ids[i] = import(store, sources[i], files[i]).id;
            if (draw(3) == 0)
                told(store); /* so that there is an image */
        }
        struct store_erased erased;
        bool erase = draw(3) == 0;
        if (erase && store_erase(store, arena, "c1", &erased, &err) != VG_OK)
            erase = false;
        for (int turn = 0; turn < 3; turn++) {
            int one = (int)draw(FILES);
            if (!there[one])
                continue;
            there[one] = false;
            assert_ok(store_import_undo(store, ids[one], NULL, &err));
            assert_whole(store);
            struct store *other = fresh();
            uint64_t added[FILES] = {0};
            for (int i = 0; i < FILES; i++)
                if (there[i])
                    added[i] = import(other, sources[i], files[i]).added;
            if (erase && store_erase(other, arena, "c1", &erased, &err) == VG_ERR_MEMORY)
                fail();
            const char *expected = told(other);
            assert_string_equal(told(store), expected);
            struct store_import_row *list = NULL;
            size_t count = 0;
            assert_ok(store_imports(store, arena, &list, &count, &err));
            for (size_t i = 0; i < count; i++)
                for (int f = 0; f < FILES; f++)
                    if (!erase && list[i].id == ids[f])
                        assert_int_equal(list[i].added, added[f]);
            store_close(other);
        }
        store_close(store);
    }
}

static void an_import_of_an_older_version_hinders_only_what_it_must(void **state)
{
    (void)state;
    struct store *store = fresh();
    struct store_taken_back taken;
    int64_t one = import(store, "a", "anna;Visit;2025-01-01\n").id;
    int64_t two = import(store, "b", "anna;Visit;2025-01-01\nanna;Buy;2025-01-02\n").id;
    assert_ok(db_run(store, &err, "DELETE FROM known", ""));
    assert_ok(db_run(store, &err, "UPDATE import SET tracked = 0", ""));
    assert_int_equal(store_import_undo(store, one, &taken, &err), VG_ERR_CONFLICT);
    assert_non_null(strstr(err.hint, "take that one back first"));
    assert_ok(store_import_undo(store, two, &taken, &err));
    assert_ok(store_import_undo(store, one, &taken, &err));
    assert_string_equal(told(store), "");
    store_close(store);
}

static void left_out_rows_are_kept_and_forgotten_with_the_person(void **state)
{
    static const char rejects[] = "file,line,reason,row\r\n"
                                  "\"a\",2,\"date\",\"anna;x\"\r\n"
                                  "\"a\",3,\"date\",\"two\nlines;carlo\"\r\n"
                                  "\"a\",4,\"date\",\"eva \"\"anna\"\"\"\r\n";
    (void)state;
    struct store *store = fresh();
    struct store_imported imported;
    struct store_erased erased = {0};
    struct vg_log *log = log_from_lines("eva;Visit;2025-01-01\n");
    struct store_import about = {.source = "a",
                                 .row_count = 4,
                                 .rejected = 3,
                                 .report = "{}",
                                 .rejects = {rejects, sizeof rejects - 1}};
    str kept;
    assert_ok(store_import(store, log, &about, &imported, &err));
    log_close(log);
    assert_ok(import_rejects(store, arena, imported.id, &kept, &err));
    assert_true(str_equal(kept, str_from(rejects)));
    assert_ok(store_erase(store, arena, "anna", &erased, &err));
    assert_int_equal(erased.rejects, 1);
    assert_ok(import_rejects(store, arena, imported.id, &kept, &err));
    assert_true(str_equal(kept, STR("file,line,reason,row\r\n"
                                    "\"a\",3,\"date\",\"two\nlines;carlo\"\r\n")));
    assert_int_equal(import_rejects(store, arena, 99, &kept, &err), VG_ERR_NOT_FOUND);
    assert_ok(store_import_undo(store, imported.id, NULL, &err));
    assert_int_equal(import_rejects(store, arena, imported.id, &kept, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_later_file_brought_too_stays),
        cmocka_unit_test(what_remains_is_as_if_it_had_never_been),
        cmocka_unit_test(an_import_of_an_older_version_hinders_only_what_it_must),
        cmocka_unit_test(left_out_rows_are_kept_and_forgotten_with_the_person),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
