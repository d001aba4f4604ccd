/* paths: the customers whom a team leads along a map: since when, what they did and said
 * on the way, the private links they have.
 *
 * Shape      progress rows but notes are events of the log, too (store_log), called by
 * their `activity`, with the customer's name of the enrolment; what comes of a reading is
 * its attribute "value", of a feeling its score. So every insight sees them, and aliases,
 * export and erasing hold for them. Invariant  all that is somebody's hangs on his
 * enrolment, and goes with it. Only hashes of tokens come in here. */
#ifndef STORE_PATHS_H
#define STORE_PATHS_H

#include "store/people.h"

#define LIMIT_ENROLMENTS       20000 /* of one map */
#define LIMIT_PROGRESS         10000 /* rows of one enrolment */
#define LIMIT_PROGRESS_TEXT    10000 /* bytes */
#define LIMIT_PROOF_FILES      50    /* of one enrolment */
#define LIMIT_PROOF_FILE_BYTES (2 * 1024 * 1024)
#define LIMIT_ENROLMENT_BYTES  (64 * 1024)

/* ---- enrolments ---- */

struct enrolment_row {
    const char *id, *map, *customer, *created_by;
    const char *name;         /* what the evidence calls the customer: the main name */
    const char *body;         /* JSON */
    const char *left_because; /* "" when the customer is still on the way */
    int64_t at_us, left_us;   /* left_us 0: has not left */
    int64_t version, created_us;
};
struct enrolment_new {
    const char *map, *customer, *body; /* body NULL: "{}" */
    int64_t at_us;
    bool another; /* not the one who is written almost so (case, spaces, accents) */
};
/* VG_ERR_CONFLICT: the customer, by any of the names, is on this map already, or somebody
 * is of whose names one is written almost so (then there is a hint). VG_ERR_LIMIT.
 */
MUST_CHECK enum vg_code enrolment_add(struct store *store,
                                      const struct enrolment_new *new,
                                      char ret_id[static STORE_ID_BYTES],
                                      struct vg_err *err);
/* Many, in one transaction; who is there already is passed over, and, by a rule, who was
 * taken off the path: only somebody puts them back. VG_ERR_CONFLICT: somebody's name is
 * written almost so; a rule takes names as they are in the evidence. */
MUST_CHECK enum vg_code enrolment_add_many(struct store *store,
                                           const struct enrolment_new *list, size_t count,
                                           bool by_rule, size_t *ret_added,
                                           struct vg_err *err);
/* Another number after every change of paths that leaves the evidence as it is: who is on
 * them, since when, what is noted. */
MUST_CHECK enum vg_code store_path_version(struct store *store, int64_t *ret,
                                           struct vg_err *err);
/* The main names of those who were taken off a map. */
MUST_CHECK enum vg_code taken_out_list(struct store *store, struct arena *arena,
                                       const char *map, const char ***ret,
                                       size_t *ret_count, struct vg_err *err);
/* Of a map, in the order of enrolling; map NULL: of all maps that are not in the bin. */
MUST_CHECK enum vg_code enrolment_list(struct store *store, struct arena *arena,
                                       const char *map, struct enrolment_row **ret,
                                       size_t *ret_count, struct vg_err *err);
/* Ids of the maps, not in the bin, that somebody is on. */
MUST_CHECK enum vg_code enrolment_maps(struct store *store, struct arena *arena,
                                       const char ***ret, size_t *ret_count,
                                       struct vg_err *err);
/* VG_ERR_NOT_FOUND, also when its map is in the bin. */
MUST_CHECK enum vg_code enrolment_get(struct store *store, struct arena *arena,
                                      const char *id, struct enrolment_row *ret,
                                      struct vg_err *err);
/* The one of a customer (by any name) on a map. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code enrolment_find(struct store *store, struct arena *arena,
                                       const char *map, const char *customer,
                                       struct enrolment_row *ret, struct vg_err *err);
/* Of a customer (all names), also of maps in the bin: for who asks what is kept. */
MUST_CHECK enum vg_code enrolment_of(struct store *store, struct arena *arena,
                                     const char *const *names, size_t name_count,
                                     struct enrolment_row **ret, size_t *ret_count,
                                     struct vg_err *err);
struct enrolment_change {
    const int64_t *at_us;     /* NULL: stays */
    const char *body;         /* NULL: stays */
    const int64_t *left_us;   /* NULL: stays; 0: is back on the way */
    const char *left_because; /* with left_us */
};
/* version: what the caller saw, or −1. VG_ERR_CONFLICT: it is another by now. */
MUST_CHECK enum vg_code enrolment_change(struct store *store, const char *id,
                                         const struct enrolment_change *change,
                                         int64_t version, int64_t *ret_version,
                                         struct vg_err *err);
/* Take a customer off the path, with everything that hangs on it; no rule puts them back.
 */
