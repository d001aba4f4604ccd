/* viaggio init, sources, maps, alias, erase, export-customer, backup, restore, doctor,
 * rebuild: the data file itself. */
#include "app/actions.h"
#include "app/adopt.h"
#include "app/json.h"
#include "app/paths.h"
#include "app/workspace.h"
#include "cli/run.h"
#include "map/import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What -w names, or the first argument where a command takes it so. */
static enum vg_code open_store(struct run *run, struct store **ret, struct vg_err *err)
{
    const char *path = run->request.workspace;
    const char *user = getenv("USER");
    if (!path) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("say which data file"));
        return err_hint(err, "%s", _("-w FILE.viaggio; viaggio init makes one"));
    }
    enum vg_code code = store_open(path, ret, err);
    if (code == VG_OK && user && user[0])
        code = store_set_who(*ret, user, err);
    return code;
}

static enum vg_code finish(struct store *store, enum vg_code code)
{
    store_close(store);
    return code;
}

static const char *first_argument(const struct run *run)
{
    return run->request.arguments.items[0];
}

enum vg_code verb_init(struct run *run, struct vg_err *err)
{
    const char *path = first_argument(run);
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    const char *end = strrchr(name, '.');
    str stem = {name, end && end > name ? (size_t)(end - name) : strlen(name)};
    const char *title = run->request.title;
    if (!title)
        title = arena_text(run->arena, stem);
    if (!title)
        return err_memory(err);
    enum vg_code code = store_create(path, title, err);
    if (code == VG_OK)
        run_remark(run, _("%s is ready: viaggio import FILE… -w %s"), path, path);
    return code;
}

/* ---- import into it ---- */

static enum vg_code add_json(json_t *files, const struct read_report *report,
                             const struct store_imported *imported, struct vg_err *err)
{
    json_t *file = reading_file_to_json(&report->files[0]);
    if (!file || json_object_set_new(file, "added", json_count(imported->added)) != 0 ||
        json_object_set_new(file, "known", json_count(imported->known)) != 0 ||
        json_array_append_new(files, file) != 0)
        return err_memory(err);
    return VG_OK;
}

static void add_row(struct table *table, const struct read_file *file,
                    const struct store_imported *imported)
{
    table_text(table, file->path);
    table_number(table, (double)file->rows);
    table_number(table, (double)imported->added);
    table_number(table, (double)imported->known);
    table_number(table, (double)file->rejected);
}

/* What came in may bring somebody onto a path. */
static enum vg_code apply_rules(struct run *run, struct store *store, struct vg_err *err)
{
    struct rules_done done = {0};
    struct app_cache *cache = cache_open(SIZE_MAX);
    enum vg_code code =
        cache ? rules_apply(cache, store, run->arena, &done, err) : err_memory(err);
    cache_close(cache);
    if (code == VG_OK && done.added)
        run_remark(run,
                   _n("%zu client enrolled by a rule", "%zu clients enrolled by a rule",
                      done.added),
                   done.added);
    return code;
}

enum vg_code import_into(struct run *run, struct vg_err *err)
{
    static const struct column columns[] = {
        {"file", NC_("table", "file"), CELL_TEXT, TONE_STRONG},
        {"rows", NC_("table", "rows"), CELL_COUNT, TONE_PLAIN},
        {"added", NC_("table", "new"), CELL_COUNT, TONE_GREEN},
        {"known", NC_("table", "known already"), CELL_COUNT, TONE_QUIET},
        {"rejected", NC_("table", "left out"), CELL_COUNT, TONE_AMBER},
    };
    struct evidence_options options;
    struct store *store = NULL;
    struct table table;
    enum vg_code code = request_fits(&run->request, err);
    if (code == VG_OK)
        code = request_evidence(run->arena, &run->request, &options, err);
    if (code == VG_OK)
        code = open_store(run, &store, err);
    json_t *files = json_array();
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    if (code == VG_OK && !options.file_count)
        code = err_set(err, VG_ERR_USAGE, NULL, "%s", _("name the files to read"));
    for (size_t i = 0; code == VG_OK && i < options.file_count; i++) {
        struct read_report report = {0};
        struct store_imported imported = {0};
        code = workspace_import(store, run->arena, options.files[i], &options.read,
                                options.file_count > 1, &report, &imported, err);
        if (code != VG_OK)
            break;
        progress_clear(run);
        run_remark_rejected(run, &report);
        add_row(&table, &report.files[0], &imported);
        code = add_json(files, &report, &imported, err);
        if (code == VG_OK)
            code = run_go_on(run, err);
    }
    if (code == VG_OK)
        code = apply_rules(run, store, err);
    store_close(store);
    if (code == VG_OK && run->request.json)
        return run_json(run, json_pack("{s:o}", "files", files), err);
    json_decref(files);
    return code == VG_OK ? table_print(&table, &run->screen, err) : code;
}

