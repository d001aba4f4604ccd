#include "base/hash.h"

#include "base/date.h"

#include <pthread.h>
#include <sodium.h>
#include <sys/random.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t seed;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void seed_make(void)
{
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = (uint64_t)date_now_us() * 0x9E3779B97F4A7C15u;
}

uint64_t hash_seed(void)
{
    pthread_once(&once, seed_make);
    return seed;
}

uint64_t hash_bytes(const void *bytes, size_t len)
{
    return XXH3_64bits_withSeed(bytes, len, hash_seed());
}

uint64_t hash_stable(const void *bytes, size_t len)
{
    return XXH3_64bits(bytes, len);
}

void hash_sha256_base64(str text, char ret[HASH_SHA256_BASE64])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)text.ptr, text.len);
    sodium_bin2base64(ret, HASH_SHA256_BASE64, digest, sizeof digest,
                      sodium_base64_VARIANT_ORIGINAL);
}
