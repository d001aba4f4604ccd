/* evidence: imports into the data file, and the log that comes out of it.
 *
 * Invariant  the log is the same whatever the order of the imports: traces by name,
 * events by time, ties by the source's name, then import, then order in the file. Cost an
 * import costs what it brings; a load reads the image (all imports joined and sorted,
 * made at the first load) and joins what came since. */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "log/log.h"
#include "store/store.h"

/* What one file brings. The log has every column of it, unfiltered. */
struct store_import {
    const char *source; /* the file's name, without its folder */
    uint64_t row_count, rejected;
    const char *report; /* how it was understood, JSON, without any of its rows */
    str rejects;        /* rows that were left out, CSV; kept when not too many */
};
#define LIMIT_REJECTS_BYTES (4 * 1024 * 1024)

struct store_imported {
    int64_t id;
    uint64_t added, known; /* known: they were in the file already */
    uint64_t customers;    /* in what was read; told by workspace_import */
};
/* One transaction. An event is known when the file holds one with the same customer,
 * time, activity and all other fields; of n equal ones in a file, those beyond the number
 * that is stored are new. Uses up the log's rows: the caller still closes it. */
MUST_CHECK enum vg_code store_import(struct store *store, struct vg_log *log,
                                     const struct store_import *import,
                                     struct store_imported *ret, struct vg_err *err);

struct store_source {
    const char *name, *report;                 /* of its latest import */
    int64_t last_import_us, first_us, last_us; /* of its events; 0 when it has none */
    uint64_t imports, rows, rejected, events;  /* imports 0: what was written down on
                                                  success paths */
};
MUST_CHECK enum vg_code store_sources(struct store *store, struct arena *arena,
                                      struct store_source **ret, size_t *ret_count,
                                      struct vg_err *err);

/* Every import there is, the latest first. */
struct store_import_row {
    int64_t id, at_us, first_us, last_us; /* of its own events; 0 when it has none */
    const char *source, *who, *report;
    uint64_t row_count, rejected, added, known, events; /* events: what it holds now */
    uint64_t rejects; /* rows that import_rejects gives back */
};
MUST_CHECK enum vg_code store_imports(struct store *store, struct arena *arena,
                                      struct store_import_row **ret, size_t *ret_count,
                                      struct vg_err *err);

/* Which source each event of a trace of store_log's log (of everything, with all columns)
 * is from, [events of the trace] in the arena: NULL for what was written down on success
 * paths. `names` are all the names of the customer. Costs what lies at the same times. */
MUST_CHECK enum vg_code store_origins(struct store *store, struct arena *arena,
                                      const struct vg_log *log, size_t trace,
                                      const char *const *names, size_t name_count,
                                      const char ***ret, struct vg_err *err);

/* The rows that an import left out, CSV in the arena. VG_ERR_NOT_FOUND when there are
 * none, or there were too many to keep. */
MUST_CHECK enum vg_code import_rejects(struct store *store, struct arena *arena,
                                       int64_t id, str *ret, struct vg_err *err);

struct store_taken_back {
    uint64_t events;  /* that are gone */
    uint64_t kept;    /* that later imports brought, too: they are theirs now */
    uint64_t imports; /* how many imports those are */
};
/* Take an import back, in one transaction. What remains is what there would be had it
 * never been: events that a later file brought, too (they were known then), become that
 * import's. Of events of one customer at the very same time, those that change hands come
 * first, in the order they had; all else is as a new import of the others would give it.
 * VG_ERR_NOT_FOUND; VG_ERR_CONFLICT when a later import was made by a version of Viaggio
 * that did not keep what it knew: take that one back first. */
MUST_CHECK enum vg_code store_import_undo(struct store *store, int64_t id,
                                          struct store_taken_back *ret,
                                          struct vg_err *err);

struct store_wants {
    bool all_attributes;
    const char *const *attributes; /* [attribute_count] those that are needed */
    size_t attribute_count;
};
/* Everything, aliases joined. An empty log when there is no evidence. */
MUST_CHECK enum vg_code store_log(struct store *store, const struct store_wants *wants,
                                  struct vg_log **ret, struct vg_err *err);

/* ---- one person, several names ---- */

/* Join them: from now on they are one customer, called `main`. VG_ERR_CONFLICT when they
 * are one already. */
MUST_CHECK enum vg_code alias_join(struct store *store, const char *main,
                                   const char *other, struct vg_err *err);
/* Take back every joining that names `name`. VG_ERR_NOT_FOUND when there is none. */
MUST_CHECK enum vg_code alias_undo(struct store *store, const char *name,
                                   struct vg_err *err);
struct alias_row {
    const char *main, *other, *who;
    int64_t at_us;
};
MUST_CHECK enum vg_code alias_list(struct store *store, struct arena *arena,
                                   struct alias_row **ret, size_t *ret_count,
                                   struct vg_err *err);
/* All names of the person who is called `name`, the main one first; `name` alone when
 * nothing was joined. */
MUST_CHECK enum vg_code alias_names(struct store *store, struct arena *arena,
                                    const char *name, const char ***ret,
                                    size_t *ret_count, struct vg_err *err);

/* ---- forgetting ---- */

struct store_erased {
    uint64_t events, imports; /* imports that held some of them */
    uint64_t rejects;         /* imports whose rows left out named the person */
    uint64_t paths;           /* on which the person was led */
    const char **mentions;    /* where a name still stands in what people wrote */
    size_t mention_count;
};
/* Take the person (by any of the names) out of everything that was imported: blocks
 * written anew, identities, image, aliases; freed space overwritten, the write-ahead log
 * emptied. VG_ERR_NOT_FOUND when nobody has that name. VG_ERR_CONFLICT while another
 * program reads, since the write-ahead log cannot be emptied then: what was asked is
 * done, and must be asked again to be complete. */
MUST_CHECK enum vg_code store_erase(struct store *store, struct arena *arena,
                                    const char *name, struct store_erased *ret,
                                    struct vg_err *err);

#endif
