/* Streams of events. Declared in serve/live.h and serve/inside.h.
 *
 * A stream is a connection that sleeps in libmicrohttpd until there is something to say:
 * whoever publishes puts the text into each watcher's queue and wakes its connection.
 * Threads    one lock for all of it; the reader runs in libmicrohttpd's thread. */
#include "serve/live.h"

#include "serve/inside.h"

#include "base/date.h"

#include <stdlib.h>
#include <sys/socket.h>

enum { MOST_WATCHERS = 500, MOST_OF_PERSON = 50, MAP_BYTES = 128, PLACE_BYTES = 128 };
enum { SEND_BYTES = 32 * 1024, LONGEST_S = 900 };

struct frame {
    char *text; /* shared by all who are told */
    size_t len;
    unsigned users;
};
struct watcher {
    struct watcher *next;
    struct serve *serve;
    struct MHD_Connection *connection;
    char map[MAP_BYTES], person[64], name[200], place[PLACE_BYTES], field[PLACE_BYTES];
    bool asleep, ends, lost; /* lost: something did not fit in the queue */
    struct frame *queue[LIVE_QUEUE];
    size_t first, count, sent; /* of the first frame, so many bytes */
    int64_t began_us;
};
struct live {
    pthread_mutex_t lock;
    struct watcher *watchers;
    size_t count;
};

static void release(struct frame *frame)
{
    if (frame && --frame->users == 0) {
        free(frame->text);
        free(frame);
    }
}

/* Takes the text. */
static struct frame *make_frame(struct buf *text)
{
    struct frame *frame = text->failed ? NULL : calloc(1, sizeof *frame);
    if (frame) {
        frame->len = text->len;
        frame->text = buf_take(text);
        frame->users = 1;
    }
    buf_free(text);
    return frame;
}

static void wake(struct watcher *watcher)
{
    if (!watcher->asleep)
        return;
    watcher->asleep = false;
    MHD_resume_connection(watcher->connection);
}

/* With NULL, for want of memory: what was lost is told as such. */
static void tell(struct watcher *watcher, struct frame *frame)
{
    if (!frame || watcher->count == LIVE_QUEUE) {
        watcher->lost = true;
    } else {
        frame->users++;
        watcher->queue[(watcher->first + watcher->count++) % LIVE_QUEUE] = frame;
        watcher->serve->metrics.events_told++;
    }
    wake(watcher);
}

static struct frame *event_frame(const char *event, int64_t id, const json_t *data)
{
    struct buf text = {0};
    buf_printf(&text, "event: %s\n", event);
    if (id > 0)
        buf_printf(&text, "id: %lld\n", (long long)id);
    buf_text(&text, "data: "); /* compact JSON has no line ends */
    if (!data)
        buf_text(&text, "{}");
    else if (json_write_compact(data, &text, NULL) != VG_OK)
        text.failed = true;
    buf_text(&text, "\n\n");
    return make_frame(&text);
}

/* ---- publishing ---- */

static bool watches(const struct watcher *watcher, const char *map)
{
    return !map || strcmp(watcher->map, map) == 0;
}

void live_publish(struct serve *serve, const char *map, const char *event, int64_t id,
                  json_t *data)
{
    struct live *live = serve->live;
    struct frame *frame = event_frame(event, id, data);
    json_decref(data);
    pthread_mutex_lock(&live->lock);
    for (struct watcher *one = live->watchers; one; one = one->next)
        if (watches(one, map))
            tell(one, frame);
    release(frame);
    pthread_mutex_unlock(&live->lock);
}

static void end_watcher(struct watcher *watcher)
{
    struct frame *frame = event_frame("bye", 0, NULL);
    tell(watcher, frame);
    watcher->ends = true;
    release(frame);
    wake(watcher);
}

void live_end(struct serve *serve, const char *person)
{
    struct live *live = serve->live;
    pthread_mutex_lock(&live->lock);
    for (struct watcher *one = live->watchers; one; one = one->next)
        if (!person || strcmp(one->person, person) == 0)
            end_watcher(one);
    pthread_mutex_unlock(&live->lock);
}

void live_beat(struct serve *serve)
{
    struct live *live = serve->live;
    struct buf text = {0};
    int64_t now = date_now_us();
    buf_text(&text, ": still here\n\n");
    struct frame *frame = make_frame(&text);
    pthread_mutex_lock(&live->lock);
    for (struct watcher *one = live->watchers; one; one = one->next) {
        /* Now and then a browser has to ask again, and show that it still may. */
        one->ends = one->ends || now - one->began_us > LONGEST_S * US_PER_S;
        if (frame && !one->count)
            tell(one, frame);
    }
    release(frame);
    pthread_mutex_unlock(&live->lock);
}

/* ---- who is where ---- */

