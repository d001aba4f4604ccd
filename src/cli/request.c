/* From words to a request. Declared in cli/request.h. */
#include "cli/request.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool texts_add(struct arena *arena, struct texts *texts, const char *text)
{
    const char **items =
        arena_grow(arena, texts->items, texts->count, &texts->capacity, sizeof *items);
    if (!items)
        return false;
    texts->items = items;
    items[texts->count++] = text;
    return true;
}

static const struct option_row *find_row(const struct verb *verb, str name, char letter)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (!(rows[i].groups & verb->groups))
            continue;
        if (letter ? rows[i].letter == letter : str_equal(str_from(rows[i].name), name))
            return &rows[i];
    }
    return NULL;
}

static enum vg_code unknown_option(const struct verb *verb, const char *word, str name,
                                   struct vg_err *err)
{
    size_t count, mine = 0;
    const struct option_row *rows = option_rows(&count);
    const char *names[128];
    for (size_t i = 0; i < count && mine < COUNT_OF(names); i++)
        if (rows[i].groups & verb->groups)
            names[mine++] = rows[i].name;
    char plain[64];
    snprintf(plain, sizeof plain, "%.*s", (int)(name.len < 63 ? name.len : 63), name.ptr);
    const char *near = nearest_name(plain, names, mine);
    err_set(err, VG_ERR_USAGE, NULL, _("%s has no option %s"), verb->name, word);
    if (near)
        return err_hint(err, _("did you mean --%s?"), near);
    return err_hint(err, _("viaggio %s --help lists its options"), verb->name);
}

static enum vg_code bad_value(const struct option_row *row, const char *value,
                              const char *hint, struct vg_err *err)
{
    err_set(err, VG_ERR_USAGE, NULL, _("--%s cannot be \"%s\""), row->name, value);
    return err_hint(err, "%s", hint);
}

static bool is_choice(const char *choices, const char *value)
{
    str left = str_from(choices);
    while (left.ptr)
        if (str_equal(str_cut(&left, '|'), str_from(value)))
            return true;
    return false;
}

static bool share_read(const char *text, double *ret)
{
    str all = str_trim(str_from(text));
    bool percent = str_ends(all, STR("%"));
    double value;
    if (percent)
        all.len--;
    if (!str_to_double(str_trim(all), memchr(all.ptr, ',', all.len) != NULL, &value))
        return false;
    if (percent || value > 1)
        value /= 100;
    *ret = value;
    return value >= 0 && value <= 1;
}

/* Put a value into the request. */
static enum vg_code take_value(struct arena *arena, const struct option_row *row,
                               const char *value, struct request *request,
                               struct vg_err *err)
{
    char *at = (char *)request + row->at;
    int64_t number;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)(void *)at = true;
        return VG_OK;
    case OPTION_TEXT:
        *(const char **)(void *)at = value;
        return VG_OK;
    case OPTION_LIST:
        return texts_add(arena, (struct texts *)(void *)at, value) ? VG_OK
                                                                   : err_memory(err);
    case OPTION_COUNT:
        if (!str_to_i64(str_from(value), &number) || number < 0)
            return bad_value(row, value, _("give a whole number, 0 or more"), err);
        *(size_t *)(void *)at = (size_t)number;
        return VG_OK;
    case OPTION_DURATION:
    case OPTION_SPAN:
        if (!duration_read(value, (double *)(void *)at) ||
            (row->kind == OPTION_SPAN && !(*(double *)(void *)at > 0)))
            return bad_value(
                row, value, _("give a number with its unit: 90s, 15m, 4h, 30d, 2w"), err);
        return VG_OK;
    case OPTION_SHARE:
        if (!share_read(value, (double *)(void *)at))
            return bad_value(row, value, _("give a share from 0 to 100%"), err);
        return VG_OK;
    case OPTION_CHOICE:
        if (!is_choice(row->choices, value))
            return bad_value(row, value, row->choices, err);
        *(const char **)(void *)at = value;
        return VG_OK;
    }
    return VG_OK;
}

