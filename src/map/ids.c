#include "map/ids.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <stdio.h>

/* Where in the document things with an id stand, and what their id is made from. */
struct place {
    enum id_kind kind;
    const char *key, *title, *fallback;
    const struct place *inside; /* ends in a place without key */
};
static const struct place step_places[] = {
    {ID_TOUCHPOINT, "touchpoints", "title", "touchpoint", NULL},
    {ID_PAIN, "pains", "text", "pain", NULL},
    {ID_OPPORTUNITY, "opportunities", "text", "opportunity", NULL},
    {0}};
static const struct place phase_places[] = {
    {ID_STEP, "steps", "title", "step", step_places},
    {ID_PROOF, "proofs", "text", "proof", NULL},
    {0}};
static const struct place objective_places[] = {
    {ID_METRIC, "metrics", "name", "metric", NULL}, {0}};
static const struct place map_places[] = {
    {ID_PERSONA, "personas", "name", "persona", NULL},
    {ID_PHASE, "phases", "title", "phase", phase_places},
    {ID_ACTION, "actions", "title", "action", NULL},
    {ID_KPI, "kpis", "name", "kpi", NULL},
    {ID_PLAYBOOK, "playbooks", "title", "playbook", NULL},
    {0}};

struct walk {
    struct reader *reader;
    struct ids *ids;
    bool filling; /* first all ids that are there are collected, then the others made */
};

const char *id_kind_text(enum id_kind kind)
{
    static const char *const names[] = {
        N_("nothing"),      N_("a persona"), N_("a phase"),        N_("a step"),
        N_("a touchpoint"), N_("a pain"),    N_("an opportunity"), N_("a metric"),
        N_("an action"),    N_("a KPI"),     N_("a proof"),        N_("a playbook")};
    return lang_text(names[kind]);
}

static enum vg_code collect(struct walk *walk, const json_t *object, enum id_kind kind)
{
    const json_t *id = field_get(object, "id");
    if (!json_is_string(id) || json_string_length(id) == 0)
        return VG_OK; /* made later, or refused by its type */
    const char *text = json_string_value(id);
    enum id_kind other = ids_kind(walk->ids, text);
    if (other != ID_NONE) {
        reader_enter(walk->reader, "id");
        reader_fail(walk->reader, VG_ERR_INPUT,
                    _("the id “%.60s” is used twice; %s has it already"), text,
                    id_kind_text(other));
        err_hint(walk->reader->err, "%s",
                 _("give one of the two another id, or leave it out: it will be made"));
        return VG_ERR_INPUT;
    }
    if (json_object_set_new(walk->ids->kinds, text, json_integer(kind)) != 0)
        return err_memory(walk->reader->err);
    return VG_OK;
}

/* "Ricevo l'offerta!" → "ricevo-l-offerta": ASCII letters and digits, at most 40. */
static bool make_slug(struct reader *reader, const char *title, const char *fallback,
                      char *ret, size_t size)
{
    str head = utf8_head(str_from(title), 60);
    str folded = utf8_fold(reader->arena, head);
    size_t len = 0;
    if (folded.ptr == NULL && head.len > 0)
        return false;
    for (size_t i = 0; i < folded.len && len < 40; i++) {
        char c = folded.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            ret[len++] = c;
        else if (len > 0 && ret[len - 1] != '-')
            ret[len++] = '-';
    }
    while (len > 0 && ret[len - 1] == '-')
        len--;
    ret[len] = 0;
    if (len == 0)
        snprintf(ret, size, "%s", fallback);
    return true;
}

/* The id goes to the front of the object, where people look for it. */
static bool put_first(json_t *object, const char *id)
{
    json_t *rest = json_copy(object);
    if (rest)
        (void)json_object_del(rest, "id"); /* a null or empty one */
    bool good = rest != NULL && json_object_clear(object) == 0 &&
                json_object_set_new(object, "id", json_string(id)) == 0 &&
                json_object_update(object, rest) == 0;
    json_decref(rest);
    return good;
}

static enum vg_code fill(struct walk *walk, json_t *object, const struct place *place)
{
    const json_t *id = field_get(object, "id");
    if (id && !(json_is_string(id) && json_string_length(id) == 0))
        return VG_OK;
    const char *title = json_string_value(field_get(object, place->title));
    char slug[64], made[96];
    if (!make_slug(walk->reader, title ? title : "", place->fallback, slug, sizeof(slug)))
        return err_memory(walk->reader->err);
    snprintf(made, sizeof(made), "%s", slug);
    json_int_t suffix = json_integer_value(json_object_get(walk->ids->suffixes, slug));
    if (suffix == 0)
        suffix = 1;
    while (ids_kind(walk->ids, made) != ID_NONE)
        snprintf(made, sizeof(made), "%s-%" JSON_INTEGER_FORMAT, slug, ++suffix);
    if (json_object_set_new(walk->ids->suffixes, slug, json_integer(suffix)) != 0 ||
        json_object_set_new(walk->ids->kinds, made, json_integer(place->kind)) != 0 ||
        !put_first(object, made))
        return err_memory(walk->reader->err);
    return VG_OK;
}

/* As deep as the tables of places are: three levels. */
static enum vg_code walk_places(struct walk *walk, json_t *object,
                                const struct place *places)
{
    for (const struct place *place = places; place->key; place++) {
        json_t *list = field_get(object, place->key);
        size_t count = json_is_array(list) ? json_array_size(list) : 0;
        reader_enter(walk->reader, place->key);
        for (size_t i = 0; i < count; i++) {
            json_t *item = json_array_get(list, i);
            if (!json_is_object(item))
                continue;
            reader_enter_at(walk->reader, i);
            TRY(walk->filling ? fill(walk, item, place)
                              : collect(walk, item, place->kind));
            if (place->inside)
                TRY(walk_places(walk, item, place->inside));
            reader_leave(walk->reader);
        }
        reader_leave(walk->reader);
    }
    return VG_OK;
}

static enum vg_code walk_document(struct walk *walk, json_t *document)
{
    TRY(walk_places(walk, document, map_places));
    json_t *objective = field_get(document, "objective");
    if (!json_is_object(objective))
        return VG_OK;
    reader_enter(walk->reader, "objective");
    TRY(walk_places(walk, objective, objective_places));
    reader_leave(walk->reader);
    return VG_OK;
}

enum vg_code ids_fill(struct reader *reader, json_t *document, struct ids *ids)
{
    struct walk walk = {.reader = reader, .ids = ids};
    char slug[64];
    ids->kinds = json_object();
    ids->suffixes = json_object();
    if (ids->kinds == NULL || ids->suffixes == NULL)
        return err_memory(reader->err);
    TRY(walk_document(&walk, document));
    walk.filling = true;
    TRY(walk_document(&walk, document));
    if (field_get(document, "id"))
        return VG_OK;
    const char *title = json_string_value(field_get(document, "title"));
    if (!make_slug(reader, title ? title : "", "map", slug, sizeof(slug)) ||
        !put_first(document, slug))
        return err_memory(reader->err);
    return VG_OK;
}

void ids_free(struct ids *ids)
{
    json_decref(ids->kinds);
    json_decref(ids->suffixes);
}

enum id_kind ids_kind(const struct ids *ids, const char *id)
{
    return (enum id_kind)json_integer_value(json_object_get(ids->kinds, id));
}