MUST_CHECK enum vg_code enrolment_delete(struct store *store, const char *id,
                                         struct vg_err *err);
/* As if they had never been enrolled. VG_ERR_CONFLICT: something hangs on it by now. */
MUST_CHECK enum vg_code enrolment_undo(struct store *store, const char *id,
                                       struct vg_err *err);

/* ---- progress ---- */

enum progress_kind {
    PROGRESS_DONE,      /* a step's activity */
    PROGRESS_READING,   /* of a metric */
    PROGRESS_MILESTONE, /* passed by hand; text is why */
    PROGRESS_PROOF,     /* of a milestone */
    PROGRESS_FEELING,   /* value −2 … +2 */
    PROGRESS_MESSAGE,   /* of the client: an event; of the team to him: none, but shown to
                           him */
    PROGRESS_NOTE, /* of the team, about the customer: no event, nothing he did or said,
                      and never shown to him */
    PROGRESS_KINDS
};
const char *progress_kind_name(enum progress_kind kind); /* "done" … */
bool progress_kind_parse(const char *name, enum progress_kind *ret);

struct progress_row {
    int64_t id;
    const char *enrolment, *item, *activity, *text, *who;
    enum progress_kind kind;
    int64_t at_us, created_us;
    double value; /* NAN: none */
    bool by_client;
    const char *file, *file_name; /* a proof's; "" without */
};
struct progress_new {
    const char *enrolment, *item, *activity, *text; /* item, text may be NULL */
    enum progress_kind kind;
    int64_t at_us;
    double value; /* NAN: none */
    bool by_client;
    const char
        *client; /* the sender's own name for it, or NULL: sent twice, it counts once */
    /* a file with it, or bytes NULL */
    const void *bytes;
    size_t len;
    const char *file_name, *file_type;
};
/* VG_ERR_NOT_FOUND: no such enrolment; VG_ERR_LIMIT. *ret_known: it was sent before, and
 * *ret_id is that one; may be NULL. */
MUST_CHECK enum vg_code progress_add(struct store *store, const struct progress_new *new,
                                     int64_t *ret_id, bool *ret_known,
                                     struct vg_err *err);
/* Of one enrolment, in the order of time; enrolment NULL: of all, by enrolment. */
MUST_CHECK enum vg_code progress_list(struct store *store, struct arena *arena,
                                      const char *enrolment, struct progress_row **ret,
                                      size_t *ret_count, struct vg_err *err);
/* Of all enrolments of a map, by enrolment and time. */
MUST_CHECK enum vg_code progress_of_map(struct store *store, struct arena *arena,
                                        const char *map, struct progress_row **ret,
                                        size_t *ret_count, struct vg_err *err);
MUST_CHECK enum vg_code progress_delete(struct store *store, const char *enrolment,
                                        int64_t id, struct vg_err *err);
/* How many the client wrote himself since `since_us`. */
MUST_CHECK enum vg_code progress_by_client(struct store *store, const char *enrolment,
                                           int64_t since_us, int64_t *ret,
                                           struct vg_err *err);

/* "image/png", "image/jpeg", "image/webp", "application/pdf" by the first bytes; NULL:
 * none of them. */
const char *proof_type(const void *bytes, size_t len);
struct proof_file {
    const char *name, *type;
    const void *bytes; /* [len] in the arena */
    size_t len;
};
MUST_CHECK enum vg_code proof_file_get(struct store *store, struct arena *arena,
                                       const char *enrolment, const char *id,
                                       struct proof_file *ret, struct vg_err *err);

/* ---- private links ---- */

struct client_link {
    const char *id, *enrolment, *lang, *created_by;
    int64_t created_us, expires_us, opened, opened_us; /* opened_us 0: never */
};
struct client_link_new {
    str token_hash;
    const char *enrolment, *lang; /* "it", "en" */
    int64_t expires_us;
};
MUST_CHECK enum vg_code client_link_add(struct store *store,
                                        const struct client_link_new *new,
                                        char ret_id[static STORE_ID_BYTES],
                                        struct vg_err *err);
/* Those that are not revoked, also when they are over. */
MUST_CHECK enum vg_code client_link_list(struct store *store, struct arena *arena,
                                         const char *enrolment, struct client_link **ret,
                                         size_t *ret_count, struct vg_err *err);
MUST_CHECK enum vg_code client_link_revoke(struct store *store, const char *enrolment,
                                           const char *id, struct vg_err *err);
/* VG_ERR_NOT_FOUND, without a difference: none, over, revoked, or its map is in the bin.
 */
MUST_CHECK enum vg_code client_link_get(struct store *store, struct arena *arena,
                                        str token_hash, int64_t now_us,
                                        struct client_link *ret, struct vg_err *err);
/* It was used (counted once a minute at most). */
MUST_CHECK enum vg_code client_link_opened(struct store *store,
                                           const struct client_link *link, int64_t now_us,
                                           struct vg_err *err);

#endif
