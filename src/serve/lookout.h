/* lookout: who is stuck, behind, silent or low on a success path is noticed, and
 * playbooks run, soon after something changed and every hour; calls to other programs are
 * made, and made again, when their time comes. One thread with a store of its own.
 * Threads    lookout_poke: any. */
#ifndef SERVE_LOOKOUT_H
#define SERVE_LOOKOUT_H

#include "base/err.h"

struct serve;

MUST_CHECK enum vg_code lookout_open(struct serve *serve, struct vg_err *err);
/* Something changed: look again, soon. */
void lookout_poke(struct serve *serve);
void lookout_close(struct serve *serve);

#endif
