/* What clients did, as the team writes it down: progress, proofs; private links. */
#include "app/json.h"
#include "base/date.h"
#include "serve/api_paths.h"
#include "serve/inside.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

enum { LINK_DAYS_MOST = 730 };

enum vg_code keep_progress(struct call *call, const char *enrolment,
                           const struct progress_wish *wish, struct vg_err *err)
{
    struct enrolment_row row;
    struct vg_map *map = NULL;
    int64_t id = 0;
    bool known = false;
    enum vg_code code = enrolment_get(call->store, call->arena, enrolment, &row, err);
    if (code == VG_OK)
        code = maps_read(call->store, row.map, -1, &map, NULL, err);
    if (code == VG_OK)
        code =
            paths_progress(call->store, call->arena, map, row.id, wish, &id, &known, err);
    map_close(map);
    if (code != VG_OK)
        return code;
    bool event = wish->kind != PROGRESS_NOTE &&
                 (wish->by_client || wish->kind != PROGRESS_MESSAGE);
    if (!known)
        paths_changed(call, row.map, row.id, event);
    return call_json(
        call, json_pack("{s:I, s:b}", "id", (json_int_t)id, "known", (int)known), err);
}

/* For the enrolment of the address. */
static enum vg_code keep(struct call *call, const struct progress_wish *wish,
                         struct vg_err *err)
{
    return keep_progress(call, call_param(call, "id"), wish, err);
}

enum vg_code api_progress_add(struct call *call, struct vg_err *err)
{
    static const char *const items[PROGRESS_KINDS] = {
        [PROGRESS_DONE] = "step",       [PROGRESS_READING] = "metric",
        [PROGRESS_MILESTONE] = "phase", [PROGRESS_PROOF] = "proof",
        [PROGRESS_FEELING] = "step",    [PROGRESS_MESSAGE] = "step",
        [PROGRESS_NOTE] = "step"};
    json_t *value = call_body(call, "value");
    struct progress_wish wish = {.text = call_body_text(call, "text"),
                                 .on = call_body_text(call, "on"),
                                 .client = call_body_text(call, "client"),
                                 .value = json_is_number(value) ? json_number_value(value)
                                                                : NAN};
    if (!progress_kind_parse(call_body_text(call, "kind"), &wish.kind))
        return err_set(err, VG_ERR_USAGE, "kind", "%s", _("this is no kind of progress"));
    wish.item = call_body_text(call, items[wish.kind]);
    return keep(call, &wish, err);
}

enum vg_code api_progress_delete(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    int64_t id = 0;
    if (!str_to_i64(str_from(call_param(call, "pid")), &id))
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such entry"));
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    if (code == VG_OK)
        code = progress_delete(call->store, row.id, id, err);
    if (code != VG_OK)
        return code;
    paths_changed(call, row.map, row.id, true);
    return call_nothing(call);
}

/* ---- files ---- */

