/* Cohorts: how the clients enrolled in one month came along, by Kaplan–Meier. */
#include "base/date.h"
#include "base/lang.h"
#include "improve/path_parts.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>

#define COHORTS_MAX 120 /* ten years; older clients count among all */

static int month_of(int64_t at_us)
{
    struct date date = date_from_us(at_us);
    return date.year * 12 + date.month - 1;
}

static int downwards(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (y > x) - (y < x);
}

static int upwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The months in which somebody was enrolled, the last first, each once. */
static size_t months_find(const struct path *path, int *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < path->client_count; i++)
        ret[i] = month_of(path->clients[i].at_us);
    if (path->client_count)
        qsort(ret, path->client_count, sizeof *ret, downwards);
    for (size_t i = 0; i < path->client_count; i++)
        if (i == 0 || ret[i] != ret[i - 1])
            ret[count++] = ret[i];
    return count < COHORTS_MAX ? count : COHORTS_MAX;
}

struct counting {
    struct finding_path *finding;
    bool every; /* the cohort of all */
    int month;
    int64_t *waits_us;
    bool *arrived;
    double *days;
};

static bool counts(const struct counting *counting, const struct path_client *client)
{
    return counting->every || month_of(client->at_us) == counting->month;
}

static enum vg_code survival_fill(const struct counting *counting, size_t phase,
                                  struct vg_survival *ret)
{
    const struct finding_path *finding = counting->finding;
    const struct path *path = finding->path;
    size_t count = 0;
    for (size_t i = 0; i < path->client_count; i++) {
        const struct path_client *client = &path->clients[i];
        int64_t behind_us = client->gates[phase].behind_us;
        if (!counts(counting, client))
            continue;
        bool there = behind_us != NEVER_US;
        int64_t wait_us = (there ? behind_us : path->today_us) - client->at_us;
        counting->arrived[count] = there;
        counting->waits_us[count++] = wait_us > 0 ? wait_us : 0;
    }
    enum vg_code code = survival_of(finding->arena, counting->waits_us, counting->arrived,
                                    count, ret, finding->err);
    ret->from = path->map->start;
    ret->to = path->map->phases[phase].milestone;
    return code;
}

/* The first time at which what `field` says of the points is half or less. */
static double half_at(const struct vg_survival *survival,
                      double (*field)(const struct vg_survival_point *))
{
    for (size_t i = 0; i < survival->point_count; i++)
        if (stats_half_or_less(field(&survival->points[i])))
            return survival->points[i].t_s;
    return (double)NAN;
}
static double waiting_at(const struct vg_survival_point *point)
{
    return point->waiting;
}
static double low_at(const struct vg_survival_point *point)
{
    return point->low;
}
static double high_at(const struct vg_survival_point *point)
{
    return point->high;
}

/* Nobody passes a gate before the one ahead of it, but the two estimates rest on other
 * clients where watching ended early, and may cross: the later one is held at the
 * earlier. */
static void keep_order(const struct vg_survival *ahead, struct vg_survival *survival)
{
    bool held = false;
    size_t at = 0; /* points of `ahead` up to the time of the point */
    for (size_t i = 0; i < survival->point_count; i++) {
        struct vg_survival_point *point = &survival->points[i];
        while (at < ahead->point_count && ahead->points[at].t_s <= point->t_s)
            at++;
        struct vg_survival_point least = {.waiting = 1, .low = 1, .high = 1};
        if (at)
            least = ahead->points[at - 1];
        if (least.waiting <= point->waiting)
            continue;
        held = true;
        point->waiting = least.waiting;
        point->low = least.low;
        point->high = least.high;
    }
    if (!held)
        return;
    survival->median_s = half_at(survival, waiting_at);
    survival->median_low_s = half_at(survival, low_at);
    survival->median_high_s = half_at(survival, high_at);
}

/* How long its clients were in a phase that they passed, and who stopped there. */
static void phase_fill(const struct counting *counting, size_t phase,
                       struct path_cohort_phase *ret)
{
    const struct path *path = counting->finding->path;
    size_t count = 0;
    for (size_t i = 0; i < path->client_count; i++) {
        const struct path_client *client = &path->clients[i];
        const struct path_gate *gate = &client->gates[phase];
        if (!counts(counting, client))
            continue;
        ret->stopped += client->phase == phase &&
                        (client->state == PATH_STUCK || client->state == PATH_SILENT ||
                         client->state == PATH_LEFT);
        if (gate->passed_us != NEVER_US && !isnan(gate->days))
            counting->days[count++] = gate->days;
    }
    if (count)
        qsort(counting->days, count, sizeof *counting->days, upwards);
    ret->n = count;
    ret->median_days = stats_quantile(counting->days, count, 0.5);
    ret->p90_days = stats_quantile(counting->days, count, 0.9);
}

static enum vg_code cohort_fill(const struct counting *counting, struct path_cohort *ret)
{
    const struct finding_path *finding = counting->finding;
    const struct path *path = finding->path;
    size_t phases = path->map->phase_count, arrivals = 0;
    enum vg_code code = VG_OK;
    ret->month = counting->every
                     ? ""
                     : arena_printf(finding->arena, "%04d-%02d", counting->month / 12,
                                    counting->month % 12 + 1);
    ret->survival = arena_array(finding->arena, struct vg_survival, phases);
    ret->phases = arena_array(finding->arena, struct path_cohort_phase, phases);
    if (!ret->month || !ret->survival || !ret->phases)
        return err_memory(finding->err);
    for (size_t i = 0; i < path->client_count; i++) {
        const struct path_client *client = &path->clients[i];
        if (!counts(counting, client))
            continue;
        ret->n++;
        ret->arrived += client->state == PATH_ARRIVED;
        ret->left += client->state == PATH_LEFT;
        if (client->state == PATH_ARRIVED)
            counting->days[arrivals++] = client->days;
    }
    if (arrivals)
        qsort(counting->days, arrivals, sizeof *counting->days, upwards);
    ret->arrival_days = stats_quantile(counting->days, arrivals, 0.5);
    for (size_t p = 0; code == VG_OK && p < phases; p++) {
        phase_fill(counting, p, &ret->phases[p]);
        code = survival_fill(counting, p, &ret->survival[p]);
    }
    for (size_t p = 1; code == VG_OK && p < phases; p++)
        keep_order(&ret->survival[p - 1], &ret->survival[p]);
    return code;
}

enum vg_code path_cohorts_fill(struct finding_path *finding)
{
    struct path *path = finding->path;
    struct arena *scratch = finding->scratch;
    enum vg_code code = VG_OK;
    int *months = arena_array(scratch, int, path->client_count + 1);
    struct counting counting = {finding,
                                true,
                                0,
                                arena_array(scratch, int64_t, path->client_count + 1),
                                arena_array(scratch, bool, path->client_count + 1),
                                arena_array(scratch, double, path->client_count + 1)};
    if (!months || !counting.waits_us || !counting.arrived || !counting.days)
        return err_memory(finding->err);
    size_t count = months_find(path, months);
    path->cohorts = arena_array(finding->arena, struct path_cohort, count + 1);
    if (!path->cohorts)
        return err_memory(finding->err);
    path->cohort_count = count + 1;
    for (size_t i = 0; code == VG_OK && i <= count; i++) {
        counting.every = i == 0;
        counting.month = i ? months[count - i] : 0;
        code = cohort_fill(&counting, &path->cohorts[i]);
    }
    return code;
}
