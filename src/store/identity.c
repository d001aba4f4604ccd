/* What tells one event from another. Declared in store/evidence_parts.h. */
#include "store/evidence_parts.h"

#include "base/hash.h"
#include "base/parallel.h"
#include "log/blocks.h"
#include "log/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_ROWS = 1 << 14, PART_EVENTS = 8192 };

/* ---- hashing ---- */

struct hashing {
    struct vg_log *log;
    uint64_t **texts; /* [columns] hash of each text of the column, name included */
    size_t columns;
    uint64_t *customers; /* [traces] */
    uint64_t *hashes;
};

static uint64_t mix(uint64_t a, uint64_t b)
{
    const uint64_t pair[2] = {a, b};
    return hash_stable(pair, sizeof pair);
}

/* Of a text, salted with the name of its column. */
static uint64_t hash_text(str column, str text)
{
    return mix(hash_stable(column.ptr, column.len), hash_stable(text.ptr, text.len));
}

/* The hash of each text. */
static uint64_t *hash_texts(const struct dict *dict, str column)
{
    uint64_t *hashes = malloc(((size_t)dict->count + 1) * sizeof *hashes);
    for (uint32_t i = 0; hashes && i < dict->count; i++)
        hashes[i] = hash_text(column, dict_str(dict, i));
    return hashes;
}

static uint64_t hash_score(const struct vg_log *log, size_t row)
{
    uint32_t bits;
    memcpy(&bits, &log->score[row], sizeof bits);
    return isfinite(log->score[row]) ? mix(bits, log->scale ? 1u + log->scale[row] : 1u)
                                     : 0;
}

static void hash_slice(void *ctx, size_t slice, unsigned worker)
{
    struct hashing *h = ctx;
    struct vg_log *log = h->log;
    size_t from = slice * SLICE_ROWS, until = from + SLICE_ROWS;
    (void)worker;
    until = until < log->events ? until : log->events;
    for (size_t row = from; row < until; row++)
        h->hashes[row] = mix(h->customers[row], (uint64_t)log->at_us[row]);
    for (size_t c = 0; c < h->columns; c++) {
        struct code_column column = code_column(log, c);
        if (!*column.codes)
            continue;
        for (size_t row = from; row < until; row++) {
            uint32_t code = code_at(&column, row);
            if (code != LOG_NO_CODE32) /* a sum: the order of columns says nothing */
                h->hashes[row] += h->texts[c][code];
        }
    }
    for (size_t row = from; log->score && row < until; row++)
        h->hashes[row] += hash_score(log, row);
}

/* What a column is salted with, however its name is spelled. ptr NULL: memory. */
static str salt_of(struct arena *arena, const struct vg_log *log,
                   const struct code_column *column, size_t c)
{
    if (column->name)
        return str_from(column->name);
    str header = str_from(log->attributes[c - CODE_COLUMNS_PLAIN].name);
    str plain = name_plain(arena, header);
    if (!plain.ptr)
        return plain;
    str name = plain.len ? plain : header;
    return (str){arena_printf(arena, "@%.*s", STR_ARG(name)), name.len + 1};
}

static bool hash_columns(struct hashing *h, struct arena *arena)
{
    struct vg_log *log = h->log;
    h->columns = CODE_COLUMNS_PLAIN + log->attribute_count;
    h->texts = arena_array(arena, uint64_t *, h->columns + 1);
    if (!h->texts)
        return false;
    for (size_t c = 0; c < h->columns; c++) {
        struct code_column column = code_column(log, c);
        str name = salt_of(arena, log, &column, c);
        if (!name.ptr || !(h->texts[c] = hash_texts(column.dict, name)))
            return false;
    }
    return true;
}

uint64_t *identity_hash(struct vg_log *log)
{
    struct hashing h = {.log = log};
    struct arena *arena = arena_open(0);
    uint64_t *names = hash_texts(&log->trace_names, STR("customer"));
    h.hashes = malloc((log->events + 1) * sizeof *h.hashes);
    h.customers = malloc((log->events + 1) * sizeof *h.customers);
    bool ok = arena && names && h.hashes && h.customers && hash_columns(&h, arena);
    if (ok) {
        for (size_t t = 0; t < log->traces; t++)
            for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
                h.customers[row] = names[log->trace_name[t]];
        parallel_for((log->events + SLICE_ROWS - 1) / SLICE_ROWS, hash_slice, &h);
    }
    for (size_t c = 0; h.texts && c < h.columns; c++)
        free(h.texts[c]);
    free(names);
    free(h.customers);
    arena_close(arena);
    if (!ok) {
        free(h.hashes);
        return NULL;
    }
    return h.hashes;
}

