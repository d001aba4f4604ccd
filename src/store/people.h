/* people: who may log in, and how far they may go; how one becomes such a person.
 *
 * A person is a record (records.h) whose role, state and password stand in columns of
 * their own, so that no body can change them.
 * Invariant  a workspace that has an owner keeps one: whatever would take the last one
 *            away is refused with VG_ERR_CONFLICT, within its transaction.
 * Secrets    only hashes come in here: of passwords (argon2id), of tokens. */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "store/store.h"

enum person_role { PERSON_READER, PERSON_EDITOR, PERSON_OWNER }; /* each may more */
const char *person_role_name(enum person_role role);             /* "reader" … */
bool person_role_parse(const char *name, enum person_role *ret);

struct person {
    const char *id, *name, *email, *lang; /* email, lang: "" when there is none */
    enum person_role role;
    bool disabled;
    int64_t version, created_us, seen_us; /* seen_us: by the latest session, 0: never */
};
struct person_new {
    const char *name, *email, *lang; /* lang may be NULL */
    enum person_role role;
    const char *password_hash; /* NULL: cannot log in yet */
};

#define STORE_ID_BYTES 33 /* 32 digits and NUL */

/* VG_ERR_CONFLICT: the address is somebody's. Addresses are compared without case. */
MUST_CHECK enum vg_code people_add(struct store *store, const struct person_new *person,
                                   char ret_id[static STORE_ID_BYTES],
                                   struct vg_err *err);
MUST_CHECK enum vg_code people_list(struct store *store, struct arena *arena,
                                    const char *after, size_t most, struct person **ret,
                                    size_t *ret_count, struct vg_err *err);
/* VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code person_get(struct store *store, struct arena *arena,
                                   const char *id, struct person *ret,
                                   struct vg_err *err);
MUST_CHECK enum vg_code person_by_email(struct store *store, struct arena *arena,
                                        const char *email, struct person *ret,
                                        struct vg_err *err);
/* NULL: stays. */
MUST_CHECK enum vg_code person_rename(struct store *store, const char *id,
                                      const char *name, const char *lang,
                                      struct vg_err *err);
/* NULL: stays. A new role or state ends the person's sessions. */
MUST_CHECK enum vg_code person_change(struct store *store, const char *id,
                                      const enum person_role *role, const bool *disabled,
                                      struct vg_err *err);
/* With sessions, tokens, password; what they wrote stays, under their name. */
MUST_CHECK enum vg_code person_delete(struct store *store, const char *id,
                                      struct vg_err *err);
/* How many owners can log in. 0: the workspace needs its first one. */
MUST_CHECK enum vg_code people_owners(struct store *store, int64_t *ret,
                                      struct vg_err *err);

/* ---- passwords ---- */

struct credential {
    const char *person, *hash;
    int64_t changed_us, tries, tried_us; /* failed ones since the last that worked */
};
/* VG_ERR_NOT_FOUND when the person cannot log in by password. */
MUST_CHECK enum vg_code credential_get(struct store *store, struct arena *arena,
                                       const char *person, struct credential *ret,
                                       struct vg_err *err);
/* Ends all sessions of the person but the one of `keep_token_hash` (may be empty). */
MUST_CHECK enum vg_code credential_set(struct store *store, const char *person,
                                       const char *hash, str keep_token_hash,
                                       struct vg_err *err);
/* Count a try, or, when it worked, begin to count anew. */
MUST_CHECK enum vg_code credential_tried(struct store *store, const char *person,
                                         bool worked, struct vg_err *err);

/* ---- links that make a person ---- */

struct invitation {
    const char *id, *email, *created_by; /* email "": whoever has the link */
    enum person_role role;
    int64_t created_us, expires_us;
};
struct invitation_new {
    str token_hash;
    enum person_role role;
    const char *email; /* NULL: whoever has the link */
    int64_t expires_us;
};
MUST_CHECK enum vg_code invitation_add(struct store *store,
                                       const struct invitation_new *invitation,
                                       char ret_id[static STORE_ID_BYTES],
                                       struct vg_err *err);
/* Those that can still be used. */
MUST_CHECK enum vg_code invitation_list(struct store *store, struct arena *arena,
                                        int64_t now_us, struct invitation **ret,
                                        size_t *ret_count, struct vg_err *err);
MUST_CHECK enum vg_code invitation_delete(struct store *store, const char *id,
                                          struct vg_err *err);
/* One transaction: the link is used up and the person is there, with the role of the
 * invitation (not of `person`). VG_ERR_NOT_FOUND: no such link, used, or over.
 * VG_ERR_DENIED: it is for another address. VG_ERR_CONFLICT: the address is taken. */
MUST_CHECK enum vg_code invitation_accept(struct store *store, str token_hash,
                                          int64_t now_us, const struct person_new *person,
                                          char ret_id[static STORE_ID_BYTES],
                                          struct vg_err *err);
/* The link that makes the first owner; an earlier one is void. VG_ERR_CONFLICT when there
 * is an owner. */
MUST_CHECK enum vg_code setup_put(struct store *store, str token_hash, int64_t expires_us,
                                  struct vg_err *err);
/* title may be NULL. VG_ERR_CONFLICT: there is an owner by now. */
MUST_CHECK enum vg_code setup_use(struct store *store, str token_hash, int64_t now_us,
                                  const struct person_new *person, const char *title,
                                  char ret_id[static STORE_ID_BYTES], struct vg_err *err);

/* ---- tokens of the API ---- */

enum { TOKEN_READ = 1, TOKEN_WRITE = 2, TOKEN_ADMIN = 4 };
struct api_token {
    const char *id, *name, *person; /* person "": made without login (--solo) */
    unsigned scopes;
    int64_t created_us, expires_us, used_us; /* used_us 0: never */
};
struct api_token_new {
    str token_hash;
    const char *name, *person; /* person may be NULL */
    unsigned scopes;
    int64_t expires_us;
};
MUST_CHECK enum vg_code token_add(struct store *store, const struct api_token_new *token,
                                  char ret_id[static STORE_ID_BYTES], struct vg_err *err);
/* Those that are not revoked, also when they are over. */
MUST_CHECK enum vg_code token_list(struct store *store, struct arena *arena,
                                   struct api_token **ret, size_t *ret_count,
                                   struct vg_err *err);
MUST_CHECK enum vg_code token_revoke(struct store *store, const char *id,
                                     struct vg_err *err);
/* VG_ERR_NOT_FOUND when there is none, it is over, revoked, or its person is disabled.
 * Marks it as used (once a minute at most). */
MUST_CHECK enum vg_code token_get(struct store *store, struct arena *arena,
                                  str token_hash, int64_t now_us, struct api_token *ret,
                                  struct vg_err *err);

#endif
