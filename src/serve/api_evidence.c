/* Evidence on its way in: files that were sent, looked at, imported, taken back. */
#include "app/actions.h"
#include "app/columns.h"
#include "app/customers.h"
#include "app/json.h"
#include "app/workspace.h"
#include "serve/handlers.h"
#include "serve/jobs.h"
#include "serve/live.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = 150, OPTIONS_MAX = 64 };

/* ---- files that were sent: FOLDER/up-ID/NAME ---- */

/* A file's name as the sender gives it becomes the source's name: no folder, no control
 * character, no leading point. NULL: memory. */
static const char *safe_name(struct arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
    if (back && (!slash || back > slash))
        slash = back;
    name = slash ? slash + 1 : name;
    while (*name == '.' || *name == ' ')
        name++;
    char *safe = arena_array(arena, char, NAME_BYTES + 1);
    size_t length = 0;
    for (; safe && *name && length < NAME_BYTES; name++)
        safe[length++] = (unsigned char)*name < ' ' || *name == 0x7F ? '_' : *name;
    while (length && ((unsigned char)safe[length - 1] & 0xC0) == 0x80 &&
           length == NAME_BYTES)
        length--; /* not half a character */
    if (safe && length && (unsigned char)safe[length - 1] >= 0xC0)
        length--;
    if (safe)
        safe[length] = 0;
    return safe && length ? safe : safe ? "file" : NULL;
}

static bool is_id(const char *id)
{
    size_t length = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-_");
    return length && length < 64 && !id[length];
}

static enum vg_code no_upload(struct vg_err *err)
{
    err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such file (any more)"));
    return err_hint(err, "%s", _("send it again")), VG_ERR_NOT_FOUND;
}

/* The folder of an upload, and the one file in it. */
static enum vg_code find_upload(struct call *call, const char *id,
                                const char **ret_folder, const char **ret_path,
                                struct vg_err *err)
{
    const char *path = NULL;
    const char *folder =
        is_id(id) ? arena_printf(call->arena, "%s/up-%s", call_folder(call), id) : NULL;
    DIR *open = folder ? opendir(folder) : NULL;
    for (struct dirent *entry; open && !path && (entry = readdir(open));)
        if (entry->d_name[0] != '.')
            path = arena_printf(call->arena, "%s/%s", folder, entry->d_name);
    if (open)
        closedir(open);
    if (!path)
        return no_upload(err);
    *ret_folder = folder;
    *ret_path = path;
    return VG_OK;
}

static void remove_upload(const char *folder, const char *path)
{
    unlink(path);
    rmdir(folder);
}

enum vg_code api_upload_add(struct call *call, struct vg_err *err)
{
    const char *id = call_new_id(call);
    const char *name = safe_name(call->arena, call_text(call, "name"));
    const char *folder =
        id ? arena_printf(call->arena, "%s/up-%s", call_folder(call), id) : NULL;
    const char *path =
        folder && name ? arena_printf(call->arena, "%s/%s", folder, name) : NULL;
    if (!path)
        return err_memory(err);
    if (!call->upload.bytes)
        return err_set(err, VG_ERR_INPUT, name, "%s", _("the file is empty"));
    if (mkdir(folder, 0700) != 0 || rename(call->upload.path, path) != 0) {
        rmdir(folder);
        return err_errno(err, name);
    }
    call_keep_upload(call);
    return call_json(call,
                     json_pack("{s:s, s:o, s:o}", "id", id, "name", json_text(name),
                               "bytes", json_count(call->upload.bytes)),
                     err);
}

enum vg_code api_upload_delete(struct call *call, struct vg_err *err)
{
    const char *folder = NULL, *path = NULL;
    enum vg_code code = find_upload(call, call_param(call, "id"), &folder, &path, err);
    if (code != VG_OK)
        return code;
    remove_upload(folder, path);
    return call_nothing(call);
}

