/* Compressed columns back into a log, every value checked. Declared in store/batch.h. */
#include "store/batch.h"

#include "base/date.h"
#include "base/lang.h"
#include "base/limits.h"
#include "base/parallel.h"
#include "log/blocks.h"
#include "log/names.h"
#include "store/batch_parts.h"
#include "store/codec.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct part {
    int64_t id;
    const char *name;
    int64_t part;
    size_t count, raw_bytes;
    void *bytes; /* compressed, copied out of SQLite */
    size_t len;
    void *to;
    bool times;
};

struct reader {
    struct store *store;
    struct arena *arena;
    int64_t id;
    struct vg_log *log;
    uint32_t *origin;
    struct part *parts; /* ordered by name, part */
    size_t part_count, part_capacity;
    struct part **jobs; /* those that are wanted */
    size_t job_count;
    atomic_bool damaged, no_memory;
    struct vg_err *err;
};

static enum vg_code damaged(struct reader *r, const char *name)
{
    char what[128];
    snprintf(what, sizeof what, _("evidence %lld, column %s"), (long long)r->id, name);
    return db_damaged(r->store, what, r->err);
}

/* ---- what there is ---- */

static enum vg_code list_parts(struct reader *r)
{
    sqlite3_stmt *rows = NULL;
    bool row = false;
    enum vg_code code = db_ask(r->store, &rows, r->err,
                               "SELECT id, name, part, value_count, raw_bytes FROM block "
                               "WHERE batch_id = ? ORDER BY name, part",
                               "i", r->id);
    while (code == VG_OK && (code = db_step(r->store, rows, &row, r->err)) == VG_OK &&
           row) {
        r->parts = arena_grow(r->arena, r->parts, r->part_count, &r->part_capacity,
                              sizeof *r->parts);
        const char *name = r->parts ? db_copy(r->arena, rows, 1) : NULL;
        if (!name) {
            code = err_memory(r->err);
            break;
        }
        int64_t count = sqlite3_column_int64(rows, 3),
                raw = sqlite3_column_int64(rows, 4);
        r->parts[r->part_count++] = (struct part){.id = sqlite3_column_int64(rows, 0),
                                                  .name = name,
                                                  .part = sqlite3_column_int64(rows, 2),
                                                  .count = (size_t)count,
                                                  .raw_bytes = (size_t)raw};
        if (count < 1 || count > PART_ROWS || raw < 1 ||
            raw > PART_TEXT_BYTES + LIMIT_FIELD_BYTES + 1)
            code = damaged(r, name);
    }
    sqlite3_finalize(rows);
    if (code == VG_OK)
        r->jobs = arena_array(r->arena, struct part *, r->part_count + 1);
    return code == VG_OK && !r->jobs ? err_memory(r->err) : code;
}

/* The parts of one column: where they begin, how many, what they hold together. */
struct column_parts {
    struct part *parts;
    size_t count, values, raw_bytes;
};

static enum vg_code find_parts(struct reader *r, const char *name,
                               struct column_parts *ret)
{
    *ret = (struct column_parts){0};
    for (size_t i = 0; i < r->part_count; i++) {
        struct part *part = &r->parts[i];
        if (strcmp(part->name, name) != 0)
            continue;
        if (!ret->parts)
            ret->parts = part;
        if (part->part != (int64_t)ret->count)
            return damaged(r, name);
        ret->count++;
        ret->values += part->count;
        ret->raw_bytes += part->raw_bytes;
    }
    return VG_OK;
}

/* ---- planning: what goes where ---- */

/* Room for a column (free(), realloc()). Large ones lie in large pages, where the system
 * has them: a third of the time of reading ten million events went into small ones. */
static void *column_room(size_t bytes)
{
    enum { LARGE = 2 << 20 };
    void *room = NULL;
    if (bytes < 2 * (size_t)LARGE)
        return malloc(bytes);
    if (posix_memalign(&room, LARGE, bytes) != 0)
        return NULL;
    madvise(room, bytes, MADV_HUGEPAGE);
    return room;
}

/* A column of `rows` values; *ret stays NULL when the batch has none. */
static enum vg_code plan_values(struct reader *r, const char *name, size_t rows,
                                size_t width, bool times, void **ret)
{
    struct column_parts all;
    enum vg_code code = find_parts(r, name, &all);
    if (code != VG_OK || !all.count)
        return code;
    if (all.values != rows)
        return damaged(r, name);
    char *values = column_room(rows * width);
    if (!values)
        return err_memory(r->err);
    *ret = values;
    for (size_t i = 0; i < all.count; i++) {
        struct part *part = &all.parts[i];
        if (!times && part->raw_bytes != part->count * width)
            return damaged(r, name);
        part->to = values;
        part->times = times;
        values += part->count * width;
        r->jobs[r->job_count++] = part;
    }
    return VG_OK;
}

