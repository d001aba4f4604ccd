#include "text/source_guard.h"

#include "base/limits.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PLACES = LIMIT_FILES * 4 };

static struct {
    atomic_uintptr_t begin, end; /* end 0: free */
    atomic_bool cut;
} places[PLACES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before; /* what handled SIGBUS before us */
static size_t guarded; /* places in use; the signal is caught while there are any */
static uintptr_t page_bytes;

/* Hand the signal on; with nobody to hand it to, reading the same place again ends the
 * program as it would have without us. */
static void hand_on(int number, siginfo_t *info, void *context)
{
    if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(number);
    else {
        sigaction(SIGBUS, &before, NULL);
        if (info->si_code <= 0) /* sent by somebody, so it does not come again */
            raise(number);
    }
}

static void on_bus_error(int number, siginfo_t *info, void *context)
{
    int saved = errno;
    uintptr_t at = (uintptr_t)info->si_addr;
    for (size_t i = 0; i < PLACES && info->si_code > 0; i++) {
        uintptr_t end = atomic_load(&places[i].end);
        if (at >= end || at < atomic_load(&places[i].begin))
            continue;
        uintptr_t page = at & ~(page_bytes - 1);
        atomic_store(&places[i].cut, true);
        /* All that follows is gone, too. (mmap is a plain system call here.) */
        void *zeros = mmap((void *)page, end - page, PROT_READ,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        if (zeros == MAP_FAILED)
            break;
        errno = saved;
        return;
    }
    hand_on(number, info, context);
    errno = saved;
}

static bool catch_signal(void)
{
    struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO};
    long page = sysconf(_SC_PAGESIZE);
    page_bytes = page > 0 ? (uintptr_t)page : 4096;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGBUS, &action, &before) == 0;
}

size_t guard_add(void *mapped, size_t len)
{
    size_t place = SIZE_MAX;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < PLACES && place == SIZE_MAX; i++)
        if (atomic_load(&places[i].end) == 0)
            place = i;
    if (place != SIZE_MAX && guarded == 0 && !catch_signal())
        place = SIZE_MAX;
    if (place != SIZE_MAX) {
        guarded++;
        atomic_store(&places[place].cut, false);
        atomic_store(&places[place].begin, (uintptr_t)mapped);
        atomic_store(&places[place].end, (uintptr_t)mapped + len);
    }
    pthread_mutex_unlock(&lock);
    return place;
}

bool guard_was_cut(size_t place)
{
    return place != SIZE_MAX && atomic_load(&places[place].cut);
}

void guard_remove(size_t place)
{
    if (place == SIZE_MAX)
        return;
    pthread_mutex_lock(&lock);
    atomic_store(&places[place].end, 0);
    guarded--;
    if (guarded == 0)
        sigaction(SIGBUS, &before, NULL);
    pthread_mutex_unlock(&lock);
}
