/* How files were understood, and the events themselves, as JSON. Declared in app/json.h.
 */
#include "app/json.h"

#include <math.h>

static json_t *columns_to_json(const struct read_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < file->column_count; i++) {
        const struct read_column *column = &file->columns[i];
        if (json_array_append_new(array, json_pack("{s:o, s:o, s:o, s:b, s:I}", "name",
                                                   json_text(column->name), "role",
                                                   json_text(role_name(column->role)),
                                                   "reason", json_text(column->reason),
                                                   "filled", column->filled, "merged",
                                                   (json_int_t)column->merged)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *sample_to_json(const struct read_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < file->sample_count; i++) {
        json_t *row = json_array();
        for (size_t c = 0; row && c < file->column_count; c++)
            if (json_array_append_new(row, json_text(file->sample[i][c])) != 0) {
                json_decref(row);
                row = NULL;
            }
        if (json_array_append_new(array, row) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *rejects_to_json(const struct read_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < file->reject_count; i++) {
        const struct read_reject *reject = &file->rejects[i];
        if (json_array_append_new(array, json_pack("{s:I, s:o, s:o}", "line",
                                                   (json_int_t)reject->line, "reason",
                                                   json_text(reject->reason), "row",
                                                   json_text(reject->row))) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *notes_to_json(const struct read_file *file)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < file->note_count; i++)
        if (json_array_append_new(array, json_text(file->notes[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

json_t *reading_file_to_json(const struct read_file *file)
{
    char delimiter[2] = {file->delimiter, 0};
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "path",
        json_text(file->path), "kind", json_text(file->kind), "encoding",
        json_text(file->encoding), "delimiter",
        file->delimiter ? json_string(delimiter) : json_null(), "header_line",
        (json_int_t)file->header_line, "time_format", json_text(file->time_format),
        "rows", (json_int_t)file->rows, "stored", (json_int_t)file->stored, "rejected",
        (json_int_t)file->rejected, "events", (json_int_t)file->events, "columns",
        columns_to_json(file), "sample", sample_to_json(file), "rejects",
        rejects_to_json(file), "notes", notes_to_json(file));
}

json_t *reading_to_json(const struct read_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; array && i < report->file_count; i++)
        if (json_array_append_new(array, reading_file_to_json(&report->files[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return json_pack("{s:o}", "files", array);
}

static json_t *text_or_null(const struct dict *dict, bool there, uint32_t code)
{
    return there ? json_text(dict_text(dict, code)) : json_null();
}

static json_t *attributes_of(const struct vg_log *log, size_t row)
{
    json_t *object = json_object();
    for (size_t i = 0; object && i < log->attribute_count; i++) {
        const struct log_attribute *attribute = &log->attributes[i];
        if (attribute->code[row] == LOG_NO_CODE32)
            continue;
        if (json_object_set_new(
                object, attribute->name,
                json_text(dict_text(&attribute->values, attribute->code[row]))) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

json_t *event_to_json(const struct vg_log *log, const char *customer, size_t row)
{
    bool channel = log->channel && log->channel[row] != LOG_NO_CODE16;
    bool touchpoint = log->touchpoint && log->touchpoint[row] != LOG_NO_CODE16;
    bool actor = log->actor && log->actor[row] != LOG_NO_CODE32;
    bool text = log->text && log->text[row] != LOG_NO_CODE32;
    bool score = log->score && isfinite(log->score[row]);
    const char *scale = score && log->scale ? scale_name(log->scale[row]) : "";
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "customer",
        json_text(customer), "time", json_time(log->at_us[row]), "activity",
        json_text(dict_text(&log->activities, log->activity[row])), "channel",
        text_or_null(&log->channels, channel, channel ? log->channel[row] : 0),
        "touchpoint",
        text_or_null(&log->touchpoints, touchpoint,
                     touchpoint ? log->touchpoint[row] : 0),
        "actor", text_or_null(&log->actors, actor, actor ? log->actor[row] : 0), "text",
        text_or_null(&log->texts, text, text ? log->text[row] : 0), "score",
        score ? json_real((double)log->score[row]) : json_null(), "scale",
        scale[0] ? json_string(scale) : json_null(), "attributes",
        attributes_of(log, row));
}
