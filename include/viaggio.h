/* viaggio.h: the one public header of libviaggio.
 *
 * Read evidence into a log, ask it questions, hold it against a journey map, draw the
 * answer (examples/embed/ is a whole program):
 *
 *     const char *files[] = {"clienti.csv"};
 *     vg_log *log = NULL;
 *     vg_result *result = vg_result_new();
 *     struct vg_flow flow;
 *     struct vg_err err = {0};
 *     if (vg_log_read(files, 1, NULL, &log, NULL, &err) == VG_OK &&
 *         vg_mine_flow(log, result, &flow, &err) == VG_OK)
 *         for (size_t i = 0; i < flow.edge_count; i++) …
 *     else
 *         fprintf(stderr, "%s: %s\n", err.where, err.what);
 *     vg_result_free(result);
 *     vg_log_free(log);
 *
 * Text       UTF-8, ends in NUL.
 * Units      times are microseconds since 1970-01-01 UTC; durations are seconds (double);
 *            shares are 0 … 1; valence is −2 … +2. NAN is "not known".
 * Ownership  everything a question answers lives in the vg_result it was given and dies
 * with it. Threads    a log or map may be read by many threads; a vg_result belongs to
 * one. Errors     every call that can fail returns a vg_code and fills *err (which may be
 * NULL); outputs are written only on success. */
#ifndef VIAGGIO_H
#define VIAGGIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VG_API __attribute__((visibility("default")))

/* What the caller does next is what tells one code from another. */
enum vg_code {
    VG_OK,
    VG_ERR_USAGE,     /* call it otherwise: an option or argument makes no sense       */
    VG_ERR_INPUT,     /* mend the file or text: err.where says where                   */
    VG_ERR_LIMIT,     /* it is larger than a limit of base/limits.h                    */
    VG_ERR_NOT_FOUND, /* no such file, step, activity, customer                        */
    VG_ERR_CONFLICT,  /* somebody else changed it meanwhile: read again                */
    VG_ERR_DENIED,    /* not allowed                                                   */
    VG_ERR_IO,        /* the system failed: disk, pipe                                 */
    VG_ERR_MEMORY,    /* memory ran out                                                */
    VG_ERR_CANCELLED, /* the caller asked to stop                                      */
};

struct vg_err {
    enum vg_code code;
    char where[512]; /* "clienti.csv:118:7", "mappa.json: phases[1].steps[0].title", or ""
                      */
    char what[1024]; /* a sentence for the reader */
    char hint[512];  /* what to do about it, or ""  */
};

typedef struct vg_log vg_log;       /* evidence, in columns (src/log/log.h)  */
typedef struct vg_map vg_map;       /* a journey map (src/map/map.h)         */
typedef struct vg_result vg_result; /* where answers live (base/arena.h)     */

/* ---- flow: the directly-follows graph ------------------------------------------------
 */

struct vg_edge {
    const char *from, *to; /* activities */
    uint64_t count;        /* how often `to` came right after `from` in a trace */
    double mean_s, median_s, p95_s, min_s,
        max_s; /* time between; median of an even number
is the mean of the middle two; p95 by linear interpolation (Hyndman–Fan type 7) */
};
struct vg_activity_count {
    const char *activity;
    uint64_t count;
};
struct vg_flow {
    struct vg_edge *edges; /* most frequent first; ties by from, then to */
    size_t edge_count;
    struct vg_activity_count *activities, *starts,
        *ends; /* most frequent first; ties by name */
    size_t activity_count, start_count, end_count;
    uint64_t event_count, trace_count;
    /* From a trace's first event to its last. */
    double duration_mean_s, duration_median_s, duration_p95_s, duration_min_s,
        duration_max_s;
    double events_per_trace_mean;
    uint64_t events_per_trace_max;
};

/* ---- variants -------------------------------------------------------------------------
 */

