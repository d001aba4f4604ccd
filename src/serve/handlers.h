/* handlers: the handlers of the application's routes (api_*.c), one line each, and what
 * they share. The rows that name them are in routes_*.c. */
#ifndef SERVE_HANDLERS_H
#define SERVE_HANDLERS_H

#include "app/cache.h"
#include "serve/call.h"

/* ---- shared (api.c) ---- */

/* What the query says about evidence. */
MUST_CHECK enum vg_code api_question(struct call *call, struct question *ret,
                                     struct vg_err *err);
/* The evidence, or the study of map `id`, that the query asks about: held_release. */
MUST_CHECK enum vg_code api_evidence(struct call *call, bool all, struct held **ret,
                                     struct vg_err *err);
MUST_CHECK enum vg_code api_study(struct call *call, const char *id, struct held **ret,
                                  struct vg_err *err);
/* The study with what its map's actions achieved (app/improve.h), as long as `held` and
 * the call live. */
struct study;
MUST_CHECK enum vg_code api_study_results(struct call *call, const char *id, bool kpis,
                                          struct held **ret_held, struct study *ret,
                                          struct vg_err *err);
/* And what mending its steps would be worth; release *ret_held when it is drawn. */
MUST_CHECK enum vg_code api_worth(struct call *call, const char *id, struct study *study,
                                  struct held **ret_held, struct vg_err *err);
struct drill_traces;
/* {items, next, total} of the query's q, limit, after; `held` is let go. among NULL: all.
 */
MUST_CHECK enum vg_code api_customers_answer(struct call *call, struct held *held,
                                             const struct drill_traces *among,
                                             struct vg_err *err);
/* What a person is called by now, "" for nobody's id; lives as long as the call. */
const char *api_name(struct call *call, const char *person);
/* Somebody who may write changed the evidence: told to all who watch. */
void api_evidence_changed(struct serve *serve);

struct shape;
extern const struct shape shape_card, shape_action;      /* routes_maps.c */
extern const struct shape shape_source, shape_customers; /* routes_evidence.c */

typedef enum vg_code api_handler(struct call *call, struct vg_err *err);

/* ---- lists of the workspace (api_lists.c) ---- */
api_handler api_list, api_list_get, api_list_add, api_list_put, api_list_delete;
api_handler api_setting_get, api_setting_put, api_templates;

/* ---- maps (api_maps.c, api_history.c, api_comments.c) ---- */
api_handler api_maps, api_map_add, api_map_get, api_map_delete, api_map_undelete;
api_handler api_map_operations, api_map_edit, api_map_checks;
api_handler api_map_versions, api_map_label, api_map_restore, api_map_diff;
api_handler api_comments, api_comment_add, api_comment_change, api_comment_delete;
api_handler api_actions, api_actions_csv, api_actions_ics, api_orphan_pains;

/* ---- evidence (api_evidence.c, api_customers.c) ---- */
api_handler api_upload_add, api_upload_delete, api_upload_explain;
api_handler api_imports, api_import_add, api_import_delete, api_import_rejects;
api_handler api_sources, api_summary;
api_handler api_customers, api_customer, api_customer_export, api_customer_erase;
api_handler api_events, api_aliases, api_alias_add, api_alias_delete;

/* ---- insight (api_insight.c) ---- */
api_handler api_map_study, api_flow, api_variants, api_funnel, api_survival, api_emotions;
api_handler api_map_quotes, api_funnel_customers, api_survival_customers;
api_handler api_map_customers, api_insight_customers, api_map_suggestions;

/* ---- results (api_improve.c) ---- */
api_handler api_map_kpis, api_map_effects, api_map_enough, api_effect, api_map_whatif,
    api_map_plan;

/* ---- pictures and files for others (api_pictures.c, api_shares.c) ---- */
api_handler api_picture, api_map_export, api_home;
api_handler api_shares, api_share_add, api_share_delete, api_share_open, api_share_enter;

/* ---- success paths (api_paths.c, api_progress.c, api_alerts.c, api_client.c) ---- */
api_handler api_paths, api_path, api_path_client, api_path_csv;
api_handler api_enrol_rules, api_enrol_rule_delete, api_enrol, api_enrolment,
    api_enrolment_change, api_enrolment_delete;
api_handler api_enrolment_sheet, api_progress_add, api_progress_delete;
api_handler api_proof_add, api_proof_get, api_client_link_add, api_client_link_delete;
api_handler api_alerts, api_alert_snooze, api_tasks, api_task_change;
api_handler api_webhooks, api_webhook_secret;
api_handler api_client, api_client_progress, api_client_progress_delete;
api_handler api_client_file, api_client_sheet;

/* ---- keeping (api_keep.c) ---- */
api_handler api_file_add, api_file_get;

#endif
