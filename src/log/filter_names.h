/* filter_names: a filter with its names turned into the log's codes. Inside of
 * log/filter. */
#ifndef LOG_FILTER_NAMES_H
#define LOG_FILTER_NAMES_H

#include "log/filter.h"

struct where_code {
    const void *codes; /* the column */
    size_t width;      /* of a code: 2 or 4; 0: settled by `customer` below */
    uint32_t code;
    bool not ;
};
struct filter_codes {
    const struct log_filter *filter;
    uint8_t *activity, *channel; /* [codes] 1: keep such events; NULL: any */
    struct where_code *where;    /* [filter->where_count] */
    uint16_t *containing, *missing;
    uint8_t *customer; /* [trace_names] 1: keep; NULL: any */
};

/* Everything lives in `arena`. VG_ERR_NOT_FOUND with the nearest name as the hint. */
MUST_CHECK enum vg_code filter_codes_make(struct arena *arena, const struct vg_log *log,
                                          const struct log_filter *filter,
                                          struct filter_codes *ret, struct vg_err *err);

static inline uint32_t code_in(const void *codes, size_t width, size_t row)
{
    if (width == 4)
        return ((const uint32_t *)codes)[row];
    uint16_t code = ((const uint16_t *)codes)[row];
    return code == LOG_NO_CODE16 ? UINT32_MAX : code;
}

#endif
