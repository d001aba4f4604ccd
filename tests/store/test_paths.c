/* Success paths in the data file: progress beside imports in the log, private links,
 * alerts, playbooks' tasks and calls, and that all of it can be forgotten. */
#include "log_maker.h"

#include "fresh.h"

#include "base/date.h"
#include "store/alerts.h"
#include "store/db.h"
#include "store/evidence.h"
#include "store/maps.h"
#include "store/paths.h"
#include "store/rules.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#define DAY(n) (INT64_C(1735689600000000) + (n)*US_PER_DAY) /* from 2025-01-01 */

static struct store *with_map(void)
{
    static const char text[] =
        "{\"id\":\"m\",\"title\":\"Via\",\"kind\":\"success-path\",\"phases\":[{\"id\":"
        "\"f\",\"title\":\"F\",\"steps\":[{\"id\":\"s1\",\"title\":\"Uno\"}]}]}";
    struct vg_map *map = NULL;
    struct store *store = fresh();
    assert_ok(map_read(str_from(text), "test", &map, &err));
    assert_ok(maps_keep(store, map, NULL, &err));
    map_close(map);
    return store;
}

static void import(struct store *store, const char *lines)
{
    struct store_imported imported;
    struct vg_log *log = log_from_lines(lines);
    struct store_import about = {.source = "s", .row_count = log->events, .report = "{}"};
    assert_ok(store_import(store, log, &about, &imported, &err));
    log_close(log);
}

static const char *enrol(struct store *store, const char *customer)
{
    static char id[STORE_ID_BYTES];
    const struct enrolment_new new = {.map = "m", .customer = customer, .at_us = DAY(0)};
    assert_ok(enrolment_add(store, &new, id, &err));
    return arena_text(arena, str_from(id));
}

static int64_t add(struct store *store, const char *enrolment, enum progress_kind kind,
                   const char *activity, int64_t at_us, double value, const char *text)
{
    int64_t id = 0;
    const struct progress_new new = {.enrolment = enrolment,
                                     .kind = kind,
                                     .activity = activity,
                                     .at_us = at_us,
                                     .value = value,
                                     .text = text,
                                     .by_client = kind == PROGRESS_MESSAGE};
    assert_ok(progress_add(store, &new, &id, NULL, &err));
    return id;
}

/* "anna 0 Visit|anna 1 Uno|": customer, days since 2025-01-01, activity, and its text. */
static const char *told(struct store *store)
{
    const struct store_wants wants = {.all_attributes = true};
    struct vg_log *log = NULL;
    struct buf out = {0};
    assert_ok(store_log(store, &wants, &log, &err));
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            buf_printf(&out, "%s %lld %s",
                       dict_text(&log->trace_names, log->trace_name[t]),
                       (long long)((log->at_us[row] - DAY(0)) / US_PER_DAY),
                       dict_text(&log->activities, log->activity[row]));
            if (log->score && isfinite(log->score[row]))
                buf_printf(&out, " %+g", (double)log->score[row]);
            for (size_t a = 0; a < log->attribute_count; a++)
                if (log->attributes[a].code[row] != LOG_NO_CODE32)
                    buf_printf(&out, " %s=%s", log->attributes[a].name,
                               dict_text(&log->attributes[a].values,
                                         log->attributes[a].code[row]));
            if (log->text && log->text[row] != LOG_NO_CODE32)
                buf_printf(&out, " \"%s\"", dict_text(&log->texts, log->text[row]));
            buf_char(&out, '|');
        }
    log_close(log);
    const char *ret = arena_text(arena, buf_str(&out));
    buf_free(&out);
    return ret;
}

/* ---- progress is evidence ---- */

