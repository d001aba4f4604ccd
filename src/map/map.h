/* map: the journey map, what we believe, or agreed, that the customer lives.
 *
 * The document is JSON (docs/map.schema.json). `struct vg_map` is that document read into
 * plain structs, for everybody who asks it something; `json` is the document itself, with
 * the fields we do not know, and is what gets written. map/edit.h changes the document.
 *
 * Shape      ids are unique within a map and stable; steps are numbered through all
 * phases. Text       "" where the document says nothing: never NULL. Ownership everything
 * lives in the map's arena; map_close frees it. */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include "base/arena.h"
#include "base/err.h"
#include "text/json.h"

enum map_state { MAP_AS_IS, MAP_TO_BE };
enum map_kind { MAP_JOURNEY, MAP_SUCCESS_PATH };
enum map_level { LEVEL_UNKNOWN, LEVEL_OPERATIONAL, LEVEL_RESPONSIBLE };
/* In the order of improve/kpi.h. */
enum map_kpi_kind {
    MAP_KPI_CONVERSION,
    MAP_KPI_TIME,
    MAP_KPI_RATE,
    MAP_KPI_SCORE,
    MAP_KPI_STATE,
    MAP_KPI_TYPED
};
enum action_state {
    ACTION_IDEA,
    ACTION_PLANNED,
    ACTION_DOING,
    ACTION_DONE,
    ACTION_VERIFIED,
    ACTION_DROPPED
};

struct map_texts { /* a list of texts */
    const char **items;
    size_t count;
};
struct map_item { /* a pain or an opportunity */
    const char *id, *text;
};
struct map_feeling {
    const char *emotion; /* a word */
    double valence;      /* −2 … +2; NAN: a gap in the curve, not a zero */
    const char *note;
};
struct map_persona {
    const char *id, *name, *role, *aim, *quote;
    const char *filter; /* whom of the evidence they stand for: a query, "" everybody */
    struct map_texts needs, expectations;
    bool reseller, prospective, light; /* relation, standing, weight */
};
struct map_touchpoint {
    const char *id, *title, *channel, *department;
};
struct map_match {
    const char *activity, *channel; /* channel "": on any */
};
struct map_lane {                         /* one that a team chose to show, hide or add */
    const char *id, *kind, *title, *unit; /* kind: "text", "note", "number", … */
    bool hidden;
};
struct map_step {
    const char *id, *title, *doing, *thinking;
    struct map_feeling feeling;   /* of the protagonist, personas[0] */
    struct map_feeling *feelings; /* [map.persona_count], feelings[0] equals feeling */
    struct map_touchpoint *touchpoints;
    size_t touchpoint_count;
    struct map_texts needs, backstage;
    struct map_item *pains, *opportunities;
    size_t pain_count, opportunity_count;
    struct map_match *matches;
    size_t match_count;
    const char *owner; /* the department that answers for the step */
    bool moment_of_truth, optional, repeatable;
    const char *choice, *branch; /* steps with the same choice are alternatives by branch:
  exactly one branch is walked, its steps in order. branch defaults to the step's id.
  The steps of a choice stand next to each other. "" : no choice */
    size_t phase;                /* index into phases */
    struct map_texts objectives; /* success path: what to reach in this step */
    const char **own; /* [map.lane_count] what the team's own lanes say, as text */
};
enum proof_kind {
    PROOF_CONFIRMATION,
    PROOF_OBJECTIVE, /* a metric at its target */
    PROOF_DOCUMENT,
    PROOF_MEETING,
    PROOF_RULE /* over evidence: matching events, so many */
};
struct map_proof { /* success path: what shows that a milestone is passed */
    const char *id, *text;
    enum proof_kind kind;
    bool required;
    const char *metric; /* id; "" */
    struct map_match *matches;
    size_t match_count;
    int64_t at_least; /* events, or readings at the target; 0: one */
};
struct map_phase {
    const char *id, *title, *aim, *milestone;
    size_t first_step, step_count; /* in map.steps */
    double days;                   /* expected; NAN: not said */
    struct map_match *matches;     /* activities that are the milestone passed */
    size_t match_count;
    struct map_proof *proofs;
    size_t proof_count;
};
enum metric_source { SOURCE_TYPED, SOURCE_SURVEY, SOURCE_EVIDENCE };
struct map_metric {
    const char *id, *name, *unit;
    double baseline, target, reached_by_pct; /* NAN: not said */
    bool down_is_good;
    int64_t due_us; /* INT64_MIN: not said */
    double weight;  /* among the others; 1 where not said, 0: not a client's own */
    enum metric_source source;
    struct map_match *matches; /* activities that are a reading of it */
    size_t match_count;
    const char
        *attribute; /* the column with the value; "": the score, "valore", "value" */
    const char *step, *phase; /* ids: where it belongs; "" */
};
/* When clients on a success path want attention, as set by hand; NAN: not said. */
struct map_path {
    double stuck_days, behind_days, silent_days, low_feeling;
    struct map_match *left; /* activities: the client has left the path */
    size_t left_count;
    struct map_match *no_sign; /* written down by others: no sign of the client */
    size_t no_sign_count;
};
enum playbook_when { WHEN_STUCK, WHEN_BEHIND, WHEN_SILENT, WHEN_LOW };
enum playbook_kind { PLAYBOOK_TASK, PLAYBOOK_EMAIL, PLAYBOOK_WEBHOOK };
struct map_playbook { /* what to do then */
    const char *id, *title, *text, *owner, *url;
    enum playbook_when when;
    enum playbook_kind kind;
    bool on;
};
struct map_reading { /* a number that somebody typed in */
    int64_t on_us;   /* INT64_MIN: not said */
    double value;    /* NAN: not said */
};
/* What is watched: see improve/kpi.h for what each kind means. Steps may be gone from the
 * map by now: whoever asks says so. */
