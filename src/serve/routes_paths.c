/* Routes of success paths: boards, enrolments, progress, alerts, tasks; and what a client
 * sees and sends himself, by a private link. */
#include "serve/handlers.h"
#include "serve/tables.h"
#include "store/paths.h"

/* ---- cards ---- */

static const struct field states_fields[] = {
    {"on-the-way", FIELD_COUNT, .needed = true},
    {"behind", FIELD_COUNT, .needed = true},
    {"stuck", FIELD_COUNT, .needed = true},
    {"silent", FIELD_COUNT, .needed = true},
    {"arrived", FIELD_COUNT, .needed = true},
    {"left", FIELD_COUNT, .needed = true},
    {0},
};
static const struct field card_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"head", FIELD_COUNT, .needed = true},
    {"updated", FIELD_TIME, .needed = true},
    {"arrival", FIELD_PROSE, .needed = true},
    {"phases", FIELD_COUNT, .needed = true},
    {"clients", FIELD_COUNT, .needed = true},
    {"states", FIELD_OBJECT, .needed = true, .fields = states_fields},
    {"low", FIELD_COUNT, .needed = true},    /* clients whose last feeling is low */
    {"passed", FIELD_COUNT, .needed = true}, /* milestones, by all clients together */
    {"attainment", FIELD_NUMBER, .needed = true, .nullable = true}, /* mean, 0 … 1 */
    {"alerts", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape card = {"PathCard", card_fields, NULL};

/* ---- the whole path ---- */

static const struct field found_query[] = {
    {"found", FIELD_FLAG, .needed = false}, /* also whom only the evidence shows on it */
    {"everybody", FIELD_FLAG, .needed = false}, /* those whom the protagonist's filter
                                                   leaves out, too */
    {0},
};
static const struct field path_fields[] = {
    {"map", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"head", FIELD_COUNT, .needed = true},
    /* the protagonist among whose customers clients are found; null: no filter */
    {"own_customers", FIELD_TEXT, .needed = true, .nullable = true},
    {"path", FIELD_ANY, .needed = true, .schema = "path"},
    {0},
};
static const struct shape path = {"PathBoard", path_fields, NULL};
static const struct field client_query[] = {
    {"customer", FIELD_TEXT, .needed = true, .most = 500},
    {0},
};
static const struct field client_fields[] = {
    {"map", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"head", FIELD_COUNT, .needed = true},
    {"enrolment", FIELD_TEXT, .needed = true, .nullable = true},
    {"client", FIELD_ANY, .needed = true, .schema = "path-client"},
    {0},
};
static const struct shape client = {"PathClientFound", client_fields, NULL};

/* ---- enrolling ---- */

static const struct field own_metric_fields[] = {
    {"baseline", FIELD_NUMBER, .nullable = true},
    {"target", FIELD_NUMBER, .nullable = true},
    {"due", FIELD_TEXT, .nullable = true},
    {0},
};
static const struct field enrol_body_fields[] = {
    /* one of: a customer … */
    {"customer", FIELD_TEXT, .most = 500},
    {"at", FIELD_TEXT, .nullable = true},
    {"start", FIELD_PROSE, .most = 2000, .nullable = true},
    {"metrics", FIELD_MAP, .nullable = true, .fields = own_metric_fields},
    /* … a table (CSV) … */
    {"text", FIELD_ANY},
    {"name", FIELD_TEXT, .most = 300},
    /* … a rule: a filter of the evidence */
    {"rule", FIELD_TEXT, .most = 16000},
    {"another", FIELD_FLAG, .needed = false}, /* than the one written almost so */
    {"look", FIELD_FLAG, .needed = false},    /* with a rule: only count */
    {"once", FIELD_FLAG, .needed = false},    /* with a rule: do not keep it */
    {0},
};
static const struct field enrolled_fields[] = {
    {"found", FIELD_COUNT, .needed = true},
    {"added", FIELD_COUNT, .needed = true}, /* the others were on the path already */
    {"enrolment", FIELD_TEXT, .needed = true, .nullable = true}, /* of one customer */
    {"rule", FIELD_TEXT, .needed = true, .nullable = true}, /* that goes on enrolling */
    {0},
};
static const struct field rule_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"rule", FIELD_TEXT, .needed = true}, /* a filter, as in an address */
    {"created", FIELD_TIME, .needed = true},
    {"created_by", FIELD_TEXT, .needed = true},
    {0},
};
/* as if never enrolled: 409 once something was written down */
static const struct field undo_query[] = {{"undo", FIELD_FLAG, .needed = false}, {0}};
static const struct shape enrol_rule = {"EnrolRule", rule_fields, NULL};
static const struct shape enrolled = {"Enrolled", enrolled_fields, NULL};

