#include "text/xes.h"

#include "base/buf.h"
#include "base/lang.h"
#include "base/limits.h"
#include "text/xml.h"

#include <stdlib.h>

enum { GLOBALS_MAX = 100, ATTRIBUTES_MAX = LIMIT_COLUMNS };

/* A growing list of key and value; the texts live in one buffer. */
struct list {
    struct buf text;
    struct item {
        size_t key, value, value_len; /* offsets into text */
    } * items;
    struct xes_attribute *shown; /* [capacity] made when the list is told */
    size_t count, capacity;
};

static void list_clear(struct list *list)
{
    buf_clear(&list->text);
    list->count = 0;
}

static void list_free(struct list *list)
{
    buf_free(&list->text);
    free(list->items);
    free(list->shown);
}

static bool list_reserve(struct list *list)
{
    if (list->count < list->capacity)
        return true;
    size_t larger = list->capacity ? list->capacity * 2 : 32;
    struct item *items = realloc(list->items, larger * sizeof *items);
    if (items)
        list->items = items;
    struct xes_attribute *shown = realloc(list->shown, larger * sizeof *shown);
    if (shown)
        list->shown = shown;
    if (!items || !shown)
        return false;
    list->capacity = larger;
    return true;
}

static enum vg_code list_add(struct list *list, str key, str value, size_t limit,
                             struct vg_err *err)
{
    if (list->count >= limit)
        return VG_OK;
    if (!list_reserve(list))
        return err_memory(err);
    struct item *item = &list->items[list->count];
    item->key = list->text.len;
    buf_add(&list->text, key);
    buf_char(&list->text, 0);
    item->value = list->text.len;
    item->value_len = value.len;
    buf_add(&list->text, value);
    buf_char(&list->text, 0);
    if (list->text.failed)
        return err_memory(err);
    list->count++;
    return VG_OK;
}

static bool list_has(const struct list *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->text.ptr + list->items[i].key, key) == 0)
            return true;
    return false;
}

/* Fill in from `globals` what the list lacks. */
static enum vg_code list_complete(struct list *list, const struct list *globals,
                                  struct vg_err *err)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; i < globals->count && code == VG_OK; i++) {
        const char *key = globals->text.ptr + globals->items[i].key;
        str value = {globals->text.ptr + globals->items[i].value,
                     globals->items[i].value_len};
        if (!list_has(list, key))
            code = list_add(list, str_from(key), value, ATTRIBUTES_MAX, err);
    }
    return code;
}

static void list_show(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->shown[i] = (struct xes_attribute){
            .key = list->text.ptr + list->items[i].key,
            .value = {list->text.ptr + list->items[i].value, list->items[i].value_len}};
}

enum scope { OUTSIDE, IN_LOG, IN_TRACE, IN_EVENT, IN_GLOBAL_TRACE, IN_GLOBAL_EVENT };

struct reader {
    struct xml *xml;
    const char *name;
    xes_sink *sink;
    void *ctx;
    enum scope scope, around; /* around: of the event that is being read */
    size_t skipped;           /* depth within an element that says nothing to us */
    struct buf path;          /* keys of the attributes that are open */
    size_t path_len[LIMIT_DEPTH + 2];
    size_t path_depth;
    struct list trace, event, global_trace, global_event;
    struct xes_event told;
    uint64_t traces;
    bool trace_done; /* its globals are filled in */
};

static bool is_attribute(const char *name)
{
    static const char *const types[] = {"string",  "date", "int",  "float",
                                        "boolean", "id",   "list", "container"};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i], name) == 0)
            return true;
    return false;
}

static struct list *list_of(struct reader *r)
{
    switch (r->scope) {
    case IN_TRACE:
        return &r->trace;
    case IN_EVENT:
        return &r->event;
    case IN_GLOBAL_TRACE:
        return &r->global_trace;
    case IN_GLOBAL_EVENT:
        return &r->global_event;
    case OUTSIDE:
    case IN_LOG:
        break;
    }
    return NULL;
}

/* Times and names are never made up, nor what OpenXES writes for "there is none". */
static bool global_counts(str key, const char *value)
{
    return !str_equal(key, STR("time:timestamp")) &&
           !str_equal(key, STR("concept:name")) && strcmp(value, "__INVALID__") != 0;
}

