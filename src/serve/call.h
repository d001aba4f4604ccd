/* call: one request under way, as a handler sees it, and how it answers.
 *
 *     static enum vg_code get_one(struct call *call, struct vg_err *err)
 *     {
 *         struct record found;
 *         enum vg_code code = record_get(call->store, call->arena, RECORD_CHANNEL,
 *                                        call_param(call, "id"), &found, err);
 *         if (code != VG_OK)
 *             return code;
 *         call_etag(call, "%lld", (long long)found.version);
 *         return call_json(call, json_of(&found), err);
 *     }
 *
 * By then the caller is known and allowed, query and body fit the route's fields (no
 * other names in them), and the thread's language is the reader's.
 * Threads    a handler runs in one worker with a store of its own; it may take long where
 *            the route says ROUTE_SLOW, and should look at call_go_on now and then.
 * Errors     the code it returns is the answer: 400 usage, 422 input, 413 limit, 404 not
 *            found, 409 conflict, 403 denied, 500, 503; call_fail for others. */
#ifndef SERVE_CALL_H
#define SERVE_CALL_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/progress.h"
#include "serve/route.h"
#include "store/store.h"
#include "text/json.h"

struct serve;       /* the whole server */
struct answer;      /* what goes back */
struct client_link; /* store/paths.h */
struct app_cache;   /* the logs and studies that all workers share (app/cache.h) */

struct who {
    const char *id, *name, *email; /* "" for nobody; "solo" with --solo */
    const char *lang;              /* "it", "en", or "": as the browser says */
    enum rank rank;
    const char *token; /* the id of the API token that was used, or NULL */
    bool solo;
};
/* A body that went into a file. */
struct upload {
    const char *path; /* unlinked after the call, unless call_keep_upload was called */
    uint64_t bytes;
};

struct call {
    struct serve *serve;
    const struct route *route;
    struct store *store; /* this worker's own; who acts is set already */
    struct arena *arena; /* until the answer is made */
    struct who who;
    enum lang lang;
    json_t *body; /* of a JSON body: fits route->body; NULL without */
    struct upload upload;
    const struct client_link *link; /* of a ROUTE_LINK: never NULL there */
    struct progress progress;       /* stop: the client went away, or the server stops */
    struct answer *answer;
    struct exchange *exchange; /* serve's own */
};

/* ---- what was asked ---- */

/* {name} of the path, decoded: valid UTF-8, no control character, never NULL. */
const char *call_param(const struct call *call, const char *name);
/* A query parameter; NULL (or `usual`) when it is not there. */
const char *call_text(const struct call *call, const char *name);
size_t call_texts(const struct call *call, const char *name, const char *const **ret);
bool call_flag(const struct call *call, const char *name);
uint64_t call_count(const struct call *call, const char *name, uint64_t usual);
double call_number(const struct call *call, const char *name, double usual);
/* limit (100 by default, at most 500) and after ("" at first). */
size_t call_limit(const struct call *call);
const char *call_after(const struct call *call);
/* All query parameters that belong to the filter, as a query string: for keys of caches.
 */
const char *call_filter_text(const struct call *call) MUST_CHECK; /* NULL: memory */

/* A member of the body: NULL (usual, 0, false) when it is not there. */
const char *call_body_text(const struct call *call, const char *name);
json_t *call_body(const struct call *call, const char *name);
/* What the caller saw, from If-Match: the number in "12"; * is −1. 428 without. */
MUST_CHECK enum vg_code call_if_match(struct call *call, int64_t *ret,
                                      struct vg_err *err);
/* VG_ERR_CANCELLED when nobody waits any more. */
MUST_CHECK enum vg_code call_go_on(struct call *call, struct vg_err *err);

/* ---- what goes back; 200 unless call_status says otherwise ---- */

void call_status(struct call *call, unsigned status);
/* ETag "…"; a GET that has it already is answered 304. */
void call_etag(struct call *call, const char *format, ...) PRINTF(2, 3);
/* True when the caller has this ETag already (after call_etag): the handler may return
 * VG_OK without making its answer. */
bool call_has_it(const struct call *call);
/* Takes `json`; NULL is memory used up. */
MUST_CHECK enum vg_code call_json(struct call *call, json_t *json, struct vg_err *err);
/* {items: list, next: text or null}; takes `items`. */
MUST_CHECK enum vg_code call_items(struct call *call, json_t *items, const char *next,
                                   struct vg_err *err);
/* JSON that is text already, or any other type; takes what buf holds. */
MUST_CHECK enum vg_code call_buf(struct call *call, const char *type, struct buf *body,
                                 struct vg_err *err);
/* The rest of an open file, which is closed when it is sent. */
MUST_CHECK enum vg_code call_file(struct call *call, const char *type, int handle,
                                  struct vg_err *err);
/* Save it under this name (Content-Disposition, made safe). */
void call_download(struct call *call, const char *name);
/* Content-Security-Policy for a page that is no page of ours (a report); NULL: the usual.
 */
void call_policy(struct call *call, const char *policy);
/* Bytes that never change: a year in the browser's cache, private. */
void call_immutable(struct call *call);
MUST_CHECK enum vg_code call_nothing(struct call *call); /* 204 */
/* An error with a status that no vg_code has: 428, 429, 410. Fills err, returns code. */
enum vg_code call_fail(struct call *call, unsigned status, enum vg_code code,
                       struct vg_err *err, const char *format, ...) PRINTF(5, 6);
/* The upload is the handler's now: it moves or unlinks it. */
void call_keep_upload(struct call *call);
/* A private folder for files under way (0700), gone when the server ends. */
const char *call_folder(const struct call *call);
/* Start the stream of events of a ROUTE_LIVE: about `map`, or only about everything
 * (NULL). */
MUST_CHECK enum vg_code call_live(struct call *call, const char *map, struct vg_err *err);
/* A line for the audit: "export", "share" … and an id, never a customer's name. */
MUST_CHECK enum vg_code call_audit(struct call *call, const char *what, const char *about,
                                   struct vg_err *err);
/* What the application shares between workers. */
struct app_cache *call_cache(const struct call *call);
/* http(s)://host as the browser sees it, for links. NULL: memory. */
const char *call_origin(const struct call *call) MUST_CHECK;
/* A new random id, "k3J…": 128 bits, 22 letters. NULL: memory. */
const char *call_new_id(const struct call *call) MUST_CHECK;

#endif
