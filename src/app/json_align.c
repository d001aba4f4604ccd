/* The alignment as JSON. Declared in app/json.h. */
#include "app/json.h"

/* Sticky: once memory is used up the object is NULL. */
static void put(json_t **object, const char *key, json_t *value)
{
    if (!*object) {
        json_decref(value);
        return;
    }
    if (json_object_set_new(*object, key, value) == 0)
        return;
    json_decref(*object);
    *object = NULL;
}

static void put_text(json_t **object, const char *key, const char *text)
{
    put(object, key, json_text(text));
}

static void put_count(json_t **object, const char *key, uint64_t count)
{
    put(object, key, json_count(count));
}

static void put_number(json_t **object, const char *key, double number)
{
    put(object, key, json_number_or_null(number));
}

static json_t *one_variant(const void *item)
{
    const struct vg_align_variant *variant = item;
    json_t *object = json_object();
    put_count(&object, "count", variant->count);
    put_number(&object, "cost", variant->cost);
    put_number(&object, "fitness", variant->fitness);
    put(&object, "activities",
        JSON_LIST(variant->activities, variant->activity_count, json_one_text));
    return object;
}

static json_t *one_step(const void *item)
{
    const struct vg_align_step *step = item;
    json_t *object = json_object();
    put_text(&object, "id", step->id);
    put_text(&object, "title", step->title);
    put_count(&object, "seen", step->seen);
    put_count(&object, "skipped", step->skipped);
    put_count(&object, "passed_over", step->passed_over);
    put_count(&object, "repeated", step->repeated);
    put_count(&object, "out_of_order", step->out_of_order);
    put_count(&object, "events", step->events);
    put(&object, "activities",
        JSON_LIST(step->activities, step->activity_count, json_one_text));
    return object;
}

/* What the shortcut takes the place of; null where nothing is found. */
static json_t *instead(const struct vg_shortcut *shortcut)
{
    if (!shortcut->instead_of || !shortcut->instead_of[0])
        return json_null();
    json_t *object = json_object();
    put_text(&object, "activity", shortcut->instead_of);
    put_text(&object, "step", shortcut->instead_step);
    put_text(&object, "title", shortcut->instead_title);
    put_text(&object, "after", shortcut->after);
    put_count(&object, "taken", shortcut->taken);
    put_count(&object, "events", shortcut->instead_events);
    put_number(&object, "share", shortcut->instead_share);
    put_number(&object, "share_low", shortcut->instead_low);
    put_number(&object, "share_high", shortcut->instead_high);
    put_text(&object, "then", shortcut->then);
    put_number(&object, "then_s", shortcut->then_s);
    put_number(&object, "instead_then_s", shortcut->instead_then_s);
    return object;
}

static json_t *one_shortcut(const void *item)
{
    const struct vg_shortcut *shortcut = item;
    json_t *object = json_object();
    put_text(&object, "activity", shortcut->activity);
    put_text(&object, "from", shortcut->from);
    put_text(&object, "from_title", shortcut->from_title);
    put_text(&object, "to", shortcut->to);
    put_text(&object, "to_title", shortcut->to_title);
    put_count(&object, "to_count", shortcut->to_count);
    put_count(&object, "traces", shortcut->traces);
    put_count(&object, "passing", shortcut->passing);
    put_number(&object, "share", shortcut->share);
    put_number(&object, "share_low", shortcut->share_low);
    put_number(&object, "share_high", shortcut->share_high);
    put_number(&object, "median_s", shortcut->median_s);
    put_text(&object, "actor", shortcut->actor);
    put_count(&object, "actor_count", shortcut->actor_count);
    put_text(&object, "channel", shortcut->channel);
    put(&object, "instead", instead(shortcut));
    return object;
}

static json_t *one_jump(const void *item)
{
    const struct vg_jump *jump = item;
    json_t *object = json_object();
    put_text(&object, "from", jump->from);
    put_text(&object, "from_title", jump->from_title);
    put_text(&object, "to", jump->to);
    put_text(&object, "to_title", jump->to_title);
    put_text(&object, "over", jump->over);
    put_text(&object, "over_title", jump->over_title);
    put_count(&object, "over_count", jump->over_count);
    put_count(&object, "traces", jump->traces);
    put_count(&object, "passing", jump->passing);
    put_number(&object, "share", jump->share);
    put_number(&object, "share_low", jump->share_low);
    put_number(&object, "share_high", jump->share_high);
    return object;
}

static json_t *unknown(const struct vg_align *align)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < align->unknown_count; i++) {
        json_t *object = json_object();
        put_text(&object, "activity", align->unknown[i]);
        put_count(&object, "events", align->unknown_events[i]);
        if (json_array_append_new(array, object) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *align_to_json(const struct vg_align *align)
{
    json_t *object = json_object();
    put_number(&object, "fitness_mean", align->fitness_mean);
    put_count(&object, "traces", align->trace_count);
    put_count(&object, "fitting", align->fitting_count);
    put_count(&object, "shortest", align->shortest);
    put_count(&object, "variant_total", align->variant_total);
    put(&object, "variants",
        JSON_LIST(align->variants, align->variant_count, one_variant));
    put(&object, "steps", JSON_LIST(align->steps, align->step_count, one_step));
    put(&object, "shortcuts",
        JSON_LIST(align->shortcuts, align->shortcut_count, one_shortcut));
    put(&object, "jumps", JSON_LIST(align->jumps, align->jump_count, one_jump));
    put(&object, "unknown", unknown(align));
    return object;
}