static enum vg_code attribute_start(struct reader *r, const char *const *attributes,
                                    struct vg_err *err)
{
    const char *key = xml_attribute(attributes, "key");
    const char *value = xml_attribute(attributes, "value");
    r->path_len[r->path_depth++] = r->path.len;
    if (r->path_depth > 1)
        buf_char(&r->path, '.');
    buf_text(&r->path, key ? key : "");
    struct list *list = list_of(r);
    if (r->path.failed)
        return err_memory(err);
    if (!list || !key || !value)
        return VG_OK;
    bool global = r->scope == IN_GLOBAL_EVENT || r->scope == IN_GLOBAL_TRACE;
    str path = buf_str(&r->path);
    if (global && !global_counts(path, value))
        return VG_OK;
    size_t len = strlen(value);
    if (len > LIMIT_FIELD_BYTES || path.len > LIMIT_FIELD_BYTES) {
        r->told.too_long = true;
        return VG_OK;
    }
    return list_add(list, path, (str){value, len}, global ? GLOBALS_MAX : ATTRIBUTES_MAX,
                    err);
}

static enum vg_code on_start(void *ctx, const char *name, const char *const *attributes,
                             struct vg_err *err)
{
    struct reader *r = ctx;
    if (r->skipped > 0) {
        r->skipped++;
        return VG_OK;
    }
    if (r->scope == OUTSIDE) {
        if (strcmp(name, "log") != 0) {
            err_set(err, VG_ERR_INPUT, r->name,
                    _("this XML is no event log: it begins with "
                      "<%.60s>, not with <log>"),
                    name);
            return VG_ERR_INPUT;
        }
        r->scope = IN_LOG;
        return VG_OK;
    }
    if (is_attribute(name))
        return attribute_start(r, attributes, err);
    if (strcmp(name, "values") == 0 && r->path_depth > 0)
        return VG_OK; /* of a list: its members follow */
    if (strcmp(name, "trace") == 0 && r->scope == IN_LOG) {
        r->scope = IN_TRACE;
        list_clear(&r->trace);
        r->traces++;
        r->trace_done = false;
    } else if (strcmp(name, "event") == 0 &&
               (r->scope == IN_LOG || r->scope == IN_TRACE)) {
        r->around = r->scope;
        r->scope = IN_EVENT;
        list_clear(&r->event);
        r->told = (struct xes_event){.line = xml_line(r->xml),
                                     .trace = r->around == IN_TRACE ? r->traces : 0};
    } else if (strcmp(name, "global") == 0 && r->scope == IN_LOG) {
        const char *of = xml_attribute(attributes, "scope");
        r->scope = of && strcmp(of, "trace") == 0 ? IN_GLOBAL_TRACE : IN_GLOBAL_EVENT;
    } else {
        r->skipped = 1;
    }
    return VG_OK;
}

static enum vg_code event_end(struct reader *r, struct vg_err *err)
{
    enum vg_code code = list_complete(&r->event, &r->global_event, err);
    if (code == VG_OK && r->around == IN_TRACE && !r->trace_done) {
        code = list_complete(&r->trace, &r->global_trace, err);
        r->trace_done = true;
    }
    if (code != VG_OK)
        return code;
    list_show(&r->event);
    r->told.of_event = r->event.shown;
    r->told.of_event_count = r->event.count;
    if (r->around == IN_TRACE) {
        list_show(&r->trace);
        r->told.of_trace = r->trace.shown;
        r->told.of_trace_count = r->trace.count;
    }
    r->scope = r->around;
    return r->sink(r->ctx, &r->told, err);
}

static enum vg_code on_end(void *ctx, const char *name, struct vg_err *err)
{
    struct reader *r = ctx;
    if (r->skipped > 0) {
        r->skipped--;
        return VG_OK;
    }
    if (is_attribute(name)) {
        r->path.len = r->path_len[--r->path_depth];
        return VG_OK;
    }
    if (strcmp(name, "event") == 0 && r->scope == IN_EVENT)
        return event_end(r, err);
    if (strcmp(name, "trace") == 0 && r->scope == IN_TRACE)
        r->scope = IN_LOG;
    else if (strcmp(name, "global") == 0)
        r->scope = IN_LOG;
    return VG_OK;
}

enum vg_code xes_read(str bytes, const char *name, xes_sink *sink, void *ctx,
                      struct vg_err *err)
{
    static const struct xml_handlers handlers = {.start = on_start, .end = on_end};
    struct reader *r = calloc(1, sizeof *r);
    if (!r)
        return err_memory(err);
    r->name = name;
    r->sink = sink;
    r->ctx = ctx;
    enum vg_code code = xml_open(name, &handlers, r, &r->xml, err);
    if (code == VG_OK)
        code = xml_feed(r->xml, bytes, true, err);
    xml_close(r->xml);
    buf_free(&r->path);
    list_free(&r->trace);
    list_free(&r->event);
    list_free(&r->global_trace);
    list_free(&r->global_event);
    free(r);
    return code;
}
