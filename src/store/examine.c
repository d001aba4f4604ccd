/* Looking at everything there is. Declared in store/store.h. */
#include "store/evidence_parts.h"

#include "base/lang.h"
#include "store/audit.h"
#include "store/maps.h"
#include "store/team.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { FAULTS_MOST = 100 };

struct examining {
    struct store *store;
    struct arena *arena;
    struct store_health *health;
    struct vg_err *err;
};

static enum vg_code fault(struct examining *x, const char *format, ...) PRINTF(2, 3);
static enum vg_code fault(struct examining *x, const char *format, ...)
{
    struct store_health *health = x->health;
    char text[512];
    va_list args;
    if (health->fault_count >= FAULTS_MOST)
        return VG_OK;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    health->faults = arena_grow(x->arena, health->faults, health->fault_count,
                                &health->fault_capacity, sizeof *health->faults);
    const char *kept = health->faults ? arena_text(x->arena, str_from(text)) : NULL;
    if (!kept)
        return err_memory(x->err);
    health->faults[health->fault_count++] = kept;
    return VG_OK;
}

/* What went wrong while looking is what was to be found; only memory is an error. */
static enum vg_code found(struct examining *x, enum vg_code code,
                          const struct vg_err *why)
{
    if (code == VG_OK)
        return VG_OK;
    if (code == VG_ERR_MEMORY)
        return err_memory(x->err);
    return fault(x, "%s", why->what);
}

static enum vg_code check_sqlite(struct examining *x, const char *sql, const char *fine)
{
    sqlite3_stmt *rows = NULL;
    struct vg_err why = {0};
    bool row = false;
    enum vg_code code = db_ask(x->store, &rows, &why, sql, "");
    while (code == VG_OK && (code = db_step(x->store, rows, &row, &why)) == VG_OK &&
           row) {
        str text = db_text(rows, 0);
        if (fine && str_equal(text, str_from(fine)))
            continue;
        code = fault(x, _("the database: %.*s"), STR_ARG(text));
    }
    sqlite3_finalize(rows);
    return found(x, code, &why);
}

static enum vg_code check_batch(struct examining *x, int64_t id, bool image)
{
    const struct batch_wants everything = {.all = true, .origin = true};
    struct vg_log *log = NULL;
    uint32_t *origin = NULL;
    struct vg_err why = {0};
    int64_t identities = 0;
    enum vg_code code = batch_read(x->store, id, &everything, &log, &origin, &why);
    if (code == VG_OK)
        code = db_number(x->store, &identities, &why,
                         "SELECT coalesce(sum(length(body)), 0) / 8 FROM identity "
                         "WHERE batch_id = ?",
                         "i", id);
    if (code == VG_OK && !image && (size_t)identities != log->events)
        code = fault(x, _("evidence %lld has %lld identities for %zu events"),
                     (long long)id, (long long)identities, log->events);
    if (code == VG_OK && !image)
        x->health->events += log->events;
    log_close(log);
    free(origin);
    return found(x, code, &why);
}

static enum vg_code check_batches(struct examining *x)
{
    sqlite3_stmt *rows = NULL;
    struct vg_err why = {0};
    bool row = false;
    enum vg_code code = db_ask(x->store, &rows, &why,
                               "SELECT id, import_id IS NULL FROM batch ORDER BY id", "");
    while (code == VG_OK && (code = db_step(x->store, rows, &row, &why)) == VG_OK && row)
        code = check_batch(x, sqlite3_column_int64(rows, 0),
                           sqlite3_column_int(rows, 1) != 0);
    sqlite3_finalize(rows);
    return found(x, code, &why);
}

/* Marks and rows left out can be unpacked; pictures are what their names say. */
static enum vg_code check_marks(struct examining *x)
{
    sqlite3_stmt *rows = NULL;
    struct vg_err why = {0};
    bool row = false;
    enum vg_code code =
        db_ask(x->store, &rows, &why,
               "SELECT DISTINCT k.batch_id, b.events FROM known k JOIN batch b ON "
               "b.id = k.batch_id",
               "");
    while (code == VG_OK && (code = db_step(x->store, rows, &row, &why)) == VG_OK &&
           row) {
        struct known_list list = {0};
        code = known_read(x->store, sqlite3_column_int64(rows, 0),
                          (size_t)sqlite3_column_int64(rows, 1), &list, &why);
        known_free(&list);
    }
    sqlite3_finalize(rows);
    return found(x, code, &why);
}

