/* What the path usually takes, and from that the state of each client. */
#include "improve/path_parts.h"

#include "mine/scratch.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>

/* ---- attainment ---- */

static void attainment_fill(const struct path *path, struct path_client *client)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < path->map->metric_count; i++) {
        double weight = path->map->metrics[i].weight;
        if (!path->measured[i] || isnan(client->objectives[i].attained) || !(weight > 0))
            continue;
        sum += weight * client->objectives[i].attained;
        weights += weight;
    }
    client->attainment = weights > 0 ? fmin(1, sum / weights) : NAN;
}

/* ---- the path's own history ---- */

static int upwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Days in the phase of those who passed its gate, sorted into `ret`. */
static size_t passing_days(const struct path *path, size_t phase, double *ret)
{
    size_t count = 0;
    for (size_t i = 0; i < path->client_count; i++) {
        const struct path_gate *gate = &path->clients[i].gates[phase];
        if (gate->passed_us != NEVER_US && !isnan(gate->days))
            ret[count++] = gate->days;
    }
    if (count)
        qsort(ret, count, sizeof *ret, upwards);
    return count;
}

static struct path_threshold threshold_of(const struct path *path, size_t phase)
{
    const struct path_phase *usual = &path->phases[phase];
    const struct map_path *hand = &path->map->path;
    double days = path->map->phases[phase].days;
    if (usual->n >= PATH_HISTORY_FEW)
        return (struct path_threshold){fmax(usual->median_days, PATH_DAYS_LEAST),
                                       fmax(usual->p90_days, PATH_DAYS_LEAST),
                                       FROM_HISTORY};
    struct path_threshold threshold = {
        isnan(hand->behind_days) ? days : hand->behind_days,
        isnan(hand->stuck_days) ? 2 * days : hand->stuck_days, FROM_HAND};
    if (isnan(threshold.behind_days) && isnan(threshold.stuck_days))
        threshold.from = FROM_NOTHING;
    return threshold;
}

static void phases_fill(struct path *path, double *days)
{
    for (size_t p = 0; p < path->map->phase_count; p++) {
        struct path_phase *phase = &path->phases[p];
        phase->n = passing_days(path, p, days);
        phase->median_days = stats_quantile(days, (size_t)phase->n, 0.5);
        phase->p90_days = stats_quantile(days, (size_t)phase->n, 0.9);
        phase->threshold = threshold_of(path, p);
    }
}

static void silence_fill(struct path *path, double *days)
{
    const struct map_path *hand = &path->map->path;
    size_t count = 0;
    for (size_t i = 0; i < path->client_count; i++)
        if (!isnan(path->clients[i].silence_days))
            days[count++] = path->clients[i].silence_days;
    if (count)
        qsort(days, count, sizeof *days, upwards);
    path->silent_n = count;
    path->silent_from = count >= PATH_HISTORY_FEW  ? FROM_HISTORY
                        : isnan(hand->silent_days) ? FROM_NOTHING
                                                   : FROM_HAND;
    path->silent_days = path->silent_from == FROM_HISTORY
                            ? fmax(stats_quantile(days, count, 0.9), PATH_DAYS_LEAST)
                        : path->silent_from == FROM_HAND ? hand->silent_days
                                                         : PATH_SILENT_DAYS;
    path->low_feeling = isnan(hand->low_feeling) ? PATH_LOW_FEELING : hand->low_feeling;
}

/* ---- states ---- */

static int64_t days_after(int64_t at_us, double days)
{
    double us = days * (double)DAY_US;
    return at_us + (us < 9e17 ? (int64_t)us : (int64_t)9e17);
}

static void state_set(struct path_client *client, enum path_state state, int64_t since_us,
                      int64_t crossing_us)
{
    client->state = state;
    client->since_us = since_us;
    client->crossing_us = crossing_us;
}

/* Of a client under way. */
static void travelling_state(const struct path *path, struct path_client *client)
{
    bool placed = client->phase < path->map->phase_count;
    int64_t entered_us = placed ? client->gates[client->phase].entered_us : client->at_us;
    int64_t sign_us = client->sign_us == NEVER_US ? client->at_us : client->sign_us;
    struct path_threshold limit = placed
                                      ? path->phases[client->phase].threshold
                                      : (struct path_threshold){NAN, NAN, FROM_NOTHING};
    client->phase_days = fmax(0, days_between(entered_us, path->today_us));
    if (days_between(sign_us, path->today_us) > path->silent_days)
        state_set(client, PATH_SILENT, days_after(sign_us, path->silent_days), sign_us);
    else if (client->phase_days > limit.stuck_days)
        state_set(client, PATH_STUCK, days_after(entered_us, limit.stuck_days),
                  entered_us);
    else if (client->phase_days > limit.behind_days)
        state_set(client, PATH_BEHIND, days_after(entered_us, limit.behind_days),
                  entered_us);
    else
        state_set(client, PATH_ON_THE_WAY, entered_us, entered_us);
}

static void feeling_fill(const struct path *path, struct path_client *client)
{
    const struct path_feeling *last =
        client->feeling_count ? &client->feelings[client->feeling_count - 1] : NULL;
    client->feeling = last ? last->valence : NAN;
    client->low_us = NEVER_US;
    client->low = last && last->valence <= path->low_feeling &&
                  client->state != PATH_ARRIVED && client->state != PATH_LEFT;
    if (client->low)
        client->low_us = last->at_us;
}

static void state_fill(const struct path *path, struct path_client *client)
{
    int64_t end_us = path->today_us;
    client->phase_days = NAN;
    if (client->arrived_us != NEVER_US) {
        state_set(client, PATH_ARRIVED, client->arrived_us, client->arrived_us);
        end_us = client->arrived_us;
    } else if (client->left_us != NEVER_US) {
        state_set(client, PATH_LEFT, client->left_us, client->left_us);
        end_us = client->left_us;
    } else {
        travelling_state(path, client);
    }
    client->days = fmax(0, days_between(client->at_us, end_us));
    client->expected_days = 0;
    for (size_t p = 0; p < path->map->phase_count; p++)
        client->expected_days += path->phases[p].threshold.behind_days;
    if (!path->map->phase_count)
        client->expected_days = NAN;
    feeling_fill(path, client);
}

static void client_count(struct path *path, const struct path_client *client)
{
    path->states[client->state]++;
    path->low += client->low;
    for (size_t p = 0; p < path->map->phase_count; p++) {
        struct path_phase *phase = &path->phases[p];
        phase->entered += p <= client->phase;
        phase->passed += client->gates[p].passed_us != NEVER_US;
        phase->left += client->state == PATH_LEFT && client->phase == p;
        phase->here[client->state] += client->phase == p && client->state != PATH_LEFT;
    }
}

enum vg_code path_states_fill(struct finding_path *finding)
{
    struct path *path = finding->path;
    enum vg_code code = VG_OK;
    double *days = arena_array(finding->scratch, double, path->client_count + 1);
    path->phases = arena_array(finding->arena, struct path_phase, path->map->phase_count);
    if (!days || !path->phases)
        return err_memory(finding->err);
    phases_fill(path, days);
    silence_fill(path, days);
    for (size_t i = 0; code == VG_OK && i < path->client_count; i++) {
        struct path_client *client = &path->clients[i];
        attainment_fill(path, client);
        state_fill(path, client);
        client_count(path, client);
        code = path_reason(finding, client);
    }
    return code;
}