static const struct field file_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {0},
};
#define KINDS "done|reading|milestone|proof|feeling|message|note"
static const struct field progress_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true, .choices = KINDS},
    {"item", FIELD_TEXT, .needed = true}, /* step, metric, phase or proof; "" */
    {"at", FIELD_TIME, .needed = true},
    {"created", FIELD_TIME, .needed = true},
    {"activity", FIELD_TEXT, .needed = true, .most = 1000},
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"text", FIELD_PROSE, .needed = true},
    {"by_client", FIELD_FLAG, .needed = true},
    {"who", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"file", FIELD_OBJECT, .needed = true, .nullable = true, .fields = file_fields},
    {0},
};
static const struct field link_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"lang", FIELD_CHOICE, .needed = true, .choices = "it|en"},
    {"created", FIELD_TIME, .needed = true},
    {"created_by", FIELD_TEXT, .needed = true},
    {"expires", FIELD_TIME, .needed = true},
    {"over", FIELD_FLAG, .needed = true},
    {"opened", FIELD_COUNT, .needed = true},
    {"last_opened", FIELD_TIME, .needed = true, .nullable = true},
    {"link", FIELD_TEXT, .needed = false}, /* told once, when it is made */
    {0},
};
static const struct shape link_shape = {"ClientLink", link_fields, NULL};
static const struct field alert_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"map", FIELD_TEXT, .needed = true},
    {"map_title", FIELD_TEXT, .needed = true},
    {"enrolment", FIELD_TEXT, .needed = true},
    {"customer", FIELD_TEXT, .needed = true, .most = 500},
    {"kind", FIELD_CHOICE, .needed = true, .choices = "stuck|behind|silent|low"},
    {"phase", FIELD_TEXT, .needed = true},
    {"phase_title", FIELD_TEXT, .needed = true},
    {"since", FIELD_TIME, .needed = true},
    {"at", FIELD_TIME, .needed = true}, /* when it was noticed */
    {"snoozed_until", FIELD_TIME, .needed = true, .nullable = true},
    {"reason", FIELD_PROSE, .needed = true},
    {0},
};
static const struct shape alert = {"PathAlert", alert_fields, NULL};
static const struct field task_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"map", FIELD_TEXT, .needed = true},
    {"map_title", FIELD_TEXT, .needed = true},
    {"enrolment", FIELD_TEXT, .needed = true},
    {"customer", FIELD_TEXT, .needed = true, .most = 500},
    {"alert", FIELD_COUNT, .needed = true, .nullable = true},
    {"playbook", FIELD_TEXT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true, .choices = "task|email"},
    {"title", FIELD_TEXT, .needed = true},
    {"text", FIELD_PROSE, .needed = true},
    {"owner", FIELD_TEXT, .needed = true},
    {"state", FIELD_CHOICE, .needed = true, .choices = "open|done|dropped"},
    {"created", FIELD_TIME, .needed = true},
    {"closed", FIELD_TIME, .needed = true, .nullable = true},
    {"closed_by", FIELD_TEXT, .needed = true, .nullable = true},
    {0},
};
static const struct shape task = {"PathTask", task_fields, NULL};
static const struct field left_fields[] = {
    {"on", FIELD_TIME, .needed = true},
    {"because", FIELD_PROSE, .needed = true},
    {0},
};
static const struct field enrolment_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"version", FIELD_COUNT, .needed = true},
    {"map", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"head", FIELD_COUNT, .needed = true},
    {"customer", FIELD_TEXT, .needed = true, .most = 500},
    {"at", FIELD_TIME, .needed = true},
    {"start", FIELD_PROSE, .needed = true},
    {"metrics", FIELD_MAP, .needed = true, .fields = own_metric_fields},
    {"left", FIELD_OBJECT, .needed = true, .nullable = true, .fields = left_fields},
    {"created", FIELD_TIME, .needed = true},
    {"created_by", FIELD_TEXT, .needed = true},
    {"client", FIELD_ANY, .needed = true, .schema = "path-client"},
    {"progress", FIELD_OBJECTS, .needed = true, .items = LIMIT_PROGRESS,
     .fields = progress_fields},
    {"links", FIELD_OBJECTS, .needed = true, .items = 1000, .shape = &link_shape},
    {"alerts", FIELD_OBJECTS, .needed = true, .shape = &alert},
    {"tasks", FIELD_OBJECTS, .needed = true, .items = 10000, .shape = &task},
    {0},
};
static const struct shape enrolment = {"Enrolment", enrolment_fields, NULL};
static const struct field enrolment_patch[] = {
    {"at", FIELD_TEXT, .most = 40},
    {"start", FIELD_PROSE, .most = 2000, .nullable = true},
    {"metrics", FIELD_MAP, .nullable = true, .fields = own_metric_fields},
    {"left", FIELD_FLAG, .needed = false}, /* false: back on the way */
    {"because", FIELD_PROSE, .most = 2000},
    {"on", FIELD_TEXT, .most = 40}, /* the day of leaving */
    {0},
};

