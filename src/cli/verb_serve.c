/* viaggio serve: the data file in the browser. */
#include "app/file.h"
#include "base/date.h"
#include "cli/run.h"
#include "serve/serve.h"

#include <signal.h>
#include <unistd.h>

static struct progress *serving;

/* A server ends what is under way before it ends itself, whoever asks; asked again, it
 * does not wait. */
static void end_serving(int signal_number)
{
    if (serving && !atomic_load(&serving->stop)) {
        atomic_store(&serving->stop, true);
        return;
    }
    file_sweep();
    _exit(128 + signal_number);
}

static void catch_signals(struct progress *progress)
{
    struct sigaction action = {.sa_handler = end_serving};
    serving = progress;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static enum vg_code print_description(struct run *run, struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code;
    if (run->request.print[0] == 't') {
        code = serve_types(&text, err);
    } else {
        json_t *json = serve_openapi();
        code = json ? json_write(json, &text, err) : err_memory(err);
        json_decref(json);
    }
    if (code == VG_OK)
        code = file_write(run->request.out, buf_str(&text), err);
    buf_free(&text);
    return code;
}

enum vg_code verb_serve(struct run *run, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct serve_options options = {
        .workspace = request->workspace,
        .listen = request->listen,
        .proxies = request->proxies.items,
        .proxy_count = request->proxies.count,
        .webhook_nets = request->webhook_nets.items,
        .webhook_net_count = request->webhook_nets.count,
        .allow_webhooks = request->allow_webhooks,
        .solo = request->solo,
        .open = request->open,
        .quiet = request->quiet,
        .progress = &run->progress,
    };
    if (request->print)
        return print_description(run, err);
    if (!options.workspace) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("say which data file"));
        return err_hint(err, "%s", _("-w FILE.viaggio; viaggio init makes one"));
    }
    int64_t today_us = 0;
    enum vg_code code = request_today(request, &today_us, err);
    if (code != VG_OK)
        return code;
    if (today_us)
        date_run_today(today_us);
    catch_signals(&run->progress);
    code = serve_run(&options, err);
    serving = NULL;
    return code;
}
