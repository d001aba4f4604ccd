/* Routes of insight: studies, flows, funnels, and who stands behind a number. */
#include "serve/handlers.h"
#include "serve/tables.h"

static const struct shape study = {"Study", NULL, "insight"};
static const struct shape flow = {"Flow", NULL, "flow"};
static const struct shape variants = {"Variants", NULL, "variants"};
static const struct shape funnel = {"Funnel", NULL, "funnel"};
static const struct shape survival = {"Survival", NULL, "survival"};
static const struct shape emotions = {"Felt", NULL, "emotions"};

static const struct field top_query[] = {{"top", FIELD_COUNT, .most = 1000}, {0}};
static const struct field funnel_query[] = {
    {"step", FIELD_TEXTS, .most = 500, .items = 60},
    {"map", FIELD_TEXT, .most = 200},
    {"window", FIELD_TEXT, .most = 30},
    {"strict", FIELD_FLAG, .needed = false},
    {0},
};
static const struct field survival_query[] = {
    {"from", FIELD_TEXT, .needed = true, .most = 500},
    {"to", FIELD_TEXT, .needed = true, .most = 500},
    {"map", FIELD_TEXT, .most = 200},
    {0},
};
static const struct field map_query[] = {{"map", FIELD_TEXT, .most = 200}, {0}};

static const struct field behind_step[] = {
    {"step", FIELD_TEXT, .most = 200},
    {"kind", FIELD_CHOICE,
     .choices = "reached|moved-on|elsewhere|lost|travelling|seen|skipped|repeated|"
                "out-of-order|shortcut|jump|quoted"},
    {"to", FIELD_TEXT, .most = 200},
    {"via", FIELD_TEXT, .most = 500},
    {"q", FIELD_TEXT, .most = 500},
    {"limit", FIELD_COUNT, .most = 500},
    {"after", FIELD_TEXT, .most = 1000},
    {0},
};
static const struct field behind_any[] = {
    {"from", FIELD_TEXT, .most = 500},
    {"to", FIELD_TEXT, .most = 500},
    {"variant", FIELD_COUNT, .most = 1000000},
    {"activity", FIELD_TEXT, .most = 500},
    {"q", FIELD_TEXT, .most = 500},
    {"limit", FIELD_COUNT, .most = 500},
    {"after", FIELD_TEXT, .most = 1000},
    {0},
};
#define PAGE                                                                             \
    {"q", FIELD_TEXT, .most = 500}, {"limit", FIELD_COUNT, .most = 500},                 \
    {                                                                                    \
        "after", FIELD_TEXT, .most = 1000                                                \
    }
static const struct field behind_funnel[] = {
    {"step", FIELD_TEXTS, .most = 500, .items = 60},
    {"map", FIELD_TEXT, .most = 200},
    {"window", FIELD_TEXT, .most = 30},
    {"strict", FIELD_FLAG, .needed = false},
    {"at", FIELD_COUNT, .needed = true, .most = 500},
    {"kind", FIELD_CHOICE, .choices = "reached|moved-on|elsewhere|lost|travelling"},
    PAGE,
    {0},
};
static const struct field behind_waiting[] = {
    {"from", FIELD_TEXT, .needed = true, .most = 500},
    {"to", FIELD_TEXT, .needed = true, .most = 500},
    {"map", FIELD_TEXT, .most = 200},
    {"kind", FIELD_CHOICE, .choices = "arrived|waiting"},
    PAGE,
    {0},
};
static const struct field quotes_query[] = {
    {"step", FIELD_TEXT, .most = 200},
    {"limit", FIELD_COUNT, .most = 500},
    {"after", FIELD_TEXT, .most = 1000},
    {0},
};
static const struct field quote_fields[] = {
    {"customer", FIELD_TEXT, .needed = true},
    {"time", FIELD_TIME, .needed = true},
    {"activity", FIELD_TEXT, .needed = true},
    {"channel", FIELD_TEXT, .nullable = true},
    {"touchpoint", FIELD_TEXT, .nullable = true},
    {"actor", FIELD_TEXT, .nullable = true},
    {"text", FIELD_PROSE, .nullable = true},
    {"score", FIELD_NUMBER, .nullable = true},
    {"scale", FIELD_TEXT, .nullable = true},
    {"attributes", FIELD_ANY, .most = 0},
    {"valence", FIELD_NUMBER, .needed = true, .nullable = true},
    {"step", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field quotes_fields[] = {
    {"items", FIELD_OBJECTS, .needed = true, .items = 500, .fields = quote_fields},
    {"next", FIELD_TEXT, .needed = true, .nullable = true},
    {"total", FIELD_COUNT, .needed = true},
    {0},
};
static const struct shape quotes = {"Quotes", quotes_fields, NULL};

static const struct field suggestion_fields[] = {
    {"step", FIELD_TEXT, .needed = true},
    {"step_title", FIELD_TEXT, .needed = true},
    {"activity", FIELD_TEXT, .needed = true},
    {"channel", FIELD_TEXT, .needed = true},
    {"score", FIELD_NUMBER, .needed = true},
    {"reason", FIELD_TEXT, .needed = true},
    {0},
};
static const struct shape suggestion = {"MatchSuggestion", suggestion_fields, NULL};

#define ASK (ROUTE_FILTER | ROUTE_SLOW)

static const struct route rows[] = {
    {METHOD_GET, "/maps/{id}/study", RANK_READER, ASK, api_map_study,
     "Everything the evidence says about a map.", .answer = &study},
    {METHOD_GET, "/maps/{id}/customers", RANK_READER, ASK, api_map_customers,
     "The customers behind a number of a map’s study.", .query = behind_step,
     .answer = &shape_customers},
    {METHOD_GET, "/maps/{id}/quotes", RANK_READER, ASK, api_map_quotes,
     "What customers wrote at a step, the worst first.", .query = quotes_query,
     .answer = &quotes},
    {METHOD_GET, "/insight/funnel/customers", RANK_READER, ASK, api_funnel_customers,
     "The customers behind a step of a funnel.", .query = behind_funnel,
     .answer = &shape_customers},
    {METHOD_GET, "/insight/survival/customers", RANK_READER, ASK, api_survival_customers,
     "Who arrived, or still waits.", .query = behind_waiting, .answer = &shape_customers},
    {METHOD_GET, "/maps/{id}/suggestions", RANK_READER, ASK | ROUTE_LIST,
     api_map_suggestions, "Which activities are probably which steps.",
     .answer = &suggestion},
    {METHOD_GET, "/insight/flow", RANK_READER, ASK, api_flow,
     "What follows what, how often, after how long.", .answer = &flow},
    {METHOD_GET, "/insight/variants", RANK_READER, ASK, api_variants,
     "The ways customers go, most frequent first.", .query = top_query,
     .answer = &variants},
    {METHOD_GET, "/insight/funnel", RANK_READER, ASK, api_funnel,
     "How many reach each step, and where the others stop.", .query = funnel_query,
     .answer = &funnel},
    {METHOD_GET, "/insight/survival", RANK_READER, ASK, api_survival,
     "How long it takes from one step to another, counting those still under way.",
     .query = survival_query, .answer = &survival},
    {METHOD_GET, "/insight/emotions", RANK_READER, ASK, api_emotions,
     "What customers felt, from scores.", .query = map_query, .answer = &emotions},
    {METHOD_GET, "/insight/customers", RANK_READER, ASK, api_insight_customers,
     "The customers behind a passage, a variant, an activity.", .query = behind_any,
     .answer = &shape_customers},
};
const struct route_table routes_insight = ROUTE_TABLE(rows);
