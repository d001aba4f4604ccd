/* gate: the head of every request, looked at byte by byte before libmicrohttpd sees it.
 *
 * libmicrohttpd takes what is nearly HTTP for HTTP: lines that end in a bare LF, folded
 * headers, two lengths. A proxy in front may read the same bytes otherwise, and then one
 * request hides another (request smuggling, RFC 9112 section 11.2). Here nothing passes
 * that RFC 9112 does not allow, and no Transfer-Encoding: a body says its length.
 *
 * Invariant  whatever passes has one way to be read.
 * Cost       one look at each byte of the head, none at bodies. */
#ifndef SERVE_GATE_H
#define SERVE_GATE_H

#include "base/str.h"

#define GATE_LINE_BYTES   8192  /* request line: 414 */
#define GATE_HEAD_BYTES   16384 /* all of the head: 431 */
#define GATE_HEADER_COUNT 64    /* 431 */

struct gate {
    enum { GATE_START, GATE_NAME, GATE_VALUE, GATE_LF, GATE_END_LF, GATE_BODY } state;
    uint64_t body_left;
    uint32_t line_bytes, head_bytes, headers;
    uint8_t spaces; /* of the request line, so far */
    uint8_t word;   /* how much of the line's version, or of a header's name, fits */
    bool has_length, has_host, in_version;
    char name[20]; /* of the header under way, lower case, as far as it matters */
    uint64_t length;
    bool length_ended; /* white space after its digits */
    bool http_1_0;
};

/* Look at the next bytes of a connection. 0 when they may pass; otherwise the status to
 * refuse with, and the connection is of no use any more: 400, 411, 413, 414, 431, 505. */
unsigned gate_feed(struct gate *gate, str bytes);
/* Between two requests: nothing of a next one has come. */
static inline bool gate_is_idle(const struct gate *gate)
{
    return gate->state == GATE_START && gate->line_bytes == 0;
}
static inline bool gate_in_head(const struct gate *gate)
{
    return gate->state != GATE_BODY && !gate_is_idle(gate);
}

#endif
