/* Declared in app/cache.h. */
#include "app/cache_parts.h"

#include "app/workspace.h"
#include "base/date.h"
#include "base/lang.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct app_cache *cache_open(size_t limit_bytes)
{
    struct app_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    pthread_mutex_init(&cache->mutex, NULL);
    pthread_cond_init(&cache->made, NULL);
    cache->limit_bytes = limit_bytes;
    return cache;
}

/* ---- letting go ---- */

static void held_free(struct held *held)
{
    if (held->own_log)
        log_close(held->evidence.log);
    arena_close(held->evidence.arena);
    map_close(held->map);
    arena_close(held->arena);
    free(held->key);
    free(held);
}

/* Take it out of the list and free it, and what only it rested on is let go. */
static void drop(struct app_cache *cache, struct held *held)
{
    for (struct held **at = &cache->first; *at; at = &(*at)->next)
        if (*at == held) {
            *at = held->next;
            break;
        }
    if (held->rests_on)
        held->rests_on->holders--;
    held_free(held);
}

static size_t bytes_of(const struct app_cache *cache, size_t *ret_things)
{
    size_t bytes = 0, things = 0;
    for (const struct held *held = cache->first; held; held = held->next) {
        bytes += held->bytes;
        things++;
    }
    if (ret_things)
        *ret_things = things;
    return bytes;
}

/* The one that was asked for longest ago among those that nobody holds. */
static struct held *oldest(const struct app_cache *cache, int64_t before_us)
{
    struct held *found = NULL;
    for (struct held *held = cache->first; held; held = held->next)
        if (held->state == READY && !held->holders && held->used_us < before_us &&
            (!found || held->used_us < found->used_us))
            found = held;
    return found;
}

static void make_room(struct app_cache *cache)
{
    struct held *held;
    while (bytes_of(cache, NULL) > cache->limit_bytes &&
           (held = oldest(cache, INT64_MAX)))
        drop(cache, held);
}

/* What is of another version and held by nobody; those rested on go in a later round. */
static void drop_stale(struct app_cache *cache, int64_t version, int64_t people)
{
    bool again = true;
    while (again) {
        again = false;
        for (struct held *held = cache->first, *next; held; held = next) {
            next = held->next;
            if (held->state == READY && !held->holders &&
                (held->version < version || (held->people && held->people < people))) {
                drop(cache, held);
                again = true;
                break;
            }
        }
    }
}

void cache_idle(struct app_cache *cache, int64_t before_us)
{
    struct held *held;
    pthread_mutex_lock(&cache->mutex);
    while ((held = oldest(cache, before_us)))
        drop(cache, held);
    pthread_mutex_unlock(&cache->mutex);
}

void cache_close(struct app_cache *cache)
{
    if (!cache)
        return;
    cache_idle(cache, INT64_MAX);
    pthread_cond_destroy(&cache->made);
    pthread_mutex_destroy(&cache->mutex);
    free(cache);
}

struct cache_counts cache_count(struct app_cache *cache)
{
    pthread_mutex_lock(&cache->mutex);
    struct cache_counts counts = cache->counts;
    counts.bytes = bytes_of(cache, &counts.things);
    pthread_mutex_unlock(&cache->mutex);
    return counts;
}

void held_release(struct held *held)
{
    if (!held)
        return;
    struct app_cache *cache = held->cache;
    pthread_mutex_lock(&cache->mutex);
    held->holders--;
    held->used_us = date_now_us();
    make_room(cache);
    pthread_mutex_unlock(&cache->mutex);
}

/* ---- finding, or making ---- */

static struct held *find(const struct app_cache *cache, const char *key)
{
    for (struct held *held = cache->first; held; held = held->next)
        if (held->state != FAILED && strcmp(held->key, key) == 0)
            return held;
    return NULL;
}

bool held_is_ready(struct app_cache *cache, const char *key)
{
    pthread_mutex_lock(&cache->mutex);
    const struct held *held = find(cache, key);
    bool ready = held && held->state == READY;
    pthread_mutex_unlock(&cache->mutex);
    return ready;
}

/* The thing of this key, held; *ret_make: it is new, and the caller makes it. */
enum vg_code held_take(struct app_cache *cache, const char *key, struct versions versions,
                       struct held **ret, bool *ret_make, struct vg_err *err)
{
    struct held *held;
    pthread_mutex_lock(&cache->mutex);
    while ((held = find(cache, key)) && held->state == MAKING)
        pthread_cond_wait(&cache->made, &cache->mutex);
    *ret_make = !held;
    if (held) {
        cache->counts.hits++;
    } else if ((held = calloc(1, sizeof *held)) && (held->key = strdup(key))) {
        held->cache = cache;
        held->version = versions.evidence;
        held->people = versions.people;
        held->next = cache->first;
        cache->first = held;
    } else {
        free(held);
        held = NULL;
    }
    if (held) {
        held->holders++;
        held->used_us = date_now_us();
        drop_stale(cache, versions.evidence, versions.people);
    }
    pthread_mutex_unlock(&cache->mutex);
    *ret = held;
    return held ? VG_OK : err_memory(err);
}

