/* Why a client is in its state, in a sentence. */
#include "base/lang.h"
#include "improve/path_parts.h"

#include <math.h>

/* "12 days", "less than a day". */
static const char *days_text(struct arena *arena, double days)
{
    if (!(days >= 1))
        return _("less than a day");
    uint64_t whole = days < 1e9 ? (uint64_t)days : 1000000000;
    const char *count = text_count(arena, whole);
    return count ? arena_printf(arena, _n("%s day", "%s days", whole), count) : NULL;
}

static const char *silent_text(struct arena *arena, const struct path *path,
                               const struct path_client *client)
{
    int64_t since_us = client->sign_us == NEVER_US ? client->at_us : client->sign_us;
    const char *days = days_text(arena, days_between(since_us, path->today_us));
    const char *date = text_date(arena, since_us);
    if (!days || !date)
        return NULL;
    if (client->sign_us == NEVER_US)
        return arena_printf(arena, _("No sign at all since the start, %s ago."), days);
    return arena_printf(arena, _("No sign for %s: the last was “%s”, on %s."), days,
                        client->sign, date);
}

static const char *late_text(struct arena *arena, const struct path *path,
                             const struct path_client *client)
{
    const struct path_threshold *limit = &path->phases[client->phase].threshold;
    const char *phase = path->map->phases[client->phase].title;
    bool stuck = client->state == PATH_STUCK, history = limit->from == FROM_HISTORY;
    const char *days = days_text(arena, client->phase_days);
    const char *most =
        days_text(arena, round(stuck ? limit->stuck_days : limit->behind_days));
    if (!days || !most)
        return NULL;
    if (history && stuck)
        return arena_printf(
            arena, _("In “%s” for %s: nine in ten who passed it took no more than %s."),
            phase, days, most);
    if (history)
        return arena_printf(
            arena, _("In “%s” for %s: half of those who passed it took no more than %s."),
            phase, days, most);
    return arena_printf(arena,
                        stuck ? _("In “%s” for %s: after %s the path calls it stuck.")
                              : _("In “%s” for %s: the path gives it %s."),
                        phase, days, most);
}

static const char *way_text(struct arena *arena, const struct path *path,
                            const struct path_client *client)
{
    const struct vg_map *map = path->map;
    if (client->phase >= map->phase_count)
        return _("The path has no phases yet.");
    const struct map_phase *phase = &map->phases[client->phase];
    const char *next = client->next_step != SIZE_MAX ? map->steps[client->next_step].title
                                                     : phase->milestone;
    const char *days = days_text(arena, client->phase_days);
    if (!days)
        return NULL;
    if (!next[0])
        return arena_printf(arena, _("In “%s” for %s."), phase->title, days);
    return arena_printf(arena,
                        client->next_step != SIZE_MAX
                            ? _("In “%s” for %s. Next: “%s”.")
                            : _("In “%s” for %s. All that is missing is the "
                                "milestone: “%s”."),
                        phase->title, days, next);
}

static const char *left_text(struct arena *arena, const struct path_client *client)
{
    const char *date = text_date(arena, client->left_us);
    if (!date)
        return NULL;
    return client->left_why[0]
               ? arena_printf(arena, _("Left on %s: %s"), date, client->left_why)
               : arena_printf(arena, _("Left on %s."), date);
}

static const char *arrived_text(struct arena *arena, const struct path_client *client)
{
    const char *date = text_date(arena, client->arrived_us);
    const char *days = days_text(arena, client->days);
    return date && days ? arena_printf(arena, _("Arrived on %s, after %s."), date, days)
                        : NULL;
}

enum vg_code path_reason(struct finding_path *finding, struct path_client *client)
{
    struct arena *arena = finding->arena;
    const struct path *path = finding->path;
    switch (client->state) {
    case PATH_ON_THE_WAY:
        client->reason = way_text(arena, path, client);
        break;
    case PATH_BEHIND:
    case PATH_STUCK:
        client->reason = late_text(arena, path, client);
        break;
    case PATH_SILENT:
        client->reason = silent_text(arena, path, client);
        break;
    case PATH_ARRIVED:
        client->reason = arrived_text(arena, client);
        break;
    case PATH_LEFT:
    case PATH_STATES:
        client->reason = left_text(arena, client);
        break;
    }
    client->reason = text_agreed(arena, client->reason);
    return client->reason ? VG_OK : err_memory(finding->err);
}