/* ---- progress ---- */

static const struct field progress_body[] = {
    {"kind", FIELD_CHOICE, .needed = true, .choices = KINDS},
    {"step", FIELD_TEXT, .most = 200},
    {"metric", FIELD_TEXT, .most = 200},
    {"phase", FIELD_TEXT, .most = 200}, /* of a milestone passed by hand: text says why */
    {"proof", FIELD_TEXT, .most = 200},
    {"value", FIELD_NUMBER, .needed = false},
    {"text", FIELD_PROSE, .most = LIMIT_PROGRESS_TEXT},
    {"on", FIELD_TEXT, .most = 40},
    {"client", FIELD_TEXT,
     .most = 100}, /* one's own name for it: sent twice, kept once */
    {0},
};
static const struct field kept_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"known", FIELD_FLAG, .needed = true}, /* it was sent before */
    {0},
};
static const struct shape kept = {"ProgressKept", kept_fields, NULL};
static const struct field proof_query[] = {
    {"proof", FIELD_TEXT, .most = 200},
    {"name", FIELD_TEXT, .most = 200},
    {"text", FIELD_TEXT, .most = 2000},
    {"client", FIELD_TEXT, .most = 100},
    {0},
};
static const struct field link_body[] = {
    {"days", FIELD_COUNT, .needed = true, .most = 730},
    {"lang", FIELD_CHOICE, .choices = "it|en"},
    {0},
};

/* ---- alerts, tasks, calls out ---- */

