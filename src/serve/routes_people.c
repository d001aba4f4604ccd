/* People and their roles, invitations, tokens, the audit: what owners look after. */
#include "serve/inside.h"
#include "serve/live.h"
#include "serve/tables.h"

#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/people.h"
#include "store/records.h"

static json_t *time_or_null(int64_t at_us)
{
    return at_us ? json_time(at_us) : json_null();
}

static enum vg_code append(json_t *list, json_t *item, struct vg_err *err)
{
    return list && item && json_array_append_new(list, item) == 0 ? VG_OK
                                                                  : err_memory(err);
}

static enum vg_code finish(struct call *call, enum vg_code code, json_t *items,
                           const char *next, struct vg_err *err)
{
    if (code == VG_OK)
        return call_items(call, items, next, err);
    json_decref(items);
    return code;
}

/* ---- people ---- */

static json_t *person_json(const struct call *call, const struct person *person)
{
    json_t *json = json_pack("{s:s, s:s, s:s}", "id", person->id, "name", person->name,
                             "role", person_role_name(person->role));
    if (!json || call->who.rank < RANK_OWNER)
        return json;
    json_object_set_new(json, "email", json_text(person->email));
    json_object_set_new(json, "disabled", json_boolean(person->disabled));
    json_object_set_new(json, "last_seen", time_or_null(person->seen_us));
    return json;
}

