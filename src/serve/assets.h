/* assets: the browser client's files, inside the program. Made by web/app/build.mjs.
 *
 * Shape      ordered by path (strcmp), no path twice; "/" is the page that every path of
 * the client is answered with; what is under /assets/ has a hash in its name and never
 * changes. Ownership  static, read-only. */
#ifndef SERVE_ASSETS_H
#define SERVE_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct web_asset {
    const char *path,
        *type;         /* "/assets/main-K3J4.js", "text/javascript; charset=utf-8" */
    const char *bytes; /* [len] */
    size_t len;
    const char *gzip; /* [gzip_len]; NULL when packing gains nothing */
    size_t gzip_len;
    const char *etag; /* with its quotes */
    bool immutable;   /* may be kept for good */
};

extern const struct web_asset web_assets[];
extern const size_t web_assets_len;

#endif
