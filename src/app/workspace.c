#include "app/workspace.h"

#include "app/json.h"
#include "app/paths.h"
#include "base/lang.h"
#include "base/limits.h"
#include "map/import.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- in ---- */

/* How a file was understood, without any of its rows: they may be somebody's data. */
static enum vg_code write_report(const struct read_file *file, struct buf *out,
                                 struct vg_err *err)
{
    json_t *json = reading_file_to_json(file);
    if (!json)
        return err_memory(err);
    json_object_del(json, "sample");
    json_object_del(json, "rejects");
    enum vg_code code = json_write_compact(json, out, err);
    json_decref(json);
    return code;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* A file without a name, in the folder of the data file: rows that were left out are
 * somebody's, and must not lie about when the program is killed. −1: none. */
static int nameless_file(const char *beside, char ret_path[static 32])
{
    char folder[4096];
    const char *name = base_name(beside);
    size_t len = (size_t)(name - beside);
    if (len >= sizeof folder)
        return -1;
    memcpy(folder, beside, len);
    memcpy(folder + len, len ? "" : ".", len ? 1 : 2);
    int handle = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    snprintf(ret_path, 32, "/proc/self/fd/%d", handle);
    return handle;
}

/* What was written to `path`, unless it is too much to keep. */
static enum vg_code read_rejects(struct arena *arena, const char *path, str *ret,
                                 struct vg_err *err)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return VG_OK; /* nothing that could be kept */
    char *text = arena_array(arena, char, LIMIT_REJECTS_BYTES + 1);
    size_t len = text ? fread(text, 1, LIMIT_REJECTS_BYTES + 1, file) : 0;
    fclose(file);
    if (len <= LIMIT_REJECTS_BYTES)
        *ret = (str){text, len};
    return text ? VG_OK : err_memory(err);
}

static enum vg_code keep_file(struct store *store, struct arena *arena, const char *file,
                              const struct read_options *options,
                              const struct read_file *read, struct vg_log *log,
                              struct store_imported *ret, struct vg_err *err)
{
    struct buf text = {0};
    struct store_import import = {.source =
                                      strcmp(file, "-") == 0 ? "stdin" : base_name(file),
                                  .row_count = read->rows,
                                  .rejected = read->rejected};
    uint64_t customers = log->traces;
    enum vg_code code = write_report(read, &text, err);
    import.report = code == VG_OK ? buf_str(&text).ptr : "";
    if (code == VG_OK && read->rejected && options->rejects)
        code = read_rejects(arena, options->rejects, &import.rejects, err);
    if (code == VG_OK)
        code = store_import(store, log, &import, ret, err);
    if (code == VG_OK)
        ret->customers = customers;
    buf_free(&text);
    return code;
}

enum vg_code workspace_import(struct store *store, struct arena *arena, const char *file,
                              const struct read_options *options, bool several,
                              struct read_report *report, struct store_imported *ret,
                              struct vg_err *err)
{
    struct read_options all = *options;
    struct vg_log *log = NULL;
    char nameless[32];
    int handle = -1;
    all.all_attributes = true;
    all.asked_count = 0;
    all.pause_s = 0; /* asked when the log is used */
    all.one_of_several = several;
    if (!all.rejects && (handle = nameless_file(store_path(store), nameless)) >= 0)
        all.rejects = nameless;
    enum vg_code code = read_files(arena, &file, 1, &all, &log, report, err);
    if (code == VG_OK)
        code = keep_file(store, arena, file, &all, &report->files[0], log, ret, err);
    if (handle >= 0)
        close(handle);
    log_close(log);
    return code;
}

/* ---- out ---- */

static const char *text_in(struct arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? arena_text(arena, str_from(text)) : NULL;
}

static enum role role_of(const char *name)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        if (name && strcmp(role_name((enum role)role), name) == 0)
            return (enum role)role;
    return ROLE_IGNORE;
}