static const struct field alerts_query[] = {
    {"map", FIELD_TEXT, .most = 200},
    {"snoozed", FIELD_FLAG, .needed = false},
    {0},
};
static const struct field snooze_body[] = {
    {"days", FIELD_COUNT, .needed = true, .most = 365}, /* 0: shown again */
    {0},
};
static const struct field tasks_query[] = {
    {"state", FIELD_CHOICE, .choices = "open|done|dropped"},
    {"enrolment", FIELD_TEXT, .most = 100},
    {0},
};
static const struct field task_patch[] = {
    {"state", FIELD_CHOICE, .choices = "open|done|dropped"},
    {"owner", FIELD_TEXT, .most = 200},
    {0},
};
static const struct field delivery_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"at", FIELD_TIME, .needed = true},
    {"enrolment", FIELD_TEXT, .needed = true},
    {"playbook", FIELD_TEXT, .needed = true},
    {"url", FIELD_TEXT, .needed = true, .most = 2000},
    {"state", FIELD_CHOICE, .needed = true, .choices = "waiting|sent|failed"},
    {"tries", FIELD_COUNT, .needed = true},
    {"next", FIELD_TIME, .needed = true, .nullable = true},
    {"answer", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field webhooks_fields[] = {
    {"allowed", FIELD_FLAG, .needed = true},    /* the server was started with it */
    {"has_secret", FIELD_FLAG, .needed = true}, /* it is told only when it is made */
    {"deliveries", FIELD_OBJECTS, .needed = true, .items = 200,
     .fields = delivery_fields},
    {0},
};
static const struct shape webhooks = {"Webhooks", webhooks_fields, NULL};
static const struct field secret_fields[] = {{"secret", FIELD_TEXT, .needed = true}, {0}};
static const struct shape secret = {"WebhookSecret", secret_fields, NULL};

/* ---- the client's own ---- */

static const struct field own_fields[] = {
    {"id", FIELD_COUNT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true, .choices = KINDS},
    {"by_me", FIELD_FLAG, .needed = true},
    {"item", FIELD_TEXT, .needed = true},
    {"at", FIELD_TIME, .needed = true},
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"text", FIELD_PROSE, .needed = true},
    {"file", FIELD_TEXT, .needed = true, .nullable = true}, /* its name */
    {0},
};
/* path_client_public (improve/path.h). */
static const struct field own_step_fields[] = {
    {"id", FIELD_TEXT, .needed = true, .nullable = true}, /* null: the milestone itself */
    {"title", FIELD_TEXT, .needed = true},
    {"objectives", FIELD_TEXTS, .needed = false},
    {"optional", FIELD_FLAG, .needed = false},
    {"repeatable", FIELD_FLAG, .needed = false},
    {"count", FIELD_COUNT, .needed = false},
    {"done", FIELD_TIME, .nullable = true},
    {0},
};
static const struct field own_proof_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true,
     .choices = "confirmation|objective|document|meeting|rule"},
    {"text", FIELD_TEXT, .needed = true},
    {"required", FIELD_FLAG, .needed = true},
    {"at_least", FIELD_COUNT, .needed = true},
    {"count", FIELD_COUNT, .needed = true},
    {"held", FIELD_TIME, .needed = true, .nullable = true},
    {0},
};
static const struct field own_phase_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"aim", FIELD_TEXT, .needed = true},
    {"milestone", FIELD_TEXT, .needed = true},
    {"behind", FIELD_FLAG, .needed = true}, /* passed, or past it */
    {"here", FIELD_FLAG, .needed = true},
    {"passed", FIELD_TIME, .needed = true, .nullable = true},
    {"steps", FIELD_OBJECTS, .needed = true, .fields = own_step_fields},
    {"proofs", FIELD_OBJECTS, .needed = true, .fields = own_proof_fields},
    {0},
};
static const struct field own_reading_fields[] = {
    {"at", FIELD_TIME, .needed = true},
    {"value", FIELD_NUMBER, .needed = true},
    {0},
};
static const struct field own_objective_fields[] = {
    {"metric", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"unit", FIELD_TEXT, .needed = true},
    {"direction", FIELD_CHOICE, .needed = true, .choices = "up|down"},
    {"baseline", FIELD_NUMBER, .needed = true, .nullable = true},
    {"target", FIELD_NUMBER, .needed = true, .nullable = true},
    {"now", FIELD_NUMBER, .needed = true, .nullable = true},
    {"attained", FIELD_NUMBER, .needed = true, .nullable = true},
    {"due", FIELD_TIME, .needed = true, .nullable = true},
    {"reached", FIELD_TIME, .needed = true, .nullable = true},
    {"readings", FIELD_OBJECTS, .needed = true, .items = LIMIT_PROGRESS,
     .fields = own_reading_fields},
    {0},
};
static const struct field own_feeling_fields[] = {
    {"at", FIELD_TIME, .needed = true},
    {"valence", FIELD_NUMBER, .needed = true},
    {0},
};
static const struct field own_path_fields[] = {
    {"title", FIELD_TEXT, .needed = true},
    {"start", FIELD_PROSE, .needed = true},
    {"arrival", FIELD_PROSE, .needed = true},
    {"enrolled", FIELD_TIME, .needed = true},
    {"today", FIELD_TIME, .needed = true},
    {"arrived", FIELD_TIME, .needed = true, .nullable = true},
    {"passed", FIELD_COUNT, .needed = true},
    {"total", FIELD_COUNT, .needed = true},
    {"attainment", FIELD_NUMBER, .needed = true, .nullable = true},
    {"next", FIELD_OBJECT, .needed = true, .nullable = true, .fields = own_step_fields},
    {"phases", FIELD_OBJECTS, .needed = true, .fields = own_phase_fields},
    {"objectives", FIELD_OBJECTS, .needed = true, .fields = own_objective_fields},
    {"feelings", FIELD_OBJECTS, .needed = true, .items = LIMIT_PROGRESS,
     .fields = own_feeling_fields},
    {0},
};
static const struct shape own_path = {"ClientPath", own_path_fields, NULL};
static const struct field me_fields[] = {
    {"firm", FIELD_TEXT, .needed = true}, /* the workspace's title */
    {"title", FIELD_TEXT, .needed = true},
    {"customer", FIELD_TEXT, .needed = true, .most = 500},
    {"lang", FIELD_CHOICE, .needed = true, .choices = "it|en"},
    {"expires", FIELD_TIME, .needed = true},
    {"path", FIELD_OBJECT, .needed = true, .shape = &own_path},
    {"mine", FIELD_OBJECTS, .needed = true, .items = LIMIT_PROGRESS,
     .fields = own_fields}, /* what the client sent, and messages to him, the latest
                                first */
    {0},
};
static const struct shape me = {"ClientOwn", me_fields, NULL};
static const struct field own_body[] = {
    {"kind", FIELD_CHOICE, .needed = true,
     .choices = "done|reading|proof|feeling|message"},
    {"step", FIELD_TEXT, .most = 200},
    {"metric", FIELD_TEXT, .most = 200},
    {"proof", FIELD_TEXT, .most = 200},
    {"value", FIELD_NUMBER, .needed = false},
    {"text", FIELD_PROSE, .most = 4000},
    {"client", FIELD_TEXT, .most = 100},
    {0},
};

