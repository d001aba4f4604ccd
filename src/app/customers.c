/* Declared in app/customers.h. */
#include "app/customers.h"

#include "app/export.h"
#include "app/json.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "store/evidence.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- names, as people look for them ---- */

struct needle {
    str folded;
    struct arena *scratch;
};

static bool plain_ascii(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool found_plain(str text, str needle)
{
    for (size_t at = 0; at + needle.len <= text.len; at++) {
        size_t i = 0;
        while (i < needle.len && lower(text.ptr[at + i]) == needle.ptr[i])
            i++;
        if (i == needle.len)
            return true;
    }
    return false;
}

/* Most names are plain ASCII: only the others are folded. */
static bool found_in(struct arena *scratch, str text, str needle)
{
    if (plain_ascii(text))
        return found_plain(text, needle);
    str folded = utf8_fold(scratch, text);
    return folded.ptr && str_find(folded, needle) != SIZE_MAX;
}

/* ---- the list ---- */

static double valence_of(const struct vg_log *log, size_t trace)
{
    double sum = 0;
    size_t count = 0;
    for (uint64_t row = log->first[trace]; log->score && row < log->first[trace + 1];
         row++) {
        double valence =
            isfinite(log->score[row])
                ? emotion_valence((double)log->score[row],
                                  log->scale ? (enum score_scale)log->scale[row]
                                             : SCALE_NONE)
                : (double)NAN;
        if (isfinite(valence)) {
            sum += valence;
            count++;
        }
    }
    return count ? sum / (double)count : (double)NAN;
}

static json_t *customer_json(struct arena *arena, const struct vg_log *log, size_t trace,
                             uint64_t row)
{
    uint64_t first = log->first[trace], end = log->first[trace + 1];
    const char *name = log_trace_text(log, arena, trace);
    bool about = row != UINT64_MAX;
    if (!name)
        return NULL;
    if (first == end)
        return json_pack("{s:o, s:i}", "name", json_text(name), "events", 0);
    return json_pack(
        "{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(name), "events",
        (json_int_t)(end - first), "first", json_time(log->at_us[first]), "last",
        json_time(log->at_us[end - 1]), "last_activity",
        json_text(dict_text(&log->activities, log->activity[end - 1])), "valence",
        json_number_or_null(valence_of(log, trace)), "at",
        about ? json_time(log->at_us[row]) : json_null(), "waited_s",
        about && row + 1 < end
            ? json_number_or_null((double)(log->at_us[row + 1] - log->at_us[row]) /
                                  (double)US_PER_S)
            : json_null());
}

enum vg_code customers_list(struct arena *arena, const struct vg_log *log,
                            const struct customers_page *page, json_t **ret,
                            const char **ret_next, size_t *ret_total, struct vg_err *err)
{
    const struct drill_traces *among = page->among;
    size_t count = among ? among->count : log->traces, shown = 0;
    int64_t from = 0;
    struct arena *scratch = arena_open(0);
    json_t *items = json_array();
    str needle =
        page->query ? utf8_fold(arena, str_trim(str_from(page->query))) : (str){"", 0};
    enum vg_code code = scratch && items && needle.ptr ? VG_OK : err_memory(err);
    *ret_next = NULL;
    if (page->after[0] && (!str_to_i64(str_from(page->after), &from) || from < 0))
        code = err_set(err, VG_ERR_USAGE, "after", "%s", _("this is no such page"));
    for (size_t i = (size_t)from; code == VG_OK && i < count; i++) {
        size_t trace = among ? among->trace[i] : i;
        str name = dict_str(&log->trace_names, log->trace_name[trace]);
        if (needle.len && !found_in(scratch, name, needle))
            continue;
        if (shown == page->limit) {
            *ret_next = arena_printf(arena, "%zu", i);
            break;
        }
        json_t *one =
            customer_json(scratch, log, trace, among ? among->row[i] : UINT64_MAX);
        if (json_array_append_new(items, one) != 0)
            code = err_memory(err);
        shown++;
    }
    arena_close(scratch);
    if (code != VG_OK) {
        json_decref(items);
        return code;
    }
    *ret = items;
    *ret_total = count;
    return VG_OK;
}

/* ---- one of them ---- */

size_t customer_find(struct arena *arena, const struct vg_log *log, const char *name)
{
    str wanted = str_from(name);
    uint32_t code = dict_find(&log->trace_names, wanted);
    for (size_t t = 0; code != UINT32_MAX && t < log->traces; t++)
        if (log->trace_name[t] == code)
            return t;
    /* "Mario Rossi (2)": a later part. */
    for (size_t t = 0; log->trace_part && t < log->traces; t++) {
        str whole = dict_str(&log->trace_names, log->trace_name[t]);
        if (!log->trace_part[t] || !str_starts(wanted, whole))
            continue;
        const char *text = log_trace_text(log, arena, t);
        if (text && strcmp(text, name) == 0)
            return t;
    }
    return SIZE_MAX;
}

static enum vg_code no_customer(const char *name, struct vg_err *err)
{
    return err_set(err, VG_ERR_NOT_FOUND, NULL,
                   _("there is no customer \"%s\" in the evidence"), name);
}

static const char *step_at(const struct steps *steps, const struct vg_log *log,
                           uint64_t row)
{
    for (size_t s = 0; steps && s < steps->count; s++)
        if (steps_at(steps, log, s, (size_t)row))
            return steps->id[s];
    return NULL;
}

static json_t *timeline_events(const struct vg_log *log, const struct steps *steps,
                               size_t trace, const char *name, const char **sources)
{
    json_t *events = json_array();
    uint64_t first = log->first[trace];
    for (uint64_t row = first; events && row < log->first[trace + 1]; row++) {
        double wait_s = row == first ? (double)NAN
                                     : (double)(log->at_us[row] - log->at_us[row - 1]) /
                                           (double)US_PER_S;
        json_t *event = event_to_json(log, name, (size_t)row);
        if (!event ||
            json_object_set_new(event, "since_previous_s", json_number_or_null(wait_s)) ||
            json_object_set_new(event, "step", json_text(step_at(steps, log, row))) ||
            json_object_set_new(event, "source", json_text(sources[row - first])) ||
            json_array_append_new(events, json_incref(event)) != 0) {
            json_decref(events);
            events = NULL;
        }
        json_decref(event);
    }
    return events;
}

enum vg_code customer_timeline(struct store *store, struct arena *arena,
                               const struct vg_log *log, const struct vg_map *map,
                               const char *name, json_t **ret, struct vg_err *err)
{
    const char **names = NULL, **sources = NULL;
    size_t count = 0;
    struct steps steps;
    enum vg_code code = alias_names(store, arena, name, &names, &count, err);
    if (code != VG_OK)
        return code;
    size_t trace = customer_find(arena, log, names[0]);
    if (trace == SIZE_MAX)
        trace = customer_find(arena, log, name);
    if (trace == SIZE_MAX)
        return no_customer(name, err);
    if (map)
        code = steps_from_map(arena, log, map, &steps, err);
    if (code == VG_OK)
        code = store_origins(store, arena, log, trace, names, count, &sources, err);
    if (code != VG_OK)
        return code;
    const char *shown = log_trace_text(log, arena, trace);
    uint64_t first = log->first[trace], end = log->first[trace + 1];
    json_t *json =
        shown
            ? json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(shown),
                        "aliases", JSON_LIST(names + 1, count - 1, json_one_text),
                        "first", json_time(first < end ? log->at_us[first] : 0), "last",
                        json_time(first < end ? log->at_us[end - 1] : 0), "valence",
                        json_number_or_null(valence_of(log, trace)), "events",
                        timeline_events(log, map ? &steps : NULL, trace, shown, sources))
            : NULL;
    if (!json)
        return err_memory(err);
    *ret = json;
    return VG_OK;
}

