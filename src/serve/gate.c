/* The grammar is RFC 9112 section 2 to 6, without what it only tolerates. Declared in
 * serve/gate.h. */
#include "serve/gate.h"

#include <string.h>

enum { PASSES = 0, BAD = 400, NO_LENGTH = 411, TOO_LONG = 414, TOO_MUCH = 431 };

/* RFC 9110 section 5.6.2: what names and methods are made of. */
static bool is_token(unsigned char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr(others, c));
}

static void begin_head(struct gate *gate)
{
    *gate = (struct gate){.state = GATE_START};
}

/* ---- METHOD SP TARGET SP HTTP/1.x CR ---- */

static unsigned start_version(struct gate *gate, unsigned char c)
{
    static const char version[] = "HTTP/1.";
    if (gate->word < sizeof version - 1)
        return c == (unsigned char)version[gate->word++] ? PASSES : 505;
    if (gate->word == sizeof version - 1) {
        gate->word++;
        gate->http_1_0 = c == '0';
        return c == '0' || c == '1' ? PASSES : 505;
    }
    if (c != '\r')
        return BAD;
    gate->state = GATE_LF;
    return PASSES;
}

static unsigned start_line(struct gate *gate, unsigned char c)
{
    if (++gate->line_bytes > GATE_LINE_BYTES)
        return TOO_LONG;
    if (gate->spaces == 2)
        return start_version(gate, c);
    if (c == ' ') {
        bool empty = gate->word == 0;
        gate->spaces++;
        gate->word = 0;
        return empty ? BAD : PASSES;
    }
    gate->word = 1;
    if (gate->spaces == 0)
        return is_token(c) && gate->line_bytes <= 16 ? PASSES : BAD;
    return c > 0x20 && c < 0x7F ? PASSES : BAD;
}

/* ---- Name: value CR ---- */

static unsigned name_ends(struct gate *gate)
{
    if (gate->word == 0 || ++gate->headers > GATE_HEADER_COUNT)
        return gate->word == 0 ? BAD : TOO_MUCH;
    gate->name[gate->word < sizeof gate->name ? gate->word : 0] = 0;
    gate->state = GATE_VALUE;
    gate->word = 0;
    if (strcmp(gate->name, "transfer-encoding") == 0)
        return NO_LENGTH;
    if (strcmp(gate->name, "host") == 0) {
        bool twice = gate->has_host;
        gate->has_host = true;
        return twice ? BAD : PASSES;
    }
    if (strcmp(gate->name, "content-length") == 0) {
        bool twice = gate->has_length;
        gate->has_length = true;
        return twice ? BAD : PASSES;
    }
    return PASSES;
}

static unsigned name_goes_on(struct gate *gate, unsigned char c)
{
    if (c == '\r' && gate->word == 0) {
        gate->state = GATE_END_LF;
        return PASSES;
    }
    if (c == ':')
        return name_ends(gate);
    if (!is_token(c)) /* a space here would be folding, or "Name :" */
        return BAD;
    if (gate->word < sizeof gate->name)
        gate->name[gate->word++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return PASSES;
}

static unsigned length_goes_on(struct gate *gate, unsigned char c)
{
    if (c == ' ' || c == '\t') {
        gate->length_ended = gate->word > 0;
        return PASSES;
    }
    if (c < '0' || c > '9' || gate->length_ended || gate->word == 18)
        return BAD;
    gate->length = gate->length * 10 + (c - '0');
    gate->word++;
    return PASSES;
}

static unsigned value_goes_on(struct gate *gate, unsigned char c)
{
    bool length = strcmp(gate->name, "content-length") == 0;
    if (c == '\r') {
        gate->state = GATE_LF;
        return length && gate->word == 0 ? BAD : PASSES;
    }
    if ((c < 0x20 && c != '\t') || c == 0x7F)
        return BAD;
    return length ? length_goes_on(gate, c) : PASSES;
}

/* ---- CR LF ---- */

static unsigned line_ends(struct gate *gate, unsigned char c)
{
    if (c != '\n')
        return BAD;
    gate->state = GATE_NAME;
    gate->word = 0;
    gate->name[0] = 0;
    return PASSES;
}

static unsigned head_ends(struct gate *gate, unsigned char c)
{
    if (c != '\n' || (!gate->has_host && !gate->http_1_0))
        return BAD;
    uint64_t body = gate->has_length ? gate->length : 0;
    begin_head(gate);
    if (body)
        *gate = (struct gate){.state = GATE_BODY, .body_left = body};
    return PASSES;
}

static unsigned step(struct gate *gate, unsigned char c)
{
    if (gate->state != GATE_START && ++gate->head_bytes > GATE_HEAD_BYTES)
        return TOO_MUCH;
    switch (gate->state) {
    case GATE_START:
        return start_line(gate, c);
    case GATE_NAME:
        return name_goes_on(gate, c);
    case GATE_VALUE:
        return value_goes_on(gate, c);
    case GATE_LF:
        return line_ends(gate, c);
    default:
        return head_ends(gate, c);
    }
}

unsigned gate_feed(struct gate *gate, str bytes)
{
    for (size_t i = 0; i < bytes.len;) {
        if (gate->state == GATE_BODY) {
            uint64_t here = bytes.len - i;
            uint64_t part = here < gate->body_left ? here : gate->body_left;
            gate->body_left -= part;
            i += (size_t)part;
            if (gate->body_left == 0)
                begin_head(gate);
            continue;
        }
        unsigned refused = step(gate, (unsigned char)bytes.ptr[i++]);
        if (refused)
            return refused;
    }
    return PASSES;
}