static json_t *people_of(const struct live *live, const char *map)
{
    json_t *list = json_array();
    for (const struct watcher *one = live->watchers; one; one = one->next) {
        bool twice = false;
        if (!one->person[0] || strcmp(one->map, map) != 0 || one->ends)
            continue;
        for (const struct watcher *other = live->watchers; other != one;
             other = other->next)
            twice = twice || (strcmp(other->person, one->person) == 0 &&
                              strcmp(other->map, map) == 0 && !other->ends);
        if (!twice && json_array_append_new(
                          list, json_pack("{s:s, s:s, s:s, s:s}", "id", one->person,
                                          "name", one->name, "where", one->place, "field",
                                          one->field)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *live_people(struct serve *serve, const char *map)
{
    pthread_mutex_lock(&serve->live->lock);
    json_t *list = people_of(serve->live, map);
    pthread_mutex_unlock(&serve->live->lock);
    return list;
}

static void publish_people(struct serve *serve, const char *map)
{
    if (!map[0])
        return;
    json_t *people = live_people(serve, map);
    if (people)
        live_publish(serve, map, "presence", 0,
                     json_pack("{s:s, s:o}", "map", map, "people", people));
}

void live_present(struct serve *serve, const char *map, const char *person,
                  const char *name, const char *place, const char *field)
{
    pthread_mutex_lock(&serve->live->lock);
    for (struct watcher *one = serve->live->watchers; one; one = one->next) {
        if (strcmp(one->person, person) != 0 || strcmp(one->map, map) != 0)
            continue;
        snprintf(one->name, sizeof one->name, "%s", name);
        snprintf(one->place, sizeof one->place, "%s", place ? place : "");
        snprintf(one->field, sizeof one->field, "%s", field ? field : "");
    }
    pthread_mutex_unlock(&serve->live->lock);
    publish_people(serve, map);
}

/* ---- one stream ---- */

/* Something was lost: whoever watches has to load anew. */
static void note_loss(struct watcher *watcher)
{
    if (!watcher->lost || watcher->count)
        return;
    struct frame *frame = event_frame("reload", 0, NULL);
    if (!frame)
        return;
    watcher->lost = false;
    watcher->queue[watcher->first % LIVE_QUEUE] = frame;
    watcher->count = 1;
}

static ssize_t read_stream(void *ctx, uint64_t at, char *out, size_t most)
{
    struct watcher *watcher = ctx;
    pthread_mutex_t *lock = &watcher->serve->live->lock;
    size_t put = 0;
    (void)at;
    pthread_mutex_lock(lock);
    note_loss(watcher);
    while (watcher->count && put < most) {
        struct frame *frame = watcher->queue[watcher->first];
        size_t part = frame->len - watcher->sent;
        if (part > most - put)
            part = most - put;
        memcpy(out + put, frame->text + watcher->sent, part);
        put += part;
        watcher->sent += part;
        if (watcher->sent < frame->len)
            break;
        release(frame);
        watcher->first = (watcher->first + 1) % LIVE_QUEUE;
        watcher->count--;
        watcher->sent = 0;
    }
    bool over = !put && watcher->ends;
    if (!put && !over) {
        watcher->asleep = true;
        MHD_suspend_connection(watcher->connection);
    }
    pthread_mutex_unlock(lock);
    return over ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)put;
}

static void free_stream(void *ctx)
{
    struct watcher *watcher = ctx;
    struct serve *serve = watcher->serve;
    pthread_mutex_lock(&serve->live->lock);
    for (struct watcher **at = &serve->live->watchers; *at; at = &(*at)->next) {
        if (*at == watcher) {
            *at = watcher->next;
            serve->live->count--;
            break;
        }
    }
    for (; watcher->count; watcher->count--, watcher->first++)
        release(watcher->queue[watcher->first % LIVE_QUEUE]);
    pthread_mutex_unlock(&serve->live->lock);
    publish_people(serve, watcher->map);
    free(watcher);
}

static struct watcher *make_watcher(struct exchange *exchange, const char *map)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);
    struct frame *frame = event_frame("hello", 0, NULL);
    if (!watcher || !frame) {
        free(watcher);
        release(frame);
        return NULL;
    }
    watcher->serve = exchange->serve;
    watcher->connection = exchange->connection;
    snprintf(watcher->map, sizeof watcher->map, "%s", map ? map : "");
    snprintf(watcher->person, sizeof watcher->person, "%s", exchange->call.who.id);
    snprintf(watcher->name, sizeof watcher->name, "%s", exchange->call.who.name);
    watcher->queue[0] = frame;
    watcher->count = 1;
    watcher->began_us = date_now_us();
    return watcher;
}

static bool has_room(const struct live *live, const char *person)
{
    size_t own = 0;
    for (const struct watcher *one = live->watchers; one; one = one->next)
        own += strcmp(one->person, person) == 0;
    return live->count < MOST_WATCHERS && own < MOST_OF_PERSON;
}

/* Who does not keep up shall not have the kernel keep megabytes for it. */
static void keep_small(const struct exchange *exchange)
{
    int bytes = SEND_BYTES;
    if (exchange->peer)
        setsockopt(exchange->peer->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

struct MHD_Response *live_response(struct exchange *exchange, const char *map)
{
    struct live *live = exchange->serve->live;
    struct watcher *watcher = make_watcher(exchange, map);
    struct MHD_Response *response = NULL;
    if (!watcher)
        return NULL;
    pthread_mutex_lock(&live->lock);
    if (has_room(live, watcher->person))
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream,
                                                     watcher, free_stream);
    if (response) {
        watcher->next = live->watchers;
        live->watchers = watcher;
        live->count++;
    }
    pthread_mutex_unlock(&live->lock);
    if (!response) {
        release(watcher->queue[0]);
        free(watcher);
        return NULL;
    }
    keep_small(exchange);
    publish_people(exchange->serve, watcher->map);
    return response;
}

size_t live_count(struct serve *serve)
{
    pthread_mutex_lock(&serve->live->lock);
    size_t count = serve->live->count;
    pthread_mutex_unlock(&serve->live->lock);
    return count;
}

enum vg_code live_open(struct serve *serve, struct vg_err *err)
{
    serve->live = calloc(1, sizeof *serve->live);
    if (!serve->live)
        return err_memory(err);
    pthread_mutex_init(&serve->live->lock, NULL);
    return VG_OK;
}

void live_close(struct serve *serve)
{
    if (!serve->live)
        return;
    pthread_mutex_destroy(&serve->live->lock);
    free(serve->live);
    serve->live = NULL;
}