static void progress_stands_in_the_log_beside_what_was_imported(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *anna = enrol(store, "anna"), *zoe = enrol(store, "zoe");
    add(store, anna, PROGRESS_DONE, "Uno", DAY(1), NAN, NULL);
    /* without any import */
    assert_string_equal(told(store), "anna 1 Uno source=percorso|");
    import(store, "anna;Visit;2025-01-01\nanna;Buy;2025-01-03\ncarlo;Visit;2025-01-02\n");
    add(store, zoe, PROGRESS_READING, "minuti", DAY(4), 1234567.25, NULL);
    add(store, anna, PROGRESS_FEELING, "Come sto", DAY(2), -2, "male");
    add(store, anna, PROGRESS_NOTE, "Nota", DAY(2), NAN, "of the team");
    const struct progress_new to_her = {.enrolment = anna, /* of the team, too */
                                        .kind = PROGRESS_MESSAGE,
                                        .activity = "Messaggio",
                                        .at_us = DAY(3),
                                        .value = NAN};
    int64_t unused = 0;
    assert_ok(progress_add(store, &to_her, &unused, NULL, &err));
    static const char all[] = "anna 0 Visit|anna 1 Uno source=percorso|anna 2 Buy|"
                              "anna 2 Come sto -2 source=percorso \"male\"|carlo 1 Visit|"
                              "zoe 4 minuti source=percorso value=1234567.25|";
    assert_string_equal(told(store), all); /* makes the image */
    assert_string_equal(told(store), all); /* from the image */
    import(store, "carlo;Buy;2025-01-05\n");
    assert_non_null(strstr(told(store), "carlo 4 Buy|zoe 4 minuti"));
    assert_ok(store_rebuild(store, &err));
    assert_non_null(strstr(told(store), "carlo 4 Buy|zoe 4 minuti"));
    store_close(store);
}

static void progress_follows_the_names_that_are_joined_and_can_be_taken_back(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *anna = enrol(store, "anna@example.com");
    import(store, "C1;Visit;2025-01-01\n");
    int64_t id = add(store, anna, PROGRESS_DONE, "Uno", DAY(1), NAN, NULL);
    assert_ok(alias_join(store, "C1", "anna@example.com", &err));
    assert_string_equal(told(store), "C1 0 Visit|C1 1 Uno source=percorso|");
    struct enrolment_row row;
    assert_ok(enrolment_find(store, arena, "m", "C1", &row, &err));
    assert_string_equal(row.id, anna);
    assert_string_equal(row.name, "C1");
    /* and nobody is on it twice */
    const struct enrolment_new again = {.map = "m", .customer = "C1"};
    char unused[STORE_ID_BYTES];
    assert_int_equal(enrolment_add(store, &again, unused, &err), VG_ERR_CONFLICT);
    assert_int_equal(progress_delete(store, "other", id, &err), VG_ERR_NOT_FOUND);
    assert_ok(progress_delete(store, anna, id, &err));
    assert_string_equal(told(store), "C1 0 Visit|");
    assert_ok(alias_undo(store, "C1", &err));
    assert_ok(enrolment_delete(store, anna, &err));
    assert_int_equal(enrolment_get(store, arena, anna, &row, &err), VG_ERR_NOT_FOUND);
    store_close(store);
}

static void what_is_sent_twice_is_kept_once(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *anna = enrol(store, "anna");
    const struct progress_new new = {.enrolment = anna,
                                     .kind = PROGRESS_MESSAGE,
                                     .activity = "Messaggio",
                                     .at_us = DAY(1),
                                     .value = NAN,
                                     .by_client = true,
                                     .client = "phone-1"};
    int64_t first = 0, second = 0, version = 0, after = 0;
    bool known = true;
    assert_ok(progress_add(store, &new, &first, &known, &err));
    assert_false(known);
    assert_ok(store_evidence_version(store, &version, &err));
    assert_ok(progress_add(store, &new, &second, &known, &err));
    assert_true(known);
    assert_int_equal(first, second);
    assert_ok(store_evidence_version(store, &after, &err));
    assert_int_equal(version, after);
    assert_int_equal(
        progress_add(store, &(struct progress_new){.enrolment = "none", .activity = "x"},
                     &second, NULL, &err),
        VG_ERR_NOT_FOUND);
    store_close(store);
}

