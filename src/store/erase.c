/* One person out of everything that was imported (GDPR, article 17). Declared in
 * store/evidence.h. */
#include "store/evidence_parts.h"

#include "base/lang.h"
#include "store/audit.h"
#include "store/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL = 3 };

struct erasing {
    struct store *store;
    struct arena *arena;
    const char **names;
    size_t name_count;
    struct store_erased erased;
    struct vg_err *err;
};

static bool is_one_of(const struct erasing *e, const char *name)
{
    for (size_t i = 0; i < e->name_count; i++)
        if (strcmp(e->names[i], name) == 0)
            return true;
    return false;
}

static enum vg_code has_person(struct erasing *e, int64_t batch, bool *ret)
{
    struct dict names = {0};
    enum vg_code code = batch_names(e->store, batch, &names, e->err);
    *ret = false;
    for (size_t i = 0; code == VG_OK && i < e->name_count; i++)
        *ret |= dict_find(&names, str_from(e->names[i])) != UINT32_MAX;
    dict_free(&names);
    return code;
}

/* What others marked in the batch, without the places of the person. */
static enum vg_code keep_known(struct erasing *e, const struct known_list *before,
                               const uint8_t *kept, int64_t batch, size_t events)
{
    struct known_list after = {0};
    enum vg_code code = VG_OK;
    for (size_t k = 0; code == VG_OK && k < before->count; k++) {
        const struct known_bits *old = &before->items[k];
        struct known_bits *new = known_of(&after, old->import_id, batch, events);
        size_t to = 0;
        if (!new)
            code = err_memory(e->err);
        for (size_t i = 0; code == VG_OK && i < old->events; i++) {
            if (kept[i] && known_has(old, i))
                known_put(new, to);
            to += kept[i];
        }
    }
    if (code == VG_OK)
        code = known_write(e->store, &after, e->err);
    known_free(&after);
    return code;
}

static enum vg_code write_rest(struct erasing *e, struct vg_log *log, int64_t import_id,
                               const struct known_list *known, const uint8_t *kept)
{
    int64_t batch = 0;
    uint64_t *hashes = identity_hash(log);
    if (!hashes)
        return err_memory(e->err);
    enum vg_code code =
        batch_write(e->store, log, NULL, &import_id, LEVEL, &batch, e->err);
    if (code == VG_OK)
        code = identity_write(e->store, batch, log, hashes, e->err);
    if (code == VG_OK)
        code = keep_known(e, known, kept, batch, log->events);
    free(hashes);
    return code;
}

/* keep[row], and kept[i] for the i-th identity, of what is not the person's. */
static enum vg_code choose_rows(struct erasing *e, const struct vg_log *log,
                                uint8_t *keep, uint8_t *kept)
{
    for (size_t t = 0; t < log->traces; t++) {
        bool gone = is_one_of(e, dict_text(&log->trace_names, log->trace_name[t]));
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            keep[row] = !gone;
        e->erased.events += gone ? log->first[t + 1] - log->first[t] : 0;
    }
    uint32_t *order = identity_order(log);
    for (size_t i = 0; order && i < log->events; i++)
        kept[i] = keep[order[i]];
    free(order);
    return order ? VG_OK : err_memory(e->err);
}

/* The batch again, without the person: columns, dictionaries, identities, marks. */
static enum vg_code rewrite_log(struct erasing *e, struct vg_log *log, int64_t batch,
                                int64_t import_id)
{
    struct known_list known = {0};
    uint8_t *keep = malloc(log->events + 1), *kept = malloc(log->events + 1);
    enum vg_code code = keep && kept ? VG_OK : err_memory(e->err);
    if (code == VG_OK)
        code = choose_rows(e, log, keep, kept);
    if (code == VG_OK)
        code = known_read(e->store, batch, log->events, &known, e->err);
    if (code == VG_OK)
        code = log_tidy(log, keep, e->err);
    if (code == VG_OK)
        code = db_run(e->store, e->err, "DELETE FROM batch WHERE id = ?", "i", batch);
    if (code == VG_OK && log->events)
        code = write_rest(e, log, import_id, &known, kept);
    known_free(&known);
    free(keep);
    free(kept);
    return code;
}

static enum vg_code rewrite(struct erasing *e, int64_t batch, int64_t import_id)
{
    const struct batch_wants everything = {.all = true};
    struct vg_log *log = NULL;
    enum vg_code code = batch_read(e->store, batch, &everything, &log, NULL, e->err);
    if (code == VG_OK)
        code = rewrite_log(e, log, batch, import_id);
    log_close(log);
    e->erased.imports++;
    return code;
}

