/* The lists a team keeps: departments, channels, personas, saved filters; settings. */
#include "app/json.h"
#include "app/personas.h"
#include "app/templates.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "serve/handlers.h"
#include "serve/live.h"
#include "store/records.h"

enum { NAMES_MAX = 2000 };

static enum record_kind kind_of(const struct call *call)
{
    static const struct {
        const char *key;
        enum record_kind kind;
    } kinds[] = {{"departments", RECORD_DEPARTMENT},
                 {"channels", RECORD_CHANNEL},
                 {"personas", RECORD_PERSONA},
                 {"filters", RECORD_FILTER}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].key, call->route->key) == 0)
            return kinds[i].kind;
    return RECORD_FILTER;
}

/* What a record's text says; a damaged one is an empty object. */
static json_t *body_of(const struct record *record)
{
    json_t *body = NULL;
    if (json_read(str_from(record->body), record->id, LIMIT_MAP_BYTES, &body, NULL) !=
        VG_OK)
        body = json_object();
    return body;
}

static json_t *record_json(struct call *call, const struct record *record)
{
    return json_pack("{s:o, s:I, s:o, s:o, s:o}", "id", json_text(record->id), "version",
                     (json_int_t)record->version, "body", body_of(record), "updated",
                     json_time(record->updated_us), "updated_by",
                     json_text(api_name(call, record->updated_by)));
}

enum vg_code api_list(struct call *call, struct vg_err *err)
{
    struct record *records = NULL;
    size_t count = 0, limit = call_limit(call);
    json_t *items = json_array();
    enum vg_code code =
        items ? record_list(call->store, call->arena, kind_of(call), call_after(call),
                            limit + 1, &records, &count, err)
              : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count && i < limit; i++)
        if (json_array_append_new(items, record_json(call, &records[i])) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, count > limit ? records[limit - 1].id : NULL, err);
    json_decref(items);
    return code;
}

/* Somebody else was first: 412. */
static enum vg_code stale(struct call *call, enum vg_code code)
{
    if (code == VG_ERR_CONFLICT)
        call_status(call, 412);
    return code;
}

static void tell_list(struct call *call, const char *name)
{
    live_publish(call->serve, NULL, "list", 0, json_pack("{s:s}", "list", name));
}

static enum vg_code answer_record(struct call *call, const char *id, struct vg_err *err)
{
    struct record record;
    enum vg_code code =
        record_get(call->store, call->arena, kind_of(call), id, &record, err);
    if (code != VG_OK)
        return code;
    call_etag(call, "%lld", (long long)record.version);
    return call_json(call, record_json(call, &record), err);
}

enum vg_code api_list_get(struct call *call, struct vg_err *err)
{
    return answer_record(call, call_param(call, "id"), err);
}

/* Two departments of one name are one department: refused. `id`: of the one that is being
 * changed, or "". */
static enum vg_code check_name(struct call *call, const char *id, struct vg_err *err)
{
    struct record *records = NULL;
    size_t count = 0;
    const char *name = call_body_text(call, "name");
    str wanted = utf8_fold(call->arena, str_trim(str_from(name ? name : "")));
    if (!wanted.ptr)
        return err_memory(err);
    if (name && !wanted.len)
        return err_set(err, VG_ERR_INPUT, "name", "%s", _("a name is needed"));
    enum vg_code code = record_list(call->store, call->arena, kind_of(call), "",
                                    NAMES_MAX, &records, &count, err);
    if (code == VG_OK && count == NAMES_MAX)
        return err_set(err, VG_ERR_LIMIT, NULL, _("the list has %d entries: no more"),
                       NAMES_MAX);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        json_t *body = body_of(&records[i]);
        const char *other = json_string_value(json_object_get(body, "name"));
        str folded = utf8_fold(call->arena, str_from(other ? other : ""));
        bool same = folded.ptr && str_equal(folded, wanted);
        json_decref(body);
        if (same && strcmp(records[i].id, id) != 0)
            code = err_set(err, VG_ERR_CONFLICT, "name", _("there is a \"%s\" already"),
                           name);
    }
    return code;
}

/* A saved filter must be one. */
static enum vg_code check_query(struct call *call, const char *query, struct vg_err *err)
{
    struct pair *pairs = NULL;
    struct question question;
    size_t count = 0;
    if (!query)
        return VG_OK;
    enum vg_code code = question_filter(call->arena, query, &pairs, &count, err);
    if (code == VG_OK)
        code = question_read(call->store, call->arena, pairs, count, &question, err);
    return code;
}

static enum vg_code keep(struct call *call, const char *id, int64_t version,
                         struct vg_err *err)
{
    struct buf text = {0};
    enum record_kind kind = kind_of(call);
    enum vg_code code = VG_OK;
    if (kind == RECORD_DEPARTMENT || kind == RECORD_CHANNEL)
        code = check_name(call, id, err);
    if (code == VG_OK)
        code = check_query(
            call, call_body_text(call, kind == RECORD_FILTER ? "query" : "filter"), err);
    if (code == VG_OK)
        code = json_write_compact(call->body, &text, err);
    if (code == VG_OK)
        code = stale(call, record_put(call->store, kind, id, buf_str(&text).ptr, version,
                                      NULL, err));
    buf_free(&text);
    if (code == VG_OK)
        tell_list(call, call->route->key);
    if (code == VG_OK && kind == RECORD_PERSONA && version)
        code = personas_carry(call->store, call->arena, id, call->body, err);
    return code;
}

enum vg_code api_list_add(struct call *call, struct vg_err *err)
{
    const char *id = call_new_id(call);
    enum vg_code code = id ? keep(call, id, 0, err) : err_memory(err);
    if (code != VG_OK)
        return code;
    return answer_record(call, id, err);
}

