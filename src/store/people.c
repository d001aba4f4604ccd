/* Declared in store/people.h. */
#include "store/people.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/db.h"
#include "text/json.h"

#include <stdio.h>
#include <string.h>

#define PERSON_COLUMNS                                                                   \
    "SELECT id, coalesce(json_extract(body, '$.name'), ''), coalesce(email, ''), "       \
    "coalesce(json_extract(body, '$.lang'), ''), role, disabled, version, created_us, "  \
    "coalesce((SELECT max(seen_us) FROM session WHERE person_id = person.id), 0) "       \
    "FROM person "

static const char *const role_names[] = {"reader", "editor", "owner"};

const char *person_role_name(enum person_role role)
{
    return role_names[role];
}

bool person_role_parse(const char *name, enum person_role *ret)
{
    for (size_t i = 0; name && i < COUNT_OF(role_names); i++)
        if (strcmp(role_names[i], name) == 0) {
            *ret = (enum person_role)i;
            return true;
        }
    return false;
}

/* ---- reading ---- */

static bool fill_person(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct person *person = ret;
    const char *role = db_copy(arena, row, 4);
    *person = (struct person){.id = db_copy(arena, row, 0),
                              .name = db_copy(arena, row, 1),
                              .email = db_copy(arena, row, 2),
                              .lang = db_copy(arena, row, 3),
                              .disabled = sqlite3_column_int(row, 5) != 0,
                              .version = sqlite3_column_int64(row, 6),
                              .created_us = sqlite3_column_int64(row, 7),
                              .seen_us = sqlite3_column_int64(row, 8)};
    if (role && !person_role_parse(role, &person->role))
        person->role = PERSON_READER;
    return role && person->id && person->name && person->email && person->lang;
}

enum vg_code people_list(struct store *store, struct arena *arena, const char *after,
                         size_t most, struct person **ret, size_t *ret_count,
                         struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code = db_list(store, arena, sizeof(struct person), fill_person, &rows,
                                err, PERSON_COLUMNS "WHERE id > ? ORDER BY id LIMIT ?",
                                "ti", after, (int64_t)most);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

static enum vg_code nobody(struct store *store, enum vg_code code, bool there,
                           struct vg_err *err)
{
    return code == VG_OK && !there ? err_set(err, VG_ERR_NOT_FOUND, store->path, "%s",
                                             _("there is no such person"))
                                   : code;
}

enum vg_code person_get(struct store *store, struct arena *arena, const char *id,
                        struct person *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_person, ret, &there, err,
                               PERSON_COLUMNS "WHERE id = ?", "t", id);
    return nobody(store, code, there, err);
}

enum vg_code person_by_email(struct store *store, struct arena *arena, const char *email,
                             struct person *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_person, ret, &there, err,
                               PERSON_COLUMNS "WHERE email = lower(?)", "t", email);
    return nobody(store, code, there, err);
}

enum vg_code people_owners(struct store *store, int64_t *ret, struct vg_err *err)
{
    *ret = 0;
    return db_number(store, ret, err,
                     "SELECT count(*) FROM person WHERE role = 'owner' AND NOT disabled",
                     "");
}

/* ---- making ---- */

/* Within a transaction. */
static enum vg_code add_now(struct store *store, const struct person_new *person,
                            enum person_role role, char ret_id[static STORE_ID_BYTES],
                            struct vg_err *err)
{
    int64_t taken = 0, now = date_now_us();
    const char *email = person->email && person->email[0] ? person->email : NULL;
    db_id(ret_id);
    enum vg_code code = db_number(
        store, &taken, err, "SELECT 1 FROM person WHERE email = lower(?)", "t", email);
    if (code == VG_OK && taken)
        code = err_set(err, VG_ERR_CONFLICT, store->path,
                       _("somebody has the address \"%s\" already"), email);
    if (code == VG_OK)
        code = db_run(
            store, err,
            "INSERT INTO person(id, body, version, updated_us, updated_by, email, "
            "role, created_us) VALUES (?1, json_object('name', ?2, 'email', "
            "lower(?3), 'lang', ?4), 1, ?5, ?6, lower(?3), ?7, ?5)",
            "ttttitt", ret_id, person->name, email, person->lang ? person->lang : "", now,
            store->who, person_role_name(role));
    if (code == VG_OK && person->password_hash)
        code = db_run(store, err,
                      "INSERT INTO credential(person_id, hash, changed_us) "
                      "VALUES (?, ?, ?)",
                      "tti", ret_id, person->password_hash, now);
    return code == VG_OK ? audit_add(store, "person-new", ret_id, err) : code;
}

