/* workspace: the use cases of a data file, the same for shell and server. */
#ifndef APP_WORKSPACE_H
#define APP_WORKSPACE_H

#include "app/evidence.h"
#include "map/map.h"
#include "store/evidence.h"
#include "store/maps.h"
#include "text/json.h"

/* Read one file and keep what is new of it; every column is kept. The report's one file
 * tells how it was understood. `several`: it is one of several, and a column named by
 * option may be missing in it. */
MUST_CHECK enum vg_code workspace_import(struct store *store, struct arena *arena,
                                         const char *file,
                                         const struct read_options *options, bool several,
                                         struct read_report *report,
                                         struct store_imported *ret, struct vg_err *err);

/* The evidence of a data file, as evidence_open would give it of loose files. */
MUST_CHECK enum vg_code workspace_evidence(const char *workspace,
                                           const struct read_options *read,
                                           struct evidence *ret, struct vg_err *err);

/* All evidence of an open data file; that there is none is no error. `ret` is zeroed, or
 * has its arena. */
MUST_CHECK enum vg_code workspace_load(struct store *store,
                                       const struct store_wants *wants,
                                       struct evidence *ret, struct vg_err *err);

/* Whether nothing was imported yet. */
MUST_CHECK enum vg_code workspace_is_empty(const char *workspace, bool *ret,
                                           struct vg_err *err);

/* A map by the name of a file, or, with a workspace, by id or title of one of its own. */
MUST_CHECK enum vg_code workspace_map(const char *workspace, const char *name,
                                      struct vg_map **ret, struct map_texts *ret_notes,
                                      struct vg_err *err);

/* All that is known of one customer (GDPR, articles 15 and 20): names, events, sources.
 * VG_ERR_NOT_FOUND. */
MUST_CHECK enum vg_code workspace_customer(struct store *store, struct arena *arena,
                                           const char *name, json_t **ret,
                                           struct vg_err *err);

#endif
