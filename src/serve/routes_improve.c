/* Routes of results: what is watched, what was achieved, what it would take. */
#include "serve/handlers.h"
#include "serve/tables.h"

static const struct field point_fields[] = {
    {"from", FIELD_TIME, .needed = true},
    {"to", FIELD_TIME, .needed = true},
    {"n", FIELD_COUNT, .needed = true},
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"low", FIELD_NUMBER, .needed = true, .nullable = true},
    {"high", FIELD_NUMBER, .needed = true, .nullable = true},
    {"signals", FIELD_TEXTS, .needed = true},
    {0},
};
static const struct shape point = {"KpiPoint", point_fields, NULL};
static const struct field control_fields[] = {
    {"mean", FIELD_NUMBER, .needed = true, .nullable = true},
    {"low", FIELD_NUMBER, .needed = true, .nullable = true},
    {"high", FIELD_NUMBER, .needed = true, .nullable = true},
    {"values", FIELD_COUNT, .needed = true},
    {0},
};
#define KINDS "conversion|time|rate|score|state"
static const struct field kpi_fields[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true, .choices = KINDS "|typed"},
    {"measure", FIELD_CHOICE, .needed = true, .choices = "share|seconds|points|number"},
    {"unit", FIELD_TEXT, .needed = true},
    {"direction", FIELD_CHOICE, .needed = true, .choices = "up|down"},
    {"owner", FIELD_TEXT, .needed = true},
    {"department", FIELD_TEXT, .needed = true},
    {"every", FIELD_CHOICE, .needed = true, .choices = "week|month"},
    {"definition", FIELD_TEXT, .needed = true},
    {"scale", FIELD_TEXT, .needed = true, .nullable = true},
    {"window_s", FIELD_NUMBER, .needed = true, .nullable = true},
    {"target", FIELD_NUMBER, .needed = true, .nullable = true},
    {"threshold", FIELD_NUMBER, .needed = true, .nullable = true},
    {"value_each", FIELD_NUMBER, .needed = true, .nullable = true},
    {"n", FIELD_COUNT, .needed = true},
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"low", FIELD_NUMBER, .needed = true, .nullable = true},
    {"high", FIELD_NUMBER, .needed = true, .nullable = true},
    {"under_way", FIELD_COUNT, .needed = true},
    {"latest", FIELD_OBJECT, .needed = true, .nullable = true, .shape = &point},
    {"on_target", FIELD_CHOICE, .needed = true, .nullable = true,
     .choices = "reached|missed|open"},
    {"points", FIELD_OBJECTS, .needed = true, .items = 1000, .shape = &point},
    {"control", FIELD_OBJECT, .needed = true, .fields = control_fields},
    {"sentence", FIELD_TEXT, .needed = true},
    {"problem", FIELD_TEXT, .needed = true, .nullable = true},
    {0},
};
static const struct shape kpi = {"Kpi", kpi_fields, NULL};

static const struct field of_action[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"state", FIELD_CHOICE, .needed = true,
     .choices = "idea|planned|doing|done|verified|dropped"},
    {"owner", FIELD_TEXT, .needed = true},
    {"department", FIELD_TEXT, .needed = true},
    {0},
};
static const struct field of_kpi[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"name", FIELD_TEXT, .needed = true},
    {"unit", FIELD_TEXT, .needed = true},
    {"direction", FIELD_CHOICE, .needed = true, .choices = "up|down"},
    {0},
};
static const struct field side_fields[] = {
    {"n", FIELD_COUNT, .needed = true},
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"low", FIELD_NUMBER, .needed = true, .nullable = true}, /* of this side alone */
    {"high", FIELD_NUMBER, .needed = true, .nullable = true},
    {0},
};
#define COMPARED                                                                         \
    {"before", FIELD_OBJECT, .needed = true, .fields = side_fields},                     \
        {"after", FIELD_OBJECT, .needed = true, .fields = side_fields},                  \
        {"difference", FIELD_NUMBER, .needed = true, .nullable = true},                  \
        {"low", FIELD_NUMBER, .needed = true, .nullable = true},                         \
        {"high", FIELD_NUMBER, .needed = true, .nullable = true},                        \
    {                                                                                    \
        "p", FIELD_NUMBER, .needed = true, .nullable = true                              \
    }
