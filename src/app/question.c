/* Declared in app/question.h. */
#include "app/question.h"

#include "app/values.h"
#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "log/read_where.h"
#include "store/records.h"
#include "text/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS_MAX = 256, PAIR_BYTES = 2000, QUERY_BYTES = 16 * 1024, NESTED_MAX = 4 };

enum kind {
    KIND_SINCE,
    KIND_UNTIL,
    KIND_LIST,
    KIND_WHERE,
    KIND_DURATION,
    KIND_JOURNEY,
    KIND_PAUSE,
    KIND_PERSONA,
    KIND_SAVED
};
#define IN_FILTER(member) offsetof(struct log_filter, member)
static const struct name_row {
    const char *name;
    enum kind kind;
    size_t at, count_at; /* in struct log_filter */
} rows[] = {
    {"since", KIND_SINCE, IN_FILTER(from_us), 0},
    {"until", KIND_UNTIL, IN_FILTER(until_us), 0},
    {"started-since", KIND_SINCE, IN_FILTER(started_from_us), 0},
    {"started-until", KIND_UNTIL, IN_FILTER(started_until_us), 0},
    {"only-channel", KIND_LIST, IN_FILTER(channels), IN_FILTER(channel_count)},
    {"only-activity", KIND_LIST, IN_FILTER(activities), IN_FILTER(activity_count)},
    {"only-customer", KIND_LIST, IN_FILTER(customers), IN_FILTER(customer_count)},
    {"containing", KIND_LIST, IN_FILTER(containing), IN_FILTER(containing_count)},
    {"missing", KIND_LIST, IN_FILTER(missing), IN_FILTER(missing_count)},
    {"where", KIND_WHERE, IN_FILTER(where), IN_FILTER(where_count)},
    {"customers-where", KIND_WHERE, IN_FILTER(customers_where),
     IN_FILTER(customers_where_count)},
    /* as kept with a persona or a saved filter: the evidence changes, what is kept stays,
     * and who is not what nobody is any more is everybody */
    {"where~", KIND_WHERE, IN_FILTER(where), IN_FILTER(where_count)},
    {"customers-where~", KIND_WHERE, IN_FILTER(customers_where),
     IN_FILTER(customers_where_count)},
    {"longer-than", KIND_DURATION, IN_FILTER(longer_than_s), 0},
    {"shorter-than", KIND_DURATION, IN_FILTER(shorter_than_s), 0},
    {"journey", KIND_JOURNEY, 0, 0},
    {"pause", KIND_PAUSE, 0, 0},
    {"persona", KIND_PERSONA, 0, 0},
    {"saved", KIND_SAVED, 0, 0},
};