/* ---- what is in it ---- */

enum vg_code verb_sources(struct run *run, struct vg_err *err)
{
    static const struct column columns[] = {
        {"source", NC_("table", "source"), CELL_TEXT, TONE_STRONG},
        {"events", NC_("table", "events"), CELL_COUNT, TONE_PLAIN},
        {"imports", NC_("table", "imports"), CELL_COUNT, TONE_PLAIN},
        {"rejected", NC_("table", "left out"), CELL_COUNT, TONE_AMBER},
        {"first", NC_("table", "first event"), CELL_TIME, TONE_QUIET},
        {"last", NC_("table", "last event"), CELL_TIME, TONE_PLAIN},
        {"imported", NC_("table", "last import"), CELL_TIME, TONE_QUIET},
    };
    struct store *store = NULL;
    struct store_source *list = NULL;
    size_t count = 0;
    struct table table;
    json_t *json = NULL;
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = store_sources(store, run->arena, &list, &count, err);
    if (code == VG_OK && run->request.json)
        code = sources_json(store, run->arena, &json, err);
    store_close(store);
    if (code != VG_OK)
        return code;
    if (json)
        return run_json(run, json_pack("{s:o}", "sources", json), err);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count; i++) {
        table_text(&table, list[i].imports || !run->screen.people
                               ? list[i].name
                               : _("written down on success paths"));
        table_number(&table, (double)list[i].events);
        table_number(&table, (double)list[i].imports);
        table_number(&table, (double)list[i].rejected);
        table_number(&table, list[i].events ? (double)list[i].first_us : (double)NAN);
        table_number(&table, list[i].events ? (double)list[i].last_us : (double)NAN);
        table_number(&table, (double)list[i].last_import_us);
    }
    if (!count)
        screen_say(&run->screen, TONE_QUIET, "%s", _("there is no evidence in it yet"));
    return table_print(&table, &run->screen, err);
}

/* "3" → 3. */
static enum vg_code import_number(const char *text, int64_t *ret, struct vg_err *err)
{
    if (text && str_to_i64(str_from(text), ret) && *ret > 0)
        return VG_OK;
    err_set(err, VG_ERR_USAGE, NULL, _("\"%s\" is no number of an import"), text);
    return err_hint(err, "%s", _("viaggio imports -w FILE.viaggio lists them")),
           VG_ERR_USAGE;
}

static enum vg_code take_back(struct run *run, struct store *store, struct vg_err *err)
{
    struct store_taken_back taken = {0};
    int64_t id = 0;
    enum vg_code code = import_number(run->request.undo, &id, err);
    if (code == VG_OK)
        code = store_import_undo(store, id, &taken, err);
    if (code == VG_OK)
        run_remark(run,
                   _("import %s is taken back: %s gone, %s kept that another "
                     "import brought, too"),
                   run->request.undo, text_events(run, taken.events),
                   text_events(run, taken.kept));
    return code;
}

static enum vg_code print_rejects(struct run *run, struct store *store,
                                  struct vg_err *err)
{
    int64_t id = 0;
    str rows = {NULL, 0};
    enum vg_code code = import_number(first_argument(run), &id, err);
    if (code == VG_OK)
        code = import_rejects(store, run->arena, id, &rows, err);
    return code == VG_OK ? file_write(run->request.out, rows, err) : code;
}

