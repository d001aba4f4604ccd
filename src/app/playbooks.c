/* What calls for somebody on a path, and what is done then. Declared in app/paths.h. */
#include "app/paths.h"

#include "app/json.h"
#include "base/date.h"
#include "base/lang.h"

#include <math.h>
#include <string.h>

static const char *const when_names[] = {[WHEN_STUCK] = "stuck",
                                         [WHEN_BEHIND] = "behind",
                                         [WHEN_SILENT] = "silent",
                                         [WHEN_LOW] = "low"};

/* ---- what holds now ---- */

static const char *kind_of(enum path_state state)
{
    return state == PATH_STUCK    ? "stuck"
           : state == PATH_BEHIND ? "behind"
           : state == PATH_SILENT ? "silent"
                                  : NULL;
}

static const char *place_of(const struct path *path, const struct path_client *client)
{
    return client->phase < path->map->phase_count ? path->map->phases[client->phase].id
                                                  : "";
}

static struct alert_now *what_holds(struct arena *arena, const struct path *path,
                                    size_t *ret_count)
{
    struct alert_now *list =
        arena_array(arena, struct alert_now, path->client_count * 2 + 1);
    *ret_count = 0;
    for (size_t i = 0; list && i < path->client_count; i++) {
        const struct path_client *client = &path->clients[i];
        const char *kind = kind_of(client->state);
        bool under_way = client->state != PATH_LEFT && client->state != PATH_ARRIVED;
        if (!client->enrolment[0])
            continue; /* only seen in the evidence: nobody leads him */
        if (kind)
            list[(*ret_count)++] = (struct alert_now){
                client->enrolment, kind, place_of(path, client), client->since_us};
        if (client->low && under_way)
            list[(*ret_count)++] = (struct alert_now){
                client->enrolment, "low", place_of(path, client), client->low_us};
    }
    return list;
}

/* ---- a playbook's words ---- */

static double days_of(const struct path *path, const struct path_client *client,
                      const char *kind)
{
    int64_t since = strcmp(kind, "silent") == 0 ? client->sign_us
                    : strcmp(kind, "low") == 0  ? client->low_us
                                                : INT64_MIN;
    if (strcmp(kind, "silent") == 0 && since == INT64_MIN)
        since = client->at_us;
    return since == INT64_MIN ? client->phase_days
                              : (double)(path->today_us - since) / (double)US_PER_DAY;
}

struct word {
    const char *name, *other;
    const char *value;
};

const char *playbook_words(struct arena *arena, const struct path *path,
                           const struct path_client *client, const char *kind,
                           const char *text)
{
    const struct vg_map *map = path->map;
    double days = days_of(path, client, kind);
    const struct word words[] = {
        {"{cliente}", "{customer}", client->customer},
        {"{fase}", "{phase}",
         client->phase < map->phase_count ? map->phases[client->phase].title : ""},
        {"{tappa}", "{step}",
         client->next_step < map->step_count ? map->steps[client->next_step].title : ""},
        {"{giorni}", "{days}",
         isnan(days) ? "" : arena_printf(arena, "%.0f", floor(days))},
    };
    struct buf out = {0};
    while (*text) {
        bool found = false;
        for (size_t i = 0; *text == '{' && !found && i < COUNT_OF(words); i++) {
            size_t len = str_starts(str_from(text), str_from(words[i].name))
                             ? strlen(words[i].name)
                         : str_starts(str_from(text), str_from(words[i].other))
                             ? strlen(words[i].other)
                             : 0;
            found = len > 0;
            if (found)
                buf_text(&out, words[i].value ? words[i].value : "");
            text += len;
        }
        if (!found)
            buf_char(&out, *text++);
    }
    const char *ret = out.failed ? NULL : arena_text(arena, buf_str(&out));
    buf_free(&out);
    return ret;
}

/* ---- running them ---- */

struct running {
    struct store *store;
    struct arena *arena;
    const struct path *path;
    bool webhooks;
    struct playbooks_done done;
    struct vg_err *err;
};

