/* All tables, joined; and finding a row by its path. Declared in serve/route.h. */
#include "serve/route.h"

#include "serve/tables.h"

#include <string.h>

static const struct route_table *const tables[] = {
    &routes_who,     &routes_people,  &routes_lists,    &routes_maps,  &routes_evidence,
    &routes_insight, &routes_improve, &routes_pictures, &routes_paths, &routes_care,
};

size_t route_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        count += tables[i]->count;
    return count;
}

const struct route *route_at(size_t i)
{
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        if (i < tables[t]->count)
            return &tables[t]->rows[i];
        i -= tables[t]->count;
    }
    return NULL;
}

/* ---- names ---- */

static const char *const ranks[] = {"", "reader", "editor", "owner"};
static const char *const methods[METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

const char *rank_name(enum rank rank)
{
    return ranks[rank];
}

bool rank_from_name(const char *name, enum rank *ret)
{
    for (unsigned i = RANK_READER; name && i < COUNT_OF(ranks); i++) {
        if (strcmp(ranks[i], name) == 0) {
            *ret = (enum rank)i;
            return true;
        }
    }
    return false;
}

const char *method_name(enum method method)
{
    return methods[method];
}

/* ---- finding ---- */

/* Does `path` fit the pattern? Fills the {…} of `ret`. A segment is never empty. */
static bool fits(const char *pattern, const char *path, struct route_found *ret)
{
    size_t params = 0;
    while (*pattern && *path) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t len = strcspn(path, "/.");
        const char *after = strchr(pattern, '}') + 1;
        if (*after != '.') /* {what}.{format} is cut at the dot, the rest at slashes */
            len = strcspn(path, "/");
        if (!len || params == ROUTE_PARAMS)
            return false;
        ret->param[params] = path;
        ret->param_len[params++] = len;
        path += len;
        pattern = after;
    }
    return !*pattern && !*path;
}

void route_find(enum method method, const char *path, struct route_found *ret)
{
    static const char below[] = "/api/v1";
    const char *in_api =
        strncmp(path, below, sizeof below - 1) == 0 ? path + sizeof below - 1 : NULL;
    *ret = (struct route_found){0};
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct route *row = &tables[t]->rows[i];
            struct route_found found = {.methods = ret->methods};
            const char *rest = row->flags & ROUTE_ROOT ? path : in_api;
            if (!rest || !fits(row->path, rest, &found))
                continue;
            ret->methods |= 1U << row->method;
            if (row->method != method || ret->route)
                continue;
            found.route = row;
            found.methods = ret->methods;
            *ret = found;
        }
    }
}

/* ---- fields that many routes share ---- */

const struct field filter_fields[] = {
    {"since", FIELD_TEXT},
    {"until", FIELD_TEXT},
    {"started-since", FIELD_TEXT},
    {"started-until", FIELD_TEXT},
    {"only-channel", FIELD_TEXTS},
    {"only-activity", FIELD_TEXTS},
    {"only-customer", FIELD_TEXTS},
    {"where", FIELD_TEXTS},
    {"customers-where", FIELD_TEXTS},
    {"containing", FIELD_TEXTS},
    {"missing", FIELD_TEXTS},
    {"longer-than", FIELD_TEXT},
    {"shorter-than", FIELD_TEXT},
    {"journey", FIELD_TEXT},
    {"pause", FIELD_TEXT},
    {"persona", FIELD_TEXT},
    {"saved", FIELD_TEXT},
    {0},
};

const struct field page_fields[] = {
    {"limit", FIELD_COUNT, .most = 500},
    {"after", FIELD_TEXT, .most = 1000},
    {0},
};
