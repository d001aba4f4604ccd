/* customers: who is in the evidence, and what each of them lived.
 * A customer here is a trace of a log: with journeys by order number, or cut at pauses,
 * it is one of those. */
#ifndef APP_CUSTOMERS_H
#define APP_CUSTOMERS_H

#include "app/cache.h"
#include "mine/drill_traces.h"
#include "text/json.h"

struct customers_page {
    const char *query; /* part of the name, whatever its capitals and accents; or NULL */
    const char *after; /* where the page before ended, "" at first */
    size_t limit;
    const struct drill_traces *among; /* only these; NULL: all */
};
/* [{name, trace, events, first, last, last_activity, valence, at, waited_s}]; at: the
 * event that `among` is about, or null. *ret_next in `arena`, or NULL; *ret_total: of
 * `among`, or of the log. */
MUST_CHECK enum vg_code customers_list(struct arena *arena, const struct vg_log *log,
                                       const struct customers_page *page, json_t **ret,
                                       const char **ret_next, size_t *ret_total,
                                       struct vg_err *err);
/* {name, aliases, first, last, valence, events: [event and since_previous_s, step,
 * source]}; step is the id of the step of `map` that it is at, or null (also without a
 * map); source the file it came from, null for what was written down on a path.
 * VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code customer_timeline(struct store *store, struct arena *arena,
                                          const struct vg_log *log,
                                          const struct vg_map *map, const char *name,
                                          json_t **ret, struct vg_err *err);
/* The events of one customer as CSV. */
MUST_CHECK enum vg_code customer_csv(struct arena *arena, const struct vg_log *log,
                                     const char *name, struct buf *out,
                                     struct vg_err *err);
/* The trace of this name (as log_trace_text writes it); SIZE_MAX: none. */
size_t customer_find(struct arena *arena, const struct vg_log *log, const char *name);

/* Events in whose text, activity, customer, channel or actor all words of `query` are
 * found, each as event_to_json tells it; *ret_total: all there are. */
MUST_CHECK enum vg_code events_search(struct arena *arena, const struct vg_log *log,
                                      const char *query, const char *after, size_t limit,
                                      json_t **ret, const char **ret_next,
                                      uint64_t *ret_total, struct vg_err *err);

/* {events, customers, first, last, activities, channels, attributes}, the most frequent
 * first; of an attribute at most 50 values. */
MUST_CHECK enum vg_code evidence_summary(struct arena *arena, const struct vg_log *log,
                                         json_t **ret, struct vg_err *err);

#endif
