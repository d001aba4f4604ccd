/* serve: one data file, served over HTTP to a browser or a team.
 *
 * One thread moves bytes (libmicrohttpd, epoll); complete requests go to a few workers,
 * each with a store of its own, and their answers come back to it. docs/adr/0009. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "base/err.h"
#include "base/progress.h"
#include "text/json.h"

struct serve_options {
    const char *workspace; /* the data file */
    const char *listen;    /* "127.0.0.1:8020", "[::1]:0"; NULL: the first of these */
    const char *const *proxies; /* [proxy_count] addresses or nets whose X-Forwarded-… is
                                   believed: "127.0.0.1", "10.0.0.0/8", "unix" */
    size_t proxy_count;
    const char *const *webhook_nets; /* [webhook_net_count] private nets that may be
                                        called all the same */
    size_t webhook_net_count;
    bool allow_webhooks;       /* playbooks may call other programs */
    bool solo;                 /* no login; loopback only */
    bool open;                 /* show it in the browser */
    bool quiet;                /* log only what went wrong */
    unsigned workers;          /* 0: by the cores */
    struct progress *progress; /* its `stop` ends the server gracefully */
};
/* Serve until options->progress says stop. Log lines go to standard error, the address
 * and the one-time link to standard output. */
MUST_CHECK enum vg_code serve_run(const struct serve_options *options,
                                  struct vg_err *err);

/* The OpenAPI 3.1 document of all routes, and its shapes as TypeScript. NULL: memory. */
json_t *serve_openapi(void) MUST_CHECK;
MUST_CHECK enum vg_code serve_types(struct buf *out, struct vg_err *err);

#endif