enum vg_code people_add(struct store *store, const struct person_new *person,
                        char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    return code == VG_OK
               ? db_end(store, add_now(store, person, person->role, ret_id, err), err)
               : code;
}

/* ---- changing ---- */

static enum vg_code in_transaction(struct store *store, const char *what, const char *id,
                                   enum vg_code code, struct vg_err *err)
{
    if (code == VG_OK)
        code = audit_add(store, what, id, err);
    return db_end(store, code, err);
}

enum vg_code person_rename(struct store *store, const char *id, const char *name,
                           const char *lang, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_change(store, id, err,
                     "UPDATE person SET version = version + 1, updated_us = ?4, "
                     "updated_by = ?5, body = json_set(body, "
                     "'$.name', coalesce(?2, json_extract(body, '$.name'), ''), "
                     "'$.lang', coalesce(?3, json_extract(body, '$.lang'), '')) "
                     "WHERE id = ?1",
                     "tttit", id, name, lang, date_now_us(), store->who);
    return in_transaction(store, "person", id, code, err);
}

/* Within a transaction: who was to lose the last owner? */
static enum vg_code keep_an_owner(struct store *store, const char *id, struct vg_err *err)
{
    int64_t others = 0, owner = 0;
    enum vg_code code = db_number(
        store, &owner, err,
        "SELECT 1 FROM person WHERE id = ? AND role = 'owner' AND NOT disabled", "t", id);
    if (code == VG_OK)
        code = db_number(store, &others, err,
                         "SELECT count(*) FROM person WHERE id <> ? AND role = 'owner' "
                         "AND NOT disabled",
                         "t", id);
    if (code != VG_OK || !owner || others)
        return code;
    err_set(err, VG_ERR_CONFLICT, store->path, "%s",
            _("this is the last owner: a workspace needs one"));
    err_hint(err, "%s", _("make somebody else an owner first"));
    return VG_ERR_CONFLICT;
}

enum vg_code person_change(struct store *store, const char *id,
                           const enum person_role *role, const bool *disabled,
                           struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    if ((role && *role != PERSON_OWNER) || (disabled && *disabled))
        code = keep_an_owner(store, id, err);
    if (code == VG_OK)
        code = db_change(store, id, err,
                         "UPDATE person SET version = version + 1, updated_us = ?4, "
                         "updated_by = ?5, role = coalesce(?2, role), "
                         "disabled = CASE WHEN ?3 < 0 THEN disabled ELSE ?3 END "
                         "WHERE id = ?1",
                         "ttiit", id, role ? person_role_name(*role) : NULL,
                         (int64_t)(disabled ? *disabled : -1), date_now_us(), store->who);
    if (code == VG_OK)
        code = db_run(store, err, "DELETE FROM session WHERE person_id = ?", "t", id);
    return in_transaction(store, role ? "role" : "disable", id, code, err);
}

enum vg_code person_delete(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = keep_an_owner(store, id, err);
    if (code == VG_OK)
        code = db_change(store, id, err, "DELETE FROM person WHERE id = ?", "t", id);
    return in_transaction(store, "person-delete", id, code, err);
}

/* ---- passwords ---- */

static bool fill_credential(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct credential *credential = ret;
    *credential = (struct credential){
        db_copy(arena, row, 0), db_copy(arena, row, 1), sqlite3_column_int64(row, 2),
        sqlite3_column_int64(row, 3), sqlite3_column_int64(row, 4)};
    return credential->person && credential->hash;
}

enum vg_code credential_get(struct store *store, struct arena *arena, const char *person,
                            struct credential *ret, struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(store, arena, fill_credential, ret, &there, err,
                               "SELECT person_id, hash, changed_us, tries, tried_us "
                               "FROM credential WHERE person_id = ?",
                               "t", person);
    return nobody(store, code, there, err);
}

