#include "map/diff.h"

#include "base/lang.h"
#include "map/diff_list.h"

#include <stdio.h>

/* What kinds of things there are, and where they stand. A kind inside another one is
 * compared within each pair of its owners; `wide` ones may wander from owner to owner. */
struct kind {
    const char *thing, *list, *title;
    const char *const *skip; /* fields that are things of their own; ends in NULL */
};
static const char *const map_skip[] = {"personas", "phases",   "actions",
                                       "kpis",     "sessions", "playbooks",
                                       "version",  "updated",  NULL};
static const char *const phase_skip[] = {"steps", "proofs", NULL};
static const char *const step_skip[] = {"touchpoints", "pains", "opportunities", NULL};
static const char *const no_skip[] = {NULL};
static const struct kind kind_map = {"map", "", "title", map_skip};
static const struct kind kind_persona = {"persona", "personas", "name", no_skip};
static const struct kind kind_phase = {"phase", "phases", "title", phase_skip};
static const struct kind kind_step = {"step", "steps", "title", step_skip};
static const struct kind kind_action = {"action", "actions", "title", no_skip};
static const struct kind kind_kpi = {"kpi", "kpis", "name", no_skip};
static const struct kind kind_session = {"session", "sessions", "title", no_skip};
static const struct kind kind_proof = {"proof", "proofs", "text", no_skip};
static const struct kind kind_playbook = {"playbook", "playbooks", "title", no_skip};
static const struct kind kind_metric = {"metric", "objective.metrics", "name", no_skip};
static const struct kind kinds_of_step[] = {
    {"touchpoint", "touchpoints", "title", no_skip},
    {"pain", "pains", "text", no_skip},
    {"opportunity", "opportunities", "text", no_skip}};

/* One side of what is compared: the things of a kind, in order. */
struct side {
    json_t **things;
    const char **inside; /* id of each one's owner */
    size_t *partner;     /* index on the other side, or SIZE_MAX */
    size_t count;
};

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(field_get(object, key));
    return text ? text : "";
}

static enum vg_code side_open(struct differing *differing, size_t most, struct side *ret)
{
    ret->things = arena_array(differing->arena, json_t *, most);
    ret->inside = arena_array(differing->arena, const char *, most);
    ret->partner = arena_array(differing->arena, size_t, most);
    if (most > 0 && (!ret->things || !ret->inside || !ret->partner))
        return err_memory(differing->err);
    return VG_OK;
}

static void side_add(struct side *side, json_t *list, const char *inside)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        side->things[side->count] = json_array_get(list, i);
        side->inside[side->count] = inside;
        side->partner[side->count] = SIZE_MAX;
        side->count++;
    }
}

/* Match what is left by the text at `key`: the n-th with a text meets the n-th. Without
 * an id nothing is said; without a title (a session has neither, sometimes) that is what
 * they share. */
static enum vg_code match_by(struct differing *differing, struct side *before,
                             struct side *after, const char *key)
{
    json_t *open = json_object(); /* text → indexes into before */
    bool good = open != NULL;
    for (size_t i = 0; good && i < before->count; i++) {
        const char *text = text_at(before->things[i], key);
        if (before->partner[i] != SIZE_MAX || (text[0] == 0 && strcmp(key, "id") == 0))
            continue;
        if (json_object_get(open, text) == NULL)
            good = json_object_set_new(open, text, json_array()) == 0;
        good = good && json_array_append_new(json_object_get(open, text),
                                             json_integer((json_int_t)i)) == 0;
    }
    for (size_t i = 0; good && i < after->count; i++) {
        json_t *list = json_object_get(open, text_at(after->things[i], key));
        if (after->partner[i] != SIZE_MAX || json_array_size(list) == 0)
            continue;
        size_t found = (size_t)json_integer_value(json_array_get(list, 0));
        (void)json_array_remove(list, 0);
        after->partner[i] = found;
        before->partner[found] = i;
    }
    json_decref(open);
    return good ? VG_OK : err_memory(differing->err);
}

/* ---- moved ---------------------------------------------------------------------------
 */

/* Which of the matched things must have moved, if as many as possible stayed: those not
 * in the longest run of partners that rises (patience: O(n log n)). */
