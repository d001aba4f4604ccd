/* An import taken back: its events go, or to the next import that brought them, too.
 * Declared in store/evidence.h. */
#include "store/evidence_parts.h"

#include "base/lang.h"
#include "store/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVEL = 3 };

struct undoing {
    struct store *store;
    int64_t import, batch;
    size_t events;
    struct known_list known; /* what later imports marked in the batch */
    int64_t *heir;           /* [events], by identity: the import it goes to, or 0 */
    struct store_taken_back taken;
    struct vg_err *err;
};

/* Of an import that inherits: what it has itself. */
struct heir {
    int64_t import, batch; /* batch 0: it added nothing itself */
    struct vg_log *log;
    size_t events;
    struct known_list known;
};

/* ---- who inherits what ---- */

static enum vg_code choose_heirs(struct undoing *u)
{
    u->heir = calloc(u->events + 1, sizeof *u->heir);
    if (!u->heir)
        return err_memory(u->err);
    enum vg_code code = known_read(u->store, u->batch, u->events, &u->known, u->err);
    for (size_t k = 0; code == VG_OK && k < u->known.count; k++)
        for (size_t i = 0; i < u->events; i++)
            if (!u->heir[i] && known_has(&u->known.items[k], i))
                u->heir[i] = u->known.items[k].import_id;
    for (size_t i = 0; code == VG_OK && i < u->events; i++)
        u->taken.kept += u->heir[i] != 0;
    u->taken.events = u->events - u->taken.kept;
    return code;
}

/* tags[row] = where the row's identity stands, from `from` on. */
static uint32_t *tags_of(const struct vg_log *log, size_t from)
{
    uint32_t *order = identity_order(log);
    uint32_t *tags = malloc((log->events + 1) * sizeof *tags);
    for (size_t i = 0; order && tags && i < log->events; i++)
        tags[order[i]] = (uint32_t)(from + i);
    if (!order) {
        free(tags);
        tags = NULL;
    }
    free(order);
    return tags;
}

/* The rows of the batch that `heir` gets, with their tags. */
static enum vg_code read_legacy(struct undoing *u, int64_t heir, struct join_input *ret,
                                uint64_t *ret_count)
{
    const struct batch_wants everything = {.all = true};
    enum vg_code code =
        batch_read(u->store, u->batch, &everything, &ret->log, NULL, u->err);
    if (code != VG_OK)
        return code;
    uint8_t *keep = malloc(u->events + 1);
    ret->origin = tags_of(ret->log, 0);
    code = keep && ret->origin ? VG_OK : err_memory(u->err);
    size_t left = 0;
    for (size_t row = 0; code == VG_OK && row < u->events; row++) {
        keep[row] = u->heir[ret->origin[row]] == heir;
        if (keep[row])
            ret->origin[left++] = ret->origin[row];
    }
    *ret_count = left;
    if (code == VG_OK)
        code = log_tidy(ret->log, keep, u->err);
    free(keep);
    return code;
}

static enum vg_code read_heir(struct undoing *u, struct heir *heir,
                              struct join_input *ret)
{
    const struct batch_wants everything = {.all = true};
    enum vg_code code =
        db_number(u->store, &heir->batch, u->err,
                  "SELECT id FROM batch WHERE import_id = ?", "i", heir->import);
    if (code != VG_OK || !heir->batch)
        return code;
    code = batch_read(u->store, heir->batch, &everything, &ret->log, NULL, u->err);
    if (code != VG_OK)
        return code;
    heir->events = ret->log->events;
    ret->origin = tags_of(ret->log, u->events);
    if (!ret->origin)
        return err_memory(u->err);
    return known_read(u->store, heir->batch, heir->events, &heir->known, u->err);
}

/* ---- handing on ---- */

static const struct known_bits *find_known(const struct known_list *list, int64_t import)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].import_id == import)
            return &list->items[i];
    return NULL;
}

/* What import `who` marked, of the two batches, in the order of the new one. */
static enum vg_code carry_marks(struct undoing *u, const struct heir *heir, int64_t who,
                                const uint32_t *order, const uint32_t *tags,
                                size_t events, int64_t batch, struct known_list *list)
{
    const struct known_bits *legacy = find_known(&u->known, who);
    const struct known_bits *own = find_known(&heir->known, who);
    struct known_bits *new = known_of(list, who, batch, events);
    if (!new)
        return err_memory(u->err);
    for (size_t i = 0; i < events; i++) {
        size_t tag = tags[order[i]];
        bool marked = tag < u->events ? legacy && known_has(legacy, tag)
                                      : own && known_has(own, tag - u->events);
        if (marked)
            known_put(new, i);
    }
    return VG_OK;
}

static enum vg_code write_marks(struct undoing *u, const struct heir *heir,
                                const struct vg_log *log, const uint32_t *tags,
                                int64_t batch)
{
    struct known_list list = {0};
    uint32_t *order = identity_order(log);
    enum vg_code code = order ? VG_OK : err_memory(u->err);
    const struct known_list *both[] = {&u->known, &heir->known};
    for (size_t b = 0; b < COUNT_OF(both); b++)
        for (size_t i = 0; code == VG_OK && i < both[b]->count; i++) {
            int64_t who = both[b]->items[i].import_id;
            if (who != heir->import && !find_known(&list, who))
                code = carry_marks(u, heir, who, order, tags, log->events, batch, &list);
        }
    if (code == VG_OK)
        code = known_write(u->store, &list, u->err);
    known_free(&list);
    free(order);
    return code;
}

