/* One request on its way through libmicrohttpd, in its thread: its head looked at, its
 * body taken in, the whole handed to a worker, the answer sent. Nothing here waits.
 * Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/date.h"
#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- beginning ---- */

void *exchange_begin(void *serve, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->serve = serve;
    exchange->connection = connection;
    exchange->file = -1;
    exchange->began_us = date_now_us();
    exchange->call.answer = NULL;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    exchange->peer = info ? info->socket_context : NULL;
    exchange->arena = arena_open(0);
    if (exchange->arena)
        exchange->path = arena_text(exchange->arena, str_from(uri));
    return exchange;
}

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

/* ---- what its head says ---- */

static bool read_method(struct exchange *exchange, const char *method)
{
    exchange->head = strcmp(method, "HEAD") == 0;
    for (unsigned i = 0; i < METHODS; i++) {
        if (strcmp(method, method_name((enum method)i)) == 0) {
            exchange->method = (enum method)i;
            return true;
        }
    }
    return exchange->head;
}

/* Who asks, and by what name, when a proxy that is trusted says so. */
static void read_forwarded(struct exchange *exchange)
{
    const struct serve *serve = exchange->serve;
    const char *peer = exchange->peer ? exchange->peer->address : "";
    exchange->address = peer;
    exchange->host = exchange_header(exchange, "Host");
    if (!address_is_trusted(serve, peer))
        return;
    exchange->forwarded = true;
    const char *proto = exchange_header(exchange, "X-Forwarded-Proto");
    const char *host = exchange_header(exchange, "X-Forwarded-Host");
    exchange->secure = proto && strcmp(proto, "https") == 0;
    if (host && host[0])
        exchange->host = host;
    /* The last address that no trusted proxy wrote of another one. */
    str list = str_from(exchange_header(exchange, "X-Forwarded-For"));
    while (list.len) {
        size_t cut = list.len;
        while (cut > 0 && list.ptr[cut - 1] != ',')
            cut--;
        str one = str_trim((str){list.ptr + cut, list.len - cut});
        list.len = cut ? cut - 1 : 0;
        const char *text = one.len < 64 ? arena_text(exchange->arena, one) : NULL;
        if (!text || !text[0])
            break;
        exchange->address = text;
        if (!address_is_trusted(serve, text))
            break;
    }
}

/* Cut the path from the query, decode both. False: refused. */
static bool read_target(struct exchange *exchange)
{
    str query = str_from(exchange->path);
    str path = str_cut(&query, '?');
    const char *raw = arena_text(exchange->arena, path);
    struct route_found found;
    struct vg_err err = {0};
    if (!raw || raw[0] != '/') {
        answer_refuse(exchange, 400, "%s", _("this is no path"));
        return false;
    }
    exchange->path = raw;
    route_find(exchange->method, raw, &found);
    exchange->route = found.route;
    for (size_t i = 0; i < ROUTE_PARAMS && found.route; i++) {
        str piece = {found.param[i], found.param_len[i]};
        exchange->params[i] = "";
        if (piece.len &&
            (!ask_decode(exchange->arena, piece, false, &exchange->params[i]) ||
             strpbrk(exchange->params[i], "\n\t"))) {
            answer_refuse(exchange, 400, "%s",
                          _("the path is not percent-encoded UTF-8"));
            return false;
        }
    }
    if (!found.route && found.methods) {
        answer_refuse(exchange, 405, "%s", _("there is no such method here"));
        return false;
    }
    if (query.ptr && found.route &&
        ask_query(exchange->arena, query, &exchange->query, &exchange->query_count,
                  &err) != VG_OK) {
        answer_refuse(exchange, err.code == VG_ERR_LIMIT ? 414 : 400, "%s", err.what);
        return false;
    }
    return true;
}

static bool read_length(struct exchange *exchange)
{
    const struct route *route = exchange->route;
    int64_t length = 0;
    const char *text = exchange_header(exchange, "Content-Length");
    if (text && (!str_to_i64(str_trim(str_from(text)), &length) || length < 0)) {
        answer_refuse(exchange, 400, "%s", _("the length is no number"));
        return false;
    }
    bool takes = route->body || (route->flags & (ROUTE_STREAM | ROUTE_FORM));
    uint64_t usual = route->flags & ROUTE_STREAM ? SERVE_STREAM_BYTES : SERVE_JSON_BYTES;
    exchange->length = (uint64_t)length;
    exchange->limit = !takes ? 0 : route->body_bytes ? route->body_bytes : usual;
    if (exchange->length <= exchange->limit)
        return true;
    if (takes)
        answer_refuse(exchange, 413, _("the body may have %llu bytes at most"),
                      (unsigned long long)exchange->limit);
    else
        answer_refuse(exchange, 400, "%s", _("no body is taken here"));
    return false;
}

/* ---- the body ---- */

static bool open_upload(struct exchange *exchange)
{
    struct serve *serve = exchange->serve;
    uint64_t number = ++serve->upload_count;
    const char *path = arena_printf(exchange->arena, "%s/upload-%llu", serve->folder,
                                    (unsigned long long)number);
    if (path)
        exchange->file =
            open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (!path || exchange->file < 0)
        return false;
    exchange->upload.path = path;
    return true;
}

