/* Who comes onto a path, nobody twice. Declared in store/paths.h. */
#include "store/paths.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/evidence_parts.h"

#include <stdio.h>
#include <string.h>

static enum vg_code check_map(struct store *store, const char *map, struct vg_err *err)
{
    int64_t there = 0;
    enum vg_code code =
        db_number(store, &there, err,
                  "SELECT 1 FROM map WHERE id = ? AND deleted_us IS NULL", "t", map);
    if (code == VG_OK && !there)
        return err_set(err, VG_ERR_NOT_FOUND, store->path, _("there is no map \"%s\""),
                       map);
    return code;
}

static enum vg_code check_new(const struct enrolment_new *new, struct vg_err *err)
{
    size_t len = strlen(new->customer);
    if (!str_trim(str_from(new->customer)).len)
        return err_set(err, VG_ERR_INPUT, "customer", "%s",
                       _("the customer has no name"));
    if (len > 500 || (new->body &&strlen(new->body) > LIMIT_ENROLMENT_BYTES))
        return err_set(err, VG_ERR_LIMIT, "customer", "%s", _("this is too long"));
    return VG_OK;
}

/* Who is on a map, by main names. */
struct adding {
    struct store *store;
    const char *map;
    bool by_rule;
    struct alias_map aliases;
    struct dict there;  /* by a rule, also those who were taken out */
    struct dict folded; /* the same names as they are compared when people type them */
    struct dict others; /* and all joined names, so compared */
    uint32_t *other_of; /* [others.count] in aliases.names */
    struct arena *arena;
    struct vg_err *err;
};

/* By any name: two ways of writing one are known by one fold. */
static enum vg_code adding_note(struct adding *adding, str name)
{
    uint32_t unused;
    str folded = utf8_fold(adding->arena, name);
    if (!folded.ptr)
        return err_memory(adding->err);
    enum vg_code code =
        dict_add(&adding->there, name, UINT32_MAX - 1, &unused, adding->err);
    return code == VG_OK
               ? dict_add(&adding->folded, folded, UINT32_MAX - 1, &unused, adding->err)
               : code;
}

static enum vg_code adding_note_others(struct adding *adding)
{
    const struct dict *names = &adding->aliases.names;
    enum vg_code code = VG_OK;
    adding->other_of = arena_array(adding->arena, uint32_t, names->count + 1);
    if (!adding->other_of)
        return err_memory(adding->err);
    for (uint32_t i = 0; code == VG_OK && i < names->count; i++) {
        uint32_t before = adding->others.count, at = 0;
        str folded = utf8_fold(adding->arena, dict_str(names, i));
        code = folded.ptr
                   ? dict_add(&adding->others, folded, UINT32_MAX - 1, &at, adding->err)
                   : err_memory(adding->err);
        if (code == VG_OK && adding->others.count > before)
            adding->other_of[at] = i;
    }
    return code;
}

/* Who is there and has another name that is written almost so; NULL: nobody. */
static const char *adding_other(struct adding *adding, str folded)
{
    uint32_t at = dict_find(&adding->others, folded);
    if (at == UINT32_MAX)
        return NULL;
    str name = dict_str(&adding->aliases.names, adding->other_of[at]);
    uint32_t there = dict_find(&adding->there, alias_main(&adding->aliases, name));
    return there == UINT32_MAX ? NULL : dict_text(&adding->there, there);
}

/* Who is there, written almost so, by any of the names; NULL: nobody. */
static const char *adding_twin(struct adding *adding, str name)
{
    str folded = utf8_fold(adding->arena, name);
    if (!folded.ptr)
        return NULL;
    if (dict_find(&adding->folded, folded) == UINT32_MAX)
        return adding_other(adding, folded);
    for (uint32_t i = 0; i < adding->there.count; i++) {
        const char *other = dict_text(&adding->there, i);
        if (str_equal(folded, utf8_fold(adding->arena, str_from(other))))
            return other;
    }
    return NULL;
}

