/* The lists of a workspace: departments, channels, personas, saved filters, settings. One
 * handler each for all of them: a row's key says which list. */
#include "serve/live.h"
#include "serve/tables.h"

#include "app/json.h"
#include "base/lang.h"
#include "base/limits.h"
#include "serve/call.h"
#include "store/records.h"

static const struct {
    const char *key;
    enum record_kind kind;
} kinds[] = {
    {"departments", RECORD_DEPARTMENT}, {"channels", RECORD_CHANNEL},
    {"personas", RECORD_PERSONA},       {"filters", RECORD_FILTER},
    {"settings", RECORD_SETTING},
};

static enum record_kind kind_of(const struct call *call)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].key, call->route->key) == 0)
            return kinds[i].kind;
    return RECORD_SETTING;
}

/* ---- in and out ---- */

static json_t *to_json(const struct record *record)
{
    json_t *body = NULL;
    if (json_read(str_from(record->body), record->id, LIMIT_MAP_BYTES, &body, NULL) !=
        VG_OK)
        body = json_object();
    return json_pack("{s:o, s:I, s:o, s:o}", "id", json_text(record->id), "version",
                     (json_int_t)record->version, "body", body, "updated",
                     json_time(record->updated_us));
}

static enum vg_code answer_one(struct call *call, const char *id, struct vg_err *err)
{
    struct record record;
    enum vg_code code =
        record_get(call->store, call->arena, kind_of(call), id, &record, err);
    if (code != VG_OK)
        return code;
    call_etag(call, "%lld", (long long)record.version);
    return call_json(call, to_json(&record), err);
}

static enum vg_code keep(struct call *call, const char *id, int64_t version,
                         struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code = json_write_compact(call->body, &text, err);
    if (code == VG_OK && text.failed)
        code = err_memory(err);
    if (code == VG_OK)
        code = record_put(call->store, kind_of(call), id, text.ptr, version, NULL, err);
    buf_free(&text);
    if (code == VG_ERR_CONFLICT && version >= 0)
        call_status(call, 412);
    if (code == VG_OK)
        live_publish(call->serve, NULL, "list", 0,
                     json_pack("{s:s}", "list", call->route->key));
    return code == VG_OK ? answer_one(call, id, err) : code;
}

/* ---- the handlers ---- */

static enum vg_code list(struct call *call, struct vg_err *err)
{
    struct record *records = NULL;
    size_t count = 0, limit = call_limit(call);
    json_t *items = json_array();
    enum vg_code code = record_list(call->store, call->arena, kind_of(call),
                                    call_after(call), limit, &records, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(items, to_json(&records[i])) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, count == limit ? records[count - 1].id : NULL,
                          err);
    json_decref(items);
    return code;
}

static enum vg_code add(struct call *call, struct vg_err *err)
{
    const char *id = call_new_id(call);
    if (!id)
        return err_memory(err);
    return keep(call, id, 0, err);
}

static enum vg_code get(struct call *call, struct vg_err *err)
{
    return answer_one(call, call_param(call, "id"), err);
}

static enum vg_code put(struct call *call, struct vg_err *err)
{
    int64_t version;
    struct record there;
    const char *id = call_param(call, "id");
    enum vg_code code = call_if_match(call, &version, err);
    if (code == VG_OK) /* ids are ours to make */
        code = record_get(call->store, call->arena, kind_of(call), id, &there, err);
    return code == VG_OK ? keep(call, id, version, err) : code;
}

static enum vg_code delete (struct call *call, struct vg_err *err) {
    int64_t version; enum vg_code code = call_if_match(call, &version, err);
    if (code == VG_OK) code = record_delete(call->store, kind_of(call),
                                            call_param(call, "id"), version, err);
    if (code == VG_ERR_CONFLICT) call_status(call, 412);
    if (code != VG_OK) return code;
    live_publish(call->serve, NULL, "list", 0,
                 json_pack("{s:s}", "list", call->route->key));
    return call_nothing(call);
}

/* ---- settings: there from the beginning, empty ---- */

static const char *setting_name(const struct call *call)
{
    return strrchr(call->route->path, '/') + 1;
}

static bool is_workspace(const struct call *call)
{
    return strcmp(setting_name(call), "workspace") == 0;
}

static enum vg_code get_setting(struct call *call, struct vg_err *err)
{
    struct record record;
    const char *title = NULL, *id = setting_name(call);
    enum vg_code code =
        record_get(call->store, call->arena, RECORD_SETTING, id, &record, err);
    if (code == VG_ERR_NOT_FOUND) {
        record = (struct record){.id = id, .body = "{}", .updated_by = ""};
        code = VG_OK;
    }
    if (code == VG_OK)
        code = store_title(call->store, call->arena, &title, err);
    if (code != VG_OK)
        return code;
    json_t *json = to_json(&record);
    if (json && is_workspace(call)) /* the title stands in a place of its own */
        json_object_set_new(json_object_get(json, "body"), "title", json_text(title));
    call_etag(call, "%lld", (long long)record.version);
    return call_json(call, json, err);
}

static enum vg_code put_setting(struct call *call, struct vg_err *err)
{
    int64_t version;
    struct buf text = {0};
    const char *title = call_body_text(call, "title");
    enum vg_code code = call_if_match(call, &version, err);
    if (code == VG_OK && title && !str_trim(str_from(title)).len)
        code = err_set(err, VG_ERR_USAGE, "title", "%s", _("a title is missing"));
    if (code == VG_OK)
        code = json_write_compact(call->body, &text, err);
    if (code == VG_OK)
        code = record_put(call->store, RECORD_SETTING, setting_name(call), text.ptr,
                          version, NULL, err);
    buf_free(&text);
    if (code == VG_ERR_CONFLICT)
        call_status(call, 412);
    if (code == VG_OK && title && is_workspace(call))
        code = store_set_title(call->store, title, err);
    if (code != VG_OK)
        return code;
    live_publish(call->serve, NULL, "list", 0, json_pack("{s:s}", "list", "settings"));
    return get_setting(call, err);
}