static enum vg_code find_moved(struct differing *differing, const struct side *after,
                               bool *moved)
{
    size_t *ends = arena_array(differing->arena, size_t, after->count + 1);
    size_t *before = arena_array(differing->arena, size_t, after->count + 1);
    size_t length = 0;
    if (ends == NULL || before == NULL)
        return err_memory(differing->err);
    for (size_t i = 0; i < after->count; i++) {
        moved[i] = after->partner[i] != SIZE_MAX;
        if (!moved[i])
            continue;
        size_t low = 0, high = length;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (after->partner[ends[middle]] < after->partner[i])
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low > 0 ? ends[low - 1] : SIZE_MAX;
        ends[low] = i;
        if (low == length)
            length++;
    }
    for (size_t i = length ? ends[length - 1] : SIZE_MAX; i != SIZE_MAX; i = before[i])
        moved[i] = false;
    return VG_OK;
}

static const char *title_in(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; i < map->phase_count; i++)
        if (strcmp(map->phases[i].id, id) == 0)
            return map->phases[i].title;
    const struct map_step *step = map_step_find(map, id);
    return step ? step->title : "";
}

static const char *owner_title(const struct differing *differing, const char *id)
{
    const char *title = title_in(differing->after, id);
    return title[0] ? title : title_in(differing->before, id);
}

/* "after “Cerco”" / "at the beginning": where a thing stands among its like. */
static const char *place_text(struct differing *differing, const struct kind *kind,
                              const struct side *side, size_t at)
{
    bool first = at == 0 || strcmp(side->inside[at - 1], side->inside[at]) != 0;
    const char *owner = owner_title(differing, side->inside[at]);
    if (first && owner[0])
        return arena_printf(differing->arena, _("at the beginning of “%s”"), owner);
    if (first)
        return arena_printf(differing->arena, "%s", _("at the beginning"));
    return arena_printf(differing->arena, _("after “%s”"),
                        text_at(side->things[at - 1], kind->title));
}

static bool has_moved(const struct side *before, const struct side *after, size_t i,
                      const bool *out_of_order)
{
    return out_of_order[i] ||
           strcmp(after->inside[i], before->inside[after->partner[i]]) != 0;
}

/* ---- all things of a kind ------------------------------------------------------------
 */

static struct map_change change_of(const struct kind *kind, const struct side *side,
                                   size_t at)
{
    return (struct map_change){.thing = kind->thing,
                               .id = text_at(side->things[at], "id"),
                               .title = text_at(side->things[at], kind->title),
                               .inside = side->inside[at],
                               .field = "",
                               .before = "",
                               .after = ""};
}

static enum vg_code add_place(struct differing *differing, struct map_change change,
                              enum map_change_kind what)
{
    change.kind = what;
    if (change.before == NULL || change.after == NULL)
        return err_memory(differing->err);
    return diff_add(differing, change);
}

/* What stood in `before` from *next on up to `limit` and is gone. */
static enum vg_code add_removed(struct differing *differing, const struct kind *kind,
                                const struct side *before, size_t *next, size_t limit)
{
    for (; *next < limit; ++*next) {
        if (before->partner[*next] != SIZE_MAX)
            continue;
        struct map_change change = change_of(kind, before, *next);
        change.before = place_text(differing, kind, before, *next);
        TRY(add_place(differing, change, CHANGE_REMOVED));
    }
    return VG_OK;
}

static enum vg_code compare_inside(struct differing *differing, const struct kind *kind,
                                   const json_t *before, const json_t *after);

static enum vg_code compare_pair(struct differing *differing, const struct kind *kind,
                                 const struct side *before, const struct side *after,
                                 size_t i, bool moved)
{
    size_t was = after->partner[i];
    struct map_change change = change_of(kind, after, i);
    if (moved) {
        struct map_change move = change;
        move.before = place_text(differing, kind, before, was);
        move.after = place_text(differing, kind, after, i);
        TRY(add_place(differing, move, CHANGE_MOVED));
    }
    TRY(diff_fields(differing, &change, before->things[was], after->things[i],
                    kind->skip));
    return kind == &kind_step || kind == &kind_phase
               ? compare_inside(differing, kind, before->things[was], after->things[i])
               : VG_OK;
}

static enum vg_code compare_sides(struct differing *differing, const struct kind *kind,
                                  struct side *before, struct side *after)
{
    size_t next = 0;
    bool *moved = arena_array(differing->arena, bool, after->count);
    if (moved == NULL && after->count > 0)
        return err_memory(differing->err);
    TRY(match_by(differing, before, after, "id"));
    TRY(match_by(differing, before, after, kind->title));
    TRY(find_moved(differing, after, moved));
    for (size_t i = 0; i < after->count; i++) {
        if (after->partner[i] == SIZE_MAX) {
            struct map_change change = change_of(kind, after, i);
            change.after = place_text(differing, kind, after, i);
            TRY(add_place(differing, change, CHANGE_ADDED));
            continue;
        }
        bool went = has_moved(before, after, i, moved);
        if (!went)
            TRY(add_removed(differing, kind, before, &next, after->partner[i]));
        TRY(compare_pair(differing, kind, before, after, i, went));
    }
    return add_removed(differing, kind, before, &next, before->count);
}