static enum vg_code adding_begin(struct adding *adding)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code = check_map(adding->store, adding->map, adding->err);
    if (code == VG_OK && !(adding->arena = arena_open(0)))
        code = err_memory(adding->err);
    if (code == VG_OK)
        code = alias_map_read(adding->store, &adding->aliases, adding->err);
    if (code == VG_OK)
        code = adding_note_others(adding);
    if (code == VG_OK)
        code = db_ask(adding->store, &rows, adding->err,
                      "SELECT customer FROM enrolment WHERE map_id = ?1 UNION ALL "
                      "SELECT customer FROM taken_out WHERE map_id = ?1 AND ?2",
                      "ti", adding->map, (int64_t)adding->by_rule);
    while (code == VG_OK &&
           (code = db_step(adding->store, rows, &row, adding->err)) == VG_OK && row)
        code = adding_note(adding, alias_main(&adding->aliases, db_text(rows, 0)));
    sqlite3_finalize(rows);
    return code;
}

static void adding_end(struct adding *adding)
{
    alias_map_free(&adding->aliases);
    dict_free(&adding->there);
    dict_free(&adding->folded);
    dict_free(&adding->others);
    arena_close(adding->arena);
}

static enum vg_code add_one(struct adding *adding, const struct enrolment_new *new,
                            char ret_id[static STORE_ID_BYTES], bool *ret_there)
{
    enum vg_code code = check_new(new, adding->err);
    str name = alias_main(&adding->aliases, str_from(new->customer));
    *ret_there = dict_find(&adding->there, name) != UINT32_MAX;
    if (code != VG_OK || *ret_there)
        return code;
    const char *twin = adding->by_rule || new->another ? NULL : adding_twin(adding, name);
    if (twin) {
        err_set(adding->err, VG_ERR_CONFLICT, NULL,
                _("\"%s\" is on this path already: \"%s\" may be the same, written "
                  "otherwise"),
                twin, new->customer);
        return err_hint(adding->err, "%s",
                        _("for another person of that name: --another in the shell, "
                          "\"another\": true over HTTP")),
               VG_ERR_CONFLICT;
    }
    if (adding->there.count >= LIMIT_ENROLMENTS)
        return err_set(adding->err, VG_ERR_LIMIT, NULL,
                       _("a path has at most %d customers"), LIMIT_ENROLMENTS);
    code = adding_note(adding, name);
    if (code != VG_OK)
        return code;
    db_id(ret_id);
    return db_run(adding->store, adding->err,
                  "INSERT INTO enrolment(id, map_id, customer, at_us, body, version, "
                  "created_us, created_by) VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
                  "tttitit", ret_id, new->map, new->customer, new->at_us,
                  new->body ? new->body : "{}", date_now_us(), adding->store->who);
}

static enum vg_code say_there(const struct adding *adding, const char *customer)
{
    str main = alias_main(&adding->aliases, str_from(customer));
    if (str_equal(main, str_from(customer)))
        return err_set(adding->err, VG_ERR_CONFLICT, NULL,
                       _("\"%s\" is on this path already"), customer);
    return err_set(adding->err, VG_ERR_CONFLICT, NULL,
                   _("\"%s\" is on this path already, under another name: \"%.*s\""),
                   customer, (int)main.len, main.ptr);
}

enum vg_code enrolment_add(struct store *store, const struct enrolment_new *new,
                           char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    struct adding adding = {.store = store, .map = new->map, .err = err};
    bool there = false;
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = adding_begin(&adding);
    if (code == VG_OK)
        code = add_one(&adding, new, ret_id, &there);
    if (code == VG_OK && there)
        code = say_there(&adding, new->customer);
    adding_end(&adding);
    if (code == VG_OK)
        code = path_changed(store, err);
    if (code == VG_OK)
        code = audit_add(store, "enrol", ret_id, err);
    return db_end(store, code, err);
}

enum vg_code enrolment_add_many(struct store *store, const struct enrolment_new *list,
                                size_t count, bool by_rule, size_t *ret_added,
                                struct vg_err *err)
{
    struct adding adding = {
        .store = store, .map = count ? list[0].map : "", .by_rule = by_rule, .err = err};
    char id[STORE_ID_BYTES], about[32];
    size_t added = 0;
    *ret_added = 0;
    enum vg_code code = count ? db_begin(store, err) : VG_OK;
    if (code != VG_OK || !count)
        return code;
    code = adding_begin(&adding);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        bool there = false;
        code = add_one(&adding, &list[i], id, &there);
        added += code == VG_OK && !there;
    }
    adding_end(&adding);
    snprintf(about, sizeof about, "%zu", added);
    if (code == VG_OK && added)
        code = path_changed(store, err);
    if (code == VG_OK && added)
        code = audit_add(store, "enrol", about, err);
    code = db_end(store, code, err);
    if (code == VG_OK)
        *ret_added = added;
    return code;
}