static enum vg_code rewrite_all(struct erasing *e)
{
    sqlite3_stmt *rows = NULL;
    struct pair {
        int64_t batch, import;
    } *list = NULL;
    size_t count = 0, capacity = 0;
    bool row = false;
    enum vg_code code = db_ask(e->store, &rows, e->err,
                               "SELECT id, import_id FROM batch "
                               "WHERE import_id IS NOT NULL ORDER BY id",
                               "");
    while (code == VG_OK && (code = db_step(e->store, rows, &row, e->err)) == VG_OK &&
           row) {
        list = arena_grow(e->arena, list, count, &capacity, sizeof *list);
        if (!list) {
            code = err_memory(e->err);
            break;
        }
        list[count++] =
            (struct pair){sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1)};
    }
    sqlite3_finalize(rows);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        bool there = false;
        code = has_person(e, list[i].batch, &there);
        if (code == VG_OK && there)
            code = rewrite(e, list[i].batch, list[i].import);
    }
    return code;
}

/* Where people wrote a name themselves: told, not changed. */
static enum vg_code find_mentions(struct erasing *e)
{
    static const char sql[] =
        "SELECT DISTINCT 'map ' || map_id FROM map_operation WHERE instr(body, ?1) "
        "UNION SELECT 'map ' || map_id FROM map_snapshot WHERE instr(body, ?1) "
        "UNION SELECT 'persona ' || id FROM persona WHERE instr(body, ?1) "
        "UNION SELECT 'action ' || id FROM action WHERE instr(body, ?1) "
        "UNION SELECT 'filter ' || id FROM saved_filter WHERE instr(body, ?1) "
        "UNION SELECT 'setting ' || id FROM setting WHERE instr(body, ?1) "
        "UNION SELECT 'comment ' || id || ' map ' || map_id FROM comment "
        "WHERE instr(text, ?1) "
        "UNION SELECT 'share ' || id FROM share WHERE instr(filter, ?1) "
        "UNION SELECT 'source ' || id FROM source WHERE instr(name, ?1) "
        "UNION SELECT 'path ' || id FROM enrolment WHERE instr(body, ?1) OR "
        "instr(left_because, ?1) "
        "UNION SELECT 'progress ' || id FROM progress WHERE instr(text, ?1)";
    size_t capacity = 0;
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < e->name_count; i++) {
        sqlite3_stmt *rows = NULL;
        bool row = false;
        code = db_ask(e->store, &rows, e->err, sql, "t", e->names[i]);
        while (code == VG_OK && (code = db_step(e->store, rows, &row, e->err)) == VG_OK &&
               row) {
            e->erased.mentions =
                arena_grow(e->arena, e->erased.mentions, e->erased.mention_count,
                           &capacity, sizeof *e->erased.mentions);
            const char *text = e->erased.mentions ? db_copy(e->arena, rows, 0) : NULL;
            if (!text) {
                code = err_memory(e->err);
                break;
            }
            e->erased.mentions[e->erased.mention_count++] = text;
        }
        sqlite3_finalize(rows);
    }
    return code;
}

/* ---- rows that were left out ---- */

static bool names_in(const struct erasing *e, str line)
{
    for (size_t i = 0; i < e->name_count; i++)
        if (memmem(line.ptr, line.len, e->names[i], strlen(e->names[i])))
            return true;
    return false;
}

/* Rows of the CSV without those that name the person; a quoted row may have many lines.
 */
static void drop_rows(const struct erasing *e, str rows, struct buf *ret)
{
    size_t from = 0;
    bool quoted = false;
    for (size_t i = 0; i < rows.len; i++) {
        quoted ^= rows.ptr[i] == '"';
        if ((rows.ptr[i] != '\n' || quoted) && i + 1 < rows.len)
            continue;
        str row = {rows.ptr + from, i + 1 - from};
        from = i + 1;
        if (!names_in(e, row))
            buf_add(ret, row);
    }
}

static enum vg_code rewrite_rejects(struct erasing *e, int64_t import_id)
{
    struct buf rest = {0};
    struct packed packed = {0};
    str rows = {NULL, 0};
    enum vg_code code = import_rejects(e->store, e->arena, import_id, &rows, e->err);
    if (code != VG_OK || !names_in(e, rows))
        return code;
    drop_rows(e, rows, &rest);
    if (rest.failed || !pack_bytes(rest.ptr, rest.len, LEVEL, &packed))
        code = err_memory(e->err);
    if (code == VG_OK && rest.len)
        code =
            db_run(e->store, e->err,
                   "UPDATE reject SET body = ?, raw_bytes = ? WHERE import_id = ?", "bii",
                   (const void *)packed.bytes, packed.len, (int64_t)rest.len, import_id);
    else if (code == VG_OK)
        code = db_run(e->store, e->err, "DELETE FROM reject WHERE import_id = ?", "i",
                      import_id);
    free(packed.bytes);
    buf_free(&rest);
    e->erased.rejects++;
    return code;
}

