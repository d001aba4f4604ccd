/* The inside of src/store/'s evidence: shared by identity.c, known.c, import.c,
 * join.c, image.c, origins.c, alias.c, erase.c, undo.c. */
#ifndef STORE_EVIDENCE_PARTS_H
#define STORE_EVIDENCE_PARTS_H

#include "store/batch.h"
#include "store/evidence.h"

/* ---- identity: what tells one event from another ---- */

/* A hash of everything each event says, [log->events] (free()). It does not depend on the
 * order of attributes, nor on how their names are spelled. NULL when memory is used up.
 */
uint64_t *identity_hash(struct vg_log *log) MUST_CHECK;
/* That of one event, of a customer who was called so. false: memory. */
bool identity_of(struct arena *arena, struct vg_log *log, size_t row, str customer,
                 uint64_t *ret) MUST_CHECK;
struct known_list;
/* keep[row] = 0 for events that are stored already; which ones those are, `known` says
 * (its import_id stays 0). */
MUST_CHECK enum vg_code identity_mark(struct store *store, const struct vg_log *log,
                                      const uint64_t *hashes, uint8_t *keep,
                                      struct known_list *known, uint64_t *ret_known,
                                      struct vg_err *err);
/* The rows of a log in the order of its identities: by time, then row (free()). NULL when
 * memory is used up. */
uint32_t *identity_order(const struct vg_log *log) MUST_CHECK;
MUST_CHECK enum vg_code identity_write(struct store *store, int64_t batch,
                                       const struct vg_log *log, const uint64_t *hashes,
                                       struct vg_err *err);

/* ---- known: which events of a batch a later import brought, too ----
 *
 * An import marks, for each event it does not add, one stored copy of it: of several
 * equal ones the earliest, by import, then place. So the imports that brought n or more
 * of an event are those that added or marked its n-th copy, and whoever takes an import
 * back may hand each of its copies to the first import that marked it: what remains is
 * what there would be had the import never been (erase.c, undo.c). */

struct known_bits {
    int64_t import_id, batch_id;
    size_t events; /* of the batch */
    uint8_t *bits; /* one per event, in the order of identities */
};
struct known_list {
    struct known_bits *items; /* by import */
    size_t count, capacity;
};
static inline bool known_has(const struct known_bits *known, size_t i)
{
    return known->bits[i / 8] >> (i % 8) & 1;
}
static inline void known_put(struct known_bits *known, size_t i)
{
    known->bits[i / 8] |= (uint8_t)(1u << (i % 8));
}
/* The one of that import and batch, made where there is none; NULL when memory is used
 * up. Valid until the next one is made. */
struct known_bits *known_of(struct known_list *list, int64_t import_id, int64_t batch_id,
                            size_t events) MUST_CHECK;
void known_free(struct known_list *list);
/* Of all imports that marked something in the batch, behind what is in the list. */
MUST_CHECK enum vg_code known_read(struct store *store, int64_t batch_id, size_t events,
                                   struct known_list *list, struct vg_err *err);
MUST_CHECK enum vg_code known_write(struct store *store, const struct known_list *list,
                                    struct vg_err *err);

/* ---- aliases in memory: name → main name, for those that have another ---- */

struct alias_map {
    struct dict names; /* every name that was joined */
    uint32_t *main;    /* [names.count] code of the main name */
};
MUST_CHECK enum vg_code alias_map_read(struct store *store, struct alias_map *ret,
                                       struct vg_err *err);
void alias_map_free(struct alias_map *map);
/* The main name, or `name` itself. */
str alias_main(const struct alias_map *map, str name);

/* ---- join: several logs into one ---- */

struct join_input {
    struct vg_log *log; /* used up */
    uint32_t *origin; /* [events] ids of imports, used up (free()); NULL: all `import` */
    uint32_t import;
};
struct join_ranks {      /* of imports: what decides between events of one time */
    const uint32_t *ids; /* ascending */
    const uint32_t *ranks;
    size_t count;
};
/* Inputs stand in the order in which ties are to be, but for those that have `origin`.
 * On failure the inputs are used up, too. */
MUST_CHECK enum vg_code join_logs(struct join_input *inputs, size_t count,
                                  const struct alias_map *aliases,
                                  const struct join_ranks *ranks, struct vg_log **ret,
                                  uint32_t **ret_origin, struct vg_err *err);

/* UINT32_MAX for an import that is not among them. */
uint32_t rank_of(const struct join_ranks *ranks, uint32_t id);
/* Put `more` into `log`, both from join_logs (aliases, ranks): what comes is what
 * join_logs would give of the two, in time for copying the large one and sorting the
 * small one. origin NULL: of events of one time, those of `more` come last. On failure
 * `log` is good for log_close only. */
MUST_CHECK enum vg_code merge_logs(struct vg_log *log, const uint32_t *origin,
                                   const struct vg_log *more, const uint32_t *more_origin,
                                   const struct join_ranks *ranks, struct vg_err *err);

/* ---- overlay: progress on success paths, as events (overlay.c) ---- */

#define OVERLAY_SOURCE "percorso"
/* Which rows of `progress` are events: what the team writes to or about a client is
 * nothing he did. */
#define OVERLAY_EVENTS "kind <> 'note' AND (by_client OR kind <> 'message')"

/* *ret NULL when there is none; within the caller's moment (db_begin_read). */
MUST_CHECK enum vg_code overlay_read(struct store *store, const struct batch_wants *wants,
                                     struct vg_log **ret, struct vg_err *err);
/* Put it (used up in any case) into the log of everything. */
MUST_CHECK enum vg_code overlay_merge(struct vg_log *more,
                                      const struct alias_map *aliases,
                                      struct vg_log **log, struct vg_err *err);
/* Progress changed: what was answered is void, the image is not. */
MUST_CHECK enum vg_code overlay_changed(struct store *store, struct vg_err *err);
/* What is told of a path changed, and no event: what was answered of the evidence holds.
 */
MUST_CHECK enum vg_code path_changed(struct store *store, struct vg_err *err);

/* Stored evidence or aliases changed: whatever was derived is void. */
MUST_CHECK enum vg_code evidence_changed(struct store *store, struct vg_err *err);
MUST_CHECK enum vg_code image_drop(struct store *store, struct vg_err *err);
/* Write everything into the file itself; nothing is left in the write-ahead log. */
MUST_CHECK enum vg_code store_empty_wal(struct store *store, struct vg_err *err);

#endif
