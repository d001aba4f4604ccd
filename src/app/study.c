#include "app/study.h"

#include "app/study_path.h"
#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"

#include <string.h>

#define USUAL_WAY_STEPS 12

static enum vg_code name_draft(struct vg_map **draft, const char *title,
                               struct vg_err *err)
{
    if (!title)
        return VG_OK;
    json_t *json = json_deep_copy((*draft)->json);
    if (!json || json_object_set_new(json, "title", json_string(title)) != 0) {
        json_decref(json);
        return err_memory(err);
    }
    struct vg_map *named = NULL;
    enum vg_code code = map_from_json(json, _("the draft"), &named, err);
    json_decref(json);
    if (code != VG_OK)
        return code;
    map_close(*draft);
    *draft = named;
    return VG_OK;
}

enum vg_code study_fill(struct arena *arena, const struct study_options *options,
                        struct study *ret, struct vg_map **ret_draft, struct vg_err *err)
{
    const struct evidence *evidence = options->evidence;
    struct vg_map *draft = NULL;
    if (!evidence && !options->map)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("there is neither evidence nor a map"));
    struct study study = {.log = evidence ? evidence->log : NULL,
                          .map = options->map,
                          .funnel_options = options->funnel,
                          .words = options->words,
                          .words_name = options->words_name,
                          .now_us = options->now_us ? options->now_us : date_today_us()};
    enum vg_code code = VG_OK;
    if (evidence)
        study.reading = evidence->report;
    if (!options->map) {
        code = draft_mine(study.log, &draft, err);
        if (code == VG_OK)
            code = name_draft(&draft, options->title, err);
        study.map = draft;
    }
    if (code == VG_OK)
        code = study_path_fill(arena, &study, options, err);
    if (code == VG_OK)
        code = study_mine(arena, &study, options->progress, err);
    if (code != VG_OK) {
        map_close(draft);
        return code;
    }
    *ret = study;
    *ret_draft = draft;
    return VG_OK;
}

/* The activities that a drafted map says everybody must come by, in its order. (The most
 * frequent way alone would often end where most are lost.) */
static enum vg_code drafted_way(struct arena *arena, const struct vg_log *log,
                                const char ***ret, size_t *ret_count, struct vg_err *err)
{
    struct vg_map *draft;
    enum vg_code code = draft_mine(log, &draft, err);
    if (code != VG_OK)
        return code;
    const char **names = arena_array(arena, const char *, draft->step_count + 1);
    size_t count = 0;
    bool kept = names != NULL;
    for (size_t i = 0; kept && i < draft->step_count; i++) {
        const struct map_step *step = &draft->steps[i];
        if (step->optional || step->choice[0] || step->match_count == 0)
            continue;
        names[count] = arena_text(arena, str_from(step->matches[0].activity));
        kept = names[count++] != NULL;
    }
    map_close(draft);
    *ret = names;
    *ret_count = count;
    return kept ? VG_OK : err_memory(err);
}

/* The activities of the most frequent way, each once, in its order: where journeys have
 * no two steps in common. */
static enum vg_code usual_way(struct arena *arena, const struct vg_log *log,
                              const char ***ret, size_t *ret_count, struct vg_err *err)
{
    struct vg_variants variants;
    enum vg_code code = variants_mine(arena, log, 1, &variants, err);
    const char **names = arena_array(arena, const char *, USUAL_WAY_STEPS);
    size_t count = 0;
    if (code != VG_OK)
        return code;
    if (!names)
        return err_memory(err);
    const struct vg_variant *way = variants.variant_count ? variants.variants : NULL;
    for (size_t i = 0; way && i < way->activity_count && count < USUAL_WAY_STEPS; i++) {
        bool known = false;
        for (size_t j = 0; j < count; j++)
            known |= strcmp(names[j], way->activities[i]) == 0;
        if (!known)
            names[count++] = way->activities[i];
    }
    *ret = names;
    *ret_count = count;
    return VG_OK;
}

/* The place among the map's steps of the one with this id or title; count: none. */
static size_t map_step_named(struct arena *arena, const struct vg_map *map,
                             const char *name)
{
    str wanted = utf8_fold(arena, str_from(name));
    for (size_t i = 0; i < map->step_count; i++) {
        str title = utf8_fold(arena, str_from(map->steps[i].title));
        if (strcmp(map->steps[i].id, name) == 0 ||
            (title.ptr && str_equal(title, wanted)))
            return i;
    }
    return map->step_count;
}

