/* Routes of the lists a team keeps. */
#include "serve/handlers.h"
#include "serve/tables.h"

static const struct field department[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"head", FIELD_TEXT, .nullable = true},
    {"note", FIELD_PROSE, .nullable = true},
    {0},
};
static const struct field channel[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"colour", FIELD_TEXT, .most = 30, .nullable = true},
    {"kind", FIELD_CHOICE, .choices = "person|phone|mail|web|app|shop|paper|other"},
    {0},
};
static const struct field persona[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"role", FIELD_TEXT, .most = 500, .nullable = true},
    {"aim", FIELD_PROSE, .nullable = true},
    {"quote", FIELD_PROSE, .nullable = true},
    {"needs", FIELD_TEXTS, .most = 1000},
    {"expectations", FIELD_TEXTS, .most = 1000},
    {"relation", FIELD_CHOICE, .choices = "end-customer|reseller", .nullable = true},
    {"standing", FIELD_CHOICE, .choices = "acquired|prospective", .nullable = true},
    {"weight", FIELD_CHOICE, .choices = "full|light", .nullable = true},
    {"company", FIELD_TEXT, .nullable = true},
    {"picture", FIELD_TEXT, .nullable = true},
    {"filter", FIELD_TEXT, .most = 16000, .nullable = true},
    {0},
};
static const struct field saved[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"query", FIELD_TEXT, .needed = true, .most = 16000},
    {0},
};

#define RECORD(variable, shown, fields_)                                                 \
    static const struct shape variable##_body = {shown, fields_, NULL};                  \
    static const struct field variable##_record_fields[] = {                             \
        {"id", FIELD_TEXT, .needed = true},                                              \
        {"version", FIELD_COUNT, .needed = true},                                        \
        {"body", FIELD_OBJECT, .needed = true, .shape = &variable##_body},               \
        {"updated", FIELD_TIME, .needed = true},                                         \
        {"updated_by", FIELD_TEXT, .needed = true},                                      \
        {0},                                                                             \
    };                                                                                   \
    static const struct shape variable##_record = {shown "Record",                       \
                                                   variable##_record_fields, NULL}
static const struct field word[] = {
    {"word", FIELD_TEXT, .needed = true},
    {"valence", FIELD_NUMBER, .needed = true},
    {0},
};
static const struct field emotions[] = {
    {"it", FIELD_OBJECTS, .fields = word},
    {"en", FIELD_OBJECTS, .fields = word},
    {0},
};
static const struct field workspace[] = {
    {"title", FIELD_TEXT, .most = 200},
    {"lang", FIELD_CHOICE, .choices = "it|en"},
    {"value_per_customer", FIELD_NUMBER, .nullable = true},
    {0},
};
RECORD(department, "Department", department);
RECORD(channel, "Channel", channel);
RECORD(persona, "Persona", persona);
RECORD(saved, "SavedFilter", saved);
RECORD(emotions, "Emotions", emotions);
RECORD(workspace, "WorkspaceSettings", workspace);

static const struct field template_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"about", FIELD_TEXT, .needed = true},
    {"steps", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape template = {"MapTemplate", template_fields, NULL};

#define LIST(name, one, body_, shape_)                                                   \
    {METHOD_GET,       "/" name,   RANK_READER,                                          \
     ROUTE_PAGED,      api_list,   "The " name " of the workspace.",                     \
     .answer = shape_, .key = name},                                                     \
        {METHOD_POST,   "/" name,         RANK_EDITOR,   0,                              \
         api_list_add,  "Add a " one ".", .body = body_, .answer = shape_,               \
         .status = 201, .key = name},                                                    \
        {METHOD_GET,   "/" name "/{id}", RANK_READER,      0,                            \
         api_list_get, "One " one ".",   .answer = shape_, .key = name},                 \
        {METHOD_PUT,    "/" name "/{id}",                                                \
         RANK_EDITOR,   ROUTE_MATCH,                                                     \
         api_list_put,  "Change a " one "; If-Match \"0\" puts a deleted one back.",     \
         .body = body_, .answer = shape_,                                                \
         .key = name},                                                                   \
    {                                                                                    \
        METHOD_DELETE, "/" name "/{id}", RANK_EDITOR, ROUTE_MATCH, api_list_delete,      \
            "Take a " one " away.", .key = name                                          \
    }

static const struct route rows[] = {
    LIST("departments", "department", department, &department_record),
    LIST("channels", "channel", channel, &channel_record),
    LIST("personas", "persona", persona, &persona_record),
    LIST("filters", "saved filter", saved, &saved_record),
    {METHOD_GET, "/settings/emotions", RANK_READER, 0, api_setting_get,
     "The words for feelings, by language.", .answer = &emotions_record,
     .key = "emotions"},
    {METHOD_PUT, "/settings/emotions", RANK_OWNER, ROUTE_MATCH, api_setting_put,
     "Change the words for feelings.", .body = emotions, .answer = &emotions_record,
     .key = "emotions"},
    {METHOD_GET, "/settings/workspace", RANK_READER, 0, api_setting_get,
     "Title, language, what a customer is worth.", .answer = &workspace_record,
     .key = "workspace"},
    {METHOD_PUT, "/settings/workspace", RANK_OWNER, ROUTE_MATCH, api_setting_put,
     "Change title, language, what a customer is worth.", .body = workspace,
     .answer = &workspace_record, .key = "workspace"},
    {METHOD_GET, "/templates", RANK_READER, ROUTE_LIST, api_templates,
     "Maps to begin with.", .answer = &template},
};
const struct route_table routes_lists = ROUTE_TABLE(rows);
