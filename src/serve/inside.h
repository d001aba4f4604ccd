/* inside: what the files of serve/ share, and nobody else sees. */
#ifndef SERVE_INSIDE_H
#define SERVE_INSIDE_H

#include "app/question.h"
#include "serve/call.h"
#include "serve/gate.h"
#include "serve/serve.h"
#include "store/people.h"

#include <microhttpd.h>
#include <pthread.h>

#define SERVE_CONNECTIONS       1000
#define SERVE_PER_ADDRESS       200
#define SERVE_ROOM              64 /* kept free by cutting off who dawdles most */
#define SERVE_HEAD_S            10 /* a head takes no longer */
#define SERVE_SLOW_S            30 /* a body or a reader may dawdle so long */
#define SERVE_LEAST_BYTES_PER_S 2048
#define SERVE_IDLE_S            60
#define SERVE_STOP_S            20            /* for requests under way at the end */
#define SERVE_JSON_BYTES        (1024 * 1024) /* of a body, unless the route says */
#define SERVE_UNASKED_BYTES     (64 * 1024)   /* body taken from anybody */
#define SERVE_STREAM_BYTES      (2ULL << 30)
#define SERVE_QUERY_COUNT       200 /* parameters */
#define SERVE_HASHES            2   /* passwords hashed at once */
#define SERVE_HASHES_WAITING    100

/* ---- one connection (wire.c) ---- */

enum phase { PHASE_IDLE, PHASE_HEAD, PHASE_BODY, PHASE_WORK, PHASE_ANSWER, PHASE_LIVE };
struct peer {
    int fd;
    struct gate gate;
    enum phase phase;
    int64_t since_us;            /* this phase began */
    uint64_t body_bytes;         /* of the body under way */
    uint64_t acked_first, acked; /* bytes the other side has, and when that grew last */
    int64_t acked_us;
    struct exchange *exchange; /* under way, or NULL */
    bool refused, exempt;
    char address[64];
};
MUST_CHECK enum vg_code wire_open(struct serve *serve, struct vg_err *err);
void wire_close(struct serve *serve);
/* Callbacks of libmicrohttpd: may it connect; it came, it went. */
enum MHD_Result wire_admit(void *serve, const struct sockaddr *address, socklen_t len);
void wire_notify(void *serve, struct MHD_Connection *connection, void **ret_peer,
                 enum MHD_ConnectionNotificationCode what);
void wire_phase(struct peer *peer, enum phase phase, struct exchange *exchange);
size_t wire_count(void);
bool wire_is_busy(void); /* does somebody still get an answer? */

/* ---- one request (exchange.c) ---- */

enum stage {
    STAGE_HEAD,  /* nothing decided */
    STAGE_RIGHT, /* a worker looks whether its large body may come */
    STAGE_BODY,
    STAGE_WORK, /* with a worker */
    STAGE_DONE, /* response is there */
};
enum lane { LANE_QUICK, LANE_SLOW, LANE_HASH, LANES };
struct exchange {
    struct serve *serve;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct arena *arena;
    const char *path; /* decoded; of a route: see `params` */
    const char *params[ROUTE_PARAMS];
    struct pair *query;
    size_t query_count;
    const struct route *route;
    enum method method;
    bool live; /* its answer is a stream of events */
    bool head; /* HEAD: like GET, without the body */
    enum stage stage;
    enum lane lane;
    uint64_t length, limit; /* of the body: as announced, as allowed */
    struct buf body;
    struct upload upload;
    int file;               /* of the upload; −1 */
    const char *address;    /* of who asks, by X-Forwarded-For of a trusted proxy */
    bool secure, forwarded; /* came by https; came through a trusted proxy */
    const char *host;       /* as the browser wrote it */
    struct call call;
    struct MHD_Response *response;
    unsigned status;
    uint64_t answer_bytes;
    int64_t began_us;
    struct exchange *next; /* in a lane */
};
/* Callbacks of libmicrohttpd. */
void *exchange_begin(void *serve, const char *uri, struct MHD_Connection *connection);
enum MHD_Result exchange_go_on(void *serve, struct MHD_Connection *connection,
                               const char *url, const char *method, const char *version,
                               const char *data, size_t *data_size, void **exchange);
