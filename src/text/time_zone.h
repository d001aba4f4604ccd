/* time_zone: what a clock on the wall says → UTC, from the system's zone files.
 *
 * On the two Sundays of daylight saving a wall clock is not a function of time:
 *   an hour that comes twice (autumn)  the first of the two is meant;
 *   an hour that never comes (spring)  the clock is put forward: 02:30 is read as 03:30.
 * Ownership  a zone lives in the arena it was opened in.
 * Threads    read-only once opened: any number of readers.
 * Source     RFC 8536 (TZif) and POSIX.1 (the TZ rule at its end, used for all years
 *            after the last one listed). */
#ifndef TEXT_TIME_ZONE_H
#define TEXT_TIME_ZONE_H

#include "base/arena.h"
#include "base/err.h"

struct time_zone;

/* "Europe/Rome", or a fixed distance from UTC: "+01:00". "UTC" gives NULL, which
 * everybody takes as UTC. VG_ERR_NOT_FOUND: the system has no such zone. */
MUST_CHECK enum vg_code time_zone_open(struct arena *arena, const char *name,
                                       const struct time_zone **ret, struct vg_err *err);
/* The UTC time, in microseconds, at which clocks of the zone (NULL: UTC) show local_us,
 * itself given as if it were UTC. Cost: a binary search. */
int64_t time_zone_to_utc(const struct time_zone *zone, int64_t local_us);

#endif
