#include "map/fields.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

void reader_enter(struct reader *reader, const char *key)
{
    if (reader->depth < COUNT_OF(reader->path))
        reader->path[reader->depth].key = key;
    reader->depth++;
}

void reader_enter_at(struct reader *reader, size_t index)
{
    if (reader->depth < COUNT_OF(reader->path)) {
        reader->path[reader->depth].key = NULL;
        reader->path[reader->depth].index = index;
    }
    reader->depth++;
}

void reader_leave(struct reader *reader)
{
    reader->depth--;
}

enum vg_code reader_fail(struct reader *reader, enum vg_code code, const char *format,
                         ...)
{
    struct buf where = {0};
    char what[sizeof(reader->err->what)];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    buf_text(&where, reader->name);
    for (size_t i = 0; i < reader->depth && i < COUNT_OF(reader->path); i++) {
        if (reader->path[i].key)
            buf_printf(&where, "%s%s", i ? "." : ": ", reader->path[i].key);
        else
            buf_printf(&where, "[%zu]", reader->path[i].index);
    }
    err_set(reader->err, code, where.failed ? reader->name : where.ptr, "%s", what);
    buf_free(&where);
    return code;
}

static const char *type_text(json_type type)
{
    switch (type) {
    case JSON_OBJECT:
        return _("an object {…}");
    case JSON_ARRAY:
        return _("a list […]");
    case JSON_STRING:
        return _("a text");
    case JSON_INTEGER:
    case JSON_REAL:
        return _("a number");
    case JSON_NULL:
        return _("nothing (null)");
    default:
        return _("true or false");
    }
}

enum vg_code reader_fail_type(struct reader *reader, json_type wanted,
                              const json_t *found)
{
    reader_fail(reader, VG_ERR_INPUT, _("must be %s, is %s"), type_text(wanted),
                type_text(json_typeof(found)));
    if (wanted == JSON_ARRAY)
        err_hint(reader->err, "%s", _("put it in square brackets, even when it is one"));
    else if (wanted == JSON_STRING)
        err_hint(reader->err, "%s", _("put it in quotation marks"));
    else if (wanted == JSON_OBJECT)
        err_hint(reader->err, "%s", _("docs/map.schema.json says which fields it has"));
    else
        err_hint(reader->err, "%s", _("write it without quotation marks"));
    return VG_ERR_INPUT;
}

json_t *field_get(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NULL : value;
}

enum vg_code field_list(struct reader *reader, const json_t *object, const char *key,
                        size_t limit, json_t **ret, size_t *ret_count)
{
    json_t *list = field_get(object, key);
    size_t count = json_array_size(list);
    enum vg_code code = VG_OK;
    reader_enter(reader, key);
    if (list && !json_is_array(list))
        code = reader_fail_type(reader, JSON_ARRAY, list);
    else if (count > limit) {
        code = reader_fail(reader, VG_ERR_LIMIT,
                           _("holds %zu, more than the %zu "
                             "that a map may have"),
                           count, limit);
        err_hint(reader->err, "%s", _("make two maps of it"));
    }
    reader_leave(reader);
    if (code != VG_OK)
        return code;
    *ret = list;
    *ret_count = count;
    return VG_OK;
}

/* Control characters but tab and line feed; U+FFFE and U+FFFF, which XML forbids too. */
static bool is_unwanted(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) ||
           (c & 0xFFFE) == 0xFFFE;
}

static enum vg_code clean_text(struct reader *reader, json_t *value, str text)
{
    struct buf clean = {0};
    size_t len;
    bool dirty = false;
    for (str rest = text; rest.len > 0; rest.ptr += len, rest.len -= len) {
        uint32_t c = utf8_decode(rest, &len);
        if (is_unwanted(c))
            dirty = true;
        else
            buf_add(&clean, (str){rest.ptr, len});
    }
    enum vg_code code = VG_OK;
    if (clean.failed ||
        (dirty && json_string_setn(value, clean.len ? clean.ptr : "", clean.len) != 0))
        code = err_memory(reader->err);
    buf_free(&clean);
    return code;
}

enum vg_code field_text(struct reader *reader, json_t *value, const char **ret)
{
    if (!json_is_string(value))
        return reader_fail_type(reader, JSON_STRING, value);
    str text = {json_string_value(value), json_string_length(value)};
    if (text.len > LIMIT_MAP_TEXT_BYTES) {
        reader_fail(reader, VG_ERR_LIMIT, _("the text is %zu bytes long, more than %d"),
                    text.len, LIMIT_MAP_TEXT_BYTES);
        return err_hint(reader->err, "%s", _("shorten it")), VG_ERR_LIMIT;
    }
    TRY(clean_text(reader, value, text));
    text = (str){json_string_value(value), json_string_length(value)};
    const char *copy = arena_text(reader->arena, text);
    if (copy == NULL)
        return err_memory(reader->err);
    *ret = copy;
    return VG_OK;
}

