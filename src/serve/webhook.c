/* Declared in serve/webhook.h. */
#include "serve/webhook.h"

#include "serve/inside.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_S = 5, WHOLE_S = 15, ANSWER_BYTES = 64 * 1024 };

/* ---- where to ---- */

/* Nets that are somebody's own, or nobody's (RFC 6890 and the registries it began). */
static const char *const private_nets[] = {
    "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12",  "192.0.0.0/24",   "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",    "::/96",
    "::ffff:0:0/96",  "64:ff9b::/96",   "64:ff9b:1::/48", "100::/64",
    "2001::/23",      "2001:db8::/32",  "2002::/16",      "fc00::/7",
    "fe80::/10",      "fec0::/10",      "ff00::/8",
};

bool webhook_may_call(const struct serve_options *options, const char *address)
{
    for (size_t i = 0; i < options->webhook_net_count; i++)
        if (address_in(options->webhook_nets[i], address))
            return true;
    for (size_t i = 0; i < COUNT_OF(private_nets); i++)
        if (address_in(private_nets[i], address))
            return false;
    return true;
}

struct calling {
    const struct webhook *webhook;
    size_t answer_bytes;
    bool refused;
};

/* The name was looked up: this is where libcurl would go. What is no address of the
 * internet is none for us, either. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    struct calling *calling = ctx;
    char text[64] = "";
    if (address->family == AF_INET || address->family == AF_INET6)
        address_text(&address->addr, text);
    if (purpose != CURLSOCKTYPE_IPCXN || !text[0] ||
        !webhook_may_call(calling->webhook->options, text)) {
        calling->refused = true;
        return CURL_SOCKET_BAD;
    }
    calling->refused = false;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- what is sent ---- */

void webhook_sign(const char *secret, int64_t at_s, const char *body,
                  char ret[static 100])
{
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    char time[32], hex[2 * sizeof hash + 1];
    snprintf(time, sizeof time, "%lld", (long long)at_s);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)time, strlen(time));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, strlen(body));
    crypto_auth_hmacsha256_final(&state, hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(ret, 100, "t=%s,v1=%s", time, hex);
    sodium_memzero(&state, sizeof state);
}

static struct curl_slist *headers_of(const struct webhook *webhook)
{
    char signature[100], line[160];
    const char *const fixed[] = {"Content-Type: application/json",
                                 "Expect:", "X-Viaggio-Event: path-alert"};
    struct curl_slist *list = NULL, *longer = NULL;
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        if (!(longer = curl_slist_append(list, fixed[i])))
            goto fail;
        list = longer;
    }
    snprintf(line, sizeof line, "X-Viaggio-Delivery: %lld", (long long)webhook->id);
    if (!(longer = curl_slist_append(list, line)))
        goto fail;
    list = longer;
    webhook_sign(webhook->secret, webhook->at_us / US_PER_S, webhook->body, signature);
    snprintf(line, sizeof line, "X-Viaggio-Signature: %s", signature);
    if (!(longer = curl_slist_append(list, line)))
        goto fail;
    return longer;
fail:
    curl_slist_free_all(list);
    return NULL;
}

/* What it answers is not kept; a flood of it ends the call. */
static size_t swallow(char *bytes, size_t size, size_t count, void *ctx)
{
    struct calling *calling = ctx;
    (void)bytes;
    calling->answer_bytes += size * count;
    return calling->answer_bytes > ANSWER_BYTES ? 0 : size * count;
}

static int go_on(void *ctx, curl_off_t down_all, curl_off_t down, curl_off_t up_all,
                 curl_off_t up)
{
    const struct calling *calling = ctx;
    (void)down_all, (void)down, (void)up_all, (void)up;
    return atomic_load(calling->webhook->stop);
}

static bool set_up(CURL *curl, struct calling *calling, struct curl_slist *headers)
{
    const struct webhook *webhook = calling->webhook;
    CURLcode bad = CURLE_OK;
    bad |= curl_easy_setopt(curl, CURLOPT_URL, webhook->url);
    bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WHOLE_S);
    bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, "Viaggio/" VIAGGIO_VERSION);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    bad |= curl_easy_setopt(curl, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(webhook->body));
    bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDS, webhook->body);
    bad |= curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    bad |= curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, calling);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEDATA, calling);
    bad |= curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, go_on);
    bad |= curl_easy_setopt(curl, CURLOPT_XFERINFODATA, calling);
    bad |= curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    return bad == CURLE_OK;
}

static void tell(CURL *curl, CURLcode code, const struct calling *calling,
                 struct webhook_answer *ret)
{
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    ret->good = code == CURLE_OK && status >= 200 && status < 300;
    ret->useless = calling->refused || code == CURLE_UNSUPPORTED_PROTOCOL ||
                   code == CURLE_URL_MALFORMAT;
    if (calling->refused)
        snprintf(ret->said, sizeof ret->said, "the address is private");
    else if (code != CURLE_OK)
        snprintf(ret->said, sizeof ret->said, "%s", curl_easy_strerror(code));
    else
        snprintf(ret->said, sizeof ret->said, "%ld", status);
}

void webhook_call(const struct webhook *webhook, struct webhook_answer *ret)
{
    struct calling calling = {.webhook = webhook};
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_of(webhook);
    *ret = (struct webhook_answer){.said = "no memory"};
    if (curl && headers && set_up(curl, &calling, headers))
        tell(curl, curl_easy_perform(curl), &calling, ret);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}
