/* Who one is: the session, the first owner, links that make a person, oneself. */
#include "serve/inside.h"
#include "serve/live.h"
#include "serve/tables.h"

#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/people.h"
#include "store/records.h"

/* ---- sessions ---- */

static str hash_of(const char *token, unsigned char hash[HASH_BYTES])
{
    secret_hash(str_from(token), hash);
    return (str){(const char *)hash, HASH_BYTES};
}

static enum vg_code begin_session(struct call *call, const char *person,
                                  char ret_token[TOKEN_TEXT], struct vg_err *err)
{
    unsigned char hash[HASH_BYTES], before[HASH_BYTES];
    const char *old = who_cookie(call->exchange);
    enum vg_code code = VG_OK;
    if (old) /* what came with the request is over: no session is handed on */
        code = session_end(call->store, hash_of(old, before), err);
    secret_make(ret_token);
    struct session_new session = {
        .token_hash = hash_of(ret_token, hash),
        .person = person,
        .agent = NULL,
        .expires_us = date_now_us() + SESSION_DAYS * US_PER_DAY,
        .idle_us = SESSION_IDLE_H * 3600 * US_PER_S,
    };
    if (code == VG_OK)
        code = session_add(call->store, &session, err);
    if (code == VG_OK)
        call->answer->cookie = who_set_cookie(call->exchange, ret_token);
    return code == VG_OK && !call->answer->cookie ? err_memory(err) : code;
}

static json_t *person_json(const struct who *who)
{
    if (!who->id[0])
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:s?}", "id", who->id, "name", who->name,
                     "email", who->email, "role", rank_name(who->rank), "lang",
                     who->lang[0] ? who->lang : NULL);
}

/* What GET /session says, for the session of `token` (or the present one: NULL). */
static enum vg_code answer_session(struct call *call, const char *token,
                                   struct vg_err *err)
{
    char csrf[TOKEN_TEXT] = "";
    int64_t owners = 0;
    const char *title, *uid;
    if (!token)
        token = who_cookie(call->exchange);
    if (call->who.solo || (call->who.id[0] && token))
        secret_csrf(call->serve, str_from(call->who.solo ? "" : token), csrf);
    enum vg_code code = people_owners(call->store, &owners, err);
    if (code == VG_OK)
        code = store_title(call->store, call->arena, &title, err);
    if (code == VG_OK)
        code = store_uid(call->store, call->arena, &uid, err);
    if (code != VG_OK)
        return code;
    struct date today = date_from_us(date_today_us());
    const char *day =
        arena_printf(call->arena, "%04d-%02d-%02d", today.year, today.month, today.day);
    if (!day)
        return err_memory(err);
    bool known = call->who.id[0] != 0; /* the title is for those who belong here */
    return call_json(call,
                     json_pack("{s:o, s:b, s:b, s:s, s:{s:s, s:s}, s:s, s:s, s:s}",
                               "person", person_json(&call->who), "solo", call->who.solo,
                               "needs_owner", !owners && !call->who.solo, "csrf", csrf,
                               "workspace", "title", known ? title : "", "uid",
                               known ? uid : "", "version", VIAGGIO_VERSION, "lang",
                               lang_code(call->lang), "today", day),
                     err);
}

static enum vg_code get_session(struct call *call, struct vg_err *err)
{
    return answer_session(call, NULL, err);
}

static enum vg_code become(struct call *call, const char *id, const char *what,
                           struct vg_err *err)
{
    struct person person;
    char token[TOKEN_TEXT];
    enum vg_code code = store_set_who(call->store, id, err);
    if (code == VG_OK)
        code = begin_session(call, id, token, err);
    if (code == VG_OK)
        code = person_get(call->store, call->arena, id, &person, err);
    if (code == VG_OK)
        code = audit_write(call->store, what, id, err);
    if (code != VG_OK)
        return code;
    call->who =
        (struct who){.id = person.id,
                     .name = person.name,
                     .email = person.email,
                     .lang = person.lang,
                     .rank = (enum rank)(RANK_READER + (person.role - PERSON_READER))};
    return answer_session(call, token, err);
}

/* The password's hash, or NULL; *ret_person stays empty for an unknown address. Every way
 * through here takes as long as another. */
static enum vg_code find_login(struct call *call, const char *email,
                               struct person *ret_person, const char **ret_hash,
                               struct vg_err *err)
{
    struct credential credential;
    enum vg_code code =
        person_by_email(call->store, call->arena, email, ret_person, NULL);
    if (code == VG_ERR_NOT_FOUND) {
        *ret_person = (struct person){.id = ""};
        code = credential_get(call->store, call->arena, "", &credential, NULL);
        return code == VG_ERR_NOT_FOUND ? VG_OK : code;
    }
    if (code == VG_OK)
        code =
            credential_get(call->store, call->arena, ret_person->id, &credential, NULL);
    if (code == VG_OK && !ret_person->disabled)
        *ret_hash = credential.hash;
    if (code != VG_OK && code != VG_ERR_NOT_FOUND)
        return err_set(err, code, NULL, "%s", _("the data file cannot be read"));
    return VG_OK;
}