struct words {
    char **items;
    size_t count, next;
};

/* "--name", "--name=value", "--name value". */
static enum vg_code read_long(struct arena *arena, struct words *words,
                              struct request *request, struct vg_err *err)
{
    const char *word = words->items[words->next++];
    const char *equals = strchr(word, '=');
    str name = {word + 2, equals ? (size_t)(equals - word) - 2 : strlen(word) - 2};
    const struct option_row *row = find_row(request->verb, name, 0);
    if (!row)
        return unknown_option(request->verb, word, name, err);
    const char *value = equals ? equals + 1 : NULL;
    if (row->kind == OPTION_FLAG && value)
        return err_set(err, VG_ERR_USAGE, NULL, _("--%s takes no value"), row->name);
    if (row->kind != OPTION_FLAG && !value) {
        if (words->next == words->count)
            return err_set(err, VG_ERR_USAGE, NULL, _("--%s wants a value: %s"),
                           row->name, _(row->argument));
        value = words->items[words->next++];
    }
    if (row->at == offsetof(struct request, top))
        request->top_given = true;
    return take_value(arena, row, value, request, err);
}

/* "-o value", "-ovalue". */
static enum vg_code read_short(struct arena *arena, struct words *words,
                               struct request *request, struct vg_err *err)
{
    const char *word = words->items[words->next++];
    const struct option_row *row = find_row(request->verb, (str){0}, word[1]);
    if (!row || (row->kind == OPTION_FLAG && word[2]))
        return unknown_option(request->verb, word, str_from(word + 1), err);
    const char *value = word[2] ? word + 2 : NULL;
    if (row->kind != OPTION_FLAG && !value) {
        if (words->next == words->count)
            return err_set(err, VG_ERR_USAGE, NULL, _("-%c wants a value: %s"),
                           row->letter, _(row->argument));
        value = words->items[words->next++];
    }
    return take_value(arena, row, value, request, err);
}

static enum vg_code check_count(const struct request *request, struct vg_err *err)
{
    const struct verb *verb = request->verb;
    size_t given = request->arguments.count;
    if (request->help)
        return VG_OK;
    if (given > verb->most)
        return err_set(err, VG_ERR_USAGE, NULL,
                       _("%s does not know what to do with \"%s\""), verb->name,
                       request->arguments.items[verb->most]);
    if (request->json && request->table)
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("--json and --table are two answers: ask for one"));
    size_t evidence = request->evidence.count;
    /* A data file is evidence to those who read it. */
    if (request->workspace && (verb->groups & FOR_READING) && !evidence)
        evidence = 1;
    /* Pictures are drawn from a map alone, too. */
    if (request->map && (verb->groups & (FOR_RENDER | FOR_PLAN)))
        evidence++;
    if (given + evidence < verb->least && !request->rules) {
        err_set(err, VG_ERR_USAGE, NULL, _("%s wants more: %s"), verb->name,
                _(verb->arguments));
        return err_hint(err, _("viaggio %s --help shows an example"), verb->name);
    }
    return VG_OK;
}

enum vg_code request_read(struct arena *arena, const struct verb *verb, char **words,
                          size_t count, struct request *ret, struct vg_err *err)
{
    *ret = (struct request){.verb = verb,
                            .longer_than_s = NAN,
                            .shorter_than_s = NAN,
                            .detail = NAN,
                            .quantile = NAN,
                            .top = 10};
    struct words list = {words, count, 0};
    enum vg_code code = VG_OK;
    bool only_arguments = false;
    while (code == VG_OK && list.next < list.count) {
        const char *word = list.items[list.next];
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
            list.next++;
        } else if (!only_arguments && word[0] == '-' && word[1] == '-') {
            code = read_long(arena, &list, ret, err);
        } else if (!only_arguments && word[0] == '-' && word[1]) {
            code = read_short(arena, &list, ret, err);
        } else {
            list.next++;
            code = texts_add(arena, &ret->arguments, word) ? VG_OK : err_memory(err);
        }
    }
    return code != VG_OK ? code : check_count(ret, err);
}
