#include "app/evidence.h"

#include "base/lang.h"

#include <math.h>
#include <string.h>

/* The names that a filter knows without an attribute column. */
static bool is_own_column(const char *name)
{
    static const char *const own[] = {"activity", "channel", "actor", "touchpoint"};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (strcmp(own[i], name) == 0)
            return true;
    return false;
}

/* The attributes that reading must keep: those asked for, and those the filter names. */
static enum vg_code attributes_needed(struct arena *arena,
                                      const struct evidence_options *options,
                                      struct read_options *ret, struct vg_err *err)
{
    const struct log_filter *filter = &options->filter;
    const char **names =
        arena_array(arena, const char *, ret->attribute_count + filter->where_count + 1);
    if (!names)
        return err_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < options->read.attribute_count; i++)
        names[count++] = options->read.attributes[i];
    for (size_t i = 0; i < filter->where_count; i++)
        if (!is_own_column(filter->where[i].attribute))
            names[count++] = filter->where[i].attribute;
    ret->attributes = names;
    ret->attribute_count = count;
    return VG_OK;
}

static bool keeps_all(const struct log_filter *filter)
{
    return filter->from_us == INT64_MIN && filter->until_us == INT64_MAX &&
           filter->started_from_us == INT64_MIN &&
           filter->started_until_us == INT64_MAX && !filter->channel_count &&
           !filter->activity_count && !filter->where_count && !filter->containing_count &&
           !filter->missing_count && isnan(filter->longer_than_s) &&
           isnan(filter->shorter_than_s) && !filter->customer_count;
}

static enum vg_code keep(struct evidence *evidence, const struct log_filter *filter,
                         struct vg_err *err)
{
    if (keeps_all(filter))
        return VG_OK;
    struct vg_log *left = NULL;
    enum vg_code code = log_filter(evidence->log, filter, &left, err);
    if (code != VG_OK)
        return code;
    log_close(evidence->log);
    evidence->log = left;
    return VG_OK;
}

enum vg_code evidence_open(const struct evidence_options *options, struct evidence *ret,
                           struct vg_err *err)
{
    *ret = (struct evidence){.arena = arena_open(0)};
    if (!ret->arena)
        return err_memory(err);
    struct read_options read = options->read;
    enum vg_code code = attributes_needed(ret->arena, options, &read, err);
    if (code == VG_OK)
        code = read_files(ret->arena, options->files, options->file_count, &read,
                          &ret->log, &ret->report, err);
    if (code != VG_OK)
        return code;
    ret->events_read = ret->log->events;
    ret->traces_read = ret->log->traces;
    return keep(ret, &options->filter, err);
}

void evidence_close(struct evidence *evidence)
{
    log_close(evidence->log);
    arena_close(evidence->arena);
    *evidence = (struct evidence){0};
}
