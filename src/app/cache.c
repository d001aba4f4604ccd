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

/* Of what something is made: the evidence, and, where who is on a path tells in it,
 * that; people 0: it does not. */
struct versions {
    int64_t evidence, people;
};

/* The thing of this key, held; *ret_make: it is new, and the caller makes it. */
static enum vg_code take(struct app_cache *cache, const char *key,
                         struct versions versions, struct held **ret, bool *ret_make,
                         struct vg_err *err)
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
        take(cache, key, (struct versions){version, 0}, &held, &make, err);
    if (code == VG_OK && make) {
        struct store_wants wants = {.all_attributes = all};
        code = workspace_load(store, &wants, &held->evidence, err);
        held->own_log = held->evidence.log != NULL;
        if (code == VG_OK)
            held->bytes = evidence_log_bytes(held->evidence.log) +
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
    enum vg_code code =
        take(cache, key, (struct versions){base->version, 0}, &held, &make, err);
    if (code == VG_OK && make) {
        rest_on(held, base);
        code = evidence_part(&base->evidence, question->journey, question->pause_s,
                             &question->filter, &held->evidence, &held->own_log, err);
        held->own_log = code == VG_OK && !held->own_log;
        if (code == VG_OK)
            held->bytes = sizeof *held + arena_used(held->evidence.arena) +
                          (held->own_log ? evidence_log_bytes(held->evidence.log) : 0);
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

/* `with_people`: of a success path, on which people are. */
static enum vg_code study_key(struct store *store, const char *map, int64_t head,
                              bool with_people, const struct question *question,
                              struct buf *ret, struct versions *ret_versions,
                              struct vg_err *err)
{
    *ret_versions = (struct versions){0, 0};
    enum vg_code code = store_evidence_version(store, &ret_versions->evidence, err);
    if (code == VG_OK && with_people)
        code = store_path_version(store, &ret_versions->people, err);
    ret_versions->people += with_people; /* from 1 on */
    if (code == VG_OK)                   /* what is late, or stale, depends on the day */
        buf_printf(ret, "study %lld %lld %lld %s %lld %s\n%s",
                   (long long)ret_versions->evidence, (long long)ret_versions->people,
                   (long long)head, lang_code(lang_get()),
                   (long long)(date_today_us() / US_PER_DAY), map, question->key);
    return code == VG_OK && ret->failed ? err_memory(err) : code;
}

/* Who is on the path, into the study; of a part of the evidence only those it has. */
static enum vg_code take_people(struct store *store, const struct question *question,
                                const struct vg_log *log, struct held *held,
                                struct study_options *options, struct vg_err *err)
{
    if (held->map->kind != MAP_SUCCESS_PATH)
        return VG_OK;
    return paths_enrolments(held->arena, store, held->map->id,
                            question->key[0] ? log : NULL, &options->enrolments,
                            &options->enrolment_count, err);
}

/* A thing of this map (its own from now on) over the part of the evidence asked about. */
static enum vg_code begin(struct app_cache *cache, struct store *store,
                          const struct question *question, bool all, struct held *held,
                          struct vg_map *map, const struct evidence **ret,
                          struct vg_err *err)
{
    struct held *evidence = NULL;
    held->map = map;
    enum vg_code code = cache_evidence(cache, store, question, all, &evidence, err);
    if (code != VG_OK)
        return code;
    rest_on(held, evidence);
    held_release(evidence);
    *ret = held_evidence(evidence);
    held->arena = arena_open(0);
    return held->arena ? VG_OK : err_memory(err);
}

static size_t bytes_over(const struct held *held)
{
    return sizeof *held + (held->arena ? arena_used(held->arena) : 0) +
           2 * arena_used(held->map->arena);
}

static enum vg_code make_study(struct app_cache *cache, struct store *store,
                               const struct question *question, struct held *held,
                               struct vg_map *map, struct vg_err *err)
{
    const struct evidence *evidence = NULL;
    struct vg_map *draft = NULL;
    bool all = map->kind == MAP_SUCCESS_PATH; /* readings are in columns of the files */
    struct study_options options = {.map = map, .progress = question->progress};
    enum vg_code code = begin(cache, store, question, all, held, map, &evidence, err);
    if (code == VG_OK && evidence->log->events)
        options.evidence = evidence;
    if (code == VG_OK)
        code = take_people(store, question, evidence->log, held, &options, err);
    if (code == VG_OK)
        code = study_fill(held->arena, &options, &held->study, &draft, err);
    held->bytes = bytes_over(held);
    return code;
}

static enum vg_code make_path(struct app_cache *cache, struct store *store,
                              bool found_too, struct held *held, struct vg_map *map,
                              struct vg_err *err)
{
    const struct question all = {.filter = LOG_FILTER_ALL, .key = ""};
    const struct evidence *evidence = NULL;
    enum vg_code code = begin(cache, store, &all, true, held, map, &evidence, err);
    if (code == VG_OK)
        code = paths_find(held->arena, store, evidence->log, map, found_too,
                          date_today_us(), &held->path, err);
    held->bytes = bytes_over(held);
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
    int64_t head = 0;
    struct versions versions;
    bool make = false;
    enum vg_code code = maps_read(store, map, -1, &document, &head, err);
    bool people = document && (key_start[0] || document->kind == MAP_SUCCESS_PATH);
    buf_text(&key, key_start);
    if (code == VG_OK)
        code = study_key(store, map, head, people, question, &key, &versions, err);
    if (code == VG_OK)
        code = take(cache, key.ptr, versions, &held, &make, err);
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
    held->bytes = bytes_over(held);
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
                          : take(cache, key.ptr, (struct versions){version, 0}, &held,
                                 &make, err);
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
    int64_t head = 0;
    struct versions versions;
    bool there = false;
    struct vg_err err = {0};
    if (maps_read(store, map, -1, &document, &head, &err) == VG_OK &&
        study_key(store, map, head, document->kind == MAP_SUCCESS_PATH, question, &key,
                  &versions, &err) == VG_OK) {
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
