/* store_work: a team's day with a small data file, step by step, for the tests of faults:
 * imports, questions, a map and its edits, aliases, settings, erasing, rebuilding, taking
 * back. Every step may be asked again after it failed, whether or not it was done. */
#ifndef TESTS_STORE_WORK_H
#define TESTS_STORE_WORK_H

#include "check.h"
#include "log_maker.h"

#include "store/alerts.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/evidence.h"
#include "store/maps.h"
#include "store/paths.h"
#include "store/records.h"
#include "store/team.h"

enum { WORK_STEPS = 20 };

/* Logs are made beforehand: what fails is to be the store. */
static struct vg_log *work_logs[3];
static json_t *work_edits[3];
static struct vg_map *work_map;

static void work_logs_make(void)
{
    static const char *const lines[] = {
        "anna;Visit;2025-01-01;web\nanna;Buy;2025-01-02;web\ncarlo;Visit;2025-01-02\n"
        "canary;Visit;2025-01-03;phone\n",
        "anna;Visit;2025-01-01;web\nanna;Buy;2025-01-02;web\ncarlo;Visit;2025-01-02\n"
        "canary;Visit;2025-01-03;phone\neva;Call;2025-01-04;phone\ncarlo;Buy;2025-01-"
        "05\n",
        "zoe;Visit;2025-02-01;web\nanna;Call;2025-02-02;phone;carlo\n"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        log_close(work_logs[i]);
        work_logs[i] = log_from_lines(lines[i]);
    }
}

static void work_open(void)
{
    static const char map[] =
        "{\"id\":\"m\",\"title\":\"Mappa\",\"phases\":[{\"id\":\"f\",\"title\":\"F\","
        "\"steps\":[{\"id\":\"s1\",\"title\":\"Uno\"},{\"id\":\"s2\",\"title\":\"Due\"}]}"
        "]}";
    struct vg_err err = {0};
    assert_ok(map_read(str_from(map), "test", &work_map, &err));
    for (int i = 0; i < 3; i++)
        work_edits[i] =
            json_pack("{s:s, s:s, s:s, s:o}", "op", "set", "at", "s1", "field", "title",
                      "value", json_sprintf("Titolo %d", i));
}

static void work_close(void)
{
    for (size_t i = 0; i < COUNT_OF(work_logs); i++) {
        log_close(work_logs[i]);
        work_logs[i] = NULL;
        json_decref(work_edits[i]);
    }
    map_close(work_map);
}

static inline enum vg_code work_import(struct store *store, int number,
                                       struct vg_err *err)
{
    static const char *const sources[] = {"a", "a", "b"};
    struct store_imported imported;
    struct vg_log *log = work_logs[number];
    static const char rejects[] = "file,line,reason,row\r\na,2,date,canary;x\r\n";
    struct store_import about = {.source = sources[number],
                                 .row_count = log->events + 1,
                                 .rejected = 1,
                                 .report = "{}",
                                 .rejects = {rejects, sizeof rejects - 1}};
    return store_import(store, log, &about, &imported, err);
}

static inline enum vg_code work_ask(struct store *store, struct vg_err *err)
{
    const struct store_wants wants = {.all_attributes = true};
    struct vg_log *log = NULL;
    enum vg_code code = store_log(store, &wants, &log, err);
    log_close(log);
    return code;
}

static inline enum vg_code work_comment(struct store *store, struct vg_err *err)
{
    const struct comment_new new = {
        .map = "m", .item = "s1", .text = "perché?", .name = "Anna"};
    int64_t id = 0, there = 0;
    enum vg_code code = db_number(store, &there, err, "SELECT count(*) FROM comment", "");
    return code == VG_OK && !there ? comment_add(store, &new, &id, err) : code;
}

static inline enum vg_code work_enrol(struct store *store, struct vg_err *err)
{
    const struct enrolment_new new = {.map = "m", .customer = "zoe", .at_us = 1};
    char id[STORE_ID_BYTES];
    enum vg_code code = enrolment_add(store, &new, id, err);
    return code == VG_ERR_CONFLICT ? VG_OK : code;
}

/* With a file: one transaction for both. */
static inline enum vg_code work_progress(struct store *store, struct vg_err *err)
{
    static const char file[64] = "%PDF-1.7 zoe";
    struct progress_new new = {.kind = PROGRESS_PROOF,
                               .activity = "Documento",
                               .at_us = 2,
                               .value = 1,
                               .client = "once",
                               .bytes = file,
                               .len = sizeof file,
                               .file_name = "zoe.pdf"};
    struct enrolment_row row;
    int64_t id = 0;
    struct arena *arena = arena_open(0);
    enum vg_code code =
        arena ? enrolment_find(store, arena, "m", "zoe", &row, err) : err_memory(err);
    if (code == VG_OK) {
        new.enrolment = row.id;
        code = progress_add(store, &new, &id, NULL, err);
    }
    arena_close(arena);
    return code;
}