void exchange_end(void *serve, struct MHD_Connection *connection, void **exchange,
                  enum MHD_RequestTerminationCode why);
const char *exchange_header(const struct exchange *exchange, const char *name);

/* In a worker: all of it, or (STAGE_RIGHT) only whether it may. Leaves a response. */
void dispatch(struct exchange *exchange, struct store *store);

/* ---- asking (ask.c): path, query, body against a route's fields ---- */

/* Decode %XX (and + as a space) into `arena`; false: no UTF-8, NUL or control characters.
 */
bool ask_decode(struct arena *arena, str text, bool plus, const char **ret);
MUST_CHECK enum vg_code ask_query(struct arena *arena, str text, struct pair **ret,
                                  size_t *ret_count, struct vg_err *err);
MUST_CHECK enum vg_code ask_check_query(const struct route *route,
                                        const struct pair *pairs, size_t count,
                                        struct vg_err *err);
MUST_CHECK enum vg_code ask_check_body(const struct field *fields, const json_t *body,
                                       struct vg_err *err);

/* ---- answering (answer.c) ---- */

struct answer {
    unsigned status;
    char *body; /* malloc */
    size_t len;
    const char *type;
    int file; /* −1: none */
    uint64_t file_bytes;
    char etag[128], allow[64], disposition[512];
    const char *policy; /* static or of the call's arena */
    const char *cookie, *location;
    unsigned retry_after_s;
    bool immutable, live, close, nothing;
    const char *live_map;
};
void answer_begin(struct answer *answer);
void answer_drop(struct answer *answer);
/* Make exchange->response and ->status of it; what fails becomes a plain 503. */
void answer_finish(struct exchange *exchange, struct answer *answer);
/* An error as problem+json. status 0: as the code says. */
void answer_problem(struct exchange *exchange, struct answer *answer, unsigned status,
                    const struct vg_err *err);
/* A refusal without a handler: text is a translated sentence. */
void answer_refuse(struct exchange *exchange, unsigned status, const char *format, ...)
    PRINTF(3, 4);
/* The headers that every answer has. `policy` NULL: the usual. */
bool answer_headers(struct MHD_Response *response, const char *policy);
/* A whole answer as bytes, for connections that are cut off. */
size_t answer_raw(unsigned status, char *out, size_t size);
const char *status_text(unsigned status);

/* ---- workers (work.c) ---- */

MUST_CHECK enum vg_code work_open(struct serve *serve, struct vg_err *err);
void work_add(struct serve *serve, struct exchange *exchange, enum lane lane);
/* False: so many wait for a hash that one more makes no sense. */
bool work_has_room(struct serve *serve, enum lane lane);
/* Wait for all that is under way, at most `seconds`; true when nothing is left. */
bool work_drain(struct serve *serve, int seconds);
void work_close(struct serve *serve);
void work_count(struct serve *serve, size_t ret_waiting[LANES], size_t *ret_running);

/* ---- who (who.c, secret.c, throttle.c) ---- */

enum { TOKEN_BYTES = 32, TOKEN_TEXT = 44, HASH_BYTES = 32 };
void secret_make(char ret[TOKEN_TEXT]); /* 256 bits, base64url */
void secret_hash(str token, unsigned char ret[HASH_BYTES]);
/* The CSRF token of a session: only who has the session can compute it. */
void secret_csrf(const struct serve *serve, str session, char ret[TOKEN_TEXT]);
bool secret_equal(const char *a, const char *b);
/* Argon2id; the text is libsodium's "$argon2id$…". */
MUST_CHECK enum vg_code secret_password(const char *password, char ret[128],
                                        struct vg_err *err);
/* False as slowly as true. `hash` NULL: of nobody. */
bool secret_is_password(const char *hash, const char *password);
MUST_CHECK enum vg_code secret_check_new(const char *password, struct vg_err *err);

/* Who asks, by cookie or token; and whether the request is one of ours (CSRF, Host).
 * VG_ERR_DENIED with *ret_status 401 or 403. */
