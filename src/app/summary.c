/* What there is in a log, by name and number. Declared in app/customers.h. */
#include "app/customers.h"
#include "app/json.h"
#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES_SHOWN = 50, NAMES_SHOWN = 2000 };

struct counted {
    uint64_t count;
    uint32_t code;
};

static int most_first(const void *left, const void *right)
{
    const struct counted *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->code < b->code ? -1 : a->code > b->code;
}

static uint32_t code_of(const void *codes, size_t width, size_t row)
{
    if (width == 4)
        return ((const uint32_t *)codes)[row];
    uint16_t code = ((const uint16_t *)codes)[row];
    return code == LOG_NO_CODE16 ? LOG_NO_CODE32 : code;
}

/* [{name, count}] of a column, the most frequent first; *ret_kinds: how many there are.
 */
static json_t *values_of(const struct dict *dict, const void *codes, size_t width,
                         size_t events, size_t most, size_t *ret_kinds, bool *ret_numbers)
{
    struct counted *counted = calloc((size_t)dict->count + 1, sizeof *counted);
    json_t *list = json_array();
    size_t kinds = 0;
    bool numbers = true;
    if (!counted || !list) {
        free(counted);
        json_decref(list);
        return NULL;
    }
    for (uint32_t i = 0; i < dict->count; i++)
        counted[i].code = i;
    for (size_t row = 0; codes && row < events; row++) {
        uint32_t code = code_of(codes, width, row);
        if (code != LOG_NO_CODE32)
            counted[code].count++;
    }
    qsort(counted, dict->count, sizeof *counted, most_first);
    while (kinds < dict->count && counted[kinds].count) {
        double value;
        str text = dict_str(dict, counted[kinds].code);
        if (kinds < most) {
            json_array_append_new(list,
                                  json_pack("{s:o, s:I}", "name", json_text(text.ptr),
                                            "count", (json_int_t)counted[kinds].count));
            numbers &= str_to_double(text, memchr(text.ptr, ',', text.len), &value);
        }
        kinds++;
    }
    free(counted);
    *ret_kinds = kinds;
    *ret_numbers = numbers && kinds;
    return list;
}

/* How many customers each name of a column has: into the list that values_of made. */
static bool add_customers(json_t *list, const struct vg_log *log, const struct dict *dict,
                          const uint16_t *codes)
{
    uint64_t *counts = calloc((size_t)dict->count + 1, sizeof *counts);
    size_t *stamp = calloc((size_t)dict->count + 1, sizeof *stamp);
    bool fine = list && counts && stamp;
    for (size_t t = 0; fine && codes && t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            uint16_t code = codes[row];
            if (code == LOG_NO_CODE16 || stamp[code] == t + 1)
                continue;
            stamp[code] = t + 1;
            counts[code]++;
        }
    for (size_t i = 0; fine && i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(one, "name"));
        uint32_t code = dict_find(dict, str_from(name));
        fine =
            json_object_set_new(one, "customers",
                                json_count(code == UINT32_MAX ? 0 : counts[code])) == 0;
    }
    free(counts);
    free(stamp);
    return fine;
}

static bool add_attribute(json_t *list, const char *name, const struct dict *dict,
                          const void *codes, size_t width, size_t events)
{
    size_t kinds = 0;
    bool numbers = false;
    if (!codes)
        return true;
    json_t *values =
        values_of(dict, codes, width, events, VALUES_SHOWN, &kinds, &numbers);
    return json_array_append_new(
               list, json_pack("{s:o, s:s, s:o, s:o}", "name", json_text(name), "kind",
                               numbers ? "number" : "text", "distinct", json_count(kinds),
                               "values", values)) == 0;
}

static json_t *attributes_of(const struct vg_log *log)
{
    json_t *list = json_array();
    bool fine = list != NULL;
    fine = fine && add_attribute(list, "actor", &log->actors, log->actor, 4, log->events);
    fine = fine && add_attribute(list, "touchpoint", &log->touchpoints, log->touchpoint,
                                 2, log->events);
    for (size_t i = 0; fine && i < log->attribute_count; i++)
        fine = add_attribute(list, log->attributes[i].name, &log->attributes[i].values,
                             log->attributes[i].code, 4, log->events);
    if (!fine) {
        json_decref(list);
        list = NULL;
    }
    return list;
}

enum vg_code evidence_summary(struct arena *arena, const struct vg_log *log, json_t **ret,
                              struct vg_err *err)
{
    size_t kinds;
    bool numbers;
    (void)arena;
    json_t *activities = values_of(&log->activities, log->activity, 2, log->events,
                                   NAMES_SHOWN, &kinds, &numbers);
    json_t *channels = values_of(&log->channels, log->channel, 2, log->events,
                                 NAMES_SHOWN, &kinds, &numbers);
    bool fine = add_customers(activities, log, &log->activities, log->activity) &&
                add_customers(channels, log, &log->channels, log->channel);
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "events",
                  json_count(log->events), "customers", json_count(log->traces), "first",
                  log->events ? json_time(log->first_us) : json_null(), "last",
                  log->events ? json_time(log->last_us) : json_null(), "activities",
                  activities, "channels", channels, "attributes", attributes_of(log));
    if (!fine || !json) {
        json_decref(json);
        return err_memory(err);
    }
    *ret = json;
    return VG_OK;
}
