/* What the cache makes of a map: studies, paths, chains. Declared in app/cache.h. */
#include "app/cache_parts.h"
#include "app/paths.h"
#include "base/date.h"
#include "base/lang.h"
#include "store/maps.h"

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
        buf_printf(ret, "study %lld %lld %lld %s %lld %s\n%s\n%s",
                   (long long)ret_versions->evidence, (long long)ret_versions->people,
                   (long long)head, lang_code(lang_get()),
                   (long long)(date_today_us() / US_PER_DAY), map, question->key,
                   question->whole ? question->whole->key : "-");
    return code == VG_OK && ret->failed ? err_memory(err) : code;
}

/* Who is on the path, into the study; of a part of the evidence only those it has: all
 * the same where a persona alone makes it one. *ret_whole: what they did, to be let go.
 */
static enum vg_code take_people(struct app_cache *cache, struct store *store,
                                const struct question *question, struct held *held,
                                struct study_options *options, struct held **ret_whole,
                                struct vg_err *err)
{
    const struct question *whole = question->whole ? question->whole : question;
    if (held->map->kind != MAP_SUCCESS_PATH)
        return VG_OK;
    enum vg_code code = cache_evidence(cache, store, whole, true, ret_whole, err);
    if (code != VG_OK)
        return code;
    options->people_log = held_evidence(*ret_whole)->log;
    return paths_enrolments(held->arena, store, held->map->id,
                            whole->key[0] ? options->people_log : NULL,
                            &options->enrolments, &options->enrolment_count, err);
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
    held_rest_on(held, evidence);
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
    struct held *whole = NULL;
    struct vg_map *draft = NULL;
    bool all = map->kind == MAP_SUCCESS_PATH; /* readings are in columns of the files */
    struct study_options options = {.map = map, .progress = question->progress};
    enum vg_code code = begin(cache, store, question, all, held, map, &evidence, err);
    if (code == VG_OK && evidence->log->events)
        options.evidence = evidence;
    if (code == VG_OK)
        code = take_people(cache, store, question, held, &options, &whole, err);
    if (code == VG_OK)
        code = study_fill(held->arena, &options, &held->study, &draft, err);
    held_release(whole);
    held->bytes = bytes_over(held);
    return code;
}

static enum vg_code make_path(struct app_cache *cache, struct store *store,
                              enum path_whom whom, struct held *held, struct vg_map *map,
                              struct vg_err *err)
{
    const struct question all = {.filter = LOG_FILTER_ALL, .key = ""};
    const struct vg_log nobody = {0};
    const struct evidence *evidence = NULL;
    struct held *among = NULL;
    bool none = false;
    enum vg_code code = begin(cache, store, &all, true, held, map, &evidence, err);
    if (code == VG_OK && whom != PATH_FOUND_OF_ALL)
        code = paths_found_in(cache, store, held->arena, map, &among, &none, err);
    struct path_question question = {
        .map = map, .found_too = whom != PATH_ENROLLED, .today_us = date_today_us()};
    if (code == VG_OK) {
        question.log = evidence->log;
        question.found_in = among ? held_evidence(among)->log : none ? &nobody : NULL;
        code = paths_find(held->arena, store, &question, &held->path, err);
    }
    held_release(among);
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
        code = held_take(cache, key.ptr, versions, &held, &make, err);
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
        code = held_settle(held, code, &cache->counts.studies);
    }
    if (code == VG_OK)
        *ret = held;
    return code;
}

enum vg_code cache_path(struct app_cache *cache, struct store *store, const char *map,
                        enum path_whom whom, struct held **ret, struct vg_err *err)
{
    static const char *const starts[] = {"path ", "path+ ", "path++ "};
    const struct question all = {.filter = LOG_FILTER_ALL, .key = ""};
    struct vg_map *make = NULL;
    struct held *held = NULL;
    enum vg_code code =
        take_of_map(cache, store, map, starts[whom], &all, &held, &make, err);
    if (code == VG_OK && make) {
        code = make_path(cache, store, whom, held, make, err);
        code = held_settle(held, code, &cache->counts.studies);
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
                          : held_take(cache, key.ptr, (struct versions){version, 0},
                                      &held, &make, err);
    buf_free(&key);
    if (code != VG_OK || !make) {
        map_close(document);
        if (code == VG_OK)
            *ret = held;
        return code;
    }
    held->head = head;
    code = make_whatif(cache, store, question, options, held, document, err);
    code = held_settle(held, code, &cache->counts.studies);
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
        there = held_is_ready(cache, key.ptr);
    }
    map_close(document);
    buf_free(&key);
    return there;
}