static enum vg_code read_proof(struct call *call, const void **ret, size_t *ret_len,
                               struct vg_err *err)
{
    size_t length = (size_t)call->upload.bytes, got = 0;
    if (call->upload.bytes > LIMIT_PROOF_FILE_BYTES)
        return err_set(err, VG_ERR_LIMIT, NULL, "%s", _("a file has at most 2 MB"));
    if (!length)
        return err_set(err, VG_ERR_INPUT, NULL, "%s", _("the file is empty"));
    char *bytes = arena_array(call->arena, char, length + 1);
    if (!bytes)
        return err_memory(err);
    int handle = open(call->upload.path, O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return err_errno(err, _("the file"));
    for (ssize_t more;
         got < length && (more = read(handle, bytes + got, length - got)) > 0;)
        got += (size_t)more;
    close(handle);
    *ret = bytes;
    *ret_len = got;
    return VG_OK;
}

enum vg_code proof_wish(struct call *call, struct progress_wish *ret, struct vg_err *err)
{
    *ret = (struct progress_wish){.kind = PROGRESS_PROOF,
                                  .item = call_text(call, "proof"),
                                  .text = call_text(call, "text"),
                                  .client = call_text(call, "client"),
                                  .file_name = call_text(call, "name"),
                                  .value = NAN};
    return read_proof(call, &ret->bytes, &ret->len, err);
}

enum vg_code api_proof_add(struct call *call, struct vg_err *err)
{
    struct progress_wish wish;
    enum vg_code code = proof_wish(call, &wish, err);
    return code == VG_OK ? keep(call, &wish, err) : code;
}

/* A client's file is nobody's page: it is saved, or shown within a sandbox. */
enum vg_code api_proof_get(struct call *call, struct vg_err *err)
{
    struct proof_file file;
    struct buf out = {0};
    enum vg_code code = proof_file_get(call->store, call->arena, call_param(call, "id"),
                                       call_param(call, "fid"), &file, err);
    if (code != VG_OK)
        return code;
    bool picture = strncmp(file.type, "image/", 6) == 0;
    if (!picture)
        call_download(call, file.name[0] ? file.name : _("proof.pdf"));
    call_policy(call, "default-src 'none'; sandbox; frame-ancestors 'none'");
    buf_add(&out, (str){file.bytes, file.len});
    code = call_buf(call, file.type, &out, err);
    buf_free(&out);
    return code;
}

/* ---- private links ---- */

json_t *client_link_json(struct call *call, const struct client_link *link)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:b, s:I, s:o}", "id", link->id, "lang",
                     link->lang, "created", json_time(link->created_us), "created_by",
                     json_text(api_name(call, link->created_by)), "expires",
                     json_time(link->expires_us), "over",
                     link->expires_us <= date_now_us(), "opened",
                     (json_int_t)link->opened, "last_opened",
                     link->opened_us ? json_time(link->opened_us) : json_null());
}

static const char *lang_of(struct call *call, const struct enrolment_row *row)
{
    struct vg_map *map = NULL;
    struct vg_err ignored = {0};
    enum lang lang = call->lang;
    if (maps_read(call->store, row->map, -1, &map, NULL, &ignored) == VG_OK)
        lang_from_text(map->lang, &lang);
    map_close(map);
    return lang_code(lang);
}

static enum vg_code answer_link(struct call *call, const char *enrolment, const char *id,
                                const char *token, struct vg_err *err)
{
    struct client_link *list = NULL;
    size_t count = 0;
    const char *origin = call_origin(call);
    enum vg_code code =
        origin ? client_link_list(call->store, call->arena, enrolment, &list, &count, err)
               : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        if (strcmp(list[i].id, id) != 0)
            continue;
        json_t *json = client_link_json(call, &list[i]);
        if (json)
            json_object_set_new(json, "link", json_sprintf("%s/p#%s", origin, token));
        return call_json(call, json, err);
    }
    return code == VG_OK
               ? err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("the link is gone already"))
               : code;
}

enum vg_code api_client_link_add(struct call *call, struct vg_err *err)
{
    char token[TOKEN_TEXT], id[STORE_ID_BYTES];
    unsigned char hash[HASH_BYTES];
    struct enrolment_row row;
    int64_t days = json_integer_value(call_body(call, "days"));
    const char *lang = call_body_text(call, "lang");
    if (days < 1 || days > LINK_DAYS_MOST)
        return err_set(err, VG_ERR_INPUT, "days", _("from 1 to %d days"), LINK_DAYS_MOST);
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    if (code != VG_OK)
        return code;
    secret_make(token);
    secret_hash(str_from(token), hash);
    struct client_link_new new = {.token_hash = {(const char *)hash, sizeof hash},
                                  .enrolment = row.id,
                                  .lang = lang ? lang : lang_of(call, &row),
                                  .expires_us = date_now_us() + days * US_PER_DAY};
    code = client_link_add(call->store, &new, id, err);
    if (code != VG_OK)
        return code;
    paths_changed(call, row.map, row.id, false);
    return answer_link(call, row.id, id, token, err);
}

enum vg_code api_client_link_delete(struct call *call, struct vg_err *err)
{
    struct enrolment_row row;
    enum vg_code code =
        enrolment_get(call->store, call->arena, call_param(call, "id"), &row, err);
    if (code == VG_OK)
        code = client_link_revoke(call->store, row.id, call_param(call, "lid"), err);
    if (code != VG_OK)
        return code;
    paths_changed(call, row.map, row.id, false);
    return call_nothing(call);
}