struct map_kpi {
    const char *id, *name, *unit, *owner, *department;
    const char *from, *to;                   /* ids of steps; or "" and */
    const char *from_activity, *to_activity; /* activities of the evidence */
    const char *journey; /* the attribute with one journey for each value; "" */
    enum map_kpi_kind kind;
    double window_days, quantile, target, threshold; /* NAN: not said */
    double value_each; /* what one success is worth, in money; NAN: not said */
    bool down_is_good, weekly;
    struct map_reading *readings;
    size_t reading_count;
};
struct map_group { /* in which nothing was done: what changed there changed anyway */
    const char *persona, *filter, *name; /* id of a persona; a query; what it is called */
};
struct map_action {
    const char *id, *title, *owner, *department, *expected, *result;
    const char *kpi; /* id of what it shall change; "" */
    struct map_group group;
    double expected_change; /* percent points of a share, else percent; NAN: not said */
    double cost, effort, value;    /* money; 1 … 5; 1 … 5, by hand; NAN: not said */
    int64_t since_us;              /* from when the change holds; INT64_MIN: as done_us */
    struct map_texts pains, steps; /* ids */
    enum action_state state;
    int64_t due_us, done_us; /* INT64_MIN: not said */
};
struct map_person {
    const char *name, *department;
    enum map_level level;
};
struct map_session {
    const char *title;
    int64_t at_us;
    struct map_person *people;
    size_t people_count;
    struct map_texts customers; /* who took part from outside */
};
struct vg_map {
    struct arena *arena;
    json_t *json;
    const char *id, *title, *objective, *scope, *start, *arrival, *sponsor, *lang;
    int64_t version;
    bool draft; /* proposed by mine/draft: to be discussed */
    enum map_state state;
    enum map_kind kind;
    bool end_to_end;
    struct map_persona *personas;
    size_t persona_count;
    struct map_lane *lanes; /* as the team ordered them */
    size_t lane_count;
    struct map_phase *phases;
    size_t phase_count;
    struct map_step *steps;
    size_t step_count;
    struct map_metric *metrics;
    size_t metric_count;
    struct map_path path;
    struct map_playbook *playbooks;
    size_t playbook_count;
    struct map_action *actions;
    size_t action_count;
    struct map_kpi *kpis;
    size_t kpi_count;
    struct map_session *sessions;
    size_t session_count;
    int64_t updated_us; /* INT64_MIN: not said */
};

/* Read a document. `name` is the file's, for messages. VG_ERR_INPUT names the JSON path
 * (and the line, when it is not JSON); VG_ERR_LIMIT. */
MUST_CHECK enum vg_code map_read(str text, const char *name, struct vg_map **ret,
                                 struct vg_err *err);
MUST_CHECK enum vg_code map_read_file(const char *path, struct vg_map **ret,
                                      struct vg_err *err);
/* From a document that is at hand; the map keeps a reference of its own to `json`. */
MUST_CHECK enum vg_code map_from_json(json_t *json, const char *name, struct vg_map **ret,
                                      struct vg_err *err);
/* The document as text: same map, same bytes. ERR_MEMORY. */
MUST_CHECK enum vg_code map_write(const struct vg_map *map, struct buf *out,
                                  struct vg_err *err);
void map_close(struct vg_map *map); /* NULL is fine */

/* The step with this id, or NULL. */
const struct map_step *map_step_find(const struct vg_map *map, const char *id);
/* The KPI with this id, or NULL. */
const struct map_kpi *map_kpi_find(const struct vg_map *map, const char *id);
/* From when the change holds: since, else done; INT64_MIN: not said. */
int64_t map_action_since(const struct map_action *action);
const char *action_state_text(enum action_state state); /* in the reader's words */

/* What the events are called that a client or a coach writes down on a success path,
 * beside its steps: in the map's language, so that the same thing has one name in the
 * evidence. */
enum own_word { OWN_FEELING, OWN_MESSAGE, OWN_DOCUMENT, OWN_NOTE, OWN_WORDS };
const char *map_own_word(const struct vg_map *map, enum own_word word);

#endif