/* What was being made is there, or failed. */
enum vg_code held_settle(struct held *held, enum vg_code code, uint64_t *counter)
{
    struct app_cache *cache = held->cache;
    pthread_mutex_lock(&cache->mutex);
    held->state = code == VG_OK ? READY : FAILED;
    ++*counter;
    if (code != VG_OK) {
        held->holders--;
        drop(cache, held);
    } else {
        make_room(cache);
    }
    pthread_cond_broadcast(&cache->made);
    pthread_mutex_unlock(&cache->mutex);
    return code;
}

void held_rest_on(struct held *held, struct held *other)
{
    pthread_mutex_lock(&held->cache->mutex);
    held->rests_on = other;
    other->holders++;
    pthread_mutex_unlock(&held->cache->mutex);
}

/* ---- evidence ---- */

static enum vg_code take_base(struct app_cache *cache, struct store *store,
                              int64_t version, bool all, struct held **ret,
                              struct vg_err *err)
{
    char key[64];
    bool make;
    struct held *held;
    /* With every column is good for those who ask for fewer, too. */
    snprintf(key, sizeof key, "evidence %lld all", (long long)version);
    pthread_mutex_lock(&cache->mutex);
    bool there = find(cache, key) != NULL;
    pthread_mutex_unlock(&cache->mutex);
    if (!all && !there)
        snprintf(key, sizeof key, "evidence %lld", (long long)version);
    enum vg_code code =
        held_take(cache, key, (struct versions){version, 0}, &held, &make, err);
    if (code == VG_OK && make) {
        struct store_wants wants = {.all_attributes = all};
        code = workspace_load(store, &wants, &held->evidence, err);
        held->own_log = held->evidence.log != NULL;
        if (code == VG_OK)
            held->bytes = evidence_log_bytes(held->evidence.log) +
                          arena_used(held->evidence.arena) + sizeof *held;
        code = held_settle(held, code, &cache->counts.loads);
    }
    if (code == VG_OK)
        *ret = held;
    return code;
}

static enum vg_code take_part(struct app_cache *cache, struct held *base,
                              const struct question *question, const char *key,
                              struct held **ret, struct vg_err *err)
{
    struct held *held;
    bool make;
    enum vg_code code =
        held_take(cache, key, (struct versions){base->version, 0}, &held, &make, err);
    if (code == VG_OK && make) {
        held_rest_on(held, base);
        code = evidence_part(&base->evidence, question->journey, question->pause_s,
                             &question->filter, &held->evidence, &held->own_log, err);
        held->own_log = code == VG_OK && !held->own_log;
        if (code == VG_OK)
            held->bytes = sizeof *held + arena_used(held->evidence.arena) +
                          (held->own_log ? evidence_log_bytes(held->evidence.log) : 0);
        code = held_settle(held, code, &cache->counts.parts);
    }
    /* The query names something that is not there: the query is wrong, not the page. */
    if (code == VG_ERR_NOT_FOUND) {
        code = VG_ERR_USAGE;
        if (err)
            err->code = code;
    }
    if (code == VG_OK)
        *ret = held;
    return code;
}

enum vg_code cache_evidence(struct app_cache *cache, struct store *store,
                            const struct question *question, bool all, struct held **ret,
                            struct vg_err *err)
{
    struct held *base = NULL;
    struct buf key = {0};
    int64_t version = 0;
    enum vg_code code = store_evidence_version(store, &version, err);
    if (code == VG_OK)
        code = take_base(cache, store, version, all || question->attributes, &base, err);
    if (code != VG_OK || !question->key[0] || !base->evidence.log->events) {
        if (code == VG_OK)
            *ret = base;
        return code;
    }
    buf_printf(&key, "%s\n%s", base->key, question->key);
    code = key.failed ? err_memory(err) : VG_OK;
    if (code == VG_OK)
        code = take_part(cache, base, question, key.ptr, ret, err);
    buf_free(&key);
    held_release(base);
    return code;
}

/* ---- what is held ---- */

const struct evidence *held_evidence(const struct held *held)
{
    return held->rests_on && !held->evidence.log ? held_evidence(held->rests_on)
                                                 : &held->evidence;
}

const struct path *held_path(const struct held *held)
{
    return &held->path;
}

const struct study *held_study(const struct held *held)
{
    return &held->study;
}

const struct whatif *held_whatif(const struct held *held)
{
    return held->whatif;
}

const struct vg_map *held_map(const struct held *held)
{
    return held->map;
}

int64_t held_head(const struct held *held)
{
    return held->head;
}

int64_t held_version(const struct held *held)
{
    return held->version;
}
