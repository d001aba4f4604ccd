#include "app/export.h"

#include "app/json.h"
#include "base/date.h"

#include <math.h>
#include <string.h>

void csv_cell(struct buf *out, char separator, str text)
{
    bool formula = text.len && strchr("=+-@\t\r", text.ptr[0]);
    bool quote = formula;
    for (size_t i = 0; i < text.len; i++)
        quote |= text.ptr[i] == separator || strchr("\"\r\n", text.ptr[i]);
    if (!quote) {
        buf_add(out, text);
        return;
    }
    buf_text(out, formula ? "\"'" : "\"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            buf_char(out, '"');
        buf_char(out, text.ptr[i]);
    }
    buf_char(out, '"');
}

static void write_cell(struct buf *out, str text)
{
    csv_cell(out, ',', text);
}

static void write_code(struct buf *out, const struct dict *dict, bool there,
                       uint32_t code)
{
    buf_char(out, ',');
    if (there)
        write_cell(out, dict_str(dict, code));
}

enum vg_code export_events_header(const struct vg_log *log, struct buf *out,
                                  struct vg_err *err)
{
    buf_text(out, "customer,time,activity,channel,touchpoint,actor,text,score,scale");
    for (size_t i = 0; i < log->attribute_count; i++) {
        buf_char(out, ',');
        write_cell(out, str_from(log->attributes[i].name));
    }
    buf_char(out, '\n');
    return out->failed ? err_memory(err) : VG_OK;
}

static void write_time_iso(struct buf *out, int64_t at_us)
{
    struct date date = date_from_us(at_us);
    buf_printf(out, ",%04d-%02d-%02dT%02d:%02d:%02d", date.year, date.month, date.day,
               date.hour, date.minute, date.second);
    if (date.us)
        buf_printf(out, ".%06d", date.us);
    buf_char(out, 'Z');
}

static void write_row(const struct vg_log *log, str customer, size_t row, struct buf *out)
{
    write_cell(out, customer);
    write_time_iso(out, log->at_us[row]);
    write_code(out, &log->activities, true, log->activity[row]);
    uint32_t channel = log->channel ? log->channel[row] : LOG_NO_CODE16;
    uint32_t touchpoint = log->touchpoint ? log->touchpoint[row] : LOG_NO_CODE16;
    uint32_t actor = log->actor ? log->actor[row] : LOG_NO_CODE32;
    uint32_t text = log->text ? log->text[row] : LOG_NO_CODE32;
    write_code(out, &log->channels, channel != LOG_NO_CODE16, channel);
    write_code(out, &log->touchpoints, touchpoint != LOG_NO_CODE16, touchpoint);
    write_code(out, &log->actors, actor != LOG_NO_CODE32, actor);
    write_code(out, &log->texts, text != LOG_NO_CODE32, text);
    bool score = log->score && isfinite(log->score[row]);
    buf_char(out, ',');
    if (score)
        buf_printf(out, "%.7g", (double)log->score[row]);
    buf_printf(out, ",%s", score && log->scale ? scale_name(log->scale[row]) : "");
    for (size_t i = 0; i < log->attribute_count; i++) {
        const struct log_attribute *attribute = &log->attributes[i];
        write_code(out, &attribute->values, attribute->code[row] != LOG_NO_CODE32,
                   attribute->code[row]);
    }
    buf_char(out, '\n');
}

enum vg_code export_events(struct arena *arena, const struct vg_log *log, size_t trace,
                           struct buf *out, struct vg_err *err)
{
    const char *customer = log_trace_text(log, arena, trace);
    if (!customer)
        return err_memory(err);
    for (uint64_t row = log->first[trace]; row < log->first[trace + 1]; row++)
        write_row(log, str_from(customer), row, out);
    return out->failed ? err_memory(err) : VG_OK;
}
