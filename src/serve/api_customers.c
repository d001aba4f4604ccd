/* Customers: who they are, what each lived, one name for one person; forgetting. */
#include "app/customers.h"
#include "app/json.h"
#include "app/workspace.h"
#include "serve/handlers.h"

/* ---- lists ---- */

/* A page of a list, and how many there are in all. */
static enum vg_code answer_page(struct call *call, json_t *items, const char *next,
                                uint64_t total, struct vg_err *err)
{
    return call_json(call,
                     json_pack("{s:o, s:o, s:o}", "items", items, "next", json_text(next),
                               "total", json_count(total)),
                     err);
}

enum vg_code api_customers_answer(struct call *call, struct held *held,
                                  const struct drill_traces *among, struct vg_err *err)
{
    struct customers_page page = {.query = call_text(call, "q"),
                                  .after = call_after(call),
                                  .limit = call_limit(call),
                                  .among = among};
    json_t *items = NULL;
    const char *next = NULL;
    size_t total = 0;
    enum vg_code code = customers_list(call->arena, held_evidence(held)->log, &page,
                                       &items, &next, &total, err);
    held_release(held);
    if (code != VG_OK)
        return code;
    return answer_page(call, items, next, total, err);
}

enum vg_code api_customers(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    enum vg_code code = api_evidence(call, false, &held, err);
    return code == VG_OK ? api_customers_answer(call, held, NULL, err) : code;
}

/* ---- one of them ---- */

/* All that is known, whatever the page's filter says. */
static enum vg_code everything(struct call *call, struct held **ret, struct vg_err *err)
{
    struct question all = {.filter = LOG_FILTER_ALL, .key = ""};
    return cache_evidence(call_cache(call), call->store, &all, true, ret, err);
}

enum vg_code api_customer(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    struct vg_map *map = NULL;
    json_t *json = NULL;
    const char *map_id = call_text(call, "map");
    enum vg_code code = everything(call, &held, err);
    if (code == VG_OK && map_id)
        code = maps_read(call->store, map_id, -1, &map, NULL, err);
    if (code == VG_OK)
        code = customer_timeline(call->store, call->arena, held_evidence(held)->log, map,
                                 call_text(call, "name"), &json, err);
    map_close(map);
    held_release(held);
    return code == VG_OK ? call_json(call, json, err) : code;
}

static enum vg_code export_csv(struct call *call, const char *name, struct buf *out,
                               struct vg_err *err)
{
    struct held *held = NULL;
    const char **names = NULL;
    size_t count = 0;
    enum vg_code code = alias_names(call->store, call->arena, name, &names, &count, err);
    if (code == VG_OK)
        code = everything(call, &held, err);
    if (code == VG_OK)
        code = customer_csv(call->arena, held_evidence(held)->log, names[0], out, err);
    held_release(held);
    return code;
}

enum vg_code api_customer_export(struct call *call, struct vg_err *err)
{
    const char *name = call_text(call, "name"), *format = call_text(call, "format");
    bool csv = format && strcmp(format, "csv") == 0;
    struct buf out = {0};
    json_t *json = NULL;
    enum vg_code code;
    if (csv) {
        code = export_csv(call, name, &out, err);
    } else {
        code = workspace_customer(call->store, call->arena, name, &json, err);
        if (code == VG_OK)
            code = json_write(json, &out, err);
        json_decref(json);
    }
    if (code == VG_OK) /* never whose: the audit is kept when a customer is erased */
        code = call_audit(call, "export-customer", "", err);
    call_download(call, csv ? _("customer.csv") : _("customer.json"));
    if (code == VG_OK)
        code = call_buf(call, csv ? "text/csv; charset=utf-8" : "application/json", &out,
                        err);
    buf_free(&out);
    return code;
}

enum vg_code api_customer_erase(struct call *call, struct vg_err *err)
{
    struct store_erased erased = {0};
    enum vg_code code =
        store_erase(call->store, call->arena, call_text(call, "name"), &erased, err);
    if (code != VG_OK)
        return code;
    api_evidence_changed(call->serve);
    return call_json(
        call,
        json_pack("{s:o, s:o, s:o}", "events", json_count(erased.events), "imports",
                  json_count(erased.imports), "mentions",
                  JSON_LIST(erased.mentions, erased.mention_count, json_one_text)),
        err);
}

/* ---- search, names of one person ---- */

enum vg_code api_events(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    json_t *items = NULL;
    uint64_t total = 0;
    const char *next = NULL, *query = call_text(call, "q");
    enum vg_code code = api_evidence(call, true, &held, err);
    if (code == VG_OK)
        code =
            events_search(call->arena, held_evidence(held)->log, query ? query : "",
                          call_after(call), call_limit(call), &items, &next, &total, err);
    held_release(held);
    if (code != VG_OK)
        return code;
    return answer_page(call, items, next, total, err);
}

enum vg_code api_aliases(struct call *call, struct vg_err *err)
{
    struct alias_row *rows = NULL;
    size_t count = 0;
    json_t *items = json_array();
    enum vg_code code = items ? alias_list(call->store, call->arena, &rows, &count, err)
                              : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(
                items,
                json_pack("{s:o, s:o, s:o, s:o, s:o}", "main", json_text(rows[i].main),
                          "other", json_text(rows[i].other), "at",
                          json_time(rows[i].at_us), "who", json_text(rows[i].who), "name",
                          json_text(api_name(call, rows[i].who)))) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

enum vg_code api_alias_add(struct call *call, struct vg_err *err)
{
    enum vg_code code = alias_join(call->store, call_body_text(call, "main"),
                                   call_body_text(call, "other"), err);
    if (code != VG_OK)
        return code;
    api_evidence_changed(call->serve);
    return call_nothing(call);
}

enum vg_code api_alias_delete(struct call *call, struct vg_err *err)
{
    enum vg_code code = alias_undo(call->store, call_text(call, "name"), err);
    if (code != VG_OK)
        return code;
    api_evidence_changed(call->serve);
    return call_nothing(call);
}
