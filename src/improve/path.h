/* path: clients led along a success path: where each one is, how far, in what state and
 * why; what the path usually takes; and how each month's clients fared.
 *
 * Progress is evidence: an activity done, a reading of a metric, a milestone passed, a
 * feeling are events of the client in the log. What nobody's file says (who is enrolled,
 * who has left, a milestone passed by hand with its reason, a confirmed proof) comes in
 * as enrolments.
 *
 * Definitions (docs/method.md, "Success paths"):
 *   client       one enrolment; of the log's events those from the day of it until it was
 *                left. With found_too, or without any enrolment: also whoever has an
 *                event at a step, milestone or metric, from the first such event.
 *   gate         a phase's milestone. Passed at the earliest of: an event that matches it
 *                (phase.match, else the milestone's words); passed by hand; all required
 *                proofs held, once the gate before it is behind. Whoever passed a later
 *                one is past this one too, and it counts as skipped, not as passed.
 *   in a phase   the one behind the last gate that is passed, since that was passed.
 *   attainment   Σ weight · clamp((now − base)/(target − base), 0, 1) ∕ Σ weight, over
 * the metrics that are measured for clients at all. base: the enrolment's, else the first
 * reading of the first 14 days, else the map's. usual time   of a phase, of those who
 * passed its gate: median and 90th percentile. thresholds   from the path's own history
 * once 10 clients passed the phase, set by hand before: behind after the median, stuck
 * after the 90th percentile, never within a day; else path.behind_days and
 * path.stuck_days, else phase.days and twice that; silent after the 90th percentile of
 * the longest silences of those who passed a gate, else path.silent_days, else 14 days.
 * state        the first that holds: arrived, left, silent, stuck, behind, on the way.
 * low          the last feeling is path.low_feeling (−1) or worse. The order of events of
 * the same moment, and of lines in a file, changes nothing.
 *
 * Shape      gates are numbered as the map's phases, objectives as its metrics, steps and
 *            proofs as in the map.
 * Units      days are of 24 hours; NAN and INT64_MIN: not known, not said, not yet.
 * Ownership  everything lives in the arena; texts of map, log and enrolments are
 *            borrowed: those must live as long.
 * Cost       linear in the log's events and in clients × (steps + proofs + metrics). */
#ifndef IMPROVE_PATH_H
#define IMPROVE_PATH_H

#include "mine/mine.h"
#include "text/json.h"

#define PATH_CLIENTS_MAX  20000
#define PATH_HISTORY_FEW  10 /* as many who passed make a history */
#define PATH_START_DAYS   14 /* a reading this early says where the client started */
#define PATH_SILENT_DAYS  14
#define PATH_DAYS_LEAST   1 /* history makes nobody late, or silent, within a day */
#define PATH_LOW_FEELING  (-1.0)
#define PATH_DAY_NOT_SAID INT64_MIN

/* ---- what comes in ---- */

struct path_start { /* of one metric, for one client */
    const char *metric;
    double baseline, target; /* NAN: the map's */
    int64_t due_us;          /* INT64_MIN: the map's */
};
struct path_hand { /* a milestone passed by hand */
    const char *phase;
    int64_t at_us;
    const char *who, *why;
};
struct path_confirmation { /* a proof that was given; one that is an objective cannot be
                            */
    const char *proof;
    int64_t at_us;
    const char *who, *text;
};
struct path_enrolment {
    const char *id; /* what the store calls it; "" */
    const char *customer;
    int64_t at_us;
    const char *start; /* where this client starts from, in words; "" : as the map says */
    const struct path_start *starts;
    size_t start_count;
    int64_t left_us; /* INT64_MIN: has not left */
    const char *left_why;
    const struct path_hand *hands;
    size_t hand_count;
    const struct path_confirmation *confirmations;
    size_t confirmation_count;
};
struct path_question {
    const struct vg_log *log; /* journeys by customer; NULL: no evidence yet */
    const struct vg_map *map; /* of any kind: a journey has gates, too, if it names any */
    const struct path_enrolment *enrolments;
    size_t enrolment_count;
    bool found_too; /* besides the enrolments, whom the evidence shows on the path */
    const struct vg_log *found_in; /* found only among its journeys; NULL: the log's */
    int64_t today_us;              /* what is later has not happened */
};

