/* Which file each event of a customer came from: by the identities that are kept of every
 * import, so that no log carries it. Declared in store/evidence.h. */
#include "store/evidence_parts.h"

#include <stdlib.h>
#include <string.h>

/* One of the names of an event's customer: what the event may be known by. */
struct trait {
    uint64_t hash;
    size_t event;
};
struct tracing {
    struct store *store;
    struct arena *arena;
    const struct vg_log *log;
    size_t first, count;  /* rows of the trace */
    struct trait *traits; /* by hash, then event */
    size_t trait_count;
    const char **sources; /* [count] */
    struct vg_err *err;
};

static int by_hash(const void *left, const void *right)
{
    const struct trait *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

static enum vg_code find_traits(struct tracing *tracing, const char *const *names,
                                size_t name_count)
{
    struct arena *scratch = arena_open(0);
    struct vg_log *log = (struct vg_log *)(uintptr_t)tracing->log; /* is only read */
    tracing->traits =
        arena_array(tracing->arena, struct trait, tracing->count * name_count + 1);
    bool ok = scratch && tracing->traits;
    for (size_t i = 0; ok && i < tracing->count; i++)
        for (size_t n = 0; ok && n < name_count; n++) {
            struct trait *trait = &tracing->traits[tracing->trait_count++];
            trait->event = i;
            ok = identity_of(scratch, log, tracing->first + i, str_from(names[n]),
                             &trait->hash);
        }
    arena_close(scratch);
    if (!ok)
        return err_memory(tracing->err);
    qsort(tracing->traits, tracing->trait_count, sizeof *tracing->traits, by_hash);
    return VG_OK;
}

/* Whether an event lies between the two times: those of a trace are in order. */
static bool any_between(const struct tracing *tracing, int64_t first_us, int64_t last_us)
{
    const int64_t *at_us = tracing->log->at_us + tracing->first;
    size_t low = 0, high = tracing->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (at_us[middle] < first_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low < tracing->count && at_us[low] <= last_us;
}

/* The first event of this identity that has no source yet has this one: equal events are
 * as many as the imports brought. */
static bool give(struct tracing *tracing, uint64_t hash, const char *source)
{
    size_t low = 0, high = tracing->trait_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tracing->traits[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < tracing->trait_count && tracing->traits[low].hash == hash; low++) {
        const char **its = &tracing->sources[tracing->traits[low].event];
        if (*its)
            continue;
        *its = arena_text(tracing->arena, str_from(source));
        return *its != NULL;
    }
    return true;
}

static enum vg_code look_through(struct tracing *tracing, sqlite3_stmt *part,
                                 sqlite3_stmt *body)
{
    bool there = false, ok = true;
    enum vg_code code =
        db_bind(tracing->store, body, tracing->err, "i", sqlite3_column_int64(part, 0));
    if (code == VG_OK)
        code = db_step(tracing->store, body, &there, tracing->err);
    if (code != VG_OK || !there)
        return code;
    const char *bytes = sqlite3_column_blob(body, 0);
    size_t count = (size_t)sqlite3_column_bytes(body, 0) / sizeof(uint64_t);
    for (size_t i = 0; ok && i < count; i++) {
        uint64_t hash;
        memcpy(&hash, bytes + i * sizeof hash, sizeof hash);
        ok = give(tracing, hash, (const char *)sqlite3_column_text(part, 3));
    }
    return ok ? VG_OK : err_memory(tracing->err);
}

static enum vg_code find_sources(struct tracing *tracing)
{
    sqlite3_stmt *parts = NULL, *body = NULL;
    bool row = false;
    const int64_t *at_us = tracing->log->at_us + tracing->first;
    enum vg_code code = db_ask(
        tracing->store, &parts, tracing->err,
        "SELECT d.id, d.first_us, d.last_us, s.name "
        "FROM identity d INDEXED BY identity_time JOIN batch b ON b.id = d.batch_id "
        "JOIN import i ON i.id = b.import_id JOIN source s ON s.id = i.source_id "
        "WHERE d.last_us >= ? AND d.first_us <= ? ORDER BY b.import_id, d.id",
        "ii", at_us[0], at_us[tracing->count - 1]);
    if (code == VG_OK)
        code = db_prepare(tracing->store, "SELECT body FROM identity WHERE id = ?", &body,
                          tracing->err);
    while (code == VG_OK &&
           (code = db_step(tracing->store, parts, &row, tracing->err)) == VG_OK && row)
        if (any_between(tracing, sqlite3_column_int64(parts, 1),
                        sqlite3_column_int64(parts, 2)))
            code = look_through(tracing, parts, body);
    sqlite3_finalize(parts);
    sqlite3_finalize(body);
    return code;
}

enum vg_code store_origins(struct store *store, struct arena *arena,
                           const struct vg_log *log, size_t trace,
                           const char *const *names, size_t name_count, const char ***ret,
                           struct vg_err *err)
{
    struct tracing tracing = {
        .store = store,
        .arena = arena,
        .log = log,
        .first = (size_t)log->first[trace],
        .count = (size_t)(log->first[trace + 1] - log->first[trace]),
        .err = err,
    };
    tracing.sources = arena_array(arena, const char *, tracing.count + 1);
    enum vg_code code = tracing.sources ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = find_traits(&tracing, names, name_count);
    if (code == VG_OK && tracing.count)
        code = find_sources(&tracing);
    if (code == VG_OK)
        *ret = tracing.sources;
    return code;
}