static bool plain_id(const char *id)
{
    return strlen(id) <= 64 &&
           id[strspn(id, "abcdefghijklmnopqrstuvwxyz"
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

/* Version 0: one that was deleted comes back, as itself. A new one comes by POST. */
enum vg_code api_list_put(struct call *call, struct vg_err *err)
{
    int64_t version = 0;
    const char *id = call_param(call, "id");
    struct record record;
    enum vg_code code = call_if_match(call, &version, err);
    if (code == VG_OK && (version != 0 || !plain_id(id)))
        code = record_get(call->store, call->arena, kind_of(call), id, &record, err);
    if (code == VG_OK)
        code = keep(call, id, version, err);
    return code == VG_OK ? answer_record(call, id, err) : code;
}

enum vg_code api_list_delete(struct call *call, struct vg_err *err)
{
    int64_t version = 0;
    enum vg_code code = call_if_match(call, &version, err);
    if (code == VG_OK)
        code = stale(call, record_delete(call->store, kind_of(call),
                                         call_param(call, "id"), version, err));
    if (code != VG_OK)
        return code;
    tell_list(call, call->route->key);
    return call_nothing(call);
}

/* ---- settings ---- */

static json_t *words_of(const char *const *words, size_t count)
{
    static const double valences[] = {2, 1, 1, 0, -1, -1, -2, -2};
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:f}", "word", words[i], "valence", valences[i]));
    return list;
}

/* What a setting is before anybody says otherwise. */
static json_t *usual_setting(struct call *call, const char *name)
{
    static const char *const italian[] = {"entusiasmo", "fiducia",     "sollievo",
                                          "curiosità",  "dubbio",      "ansia",
                                          "delusione",  "frustrazione"};
    static const char *const english[] = {"delight",        "trust",      "relief",
                                          "curiosity",      "doubt",      "worry",
                                          "disappointment", "frustration"};
    const char *title = "";
    struct vg_err unknown = {0};
    if (strcmp(name, "emotions") == 0)
        return json_pack("{s:o, s:o}", "it", words_of(italian, COUNT_OF(italian)), "en",
                         words_of(english, COUNT_OF(english)));
    if (store_title(call->store, call->arena, &title, &unknown) != VG_OK)
        title = "";
    return json_pack("{s:o, s:s}", "title", json_text(title), "lang",
                     lang_code(call->lang));
}

enum vg_code api_setting_get(struct call *call, struct vg_err *err)
{
    const char *name = call->route->key, *title = NULL;
    struct record record;
    struct vg_err none = {0};
    enum vg_code code =
        record_get(call->store, call->arena, RECORD_SETTING, name, &record, &none);
    if (code != VG_OK && code != VG_ERR_NOT_FOUND) {
        *err = none;
        return code;
    }
    if (code == VG_ERR_NOT_FOUND)
        record = (struct record){.id = name, .updated_by = ""};
    json_t *body = record.body ? body_of(&record) : usual_setting(call, name);
    if (body && strcmp(name, "workspace") == 0 && /* it stands in a place of its own */
        store_title(call->store, call->arena, &title, &none) == VG_OK)
        json_object_set_new(body, "title", json_text(title));
    call_etag(call, "%lld", (long long)record.version);
    return call_json(call,
                     json_pack("{s:s, s:I, s:o, s:o, s:s}", "id", name, "version",
                               (json_int_t)record.version, "body", body, "updated",
                               json_time(record.updated_us), "updated_by",
                               api_name(call, record.updated_by)),
                     err);
}

/* Feelings from −2 to +2, a title that is one. */
static enum vg_code check_setting(struct call *call, struct vg_err *err)
{
    static const char *const langs[] = {"it", "en"};
    const char *title = call_body_text(call, "title");
    const json_t *worth = call_body(call, "value_per_customer");
    if (title && !str_trim(str_from(title)).len)
        return err_set(err, VG_ERR_INPUT, "title", "%s", _("a title is missing"));
    if (json_is_number(worth) && json_number_value(worth) < 0)
        return err_set(err, VG_ERR_INPUT, "value_per_customer", "%s",
                       _("it cannot be less than nothing"));
    for (size_t l = 0; l < COUNT_OF(langs); l++) {
        const json_t *words = call_body(call, langs[l]);
        for (size_t i = 0; i < json_array_size(words); i++) {
            double valence =
                json_number_value(json_object_get(json_array_get(words, i), "valence"));
            if (!(valence >= -2 && valence <= 2))
                return err_set(err, VG_ERR_INPUT, langs[l], "%s",
                               _("a feeling goes from −2 to +2"));
        }
    }
    return VG_OK;
}

enum vg_code api_setting_put(struct call *call, struct vg_err *err)
{
    const char *name = call->route->key, *title = call_body_text(call, "title");
    int64_t version = 0;
    struct buf text = {0};
    enum vg_code code = call_if_match(call, &version, err);
    if (code == VG_OK)
        code = check_setting(call, err);
    if (code == VG_OK)
        code = json_write_compact(call->body, &text, err);
    if (code == VG_OK)
        code = stale(call, record_put(call->store, RECORD_SETTING, name,
                                      buf_str(&text).ptr, version, NULL, err));
    buf_free(&text);
    if (code == VG_OK && title && strcmp(name, "workspace") == 0)
        code = store_set_title(call->store, title, err);
    if (code == VG_OK)
        code = call_audit(call, "setting", name, err);
    if (code != VG_OK)
        return code;
    tell_list(call, "settings");
    return api_setting_get(call, err);
}

enum vg_code api_templates(struct call *call, struct vg_err *err)
{
    json_t *list = templates_list();
    return list ? call_items(call, list, NULL, err) : err_memory(err);
}