static inline enum vg_code work_alert(struct store *store, struct vg_err *err)
{
    struct enrolment_row row;
    struct alerts_told told;
    struct alert_now now = {.kind = "stuck", .place = "f", .since_us = 3};
    struct arena *arena = arena_open(0);
    enum vg_code code =
        arena ? enrolment_find(store, arena, "m", "zoe", &row, err) : err_memory(err);
    if (code == VG_OK) {
        now.enrolment = row.id;
        code = alerts_tell(store, arena, "m", &now, 1, 4, &told, err);
    }
    arena_close(arena);
    return code;
}

static inline enum vg_code work_erase(struct store *store, const char *name,
                                      struct vg_err *err)
{
    struct store_erased erased;
    struct arena *arena = arena_open(0);
    enum vg_code code =
        arena ? store_erase(store, arena, name, &erased, err) : err_memory(err);
    arena_close(arena);
    return code == VG_ERR_NOT_FOUND ? VG_OK : code;
}

static enum vg_code work_step(struct store *store, int step, struct vg_err *err)
{
    char client[16];
    enum vg_code code;
    switch (step) {
    case 0:
        return work_import(store, 0, err);
    case 1:
        return maps_keep(store, work_map, NULL, err);
    case 2:
        return work_ask(store, err);
    case 3:
    case 4:
    case 5:
        snprintf(client, sizeof client, "c%d", step);
        return maps_edit(store, "m", work_edits[step - 3], client, NULL, err);
    case 6:
        code = alias_join(store, "anna", "carlo", err);
        return code == VG_ERR_CONFLICT ? VG_OK : code;
    case 7:
        return work_import(store, 1, err);
    case 8:
        return record_put(store, RECORD_SETTING, "emotions", "{\"a\":1}", -1, NULL, err);
    case 9:
        return work_comment(store, err);
    case 10:
        return work_erase(store, "canary", err);
    case 11:
        return work_ask(store, err);
    case 12:
        return work_import(store, 2, err);
    case 13:
        return store_rebuild(store, err);
    case 15:
        return work_enrol(store, err);
    case 16:
        return work_progress(store, err);
    case 17:
        return work_ask(store, err);
    case 18:
        return work_alert(store, err);
    case 19:
        return work_erase(store, "zoe", err);
    default:
        code = store_import_undo(store, 1, NULL, err);
        return code == VG_ERR_NOT_FOUND ? VG_OK : code;
    }
}

/* Which steps change what work_told tells. */
static inline bool work_changes(int step)
{
    return step != 2 && step != 11 && step != 13 && step != 17;
}

/* All that the file says, as text; fails the test when it cannot be read. */
static inline void work_told(struct store *store, struct buf *ret)
{
    const struct store_wants wants = {.all_attributes = true};
    struct vg_err err = {0};
    struct vg_log *log = NULL;
    struct stored_map *maps = NULL;
    struct alias_row *aliases = NULL;
    size_t map_count = 0, alias_count = 0;
    int64_t settings = 0, comments = 0, rejects = 0, paths = 0;
    struct arena *arena = arena_open(0);
    buf_clear(ret);
    assert_ok(store_log(store, &wants, &log, &err));
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            buf_printf(ret, "%s %lld %s\n",
                       dict_text(&log->trace_names, log->trace_name[t]),
                       (long long)log->at_us[row],
                       dict_text(&log->activities, log->activity[row]));
    log_close(log);
    assert_ok(maps_list(store, arena, &maps, &map_count, &err));
    for (size_t i = 0; i < map_count; i++) {
        struct vg_map *map = NULL;
        assert_ok(maps_read(store, maps[i].id, -1, &map, NULL, &err));
        buf_printf(ret, "map %lld %s\n", (long long)maps[i].head,
                   map_step_find(map, "s1")->title);
        map_close(map);
    }
    assert_ok(alias_list(store, arena, &aliases, &alias_count, &err));
    assert_ok(db_number(store, &settings, &err, "SELECT count(*) FROM setting", ""));
    assert_ok(db_number(store, &comments, &err, "SELECT count(*) FROM comment", ""));
    assert_ok(db_number(store, &rejects, &err,
                        "SELECT count(*) > 0 FROM reject r JOIN import i ON "
                        "i.id = r.import_id WHERE i.id = 1",
                        ""));
    assert_ok(db_number(store, &paths, &err,
                        "SELECT (SELECT count(*) FROM enrolment) + 10 * (SELECT count(*) "
                        "FROM proof_file) + 100 * (SELECT count(*) FROM alert)",
                        ""));
    buf_printf(ret, "%zu aliases %lld settings %lld comments %lld paths %lld\n",
               alias_count, (long long)settings, (long long)comments, (long long)rejects,
               (long long)paths);
    arena_close(arena);
}

static inline void work_whole(struct store *store)
{
    struct vg_err err = {0};
    struct store_health health;
    struct arena *arena = arena_open(0);
    assert_ok(store_examine(store, arena, &health, &err));
    if (health.fault_count)
        fail_msg("%s", health.faults[0]);
    arena_close(arena);
}

#endif
