/* Links for people who have no account: a map, or the whole report, as one page that asks
 * nothing of anybody. No customer's name is in it. Whatever is wrong with a link (none
 * such, over, revoked, its map deleted), the answer is the same. */
#include "app/improve.h"
#include "app/json.h"
#include "app/page.h"
#include "base/date.h"
#include "base/hash.h"
#include "serve/handlers.h"
#include "serve/inside.h"
#include "store/team.h"

enum { DAYS_MOST = 730 };

/* ---- giving them out ---- */

static json_t *share_json(struct call *call, const struct share *share)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:I, s:o}", "id",
        json_text(share->id), "map", json_text(share->map), "map_title",
        json_text(share->map_title), "what", json_text(share->what), "filter",
        share->filter && share->filter[0] ? json_text(share->filter) : json_null(),
        "created", json_time(share->created_us), "created_by",
        json_text(api_name(call, share->created_by)), "expires",
        json_time(share->expires_us), "over", share->expires_us <= date_now_us(),
        "password", share->password_hash != NULL, "opened", (json_int_t)share->opened,
        "last_opened", share->opened_us ? json_time(share->opened_us) : json_null());
}

enum vg_code api_shares(struct call *call, struct vg_err *err)
{
    struct share *list = NULL;
    size_t count = 0;
    json_t *items = json_array();
    enum vg_code code = items ? share_list(call->store, call->arena, &list, &count, err)
                              : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(items, share_json(call, &list[i])) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

/* The filter must be one, now: a link that never works helps nobody. */
static enum vg_code read_filter(struct call *call, const char *filter,
                                struct question *ret, struct vg_err *err)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    enum vg_code code = VG_OK;
    if (filter && filter[0])
        code = question_filter(call->arena, filter, &pairs, &count, err);
    if (code == VG_OK)
        code = question_read(call->store, call->arena, pairs, count, ret, err);
    if (code == VG_OK)
        ret->progress = &call->progress;
    return code;
}

static enum vg_code add_share(struct call *call, const char *token, char *ret_id,
                              struct vg_err *err)
{
    char password_hash[128] = "";
    unsigned char hash[HASH_BYTES];
    const char *password = call_body_text(call, "password");
    int64_t days = json_integer_value(call_body(call, "days"));
    struct question question;
    secret_hash(str_from(token), hash);
    struct share_new new = {.token_hash = {(const char *)hash, sizeof hash},
                            .map = call_body_text(call, "map"),
                            .what = call_body_text(call, "what"),
                            .filter = call_body_text(call, "filter"),
                            .expires_us = date_now_us() + days * US_PER_DAY};
    if (days < 1 || days > DAYS_MOST)
        return err_set(err, VG_ERR_INPUT, "days", _("from 1 to %d days"), DAYS_MOST);
    enum vg_code code = read_filter(call, new.filter, &question, err);
    if (code == VG_OK && password && password[0]) {
        code = secret_password(password, password_hash, err);
        new.password_hash = password_hash;
    }
    if (code == VG_OK)
        code = share_add(call->store, &new, ret_id, err);
    return code;
}

enum vg_code api_share_add(struct call *call, struct vg_err *err)
{
    char token[TOKEN_TEXT], id[STORE_ID_BYTES];
    struct share *list = NULL;
    size_t count = 0;
    secret_make(token);
    const char *origin = call_origin(call);
    const char *link =
        origin ? arena_printf(call->arena, "%s/s/%s", origin, token) : NULL;
    enum vg_code code = link ? add_share(call, token, id, err) : err_memory(err);
    if (code == VG_OK)
        code = share_list(call->store, call->arena, &list, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        if (strcmp(list[i].id, id) != 0)
            continue;
        json_t *json = share_json(call, &list[i]);
        if (json)
            json_object_set_new(json, "link", json_string(link));
        return call_json(call, json, err);
    }
    return code == VG_OK
               ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("the link is gone already"))
               : code;
}

enum vg_code api_share_delete(struct call *call, struct vg_err *err)
{
    enum vg_code code = share_revoke(call->store, call_param(call, "id"), err);
    return code == VG_OK ? call_nothing(call) : code;
}

/* ---- small pages ---- */

static const char small_style[] =
    ":root{color-scheme:light dark}"
    "body{font:17px/1.55 system-ui,sans-serif;max-width:26rem;margin:18vh auto 0;"
    "padding:0 1.25rem;background:Canvas;color:CanvasText}"
    "h1{font-size:1.35rem;margin:0 0 .6rem}"
    "input,button{font:inherit;padding:.55rem .8rem;border-radius:.5rem;"
    "border:1px solid GrayText;background:Field;color:FieldText}"
    "input{width:100%;box-sizing:border-box;margin:.25rem 0 .9rem}"
    "button{background:ButtonText;color:ButtonFace;border-color:ButtonText;"
    "cursor:pointer}"
    ":focus-visible{outline:3px solid Highlight;outline-offset:2px}";