struct vg_variant {
    uint64_t count;          /* traces with exactly this sequence */
    const char **activities; /* [activity_count] */
    size_t activity_count;
    double duration_median_s;
    const char *example; /* the name of one trace that went this way */
};
struct vg_variants {
    struct vg_variant *variants; /* most frequent first; ties: by activities */
    size_t variant_count;        /* how many are listed here (--top) */
    uint64_t total;              /* how many there are */
    uint64_t trace_count;
};

/* ---- funnel ---------------------------------------------------------------------------
 */

struct vg_funnel_options {
    bool strict;     /* nothing else between one step and the next */
    double window_s; /* all steps within this time of the first; 0: no window */
};
struct vg_funnel_step {
    const char *activity; /* the activity, or the title of the map's step */
    const char *id;       /* the activity, or the id of the map's step */
    bool optional;    /* holds nobody up: optional in the map, or not seen in the log. Its
   people are told of at the step before; here moved_on = reached, lost = travelling = 0 */
    bool unseen;      /* no event of the log is at it: nothing can be said */
    uint64_t reached; /* = moved_on + lost + travelling */
    uint64_t moved_on, lost, travelling; /* at the last step all who arrive have moved on
                                          */
    uint64_t elsewhere; /* of those who moved on: past the next step, or in another order
                           than the map's; 0 for a funnel of activities */
    double lost_share, lost_low, lost_high; /* lost / reached, Wilson 95 % interval */
    double median_s, p95_s; /* from this step to the next, of those who moved on */
    double patience_s; /* waited longer than this: lost; NAN: not known, none is lost */
    const char *patience_basis; /* what it rests on: "step" (its own 95th percentile),
"funnel" (all its steps together), "log" (any two events), "none" */
};
struct vg_funnel {
    struct vg_funnel_step *steps;
    size_t step_count;
    uint64_t trace_count;
    uint64_t arrived; /* traces that went all the way */
    uint64_t ended;   /* traces seen at the last step, by whatever way; over a map not
                         fewer than arrived, for a funnel of activities the same */
    int64_t seen_until_us; /* the log's last event: where watching ended */
};

/* ---- survival: lost or still travelling (Kaplan–Meier)
 * --------------------------------- */

struct vg_survival_point {
    double t_s; /* time since the first step */
    uint64_t at_risk, happened,
        censored;     /* just before t; at t; since the point before */
    double waiting;   /* S(t): share not yet there */
    double low, high; /* 95 % interval of S(t), log-log (Kalbfleisch–Prentice) */
};
struct vg_survival {
    const char *from, *to;
    struct vg_survival_point
        *points; /* one per distinct time at which somebody arrived */
    size_t point_count;
    uint64_t n, happened, censored;
    double median_s, median_low_s, median_high_s; /* NAN: not reached */
};

/* ---- alignment: the log held against the map
 * ------------------------------------------- */

/* Traces with the same activities, where the map cannot tell them apart. If it matches an
 * activity on some channels only, the same activities may stand here more than once. */
