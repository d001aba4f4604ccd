/* codec: runs of values ↔ compressed bytes (zstd with its checksum: a flipped bit is
 * found when it is read).
 *
 * Values are little-endian as they lie in memory. Times are differences in the largest
 * unit (minute, second, millisecond, microsecond) that loses nothing, in 32 bits where
 * they fit.
 * Threads  no shared state: any number at once. */
#ifndef STORE_CODEC_H
#define STORE_CODEC_H

#include "base/err.h"

struct packed {
    void *bytes; /* free() */
    size_t len, raw_bytes;
};

/* False when memory is used up. level: zstd's. */
MUST_CHECK bool pack_bytes(const void *raw, size_t len, int level, struct packed *ret);
MUST_CHECK bool pack_times(const int64_t *at_us, size_t count, int level,
                           struct packed *ret);
/* VG_ERR_INPUT: the bytes are damaged, or are not exactly this many values.
 * VG_ERR_MEMORY. */
MUST_CHECK enum vg_code unpack_bytes(const void *bytes, size_t len, void *raw,
                                     size_t raw_bytes);
MUST_CHECK enum vg_code unpack_times(const void *bytes, size_t len, size_t raw_bytes,
                                     int64_t *at_us, size_t count);

#endif
