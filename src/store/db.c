/* SQLite with our pragmas, our errors and bound values. Declared in store/db.h. */
#include "store/db.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 10000 /* for another writer */

/* ---- errors ---- */

enum vg_code db_damaged(struct store *store, const char *what, struct vg_err *err)
{
    err_set(err, VG_ERR_INPUT, store->path, _("the data file is damaged: %s"), what);
    return err_hint(err, "%s", _("viaggio restore puts a copy in its place")),
           VG_ERR_INPUT;
}

static bool no_room(struct store *store, int status)
{
    int error = store->db ? sqlite3_system_errno(store->db) : 0;
    return (status & 0xFF) == SQLITE_FULL || status == SQLITE_IOERR_SHMSIZE ||
           ((status & 0xFF) == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT));
}

static enum vg_code disk_full(struct store *store, struct vg_err *err)
{
    err_set(err, VG_ERR_IO, store->path, "%s", _("the disk is full"));
    err_hint(err, "%s", _("nothing is lost: make room, and try again"));
    return VG_ERR_IO;
}

static enum vg_code cannot_open(struct store *store, struct vg_err *err)
{
    int error = store->db ? sqlite3_system_errno(store->db) : 0;
    if (error == EMFILE || error == ENFILE)
        return err_set(err, VG_ERR_IO, store->path, "%s", _("too many files are open"));
    return err_set(err, VG_ERR_IO, store->path, "%s", _("it cannot be opened"));
}

enum vg_code db_no_file(const char *path, struct vg_err *err)
{
    err_set(err, VG_ERR_INPUT, path, "%s", _("this is no data file of Viaggio"));
    err_hint(err, "%s", _("viaggio init makes a new one; import reads evidence into it"));
    return VG_ERR_INPUT;
}

enum vg_code db_fail(struct store *store, int status, struct vg_err *err)
{
    const char *said = store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(status);
    switch (status & 0xFF) {
    case SQLITE_NOMEM:
        return err_memory(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        err_set(err, VG_ERR_CONFLICT, store->path, "%s",
                _("another program is writing to it"));
        err_hint(err, "%s", _("try again when it has finished"));
        return VG_ERR_CONFLICT;
    case SQLITE_FULL:
        return disk_full(store, err);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return err_set(err, VG_ERR_DENIED, store->path, "%s",
                       _("you may not read or write it: check its permissions"));
    case SQLITE_CANTOPEN:
        return cannot_open(store, err);
    case SQLITE_IOERR:
        if (status == SQLITE_IOERR_NOMEM || status == SQLITE_IOERR_SHMMAP)
            return err_memory(err);
        if (no_room(store, status))
            return disk_full(store, err);
        return err_set(err, VG_ERR_IO, store->path, "%s", said);
    case SQLITE_TOOBIG:
        return err_set(err, VG_ERR_LIMIT, store->path, "%s", said);
    case SQLITE_NOTADB:
        return db_no_file(store->path, err);
    case SQLITE_CORRUPT:
    case SQLITE_ERROR: /* a table or column that should be there is not */
    case SQLITE_FORMAT:
    case SQLITE_MISMATCH:
        return db_damaged(store, said, err);
    case SQLITE_CONSTRAINT:
        return err_set(err, VG_ERR_CONFLICT, store->path,
                       _("it contradicts what is there: %s"), said);
    case SQLITE_INTERRUPT:
        return err_set(err, VG_ERR_CANCELLED, NULL, "%s", _("stopped"));
    default:
        return err_set(err, VG_ERR_IO, store->path, "%s", said);
    }
}

/* ---- opening ---- */

/* alone: without a file of shared memory beside it, for which a full disk has no room;
 * nobody else can open it meanwhile. */
static int set_up(struct store *store, bool alone)
{
    static const char pragmas[] =
        "PRAGMA page_size = " STORE_PAGE_BYTES ";"
        "PRAGMA foreign_keys = ON;"
        "PRAGMA trusted_schema = OFF;"
        "PRAGMA cell_size_check = ON;"
        "PRAGMA secure_delete = ON;"
        "PRAGMA temp_store = MEMORY;" /* nothing personal in a temporary file */
        "PRAGMA synchronous = FULL;"  /* docs/adr/0008 */
        "PRAGMA journal_size_limit = 16777216;"
        "PRAGMA cache_size = -16384;"; /* 16 MB */
    sqlite3_extended_result_codes(store->db, 1);
    if (alone)
        sqlite3_exec(store->db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL);
    sqlite3_busy_timeout(store->db, WAIT_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return sqlite3_exec(store->db, pragmas, NULL, NULL, NULL);
}

static int open_as(const char *path, bool alone, struct store *store)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX;
    sqlite3_close_v2(store->db);
    store->db = NULL;
    int status = sqlite3_open_v2(path, &store->db, flags, NULL);
    return status == SQLITE_OK ? set_up(store, alone) : status;
}

enum vg_code db_open(const char *path, struct store **ret, struct vg_err *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path)) || !(store->who = strdup("shell"))) {
        store_close(store);
        return err_memory(err);
    }
    int status = open_as(path, false, store);
    if (status != SQLITE_OK && no_room(store, status)) /* it can be read all the same */
        status = open_as(path, true, store);
    if (status != SQLITE_OK) {
        enum vg_code code = db_fail(store, status, err);
        store_close(store);
        return code;
    }
    *ret = store;
    return VG_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    sqlite3_close_v2(store->db);
    free(store->path);
    free(store->who);
    free(store);
}