static enum vg_code list_people(struct call *call, struct vg_err *err)
{
    struct person *people = NULL;
    size_t count = 0, limit = call_limit(call);
    json_t *items = json_array();
    enum vg_code code = people_list(call->store, call->arena, call_after(call), limit,
                                    &people, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (!people[i].disabled || call->who.rank == RANK_OWNER)
            code = append(items, person_json(call, &people[i]), err);
    const char *next = count == limit ? people[count - 1].id : NULL;
    return finish(call, code, items, next, err);
}

static enum vg_code change_person(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id");
    const json_t *disabled_json = call_body(call, "disabled");
    enum person_role role;
    bool disabled = json_is_true(disabled_json);
    bool has_role = person_role_parse(call_body_text(call, "role"), &role);
    struct person person;
    enum vg_code code = person_change(call->store, id, has_role ? &role : NULL,
                                      disabled_json ? &disabled : NULL, err);
    if (code == VG_OK)
        code = person_get(call->store, call->arena, id, &person, err);
    if (code != VG_OK)
        return code;
    live_end(call->serve, id);
    return call_json(call, person_json(call, &person), err);
}

static enum vg_code delete_person(struct call *call, struct vg_err *err)
{
    const char *id = call_param(call, "id");
    enum vg_code code = person_delete(call->store, id, err);
    if (code != VG_OK)
        return code;
    live_end(call->serve, id);
    return call_nothing(call);
}

/* ---- invitations ---- */

/* What a link or token lasts: `days` of the body, or `usual`. */
static int64_t expires_us(const struct call *call, unsigned usual)
{
    const json_t *days = call_body(call, "days");
    int64_t count = days ? json_integer_value(days) : usual;
    return date_now_us() + (count ? count : 1) * US_PER_DAY;
}

static enum vg_code list_invitations(struct call *call, struct vg_err *err)
{
    struct invitation *found = NULL;
    size_t count = 0;
    json_t *items = json_array();
    enum vg_code code =
        invitation_list(call->store, call->arena, date_now_us(), &found, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = append(items,
                      json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", found[i].id, "email",
                                found[i].email, "role", person_role_name(found[i].role),
                                "created", json_time(found[i].created_us), "expires",
                                json_time(found[i].expires_us)),
                      err);
    return finish(call, code, items, NULL, err);
}

static enum vg_code invite(struct call *call, struct vg_err *err)
{
    char token[TOKEN_TEXT], id[STORE_ID_BYTES];
    unsigned char hash[HASH_BYTES];
    const char *origin = call_origin(call);
    enum person_role role = PERSON_READER;
    secret_make(token);
    secret_hash(str_from(token), hash);
    if (!person_role_parse(call_body_text(call, "role"), &role) || !origin)
        return err_memory(err);
    struct invitation_new invitation = {
        .token_hash = {(const char *)hash, sizeof hash},
        .role = role,
        .email = call_body_text(call, "email"),
        .expires_us = expires_us(call, 7),
    };
    enum vg_code code = invitation_add(call->store, &invitation, id, err);
    if (code != VG_OK)
        return code;
    const char *link = arena_printf(call->arena, "%s/invite#%s", origin, token);
    return call_json(call,
                     json_pack("{s:s, s:s?, s:s, s:s, s:o}", "id", id, "link", link,
                               "email", invitation.email ? invitation.email : "", "role",
                               person_role_name(role), "expires",
                               json_time(invitation.expires_us)),
                     err);
}

static enum vg_code delete_invitation(struct call *call, struct vg_err *err)
{
    enum vg_code code = invitation_delete(call->store, call_param(call, "id"), err);
    return code == VG_OK ? call_nothing(call) : code;
}

/* ---- tokens ---- */

static const struct {
    const char *name;
    unsigned bit;
} scopes[] = {{"read", TOKEN_READ}, {"write", TOKEN_WRITE}, {"admin", TOKEN_ADMIN}};

static json_t *scopes_json(unsigned bits)
{
    json_t *list = json_array();
    for (size_t i = 0; i < COUNT_OF(scopes); i++)
        if (bits & scopes[i].bit)
            json_array_append_new(list, json_string(scopes[i].name));
    return list;
}

static enum vg_code read_scopes(const struct call *call, unsigned *ret,
                                struct vg_err *err)
{
    size_t at;
    const json_t *name;
    *ret = 0;
    json_array_foreach(call_body(call, "scopes"), at, name)
    {
        unsigned bit = 0;
        for (size_t i = 0; i < COUNT_OF(scopes); i++)
            if (strcmp(scopes[i].name, json_string_value(name)) == 0)
                bit = scopes[i].bit;
        if (!bit)
            return err_set(err, VG_ERR_USAGE, "scopes", "%s",
                           _("scopes are read, write and admin"));
        *ret |= bit;
    }
    if (!*ret)
        return err_set(err, VG_ERR_USAGE, "scopes", "%s",
                       _("scopes are read, write and admin"));
    return VG_OK;
}

static enum vg_code list_tokens(struct call *call, struct vg_err *err)
{
    struct api_token *found = NULL;
    size_t count = 0;
    json_t *items = json_array();
    enum vg_code code = token_list(call->store, call->arena, &found, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = append(items,
                      json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", found[i].id,
                                "name", found[i].name, "person", found[i].person,
                                "scopes", scopes_json(found[i].scopes), "created",
                                json_time(found[i].created_us), "expires",
                                json_time(found[i].expires_us), "used",
                                time_or_null(found[i].used_us)),
                      err);
    return finish(call, code, items, NULL, err);
}

static enum vg_code make_token(struct call *call, struct vg_err *err)
{
    char token[TOKEN_TEXT], id[STORE_ID_BYTES];
    unsigned char hash[HASH_BYTES];
    unsigned bits;
    enum vg_code code = read_scopes(call, &bits, err);
    if (code != VG_OK)
        return code;
    secret_make(token);
    const char *text = arena_printf(call->arena, "vgt_%s", token);
    if (!text)
        return err_memory(err);
    secret_hash(str_from(text), hash);
    struct api_token_new new = {
        .token_hash = {(const char *)hash, sizeof hash},
        .name = call_body_text(call, "name"),
        .person = call->who.solo || call->who.token ? NULL : call->who.id,
        .scopes = bits,
        .expires_us = expires_us(call, 90),
    };
    code = token_add(call->store, &new, id, err);
    if (code != VG_OK)
        return code;
    return call_json(call,
                     json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", id, "token", text,
                               "name", new.name, "scopes", scopes_json(bits), "expires",
                               json_time(new.expires_us)),
                     err);
}

static enum vg_code delete_token(struct call *call, struct vg_err *err)
{
    enum vg_code code = token_revoke(call->store, call_param(call, "id"), err);
    return code == VG_OK ? call_nothing(call) : code;
}

/* ---- audit ---- */

static enum vg_code list_audit(struct call *call, struct vg_err *err)
{
    struct audit_row *rows = NULL;
    size_t count = 0, limit = call_limit(call);
    int64_t before = 0;
    json_t *items = json_array();
    const char *after = call_after(call), *next = NULL;
    enum vg_code code = VG_OK;
    if (after[0] && (!str_to_i64(str_from(after), &before) || before < 1))
        code =
            err_set(err, VG_ERR_USAGE, "after", "%s", _("this is no row of the audit"));
    if (code == VG_OK)
        code = audit_page(call->store, call->arena, before, limit, &rows, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        struct person person = {.name = ""};
        if (person_get(call->store, call->arena, rows[i].who, &person, NULL) != VG_OK)
            person.name = "";
        code = append(items,
                      json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "seq",
                                (json_int_t)rows[i].seq, "at", json_time(rows[i].at_us),
                                "who", json_text(rows[i].who), "name",
                                json_text(person.name), "what", json_text(rows[i].what),
                                "about", json_text(rows[i].about)),
                      err);
    }
    if (code == VG_OK && count == limit && rows[count - 1].seq > 1)
        next = arena_printf(call->arena, "%lld", (long long)rows[count - 1].seq);
    return finish(call, code, items, next, err);
}

