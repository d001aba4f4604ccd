/* What goes back: headers, errors, compression. Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/lang.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { LEAST_TO_PACK = 1024 };

static const char usual_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
    "blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

static const struct {
    const char *name, *value;
} always[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

/* ---- status ---- */

static const struct {
    unsigned status;
    const char *text;
} statuses[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, N_("the request makes no sense")},
    {401, N_("log in first")},
    {403, N_("not allowed")},
    {404, N_("not found")},
    {405, N_("that cannot be done here")},
    {408, N_("too slow")},
    {409, N_("somebody else was first")},
    {410, N_("gone")},
    {411, N_("the request has to say how long it is")},
    {412, N_("changed meanwhile")},
    {413, N_("too large")},
    {414, N_("the address is too long")},
    {415, N_("another kind of content is expected")},
    {421, N_("not for this server")},
    {422, N_("the content has to be mended")},
    {428, N_("say which version you saw")},
    {429, N_("too many tries")},
    {431, N_("the headers are too large")},
    {500, N_("the server failed")},
    {501, N_("not known here")},
    {503, N_("the server cannot do this now")},
    {505, N_("another version of HTTP is expected")},
};

const char *status_text(unsigned status)
{
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (statuses[i].status == status)
            return statuses[i].text;
    return "";
}

/* ---- headers ---- */

bool answer_headers(struct MHD_Response *response, const char *policy)
{
    bool fine = MHD_add_response_header(response, "Content-Security-Policy",
                                        policy ? policy : usual_policy) == MHD_YES;
    for (size_t i = 0; fine && i < COUNT_OF(always); i++)
        fine =
            MHD_add_response_header(response, always[i].name, always[i].value) == MHD_YES;
    return fine;
}

