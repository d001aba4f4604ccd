/* map_maker: a small map from one line of text, for unit tests.
 *
 *     struct vg_map *map = map_from_words("Search Offer? (Call@phone Order | Leave)
 * Ring*");
 *
 * A word is a step that matches the activity of that name: "?" optional, "*" repeatable,
 * "@channel" only on that channel, "+Other" also that activity. Parentheses hold a
 * choice, its branches parted by "|". Ids are s1, s2 … Fails the test when something is
 * wrong. */
#ifndef TESTS_MAP_MAKER_H
#define TESTS_MAP_MAKER_H

#include "check.h"

#include "map/map.h"

#include <ctype.h>
#include <stdio.h>

static inline json_t *map_maker_match(str activity)
{
    str channel = activity;
    activity = str_cut(&channel, '@');
    json_t *name = json_stringn(activity.ptr, activity.len);
    if (!channel.ptr)
        return name;
    return json_pack("{s:o, s:o}", "activity", name, "channel",
                     json_stringn(channel.ptr, channel.len));
}

static inline json_t *map_maker_step(str word, size_t number, int group, int branch)
{
    char id[32], text[32];
    bool optional = false, repeatable = false;
    for (; word.len && strchr("?*", word.ptr[word.len - 1]); word.len--) {
        optional |= word.ptr[word.len - 1] == '?';
        repeatable |= word.ptr[word.len - 1] == '*';
    }
    snprintf(id, sizeof id, "s%zu", number);
    json_t *match = json_array(), *step = json_object();
    json_object_set_new(step, "id", json_string(id));
    json_object_set_new(step, "title",
                        json_stringn(word.ptr, strcspn(word.ptr, "?*@+ ")));
    json_object_set_new(step, "optional", json_boolean(optional));
    json_object_set_new(step, "repeatable", json_boolean(repeatable));
    if (group) {
        snprintf(id, sizeof id, "c%d", group);
        snprintf(text, sizeof text, "b%d", branch);
        json_object_set_new(step, "choice",
                            json_pack("{s:s, s:s}", "group", id, "branch", text));
    }
    for (str rest = word; rest.ptr;)
        json_array_append_new(match, map_maker_match(str_cut(&rest, '+')));
    json_object_set_new(step, "match", match);
    return step;
}

static inline struct vg_map *map_from_words(const char *words)
{
    json_t *steps = json_array();
    size_t number = 0;
    int group = 0, branch = 0, groups = 0;
    for (const char *at = words; *at;) {
        size_t length = strcspn(at, " ()|");
        if (length)
            json_array_append_new(
                steps, map_maker_step((str){at, length}, ++number, group, branch));
        at += length;
        if (*at == '(')
            group = ++groups;
        if (*at == ')')
            group = 0;
        if (*at == '|')
            branch++;
        at += *at != 0;
    }
    json_t *json = json_pack("{s:i, s:s, s:[{s:s, s:s, s:o}]}", "format", 1, "title",
                             words[0] ? words : "-", "phases", "id", "p", "title",
                             "Phase", "steps", steps);
    struct vg_map *map = NULL;
    struct vg_err err = {0};
    assert_ok(map_from_json(json, "words", &map, &err));
    json_decref(json);
    return map;
}

#endif