/* A page with a heading, a sentence, and perhaps the form for a password. */
static enum vg_code small_page(struct call *call, unsigned status, const char *heading,
                               const char *sentence, bool form, struct vg_err *err)
{
    struct buf out = {0};
    char hash[HASH_SHA256_BASE64];
    hash_sha256_base64(STR(small_style), hash);
    const char *policy = arena_printf(call->arena,
                                      "default-src 'none'; style-src 'sha256-%s'; "
                                      "base-uri 'none'; form-action %s; "
                                      "frame-ancestors 'none'",
                                      hash, form ? "'self'" : "'none'");
    if (!policy)
        return err_memory(err);
    buf_printf(&out,
               "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width\">\n"
               "<meta name=\"robots\" content=\"noindex\">\n<title>",
               lang_code(lang_get()));
    buf_xml(&out, str_from(heading));
    buf_printf(&out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>",
               small_style);
    buf_xml(&out, str_from(heading));
    buf_text(&out, "</h1>\n<p>");
    buf_xml(&out, str_from(sentence));
    buf_text(&out, "</p>\n");
    if (form) {
        buf_text(&out, "<form method=\"post\">\n<label for=\"password\">");
        buf_xml(&out, str_from(_("Password")));
        buf_text(&out, "</label>\n<input id=\"password\" name=\"password\" "
                       "type=\"password\" required autofocus>\n<button>");
        buf_xml(&out, str_from(_("Open")));
        buf_text(&out, "</button>\n</form>\n");
    }
    buf_text(&out, "</main>\n</body>\n</html>\n");
    call_status(call, status);
    call_policy(call, policy);
    enum vg_code code = call_buf(call, "text/html; charset=utf-8", &out, err);
    buf_free(&out);
    return code;
}

static enum vg_code no_page(struct call *call, struct vg_err *err)
{
    return small_page(call, 404, _("This link does not open anything"),
                      _("It may have expired, or somebody took it back. Whoever sent it "
                        "can send a new one."),
                      false, err);
}

static enum vg_code ask_password(struct call *call, unsigned status, struct vg_err *err)
{
    return small_page(call, status, _("A password opens this page"),
                      status == 200 ? _("Whoever sent the link knows it.")
                                    : _("That was not it. Try again in a moment."),
                      true, err);
}

/* ---- opening them ---- */

static enum vg_code find_share(struct call *call, struct share *ret, struct vg_err *err)
{
    unsigned char hash[HASH_BYTES];
    secret_hash(str_from(call_param(call, "token")), hash);
    return share_get(call->store, call->arena, (str){(const char *)hash, sizeof hash},
                     date_now_us(), ret, err);
}

/* The study with what its map's actions achieved, of the part that the link shows. */
static enum vg_code with_results(struct call *call, const struct share *share,
                                 const struct held *held, struct study *ret,
                                 struct vg_err *err)
{
    struct improve_logs *logs = NULL;
    struct pair *pairs = NULL;
    size_t count = 0;
    const char *filter = share->filter ? share->filter : "";
    *ret = *held_study(held);
    if (!ret->log)
        return VG_OK;
    enum vg_code code = question_filter(call->arena, filter, &pairs, &count, err);
    if (code == VG_OK)
        code = improve_of_cache(call_cache(call), call->store, ret->map, pairs, count,
                                &logs, err);
    if (code == VG_OK)
        code = improve_study(call->arena, logs, strcmp(share->what, "report") == 0, ret,
                             err);
    improve_close(logs);
    return code;
}

static enum vg_code show(struct call *call, const struct share *share, struct vg_err *err)
{
    struct page_options options = {.whole = strcmp(share->what, "report") == 0,
                                   .hide_names = true};
    struct question question;
    struct held *held = NULL;
    struct study study;
    struct buf out = {0};
    const char *policy = NULL;
    enum vg_code code = read_filter(call, share->filter, &question, err);
    if (code == VG_OK)
        code =
            cache_study(call_cache(call), call->store, share->map, &question, &held, err);
    if (code == VG_OK)
        code = with_results(call, share, held, &study, err);
    if (code == VG_OK)
        code = page_write(call->arena, &study, &options, &out, &policy, err);
    held_release(held);
    /* What its filter rests on is gone: then there is nothing to see, either. */
    if (code == VG_ERR_NOT_FOUND || code == VG_ERR_USAGE) {
        buf_free(&out);
        return no_page(call, err);
    }
    if (code == VG_OK)
        code = share_opened(call->store, share->id, err);
    call_policy(call, policy);
    if (code == VG_OK)
        code = call_buf(call, "text/html; charset=utf-8", &out, err);
    buf_free(&out);
    return code;
}

enum vg_code api_share_open(struct call *call, struct vg_err *err)
{
    struct share share;
    struct vg_err unknown = {0};
    enum vg_code code = find_share(call, &share, &unknown);
    if (code == VG_ERR_NOT_FOUND)
        return no_page(call, err);
    if (code != VG_OK) {
        *err = unknown;
        return code;
    }
    return share.password_hash ? ask_password(call, 200, err) : show(call, &share, err);
}

enum vg_code api_share_enter(struct call *call, struct vg_err *err)
{
    struct share share;
    struct vg_err unknown = {0};
    const char *address = call->exchange->address,
               *password = call_body_text(call, "password");
    enum vg_code code = find_share(call, &share, &unknown);
    if (code == VG_ERR_NOT_FOUND)
        return no_page(call, err);
    if (code != VG_OK) {
        *err = unknown;
        return code;
    }
    if (!share.password_hash)
        return show(call, &share, err);
    if (throttle_wait(call->serve, share.id, address))
        return ask_password(call, 429, err);
    if (!secret_is_password(share.password_hash, password ? password : "")) {
        throttle_failed(call->serve, share.id, address);
        return ask_password(call, 403, err);
    }
    throttle_succeeded(call->serve, share.id, address);
    return show(call, &share, err);
}
