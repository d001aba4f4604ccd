/* improve: the results of a map: its KPIs, what its actions achieved, how many it takes,
 * and what mending would be worth; the same for shell and server.
 *
 * Ownership  answers live in the arena that is given. */
#ifndef APP_IMPROVE_H
#define APP_IMPROVE_H

#include "app/cache.h"
#include "improve/results.h"

/* Where the logs come from. Made by one of the two below; improve_close. */
struct improve_logs;
/* The shell's evidence, read with all attributes when improve_wants_all says so. `store`
 * (or NULL) has the filters of personas. */
MUST_CHECK enum vg_code improve_of_evidence(const struct evidence *evidence,
                                            struct store *store, const struct vg_map *map,
                                            struct improve_logs **ret,
                                            struct vg_err *err);
/* The server's: the part of the evidence that `pairs` ask for, through the cache. */
MUST_CHECK enum vg_code improve_of_cache(struct app_cache *cache, struct store *store,
                                         const struct vg_map *map,
                                         const struct pair *pairs, size_t pair_count,
                                         struct improve_logs **ret, struct vg_err *err);
/* Whom the map is about: only they are measured. A comparison group may be others. (Of
 * improve_of_cache these are the pairs called persona.) */
void improve_is_about(struct improve_logs *logs, const struct pair *pairs, size_t count);
void improve_close(struct improve_logs *logs); /* NULL is fine */
/* What results.h asks; lives as long as `logs`. */
const struct results_source *improve_source(const struct improve_logs *logs);
/* Do the KPIs or groups of a map need columns that a log does not always have? */
bool improve_wants_all(const struct vg_map *map);

/* Put into a study what its map's actions achieved, and, with `kpis`, all it watches.
 * Nothing is put where the map watches nothing. The results live in `arena`. */
MUST_CHECK enum vg_code improve_study(struct arena *arena,
                                      const struct improve_logs *logs, bool kpis,
                                      struct study *study, struct vg_err *err);

/* A KPI by words, of a request or an address: what is empty is not said. With `id`, that
 * KPI of the map. VG_ERR_USAGE, VG_ERR_NOT_FOUND. */
struct improve_words {
    const char *id, *name, *kind, *from, *to, *journey, *direction, *every;
    double quantile; /* NAN: not said */
    double window_s; /* 0: not said */
};
MUST_CHECK enum vg_code improve_kpi(struct arena *arena, const struct vg_map *map,
                                    const struct improve_words *words,
                                    struct map_kpi *ret, struct vg_err *err);
/* The action of this id or title. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code improve_action(struct arena *arena, const struct vg_map *map,
                                       const char *name, const struct map_action **ret,
                                       struct vg_err *err);

#endif
