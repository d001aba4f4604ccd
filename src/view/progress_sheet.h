/* progress_sheet: how far one client has come on a success path, on a sheet to print and
 * to keep: where it began, where it stands, where it leads, milestones, objectives, how
 * it felt, the next step. It holds only what the client may see.
 *
 * Shape      A4, portrait: SHEET_WIDTH wide, and as high at least; higher where the path
 *            has much to tell.
 * Ownership  the scene lives in `arena`; texts of the sheet are borrowed until it is
 *            drawn. */
#ifndef VIEW_PROGRESS_SHEET_H
#define VIEW_PROGRESS_SHEET_H

#include "base/arena.h"
#include "base/err.h"

#define SHEET_WIDTH  794.0
#define SHEET_HEIGHT 1123.0

struct sheet_milestone {
    const char *phase, *text;
    int64_t passed_us; /* INT64_MIN: not passed, or nobody saw it */
    bool behind, here;
};
struct sheet_objective {
    const char *name, *unit;
    double baseline, now, target, attained; /* NAN: not known */
};
struct sheet_feeling {
    int64_t at_us;
    double valence;
};
struct progress_sheet {
    const char *title, *customer, *start, *arrival;
    const char *today;                      /* where the client is, in words */
    int64_t start_us, today_us, arrived_us; /* arrived INT64_MIN: not yet */
    const struct sheet_milestone *milestones;
    size_t milestone_count;
    const struct sheet_objective *objectives;
    size_t objective_count;
    const struct sheet_feeling *feelings; /* by time */
    size_t feeling_count;
    const char *next;              /* "" or NULL: there is none */
    const char *const *next_goals; /* what to reach in it */
    size_t next_goal_count;
};

struct scene; /* draw/scene.h */
MUST_CHECK enum vg_code progress_sheet_draw(struct arena *arena,
                                            const struct progress_sheet *sheet,
                                            struct scene **ret, struct vg_err *err);

#endif
