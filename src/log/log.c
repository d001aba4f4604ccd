#include "log/log.h"

#include <stdlib.h>

struct vg_log *log_new(void)
{
    struct vg_log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    log->first = calloc(1, sizeof *log->first);
    if (!log->first) {
        free(log);
        return NULL;
    }
    return log;
}

void log_close(struct vg_log *log)
{
    if (!log)
        return;
    for (size_t i = 0; i < log->attribute_count; i++) {
        free((char *)(uintptr_t)log->attributes[i].name); /* ours: log/build.c made it */
        dict_free(&log->attributes[i].values);
        free(log->attributes[i].code);
    }
    void *owned[] = {log->first,     log->trace_name,    log->trace_part, log->at_us,
                     log->activity,  log->activity_byte, log->channel,    log->touchpoint,
                     log->actor,     log->score,         log->scale,      log->text,
                     log->attributes};
    for (size_t i = 0; i < COUNT_OF(owned); i++)
        free(owned[i]);
    struct dict *dicts[] = {&log->trace_names, &log->activities, &log->channels,
                            &log->touchpoints, &log->actors,     &log->texts};
    for (size_t i = 0; i < COUNT_OF(dicts); i++)
        dict_free(dicts[i]);
    free(log);
}

const char *log_trace_text(const struct vg_log *log, struct arena *arena, size_t trace)
{
    str name = dict_str(&log->trace_names, log->trace_name[trace]);
    if (log->trace_part && log->trace_part[trace] > 0)
        return arena_printf(arena, "%.*s (%lu)", STR_ARG(name),
                            (unsigned long)log->trace_part[trace] + 1);
    return arena_text(arena, name);
}

uint16_t log_activity_find(const struct vg_log *log, str name)
{
    uint32_t code = dict_find(&log->activities, name);
    return code == UINT32_MAX ? LOG_NO_CODE16 : (uint16_t)code;
}
