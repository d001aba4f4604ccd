/* Who asks: a session's cookie, a token, or, with --solo, whoever sits here; and whether
 * the request comes from our own pages. Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/date.h"
#include "base/lang.h"
#include "store/audit.h"
#include "store/paths.h"
#include "store/people.h"
#include "store/records.h"

#include <stdio.h>

static enum vg_code refuse(unsigned *status, unsigned wanted, struct vg_err *err,
                           const char *what)
{
    *status = wanted;
    return err_set(err, VG_ERR_DENIED, NULL, "%s", what);
}

const char *who_cookie(const struct exchange *exchange)
{
    const char *text =
        MHD_lookup_connection_value(exchange->connection, MHD_COOKIE_KIND, COOKIE_NAME);
    return text && strlen(text) == TOKEN_TEXT - 1 ? text : NULL;
}

const char *who_set_cookie(const struct exchange *exchange, const char *token)
{
    return arena_printf(exchange->arena,
                        COOKIE_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; "
                                    "Max-Age=%d",
                        token, token[0] ? SESSION_DAYS * 86400 : 0);
}

/* ---- the ways to be known ---- */

static enum vg_code as_person(struct exchange *exchange, struct store *store,
                              const char *id, struct vg_err *err)
{
    struct who *who = &exchange->call.who;
    struct person person;
    enum vg_code code = person_get(store, exchange->arena, id, &person, err);
    if (code != VG_OK || person.disabled)
        return code;
    who->id = person.id;
    who->name = person.name;
    who->email = person.email;
    who->lang = person.lang;
    who->rank = (enum rank)(RANK_READER + (person.role - PERSON_READER));
    return VG_OK;
}

static enum vg_code by_token(struct exchange *exchange, struct store *store, str token,
                             unsigned *status, struct vg_err *err)
{
    unsigned char hash[HASH_BYTES];
    struct api_token found;
    struct who *who = &exchange->call.who;
    secret_hash(token, hash);
    enum vg_code code =
        token_get(store, exchange->arena, (str){(const char *)hash, sizeof hash},
                  date_now_us(), &found, err);
    if (code == VG_ERR_NOT_FOUND)
        return refuse(status, 401, err, _("there is no such token, or it is over"));
    enum rank most = found.scopes & TOKEN_ADMIN   ? RANK_OWNER
                     : found.scopes & TOKEN_WRITE ? RANK_EDITOR
                                                  : RANK_READER;
    if (code == VG_OK && found.person[0])
        code = as_person(exchange, store, found.person, err);
    else if (code == VG_OK) /* made with --solo: by whoever owns the machine */
        *who = (struct who){.id = "token",
                            .name = found.name,
                            .email = "",
                            .lang = "",
                            .rank = RANK_OWNER};
    if (code != VG_OK)
        return code;
    who->token = found.id;
    who->rank = who->rank < most ? who->rank : most;
    const struct route *route = exchange->route;
    bool reads = route->scope == SCOPE_READ ||
                 (route->scope == SCOPE_BY_METHOD && route->method == METHOD_GET);
    bool may = reads ? found.scopes != 0
               : route->scope == SCOPE_ADMIN
                   ? (found.scopes & TOKEN_ADMIN) != 0
                   : (found.scopes & (TOKEN_WRITE | TOKEN_ADMIN)) != 0;
    return may ? VG_OK : refuse(status, 403, err, _("the token was not made for this"));
}

static enum vg_code by_cookie(struct exchange *exchange, struct store *store,
                              const char *token, struct vg_err *err)
{
    unsigned char hash[HASH_BYTES];
    struct session session;
    secret_hash(str_from(token), hash);
    enum vg_code code =
        session_get(store, exchange->arena, (str){(const char *)hash, sizeof hash},
                    date_now_us(), &session, NULL);
    if (code == VG_ERR_NOT_FOUND)
        return VG_OK; /* nobody */
    if (code == VG_OK)
        code = as_person(exchange, store, session.person, err);
    return code == VG_ERR_NOT_FOUND ? VG_OK : code;
}

/* No login, but nobody else either: neither a proxy nor a page of another name that was
 * made to point here (DNS rebinding). */
static enum vg_code by_solo(struct exchange *exchange, unsigned *status,
                            struct vg_err *err)
{
    static const char *const forwarding[] = {"X-Forwarded-For", "X-Forwarded-Host",
                                             "Forwarded", "Via"};
    for (size_t i = 0; i < COUNT_OF(forwarding); i++)
        if (exchange_header(exchange, forwarding[i]))
            return refuse(status, 421, err,
                          _("--solo does not go through a proxy: whoever comes by it "
                            "would be the owner"));
    if (!exchange->host || !address_is_loopback_name(exchange->host))
        return refuse(status, 421, err,
                      _("--solo answers only to 127.0.0.1, [::1] and localhost"));
    exchange->call.who = (struct who){.id = "solo",
                                      .name = "",
                                      .email = "",
                                      .lang = "",
                                      .rank = RANK_OWNER,
                                      .solo = true};
    return VG_OK;
}

/* ---- is it our own page that asks? ---- */