static const struct field group_fields[] = {COMPARED, {0}};
static const struct field one_effect[] = {
    {"kpi", FIELD_TEXT, .needed = true},
    {"kind", FIELD_CHOICE, .needed = true, .choices = KINDS "|typed"},
    COMPARED,
    {"verdict", FIELD_CHOICE, .needed = true, .choices = "too-few|none|better|worse"},
    {"sentence", FIELD_TEXT, .needed = true},
    {"under_way", FIELD_COUNT, .needed = true},
    {"enough", FIELD_COUNT, .needed = true},
    {"warnings", FIELD_TEXTS, .needed = true},
    {"group", FIELD_OBJECT, .fields = group_fields},
    {0},
};
static const struct shape effect = {"Effect", one_effect, NULL};
static const struct field effect_fields[] = {
    {"action", FIELD_OBJECT, .needed = true, .nullable = true, .fields = of_action},
    {"kpi", FIELD_OBJECT, .needed = true, .fields = of_kpi},
    {"since", FIELD_TIME, .needed = true},
    {"expected", FIELD_NUMBER, .needed = true, .nullable = true},
    {"effect", FIELD_OBJECT, .needed = true, .nullable = true, .shape = &effect},
    {"problem", FIELD_TEXT, .needed = true, .nullable = true},
    {0},
};
static const struct shape effect_result = {"EffectResult", effect_fields, NULL};

static const struct field enough_fields[] = {
    {"kpi", FIELD_TEXT, .needed = true},
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"change", FIELD_NUMBER, .needed = true, .nullable = true},
    {"n", FIELD_COUNT, .needed = true},
    {"needed", FIELD_COUNT, .needed = true},
    {"per_month", FIELD_NUMBER, .needed = true, .nullable = true},
    {"months", FIELD_NUMBER, .needed = true, .nullable = true},
    {"sentence", FIELD_TEXT, .needed = true},
    {"problem", FIELD_TEXT, .needed = true, .nullable = true},
    {0},
};
static const struct shape enough = {"Enough", enough_fields, NULL};

static const struct field enough_query[] = {
    {"kpi", FIELD_TEXT, .needed = true, .most = 300},
    {"change", FIELD_NUMBER, .needed = true},
    {0},
};
static const struct field effect_query[] = {
    {"map", FIELD_TEXT, .most = 200},
    {"kpi", FIELD_TEXT, .most = 300},
    {"kind", FIELD_CHOICE, .choices = KINDS},
    {"from", FIELD_TEXT, .most = 500},
    {"to", FIELD_TEXT, .most = 500},
    {"window", FIELD_TEXT, .most = 30},
    {"quantile", FIELD_NUMBER, .needed = false},
    {"better", FIELD_CHOICE, .choices = "up|down"},
    {"changed", FIELD_TEXT, .needed = true, .most = 30},
    {"group", FIELD_TEXT, .most = 2000},
    {0},
};

static const struct field interval_fields[] = {
    {"value", FIELD_NUMBER, .needed = true, .nullable = true},
    {"low", FIELD_NUMBER, .needed = true, .nullable = true},
    {"high", FIELD_NUMBER, .needed = true, .nullable = true},
    {0},
};
static const struct shape interval = {"Interval", interval_fields, NULL};
#define INTERVAL(name)                                                                   \
    {                                                                                    \
        name, FIELD_OBJECT, .needed = true, .shape = &interval                           \
    }
#define MONEY(name)                                                                      \
    {                                                                                    \
        name, FIELD_OBJECT, .needed = true, .nullable = true, .shape = &interval         \
    }
static const struct field whatif_side[] = {
    INTERVAL("arrivals"), INTERVAL("in_the_end"), INTERVAL("median_s"), {0}};
