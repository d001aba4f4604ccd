/* run: one command under way: what was asked, where the answer goes, who may stop it. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "app/question.h"
#include "cli/request.h"
#include "cli/screen.h"
#include "text/json.h"

struct run {
    struct arena *arena; /* lives as long as the command */
    struct request request;
    struct screen screen;
    struct progress progress;
    struct evidence evidence; /* opened by run_evidence */
    struct evidence whole;    /* before run_about took a part; log NULL: it took none */
    struct pair *about;       /* [about_count] whom the map is about; 0: everybody */
    size_t about_count;
    bool says_no; /* end with status 1: it worked, and the answer is "no" */
};

/* Read the evidence that the request names; says on standard error when rows were left
 * out. VG_ERR_USAGE when no file was named. */
MUST_CHECK enum vg_code run_evidence(struct run *run, struct vg_err *err);
/* The same where a map alone will do: files that are named, or what a data file has. */
MUST_CHECK enum vg_code run_evidence_if_any(struct run *run, struct vg_err *err);
/* The steps of --step and --steps, in this order; none when neither is given.
 * VG_ERR_USAGE for a --steps without a name in it. */
MUST_CHECK enum vg_code run_steps(struct run *run, struct texts *ret, struct vg_err *err);
/* The evidence, and of it those whom the map is about (its protagonist's filter), unless
 * --everybody; says so on standard error. map NULL: everybody. */
MUST_CHECK enum vg_code run_evidence_about(struct run *run, const struct vg_map *map,
                                           struct vg_err *err);
/* The same of evidence that is there, read with all its columns; run_everybody puts it
 * back. */
MUST_CHECK enum vg_code run_about(struct run *run, const struct vg_map *map,
                                  struct vg_err *err);
void run_everybody(struct run *run);
/* All that was read. */
const struct evidence *run_whole(const struct run *run);
/* Print an answer as JSON. Takes `json`; NULL is memory used up. */
MUST_CHECK enum vg_code run_json(struct run *run, json_t *json, struct vg_err *err);
/* A table, or with --json {"name": [rows by the names of columns]}. */
MUST_CHECK enum vg_code run_table(struct run *run, const char *name, struct table *table,
                                  struct vg_err *err);
/* JSON that is text already. */
void run_json_text(struct run *run, str json);
/* VG_ERR_CANCELLED when the user pressed Ctrl-C. */
MUST_CHECK enum vg_code run_go_on(struct run *run, struct vg_err *err);
/* A remark on standard error; nothing with --quiet. */
void run_remark(const struct run *run, const char *format, ...) PRINTF(2, 3);
/* For each file: how many rows were left out, and why the first. */
void run_remark_rejected(const struct run *run, const struct read_report *report);
/* How many of `total` to show: --top, or `usual` for people and all for programs. */
size_t run_top(const struct run *run, size_t usual, size_t total);

/* "1 event", "1,284 journeys", in the reader's language; "" when memory is used up. */
const char *text_events(const struct run *run, uint64_t n);
const char *text_journeys(const struct run *run, uint64_t n);
const char *text_activities(const struct run *run, uint64_t n);

/* An interval of shares: "19–25%". */
const char *text_between(const struct run *run, double low, double high);

/* The progress line on standard error: after a second, on a terminal. */
void progress_open(struct run *run);
void progress_clear(struct run *run);

/* help, manual, completion: from the tables. */
void help_program(struct buf *out);
void help_verb(struct buf *out, const struct verb *verb);
void manual_write(struct buf *out);
MUST_CHECK bool completion_write(struct buf *out, const char *shell);

/* The commands: cli/verb_NAME.c. */
enum vg_code verb_import(struct run *run, struct vg_err *err);
enum vg_code verb_events(struct run *run, struct vg_err *err);
enum vg_code verb_timeline(struct run *run, struct vg_err *err);
enum vg_code verb_flow(struct run *run, struct vg_err *err);
enum vg_code verb_variants(struct run *run, struct vg_err *err);
enum vg_code verb_funnel(struct run *run, struct vg_err *err);
enum vg_code verb_survival(struct run *run, struct vg_err *err);
enum vg_code verb_align(struct run *run, struct vg_err *err);
enum vg_code verb_emotions(struct run *run, struct vg_err *err);
enum vg_code verb_kpi(struct run *run, struct vg_err *err);
enum vg_code verb_effect(struct run *run, struct vg_err *err);
enum vg_code verb_path(struct run *run, struct vg_err *err);
enum vg_code verb_whatif(struct run *run, struct vg_err *err);
enum vg_code verb_draft(struct run *run, struct vg_err *err);
enum vg_code verb_check(struct run *run, struct vg_err *err);
enum vg_code verb_diff(struct run *run, struct vg_err *err);
enum vg_code verb_render(struct run *run, struct vg_err *err);
enum vg_code verb_report(struct run *run, struct vg_err *err);
enum vg_code verb_plan(struct run *run, struct vg_err *err);
enum vg_code verb_convert(struct run *run, struct vg_err *err);
enum vg_code verb_init(struct run *run, struct vg_err *err);
enum vg_code verb_customers(struct run *run, struct vg_err *err);
enum vg_code verb_actions(struct run *run, struct vg_err *err);
enum vg_code verb_sources(struct run *run, struct vg_err *err);
enum vg_code verb_imports(struct run *run, struct vg_err *err);
enum vg_code verb_maps(struct run *run, struct vg_err *err);
enum vg_code verb_alias(struct run *run, struct vg_err *err);
enum vg_code verb_erase(struct run *run, struct vg_err *err);
enum vg_code verb_export_customer(struct run *run, struct vg_err *err);
enum vg_code verb_backup(struct run *run, struct vg_err *err);
enum vg_code verb_restore(struct run *run, struct vg_err *err);
enum vg_code verb_rebuild(struct run *run, struct vg_err *err);
enum vg_code verb_enrol(struct run *run, struct vg_err *err);
enum vg_code verb_progress(struct run *run, struct vg_err *err);
enum vg_code verb_serve(struct run *run, struct vg_err *err);
enum vg_code verb_doctor(struct run *run, struct vg_err *err);
/* viaggio import with -w. */
enum vg_code import_into(struct run *run, struct vg_err *err);

#endif
