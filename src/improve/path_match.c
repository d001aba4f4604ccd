/* Which activities of the log are steps, milestones, metrics and proofs of the path. */
#include "base/lang.h"
#include "base/utf8.h"
#include "improve/path_parts.h"

/* Being made: every match of the map with the class of its activity. */
struct making {
    struct arena *arena;
    const struct vg_log *log;
    struct dict activities, channels; /* folded */
    struct thing *things;
    uint32_t *classes; /* [count] of things */
    size_t count, capacity, class_capacity;
    struct vg_err *err;
};

static enum vg_code fold_all(struct making *making, const struct dict *names,
                             struct dict *folded, uint32_t **ret_class)
{
    uint32_t *class = arena_array(making->arena, uint32_t, names->count);
    if (!class && names->count)
        return err_memory(making->err);
    for (uint32_t i = 0; i < names->count; i++) {
        str name = utf8_fold(making->arena, dict_str(names, i));
        if (!name.ptr && dict_str(names, i).len)
            return err_memory(making->err);
        enum vg_code code = dict_add(folded, name, UINT32_MAX, &class[i], making -> err);
        if (code != VG_OK)
            return code;
    }
    *ret_class = class;
    return VG_OK;
}

static enum vg_code thing_add(struct making *making, struct thing thing,
                              const char *activity, const char *channel)
{
    str name = utf8_fold(making->arena, str_from(activity));
    str medium = utf8_fold(making->arena, str_from(channel));
    if ((!name.ptr && *activity) || (!medium.ptr && *channel))
        return err_memory(making->err);
    uint32_t class = name.len ? dict_find(&making->activities, name) : UINT32_MAX;
    thing.channel = medium.len ? dict_find(&making->channels, medium) : ANY_CHANNEL;
    if (class == UINT32_MAX || (medium.len && thing.channel == UINT32_MAX))
        return VG_OK; /* the log has none of it */
    void *things = arena_grow(making->arena, making->things, making->count,
                              &making->capacity, sizeof thing);
    void *classes = arena_grow(making->arena, making->classes, making->count,
                               &making->class_capacity, sizeof class);
    if (!things || !classes)
        return err_memory(making->err);
    making->things = things;
    making->classes = classes;
    making->things[making->count] = thing;
    making->classes[making->count++] = class;
    return VG_OK;
}

/* All that `matches` name; without any, what `otherwise` names. */
static enum vg_code things_add(struct making *making, struct thing thing,
                               const struct map_match *matches, size_t count,
                               const char *otherwise)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < count; i++)
        code = thing_add(making, thing, matches[i].activity, matches[i].channel);
    if (count == 0)
        code = thing_add(making, thing, otherwise, "");
    return code;
}

static enum vg_code add_phase(struct making *making, const struct map_phase *phase,
                              uint32_t index)
{
    enum vg_code code = things_add(making, (struct thing){THING_GATE, index, 0, 0},
                                   phase->matches, phase->match_count, phase->milestone);
    for (size_t i = 0; code == VG_OK && i < phase->proof_count; i++) {
        const struct map_proof *proof = &phase->proofs[i];
        if (proof->kind != PROOF_OBJECTIVE)
            code = things_add(making, (struct thing){THING_PROOF, (uint32_t)i, index, 0},
                              proof->matches, proof->match_count, proof->text);
    }
    return code;
}

/* What the program itself calls them, in whatever language it was asked to. */
static enum vg_code add_usual(struct making *making, const struct map_path *path)
{
    static const struct map_match left[] = {{"Ha lasciato il percorso", ""},
                                            {"Left the path", ""}};
    static const struct map_match notes[] = {{"Nota", ""}, {"Note", ""}};
    bool own = path->left_count > 0, own_notes = path->no_sign_count > 0;
    enum vg_code code =
        things_add(making, (struct thing){THING_LEFT, 0, 0, 0}, own ? path->left : left,
                   own ? path->left_count : COUNT_OF(left), "");
    if (code == VG_OK)
        code = things_add(making, (struct thing){THING_NO_SIGN, 0, 0, 0},
                          own_notes ? path->no_sign : notes,
                          own_notes ? path->no_sign_count : COUNT_OF(notes), "");
    return code;
}

static enum vg_code add_map(struct making *making, const struct vg_map *map)
{
    enum vg_code code = add_usual(making, &map->path);
    for (size_t i = 0; code == VG_OK && i < map->step_count; i++)
        code = things_add(making, (struct thing){THING_STEP, (uint32_t)i, 0, 0},
                          map->steps[i].matches, map->steps[i].match_count,
                          map->steps[i].title);
    for (size_t i = 0; code == VG_OK && i < map->phase_count; i++)
        code = add_phase(making, &map->phases[i], (uint32_t)i);
    for (size_t i = 0; code == VG_OK && i < map->metric_count; i++)
        code = things_add(making, (struct thing){THING_METRIC, (uint32_t)i, 0, 0},
                          map->metrics[i].matches, map->metrics[i].match_count,
                          map->metrics[i].name);
    return code;
}

/* Bring the things of one class together. */
static enum vg_code things_order(const struct making *making, struct marks *marks)
{
    size_t classes = making->activities.count;
    uint32_t *first = arena_array(making->arena, uint32_t, classes + 2);
    struct thing *things = arena_array(making->arena, struct thing, making->count + 1);
    if (!first || !things)
        return err_memory(making->err);
    for (size_t i = 0; i < making->count; i++)
        first[making->classes[i] + 2]++;
    for (size_t c = 1; c < classes + 2; c++)
        first[c] += first[c - 1];
    for (size_t i = 0; i < making->count; i++)
        things[first[making->classes[i] + 1]++] = making->things[i];
    marks->first = first;
    marks->things = things;
    return VG_OK;
}

enum vg_code marks_make(struct arena *arena, const struct vg_log *log,
                        const struct vg_map *map, struct marks *ret, struct vg_err *err)
{
    struct making making = {.arena = arena, .log = log, .err = err};
    enum vg_code code =
        fold_all(&making, &log->activities, &making.activities, &ret->class_of);
    if (code == VG_OK)
        code = fold_all(&making, &log->channels, &making.channels, &ret->channel_of);
    if (code == VG_OK)
        code = add_map(&making, map);
    if (code == VG_OK)
        code = things_order(&making, ret);
    dict_free(&making.activities);
    dict_free(&making.channels);
    return code;
}
