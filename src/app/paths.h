/* paths: the success paths of a workspace: enrolling customers, writing down what they
 * did, the path as it stands, what is told to whom.
 * Ownership  what comes back lives in the arena, or is the caller's JSON. */
#ifndef APP_PATHS_H
#define APP_PATHS_H

#include "app/cache.h"
#include "improve/path.h"
#include "store/alerts.h"
#include "store/paths.h"

/* ---- the path as it stands ---- */

/* Enrolments and progress of the data file, held against the log (of everything, with all
 * columns) as the question says, whose own enrolments are not looked at. Log and map must
 * live as long as what comes back. */
MUST_CHECK enum vg_code paths_find(struct arena *arena, struct store *store,
                                   const struct path_question *question, struct path *ret,
                                   struct vg_err *err);
/* The evidence of those among whom clients may be found: whom the map's protagonist
 * stands for. *ret NULL: it has no filter, all are. A filter that this evidence cannot
 * answer finds nobody: *ret_nobody, and *ret NULL. */
MUST_CHECK enum vg_code paths_found_in(struct app_cache *cache, struct store *store,
                                       struct arena *arena, const struct vg_map *map,
                                       struct held **ret, bool *ret_nobody,
                                       struct vg_err *err);
/* Who is on the map, as the path wants it; `log` not NULL: only those it has a journey
 * of (of a part of the evidence). */
MUST_CHECK enum vg_code paths_enrolments(struct arena *arena, struct store *store,
                                         const char *map, const struct vg_log *log,
                                         const struct path_enrolment **ret,
                                         size_t *ret_count, struct vg_err *err);
/* The maps that are success paths, or have customers on them: [{id, title, head, updated,
 * phases, clients, states: {name: n}, low, passed, gates, attainment, alerts}]. */
MUST_CHECK enum vg_code paths_cards(struct app_cache *cache, struct store *store,
                                    struct arena *arena, json_t **ret,
                                    struct vg_err *err);
/* The board as CSV: a line for each client. */
MUST_CHECK enum vg_code paths_csv(const struct path *path, struct buf *out,
                                  struct vg_err *err);

/* ---- enrolling (enrol.c) ---- */

/* {start, metrics: {id: {baseline, target, due}}} as an enrolment's body; `map` tells
 * which metrics there are. start and metrics may be NULL. VG_ERR_INPUT. */
MUST_CHECK enum vg_code enrol_body(struct arena *arena, const struct vg_map *map,
                                   const char *start, const json_t *metrics,
                                   const char **ret, struct vg_err *err);
/* "2025-11-03", "today", "" or NULL (now): not after today. VG_ERR_INPUT names `where`.
 */
MUST_CHECK enum vg_code enrol_day(const char *text, const char *where, int64_t *ret_us,
                                  struct vg_err *err);
struct enrolled {
    size_t found, added; /* the others were on the path already */
};
struct enrol_rows {
    str text; /* CSV, UTF-8 */
    const char *name;
    bool another; /* as in struct enrolment_new, for all of them */
};
/* The rows of a table: a column of customers (the first, unless another is called so),
 * perhaps one of days, one of where each starts from. VG_ERR_INPUT names the line. */
MUST_CHECK enum vg_code enrol_table(struct store *store, struct arena *arena,
                                    const struct vg_map *map,
                                    const struct enrol_rows *from, struct enrolled *ret,
                                    struct vg_err *err);
/* Whom a log (of a rule over the evidence) holds, each since the first event in it.
 * only_look: nobody is enrolled. */
MUST_CHECK enum vg_code enrol_log(struct store *store, struct arena *arena,
                                  const struct vg_map *map, const struct vg_log *log,
                                  bool only_look, struct enrolled *ret,
                                  struct vg_err *err);

/* ---- rules that go on enrolling (rules.c) ---- */

/* Keep a filter by names and values as a rule of the map; *ret is its id. */
MUST_CHECK enum vg_code rules_keep(struct store *store, struct arena *arena,
                                   const char *map, const struct pair *pairs,
                                   size_t count, const char **ret, struct vg_err *err);
/* A kept rule as a query string, for an address. NULL: memory. */
const char *rules_query(struct arena *arena, const char *rule) MUST_CHECK;
struct rules_done {
    const char **maps; /* onto which somebody came */
    size_t map_count, added;
};
/* Ask the rules of all maps of the evidence, those that were not asked of this version of
 * it. What a rule names may be gone from the evidence: then it finds nobody. */
MUST_CHECK enum vg_code rules_apply(struct app_cache *cache, struct store *store,
                                    struct arena *arena, struct rules_done *ret,
                                    struct vg_err *err);

/* ---- what happened on the way (progress.c) ---- */

struct progress_wish {
    enum progress_kind kind;
    const char *item; /* id of a step, metric, phase or proof; of a step also its title */
    const char *text; /* NULL: none */
    const char *on;   /* a day; NULL: now */
    double value;     /* NAN: none */
    bool by_client;
    const char *client; /* the sender's own name for it, or NULL */
    const void *bytes;  /* a file with it, or NULL */
    size_t len;
    const char *file_name;
};
/* Checked against the map; the event is called as the map says. VG_ERR_INPUT,
 * VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code paths_progress(struct store *store, struct arena *arena,
                                       const struct vg_map *map, const char *enrolment,
                                       const struct progress_wish *wish, int64_t *ret_id,
                                       bool *ret_known, struct vg_err *err);
/* Rows as the API tells them, to the team. NULL: memory. */
json_t *progress_json(const struct progress_row *row, const char *name) MUST_CHECK;
/* All that is kept of a customer because of paths (GDPR, articles 15 and 20): enrolments,
 * progress, files with their bytes in base64, links, alerts, tasks. */
MUST_CHECK enum vg_code paths_export(struct store *store, struct arena *arena,
                                     const char *const *names, size_t name_count,
                                     json_t **ret, struct vg_err *err);

/* ---- alerts and playbooks (playbooks.c) ---- */

struct playbooks_done {
    struct alerts_told told;
    size_t tasks, deliveries; /* made */
};
/* Open and end the alerts of a map as the path says, and run the playbooks that are on,
 * once for each alert. webhooks: calls to other programs may be made. */
MUST_CHECK enum vg_code playbooks_run(struct store *store, struct arena *arena,
                                      const struct path *path, bool webhooks,
                                      struct playbooks_done *ret, struct vg_err *err);
/* A playbook's words for a client: {cliente}, {customer}, {fase}, {phase}, {tappa},
 * {step}, {giorni}, {days}. NULL: memory. */
const char *playbook_words(struct arena *arena, const struct path *path,
                           const struct path_client *client, const char *kind,
                           const char *text) MUST_CHECK;

#endif
