/* cache_parts: a thing of the cache, and how one is found or made (cache.c); what is made
 * of maps is in cache_made.c. */
#ifndef APP_CACHE_PARTS_H
#define APP_CACHE_PARTS_H

#include "app/cache.h"

#include <pthread.h>
#include <stdatomic.h>

enum state { MAKING, READY, FAILED };

struct held {
    struct app_cache *cache;
    struct held *next;
    char *key;
    enum state state;
    unsigned holders;
    atomic_size_t bytes; /* told by who makes it, added up by others meanwhile */
    int64_t used_us, version, head;
    int64_t people;        /* of what is told of paths; 0: it does not rest on that */
    struct held *rests_on; /* whose log, report or both this one uses */
    struct evidence evidence;
    bool own_log;
    struct arena *arena; /* of a study */
    struct vg_map *map;
    struct study study;
    struct path path;
    struct whatif *whatif;
};
struct app_cache {
    pthread_mutex_t mutex;
    pthread_cond_t made;
    struct held *first;
    size_t limit_bytes;
    struct cache_counts counts;
};

/* Of what something is made: the evidence, and, where who is on a path tells in it,
 * that; people 0: it does not. */
struct versions {
    int64_t evidence, people;
};

/* The thing of this key, held; *ret_make: it is new, and the caller makes it. */
MUST_CHECK enum vg_code held_take(struct app_cache *cache, const char *key,
                                  struct versions versions, struct held **ret,
                                  bool *ret_make, struct vg_err *err);
/* What was being made is there, or failed. */
MUST_CHECK enum vg_code held_settle(struct held *held, enum vg_code code,
                                    uint64_t *counter);
void held_rest_on(struct held *held, struct held *other);
bool held_is_ready(struct app_cache *cache, const char *key);

#endif
