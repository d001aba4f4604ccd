/* What takes longer than a request. Declared in serve/jobs.h. */
#include "serve/jobs.h"

#include "serve/api.h"
#include "serve/inside.h"
#include "serve/live.h"

#include "base/date.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_KEPT = 200, MOST_WAITING = 50 };

enum state { WAITING, RUNNING, DONE, FAILED, CANCELLED };
static const char *const states[] = {"waiting", "running", "done", "failed", "cancelled"};

struct job {
    struct job *next; /* from the oldest on */
    struct serve *serve;
    struct job_work work;
    char id[STORE_ID_BYTES], who[64], step[200];
    enum lang lang;
    enum state state;
    double fraction;
    struct progress progress;
    struct arena *arena; /* while it runs */
    char *rejects;
    json_t *result;
    struct vg_err problem;
    int64_t told_us;
};
struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct job *first;
    size_t count;
    pthread_t thread;
    bool started, closing;
    struct store *store;
};

struct progress *job_progress(struct job *job)
{
    return &job->progress;
}
struct serve *job_serve(struct job *job)
{
    return job->serve;
}
struct arena *job_arena(struct job *job)
{
    return job->arena;
}
const char *job_id(const struct job *job)
{
    return job->id;
}
const char *job_folder(const struct job *job)
{
    return job->serve->folder;
}

void job_rejects(struct job *job, const char *path)
{
    char *copy = strdup(path);
    pthread_mutex_lock(&job->serve->jobs->lock);
    free(job->rejects);
    job->rejects = copy;
    pthread_mutex_unlock(&job->serve->jobs->lock);
}

/* ---- telling ---- */

static json_t *to_json(const struct job *job)
{
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:f, s:s, s:b}", "id", job->id, "kind", job->work.kind,
                  "state", states[job->state], "fraction", job->fraction, "step",
                  job->step, "rejects", job->rejects != NULL);
    if (json && job->result)
        json_object_set(json, "result", job->result);
    if (json && job->state == FAILED) {
        const struct vg_err *err = &job->problem;
        json_object_set_new(json, "problem",
                            json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "type",
                                      "about:blank", "detail", err->what, "where",
                                      err->where, "hint", err->hint, "code",
                                      err_row(err->code)->name, "status",
                                      err_row(err->code)->http_status));
    }
    return json;
}

static void tell(struct job *job)
{
    pthread_mutex_lock(&job->serve->jobs->lock);
    json_t *json = json_pack("{s:s, s:s, s:s, s:f, s:s}", "id", job->id, "kind",
                             job->work.kind, "state", states[job->state], "fraction",
                             job->fraction, "step", job->step);
    pthread_mutex_unlock(&job->serve->jobs->lock);
    live_publish(job->serve, NULL, "import", 0, json);
}

static void show(struct progress *progress, const char *what, double done)
{
    struct job *job = progress->ctx;
    int64_t now = date_now_us();
    pthread_mutex_lock(&job->serve->jobs->lock);
    snprintf(job->step, sizeof job->step, "%s", what ? what : "");
    job->fraction = done < 0 ? 0 : done > 1 ? 1 : done;
    bool due = now - job->told_us > US_PER_S / 2;
    if (due)
        job->told_us = now;
    pthread_mutex_unlock(&job->serve->jobs->lock);
    if (due)
        tell(job);
}

/* ---- doing ---- */

static void free_job(struct job *job)
{
    if (job->work.drop)
        job->work.drop(job->work.ctx);
    if (job->rejects)
        unlink(job->rejects);
    free(job->rejects);
    json_decref(job->result);
    free(job);
}

static void drop_ctx(struct job *job)
{
    if (job->work.drop)
        job->work.drop(job->work.ctx);
    job->work.drop = NULL;
}

static void run_job(struct jobs *jobs, struct job *job)
{
    struct vg_err err = {0};
    json_t *result = NULL;
    lang_set(job->lang);
    job->arena = arena_open(0);
    enum vg_code code =
        job->arena ? store_set_who(jobs->store, job->who, &err) : err_memory(&err);
    if (code == VG_OK)
        code = job->work.run(job, jobs->store, job->work.ctx, &result, &err);
    drop_ctx(job);
    pthread_mutex_lock(&jobs->lock);
    job->state = code == VG_OK ? DONE : code == VG_ERR_CANCELLED ? CANCELLED : FAILED;
    job->fraction = code == VG_OK ? 1 : job->fraction;
    job->problem = err;
    job->result = result;
    job->step[0] = 0;
    pthread_mutex_unlock(&jobs->lock);
    arena_close(job->arena);
    job->arena = NULL;
    log_line(job->serve, code == VG_OK ? "info" : "warning", "job", "kind",
             json_string(job->work.kind), "state", json_string(states[job->state]), "who",
             json_string(job->who), NULL);
    tell(job);
}

static struct job *next_job(struct jobs *jobs)
{
    for (struct job *job = jobs->first; job; job = job->next)
        if (job->state == WAITING)
            return job;
    return NULL;
}