static enum vg_code print_imports(struct run *run, struct store *store,
                                  struct vg_err *err)
{
    static const struct column columns[] = {
        {"import", NC_("table", "number"), CELL_COUNT, TONE_STRONG},
        {"source", NC_("table", "source"), CELL_TEXT, TONE_STRONG},
        {"at", NC_("table", "when"), CELL_TIME, TONE_PLAIN},
        {"by", NC_("table", "by"), CELL_TEXT, TONE_QUIET},
        {"rows", NC_("table", "rows"), CELL_COUNT, TONE_PLAIN},
        {"added", NC_("table", "new"), CELL_COUNT, TONE_GREEN},
        {"known", NC_("table", "known already"), CELL_COUNT, TONE_QUIET},
        {"rejected", NC_("table", "left out"), CELL_COUNT, TONE_AMBER},
        {"events", NC_("table", "events"), CELL_COUNT, TONE_PLAIN},
    };
    struct store_import_row *list = NULL;
    size_t count = 0;
    struct table table;
    enum vg_code code = store_imports(store, run->arena, &list, &count, err);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        table_number(&table, (double)list[i].id);
        table_text(&table, list[i].source);
        table_number(&table, (double)list[i].at_us);
        table_text(&table, list[i].who);
        table_number(&table, (double)list[i].row_count);
        table_number(&table, (double)list[i].added);
        table_number(&table, (double)list[i].known);
        table_number(&table, (double)list[i].rejected);
        table_number(&table, (double)list[i].events);
    }
    if (code == VG_OK && !count)
        screen_say(&run->screen, TONE_QUIET, "%s", _("there is no evidence in it yet"));
    return code == VG_OK ? run_table(run, "imports", &table, err) : code;
}

enum vg_code verb_imports(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK && run->request.undo)
        code = take_back(run, store, err);
    if (code == VG_OK)
        code = run->request.arguments.count ? print_rejects(run, store, err)
                                            : print_imports(run, store, err);
    store_close(store);
    return code;
}

static enum vg_code keep_maps(struct run *run, struct store *store, struct vg_err *err)
{
    enum vg_code code = VG_OK;
    for (size_t i = 0; code == VG_OK && i < run->request.arguments.count; i++) {
        struct vg_map *map = NULL;
        const char *path = run->request.arguments.items[i];
        int64_t seq = 0;
        code = map_open_file(path, &map, NULL, err);
        if (code == VG_OK)
            code = maps_keep(store, map, &seq, err);
        if (code == VG_OK)
            code = adopt_lists(store, run->arena, map, err);
        if (code == VG_OK)
            run_remark(run, _("%s: kept as \"%s\", version %lld"), path, map->id,
                       (long long)seq);
        map_close(map);
    }
    return code;
}

static json_t *one_map(const void *item)
{
    const struct stored_map *map = item;
    return json_pack("{s:o, s:o, s:I, s:o}", "id", json_text(map->id), "title",
                     json_text(map->title), "version", (json_int_t)map->head, "updated",
                     json_time(map->updated_us));
}

enum vg_code verb_maps(struct run *run, struct vg_err *err)
{
    static const struct column columns[] = {
        {"id", NC_("table", "id"), CELL_TEXT, TONE_STRONG},
        {"title", NC_("table", "title"), CELL_TEXT, TONE_PLAIN},
        {"version", NC_("table", "version"), CELL_COUNT, TONE_PLAIN},
        {"updated", NC_("table", "changed"), CELL_TIME, TONE_QUIET},
    };
    struct store *store = NULL;
    struct stored_map *list = NULL;
    size_t count = 0;
    struct table table;
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = keep_maps(run, store, err);
    if (code == VG_OK)
        code = maps_list(store, run->arena, &list, &count, err);
    store_close(store);
    if (code != VG_OK)
        return code;
    if (run->request.json)
        return run_json(run, json_pack("{s:o}", "maps", JSON_LIST(list, count, one_map)),
                        err);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count; i++) {
        table_text(&table, list[i].id);
        table_text(&table, list[i].title);
        table_number(&table, (double)list[i].head);
        table_number(&table, (double)list[i].updated_us);
    }
    if (!count)
        screen_say(&run->screen, TONE_QUIET, "%s", _("there is no map in it yet"));
    return table_print(&table, &run->screen, err);
}

/* ---- customers ---- */

static enum vg_code print_aliases(struct run *run, struct store *store,
                                  struct vg_err *err)
{
    static const struct column columns[] = {
        {"customer", NC_("table", "customer"), CELL_TEXT, TONE_STRONG},
        {"also", NC_("table", "also called"), CELL_TEXT, TONE_PLAIN},
        {"joined", NC_("table", "joined"), CELL_TIME, TONE_QUIET},
        {"by", NC_("table", "by"), CELL_TEXT, TONE_QUIET},
    };
    struct alias_row *list = NULL;
    size_t count = 0;
    struct table table;
    enum vg_code code = alias_list(store, run->arena, &list, &count, err);
    if (code != VG_OK)
        return code;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count; i++) {
        table_text(&table, list[i].main);
        table_text(&table, list[i].other);
        table_number(&table, (double)list[i].at_us);
        table_text(&table, list[i].who);
    }
    return run_table(run, "aliases", &table, err);
}