bool identity_of(struct arena *arena, struct vg_log *log, size_t row, str customer,
                 uint64_t *ret)
{
    size_t columns = CODE_COLUMNS_PLAIN + log->attribute_count;
    *ret = mix(hash_text(STR("customer"), customer), (uint64_t)log->at_us[row]);
    for (size_t c = 0; c < columns; c++) {
        struct code_column column = code_column(log, c);
        uint32_t code = *column.codes ? code_at(&column, row) : LOG_NO_CODE32;
        if (code == LOG_NO_CODE32)
            continue;
        str name = salt_of(arena, log, &column, c);
        if (!name.ptr)
            return false;
        *ret += hash_text(name, dict_str(column.dict, code));
    }
    *ret += log->score ? hash_score(log, row) : 0;
    return true;
}

/* ---- which are known ---- */

struct seen {
    uint64_t hash;
    uint32_t brought; /* how many of it are new, so far */
    uint32_t known;   /* how many of it the file holds, at most those that came */
};
struct seen_table {
    struct seen *slots;
    size_t mask;
    int64_t *times; /* of the new events, ascending */
    size_t count;
};

static struct seen *seen_find(const struct seen_table *table, uint64_t hash)
{
    size_t i = hash & table->mask;
    while (table->slots[i].brought + table->slots[i].known > 0 &&
           table->slots[i].hash != hash)
        i = (i + 1) & table->mask;
    return &table->slots[i];
}

/* By digits of 16 bits, from the lowest: linear. *other is as long as *keys. */
struct timed {
    int64_t at_us;
    uint64_t hash;
};
static bool sort_by_time(struct timed **events, size_t count)
{
    struct timed *other = malloc((count + 1) * sizeof *other);
    size_t *place = malloc((1 << 16) * sizeof *place);
    int64_t least = INT64_MAX, most = INT64_MIN;
    if (!other || !place) {
        free(other);
        free(place);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        least = (*events)[i].at_us < least ? (*events)[i].at_us : least;
        most = (*events)[i].at_us > most ? (*events)[i].at_us : most;
    }
    uint64_t range = count ? (uint64_t)most - (uint64_t)least : 0;
    for (unsigned shift = 0; shift < 64 && range >> shift; shift += 16) {
        memset(place, 0, (1 << 16) * sizeof *place);
        for (size_t i = 0; i < count; i++)
            place[((uint64_t)(*events)[i].at_us - (uint64_t)least) >> shift & 0xFFFF]++;
        for (size_t digit = 0, at = 0; digit < 1 << 16; digit++) {
            size_t n = place[digit];
            place[digit] = at;
            at += n;
        }
        for (size_t i = 0; i < count; i++) {
            uint64_t key = (uint64_t)(*events)[i].at_us - (uint64_t)least;
            other[place[key >> shift & 0xFFFF]++] = (*events)[i];
        }
        struct timed *swap = *events;
        *events = other;
        other = swap;
    }
    free(other);
    free(place);
    return true;
}

static struct timed *timed_of(const struct vg_log *log, const uint64_t *hashes)
{
    struct timed *events = malloc((log->events + 1) * sizeof *events);
    for (size_t row = 0; events && row < log->events; row++)
        events[row] = (struct timed){log->at_us[row], hashes[row]};
    if (events && !sort_by_time(&events, log->events)) {
        free(events);
        return NULL;
    }
    return events;
}

static bool seen_make(struct seen_table *table, const struct vg_log *log,
                      const uint64_t *hashes, const struct timed *events)
{
    size_t slots = 64;
    while (slots < log->events * 2)
        slots *= 2;
    table->mask = slots - 1;
    table->count = log->events;
    table->slots = calloc(slots, sizeof *table->slots);
    table->times = malloc((log->events + 1) * sizeof *table->times);
    if (!table->slots || !table->times)
        return false;
    for (size_t row = 0; row < log->events; row++) {
        struct seen *seen = seen_find(table, hashes[row]);
        seen->hash = hashes[row];
        seen->brought++;
        table->times[row] = events[row].at_us;
    }
    return true;
}

/* Whether a new event lies between the two times. */
static bool any_between(const struct seen_table *table, int64_t first, int64_t last)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->times[middle] < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->count && table->times[low] <= last;
}

/* Events of the batch from `place` on. */
static void look_up(struct seen_table *table, const void *body, size_t count,
                    struct known_bits *known, size_t place)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t hash;
        memcpy(&hash, (const char *)body + i * 8, 8);
        struct seen *seen = seen_find(table, hash);
        if (!seen->brought)
            continue;
        seen->brought--;
        seen->known++;
        known_put(known, place + i);
    }
}

