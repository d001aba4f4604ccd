#include "view/report_hash.h"

#include "base/hash.h"

void report_hash(str text, struct buf *out)
{
    char base64[HASH_SHA256_BASE64];
    hash_sha256_base64(text, base64);
    buf_printf(out, "'sha256-%s'", base64);
}
