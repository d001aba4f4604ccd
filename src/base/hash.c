#include "base/hash.h"

#include "base/date.h"

#include <pthread.h>
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
