/* The client's files. Declared in serve/inside.h; the table is serve/assets.h. In
 * libmicrohttpd's thread: nothing is copied, nothing packed. */
#include "serve/assets.h"

#include "serve/inside.h"

#include "base/lang.h"

static const struct web_asset *find(const char *path)
{
    size_t low = 0, high = web_assets_len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(path, web_assets[middle].path);
        if (order == 0)
            return &web_assets[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Every path of the client is answered with its one page; a file or an answer of the API
 * that is not there is not. */
static bool is_page(const char *path)
{
    static const char *const others[] = {"/api/", "/assets/", "/s/"};
    const char *last = strrchr(path, '/');
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (strncmp(path, others[i], strlen(others[i])) == 0)
            return false;
    return last && !strchr(last, '.') && strcmp(path, "/api") != 0;
}

static bool has(const struct exchange *exchange, const char *header, const char *word)
{
    const char *text = exchange_header(exchange, header);
    return text && strstr(text, word);
}

static bool add_headers(const struct exchange *exchange, const struct web_asset *asset,
                        struct MHD_Response *response, bool packed)
{
    const char *cache =
        asset->immutable ? "public, max-age=31536000, immutable" : "no-cache";
    return answer_headers(response, NULL) &&
           MHD_add_response_header(response, "Content-Type", asset->type) &&
           MHD_add_response_header(response, "ETag", asset->etag) &&
           MHD_add_response_header(response, "Cache-Control", cache) &&
           (!asset->gzip ||
            MHD_add_response_header(response, "Vary", "Accept-Encoding")) &&
           (!packed || MHD_add_response_header(response, "Content-Encoding", "gzip")) &&
           (!exchange->secure ||
            MHD_add_response_header(response, "Strict-Transport-Security",
                                    "max-age=31536000"));
}

bool assets_answer(struct exchange *exchange)
{
    const struct web_asset *asset = find(exchange->path);
    if (!asset && is_page(exchange->path))
        asset = find("/");
    if (!asset)
        return false;
    if (exchange->method != METHOD_GET) {
        answer_refuse(exchange, 405, "%s", _("there is no such method here"));
        return true;
    }
    bool known = has(exchange, "If-None-Match", asset->etag);
    bool packed = !known && asset->gzip && has(exchange, "Accept-Encoding", "gzip");
    size_t len = known ? 0 : packed ? asset->gzip_len : asset->len;
    const char *bytes = packed ? asset->gzip : asset->bytes;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        len, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
    if (response && add_headers(exchange, asset, response, packed)) {
        exchange->response = response;
        exchange->status = known ? 304 : 200;
        exchange->answer_bytes = len;
        return true;
    }
    if (response)
        MHD_destroy_response(response);
    answer_refuse(exchange, 503, "%s", _("there is not enough memory"));
    return true;
}