/* ---- statements ---- */

enum vg_code db_prepare(struct store *store, const char *sql, sqlite3_stmt **ret,
                        struct vg_err *err)
{
    int status = sqlite3_prepare_v2(store->db, sql, -1, ret, NULL);
    return status == SQLITE_OK ? VG_OK : db_fail(store, status, err);
}

static int bind_one(sqlite3_stmt *statement, int at, char kind, va_list *values)
{
    switch (kind) {
    case 'i':
        return sqlite3_bind_int64(statement, at, va_arg(*values, int64_t));
    case 'd':
        return sqlite3_bind_double(statement, at, va_arg(*values, double));
    case 't': {
        const char *text = va_arg(*values, const char *);
        return sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
    }
    case 's': {
        str text = va_arg(*values, str);
        return sqlite3_bind_text64(statement, at, text.ptr ? text.ptr : "", text.len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    }
    default: {
        const void *bytes = va_arg(*values, const void *);
        size_t len = va_arg(*values, size_t);
        return len ? sqlite3_bind_blob64(statement, at, bytes, len, SQLITE_STATIC)
                   : sqlite3_bind_zeroblob(statement, at, 0);
    }
    }
}

static enum vg_code bind_all(struct store *store, sqlite3_stmt *statement,
                             struct vg_err *err, const char *kinds, va_list *values)
{
    for (int i = 0; kinds[i]; i++) {
        int status = bind_one(statement, i + 1, kinds[i], values);
        if (status != SQLITE_OK)
            return db_fail(store, status, err);
    }
    return VG_OK;
}

enum vg_code db_bind(struct store *store, sqlite3_stmt *statement, struct vg_err *err,
                     const char *kinds, ...)
{
    va_list values;
    va_start(values, kinds);
    sqlite3_reset(statement);
    enum vg_code code = bind_all(store, statement, err, kinds, &values);
    va_end(values);
    return code;
}

enum vg_code db_step(struct store *store, sqlite3_stmt *statement, bool *ret_row,
                     struct vg_err *err)
{
    int status = sqlite3_step(statement);
    if (status != SQLITE_ROW && status != SQLITE_DONE)
        return db_fail(store, status, err);
    *ret_row = status == SQLITE_ROW;
    return VG_OK;
}

static enum vg_code ask(struct store *store, sqlite3_stmt **ret, struct vg_err *err,
                        const char *sql, const char *kinds, va_list *values)
{
    sqlite3_stmt *statement = NULL;
    enum vg_code code = db_prepare(store, sql, &statement, err);
    if (code == VG_OK)
        code = bind_all(store, statement, err, kinds, values);
    if (code == VG_OK)
        *ret = statement;
    else
        sqlite3_finalize(statement);
    return code;
}

enum vg_code db_ask(struct store *store, sqlite3_stmt **ret, struct vg_err *err,
                    const char *sql, const char *kinds, ...)
{
    va_list values;
    va_start(values, kinds);
    enum vg_code code = ask(store, ret, err, sql, kinds, &values);
    va_end(values);
    return code;
}

/* Prepare, bind, run to the end. */
static enum vg_code run_all(struct store *store, struct vg_err *err, const char *sql,
                            const char *kinds, va_list *values)
{
    sqlite3_stmt *statement = NULL;
    bool row = true;
    enum vg_code code = ask(store, &statement, err, sql, kinds, values);
    while (code == VG_OK && row)
        code = db_step(store, statement, &row, err);
    sqlite3_finalize(statement);
    return code;
}

enum vg_code db_run(struct store *store, struct vg_err *err, const char *sql,
                    const char *kinds, ...)
{
    va_list values;
    va_start(values, kinds);
    enum vg_code code = run_all(store, err, sql, kinds, &values);
    va_end(values);
    return code;
}

enum vg_code db_number(struct store *store, int64_t *ret, struct vg_err *err,
                       const char *sql, const char *kinds, ...)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    va_list values;
    va_start(values, kinds);
    enum vg_code code = ask(store, &statement, err, sql, kinds, &values);
    va_end(values);
    if (code == VG_OK)
        code = db_step(store, statement, &row, err);
    if (code == VG_OK && row && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        *ret = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return code;
}

enum vg_code db_list(struct store *store, struct arena *arena, size_t size, db_fill *fill,
                     struct db_rows *ret, struct vg_err *err, const char *sql,
                     const char *kinds, ...)
{
    sqlite3_stmt *rows = NULL;
    char *items = NULL;
    size_t count = 0, capacity = 0;
    bool row = false;
    va_list values;
    va_start(values, kinds);
    enum vg_code code = ask(store, &rows, err, sql, kinds, &values);
    va_end(values);
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        items = arena_grow(arena, items, count, &capacity, size);
        if (!items || !fill(arena, rows, items + count * size))
            code = err_memory(err);
        count++;
    }
    sqlite3_finalize(rows);
    if (code == VG_OK)
        *ret = (struct db_rows){items, count};
    return code;
}