struct texts_plan {
    struct dict *dict;
    char *bytes;
    size_t len, count;
    char name[40];
};

static enum vg_code plan_texts(struct reader *r, const char *name, struct dict *dict,
                               struct texts_plan *ret)
{
    struct column_parts all;
    *ret = (struct texts_plan){.dict = dict};
    snprintf(ret->name, sizeof ret->name, "%s.names", name);
    enum vg_code code = find_parts(r, ret->name, &all);
    if (code != VG_OK)
        return code;
    ret->bytes = column_room(all.raw_bytes + 1);
    if (!ret->bytes)
        return err_memory(r->err);
    for (size_t i = 0; i < all.count; i++) {
        all.parts[i].to = ret->bytes + ret->len;
        ret->len += all.parts[i].raw_bytes;
        r->jobs[r->job_count++] = &all.parts[i];
    }
    ret->count = all.values;
    return ret->count >= UINT32_MAX ? damaged(r, name) : VG_OK;
}

/* ---- doing it ---- */

static enum vg_code fetch(struct reader *r, sqlite3_stmt *statement, struct part *part)
{
    bool row = false;
    enum vg_code code = db_bind(r->store, statement, r->err, "i", part->id);
    if (code == VG_OK)
        code = db_step(r->store, statement, &row, r->err);
    if (code != VG_OK)
        return code;
    const void *bytes = sqlite3_column_blob(statement, 0);
    if (!row || !bytes)
        return damaged(r, part->name);
    part->len = (size_t)sqlite3_column_bytes(statement, 0);
    part->bytes = malloc(part->len);
    if (!part->bytes)
        return err_memory(r->err);
    memcpy(part->bytes, bytes, part->len);
    return VG_OK;
}

static void unpack_part(void *ctx, size_t i, unsigned worker)
{
    struct reader *r = ctx;
    struct part *part = r->jobs[i];
    (void)worker;
    enum vg_code code =
        part->times
            ? unpack_times(part->bytes, part->len, part->raw_bytes, part->to, part->count)
            : unpack_bytes(part->bytes, part->len, part->to, part->raw_bytes);
    if (code == VG_ERR_MEMORY)
        atomic_store(&r->no_memory, true);
    else if (code != VG_OK)
        atomic_store(&r->damaged, true);
}

static enum vg_code run_jobs(struct reader *r)
{
    sqlite3_stmt *statement = NULL;
    enum vg_code code =
        db_prepare(r->store, "SELECT body FROM block WHERE id = ?", &statement, r->err);
    for (size_t i = 0; code == VG_OK && i < r->job_count; i++)
        code = fetch(r, statement, r->jobs[i]);
    sqlite3_finalize(statement);
    if (code == VG_OK)
        parallel_for(r->job_count, unpack_part, r);
    for (size_t i = 0; i < r->job_count; i++) {
        free(r->jobs[i]->bytes);
        r->jobs[i]->bytes = NULL;
    }
    r->job_count = 0;
    if (code == VG_OK && atomic_load(&r->no_memory))
        code = err_memory(r->err);
    if (code == VG_OK && atomic_load(&r->damaged))
        code = damaged(r, _("(its checksum)"));
    return code;
}

/* Where each text begins; NULL when there are not exactly `count`, or no memory. */
static uint64_t *starts_of(const char *bytes, size_t len, size_t count, bool *ret_memory)
{
    uint64_t *start = column_room((count + 1) * sizeof *start);
    const char *at = bytes, *end = bytes + len;
    *ret_memory = start != NULL;
    if (!start)
        return NULL;
    start[0] = 0;
    for (size_t i = 0; i < count && at; i++) {
        const char *nul = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;
        at = nul ? nul + 1 : NULL;
        start[i + 1] = at ? (uint64_t)(at - bytes) : 0;
    }
    if (at == end)
        return start;
    free(start);
    return NULL;
}

static enum vg_code adopt(struct reader *r, struct texts_plan *plan)
{
    bool memory;
    if (!plan->count)
        return plan->len ? damaged(r, plan->name) : VG_OK;
    uint64_t *start = starts_of(plan->bytes, plan->len, plan->count, &memory);
    if (!start)
        return memory ? damaged(r, plan->name) : err_memory(r->err);
    dict_adopt(plan->dict, start, plan->bytes, (uint32_t)plan->count);
    plan->bytes = NULL;
    return VG_OK;
}

/* ---- attributes ---- */

