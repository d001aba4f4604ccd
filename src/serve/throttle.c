/* Guessing costs time: after a few failures a name, and an address, wait longer and
 * longer. Declared in serve/inside.h.
 * A fixed table: who fills it with names pushes out the oldest, and his address stays. */
#include "serve/inside.h"

#include "base/date.h"
#include "base/hash.h"

#include <stdlib.h>

enum { SLOTS = 4096, FREE_TRIES = 5, FREE_TRIES_OF_ADDRESS = 20, LONGEST_S = 900 };

struct tries {
    uint64_t key;
    unsigned failures;
    int64_t last_us;
};
struct throttle {
    pthread_mutex_t lock;
    struct tries slots[SLOTS];
};
static struct throttle the = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint64_t key_of(const char *kind, const char *text)
{
    char both[400];
    int len = snprintf(both, sizeof both, "%s:%s", kind, text);
    for (int i = 0; i < len && i < (int)sizeof both; i++)
        if (both[i] >= 'A' && both[i] <= 'Z')
            both[i] = (char)(both[i] + 32);
    return hash_bytes(both, strlen(both)) | 1;
}

/* Its slot; the oldest of eight neighbours when it has none yet. */
static struct tries *slot_of(uint64_t key, bool make)
{
    struct tries *oldest = NULL;
    for (unsigned i = 0; i < 8; i++) {
        struct tries *slot = &the.slots[(key + i) % SLOTS];
        if (slot->key == key)
            return slot;
        if (!oldest || slot->last_us < oldest->last_us)
            oldest = slot;
    }
    if (!make)
        return NULL;
    *oldest = (struct tries){.key = key};
    return oldest;
}

/* 1, 2, 4 … seconds after the free tries; forgotten after an hour without one. */
static unsigned wait_of(uint64_t key, unsigned free_tries)
{
    const struct tries *slot = slot_of(key, false);
    int64_t now = date_now_us();
    if (!slot || slot->failures < free_tries || now - slot->last_us > 3600 * US_PER_S ||
        now < slot->last_us)
        return 0;
    unsigned over = slot->failures - free_tries;
    int64_t wait_s = over > 9 ? LONGEST_S : INT64_C(1) << over;
    int64_t left_us = slot->last_us + wait_s * US_PER_S - now;
    return left_us > 0 ? (unsigned)(left_us / US_PER_S + 1) : 0;
}

unsigned throttle_wait(struct serve *serve, const char *name, const char *address)
{
    (void)serve;
    pthread_mutex_lock(&the.lock);
    unsigned by_name = wait_of(key_of("name", name), FREE_TRIES);
    unsigned by_address = wait_of(key_of("address", address), FREE_TRIES_OF_ADDRESS);
    pthread_mutex_unlock(&the.lock);
    return by_name > by_address ? by_name : by_address;
}

static void failed(uint64_t key)
{
    struct tries *slot = slot_of(key, true);
    int64_t now = date_now_us();
    if (now - slot->last_us > 3600 * US_PER_S)
        slot->failures = 0;
    slot->failures++;
    slot->last_us = now;
}

void throttle_failed(struct serve *serve, const char *name, const char *address)
{
    serve->metrics.logins_failed++;
    pthread_mutex_lock(&the.lock);
    failed(key_of("name", name));
    failed(key_of("address", address));
    pthread_mutex_unlock(&the.lock);
}

void throttle_succeeded(struct serve *serve, const char *name, const char *address)
{
    (void)address; /* one account of his own does not wash an address clean */
    serve->metrics.logins++;
    pthread_mutex_lock(&the.lock);
    struct tries *slot = slot_of(key_of("name", name), false);
    if (slot)
        *slot = (struct tries){0};
    pthread_mutex_unlock(&the.lock);
}