#define ENROLMENT "/enrolments/{id}"

static const struct route rows[] = {
    {METHOD_GET, "/paths", RANK_READER, ROUTE_LIST | ROUTE_SLOW, api_paths,
     "The success paths, with how their clients fare.", .answer = &card},
    {METHOD_GET, "/maps/{id}/path", RANK_READER, ROUTE_SLOW, api_path,
     "A map as a success path: clients, thresholds, cohorts.", .query = found_query,
     .answer = &path},
    {METHOD_GET, "/maps/{id}/path/client", RANK_READER, ROUTE_SLOW, api_path_client,
     "One client of it, by name.", .query = client_query, .answer = &client},
    {METHOD_GET, "/maps/{id}/path.csv", RANK_READER, ROUTE_SLOW, api_path_csv,
     "The board as CSV.", .query = found_query, .type = "text/csv; charset=utf-8"},
    {METHOD_POST, "/maps/{id}/enrolments", RANK_EDITOR, ROUTE_SLOW, api_enrol,
     "Lead a customer along a map; or those of a table; or those a rule finds.",
     .body = enrol_body_fields, .answer = &enrolled, .status = 201,
     .body_bytes = 4 * 1024 * 1024},
    {METHOD_GET, "/maps/{id}/rules", RANK_READER, ROUTE_LIST, api_enrol_rules,
     "The rules that go on enrolling whoever comes to fit them.", .answer = &enrol_rule},
    {METHOD_DELETE, "/maps/{id}/rules/{rid}", RANK_EDITOR, 0, api_enrol_rule_delete,
     "End a rule; whom it enrolled stays.", .query = NULL},
    {METHOD_GET, ENROLMENT, RANK_READER, ROUTE_SLOW, api_enrolment,
     "One client: the way so far, what was written down, links, alerts, tasks.",
     .answer = &enrolment},
    {METHOD_PATCH, ENROLMENT, RANK_EDITOR, 0, api_enrolment_change,
     "Since when, from where, with which targets; left, or back.",
     .body = enrolment_patch},
    {METHOD_DELETE, ENROLMENT, RANK_EDITOR, 0, api_enrolment_delete,
     "Take a client off the path, with all that was written down on it; or, at once, "
     "undo the enrolment.",
     .query = undo_query},
    {METHOD_GET, ENROLMENT "/sheet.pdf", RANK_READER, ROUTE_SLOW, api_enrolment_sheet,
     "The client’s progress, to print.", .type = "application/pdf"},
    {METHOD_POST, ENROLMENT "/progress", RANK_EDITOR, 0, api_progress_add,
     "Write down what a client did, reached, said.", .body = progress_body,
     .answer = &kept, .status = 201},
    {METHOD_DELETE, ENROLMENT "/progress/{pid}", RANK_EDITOR, 0, api_progress_delete,
     "Take it back.", .query = NULL},
    {METHOD_POST, ENROLMENT "/files", RANK_EDITOR, ROUTE_STREAM, api_proof_add,
     "A proof as a file: PNG, JPEG, WebP or PDF.", .query = proof_query, .answer = &kept,
     .status = 201, .body_bytes = LIMIT_PROOF_FILE_BYTES},
    {METHOD_GET, ENROLMENT "/files/{fid}", RANK_READER, 0, api_proof_get,
     "A proof’s file.", .type = "any"},
    {METHOD_POST, ENROLMENT "/links", RANK_EDITOR, 0, api_client_link_add,
     "A private link for the client; it is told only once.", .body = link_body,
     .answer = &link_shape, .status = 201},
    {METHOD_DELETE, ENROLMENT "/links/{lid}", RANK_EDITOR, 0, api_client_link_delete,
     "Take a private link back.", .query = NULL},
    {METHOD_GET, "/alerts", RANK_READER, ROUTE_LIST | ROUTE_SLOW, api_alerts,
     "What calls for somebody, the latest first.", .query = alerts_query,
     .answer = &alert},
    {METHOD_POST, "/alerts/{id}/snooze", RANK_EDITOR, 0, api_alert_snooze,
     "Not to be shown for some days.", .body = snooze_body},
    {METHOD_GET, "/tasks", RANK_READER, ROUTE_LIST, api_tasks,
     "What playbooks gave to do, the latest first.", .query = tasks_query,
     .answer = &task},
    {METHOD_PATCH, "/tasks/{id}", RANK_EDITOR, 0, api_task_change,
     "Done, dropped, open again; whose it is.", .body = task_patch, .answer = &task},
    {METHOD_GET, "/webhooks", RANK_OWNER, 0, api_webhooks,
     "Calls to other programs: whether they may be made, how they are signed, the last.",
     .answer = &webhooks, .scope = SCOPE_ADMIN},
    {METHOD_POST, "/webhooks/secret", RANK_OWNER, 0, api_webhook_secret,
     "A new key that signs them, told only now; the old one is void.", .answer = &secret,
     .scope = SCOPE_ADMIN},

    {METHOD_GET, "/client", RANK_NOBODY, ROUTE_LINK | ROUTE_SLOW, api_client,
     "My path, for whom a private link was made.", .answer = &me},
    {METHOD_POST, "/client/progress", RANK_NOBODY, ROUTE_LINK, api_client_progress,
     "What I did, how I feel, what I want to say.", .body = own_body, .answer = &kept,
     .status = 201},
    {METHOD_DELETE, "/client/progress/{pid}", RANK_NOBODY, ROUTE_LINK,
     api_client_progress_delete, "Take back what I sent.", .query = NULL},
    {METHOD_POST, "/client/file", RANK_NOBODY, ROUTE_LINK | ROUTE_STREAM, api_client_file,
     "A proof as a picture or PDF.", .query = proof_query, .answer = &kept, .status = 201,
     .body_bytes = LIMIT_PROOF_FILE_BYTES},
    {METHOD_GET, "/client/sheet.pdf", RANK_NOBODY, ROUTE_LINK | ROUTE_SLOW,
     api_client_sheet, "My progress, to print.", .type = "application/pdf"},
};
const struct route_table routes_paths = ROUTE_TABLE(rows);
