/* A little more into a large sorted log, in place: every row of the large one moves once
 * at most, nothing is sorted again. Declared in store/evidence_parts.h. */
#include "store/evidence_parts.h"

#include "base/parallel.h"
#include "log/blocks.h"
#include "log/names.h"

#include <stdlib.h>
#include <string.h>

/* One column of both logs. */
struct merged {
    char *column; /* of the large log, grown */
    size_t width;
    const void *from; /* of the other log, or NULL: it has none */
    uint32_t *to;     /* its codes in the large log's dictionary (free()), or NULL */
    size_t number;    /* as the builder counts columns: what "no value" is */
};
struct merge {
    struct vg_log *log;
    const uint32_t *origin;
    const struct vg_log *more;
    const uint32_t *more_origin;
    const struct join_ranks *ranks;
    struct arena *arena;
    uint64_t *place; /* [more->events] before which row of the large log it goes */
    uint64_t *home;  /* [more->traces] its trace in the large log … */
    uint8_t *is_new; /* … or the one before which it goes */
    size_t new_traces;
    struct merged *columns;
    size_t column_count;
    struct vg_err *err;
};

/* ---- where it goes ---- */

static uint64_t trace_place(const struct vg_log *log, str name, uint64_t low)
{
    uint64_t high = log->traces;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (str_compare(dict_str(&log->trace_names, (uint32_t)middle), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first row of the trace that comes after: later, or of the same time and import of
 * a higher rank. Rows before `low` come before for certain. */
static uint64_t row_place(const struct merge *m, uint64_t low, uint64_t high, size_t row)
{
    int64_t at_us = m->more->at_us[row];
    uint32_t rank = rank_of(m->ranks, m->more_origin[row]);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int64_t there = m->log->at_us[middle];
        bool before = there < at_us ||
                      (there == at_us &&
                       (!m->origin || rank_of(m->ranks, m->origin[middle]) <= rank));
        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void plan(struct merge *m)
{
    const struct vg_log *log = m->log, *more = m->more;
    uint64_t trace = 0;
    for (size_t t = 0; t < more->traces; t++) {
        str name = dict_str(&more->trace_names, more->trace_name[t]);
        trace = trace_place(log, name, trace);
        bool known = trace < log->traces &&
                     str_equal(dict_str(&log->trace_names, (uint32_t)trace), name);
        m->home[t] = trace;
        m->is_new[t] = !known;
        m->new_traces += !known;
        uint64_t from = log->first[trace], until = known ? log->first[trace + 1] : from;
        for (uint64_t row = more->first[t]; row < more->first[t + 1]; row++)
            from = m->place[row] = row_place(m, from, until, row);
    }
}

/* ---- columns ---- */

static size_t column_number(size_t i)
{
    static const size_t plain[CODE_COLUMNS_PLAIN] = {
        COLUMN_ACTIVITY, COLUMN_CHANNEL, COLUMN_TOUCHPOINT, COLUMN_ACTOR, COLUMN_TEXT};
    return i < CODE_COLUMNS_PLAIN ? plain[i] : COLUMN_ATTRIBUTES;
}

/* Room for both; a column that only the other log has is made. Stays NULL when neither
 * has it. */
static enum vg_code grow(struct merge *m, void **column, struct merged *ret)
{
    size_t rows = m->log->events, all = rows + m->more->events;
    bool made = *column == NULL;
    if (made && !ret->from)
        return VG_OK;
    char *larger = realloc(*column, all * ret->width);
    if (!larger)
        return err_memory(m->err);
    *column = larger;
    if (made)
        column_none(ret->number, larger, rows);
    ret->column = larger;
    return VG_OK;
}

static enum vg_code add_column(struct merge *m, void **column, size_t number,
                               const void *from, const struct dict *texts,
                               struct dict *all_texts)
{
    struct merged *merged = &m->columns[m->column_count++];
    *merged =
        (struct merged){.width = column_width(number), .from = from, .number = number};
    enum vg_code code = VG_OK;
    if (from && texts)
        code =
            dict_translate(all_texts, texts, column_limit(number), &merged->to, m->err);
    return code == VG_OK ? grow(m, column, merged) : code;
}

/* ---- attributes: one list, whatever their spelling ---- */

struct pair {
    str plain, name;
    size_t here, there; /* in the two logs; SIZE_MAX: not */
};

static int by_plain(const void *a, const void *b)
{
    return str_compare(((const struct pair *)a)->plain, ((const struct pair *)b)->plain);
}

static bool pair_up(struct merge *m, const struct vg_log *log, bool here,
                    struct pair *list, size_t *count)
{
    for (size_t i = 0; i < log->attribute_count; i++) {
        str name = arena_str(m->arena, str_from(log->attributes[i].name));
        str plain = name_plain(m->arena, name);
        size_t at = 0;
        if (!name.ptr || !plain.ptr)
            return false;
        plain = plain.len ? plain : name;
        while (at < *count && !str_equal(list[at].plain, plain))
            at++;
        if (at == *count)
            list[(*count)++] = (struct pair){plain, name, SIZE_MAX, SIZE_MAX};
        if (str_compare(name, list[at].name) < 0)
            list[at].name = name;
        *(here ? &list[at].here : &list[at].there) = i;
    }
    return true;
}

/* The log has all attributes of both from now on, those of the other without values;
 * there[i]: the other's, of attribute i. */
static enum vg_code merge_attributes(struct merge *m, size_t **ret_there)
{
    struct vg_log *log = m->log;
    size_t count = 0, most = log->attribute_count + m->more->attribute_count;
    struct pair *list = arena_array(m->arena, struct pair, most + 1);
    *ret_there = arena_array(m->arena, size_t, most + 1);
    if (!list || !*ret_there || !pair_up(m, log, true, list, &count) ||
        !pair_up(m, m->more, false, list, &count))
        return err_memory(m->err);
    qsort(list, count, sizeof *list, by_plain);
    struct log_attribute *all = calloc(count + 1, sizeof *all);
    bool ok = all != NULL;
    for (size_t i = 0; ok && i < count; i++)
        ok = (all[i].name = strdup(list[i].name.ptr)) != NULL;
    if (!ok) {
        for (size_t i = 0; all && i < count; i++)
            free((char *)(uintptr_t)all[i].name);
        free(all);
        return err_memory(m->err);
    }
    for (size_t i = 0; i < count; i++) {
        (*ret_there)[i] = list[i].there;
        if (list[i].here == SIZE_MAX)
            continue;
        all[i].values = log->attributes[list[i].here].values;
        all[i].code = log->attributes[list[i].here].code;
        free((char *)(uintptr_t)log->attributes[list[i].here].name);
    }
    free(log->attributes);
    log->attributes = all;
    log->attribute_count = count;
    return VG_OK;
}

static enum vg_code add_columns(struct merge *m)
{
    struct vg_log *log = m->log, *more = (struct vg_log *)(uintptr_t)m->more;
    size_t *there = NULL;
    enum vg_code code = merge_attributes(m, &there);
    size_t codes = CODE_COLUMNS_PLAIN + log->attribute_count;
    m->columns = arena_array(m->arena, struct merged, codes + 3);
    if (code == VG_OK && !m->columns)
        code = err_memory(m->err);
    if (code == VG_OK)
        code = add_column(m, (void **)&log->at_us, COLUMN_TIME, more->at_us, NULL, NULL);
    if (code == VG_OK)
        code = add_column(m, (void **)&log->score, COLUMN_SCORE, more->score, NULL, NULL);
    if (code == VG_OK)
        code = add_column(m, (void **)&log->scale, COLUMN_SCALE, more->scale, NULL, NULL);
    for (size_t i = 0; code == VG_OK && i < codes; i++) {
        struct code_column to = code_column(log, i), from = {0};
        bool plain = i < CODE_COLUMNS_PLAIN;
        size_t other = plain ? i : there[i - CODE_COLUMNS_PLAIN];
        if (other != SIZE_MAX)
            from = code_column(more, plain ? i : other + CODE_COLUMNS_PLAIN);
        code = add_column(m, to.codes, column_number(i), from.codes ? *from.codes : NULL,
                          from.dict, to.dict);
    }
    return code;
}

static void put_value(const struct merged *c, char *to, size_t row)
{
    if (!c->from)
        column_none(c->number, to, 1);
    else if (!c->to)
        memcpy(to, (const char *)c->from + row * c->width, c->width);
    else if (c->width == 2) {
        uint16_t code = ((const uint16_t *)c->from)[row];
        if (code != LOG_NO_CODE16)
            code = (uint16_t)c->to[code];
        memcpy(to, &code, sizeof code);
    } else {
        uint32_t code = ((const uint32_t *)c->from)[row];
        if (code != LOG_NO_CODE32)
            code = c->to[code];
        memcpy(to, &code, sizeof code);
    }
}

/* From the end: what lies behind a new row moves by as many as are still to come. */
static void merge_column(void *ctx, size_t i, unsigned worker)
{
    struct merge *m = ctx;
    const struct merged *c = &m->columns[i];
    uint64_t end = m->log->events;
    (void)worker;
    for (size_t row = m->more->events; c->column && row-- > 0;) {
        uint64_t place = m->place[row];
        memmove(c->column + (place + row + 1) * c->width, c->column + place * c->width,
                (size_t)(end - place) * c->width);
        put_value(c, c->column + (place + row) * c->width, row);
        end = place;
    }
}

/* ---- traces ---- */

static enum vg_code merge_first(struct merge *m)
{
    struct vg_log *log = m->log;
    size_t traces = log->traces + m->new_traces, out = 0;
    uint64_t *first = malloc((traces + 1) * sizeof *first), trace = 0, added = 0;
    if (!first)
        return err_memory(m->err);
    for (size_t t = 0; t < m->more->traces; t++) {
        for (; trace < m->home[t]; trace++)
            first[out++] = log->first[trace] + added;
        first[out++] = log->first[trace] + added;
        trace += !m->is_new[t];
        added += m->more->first[t + 1] - m->more->first[t];
    }
    for (; trace <= log->traces; trace++) /* and the end of the last one */
        first[out++] = log->first[trace] + added;
    free(log->first);
    log->first = first;
    return VG_OK;
}

struct names_out {
    uint64_t *start;
    char *bytes;
    uint32_t count;
};
static void copy_names(struct names_out *out, const struct dict *from, uint64_t first,
                       uint64_t until)
{
    uint64_t len = from->start[until] - from->start[first];
    uint64_t at = out->start[out->count];
    if (until == first)
        return;
    memcpy(out->bytes + at, from->bytes + from->start[first], (size_t)len);
    for (uint64_t i = first; i < until; i++)
        out->start[++out->count] = from->start[i + 1] - from->start[first] + at;
}

static enum vg_code merge_names(struct merge *m)
{
    struct vg_log *log = m->log;
    const struct dict *names = &log->trace_names, *more = &m->more->trace_names;
    size_t traces = log->traces + m->new_traces;
    uint32_t *trace_name = realloc(log->trace_name, (traces + 1) * sizeof *trace_name);
    if (!trace_name)
        return err_memory(m->err);
    log->trace_name = trace_name;
    for (size_t t = log->traces; t < traces; t++)
        trace_name[t] = (uint32_t)t;
    if (!m->new_traces)
        return VG_OK;
    struct names_out out = {
        .start = malloc((traces + 1) * sizeof *out.start),
        .bytes = malloc(names->start[names->count] + more->start[more->count])};
    if (!out.start || !out.bytes) {
        free(out.start);
        free(out.bytes);
        return err_memory(m->err);
    }
    uint64_t trace = 0;
    out.start[0] = 0;
    for (size_t t = 0; t < m->more->traces; t++)
        if (m->is_new[t]) {
            uint64_t code = m->more->trace_name[t];
            copy_names(&out, names, trace, m->home[t]);
            copy_names(&out, more, code, code + 1);
            trace = m->home[t];
        }
    copy_names(&out, names, trace, names->count);
    dict_adopt(&log->trace_names, out.start, out.bytes, out.count);
    return VG_OK;
}

/* ---- all of it ---- */

static enum vg_code merge_now(struct merge *m)
{
    struct vg_log *log = m->log;
    const struct vg_log *more = m->more;
    m->place = arena_array(m->arena, uint64_t, more->events + 1);
    m->home = arena_array(m->arena, uint64_t, more->traces + 1);
    m->is_new = arena_array(m->arena, uint8_t, more->traces + 1);
    if (!m->place || !m->home || !m->is_new)
        return err_memory(m->err);
    plan(m);
    enum vg_code code = add_columns(m);
    if (code == VG_OK)
        code = merge_first(m);
    if (code == VG_OK)
        code = merge_names(m);
    if (code == VG_OK) {
        parallel_for(m->column_count, merge_column, m);
        log->events += more->events;
        log->traces += m->new_traces;
        log->first_us = more->first_us < log->first_us ? more->first_us : log->first_us;
        log->last_us = more->last_us > log->last_us ? more->last_us : log->last_us;
    }
    for (size_t i = 0; i < m->column_count; i++)
        free(m->columns[i].to);
    return code;
}

enum vg_code merge_logs(struct vg_log *log, const uint32_t *origin,
                        const struct vg_log *more, const uint32_t *more_origin,
                        const struct join_ranks *ranks, struct vg_err *err)
{
    struct merge m = {.log = log,
                      .origin = origin,
                      .more = more,
                      .more_origin = more_origin,
                      .ranks = ranks,
                      .arena = arena_open(0),
                      .err = err};
    enum vg_code code = m.arena ? VG_OK : err_memory(err);
    if (code == VG_OK && more->events)
        code = merge_now(&m);
    arena_close(m.arena);
    return code;
}
