/* A log into compressed columns. Declared in store/batch.h. */
#include "store/batch.h"

#include "base/parallel.h"
#include "store/batch_parts.h"
#include "store/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAVE = 16 }; /* parts compressed at once, then written */

struct job {
    char name[32];
    int64_t part;
    const void *values;
    size_t count, bytes;
    bool times;
    struct packed packed;
    bool failed;
};

struct writer {
    struct store *store;
    sqlite3_stmt *insert;
    int64_t batch;
    int level;
    struct job jobs[WAVE];
    size_t job_count;
    struct vg_err *err;
};

static void job_pack(void *ctx, size_t i, unsigned worker)
{
    struct writer *writer = ctx;
    struct job *job = &writer->jobs[i];
    (void)worker;
    job->failed = job->times
                      ? !pack_times(job->values, job->count, writer->level, &job->packed)
                      : !pack_bytes(job->values, job->bytes, writer->level, &job->packed);
}

static enum vg_code flush(struct writer *writer)
{
    enum vg_code code = VG_OK;
    bool row;
    parallel_for(writer->job_count, job_pack, writer);
    for (size_t i = 0; i < writer->job_count; i++) {
        struct job *job = &writer->jobs[i];
        if (job->failed)
            code = err_memory(writer->err);
        if (code == VG_OK)
            code = db_bind(writer->store, writer->insert, writer->err, "itiiib",
                           writer->batch, job->name, job->part, (int64_t)job->count,
                           (int64_t)job->packed.raw_bytes,
                           (const void *)job->packed.bytes, job->packed.len);
        if (code == VG_OK)
            code = db_step(writer->store, writer->insert, &row, writer->err);
        free(job->packed.bytes);
        job->packed.bytes = NULL;
    }
    writer->job_count = 0;
    return code;
}

static enum vg_code add_job(struct writer *writer, const struct job *job)
{
    writer->jobs[writer->job_count++] = *job;
    return writer->job_count == WAVE ? flush(writer) : VG_OK;
}

static enum vg_code write_values(struct writer *writer, const char *name,
                                 const void *values, size_t width, size_t count,
                                 bool times)
{
    enum vg_code code = VG_OK;
    if (!values)
        return VG_OK;
    for (size_t from = 0; code == VG_OK && from < count; from += PART_ROWS) {
        size_t n = count - from < PART_ROWS ? count - from : PART_ROWS;
        struct job job = {.part = (int64_t)(from / PART_ROWS),
                          .values = (const char *)values + from * width,
                          .count = n,
                          .bytes = n * width,
                          .times = times};
        snprintf(job.name, sizeof job.name, "%s", name);
        code = add_job(writer, &job);
    }
    return code;
}

/* Texts, each with its NUL, some megabytes a part. */
static enum vg_code write_texts(struct writer *writer, const char *name,
                                const struct dict *dict)
{
    enum vg_code code = VG_OK;
    uint32_t from = 0;
    for (int64_t part = 0; code == VG_OK && from < dict->count; part++) {
        uint32_t until = from + 1;
        while (until < dict->count && until - from < PART_ROWS &&
               dict->start[until + 1] - dict->start[from] <= PART_TEXT_BYTES)
            until++;
        struct job job = {.part = part,
                          .values = dict->bytes + dict->start[from],
                          .count = until - from,
                          .bytes = (size_t)(dict->start[until] - dict->start[from])};
        snprintf(job.name, sizeof job.name, "%s.names", name);
        code = add_job(writer, &job);
        from = until;
    }
    return code;
}

static enum vg_code write_codes(struct writer *writer, struct vg_log *log)
{
    enum vg_code code = VG_OK;
    char name[32];
    struct dict names = {0};
    uint32_t same;
    for (size_t i = 0; code == VG_OK && i < CODE_COLUMNS_PLAIN + log->attribute_count;
         i++) {
        struct code_column column = code_column(log, i);
        size_t attribute = i - CODE_COLUMNS_PLAIN;
        snprintf(name, sizeof name, "@%zu", attribute);
        if (!column.name)
            code = dict_add(&names, str_from(log->attributes[attribute].name),
                            UINT32_MAX - 1, &same, writer->err);
        if (!column.name && code == VG_OK && same != attribute)
            code = err_set(writer->err, VG_ERR_INPUT, NULL, "%s", name);
        if (!*column.codes || code != VG_OK)
            continue;
        const char *called = column.name ? column.name : name;
        code =
            write_values(writer, called, *column.codes, column.width, log->events, false);
        if (code == VG_OK)
            code = write_texts(writer, called, column.dict);
    }
    if (code == VG_OK)
        code = write_texts(writer, "attribute", &names);
    if (code == VG_OK) /* the names must outlive their jobs */
        code = flush(writer);
    dict_free(&names);
    return code;
}

static enum vg_code write_lengths(struct writer *writer, const struct vg_log *log)
{
    uint32_t *length = malloc((log->traces + 1) * sizeof *length);
    if (!length)
        return err_memory(writer->err);
    for (size_t t = 0; t < log->traces; t++)
        length[t] = (uint32_t)(log->first[t + 1] - log->first[t]);
    enum vg_code code =
        write_values(writer, "length", length, sizeof *length, log->traces, false);
    if (code == VG_OK)
        code = flush(writer);
    free(length);
    return code;
}

static enum vg_code write_all(struct writer *writer, const struct vg_log *log,
                              const uint32_t *origin)
{
    enum vg_code code = write_lengths(writer, log);
    if (code == VG_OK)
        code = write_texts(writer, "customer", &log->trace_names);
    if (code == VG_OK)
        code = write_values(writer, "time", log->at_us, 8, log->events, true);
    if (code == VG_OK)
        code = write_values(writer, "score", log->score, 4, log->events, false);
    if (code == VG_OK)
        code = write_values(writer, "scale", log->scale, 1, log->events, false);
    if (code == VG_OK)
        code = write_values(writer, "origin", origin, 4, log->events, false);
    if (code ==
        VG_OK) /* code_column wants to hand out places to write to: we only read */
        code = write_codes(writer, (struct vg_log *)(uintptr_t)log);
    return code == VG_OK ? flush(writer) : code;
}

enum vg_code batch_write(struct store *store, const struct vg_log *log,
                         const uint32_t *origin, const int64_t *import_id, int level,
                         int64_t *ret_id, struct vg_err *err)
{
    struct writer writer = {.store = store, .level = level, .err = err};
    enum vg_code code = db_run(
        store, err,
        import_id ? "INSERT INTO batch(events, traces, first_us, last_us, import_id) "
                    "VALUES (?, ?, ?, ?, ?)"
                  : "INSERT INTO batch(events, traces, first_us, last_us) "
                    "VALUES (?, ?, ?, ?)",
        import_id ? "iiiii" : "iiii", (int64_t)log->events, (int64_t)log->traces,
        log->first_us, log->last_us, import_id ? *import_id : 0);
    writer.batch = sqlite3_last_insert_rowid(store->db);
    if (code == VG_OK)
        code = db_prepare(store,
                          "INSERT INTO block(batch_id, name, part, value_count, "
                          "raw_bytes, body) VALUES (?, ?, ?, ?, ?, ?)",
                          &writer.insert, err);
    if (code == VG_OK)
        code = write_all(&writer, log, origin);
    sqlite3_finalize(writer.insert);
    if (code == VG_OK)
        *ret_id = writer.batch;
    return code;
}
