/* Routes of maps: cards, documents, operations, versions, comments, checks, actions. */
#include "base/limits.h"
#include "serve/handlers.h"
#include "serve/tables.h"

static const struct field text_persona[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"role", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field freshness_fields[] = {
    {"state", FIELD_CHOICE, .needed = true, .choices = "fresh|review|stale|never"},
    {"days", FIELD_COUNT, .needed = true, .nullable = true},
    {0},
};
static const struct field card_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"state", FIELD_CHOICE, .choices = "as-is|to-be"},
    {"kind", FIELD_CHOICE, .choices = "journey|success-path"},
    {"draft", FIELD_FLAG, .needed = false},
    {"persona", FIELD_OBJECT, .nullable = true, .fields = text_persona},
    {"head", FIELD_COUNT, .needed = true},
    {"updated", FIELD_TIME, .needed = true},
    {"curve", FIELD_NUMBERS, .needed = false},
    {"evidence_curve", FIELD_NUMBERS, .needed = false},
    {"steps", FIELD_COUNT, .needed = false},
    {"steps_with_evidence", FIELD_COUNT, .needed = false},
    {"freshness", FIELD_OBJECT, .fields = freshness_fields},
    {"checks", FIELD_COUNT, .needed = false},
    {"headline", FIELD_TEXT, .needed = false},
    {"headline_kind", FIELD_TEXT, .needed = false},
    {"deleted", FIELD_FLAG, .needed = true},
    {"pending", FIELD_FLAG, .needed = false},
    {"own_customers", FIELD_FLAG, .needed = false}, /* only those of its protagonist */
    {0},
};
const struct shape shape_card = {"Card", card_fields, NULL};

static const struct field maps_query[] = {{"deleted", FIELD_FLAG, .needed = false}, {0}};

static const struct field draft_fields[] = {
    {"filter", FIELD_TEXT, .most = 16000, .nullable = true},
    {0},
};
static const struct field new_map[] = {
    {"template", FIELD_TEXT, .most = 100},
    {"copy_of", FIELD_TEXT, .most = 200},
    {"document", FIELD_ANY, .schema = "map"},
    {"text", FIELD_ANY, .most = LIMIT_MAP_BYTES}, /* a file: CR, tabs and all */
    {"name", FIELD_TEXT, .most = 300},
    {"draft", FIELD_OBJECT, .fields = draft_fields},
    {"title", FIELD_TEXT, .most = 500},
    {"lang", FIELD_CHOICE, .choices = "it|en"},
    {0},
};
static const struct field made_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"head", FIELD_COUNT, .needed = true},
    {"notes", FIELD_TEXTS, .needed = true},
    {0},
};
static const struct shape made = {"MapMade", made_fields, NULL};

static const struct field version_query[] = {{"version", FIELD_COUNT, .most = 0}, {0}};
static const struct shape map_document = {"MapDocument", NULL, "map"};
static const struct field document_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"head", FIELD_COUNT, .needed = true},
    {"map", FIELD_OBJECT, .needed = true, .shape = &map_document},
    {0},
};
static const struct shape document = {"MapAtHead", document_fields, NULL};

