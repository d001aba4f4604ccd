/* read_bytes: read evidence that is in memory; what the fuzzers and tests call, and what
 * read_files does for each file after opening it. */
#ifndef LOG_READ_BYTES_H
#define LOG_READ_BYTES_H

#include "log/read.h"

/* As read_files, of one file called `name` whose bytes are given (borrowed). */
MUST_CHECK enum vg_code read_bytes(struct arena *arena, const char *name, str bytes,
                                   const struct read_options *options,
                                   struct vg_log **ret, struct read_report *report,
                                   struct vg_err *err);
/* As read_explain. */
MUST_CHECK enum vg_code explain_bytes(struct arena *arena, const char *name, str bytes,
                                      const struct read_options *options,
                                      struct read_file *ret, struct vg_err *err);

#endif