/* ---- bodies ---- */

static const struct field department_body[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"head", FIELD_TEXT},
    {"note", FIELD_PROSE, .most = 4000},
    {0},
};
static const struct field channel_body[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"colour", FIELD_TEXT, .most = 30},
    {"kind", FIELD_CHOICE, .choices = "person|phone|mail|web|app|shop|paper|other"},
    {0},
};
static const struct field persona_body[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"role", FIELD_TEXT},
    {"aim", FIELD_PROSE, .most = 2000},
    {"quote", FIELD_PROSE, .most = 2000},
    {"needs", FIELD_TEXTS, .most = 1000},
    {"expectations", FIELD_TEXTS, .most = 1000},
    {"relation", FIELD_CHOICE, .choices = "end-customer|reseller"},
    {"standing", FIELD_CHOICE, .choices = "acquired|prospective"},
    {"weight", FIELD_CHOICE, .choices = "full|light"},
    {"company", FIELD_TEXT},
    {"picture", FIELD_TEXT},
    {"filter", FIELD_TEXT, .most = 4000},
    {0},
};
static const struct field filter_body[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"query", FIELD_TEXT, .needed = true, .most = 4000},
    {0},
};
static const struct field word_fields[] = {
    {"word", FIELD_TEXT, .needed = true, .most = 60},
    {"valence", FIELD_NUMBER, .needed = true},
    {0},
};
static const struct field emotions_body[] = {
    {"it", FIELD_OBJECTS, .items = 200, .fields = word_fields},
    {"en", FIELD_OBJECTS, .items = 200, .fields = word_fields},
    {0},
};
static const struct field workspace_body[] = {
    {"title", FIELD_TEXT},
    {"lang", FIELD_CHOICE, .choices = "it|en"},
    {"value_per_customer", FIELD_NUMBER, .nullable = true},
    {0},
};

/* ---- answers ---- */

#define RECORD_SHAPE(word, name, body_fields)                                            \
    static const struct shape body_##word = {name, body_fields, NULL};                   \
    static const struct field record_##word[] = {                                        \
        {"id", FIELD_TEXT, .needed = true},                                              \
        {"version", FIELD_COUNT, .needed = true},                                        \
        {"body", FIELD_OBJECT, .needed = true, .shape = &body_##word},                   \
        {"updated", FIELD_TIME, .needed = true},                                         \
        {0},                                                                             \
    };                                                                                   \
    static const struct shape shape_##word = {name "Record", record_##word, NULL}
RECORD_SHAPE(department, "Department", department_body);
RECORD_SHAPE(channel, "Channel", channel_body);
RECORD_SHAPE(persona, "Persona", persona_body);
RECORD_SHAPE(filter, "SavedFilter", filter_body);
RECORD_SHAPE(emotions, "Emotions", emotions_body);
RECORD_SHAPE(workspace, "WorkspaceSettings", workspace_body);

/* ---- the rows ---- */

#define LIST_ROWS(word, fields, answer_shape, what)                                      \
    {METHOD_GET,                                                                         \
     "/" word,                                                                           \
     RANK_READER,                                                                        \
     ROUTE_PAGED,                                                                        \
     list,                                                                               \
     .about = "All " what "s",                                                           \
     .answer = answer_shape,                                                             \
     .key = word},                                                                       \
        {METHOD_POST,                                                                    \
         "/" word,                                                                       \
         RANK_EDITOR,                                                                    \
         0,                                                                              \
         add,                                                                            \
         .about = "Add a " what,                                                         \
         .body = fields,                                                                 \
         .answer = answer_shape,                                                         \
         .status = 201,                                                                  \
         .key = word},                                                                   \
        {METHOD_GET,           "/" word "/{id}",       RANK_READER, 0, get,              \
         .about = "One " what, .answer = answer_shape, .key = word},                     \
        {METHOD_PUT, "/" word "/{id}",          RANK_EDITOR,    ROUTE_MATCH,             \
         put,        .about = "Change a " what, .body = fields, .answer = answer_shape,  \
         .key = word},                                                                   \
    {                                                                                    \
        METHOD_DELETE, "/" word "/{id}", RANK_EDITOR, ROUTE_MATCH, delete,               \
            .about = "Delete a " what, .key = word                                       \
    }

static const struct route rows[] = {
    LIST_ROWS("departments", department_body, &shape_department, "department"),
    LIST_ROWS("channels", channel_body, &shape_channel, "channel"),
    LIST_ROWS("personas", persona_body, &shape_persona, "persona"),
    LIST_ROWS("filters", filter_body, &shape_filter, "saved filter"),
    {METHOD_GET, "/settings/emotions", RANK_READER, 0, get_setting,
     .about = "The words for feelings, by language", .answer = &shape_emotions},
    {METHOD_PUT, "/settings/emotions", RANK_OWNER, ROUTE_MATCH, put_setting,
     .about = "Change the words for feelings", .body = emotions_body,
     .answer = &shape_emotions},
    {METHOD_GET, "/settings/workspace", RANK_READER, 0, get_setting,
     .about = "Title, language and what a customer is worth", .answer = &shape_workspace},
    {METHOD_PUT, "/settings/workspace", RANK_OWNER, ROUTE_MATCH, put_setting,
     .about = "Change them", .body = workspace_body, .answer = &shape_workspace},
};
const struct route_table routes_lists = ROUTE_TABLE(rows);