struct vg_align_variant {
    uint64_t count;
    double cost,
        fitness; /* fitness = 1 − cost / (length + shortest way through the map) */
    const char **activities;
    size_t activity_count;
};
struct vg_align_step {
    const char *id, *title;
    uint64_t seen;           /* traces in which the step was met on the map's way */
    uint64_t skipped;        /* traces that had to have it and had not, anywhere */
    uint64_t repeated;       /* traces in which it came again */
    uint64_t out_of_order;   /* traces in which it came where the map has no way to it */
    uint64_t events;         /* events that match the step, on the way or not */
    const char **activities; /* the activities in the log that match it */
    size_t activity_count;
    uint64_t passed_over; /* of those skipped, traces that met a later step */
};
struct vg_shortcut {
    const char *from, *to; /* ids of the map's steps it was taken between; "" start, or
                              end; `to` is where most of them came back to the map */
    const char *from_title, *to_title;
    const char *activity; /* what customers did instead */
    const char *actor;    /* with whom most often, or NULL */
    uint64_t actor_count;
    const char *channel;                 /* on which channel most often, or NULL */
    uint64_t traces;                     /* how many traces took it */
    uint64_t passing;                    /* traces that were at `from` at all */
    double share, share_low, share_high; /* traces / passing, Wilson 95 % */
    double median_s;   /* from `from`'s event to the shortcut's, median */
    uint64_t to_count; /* how many came back to the map at `to` */
    /* What the map knows and the shortcut takes the place of, "" where nothing is found:
     * an activity that comes right after the same activity `after`, and is followed by
     * much the same. Counted in events, since a customer may stand there more than once:
     * instead_share = taken / (taken + instead_events), Wilson 95 %. */
    const char *instead_of, *instead_step,
        *instead_title;      /* activity; step's id, title */
    const char *after;       /* both come right after this activity */
    uint64_t taken;          /* events: the shortcut right after `after` */
    uint64_t instead_events; /* events: the known activity right after `after` */
    double instead_share, instead_low, instead_high;
    const char *then;              /* what most often follows both right away, or "" */
    double then_s, instead_then_s; /* and after how long, median: from either */
};
/* Straight from one step to another, past steps that the map says must be met. */
struct vg_jump {
    const char *from, *to; /* ids; "" start */
    const char *from_title, *to_title;
    const char *over_title; /* the first step passed over */
    size_t over_count;      /* how many are */
    uint64_t traces, passing;
    double share, share_low, share_high; /* traces / passing, Wilson 95 % */
    const char *over;                    /* id of the first step passed over */
};
struct vg_align {
    double fitness_mean;                 /* over traces; NaN: none */
    uint64_t trace_count, fitting_count; /* fitting: cost 0 */
    size_t shortest;                     /* steps on the shortest way through the map */
    struct vg_align_variant *variants;   /* most frequent first: at most 10,000 */
    size_t variant_count;
    struct vg_align_step *steps; /* in the order of the map */
    size_t step_count;
    /* At most 100: first those that stand instead of something known, then the others;
     * most traces first. */
    struct vg_shortcut *shortcuts;
    size_t shortcut_count;
    const char **unknown; /* activities that match no step, most frequent first */
    uint64_t *unknown_events;
    size_t unknown_count;
    uint64_t variant_total; /* how many kinds of traces there are */
    struct vg_jump *jumps;  /* most traces first: at most 100 */
    size_t jump_count;
};

/* ---- emotion from evidence
 * -------------------------------------------------------------- */

struct vg_step_emotion {
    const char *id, *title;
    uint64_t n;             /* scores found at this step */
    double mean, low, high; /* valence, 95 % (Student's t); NAN when n is 0; low and high
                               NAN when n is 1 */
    double believed;        /* what the workshop said, or NAN */
    double gap;             /* mean − believed, or NAN */
    const char *quotes[3];  /* what some of them wrote, or NULL: the worst first */
};
struct vg_emotions {
    struct vg_step_emotion *steps; /* in the order of the map */
    size_t step_count;
    uint64_t n;
};

/* ---- the library ----------------------------------------------------------------------
 */

VG_API const char *vg_version(void); /* "0.1.0" */
/* The language of messages, drafts and pictures made by this thread: "it", "en". False,
 * and nothing changes, for any other. English until it is called. */
VG_API bool vg_set_language(const char *lang);
/* "ok", "usage", "input" …: the code's stable name. */
VG_API const char *vg_code_name(enum vg_code code);

/* Where answers live. NULL when memory is used up. */
VG_API vg_result *vg_result_new(void);
VG_API void vg_result_free(vg_result *result); /* NULL is fine */

/* ---- evidence -------------------------------------------------------------------------
 */

/* All zero or NULL: guess everything, times without a zone are UTC, a journey is all of a
 * customer's events. Columns are headers (any case, accents ignored) or "#3". */
