/* source: the bytes of a file, wherever they come from.
 *
 * A plain file is mapped. Standard input ("-"), pipes and .gz files are unpacked into
 * memory or, beyond SOURCE_MEMORY_BYTES, into an unnamed temporary file that is then
 * mapped: however large, they do not cost memory.
 * A mapped file that somebody else cuts short meanwhile reads as zeros from there on;
 * source_check tells, and whoever has read to the end must ask (text/source_guard.h).
 * Ownership  bytes are valid until source_close.
 * Errors     VG_ERR_NOT_FOUND, VG_ERR_IO, VG_ERR_INPUT (a damaged .gz), VG_ERR_LIMIT
 *            (LIMIT_UNPACKED_BYTES, LIMIT_UNPACK_RATIO). */
#ifndef TEXT_SOURCE_H
#define TEXT_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

#define SOURCE_MEMORY_BYTES (16u * 1024 * 1024)

struct source {
    const char *name; /* the path, or "-"; borrowed */
    str bytes;
    bool unpacked; /* it was a .gz */
    void *mapped;  /* or NULL */
    size_t mapped_len;
    size_t guard1;           /* 1 + its place at source_guard; 0: not guarded */
    uint64_t device, number; /* of a mapped file that has a name; else 0 */
    struct buf memory;
};

/* On failure nothing is left to close. */
MUST_CHECK enum vg_code source_open(const char *path, struct source *ret,
                                    struct vg_err *err);
/* Bytes that are in memory already (borrowed), unpacked when they are a .gz. */
MUST_CHECK enum vg_code source_from_bytes(const char *name, str bytes, struct source *ret,
                                          struct vg_err *err);
/* VG_ERR_IO: the file was cut short, or could not be read, while it was mapped. */
MUST_CHECK enum vg_code source_check(const struct source *source, struct vg_err *err);
void source_close(struct source *source); /* a zeroed source is fine */

#endif
