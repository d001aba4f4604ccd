/* parallel: a loop whose turns run on all cores.
 * Turns are handed out one at a time, so make each worth at least some tens of
 * microseconds. The language of the calling thread is passed on. Turns must not touch
 * each other's data. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include "base/base.h"

/* How many workers parallel_for uses: the cores this process may run on, at most 64, or
 * what parallel_set_workers said. Never 0. */
unsigned parallel_workers(void);
void parallel_set_workers(unsigned workers); /* 0: as many as there are cores */

/* Call turn(ctx, i, worker) for every i in 0 … count-1, worker < parallel_workers().
 * Returns when all are done. Falls back to fewer threads, down to the calling one, when
 * the system gives no more. Turns of one worker never overlap, so per-worker scratch
 * needs no lock. */
void parallel_for(size_t count, void (*turn)(void *ctx, size_t i, unsigned worker),
                  void *ctx);

#endif
