#include "app/evidence.h"

#include "app/workspace.h"
#include "log/read_where.h"

#include <math.h>
#include <string.h>

enum { EMPTY_LOG_BYTES = 4096 };

/* The columns that the filter asks about, so that reading keeps them. */
static enum vg_code columns_asked(struct arena *arena,
                                  const struct evidence_options *options,
                                  struct read_options *ret, struct vg_err *err)
{
    const struct log_filter *filter = &options->filter;
    const struct {
        const struct filter_where *items;
        size_t count;
    } lists[] = {{filter->where, filter->where_count},
                 {filter->customers_where, filter->customers_where_count}};
    const char **names =
        arena_array(arena, const char *, lists[0].count + lists[1].count + 1);
    if (!names)
        return err_memory(err);
    ret->asked_count = 0;
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (size_t i = 0; i < lists[l].count; i++)
            if (!where_is_own(lists[l].items[i].attribute))
                names[ret->asked_count++] = lists[l].items[i].attribute;
    ret->asked = names;
    return VG_OK;
}

static bool keeps_all(const struct log_filter *filter)
{
    return filter->from_us == INT64_MIN && filter->until_us == INT64_MAX &&
           filter->started_from_us == INT64_MIN &&
           filter->started_until_us == INT64_MAX && !filter->channel_count &&
           !filter->activity_count && !filter->where_count &&
           !filter->customers_where_count && !filter->containing_count &&
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
    struct log_filter filter = options->filter;
    enum vg_code code = columns_asked(ret->arena, options, &read, err);
    if (code == VG_OK && options->workspace)
        code = workspace_evidence(options->workspace, &read, ret, err);
    else if (code == VG_OK)
        code = read_files(ret->arena, options->files, options->file_count, &read,
                          &ret->log, &ret->report, err);
    if (code != VG_OK)
        return code;
    ret->events_read = ret->log->events;
    ret->traces_read = ret->log->traces;
    code = read_where(ret->arena, &ret->report, &filter, err);
    return code == VG_OK ? keep(ret, &filter, err) : code;
}

/* `next` takes the place of *log, which is closed unless it is all's own. */
static void step_on(const struct evidence *all, struct vg_log **log, struct vg_log *next)
{
    if (*log != all->log)
        log_close(*log);
    *log = next;
}

enum vg_code evidence_part(const struct evidence *all, const char *journey,
                           double pause_s, const struct log_filter *filter,
                           struct evidence *ret, bool *ret_own, struct vg_err *err)
{
    struct evidence part = {.arena = arena_open(0),
                            .log = all->log,
                            .report = all->report,
                            .events_read = all->events_read,
                            .traces_read = all->traces_read};
    struct log_filter wanted = *filter;
    struct vg_log *next = NULL;
    if (!part.arena)
        return err_memory(err);
    enum vg_code code = read_where(part.arena, &all->report, &wanted, err);
    if (code == VG_OK && journey &&
        (code = evidence_regroup(part.log, journey, &next, err)) == VG_OK)
        step_on(all, &part.log, next);
    if (code == VG_OK && pause_s > 0 &&
        (code = log_cut_pauses(part.log, pause_s, &next, err)) == VG_OK)
        step_on(all, &part.log, next);
    if (code == VG_OK && !keeps_all(&wanted) &&
        (code = log_filter(part.log, &wanted, &next, err)) == VG_OK)
        step_on(all, &part.log, next);
    if (code != VG_OK) {
        step_on(all, &part.log, NULL);
        arena_close(part.arena);
        return code;
    }
    *ret_own = part.log == all->log;
    *ret = part;
    return VG_OK;
}

/* ---- how large ---- */

static size_t dict_bytes(const struct dict *dict)
{
    return dict->bytes_capacity + dict->start_capacity * 8 + (size_t)dict->count * 22;
}

size_t evidence_log_bytes(const struct vg_log *log)
{
    size_t event = 10u + (log->channel ? 2u : 0u) + (log->touchpoint ? 2u : 0u) +
                   (log->actor ? 4u : 0u) + (log->score ? 4u : 0u) +
                   (log->scale ? 1u : 0u) + (log->text ? 4u : 0u) +
                   log->attribute_count * 4;
    const struct dict *dicts[] = {&log->trace_names, &log->activities, &log->channels,
                                  &log->touchpoints, &log->actors,     &log->texts};
    size_t bytes = EMPTY_LOG_BYTES + log->events * event + log->traces * 16;
    for (size_t i = 0; i < COUNT_OF(dicts); i++)
        bytes += dict_bytes(dicts[i]);
    for (size_t i = 0; i < log->attribute_count; i++)
        bytes += dict_bytes(&log->attributes[i].values);
    return bytes;
}

void evidence_close(struct evidence *evidence)
{
    log_close(evidence->log);
    arena_close(evidence->arena);
    *evidence = (struct evidence){0};
}