static const struct name_row *row_of(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool question_knows(const char *name)
{
    return row_of(name) != NULL;
}

/* ---- an address's query ---- */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static const char *unescape(struct arena *arena, str text)
{
    char *out = arena_array(arena, char, text.len + 1);
    size_t length = 0;
    for (size_t i = 0; out && i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '%') {
            bool both = i + 2 < text.len;
            int high = both ? hex(text.ptr[i + 1]) : -1;
            int low = both ? hex(text.ptr[i + 2]) : -1;
            if (high < 0 || low < 0 || !(high | low))
                return "";
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        out[length++] = c;
    }
    return out;
}

static enum vg_code split_one(struct arena *arena, str word, struct pair *ret,
                              struct vg_err *err)
{
    str name = str_cut(&word, '=');
    ret->name = unescape(arena, name);
    ret->value = unescape(arena, word.ptr ? word : (str){"", 0});
    if (!ret->name || !ret->value)
        return err_memory(err);
    bool broken = (name.len && !ret->name[0]) ||
                  (word.ptr && word.len && !ret->value[0]) ||
                  !utf8_valid(str_from(ret->name)) || !utf8_valid(str_from(ret->value));
    return broken ? err_set(err, VG_ERR_USAGE, NULL, "%s",
                            _("the address is not written as it should be"))
                  : VG_OK;
}

enum vg_code question_split(struct arena *arena, const char *query, struct pair **ret,
                            size_t *ret_count, struct vg_err *err)
{
    str left = str_from(query);
    size_t count = 0;
    if (left.len > QUERY_BYTES)
        return err_set(err, VG_ERR_LIMIT, NULL, "%s", _("the filter is too long"));
    struct pair *pairs = arena_array(arena, struct pair, PAIRS_MAX);
    if (!pairs)
        return err_memory(err);
    while (left.ptr) {
        str word = str_cut(&left, '&');
        if (!word.len)
            continue;
        if (count == PAIRS_MAX)
            return err_set(err, VG_ERR_LIMIT, NULL, "%s", _("the filter is too long"));
        enum vg_code code = split_one(arena, word, &pairs[count++], err);
        if (code != VG_OK)
            return code;
    }
    *ret = pairs;
    *ret_count = count;
    return VG_OK;
}

enum vg_code question_filter(struct arena *arena, const char *filter, struct pair **ret,
                             size_t *ret_count, struct vg_err *err)
{
    enum vg_code code =
        question_split(arena, filter + (filter[0] == '?'), ret, ret_count, err);
    for (size_t i = 0; code == VG_OK && i < *ret_count; i++)
        if (!row_of((*ret)[i].name) || !(*ret)[i].value[0]) {
            code = err_set(err, VG_ERR_INPUT, (*ret)[i].name, "%s",
                           _("this is no part of a filter"));
            err_hint(err, "%s",
                     _("write it as in an address: only-channel=Sito&containing=Reso"));
        }
    return code;
}

/* ---- reading ---- */

struct reading {
    struct store *store;
    struct arena *arena;
    struct pair *pairs; /* of this question and of what it names, in canonical order */
    size_t count;
    struct question *ret;
    struct vg_err *err;
};

static enum vg_code bad(struct reading *reading, const struct pair *pair,
                        const char *hint)
{
    err_set(reading->err, VG_ERR_USAGE, pair->name, _("this cannot be \"%s\""),
            pair->value);
    return err_hint(reading->err, "%s", hint), VG_ERR_USAGE;
}

static enum vg_code gather(struct reading *reading, const struct pair *pairs,
                           size_t count, int depth);

/* The pairs of a query that is kept in a record, under `key`. */
static enum vg_code gather_record(struct reading *reading, const struct pair *pair,
                                  enum record_kind kind, const char *key, int depth)
{
    struct record record;
    json_t *body = NULL;
    struct pair *pairs = NULL;
    size_t count = 0;
    if (depth == NESTED_MAX)
        return bad(reading, pair, _("filters name each other"));
    if (!reading->store)
        return bad(reading, pair, _("a data file knows it: -w FILE.viaggio"));
    enum vg_code code = record_get(reading->store, reading->arena, kind, pair->value,
                                   &record, reading->err);
    if (code == VG_OK)
        code = json_read(str_from(record.body), pair->value, LIMIT_MAP_BYTES, &body,
                         reading->err);
    const char *query =
        code == VG_OK ? json_string_value(json_object_get(body, key)) : NULL;
    if (code == VG_OK && query)
        code = question_filter(reading->arena, query, &pairs, &count, reading->err);
    json_decref(body);
    return code == VG_OK ? gather(reading, pairs, count, depth + 1) : code;
}

/* What is kept may name what the evidence has no more. */
static const char *kept_name(const char *name)
{
    return strcmp(name, "where") == 0             ? "where~"
           : strcmp(name, "customers-where") == 0 ? "customers-where~"
                                                  : name;
}

enum vg_code question_of_map(struct arena *arena, const struct vg_map *map,
                             struct pair **ret, size_t *ret_count, struct vg_err *err)
{
    const char *filter = map && map->persona_count ? map->personas[0].filter : "";
    *ret_count = 0;
    enum vg_code code =
        filter[0] ? question_filter(arena, filter, ret, ret_count, err) : VG_OK;
    for (size_t i = 0; code == VG_OK && i < *ret_count; i++)
        (*ret)[i].name = kept_name((*ret)[i].name);
    return code;
}

static enum vg_code gather(struct reading *reading, const struct pair *pairs,
                           size_t count, int depth)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        const struct name_row *row = row_of(pairs[i].name);
        if (!row || !pairs[i].value[0])
            continue;
        if (strlen(pairs[i].value) > PAIR_BYTES || reading->count == PAIRS_MAX)
            return err_set(reading->err, VG_ERR_LIMIT, pairs[i].name, "%s",
                           _("the filter is too long"));
        if (row->kind == KIND_PERSONA)
            code = gather_record(reading, &pairs[i], RECORD_PERSONA, "filter", depth);
        else if (row->kind == KIND_SAVED)
            code = gather_record(reading, &pairs[i], RECORD_FILTER, "query", depth);
        else
            reading->pairs[reading->count++] = (struct pair){
                depth ? kept_name(pairs[i].name) : pairs[i].name, pairs[i].value};
    }
    return code;
}

static int pair_compare(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : strcmp(a->value, b->value);
}

static enum vg_code read_where_pair(struct reading *reading, const struct pair *pair,
                                    struct filter_where *ret)
{
    const char *equals = strchr(pair->value, '=');
    if (!equals || equals == pair->value ||
        (equals == pair->value + 1 && pair->value[0] == '!'))
        return bad(reading, pair, _("write COLUMN=VALUE or COLUMN!=VALUE"));
    ret->calm = strchr(pair->name, '~') != NULL;
    ret->not = equals[-1] == '!';
    size_t length = (size_t)(equals - pair->value) - ret->not ;
    ret->attribute = arena_text(reading->arena, str_trim((str){pair->value, length}));
    ret->value = equals + 1;
    if (!ret->attribute)
        return err_memory(reading->err);
    reading->ret->attributes |= !where_is_own(ret->attribute);
    return VG_OK;
}

