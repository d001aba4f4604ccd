/* Declared in serve/lookout.h. */
#include "serve/lookout.h"

#include "app/paths.h"
#include "base/date.h"
#include "base/lang.h"
#include "serve/inside.h"
#include "serve/live.h"
#include "serve/webhook.h"
#include "store/maps.h"

#include <curl/curl.h>
#include <stdlib.h>

enum {
    EVERY_S = 3600,
    SOON_MS = 300, /* changes come in bursts */
    AT_ONCE = 5,   /* deliveries between two looks */
    TRIES = 5
};

struct lookout {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct store *store;
    bool started, poked;
    atomic_bool closing;
};

void lookout_poke(struct serve *serve)
{
    struct lookout *lookout = serve->lookout;
    if (!lookout)
        return;
    pthread_mutex_lock(&lookout->lock);
    lookout->poked = true;
    pthread_cond_signal(&lookout->wake);
    pthread_mutex_unlock(&lookout->lock);
}

/* ---- alerts and playbooks ---- */

static void tell_all(struct serve *serve, const char *map,
                     const struct playbooks_done *done)
{
    for (size_t i = 0; i < done->told.opened_count; i++) {
        const struct alert_row *alert = &done->told.opened[i];
        live_publish(serve, NULL, "alert", 0,
                     json_pack("{s:s, s:s, s:I, s:s}", "map", map, "enrolment",
                               alert->enrolment, "id", (json_int_t)alert->id, "kind",
                               alert->kind));
    }
    if (done->told.over_count && !done->told.opened_count)
        live_publish(serve, NULL, "alert", 0, json_pack("{s:s}", "map", map));
    if (done->tasks)
        live_publish(serve, NULL, "task", 0, json_pack("{s:s}", "map", map));
}

/* In the map's language: what is written down is read by the team. */
static enum vg_code look_at(struct serve *serve, struct arena *arena, const char *id,
                            struct vg_err *err)
{
    struct lookout *lookout = serve->lookout;
    struct vg_map *map = NULL;
    struct held *held = NULL;
    struct playbooks_done done = {0};
    enum lang lang = LANG_IT;
    enum vg_code code = maps_read(lookout->store, id, -1, &map, NULL, err);
    if (code != VG_OK)
        return code;
    lang_from_text(map->lang, &lang);
    lang_set(lang);
    map_close(map);
    code = cache_path(serve->cache, lookout->store, id, PATH_ENROLLED, &held, err);
    if (code == VG_OK)
        code = playbooks_run(lookout->store, arena, held_path(held),
                             serve->options->allow_webhooks, &done, err);
    held_release(held);
    if (code == VG_OK)
        tell_all(serve, id, &done);
    return code;
}

/* New evidence may bring somebody onto a path. */
static enum vg_code enrol_by_rules(struct serve *serve, struct arena *arena,
                                   struct vg_err *err)
{
    struct rules_done done = {0};
    enum vg_code code =
        rules_apply(serve->cache, serve->lookout->store, arena, &done, err);
    for (size_t i = 0; code == VG_OK && i < done.map_count; i++)
        live_publish(serve, NULL, "path", 0,
                     json_pack("{s:s, s:n}", "map", done.maps[i], "enrolment"));
    return code;
}

