/* records: the lists a team keeps, and who is logged in.
 *
 * A record is one JSON object with an id and a version that grows with each change. Who
 * changes one says which version he saw: VG_ERR_CONFLICT when it is another by now. */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

#include "store/store.h"

enum record_kind {
    RECORD_PERSON, /* body.email is unique */
    RECORD_DEPARTMENT,
    RECORD_CHANNEL,
    RECORD_PERSONA,
    RECORD_ACTION,
    RECORD_FILTER,
    RECORD_SETTING,
    RECORD_KINDS
};
struct record {
    const char *id, *body; /* JSON */
    int64_t version, updated_us;
    const char *updated_by;
};

/* version 0: there must be none of that id yet; −1: whatever is there. */
MUST_CHECK enum vg_code record_put(struct store *store, enum record_kind kind,
                                   const char *id, const char *body, int64_t version,
                                   int64_t *ret_version, struct vg_err *err);
MUST_CHECK enum vg_code record_get(struct store *store, struct arena *arena,
                                   enum record_kind kind, const char *id,
                                   struct record *ret, struct vg_err *err);
/* By id, from behind `after` ("" : the first), at most `most`. */
MUST_CHECK enum vg_code record_list(struct store *store, struct arena *arena,
                                    enum record_kind kind, const char *after, size_t most,
                                    struct record **ret, size_t *ret_count,
                                    struct vg_err *err);
MUST_CHECK enum vg_code record_delete(struct store *store, enum record_kind kind,
                                      const char *id, int64_t version,
                                      struct vg_err *err);

/* ---- sessions: the store sees only hashes of tokens ---- */

struct session {
    const char *person, *agent; /* agent: what the browser says it is, or "" */
    int64_t created_us, seen_us, expires_us, idle_us;
    bool current; /* session_list: the one that was asked with */
};
struct session_new {
    str token_hash;
    const char *person, *agent; /* agent may be NULL */
    int64_t expires_us;
    int64_t idle_us; /* over when unused for so long; 0: never */
};
MUST_CHECK enum vg_code
session_add(struct store *store, const struct session_new *session, struct vg_err *err);
/* The same without an end by idleness. */
MUST_CHECK enum vg_code session_put(struct store *store, str token_hash,
                                    const char *person, int64_t expires_us,
                                    struct vg_err *err);
/* VG_ERR_NOT_FOUND when there is none, it is over at now_us, or its person is disabled.
 * Marks it as seen (once a minute at most). */
MUST_CHECK enum vg_code session_get(struct store *store, struct arena *arena,
                                    str token_hash, int64_t now_us, struct session *ret,
                                    struct vg_err *err);
/* A person's, the latest first. */
MUST_CHECK enum vg_code session_list(struct store *store, struct arena *arena,
                                     const char *person, str token_hash, int64_t now_us,
                                     struct session **ret, size_t *ret_count,
                                     struct vg_err *err);
MUST_CHECK enum vg_code session_end(struct store *store, str token_hash,
                                    struct vg_err *err);
/* All of a person's: at a change of password, of role. */
MUST_CHECK enum vg_code session_end_all(struct store *store, const char *person,
                                        struct vg_err *err);
/* Throw away those that are over: now and then. */
MUST_CHECK enum vg_code session_sweep(struct store *store, int64_t now_us,
                                      struct vg_err *err);

#endif