/* ---- what comes out ---- */

enum path_state {
    PATH_ON_THE_WAY,
    PATH_BEHIND,
    PATH_STUCK,
    PATH_SILENT,
    PATH_ARRIVED,
    PATH_LEFT,
    PATH_STATES
};
enum path_how {             /* how a gate was passed */
                GATE_AHEAD, /* not yet */
                GATE_BY_EVENT,
                GATE_BY_HAND,
                GATE_BY_PROOFS,
                GATE_SKIPPED /* a later one was passed, and this one nobody saw */
};
enum path_from { FROM_NOTHING, FROM_HAND, FROM_HISTORY };

struct path_proof {
    int64_t held_us; /* INT64_MIN: open */
    uint64_t count;  /* matching events, or readings at the target, until today */
};
struct path_gate {
    enum path_how how;
    int64_t passed_us;       /* INT64_MIN: not passed, or skipped */
    int64_t behind_us;       /* when it, or a later one, was passed; INT64_MIN */
    int64_t entered_us;      /* into the phase; INT64_MIN: not yet, or skipped */
    double days;             /* in the phase, until it was passed, left, or today */
    const char *who, *why;   /* by hand: not for the client's eyes; "" */
    struct path_proof *held; /* [phase.proof_count] */
};
struct path_done { /* a step */
    uint64_t count;
    int64_t first_us, last_us; /* INT64_MIN: never */
};
struct path_reading {
    int64_t at_us;
    double value;
};
struct path_objective {                     /* a metric */
    double baseline, target, now, attained; /* attained 0 … 1; NAN: not measured */
    int64_t due_us, reached_us;             /* reached: the first reading at the target */
    struct path_reading *readings;          /* by time */
    size_t reading_count;
};
struct path_feeling {
    int64_t at_us;
    double valence; /* −2 … +2 */
    const char *text;
};
enum path_kind { /* of what happened */
                 HAPPENED_STARTED,
                 HAPPENED_DONE,      /* index: step */
                 HAPPENED_READING,   /* index: metric */
                 HAPPENED_MILESTONE, /* index: phase */
                 HAPPENED_FEELING,
                 HAPPENED_PROOF, /* index: proof of phase `phase` */
                 HAPPENED_SIGN,  /* anything else the client did or said */
                 HAPPENED_NOTE,  /* what others wrote down about the client (path.no_sign)
                                  */
                 HAPPENED_LEFT,
                 HAPPENED_KINDS
};
struct path_happening {
    int64_t at_us;
    enum path_kind kind;
    size_t index, phase;
    size_t row;       /* of the log; SIZE_MAX: from the enrolment */
    const char *what; /* the step's title, the metric's name, the activity … */
    const char *text; /* what was written; "" */
    double value;     /* of a reading or a feeling; else NAN */
};
struct path_client {
    const char *customer, *enrolment; /* enrolment "": found in the evidence */
    const char *start;
    size_t trace; /* of the log; SIZE_MAX: no event yet */
    int64_t at_us;
    size_t phase;     /* where the client is; phase_count: arrived */
    size_t next_step; /* SIZE_MAX: the milestone itself, or nothing */
    size_t passed;    /* gates, skipped ones not counted */
    double attainment;
    double days, expected_days; /* since the start; what the whole path is given */
    double phase_days;          /* in the phase; NAN once arrived */
    enum path_state state;
    int64_t since_us;    /* from when the state holds */
    int64_t crossing_us; /* with the state, the name of one crossing: it stays the same
                            for as long as the client does not move */
    const char *reason;  /* a sentence, in the thread's language */
    int64_t sign_us;     /* the last sign of the client; INT64_MIN: none ever */
    const char *sign;    /* its activity; "" */
    double silence_days; /* the longest silence until the last gate passed; NAN */
    int64_t arrived_us, left_us;
    const char *left_why;
    double feeling; /* the last; NAN: never said */
    bool low;
    int64_t low_us; /* when that was said: the name of its crossing */
    struct path_gate *gates;
    struct path_done *steps;
    struct path_objective *objectives;
    struct path_feeling *feelings; /* by time */
    size_t feeling_count;
    struct path_happening *history; /* by time */
    size_t history_count;
};

