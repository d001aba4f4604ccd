/* What a client sees and sends himself, by a private link. Only what is his own and
 * public leaves here: path_client_public, and what he wrote. */
#include "app/json.h"
#include "base/date.h"
#include "serve/api_paths.h"
#include "serve/inside.h"

#include <math.h>

enum { SENT_A_DAY = 300 };

static enum vg_code own_enrolment(struct call *call, struct enrolment_row *ret,
                                  struct vg_err *err)
{
    return enrolment_get(call->store, call->arena, call->link->enrolment, ret, err);
}

/* ---- what he sees ---- */

static json_t *mine_json(const struct progress_row *row)
{
    return json_pack("{s:I, s:s, s:b, s:o, s:o, s:o, s:o, s:o}", "id",
                     (json_int_t)row->id, "kind", progress_kind_name(row->kind), "by_me",
                     (int)row->by_client, "item", json_text(row->item), "at",
                     json_time(row->at_us), "value", json_number_or_null(row->value),
                     "text", json_text(row->text), "file",
                     row->file[0] ? json_text(row->file_name) : json_null());
}

/* What he wrote, and what was written to him; notes about him never. */
static enum vg_code list_mine(struct call *call, json_t **ret, struct vg_err *err)
{
    struct progress_row *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code = list ? progress_list(call->store, call->arena,
                                             call->link->enrolment, &rows, &count, err)
                             : err_memory(err);
    for (size_t i = count; code == VG_OK && i-- > 0;)
        if ((rows[i].by_client || rows[i].kind == PROGRESS_MESSAGE) &&
            json_array_append_new(list, mine_json(&rows[i])) != 0)
            code = err_memory(err);
    *ret = list;
    return code;
}

enum vg_code api_client(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    struct held *held = NULL;
    json_t *mine = NULL, *public = NULL;
    enum vg_code code = own_enrolment(call, &row, err);
    if (code == VG_OK)
        code =
            cache_path(call_cache(call), call->store, row.map, PATH_ENROLLED, &held, err);
    if (code != VG_OK)
        return code;
    const char *firm = "";
    code = store_title(call->store, call->arena, &firm, err);
    const struct path *path = held_path(held);
    size_t at = path_enrolment_find(path, row.id);
    const char *title = arena_text(call->arena, str_from(path->map->title));
    if (at != SIZE_MAX)
    public = path_client_public(path, at);
    held_release(held);
    if (code == VG_OK)
        code = public && title ? list_mine(call, &mine, err) : err_memory(err);
    if (code == VG_OK)
        code = client_link_opened(call->store, call->link, date_now_us(), err);
    if (code != VG_OK) {
        json_decref(public);
        json_decref(mine);
        return code;
    }
    return call_json(call,
                     json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "firm",
                               json_text(firm), "title", json_text(title), "customer",
                               json_text(row.name), "lang", call->link->lang, "expires",
                               json_time(call->link->expires_us), "path", public, "mine",
                               mine),
                     err);
}

enum vg_code api_client_sheet(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    enum vg_code code = own_enrolment(call, &row, err);
    return code == VG_OK ? answer_sheet(call, row.map, row.id, err) : code;
}

/* ---- what he sends ---- */

static enum vg_code check_amount(struct call *call, struct vg_err *err)
{
    int64_t sent = 0;
    enum vg_code code = progress_by_client(call->store, call->link->enrolment,
                                           date_now_us() - US_PER_DAY, &sent, err);
    if (code != VG_OK || sent < SENT_A_DAY)
        return code;
    call->answer->retry_after_s = 3600;
    return call_fail(call, 429, VG_ERR_LIMIT, err, "%s",
                     _("this is a lot for one day: go on tomorrow"));
}

static enum vg_code keep(struct call *call, struct progress_wish *wish,
                         struct vg_err *err)
{
    wish->by_client = true;
    enum vg_code code = check_amount(call, err);
    return code == VG_OK ? keep_progress(call, call->link->enrolment, wish, err) : code;
}

enum vg_code api_client_progress(struct call *call, struct vg_err *err)
{
    static const char *const items[PROGRESS_KINDS] = {[PROGRESS_DONE] = "step",
                                                      [PROGRESS_READING] = "metric",
                                                      [PROGRESS_PROOF] = "proof",
                                                      [PROGRESS_FEELING] = "step",
                                                      [PROGRESS_MESSAGE] = "step"};
    json_t *value = call_body(call, "value");
    struct progress_wish wish = {.text = call_body_text(call, "text"),
                                 .client = call_body_text(call, "client"),
                                 .value = json_is_number(value) ? json_number_value(value)
                                                                : NAN};
    if (!progress_kind_parse(call_body_text(call, "kind"), &wish.kind) ||
        !items[wish.kind])
        return err_set(err, VG_ERR_USAGE, "kind", "%s", _("this is no kind of progress"));
    wish.item = call_body_text(call, items[wish.kind]);
    return keep(call, &wish, err);
}

enum vg_code api_client_file(struct call *call, struct vg_err *err)
{
    struct progress_wish wish;
    enum vg_code code = proof_wish(call, &wish, err);
    return code == VG_OK ? keep(call, &wish, err) : code;
}

/* Only what he sent himself. */
enum vg_code api_client_progress_delete(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    struct progress_row *rows = NULL;
    size_t count = 0;
    int64_t id = 0;
    bool own = false;
    enum vg_code code = own_enrolment(call, &row, err);
    if (code == VG_OK)
        code = progress_list(call->store, call->arena, row.id, &rows, &count, err);
    if (code != VG_OK)
        return code;
    bool number = str_to_i64(str_from(call_param(call, "pid")), &id);
    for (size_t i = 0; number && i < count; i++)
        own |= rows[i].id == id && rows[i].by_client;
    if (!own)
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such entry"));
    code = progress_delete(call->store, row.id, id, err);
    if (code != VG_OK)
        return code;
    paths_changed(call, row.map, row.id, true);
    return call_nothing(call);
}