enum vg_code db_one(struct store *store, struct arena *arena, db_fill *fill, void *ret,
                    bool *ret_there, struct vg_err *err, const char *sql,
                    const char *kinds, ...)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    va_list values;
    va_start(values, kinds);
    enum vg_code code = ask(store, &rows, err, sql, kinds, &values);
    va_end(values);
    if (code == VG_OK)
        code = db_step(store, rows, &row, err);
    if (code == VG_OK && row && !fill(arena, rows, ret))
        code = err_memory(err);
    sqlite3_finalize(rows);
    *ret_there = row;
    return code;
}

enum vg_code db_change(struct store *store, const char *id, struct vg_err *err,
                       const char *sql, const char *kinds, ...)
{
    va_list values;
    va_start(values, kinds);
    enum vg_code code = run_all(store, err, sql, kinds, &values);
    va_end(values);
    if (code == VG_OK && sqlite3_changes(store->db) == 0)
        code = err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no \"%s\""), id);
    return code;
}

void db_id(char ret[static 33])
{
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(ret, 33, bytes, sizeof bytes);
}

str db_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    int len = sqlite3_column_bytes(statement, column);
    return text ? (str){text, (size_t)len} : STR("");
}

const char *db_copy(struct arena *arena, sqlite3_stmt *statement, int column)
{
    return arena_text(arena, db_text(statement, column));
}

/* ---- transactions ---- */

enum vg_code db_begin(struct store *store, struct vg_err *err)
{
    return db_run(store, err, "BEGIN IMMEDIATE", "");
}

enum vg_code db_begin_read(struct store *store, struct vg_err *err)
{
    int64_t first = 0;
    enum vg_code code = db_run(store, err, "BEGIN", "");
    /* The moment is that of the first read. */
    return code == VG_OK ? db_number(store, &first, err, "SELECT id FROM workspace", "")
                         : code;
}

enum vg_code db_end(struct store *store, enum vg_code code, struct vg_err *err)
{
    if (code == VG_OK)
        code = db_run(store, err, "COMMIT", "");
    if (code != VG_OK && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

/* ---- copies ---- */

void db_sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int len = slash ? (int)(slash - path) + 1 : 2;
    if (len >= (int)sizeof folder)
        return;
    memcpy(folder, slash ? path : "./", (size_t)len);
    folder[len] = 0;
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle >= 0) {
        fsync(handle);
        close(handle);
    }
}

static enum vg_code copy_pages(struct store *from, struct store *to,
                               struct progress *progress, struct vg_err *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
    if (!backup)
        return db_fail(to, sqlite3_errcode(to->db), err);
    int status = SQLITE_OK;
    bool stop = false;
    while (status == SQLITE_OK && !stop) {
        status = sqlite3_backup_step(backup, 2048);
        int all = sqlite3_backup_pagecount(backup);
        double left = sqlite3_backup_remaining(backup);
        stop = progress_step(progress, _("copying"), all ? 1 - left / all : 0);
    }
    sqlite3_backup_finish(backup);
    if (stop && status != SQLITE_DONE)
        return err_set(err, VG_ERR_CANCELLED, NULL, "%s", _("stopped"));
    return status == SQLITE_DONE ? VG_OK : db_fail(to, status, err);
}

enum vg_code db_copy_to(struct store *from, const char *path, struct progress *progress,
                        struct vg_err *err)
{
    char temporary[4096];
    struct store *to = NULL;
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >=
        sizeof temporary)
        return err_set(err, VG_ERR_USAGE, path, "%s", _("the name is too long"));
    int handle = mkstemp(temporary); /* mode 0600 */
    if (handle < 0)
        return err_errno(err, path);
    close(handle);
    enum vg_code code = db_open(temporary, &to, err);
    /* A reader in WAL mode keeps its moment: the copy needs no second start. */
    bool inside = !sqlite3_get_autocommit(from->db);
    if (code == VG_OK && !inside)
        code = db_begin_read(from, err);
    if (code == VG_OK)
        code = copy_pages(from, to, progress, err);
    if (!inside && !sqlite3_get_autocommit(from->db))
        sqlite3_exec(from->db, "ROLLBACK", NULL, NULL, NULL);
    /* One file, nothing beside it. */
    if (code == VG_OK)
        code = db_run(to, err, "PRAGMA journal_mode = DELETE", "");
    store_close(to);
    handle = code == VG_OK ? open(temporary, O_RDWR | O_CLOEXEC) : -1;
    if (code == VG_OK && (handle < 0 || fsync(handle) || rename(temporary, path)))
        code = err_errno(err, path);
    if (handle >= 0)
        close(handle);
    if (code == VG_OK)
        db_sync_folder(path);
    else
        unlink(temporary);
    return code;
}
