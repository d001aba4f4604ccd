/* What a handler asks of its call, and how it answers. Declared in serve/call.h. */
#include "serve/inside.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "store/audit.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what was asked ---- */

const char *call_param(const struct call *call, const char *name)
{
    const char *pattern = call->route->path;
    for (size_t i = 0; i < ROUTE_PARAMS; i++) {
        const char *open = strchr(pattern, '{');
        const char *end = open ? strchr(open, '}') : NULL;
        if (!end)
            break;
        if (str_equal((str){open + 1, (size_t)(end - open - 1)}, str_from(name)))
            return call->exchange->params[i];
        pattern = end;
    }
    return "";
}

const char *call_text(const struct call *call, const char *name)
{
    const struct exchange *exchange = call->exchange;
    for (size_t i = 0; i < exchange->query_count; i++)
        if (strcmp(exchange->query[i].name, name) == 0)
            return exchange->query[i].value;
    return NULL;
}

size_t call_texts(const struct call *call, const char *name, const char *const **ret)
{
    const struct exchange *exchange = call->exchange;
    const char **list = arena_array(call->arena, const char *, exchange->query_count + 1);
    size_t count = 0;
    for (size_t i = 0; list && i < exchange->query_count; i++)
        if (strcmp(exchange->query[i].name, name) == 0)
            list[count++] = exchange->query[i].value;
    *ret = list;
    return count;
}

bool call_flag(const struct call *call, const char *name)
{
    const char *text = call_text(call, name);
    return text && strcmp(text, "1") == 0;
}

uint64_t call_count(const struct call *call, const char *name, uint64_t usual)
{
    int64_t number;
    const char *text = call_text(call, name);
    return text && str_to_i64(str_from(text), &number) ? (uint64_t)number : usual;
}

double call_number(const struct call *call, const char *name, double usual)
{
    double number;
    const char *text = call_text(call, name);
    return text && str_to_double(str_from(text), false, &number) ? number : usual;
}

size_t call_limit(const struct call *call)
{
    size_t limit = (size_t)call_count(call, "limit", 100);
    return limit ? limit : 100;
}

const char *call_after(const struct call *call)
{
    const char *after = call_text(call, "after");
    return after ? after : "";
}