struct path_threshold {
    double behind_days, stuck_days; /* NAN: nobody can be */
    enum path_from from;
};
struct path_phase {
    uint64_t entered, passed, left; /* clients; left: in this phase */
    uint64_t here[PATH_STATES];     /* who is in it now, by state */
    uint64_t n;                     /* of those who passed, how many times are known */
    double median_days, p90_days;   /* NAN: n is 0 */
    struct path_threshold threshold;
};
struct path_cohort_phase {
    uint64_t n;                   /* of those who passed, how many times are known */
    double median_days, p90_days; /* NAN: n is 0 */
    uint64_t stopped;             /* in it, and stuck, silent or gone */
};
/* How the clients enrolled in one month fared. */
struct path_cohort {
    const char *month;         /* "2026-01"; "" all */
    uint64_t n, arrived, left; /* the others are under way */
    double arrival_days;       /* median of those who arrived; NAN */
    /* [phase_count] from enrolment to having passed the gate: Kaplan–Meier, clients under
     * way censored today; who has left stays among those not there. Skipped gates count
     * from the day the later one was passed. Where estimates cross, a later gate is held
     * at the one before it. */
    struct vg_survival *survival;
    struct path_cohort_phase *phases; /* [phase_count] */
};
struct path {
    const struct vg_map *map;
    int64_t today_us;
    struct path_client *clients; /* by name, then enrolment */
    size_t client_count;
    uint64_t states[PATH_STATES];
    uint64_t low;              /* clients under way whose last feeling is low */
    struct path_phase *phases; /* [map->phase_count] */
    double silent_days, low_feeling;
    enum path_from silent_from;
    uint64_t silent_n;           /* silences the history rests on */
    bool *measured;              /* [map->metric_count] for clients at all */
    struct path_cohort *cohorts; /* the first is of all; then by month */
    size_t cohort_count;
};

/* VG_ERR_MEMORY; VG_ERR_LIMIT beyond PATH_CLIENTS_MAX. A map without phases, a log
 * without events are no errors. */
MUST_CHECK enum vg_code path_find(struct arena *arena,
                                  const struct path_question *question, struct path *ret,
                                  struct vg_err *err);
/* The first client of this name, without regard to case and accents; SIZE_MAX. */
size_t path_client_find(const struct path *path, const char *customer);
/* How far along [0, 1] from baseline to target; from a baseline that is as good as the
 * target, 1 while `now` is so, too. NAN where one of them is not known. */
double path_attained(double now, double baseline, double target, bool down_is_good);

const char *path_state_name(enum path_state state); /* "on-the-way", "stuck" … */
const char *path_state_text(enum path_state state); /* in the reader's words */
/* "4 stuck". NULL when memory is used up. */
const char *path_states_text(struct arena *arena, enum path_state state, uint64_t n);
const char *path_how_name(enum path_how how); /* "event", "hand", "proofs" … */

/* docs/schema/path.schema.json. The whole path, each client in short; one client with
 * all there is. NULL when memory is used up. */
json_t *path_to_json(const struct path *path) MUST_CHECK;
json_t *path_client_to_json(const struct path *path, size_t client) MUST_CHECK;
/* What the client may see of it, and nothing else: the way, the next step, milestones,
 * objectives, feelings and steps done; no notes, no reasons, no thresholds, no state. */
json_t *path_client_public(const struct path *path, size_t client) MUST_CHECK;

#endif
