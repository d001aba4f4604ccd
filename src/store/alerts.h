/* alerts: what calls for somebody on a success path, what playbooks made of it, and what
 * is to be told to other programs.
 *
 * Invariant  one alert for each crossing: it is opened when a customer comes into a
 * state, over when he leaves it, and the next time is another; each playbook runs once
 *            for each alert, whatever happens in between. */
#ifndef STORE_ALERTS_H
#define STORE_ALERTS_H

#include "store/store.h"

#define STORE_SECRET_BYTES 65 /* 64 digits and NUL */

struct alert_row {
    int64_t id;
    const char *enrolment, *map, *customer, *kind, *place; /* kind: "stuck", "behind",
                                                              "silent", "low" */
    int64_t since_us, at_us, snoozed_us, over_us;          /* 0: not */
};
/* A state that holds now. */
struct alert_now {
    const char *enrolment, *kind, *place;
    int64_t since_us;
};
struct alerts_told {
    struct alert_row *opened; /* in the arena */
    size_t opened_count, over_count;
};
/* What holds now of all enrolments of a map: opens what is new, ends what holds no more.
 * One transaction, and none when nothing changed. */
MUST_CHECK enum vg_code alerts_tell(struct store *store, struct arena *arena,
                                    const char *map, const struct alert_now *list,
                                    size_t count, int64_t now_us, struct alerts_told *ret,
                                    struct vg_err *err);
/* Those that are not over, of maps that are not in the bin, the latest first; snoozed
 * ones only when asked for. map NULL: of all. */
MUST_CHECK enum vg_code alert_list(struct store *store, struct arena *arena,
                                   const char *map, int64_t now_us, bool snoozed,
                                   struct alert_row **ret, size_t *ret_count,
                                   struct vg_err *err);
/* Not shown before `until_us`; 0: shown again. VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code alert_snooze(struct store *store, int64_t id, int64_t until_us,
                                     struct vg_err *err);

/* ---- what playbooks made of them ---- */

struct task_row {
    int64_t id, alert; /* alert 0: none */
    const char *enrolment, *map, *customer, *playbook, *kind, *title, *text, *owner,
        *state, *closed_by;
    int64_t created_us, closed_us; /* 0: not closed */
};
struct task_new {
    const char *enrolment, *playbook, *kind, *title, *text, *owner;
    int64_t alert;
};
/* *ret_made false: this playbook made one of this alert already. */
MUST_CHECK enum vg_code task_add(struct store *store, const struct task_new *new,
                                 bool *ret_made, struct vg_err *err);
/* state NULL: all; enrolment NULL: of all. The latest first. */
MUST_CHECK enum vg_code task_list(struct store *store, struct arena *arena,
                                  const char *state, const char *enrolment,
                                  struct task_row **ret, size_t *ret_count,
                                  struct vg_err *err);
MUST_CHECK enum vg_code task_get(struct store *store, struct arena *arena, int64_t id,
                                 struct task_row *ret, struct vg_err *err);
/* NULL: stays. */
MUST_CHECK enum vg_code task_change(struct store *store, int64_t id, const char *state,
                                    const char *owner, struct vg_err *err);

/* ---- to be told to other programs ---- */

struct delivery_row {
    int64_t id, alert, tries, next_us, created_us;
    const char *enrolment, *playbook, *url, *body, *state, *answer;
};
struct delivery_new {
    const char *enrolment, *playbook, *url, *body;
    int64_t alert;
};
/* *ret_made false: it was there already. */
MUST_CHECK enum vg_code delivery_add(struct store *store, const struct delivery_new *new,
                                     bool *ret_made, struct vg_err *err);
/* Those whose time has come, at most `most`. */
MUST_CHECK enum vg_code delivery_due(struct store *store, struct arena *arena,
                                     int64_t now_us, size_t most,
                                     struct delivery_row **ret, size_t *ret_count,
                                     struct vg_err *err);
/* When the next one's time comes; 0: there is none. */
MUST_CHECK enum vg_code delivery_next(struct store *store, int64_t *ret,
                                      struct vg_err *err);
/* The latest, at most `most`. */
MUST_CHECK enum vg_code delivery_list(struct store *store, struct arena *arena,
                                      size_t most, struct delivery_row **ret,
                                      size_t *ret_count, struct vg_err *err);
/* What came of a try: state "waiting" (again at next_us), "sent" or "failed". */
MUST_CHECK enum vg_code delivery_tried(struct store *store, int64_t id, const char *state,
                                       int64_t next_us, const char *answer,
                                       struct vg_err *err);
/* The key that signs what is sent; "" when none was made yet. */
MUST_CHECK enum vg_code webhook_secret_get(struct store *store, struct arena *arena,
                                           const char **ret, struct vg_err *err);
/* The key that signs what is sent, in `arena`; made when there is none, or `renew`. */
MUST_CHECK enum vg_code webhook_secret(struct store *store, struct arena *arena,
                                       bool renew, const char **ret, struct vg_err *err);

#endif
