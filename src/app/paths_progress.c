/* What happened on the way, checked against the map. Declared in app/paths.h. */
#include "app/paths.h"

#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "store/people.h"
#include "store/rules.h"

#include <math.h>
#include <string.h>

/* ---- how the event is called ---- */

static const char *first_match(const struct map_match *matches, size_t count,
                               const char *otherwise)
{
    return count && matches[0].activity[0] ? matches[0].activity : otherwise;
}

static const struct map_step *find_step(struct arena *arena, const struct vg_map *map,
                                        const char *name)
{
    const struct map_step *step = map_step_find(map, name);
    str wanted = utf8_fold(arena, str_from(name));
    for (size_t i = 0; !step && wanted.ptr && i < map->step_count; i++) {
        str title = utf8_fold(arena, str_from(map->steps[i].title));
        if (title.ptr && str_equal(title, wanted))
            step = &map->steps[i];
    }
    return step;
}

static enum vg_code nothing_such(const char *what, const char *item, struct vg_err *err)
{
    return err_set(err, VG_ERR_INPUT, what, _("the map has no \"%s\""), item);
}

/* *item becomes the id, *ret the activity. */
static enum vg_code of_step(struct arena *arena, const struct vg_map *map,
                            const char **item, const char **ret, struct vg_err *err)
{
    const struct map_step *step = find_step(arena, map, *item);
    if (!step)
        return nothing_such("step", *item, err);
    *item = step->id;
    *ret = first_match(step->matches, step->match_count, step->title);
    return VG_OK;
}

static enum vg_code of_metric(const struct vg_map *map, const char **item,
                              const char **ret, struct vg_err *err)
{
    for (size_t i = 0; i < map->metric_count; i++) {
        const struct map_metric *metric = &map->metrics[i];
        if (strcmp(metric->id, *item) != 0 && strcmp(metric->name, *item) != 0)
            continue;
        *item = metric->id;
        *ret = first_match(metric->matches, metric->match_count, metric->name);
        return VG_OK;
    }
    return nothing_such("metric", *item, err);
}

static enum vg_code of_phase(const struct vg_map *map, const char **item,
                             const char **ret, struct vg_err *err)
{
    for (size_t i = 0; i < map->phase_count; i++) {
        const struct map_phase *phase = &map->phases[i];
        if (strcmp(phase->id, *item) != 0 && strcmp(phase->title, *item) != 0)
            continue;
        *item = phase->id;
        *ret = first_match(phase->matches, phase->match_count,
                           phase->milestone[0] ? phase->milestone : phase->title);
        return VG_OK;
    }
    return nothing_such("phase", *item, err);
}

static enum vg_code of_proof(const struct vg_map *map, const char **item,
                             const char **ret, struct vg_err *err)
{
    for (size_t i = 0; i < map->phase_count; i++)
        for (size_t k = 0; k < map->phases[i].proof_count; k++) {
            const struct map_proof *proof = &map->phases[i].proofs[k];
            if (strcmp(proof->id, *item) != 0)
                continue;
            *ret = first_match(proof->matches, proof->match_count, proof->text);
            return VG_OK;
        }
    return nothing_such("proof", *item, err);
}

static enum own_word own_word(enum progress_kind kind)
{
    switch (kind) {
    case PROGRESS_FEELING:
        return OWN_FEELING;
    case PROGRESS_MESSAGE:
        return OWN_MESSAGE;
    case PROGRESS_PROOF:
        return OWN_DOCUMENT;
    default:
        return OWN_NOTE;
    }
}

static enum vg_code name_event(struct arena *arena, const struct vg_map *map,
                               const struct progress_wish *wish, const char **item,
                               const char **ret, struct vg_err *err)
{
    *item = wish->item ? wish->item : "";
    *ret = map_own_word(map, own_word(wish->kind));
    switch (wish->kind) {
    case PROGRESS_DONE:
        return of_step(arena, map, item, ret, err);
    case PROGRESS_READING:
        return of_metric(map, item, ret, err);
    case PROGRESS_MILESTONE:
        return of_phase(map, item, ret, err);
    case PROGRESS_PROOF:
        return **item ? of_proof(map, item, ret, err) : VG_OK;
    default:
        return **item ? of_step(arena, map, item, &(const char *){NULL}, err) : VG_OK;
    }
}

/* ---- what it must say ---- */

