/* filter: the part of a log that a question is about. Every command takes these. */
#ifndef LOG_FILTER_H
#define LOG_FILTER_H

#include "log/log.h"

struct filter_where {
    const char *attribute; /* its name in the log, or "customer", "activity", "channel",
                              "touchpoint", "actor", "text", "score" */
    const char *value;
    bool not ;
    bool calm; /* a `not` of what the log never has holds for all: no error */
};
struct log_filter {
    int64_t from_us, until_us;   /* from ≤ time < until; INT64_MIN / INT64_MAX: open */
    const char *const *channels; /* keep events on any of these */
    size_t channel_count;
    const char *const *activities; /* keep events that are any of these */
    size_t activity_count;
    const struct filter_where *where; /* keep events for which all of these hold */
    size_t where_count;
    const struct filter_where *customers_where; /* keep all events of those who have one
                                                   event with the value; `not`: none */
    size_t customers_where_count;
    const char *const
        *containing; /* keep journeys that contain all of these activities */
    size_t containing_count;
    const char *const *missing; /* keep journeys that contain none of these */
    size_t missing_count;
    double longer_than_s,
        shorter_than_s; /* keep journeys by first to last event; NAN: any */
    int64_t started_from_us, started_until_us; /* keep journeys whose first event left is
                                                  in here: from ≤ time < until */
    const char *const *customers;              /* keep these journeys, by name */
    size_t customer_count;
};
#define LOG_FILTER_ALL                                                                   \
    ((struct log_filter){.from_us = INT64_MIN,                                           \
                         .until_us = INT64_MAX,                                          \
                         .started_from_us = INT64_MIN,                                   \
                         .started_until_us = INT64_MAX,                                  \
                         .longer_than_s = __builtin_nan(""),                             \
                         .shorter_than_s = __builtin_nan("")})

/* A new log with what is left. Customer filters look at the whole log; then
 * event filters, then journey filters. last_us stays
 * that of the whole log (or `until`, if that is earlier), so that who travels is still
 * told from who is lost. VG_ERR_NOT_FOUND: an activity, channel, attribute or customer
 * that the log does not have, with the nearest name as the hint. The log may become
 * empty: that is no error. */
MUST_CHECK enum vg_code log_filter(const struct vg_log *log,
                                   const struct log_filter *filter, struct vg_log **ret,
                                   struct vg_err *err);
/* Cut journeys where nothing happened for longer than pause_s. */
MUST_CHECK enum vg_code log_cut_pauses(const struct vg_log *log, double pause_s,
                                       struct vg_log **ret, struct vg_err *err);

#endif