/* The lists point at one array each, as long as there are pairs. */
static enum vg_code add_to_list(struct reading *reading, const struct name_row *row,
                                const struct pair *pair)
{
    char *filter = (char *)&reading->ret->filter;
    void **list = (void **)(void *)(filter + row->at);
    size_t *count = (size_t *)(void *)(filter + row->count_at);
    bool where = row->kind == KIND_WHERE;
    if (!*list)
        *list = arena_alloc(reading->arena, reading->count,
                            where ? sizeof(struct filter_where) : sizeof(char *));
    if (!*list)
        return err_memory(reading->err);
    if (where)
        return read_where_pair(reading, pair, (struct filter_where *)*list + (*count)++);
    ((const char **)*list)[(*count)++] = pair->value;
    return VG_OK;
}

static enum vg_code read_pair(struct reading *reading, const struct pair *pair)
{
    const struct name_row *row = row_of(pair->name);
    char *at = (char *)&reading->ret->filter + row->at;
    switch (row->kind) {
    case KIND_SINCE:
    case KIND_UNTIL:
        if (!instant_read(pair->value, row->kind == KIND_UNTIL, (int64_t *)(void *)at))
            return bad(reading, pair,
                       _("write it as 2025, 2025-10, 2025-10-31 or 31/10/2025"));
        return VG_OK;
    case KIND_DURATION:
    case KIND_PAUSE:
        if (row->kind == KIND_PAUSE)
            at = (char *)&reading->ret->pause_s;
        if (!duration_read(pair->value, (double *)(void *)at))
            return bad(reading, pair,
                       _("give a number with its unit: 90s, 15m, 4h, 30d, 2w"));
        return VG_OK;
    case KIND_JOURNEY:
        reading->ret->journey = pair->value;
        reading->ret->attributes = true;
        return VG_OK;
    case KIND_LIST:
    case KIND_WHERE:
        return add_to_list(reading, row, pair);
    case KIND_PERSONA:
    case KIND_SAVED:
        break;
    }
    return VG_OK;
}

static enum vg_code write_key(struct reading *reading)
{
    struct buf key = {0};
    for (size_t i = 0; i < reading->count; i++)
        buf_printf(&key, "%s=%s\n", reading->pairs[i].name, reading->pairs[i].value);
    reading->ret->key = key.failed ? NULL : arena_text(reading->arena, buf_str(&key));
    buf_free(&key);
    return reading->ret->key ? VG_OK : err_memory(reading->err);
}

/* Where personas are named: what is asked of everybody else as well. */
static enum vg_code read_whole(struct reading *reading, const struct pair *pairs,
                               size_t count)
{
    size_t rest_count = 0;
    struct question *whole = arena_new(reading->arena, struct question);
    struct pair *rest = arena_array(reading->arena, struct pair, count + 1);
    if (!whole || !rest)
        return err_memory(reading->err);
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].name, "persona") != 0 || !pairs[i].value[0])
            rest[rest_count++] = pairs[i];
    if (rest_count == count)
        return VG_OK;
    reading->ret->whole = whole;
    return question_read(reading->store, reading->arena, rest, rest_count, whole,
                         reading->err);
}

enum vg_code question_read(struct store *store, struct arena *arena,
                           const struct pair *pairs, size_t count, struct question *ret,
                           struct vg_err *err)
{
    struct question question = {.filter = LOG_FILTER_ALL};
    struct reading reading = {.store = store,
                              .arena = arena,
                              .pairs = arena_array(arena, struct pair, PAIRS_MAX),
                              .ret = &question,
                              .err = err};
    if (!reading.pairs)
        return err_memory(err);
    enum vg_code code = gather(&reading, pairs, count, 0);
    qsort(reading.pairs, reading.count, sizeof *reading.pairs, pair_compare);
    for (size_t i = 0; code == VG_OK && i < reading.count; i++)
        code = read_pair(&reading, &reading.pairs[i]);
    if (code == VG_OK &&
        (question.filter.from_us >= question.filter.until_us ||
         question.filter.started_from_us >= question.filter.started_until_us))
        code = err_set(err, VG_ERR_USAGE, "until", "%s",
                       _("the period ends before it begins"));
    if (code == VG_OK)
        code = write_key(&reading);
    if (code == VG_OK)
        code = read_whole(&reading, pairs, count);
    if (code == VG_OK)
        *ret = question;
    return code;
}
