/* From a request to the way evidence is opened. Declared in cli/request.h. */
#include "cli/request.h"

#include "app/question.h"
#include "text/time_zone.h"

#include <math.h>
#include <string.h>

/* The instant an option names; days begin when clocks of the zone say so. */
static enum vg_code read_instant(const struct time_zone *zone, const char *option,
                                 const char *text, bool end, int64_t *ret_us,
                                 struct vg_err *err)
{
    if (!text)
        return VG_OK;
    if (!instant_read(text, end, ret_us)) {
        err_set(err, VG_ERR_USAGE, NULL, _("%s: there is no date \"%s\""), option, text);
        return err_hint(err, "%s",
                        _("write it as 2025, 2025-10, 2025-10-31 or 31/10/2025"));
    }
    *ret_us = time_zone_to_utc(zone, *ret_us);
    return VG_OK;
}

static enum vg_code read_period(struct arena *arena, const struct request *request,
                                struct log_filter *filter, struct vg_err *err)
{
    const struct {
        const char *option, *text;
        int64_t *at_us;
    } dates[] = {{"--since", request->since, &filter->from_us},
                 {"--until", request->until, &filter->until_us},
                 {"--started-since", request->started_since, &filter->started_from_us},
                 {"--started-until", request->started_until, &filter->started_until_us}};
    const struct time_zone *zone = NULL;
    enum vg_code code = VG_OK;
    if (request->read.zone)
        code = time_zone_open(arena, request->read.zone, &zone, err);
    for (size_t i = 0; code == VG_OK && i < COUNT_OF(dates); i++)
        code = read_instant(zone, dates[i].option, dates[i].text, i % 2 == 1,
                            dates[i].at_us, err);
    if (code == VG_OK && (filter->from_us >= filter->until_us ||
                          filter->started_from_us >= filter->started_until_us))
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("the period ends before it begins"));
    return code;
}

/* "COLUMN=VALUE" or "COLUMN!=VALUE", as often as the option was given. */
static enum vg_code read_where(struct arena *arena, const char *option,
                               const struct texts *texts, const struct filter_where **ret,
                               size_t *ret_count, struct vg_err *err)
{
    size_t count = texts->count;
    struct filter_where *where = arena_array(arena, struct filter_where, count + 1);
    if (!where)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        const char *text = texts->items[i], *equals = strchr(text, '=');
        if (!equals || equals == text || (equals == text + 1 && text[0] == '!')) {
            err_set(err, VG_ERR_USAGE, NULL, _("%s cannot be \"%s\""), option, text);
            return err_hint(err, "%s", _("write COLUMN=VALUE or COLUMN!=VALUE"));
        }
        where[i].not = equals[-1] == '!';
        size_t length = (size_t)(equals - text) - where[i].not ;
        where[i].attribute = arena_text(arena, str_trim((str){text, length}));
        where[i].value = equals + 1;
        if (!where[i].attribute)
            return err_memory(err);
    }
    *ret = where;
    *ret_count = count;
    return VG_OK;
}

static enum vg_code read_filter(struct arena *arena, const struct request *request,
                                struct log_filter *filter, struct vg_err *err)
{
    *filter = LOG_FILTER_ALL;
    filter->channels = request->only_channels.items;
    filter->channel_count = request->only_channels.count;
    filter->activities = request->only_activities.items;
    filter->activity_count = request->only_activities.count;
    filter->customers = request->only_customers.items;
    filter->customer_count = request->only_customers.count;
    filter->containing = request->containing.items;
    filter->containing_count = request->containing.count;
    filter->missing = request->missing.items;
    filter->missing_count = request->missing.count;
    filter->longer_than_s = request->longer_than_s;
    filter->shorter_than_s = request->shorter_than_s;
    enum vg_code code = read_period(arena, request, filter, err);
    if (code == VG_OK)
        code = read_where(arena, "--where", &request->where, &filter->where,
                          &filter->where_count, err);
    if (code == VG_OK)
        code = read_where(arena, "--customers-where", &request->customers_where,
                          &filter->customers_where, &filter->customers_where_count, err);
    return code;
}

static bool read_delimiter(const char *text, char *ret)
{
    bool tab = strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0;
    *ret = tab ? '\t' : text[0];
    return tab || (text[0] && !text[1] && text[0] != '"' && text[0] != '\n');
}

