/* Declared in app/templates.h. */
#include "app/templates.h"

#include "base/lang.h"
#include "base/limits.h"

#include <string.h>

#define TEMPLATE(name)                                                                   \
    extern const unsigned char template_##name[];                                        \
    extern const size_t template_##name##_len;
TEMPLATE(b2b_machinery)
TEMPLATE(shop)
TEMPLATE(service_desk)
TEMPLATE(coaching)
TEMPLATE(blank)

static const struct template
{
    const char *id;
    const unsigned char *bytes;
    const size_t *len;
}
templates[] = {
    {"b2b-machinery", template_b2b_machinery, &template_b2b_machinery_len},
    {"shop", template_shop, &template_shop_len},
    {"service-desk", template_service_desk, &template_service_desk_len},
    {"coaching", template_coaching, &template_coaching_len},
    {"blank", template_blank, &template_blank_len},
};

/* {title, about, map} in the thread's language. */
static enum vg_code read_one(const struct template *template, json_t **ret,
                             struct vg_err *err)
{
    json_t *both = NULL;
    str text = {(const char *)template->bytes, *template->len};
    enum vg_code code = json_read(text, template->id, LIMIT_MAP_BYTES, &both, err);
    if (code == VG_OK)
        *ret = json_incref(json_object_get(both, lang_code(lang_get())));
    json_decref(both);
    return code;
}

static size_t steps_of(const json_t *map)
{
    size_t count = 0;
    const json_t *phases = json_object_get(map, "phases");
    for (size_t i = 0; i < json_array_size(phases); i++)
        count += json_array_size(json_object_get(json_array_get(phases, i), "steps"));
    return count;
}

json_t *templates_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < COUNT_OF(templates); i++) {
        json_t *one = NULL;
        if (read_one(&templates[i], &one, NULL) != VG_OK) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(
            list, json_pack("{s:s, s:O, s:O, s:I}", "id", templates[i].id, "title",
                            json_object_get(one, "title"), "about",
                            json_object_get(one, "about"), "steps",
                            (json_int_t)steps_of(json_object_get(one, "map"))));
        json_decref(one);
    }
    return list;
}

enum vg_code templates_get(const char *id, json_t **ret, struct vg_err *err)
{
    for (size_t i = 0; i < COUNT_OF(templates); i++) {
        json_t *one = NULL;
        if (strcmp(templates[i].id, id) != 0)
            continue;
        enum vg_code code = read_one(&templates[i], &one, err);
        if (code == VG_OK)
            *ret = json_incref(json_object_get(one, "map"));
        json_decref(one);
        return code;
    }
    return err_set(err, VG_ERR_NOT_FOUND, NULL, _("there is no template \"%s\""), id);
}
