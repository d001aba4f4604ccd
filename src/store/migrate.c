/* A data file's birth, its opening, and its way from version to version. */
#include "store/db.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const unsigned char migration_0001[];
extern const size_t migration_0001_len;
extern const unsigned char migration_0002[];
extern const size_t migration_0002_len;
extern const unsigned char migration_0003[];
extern const size_t migration_0003_len;
extern const unsigned char migration_0004[];
extern const size_t migration_0004_len;

static const struct migration migrations[] = {
    {migration_0001, &migration_0001_len},
    {migration_0002, &migration_0002_len},
    {migration_0003, &migration_0003_len},
    {migration_0004, &migration_0004_len},
};

const struct migration *db_migrations(size_t *ret_count)
{
    *ret_count = COUNT_OF(migrations);
    return migrations;
}

static enum vg_code version_of(struct store *store, int64_t *ret, struct vg_err *err)
{
    *ret = 0;
    return db_number(store, ret, err, "PRAGMA user_version", "");
}

static enum vg_code keep_copy(struct store *store, int64_t version, struct vg_err *err)
{
    char kept[4096];
    if ((size_t)snprintf(kept, sizeof kept, "%s.before-%04lld", store->path,
                         (long long)version + 1) >= sizeof kept)
        return err_set(err, VG_ERR_USAGE, store->path, "%s", _("the name is too long"));
    return db_copy_to(store, kept, NULL, err);
}

static enum vg_code migrate_one(struct store *store, const struct migration *step,
                                int64_t version, struct vg_err *err)
{
    char *sql = malloc(*step->len + 64);
    if (!sql)
        return err_memory(err);
    /* A pragma takes no bound value; this one is a number of ours. */
    snprintf(sql, *step->len + 64, "%.*s;PRAGMA user_version = %lld", (int)*step->len,
             (const char *)step->sql, (long long)version + 1);
    enum vg_code code = db_begin(store, err);
    int64_t now = 0;
    if (code == VG_OK)
        code = version_of(store, &now, err);
    if (code == VG_OK && now == version) { /* nobody was faster */
        int status = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
        code = status == SQLITE_OK ? VG_OK : db_fail(store, status, err);
    }
    free(sql);
    return db_end(store, code, err);
}

enum vg_code db_migrate(struct store *store, const struct migration *list, size_t count,
                        struct vg_err *err)
{
    int64_t version = 0;
    enum vg_code code = version_of(store, &version, err);
    if (code == VG_OK && version > (int64_t)count) {
        err_set(err, VG_ERR_INPUT, store->path, "%s",
                _("it was written by a newer version of Viaggio"));
        err_hint(err, "%s", _("install that version, or a later one"));
        return VG_ERR_INPUT;
    }
    if (code == VG_OK && version > 0 && version < (int64_t)count)
        code = keep_copy(store, version, err);
    for (; code == VG_OK && version < (int64_t)count; version++)
        code = migrate_one(store, &list[version], version, err);
    return code;
}

/* ---- birth ---- */

static enum vg_code fill_new(const char *temporary, const char *title, struct vg_err *err)
{
    struct store *store = NULL;
    size_t count;
    const struct migration *list = db_migrations(&count);
    char uid[33];
    db_id(uid);
    enum vg_code code = db_open(temporary, &store, err);
    if (code == VG_OK)
        code = db_run(store, err, "PRAGMA application_id = 0x56696147", "");
    if (code == VG_OK)
        code = db_migrate(store, list, count, err);
    if (code == VG_OK)
        code = db_begin(store, err);
    if (code == VG_OK) {
        code = db_run(store, err,
                      "INSERT INTO workspace(id, uid, title, created_us) "
                      "VALUES (1, ?, ?, ?)",
                      "tti", uid, title, date_now_us());
        if (code == VG_OK)
            code = audit_add(store, "create", "", err);
        code = db_end(store, code, err);
    }
    store_close(store);
    return code;
}