static enum vg_code wait_first(struct call *call, const char *name, struct vg_err *err)
{
    unsigned wait = throttle_wait(call->serve, name, call->exchange->address);
    if (!wait)
        return VG_OK;
    call->answer->retry_after_s = wait;
    return call_fail(
        call, 429, VG_ERR_DENIED, err,
        _n("too many tries: wait a second", "too many tries: wait %u seconds", wait),
        wait);
}

static enum vg_code log_in(struct call *call, struct vg_err *err)
{
    const char *email = call_body_text(call, "email"), *hash = NULL;
    struct person person = {.id = ""};
    enum vg_code code = wait_first(call, email, err);
    if (code == VG_OK)
        code = find_login(call, email, &person, &hash, err);
    if (code != VG_OK)
        return code;
    if (!secret_is_password(hash, call_body_text(call, "password"))) {
        throttle_failed(call->serve, email, call->exchange->address);
        code = audit_write(call->store, "login-failed", person.id, err);
        if (code != VG_OK)
            return code;
        return call_fail(call, 401, VG_ERR_DENIED, err, "%s",
                         _("this address and this password do not go together"));
    }
    throttle_succeeded(call->serve, email, call->exchange->address);
    return become(call, person.id, "login", err);
}

static enum vg_code log_out(struct call *call, struct vg_err *err)
{
    unsigned char hash[HASH_BYTES];
    const char *token = who_cookie(call->exchange);
    enum vg_code code = VG_OK;
    if (token && !call->who.solo)
        code = session_end(call->store, hash_of(token, hash), err);
    if (code == VG_OK && token)
        code = audit_write(call->store, "logout", call->who.id, err);
    if (code == VG_OK && token)
        call->answer->cookie = who_set_cookie(call->exchange, "");
    live_end(call->serve, call->who.id);
    return code == VG_OK ? call_nothing(call) : code;
}

/* ---- becoming somebody ---- */

static enum vg_code new_person(struct call *call, struct person_new *ret, char hash[128],
                               struct vg_err *err)
{
    const char *password = call_body_text(call, "password");
    *ret = (struct person_new){
        .name = call_body_text(call, "name"),
        .email = call_body_text(call, "email"),
        .lang = lang_code(call->lang),
        .password_hash = hash,
    };
    str name = str_trim(str_from(ret->name)), email = str_from(ret->email);
    size_t at = str_find(email, STR("@"));
    if (!name.len)
        return err_set(err, VG_ERR_USAGE, "name", "%s", _("a name is missing"));
    if (at == SIZE_MAX || at == 0 || at + 1 >= email.len || strpbrk(ret->email, " <>,;"))
        return err_set(err, VG_ERR_USAGE, "email", "%s", _("this is no e-mail address"));
    enum vg_code code = secret_check_new(password, err);
    return code == VG_OK ? secret_password(password, hash, err) : code;
}

static enum vg_code by_link(struct call *call, bool setup, struct vg_err *err)
{
    unsigned char hash[HASH_BYTES];
    char password[128], id[STORE_ID_BYTES];
    struct person_new person;
    enum vg_code code = wait_first(call, "link", err);
    if (code == VG_OK)
        code = new_person(call, &person, password, err);
    str token = hash_of(call_body_text(call, "token"), hash);
    if (code == VG_OK && setup)
        code = setup_use(call->store, token, date_now_us(), &person,
                         call_body_text(call, "title"), id, err);
    else if (code == VG_OK)
        code = invitation_accept(call->store, token, date_now_us(), &person, id, err);
    if (code == VG_ERR_NOT_FOUND)
        throttle_failed(call->serve, "link", call->exchange->address);
    return code == VG_OK ? become(call, id, setup ? "setup" : "joined", err) : code;
}

static enum vg_code set_up(struct call *call, struct vg_err *err)
{
    return by_link(call, true, err);
}

static enum vg_code accept_invitation(struct call *call, struct vg_err *err)
{
    return by_link(call, false, err);
}

/* ---- oneself ---- */

static enum vg_code not_solo(struct call *call, struct vg_err *err)
{
    struct person unused;
    if (call->who.solo ||
        person_get(call->store, call->arena, call->who.id, &unused, NULL) != VG_OK)
        return err_set(err, VG_ERR_CONFLICT, NULL, "%s",
                       _("without login there is nobody to change"));
    return VG_OK;
}

static enum vg_code change_me(struct call *call, struct vg_err *err)
{
    const char *name = call_body_text(call, "name"), *lang = call_body_text(call, "lang");
    enum vg_code code = not_solo(call, err);
    if (code == VG_OK && name && !str_trim(str_from(name)).len)
        code = err_set(err, VG_ERR_USAGE, "name", "%s", _("a name is missing"));
    if (code == VG_OK)
        code = person_rename(call->store, call->who.id, name, lang, err);
    if (code == VG_OK && name)
        call->who.name = name;
    if (code == VG_OK && lang)
        call->who.lang = lang;
    return code == VG_OK ? answer_session(call, NULL, err) : code;
}