static bool fill_id(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    (void)arena;
    *(int64_t *)ret = sqlite3_column_int64(row, 0);
    return true;
}

static enum vg_code erase_rejects(struct erasing *e)
{
    struct db_rows ids = {0};
    enum vg_code code = db_list(e->store, e->arena, sizeof(int64_t), fill_id, &ids,
                                e->err, "SELECT import_id FROM reject", "");
    for (size_t i = 0; code == VG_OK && i < ids.count; i++)
        code = rewrite_rejects(e, ((const int64_t *)ids.items)[i]);
    return code;
}

/* Whom a rule is not to put back, and rules that name the person: as a value, or as that
 * of a column. */
static enum vg_code erase_from_rules(struct erasing *e, const char *name)
{
    enum vg_code code =
        db_run(e->store, e->err, "DELETE FROM taken_out WHERE customer = ?", "t", name);
    e->erased.paths += (uint64_t)sqlite3_changes(e->store->db);
    if (code == VG_OK)
        code =
            db_run(e->store, e->err,
                   "DELETE FROM enrol_rule WHERE EXISTS (SELECT 1 FROM json_each(rule) "
                   "WHERE json_extract(value, '$[1]') = ?1 OR substr(json_extract("
                   "value, '$[1]'), -length(?1) - 1) = '=' || ?1)",
                   "t", name);
    return code;
}

/* Paths, and with them progress, files, links, alerts, tasks, calls out. */
static enum vg_code erase_paths(struct erasing *e)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < e->name_count; i++) {
        int64_t events = 0;
        code = db_number(e->store, &events, e->err,
                         "SELECT count(*) FROM progress p JOIN enrolment e ON "
                         "e.id = p.enrolment_id WHERE e.customer = ?",
                         "t", e->names[i]);
        if (code == VG_OK) /* who was put back on a path is told once */
            code = db_run(e->store, e->err,
                          "DELETE FROM taken_out WHERE customer = ?1 AND map_id IN "
                          "(SELECT map_id FROM enrolment WHERE customer = ?1)",
                          "t", e->names[i]);
        if (code == VG_OK)
            code = db_run(e->store, e->err, "DELETE FROM enrolment WHERE customer = ?",
                          "t", e->names[i]);
        e->erased.paths += (uint64_t)sqlite3_changes(e->store->db);
        e->erased.events += (uint64_t)events;
        if (code == VG_OK)
            code = erase_from_rules(e, e->names[i]);
    }
    return code;
}

static enum vg_code erase_now(struct erasing *e, const char *name)
{
    char about[32];
    int aliases = 0;
    enum vg_code code =
        alias_names(e->store, e->arena, name, &e->names, &e->name_count, e->err);
    if (code == VG_OK)
        code = rewrite_all(e);
    if (code == VG_OK)
        code = erase_rejects(e);
    if (code == VG_OK)
        code = erase_paths(e);
    for (size_t i = 0; code == VG_OK && i < e->name_count; i++) {
        code = db_run(e->store, e->err, "DELETE FROM alias WHERE main = ?1 OR other = ?1",
                      "t", e->names[i]);
        aliases += sqlite3_changes(e->store->db);
    }
    if (code == VG_OK && !e->erased.events && !e->erased.rejects && !e->erased.paths &&
        !aliases)
        return err_set(e->err, VG_ERR_NOT_FOUND, NULL,
                       _("there is no customer \"%s\" in the evidence"), name);
    if (code == VG_OK)
        code = evidence_changed(e->store, e->err);
    if (code == VG_OK)
        code = image_drop(e->store, e->err);
    if (code == VG_OK)
        code = find_mentions(e);
    snprintf(about, sizeof about, "%llu", (unsigned long long)e->erased.events);
    return code == VG_OK ? audit_add(e->store, "erase", about, e->err) : code;
}

enum vg_code store_empty_wal(struct store *store, struct vg_err *err)
{
    int64_t busy = 1;
    enum vg_code code =
        db_number(store, &busy, err, "PRAGMA wal_checkpoint(TRUNCATE)", "");
    if (code != VG_OK || !busy)
        return code;
    err_set(err, VG_ERR_CONFLICT, store->path, "%s",
            _("another program is reading it: traces of what was erased remain beside it "
              "until that ends"));
    err_hint(err, "%s", _("close the other program, then run viaggio rebuild"));
    return VG_ERR_CONFLICT;
}

enum vg_code store_erase(struct store *store, struct arena *arena, const char *name,
                         struct store_erased *ret, struct vg_err *err)
{
    struct erasing e = {.store = store, .arena = arena, .err = err};
    enum vg_code code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, erase_now(&e, name), err);
    if (code != VG_OK)
        return code;
    *ret = e.erased;
    return store_empty_wal(store, err);
}