/* ---- looking ---- */

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Where the server keeps a file is nobody's business: "/…/crm.csv:12" → "crm.csv:12".
 * What to type into a shell is of no use here. */
static void for_browser(struct vg_err *err)
{
    if (!err)
        return;
    const char *name = file_name(err->where);
    if (name != err->where)
        memmove(err->where, name, strlen(name) + 1);
    if (strstr(err->hint, "--"))
        err->hint[0] = 0;
}

static json_t *told(json_t *file, const char *name)
{
    if (file && json_object_set_new(file, "path", json_text(name)) != 0) {
        json_decref(file);
        return NULL;
    }
    return file;
}

static size_t query_options(struct call *call, struct pair *pairs)
{
    size_t count = 0;
    for (size_t i = 0; columns_names[i]; i++) {
        const char *const *texts = NULL;
        bool list = strcmp(columns_names[i], "time") == 0 ||
                    strcmp(columns_names[i], "attribute") == 0 ||
                    strcmp(columns_names[i], "fill-down") == 0;
        if (!list) {
            const char *text = call_text(call, columns_names[i]);
            if (text)
                pairs[count++] = (struct pair){columns_names[i], text};
            continue;
        }
        size_t many = call_texts(call, columns_names[i], &texts);
        for (size_t t = 0; t < many && count < OPTIONS_MAX - 20; t++)
            pairs[count++] = (struct pair){columns_names[i], texts[t]};
    }
    return count;
}

/* Columns are there, and only which is which is not clear yet: people can say. */
static bool can_be_mended(enum vg_code code, const struct read_file *file)
{
    return file->column_count && file->sample_count &&
           (code == VG_ERR_INPUT || code == VG_ERR_NOT_FOUND || code == VG_ERR_USAGE);
}

enum vg_code api_upload_explain(struct call *call, struct vg_err *err)
{
    const char *folder = NULL, *path = NULL;
    struct pair pairs[OPTIONS_MAX];
    struct read_options read;
    struct read_file file = {0};
    enum vg_code code = find_upload(call, call_param(call, "id"), &folder, &path, err);
    if (code == VG_OK)
        code = columns_read(call->arena, pairs, query_options(call, pairs), &read, err);
    if (code != VG_OK)
        return code;
    read.progress = &call->progress;
    code = read_explain(call->arena, path, &read, &file, err);
    for_browser(err);
    if (code != VG_OK && !can_be_mended(code, &file))
        return code;
    json_t *json = told(reading_file_to_json(&file), file_name(path));
    json_t *problem =
        code == VG_OK ? json_null()
                      : json_pack("{s:s, s:o, s:o, s:o}", "code", err_row(code)->name,
                                  "detail", json_text(err->what), "where",
                                  json_text(err->where), "hint", json_text(err->hint));
    if (json && problem)
        json_object_set_new(json, "problem", problem);
    return call_json(call, json, err);
}

/* ---- importing ---- */

struct importing {
    struct arena *arena;
    const char *folder, *path, *who;
    struct read_options read;
    bool done;
};

static void importing_drop(void *ctx)
{
    struct importing *importing = ctx;
    if (importing->done) /* else it can be tried again with other columns */
        remove_upload(importing->folder, importing->path);
    arena_close(importing->arena);
}

/* A reason without the row's own value: what is in quotes becomes "…". */
static void plain_reason(const char *reason, struct buf *out)
{
    static const struct {
        const char *open, *close;
    } quotes[] = {{"\"", "\""}, {"«", "»"}, {"“", "”"}, {"‘", "’"}};
    while (*reason) {
        const char *end = NULL;
        for (size_t i = 0; !end && i < COUNT_OF(quotes); i++) {
            size_t open = strlen(quotes[i].open);
            if (strncmp(reason, quotes[i].open, open) == 0 &&
                (end = strstr(reason + open, quotes[i].close))) {
                buf_printf(out, "%s…%s", quotes[i].open, quotes[i].close);
                reason = end + strlen(quotes[i].close);
            }
        }
        if (!end)
            buf_char(out, *reason++);
    }
}

