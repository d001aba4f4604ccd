/* Declared in app/columns.h. */
#include "app/columns.h"

#include "base/lang.h"
#include "text/time_zone.h"

#include <string.h>

const char *const columns_names[] = {
    "customer", "activity",  "time",       "channel",   "touchpoint",
    "actor",    "text",      "score",      "source-id", "activity-name",
    "scale",    "zone",      "date-order", "encoding",  "delimiter",
    "sheet",    "attribute", "fill-down",  NULL};

/* Those that name the column of a role. */
static const struct {
    const char *name;
    enum role role;
} roles[] = {{"customer", ROLE_CUSTOMER},
             {"activity", ROLE_ACTIVITY},
             {"time", ROLE_TIME},
             {"channel", ROLE_CHANNEL},
             {"touchpoint", ROLE_TOUCHPOINT},
             {"actor", ROLE_ACTOR},
             {"text", ROLE_TEXT},
             {"score", ROLE_SCORE},
             {"source-id", ROLE_SOURCE_ID}};

static enum vg_code bad(const struct pair *pair, const char *hint, struct vg_err *err)
{
    err_set(err, VG_ERR_USAGE, pair->name, _("this cannot be \"%s\""), pair->value);
    return err_hint(err, "%s", hint), VG_ERR_USAGE;
}

static enum vg_code read_scale(const struct pair *pair, struct read_options *ret,
                               struct vg_err *err)
{
    static const char *const names[] = {"", "stars", "nps", "csat", "ces", "valence"};
    for (size_t i = 1; i < COUNT_OF(names); i++)
        if (strcmp(names[i], pair->value) == 0) {
            ret->scale = (enum score_scale)i;
            return VG_OK;
        }
    return bad(pair, "stars, nps, csat, ces, valence", err);
}

static enum vg_code read_delimiter(const struct pair *pair, struct read_options *ret,
                                   struct vg_err *err)
{
    const char *text = pair->value;
    bool tab = strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0;
    ret->delimiter = tab ? '\t' : text[0];
    bool one = tab || (text[0] && !text[1] && text[0] != '"' && text[0] != '\n');
    return one ? VG_OK : bad(pair, _("give one character, or tab"), err);
}

static enum vg_code read_zone(struct arena *arena, const struct pair *pair,
                              struct read_options *ret, struct vg_err *err)
{
    const struct time_zone *zone = NULL;
    ret->zone = pair->value;
    return time_zone_open(arena, pair->value, &zone, err);
}

static enum vg_code read_other(struct arena *arena, const struct pair *pair,
                               struct read_options *ret, struct vg_err *err)
{
    const char *name = pair->name, *value = pair->value;
    if (strcmp(name, "activity-name") == 0)
        ret->activity_fixed = value;
    else if (strcmp(name, "encoding") == 0)
        ret->encoding = value;
    else if (strcmp(name, "sheet") == 0)
        ret->sheet = value;
    else if (strcmp(name, "scale") == 0)
        return read_scale(pair, ret, err);
    else if (strcmp(name, "zone") == 0)
        return read_zone(arena, pair, ret, err);
    else if (strcmp(name, "delimiter") == 0)
        return read_delimiter(pair, ret, err);
    else if (strcmp(name, "date-order") == 0) {
        if (strcmp(value, "dmy") != 0 && strcmp(value, "mdy") != 0)
            return bad(pair, "dmy, mdy", err);
        ret->date_order = value[0];
    }
    return VG_OK;
}

enum vg_code columns_read(struct arena *arena, const struct pair *pairs, size_t count,
                          struct read_options *ret, struct vg_err *err)
{
    const char **times = arena_array(arena, const char *, count + 1);
    const char **kept = arena_array(arena, const char *, count + 1);
    const char **filled = arena_array(arena, const char *, count + 1);
    size_t time_count = 0, kept_count = 0, filled_count = 0;
    struct read_options read = {0};
    enum vg_code code = times && kept && filled ? VG_OK : err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        bool is_role = false;
        if (!pairs[i].value[0])
            continue;
        for (size_t r = 0; r < COUNT_OF(roles); r++)
            if (strcmp(roles[r].name, pairs[i].name) == 0) {
                read.column[roles[r].role] = pairs[i].value;
                is_role = true;
            }
        if (strcmp(pairs[i].name, "time") == 0)
            times[time_count++] = pairs[i].value;
        if (strcmp(pairs[i].name, "attribute") == 0)
            kept[kept_count++] = pairs[i].value;
        if (strcmp(pairs[i].name, "fill-down") == 0)
            filled[filled_count++] = pairs[i].value;
        if (!is_role)
            code = read_other(arena, &pairs[i], &read, err);
    }
    if (code != VG_OK)
        return code;
    /* One column alone is the role's; several are an event each. */
    if (time_count > 1) {
        read.column[ROLE_TIME] = NULL;
        read.times = times;
        read.time_count = time_count;
    }
    read.attributes = kept;
    read.attribute_count = kept_count;
    read.fill_down = filled;
    read.fill_down_count = filled_count;
    *ret = read;
    return VG_OK;
}
