/* A request and its route: is it allowed, does it fit, then the handler. In a worker.
 * Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/lang.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- language: ?lang=, else the person's, else the browser's ---- */

static bool accepted_language(const struct exchange *exchange, enum lang *ret)
{
    str rest = str_from(exchange_header(exchange, "Accept-Language"));
    while (rest.ptr && rest.len) {
        str one = str_cut(&rest, ',');
        str name = str_trim(str_cut(&one, ';'));
        char text[8];
        snprintf(text, sizeof text, "%.*s", STR_ARG(name));
        for (char *c = text; *c; c++)
            *c = *c == '-' ? '_' : *c;
        if (name.len && lang_from_text(text, ret))
            return true;
    }
    return false;
}

static enum lang choose_language(const struct exchange *exchange)
{
    enum lang lang = LANG_EN;
    const char *asked = NULL;
    for (size_t i = 0; i < exchange->query_count; i++)
        if (strcmp(exchange->query[i].name, "lang") == 0)
            asked = exchange->query[i].value;
    if (asked && lang_from_text(asked, &lang))
        return lang;
    const char *own = exchange->call.who.lang;
    if (own && own[0] && lang_from_text(own, &lang))
        return lang;
    accepted_language(exchange, &lang);
    return lang;
}

/* ---- the body ---- */

static json_t *form_to_json(struct exchange *exchange, struct vg_err *err)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    json_t *json = json_object();
    if (ask_query(exchange->arena, buf_str(&exchange->body), &pairs, &count, err) !=
        VG_OK) {
        json_decref(json);
        return NULL;
    }
    for (size_t i = 0; json && i < count; i++)
        json_object_set_new(json, pairs[i].name, json_string(pairs[i].value));
    return json;
}

static enum vg_code read_body(struct exchange *exchange, unsigned *ret_status,
                              struct vg_err *err)
{
    const struct route *route = exchange->route;
    if (!route->body)
        return VG_OK;
    str type = str_from(exchange_header(exchange, "Content-Type"));
    str name = str_trim(str_cut(&type, ';'));
    bool form = (route->flags & ROUTE_FORM) != 0;
    str wanted =
        form ? STR("application/x-www-form-urlencoded") : STR("application/json");
    if (!str_equal(name, wanted)) {
        *ret_status = 415;
        return err_set(err, VG_ERR_USAGE, NULL, _("the body has to be %s"), wanted.ptr);
    }
    if (form) {
        exchange->call.body = form_to_json(exchange, err);
        if (!exchange->call.body)
            return err && err->code ? err->code : err_memory(err);
    } else {
        enum vg_code code = json_read(buf_str(&exchange->body), "body",
                                      (size_t)exchange->limit, &exchange->call.body, err);
        if (code != VG_OK) {
            *ret_status = code == VG_ERR_INPUT ? 400 : 0;
            return code;
        }
    }
    return ask_check_body(route->body, exchange->call.body, err);
}

/* ---- all together ---- */

static enum vg_code run(struct exchange *exchange, unsigned *ret_status,
                        struct vg_err *err)
{
    const struct route *route = exchange->route;
    struct call *call = &exchange->call;
    enum vg_code code = read_body(exchange, ret_status, err);
    if (code == VG_OK && (route->flags & ROUTE_STREAM))
        call->upload = exchange->upload;
    if (code == VG_OK)
        code = route->run(call, err);
    return code;
}

static enum vg_code check(struct exchange *exchange, struct store *store,
                          unsigned *ret_status, struct vg_err *err)
{
    lang_set(choose_language(exchange));
    enum vg_code code = who_asks(exchange, store, ret_status, err);
    lang_set(exchange->call.lang = choose_language(exchange));
    if (code == VG_OK)
        code =
            ask_check_query(exchange->route, exchange->query, exchange->query_count, err);
    if (code == VG_OK && (exchange->route->flags & ROUTE_MATCH) &&
        !exchange_header(exchange, "If-Match")) {
        int64_t unused;
        code = call_if_match(&exchange->call, &unused, err);
    }
    return code;
}

void dispatch(struct exchange *exchange, struct store *store)
{
    struct answer answer;
    struct vg_err err = {0};
    unsigned status = 0;
    struct call *call = &exchange->call;
    answer_begin(&answer);
    if (exchange->route->status)
        answer.status = exchange->route->status;
    call->serve = exchange->serve;
    call->route = exchange->route;
    call->store = store;
    call->arena = exchange->arena;
    call->answer = &answer;
    call->exchange = exchange;
    bool first = exchange->stage == STAGE_RIGHT;
    enum vg_code code = check(exchange, store, &status, &err);
    if (code == VG_OK && !first)
        code = run(exchange, &status, &err);
    if (code == VG_OK && !first)
        answer_finish(exchange, &answer);
    else if (code != VG_OK) {
        if (!status && answer.status >= 400)
            status = answer.status;
        if (err.code != code) /* somebody did not say why: our fault */
            err_set(&err, code, NULL, "%s", _("it did not work"));
        answer.close = first; /* the body will not be read */
        answer_problem(exchange, &answer, status, &err);
    }
    answer_drop(&answer);
    if (first && code == VG_OK)
        exchange->call.who = (struct who){0};
}
