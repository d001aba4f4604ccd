/* Rules that go on enrolling whoever comes to fit them. Declared in app/paths.h. */
#include "app/paths.h"

#include "app/json.h"
#include "base/lang.h"
#include "store/maps.h"
#include "store/rules.h"

#include <string.h>

enum vg_code rules_keep(struct store *store, struct arena *arena, const char *map,
                        const struct pair *pairs, size_t count, const char **ret,
                        struct vg_err *err)
{
    struct buf text = {0};
    char id[STORE_ID_BYTES] = "";
    json_t *list = json_array();
    for (size_t i = 0; list && i < count; i++)
        if (json_array_append_new(list, json_pack("[o, o]", json_text(pairs[i].name),
                                                  json_text(pairs[i].value))) != 0) {
            json_decref(list);
            list = NULL;
        }
    enum vg_code code = list ? json_write_compact(list, &text, err) : err_memory(err);
    if (code == VG_OK)
        code = enrol_rule_add(store, map, buf_str(&text).ptr, id, err);
    if (code == VG_OK && !(*ret = arena_text(arena, str_from(id))))
        code = err_memory(err);
    json_decref(list);
    buf_free(&text);
    return code;
}

static enum vg_code read_rule(struct arena *arena, const char *rule, struct pair **ret,
                              size_t *ret_count, struct vg_err *err)
{
    json_t *list = NULL;
    enum vg_code code =
        json_read(str_from(rule), "rule", LIMIT_ENROL_RULE_BYTES, &list, err);
    size_t count = json_array_size(list);
    struct pair *pairs = arena_array(arena, struct pair, count + 1);
    if (code == VG_OK && !pairs)
        code = err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        const json_t *one = json_array_get(list, i);
        const char *name = json_string_value(json_array_get(one, 0)),
                   *value = json_string_value(json_array_get(one, 1));
        pairs[i].name = arena_text(arena, str_from(name ? name : ""));
        pairs[i].value = arena_text(arena, str_from(value ? value : ""));
        if (!pairs[i].name || !pairs[i].value)
            code = err_memory(err);
        else if (!question_knows(pairs[i].name)) /* it would find everybody */
            code = err_set(err, VG_ERR_INPUT, pairs[i].name, "%s",
                           _("this is no part of a filter"));
    }
    json_decref(list);
    *ret = pairs;
    *ret_count = count;
    return code;
}

static void add_escaped(struct buf *out, const char *text)
{
    for (; *text; text++) {
        bool plain = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                            "0123456789-_.~",
                            *text) != NULL;
        if (plain)
            buf_char(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

const char *rules_query(struct arena *arena, const char *rule)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    struct buf out = {0};
    struct vg_err ignored = {0};
    if (read_rule(arena, rule, &pairs, &count, &ignored) != VG_OK)
        return "";
    for (size_t i = 0; i < count; i++) {
        buf_text(&out, i ? "&" : "");
        add_escaped(&out, pairs[i].name);
        buf_char(&out, '=');
        add_escaped(&out, pairs[i].value);
    }
    const char *ret = out.failed ? NULL : arena_text(arena, buf_str(&out));
    buf_free(&out);
    return ret;
}

/* ---- asking them ---- */

static enum vg_code ask(struct app_cache *cache, struct store *store, struct arena *arena,
                        const struct enrol_rule *rule, struct enrolled *ret,
                        struct vg_err *err)
{
    struct pair *pairs = NULL;
    size_t count = 0;
    struct question question;
    struct held *held = NULL;
    const struct vg_map map = {.id = rule->map};
    enum vg_code code = read_rule(arena, rule->rule, &pairs, &count, err);
    if (code == VG_OK)
        code = question_read(store, arena, pairs, count, &question, err);
    if (code == VG_OK)
        code = cache_evidence(cache, store, &question, false, &held, err);
    if (code == VG_OK)
        code = enrol_log(store, arena, &map, held_evidence(held)->log, false, ret, err);
    held_release(held);
    return code;
}

static bool finds_nobody(enum vg_code code)
{
    return code == VG_ERR_NOT_FOUND || code == VG_ERR_USAGE || code == VG_ERR_INPUT;
}

static void came_onto(struct rules_done *done, const char *map, size_t added)
{
    bool known = false;
    for (size_t i = 0; i < done->map_count; i++)
        known |= strcmp(done->maps[i], map) == 0;
    if (added && !known)
        done->maps[done->map_count++] = map;
    done->added += added;
}

enum vg_code rules_apply(struct app_cache *cache, struct store *store,
                         struct arena *arena, struct rules_done *ret, struct vg_err *err)
{
    struct enrol_rule *rules = NULL;
    size_t count = 0;
    int64_t version = 0;
    enum vg_code code = enrol_rule_list(store, arena, NULL, &rules, &count, err);
    if (code == VG_OK)
        code = store_evidence_version(store, &version, err);
    struct rules_done done = {.maps = arena_array(arena, const char *, count + 1)};
    if (code == VG_OK && !done.maps)
        code = err_memory(err);
    for (size_t i = 0; code == VG_OK && i < count; i++) {
        struct enrolled enrolled = {0};
        struct vg_err why = {0};
        if (rules[i].seen_version == version)
            continue;
        code = ask(cache, store, arena, &rules[i], &enrolled, &why);
        if (code != VG_OK && !finds_nobody(code) && err)
            *err = why;
        if (finds_nobody(code))
            code = VG_OK;
        came_onto(&done, rules[i].map, enrolled.added);
        if (code == VG_OK)
            code = enrol_rule_seen(store, rules[i].id, version, err);
    }
    if (code == VG_OK)
        *ret = done;
    return code;
}
