/* Workers: requests wait in lanes, so that slow questions and the hashing of passwords
 * never take the last worker from the quick ones. Declared in serve/inside.h. */
#include "serve/inside.h"

#include "base/lang.h"
#include "base/parallel.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_WORKERS = 16 };

struct lane_state {
    struct exchange *first, *last;
    size_t waiting, running, most;
};
struct workers {
    struct serve *serve;
    pthread_mutex_t lock;
    pthread_cond_t has_work, has_ended;
    struct lane_state lanes[LANES];
    pthread_t threads[MOST_WORKERS];
    struct store *stores[MOST_WORKERS];
    size_t count, started;
    bool closing;
};

void work_add(struct serve *serve, struct exchange *exchange, enum lane lane)
{
    struct workers *workers = serve->workers;
    pthread_mutex_lock(&workers->lock);
    struct lane_state *state = &workers->lanes[lane];
    exchange->next = NULL;
    if (state->last)
        state->last->next = exchange;
    else
        state->first = exchange;
    state->last = exchange;
    state->waiting++;
    pthread_cond_signal(&workers->has_work);
    pthread_mutex_unlock(&workers->lock);
}

bool work_has_room(struct serve *serve, enum lane lane)
{
    struct workers *workers = serve->workers;
    pthread_mutex_lock(&workers->lock);
    bool room =
        lane != LANE_HASH || workers->lanes[LANE_HASH].waiting < SERVE_HASHES_WAITING;
    pthread_mutex_unlock(&workers->lock);
    return room;
}

/* The next one whose lane is not full, locked; NULL: nothing to do. */
static struct exchange *take(struct workers *workers)
{
    for (unsigned i = 0; i < LANES; i++) {
        struct lane_state *state = &workers->lanes[i];
        struct exchange *exchange = state->first;
        if (!exchange || state->running >= state->most)
            continue;
        state->first = exchange->next;
        if (!state->first)
            state->last = NULL;
        state->waiting--;
        state->running++;
        return exchange;
    }
    return NULL;
}

static void *work(void *ctx)
{
    struct workers *workers = ctx;
    pthread_mutex_lock(&workers->lock);
    struct store *store = workers->stores[workers->started++];
    for (;;) {
        struct exchange *exchange = take(workers);
        if (!exchange && workers->closing)
            break;
        if (!exchange) {
            pthread_cond_wait(&workers->has_work, &workers->lock);
            continue;
        }
        enum lane lane = exchange->lane;
        pthread_mutex_unlock(&workers->lock);
        dispatch(exchange, store);
        MHD_resume_connection(exchange->connection); /* from here on it is not ours */
        pthread_mutex_lock(&workers->lock);
        workers->lanes[lane].running--;
        pthread_cond_signal(&workers->has_work); /* its lane has room */
        pthread_cond_broadcast(&workers->has_ended);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

static size_t how_many(const struct serve *serve)
{
    size_t wanted = serve->options->workers ? serve->options->workers
                                            : (size_t)parallel_workers() + 2;
    return wanted < 2 ? 2 : wanted > MOST_WORKERS ? MOST_WORKERS : wanted;
}

enum vg_code work_open(struct serve *serve, struct vg_err *err)
{
    struct workers *workers = serve->workers = calloc(1, sizeof *workers);
    size_t wanted = how_many(serve);
    enum vg_code code = VG_OK;
    if (!workers)
        return err_memory(err);
    workers->serve = serve;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->has_work, NULL);
    pthread_cond_init(&workers->has_ended, NULL);
    workers->lanes[LANE_QUICK].most = wanted;
    workers->lanes[LANE_SLOW].most = wanted > 2 ? wanted - 2 : 1;
    workers->lanes[LANE_HASH].most =
        wanted - 1 < SERVE_HASHES ? wanted - 1 : SERVE_HASHES;
    for (size_t i = 0; code == VG_OK && i < wanted; i++)
        code = store_open(serve->options->workspace, &workers->stores[i], err);
    for (size_t i = 0; code == VG_OK && i < wanted; i++) {
        if (pthread_create(&workers->threads[i], NULL, work, workers) != 0)
            code = err_memory(err);
        else
            workers->count++;
    }
    return code;
}

static size_t under_way(const struct workers *workers)
{
    size_t count = 0;
    for (unsigned i = 0; i < LANES; i++)
        count += workers->lanes[i].running + workers->lanes[i].waiting;
    return count;
}

bool work_drain(struct serve *serve, int seconds)
{
    struct workers *workers = serve->workers;
    struct timespec until;
    int status = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&workers->lock);
    while (status != ETIMEDOUT && under_way(workers))
        status = pthread_cond_timedwait(&workers->has_ended, &workers->lock, &until);
    bool done = under_way(workers) == 0;
    pthread_mutex_unlock(&workers->lock);
    return done;
}

void work_close(struct serve *serve)
{
    struct workers *workers = serve->workers;
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->closing = true;
    pthread_cond_broadcast(&workers->has_work);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i], NULL);
    for (size_t i = 0; i < MOST_WORKERS; i++)
        store_close(workers->stores[i]);
    pthread_mutex_destroy(&workers->lock);
    pthread_cond_destroy(&workers->has_work);
    pthread_cond_destroy(&workers->has_ended);
    free(workers);
    serve->workers = NULL;
}

void work_count(struct serve *serve, size_t ret_waiting[LANES], size_t *ret_running)
{
    struct workers *workers = serve->workers;
    *ret_running = 0;
    pthread_mutex_lock(&workers->lock);
    for (unsigned i = 0; i < LANES; i++) {
        ret_waiting[i] = workers->lanes[i].waiting;
        *ret_running += workers->lanes[i].running;
    }
    pthread_mutex_unlock(&workers->lock);
}