enum vg_code verb_alias(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    const struct texts *names = &run->request.arguments;
    if (names->count == 1)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("name two or more, the one to keep first"));
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK && run->request.undo)
        code = alias_undo(store, run->request.undo, err);
    for (size_t i = 1; code == VG_OK && i < names->count; i++)
        code = alias_join(store, names->items[0], names->items[i], err);
    if (code == VG_OK)
        code = print_aliases(run, store, err);
    return finish(store, code);
}

enum vg_code verb_erase(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    struct store_erased erased = {0};
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = store_erase(store, run->arena, first_argument(run), &erased, err);
    store_close(store);
    if (code != VG_OK)
        return code;
    run_remark(run,
               _("%s erased, from %s imports; copies and backups made before still "
                 "hold them"),
               text_events(run, erased.events), text_count(run->arena, erased.imports));
    for (size_t i = 0; i < erased.mention_count; i++)
        run_remark(run, _("the name still stands in what people wrote: %s"),
                   erased.mentions[i]);
    return VG_OK;
}

enum vg_code verb_export_customer(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    json_t *json = NULL;
    struct buf text = {0};
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = workspace_customer(store, run->arena, first_argument(run), &json, err);
    if (code == VG_OK)
        code = json_write(json, &text, err);
    if (code == VG_OK)
        code = file_write(run->request.out, buf_str(&text), err);
    buf_free(&text);
    json_decref(json);
    return finish(store, code);
}

/* ---- care ---- */

enum vg_code verb_backup(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = store_backup(store, first_argument(run), &run->progress, err);
    return finish(store, code);
}

enum vg_code verb_restore(struct run *run, struct vg_err *err)
{
    char kept[4096];
    const char *path = run->request.workspace;
    if (!path)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("say which data file the copy is to become: -w FILE.viaggio"));
    enum vg_code code = store_restore(first_argument(run), path, kept, err);
    if (code == VG_OK && kept[0])
        run_remark(run, _("what was there is kept as %s"), kept);
    return code;
}

enum vg_code verb_rebuild(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = store_rebuild(store, err);
    return finish(store, code);
}

static json_t *size_to_json(const struct store_size *size)
{
    return json_pack("{s:o, s:o, s:o}", "what", json_text(size->what), "count",
                     json_count(size->rows), "bytes", json_count(size->bytes));
}

static json_t *health_to_json(const struct store_health *health)
{
    json_t *sizes = json_array();
    for (size_t i = 0; sizes && i < health->size_count; i++)
        if (json_array_append_new(sizes, size_to_json(&health->sizes[i])) != 0) {
            json_decref(sizes);
            return NULL;
        }
    return json_pack("{s:b, s:o, s:o, s:o, s:o}", "well", health->fault_count == 0,
                     "faults",
                     JSON_LIST(health->faults, health->fault_count, json_one_text),
                     "sizes", sizes, "file_bytes", json_count(health->file_bytes),
                     "free_bytes", json_count(health->free_bytes));
}

static enum vg_code print_health(struct run *run, const struct store_health *health,
                                 struct vg_err *err)
{
    static const struct column columns[] = {
        {"what", NC_("table", "what"), CELL_TEXT, TONE_STRONG},
        {"count", NC_("table", "how many"), CELL_COUNT, TONE_PLAIN},
        {"bytes", NC_("table", "bytes"), CELL_COUNT, TONE_PLAIN},
    };
    struct table table;
    if (run->request.json)
        return run_json(run, health_to_json(health), err);
    for (size_t i = 0; i < health->fault_count; i++)
        run_remark(run, "viaggio: %s", health->faults[i]);
    if (!health->fault_count)
        screen_say(&run->screen, TONE_GREEN, "%s", _("all is well"));
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < health->size_count; i++) {
        table_text(&table, health->sizes[i].what);
        table_number(&table, (double)health->sizes[i].rows);
        table_number(&table, (double)health->sizes[i].bytes);
    }
    table_text(&table, "file");
    table_number(&table, 1);
    table_number(&table, (double)health->file_bytes);
    table_text(&table, "free");
    table_number(&table, NAN);
    table_number(&table, (double)health->free_bytes);
    return table_print(&table, &run->screen, err);
}

enum vg_code verb_doctor(struct run *run, struct vg_err *err)
{
    struct store *store = NULL;
    struct store_health health;
    enum vg_code code = open_store(run, &store, err);
    if (code == VG_OK)
        code = store_examine(store, run->arena, &health, err);
    store_close(store);
    if (code != VG_OK)
        return code;
    run->says_no = health.fault_count > 0;
    return print_health(run, &health, err);
}