static enum vg_code read_how(const struct request *request, struct read_options *read,
                             struct vg_err *err)
{
    static const struct {
        const char *name;
        enum score_scale scale;
    } scales[] = {{"stars", SCALE_STARS},
                  {"nps", SCALE_NPS},
                  {"csat", SCALE_CSAT},
                  {"ces", SCALE_CES},
                  {"valence", SCALE_VALENCE}};
    *read = request->read;
    read->attributes = request->attributes.items;
    read->attribute_count = request->attributes.count;
    read->fill_down = request->fill_down.items;
    read->fill_down_count = request->fill_down.count;
    if (request->times.count == 1)
        read->column[ROLE_TIME] = request->times.items[0];
    read->times = request->times.items;
    read->time_count = request->times.count;
    read->date_order = request->date_order ? request->date_order[0] : 0;
    for (size_t i = 0; i < COUNT_OF(scales); i++)
        if (request->scale && strcmp(request->scale, scales[i].name) == 0)
            read->scale = scales[i].scale;
    if (request->delimiter && !read_delimiter(request->delimiter, &read->delimiter)) {
        err_set(err, VG_ERR_USAGE, NULL, _("--delimiter cannot be \"%s\""),
                request->delimiter);
        return err_hint(err, "%s", _("give one character, or tab"));
    }
    return VG_OK;
}

/* The files of --evidence, then those without an option. */
static enum vg_code gather_files(struct arena *arena, const struct request *request,
                                 struct evidence_options *ret, struct vg_err *err)
{
    size_t count = request->evidence.count + request->arguments.count;
    if (count > LIMIT_FILES)
        return err_set(err, VG_ERR_LIMIT, NULL, _("these are %zu files; %d go at once"),
                       count, LIMIT_FILES);
    const char **files = arena_array(arena, const char *, count + 1);
    if (!files)
        return err_memory(err);
    size_t at = 0, pipes = 0;
    for (size_t i = 0; i < request->evidence.count; i++)
        files[at++] = request->evidence.items[i];
    for (size_t i = 0; i < request->arguments.count; i++)
        files[at++] = request->arguments.items[i];
    for (size_t i = 0; i < count; i++)
        pipes += strcmp(files[i], "-") == 0;
    if (pipes > 1)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("standard input (-) can be read only once"));
    ret->files = files;
    ret->file_count = count;
    return VG_OK;
}

enum vg_code request_evidence(struct arena *arena, const struct request *request,
                              struct evidence_options *ret, struct vg_err *err)
{
    *ret = (struct evidence_options){.workspace = request->workspace};
    enum vg_code code = read_how(request, &ret->read, err);
    if (code == VG_OK)
        code = read_filter(arena, request, &ret->filter, err);
    return code != VG_OK ? code : gather_files(arena, request, ret, err);
}

enum vg_code request_today(const struct request *request, int64_t *ret_us,
                           struct vg_err *err)
{
    *ret_us = 0;
    return read_instant(NULL, "--today", request->today, false, ret_us, err);
}

bool request_asks_a_part(const struct request *r)
{
    return r->since || r->until || r->started_since || r->started_until ||
           r->only_channels.count || r->only_activities.count ||
           r->only_customers.count || r->where.count || r->customers_where.count ||
           r->containing.count || r->missing.count || r->longer_than_s > 0 ||
           isfinite(r->shorter_than_s);
}

enum vg_code request_filter_pairs(struct arena *arena, const struct request *r,
                                  struct pair **ret, size_t *ret_count,
                                  struct vg_err *err)
{
    const struct {
        const char *name;
        const struct texts *list;
    } lists[] = {{"only-channel", &r->only_channels},
                 {"only-activity", &r->only_activities},
                 {"only-customer", &r->only_customers},
                 {"where", &r->where},
                 {"customers-where", &r->customers_where},
                 {"containing", &r->containing},
                 {"missing", &r->missing}};
    const struct pair texts[] = {{"since", r->since},
                                 {"until", r->until},
                                 {"started-since", r->started_since},
                                 {"started-until", r->started_until}};
    size_t count = 0, most = COUNT_OF(texts) + 2;
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        most += lists[i].list->count;
    struct pair *pairs = arena_array(arena, struct pair, most);
    if (!pairs)
        return err_memory(err);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].value)
            pairs[count++] = texts[i];
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (size_t k = 0; k < lists[i].list->count; k++)
            pairs[count++] = (struct pair){lists[i].name, lists[i].list->items[k]};
    if (r->longer_than_s > 0)
        pairs[count++] =
            (struct pair){"longer-than", arena_printf(arena, "%.0fs", r->longer_than_s)};
    if (isfinite(r->shorter_than_s))
        pairs[count++] = (struct pair){"shorter-than",
                                       arena_printf(arena, "%.0fs", r->shorter_than_s)};
    *ret = pairs;
    *ret_count = count;
    return VG_OK;
}
