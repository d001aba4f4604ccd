/* Routes of evidence: files on their way in, imports, sources, customers, aliases. */
#include "serve/handlers.h"
#include "serve/tables.h"

/* How a file is to be read: app/columns.h. */
static const struct field column_fields[] = {
    {"customer", FIELD_TEXT, .most = 500},
    {"activity", FIELD_TEXT, .most = 500},
    {"time", FIELD_TEXTS, .most = 500, .items = 30},
    {"channel", FIELD_TEXT, .most = 500},
    {"touchpoint", FIELD_TEXT, .most = 500},
    {"actor", FIELD_TEXT, .most = 500},
    {"text", FIELD_TEXT, .most = 500},
    {"score", FIELD_TEXT, .most = 500},
    {"source-id", FIELD_TEXT, .most = 500},
    {"activity-name", FIELD_TEXT, .most = 500},
    {"scale", FIELD_CHOICE, .choices = "stars|nps|csat|ces|valence"},
    {"zone", FIELD_TEXT, .most = 60},
    {"date-order", FIELD_CHOICE, .choices = "dmy|mdy"},
    {"encoding", FIELD_TEXT, .most = 30},
    {"delimiter", FIELD_TEXT, .most = 4},
    {"sheet", FIELD_TEXT, .most = 200},
    {"attribute", FIELD_TEXTS, .most = 500, .items = 30},
    {"fill-down", FIELD_TEXTS, .most = 500, .items = 30},
    {0},
};

static const struct field upload_query[] = {
    {"name", FIELD_TEXT, .needed = true, .most = 500},
    {0},
};
static const struct field upload_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"bytes", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape upload = {"Upload", upload_fields, NULL};

static const struct field read_column_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"role", FIELD_TEXT, .needed = true},
    {"reason", FIELD_TEXT, .needed = true},
    {"filled", FIELD_FLAG, .needed = true},  /* empty cells take the value above */
    {"merged", FIELD_COUNT, .needed = true}, /* cells that look as if they should */
    {0},
};
static const struct field reject_fields[] = {
    {"line", FIELD_COUNT, .needed = true},
    {"reason", FIELD_TEXT, .needed = true},
    {"row", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field unclear_fields[] = {
    {"code", FIELD_TEXT, .needed = true},
    {"detail", FIELD_TEXT, .needed = true},
    {"where", FIELD_TEXT, .needed = true},
    {"hint", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field reading_fields[] = {
    {"path", FIELD_TEXT, .needed = true},
    {"kind", FIELD_TEXT, .needed = true, .nullable = true},
    {"encoding", FIELD_TEXT, .needed = true, .nullable = true},
    {"delimiter", FIELD_TEXT, .needed = true, .nullable = true},
    {"header_line", FIELD_COUNT, .needed = true},
    {"time_format", FIELD_TEXT, .needed = true, .nullable = true},
    {"rows", FIELD_COUNT, .needed = true},
    {"stored", FIELD_COUNT, .needed = true},
    {"rejected", FIELD_COUNT, .needed = true},
    {"events", FIELD_COUNT, .needed = true},
    {"columns", FIELD_OBJECTS, .needed = true, .fields = read_column_fields},
    {"sample", FIELD_ANYS, .needed = true},
    {"rejects", FIELD_OBJECTS, .needed = true, .fields = reject_fields},
    {"notes", FIELD_TEXTS, .needed = true},
    {"problem", FIELD_OBJECT, .needed = true, .nullable = true, .fields = unclear_fields},
    {0},
};
static const struct shape reading = {"Reading", reading_fields, NULL};

static const struct field import_body[] = {
    {"upload", FIELD_TEXT, .needed = true, .most = 64},
    {"options", FIELD_OBJECT, .fields = column_fields},
    {0},
};
static const struct field job_fields[] = {{"job", FIELD_TEXT, .needed = true}, {0}};
static const struct shape job_started = {"JobStarted", job_fields, NULL};
static const struct field import_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"source", FIELD_TEXT, .needed = true},
    {"at", FIELD_TIME, .needed = true},
    {"who", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"rows", FIELD_COUNT, .needed = true},
    {"added", FIELD_COUNT, .needed = true},
    {"known", FIELD_COUNT, .needed = true},
    {"rejected", FIELD_COUNT, .needed = true},
    {"events", FIELD_COUNT, .needed = true},
    {"first", FIELD_TIME, .needed = true, .nullable = true},
    {"last", FIELD_TIME, .needed = true, .nullable = true},
    {"rejects", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape import = {"Import", import_fields, NULL};

static const struct field fresh_fields[] = {
    {"state", FIELD_CHOICE, .needed = true, .choices = "fresh|review|stale|never"},
    {"days", FIELD_COUNT, .needed = true, .nullable = true},
    {0},
};
static const struct field source_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"imports", FIELD_COUNT, .needed = true},
    {"rows", FIELD_COUNT, .needed = true},
    {"rejected", FIELD_COUNT, .needed = true},
    {"events", FIELD_COUNT, .needed = true},
    {"first", FIELD_TIME, .needed = true, .nullable = true},
    {"last", FIELD_TIME, .needed = true, .nullable = true},
    {"last_import", FIELD_TIME, .needed = true},
    {"freshness", FIELD_OBJECT, .needed = true, .fields = fresh_fields},
    {0},
};
const struct shape shape_source = {"Source", source_fields, NULL};

static const struct field counted_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"count", FIELD_COUNT, .needed = true},
    {0},
};
static const struct field spread_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"count", FIELD_COUNT, .needed = true},
    {"customers", FIELD_COUNT, .needed = true},
    {0},
};
static const struct field attribute_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true, .choices = "text|number"},
    {"distinct", FIELD_COUNT, .needed = true},
    {"values", FIELD_OBJECTS, .needed = true, .fields = counted_fields},
    {0},
};
static const struct field summary_fields[] = {
    {"events", FIELD_COUNT, .needed = true},
    {"customers", FIELD_COUNT, .needed = true},
    {"first", FIELD_TIME, .needed = true, .nullable = true},
    {"last", FIELD_TIME, .needed = true, .nullable = true},
    {"activities", FIELD_OBJECTS, .needed = true, .items = 2000, .fields = spread_fields},
    {"channels", FIELD_OBJECTS, .needed = true, .items = 2000, .fields = spread_fields},
    {"attributes", FIELD_OBJECTS, .needed = true, .items = 2048,
     .fields = attribute_fields},
    {0},
};
static const struct shape summary = {"EvidenceSummary", summary_fields, NULL};

