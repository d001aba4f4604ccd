/* Routes of pictures, files of a map, links for others, the first page. */
#include "serve/handlers.h"
#include "serve/tables.h"
#include "store/team.h"

static const struct field picture_query[] = {
    {"map", FIELD_TEXT, .most = 200},
    {"customer", FIELD_TEXT, .most = 1000},
    {"dark", FIELD_FLAG, .needed = false},
    {"paper", FIELD_TEXT, .most = 30},
    {"detail", FIELD_NUMBER, .needed = false},
    {"top", FIELD_COUNT, .most = 100},
    {0},
};
static const struct field export_query[] = {
    {"format", FIELD_CHOICE, .needed = true,
     .choices = "json|mermaid|csv|xlsx|markdown|svg|png|pdf|html"},
    {"dark", FIELD_FLAG, .needed = false},
    {"paper", FIELD_TEXT, .most = 30},
    {"hide-names", FIELD_FLAG, .needed = false},
    {0},
};

static const struct field finding_fields[] = {
    {"kind", FIELD_CHOICE, .needed = true,
     .choices = "loss|belief|shortcut|wait|loop|effect|detour"},
    {"kicker", FIELD_TEXT, .needed = true},
    {"headline", FIELD_TEXT, .needed = true},
    {"detail", FIELD_TEXT, .needed = true},
    {"advice", FIELD_TEXT, .needed = true},
    {"map", FIELD_TEXT, .needed = true},
    {"map_title", FIELD_TEXT, .needed = true},
    {"step", FIELD_TEXT, .needed = true},
    {"weight", FIELD_NUMBER, .needed = true, .nullable = true},
    {0},
};
static const struct field home_fields[] = {
    {"greeting_findings", FIELD_OBJECTS, .needed = true, .fields = finding_fields},
    {"maps", FIELD_OBJECTS, .needed = true, .items = 5000, .shape = &shape_card},
    {"actions_due", FIELD_OBJECTS, .needed = true, .shape = &shape_action},
    {"sources", FIELD_OBJECTS, .needed = true, .items = 5000, .shape = &shape_source},
    {0},
};
static const struct shape home = {"Home", home_fields, NULL};

static const struct field share_body[] = {
    {"map", FIELD_TEXT, .needed = true, .most = 200},
    {"what", FIELD_CHOICE, .needed = true, .choices = "map|report"},
    {"days", FIELD_COUNT, .needed = true, .most = 730},
    {"password", FIELD_TEXT, .most = 200, .nullable = true},
    {"filter", FIELD_TEXT, .most = 16000, .nullable = true},
    {0},
};
static const struct field share_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"map", FIELD_TEXT, .needed = true},
    {"map_title", FIELD_TEXT, .needed = true},
    {"what", FIELD_CHOICE, .needed = true, .choices = "map|report"},
    {"filter", FIELD_TEXT, .needed = true, .nullable = true},
    {"created", FIELD_TIME, .needed = true},
    {"created_by", FIELD_TEXT, .needed = true},
    {"expires", FIELD_TIME, .needed = true},
    {"over", FIELD_FLAG, .needed = true},
    {"password", FIELD_FLAG, .needed = true},
    {"opened", FIELD_COUNT, .needed = true},
    {"last_opened", FIELD_TIME, .needed = true, .nullable = true},
    {"link", FIELD_TEXT, .needed = false},
    {0},
};
static const struct shape share = {"Share", share_fields, NULL};
static const struct field enter_body[] = {
    {"password", FIELD_TEXT, .needed = true, .most = 200},
    {0},
};
static const struct field file_fields[] = {{"id", FIELD_TEXT, .needed = true}, {0}};
static const struct shape file = {"StoredFile", file_fields, NULL};

#define HTML "text/html; charset=utf-8"

static const struct route rows[] = {
    {METHOD_GET, "/home", RANK_READER, ROUTE_SLOW, api_home,
     "What is worth a look first.", .answer = &home},
    {METHOD_GET, "/pictures/{what}.{format}", RANK_READER, ROUTE_FILTER | ROUTE_SLOW,
     api_picture, "poster, flow, funnel, variants or timeline as svg, png or pdf.",
     .query = picture_query, .type = "any"},
    {METHOD_GET, "/maps/{id}/export", RANK_READER, ROUTE_FILTER | ROUTE_SLOW,
     api_map_export, "A map as a file to keep.", .query = export_query, .type = "any"},
    {METHOD_POST, "/files", RANK_EDITOR, ROUTE_STREAM, api_file_add,
     "Keep a picture: PNG, JPEG or WebP.", .answer = &file,
     .body_bytes = LIMIT_PICTURE_BYTES, .status = 201},
    {METHOD_GET, "/files/{id}", RANK_READER, 0, api_file_get, "A picture.",
     .type = "any"},
    {METHOD_GET, "/shares", RANK_EDITOR, ROUTE_LIST, api_shares,
     "Links that were given out.", .answer = &share},
    {METHOD_POST, "/shares", RANK_EDITOR, ROUTE_HASH, api_share_add,
     "A link for somebody without an account; it is told only once.", .body = share_body,
     .answer = &share, .status = 201},
    {METHOD_DELETE, "/shares/{id}", RANK_EDITOR, 0, api_share_delete, "Take a link back.",
     .query = NULL},
    {METHOD_GET, "/s/{token}", RANK_NOBODY, ROUTE_ROOT | ROUTE_SLOW, api_share_open,
     "What a link opens.", .type = HTML},
    {METHOD_POST, "/s/{token}", RANK_NOBODY, ROUTE_ROOT | ROUTE_FORM | ROUTE_HASH,
     api_share_enter, "The same, with its password.", .body = enter_body, .type = HTML},
};
const struct route_table routes_pictures = ROUTE_TABLE(rows);