static bool is_own_origin(const struct exchange *exchange, const char *origin)
{
    const char *scheme = exchange->secure ? "https://" : "http://";
    size_t len = strlen(scheme);
    if (!exchange->host)
        return false;
    /* A proxy that says nothing of https is taken at the browser's word. */
    if (exchange->forwarded && !exchange->secure && strncmp(origin, "https://", 8) == 0)
        len = 8;
    else if (strncmp(origin, scheme, len) != 0)
        return false;
    return strcmp(origin + len, exchange->host) == 0;
}

static enum vg_code check_origin(struct exchange *exchange, unsigned *status,
                                 struct vg_err *err)
{
    const char *origin = exchange_header(exchange, "Origin");
    const char *site = exchange_header(exchange, "Sec-Fetch-Site");
    if ((!origin && !site) || (origin && !is_own_origin(exchange, origin)) ||
        (site && strcmp(site, "same-origin") != 0)) {
        refuse(status, 403, err, _("this was not asked by a page of this server"));
        return err_hint(err, "%s",
                        _("programs use a token: Authorization: Bearer vgt_…")),
               VG_ERR_DENIED;
    }
    return VG_OK;
}

static enum vg_code check_csrf(struct exchange *exchange, const char *session,
                               unsigned *status, struct vg_err *err)
{
    char wanted[TOKEN_TEXT];
    const char *given = exchange_header(exchange, "X-CSRF-Token");
    secret_csrf(exchange->serve, str_from(session), wanted);
    if (given && secret_equal(given, wanted))
        return VG_OK;
    refuse(status, 403, err, _("the page is out of date"));
    return err_hint(err, "%s", _("X-CSRF-Token, from GET /api/v1/session, is missing")),
           VG_ERR_DENIED;
}

/* ---- all together ---- */

static enum vg_code may(struct exchange *exchange, struct store *store, unsigned *status,
                        struct vg_err *err)
{
    const struct route *route = exchange->route;
    enum rank rank = exchange->call.who.rank;
    if (rank >= route->rank)
        return VG_OK;
    if (rank == RANK_NOBODY)
        return refuse(status, 401, err, _("log in first"));
    enum vg_code code = audit_write(store, "refused", route->path, err);
    if (code != VG_OK)
        return code;
    *status = 403;
    return err_set(err, VG_ERR_DENIED, NULL, _("this is for the role \"%s\""),
                   rank_name(route->rank));
}

/* A client by a private link: no cookie, no account. None such, over, revoked, its map
 * deleted: the same words, after the same work. */
static enum vg_code by_link(struct exchange *exchange, struct store *store,
                            unsigned *status, struct vg_err *err)
{
    struct call *call = &exchange->call;
    unsigned char hash[HASH_BYTES];
    struct vg_err unknown = {0};
    const char *token = exchange_header(exchange, "X-Path-Token");
    const char *name = arena_printf(exchange->arena, "link %s", exchange->address);
    struct client_link *link = arena_array(exchange->arena, struct client_link, 1);
    if (!name || !link)
        return err_memory(err);
    unsigned wait = throttle_wait(exchange->serve, name, exchange->address);
    if (wait) {
        call->answer->retry_after_s = wait;
        return refuse(status, 429, err, _("too many tries: wait a little"));
    }
    secret_hash(str_from(token), hash);
    enum vg_code code =
        client_link_get(store, exchange->arena, (str){(const char *)hash, sizeof hash},
                        date_now_us(), link, &unknown);
    if (code == VG_ERR_NOT_FOUND) {
        throttle_failed(exchange->serve, name, exchange->address);
        return err_set(err, code, NULL, "%s",
                       _("This link does not open anything: it may have expired, or "
                         "somebody took it back."));
    }
    if (code != VG_OK) {
        *err = unknown;
        return code;
    }
    call->link = link;
    call->who = (struct who){.id = "client", .name = "", .email = "", .lang = link->lang};
    return store_set_who(store, "client", err);
}

enum vg_code who_asks(struct exchange *exchange, struct store *store,
                      unsigned *ret_status, struct vg_err *err)
{
    bool solo = exchange->serve->options->solo;
    bool writes = exchange->route->method != METHOD_GET;
    str bearer = str_from(exchange_header(exchange, "Authorization"));
    bool has_token = str_starts(bearer, STR("Bearer "));
    const char *cookie = solo ? NULL : who_cookie(exchange);
    enum vg_code code = VG_OK;
    exchange->call.who = (struct who){.id = "", .name = "", .email = "", .lang = ""};
    if (solo)
        code = by_solo(exchange, ret_status, err);
    else if (has_token)
        code = by_token(exchange, store, (str){bearer.ptr + 7, bearer.len - 7},
                        ret_status, err);
    else if (cookie)
        code = by_cookie(exchange, store, cookie, err);
    struct who *who = &exchange->call.who;
    if (code == VG_OK)
        code = store_set_who(store, who->id[0] ? who->id : "nobody", err);
    if (code == VG_OK && writes && (solo || !has_token))
        code = check_origin(exchange, ret_status, err);
    if (code == VG_OK && writes && (solo || !has_token) &&
        exchange->route->rank > RANK_NOBODY && who->rank > RANK_NOBODY)
        code = check_csrf(exchange, cookie ? cookie : "", ret_status, err);
    if (code == VG_OK)
        code = may(exchange, store, ret_status, err);
    if (code == VG_OK && (exchange->route->flags & ROUTE_LINK))
        code = by_link(exchange, store, ret_status, err);
    return code;
}