bool batch_wanted(struct arena *arena, const struct batch_wants *wants, const char *name)
{
    str plain = name_plain(arena, str_from(name));
    if (wants->all || (plain.ptr && name_is_lifecycle(plain)))
        return true;
    for (size_t i = 0; i < wants->attribute_count; i++) {
        str other = name_plain(arena, str_from(wants->attributes[i]));
        if (strcmp(wants->attributes[i], name) == 0 ||
            (plain.len && plain.ptr && other.ptr && str_equal(plain, other)))
            return true;
    }
    return false;
}

/* Which attributes there are; those that are wanted get a place in the log. numbers[i]
 * is the number in the batch of the log's attribute i. */
static enum vg_code choose_attributes(struct reader *r, const struct batch_wants *wants,
                                      size_t **ret_numbers)
{
    struct dict names = {0};
    struct texts_plan plan;
    struct vg_log *log = r->log;
    enum vg_code code = plan_texts(r, "attribute", &names, &plan);
    if (code == VG_OK)
        code = run_jobs(r);
    if (code == VG_OK)
        code = adopt(r, &plan);
    free(plan.bytes);
    size_t *numbers = arena_array(r->arena, size_t, (size_t)names.count + 1);
    log->attributes = calloc((size_t)names.count + 1, sizeof *log->attributes);
    if (code == VG_OK && (!numbers || !log->attributes))
        code = err_memory(r->err);
    for (uint32_t i = 0; code == VG_OK && i < names.count; i++) {
        const char *name = dict_text(&names, i);
        if (!batch_wanted(r->arena, wants, name))
            continue;
        char *copy = strdup(name);
        if (!copy)
            code = err_memory(r->err);
        else {
            numbers[log->attribute_count] = i;
            log->attributes[log->attribute_count++].name = copy;
        }
    }
    dict_free(&names);
    *ret_numbers = numbers;
    return code;
}

/* ---- checks ---- */

static enum vg_code check_codes(struct reader *r, struct code_column *column,
                                bool all_must)
{
    size_t rows = r->log->events;
    uint32_t most = 0, least = UINT32_MAX; /* of code + 1; "none" is 0 */
    if (!*column->codes)
        return all_must && rows ? damaged(r, column->name) : VG_OK;
    if (column->width == 2) {
        const uint16_t *codes = *column->codes;
        for (size_t i = 0; i < rows; i++) {
            uint32_t one = (uint16_t)(codes[i] + 1);
            most = one > most ? one : most;
            least = one < least ? one : least;
        }
    } else {
        const uint32_t *codes = *column->codes;
        for (size_t i = 0; i < rows; i++) {
            uint32_t one = codes[i] + 1;
            most = one > most ? one : most;
            least = one < least ? one : least;
        }
    }
    bool ok = most <= column->dict->count && !(all_must && least == 0);
    return ok ? VG_OK : damaged(r, column->name ? column->name : "@");
}

static enum vg_code check_times(struct reader *r)
{
    struct vg_log *log = r->log;
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < log->events; i++) {
        int64_t at = log->at_us[i];
        first = at < first ? at : first;
        last = at > last ? at : last;
    }
    if (first < DATE_MIN_US || last > DATE_MAX_US)
        return damaged(r, "time");
    for (size_t i = 0; log->scale && i < log->events; i++)
        if (log->scale[i] > SCALE_VALENCE)
            return damaged(r, "scale");
    log->first_us = first;
    log->last_us = last;
    return VG_OK;
}

static enum vg_code make_traces(struct reader *r, uint32_t *length)
{
    struct vg_log *log = r->log;
    free(log->first);
    log->first = malloc((log->traces + 1) * sizeof *log->first);
    log->trace_name = malloc((log->traces + 1) * sizeof *log->trace_name);
    if (!log->first || !log->trace_name)
        return err_memory(r->err);
    uint64_t at = 0;
    bool ok = length != NULL && log->trace_names.count == log->traces;
    for (size_t t = 0; ok && t < log->traces; t++) {
        log->first[t] = at;
        log->trace_name[t] = (uint32_t)t;
        at += length[t];
        ok = length[t] > 0 && at <= log->events;
    }
    log->first[log->traces] = log->events;
    return ok && at == log->events ? VG_OK : damaged(r, "length");
}

static enum vg_code check_all(struct reader *r)
{
    struct vg_log *log = r->log;
    enum vg_code code = log->at_us ? check_times(r) : damaged(r, "time");
    for (size_t i = 0; code == VG_OK && i < CODE_COLUMNS_PLAIN + log->attribute_count;
         i++) {
        struct code_column column = code_column(log, i);
        code = check_codes(r, &column, i == 0);
    }
    /* Everybody counts on an attribute's column being there. */
    for (size_t i = 0; code == VG_OK && i < log->attribute_count; i++)
        if (!log->attributes[i].code)
            code = damaged(r, "@");
    return code;
}

