/* store: the data file of a workspace (SQLite), and how it is cared for.
 *
 * Everything a team has is in one file: evidence, maps, people, settings, the audit. What
 * is acknowledged (VG_OK) is on disk. Evidence and maps are facts; the image is derived.
 *
 * Ownership  a store is the caller's: store_close.
 * Threads    one thread per store; any number of stores and processes on one file: they
 *            read at the same time, and write one after the other.
 * Errors     VG_ERR_INPUT: it is damaged, no data file of ours, or of a newer program;
 *            VG_ERR_CONFLICT: somebody else is writing, or changed it first; VG_ERR_IO.
 * Only src/store/ knows SQLite; the other headers are evidence.h, maps.h, records.h,
 * people.h, team.h, audit.h. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/progress.h"

struct store;

/* A new data file; VG_ERR_CONFLICT when there is a file of that name. It is there whole
 * or not at all. */
MUST_CHECK enum vg_code store_create(const char *path, const char *title,
                                     struct vg_err *err);
/* Open, and bring an older file up to date after keeping a copy beside it. */
MUST_CHECK enum vg_code store_open(const char *path, struct store **ret,
                                   struct vg_err *err);
void store_close(struct store *store); /* NULL is fine */
/* Who acts from now on, for imports, operations and the audit. "shell" until it is said.
 */
MUST_CHECK enum vg_code store_set_who(struct store *store, const char *who,
                                      struct vg_err *err);
/* Where it is; lives as long as the store. */
const char *store_path(const struct store *store);
/* The workspace's title, in `arena`. */
MUST_CHECK enum vg_code store_title(struct store *store, struct arena *arena,
                                    const char **ret, struct vg_err *err);

MUST_CHECK enum vg_code store_set_title(struct store *store, const char *title,
                                        struct vg_err *err);
/* The workspace's own name for ever, in `arena`: copies have the same. */
MUST_CHECK enum vg_code store_uid(struct store *store, struct arena *arena,
                                  const char **ret, struct vg_err *err);
/* Another number after every change of what store_log answers or store_sources tells
 * (import, one taken back, alias, erasing): what a cache holds on to. Costs next to
 * nothing. */
MUST_CHECK enum vg_code store_evidence_version(struct store *store, int64_t *ret,
                                               struct vg_err *err);

/* ---- care ---- */

/* A consistent copy, while others read and write. An existing file of that name is
 * replaced only when the copy is whole. */
MUST_CHECK enum vg_code store_backup(struct store *store, const char *path,
                                     struct progress *progress, struct vg_err *err);
/* Put a copy (checked first) in the place of `path`. What was there is kept beside it:
 * its name in ret_kept, "" when there was nothing. VG_ERR_CONFLICT while another program
 * has the file open. */
MUST_CHECK enum vg_code store_restore(const char *copy, const char *path,
                                      char ret_kept[static 4096], struct vg_err *err);

struct store_size {
    const char *what; /* "evidence", "image" … : stable */
    uint64_t rows, bytes;
};
struct store_health {
    const char **faults; /* sentences; none: all is well */
    size_t fault_count, fault_capacity;
    struct store_size *sizes;
    size_t size_count;
    uint64_t file_bytes, free_bytes;
    uint64_t events, imports, maps, audit_rows;
};
/* Look at everything: SQLite's own integrity, references, every block of evidence, every
 * map, the chain of the audit. A fault is no error: it is in *ret. */
MUST_CHECK enum vg_code store_examine(struct store *store, struct arena *arena,
                                      struct store_health *ret, struct vg_err *err);
/* Throw away all that is derived and make it again; give free space back. */
MUST_CHECK enum vg_code store_rebuild(struct store *store, struct vg_err *err);

#endif