enum vg_code customer_csv(struct arena *arena, const struct vg_log *log, const char *name,
                          struct buf *out, struct vg_err *err)
{
    size_t trace = customer_find(arena, log, name);
    if (trace == SIZE_MAX)
        return no_customer(name, err);
    enum vg_code code = export_events_header(log, out, err);
    return code == VG_OK ? export_events(arena, log, trace, out, err) : code;
}

/* ---- search ---- */

enum { WORDS_MAX = 8, SCRATCH_BYTES = 4 * 1024 * 1024 };

/* One column of codes, with a byte for each of its texts: bits of the words found. */
struct searched {
    const struct dict *dict;
    const void *codes;
    size_t width;
    uint8_t *found;
};

static uint32_t code_of(const struct searched *column, uint64_t row)
{
    if (column->width == 4)
        return ((const uint32_t *)column->codes)[row];
    uint16_t code = ((const uint16_t *)column->codes)[row];
    return code == LOG_NO_CODE16 ? LOG_NO_CODE32 : code;
}

static bool look_through(struct arena *arena, struct searched *column, const str *words,
                         size_t word_count)
{
    struct arena *scratch = arena_open(0);
    column->found = arena_array(arena, uint8_t, column->dict->count + 1);
    for (uint32_t code = 0; column->found && scratch && code < column->dict->count;
         code++) {
        if (arena_used(scratch) > SCRATCH_BYTES) {
            arena_close(scratch);
            if (!(scratch = arena_open(0)))
                break;
        }
        for (size_t w = 0; w < word_count; w++)
            if (found_in(scratch, dict_str(column->dict, code), words[w]))
                column->found[code] = (uint8_t)(column->found[code] | 1u << w);
    }
    bool done = column->found && scratch;
    arena_close(scratch);
    return done;
}