enum vg_code store_create(const char *path, const char *title, struct vg_err *err)
{
    char temporary[4096];
    if (sodium_init() < 0)
        return err_set(err, VG_ERR_IO, NULL, "%s", _("the system has no random numbers"));
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >=
        sizeof temporary)
        return err_set(err, VG_ERR_USAGE, path, "%s", _("the name is too long"));
    if (access(path, F_OK) == 0) {
        err_set(err, VG_ERR_CONFLICT, path, "%s", _("there is a file of that name"));
        err_hint(err, "%s", _("choose another name, or work on it with -w"));
        return VG_ERR_CONFLICT;
    }
    int handle = mkstemp(temporary);
    if (handle < 0)
        return err_errno(err, path);
    close(handle);
    enum vg_code code = fill_new(temporary, title, err);
    /* link, not rename: it fails when somebody was faster */
    if (code == VG_OK && link(temporary, path) != 0)
        code = errno == EEXIST ? err_set(err, VG_ERR_CONFLICT, path, "%s",
                                         _("there is a file of that name"))
                               : err_errno(err, path);
    unlink(temporary);
    if (code == VG_OK)
        db_sync_folder(path);
    return code;
}

/* ---- opening ---- */

/* Is it a file that may be a database? Only asked about, never opened: closing any handle
 * of our own on it would take away the locks that SQLite's other connections of this
 * process hold (fcntl(2)), and the next program to close the file would delete the
 * write-ahead log under them. */
static enum vg_code check_file(const char *path, struct vg_err *err)
{
    struct stat file;
    if (stat(path, &file) != 0)
        return err_errno(err, path);
    return S_ISREG(file.st_mode) && file.st_size >= 512 ? VG_OK : db_no_file(path, err);
}

static enum vg_code check_ours(struct store *store, struct vg_err *err)
{
    int64_t id = 0, version = 0;
    enum vg_code code = db_number(store, &id, err, "PRAGMA application_id", "");
    if (code == VG_OK)
        code = version_of(store, &version, err);
    if (code != VG_OK || (id == STORE_APPLICATION_ID && version > 0))
        return code;
    return err_set(err, VG_ERR_INPUT, store->path, "%s",
                   _("this is a database, but no data file of Viaggio"));
}

static enum vg_code open_checked(struct store *store, struct vg_err *err)
{
    size_t count;
    int64_t there = 0;
    const struct migration *list = db_migrations(&count);
    enum vg_code code = check_ours(store, err);
    if (code == VG_OK)
        code = db_run(store, err, "PRAGMA journal_mode = WAL", "");
    if (code == VG_OK)
        code = db_migrate(store, list, count, err);
    if (code == VG_OK)
        code = db_number(store, &there, err, "SELECT id FROM workspace", "");
    if (code == VG_OK && !there)
        code = db_damaged(store, _("the workspace itself is missing"), err);
    return code;
}

enum vg_code store_open(const char *path, struct store **ret, struct vg_err *err)
{
    struct store *store = NULL;
    if (sodium_init() < 0)
        return err_set(err, VG_ERR_IO, NULL, "%s", _("the system has no random numbers"));
    enum vg_code code = check_file(path, err);
    if (code == VG_OK)
        code = db_open(path, &store, err);
    if (code != VG_OK)
        return code;
    code = open_checked(store, err);
    if (code == VG_OK)
        *ret = store;
    else
        store_close(store);
    return code;
}

enum vg_code store_set_who(struct store *store, const char *who, struct vg_err *err)
{
    char *copy = strdup(who);
    if (!copy)
        return err_memory(err);
    free(store->who);
    store->who = copy;
    return VG_OK;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

enum vg_code store_title(struct store *store, struct arena *arena, const char **ret,
                         struct vg_err *err)
{
    sqlite3_stmt *statement = NULL;
    bool row = false;
    enum vg_code code = db_ask(store, &statement, err, "SELECT title FROM workspace", "");
    if (code == VG_OK)
        code = db_step(store, statement, &row, err);
    const char *title = code == VG_OK ? db_copy(arena, statement, 0) : NULL;
    sqlite3_finalize(statement);
    if (code == VG_OK && !title)
        return err_memory(err);
    if (code == VG_OK)
        *ret = title;
    return code;
}

enum vg_code store_set_title(struct store *store, const char *title, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_run(store, err, "UPDATE workspace SET title = ?", "t", title);
    if (code == VG_OK)
        code = audit_add(store, "title", "", err);
    return db_end(store, code, err);
}

enum vg_code store_evidence_version(struct store *store, int64_t *ret, struct vg_err *err)
{
    return db_number(store, ret, err, "SELECT evidence_version FROM workspace", "");
}

static bool fill_uid(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    return (*(const char **)ret = db_copy(arena, row, 0)) != NULL;
}

enum vg_code store_uid(struct store *store, struct arena *arena, const char **ret,
                       struct vg_err *err)
{
    bool there;
    *ret = "";
    return db_one(store, arena, fill_uid, ret, &there, err, "SELECT uid FROM workspace",
                  "");
}
