/* json: the answers that are not in mine/json.h as JSON, and all of them together as
 * insight.json. The names are those of docs/schema/NAME.schema.json; what is not known is
 * null; texts that a reader reads are in the thread's language.
 *
 * Ownership  the caller has the one reference: json_decref.
 * Errors     NULL when memory is used up; report it with err_memory. */
#ifndef APP_JSON_H
#define APP_JSON_H

#include "map/import.h"
#include "text/json.h"
#include "view/study.h"

json_t *align_to_json(const struct vg_align *align) MUST_CHECK;
json_t *emotions_to_json(const struct vg_emotions *emotions) MUST_CHECK;
json_t *findings_to_json(const struct findings *findings) MUST_CHECK;
json_t *checks_to_json(const struct map_findings *checks) MUST_CHECK;
/* The rules of map/check: name, severity, what each catches. */
json_t *rules_to_json(void) MUST_CHECK;
/* How each file was understood. */
json_t *reading_to_json(const struct read_report *report) MUST_CHECK;
json_t *reading_file_to_json(const struct read_file *file) MUST_CHECK;
/* One event of a log, with every column it has. */
json_t *event_to_json(const struct vg_log *log, const char *customer,
                      size_t row) MUST_CHECK;
/* Everything: the insights of a study, its map, its checks, how it was read. */
json_t *study_to_json(const struct study *study) MUST_CHECK;

/* Texts of files and people: what is not UTF-8 is repaired. NULL is null. */
json_t *json_text(const char *text) MUST_CHECK;
json_t *json_count(uint64_t count) MUST_CHECK;
/* A list made by calling one(item) for each of `count` items of `size` bytes. */
json_t *json_list(const void *items, size_t count, size_t size,
                  json_t *(*one)(const void *item)) MUST_CHECK;
#define JSON_LIST(items, count, one) json_list((items), (count), sizeof *(items), (one))
json_t *json_one_text(const void *item) MUST_CHECK; /* a const char * in a list */
/* "2025-11-12T14:05:00Z". */
json_t *json_time(int64_t at_us) MUST_CHECK;
const char *scale_name(enum score_scale scale);
const char *severity_name(enum severity severity);

#endif
