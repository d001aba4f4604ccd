#include "log/read_where.h"

#include "base/lang.h"
#include "log/names.h"

bool where_is_own(const char *name)
{
    static const enum role own[] = {ROLE_CUSTOMER,   ROLE_ACTIVITY, ROLE_CHANNEL,
                                    ROLE_TOUCHPOINT, ROLE_ACTOR,    ROLE_TEXT,
                                    ROLE_SCORE};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (strcmp(role_name(own[i]), name) == 0)
            return true;
    return false;
}

/* The file's column of that name, or NULL. */
static const struct read_column *
column_named(struct arena *arena, const struct read_file *file, const char *name)
{
    int64_t place;
    if (name[0] == '#' && str_to_i64(str_from(name + 1), &place))
        return place >= 1 && (uint64_t)place <= file->column_count
                   ? &file->columns[place - 1]
                   : NULL;
    for (size_t i = 0; i < file->column_count; i++)
        if (strcmp(file->columns[i].name, name) == 0)
            return &file->columns[i];
    str plain = name_plain(arena, str_from(name));
    for (size_t i = 0; i < file->column_count && plain.len; i++)
        if (str_equal(name_plain(arena, str_from(file->columns[i].name)), plain))
            return &file->columns[i];
    return NULL;
}

static enum vg_code is_time(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_USAGE, NULL, _("\"%s\" says when it happened"), name);
    return err_hint(err, "%s", _("ask for a period with --since and --until"));
}

static enum vg_code name_in_log(struct arena *arena, const struct read_report *report,
                                const char *name, const char **ret, struct vg_err *err)
{
    for (size_t f = 0; f < report->file_count; f++) {
        const struct read_column *column = column_named(arena, &report->files[f], name);
        if (!column || column->role == ROLE_IGNORE)
            continue;
        if (column->role == ROLE_TIME)
            return is_time(name, err);
        *ret = column->role == ROLE_ATTRIBUTE ? column->name : role_name(column->role);
        return VG_OK;
    }
    return VG_OK;
}

/* One list of conditions with the log's names, in place of the one it points at. */
static enum vg_code names_in_log(struct arena *arena, const struct read_report *report,
                                 const struct filter_where **list, size_t count,
                                 struct vg_err *err)
{
    struct filter_where *where = arena_array(arena, struct filter_where, count + 1);
    enum vg_code code = where ? VG_OK : err_memory(err);
    for (size_t i = 0; i < count && code == VG_OK; i++) {
        where[i] = (*list)[i];
        code = name_in_log(arena, report, where[i].attribute, &where[i].attribute, err);
    }
    if (code == VG_OK)
        *list = where;
    return code;
}

enum vg_code read_where(struct arena *arena, const struct read_report *report,
                        struct log_filter *filter, struct vg_err *err)
{
    enum vg_code code =
        names_in_log(arena, report, &filter->where, filter->where_count, err);
    return code != VG_OK ? code
                         : names_in_log(arena, report, &filter->customers_where,
                                        filter->customers_where_count, err);
}