static enum vg_code check_rejects(struct examining *x)
{
    sqlite3_stmt *rows = NULL;
    struct vg_err why = {0};
    bool row = false;
    enum vg_code code = db_ask(x->store, &rows, &why, "SELECT import_id FROM reject", "");
    while (code == VG_OK && (code = db_step(x->store, rows, &row, &why)) == VG_OK &&
           row) {
        str text;
        code = import_rejects(x->store, x->arena, sqlite3_column_int64(rows, 0), &text,
                              &why);
    }
    sqlite3_finalize(rows);
    return found(x, code, &why);
}

static enum vg_code check_pictures(struct examining *x)
{
    sqlite3_stmt *rows = NULL;
    struct vg_err why = {0};
    bool row = false;
    char id[STORE_ID_BYTES];
    enum vg_code code = db_ask(x->store, &rows, &why, "SELECT id, body FROM file", "");
    while (code == VG_OK && (code = db_step(x->store, rows, &row, &why)) == VG_OK &&
           row) {
        picture_name(sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1),
                     id);
        if (!str_equal(db_text(rows, 0), str_from(id)))
            code = fault(x, _("the picture %.*s is damaged"), STR_ARG(db_text(rows, 0)));
    }
    sqlite3_finalize(rows);
    return found(x, code, &why);
}

static enum vg_code check_maps(struct examining *x)
{
    struct stored_map *maps = NULL;
    size_t count = 0;
    struct vg_err why = {0};
    enum vg_code code = maps_list(x->store, x->arena, &maps, &count, &why);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        struct vg_map *map = NULL;
        code = maps_read(x->store, maps[i].id, -1, &map, NULL, &why);
        map_close(map);
        code = found(x, code, &why);
    }
    x->health->maps = count;
    return found(x, code, &why);
}

static enum vg_code check_audit(struct examining *x)
{
    int64_t bad = 0;
    struct vg_err why = {0};
    enum vg_code code = audit_check(x->store, &bad, &x->health->audit_rows, &why);
    if (code == VG_OK && bad)
        code = fault(x, _("the audit was changed at entry %lld"), (long long)bad);
    return found(x, code, &why);
}

static enum vg_code measure(struct examining *x)
{
    static const struct {
        const char *what, *sql;
    } sizes[] = {
        {"evidence", "SELECT coalesce(sum(b.events), 0), (SELECT coalesce(sum("
                     "length(k.body)), 0) FROM block k JOIN batch c ON c.id = k.batch_id "
                     "WHERE c.import_id IS NOT NULL) FROM batch b "
                     "WHERE b.import_id IS NOT NULL"},
        {"image", "SELECT coalesce(sum(b.events), 0), (SELECT coalesce(sum("
                  "length(k.body)), 0) FROM block k JOIN batch c ON c.id = k.batch_id "
                  "WHERE c.import_id IS NULL) FROM batch b WHERE b.import_id IS NULL"},
        {"identities",
         "SELECT coalesce(sum(length(body)), 0) / 8, coalesce(sum(length(body)), 0) "
         "FROM identity"},
        {"marks", "SELECT count(*), coalesce(sum(length(body)), 0) FROM known"},
        {"rejects", "SELECT coalesce(sum(row_count), 0), coalesce(sum(length(body)), 0) "
                    "FROM reject"},
        {"imports", "SELECT count(*), coalesce(sum(length(report)), 0) FROM import"},
        {"maps", "SELECT count(*), (SELECT coalesce(sum(length(body)), 0) FROM "
                 "map_snapshot) FROM map"},
        {"operations", "SELECT count(*), coalesce(sum(length(body) + "
                       "coalesce(length(inverse), 0)), 0) FROM map_operation"},
        {"comments", "SELECT count(*), coalesce(sum(length(text)), 0) FROM comment"},
        {"pictures", "SELECT count(*), coalesce(sum(length(body)), 0) FROM file"},
        {"people", "SELECT count(*), coalesce(sum(length(body)), 0) FROM person"},
        {"sessions", "SELECT count(*), coalesce(sum(length(token_hash) + 40), 0) FROM "
                     "session"},
        {"shares", "SELECT count(*), coalesce(sum(length(filter) + 80), 0) FROM share"},
        {"paths", "SELECT count(*), coalesce(sum(length(customer) + length(body) + 120), "
                  "0) FROM enrolment"},
        {"progress", "SELECT count(*), coalesce(sum(length(activity) + length(text) + "
                     "100), 0) FROM progress"},
        {"proofs", "SELECT count(*), coalesce(sum(length(body)), 0) FROM proof_file"},
        {"alerts", "SELECT count(*), (SELECT coalesce(sum(length(title) + length(text) + "
                   "80), 0) FROM task) + count(*) * 60 FROM alert"},
        {"audit", "SELECT count(*), coalesce(sum(length(what) + length(about) + 60), 0) "
                  "FROM audit"},
    };
    struct store_health *health = x->health;
    health->sizes = arena_array(x->arena, struct store_size, COUNT_OF(sizes));
    if (!health->sizes)
        return err_memory(x->err);
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        sqlite3_stmt *row = NULL;
        struct vg_err why = {0};
        bool there = false;
        enum vg_code code = db_ask(x->store, &row, &why, sizes[i].sql, "");
        if (code == VG_OK)
            code = db_step(x->store, row, &there, &why);
        if (code == VG_OK && there)
            health->sizes[health->size_count++] =
                (struct store_size){sizes[i].what, (uint64_t)sqlite3_column_int64(row, 0),
                                    (uint64_t)sqlite3_column_int64(row, 1)};
        sqlite3_finalize(row);
        if (code != VG_OK && (code = found(x, code, &why)) != VG_OK)
            return code;
    }
    return VG_OK;
}