/* [{reason, count}] of the rejects that were kept, in the order of their first. */
static json_t *reasons_of(const struct read_file *file)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < file->reject_count; i++) {
        struct buf plain = {0};
        json_t *found = NULL;
        plain_reason(file->rejects[i].reason, &plain);
        for (size_t k = 0; !found && k < json_array_size(list); k++) {
            json_t *one = json_array_get(list, k);
            const char *other = json_string_value(json_object_get(one, "reason"));
            if (plain.len && strcmp(other, buf_str(&plain).ptr) == 0)
                found = one;
        }
        if (found)
            json_object_set_new(
                found, "count",
                json_integer(json_integer_value(json_object_get(found, "count")) + 1));
        else if (plain.len)
            json_array_append_new(list,
                                  json_pack("{s:o, s:i}", "reason",
                                            json_text(buf_str(&plain).ptr), "count", 1));
        buf_free(&plain);
    }
    return list;
}

static json_t *imported_json(const struct importing *importing,
                             const struct read_file *file,
                             const struct store_imported *imported)
{
    json_t *json = told(reading_file_to_json(file), file_name(importing->path));
    if (!json || json_object_set_new(json, "import", json_integer(imported->id)) != 0 ||
        json_object_set_new(json, "added", json_count(imported->added)) != 0 ||
        json_object_set_new(json, "known", json_count(imported->known)) != 0 ||
        json_object_set_new(json, "source", json_text(file_name(importing->path))) != 0 ||
        json_object_set_new(json, "customers", json_count(imported->customers)) != 0 ||
        json_object_set_new(json, "reasons", reasons_of(file)) != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static enum vg_code import_now(struct job *job, struct store *store, void *ctx,
                               json_t **ret_result, struct vg_err *err)
{
    struct importing *importing = ctx;
    struct read_report report = {0};
    struct store_imported imported = {0};
    const char *rejects =
        arena_printf(job_arena(job), "%s/rejects-%s.csv", job_folder(job), job_id(job));
    if (!rejects)
        return err_memory(err);
    importing->read.progress = job_progress(job);
    importing->read.rejects = rejects;
    enum vg_code code = store_set_who(store, importing->who, err);
    if (code == VG_OK)
        code = workspace_import(store, job_arena(job), importing->path, &importing->read,
                                true, &report, &imported, err);
    for_browser(err);
    bool any = report.file_count && report.files[0].rejected;
    if (any)
        job_rejects(job, rejects);
    else
        unlink(rejects);
    if (code != VG_OK)
        return code;
    importing->done = true;
    *ret_result = imported_json(importing, &report.files[0], &imported);
    api_evidence_changed(job_serve(job));
    return *ret_result ? VG_OK : err_memory(err);
}

/* The texts of the body's options, in the job's own memory. */
static enum vg_code body_options(struct importing *importing, const json_t *options,
                                 struct vg_err *err)
{
    struct pair pairs[OPTIONS_MAX];
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)options, key, value)
    {
        size_t many = json_is_array(value) ? json_array_size(value) : 1;
        for (size_t i = 0; i < many && count < OPTIONS_MAX; i++) {
            const char *text = json_string_value(
                json_is_array(value) ? json_array_get(value, i) : value);
            if (!text)
                continue;
            pairs[count].name = arena_text(importing->arena, str_from(key));
            pairs[count].value = arena_text(importing->arena, str_from(text));
            if (!pairs[count].name || !pairs[count].value)
                return err_memory(err);
            count++;
        }
    }
    return columns_read(importing->arena, pairs, count, &importing->read, err);
}

