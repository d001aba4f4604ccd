/* jobs: what takes longer than a request. One thread does them one after the other, with
 * a store of its own; GET /jobs/{id} tells how far they are. */
#ifndef SERVE_JOBS_H
#define SERVE_JOBS_H

#include "serve/call.h"

struct job; /* one of them */

struct job_work {
    const char *kind; /* "import", "backup" … */
    /* In the job thread. *ret_result (may stay NULL) is what GET /jobs/{id} shows. Pass
     * job_progress down. The thread's language is that of who asked. */
    enum vg_code (*run)(struct job *job, struct store *store, void *ctx,
                        json_t **ret_result, struct vg_err *err);
    void (*drop)(void *ctx); /* always called once, whatever happened; may be NULL */
    void *ctx;
};
/* Answer 202 {job: id} and do it later. Takes ctx, also on failure. */
MUST_CHECK enum vg_code call_job(struct call *call, const struct job_work *work,
                                 struct vg_err *err);
struct progress *job_progress(struct job *job);
struct serve *job_serve(struct job *job);
struct arena *job_arena(struct job *job); /* until the job is over */
const char *job_id(const struct job *job);
const char *job_folder(const struct job *job); /* as call_folder */
/* A file that GET /jobs/{id}/rejects gives out; the job unlinks it in the end. */
void job_rejects(struct job *job, const char *path);

#endif