static enum vg_code change_password(struct call *call, struct vg_err *err)
{
    struct credential credential = {0};
    char hash[128];
    const char *password = call_body_text(call, "new");
    enum vg_code code = not_solo(call, err);
    if (code == VG_OK)
        code = wait_first(call, call->who.email, err);
    if (code == VG_OK)
        code = credential_get(call->store, call->arena, call->who.id, &credential, err);
    if (code == VG_OK &&
        !secret_is_password(credential.hash, call_body_text(call, "old"))) {
        throttle_failed(call->serve, call->who.email, call->exchange->address);
        return err_set(err, VG_ERR_DENIED, "old", "%s", _("this is not your password"));
    }
    if (code == VG_OK)
        code = secret_check_new(password, err);
    if (code == VG_OK)
        code = secret_password(password, hash, err);
    if (code == VG_OK) /* every session ends, also this one, which goes on as another */
        code = credential_set(call->store, call->who.id, hash, (str){0}, err);
    if (code != VG_OK)
        return code;
    live_end(call->serve, call->who.id);
    return become(call, call->who.id, "password", err);
}

/* ---- the rows ---- */

static const struct field person_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"email", FIELD_TEXT},
    {"role", FIELD_CHOICE, .needed = true, .choices = "owner|editor|reader"},
    {"lang", FIELD_CHOICE, .choices = "it|en"},
    {0},
};
static const struct shape shape_me = {"Me", person_fields, NULL};
static const struct field workspace_fields[] = {
    {"title", FIELD_TEXT, .needed = true}, {"uid", FIELD_TEXT, .needed = true}, {0}};
static const struct field session_fields[] = {
    {"person", FIELD_OBJECT, .needed = true, .nullable = true, .shape = &shape_me},
    {"solo", FIELD_FLAG, .needed = true},
    {"needs_owner", FIELD_FLAG, .needed = true},
    {"csrf", FIELD_TEXT, .needed = true},
    {"workspace", FIELD_OBJECT, .needed = true, .fields = workspace_fields},
    {"version", FIELD_TEXT, .needed = true},
    {"lang", FIELD_CHOICE, .needed = true, .choices = "it|en"},
    {"today", FIELD_TEXT, .needed = true},
    {0},
};
static const struct shape shape_session = {"Session", session_fields, NULL};

static const struct field login_body[] = {
    {"email", FIELD_TEXT, .needed = true, .most = 254},
    {"password", FIELD_TEXT, .needed = true, .most = 256},
    {0},
};
static const struct field setup_body[] = {
    {"token", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"email", FIELD_TEXT, .needed = true, .most = 254},
    {"password", FIELD_TEXT, .needed = true, .most = 256},
    {"title", FIELD_TEXT},
    {0},
};
static const struct field accept_body[] = {
    {"token", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"email", FIELD_TEXT, .needed = true, .most = 254},
    {"password", FIELD_TEXT, .needed = true, .most = 256},
    {0},
};
static const struct field me_body[] = {
    {"name", FIELD_TEXT}, {"lang", FIELD_CHOICE, .choices = "it|en"}, {0}};
static const struct field password_body[] = {
    {"old", FIELD_TEXT, .needed = true, .most = 256},
    {"new", FIELD_TEXT, .needed = true, .most = 256},
    {0},
};

static const struct route rows[] = {
    {METHOD_GET, "/session", RANK_NOBODY, 0, get_session, .about = "Who am I, and where",
     .answer = &shape_session},
    {METHOD_POST, "/session", RANK_NOBODY, ROUTE_HASH, log_in, .about = "Log in",
     .body = login_body, .answer = &shape_session},
    {METHOD_DELETE, "/session", RANK_READER, 0, log_out, .about = "Log out"},
    {METHOD_POST, "/setup", RANK_NOBODY, ROUTE_HASH, set_up,
     .about = "Become the first owner, by the one-time link of the shell",
     .body = setup_body, .answer = &shape_session},
    {METHOD_POST, "/invitations/accept", RANK_NOBODY, ROUTE_HASH, accept_invitation,
     .about = "Become a person of this workspace, by an invitation’s link",
     .body = accept_body, .answer = &shape_session},
    {METHOD_PUT, "/me", RANK_READER, 0, change_me, .about = "Change one’s name, language",
     .body = me_body, .answer = &shape_session},
    {METHOD_PUT, "/me/password", RANK_READER, ROUTE_HASH, change_password,
     .about = "Change one’s password: every other session ends", .body = password_body,
     .answer = &shape_session},
};
const struct route_table routes_who = ROUTE_TABLE(rows);
