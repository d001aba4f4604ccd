/* log: the event log, in columns, ordered by trace, then time, then order in the files.
 *
 * Shape      trace t's events are rows first[t] … first[t + 1] − 1 of every column.
 *            Columns that the files did not have, or that nobody asked for, are NULL.
 * Units      at_us is microseconds since 1970-01-01 UTC.
 * Ownership  columns and dictionaries belong to the log; log_close frees them.
 * Threads    read-only once made: any number of readers.
 * Cost       at_us 8 bytes, activity 2 (+ 1 where there are at most 256), channel 2,
 * touchpoint 2, actor 4, score 4 + 1, text 4, each attribute 4, per event and only where
 * present; first and trace_name 8 + 4 per trace. */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/progress.h"
#include "log/dict.h"

#define LOG_NO_CODE16 UINT16_MAX /* "no value" in a 16-bit column */
#define LOG_NO_CODE32 UINT32_MAX /* "no value" in a 32-bit column */

/* Which scale a score was given on; each has its own way to valence (mine/emotion). */
enum score_scale {
    SCALE_NONE,
    SCALE_STARS,
    SCALE_NPS,
    SCALE_CSAT,
    SCALE_CES,
    SCALE_VALENCE
};

struct log_attribute {
    const char *name; /* the column's header */
    struct dict values;
    uint32_t *code; /* [events], LOG_NO_CODE32 where empty */
};

struct vg_log {
    size_t events, traces;
    uint64_t *first;      /* [traces + 1] */
    uint32_t *trace_name; /* [traces] code in trace_names: customer, order number … */
    uint32_t *trace_part; /* [traces] 0, 1, 2 … when a pause cut the customer's events; or
                             NULL */
    struct dict trace_names;

    int64_t *at_us;     /* [events] */
    uint16_t *activity; /* [events] */
    struct dict activities;
    uint8_t *activity_byte; /* [events] the same, for those in a hurry: a cache line holds
                               twice as many; or NULL, where not all fit a byte */
    uint16_t *channel;      /* [events] or NULL */
    struct dict channels;
    uint16_t *touchpoint; /* [events] or NULL */
    struct dict touchpoints;
    uint32_t *actor; /* [events] or NULL */
    struct dict actors;
    float *score;   /* [events] or NULL; NAN where empty; as given, on its own scale */
    uint8_t *scale; /* [events] or NULL; enum score_scale */
    uint32_t *text; /* [events] or NULL; code in texts */
    struct dict texts;
    struct log_attribute *attributes;
    size_t attribute_count;

    int64_t first_us, last_us; /* of all events */
    int64_t
        beyond_us; /* so long before last_us ended what all customers were watched in;
                      what came later was written down for a few (progress on paths) */
};

/* Where watching ended for everybody: who is silent after it may yet come. */
static inline int64_t log_watched_us(const struct vg_log *log)
{
    return log->last_us - log->beyond_us;
}

/* Where it ended for one trace: with its own last event, where that is later still. */
static inline int64_t log_trace_watched_us(const struct vg_log *log, size_t trace)
{
    size_t end = log->first[trace + 1];
    int64_t watched_us = log_watched_us(log);
    bool later = end > log->first[trace] && log->at_us[end - 1] > watched_us;
    return later ? log->at_us[end - 1] : watched_us;
}

/* A new, empty log on the heap; NULL when memory is used up. */
struct vg_log *log_new(void) MUST_CHECK;
void log_close(struct vg_log *log); /* NULL is fine */

/* "Mario Rossi", or "Mario Rossi (2)" for the second part. NULL when memory is used up.
 */
const char *log_trace_text(const struct vg_log *log, struct arena *arena,
                           size_t trace) MUST_CHECK;
/* The code of an activity by its exact name; LOG_NO_CODE16 when there is none. */
uint16_t log_activity_find(const struct vg_log *log, str name);

#endif
