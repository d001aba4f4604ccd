/* From start to end: what is opened in which order, and how it all stops again. Declared
 * in serve/serve.h. */
#include "serve/inside.h"

#include "app/cache.h"
#include "base/date.h"
#include "base/lang.h"
#include "mine/scratch.h"
#include "serve/live.h"
#include "serve/lookout.h"
#include "serve/start.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTION_BYTES = 64 * 1024,
    CACHE_BYTES = 512 * 1024 * 1024,
    CACHE_IDLE_S = 600
};

/* Paths stay as they came: dispatch decodes them, once. */
static size_t leave_escaped(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx, (void)connection;
    return strlen(text);
}

static void ignore(void *ctx, const char *format, va_list args)
{
    (void)ctx, (void)format, (void)args;
}

static enum vg_code open_daemon(struct serve *serve, int fd, struct vg_err *err)
{
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)ignore, NULL},
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, SERVE_CONNECTIONS, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, SERVE_IDLE_S, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)exchange_begin, serve},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)exchange_end, serve},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)wire_notify, serve},
        {MHD_OPTION_END, 0, NULL},
    };
    serve->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD |
                                         MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
                                     0, wire_admit, serve, exchange_go_on, serve,
                                     MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (serve->daemon)
        return VG_OK;
    close(fd);
    return err_set(err, VG_ERR_IO, serve->name, "%s", _("the server cannot be started"));
}

/* Stores, threads, the socket: everything that answers. */
static enum vg_code open_all(struct serve *serve, struct vg_err *err)
{
    int fd = -1;
    enum vg_code code = start_folder(serve, err);
    if (code == VG_OK)
        code = address_listen(serve->options->listen, &fd, &serve->loopback, serve->name,
                              err);
    if (code == VG_OK && serve->options->solo && !serve->loopback) {
        code =
            err_set(err, VG_ERR_USAGE, NULL,
                    _("--solo asks for no login: it cannot listen on %s"), serve->name);
        err_hint(err, "%s", _("leave --solo out, or listen on 127.0.0.1"));
    }
    if (code == VG_OK && !(serve->cache = cache_open(CACHE_BYTES)))
        code = err_memory(err);
    if (code == VG_OK)
        code = live_open(serve, err);
    if (code == VG_OK)
        code = jobs_open(serve, err);
    if (code == VG_OK)
        code = lookout_open(serve, err);
    if (code == VG_OK)
        code = work_open(serve, err);
    if (code == VG_OK)
        code = wire_open(serve, err);
    if (code == VG_OK)
        return open_daemon(serve, fd, err);
    if (fd >= 0)
        close(fd);
    return code;
}

static void sleep_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* Nothing new comes in; what is under way ends, within SERVE_STOP_S. */
static void close_all(struct serve *serve)
{
    atomic_store(&serve->stopping, true);
    if (serve->daemon) {
        MHD_socket fd = MHD_quiesce_daemon(serve->daemon);
        if (fd != MHD_INVALID_SOCKET)
            close(fd);
    }
    if (serve->jobs)
        jobs_stop(serve);
    if (serve->live)
        live_end(serve, NULL);
    if (serve->workers && !work_drain(serve, SERVE_STOP_S)) {
        atomic_store(&serve->hurry, true);
        work_drain(serve, SERVE_STOP_S);
    }
    for (int i = 0; i < 100 && wire_is_busy(); i++) /* answers on their way out */
        sleep_ms(50);
    if (serve->daemon)
        MHD_stop_daemon(serve->daemon);
    wire_close(serve);
    work_close(serve);
    lookout_close(serve);
    jobs_close(serve);
    live_close(serve);
    cache_close(serve->cache);
    start_close_folder(serve);
}

static void wait_for_end(struct serve *serve)
{
    const struct progress *progress = serve->options->progress;
    int64_t idle_us = date_now_us(), swept_us = 0;
    while (!atomic_load(&progress->stop)) {
        sleep_ms(200); /* a signal ends the sleep at once */
        int64_t now = date_now_us();
        if (now - idle_us > 60 * US_PER_S) {
            cache_idle(serve->cache, now - CACHE_IDLE_S * US_PER_S);
            scratch_trim(); /* what big questions left, for the next */
            idle_us = now;
        }
        if (now - swept_us > 3600 * US_PER_S || now < swept_us) {
            start_sweep(serve);
            swept_us = now;
        }
    }
}

enum vg_code serve_run(const struct serve_options *options, struct vg_err *err)
{
    struct serve serve = {
        .options = options, .folder_lock = -1, .started_us = date_now_us()};
    enum vg_code code = VG_OK;
    if (sodium_init() < 0)
        return err_memory(err);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN); /* of the browser, once */
    start_private();
    randombytes_buf(serve.key, sizeof serve.key);
    for (size_t i = 0; code == VG_OK && i < options->proxy_count; i++)
        code = address_check_net("--trust-proxy", options->proxies[i], err);
    for (size_t i = 0; code == VG_OK && i < options->webhook_net_count; i++)
        code = address_check_net("--webhook-net", options->webhook_nets[i], err);
    if (code == VG_OK)
        code = open_all(&serve, err);
    if (code == VG_OK)
        code = start_say(&serve, err);
    if (code == VG_OK)
        wait_for_end(&serve);
    bool was_up = code == VG_OK;
    close_all(&serve);
    if (was_up)
        log_line(&serve, "info", "end", NULL);
    sodium_memzero(serve.key, sizeof serve.key);
    return code;
}