/* Reserved characters of a query as %XX. */
static void add_encoded(struct buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            strchr("-._~", c))
            buf_char(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

const char *call_filter_text(const struct call *call)
{
    const struct exchange *exchange = call->exchange;
    struct buf out = {0};
    for (const struct field *field = filter_fields; field->kind; field++) {
        for (size_t i = 0; i < exchange->query_count; i++) {
            if (strcmp(exchange->query[i].name, field->name) != 0)
                continue;
            if (out.len)
                buf_char(&out, '&');
            add_encoded(&out, field->name);
            buf_char(&out, '=');
            add_encoded(&out, exchange->query[i].value);
        }
    }
    const char *text = out.failed ? NULL : arena_text(call->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

json_t *call_body(const struct call *call, const char *name)
{
    return json_object_get(call->body, name);
}

const char *call_body_text(const struct call *call, const char *name)
{
    return json_string_value(call_body(call, name));
}

enum vg_code call_if_match(struct call *call, int64_t *ret, struct vg_err *err)
{
    str text = str_trim(str_from(exchange_header(call->exchange, "If-Match")));
    if (!text.len) {
        call_fail(call, 428, VG_ERR_USAGE, err, "%s",
                  _("say in If-Match which version you saw"));
        return err_hint(err, "%s", _("it is the ETag of the answer to GET")),
               VG_ERR_USAGE;
    }
    if (str_equal(text, STR("*"))) {
        *ret = -1;
        return VG_OK;
    }
    bool quoted = text.len > 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
    if (!quoted || !str_to_i64((str){text.ptr + 1, text.len - 2}, ret) || *ret < 0)
        return call_fail(call, 412, VG_ERR_CONFLICT, err, "%s",
                         _("If-Match names no version of this"));
    return VG_OK;
}

enum vg_code call_go_on(struct call *call, struct vg_err *err)
{
    if (!atomic_load(&call->progress.stop) && !atomic_load(&call->serve->hurry))
        return VG_OK;
    return err_set(err, VG_ERR_CANCELLED, NULL, "%s", _("stopped"));
}

/* ---- what goes back ---- */

void call_status(struct call *call, unsigned status)
{
    call->answer->status = status;
}

void call_etag(struct call *call, const char *format, ...)
{
    char text[100];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c; c++)
        if (*c == '"' || *c < 0x21 || *c > 0x7E)
            *c = '_';
    snprintf(call->answer->etag, sizeof call->answer->etag, "\"%s\"", text);
}

bool call_has_it(const struct call *call)
{
    str etag = str_from(call->answer->etag);
    const char *header = exchange_header(call->exchange, "If-None-Match");
    return etag.len && header && call->exchange->method == METHOD_GET &&
           str_find(str_from(header), etag) != SIZE_MAX;
}

enum vg_code call_buf(struct call *call, const char *type, struct buf *body,
                      struct vg_err *err)
{
    size_t len = body->len;
    char *bytes = buf_take(body);
    buf_free(body);
    if (!bytes)
        return err_memory(err);
    answer_drop(call->answer);
    call->answer->body = bytes;
    call->answer->len = len;
    call->answer->type = type;
    return VG_OK;
}

enum vg_code call_json(struct call *call, json_t *json, struct vg_err *err)
{
    struct buf text = {0};
    if (!json)
        return err_memory(err);
    enum vg_code code = json_write_compact(json, &text, err);
    json_decref(json);
    if (code == VG_OK)
        buf_char(&text, '\n');
    if (code == VG_OK)
        return call_buf(call, "application/json", &text, err);
    buf_free(&text);
    return code;
}

enum vg_code call_items(struct call *call, json_t *items, const char *next,
                        struct vg_err *err)
{
    if (!items)
        return err_memory(err);
    return call_json(call, json_pack("{s:o, s:s?}", "items", items, "next", next), err);
}

enum vg_code call_file(struct call *call, const char *type, int handle,
                       struct vg_err *err)
{
    struct stat stat;
    answer_drop(call->answer);
    if (fstat(handle, &stat) != 0) {
        close(handle);
        return err_errno(err, NULL);
    }
    off_t at = lseek(handle, 0, SEEK_CUR);
    if (at > 0) /* libmicrohttpd sends from the beginning */
        at = 0;
    call->answer->file = handle;
    call->answer->file_bytes = (uint64_t)stat.st_size;
    call->answer->type = type;
    return VG_OK;
}

/* RFC 6266: an ASCII name for old programs, the true one in UTF-8 beside it. */
void call_download(struct call *call, const char *name)
{
    struct buf out = {.limit = sizeof call->answer->disposition - 1};
    buf_text(&out, "attachment; filename=\"");
    size_t shown = 0;
    for (const char *c = name; *c && shown < 100; c++, shown++)
        buf_char(&out, *c < 0x20 || *c > 0x7E || strchr("\"\\/%:;*?<>|", *c) ? '_' : *c);
    buf_text(&out, "\"; filename*=UTF-8''");
    str head = utf8_head(str_from(name), 40);
    for (size_t i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.ptr[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
        if (plain)
            buf_char(&out, (char)c);
        else
            buf_printf(&out, "%%%02X", c == '/' || c == '\\' || c < 0x20 ? '_' : c);
    }
    snprintf(call->answer->disposition, sizeof call->answer->disposition, "%s",
             out.failed ? "attachment" : out.ptr);
    buf_free(&out);
}

void call_policy(struct call *call, const char *policy)
{
    call->answer->policy = policy;
}

void call_immutable(struct call *call)
{
    call->answer->immutable = true;
}

enum vg_code call_nothing(struct call *call)
{
    answer_drop(call->answer);
    call->answer->len = 0;
    call->answer->status = 204;
    return VG_OK;
}

enum vg_code call_fail(struct call *call, unsigned status, enum vg_code code,
                       struct vg_err *err, const char *format, ...)
{
    char text[sizeof err->what];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    call->answer->status = status;
    return err_set(err, code, NULL, "%s", text);
}

void call_keep_upload(struct call *call)
{
    call->exchange->upload.path = NULL;
}

const char *call_folder(const struct call *call)
{
    return call->serve->folder;
}

enum vg_code call_live(struct call *call, const char *map, struct vg_err *err)
{
    (void)err;
    call->answer->live = true;
    call->answer->live_map = map;
    return VG_OK;
}

enum vg_code call_audit(struct call *call, const char *what, const char *about,
                        struct vg_err *err)
{
    return audit_write(call->store, what, about, err);
}

struct app_cache *call_cache(const struct call *call)
{
    return call->serve->cache;
}

const char *call_origin(const struct call *call)
{
    const struct exchange *exchange = call->exchange;
    return arena_printf(call->arena, "%s://%s", exchange->secure ? "https" : "http",
                        exchange->host && exchange->host[0] ? exchange->host
                                                            : call->serve->name);
}

const char *call_new_id(const struct call *call)
{
    unsigned char bytes[16];
    char text[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return arena_text(call->arena, str_from(text));
}