static bool keep(struct exchange *exchange, const char *data, size_t len)
{
    if (exchange->file < 0) {
        exchange->body.limit = (size_t)exchange->limit + 1;
        buf_add(&exchange->body, (str){data, len});
        return !exchange->body.failed;
    }
    while (len) {
        ssize_t put = write(exchange->file, data, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        data += put;
        len -= (size_t)put;
        exchange->upload.bytes += (uint64_t)put;
    }
    return true;
}

/* ---- the steps ---- */

static enum MHD_Result send_answer(struct exchange *exchange)
{
    wire_phase(exchange->peer, exchange->live ? PHASE_LIVE : PHASE_ANSWER, exchange);
    exchange->stage = STAGE_DONE;
    enum MHD_Result put =
        MHD_queue_response(exchange->connection, exchange->status, exchange->response);
    MHD_destroy_response(exchange->response);
    exchange->response = NULL;
    return put;
}

static enum MHD_Result hand_over(struct exchange *exchange, enum stage stage)
{
    unsigned flags = exchange->route->flags;
    enum lane lane = flags & ROUTE_HASH   ? LANE_HASH
                     : flags & ROUTE_SLOW ? LANE_SLOW
                                          : LANE_QUICK;
    if (stage == STAGE_RIGHT)
        lane = LANE_QUICK;
    if (!work_has_room(exchange->serve, lane)) {
        answer_refuse(exchange, 503, "%s", _("too many log in at once: try again soon"));
        return send_answer(exchange);
    }
    exchange->stage = stage;
    exchange->lane = lane;
    wire_phase(exchange->peer, PHASE_WORK, exchange);
    MHD_suspend_connection(exchange->connection);
    work_add(exchange->serve, exchange, lane);
    return MHD_YES;
}

/* An answer before the body: at once when there is one, since it will not be read and the
 * connection ends; otherwise when libmicrohttpd calls again, and the connection stays. */
static enum MHD_Result answer_head(struct exchange *exchange)
{
    const char *length = exchange_header(exchange, "Content-Length");
    if (length && strcmp(length, "0") != 0)
        return send_answer(exchange);
    exchange->stage = STAGE_WORK;
    return MHD_YES;
}

static enum MHD_Result look_at_head(struct exchange *exchange, const char *method)
{
    if (!exchange->arena || !exchange->path)
        return MHD_NO;
    exchange->peer->exchange = exchange;
    if (!read_method(exchange, method)) {
        answer_refuse(exchange, 501, "%s", _("this method is not known here"));
        return answer_head(exchange);
    }
    read_forwarded(exchange);
    if (!read_target(exchange))
        return answer_head(exchange);
    if (!exchange->route) {
        if (!assets_answer(exchange))
            answer_refuse(exchange, 404, "%s", _("there is nothing of that name"));
        return answer_head(exchange);
    }
    if (!read_length(exchange))
        return answer_head(exchange);
    bool large = exchange->length > SERVE_UNASKED_BYTES;
    if (exchange->length && (large || (exchange->route->flags & ROUTE_STREAM)))
        return hand_over(exchange, STAGE_RIGHT);
    exchange->stage = STAGE_BODY;
    return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data,
                                 size_t *data_size)
{
    if (*data_size) {
        bool stream = (exchange->route->flags & ROUTE_STREAM) != 0;
        if (stream && exchange->file < 0 && !open_upload(exchange))
            return MHD_NO;
        if (!keep(exchange, data, *data_size))
            return MHD_NO; /* the disk is full: the connection ends */
        *data_size = 0;
        return MHD_YES;
    }
    if (exchange->file >= 0) {
        close(exchange->file);
        exchange->file = -1;
    }
    return hand_over(exchange, STAGE_WORK);
}

enum MHD_Result exchange_go_on(void *serve, struct MHD_Connection *connection,
                               const char *url, const char *method, const char *version,
                               const char *data, size_t *data_size, void **state)
{
    struct exchange *exchange = *state;
    (void)serve, (void)connection, (void)url, (void)version;
    if (!exchange || !exchange->peer)
        return MHD_NO;
    switch (exchange->stage) {
    case STAGE_HEAD:
        return look_at_head(exchange, method);
    case STAGE_RIGHT: /* back from the worker: refused, or it may come */
        if (exchange->response)
            return send_answer(exchange);
        exchange->stage = STAGE_BODY;
        wire_phase(exchange->peer, PHASE_BODY, exchange);
        if (!*data_size)
            return MHD_YES;
        return take_body(exchange, data, data_size);
    case STAGE_BODY:
        return take_body(exchange, data, data_size);
    case STAGE_WORK:
        return exchange->response ? send_answer(exchange) : MHD_NO;
    default:
        return MHD_NO;
    }
}

void exchange_end(void *serve, struct MHD_Connection *connection, void **state,
                  enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;
    (void)serve, (void)connection;
    if (!exchange)
        return;
    *state = NULL;
    wire_phase(exchange->peer, PHASE_IDLE, NULL);
    log_exchange(exchange, why == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    metrics_count(exchange->serve, exchange, date_now_us() - exchange->began_us);
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    if (exchange->file >= 0)
        close(exchange->file);
    if (exchange->upload.path)
        unlink(exchange->upload.path);
    json_decref(exchange->call.body);
    buf_free(&exchange->body);
    arena_close(exchange->arena);
    free(exchange);
}