static enum vg_code look(struct serve *serve, struct arena *arena, struct vg_err *err)
{
    const char **maps = NULL;
    size_t count = 0;
    enum vg_code code = enrol_by_rules(serve, arena, err);
    if (code == VG_OK)
        code = enrolment_maps(serve->lookout->store, arena, &maps, &count, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (!atomic_load(&serve->lookout->closing))
            code = look_at(serve, arena, maps[i], err);
    return code;
}

/* ---- calls to other programs ---- */

/* One minute, five, half an hour, two hours after it failed. */
static int64_t wait_us(int64_t tries)
{
    static const int minutes[] = {1, 5, 30, 120};
    size_t at =
        tries < (int64_t)COUNT_OF(minutes) ? (size_t)tries : COUNT_OF(minutes) - 1;
    return minutes[at] * 60 * US_PER_S;
}

static enum vg_code deliver_one(struct serve *serve, const struct delivery_row *row,
                                const char *secret, struct vg_err *err)
{
    struct webhook_answer answer;
    struct webhook call = {.url = row->url,
                           .body = row->body,
                           .secret = secret,
                           .id = row->id,
                           .at_us = date_now_us(),
                           .options = serve->options,
                           .stop = &serve->lookout->closing};
    webhook_call(&call, &answer);
    bool over = answer.useless || row->tries + 1 >= TRIES;
    const char *state = answer.good ? "sent" : over ? "failed" : "waiting";
    if (atomic_load(&serve->lookout->closing) && !answer.good)
        return VG_OK; /* cut off by us: it counts as not tried */
    log_line(serve, answer.good ? "info" : "warning", "webhook", "id",
             json_integer(row->id), "state", json_string(state), "answer",
             json_string(answer.said), NULL);
    return delivery_tried(serve->lookout->store, row->id, state,
                          date_now_us() + wait_us(row->tries), answer.said, err);
}

static enum vg_code deliver(struct serve *serve, struct arena *arena, struct vg_err *err)
{
    struct delivery_row *rows = NULL;
    size_t count = 0;
    const char *secret = NULL;
    struct store *store = serve->lookout->store;
    if (!serve->options->allow_webhooks)
        return VG_OK;
    enum vg_code code =
        delivery_due(store, arena, date_now_us(), AT_ONCE, &rows, &count, err);
    if (code == VG_OK && count)
        code = webhook_secret(store, arena, false, &secret, err);
    for (size_t i = 0; code == VG_OK && i < count; i++)
        if (!atomic_load(&serve->lookout->closing))
            code = deliver_one(serve, &rows[i], secret, err);
    return code;
}

/* ---- the thread ---- */

static void one_round(struct serve *serve)
{
    struct vg_err err = {0};
    struct arena *arena = arena_open(0);
    enum vg_code code = arena ? look(serve, arena, &err) : err_memory(&err);
    if (code == VG_OK)
        code = deliver(serve, arena, &err);
    if (code != VG_OK)
        log_line(serve, "warning", "paths", "problem", json_string(err.what), NULL);
    arena_close(arena);
}

/* When the next call is due, at the latest in an hour. */
static int64_t next_round(struct serve *serve)
{
    int64_t next = date_now_us() + EVERY_S * US_PER_S, due = 0;
    struct vg_err ignored = {0};
    if (serve->options->allow_webhooks &&
        delivery_next(serve->lookout->store, &due, &ignored) == VG_OK && due &&
        due < next)
        next = due;
    return next;
}

static void sleep_until(struct lookout *lookout, int64_t at_us, bool also_poked)
{
    struct timespec until = {.tv_sec = (time_t)(at_us / US_PER_S),
                             .tv_nsec = (long)(at_us % US_PER_S) * 1000};
    int status = 0;
    while (!atomic_load(&lookout->closing) && !(also_poked && lookout->poked) && !status)
        status = pthread_cond_timedwait(&lookout->wake, &lookout->lock, &until);
}

static void *run(void *ctx)
{
    struct serve *serve = ctx;
    struct lookout *lookout = serve->lookout;
    pthread_mutex_lock(&lookout->lock);
    while (!atomic_load(&lookout->closing)) {
        lookout->poked = false;
        pthread_mutex_unlock(&lookout->lock);
        one_round(serve);
        int64_t next = next_round(serve);
        pthread_mutex_lock(&lookout->lock);
        sleep_until(lookout, next, true);
        if (lookout->poked)
            sleep_until(lookout, date_now_us() + SOON_MS * 1000, false);
    }
    pthread_mutex_unlock(&lookout->lock);
    return NULL;
}

enum vg_code lookout_open(struct serve *serve, struct vg_err *err)
{
    struct lookout *lookout = serve->lookout = calloc(1, sizeof *lookout);
    if (!lookout || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_memory(err);
    pthread_mutex_init(&lookout->lock, NULL);
    pthread_cond_init(&lookout->wake, NULL);
    enum vg_code code = store_open(serve->options->workspace, &lookout->store, err);
    if (code == VG_OK)
        code = store_set_who(lookout->store, "playbook", err);
    if (code == VG_OK && pthread_create(&lookout->thread, NULL, run, serve) != 0)
        return err_memory(err);
    lookout->started = code == VG_OK;
    return code;
}

void lookout_close(struct serve *serve)
{
    struct lookout *lookout = serve->lookout;
    if (!lookout)
        return;
    pthread_mutex_lock(&lookout->lock);
    atomic_store(&lookout->closing, true);
    pthread_cond_signal(&lookout->wake);
    pthread_mutex_unlock(&lookout->lock);
    if (lookout->started)
        pthread_join(lookout->thread, NULL);
    store_close(lookout->store);
    pthread_cond_destroy(&lookout->wake);
    pthread_mutex_destroy(&lookout->lock);
    free(lookout);
    serve->lookout = NULL;
    curl_global_cleanup();
}