/* ---- all of it ---- */

static enum vg_code read_columns(struct reader *r, const struct batch_wants *wants,
                                 const size_t *numbers)
{
    struct vg_log *log = r->log;
    size_t columns = CODE_COLUMNS_PLAIN + log->attribute_count;
    struct texts_plan *texts = arena_array(r->arena, struct texts_plan, columns + 1);
    uint32_t *length = NULL;
    if (!texts)
        return err_memory(r->err);
    enum vg_code code = plan_values(r, "length", log->traces, 4, false, (void **)&length);
    if (code == VG_OK)
        code = plan_values(r, "time", log->events, 8, true, (void **)&log->at_us);
    if (code == VG_OK)
        code = plan_values(r, "score", log->events, 4, false, (void **)&log->score);
    if (code == VG_OK)
        code = plan_values(r, "scale", log->events, 1, false, (void **)&log->scale);
    if (code == VG_OK && wants->origin)
        code = plan_values(r, "origin", log->events, 4, false, (void **)&r->origin);
    if (code == VG_OK)
        code = plan_texts(r, "customer", &log->trace_names, &texts[columns]);
    for (size_t i = 0; code == VG_OK && i < columns; i++) {
        struct code_column column = code_column(log, i);
        char name[32];
        snprintf(name, sizeof name, "@%zu",
                 column.name ? 0 : numbers[i - CODE_COLUMNS_PLAIN]);
        const char *called = column.name ? column.name : name;
        code = plan_values(r, called, log->events, column.width, false, column.codes);
        if (code == VG_OK)
            code = plan_texts(r, called, column.dict, &texts[i]);
    }
    if (code == VG_OK)
        code = run_jobs(r);
    for (size_t i = 0; i <= columns; i++) {
        if (code == VG_OK)
            code = adopt(r, &texts[i]);
        free(texts[i].bytes);
    }
    if (code == VG_OK)
        code = make_traces(r, length);
    free(length);
    return code == VG_OK ? check_all(r) : code;
}

static enum vg_code read_head(struct reader *r)
{
    sqlite3_stmt *head = NULL;
    bool row = false;
    enum vg_code code =
        db_ask(r->store, &head, r->err, "SELECT events, traces FROM batch WHERE id = ?",
               "i", r->id);
    if (code == VG_OK)
        code = db_step(r->store, head, &row, r->err);
    int64_t events = 0, traces = 0;
    if (code == VG_OK && row) {
        events = sqlite3_column_int64(head, 0);
        traces = sqlite3_column_int64(head, 1);
    }
    sqlite3_finalize(head);
    if (code == VG_OK && (events < 1 || events > (int64_t)BUILDER_ROWS_MAX ||
                          traces < 1 || traces > events))
        return damaged(r, "batch");
    r->log->events = (size_t)events;
    r->log->traces = (size_t)traces;
    return code;
}

enum vg_code batch_read(struct store *store, int64_t id, const struct batch_wants *wants,
                        struct vg_log **ret, uint32_t **ret_origin, struct vg_err *err)
{
    struct reader r = {.store = store, .id = id, .err = err, .arena = arena_open(0)};
    size_t *numbers = NULL;
    r.log = log_new();
    enum vg_code code = r.arena && r.log ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = read_head(&r);
    if (code == VG_OK)
        code = list_parts(&r);
    if (code == VG_OK)
        code = choose_attributes(&r, wants, &numbers);
    if (code == VG_OK)
        code = read_columns(&r, wants, numbers);
    arena_close(r.arena);
    if (code != VG_OK) {
        free(r.origin);
        log_close(r.log);
        return code;
    }
    *ret = r.log;
    if (ret_origin)
        *ret_origin = r.origin;
    else
        free(r.origin);
    return VG_OK;
}

enum vg_code batch_names(struct store *store, int64_t id, struct dict *ret,
                         struct vg_err *err)
{
    struct reader r = {.store = store, .id = id, .err = err, .arena = arena_open(0)};
    struct texts_plan plan = {0};
    enum vg_code code = r.arena ? list_parts(&r) : err_memory(err);
    if (code == VG_OK)
        code = plan_texts(&r, "customer", ret, &plan);
    if (code == VG_OK)
        code = run_jobs(&r);
    if (code == VG_OK)
        code = adopt(&r, &plan);
    free(plan.bytes);
    arena_close(r.arena);
    return code;
}