static const struct field operation_sent[] = {
    {"client", FIELD_TEXT, .needed = true, .most = 100},
    {"op", FIELD_ANY, .needed = true},
    {0},
};
static const struct field edit_body[] = {
    {"operations", FIELD_OBJECTS, .needed = true, .items = 500, .fields = operation_sent},
    {0},
};
static const struct field problem_fields[] = {
    {"code", FIELD_TEXT, .needed = true},
    {"detail", FIELD_TEXT, .needed = true},
    {"where", FIELD_TEXT, .needed = true},
    {"hint", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field result_fields[] = {
    {"client", FIELD_TEXT, .needed = true},
    {"seq", FIELD_COUNT, .needed = true, .nullable = true},
    {"late", FIELD_FLAG, .needed = true},
    {"problem", FIELD_OBJECT, .needed = true, .nullable = true, .fields = problem_fields},
    {0},
};
static const struct field edited_fields[] = {
    {"head", FIELD_COUNT, .needed = true},
    {"results", FIELD_OBJECTS, .needed = true, .items = 500, .fields = result_fields},
    {0},
};
static const struct shape edited = {"MapEdited", edited_fields, NULL};
static const struct field change_fields[] = {
    {"seq", FIELD_COUNT, .needed = true},   {"at", FIELD_TIME, .needed = true},
    {"who", FIELD_TEXT, .needed = true},    {"name", FIELD_TEXT, .needed = true},
    {"client", FIELD_TEXT, .needed = true}, {"op", FIELD_ANY, .needed = true},
    {"late", FIELD_FLAG, .needed = true},   {0},
};
static const struct field changes_fields[] = {
    {"items", FIELD_OBJECTS, .needed = true, .items = 500, .fields = change_fields},
    {"head", FIELD_COUNT, .needed = true},
    {"next", FIELD_TEXT, .needed = true, .nullable = true},
    {0},
};
static const struct shape changes = {"MapOperations", changes_fields, NULL};

static const struct field version_fields[] = {
    {"seq", FIELD_COUNT, .needed = true},
    {"at", FIELD_TIME, .needed = true},
    {"who", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"label", FIELD_TEXT, .needed = true, .nullable = true},
    {"changes", FIELD_COUNT, .needed = true},
    {"summary", FIELD_TEXT, .needed = true},
    {0},
};
static const struct shape version = {"MapVersion", version_fields, NULL};
static const struct field label_body[] = {
    {"label", FIELD_TEXT, .needed = true, .most = 200},
    {0},
};
static const struct field restore_body[] = {
    {"seq", FIELD_COUNT, .needed = true},
    {0},
};
static const struct field head_fields[] = {{"head", FIELD_COUNT, .needed = true}, {0}};
static const struct shape head = {"MapHead", head_fields, NULL};
static const struct field diff_query[] = {
    {"from", FIELD_COUNT, .most = 0},
    {"to", FIELD_COUNT, .most = 0},
    {"other", FIELD_TEXT, .most = 200},
    {0},
};
static const struct shape diff = {"MapDiff", NULL, "diff"};

static const struct field dismissed_fields[] = {
    {"id", FIELD_TEXT, .needed = true, .nullable = true},
    {"because", FIELD_TEXT, .needed = true, .nullable = true},
    {"who", FIELD_TEXT, .needed = true, .nullable = true},
    {"on", FIELD_TEXT, .needed = true, .nullable = true},
    {0},
};
static const struct field check_fields[] = {
    {"rule", FIELD_TEXT, .needed = true},
    {"severity", FIELD_CHOICE, .needed = true, .choices = "note|warning|error"},
    {"where", FIELD_TEXT, .needed = true},
    {"about", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"sentence", FIELD_TEXT, .needed = true},
    {"remedy", FIELD_TEXT, .needed = true},
    {"dismissed", FIELD_OBJECT, .needed = true, .nullable = true,
     .fields = dismissed_fields},
    {0},
};
static const struct shape check = {"Check", check_fields, NULL};

static const struct field comment_body[] = {
    {"at", FIELD_TEXT, .most = 200},
    {"field", FIELD_TEXT, .most = 200},
    {"text", FIELD_PROSE, .needed = true, .most = 10000},
    {"reply_to", FIELD_COUNT, .nullable = true},
    {0},
};
static const struct field comment_patch[] = {
    {"text", FIELD_PROSE, .most = 10000},
    {"resolved", FIELD_FLAG, .needed = false},
    {0},
};
static const struct field comment_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"map", FIELD_TEXT, .needed = true},
    {"at", FIELD_TEXT, .needed = true},
    {"field", FIELD_TEXT, .needed = true},
    {"text", FIELD_PROSE, .needed = true},
    {"who", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"on", FIELD_TIME, .needed = true},
    {"edited", FIELD_TIME, .needed = true, .nullable = true},
    {"resolved", FIELD_FLAG, .needed = true},
    {"resolved_by", FIELD_TEXT, .needed = true, .nullable = true},
    {"reply_to", FIELD_COUNT, .needed = true, .nullable = true},
    {"mentions", FIELD_TEXTS, .needed = true},
    {"deleted", FIELD_FLAG, .needed = true},
    {"mine", FIELD_FLAG, .needed = true},
    {0},
};
static const struct shape comment = {"Comment", comment_fields, NULL};

static const struct field pain_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"text", FIELD_TEXT, .needed = true},
    {"step", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field group_fields[] = {
    {"persona", FIELD_TEXT, .nullable = true},
    {"filter", FIELD_TEXT, .nullable = true},
    {"name", FIELD_TEXT, .nullable = true},
    {0},
};
static const struct field action_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .nullable = true},
    {"state", FIELD_CHOICE, .needed = true,
     .choices = "idea|planned|doing|done|verified|dropped"},
    {"owner", FIELD_TEXT, .nullable = true},
    {"department", FIELD_TEXT, .nullable = true},
    {"due", FIELD_TEXT, .nullable = true},
    {"done", FIELD_TEXT, .nullable = true},
    {"expected", FIELD_TEXT, .nullable = true},
    {"result", FIELD_TEXT, .nullable = true},
    {"since", FIELD_TEXT, .nullable = true},
    {"kpi", FIELD_TEXT, .nullable = true},
    {"kpi_name", FIELD_TEXT, .needed = false},
    {"expected_change", FIELD_NUMBER, .nullable = true},
    {"cost", FIELD_NUMBER, .nullable = true},
    {"effort", FIELD_NUMBER, .nullable = true},
    {"value", FIELD_NUMBER, .nullable = true},
    {"group", FIELD_OBJECT, .nullable = true, .fields = group_fields},
    {"steps", FIELD_TEXTS, .nullable = true},
    {"pains", FIELD_OBJECTS, .needed = true, .fields = pain_fields},
    {"map", FIELD_TEXT, .needed = true},
    {"map_title", FIELD_TEXT, .needed = true},
    {"overdue", FIELD_FLAG, .needed = true},
    {"days", FIELD_NUMBER, .needed = true, .nullable = true},
    {0},
};
const struct shape shape_action = {"Action", action_fields, NULL};
static const struct field actions_query[] = {
    {"state", FIELD_CHOICE, .choices = "idea|planned|doing|done|verified|dropped"},
    {"department", FIELD_TEXT, .most = 200},
    {"late", FIELD_FLAG, .needed = false},
    {0},
};

