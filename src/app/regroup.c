/* A log anew with one journey for each value of a column. Declared in app/evidence.h. */
#include "app/evidence.h"

#include "base/lang.h"
#include "log/build.h"

#include <math.h>
#include <strings.h>

static str text_at(const struct dict *dict, bool there, uint32_t code)
{
    return there ? dict_str(dict, code) : (str){NULL, 0};
}

static struct log_event event_at(const struct vg_log *log, size_t row)
{
    uint16_t channel = log->channel ? log->channel[row] : LOG_NO_CODE16;
    uint16_t touchpoint = log->touchpoint ? log->touchpoint[row] : LOG_NO_CODE16;
    uint32_t actor = log->actor ? log->actor[row] : LOG_NO_CODE32;
    uint32_t text = log->text ? log->text[row] : LOG_NO_CODE32;
    return (struct log_event){
        .activity = dict_str(&log->activities, log->activity[row]),
        .at_us = log->at_us[row],
        .channel = text_at(&log->channels, channel != LOG_NO_CODE16, channel),
        .touchpoint = text_at(&log->touchpoints, touchpoint != LOG_NO_CODE16, touchpoint),
        .actor = text_at(&log->actors, actor != LOG_NO_CODE32, actor),
        .text = text_at(&log->texts, text != LOG_NO_CODE32, text),
        .score = log->score ? (double)log->score[row] : (double)NAN,
        .scale = log->scale ? (enum score_scale)log->scale[row] : SCALE_NONE};
}

static enum vg_code add_event(struct builder *builder, const struct vg_log *log,
                              size_t row, const struct log_attribute *by, str *values,
                              struct vg_err *err)
{
    struct log_event event = event_at(log, row);
    if (by->code[row] == LOG_NO_CODE32)
        return VG_OK; /* it belongs to none */
    event.customer = dict_str(&by->values, by->code[row]);
    for (size_t i = 0; i < log->attribute_count; i++) {
        uint32_t code = log->attributes[i].code[row];
        values[i] = text_at(&log->attributes[i].values, code != LOG_NO_CODE32, code);
    }
    return builder_add(builder, &event, values, err);
}

enum vg_code evidence_regroup(const struct vg_log *log, const char *journey,
                              struct vg_log **ret, struct vg_err *err)
{
    struct builder *builder = NULL;
    const struct log_attribute *by = NULL;
    struct arena *arena = arena_open(0);
    str *names = arena ? arena_array(arena, str, log->attribute_count + 1) : NULL;
    str *values = arena ? arena_array(arena, str, log->attribute_count + 1) : NULL;
    enum vg_code code = names && values ? VG_OK : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < log->attribute_count; i++) {
        names[i] = str_from(log->attributes[i].name);
        if (strcasecmp(log->attributes[i].name, journey) == 0)
            by = &log->attributes[i];
    }
    if (code == VG_OK && !by)
        code = err_set(err, VG_ERR_NOT_FOUND, NULL,
                       _("there is no column \"%s\" in the evidence"), journey);
    if (code == VG_OK)
        code = builder_open(names, log->attribute_count, &builder, err);
    for (size_t row = 0; code == VG_OK && row < log->events; row++)
        code = add_event(builder, log, row, by, values, err);
    if (code == VG_OK)
        code = builder_finish(builder, ret, err);
    else
        builder_close(builder);
    if (code == VG_OK && (*ret)->events) { /* watching ends where it does for all */
        (*ret)->last_us = log->last_us;
        (*ret)->beyond_us = log->beyond_us;
    }
    arena_close(arena);
    return code;
}