static enum vg_code compare_lists(struct differing *differing, const struct kind *kind,
                                  json_t *before, json_t *after, const char *inside)
{
    struct side was = {0}, is = {0};
    TRY(side_open(differing, json_array_size(before), &was));
    TRY(side_open(differing, json_array_size(after), &is));
    side_add(&was, before, inside);
    side_add(&is, after, inside);
    return compare_sides(differing, kind, &was, &is);
}

static enum vg_code compare_inside(struct differing *differing, const struct kind *kind,
                                   const json_t *before, const json_t *after)
{
    if (kind == &kind_phase)
        return compare_lists(differing, &kind_proof, field_get(before, "proofs"),
                             field_get(after, "proofs"), text_at(after, "id"));
    for (size_t i = 0; i < COUNT_OF(kinds_of_step); i++)
        TRY(compare_lists(differing, &kinds_of_step[i],
                          field_get(before, kinds_of_step[i].list),
                          field_get(after, kinds_of_step[i].list), text_at(after, "id")));
    return VG_OK;
}

/* Steps wander between phases: all of a map's are compared together. The phases they are
 * in are named as in the newer map, so that a phase with a new id is still the same. */
static enum vg_code compare_steps(struct differing *differing)
{
    struct side was = {0}, is = {0}, phases_was = {0}, phases_is = {0};
    json_t *before = field_get(differing->before->json, "phases");
    json_t *after = field_get(differing->after->json, "phases");
    TRY(side_open(differing, differing->before->step_count, &was));
    TRY(side_open(differing, differing->after->step_count, &is));
    TRY(side_open(differing, json_array_size(before), &phases_was));
    TRY(side_open(differing, json_array_size(after), &phases_is));
    side_add(&phases_was, before, "");
    side_add(&phases_is, after, "");
    TRY(match_by(differing, &phases_was, &phases_is, "id"));
    TRY(match_by(differing, &phases_was, &phases_is, "title"));
    for (size_t i = 0; i < phases_was.count; i++) {
        size_t partner = phases_was.partner[i];
        json_t *named =
            partner == SIZE_MAX ? phases_was.things[i] : phases_is.things[partner];
        side_add(&was, field_get(phases_was.things[i], "steps"), text_at(named, "id"));
    }
    for (size_t i = 0; i < phases_is.count; i++)
        side_add(&is, field_get(phases_is.things[i], "steps"),
                 text_at(phases_is.things[i], "id"));
    return compare_sides(differing, &kind_step, &was, &is);
}

static enum vg_code compare_maps(struct differing *differing)
{
    json_t *before = differing->before->json, *after = differing->after->json;
    struct map_change change = {.thing = kind_map.thing,
                                .id = differing->after->id,
                                .title = differing->after->title,
                                .inside = "",
                                .field = "",
                                .before = "",
                                .after = ""};
    TRY(diff_fields(differing, &change, before, after, kind_map.skip));
    TRY(compare_lists(differing, &kind_metric,
                      field_get(field_get(before, "objective"), "metrics"),
                      field_get(field_get(after, "objective"), "metrics"), ""));
    TRY(compare_lists(differing, &kind_persona, field_get(before, "personas"),
                      field_get(after, "personas"), ""));
    TRY(compare_lists(differing, &kind_phase, field_get(before, "phases"),
                      field_get(after, "phases"), ""));
    TRY(compare_steps(differing));
    TRY(compare_lists(differing, &kind_action, field_get(before, "actions"),
                      field_get(after, "actions"), ""));
    TRY(compare_lists(differing, &kind_kpi, field_get(before, "kpis"),
                      field_get(after, "kpis"), ""));
    TRY(compare_lists(differing, &kind_playbook, field_get(before, "playbooks"),
                      field_get(after, "playbooks"), ""));
    return compare_lists(differing, &kind_session, field_get(before, "sessions"),
                         field_get(after, "sessions"), "");
}

enum vg_code map_diff(struct arena *arena, const struct vg_map *before,
                      const struct vg_map *after, struct map_diff *ret,
                      struct vg_err *err)
{
    struct differing differing = {
        .arena = arena, .before = before, .after = after, .err = err};
    TRY(compare_maps(&differing));
    *ret = (struct map_diff){differing.items, differing.count};
    return VG_OK;
}