static const struct field orphan_fields[] = {
    {"map", FIELD_TEXT, .needed = true},
    {"map_title", FIELD_TEXT, .needed = true},
    {"id", FIELD_TEXT, .needed = true},
    {"text", FIELD_PROSE, .needed = true},
    {"step", FIELD_TEXT, .needed = true},
    {"step_title", FIELD_TEXT, .needed = true},
    {0},
};
static const struct shape orphan = {"OrphanPain", orphan_fields, NULL};

static const struct route rows[] = {
    {METHOD_GET, "/maps", RANK_READER, ROUTE_LIST | ROUTE_SLOW, api_maps,
     "The maps as cards, or the bin.", .query = maps_query, .answer = &shape_card},
    {METHOD_POST, "/maps", RANK_EDITOR, ROUTE_SLOW, api_map_add,
     "A new map: from a template, a file, a document, another map, or the evidence.",
     .body = new_map, .answer = &made, .status = 201, .body_bytes = 2 * LIMIT_MAP_BYTES},
    {METHOD_GET, "/maps/{id}", RANK_READER, 0, api_map_get, "A map’s document.",
     .query = version_query, .answer = &document},
    {METHOD_DELETE, "/maps/{id}", RANK_EDITOR, 0, api_map_delete,
     "Put a map into the bin.", .query = NULL},
    {METHOD_POST, "/maps/{id}/undelete", RANK_EDITOR, 0, api_map_undelete,
     "Take a map out of the bin.", .query = NULL},
    {METHOD_POST, "/maps/{id}/operations", RANK_EDITOR, 0, api_map_edit, "Change a map.",
     .body = edit_body, .answer = &edited, .body_bytes = LIMIT_MAP_BYTES},
    {METHOD_GET, "/maps/{id}/operations", RANK_READER, 0, api_map_operations,
     "What was changed since.", .query = page_fields, .answer = &changes},
    {METHOD_GET, "/maps/{id}/versions", RANK_READER, ROUTE_PAGED, api_map_versions,
     "The versions of a map, the latest first.", .answer = &version},
    {METHOD_POST, "/maps/{id}/versions", RANK_EDITOR, 0, api_map_label,
     "Give the present version a name.", .body = label_body},
    {METHOD_POST, "/maps/{id}/restore", RANK_EDITOR, 0, api_map_restore,
     "Make an earlier version the newest.", .body = restore_body, .answer = &head},
    {METHOD_GET, "/maps/{id}/diff", RANK_READER, 0, api_map_diff,
     "What is different between two versions, or from another map.", .query = diff_query,
     .answer = &diff},
    {METHOD_GET, "/maps/{id}/checks", RANK_READER, ROUTE_LIST | ROUTE_FILTER | ROUTE_SLOW,
     api_map_checks, "The map held against the known mistakes of the craft.",
     .answer = &check},
    {METHOD_GET, "/maps/{id}/comments", RANK_READER, ROUTE_LIST, api_comments,
     "What was said about a map.", .answer = &comment},
    {METHOD_POST, "/maps/{id}/comments", RANK_READER, 0, api_comment_add,
     "Say something about a map.", .body = comment_body, .answer = &comment,
     .status = 201},
    {METHOD_PATCH, "/maps/{id}/comments/{cid}", RANK_READER, 0, api_comment_change,
     "Change or close a comment.", .body = comment_patch, .answer = &comment},
    {METHOD_DELETE, "/maps/{id}/comments/{cid}", RANK_READER, 0, api_comment_delete,
     "Take a comment away.", .query = NULL},
    {METHOD_GET, "/actions", RANK_READER, ROUTE_LIST, api_actions,
     "The actions of all maps, those due first in front.", .query = actions_query,
     .answer = &shape_action},
    {METHOD_GET, "/actions/orphans", RANK_READER, ROUTE_LIST, api_orphan_pains,
     "The pains of all maps that no action takes care of.", .answer = &orphan},
    {METHOD_GET, "/actions.csv", RANK_READER, 0, api_actions_csv, "The same as CSV.",
     .query = actions_query, .type = "text/csv; charset=utf-8"},
    {METHOD_GET, "/actions.ics", RANK_READER, 0, api_actions_ics,
     "The same as tasks for a calendar.", .query = actions_query,
     .type = "text/calendar; charset=utf-8"},
};
const struct route_table routes_maps = ROUTE_TABLE(rows);