static enum vg_code check_wish(const struct progress_wish *wish, struct vg_err *err)
{
    bool text = wish->text && wish->text[strspn(wish->text, " \t\r\n")];
    if (wish->kind == PROGRESS_READING && isnan(wish->value))
        return err_set(err, VG_ERR_INPUT, "value", "%s", _("a reading needs its number"));
    if (wish->kind == PROGRESS_FEELING && !(wish->value >= -2 && wish->value <= 2))
        return err_set(err, VG_ERR_INPUT, "value", "%s",
                       _("a feeling is a number from −2 to +2"));
    if (wish->kind == PROGRESS_MILESTONE && !text)
        return err_set(err, VG_ERR_INPUT, "text", "%s",
                       _("a milestone passed by hand needs a reason: it is kept"));
    if ((wish->kind == PROGRESS_MESSAGE || wish->kind == PROGRESS_NOTE) && !text)
        return err_set(err, VG_ERR_INPUT, "text", "%s", _("it says nothing"));
    bool proof = text || wish->bytes || (wish->item && wish->item[0]);
    return wish->kind == PROGRESS_PROOF && !proof
               ? err_set(err, VG_ERR_INPUT, "proof", "%s", _("it says nothing"))
               : VG_OK;
}

/* What was before the way began is none of it: it would be kept, and count for nothing.
 */
static enum vg_code check_begun(struct store *store, struct arena *arena,
                                const char *enrolment, enum progress_kind kind,
                                int64_t at_us, struct vg_err *err)
{
    struct enrolment_row row;
    enum vg_code code = enrolment_get(store, arena, enrolment, &row, err);
    bool event = kind != PROGRESS_NOTE && kind != PROGRESS_MESSAGE;
    if (code != VG_OK || !event || at_us >= row.at_us / US_PER_DAY * US_PER_DAY)
        return code;
    const char *began = text_date(arena, row.at_us);
    err_set(err, VG_ERR_INPUT, "on", _("the way began on %s only"), began ? began : "");
    return err_hint(err, "%s", _("let it begin earlier first, where it did")),
           VG_ERR_INPUT;
}

enum vg_code paths_progress(struct store *store, struct arena *arena,
                            const struct vg_map *map, const char *enrolment,
                            const struct progress_wish *wish, int64_t *ret_id,
                            bool *ret_known, struct vg_err *err)
{
    bool has_value = wish->kind == PROGRESS_READING || wish->kind == PROGRESS_FEELING;
    struct progress_new new = {.enrolment = enrolment,
                               .kind = wish->kind,
                               .text = wish->text,
                               .value = has_value ? wish->value : NAN,
                               .by_client = wish->by_client,
                               .client = wish->client,
                               .bytes = wish->bytes,
                               .len = wish->len,
                               .file_name = wish->file_name};
    enum vg_code code = check_wish(wish, err);
    if (code == VG_OK)
        code = name_event(arena, map, wish, &new.item, &new.activity, err);
    if (code == VG_OK)
        code = enrol_day(wish->on, "on", &new.at_us, err);
    if (code == VG_OK)
        code = check_begun(store, arena, enrolment, wish->kind, new.at_us, err);
    return code == VG_OK ? progress_add(store, &new, ret_id, ret_known, err) : code;
}

/* ---- telling ---- */

json_t *progress_json(const struct progress_row *row, const char *name)
{
    json_t *file = row->file[0] ? json_pack("{s:s, s:o}", "id", row->file, "name",
                                            json_text(row->file_name))
                                : json_null();
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "id",
                     (json_int_t)row->id, "kind", progress_kind_name(row->kind), "item",
                     json_text(row->item), "at", json_time(row->at_us), "created",
                     json_time(row->created_us), "activity", json_text(row->activity),
                     "value", json_number_or_null(row->value), "text",
                     json_text(row->text), "by_client", row->by_client, "who",
                     json_text(row->who), "name", json_text(name), "file", file);
}

/* ---- all that is kept of a person ---- */

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 4648, section 4. */
static json_t *base64_json(const unsigned char *bytes, size_t len)
{
    struct buf out = {0};
    for (size_t i = 0; i < len; i += 3) {
        unsigned word = (unsigned)bytes[i] << 16;
        if (i + 1 < len)
            word |= (unsigned)bytes[i + 1] << 8;
        if (i + 2 < len)
            word |= bytes[i + 2];
        buf_char(&out, base64_letters[word >> 18]);
        buf_char(&out, base64_letters[word >> 12 & 63]);
        buf_char(&out, i + 1 < len ? base64_letters[word >> 6 & 63] : '=');
        buf_char(&out, i + 2 < len ? base64_letters[word & 63] : '=');
    }
    json_t *json = out.failed ? NULL : json_stringn(buf_str(&out).ptr, out.len);
    buf_free(&out);
    return json;
}