static enum vg_code fill_columns(struct arena *arena, const json_t *list,
                                 struct read_file *file, struct vg_err *err)
{
    size_t count = json_array_size(list);
    file->columns = arena_array(arena, struct read_column, count + 1);
    if (!file->columns)
        return err_memory(err);
    for (size_t i = 0; i < count && i < LIMIT_COLUMNS; i++) {
        const json_t *column = json_array_get(list, i);
        const char *name = text_in(arena, column, "name");
        const char *reason = text_in(arena, column, "reason");
        const char *role = json_string_value(json_object_get(column, "role"));
        file->columns[file->column_count++] =
            (struct read_column){.name = name ? name : "",
                                 .role = role_of(role),
                                 .reason = reason ? reason : ""};
    }
    return VG_OK;
}

/* A source, told as if its file had just been read. */
static enum vg_code fill_file(struct arena *arena, const struct store_source *source,
                              struct read_file *ret, struct vg_err *err)
{
    json_t *json = NULL;
    enum vg_code code =
        json_read(str_from(source->report), source->name, LIMIT_MAP_BYTES, &json, err);
    if (code != VG_OK)
        return code;
    const char *delimiter = json_string_value(json_object_get(json, "delimiter"));
    const char *kind = text_in(arena, json, "kind");
    *ret = (struct read_file){
        .path = source->name,
        .kind = kind ? kind : "CSV",
        .encoding = text_in(arena, json, "encoding"),
        .delimiter = delimiter ? delimiter[0] : 0,
        .header_line = (uint64_t)json_integer_value(json_object_get(json, "header_line")),
        .time_format = text_in(arena, json, "time_format"),
        .rows = source->events, /* rejected rows were told when it was read */
        .stored = source->events,
    };
    code = fill_columns(arena, json_object_get(json, "columns"), ret, err);
    json_decref(json);
    return code;
}

static enum vg_code fill_report(struct store *store, struct evidence *evidence,
                                struct vg_err *err)
{
    struct store_source *sources = NULL;
    size_t count = 0;
    enum vg_code code = store_sources(store, evidence->arena, &sources, &count, err);
    if (code != VG_OK)
        return code;
    evidence->report.files = arena_array(evidence->arena, struct read_file, count + 1);
    if (!evidence->report.files)
        return err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        if (!sources[i].imports)
            continue; /* no file: it was written down here */
        code = fill_file(evidence->arena, &sources[i],
                         &evidence->report.files[evidence->report.file_count], err);
        evidence->report.file_count += code == VG_OK;
    }
    return code;
}

enum vg_code workspace_load(struct store *store, const struct store_wants *wants,
                            struct evidence *ret, struct vg_err *err)
{
    if (!ret->arena && !(ret->arena = arena_open(0)))
        return err_memory(err);
    enum vg_code code = store_log(store, wants, &ret->log, err);
    if (code == VG_OK)
        code = fill_report(store, ret, err);
    if (code == VG_OK) {
        ret->events_read = ret->log->events;
        ret->traces_read = ret->log->traces;
    }
    return code;
}

/* The attributes that a question of the shell needs. */
static enum vg_code wants_of(struct arena *arena, const struct read_options *read,
                             struct store_wants *ret, struct vg_err *err)
{
    size_t most = read->attribute_count + read->asked_count + 1;
    const char **names = arena_array(arena, const char *, most);
    if (!names)
        return err_memory(err);
    *ret =
        (struct store_wants){.all_attributes = read->all_attributes, .attributes = names};
    for (size_t i = 0; i < read->attribute_count; i++)
        names[ret->attribute_count++] = read->attributes[i];
    for (size_t i = 0; i < read->asked_count; i++)
        names[ret->attribute_count++] = read->asked[i];
    if (read->journey)
        names[ret->attribute_count++] = read->journey;
    return VG_OK;
}

static enum vg_code cut(struct evidence *evidence, const struct read_options *read,
                        struct vg_err *err)
{
    struct vg_log *log = evidence->log;
    enum vg_code code = VG_OK;
    if (read->journey)
        code = evidence_regroup(log, read->journey, &evidence->log, err);
    if (code == VG_OK && read->journey)
        log_close(log);
    if (code == VG_OK && read->pause_s > 0) {
        log = evidence->log;
        code = log_cut_pauses(log, read->pause_s, &evidence->log, err);
        if (code == VG_OK)
            log_close(log);
    }
    return code;
}

