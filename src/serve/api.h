/* api: the handlers that stand in another file than their rows. */
#ifndef SERVE_API_H
#define SERVE_API_H

#include "serve/call.h"

enum vg_code api_job_get(struct call *call, struct vg_err *err);
enum vg_code api_job_cancel(struct call *call, struct vg_err *err);
enum vg_code api_job_rejects(struct call *call, struct vg_err *err);

#endif
