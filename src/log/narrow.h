/* narrow: a log's activities once more, a byte each where all their codes fit one, for
 * questions that take as long as reading the columns takes: a cache line holds twice as
 * many. Made by whatever makes a log; without memory for it the log goes without. */
#ifndef LOG_NARROW_H
#define LOG_NARROW_H

#include "log/log.h"

#define NARROW_ACTIVITIES 256

/* Room for `events` of them, not filled; none when there are more activities than that.
 */
void narrow_room(struct vg_log *log, size_t events);
/* Fill rows from … end − 1 from the activities, if there is room for them. */
void narrow_fill(const struct vg_log *log, size_t from, size_t end);
/* Both, for all events of the log, on all cores. */
void narrow_make(struct vg_log *log);

#endif
