/* The library's own functions, logs and maps. Declared in include/viaggio.h. */
#include "api/result.h"
#include "base/lang.h"
#include "log/read.h"
#include "map/import.h"
#include "mine/mine.h"
#include "mine/scratch.h"

#include <stdlib.h>

const char *vg_version(void)
{
    return VIAGGIO_VERSION;
}

bool vg_set_language(const char *lang)
{
    enum lang known;
    if (!lang || !lang_from_text(lang, &known))
        return false;
    lang_set(known);
    return true;
}

const char *vg_code_name(enum vg_code code)
{
    return err_row(code)->name;
}

vg_result *vg_result_new(void)
{
    struct vg_result *result = calloc(1, sizeof *result);
    if (!result)
        return NULL;
    result->arena = arena_open(0);
    if (!result->arena) {
        free(result);
        return NULL;
    }
    return result;
}

void vg_result_free(vg_result *result)
{
    if (!result)
        return;
    arena_close(result->arena);
    free(result);
}

static struct read_options options_inside(const struct vg_read_options *said)
{
    struct read_options options = {.journey = said->journey,
                                   .activity_fixed = said->activity_name,
                                   .sheet = said->sheet,
                                   .encoding = said->encoding,
                                   .delimiter = said->delimiter,
                                   .date_order = said->date_order,
                                   .zone = said->zone,
                                   .pause_s = said->pause_s,
                                   .rejects = said->rejects};
    options.column[ROLE_CUSTOMER] = said->customer;
    options.column[ROLE_ACTIVITY] = said->activity;
    options.column[ROLE_TIME] = said->time;
    options.column[ROLE_CHANNEL] = said->channel;
    options.column[ROLE_TOUCHPOINT] = said->touchpoint;
    options.column[ROLE_ACTOR] = said->actor;
    options.column[ROLE_TEXT] = said->text;
    options.column[ROLE_SCORE] = said->score;
    return options;
}

enum vg_code vg_log_read(const char *const *files, size_t file_count,
                         const struct vg_read_options *options, vg_log **ret,
                         struct vg_read_counts *ret_counts, struct vg_err *err)
{
    static const struct vg_read_options guess_all;
    struct read_options inside = options_inside(options ? options : &guess_all);
    struct read_report report = {0};
    struct arena *arena = arena_open(0);
    if (!arena)
        return err_memory(err);
    enum vg_code code = read_files(arena, files, file_count, &inside, ret, &report, err);
    if (code == VG_OK && ret_counts) {
        *ret_counts = (struct vg_read_counts){0};
        for (size_t i = 0; i < report.file_count; i++) {
            ret_counts->rows += report.files[i].rows;
            ret_counts->stored += report.files[i].stored;
            ret_counts->rejected += report.files[i].rejected;
        }
    }
    arena_close(arena);
    return code;
}

void vg_log_free(vg_log *log)
{
    log_close(log);
    scratch_trim(); /* kept between questions */
}

struct vg_log_counts vg_log_count(const vg_log *log)
{
    bool empty = log->events == 0;
    return (struct vg_log_counts){.events = log->events,
                                  .traces = log->traces,
                                  .activities = log->activities.count,
                                  .first_us = empty ? 0 : log->first_us,
                                  .last_us = empty ? 0 : log->last_us};
}

enum vg_code vg_map_read(const char *file, vg_map **ret, struct vg_err *err)
{
    return map_open_file(file, ret, NULL, err);
}

enum vg_code vg_map_parse(const char *json, size_t length, vg_map **ret,
                          struct vg_err *err)
{
    return map_read((str){json, length}, _("the map"), ret, err);
}

enum vg_code vg_map_draft(const vg_log *log, vg_map **ret, struct vg_err *err)
{
    return draft_mine(log, ret, err);
}

enum vg_code vg_map_write(const vg_map *map, vg_result *result, const char **ret_json,
                          struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code = map_write(map, &text, err);
    const char *kept = code == VG_OK ? arena_text(result->arena, buf_str(&text)) : NULL;
    buf_free(&text);
    if (code == VG_OK && !kept)
        return err_memory(err);
    if (code == VG_OK)
        *ret_json = kept;
    return code;
}

void vg_map_free(vg_map *map)
{
    map_close(map);
}