static const struct field customer_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"events", FIELD_COUNT, .needed = true},
    {"first", FIELD_TIME, .nullable = true},
    {"last", FIELD_TIME, .nullable = true},
    {"last_activity", FIELD_TEXT, .nullable = true},
    {"valence", FIELD_NUMBER, .nullable = true},
    {"at", FIELD_TIME, .nullable = true},
    {"waited_s", FIELD_NUMBER, .nullable = true},
    {0},
};
static const struct field customers_fields[] = {
    {"items", FIELD_OBJECTS, .needed = true, .items = 500, .fields = customer_fields},
    {"next", FIELD_TEXT, .needed = true, .nullable = true},
    {"total", FIELD_COUNT, .needed = true},
    {0},
};
const struct shape shape_customers = {"Customers", customers_fields, NULL};
static const struct field customers_query[] = {
    {"q", FIELD_TEXT, .most = 500},
    {"limit", FIELD_COUNT, .most = 500},
    {"after", FIELD_TEXT, .most = 1000},
    {0},
};

#define EVENT_FIELDS                                                                     \
    {"customer", FIELD_TEXT, .needed = true}, {"time", FIELD_TIME, .needed = true},      \
        {"activity", FIELD_TEXT, .needed = true},                                        \
        {"channel", FIELD_TEXT, .nullable = true},                                       \
        {"touchpoint", FIELD_TEXT, .nullable = true},                                    \
        {"actor", FIELD_TEXT, .nullable = true},                                         \
        {"text", FIELD_PROSE, .nullable = true},                                         \
        {"score", FIELD_NUMBER, .nullable = true},                                       \
        {"scale", FIELD_TEXT, .nullable = true},                                         \
    {                                                                                    \
        "attributes", FIELD_ANY, .most = 0                                               \
    }