enum vg_code api_import_add(struct call *call, struct vg_err *err)
{
    const char *folder = NULL, *path = NULL;
    struct arena *arena = NULL;
    enum vg_code code =
        find_upload(call, call_body_text(call, "upload"), &folder, &path, err);
    if (code != VG_OK)
        return code;
    arena = arena_open(0);
    struct importing *importing = arena ? arena_new(arena, struct importing) : NULL;
    if (!importing) {
        arena_close(arena);
        return err_memory(err);
    }
    *importing = (struct importing){
        .arena = arena,
        .folder = arena_text(arena, str_from(folder)),
        .path = arena_text(arena, str_from(path)),
        .who = arena_text(arena, str_from(call->who.id ? call->who.id : ""))};
    code = importing->folder && importing->path && importing->who
               ? body_options(importing, call_body(call, "options"), err)
               : err_memory(err);
    if (code != VG_OK) {
        arena_close(arena);
        return code;
    }
    struct job_work work = {
        .kind = "import", .run = import_now, .drop = importing_drop, .ctx = importing};
    return call_job(call, &work, err);
}

static json_t *import_json(struct call *call, const struct store_import_row *row)
{
    bool any = row->events > 0;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
        json_sprintf("%lld", (long long)row->id), "source", json_text(row->source), "at",
        json_time(row->at_us), "who", json_text(row->who), "name",
        json_text(api_name(call, row->who)), "rows", json_count(row->row_count), "added",
        json_count(row->added), "known", json_count(row->known), "rejected",
        json_count(row->rejected), "events", json_count(row->events), "first",
        any ? json_time(row->first_us) : json_null(), "last",
        any ? json_time(row->last_us) : json_null(), "rejects", json_count(row->rejects));
}

enum vg_code api_imports(struct call *call, struct vg_err *err)
{
    struct store_import_row *rows = NULL;
    size_t count = 0;
    json_t *items = json_array();
    enum vg_code code = items
                            ? store_imports(call->store, call->arena, &rows, &count, err)
                            : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(items, import_json(call, &rows[i])) != 0)
            code = err_memory(err);
    if (code == VG_OK)
        return call_items(call, items, NULL, err);
    json_decref(items);
    return code;
}

static enum vg_code import_id(struct call *call, int64_t *ret, struct vg_err *err)
{
    if (!str_to_i64(str_from(call_param(call, "id")), ret))
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such import"));
    return VG_OK;
}

enum vg_code api_import_delete(struct call *call, struct vg_err *err)
{
    int64_t id = 0;
    enum vg_code code = import_id(call, &id, err);
    struct store_taken_back undone;
    if (code == VG_OK)
        code = store_import_undo(call->store, id, &undone, err);
    if (code != VG_OK)
        return code;
    api_evidence_changed(call->serve);
    return call_nothing(call);
}

enum vg_code api_import_rejects(struct call *call, struct vg_err *err)
{
    int64_t id = 0;
    str rows = {0};
    struct buf text = {0};
    enum vg_code code = import_id(call, &id, err);
    if (code == VG_OK)
        code = import_rejects(call->store, call->arena, id, &rows, err);
    if (code != VG_OK)
        return code;
    buf_add(&text, rows);
    call_download(call, _("rows left out.csv"));
    code = call_buf(call, "text/csv; charset=utf-8", &text, err);
    buf_free(&text);
    return code;
}

/* ---- what is in it ---- */

enum vg_code api_sources(struct call *call, struct vg_err *err)
{
    json_t *items = NULL;
    enum vg_code code = sources_json(call->store, call->arena, &items, err);
    return code == VG_OK ? call_items(call, items, NULL, err) : code;
}

enum vg_code api_summary(struct call *call, struct vg_err *err)
{
    struct held *held = NULL;
    json_t *json = NULL;
    enum vg_code code = api_evidence(call, true, &held, err);
    if (code == VG_OK)
        code = evidence_summary(call->arena, held_evidence(held)->log, &json, err);
    held_release(held);
    return code == VG_OK ? call_json(call, json, err) : code;
}
