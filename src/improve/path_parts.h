/* path_parts: what the files of improve/path share. Private to src/improve/path*.c. */
#ifndef IMPROVE_PATH_PARTS_H
#define IMPROVE_PATH_PARTS_H

#include "improve/path.h"

#define DAY_US   (24LL * 3600 * US_PER_S)
#define NEVER_US INT64_MIN

static inline double days_between(int64_t from_us, int64_t to_us)
{
    return (double)(to_us - from_us) / (double)DAY_US;
}
static inline bool earlier(int64_t a_us, int64_t b_us) /* NEVER_US is later than all */
{
    return a_us != NEVER_US && (b_us == NEVER_US || a_us < b_us);
}

/* What an event can be to a path. */
enum thing_kind {
    THING_STEP,
    THING_GATE,
    THING_METRIC,
    THING_PROOF,
    THING_LEFT,
    THING_NO_SIGN
};
struct thing {
    enum thing_kind kind;
    uint32_t index;   /* of the step, phase, metric, or proof in its phase */
    uint32_t phase;   /* of a proof */
    uint32_t channel; /* its class; ANY_CHANNEL */
};
#define ANY_CHANNEL UINT32_MAX
/* Which activities are what: names count without regard to case and accents. */
struct marks {
    uint32_t *class_of;   /* [activities of the log] */
    uint32_t *channel_of; /* [channels of the log] */
    uint32_t *first;      /* [classes + 1] in things */
    struct thing *things;
};
/* Lives in `arena`. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code marks_make(struct arena *arena, const struct vg_log *log,
                                   const struct vg_map *map, struct marks *ret,
                                   struct vg_err *err);
/* The things that the event in this row is: those from *ret_first on, so many of them;
 * each still has to be asked for its channel. */
static inline size_t marks_at(const struct marks *marks, const struct vg_log *log,
                              size_t row, const struct thing **ret_first)
{
    uint32_t class = marks->class_of[log->activity[row]];
    *ret_first = marks->things + marks->first[class];
    return marks->first[class + 1] - marks->first[class];
}
static inline bool thing_holds(const struct thing *thing, const struct marks *marks,
                               const struct vg_log *log, size_t row)
{
    return thing->channel == ANY_CHANNEL ||
           (log->channel && log->channel[row] != LOG_NO_CODE16 &&
            marks->channel_of[log->channel[row]] == thing->channel);
}

/* What is written down by hand stands in the last of them (store/overlay.c). */
enum { VALUE_NAMED, VALUE_USUAL, VALUE_WRITTEN, VALUE_COLUMNS };

/* A path being found. */
struct finding_path {
    struct arena *arena, *scratch;
    const struct path_question *question;
    const struct vg_log *log; /* NULL: no evidence */
    const struct vg_map *map;
    struct marks marks;
    /* [metric_count][VALUE_COLUMNS] where its values stand, the first that has one: the
     * column it names, else the usual ones. NULL: no such column. */
    const struct log_attribute *(*value_of)[VALUE_COLUMNS];
    struct path *path;
    size_t capacity;
    struct vg_err *err;
};
/* One client being found. */
struct leading {
    struct finding_path *finding;
    struct path_client *client;
    const struct path_enrolment *enrolment; /* NULL: found in the evidence */
    int64_t from_us, until_us;              /* whose events are the client's */
    int64_t *signs;                         /* [sign_count] when, upwards */
    size_t sign_count, sign_capacity, history_capacity;
};
/* Walk the client's events, then the gates, in this order. VG_ERR_MEMORY. */
MUST_CHECK enum vg_code path_client_fill(struct leading *leading);
MUST_CHECK enum vg_code path_gates_fill(struct leading *leading);
/* Add to the client's history. */
MUST_CHECK enum vg_code path_happened(struct leading *leading,
                                      struct path_happening what);
/* The step that comes next in a phase: not optional, of the branch already begun.
 * SIZE_MAX: all is done, since *ret_done_us. */
size_t path_next_step(const struct vg_map *map, const struct path_done *steps,
                      size_t phase, int64_t *ret_done_us);

/* Attainment of all, phases, thresholds, states; then reasons; then cohorts. */
MUST_CHECK enum vg_code path_states_fill(struct finding_path *finding);
MUST_CHECK enum vg_code path_reason(struct finding_path *finding,
                                    struct path_client *client);
MUST_CHECK enum vg_code path_cohorts_fill(struct finding_path *finding);

#endif