/* What another program is told. */
static enum vg_code body_of(struct running *r, const struct map_playbook *playbook,
                            const struct alert_row *alert,
                            const struct path_client *client, const char *title,
                            const char *text, struct buf *out)
{
    const struct vg_map *map = r->path->map;
    bool has_step = client->next_step < map->step_count;
    json_t *json = json_pack(
        "{s:s, s:I, s:s, s:o, s:{s:o, s:o}, s:{s:s, s:o}, s:o, s:o, s:o, s:o, s:o, s:o}",
        "event", "path-alert", "id", (json_int_t)alert->id, "kind", alert->kind, "since",
        json_time(alert->since_us), "map", "id", json_text(map->id), "title",
        json_text(map->title), "playbook", "id", playbook->id, "title", json_text(title),
        "customer", json_text(client->customer), "enrolment", json_text(alert->enrolment),
        "phase",
        client->phase < map->phase_count ? json_text(map->phases[client->phase].title)
                                         : json_null(),
        "step", has_step ? json_text(map->steps[client->next_step].title) : json_null(),
        "reason", json_text(client->reason), "text", json_text(text));
    enum vg_code code = json ? json_write_compact(json, out, r->err) : err_memory(r->err);
    json_decref(json);
    return code;
}

static enum vg_code call_out(struct running *r, const struct map_playbook *playbook,
                             const struct alert_row *alert,
                             const struct path_client *client, const char *title,
                             const char *text)
{
    struct buf body = {0};
    bool made = false;
    if (!r->webhooks || !playbook->url[0])
        return VG_OK;
    enum vg_code code = body_of(r, playbook, alert, client, title, text, &body);
    struct delivery_new new = {.enrolment = alert->enrolment,
                               .playbook = playbook->id,
                               .url = playbook->url,
                               .body = code == VG_OK ? buf_str(&body).ptr : "",
                               .alert = alert->id};
    if (code == VG_OK)
        code = delivery_add(r->store, &new, &made, r->err);
    buf_free(&body);
    r->done.deliveries += made;
    return code;
}

static enum vg_code run_one(struct running *r, const struct map_playbook *playbook,
                            const struct alert_row *alert,
                            const struct path_client *client)
{
    bool made = false;
    const char *title =
        playbook_words(r->arena, r->path, client, alert->kind, playbook->title);
    const char *text =
        playbook_words(r->arena, r->path, client, alert->kind, playbook->text);
    if (!title || !text)
        return err_memory(r->err);
    if (playbook->kind == PLAYBOOK_WEBHOOK)
        return call_out(r, playbook, alert, client, title, text);
    struct task_new new = {.enrolment = alert->enrolment,
                           .playbook = playbook->id,
                           .kind = playbook->kind == PLAYBOOK_EMAIL ? "email" : "task",
                           .title = title,
                           .text = text,
                           .owner = playbook->owner,
                           .alert = alert->id};
    enum vg_code code = task_add(r->store, &new, &made, r->err);
    r->done.tasks += made;
    return code;
}

static const struct path_client *client_of(const struct path *path, const char *enrolment)
{
    for (size_t i = 0; i < path->client_count; i++)
        if (strcmp(path->clients[i].enrolment, enrolment) == 0)
            return &path->clients[i];
    return NULL;
}

/* Of all open alerts, not only the new ones: after a crash between the two, and when a
 * playbook is switched on later; each runs once for each alert. */
static enum vg_code run_all(struct running *r, int64_t now_us)
{
    const struct vg_map *map = r->path->map;
    struct alert_row *open = NULL;
    size_t count = 0;
    enum vg_code code =
        alert_list(r->store, r->arena, map->id, now_us, false, &open, &count, r->err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        const struct path_client *client = client_of(r->path, open[i].enrolment);
        for (size_t p = 0; code == VG_OK && client && p < map->playbook_count; p++) {
            const struct map_playbook *playbook = &map->playbooks[p];
            if (playbook->on && strcmp(when_names[playbook->when], open[i].kind) == 0)
                code = run_one(r, playbook, &open[i], client);
        }
    }
    return code;
}

enum vg_code playbooks_run(struct store *store, struct arena *arena,
                           const struct path *path, bool webhooks,
                           struct playbooks_done *ret, struct vg_err *err)
{
    struct running r = {
        .store = store, .arena = arena, .path = path, .webhooks = webhooks, .err = err};
    size_t count = 0;
    bool any = false;
    int64_t now_us = date_today_us();
    const struct alert_now *list = what_holds(arena, path, &count);
    enum vg_code code = list ? alerts_tell(store, arena, path->map->id, list, count,
                                           now_us, &r.done.told, err)
                             : err_memory(err);
    for (size_t p = 0; p < path->map->playbook_count; p++)
        any |= path->map->playbooks[p].on;
    if (code == VG_OK && any)
        code = run_all(&r, now_us);
    if (code == VG_OK)
        *ret = r.done;
    return code;
}
