/* What was asked, held against the fields of its route. Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>

/* ---- decoding ---- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_plain(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            return false;
    }
    return utf8_valid(text);
}

bool ask_decode(struct arena *arena, str text, bool plus, const char **ret)
{
    char *out = arena_array(arena, char, text.len + 1);
    size_t len = 0;
    if (!out)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            if (text.len - i < 3 || hex(text.ptr[i + 1]) < 0 || hex(text.ptr[i + 2]) < 0)
                return false;
            c = (char)(hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[len++] = c;
    }
    if (!is_plain((str){out, len}))
        return false;
    *ret = out;
    return true;
}

enum vg_code ask_query(struct arena *arena, str text, struct pair **ret,
                       size_t *ret_count, struct vg_err *err)
{
    struct pair *pairs = NULL;
    size_t count = 0, capacity = 0;
    while (text.ptr && text.len) {
        str value = str_cut(&text, '&');
        if (!value.len)
            continue;
        str name = str_cut(&value, '=');
        struct pair pair = {"", ""};
        if (count == SERVE_QUERY_COUNT)
            return err_set(err, VG_ERR_LIMIT, NULL,
                           _("there are more than %d parameters"), SERVE_QUERY_COUNT);
        if (!ask_decode(arena, name, true, &pair.name) ||
            (value.ptr && !ask_decode(arena, value, true, &pair.value)))
            return err_set(err, VG_ERR_USAGE, NULL, "%s",
                           _("a parameter is not percent-encoded UTF-8"));
        pairs = arena_grow(arena, pairs, count, &capacity, sizeof *pairs);
        if (!pairs)
            return err_memory(err);
        pairs[count++] = pair;
    }
    *ret = pairs;
    *ret_count = count;
    return VG_OK;
}

/* ---- fields ---- */

static const struct field *find(const struct field *fields, const char *name)
{
    for (; fields && fields->kind != FIELD_END; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

static const struct field *fields_of(const struct field *field)
{
    return field->shape ? field->shape->fields : field->fields;
}

static bool is_choice(const char *choices, const char *value)
{
    str rest = str_from(choices);
    while (rest.ptr)
        if (str_equal(str_cut(&rest, '|'), str_from(value)))
            return true;
    return false;
}

static enum vg_code wrong(const char *place, struct vg_err *err, const char *what)
{
    return err_set(err, VG_ERR_USAGE, place, "%s", what);
}

static enum vg_code check_text(const struct field *field, const char *place,
                               const char *value, struct vg_err *err)
{
    bool prose = field->kind == FIELD_PROSE;
    size_t most = field->most ? field->most : prose ? LIMIT_MAP_TEXT_BYTES : 200;
    if (strlen(value) > most) {
        err_set(err, VG_ERR_USAGE, place, _("this is longer than %zu bytes"), most);
        return err_hint(err, "%s", _("make it shorter"));
    }
    if (!prose && strpbrk(value, "\n\t"))
        return wrong(place, err, _("this has to be on one line"));
    if (field->kind == FIELD_CHOICE && !is_choice(field->choices, value)) {
        err_set(err, VG_ERR_USAGE, place, _("\"%s\" is none of the choices"), value);
        return err_hint(err, "%s", field->choices), VG_ERR_USAGE;
    }
    return VG_OK;
}

/* ---- query ---- */

static enum vg_code check_parameter(const struct field *field, const char *value,
                                    struct vg_err *err)
{
    int64_t whole;
    double number;
    switch (field->kind) {
    case FIELD_FLAG:
        if (strcmp(value, "1") != 0 && strcmp(value, "0") != 0)
            return wrong(field->name, err, _("this is either 1 or 0"));
        return VG_OK;
    case FIELD_COUNT:
        if (!str_to_i64(str_from(value), &whole) || whole < 0 ||
            (uint64_t)whole > (field->most ? field->most : UINT64_C(1) << 53))
            return wrong(field->name, err, _("this is no whole number, or too large"));
        return VG_OK;
    case FIELD_NUMBER:
        if (!str_to_double(str_from(value), false, &number))
            return wrong(field->name, err, _("this is no number"));
        return VG_OK;
    default:
        return check_text(field, field->name, value, err);
    }
}

static const struct field *query_field(const struct route *route, const char *name)
{
    static const struct field lang = {"lang", FIELD_CHOICE, .choices = "it|en"};
    const struct field *found = find(route->query, name);
    if (!found && (route->flags & ROUTE_FILTER))
        found = find(filter_fields, name);
    if (!found && (route->flags & ROUTE_PAGED))
        found = find(page_fields, name);
    return found ? found : strcmp(name, "lang") == 0 ? &lang : NULL;
}

enum vg_code ask_check_query(const struct route *route, const struct pair *pairs,
                             size_t count, struct vg_err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct field *field = query_field(route, pairs[i].name);
        if (!field)
            return wrong(pairs[i].name, err, _("there is no such parameter here"));
        for (size_t other = 0; other < i && field->kind != FIELD_TEXTS; other++)
            if (strcmp(pairs[other].name, pairs[i].name) == 0)
                return wrong(pairs[i].name, err, _("this is given twice"));
        enum vg_code code = check_parameter(field, pairs[i].value, err);
        if (code != VG_OK)
            return code;
    }
    for (const struct field *field = route->query; field && field->kind; field++) {
        size_t i = 0;
        while (i < count && strcmp(pairs[i].name, field->name) != 0)
            i++;
        if (field->needed && i == count)
            return wrong(field->name, err, _("this is missing"));
    }
    return VG_OK;
}

/* ---- body ---- */

struct place {
    const struct place *within;
    const char *name; /* or NULL: the place `at` of a list */
    size_t at;
};

static void write_place(const struct place *place, struct buf *out)
{
    if (place->within)
        write_place(place->within, out);
    if (!place->name)
        buf_printf(out, "[%zu]", place->at);
    else if (out->len)
        buf_printf(out, ".%s", place->name);
    else
        buf_text(out, place->name);
}

static enum vg_code wrong_at(const struct place *place, struct vg_err *err,
                             const char *what)
{
    struct buf text = {.limit = 500};
    write_place(place, &text);
    enum vg_code code = wrong(text.ptr, err, what);
    buf_free(&text);
    return code;
}

static enum vg_code check_value(const struct field *field, const struct place *place,
                                const json_t *value, struct vg_err *err);

static enum vg_code check_object(const struct field *fields, const struct place *place,
                                 const json_t *object, struct vg_err *err)
{
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        return wrong_at(place, err, _("this has to be an object"));
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        struct place here = {place, name, 0};
        const struct field *field = find(fields, name);
        enum vg_code code = field
                                ? check_value(field, &here, value, err)
                                : wrong_at(&here, err, _("there is no such field here"));
        if (code != VG_OK)
            return code;
    }
    for (; fields && fields->kind != FIELD_END; fields++) {
        struct place here = {place, fields->name, 0};
        if (fields->needed && !json_object_get(object, fields->name))
            return wrong_at(&here, err, _("this is missing"));
    }
    return VG_OK;
}

