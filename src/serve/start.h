/* start: what is done once, at the start: the private folder, the words in the shell. */
#ifndef SERVE_START_H
#define SERVE_START_H

#include "serve/inside.h"

/* The folder of files under way, beside the data file; it is also the lock by which a
 * second server on the same file is refused (VG_ERR_CONFLICT). Leftovers are removed. */
MUST_CHECK enum vg_code start_folder(struct serve *serve, struct vg_err *err);
void start_close_folder(struct serve *serve);
/* Say where it is, with the one-time link while there is no owner; tell systemd; open the
 * browser. */
MUST_CHECK enum vg_code start_say(struct serve *serve, struct vg_err *err);
/* Files readable by their owner only; no core. */
void start_private(void);
/* Once an hour: uploads that nobody imported, sessions that are over. */
void start_sweep(struct serve *serve);

#endif
