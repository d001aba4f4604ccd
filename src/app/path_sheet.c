/* Declared in app/path_sheet.h. */
#include "app/path_sheet.h"

#include "base/lang.h"
#include "view/progress_sheet.h"

static enum vg_code fill_lists(struct arena *arena, const struct path *path,
                               const struct path_client *client,
                               struct progress_sheet *ret, struct vg_err *err)
{
    const struct vg_map *map = path->map;
    struct sheet_milestone *milestones =
        arena_array(arena, struct sheet_milestone, map->phase_count);
    struct sheet_objective *objectives =
        arena_array(arena, struct sheet_objective, map->metric_count);
    struct sheet_feeling *feelings =
        arena_array(arena, struct sheet_feeling, client->feeling_count);
    if (!milestones || !objectives || !feelings)
        return err_memory(err);
    for (size_t i = 0; i < map->phase_count; i++)
        milestones[ret->milestone_count++] = (struct sheet_milestone){
            map->phases[i].title, map->phases[i].milestone, client->gates[i].passed_us,
            client->gates[i].behind_us != INT64_MIN, client->phase == i};
    for (size_t i = 0; i < map->metric_count; i++) {
        const struct path_objective *one = &client->objectives[i];
        if (path->measured[i] && map->metrics[i].weight > 0)
            objectives[ret->objective_count++] = (struct sheet_objective){
                map->metrics[i].name, map->metrics[i].unit, one->baseline, one->now,
                one->target,          one->attained};
    }
    for (size_t i = 0; i < client->feeling_count; i++)
        feelings[ret->feeling_count++] = (struct sheet_feeling){
            client->feelings[i].at_us, client->feelings[i].valence};
    ret->milestones = milestones;
    ret->objectives = objectives;
    ret->feelings = feelings;
    return VG_OK;
}

static void fill_next(const struct path *path, const struct path_client *client,
                      struct progress_sheet *ret)
{
    const struct vg_map *map = path->map;
    if (client->phase >= map->phase_count)
        return;
    ret->next = map->phases[client->phase].milestone;
    if (client->next_step == SIZE_MAX)
        return;
    const struct map_step *step = &map->steps[client->next_step];
    ret->next = step->title;
    ret->next_goals = step->objectives.items;
    ret->next_goal_count = step->objectives.count;
}

/* "Phase 2 of 4: Begin"; "arrived". */
static const char *today_text(struct arena *arena, const struct path *path,
                              const struct path_client *client)
{
    size_t count = path->map->phase_count;
    if (client->phase >= count)
        return count ? _("Here: I have arrived") : "";
    return arena_printf(arena, _("Phase %zu of %zu: %s"), client->phase + 1, count,
                        path->map->phases[client->phase].title);
}

enum vg_code path_sheet(const struct path *path, size_t index, enum picture_format format,
                        struct buf *out, struct vg_err *err)
{
    const struct path_client *client = &path->clients[index];
    struct arena *arena = arena_open(0);
    struct scene *scene = NULL;
    struct progress_sheet sheet = {.title = path->map->title,
                                   .customer = client->customer,
                                   .start = client->start,
                                   .arrival = path->map->arrival,
                                   .start_us = client->at_us,
                                   .today_us = path->today_us,
                                   .arrived_us = client->arrived_us};
    if (!arena)
        return err_memory(err);
    sheet.today = today_text(arena, path, client);
    enum vg_code code =
        sheet.today ? fill_lists(arena, path, client, &sheet, err) : err_memory(err);
    fill_next(path, client, &sheet);
    if (code == VG_OK)
        code = progress_sheet_draw(arena, &sheet, &scene, err);
    if (code == VG_OK)
        code = picture_write(scene,
                             &(struct picture_options){
                                 .format = format,
                                 .paper = format == PICTURE_PDF ? "a4-portrait" : NULL,
                                 .title = sheet.title},
                             out, err);
    arena_close(arena);
    return code;
}
