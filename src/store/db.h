/* db: SQLite as the rest of src/store/ uses it. Statements are constant texts with bound
 * values, always.
 *
 * Values are bound by a word of letters, one per '?': i int64_t, t const char * (NULL is
 * NULL), s str, d double, b const void * and size_t. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/buf.h"
#include "store/store.h"

#include <sqlite3.h>

#define STORE_APPLICATION_ID 0x56696147 /* "ViaG" */
#define STORE_PAGE_BYTES     "16384"

struct store {
    sqlite3 *db;
    char *path, *who;
};

/* One migration: what brings a file from version i to i + 1. */
struct migration {
    const unsigned char *sql;
    const size_t *len;
};
/* Bring the file up to `count`, each step in a transaction of its own. A file that has
 * something in it is copied to PATH.before-NNNN first. */
MUST_CHECK enum vg_code db_migrate(struct store *store, const struct migration *list,
                                   size_t count, struct vg_err *err);
const struct migration *db_migrations(size_t *ret_count);

/* Open with our pragmas; no migration, no check of what it is. */
MUST_CHECK enum vg_code db_open(const char *path, struct store **ret, struct vg_err *err);
/* What SQLite said, as an error of ours. */
enum vg_code db_fail(struct store *store, int status, struct vg_err *err);
enum vg_code db_no_file(const char *path, struct vg_err *err);
enum vg_code db_damaged(struct store *store, const char *what, struct vg_err *err);

MUST_CHECK enum vg_code db_prepare(struct store *store, const char *sql,
                                   sqlite3_stmt **ret, struct vg_err *err);
MUST_CHECK enum vg_code db_bind(struct store *store, sqlite3_stmt *statement,
                                struct vg_err *err, const char *kinds, ...);
/* The next row; *ret_row false at the end. */
MUST_CHECK enum vg_code db_step(struct store *store, sqlite3_stmt *statement,
                                bool *ret_row, struct vg_err *err);
/* Prepare, bind; the caller steps and calls sqlite3_finalize. */
MUST_CHECK enum vg_code db_ask(struct store *store, sqlite3_stmt **ret,
                               struct vg_err *err, const char *sql, const char *kinds,
                               ...);
/* Prepare, bind, run to the end. */
MUST_CHECK enum vg_code db_run(struct store *store, struct vg_err *err, const char *sql,
                               const char *kinds, ...);
/* The one number it asks for; *ret stays when there is no row or it is NULL. */
MUST_CHECK enum vg_code db_number(struct store *store, int64_t *ret, struct vg_err *err,
                                  const char *sql, const char *kinds, ...);
/* One thing from a row; false when memory is used up. */
typedef bool db_fill(struct arena *arena, sqlite3_stmt *row, void *ret);
/* Every row as a thing of `size` bytes in the arena. */
struct db_rows {
    void *items;
    size_t count;
};
MUST_CHECK enum vg_code db_list(struct store *store, struct arena *arena, size_t size,
                                db_fill *fill, struct db_rows *ret, struct vg_err *err,
                                const char *sql, const char *kinds, ...);
/* The first row, where there is one. */
MUST_CHECK enum vg_code db_one(struct store *store, struct arena *arena, db_fill *fill,
                               void *ret, bool *ret_there, struct vg_err *err,
                               const char *sql, const char *kinds, ...);
/* db_run that must change a row: VG_ERR_NOT_FOUND, naming `id`, when it did not. */
MUST_CHECK enum vg_code db_change(struct store *store, const char *id, struct vg_err *err,
                                  const char *sql, const char *kinds, ...);
/* 128 random bits in hexadecimal. */
void db_id(char ret[static 33]);
/* A column as text: never NULL, lives until the next step. */
str db_text(sqlite3_stmt *statement, int column);
/* A column's text in `arena`, "" for NULL. NULL when memory is used up. */
const char *db_copy(struct arena *arena, sqlite3_stmt *statement, int column) MUST_CHECK;

/* A transaction that writes (waits for another writer) or only reads (one moment). */
MUST_CHECK enum vg_code db_begin(struct store *store, struct vg_err *err);
MUST_CHECK enum vg_code db_begin_read(struct store *store, struct vg_err *err);
/* Commit when code is VG_OK, otherwise roll back; returns what came of it. */
MUST_CHECK enum vg_code db_end(struct store *store, enum vg_code code,
                               struct vg_err *err);

/* Copy all of `from` into a new file that is there whole or not at all. */
MUST_CHECK enum vg_code db_copy_to(struct store *from, const char *path,
                                   struct progress *progress, struct vg_err *err);
/* Make a file's own entry in its folder last. */
void db_sync_folder(const char *path);

#endif