enum vg_code credential_set(struct store *store, const char *person, const char *hash,
                            str keep_token_hash, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_run(store, err,
                  "INSERT INTO credential(person_id, hash, changed_us) VALUES (?, ?, ?) "
                  "ON CONFLICT DO UPDATE SET hash = excluded.hash, "
                  "changed_us = excluded.changed_us, tries = 0",
                  "tti", person, hash, date_now_us());
    if (code == VG_OK)
        code = db_run(store, err,
                      "DELETE FROM session WHERE person_id = ? AND token_hash <> ?", "tb",
                      person, (const void *)keep_token_hash.ptr, keep_token_hash.len);
    return in_transaction(store, "password", person, code, err);
}

enum vg_code credential_tried(struct store *store, const char *person, bool worked,
                              struct vg_err *err)
{
    return db_run(
        store, err,
        "UPDATE credential SET tries = CASE ?2 WHEN 1 THEN 0 ELSE tries + 1 "
        "END, tried_us = ?3 WHERE person_id = ?1 AND NOT (?2 = 1 AND tries = 0)",
        "tii", person, (int64_t)worked, date_now_us());
}

/* ---- invitations ---- */

static bool fill_invitation(struct arena *arena, sqlite3_stmt *row, void *ret)
{
    struct invitation *invitation = ret;
    const char *role = db_copy(arena, row, 3);
    *invitation = (struct invitation){.id = db_copy(arena, row, 0),
                                      .email = db_copy(arena, row, 1),
                                      .created_by = db_copy(arena, row, 2),
                                      .created_us = sqlite3_column_int64(row, 4),
                                      .expires_us = sqlite3_column_int64(row, 5)};
    if (role && !person_role_parse(role, &invitation->role))
        invitation->role = PERSON_READER;
    return role && invitation->id && invitation->email && invitation->created_by;
}

static const char add_invitation[] =
    "INSERT INTO invitation(id, token_hash, setup, role, email, created_us, created_by, "
    "expires_us) VALUES (?, ?, ?, ?, lower(?), ?, ?, ?)";

enum vg_code invitation_add(struct store *store, const struct invitation_new *invitation,
                            char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    db_id(ret_id);
    const char *email =
        invitation->email && invitation->email[0] ? invitation->email : NULL;
    code = db_run(store, err, add_invitation, "tbittiti", ret_id,
                  (const void *)invitation->token_hash.ptr, invitation->token_hash.len,
                  (int64_t)0, person_role_name(invitation->role), email, date_now_us(),
                  store->who, invitation->expires_us);
    return in_transaction(store, "invite", ret_id, code, err);
}

enum vg_code invitation_list(struct store *store, struct arena *arena, int64_t now_us,
                             struct invitation **ret, size_t *ret_count,
                             struct vg_err *err)
{
    struct db_rows rows = {0};
    enum vg_code code =
        db_list(store, arena, sizeof(struct invitation), fill_invitation, &rows, err,
                "SELECT id, coalesce(email, ''), created_by, role, created_us, "
                "expires_us FROM invitation WHERE used_us IS NULL AND expires_us > ? "
                "AND NOT setup ORDER BY created_us, id",
                "i", now_us);
    if (code == VG_OK) {
        *ret = rows.items;
        *ret_count = rows.count;
    }
    return code;
}

enum vg_code invitation_delete(struct store *store, const char *id, struct vg_err *err)
{
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    code = db_change(store, id, err,
                     "DELETE FROM invitation WHERE id = ? AND used_us IS NULL", "t", id);
    return in_transaction(store, "invite-delete", id, code, err);
}

/* Within a transaction: the invitation that a link stands for. */
static enum vg_code find_link(struct store *store, struct arena *arena, str token_hash,
                              bool setup, int64_t now_us, struct invitation *ret,
                              struct vg_err *err)
{
    bool there = false;
    enum vg_code code = db_one(
        store, arena, fill_invitation, ret, &there, err,
        "SELECT id, coalesce(email, ''), created_by, role, created_us, "
        "expires_us FROM invitation WHERE token_hash = ? AND setup = ? AND "
        "used_us IS NULL AND expires_us > ?",
        "bii", (const void *)token_hash.ptr, token_hash.len, (int64_t)setup, now_us);
    if (code == VG_OK && !there)
        code = err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                       _("the link was used already, or is over"));
    return code;
}

