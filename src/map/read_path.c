/* What a map says of a success path: metrics, proofs, thresholds, playbooks. */
#include "map/tables.h"

const char *const direction_words[] = {"up", "down", NULL};
static const char *const source_words[] = {"typed", "survey", "evidence", NULL};
static const char *const proof_words[] = {"confirmation", "objective", "document",
                                          "meeting",      "rule",      NULL};
static const char *const when_words[] = {"stuck", "behind", "silent", "low", NULL};
static const char *const playbook_words[] = {"task", "email", "webhook", NULL};

_Static_assert(sizeof(enum proof_kind) == sizeof(int) &&
                   sizeof(enum metric_source) == sizeof(int) &&
                   sizeof(enum playbook_when) == sizeof(int) &&
                   sizeof(enum playbook_kind) == sizeof(int),
               "FIELD_WORD writes an int");

static const struct field metric_fields[] = {
    TEXT(map_metric, id),
    TEXT(map_metric, name),
    TEXT(map_metric, unit),
    {AT(map_metric, baseline, "baseline", FIELD_NUMBER)},
    {AT(map_metric, target, "target", FIELD_NUMBER)},
    {AT(map_metric, reached_by_pct, "reached_by_pct", FIELD_NUMBER), .low = 0,
     .high = 100},
    {AT(map_metric, down_is_good, "direction", FIELD_FLAG), .words = direction_words},
    {AT(map_metric, due_us, "due", FIELD_DATE)},
    {AT(map_metric, weight, "weight", FIELD_NUMBER), .low = 0, .high = 1000, .preset = 1},
    {AT(map_metric, source, "source", FIELD_WORD), .words = source_words},
    MATCHES(map_metric, matches, match_count, "match"),
    TEXT(map_metric, attribute),
    TEXT(map_metric, step),
    TEXT(map_metric, phase)};
const struct shape metric_shape = SHAPE(metric_fields, map_metric, LIMIT_MAP_ITEMS);

static const struct field proof_fields[] = {
    TEXT(map_proof, id),
    {AT(map_proof, kind, "kind", FIELD_WORD), .words = proof_words},
    TEXT(map_proof, text),
    {AT(map_proof, required, "required", FIELD_BOOL), .preset = 1},
    TEXT(map_proof, metric),
    MATCHES(map_proof, matches, match_count, "match"),
    {AT(map_proof, at_least, "at_least", FIELD_WHOLE)}};
const struct shape proof_shape = SHAPE(proof_fields, map_proof, LIMIT_MAP_ITEMS);

static const struct field path_fields[] = {
    {AT(map_path, stuck_days, "stuck_days", FIELD_NUMBER), .low = 0, .high = DAYS_MOST},
    {AT(map_path, behind_days, "behind_days", FIELD_NUMBER), .low = 0, .high = DAYS_MOST},
    {AT(map_path, silent_days, "silent_days", FIELD_NUMBER), .low = 0, .high = DAYS_MOST},
    {AT(map_path, low_feeling, "low_feeling", FIELD_NUMBER), .low = -2, .high = 2},
    MATCHES(map_path, left, left_count, "left"),
    MATCHES(map_path, no_sign, no_sign_count, "no_sign")};
const struct shape path_shape = SHAPE(path_fields, map_path, 0);

static const struct field playbook_fields[] = {
    TEXT(map_playbook, id),
    {AT(map_playbook, when, "when", FIELD_WORD), .words = when_words},
    {AT(map_playbook, kind, "kind", FIELD_WORD), .words = playbook_words},
    TEXT(map_playbook, title),
    TEXT(map_playbook, text),
    TEXT(map_playbook, owner),
    TEXT(map_playbook, url),
    {AT(map_playbook, on, "on", FIELD_BOOL)}};
const struct shape playbook_shape = SHAPE(playbook_fields, map_playbook, LIMIT_MAP_ITEMS);