static enum vg_code write_heir(struct undoing *u, const struct heir *heir,
                               const struct vg_log *log, const uint32_t *tags,
                               uint64_t inherited)
{
    int64_t batch = 0;
    uint64_t *hashes = identity_hash(heir->log);
    enum vg_code code = hashes ? VG_OK : err_memory(u->err);
    if (code == VG_OK)
        code =
            db_run(u->store, u->err, "DELETE FROM batch WHERE id = ?", "i", heir->batch);
    if (code == VG_OK)
        code = batch_write(u->store, log, NULL, &heir->import, LEVEL, &batch, u->err);
    if (code == VG_OK)
        code = identity_write(u->store, batch, log, hashes, u->err);
    if (code == VG_OK)
        code = write_marks(u, heir, log, tags, batch);
    if (code == VG_OK)
        code = db_run(u->store, u->err,
                      "UPDATE import SET added = added + ?1, known = known - ?1 "
                      "WHERE id = ?2",
                      "ii", (int64_t)inherited, heir->import);
    free(hashes);
    return code;
}

static enum vg_code hand_on(struct undoing *u, int64_t import)
{
    const struct alias_map no_aliases = {0};
    const struct join_ranks no_ranks = {0};
    struct join_input inputs[2] = {{0}, {0}};
    struct heir heir = {.import = import};
    uint32_t *tags = NULL;
    uint64_t inherited = 0;
    enum vg_code code = read_legacy(u, import, &inputs[0], &inherited);
    if (code == VG_OK)
        code = read_heir(u, &heir, &inputs[1]);
    if (code == VG_OK)
        code = join_logs(inputs, heir.batch ? 2 : 1, &no_aliases, &no_ranks, &heir.log,
                         &tags, u->err);
    if (code == VG_OK)
        code = write_heir(u, &heir, heir.log, tags, inherited);
    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        log_close(inputs[i].log);
        free(inputs[i].origin);
    }
    log_close(heir.log);
    known_free(&heir.known);
    free(tags);
    u->taken.imports++;
    return code;
}

static enum vg_code hand_on_all(struct undoing *u)
{
    enum vg_code code = choose_heirs(u);
    for (size_t k = 0; code == VG_OK && k < u->known.count; k++) {
        int64_t import = u->known.items[k].import_id;
        bool some = false;
        for (size_t i = 0; i < u->events && !some; i++)
            some = u->heir[i] == import;
        if (some)
            code = hand_on(u, import);
    }
    return code;
}

/* ---- all of it ---- */

/* Whether what later imports knew is all told. */
static enum vg_code check_tracked(struct undoing *u)
{
    int64_t untold = 0;
    enum vg_code code =
        db_number(u->store, &untold, u->err,
                  "SELECT max(id) FROM import WHERE id > ? AND known > 0 AND NOT tracked",
                  "i", u->import);
    if (code != VG_OK || !untold)
        return code;
    err_set(u->err, VG_ERR_CONFLICT, u->store->path,
            _("import %lld may hold some of the same events, and was made by an older "
              "version that did not write down which"),
            (long long)untold);
    err_hint(u->err, "%s", _("take that one back first, and read both files again"));
    return VG_ERR_CONFLICT;
}

static enum vg_code undo_now(struct undoing *u)
{
    char about[32];
    int64_t there = 0, events = 0;
    enum vg_code code = db_number(u->store, &there, u->err,
                                  "SELECT 1 FROM import WHERE id = ?", "i", u->import);
    if (code == VG_OK && !there)
        code = err_set(u->err, VG_ERR_NOT_FOUND, u->store->path,
                       _("there is no import %lld"), (long long)u->import);
    if (code == VG_OK)
        code = db_number(u->store, &u->batch, u->err,
                         "SELECT id FROM batch WHERE import_id = ?", "i", u->import);
    if (code == VG_OK && u->batch)
        code = check_tracked(u);
    if (code == VG_OK)
        code = db_number(u->store, &events, u->err,
                         "SELECT events FROM batch WHERE id = ?", "i", u->batch);
    u->events = (size_t)events;
    if (code == VG_OK && u->batch)
        code = hand_on_all(u);
    if (code == VG_OK) /* and with it its batch, identities, marks, rejects */
        code =
            db_run(u->store, u->err, "DELETE FROM import WHERE id = ?", "i", u->import);
    if (code == VG_OK)
        code = db_run(u->store, u->err,
                      "DELETE FROM source WHERE NOT EXISTS (SELECT 1 FROM import WHERE "
                      "source_id = source.id)",
                      "");
    if (code == VG_OK)
        code = evidence_changed(u->store, u->err);
    if (code == VG_OK)
        code = image_drop(u->store, u->err);
    snprintf(about, sizeof about, "%lld", (long long)u->import);
    return code == VG_OK ? audit_add(u->store, "import-undo", about, u->err) : code;
}

enum vg_code store_import_undo(struct store *store, int64_t id,
                               struct store_taken_back *ret, struct vg_err *err)
{
    struct undoing u = {.store = store, .import = id, .err = err};
    enum vg_code code = db_begin(store, err);
    if (code == VG_OK)
        code = db_end(store, undo_now(&u), err);
    known_free(&u.known);
    free(u.heir);
    if (code == VG_OK && ret)
        *ret = u.taken;
    return code;
}
