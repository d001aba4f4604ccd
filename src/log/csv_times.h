/* csv_times: a column of times → microseconds. What text/time_format reads, and the same
 * answers; the form that most files have (2025-11-12 14:05:33, UTC) is read here, two
 * words at a time, and the date only when it is another one than in the row before. */
#ifndef LOG_CSV_TIMES_H
#define LOG_CSV_TIMES_H

#include "text/time_format.h"

/* For each text whose skip[i] is 0: the time, or bad[i] = 1. */
void csv_times(const struct time_format *format, const str *texts, size_t count,
               const uint8_t *skip, int64_t *ret_us, uint8_t *bad);

#endif
