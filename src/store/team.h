/* team: what people say about a map, the pictures they put in, what they let others see.
 */
#ifndef STORE_TEAM_H
#define STORE_TEAM_H

#include "store/people.h"

/* ---- comments ---- */

#define LIMIT_COMMENT_BYTES 10000

struct comment {
    int64_t id, reply_to; /* reply_to 0: begins a thread */
    const char *map, *item, *field, *text, *who, *name;
    int64_t at_us, edited_us, resolved_us; /* 0: not (yet) */
    const char *resolved_by;
    bool deleted; /* its text is gone; answers to it remain */
};
struct comment_new {
    const char *map, *item, *field; /* item "": the whole map; field "" or NULL: all */
    const char *text, *name;        /* name: of who writes (store_set_who is the id) */
    int64_t reply_to;               /* 0: none; an answer to an answer joins its thread */
};
/* VG_ERR_NOT_FOUND: no such map, or nothing to answer to; VG_ERR_INPUT: no text;
 * VG_ERR_LIMIT. */
MUST_CHECK enum vg_code comment_add(struct store *store, const struct comment_new *new,
                                    int64_t *ret_id, struct vg_err *err);
/* In the order of writing. */
MUST_CHECK enum vg_code comment_list(struct store *store, struct arena *arena,
                                     const char *map, struct comment **ret,
                                     size_t *ret_count, struct vg_err *err);
MUST_CHECK enum vg_code comment_get(struct store *store, struct arena *arena,
                                    const char *map, int64_t id, struct comment *ret,
                                    struct vg_err *err);
MUST_CHECK enum vg_code comment_edit(struct store *store, const char *map, int64_t id,
                                     const char *text, struct vg_err *err);
MUST_CHECK enum vg_code comment_resolve(struct store *store, const char *map, int64_t id,
                                        bool resolved, struct vg_err *err);
/* Others' answers stay. Whether the caller may, the caller decides. */
MUST_CHECK enum vg_code comment_delete(struct store *store, const char *map, int64_t id,
                                       struct vg_err *err);

/* ---- pictures ---- */

#define LIMIT_PICTURE_BYTES (2 * 1024 * 1024)

/* "image/png", "image/jpeg", "image/webp" by the first bytes; NULL: none of them. */
const char *picture_type(const void *bytes, size_t len);
/* What bytes are called: a hash of them. */
void picture_name(const void *bytes, size_t len, char ret_id[static STORE_ID_BYTES]);
/* The same bytes are kept once. VG_ERR_INPUT: no such picture; VG_ERR_LIMIT. */
MUST_CHECK enum vg_code picture_add(struct store *store, const void *bytes, size_t len,
                                    char ret_id[static STORE_ID_BYTES],
                                    struct vg_err *err);
struct picture {
    const char *type;
    const void *bytes; /* [len] in the arena */
    size_t len;
};
MUST_CHECK enum vg_code picture_get(struct store *store, struct arena *arena,
                                    const char *id, struct picture *ret,
                                    struct vg_err *err);

/* ---- links for others ---- */

struct share {
    const char *id, *map, *map_title, *what, *filter, *created_by;
    const char *password_hash; /* NULL: none */
    int64_t created_us, expires_us, opened, opened_us;
};
struct share_new {
    str token_hash;
    const char *map, *what; /* "map" or "report" */
    const char *filter;     /* a query string, or NULL */
    const char *password_hash;
    int64_t expires_us;
};
MUST_CHECK enum vg_code share_add(struct store *store, const struct share_new *share,
                                  char ret_id[static STORE_ID_BYTES], struct vg_err *err);
/* Those that are not revoked, also when they are over. */
MUST_CHECK enum vg_code share_list(struct store *store, struct arena *arena,
                                   struct share **ret, size_t *ret_count,
                                   struct vg_err *err);
MUST_CHECK enum vg_code share_revoke(struct store *store, const char *id,
                                     struct vg_err *err);
/* VG_ERR_NOT_FOUND, without a difference: none, over, revoked, or its map is deleted. */
MUST_CHECK enum vg_code share_get(struct store *store, struct arena *arena,
                                  str token_hash, int64_t now_us, struct share *ret,
                                  struct vg_err *err);
/* It was opened (after the password, where there is one). */
MUST_CHECK enum vg_code share_opened(struct store *store, const char *id,
                                     struct vg_err *err);

#endif
