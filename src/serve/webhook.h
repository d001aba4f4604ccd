/* webhook: one call to another program: POST of JSON, signed, without redirects, never to
 * a private address (after the name was looked up) unless its net is named. */
#ifndef SERVE_WEBHOOK_H
#define SERVE_WEBHOOK_H

#include "base/arena.h"
#include "base/err.h"
#include "serve/serve.h"

#include <stdatomic.h>

struct webhook {
    const char *url, *body, *secret;
    int64_t id, at_us;
    const struct serve_options *options; /* which private nets may be called */
    const atomic_bool *stop;             /* the server ends */
};
struct webhook_answer {
    bool good;    /* answered with 2xx */
    bool useless; /* the address is refused, no address at all: trying again is no use */
    char said[200]; /* "200", "503", "the address is private" …, in English: for a log */
};
void webhook_call(const struct webhook *webhook, struct webhook_answer *ret);

/* May this address (as text) be called? */
bool webhook_may_call(const struct serve_options *options, const char *address);
/* "t=…,v1=…": HMAC-SHA256 (RFC 2104, FIPS 180-4) of "t.body" by the secret's letters. */
void webhook_sign(const char *secret, int64_t at_s, const char *body,
                  char ret[static 100]);

#endif