static const struct field whatif_step[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    {"visits", FIELD_COUNT, .needed = true},
    {"gone_on", FIELD_COUNT, .needed = true},
    INTERVAL("loss"),
    {"wait_s", FIELD_NUMBER, .needed = true, .nullable = true},
    {"less_loss", FIELD_NUMBER, .needed = true},
    {"less_wait", FIELD_NUMBER, .needed = true},
    INTERVAL("worth"),
    MONEY("worth_money"),
    {"sooner_s", FIELD_NUMBER, .needed = true, .nullable = true},
    {0},
};
static const struct field whatif_pain[] = {
    {"id", FIELD_TEXT, .needed = true},
    {"text", FIELD_TEXT, .needed = true},
    {"step", FIELD_TEXT, .needed = true},
    {"title", FIELD_TEXT, .needed = true},
    INTERVAL("worth"),
    MONEY("worth_money"),
    {"sooner_s", FIELD_NUMBER, .needed = true, .nullable = true},
    {0},
};
static const struct field whatif_arrival[] = {
    {"id", FIELD_TEXT, .needed = true}, {"title", FIELD_TEXT, .needed = true}, {0}};
static const struct field whatif_fields[] = {
    {"arrival", FIELD_OBJECT, .needed = true, .fields = whatif_arrival},
    {"journeys", FIELD_COUNT, .needed = true},
    {"customers", FIELD_COUNT, .needed = true},
    {"arrived", FIELD_COUNT, .needed = true},
    {"value_each", FIELD_NUMBER, .needed = true, .nullable = true},
    {"horizon_s", FIELD_NUMBER, .needed = true},
    {"rounds", FIELD_COUNT, .needed = true},
    {"mend", FIELD_NUMBER, .needed = true},
    {"now", FIELD_OBJECT, .needed = true, .fields = whatif_side},
    {"then", FIELD_OBJECT, .needed = true, .fields = whatif_side},
    INTERVAL("more"),
    MONEY("more_money"),
    INTERVAL("more_in_the_end"),
    INTERVAL("sooner_s"),
    {"steps", FIELD_OBJECTS, .needed = true, .items = 500, .fields = whatif_step},
    {"pains", FIELD_OBJECTS, .needed = true, .items = 5000, .fields = whatif_pain},
    {"sentence", FIELD_TEXT, .needed = true},
    {0},
};
static const struct shape whatif = {"WhatIf", whatif_fields, NULL};
static const struct field whatif_query[] = {
    {"loss", FIELD_TEXTS, .most = 300, .items = 60},
    {"wait", FIELD_TEXTS, .most = 300, .items = 60},
    {"arrival", FIELD_TEXT, .most = 500},
    {"value", FIELD_NUMBER, .needed = false},
    {0},
};

static const struct field plan_query[] = {{"paper", FIELD_TEXT, .most = 30}, {0}};

#define ASK (ROUTE_FILTER | ROUTE_SLOW)

static const struct route rows[] = {
    {METHOD_GET, "/maps/{id}/kpis", RANK_READER, ASK | ROUTE_LIST, api_map_kpis,
     "What a map watches: each KPI with its series, its limits and its target.",
     .answer = &kpi},
    {METHOD_GET, "/maps/{id}/effects", RANK_READER, ASK | ROUTE_LIST, api_map_effects,
     "What each action that has a KPI and a date achieved.", .answer = &effect_result},
    {METHOD_GET, "/maps/{id}/enough", RANK_READER, ASK, api_map_enough,
     "How many it takes until a change of a KPI shows.", .query = enough_query,
     .answer = &enough},
    {METHOD_GET, "/maps/{id}/whatif", RANK_READER, ASK, api_map_whatif,
     "How many more would arrive, were less lost at a step, or the wait there shorter; "
     "loss and wait are STEP:SHARE, as in offer:0.2.",
     .query = whatif_query, .answer = &whatif},
    {METHOD_GET, "/maps/{id}/plan.pdf", RANK_READER, ASK, api_map_plan,
     "One page for the board: the map in small, findings, actions, results.",
     .query = plan_query, .type = "application/pdf"},
    {METHOD_GET, "/insight/effect", RANK_READER, ASK, api_effect,
     "A KPI before and after a day.", .query = effect_query, .answer = &effect_result},
};
const struct route_table routes_improve = ROUTE_TABLE(rows);
