/* progress: how far a long job is, and whether it should stop. Passed down as a pointer
 * that may be NULL. The job calls progress_step now and then from its own thread; whoever
 * owns the job shows it and may ask it to stop from any thread. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/base.h"

#include <stdatomic.h>

struct progress {
    /* `what` is a translated sentence fragment ("reading crm.csv"); done is 0 … 1. */
    void (*show)(struct progress *progress, const char *what, double done);
    void *ctx;
    atomic_bool stop;
};

/* Show it, if anybody looks. True when the job should stop: clean up, return
 * VG_ERR_CANCELLED. */
static inline bool progress_step(struct progress *progress, const char *what, double done)
{
    if (!progress)
        return false;
    if (progress->show)
        progress->show(progress, what, done);
    return atomic_load_explicit(&progress->stop, memory_order_relaxed);
}

#endif