static size_t split_words(str query, str words[WORDS_MAX])
{
    size_t count = 0;
    query = str_trim(query);
    while (query.ptr && count < WORDS_MAX) {
        str word = str_cut(&query, ' ');
        if (word.len)
            words[count++] = word;
    }
    return count;
}

struct search {
    const struct vg_log *log;
    struct searched columns[5];
    size_t column_count;
    struct searched names;
    uint8_t all;
};

static bool search_make(struct arena *arena, const struct vg_log *log, const str *words,
                        size_t count, struct search *ret)
{
    const struct searched every[] = {
        {&log->activities, log->activity, 2, NULL},
        {&log->channels, log->channel, 2, NULL},
        {&log->touchpoints, log->touchpoint, 2, NULL},
        {&log->actors, log->actor, 4, NULL},
        {&log->texts, log->text, 4, NULL},
    };
    *ret = (struct search){.log = log,
                           .names = {&log->trace_names, log->trace_name, 4, NULL},
                           .all = (uint8_t)((1u << count) - 1)};
    bool done = look_through(arena, &ret->names, words, count);
    for (size_t i = 0; i < COUNT_OF(every); i++)
        if (every[i].codes) {
            ret->columns[ret->column_count] = every[i];
            done &= look_through(arena, &ret->columns[ret->column_count++], words, count);
        }
    return done;
}

static bool is_found(const struct search *search, size_t trace, uint64_t row)
{
    uint8_t found = search->names.found[search->log->trace_name[trace]];
    for (size_t c = 0; c < search->column_count && found != search->all; c++) {
        uint32_t code = code_of(&search->columns[c], row);
        if (code != LOG_NO_CODE32)
            found = (uint8_t)(found | search->columns[c].found[code]);
    }
    return found == search->all;
}

enum vg_code events_search(struct arena *arena, const struct vg_log *log,
                           const char *query, const char *after, size_t limit,
                           json_t **ret, const char **ret_next, uint64_t *ret_total,
                           struct vg_err *err)
{
    str words[WORDS_MAX], folded = utf8_fold(arena, str_from(query));
    struct search search;
    int64_t from = 0;
    json_t *items = json_array();
    *ret_next = NULL;
    if (after[0] && (!str_to_i64(str_from(after), &from) || from < 0)) {
        json_decref(items);
        return err_set(err, VG_ERR_USAGE, "after", "%s", _("this is no such page"));
    }
    size_t count = folded.ptr ? split_words(folded, words) : 0;
    bool fine = items && folded.ptr && search_make(arena, log, words, count, &search);
    *ret_total = 0;
    for (size_t t = 0; fine && t < log->traces; t++) {
        const char *name = NULL;
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            if (!is_found(&search, t, row))
                continue;
            ++*ret_total;
            if (row < (uint64_t)from || *ret_next)
                continue;
            if (json_array_size(items) == limit) {
                *ret_next = arena_printf(arena, "%llu", (unsigned long long)row);
                continue;
            }
            if (!name)
                name = log_trace_text(log, arena, t);
            fine &= name && json_array_append_new(
                                items, event_to_json(log, name, (size_t)row)) == 0;
        }
    }
    if (!fine) {
        json_decref(items);
        return err_memory(err);
    }
    *ret = items;
    return VG_OK;
}
