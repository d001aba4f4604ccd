/* api_paths: what the handlers of success paths share. */
#ifndef SERVE_API_PATHS_H
#define SERVE_API_PATHS_H

#include "app/paths.h"
#include "serve/handlers.h"
#include "store/maps.h"

/* Tell those who watch, and look for alerts. evidence: events came or went, too. */
void paths_changed(struct call *call, const char *map, const char *enrolment,
                   bool evidence);
/* The client of an enrolment; SIZE_MAX. */
size_t path_enrolment_find(const struct path *path, const char *enrolment);
/* A client's sheet as the answer. */
MUST_CHECK enum vg_code answer_sheet(struct call *call, const char *map,
                                     const char *enrolment, struct vg_err *err);
/* A proof as a file: the whole upload, in the call's arena, with what the address says of
 * it. VG_ERR_LIMIT beyond a proof's file. */
MUST_CHECK enum vg_code proof_wish(struct call *call, struct progress_wish *ret,
                                   struct vg_err *err);
/* Write a wish down for an enrolment, and answer. */
MUST_CHECK enum vg_code keep_progress(struct call *call, const char *enrolment,
                                      const struct progress_wish *wish,
                                      struct vg_err *err);
/* NULL: memory. */
json_t *client_link_json(struct call *call, const struct client_link *link) MUST_CHECK;
/* Open alerts; enrolment NULL: all of `path`'s map. */
MUST_CHECK enum vg_code list_alerts(struct call *call, const struct path *path,
                                    const char *enrolment, json_t **ret,
                                    struct vg_err *err);
MUST_CHECK enum vg_code list_tasks(struct call *call, const char *state,
                                   const char *enrolment, json_t **ret,
                                   struct vg_err *err);

#endif