enum vg_code workspace_evidence(const char *workspace, const struct read_options *read,
                                struct evidence *ret, struct vg_err *err)
{
    struct store *store = NULL;
    struct store_wants wants;
    enum vg_code code = store_open(workspace, &store, err);
    if (code == VG_OK)
        code = wants_of(ret->arena, read, &wants, err);
    if (code == VG_OK)
        code = workspace_load(store, &wants, ret, err);
    store_close(store);
    if (code == VG_OK && !ret->log->events) {
        err_set(err, VG_ERR_INPUT, NULL, "%s", _("there is no evidence in it yet"));
        err_hint(err, "%s", _("viaggio import FILE… -w WORKSPACE reads some into it"));
        return VG_ERR_INPUT;
    }
    return code == VG_OK ? cut(ret, read, err) : code;
}

enum vg_code workspace_is_empty(const char *workspace, bool *ret, struct vg_err *err)
{
    struct store *store = NULL;
    struct store_source *sources = NULL;
    size_t count = 0;
    struct arena *arena = arena_open(0);
    enum vg_code code = arena ? store_open(workspace, &store, err) : err_memory(err);
    if (code == VG_OK)
        code = store_sources(store, arena, &sources, &count, err);
    *ret = true;
    for (size_t i = 0; i < count; i++)
        *ret &= sources[i].events == 0;
    store_close(store);
    arena_close(arena);
    return code;
}

/* ---- maps ---- */

enum vg_code workspace_map(const char *workspace, const char *name, struct vg_map **ret,
                           struct map_texts *ret_notes, struct vg_err *err)
{
    if (!workspace || access(name, F_OK) == 0 || strcmp(name, "-") == 0)
        return map_open_file(name, ret, ret_notes, err);
    struct store *store = NULL;
    struct arena *arena = arena_open(0);
    const char *id = NULL;
    enum vg_code code = arena ? store_open(workspace, &store, err) : err_memory(err);
    if (code == VG_OK)
        code = maps_find(store, arena, name, &id, err);
    if (code == VG_OK)
        code = maps_read(store, id, -1, ret, NULL, err);
    store_close(store);
    arena_close(arena);
    return code;
}

/* ---- one customer ---- */

static json_t *events_of(const struct vg_log *log, size_t trace, const char *name)
{
    json_t *events = json_array();
    for (uint64_t row = log->first[trace]; events && row < log->first[trace + 1]; row++)
        if (json_array_append_new(events, event_to_json(log, name, row)) != 0) {
            json_decref(events);
            return NULL;
        }
    return events;
}

enum vg_code workspace_customer(struct store *store, struct arena *arena,
                                const char *name, json_t **ret, struct vg_err *err)
{
    const struct store_wants wants = {.all_attributes = true};
    const char **names = NULL;
    size_t count = 0, trace = SIZE_MAX;
    struct vg_log *log = NULL;
    enum vg_code code = alias_names(store, arena, name, &names, &count, err);
    if (code == VG_OK)
        code = store_log(store, &wants, &log, err);
    if (code != VG_OK)
        return code;
    for (size_t t = 0; t < log->traces && trace == SIZE_MAX; t++)
        if (strcmp(dict_text(&log->trace_names, log->trace_name[t]), names[0]) == 0)
            trace = t;
    json_t *paths = NULL;
    code = paths_export(store, arena, names, count, &paths, err);
    if (code == VG_OK && trace == SIZE_MAX && !json_array_size(paths))
        code = err_set(err, VG_ERR_NOT_FOUND, NULL,
                       _("there is no customer \"%s\" in the evidence"), name);
    if (code != VG_OK) {
        json_decref(paths);
        log_close(log);
        return code;
    }
    json_t *events = trace == SIZE_MAX ? json_array() : events_of(log, trace, names[0]);
    json_t *json = json_pack("{s:o, s:o, s:o}", "customer", json_text(names[0]), "names",
                             JSON_LIST(names, count, json_one_text), "events", events);
    if (json && json_array_size(paths))
        json_object_set(json, "paths", paths);
    json_decref(paths);
    log_close(log);
    if (!json)
        return err_memory(err);
    *ret = json;
    return VG_OK;
}