static enum vg_code use_link(struct store *store, const struct invitation *invitation,
                             const struct person_new *person, int64_t now_us,
                             char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    enum vg_code code = add_now(store, person, invitation->role, ret_id, err);
    return code == VG_OK
               ? db_run(store, err,
                        "UPDATE invitation SET used_us = ?, used_by = ? WHERE id = ?",
                        "itt", now_us, ret_id, invitation->id)
               : code;
}

static enum vg_code accept_now(struct store *store, struct arena *arena, str token_hash,
                               int64_t now_us, const struct person_new *person,
                               char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    struct invitation invitation = {0};
    int64_t same = 0;
    enum vg_code code =
        find_link(store, arena, token_hash, false, now_us, &invitation, err);
    if (code == VG_OK && invitation.email[0]) {
        code = db_number(store, &same, err, "SELECT lower(?) = lower(?)", "tt",
                         invitation.email, person->email);
        if (code == VG_OK && !same)
            code = err_set(err, VG_ERR_DENIED, NULL, "%s",
                           _("the invitation is for another address"));
    }
    return code == VG_OK ? use_link(store, &invitation, person, now_us, ret_id, err)
                         : code;
}

enum vg_code invitation_accept(struct store *store, str token_hash, int64_t now_us,
                               const struct person_new *person,
                               char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    struct arena *arena = arena_open(0);
    enum vg_code code = arena ? db_begin(store, err) : err_memory(err);
    if (code == VG_OK)
        code = db_end(store,
                      accept_now(store, arena, token_hash, now_us, person, ret_id, err),
                      err);
    arena_close(arena);
    return code;
}

/* ---- the first owner ---- */

static enum vg_code has_no_owner(struct store *store, struct vg_err *err)
{
    int64_t owners = 0;
    enum vg_code code = people_owners(store, &owners, err);
    return code == VG_OK && owners ? err_set(err, VG_ERR_CONFLICT, store->path, "%s",
                                             _("the workspace has an owner already"))
                                   : code;
}

enum vg_code setup_put(struct store *store, str token_hash, int64_t expires_us,
                       struct vg_err *err)
{
    char id[STORE_ID_BYTES];
    enum vg_code code = db_begin(store, err);
    if (code != VG_OK)
        return code;
    db_id(id);
    code = has_no_owner(store, err);
    if (code == VG_OK)
        code = db_run(store, err, "DELETE FROM invitation WHERE setup", "");
    if (code == VG_OK)
        code = db_run(store, err, add_invitation, "tbittiti", id,
                      (const void *)token_hash.ptr, token_hash.len, (int64_t)1, "owner",
                      NULL, date_now_us(), store->who, expires_us);
    return db_end(store, code, err);
}

static enum vg_code setup_now(struct store *store, struct arena *arena, str token_hash,
                              int64_t now_us, const struct person_new *person,
                              const char *title, char ret_id[static STORE_ID_BYTES],
                              struct vg_err *err)
{
    struct invitation invitation = {0};
    enum vg_code code = has_no_owner(store, err);
    if (code == VG_OK)
        code = find_link(store, arena, token_hash, true, now_us, &invitation, err);
    if (code == VG_OK)
        code = use_link(store, &invitation, person, now_us, ret_id, err);
    if (code == VG_OK && title)
        code = db_run(store, err, "UPDATE workspace SET title = ?", "t", title);
    return code;
}

enum vg_code setup_use(struct store *store, str token_hash, int64_t now_us,
                       const struct person_new *person, const char *title,
                       char ret_id[static STORE_ID_BYTES], struct vg_err *err)
{
    struct arena *arena = arena_open(0);
    enum vg_code code = arena ? db_begin(store, err) : err_memory(err);
    if (code == VG_OK)
        code = db_end(
            store,
            setup_now(store, arena, token_hash, now_us, person, title, ret_id, err), err);
    arena_close(arena);
    return code;
}