/* SQLite reads what is missing of the last page as nothing, and where that page is a free
 * one says nothing. Another process may be writing it: looked at twice. */
static enum vg_code check_end(struct examining *x)
{
    const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
    struct vg_err why = {0};
    struct stat file;
    int64_t page = 0, left = 0;
    enum vg_code code = db_number(x->store, &page, &why, "PRAGMA page_size", "");
    for (int turn = 0; code == VG_OK && turn < 2 && (turn == 0 || left); turn++) {
        if (turn)
            nanosleep(&moment, NULL);
        left = page && stat(x->store->path, &file) == 0 ? file.st_size % page : 0;
    }
    if (code == VG_OK && left)
        return fault(x, "%s", _("the file ends in the middle of a page: it was cut off"));
    return found(x, code, &why);
}

static enum vg_code count_all(struct examining *x)
{
    int64_t pages = 0, free_pages = 0, page = 0, imports = 0;
    struct vg_err why = {0};
    enum vg_code code = db_number(x->store, &pages, &why, "PRAGMA page_count", "");
    if (code == VG_OK)
        code = db_number(x->store, &free_pages, &why, "PRAGMA freelist_count", "");
    if (code == VG_OK)
        code = db_number(x->store, &page, &why, "PRAGMA page_size", "");
    if (code == VG_OK)
        code = db_number(x->store, &imports, &why, "SELECT count(*) FROM import", "");
    x->health->file_bytes = (uint64_t)(pages * page);
    x->health->free_bytes = (uint64_t)(free_pages * page);
    x->health->imports = (uint64_t)imports;
    return found(x, code, &why);
}

enum vg_code store_examine(struct store *store, struct arena *arena,
                           struct store_health *ret, struct vg_err *err)
{
    struct examining x = {store, arena, ret, err};
    *ret = (struct store_health){0};
    enum vg_code code = check_sqlite(&x, "PRAGMA integrity_check(20)", "ok");
    if (code == VG_OK)
        code = check_sqlite(&x, "PRAGMA foreign_key_check", NULL);
    if (code == VG_OK)
        code = check_end(&x);
    if (code == VG_OK)
        code = check_batches(&x);
    if (code == VG_OK)
        code = check_marks(&x);
    if (code == VG_OK)
        code = check_rejects(&x);
    if (code == VG_OK)
        code = check_pictures(&x);
    if (code == VG_OK)
        code = check_maps(&x);
    if (code == VG_OK)
        code = check_audit(&x);
    if (code == VG_OK)
        code = measure(&x);
    return code == VG_OK ? count_all(&x) : code;
}
