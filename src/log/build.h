/* build: from events in any order to a log.
 *
 * The plain way in, one event at a time: for XES, XLSX, JSON lines, tests and small
 * files. CSV has a way of its own (log/read.h), parallel, that ends in the same log. */
#ifndef LOG_BUILD_H
#define LOG_BUILD_H

#include "log/log.h"

struct log_event {
    str customer; /* or whatever names the journey; not empty */
    str activity; /* not empty */
    int64_t at_us;
    str channel, touchpoint, actor, text; /* ptr NULL: none */
    double score;                         /* NAN: none */
    enum score_scale scale;
};

struct builder;
/* attribute_names are copied; attribute_count values come with each event. */
MUST_CHECK enum vg_code builder_open(const str *attribute_names, size_t attribute_count,
                                     struct builder **ret, struct vg_err *err);
/* attributes: [attribute_count] or NULL. On failure the builder is unchanged. */
MUST_CHECK enum vg_code builder_add(struct builder *builder,
                                    const struct log_event *event, const str *attributes,
                                    struct vg_err *err);
/* Sort and hand over the log; the builder is used up, also on failure. */
MUST_CHECK enum vg_code builder_finish(struct builder *builder, struct vg_log **ret,
                                       struct vg_err *err);
void builder_close(struct builder *builder); /* without finishing; NULL is fine */

#endif