static const struct field event_fields[] = {EVENT_FIELDS, {0}};
static const struct field found_fields[] = {
    {"items", FIELD_OBJECTS, .needed = true, .items = 500, .fields = event_fields},
    {"next", FIELD_TEXT, .needed = true, .nullable = true},
    {"total", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape found = {"EventsFound", found_fields, NULL};
static const struct field timeline_event[] = {
    EVENT_FIELDS,
    {"since_previous_s", FIELD_NUMBER, .needed = true, .nullable = true},
    {"step", FIELD_TEXT, .needed = true, .nullable = true},
    {"source", FIELD_TEXT, .needed = true, .nullable = true}, /* the file it came from */
    {0},
};
static const struct field timeline_fields[] = {
    {"name", FIELD_TEXT, .needed = true},
    {"aliases", FIELD_TEXTS, .needed = true},
    {"first", FIELD_TIME, .needed = true},
    {"last", FIELD_TIME, .needed = true},
    {"valence", FIELD_NUMBER, .needed = true, .nullable = true},
    {"events", FIELD_OBJECTS, .needed = true, .fields = timeline_event},
    {0},
};
static const struct shape timeline = {"CustomerTimeline", timeline_fields, NULL};
static const struct field name_query[] = {
    {"name", FIELD_TEXT, .needed = true, .most = 1000},
    {0},
};
static const struct field customer_query[] = {
    {"name", FIELD_TEXT, .needed = true, .most = 1000},
    {"map", FIELD_TEXT, .most = 200},
    {0},
};
static const struct field export_query[] = {
    {"name", FIELD_TEXT, .needed = true, .most = 1000},
    {"format", FIELD_CHOICE, .choices = "json|csv"},
    {0},
};
static const struct field erased_fields[] = {
    {"events", FIELD_COUNT, .needed = true},
    {"imports", FIELD_COUNT, .needed = true},
    {"mentions", FIELD_TEXTS, .needed = true},
    {0},
};
static const struct shape erased = {"CustomerErased", erased_fields, NULL};

static const struct field alias_body[] = {
    {"main", FIELD_TEXT, .needed = true, .most = 1000},
    {"other", FIELD_TEXT, .needed = true, .most = 1000},
    {0},
};
static const struct field alias_fields[] = {
    {"main", FIELD_TEXT, .needed = true}, {"other", FIELD_TEXT, .needed = true},
    {"at", FIELD_TIME, .needed = true},   {"who", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true}, {0},
};
static const struct shape alias = {"Alias", alias_fields, NULL};

static const struct route rows[] = {
    {METHOD_POST, "/uploads", RANK_EDITOR, ROUTE_STREAM, api_upload_add,
     "Send a file of evidence; nothing is imported yet.", .query = upload_query,
     .answer = &upload, .status = 201},
    {METHOD_DELETE, "/uploads/{id}", RANK_EDITOR, 0, api_upload_delete,
     "Throw a sent file away.", .query = NULL},
    {METHOD_GET, "/uploads/{id}/explain", RANK_EDITOR, ROUTE_SLOW, api_upload_explain,
     "How the columns of a sent file are understood, and its first rows.",
     .query = column_fields, .answer = &reading},
    {METHOD_POST, "/imports", RANK_EDITOR, ROUTE_ASYNC, api_import_add,
     "Read a sent file into the evidence.", .body = import_body, .answer = &job_started},
    {METHOD_GET, "/imports", RANK_READER, ROUTE_LIST, api_imports,
     "What was imported, the latest first.", .answer = &import},
    {METHOD_DELETE, "/imports/{id}", RANK_EDITOR, ROUTE_SLOW, api_import_delete,
     "Take an import back.", .query = NULL},
    {METHOD_GET, "/imports/{id}/rejects", RANK_EDITOR, 0, api_import_rejects,
     "The rows that an import left out, with the reason of each.",
     .type = "text/csv; charset=utf-8"},
    {METHOD_GET, "/sources", RANK_READER, ROUTE_LIST, api_sources,
     "Where evidence comes from, and how fresh it is.", .answer = &shape_source},
    {METHOD_GET, "/evidence", RANK_READER, ROUTE_FILTER | ROUTE_SLOW, api_summary,
     "What there is in the evidence.", .answer = &summary},
    {METHOD_GET, "/customers", RANK_READER, ROUTE_FILTER | ROUTE_SLOW, api_customers,
     "The customers.", .query = customers_query, .answer = &shape_customers},
    {METHOD_GET, "/customer", RANK_READER, ROUTE_SLOW, api_customer,
     "What one customer lived, across all sources.", .query = customer_query,
     .answer = &timeline},
    {METHOD_GET, "/customer/export", RANK_EDITOR, ROUTE_SLOW, api_customer_export,
     "All that is known of one customer (GDPR, articles 15 and 20).",
     .query = export_query, .type = "any"},
    {METHOD_DELETE, "/customer", RANK_OWNER, ROUTE_SLOW, api_customer_erase,
     "Forget a customer (GDPR, article 17).", .query = name_query, .answer = &erased},
    {METHOD_GET, "/events", RANK_READER, ROUTE_FILTER | ROUTE_SLOW, api_events,
     "Events in which all these words are found.", .query = customers_query,
     .answer = &found},
    {METHOD_GET, "/aliases", RANK_READER, ROUTE_LIST, api_aliases,
     "Names that are one person’s.", .answer = &alias},
    {METHOD_POST, "/aliases", RANK_EDITOR, ROUTE_SLOW, api_alias_add,
     "Say that two names are one person’s.", .body = alias_body},
    {METHOD_DELETE, "/aliases", RANK_EDITOR, ROUTE_SLOW, api_alias_delete,
     "Take every joining of a name back.", .query = name_query},
};
const struct route_table routes_evidence = ROUTE_TABLE(rows);
