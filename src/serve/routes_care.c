/* What is going on, and whether all is well: events, jobs, backup, examination, numbers,
 * the API's own document. */
#include "serve/api.h"
#include "serve/inside.h"
#include "serve/jobs.h"
#include "serve/live.h"
#include "serve/tables.h"

#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"
#include "store/maps.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* ---- live ---- */

static enum vg_code live(struct call *call, struct vg_err *err)
{
    return call_live(call, call_text(call, "map"), err);
}

static enum vg_code present(struct call *call, struct vg_err *err)
{
    (void)err;
    const char *where = call_body_text(call, "where");
    live_present(call->serve, call_param(call, "id"), call->who.id, call->who.name, where,
                 call_body_text(call, "field"));
    return call_nothing(call);
}

/* ---- care ---- */

static enum vg_code backup(struct call *call, struct vg_err *err)
{
    const char *id = call_new_id(call);
    const char *path =
        id ? arena_printf(call->arena, "%s/backup-%s", call_folder(call), id) : NULL;
    if (!path)
        return err_memory(err);
    enum vg_code code = store_backup(call->store, path, &call->progress, err);
    if (code == VG_OK)
        code = call_audit(call, "backup", "", err);
    int handle = code == VG_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    unlink(path); /* its bytes stay until they are sent */
    if (code != VG_OK)
        return code;
    if (handle < 0)
        return err_errno(err, path);
    const char *name = strrchr(call->serve->options->workspace, '/');
    call_download(call, name ? name + 1 : call->serve->options->workspace);
    return call_file(call, "application/octet-stream", handle, err);
}

static enum vg_code doctor(struct call *call, struct vg_err *err)
{
    struct store_health health = {0};
    enum vg_code code = store_examine(call->store, call->arena, &health, err);
    if (code != VG_OK)
        return code;
    json_t *faults = json_array(), *sizes = json_array();
    for (size_t i = 0; i < health.fault_count; i++)
        json_array_append_new(faults, json_text(health.faults[i]));
    for (size_t i = 0; i < health.size_count; i++)
        json_array_append_new(sizes,
                              json_pack("{s:s, s:o, s:o}", "what", health.sizes[i].what,
                                        "rows", json_count(health.sizes[i].rows), "bytes",
                                        json_count(health.sizes[i].bytes)));
    return call_json(
        call,
        json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "healthy",
                  health.fault_count == 0, "faults", faults, "sizes", sizes, "file_bytes",
                  json_count(health.file_bytes), "free_bytes",
                  json_count(health.free_bytes), "events", json_count(health.events),
                  "imports", json_count(health.imports), "maps", json_count(health.maps),
                  "audit_rows", json_count(health.audit_rows)),
        err);
}

static enum vg_code is_healthy(struct call *call, struct vg_err *err)
{
    const char *title;
    /* The data file answers, too. */
    enum vg_code code = store_title(call->store, call->arena, &title, err);
    if (code != VG_OK || atomic_load(&call->serve->stopping))
        return call_fail(call, 503, VG_ERR_CANCELLED, err, "%s", _("stopping"));
    return call_json(call, json_pack("{s:s}", "status", "ok"), err);
}

/* For who sits on this machine, or has a token for it. */
static enum vg_code numbers(struct call *call, struct vg_err *err)
{
    struct buf text = {0};
    const struct exchange *exchange = call->exchange;
    bool proxied = exchange->forwarded || exchange_header(exchange, "X-Forwarded-For") ||
                   exchange_header(exchange, "Forwarded") ||
                   exchange_header(exchange, "Via");
    bool here = !proxied && exchange->peer &&
                (address_in("127.0.0.0/8", exchange->peer->address) ||
                 strcmp(exchange->peer->address, "::1") == 0);
    if (!here && call->who.rank < RANK_OWNER)
        return err_set(err, VG_ERR_DENIED, NULL, "%s",
                       _("this is for this machine, or a token with the scope admin"));
    enum vg_code code = metrics_write(call->serve, &text, err);
    if (code == VG_OK)
        return call_buf(call, "text/plain; version=0.0.4; charset=utf-8", &text, err);
    buf_free(&text);
    return code;
}

/* Anybody may ask for it, and it takes some time to make: made once. */
static struct buf document_text;
static pthread_mutex_t document_lock = PTHREAD_MUTEX_INITIALIZER;

static enum vg_code document_make(struct vg_err *err)
{
    json_t *json = document_text.len ? NULL : serve_openapi();
    if (document_text.len)
        return VG_OK;
    enum vg_code code =
        json ? json_write_compact(json, &document_text, err) : err_memory(err);
    json_decref(json);
    if (code == VG_OK)
        buf_char(&document_text, '\n');
    if (code == VG_OK && document_text.failed)
        code = err_memory(err);
    if (code != VG_OK)
        buf_free(&document_text);
    return code;
}

