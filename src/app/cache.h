/* cache: evidence and studies that several questions share, so that a second question on
 * the same evidence loads nothing.
 *
 * Shape      what is held is immutable and counted: a `held` stays as it is until it is
 *            let go, whatever comes into the file meanwhile. Everything is keyed by the
 *            evidence's version; what is of an older one goes with its last holder.
 * Threads    any number; who asks for what another is just making waits for it.
 * Cost       at most the limit in bytes, least recently asked first out; what is held is
 *            never thrown away. cache_idle gives all of it back when nobody asks. */
#ifndef APP_CACHE_H
#define APP_CACHE_H

#include "app/question.h"
#include "app/study.h"
#include "improve/path.h"
#include "improve/whatif.h"

struct app_cache;
struct held; /* one thing of the cache */

/* NULL when memory is used up. */
struct app_cache *cache_open(size_t limit_bytes) MUST_CHECK;
void cache_close(
    struct app_cache *cache); /* NULL is fine; nothing may be held any more */
/* Let go of everything that was not asked for since `before_us`. */
void cache_idle(struct app_cache *cache, int64_t before_us);

struct cache_counts {
    uint64_t loads, parts, studies; /* made so far */
    uint64_t hits;
    size_t things, bytes; /* now */
};
struct cache_counts cache_count(struct app_cache *cache);

/* The evidence a question asks about. VG_ERR_USAGE: it names what the evidence does not
 * have. `all`: with every column. */
MUST_CHECK enum vg_code cache_evidence(struct app_cache *cache, struct store *store,
                                       const struct question *question, bool all,
                                       struct held **ret, struct vg_err *err);
/* A map, as of its head, held against it; without any evidence only its checks. In the
 * thread's language. VG_ERR_CANCELLED: question->progress said stop, nothing is kept, and
 * who waits for the same makes it. */
MUST_CHECK enum vg_code cache_study(struct app_cache *cache, struct store *store,
                                    const char *map, const struct question *question,
                                    struct held **ret, struct vg_err *err);
/* A map, as of its head, as a success path: who is on it, and how they fare. In the
 * thread's language. Whoever is enrolled is; whom only the evidence shows on it is found
 * where that is asked for or nobody is enrolled, among the customers of the map's
 * protagonist (a persona may carry a filter), or among everybody. */
enum path_whom { PATH_ENROLLED, PATH_FOUND_TOO, PATH_FOUND_OF_ALL };
MUST_CHECK enum vg_code cache_path(struct app_cache *cache, struct store *store,
                                   const char *map, enum path_whom whom,
                                   struct held **ret, struct vg_err *err);
/* The chain of a map's steps (improve/whatif.h), with the map as of its head: many
 * sliders ask the same one. */
MUST_CHECK enum vg_code cache_whatif(struct app_cache *cache, struct store *store,
                                     const char *map, const struct question *question,
                                     const struct whatif_options *options,
                                     struct held **ret, struct vg_err *err);
/* Is that study at hand, so that asking for it costs nothing? */
bool cache_has_study(struct app_cache *cache, struct store *store, const char *map,
                     const struct question *question);

const struct evidence *held_evidence(const struct held *held);
const struct path *held_path(const struct held *held);     /* of cache_path */
const struct study *held_study(const struct held *held);   /* of cache_study */
const struct whatif *held_whatif(const struct held *held); /* of cache_whatif */
const struct vg_map *held_map(const struct held *held);    /* of it, and of a study */
int64_t held_head(const struct held *held);                /* of the map */
int64_t held_version(const struct held *held);             /* of the evidence */
void held_release(struct held *held);                      /* NULL is fine */

#endif