struct vg_read_options {
    const char *customer, *activity, *time, *channel, *touchpoint, *actor, *text, *score;
    const char *journey;       /* the column that names the journey instead */
    const char *activity_name; /* every row is this: for files without such a column */
    const char *zone;          /* "Europe/Rome" */
    const char *sheet;         /* of an XLSX */
    const char *encoding;      /* "utf-8", "windows-1252", "utf-16" */
    char delimiter;
    char date_order;     /* 'd' 31/12, 'm' 12/31 */
    double pause_s;      /* a new journey begins after a pause longer than this */
    const char *rejects; /* write the rows that could not be used to this CSV file */
};
/* rows = stored + rejected, always. */
struct vg_read_counts {
    uint64_t rows, stored, rejected;
};
/* CSV, XLSX, XES (also .gz), JSON lines, in any mixture, into one log. "-" is standard
 * input. options and ret_counts may be NULL. */
VG_API enum vg_code vg_log_read(const char *const *files, size_t file_count,
                                const struct vg_read_options *options, vg_log **ret,
                                struct vg_read_counts *ret_counts, struct vg_err *err);
VG_API void vg_log_free(vg_log *log); /* NULL is fine */

struct vg_log_counts {
    uint64_t events, traces, activities;
    int64_t first_us, last_us; /* of an empty log: 0 */
};
VG_API struct vg_log_counts vg_log_count(const vg_log *log);

/* ---- maps -----------------------------------------------------------------------------
 */

/* From a file (JSON, a Mermaid journey or a table) or from a JSON text of `length`
 * bytes. */
VG_API enum vg_code vg_map_read(const char *file, vg_map **ret, struct vg_err *err);
VG_API enum vg_code vg_map_parse(const char *json, size_t length, vg_map **ret,
                                 struct vg_err *err);
/* A proposed map from evidence alone; it says that it is a draft. */
VG_API enum vg_code vg_map_draft(const vg_log *log, vg_map **ret, struct vg_err *err);
/* As JSON: same map, same bytes. The text lives in `result`. */
VG_API enum vg_code vg_map_write(const vg_map *map, vg_result *result,
                                 const char **ret_json, struct vg_err *err);
VG_API void vg_map_free(vg_map *map); /* NULL is fine */

/* ---- questions ------------------------------------------------------------------------
 */

VG_API enum vg_code vg_mine_flow(const vg_log *log, vg_result *result,
                                 struct vg_flow *ret, struct vg_err *err);
/* top 0: all of them. */
VG_API enum vg_code vg_mine_variants(const vg_log *log, size_t top, vg_result *result,
                                     struct vg_variants *ret, struct vg_err *err);
/* Over activities by name; options may be NULL. VG_ERR_NOT_FOUND names the one that the
 * log does not have. */
VG_API enum vg_code vg_mine_funnel(const vg_log *log, const char *const *steps,
                                   size_t step_count,
                                   const struct vg_funnel_options *options,
                                   vg_result *result, struct vg_funnel *ret,
                                   struct vg_err *err);
/* Over the steps of a map. */
VG_API enum vg_code vg_mine_map_funnel(const vg_log *log, const vg_map *map,
                                       const struct vg_funnel_options *options,
                                       vg_result *result, struct vg_funnel *ret,
                                       struct vg_err *err);
VG_API enum vg_code vg_mine_survival(const vg_log *log, const char *from, const char *to,
                                     vg_result *result, struct vg_survival *ret,
                                     struct vg_err *err);
VG_API enum vg_code vg_mine_align(const vg_log *log, const vg_map *map, vg_result *result,
                                  struct vg_align *ret, struct vg_err *err);
VG_API enum vg_code vg_mine_emotions(const vg_log *log, const vg_map *map,
                                     vg_result *result, struct vg_emotions *ret,
                                     struct vg_err *err);

/* ---- pictures -------------------------------------------------------------------------
 */

/* The poster, as SVG with its typeface inside. map or log may be NULL, not both: without
 * a map it is a draft, without a log only what was believed. The text lives in `result`.
 */
VG_API enum vg_code vg_poster_svg(const vg_log *log, const vg_map *map, vg_result *result,
                                  const char **ret_svg, struct vg_err *err);

#ifdef __cplusplus
}
#endif

#endif