/* ---- the rows ---- */

static const struct field person_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"role", FIELD_CHOICE, .needed = true, .choices = "owner|editor|reader"},
    {"email", FIELD_TEXT},
    {"disabled", FIELD_FLAG},
    {"last_seen", FIELD_TIME, .nullable = true},
    {0},
};
static const struct shape shape_person = {"Person", person_fields, NULL};
static const struct field change_body[] = {
    {"role", FIELD_CHOICE, .choices = "owner|editor|reader"},
    {"disabled", FIELD_FLAG},
    {0},
};
static const struct field invitation_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"email", FIELD_TEXT, .needed = true},
    {"role", FIELD_CHOICE, .needed = true, .choices = "owner|editor|reader"},
    {"created", FIELD_TIME},
    {"expires", FIELD_TIME, .needed = true},
    {"link", FIELD_TEXT},
    {0},
};
static const struct shape shape_invitation = {"Invitation", invitation_fields, NULL};
static const struct field invite_body[] = {
    {"email", FIELD_TEXT, .most = 254},
    {"role", FIELD_CHOICE, .needed = true, .choices = "owner|editor|reader"},
    {"days", FIELD_COUNT, .most = 90},
    {0},
};
static const struct field token_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"person", FIELD_TEXT},
    {"scopes", FIELD_TEXTS, .needed = true},
    {"created", FIELD_TIME},
    {"expires", FIELD_TIME, .needed = true},
    {"used", FIELD_TIME, .nullable = true},
    {"token", FIELD_TEXT},
    {0},
};
static const struct shape shape_token = {"Token", token_fields, NULL};
static const struct field token_body[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"scopes", FIELD_TEXTS, .needed = true, .items = 3},
    {"days", FIELD_COUNT, .most = 3650},
    {0},
};
static const struct field audit_fields[] = {
    {"seq", FIELD_COUNT, .needed = true},
    {"at", FIELD_TIME, .needed = true},
    {"who", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"what", FIELD_TEXT, .needed = true},
    {"about", FIELD_TEXT, .needed = true},
    {0},
};
static const struct shape shape_audit = {"AuditRow", audit_fields, NULL};

static const struct route rows[] = {
    {METHOD_GET, "/people", RANK_READER, ROUTE_PAGED, list_people,
     .about = "The people of the workspace", .answer = &shape_person},
    {METHOD_PATCH, "/people/{id}", RANK_OWNER, 0, change_person,
     .about = "Change a role, or shut somebody out: their sessions end",
     .body = change_body, .answer = &shape_person},
    {METHOD_DELETE, "/people/{id}", RANK_OWNER, 0, delete_person,
     .about = "Delete a person"},
    {METHOD_GET, "/invitations", RANK_OWNER, ROUTE_LIST, list_invitations,
     .about = "Invitations that can still be used", .answer = &shape_invitation},
    {METHOD_POST, "/invitations", RANK_OWNER, 0, invite,
     .about = "Make a link by which somebody joins; it is shown once",
     .body = invite_body, .answer = &shape_invitation, .status = 201},
    {METHOD_DELETE, "/invitations/{id}", RANK_OWNER, 0, delete_invitation,
     .about = "Take an invitation back"},
    {METHOD_GET, "/tokens", RANK_OWNER, ROUTE_LIST, list_tokens,
     .about = "API tokens, without their secrets", .answer = &shape_token},
    {METHOD_POST, "/tokens", RANK_OWNER, 0, make_token,
     .about = "Make an API token; it is shown once", .body = token_body,
     .answer = &shape_token, .status = 201},
    {METHOD_DELETE, "/tokens/{id}", RANK_OWNER, 0, delete_token,
     .about = "Revoke an API token"},
    {METHOD_GET, "/audit", RANK_OWNER, ROUTE_PAGED, list_audit,
     .about = "Who did what, the latest first", .answer = &shape_audit},
};
const struct route_table routes_people = ROUTE_TABLE(rows);
