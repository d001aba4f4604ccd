#include "log/filter_names.h"

#include "base/lang.h"
#include "base/near.h"

static str dict_name(const void *ctx, size_t i)
{
    return dict_str(ctx, (uint32_t)i);
}

/* Adds the nearest name to the sentence that err holds. */
static enum vg_code not_found(struct arena *arena, const struct dict *dict,
                              const char *name, struct vg_err *err)
{
    size_t near = near_find(arena, str_from(name), dict->count, dict_name, dict);
    if (near != SIZE_MAX)
        err_hint(err, _("perhaps \"%s\" is meant?"), dict_text(dict, (uint32_t)near));
    return VG_ERR_NOT_FOUND;
}

static enum vg_code activity_code(struct arena *arena, const struct vg_log *log,
                                  const char *name, uint16_t *ret, struct vg_err *err)
{
    *ret = log_activity_find(log, str_from(name));
    if (*ret != LOG_NO_CODE16)
        return VG_OK;
    err_set(err, VG_ERR_NOT_FOUND, NULL, _("the evidence has no activity \"%s\""), name);
    return not_found(arena, &log->activities, name, err);
}

static enum vg_code activities_mark(struct arena *arena, const struct vg_log *log,
                                    const struct log_filter *filter, uint8_t **ret,
                                    struct vg_err *err)
{
    if (filter->activity_count == 0)
        return VG_OK;
    *ret = arena_alloc(arena, log->activities.count + (size_t)1, 1);
    if (!*ret)
        return err_memory(err);
    for (size_t i = 0; i < filter->activity_count; i++) {
        uint16_t code;
        enum vg_code status =
            activity_code(arena, log, filter->activities[i], &code, err);
        if (status != VG_OK)
            return status;
        (*ret)[code] = 1;
    }
    return VG_OK;
}