MUST_CHECK enum vg_code who_asks(struct exchange *exchange, struct store *store,
                                 unsigned *ret_status, struct vg_err *err);
/* The session's token of the cookie, or NULL. */
const char *who_cookie(const struct exchange *exchange);
const char *who_set_cookie(const struct exchange *exchange, const char *token);
#define COOKIE_NAME    "__Host-viaggio"
#define SESSION_DAYS   7  /* however much it is used */
#define SESSION_IDLE_H 12 /* when it is not */

/* Seconds to wait before a name and address may try again; 0: now. */
unsigned throttle_wait(struct serve *serve, const char *name, const char *address);
void throttle_failed(struct serve *serve, const char *name, const char *address);
void throttle_succeeded(struct serve *serve, const char *name, const char *address);

/* ---- addresses (address.c) ---- */

struct listen_at {
    char host[64], port[8];
};
MUST_CHECK enum vg_code address_read(const char *text, struct listen_at *ret,
                                     struct vg_err *err);
/* A socket that listens: given by systemd, or our own. *ret_port is the true one. */
MUST_CHECK enum vg_code address_listen(const char *text, int *ret_fd, bool *ret_loopback,
                                       char ret_name[static 80], struct vg_err *err);
void address_text(const struct sockaddr *address, char ret[static 64]);
/* Is it in the net "10.0.0.0/8", or the address itself? */
bool address_in(const char *net, const char *address);
/* option: of the shell, for the message. */
MUST_CHECK enum vg_code address_check_net(const char *option, const char *net,
                                          struct vg_err *err);
bool address_is_trusted(const struct serve *serve, const char *address);
/* Is "localhost:8020" a name of loopback? */
bool address_is_loopback_name(const char *host);

/* ---- assets (assets.c), log (log_line.c), numbers (metrics.c) ---- */

/* Answer a GET with a file of the client; false: there is none of that path. */
bool assets_answer(struct exchange *exchange);

/* One line of JSON: pairs of name and json_t *, closed by NULL; takes the values. */
void log_line(const struct serve *serve, const char *level, const char *event, ...);
void log_exchange(const struct exchange *exchange, bool whole);

struct metrics {
    _Atomic uint64_t by_class[6]; /* answers of 1xx … 5xx */
    _Atomic uint64_t refused, cut, slow_buckets[8], seconds_us, bytes_in, bytes_out;
    _Atomic uint64_t logins, logins_failed, events_told;
};
void metrics_count(struct serve *serve, const struct exchange *exchange, int64_t took_us);
MUST_CHECK enum vg_code metrics_write(struct serve *serve, struct buf *out,
                                      struct vg_err *err);

/* ---- live, jobs ---- */

MUST_CHECK enum vg_code live_open(struct serve *serve, struct vg_err *err);
void live_close(struct serve *serve);
void live_beat(struct serve *serve); /* now and then: heartbeats */
size_t live_count(struct serve *serve);
/* The response of a stream; NULL: memory, or too many. */
struct MHD_Response *live_response(struct exchange *exchange, const char *map);
MUST_CHECK enum vg_code jobs_open(struct serve *serve, struct vg_err *err);
void jobs_stop(struct serve *serve); /* cancel what runs; nothing new begins */
void jobs_close(struct serve *serve);
size_t jobs_waiting(struct serve *serve);

/* ---- the server ---- */

struct serve {
    const struct serve_options *options;
    struct MHD_Daemon *daemon;
    char name[80]; /* "127.0.0.1:8020" */
    char port[8];
    bool loopback;
    char *folder; /* private, of files under way; locked by who serves */
    int folder_lock;
    unsigned char key[32]; /* of this process: the CSRF token with --solo */
    atomic_bool stopping;  /* nothing new is taken */
    atomic_bool hurry;     /* what is under way has to end, too */
    _Atomic uint64_t upload_count;
    int64_t started_us;
    struct metrics metrics;
    struct workers *workers;
    struct live *live;
    struct jobs *jobs;
    struct lookout *lookout;
    struct throttle *throttle;
    struct app_cache *cache;
};

#endif
