/* values: durations and dates as people type them, in the shell and in an address. */
#ifndef APP_VALUES_H
#define APP_VALUES_H

#include "base/base.h"

/* Seconds of "90s", "15m", "4h", "30d", "2w" (and Italian "30g"); false otherwise. */
bool duration_read(const char *text, double *ret_s);
/* The instant at which "2025", "2025-10", "2025-10-31", "31/10/2025", "2025-10-31 14:05"
 * begins, or, with `end`, is over. False when there is no such date. */
bool instant_read(const char *text, bool end, int64_t *ret_us);

#endif