static enum vg_code read_texts(struct reader *reader, const json_t *object,
                               const char *key, struct map_texts *ret)
{
    json_t *list;
    size_t count;
    TRY(field_list(reader, object, key, LIMIT_MAP_ITEMS, &list, &count));
    const char **items = arena_array(reader->arena, const char *, count);
    if (items == NULL && count > 0)
        return err_memory(reader->err);
    reader_enter(reader, key);
    for (size_t i = 0; i < count; i++) {
        reader_enter_at(reader, i);
        TRY(field_text(reader, json_array_get(list, i), &items[i]));
        reader_leave(reader);
    }
    reader_leave(reader);
    *ret = (struct map_texts){items, count};
    return VG_OK;
}

static enum vg_code read_number(struct reader *reader, const struct field *field,
                                const json_t *value, double *ret)
{
    if (!json_is_number(value))
        return reader_fail_type(reader, JSON_REAL, value);
    double number = json_number_value(value);
    if (field->low < field->high && !(number >= field->low && number <= field->high)) {
        struct buf found = {0};
        write_number(&found, number, number == nearbyint(number) ? 0 : 2);
        reader_fail(reader, VG_ERR_INPUT, _("must be between %s and %s, is %s"),
                    text_number(reader->arena, field->low, 0),
                    text_number(reader->arena, field->high, 0),
                    found.ptr ? found.ptr : "");
        buf_free(&found);
        if (field->low < 0)
            err_hint(reader->err, "%s", _("−2 is very bad, 0 is so-so, 2 is very good"));
        else if (field->high == 100)
            err_hint(reader->err, "%s", _("it is a share in hundredths"));
        return VG_ERR_INPUT;
    }
    *ret = number;
    return VG_OK;
}

/* Index of the word in words; fails naming those there are. */
static enum vg_code read_word(struct reader *reader, const struct field *field,
                              const json_t *value, size_t *ret)
{
    struct buf known = {0};
    if (!json_is_string(value))
        return reader_fail_type(reader, JSON_STRING, value);
    for (size_t i = 0; field->words[i]; i++) {
        if (strcmp(field->words[i], json_string_value(value)) == 0) {
            *ret = i;
            buf_free(&known);
            return VG_OK;
        }
        buf_printf(&known, "%s“%s”", i ? ", " : "", field->words[i]);
    }
    reader_fail(reader, VG_ERR_INPUT, _("“%.60s” is not a word known here"),
                json_string_value(value));
    err_hint(reader->err, _("it can be %s"), known.ptr ? known.ptr : "");
    buf_free(&known);
    return VG_ERR_INPUT;
}

static bool digits(const char *text, size_t count, int *ret)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *ret = value;
    return true;
}

/* YYYY-MM-DD, or with a time of day (UTC): YYYY-MM-DDThh:mm[:ss[.…]]Z. */
static bool parse_date(str text, int64_t *ret)
{
    struct date date = {0};
    const char *p = text.ptr;
    if (text.len < 10 || p[4] != '-' || p[7] != '-' || !digits(p, 4, &date.year) ||
        !digits(p + 5, 2, &date.month) || !digits(p + 8, 2, &date.day) ||
        !date_exists(date.year, date.month, date.day))
        return false;
    if (text.len > 10) {
        if (text.len < 16 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' ||
            !digits(p + 11, 2, &date.hour) || !digits(p + 14, 2, &date.minute) ||
            date.hour > 23 || date.minute > 59)
            return false;
        if (text.len >= 19 && p[16] == ':' &&
            (!digits(p + 17, 2, &date.second) || date.second > 59))
            return false;
    }
    *ret = date_to_us(&date);
    return true;
}

static enum vg_code read_date(struct reader *reader, const json_t *value, int64_t *ret)
{
    if (!json_is_string(value))
        return reader_fail_type(reader, JSON_STRING, value);
    if (json_string_length(value) == 0)
        return VG_OK;
    if (!parse_date((str){json_string_value(value), json_string_length(value)}, ret)) {
        reader_fail(reader, VG_ERR_INPUT, _("“%.40s” is not a date"),
                    json_string_value(value));
        err_hint(reader->err, "%s", _("write it as year-month-day: 2026-01-31"));
        return VG_ERR_INPUT;
    }
    return VG_OK;
}

static enum vg_code read_list(struct reader *reader, const struct field *field,
                              const json_t *object, void **ret, size_t *ret_count)
{
    json_t *list;
    size_t count;
    TRY(field_list(reader, object, field->key, field->shape->limit, &list, &count));
    char *items = arena_alloc(reader->arena, count, field->shape->size);
    if (items == NULL && count > 0)
        return err_memory(reader->err);
    reader_enter(reader, field->key);
    for (size_t i = 0; i < count; i++) {
        reader_enter_at(reader, i);
        TRY(shape_read(reader, field->shape, json_array_get(list, i),
                       items + i * field->shape->size));
        reader_leave(reader);
    }
    reader_leave(reader);
    *ret = items;
    *ret_count = count;
    return VG_OK;
}

static const struct field match_fields[] = {
    {.key = "activity",
     .kind = FIELD_TEXT,
     .offset = offsetof(struct map_match, activity)},
    {.key = "channel",
     .kind = FIELD_TEXT,
     .offset = offsetof(struct map_match, channel)}};
