/* maps: each one is its operations (map/edit.h), in order, with who and when; snapshots
 * spare replaying them all. Undo, versions, history and live updates are this one thing.
 *
 * Invariant  what maps_read gives back is a valid map, for every version there ever was.
 * Cost       an edit replays at most MAPS_SNAPSHOT_EVERY operations. */
#ifndef STORE_MAPS_H
#define STORE_MAPS_H

#include "map/map.h"
#include "store/store.h"

#define MAPS_SNAPSHOT_EVERY 64

struct stored_map {
    const char *id, *title;
    int64_t head; /* its latest operation: 0 is the map as it came */
    int64_t created_us, updated_us;
};
MUST_CHECK enum vg_code maps_list(struct store *store, struct arena *arena,
                                  struct stored_map **ret, size_t *ret_count,
                                  struct vg_err *err);
/* The bin: those that were deleted, the latest first; updated_us is when. */
MUST_CHECK enum vg_code maps_deleted(struct store *store, struct arena *arena,
                                     struct stored_map **ret, size_t *ret_count,
                                     struct vg_err *err);
/* Out of the bin. VG_ERR_NOT_FOUND when it is not in there. */
MUST_CHECK enum vg_code maps_undelete(struct store *store, const char *id,
                                      struct vg_err *err);
/* One map's row, without its document. */
MUST_CHECK enum vg_code maps_get(struct store *store, struct arena *arena, const char *id,
                                 struct stored_map *ret, struct vg_err *err);
/* The id of the map that is called so, by id or by title. VG_ERR_NOT_FOUND with the
 * nearest as the hint; VG_ERR_CONFLICT when a title belongs to several. */
MUST_CHECK enum vg_code maps_find(struct store *store, struct arena *arena,
                                  const char *name, const char **ret_id,
                                  struct vg_err *err);
/* Keep a map: a new one, or, where its id is known, its next version. *ret_seq (may be
 * NULL) is its head. */
MUST_CHECK enum vg_code maps_keep(struct store *store, const struct vg_map *map,
                                  int64_t *ret_seq, struct vg_err *err);
/* The map as of operation `seq`; −1: as it is. *ret_seq may be NULL. */
MUST_CHECK enum vg_code maps_read(struct store *store, const char *id, int64_t seq,
                                  struct vg_map **ret, int64_t *ret_seq,
                                  struct vg_err *err);
/* Apply and keep one operation; `client` is the sender's own name for it, or NULL: sent
 * twice it counts once. VG_ERR_INPUT: the map would be none any more. VG_ERR_CONFLICT:
 * its target was deleted meanwhile; it is kept in the history, and changes nothing. */
MUST_CHECK enum vg_code maps_edit(struct store *store, const char *id,
                                  const json_t *operation, const char *client,
                                  int64_t *ret_seq, struct vg_err *err);
/* Take operation `seq` back, by a new one. */
MUST_CHECK enum vg_code maps_undo(struct store *store, const char *id, int64_t seq,
                                  int64_t *ret_seq, struct vg_err *err);
/* Make an earlier version the newest, by a new operation. */
MUST_CHECK enum vg_code maps_restore(struct store *store, const char *id, int64_t seq,
                                     int64_t *ret_seq, struct vg_err *err);
/* Give the present version a name. */
MUST_CHECK enum vg_code maps_label(struct store *store, const char *id, const char *label,
                                   struct vg_err *err);
/* Out of the list; its history stays. */
MUST_CHECK enum vg_code maps_delete(struct store *store, const char *id,
                                    struct vg_err *err);

struct stored_change {
    int64_t seq, at_us;
    const char *who, *body; /* the operation as JSON */
    bool late;              /* its target was gone: it changed nothing */
    const char *client;     /* the sender's own name for it, or "" */
};
/* Operations after `after`, at most `most`. */
MUST_CHECK enum vg_code maps_history(struct store *store, struct arena *arena,
                                     const char *id, int64_t after, size_t most,
                                     struct stored_change **ret, size_t *ret_count,
                                     struct vg_err *err);

/* Versions: those with a label, and, where nobody changed anything for half an hour, the
 * last before the pause; the present one is always among them. */
struct stored_version {
    int64_t seq, at_us;
    const char *who, *label; /* label "": none; who "": several */
    uint64_t changes;        /* operations since the version before */
};
/* The latest first. */
MUST_CHECK enum vg_code maps_versions(struct store *store, struct arena *arena,
                                      const char *id, struct stored_version **ret,
                                      size_t *ret_count, struct vg_err *err);

#endif
