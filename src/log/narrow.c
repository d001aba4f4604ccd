#include "log/narrow.h"

#include "base/parallel.h"
#include "log/slab.h"

#include <stdlib.h>

enum { TURN = 1 << 20 }; /* events */

void narrow_room(struct vg_log *log, size_t events)
{
    free(log->activity_byte);
    log->activity_byte =
        log->activities.count <= NARROW_ACTIVITIES ? large_make(events) : NULL;
}

void narrow_fill(const struct vg_log *log, size_t from, size_t end)
{
    if (!log->activity_byte)
        return;
    for (size_t row = from; row < end; row++)
        log->activity_byte[row] = (uint8_t)log->activity[row];
}

static void fill_turn(void *ctx, size_t turn, unsigned worker)
{
    const struct vg_log *log = ctx;
    size_t from = turn * TURN;
    (void)worker;
    narrow_fill(log, from, from + TURN < log->events ? from + TURN : log->events);
}

void narrow_make(struct vg_log *log)
{
    narrow_room(log, log->events);
    parallel_for((log->events + TURN - 1) / TURN, fill_turn, log);
}