static enum vg_code document(struct call *call, struct vg_err *err)
{
    struct buf text = {0};
    pthread_mutex_lock(&document_lock);
    enum vg_code code = document_make(err);
    pthread_mutex_unlock(&document_lock);
    if (code != VG_OK)
        return code;
    buf_add(&text, buf_str(&document_text));
    return call_buf(call, "application/json", &text, err);
}

/* ---- the rows ---- */

static const struct field live_query[] = {{"map", FIELD_TEXT}, {0}};
static const struct field present_body[] = {
    {"where", FIELD_TEXT, .needed = true}, {"field", FIELD_TEXT, .nullable = true}, {0}};

static const struct field problem_fields[] = {
    {"type", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT},
    {"status", FIELD_COUNT, .needed = true},
    {"detail", FIELD_TEXT, .needed = true},
    {"code", FIELD_TEXT, .needed = true},
    {"where", FIELD_TEXT},
    {"hint", FIELD_TEXT},
    {0},
};
const struct shape shape_problem = {"Problem", problem_fields, NULL};
static const struct field job_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"kind", FIELD_TEXT, .needed = true},
    {"state", FIELD_CHOICE, .needed = true,
     .choices = "waiting|running|done|failed|cancelled"},
    {"fraction", FIELD_NUMBER, .needed = true},
    {"step", FIELD_TEXT, .needed = true},
    {"rejects", FIELD_FLAG, .needed = true},
    {"result", FIELD_ANY},
    {"problem", FIELD_OBJECT, .shape = &shape_problem},
    {0},
};
static const struct shape shape_job = {"Job", job_fields, NULL};
static const struct field size_fields[] = {
    {"what", FIELD_TEXT, .needed = true},
    {"rows", FIELD_COUNT, .needed = true},
    {"bytes", FIELD_COUNT, .needed = true},
    {0},
};
static const struct field doctor_fields[] = {
    {"healthy", FIELD_FLAG, .needed = true},
    {"faults", FIELD_TEXTS, .needed = true},
    {"sizes", FIELD_OBJECTS, .needed = true, .fields = size_fields},
    {"file_bytes", FIELD_COUNT, .needed = true},
    {"free_bytes", FIELD_COUNT, .needed = true},
    {"events", FIELD_COUNT, .needed = true},
    {"imports", FIELD_COUNT, .needed = true},
    {"maps", FIELD_COUNT, .needed = true},
    {"audit_rows", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape shape_doctor = {"Doctor", doctor_fields, NULL};
static const struct field health_fields[] = {{"status", FIELD_TEXT, .needed = true}, {0}};
static const struct shape shape_health = {"Health", health_fields, NULL};
static const struct shape shape_any = {"OpenApi", NULL, NULL};

static const struct route rows[] = {
    {METHOD_GET, "/live", RANK_READER, ROUTE_LIVE, live,
     .about = "What happens, as it happens (server-sent events)", .query = live_query,
     .type = "text/event-stream"},
    {METHOD_POST, "/maps/{id}/presence", RANK_READER, 0, present,
     .about = "Say where on a map one is", .body = present_body},
    {METHOD_GET, "/jobs/{id}", RANK_READER, 0, api_job_get, .about = "How far a job is",
     .answer = &shape_job},
    {METHOD_DELETE, "/jobs/{id}", RANK_READER, 0, api_job_cancel,
     .about = "Stop a job of one’s own; editors, any"},
    {METHOD_GET, "/jobs/{id}/rejects", RANK_READER, 0, api_job_rejects,
     .about = "The rows that an import left out", .type = "text/csv"},
    {METHOD_GET, "/backup", RANK_OWNER, ROUTE_SLOW, backup,
     .about = "A consistent copy of the data file", .type = "application/octet-stream",
     .scope = SCOPE_ADMIN},
    {METHOD_GET, "/doctor", RANK_OWNER, ROUTE_SLOW, doctor,
     .about = "Look the data file over", .answer = &shape_doctor},
    {METHOD_GET, "/openapi.json", RANK_NOBODY, 0, document, .about = "This document",
     .answer = &shape_any},
    {METHOD_GET, "/health", RANK_NOBODY, ROUTE_ROOT, is_healthy, .about = "Does it work",
     .answer = &shape_health},
    {METHOD_GET, "/metrics", RANK_NOBODY, ROUTE_ROOT, numbers,
     .about = "Numbers for Prometheus", .type = "text/plain"},
};
const struct route_table routes_care = ROUTE_TABLE(rows);