static enum vg_code activity_codes(struct arena *arena, const struct vg_log *log,
                                   const char *const *names, size_t count, uint16_t **ret,
                                   struct vg_err *err)
{
    *ret = arena_array(arena, uint16_t, count);
    if (!*ret)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        enum vg_code code = activity_code(arena, log, names[i], &(*ret)[i], err);
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

static enum vg_code channels_mark(struct arena *arena, const struct vg_log *log,
                                  const struct log_filter *filter, uint8_t **ret,
                                  struct vg_err *err)
{
    if (filter->channel_count == 0)
        return VG_OK;
    *ret = arena_alloc(arena, log->channels.count + (size_t)1, 1);
    if (!*ret)
        return err_memory(err);
    for (size_t i = 0; i < filter->channel_count; i++) {
        const char *name = filter->channels[i];
        uint32_t code = dict_find(&log->channels, str_from(name));
        if (code == UINT32_MAX) {
            err_set(err, VG_ERR_NOT_FOUND, NULL, _("the evidence has no channel \"%s\""),
                    name);
            return not_found(arena, &log->channels, name, err);
        }
        (*ret)[code] = 1;
    }
    return VG_OK;
}

static enum vg_code customers_mark(struct arena *arena, const struct vg_log *log,
                                   const struct log_filter *filter, uint8_t **ret,
                                   struct vg_err *err)
{
    if (filter->customer_count == 0)
        return VG_OK;
    *ret = arena_alloc(arena, log->trace_names.count + (size_t)1, 1);
    if (!*ret)
        return err_memory(err);
    for (size_t i = 0; i < filter->customer_count; i++) {
        const char *name = filter->customers[i];
        uint32_t code = dict_find(&log->trace_names, str_from(name));
        if (code == UINT32_MAX) {
            err_set(err, VG_ERR_NOT_FOUND, NULL, _("the evidence has no customer \"%s\""),
                    name);
            return not_found(arena, &log->trace_names, name, err);
        }
        (*ret)[code] = 1;
    }
    return VG_OK;
}

/* ---- attributes, and the columns that can be asked like one ---- */

static str attribute_name(const void *ctx, size_t i)
{
    const struct vg_log *log = ctx;
    return str_from(log->attributes[i].name);
}

/* The column of that name and its dictionary; false: there is none. */
static bool column_named(const struct vg_log *log, const char *name,
                         struct where_code *ret, const struct dict **ret_dict)
{
    const struct {
        const char *name;
        const void *codes;
        size_t width;
        const struct dict *dict;
    } known[] = {{"activity", log->activity, 2, &log->activities},
                 {"channel", log->channel, 2, &log->channels},
                 {"touchpoint", log->touchpoint, 2, &log->touchpoints},
                 {"actor", log->actor, 4, &log->actors},
                 {"text", log->text, 4, &log->texts}};
    for (size_t i = 0; i < log->attribute_count; i++)
        if (strcmp(log->attributes[i].name, name) == 0) {
            *ret = (struct where_code){.codes = log->attributes[i].code, .width = 4};
            *ret_dict = &log->attributes[i].values;
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (known[i].codes && strcmp(known[i].name, name) == 0) {
            *ret = (struct where_code){.codes = known[i].codes, .width = known[i].width};
            *ret_dict = known[i].dict;
            return true;
        }
    return false;
}

/* A score is found by the bits it is stored as. */
static enum vg_code where_score(const struct vg_log *log,
                                const struct filter_where *where, struct where_code *ret,
                                struct vg_err *err)
{
    double value;
    bool comma = strchr(where->value, ',') != NULL;
    if (!str_to_double(str_from(where->value), comma, &value))
        return err_set(err, VG_ERR_NOT_FOUND, NULL,
                       _("\"%s\" is a score, and \"%s\" is no number"), where->attribute,
                       where->value);
    float score = (float)value;
    *ret = (struct where_code){.codes = log->score, .width = 4, .not = where->not };
    memcpy(&ret->code, &score, sizeof ret->code);
    return VG_OK;
}

/* Where no customer has been left out yet, all stay. */
static bool customers_all(struct arena *arena, const struct vg_log *log,
                          struct filter_codes *codes)
{
    size_t count = log->trace_names.count;
    if (codes->customer)
        return true;
    codes->customer = arena_alloc(arena, count + 1, 1);
    if (codes->customer)
        memset(codes->customer, 1, count);
    return codes->customer;
}

/* Whose journey it is, is no column of events: it is marked among the customers. */
static enum vg_code where_customer(struct arena *arena, const struct vg_log *log,
                                   const struct filter_where *where,
                                   struct filter_codes *codes, struct vg_err *err)
{
    const struct dict *dict = &log->trace_names;
    uint32_t code = dict_find(dict, str_from(where->value));
    if (code == UINT32_MAX) {
        err_set(err, VG_ERR_NOT_FOUND, NULL, _("the evidence has no customer \"%s\""),
                where->value);
        return not_found(arena, dict, where->value, err);
    }
    if (!customers_all(arena, log, codes))
        return err_memory(err);
    for (uint32_t i = 0; i < dict->count; i++)
        codes->customer[i] &= (i == code) != where->not ;
    return VG_OK;
}

/* Has the log ever had this? */
static bool is_there(const struct vg_log *log, const struct filter_where *where,
                     bool found, const struct dict *dict, struct where_code *ret)
{
    bool customer = !found && strcmp(where->attribute, "customer") == 0;
    bool score = !found && strcmp(where->attribute, "score") == 0 && log->score;
    dict = customer ? &log->trace_names : dict;
    bool there = score || ((found || customer) && dict &&
                           dict_find(dict, str_from(where->value)) != UINT32_MAX);
    if (!there)
        *ret = (struct where_code){0};
    return there;
}

static enum vg_code where_make(struct arena *arena, const struct vg_log *log,
                               const struct filter_where *where, struct where_code *ret,
                               struct filter_codes *codes, struct vg_err *err)
{
    const struct dict *dict = NULL;
    bool found = column_named(log, where->attribute, ret, &dict);
    if (where->not &&where->calm && !is_there(log, where, found, dict, ret))
        return VG_OK; /* width 0: nothing to look at */
    if (!found && strcmp(where->attribute, "customer") == 0)
        return where_customer(arena, log, where, codes, err);
    if (!found && strcmp(where->attribute, "score") == 0 && log->score)
        return where_score(log, where, ret, err);
    if (!found) {
        err_set(err, VG_ERR_NOT_FOUND, NULL, _("the evidence has no attribute \"%s\""),
                where->attribute);
        size_t near = near_find(arena, str_from(where->attribute), log->attribute_count,
                                attribute_name, log);
        if (near != SIZE_MAX)
            err_hint(err, _("perhaps \"%s\" is meant?"), log->attributes[near].name);
        return VG_ERR_NOT_FOUND;
    }
    ret->not = where->not ;
    ret->code = dict_find(dict, str_from(where->value));
    if (ret->code != UINT32_MAX)
        return VG_OK;
    err_set(err, VG_ERR_NOT_FOUND, NULL, _("\"%s\" is never \"%s\" in the evidence"),
            where->attribute, where->value);
    return not_found(arena, dict, where->value, err);
}

/* Of the customers that still stay, those with an event that has the value, in any part
 * of their journey; `not`: those without one. Costs one look at the column. */
static enum vg_code customers_where(struct arena *arena, const struct vg_log *log,
                                    const struct filter_where *where,
                                    struct filter_codes *codes, struct vg_err *err)
{
    struct where_code column = {0};
    enum vg_code code = where_make(arena, log, where, &column, codes, err);
    if (code != VG_OK || column.width == 0)
        return code;
    uint8_t *has = arena_alloc(arena, log->trace_names.count + (size_t)1, 1);
    if (!has || !customers_all(arena, log, codes))
        return err_memory(err);
    memset(has, 0, log->trace_names.count);
    for (size_t t = 0; t < log->traces; t++)
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            has[log->trace_name[t]] |=
                code_in(column.codes, column.width, row) == column.code;
    for (uint32_t i = 0; i < log->trace_names.count; i++)
        codes->customer[i] &= has[i] != column.not ;
    return VG_OK;
}

enum vg_code filter_codes_make(struct arena *arena, const struct vg_log *log,
                               const struct log_filter *filter, struct filter_codes *ret,
                               struct vg_err *err)
{
    struct filter_codes codes = {.filter = filter};
    codes.where = arena_array(arena, struct where_code, filter->where_count);
    if (!codes.where)
        return err_memory(err);
    enum vg_code code = activities_mark(arena, log, filter, &codes.activity, err);
    if (code == VG_OK)
        code = channels_mark(arena, log, filter, &codes.channel, err);
    if (code == VG_OK)
        code = customers_mark(arena, log, filter, &codes.customer, err);
    if (code == VG_OK)
        code = activity_codes(arena, log, filter->containing, filter->containing_count,
                              &codes.containing, err);
    if (code == VG_OK)
        code = activity_codes(arena, log, filter->missing, filter->missing_count,
                              &codes.missing, err);
    for (size_t i = 0; i < filter->where_count && code == VG_OK; i++)
        code = where_make(arena, log, &filter->where[i], &codes.where[i], &codes, err);
    for (size_t i = 0; i < filter->customers_where_count && code == VG_OK; i++)
        code = customers_where(arena, log, &filter->customers_where[i], &codes, err);
    if (code == VG_OK)
        *ret = codes;
    return code;
}