static const struct shape match_shape = {match_fields, COUNT_OF(match_fields),
                                         sizeof(struct map_match), 0};

/* Each a text, or an object that names a channel too. */
static enum vg_code read_matches(struct reader *reader, const struct field *field,
                                 const json_t *object, struct map_match **ret,
                                 size_t *ret_count)
{
    json_t *list;
    size_t count;
    TRY(field_list(reader, object, field->key, LIMIT_MAP_ITEMS, &list, &count));
    struct map_match *matches = arena_array(reader->arena, struct map_match, count);
    if (matches == NULL && count > 0)
        return err_memory(reader->err);
    reader_enter(reader, field->key);
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(list, i);
        matches[i].channel = "";
        reader_enter_at(reader, i);
        if (json_is_string(item))
            TRY(field_text(reader, item, &matches[i].activity));
        else
            TRY(shape_read(reader, &match_shape, item, &matches[i]));
        if (matches[i].activity[0] == 0) {
            reader_fail(reader, VG_ERR_INPUT, "%s", _("names no activity"));
            err_hint(reader->err, "%s",
                     _("write the activity’s name, as it stands in the evidence"));
            return VG_ERR_INPUT;
        }
        reader_leave(reader);
    }
    reader_leave(reader);
    *ret = matches;
    *ret_count = count;
    return VG_OK;
}

/* What a struct holds where the document says nothing. */
static void field_default(const struct field *field, void *at)
{
    if (field->kind == FIELD_TEXT)
        *(const char **)at = "";
    else if (field->kind == FIELD_NUMBER)
        *(double *)at = field->preset != 0 ? field->preset : NAN;
    else if (field->kind == FIELD_DATE)
        *(int64_t *)at = INT64_MIN;
    else if (field->kind == FIELD_OBJECT)
        for (size_t i = 0; i < field->shape->field_count; i++)
            field_default(&field->shape->fields[i],
                          (char *)at + field->shape->fields[i].offset);
}

static enum vg_code read_required(struct reader *reader, const json_t *value,
                                  const char *text)
{
    if (value && str_trim(str_from(text)).len > 0)
        return VG_OK;
    reader_fail(reader, VG_ERR_INPUT, "%s", value ? _("is empty") : _("is missing"));
    err_hint(reader->err, "%s",
             _("a map needs a title, and so does each of its steps; the rest may wait"));
    return VG_ERR_INPUT;
}

static enum vg_code read_value(struct reader *reader, const struct field *field,
                               json_t *value, void *at)
{
    size_t word = 0;
    switch (field->kind) {
    case FIELD_TEXT:
        if (value)
            TRY(field_text(reader, value, at));
        return field->required ? read_required(reader, value, *(const char **)at) : VG_OK;
    case FIELD_NUMBER:
        return value ? read_number(reader, field, value, at) : VG_OK;
    case FIELD_WHOLE:
        if (value && !json_is_integer(value))
            return reader_fail_type(reader, JSON_INTEGER, value);
        *(int64_t *)at = json_integer_value(value);
        return VG_OK;
    case FIELD_BOOL:
        if (value && !json_is_boolean(value))
            return reader_fail_type(reader, JSON_TRUE, value);
        *(bool *)at = value ? json_is_true(value) : field->preset != 0;
        return VG_OK;
    case FIELD_WORD:
        if (value) {
            TRY(read_word(reader, field, value, &word));
            *(int *)at = field->first_word + (int)word;
        }
        return VG_OK;
    case FIELD_FLAG:
        if (value)
            TRY(read_word(reader, field, value, &word));
        *(bool *)at = word == 1;
        return VG_OK;
    case FIELD_DATE:
        return value ? read_date(reader, value, at) : VG_OK;
    case FIELD_OBJECT:
        return value ? shape_read(reader, field->shape, value, at) : VG_OK;
    case FIELD_TEXTS:
    case FIELD_LIST:
    case FIELD_MATCHES:
        return VG_OK; /* shape_read has them: they enter the key themselves */
    }
    return VG_OK;
}

enum vg_code shape_read(struct reader *reader, const struct shape *shape, json_t *object,
                        void *ret)
{
    if (!json_is_object(object))
        return reader_fail_type(reader, JSON_OBJECT, object);
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *field = &shape->fields[i];
        char *at = (char *)ret + field->offset;
        field_default(field, at);
        if (field->kind == FIELD_TEXTS) {
            TRY(read_texts(reader, object, field->key, (void *)at));
        } else if (field->kind == FIELD_LIST) {
            TRY(read_list(reader, field, object, (void *)at,
                          (void *)((char *)ret + field->count_offset)));
        } else if (field->kind == FIELD_MATCHES) {
            TRY(read_matches(reader, field, object, (void *)at,
                             (void *)((char *)ret + field->count_offset)));
        } else {
            reader_enter(reader, field->key);
            TRY(read_value(reader, field, field_get(object, field->key), at));
            reader_leave(reader);
        }
    }
    return VG_OK;
}
