#include "store/audit.h"

#include "base/date.h"
#include "store/db.h"

#include <sodium.h>
#include <string.h>

enum { HASH_BYTES = 32 };

static void hash_text(crypto_generichash_state *state, str text)
{
    uint64_t len = text.len; /* so that "ab","c" is not "a","bc" */
    crypto_generichash_update(state, (const unsigned char *)&len, sizeof len);
    crypto_generichash_update(state, (const unsigned char *)text.ptr, text.len);
}

static void hash_row(const unsigned char before[HASH_BYTES], int64_t seq, int64_t at_us,
                     const str texts[3], unsigned char ret[HASH_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    crypto_generichash_update(&state, before, HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)&seq, sizeof seq);
    crypto_generichash_update(&state, (const unsigned char *)&at_us, sizeof at_us);
    for (size_t i = 0; i < 3; i++)
        hash_text(&state, texts[i]);
    crypto_generichash_final(&state, ret, HASH_BYTES);
}

static void copy_hash(sqlite3_stmt *statement, int column, unsigned char *ret)
{
    memset(ret, 0, HASH_BYTES);
    if (sqlite3_column_bytes(statement, column) == HASH_BYTES)
        memcpy(ret, sqlite3_column_blob(statement, column), HASH_BYTES);
}

enum vg_code audit_add(struct store *store, const char *what, const char *about,
                       struct vg_err *err)
{
    unsigned char before[HASH_BYTES] = {0}, hash[HASH_BYTES];
    sqlite3_stmt *last = NULL;
    int64_t seq = 0, at_us = date_now_us();
    bool row = false;
    enum vg_code code = db_ask(
        store, &last, err, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", "");
    if (code == VG_OK)
        code = db_step(store, last, &row, err);
    if (code == VG_OK && row) {
        seq = sqlite3_column_int64(last, 0);
        copy_hash(last, 1, before);
    }
    sqlite3_finalize(last);
    if (code != VG_OK)
        return code;
    const str texts[3] = {str_from(store->who), str_from(what), str_from(about)};
    hash_row(before, ++seq, at_us, texts, hash);
    return db_run(store, err,
                  "INSERT INTO audit(seq, at_us, who, what, about, hash) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  "iitttb", seq, at_us, store->who, what, about, (const void *)hash,
                  sizeof hash);
}

enum vg_code audit_write(struct store *store, const char *what, const char *about,
                         struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK ? db_end(store, audit_add(store, what, about, err), err) : code;
}

static bool fill_row(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct audit_row *audit = ret;
    *audit = (struct audit_row){sqlite3_column_int64(row, 0),
                                sqlite3_column_int64(row, 1), db_copy(arena, row, 2),
                                db_copy(arena, row, 3), db_copy(arena, row, 4)};
    return audit->who && audit->what && audit->about;
}

enum vg_code audit_page(struct store *store, struct arena *arena, int64_t before,
                        size_t most, struct audit_row **ret, size_t *ret_count,
                        struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct audit_row), fill_row, &rows, err,
                "SELECT seq, at_us, who, what, about FROM audit WHERE seq < ? "
                "ORDER BY seq DESC LIMIT ?",
                "ii", before > 0 ? before : INT64_MAX, (int64_t)most);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code audit_list(struct store *store, struct arena *arena, size_t count,
                        struct audit_row **ret, size_t *ret_count, struct vg_err *err)
{
    return audit_page(store, arena, 0, count, ret, ret_count, err);
}

enum vg_code audit_check(struct store *store, int64_t *ret_bad, uint64_t *ret_count,
                         struct vg_err *err)
{
    unsigned char before[HASH_BYTES] = {0}, hash[HASH_BYTES], stored[HASH_BYTES];
    sqlite3_stmt *rows = NULL;
    int64_t expected = 1, bad = 0;
    bool row = false;
    enum vg_code code =
        db_ask(store, &rows, err,
               "SELECT seq, at_us, who, what, about, hash FROM audit ORDER BY seq", "");
    while (code == VG_OK && (code = db_step(store, rows, &row, err)) == VG_OK && row) {
        int64_t seq = sqlite3_column_int64(rows, 0);
        const str texts[3] = {db_text(rows, 2), db_text(rows, 3), db_text(rows, 4)};
        hash_row(before, seq, sqlite3_column_int64(rows, 1), texts, hash);
        copy_hash(rows, 5, stored);
        if (!bad && (seq != expected || memcmp(hash, stored, HASH_BYTES) != 0))
            bad = expected;
        memcpy(before, stored, HASH_BYTES);
        expected++;
    }
    sqlite3_finalize(rows);
    *ret_bad = bad;
    *ret_count = (uint64_t)(expected - 1);
    return code;
}