static void *work(void *ctx)
{
    struct jobs *jobs = ctx;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->closing) {
        struct job *job = next_job(jobs);
        if (!job) {
            pthread_cond_wait(&jobs->has_work, &jobs->lock);
            continue;
        }
        job->state = RUNNING;
        pthread_mutex_unlock(&jobs->lock);
        tell(job);
        run_job(jobs, job);
        pthread_mutex_lock(&jobs->lock);
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

/* Forget the oldest that are over. */
static void trim(struct jobs *jobs)
{
    for (struct job **at = &jobs->first; *at && jobs->count > MOST_KEPT;) {
        struct job *job = *at;
        if (job->state < DONE) {
            at = &job->next;
            continue;
        }
        *at = job->next;
        jobs->count--;
        free_job(job);
    }
}

static bool add_job(struct jobs *jobs, struct job *job)
{
    size_t waiting = 0;
    pthread_mutex_lock(&jobs->lock);
    struct job **at = &jobs->first;
    for (; *at; at = &(*at)->next)
        waiting += (*at)->state == WAITING;
    bool room = waiting < MOST_WAITING && !jobs->closing;
    if (room) {
        *at = job;
        jobs->count++;
        trim(jobs);
        pthread_cond_signal(&jobs->has_work);
    }
    pthread_mutex_unlock(&jobs->lock);
    return room;
}

enum vg_code call_job(struct call *call, const struct job_work *work, struct vg_err *err)
{
    struct job *job = calloc(1, sizeof *job);
    const char *id = call_new_id(call);
    if (!job || !id) {
        free(job);
        if (work->drop)
            work->drop(work->ctx);
        return err_memory(err);
    }
    job->serve = call->serve;
    job->work = *work;
    job->lang = call->lang;
    job->progress.show = show;
    job->progress.ctx = job;
    snprintf(job->id, sizeof job->id, "%s", id);
    snprintf(job->who, sizeof job->who, "%s", call->who.id);
    if (!add_job(call->serve->jobs, job)) {
        free_job(job);
        return call_fail(call, 503, VG_ERR_CANCELLED, err, "%s",
                         _("too much is waiting to be done: try again soon"));
    }
    call_status(call, 202);
    return call_json(call, json_pack("{s:s}", "job", id), err);
}

/* ---- asking: GET, DELETE /jobs/{id}, GET /jobs/{id}/rejects ---- */

/* Locked; a job is shown to who began it, and to editors. */
static struct job *find(struct call *call)
{
    const char *id = call_param(call, "id");
    for (struct job *job = call->serve->jobs->first; job; job = job->next)
        if (strcmp(job->id, id) == 0)
            return call->who.rank >= RANK_EDITOR || strcmp(job->who, call->who.id) == 0
                       ? job
                       : NULL;
    return NULL;
}

static enum vg_code none(struct vg_err *err)
{
    return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s", _("there is no such job"));
}

enum vg_code api_job_get(struct call *call, struct vg_err *err)
{
    pthread_mutex_lock(&call->serve->jobs->lock);
    struct job *job = find(call);
    json_t *json = job ? to_json(job) : NULL;
    pthread_mutex_unlock(&call->serve->jobs->lock);
    return job ? call_json(call, json, err) : none(err);
}

enum vg_code api_job_cancel(struct call *call, struct vg_err *err)
{
    pthread_mutex_lock(&call->serve->jobs->lock);
    struct job *job = find(call);
    if (job)
        atomic_store(&job->progress.stop, true);
    if (job && job->state == WAITING)
        job->state = CANCELLED;
    pthread_mutex_unlock(&call->serve->jobs->lock);
    return job ? call_nothing(call) : none(err);
}

enum vg_code api_job_rejects(struct call *call, struct vg_err *err)
{
    pthread_mutex_lock(&call->serve->jobs->lock);
    const struct job *job = find(call);
    int handle =
        job && job->rejects ? open(job->rejects, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    pthread_mutex_unlock(&call->serve->jobs->lock);
    if (handle < 0)
        return none(err);
    call_download(call, "rejects.csv");
    return call_file(call, "text/csv; charset=utf-8", handle, err);
}

/* ---- the thread ---- */

size_t jobs_waiting(struct serve *serve)
{
    size_t count = 0;
    pthread_mutex_lock(&serve->jobs->lock);
    for (const struct job *job = serve->jobs->first; job; job = job->next)
        count += job->state < DONE;
    pthread_mutex_unlock(&serve->jobs->lock);
    return count;
}

enum vg_code jobs_open(struct serve *serve, struct vg_err *err)
{
    struct jobs *jobs = serve->jobs = calloc(1, sizeof *jobs);
    if (!jobs)
        return err_memory(err);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->has_work, NULL);
    enum vg_code code = store_open(serve->options->workspace, &jobs->store, err);
    if (code == VG_OK && pthread_create(&jobs->thread, NULL, work, jobs) != 0)
        return err_memory(err);
    jobs->started = code == VG_OK;
    return code;
}

void jobs_stop(struct serve *serve)
{
    struct jobs *jobs = serve->jobs;
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->closing = true;
    for (struct job *job = jobs->first; job; job = job->next)
        atomic_store(&job->progress.stop, true);
    pthread_cond_signal(&jobs->has_work);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->started)
        pthread_join(jobs->thread, NULL);
    jobs->started = false;
}

void jobs_close(struct serve *serve)
{
    struct jobs *jobs = serve->jobs;
    if (!jobs)
        return;
    jobs_stop(serve);
    while (jobs->first) {
        struct job *job = jobs->first;
        jobs->first = job->next;
        free_job(job);
    }
    store_close(jobs->store);
    pthread_mutex_destroy(&jobs->lock);
    pthread_cond_destroy(&jobs->has_work);
    free(jobs);
    serve->jobs = NULL;
}