static void files_are_what_their_bytes_say(void **state)
{
    (void)state;
    static const char pdf[40] = "%PDF-1.7\n", html[40] = "<html><script>";
    struct store *store = with_map();
    const char *anna = enrol(store, "anna");
    struct progress_new new = {.enrolment = anna,
                               .kind = PROGRESS_PROOF,
                               .activity = "Documento",
                               .at_us = DAY(1),
                               .value = NAN,
                               .bytes = html,
                               .len = sizeof html,
                               .file_name = "a.pdf"};
    int64_t id = 0;
    assert_int_equal(progress_add(store, &new, &id, NULL, &err), VG_ERR_INPUT);
    new.bytes = pdf;
    new.len = LIMIT_PROOF_FILE_BYTES + 1;
    assert_int_equal(progress_add(store, &new, &id, NULL, &err), VG_ERR_LIMIT);
    new.len = sizeof pdf;
    for (int i = 0; i < LIMIT_PROOF_FILES; i++)
        assert_ok(progress_add(store, &new, &id, NULL, &err));
    assert_int_equal(progress_add(store, &new, &id, NULL, &err), VG_ERR_LIMIT);
    struct progress_row *rows = NULL;
    struct proof_file file;
    size_t count = 0;
    assert_ok(progress_list(store, arena, anna, &rows, &count, &err));
    assert_int_equal(count, LIMIT_PROOF_FILES);
    assert_ok(proof_file_get(store, arena, anna, rows[0].file, &file, &err));
    assert_string_equal(file.type, "application/pdf");
    assert_int_equal(file.len, sizeof pdf);
    assert_int_equal(proof_file_get(store, arena, "other", rows[0].file, &file, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

/* ---- private links ---- */

static void a_link_that_is_over_revoked_or_unknown_is_none(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *anna = enrol(store, "anna");
    char id[STORE_ID_BYTES];
    struct client_link link;
    struct client_link_new new = {.token_hash = STR("hash one"),
                                  .enrolment = anna,
                                  .lang = "it",
                                  .expires_us = 100};
    assert_ok(client_link_add(store, &new, id, &err));
    assert_ok(client_link_get(store, arena, STR("hash one"), 99, &link, &err));
    assert_string_equal(link.enrolment, anna);
    assert_int_equal(client_link_get(store, arena, STR("hash one"), 100, &link, &err),
                     VG_ERR_NOT_FOUND);
    assert_int_equal(client_link_get(store, arena, STR("hash two"), 99, &link, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(maps_delete(store, "m", &err));
    assert_int_equal(client_link_get(store, arena, STR("hash one"), 99, &link, &err),
                     VG_ERR_NOT_FOUND);
    assert_ok(maps_undelete(store, "m", &err));
    assert_ok(client_link_get(store, arena, STR("hash one"), 99, &link, &err));
    assert_int_equal(client_link_revoke(store, "other", id, &err), VG_ERR_NOT_FOUND);
    assert_ok(client_link_revoke(store, anna, id, &err));
    assert_int_equal(client_link_get(store, arena, STR("hash one"), 99, &link, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

/* ---- alerts ---- */

static struct alerts_told tell(struct store *store, const struct alert_now *list,
                               size_t count, int64_t now_us)
{
    struct alerts_told ret;
    assert_ok(alerts_tell(store, arena, "m", list, count, now_us, &ret, &err));
    return ret;
}

static size_t open_alerts(struct store *store, int64_t now_us, bool snoozed)
{
    struct alert_row *rows = NULL;
    size_t count = 0;
    assert_ok(alert_list(store, arena, NULL, now_us, snoozed, &rows, &count, &err));
    return count;
}

static void each_crossing_is_told_once(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *anna = enrol(store, "anna");
    const struct alert_now both[] = {{anna, "stuck", "f", DAY(1)},
                                     {anna, "low", "f", DAY(2)}};
    struct alerts_told first = tell(store, both, 2, 1000);
    assert_int_equal(first.opened_count, 2);
    size_t at = strcmp(first.opened[0].kind, "stuck") != 0;
    int64_t stuck = first.opened[at].id;
    for (int i = 0; i < 3; i++)
        assert_int_equal(tell(store, both, 2, 2000).opened_count, 0);
    /* not shown for a while */
    assert_ok(alert_snooze(store, stuck, 5000, &err));
    assert_int_equal(open_alerts(store, 4999, false), 1);
    assert_int_equal(open_alerts(store, 4999, true), 2);
    assert_int_equal(open_alerts(store, 5000, false), 2);
    /* over, and the next time is another */
    assert_int_equal(tell(store, both + 1, 1, 6000).over_count, 1);
    assert_int_equal(open_alerts(store, 6000, true), 1);
    assert_int_equal(alert_snooze(store, stuck, 9000, &err), VG_ERR_NOT_FOUND);
    struct alerts_told again = tell(store, both, 2, 7000);
    assert_int_equal(again.opened_count, 1);
    assert_true(again.opened[0].id > stuck);
    store_close(store);
}

static void a_playbook_runs_once_for_each_alert(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *anna = enrol(store, "anna");
    const struct alert_now now = {anna, "stuck", "f", DAY(1)};
    int64_t alert = tell(store, &now, 1, 1000).opened[0].id;
    struct task_new task = {.enrolment = anna,
                            .playbook = "p",
                            .kind = "task",
                            .title = "Chiamare",
                            .text = "",
                            .owner = "Marta",
                            .alert = alert};
    struct delivery_new call = {.enrolment = anna,
                                .playbook = "w",
                                .url = "https://x",
                                .body = "{}",
                                .alert = alert};
    bool made = false;
    assert_ok(task_add(store, &task, &made, &err));
    assert_true(made);
    assert_ok(task_add(store, &task, &made, &err));
    assert_false(made);
    assert_ok(delivery_add(store, &call, &made, &err));
    assert_true(made);
    assert_ok(delivery_add(store, &call, &made, &err));
    assert_false(made);
    struct task_row *tasks = NULL;
    struct delivery_row *due = NULL;
    size_t count = 0;
    assert_ok(task_list(store, arena, "open", NULL, &tasks, &count, &err));
    assert_int_equal(count, 1);
    assert_ok(task_change(store, tasks[0].id, "done", NULL, &err));
    assert_ok(task_list(store, arena, "open", NULL, &tasks, &count, &err));
    assert_int_equal(count, 0);
    assert_ok(task_list(store, arena, NULL, anna, &tasks, &count, &err));
    assert_string_equal(tasks[0].closed_by, "shell");
    assert_string_equal(tasks[0].owner, "Marta");
    int64_t later = date_now_us() + US_PER_DAY, next = 0;
    assert_ok(delivery_due(store, arena, later, 10, &due, &count, &err));
    assert_int_equal(count, 1);
    assert_ok(delivery_tried(store, due[0].id, "waiting", later + 1, "503", &err));
    assert_ok(delivery_due(store, arena, later, 10, &due, &count, &err));
    assert_int_equal(count, 0);
    assert_ok(delivery_next(store, &next, &err));
    assert_int_equal(next, later + 1);
    store_close(store);
}

static void many_are_enrolled_and_those_there_are_passed_over(void **state)
{
    (void)state;
    struct store *store = with_map();
    enrol(store, "c1");
    const struct enrolment_new list[] = {{.map = "m", .customer = "c0"},
                                         {.map = "m", .customer = "c1"},
                                         {.map = "m", .customer = "c0"},
                                         {.map = "m", .customer = "c2"}};
    const struct enrolment_new wrong[] = {{.map = "m", .customer = "c3"},
                                          {.map = "m", .customer = " "}};
    struct enrolment_row *rows = NULL;
    size_t added = 0, count = 0;
    assert_ok(enrolment_add_many(store, list, 4, false, &added, &err));
    assert_int_equal(added, 2);
    assert_int_equal(enrolment_add_many(store, wrong, 2, false, &added, &err),
                     VG_ERR_INPUT);
    assert_ok(enrolment_list(store, arena, "m", &rows, &count, &err));
    assert_int_equal(count, 3); /* all of them, or none */
    assert_int_equal(
        enrolment_add_many(store, &(struct enrolment_new){.map = "none", .customer = "c"},
                           1, false, &added, &err),
        VG_ERR_NOT_FOUND);
    store_close(store);
}

/* ---- forgetting ---- */

static bool file_has(const char *file, const char *words)
{
    bool found = false;
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        const char *name = arena_printf(arena, "%s%s", file, ends[i]);
        int handle = open(name, O_RDONLY);
        if (handle < 0)
            continue;
        off_t size = lseek(handle, 0, SEEK_END);
        char *bytes = malloc((size_t)size + 1);
        assert_int_equal(pread(handle, bytes, (size_t)size, 0), size);
        found |= memmem(bytes, (size_t)size, words, strlen(words)) != NULL;
        free(bytes);
        close(handle);
    }
    return found;
}

static void who_is_erased_is_nowhere(void **state)
{
    (void)state;
    static const char file[] = "%PDF-1.7 CANARYfile and some more bytes behind it";
    struct store *store = with_map();

    const char *anna = enrol(store, "CANARYname"), *carlo = enrol(store, "carlo");
    char id[STORE_ID_BYTES];
    bool made = false;
    int64_t unused = 0;
    add(store, anna, PROGRESS_MESSAGE, "Messaggio", DAY(1), NAN, "CANARYwords");
    add(store, carlo, PROGRESS_MESSAGE, "Messaggio", DAY(1), NAN, "stays");
    const struct progress_new proof = {.enrolment = anna,
                                       .kind = PROGRESS_PROOF,
                                       .activity = "Documento",
                                       .at_us = DAY(2),
                                       .value = NAN,
                                       .bytes = file,
                                       .len = sizeof file,
                                       .file_name = "CANARYfile.pdf"};
    assert_ok(progress_add(store, &proof, &unused, NULL, &err));
    const struct client_link_new link = {.token_hash = STR("CANARYhash"),
                                         .enrolment = anna,
                                         .lang = "it",
                                         .expires_us = INT64_MAX};
    assert_ok(client_link_add(store, &link, id, &err));
    const struct alert_now now = {anna, "stuck", "f", DAY(1)};
    int64_t alert = tell(store, &now, 1, 1000).opened[0].id;
    const struct task_new task = {.enrolment = anna,
                                  .playbook = "p",
                                  .kind = "email",
                                  .title = "CANARYtask",
                                  .text = "",
                                  .owner = "",
                                  .alert = alert};
    const struct delivery_new call = {.enrolment = anna,
                                      .playbook = "w",
                                      .url = "https://x",
                                      .body = "CANARYbody",
                                      .alert = alert};
    assert_ok(task_add(store, &task, &made, &err));
    assert_ok(delivery_add(store, &call, &made, &err));
    assert_ok(alias_join(store, "CANARYname", "CANARYother", &err));
    assert_ok(enrolment_delete(store, enrol(store, "CANARYother2"), &err));
    assert_ok(alias_join(store, "CANARYname", "CANARYother2", &err));
    static const char *const rules[] = {"[[\"only-customer\",\"CANARYname\"]]",
                                        "[[\"where\",\"Nome=CANARYother\"]]",
                                        "[[\"containing\",\"Messaggio\"]]"};
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        assert_ok(enrol_rule_add(store, "m", rules[i], id, &err));
    assert_non_null(strstr(told(store), "CANARYwords"));
    assert_true(file_has(path, "CANARY"));
    struct store_erased erased;
    assert_ok(store_erase(store, arena, "CANARYother", &erased, &err));
    assert_int_equal(erased.paths, 2); /* one of them he was taken off */
    assert_int_equal(erased.events, 2);
    struct enrol_rule *left = NULL;
    size_t left_count = 0;
    assert_ok(enrol_rule_list(store, arena, NULL, &left, &left_count, &err));
    assert_int_equal(left_count, 1); /* that names nobody */
    assert_false(file_has(path, "CANARY"));
    assert_string_equal(told(store), "carlo 1 Messaggio source=percorso \"stays\"|");
    assert_int_equal(store_erase(store, arena, "CANARYname", &erased, &err),
                     VG_ERR_NOT_FOUND);
    store_close(store);
}

static size_t taken_out(struct store *store)
{
    const char **names = NULL;
    size_t count = 0;
    assert_ok(taken_out_list(store, arena, "m", &names, &count, &err));
    return count;
}

static void an_enrolment_undone_was_never_and_one_ended_is_remembered(void **state)
{
    (void)state;
    struct store *store = with_map();
    struct enrolment_row *rows = NULL;
    size_t count = 0;
    assert_ok(enrolment_undo(store, enrol(store, "anna"), &err));
    assert_int_equal(taken_out(store), 0);
    assert_ok(enrolment_list(store, arena, "m", &rows, &count, &err));
    assert_int_equal(count, 0);
    assert_ok(enrolment_delete(store, enrol(store, "anna"), &err));
    assert_int_equal(taken_out(store), 1);
    /* undone, it is again as it was: taken off */
    assert_ok(enrolment_undo(store, enrol(store, "anna"), &err));
    assert_int_equal(taken_out(store), 1);
    const char *used = enrol(store, "bea");
    add(store, used, PROGRESS_NOTE, "Nota", DAY(1), NAN, "parla piano");
    assert_int_equal(enrolment_undo(store, used, &err), VG_ERR_CONFLICT);
    assert_ok(enrolment_get(store, arena, used, &(struct enrolment_row){0}, &err));
    assert_int_equal(enrolment_undo(store, "nobody", &err), VG_ERR_NOT_FOUND);
    store_close(store);
}

static void who_is_put_back_on_a_path_is_not_told_as_taken_off(void **state)
{
    (void)state;
    struct store *store = with_map();
    const char *const names[] = {"anna"};
    struct taken_out *out = NULL;
    struct store_erased erased;
    size_t count = 0;
    assert_ok(enrolment_delete(store, enrol(store, "anna"), &err));
    assert_ok(taken_out_of(store, arena, names, 1, &out, &count, &err));
    assert_int_equal(count, 1);
    enrol(store, "anna");
    assert_ok(taken_out_of(store, arena, names, 1, &out, &count, &err));
    assert_int_equal(count, 0);
    assert_ok(store_erase(store, arena, "anna", &erased, &err));
    assert_int_equal(erased.paths, 1);
    assert_int_equal(taken_out(store), 0);
    store_close(store);
}

static void somebody_is_known_by_each_of_the_joined_names(void **state)
{
    (void)state;
    static const char *const alike[] = {"ADA@Example.com", " ada@example.com", "c1"};
    struct store *store = with_map();
    char id[STORE_ID_BYTES];
    size_t added = 0;
    import(store, "C1;Visit;2025-01-01\nbea@example.com;Visit;2025-01-01\n");
    assert_ok(alias_join(store, "Ada Rossi", "ada@example.com", &err));
    assert_ok(alias_join(store, "Ada Rossi", "C1", &err));
    assert_ok(alias_join(store, "Bea Neri", "bea@example.com", &err));
    enrol(store, "C1");
    struct enrolment_new new = {
        .map = "m", .at_us = DAY(0), .customer = "ada@example.com"};
    assert_int_equal(enrolment_add(store, &new, id, &err), VG_ERR_CONFLICT);
    assert_string_equal(err.what, "\"ada@example.com\" is on this path already, under "
                                  "another name: \"Ada Rossi\"");
    assert_string_equal(err.hint, ""); /* nobody else is called exactly so */
    assert_ok(enrolment_add_many(store, &new, 1, false, &added, &err));
    assert_int_equal(added, 0);
    for (size_t i = 0; i < COUNT_OF(alike); i++) { /* and written almost so */
        new.customer = alike[i];
        assert_int_equal(enrolment_add(store, &new, id, &err), VG_ERR_CONFLICT);
        assert_non_null(strstr(err.what, "\"Ada Rossi\""));
        assert_non_null(strstr(err.hint, "--another"));
    }
    new.customer = "Bea@example.com"; /* who is joined, but not on the path */
    assert_ok(enrolment_add(store, &new, id, &err));
    store_close(store);
}

static void a_name_written_almost_so_is_asked_about(void **state)
{
    (void)state;
    static const char *const alike[] = {"ada rossi", " Ada Rossi ", "Ada  Rossi",
                                        "ADA ROSS\xC3\x8C"};
    struct store *store = with_map();
    char id[STORE_ID_BYTES];
    size_t added = 0;
    enrol(store, "Ada Rossi");
    for (size_t i = 0; i < COUNT_OF(alike); i++) {
        struct enrolment_new new = {.map = "m", .customer = alike[i], .at_us = DAY(0)};
        assert_int_equal(enrolment_add(store, &new, id, &err), VG_ERR_CONFLICT);
        assert_non_null(strstr(err.what, "\"Ada Rossi\""));
        assert_non_null(strstr(err.hint, "--another"));
        assert_int_equal(enrolment_add_many(store, &new, 1, false, &added, &err),
                         VG_ERR_CONFLICT);
    }
    const struct enrolment_new two[] = {
        {.map = "m", .customer = "Bea Neri", .at_us = DAY(0)},
        {.map = "m", .customer = "bea neri", .at_us = DAY(0)}};
    assert_int_equal(enrolment_add_many(store, two, 2, false, &added, &err),
                     VG_ERR_CONFLICT); /* among themselves, too, and nobody is added */
    assert_ok(enrolment_add_many(store, two, 2, true, &added, &err));
    assert_int_equal(added, 2); /* the evidence knows them apart */
    const struct enrolment_new other = {
        .map = "m", .customer = "ada rossi", .at_us = DAY(0), .another = true};
    assert_ok(enrolment_add(store, &other, id, &err));
    assert_int_equal(enrolment_add(store, &other, id, &err), VG_ERR_CONFLICT);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_stands_in_the_log_beside_what_was_imported),
        cmocka_unit_test(
            progress_follows_the_names_that_are_joined_and_can_be_taken_back),
        cmocka_unit_test(what_is_sent_twice_is_kept_once),
        cmocka_unit_test(files_are_what_their_bytes_say),
        cmocka_unit_test(a_link_that_is_over_revoked_or_unknown_is_none),
        cmocka_unit_test(each_crossing_is_told_once),
        cmocka_unit_test(a_playbook_runs_once_for_each_alert),
        cmocka_unit_test(many_are_enrolled_and_those_there_are_passed_over),
        cmocka_unit_test(who_is_erased_is_nowhere),
        cmocka_unit_test(an_enrolment_undone_was_never_and_one_ended_is_remembered),
        cmocka_unit_test(who_is_put_back_on_a_path_is_not_told_as_taken_off),
        cmocka_unit_test(a_name_written_almost_so_is_asked_about),
        cmocka_unit_test(somebody_is_known_by_each_of_the_joined_names),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
