/* source_guard: mapped files that somebody else cuts short while they are read.
 *
 * The system answers a read beyond the new end with SIGBUS, which ends a program. While a
 * file is guarded that signal puts zeros where the file was and notes it: reading goes
 * on, costs nothing until then, and guard_was_cut tells afterwards. A SIGBUS elsewhere
 * goes to whoever handled it before.
 * Threads  any number read guarded memory; adding and removing is locked. */
#ifndef TEXT_SOURCE_GUARD_H
#define TEXT_SOURCE_GUARD_H

#include "base/base.h"

/* Begin to guard a mapping; its place, or SIZE_MAX when there are too many or the signal
 * cannot be caught: then it is simply not guarded. */
size_t guard_add(void *mapped, size_t len);
bool guard_was_cut(size_t place); /* SIZE_MAX: false */
/* Before it is unmapped; SIZE_MAX is fine. */
void guard_remove(size_t place);

#endif
