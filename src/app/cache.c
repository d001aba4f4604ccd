/* Declared in app/cache.h. */
#include "app/cache.h"

#include "app/paths.h"

#include "app/workspace.h"
#include "base/date.h"
#include "base/lang.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum state { MAKING, READY, FAILED };
enum { EMPTY_LOG_BYTES = 4096 };

struct held {
    struct app_cache *cache;
    struct held *next;
    char *key;
    enum state state;
    unsigned holders;
    atomic_size_t bytes; /* told by who makes it, added up by others meanwhile */
    int64_t used_us, version, head;
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
static void drop_stale(struct app_cache *cache, int64_t version)
{
    bool again = true;
    while (again) {
        again = false;
        for (struct held *held = cache->first, *next; held; held = next) {
            next = held->next;
            if (held->state == READY && !held->holders && held->version < version) {
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

/* The thing of this key, held; *ret_make: it is new, and the caller makes it. */
static enum vg_code take(struct app_cache *cache, const char *key, int64_t version,
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
        held->version = version;
        held->next = cache->first;
        cache->first = held;
    } else {
        free(held);
        held = NULL;
    }
    if (held) {
        held->holders++;
        held->used_us = date_now_us();
        drop_stale(cache, version);
    }
    pthread_mutex_unlock(&cache->mutex);
    *ret = held;
    return held ? VG_OK : err_memory(err);
}

/* What was being made is there, or failed. */
static enum vg_code settle(struct held *held, enum vg_code code, uint64_t *counter)
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

static void rest_on(struct held *held, struct held *other)
{
    pthread_mutex_lock(&held->cache->mutex);
    held->rests_on = other;
    other->holders++;
    pthread_mutex_unlock(&held->cache->mutex);
}

/* ---- evidence ---- */

static size_t dict_bytes(const struct dict *dict)
{
    return dict->bytes_capacity + dict->start_capacity * 8 + (size_t)dict->count * 22;
}

static size_t log_bytes(const struct vg_log *log)
{
    size_t event = 10u + (log->channel ? 2u : 0u) + (log->touchpoint ? 2u : 0u) +
                   (log->actor ? 4u : 0u) + (log->score ? 4u : 0u) +
                   (log->scale ? 1u : 0u) + (log->text ? 4u : 0u) +
                   log->attribute_count * 4;
    const struct dict *dicts[] = {&log->trace_names, &log->activities, &log->channels,
                                  &log->touchpoints, &log->actors,     &log->texts};
    size_t bytes = EMPTY_LOG_BYTES + log->events * event + log->traces * 16;
    for (size_t i = 0; i < COUNT_OF(dicts); i++)
        bytes += dict_bytes(dicts[i]);
    for (size_t i = 0; i < log->attribute_count; i++)
        bytes += dict_bytes(&log->attributes[i].values);
    return bytes;
}

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
    enum vg_code code = take(cache, key, version, &held, &make, err);
    if (code == VG_OK && make) {
        struct store_wants wants = {.all_attributes = all};
        code = workspace_load(store, &wants, &held->evidence, err);
        held->own_log = held->evidence.log != NULL;
        if (code == VG_OK)
            held->bytes = log_bytes(held->evidence.log) +
                          arena_used(held->evidence.arena) + sizeof *held;
        code = settle(held, code, &cache->counts.loads);
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
    enum vg_code code = take(cache, key, base->version, &held, &make, err);
    if (code == VG_OK && make) {
        rest_on(held, base);
        code = evidence_part(&base->evidence, question->journey, question->pause_s,
                             &question->filter, &held->evidence, &held->own_log, err);
        held->own_log = code == VG_OK && !held->own_log;
        if (code == VG_OK)
            held->bytes = sizeof *held + arena_used(held->evidence.arena) +
                          (held->own_log ? log_bytes(held->evidence.log) : 0);
        code = settle(held, code, &cache->counts.parts);
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

/* ---- studies ---- */

static enum vg_code study_key(struct store *store, const char *map, int64_t head,
                              const struct question *question, struct buf *ret,
                              int64_t *ret_version, struct vg_err *err)
{
    enum vg_code code = store_evidence_version(store, ret_version, err);
    if (code == VG_OK) /* what is late, or stale, depends on the day */
        buf_printf(ret, "study %lld %lld %s %lld %s\n%s", (long long)*ret_version,
                   (long long)head, lang_code(lang_get()),
                   (long long)(date_today_us() / US_PER_DAY), map, question->key);
    return code == VG_OK && ret->failed ? err_memory(err) : code;
}

static enum vg_code make_study(struct app_cache *cache, struct store *store,
                               const struct question *question, struct held *held,
                               struct vg_map *map, struct vg_err *err)
{
    struct held *evidence = NULL;
    struct vg_map *draft = NULL;
    bool all = map->kind == MAP_SUCCESS_PATH; /* readings are in columns of the files */
    enum vg_code code = cache_evidence(cache, store, question, all, &evidence, err);
    if (code != VG_OK) {
        map_close(map);
        return code;
    }
    rest_on(held, evidence);
    held_release(evidence);
    held->map = map;
    held->arena = arena_open(0);
    bool seen = evidence->evidence.log->events > 0;
    struct study_options options = {.evidence = seen ? &evidence->evidence : NULL,
                                    .map = map,
                                    .progress = question->progress};
    code = held->arena ? study_fill(held->arena, &options, &held->study, &draft, err)
                       : err_memory(err);
    held->bytes = sizeof *held + (held->arena ? arena_used(held->arena) : 0) +
                  2 * arena_used(map->arena);
    return code;
}

static enum vg_code make_path(struct app_cache *cache, struct store *store,
                              bool found_too, struct held *held, struct vg_map *map,
                              struct vg_err *err)
{
    const struct question all = {.filter = LOG_FILTER_ALL, .key = ""};
    struct held *evidence = NULL;
    enum vg_code code = cache_evidence(cache, store, &all, true, &evidence, err);
    if (code != VG_OK) {
        map_close(map);
        return code;
    }
    rest_on(held, evidence);
    held_release(evidence);
    held->map = map;
    held->arena = arena_open(0);
    code = held->arena ? paths_find(held->arena, store, evidence->evidence.log, map,
                                    found_too, date_today_us(), &held->path, err)
                       : err_memory(err);
    held->bytes = sizeof *held + (held->arena ? arena_used(held->arena) : 0) +
                  2 * arena_used(map->arena);
    return code;
}

/* What is held of the key, or a new thing of this map, to be made. */
static enum vg_code take_of_map(struct app_cache *cache, struct store *store,
                                const char *map, const char *key_start,
                                const struct question *question, struct held **ret,
                                struct vg_map **ret_make, struct vg_err *err)
{
    struct vg_map *document = NULL;
    struct held *held = NULL;
    struct buf key = {0};
    int64_t head = 0, version = 0;
    bool make = false;
    enum vg_code code = maps_read(store, map, -1, &document, &head, err);
    buf_text(&key, key_start);
    if (code == VG_OK)
        code = study_key(store, map, head, question, &key, &version, err);
    if (code == VG_OK)
        code = take(cache, key.ptr, version, &held, &make, err);
    buf_free(&key);
    if (code != VG_OK || !make) {
        map_close(document);
        document = NULL;
    } else {
        held->head = head;
    }
    if (code == VG_OK) {
        *ret = held;
        *ret_make = document;
    }
    return code;
}

enum vg_code cache_study(struct app_cache *cache, struct store *store, const char *map,
                         const struct question *question, struct held **ret,
                         struct vg_err *err)
{
    struct vg_map *make = NULL;
    struct held *held = NULL;
    enum vg_code code = take_of_map(cache, store, map, "", question, &held, &make, err);
    if (code == VG_OK && make) {
        code = make_study(cache, store, question, held, make, err);
        code = settle(held, code, &cache->counts.studies);
    }
    if (code == VG_OK)
        *ret = held;
    return code;
}

enum vg_code cache_path(struct app_cache *cache, struct store *store, const char *map,
                        bool found_too, struct held **ret, struct vg_err *err)
{
    const struct question all = {.filter = LOG_FILTER_ALL, .key = ""};
    struct vg_map *make = NULL;
    struct held *held = NULL;
    enum vg_code code = take_of_map(cache, store, map, found_too ? "path+ " : "path ",
                                    &all, &held, &make, err);
    if (code == VG_OK && make) {
        code = make_path(cache, store, found_too, held, make, err);
        code = settle(held, code, &cache->counts.studies);
    }
    if (code == VG_OK)
        *ret = held;
    return code;
}

/* ---- chains ---- */

static enum vg_code make_whatif(struct app_cache *cache, struct store *store,
                                const struct question *question,
                                const struct whatif_options *options, struct held *held,
                                struct vg_map *map, struct vg_err *err)
{
    struct held *evidence = NULL;
    held->map = map;
    held->arena = arena_open(0);
    enum vg_code code = held->arena ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = cache_evidence(cache, store, question, false, &evidence, err);
    if (code == VG_OK)
        code = whatif_make(held->arena, held_evidence(evidence)->log, map, options,
                           &held->whatif, err);
    held_release(evidence);
    held->bytes = sizeof *held + (held->arena ? arena_used(held->arena) : 0) +
                  2 * arena_used(map->arena);
    return code;
}

enum vg_code cache_whatif(struct app_cache *cache, struct store *store, const char *map,
                          const struct question *question,
                          const struct whatif_options *options, struct held **ret,
                          struct vg_err *err)
{
    struct vg_map *document = NULL;
    struct held *held = NULL;
    struct buf key = {0};
    int64_t head = 0, version = 0;
    bool make = false;
    enum vg_code code = maps_read(store, map, -1, &document, &head, err);
    if (code == VG_OK)
        code = store_evidence_version(store, &version, err);
    buf_printf(&key, "whatif %lld %lld %.17g %s %s\n%s", (long long)version,
               (long long)head, options->value_each, map,
               options->arrival ? options->arrival : "", question->key);
    if (code == VG_OK)
        code = key.failed ? err_memory(err)
                          : take(cache, key.ptr, version, &held, &make, err);
    buf_free(&key);
    if (code != VG_OK || !make) {
        map_close(document);
        if (code == VG_OK)
            *ret = held;
        return code;
    }
    held->head = head;
    code = make_whatif(cache, store, question, options, held, document, err);
    code = settle(held, code, &cache->counts.studies);
    if (code == VG_OK)
        *ret = held;
    return code;
}

bool cache_has_study(struct app_cache *cache, struct store *store, const char *map,
                     const struct question *question)
{
    struct vg_map *document = NULL;
    struct buf key = {0};
    int64_t head = 0, version = 0;
    bool there = false;
    struct vg_err err = {0};
    if (maps_read(store, map, -1, &document, &head, &err) == VG_OK &&
        study_key(store, map, head, question, &key, &version, &err) == VG_OK) {
        pthread_mutex_lock(&cache->mutex);
        struct held *held = find(cache, key.ptr);
        there = held && held->state == READY;
        pthread_mutex_unlock(&cache->mutex);
    }
    map_close(document);
    buf_free(&key);
    return there;
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