size_t answer_raw(unsigned status, char *out, size_t size)
{
    char body[256], headers[1024] = "";
    int body_len = snprintf(body, sizeof body,
                            "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%u,"
                            "\"detail\":\"\",\"code\":\"usage\"}\n",
                            status_text(status), status);
    for (size_t i = 0; i < COUNT_OF(always); i++) {
        size_t len = strlen(headers);
        snprintf(headers + len, sizeof headers - len, "%s: %s\r\n", always[i].name,
                 always[i].value);
    }
    int len = snprintf(out, size,
                       "HTTP/1.1 %u Refused\r\nContent-Type: application/problem+json\r\n"
                       "Content-Length: %d\r\nConnection: close\r\n"
                       "Cache-Control: no-store\r\nContent-Security-Policy: %s\r\n"
                       "%s\r\n%s",
                       status, body_len, usual_policy, headers, body);
    return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

/* ---- compression ---- */

static bool accepts(const struct exchange *exchange, const char *coding)
{
    const char *header = exchange_header(exchange, "Accept-Encoding");
    str rest = str_from(header);
    while (rest.ptr && rest.len) {
        str word = str_trim(str_cut(&rest, ','));
        str name = str_trim(str_cut(&word, ';'));
        if (str_equal(name, str_from(coding)))
            return !(word.ptr && (str_find(word, STR("q=0")) != SIZE_MAX) &&
                     str_find(word, STR("q=0.")) == SIZE_MAX);
    }
    return false;
}

static bool is_text(const char *type)
{
    return strncmp(type, "text/", 5) == 0 || strstr(type, "json") ||
           strstr(type, "xml") || strstr(type, "javascript");
}

/* Bytes of a gzip member, malloc; NULL: then it goes as it is. */
static char *pack(const char *bytes, size_t len, size_t *ret_len)
{
    z_stream stream = {0};
    if (len > UINT32_MAX / 2 ||
        deflateInit2(&stream, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    uLong bound = deflateBound(&stream, (uLong)len);
    char *out = malloc(bound);
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)bound;
    bool whole = out && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *ret_len = stream.total_out;
    deflateEnd(&stream);
    if (whole && *ret_len < len)
        return out;
    free(out);
    return NULL;
}

/* ---- making the response ---- */

void answer_begin(struct answer *answer)
{
    *answer = (struct answer){.status = 200, .file = -1};
}

void answer_drop(struct answer *answer)
{
    free(answer->body);
    if (answer->file >= 0)
        close(answer->file);
    answer->body = NULL;
    answer->file = -1;
}

/* Has the browser just this already? If-None-Match, RFC 9110 section 13.1.2. */
static bool is_known(const struct exchange *exchange, const char *etag)
{
    str rest = str_from(exchange_header(exchange, "If-None-Match"));
    while (etag[0] && rest.ptr) {
        str one = str_trim(str_cut(&rest, ','));
        if (str_starts(one, STR("W/"))) {
            one.ptr += 2;
            one.len -= 2;
        }
        if (str_equal(one, str_from(etag)) || str_equal(one, STR("*")))
            return true;
    }
    return false;
}

static struct MHD_Response *body_response(struct exchange *exchange,
                                          struct answer *answer, bool *ret_packed)
{
    struct MHD_Response *response;
    size_t len = 0;
    char *packed = NULL;
    *ret_packed = false;
    if (answer->file >= 0) {
        exchange->answer_bytes = answer->file_bytes;
        response = MHD_create_response_from_fd64(answer->file_bytes, answer->file);
        if (response)
            answer->file = -1; /* libmicrohttpd closes it */
        return response;
    }
    if (answer->len >= LEAST_TO_PACK && is_text(answer->type) &&
        accepts(exchange, "gzip"))
        packed = pack(answer->body, answer->len, &len);
    if (packed) {
        free(answer->body);
        answer->body = packed;
        answer->len = len;
        *ret_packed = true;
    }
    exchange->answer_bytes = answer->len;
    response =
        MHD_create_response_from_buffer(answer->len, answer->body, MHD_RESPMEM_MUST_FREE);
    if (response)
        answer->body = NULL;
    return response;
}

static bool add(struct MHD_Response *response, const char *name, const char *value)
{
    return !value || !value[0] ||
           MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_headers(const struct exchange *exchange, const struct answer *answer,
                        struct MHD_Response *response, bool packed)
{
    char after[16] = "";
    bool has_body = answer->len || answer->file_bytes;
    if (answer->retry_after_s)
        snprintf(after, sizeof after, "%u", answer->retry_after_s);
    const char *cache =
        answer->immutable ? "private, max-age=31536000, immutable" : "no-store";
    bool by_encoding = has_body && answer->type && is_text(answer->type);
    return answer_headers(response, answer->policy) &&
           add(response, "Cache-Control", cache) &&
           add(response, "Content-Type", has_body ? answer->type : NULL) &&
           add(response, "Content-Encoding", packed ? "gzip" : NULL) &&
           add(response, "Vary", by_encoding ? "Accept-Encoding" : NULL) &&
           add(response, "ETag", answer->etag) && add(response, "Allow", answer->allow) &&
           add(response, "Content-Disposition", answer->disposition) &&
           add(response, "Set-Cookie", answer->cookie) &&
           add(response, "Location", answer->location) &&
           add(response, "Retry-After", after) &&
           add(response, "Strict-Transport-Security",
               exchange->secure ? "max-age=31536000" : NULL) &&
           add(response, "Connection", answer->close ? "close" : NULL);
}

static struct MHD_Response *live_stream(struct exchange *exchange,
                                        const struct answer *answer)
{
    struct MHD_Response *response = live_response(exchange, answer->live_map);
    if (response && (!answer_headers(response, NULL) ||
                     !add(response, "Content-Type", "text/event-stream") ||
                     !add(response, "Cache-Control", "no-store") ||
                     !add(response, "X-Accel-Buffering", "no") ||
                     !add(response, "Connection", "close"))) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

/* There is no memory left for anything: these bytes are always there. */
static struct MHD_Response *last_resort(void)
{
    static char text[] = "{\"type\":\"about:blank\",\"title\":\"memory\",\"status\":503,"
                         "\"detail\":\"\",\"code\":\"memory\"}\n";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    if (response) {
        answer_headers(response, NULL);
        MHD_add_response_header(response, "Content-Type", "application/problem+json");
        MHD_add_response_header(response, "Cache-Control", "no-store");
    }
    return response;
}

void answer_finish(struct exchange *exchange, struct answer *answer)
{
    bool packed = false;
    if (exchange->method == METHOD_GET && answer->status == 200 &&
        is_known(exchange, answer->etag)) {
        answer_drop(answer);
        answer->len = 0;
        answer->file_bytes = 0;
        answer->status = 304;
    }
    struct MHD_Response *response = answer->live
                                        ? live_stream(exchange, answer)
                                        : body_response(exchange, answer, &packed);
    if (response && !answer->live && !add_headers(exchange, answer, response, packed)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    exchange->live = response && answer->live;
    exchange->status = response ? answer->status : 503;
    exchange->response = response ? response : last_resort();
    answer_drop(answer);
}

/* ---- errors ---- */

/* Where the data file lies is nobody's business. */
static bool is_for_others(const struct exchange *exchange, const char *where)
{
    const char *file = exchange->serve->options->workspace;
    return where[0] && where[0] != '/' && strncmp(where, file, strlen(file)) != 0;
}

static json_t *problem(const struct exchange *exchange, unsigned status,
                       const struct vg_err *err)
{
    const struct err_row *row = err_row(err->code);
    json_t *json = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
                             _(status_text(status)), "status", (int)status, "detail",
                             err->what, "code", row->name);
    if (json && is_for_others(exchange, err->where))
        json_object_set_new(json, "where", json_string(err->where));
    if (json && err->hint[0])
        json_object_set_new(json, "hint", json_string(err->hint));
    return json;
}

void answer_problem(struct exchange *exchange, struct answer *answer, unsigned status,
                    const struct vg_err *err)
{
    struct buf text = {0};
    if (!status)
        status = (unsigned)err_row(err->code)->http_status;
    answer_drop(answer);
    answer->len = 0;
    answer->file_bytes = 0;
    answer->etag[0] = answer->disposition[0] = 0;
    answer->immutable = answer->live = false;
    answer->policy = answer->location = NULL;
    answer->status = status;
    answer->type = "application/problem+json";
    if (status == 503 && !answer->retry_after_s)
        answer->retry_after_s = 5;
    json_t *json = problem(exchange, status, err);
    if (json && json_write_compact(json, &text, NULL) == VG_OK) {
        buf_char(&text, '\n');
        answer->len = text.len;
        answer->body = buf_take(&text);
        answer->len = answer->body ? answer->len : 0;
    }
    json_decref(json);
    buf_free(&text);
    answer_finish(exchange, answer);
}

void answer_refuse(struct exchange *exchange, unsigned status, const char *format, ...)
{
    struct answer answer;
    struct vg_err err = {.code = status == 404   ? VG_ERR_NOT_FOUND
                                 : status == 413 ? VG_ERR_LIMIT
                                 : status == 403 ? VG_ERR_DENIED
                                 : status == 503 ? VG_ERR_CANCELLED
                                                 : VG_ERR_USAGE};
    va_list args;
    va_start(args, format);
    vsnprintf(err.what, sizeof err.what, format, args);
    va_end(args);
    answer_begin(&answer);
    if (status == 405 || status == 413)
        answer.close = status == 413;
    answer_problem(exchange, &answer, status, &err);
}
