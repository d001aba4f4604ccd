/* xes: event logs in XML (IEEE 1849), streamed event by event.
 *
 * Attributes of every type are given as text, as they stand. A nested attribute's key is
 * its parents' keys and its own, joined by points ("cost.total"); the members of lists
 * and containers alike. What <global> declares fills in where an event or trace lacks the
 * attribute, but never a time or a name: those would be made up. */
#ifndef TEXT_XES_H
#define TEXT_XES_H

#include "base/err.h"
#include "base/str.h"

struct xes_attribute {
    const char *key;
    str value;
};
struct xes_event {
    uint64_t line;  /* where <event> stands */
    uint64_t trace; /* 1, 2, 3 …; 0: an event outside all traces */
    const struct xes_attribute *of_trace;
    size_t of_trace_count;
    const struct xes_attribute *of_event;
    size_t of_event_count;
    bool too_long; /* a value beyond LIMIT_FIELD_BYTES was left out */
};
/* A code other than VG_OK stops the reading and is what xes_read returns. */
typedef enum vg_code xes_sink(void *ctx, const struct xes_event *event,
                              struct vg_err *err);

/* VG_ERR_INPUT, with events told until then: not XES, broken or cut off XML. */
MUST_CHECK enum vg_code xes_read(str bytes, const char *name, xes_sink *sink, void *ctx,
                                 struct vg_err *err);

#endif