static enum vg_code check_each(const struct field *field, const struct field *one,
                               const struct place *place, const json_t *list,
                               struct vg_err *err)
{
    size_t most = field->items ? field->items : 100;
    if (!json_is_array(list))
        return wrong_at(place, err, _("this has to be a list"));
    if (json_array_size(list) > most)
        return wrong_at(place, err, _("this list is too long"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct place here = {place, NULL, i};
        enum vg_code code = check_value(one, &here, json_array_get(list, i), err);
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

static enum vg_code check_map(const struct field *field, const struct place *place,
                              const json_t *value, struct vg_err *err)
{
    const char *name;
    json_t *one;
    if (!json_is_object(value))
        return wrong_at(place, err, _("this has to be an object"));
    if (json_object_size(value) > (field->items ? field->items : 100))
        return wrong_at(place, err, _("this list is too long"));
    json_object_foreach((json_t *)(uintptr_t)value, name, one)
    {
        struct place here = {place, name, 0};
        enum vg_code code = check_object(fields_of(field), &here, one, err);
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

static enum vg_code check_string(const struct field *field, const struct place *place,
                                 const json_t *value, struct vg_err *err)
{
    str text = {json_string_value(value), json_string_length(value)};
    if (!json_is_string(value))
        return wrong_at(place, err, _("this has to be a text"));
    if (!is_plain(text))
        return wrong_at(place, err, _("there are control characters in it"));
    if (check_text(field, "", text.ptr, err) == VG_OK)
        return VG_OK;
    struct vg_err why = err ? *err : (struct vg_err){0};
    wrong_at(place, err, why.what);
    return why.hint[0] ? (err_hint(err, "%s", why.hint), VG_ERR_USAGE) : VG_ERR_USAGE;
}

static enum vg_code check_number(const struct field *field, const struct place *place,
                                 const json_t *value, struct vg_err *err)
{
    if (field->kind == FIELD_NUMBER)
        return json_is_number(value) ? VG_OK
                                     : wrong_at(place, err, _("this has to be a number"));
    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        (uint64_t)json_integer_value(value) >
            (field->most ? field->most : UINT64_C(1) << 53))
        return wrong_at(place, err, _("this is no whole number, or too large"));
    return VG_OK;
}

static enum vg_code check_value(const struct field *field, const struct place *place,
                                const json_t *value, struct vg_err *err)
{
    struct field text = {.kind = FIELD_TEXT, .most = field->most};
    struct field object = {
        .kind = FIELD_OBJECT, .fields = field->fields, .shape = field->shape};
    struct field number = {.kind = FIELD_NUMBER, .nullable = true};
    if (json_is_null(value) && field->kind != FIELD_ANY)
        return field->nullable ? VG_OK : wrong_at(place, err, _("this may not be null"));
    switch (field->kind) {
    case FIELD_ANY:
        return VG_OK;
    case FIELD_FLAG:
        return json_is_boolean(value)
                   ? VG_OK
                   : wrong_at(place, err, _("this is either true or false"));
    case FIELD_COUNT:
    case FIELD_NUMBER:
        return check_number(field, place, value, err);
    case FIELD_TEXTS:
        return check_each(field, &text, place, value, err);
    case FIELD_NUMBERS:
        return check_each(field, &number, place, value, err);
    case FIELD_ANYS:
        return check_each(field, &(struct field){.kind = FIELD_ANY}, place, value, err);
    case FIELD_OBJECTS:
        return check_each(field, &object, place, value, err);
    case FIELD_OBJECT:
        return check_object(fields_of(field), place, value, err);
    case FIELD_MAP:
        return check_map(field, place, value, err);
    default:
        return check_string(field, place, value, err);
    }
}

enum vg_code ask_check_body(const struct field *fields, const json_t *body,
                            struct vg_err *err)
{
    const struct place top = {NULL, "body", 0};
    struct vg_err why = {0};
    enum vg_code code = check_object(fields, &top, body, &why);
    if (code != VG_OK && err) { /* "body.name" is called "name" */
        *err = why;
        if (strncmp(why.where, "body.", 5) == 0)
            memmove(err->where, err->where + 5, strlen(err->where + 5) + 1);
    }
    return code;
}