/* Some thousand identities of a batch: their place in it is told by their number. */
static enum vg_code look_up_part(struct store *store, struct seen_table *table,
                                 sqlite3_stmt *part, sqlite3_stmt *body,
                                 struct known_list *list, struct vg_err *err)
{
    bool there = false;
    int64_t batch = sqlite3_column_int64(part, 3), events = sqlite3_column_int64(part, 4);
    enum vg_code code = db_bind(store, body, err, "i", sqlite3_column_int64(part, 0));
    if (code == VG_OK)
        code = db_step(store, body, &there, err);
    if (code != VG_OK || !there)
        return code;
    int64_t number = sqlite3_column_int64(part, 0) - sqlite3_column_int64(part, 5);
    size_t count = (size_t)sqlite3_column_bytes(body, 0) / 8;
    if (number < 0 || events < 1 || events > (int64_t)BUILDER_ROWS_MAX ||
        number > events / PART_EVENTS || count > PART_EVENTS ||
        (size_t)number * PART_EVENTS + count > (size_t)events)
        return db_damaged(store, "identity", err);
    struct known_bits *known = known_of(list, 0, batch, (size_t)events);
    if (!known)
        return err_memory(err);
    look_up(table, sqlite3_column_blob(body, 0), count, known,
            (size_t)number * PART_EVENTS);
    return VG_OK;
}

static enum vg_code count_known(struct store *store, struct seen_table *table,
                                struct known_list *list, struct vg_err *err)
{
    sqlite3_stmt *parts = NULL, *body = NULL;
    bool row = false;
    enum vg_code code = db_ask(
        store, &parts, err,
        "SELECT d.id, d.first_us, d.last_us, d.batch_id, b.events, "
        "(SELECT min(id) FROM identity e WHERE e.batch_id = d.batch_id) "
        "FROM identity d INDEXED BY identity_time JOIN batch b ON b.id = d.batch_id "
        "WHERE d.last_us >= ? AND d.first_us <= ? ORDER BY b.import_id, d.id",
        "ii", table->times[0], table->times[table->count - 1]);
    if (code == VG_OK)
        code = db_prepare(store, "SELECT body FROM identity WHERE id = ?", &body, err);
    while (code == VG_OK && (code = db_step(store, parts, &row, err)) == VG_OK && row)
        if (any_between(table, sqlite3_column_int64(parts, 1),
                        sqlite3_column_int64(parts, 2)))
            code = look_up_part(store, table, parts, body, list, err);
    sqlite3_finalize(parts);
    sqlite3_finalize(body);
    return code;
}

enum vg_code identity_mark(struct store *store, const struct vg_log *log,
                           const uint64_t *hashes, uint8_t *keep,
                           struct known_list *known, uint64_t *ret_known,
                           struct vg_err *err)
{
    struct seen_table table = {0};
    *ret_known = 0;
    memset(keep, 1, log->events);
    if (!log->events)
        return VG_OK;
    struct timed *events = timed_of(log, hashes);
    bool made = events && seen_make(&table, log, hashes, events);
    free(events);
    enum vg_code code = made ? count_known(store, &table, known, err) : err_memory(err);
    for (size_t row = 0; code == VG_OK && row < log->events; row++) {
        struct seen *seen = seen_find(&table, hashes[row]);
        if (!seen->known)
            continue;
        seen->known--;
        seen->brought++; /* the slot stays taken */
        keep[row] = 0;
        ++*ret_known;
    }
    free(table.slots);
    free(table.times);
    return code;
}

uint32_t *identity_order(const struct vg_log *log)
{
    uint32_t *order = malloc((log->events + 1) * sizeof *order);
    struct timed *events = malloc((log->events + 1) * sizeof *events);
    for (size_t row = 0; events && row < log->events; row++)
        events[row] = (struct timed){log->at_us[row], row};
    bool ok = order && events && sort_by_time(&events, log->events);
    for (size_t i = 0; ok && i < log->events; i++)
        order[i] = (uint32_t)events[i].hash;
    free(events);
    if (ok)
        return order;
    free(order);
    return NULL;
}

/* ---- writing ---- */

enum vg_code identity_write(struct store *store, int64_t batch, const struct vg_log *log,
                            const uint64_t *hashes, struct vg_err *err)
{
    sqlite3_stmt *insert = NULL;
    uint64_t part[PART_EVENTS];
    bool row;
    struct timed *events = timed_of(log, hashes);
    if (!events)
        return err_memory(err);
    enum vg_code code = db_prepare(store,
                                   "INSERT INTO identity(batch_id, first_us, last_us, "
                                   "body) VALUES (?, ?, ?, ?)",
                                   &insert, err);
    for (size_t from = 0; code == VG_OK && from < log->events; from += PART_EVENTS) {
        size_t n = log->events - from < PART_EVENTS ? log->events - from : PART_EVENTS;
        for (size_t i = 0; i < n; i++)
            part[i] = events[from + i].hash;
        code = db_bind(store, insert, err, "iiib", batch, events[from].at_us,
                       events[from + n - 1].at_us, (const void *)part, n * sizeof *part);
        if (code == VG_OK)
            code = db_step(store, insert, &row, err);
    }
    sqlite3_finalize(insert);
    free(events);
    return code;
}
