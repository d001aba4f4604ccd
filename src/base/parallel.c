#include "base/parallel.h"

#include "base/lang.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { WORKERS_MAX = 64 };

struct loop {
    size_t count;
    void (*turn)(void *ctx, size_t i, unsigned worker);
    void *ctx;
    enum lang lang;
    atomic_size_t next;
};

struct worker {
    struct loop *loop;
    unsigned number;
    pthread_t thread;
};

static atomic_uint wanted;

unsigned parallel_workers(void)
{
    unsigned workers = atomic_load(&wanted);
    if (workers == 0) {
        cpu_set_t cores;
        int n = sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
        workers = n > 0 ? (unsigned)n : 1;
    }
    return workers < WORKERS_MAX ? workers : WORKERS_MAX;
}

void parallel_set_workers(unsigned workers)
{
    atomic_store(&wanted, workers);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct loop *loop = worker->loop;
    lang_set(loop->lang);
    for (;;) {
        size_t i = atomic_fetch_add(&loop->next, 1);
        if (i >= loop->count)
            return NULL;
        loop->turn(loop->ctx, i, worker->number);
    }
}

void parallel_for(size_t count, void (*turn)(void *ctx, size_t i, unsigned worker),
                  void *ctx)
{
    struct loop loop = {.count = count, .turn = turn, .ctx = ctx, .lang = lang_get()};
    struct worker workers[WORKERS_MAX];
    unsigned wanted_now = parallel_workers();
    unsigned started = 1; /* worker 0 is the calling thread */
    if (wanted_now > count)
        wanted_now = count ? (unsigned)count : 1;
    for (unsigned i = 1; i < wanted_now; i++) {
        workers[i] = (struct worker){.loop = &loop, .number = i};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            break;
        started++;
    }
    workers[0] = (struct worker){.loop = &loop, .number = 0};
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}