static enum vg_code export_progress(struct store *store, struct arena *arena,
                                    const struct enrolment_row *row, json_t *ret,
                                    struct vg_err *err)
{
    struct progress_row *list = NULL;
    size_t count = 0;
    enum vg_code code = progress_list(store, arena, row->id, &list, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        json_t *one = progress_json(&list[i], list[i].who);
        if (one && list[i].file[0]) {
            struct proof_file file;
            code = proof_file_get(store, arena, row->id, list[i].file, &file, err);
            if (code == VG_OK)
                json_object_set_new(
                    one, "file",
                    json_pack("{s:o, s:s, s:o}", "name", json_text(file.name), "type",
                              file.type, "base64", base64_json(file.bytes, file.len)));
        }
        if (json_array_append_new(ret, one) != 0 && code == VG_OK)
            code = err_memory(err);
    }
    return code;
}

static enum vg_code export_links(struct store *store, struct arena *arena,
                                 const struct enrolment_row *row, json_t *ret,
                                 struct vg_err *err)
{
    struct client_link *list = NULL;
    size_t count = 0;
    enum vg_code code = client_link_list(store, arena, row->id, &list, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(ret, json_pack("{s:o, s:o, s:I}", "created",
                                                 json_time(list[i].created_us), "expires",
                                                 json_time(list[i].expires_us), "opened",
                                                 (json_int_t)list[i].opened)) != 0)
            code = err_memory(err);
    return code;
}

static enum vg_code export_tasks(struct store *store, struct arena *arena,
                                 const struct enrolment_row *row, json_t *ret,
                                 struct vg_err *err)
{
    struct task_row *list = NULL;
    size_t count = 0;
    enum vg_code code = task_list(store, arena, NULL, row->id, &list, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(
                ret, json_pack("{s:s, s:o, s:o, s:s, s:o}", "kind", list[i].kind, "title",
                               json_text(list[i].title), "text", json_text(list[i].text),
                               "state", list[i].state, "created",
                               json_time(list[i].created_us))) != 0)
            code = err_memory(err);
    return code;
}

static enum vg_code export_one(struct store *store, struct arena *arena,
                               const struct enrolment_row *row, json_t **ret,
                               struct vg_err *err)
{
    json_t *progress = json_array(), *links = json_array(), *tasks = json_array(),
           *body = NULL;
    enum vg_code code = progress && links && tasks ? VG_OK : err_memory(err);
    if (code == VG_OK)
        code = json_read(str_from(row->body), "enrolment", LIMIT_ENROLMENT_BYTES, &body,
                         err);
    if (code == VG_OK)
        code = export_progress(store, arena, row, progress, err);
    if (code == VG_OK)
        code = export_links(store, arena, row, links, err);
    if (code == VG_OK)
        code = export_tasks(store, arena, row, tasks, err);
    json_t *json = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "map", json_text(row->map),
        "customer", json_text(row->customer), "at", json_time(row->at_us), "left",
        row->left_us ? json_time(row->left_us) : json_null(), "left_because",
        json_text(row->left_because), "start", body ? body : json_null(), "progress",
        progress ? progress : json_null(), "links", links ? links : json_null(), "tasks",
        tasks ? tasks : json_null());
    if (code == VG_OK && !json)
        code = err_memory(err);
    if (code == VG_OK)
        *ret = json;
    else
        json_decref(json);
    return code;
}

/* Whom no rule is to put back on a path. */
static enum vg_code export_taken_out(struct store *store, struct arena *arena,
                                     const char *const *names, size_t name_count,
                                     json_t *ret, struct vg_err *err)
{
    struct taken_out *rows = NULL;
    size_t count = 0;
    enum vg_code code = taken_out_of(store, arena, names, name_count, &rows, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (json_array_append_new(ret,
                                  json_pack("{s:o, s:o}", "map", json_text(rows[i].map),
                                            "taken_off", json_time(rows[i].at_us))) != 0)
            code = err_memory(err);
    return code;
}

enum vg_code paths_export(struct store *store, struct arena *arena,
                          const char *const *names, size_t name_count, json_t **ret,
                          struct vg_err *err)
{
    struct enrolment_row *rows = NULL;
    size_t count = 0;
    json_t *list = json_array();
    enum vg_code code =
        list ? enrolment_of(store, arena, names, name_count, &rows, &count, err)
             : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        json_t *one = NULL;
        code = export_one(store, arena, &rows[i], &one, err);
        if (code == VG_OK && json_array_append_new(list, one) != 0)
            code = err_memory(err);
    }
    if (code == VG_OK)
        code = export_taken_out(store, arena, names, name_count, list, err);
    if (code == VG_OK)
        *ret = list;
    else
        json_decref(list);
    return code;
}
