#include "map/check.h"

#include "map/check_list.h"

#include <stdlib.h>

extern const unsigned char words_inside_out_it[], words_inside_out_en[], words_channel[],
    words_vague[], words_digital[], words_crowd[];
extern const size_t words_inside_out_it_len, words_inside_out_en_len, words_channel_len,
    words_vague_len, words_digital_len, words_crowd_len;

static const struct map_rule rules[] = {
    {"no-persona", SEVERITY_ERROR, N_("a map without a protagonist")},
    {"crowded-persona", SEVERITY_WARNING, N_("one map that tries to be everybody’s")},
    {"no-objective", SEVERITY_ERROR, N_("it is not said why the map is drawn")},
    {"objective-not-measurable", SEVERITY_WARNING,
     N_("no metric, no target, no date, or a target no one ever reached")},
    {"no-start", SEVERITY_WARNING, N_("it is not said where the journey begins")},
    {"no-arrival", SEVERITY_WARNING, N_("it is not said where the journey leads")},
    {"inside-out", SEVERITY_WARNING,
     N_("a step told as the company’s procedure, not as what the customer lives")},
    {"no-doing", SEVERITY_ERROR, N_("nothing on what the customer does")},
    {"no-thinking", SEVERITY_WARNING, N_("nothing on what the customer thinks")},
    {"no-feeling", SEVERITY_ERROR, N_("nothing on what the customer feels")},
    {"all-rosy", SEVERITY_WARNING, N_("a curve of feelings without one low point")},
    {"vague-touchpoint", SEVERITY_WARNING,
     N_("a touchpoint that could be anything: which number, which desk, a machine or a "
        "person?")},
    {"touchpoint-is-channel", SEVERITY_WARNING,
     N_("a channel’s name where an interaction belongs")},
    {"digital-only", SEVERITY_WARNING,
     N_("only web, mail and social, as if the customer never rang or walked in")},
    {"one-department", SEVERITY_WARNING, N_("one point of view at the table")},
    {"no-customer", SEVERITY_WARNING, N_("nobody from outside at the table")},
    {"mixed-levels", SEVERITY_WARNING,
     N_("operational staff and their superiors in one session")},
    {"no-sponsor", SEVERITY_WARNING,
     N_("no commitment from the top to act on what comes out")},
    {"no-action", SEVERITY_WARNING,
     N_("the map as the finish line: pains, and no action")},
    {"late-action", SEVERITY_WARNING, N_("an action whose date has passed")},
    {"orphan-pain", SEVERITY_WARNING, N_("a pain that nobody takes care of")},
    {"phase-without-milestone", SEVERITY_WARNING,
     N_("in a success path, a phase without a gate to reach")},
    {"no-evidence", SEVERITY_WARNING, N_("a step that no evidence can speak of")},
    {"stale-evidence", SEVERITY_WARNING, N_("a map, or its evidence, gone out of date")},
    {"believed-not-seen", SEVERITY_WARNING,
     N_("a step that was believed and that nobody was seen at")},
};

const struct map_rule *map_rules(size_t *ret_count)
{
    *ret_count = COUNT_OF(rules);
    return rules;
}

enum vg_code finding_add(struct checking *checking, const char *rule,
                         enum severity severity, struct subject subject,
                         const char *sentence, const char *remedy)
{
    struct map_finding *items =
        arena_grow(checking->arena, checking->items, checking->count, &checking->capacity,
                   sizeof(*checking->items));
    if (items == NULL || sentence == NULL)
        return err_memory(checking->err);
    checking->items = items;
    items[checking->count++] = (struct map_finding){.rule = rule,
                                                    .severity = severity,
                                                    .where = subject.id,
                                                    .about = subject.about,
                                                    .title = subject.title,
                                                    .sentence = sentence,
                                                    .remedy = remedy};
    return VG_OK;
}

static enum vg_code read_words(struct checking *checking, str words, const char *name)
{
    const struct {
        const unsigned char *bytes;
        size_t len;
        const char *lang, *name;
        struct words *words;
    } lists[] = {
        {words_inside_out_it, words_inside_out_it_len, "it", "inside-out.it.txt",
         &checking->inside_out},
        {words_inside_out_en, words_inside_out_en_len, "en", "inside-out.en.txt",
         &checking->inside_out},
        {words_channel, words_channel_len, "", "channel.txt", &checking->channel},
        {words_vague, words_vague_len, "", "vague-touchpoint.txt", &checking->vague},
        {words_digital, words_digital_len, "", "digital-channel.txt", &checking->digital},
        {words_crowd, words_crowd_len, "", "crowded-persona.txt", &checking->crowd},
    };
    const char *lang = checking->map->lang; /* "it", "it-IT", or "": both lists */
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (lang[0] == 0 || strncmp(lang, lists[i].lang, strlen(lists[i].lang)) == 0)
            TRY(words_read(checking->arena,
                           (str){(const char *)lists[i].bytes, lists[i].len},
                           lists[i].name, lists[i].words, checking->err));
    if (words.ptr)
        TRY(words_read(checking->arena, words, name, &checking->inside_out,
                       checking->err));
    return VG_OK;
}

/* Errors first; otherwise as they were found, which is the order of the map. */
static void put_errors_first(const struct checking *checking, struct map_finding *ret)
{
    size_t count = 0;
    for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
        for (size_t i = 0; i < checking->count; i++)
            if ((int)checking->items[i].severity == severity)
                ret[count++] = checking->items[i];
}

enum vg_code map_check_with(struct arena *arena, const struct vg_map *map,
                            const struct map_facts *facts, int64_t now_us, str words,
                            const char *name, struct map_findings *ret,
                            struct vg_err *err)
{
    struct checking checking = {
        .arena = arena, .map = map, .facts = facts, .now_us = now_us, .err = err};
    TRY(read_words(&checking, words, name));
    TRY(check_persona(&checking));
    TRY(check_objective(&checking));
    TRY(check_lanes(&checking));
    TRY(check_sessions(&checking));
    TRY(check_steps(&checking));
    TRY(check_actions(&checking));
    struct map_finding *sorted = arena_array(arena, struct map_finding, checking.count);
    if (sorted == NULL && checking.count > 0)
        return err_memory(err);
    put_errors_first(&checking, sorted);
    *ret = (struct map_findings){sorted, checking.count};
    return VG_OK;
}

enum vg_code map_check(struct arena *arena, const struct vg_map *map,
                       const struct map_facts *facts, int64_t now_us,
                       struct map_findings *ret, struct vg_err *err)
{
    return map_check_with(arena, map, facts, now_us, (str){0}, "", ret, err);
}
