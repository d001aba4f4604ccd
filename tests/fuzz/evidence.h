/* evidence: the property of every reader of evidence, whatever the bytes. */
#ifndef TESTS_FUZZ_EVIDENCE_H
#define TESTS_FUZZ_EVIDENCE_H

#include "fuzz.h"

#include "base/date.h"
#include "base/utf8.h"
#include "log/read_bytes.h"

#include <math.h>

static inline void log_holds(const struct vg_log *log)
{
    HOLDS(log->first[log->traces] == log->events);
    for (size_t t = 0; t < log->traces; t++) {
        HOLDS(log->first[t] < log->first[t + 1]);
        HOLDS(log->trace_name[t] < log->trace_names.count);
        for (uint64_t i = log->first[t]; i < log->first[t + 1]; i++) {
            HOLDS(log->at_us[i] >= DATE_MIN_US && log->at_us[i] <= DATE_MAX_US);
            HOLDS(log->activity[i] < log->activities.count);
            HOLDS(i == log->first[t] || log->at_us[i - 1] <= log->at_us[i]);
            HOLDS(!log->score || isnan(log->score[i]) || isfinite(log->score[i]));
        }
    }
    for (uint32_t i = 0; i < log->activities.count; i++)
        HOLDS(utf8_valid(dict_str(&log->activities, i)));
}

/* rows = stored + rejected; a failure has a code and a sentence; the log is in order. */
static inline void evidence_holds(const char *name, const uint8_t *bytes, size_t len)
{
    struct arena *arena = arena_open((size_t)256 << 20);
    struct vg_log *log = NULL;
    struct read_report report;
    struct vg_err err = {0};
    static const char *const filled[] = {"#1", "#2"};
    struct read_options options = {
        .all_attributes = len % 2 == 0, .fill_down = filled, .fill_down_count = len % 3};
    HOLDS(arena != NULL);
    enum vg_code code = read_bytes(arena, name, (str){(const char *)bytes, len}, &options,
                                   &log, &report, &err);
    HOLDS(report.file_count <= 1);
    const struct read_file *file = report.file_count ? &report.files[0] : NULL;
    if (code == VG_OK) {
        HOLDS(file && log && file->rows == file->stored + file->rejected);
        /* a wide row is one event for each of its dates */
        HOLDS(log->events == file->events && file->events >= file->stored);
        HOLDS(file->stored > 0);
        log_holds(log);
    } else {
        HOLDS(err.code == code && err.what[0] != 0);
        HOLDS(code == VG_ERR_INPUT || code == VG_ERR_LIMIT || code == VG_ERR_MEMORY);
    }
    for (size_t i = 0; file && i < file->reject_count; i++)
        HOLDS(file->rejects[i].reason[0] && utf8_valid(str_from(file->rejects[i].row)));
    log_close(log);
    arena_close(arena);
}

#endif