/* Of steps that are activities make the ones that `names` calls by the map's ids or
 * titles: with all that the map's step matches. */
static enum vg_code map_steps_put(struct arena *arena, const struct vg_log *log,
                                  const struct vg_map *map, const size_t *place,
                                  struct steps *steps, struct vg_err *err)
{
    struct steps of_map;
    enum vg_code code = steps_from_map(arena, log, map, &of_map, err);
    size_t flags = steps->activity_count * (steps->channel_count + 1);
    for (size_t i = 0; code == VG_OK && i < steps->count; i++) {
        if (place[i] == map->step_count)
            continue;
        memcpy(steps->match + i * flags, of_map.match + place[i] * flags, flags);
        steps->name[i] = of_map.name[place[i]];
        steps->id[i] = of_map.id[place[i]];
    }
    return code;
}

/* Names of the map's steps (ids or titles) and of activities, in any mixture. */
static enum vg_code mixed_steps(struct arena *arena, const struct vg_log *log,
                                const struct funnel_question *question, struct steps *ret,
                                struct vg_err *err)
{
    const struct vg_map *map = question->map;
    size_t count = question->name_count;
    const char **names = arena_array(arena, const char *, count);
    size_t *place = arena_array(arena, size_t, count);
    if (!names || !place)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        place[i] = map_step_named(arena, map, question->names[i]);
        bool of_map = place[i] < map->step_count && log->activities.count > 0;
        /* (Any activity holds the place until the map's step takes it.) */
        names[i] = of_map ? dict_text(&log->activities, 0) : question->names[i];
    }
    enum vg_code code = steps_from_activities(arena, log, names, count, ret, err);
    return code == VG_OK ? map_steps_put(arena, log, map, place, ret, err) : code;
}

enum vg_code study_funnel_steps(struct arena *arena, const struct vg_log *log,
                                const struct funnel_question *question, struct steps *ret,
                                struct vg_err *err)
{
    const char **way = NULL;
    size_t count = question->name_count;
    if (!count && question->map)
        return steps_from_map(arena, log, question->map, ret, err);
    if (count && question->map)
        return mixed_steps(arena, log, question, ret, err);
    enum vg_code code = count ? VG_OK : drafted_way(arena, log, &way, &count, err);
    if (code == VG_OK && !question->name_count && count < 2)
        code = usual_way(arena, log, &way, &count, err);
    if (code == VG_OK)
        code = steps_from_activities(arena, log, way ? way : question->names, count, ret,
                                     err);
    return code;
}

enum vg_code study_funnel(struct arena *arena, const struct vg_log *log,
                          const struct funnel_question *question, struct vg_funnel *ret,
                          struct vg_err *err)
{
    struct steps steps;
    enum vg_code code = study_funnel_steps(arena, log, question, &steps, err);
    if (code != VG_OK)
        return code;
    return funnel_mine(arena, log, &steps, &question->options, ret, err);
}

enum vg_code study_survival_steps(struct arena *arena, const struct vg_log *log,
                                  const struct vg_map *map, const char *from,
                                  const char *to, struct steps *ret, size_t *ret_from,
                                  size_t *ret_to, struct vg_err *err)
{
    size_t a = map ? map_step_named(arena, map, from) : 0;
    size_t b = map ? map_step_named(arena, map, to) : 0;
    bool of_map = map && a < map->step_count && b < map->step_count;
    const char *names[] = {from, to};
    *ret_from = of_map ? a : 0;
    *ret_to = of_map ? b : 1;
    return of_map ? steps_from_map(arena, log, map, ret, err)
                  : steps_from_activities(arena, log, names, 2, ret, err);
}

enum vg_code study_survival(struct arena *arena, const struct vg_log *log,
                            const struct vg_map *map, const char *from, const char *to,
                            struct vg_survival *ret, struct vg_err *err)
{
    struct steps steps;
    size_t a, b;
    enum vg_code code =
        study_survival_steps(arena, log, map, from, to, &steps, &a, &b, err);
    if (code != VG_OK)
        return code;
    return survival_mine(arena, log, &steps, a, b, ret, err);
}
