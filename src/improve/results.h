/* results: the KPIs of a map, and what its actions achieved, asked of the evidence.
 *
 * Ownership  everything lives in the arena that is given; map and logs stay the caller's.
 * Errors     what cannot be told of one KPI (its step is gone, its activity was never
 *            seen) is no error: its `problem` says so, in the thread's language. */
#ifndef IMPROVE_RESULTS_H
#define IMPROVE_RESULTS_H

#include "improve/control.h"
#include "improve/effect.h"

/* Where the log of a question comes from: the shell's files, or the server's cache. */
struct results_source {
    /* One journey for each value of the attribute `journey` ("": as they are), of the
     * customers of `group` (NULL: all), or, with `others`, of all but the customers of
     * whom the group has a journey. The log lives as long as the source.
     * VG_ERR_NOT_FOUND, VG_ERR_USAGE: the evidence does not have it. */
    enum vg_code (*find)(void *ctx, const char *journey, const struct map_group *group,
                         bool others, const struct vg_log **ret, struct vg_err *err);
    void *ctx;
};
/* Of whom a KPI is asked: all; those of a comparison group, or those who are in none. */
struct results_part {
    const struct map_group *group; /* NULL: all */
    bool others;
};
struct results_question {
    const struct results_source *source;
    const struct vg_map *map; /* steps are its own; NULL: activities only */
};

/* A KPI made ready for being asked: two steps, `from` and `to`. */
struct kpi_ready {
    const struct map_kpi *asked;
    struct kpi kpi;
    const struct vg_log *log;
    bool is_part; /* of some of the customers, of whom nobody need have been anywhere */
    struct steps steps;
    const char *definition;   /* a sentence: what is counted */
    const char *problem;      /* why it cannot be told; NULL */
    double target, threshold; /* in the value's own unit: shares 0 … 1, seconds */
};
MUST_CHECK enum vg_code results_ready(struct arena *arena,
                                      const struct results_question *question,
                                      const struct map_kpi *asked,
                                      struct results_part part, struct kpi_ready *ret,
                                      struct vg_err *err);

enum target_state { TARGET_NONE, TARGET_REACHED, TARGET_MISSED, TARGET_OPEN };
const char *target_state_name(enum target_state state); /* "reached"; NULL for none */

struct kpi_result {
    struct kpi_ready ready;
    struct kpi_point whole; /* of all the evidence */
    struct kpi_sample seen; /* what the whole is made of; its items are not kept */
    struct kpi_point *points;
    size_t point_count, latest; /* latest: the last that can be told; point_count: none */
    struct control control;
    enum target_state on_target;
    const char *sentence;
};
MUST_CHECK enum vg_code results_kpi(struct arena *arena,
                                    const struct results_question *question,
                                    const struct map_kpi *asked, struct kpi_result *ret,
                                    struct vg_err *err);

struct effect_result {
    const struct map_action *action; /* NULL: asked without one */
    const struct map_kpi *asked;
    int64_t since_us;
    struct effect effect; /* unless there is a problem */
    double expected;      /* difference, in the value's own unit; NAN: not said */
    const char *problem;
};
/* What changed at `since_us` made of a KPI. */
struct effect_asked {
    const struct map_action *action; /* NULL: none */
    const struct map_kpi *kpi;
    int64_t since_us;
    const struct map_group *group; /* NULL: none */
    double expected_change;        /* as in the map; NAN */
};
MUST_CHECK enum vg_code results_effect(struct arena *arena,
                                       const struct results_question *question,
                                       const struct effect_asked *asked,
                                       struct effect_result *ret, struct vg_err *err);

struct results {
    struct kpi_result *kpis; /* the map's, in its order */
    size_t kpi_count;
    struct effect_result
        *effects; /* of each action with a KPI and a date, in its order */
    size_t effect_count;
};
/* All of a map; no KPIs without `kpis`. */
MUST_CHECK enum vg_code results_find(struct arena *arena,
                                     const struct results_question *question, bool kpis,
                                     struct results *ret, struct vg_err *err);

/* How many it takes until a change shows. */
struct enough_result {
    const struct map_kpi *asked;
    double value, change; /* now; in the value's own unit */
    uint64_t n, needed;   /* observed; on each side; 0: cannot be told */
    double per_month;     /* how many are observed in a month; NAN */
    const char *sentence, *problem;
};
/* `change`: percent points of a share (or of a score in points), else percent. */
MUST_CHECK enum vg_code results_enough(struct arena *arena,
                                       const struct results_question *question,
                                       const struct map_kpi *asked, double change,
                                       struct enough_result *ret, struct vg_err *err);

/* The result of an action, or NULL when it has none. */
const struct effect_result *results_of_action(const struct results *results,
                                              const struct map_action *action);
/* In a few words, for a card: "Tempo dei resi: 23 g → 15 g (−10 g a −3,7 g)". NULL when
 * memory is used up. */
const char *effect_in_short(struct arena *arena,
                            const struct effect_result *result) MUST_CHECK;

/* docs/schema/kpi.schema.json and effect.schema.json. NULL when memory is used up. */
json_t *kpi_result_to_json(const struct kpi_result *result) MUST_CHECK;
json_t *effect_result_to_json(const struct effect_result *result) MUST_CHECK;
json_t *enough_result_to_json(const struct enough_result *result) MUST_CHECK;

#endif
