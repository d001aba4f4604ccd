/* viaggio draft, check, diff, convert: maps as documents. */
#include "app/convert.h"
#include "app/json.h"
#include "app/study.h"
#include "app/workspace.h"
#include "cli/run.h"
#include "map/diff.h"
#include "text/whole.h"

#include <string.h>

static enum vg_code open_map(struct run *run, const char *path, struct vg_map **ret,
                             struct vg_err *err)
{
    struct map_texts notes = {0};
    enum vg_code code = workspace_map(run->request.workspace, path, ret, &notes, err);
    for (size_t i = 0; code == VG_OK && i < notes.count; i++)
        run_remark(run, "viaggio: %s: %s", path, notes.items[i]);
    return code;
}

static enum vg_code write_map(struct run *run, const struct vg_map *map,
                              enum map_format format, struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code = map_write_as(map, format, &text, err);
    if (code == VG_OK)
        code = file_write(run->request.out, buf_str(&text), err);
    buf_free(&text);
    return code;
}

/* What --to or the name after --out says; JSON otherwise. */
static enum vg_code choose_format(const struct request *request, enum map_format *ret,
                                  struct vg_err *err)
{
    *ret = MAP_JSON;
    if (request->format && !map_format_from_text(request->format, ret))
        return err_set(err, VG_ERR_USAGE, NULL, _("there is no format \"%s\""),
                       request->format);
    if (request->format || !request->out || strcmp(request->out, "-") == 0 ||
        map_format_from_text(request->out, ret))
        return VG_OK;
    err_set(err, VG_ERR_USAGE, request->out, "%s", _("the name says no format of a map"));
    return err_hint(err, "%s", _("end it in .json, .mmd, .md or .csv, or use --to"));
}

enum vg_code verb_draft(struct run *run, struct vg_err *err)
{
    struct vg_map *map = NULL;
    enum map_format format = MAP_JSON;
    enum vg_code code = choose_format(&run->request, &format, err);
    if (code == VG_OK)
        code = run_evidence(run, err);
    if (code == VG_OK)
        code = draft_mine(run->evidence.log, &map, err);
    if (code == VG_OK)
        code = write_map(run, map, format, err);
    if (code == VG_OK && run->request.out)
        run_remark(run, _("%s: a draft, to be discussed with people"), run->request.out);
    map_close(map);
    return code;
}

/* ---- check ---- */

static const char *severity_text(enum severity severity)
{
    static const char *const texts[] = {N_("note"), N_("warning"), N_("error")};
    return _(texts[severity]);
}

static enum vg_code print_rules(struct run *run, struct vg_err *err)
{
    static const struct column columns[] = {
        {"rule", NC_("table", "rule"), CELL_TEXT, TONE_STRONG},
        {"severity", NC_("table", "weight"), CELL_TEXT, TONE_AMBER},
        {"catches", NC_("table", "what it catches"), CELL_TEXT, TONE_PLAIN},
    };
    size_t count;
    const struct map_rule *rules = map_rules(&count);
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count; i++) {
        table_text(&table, rules[i].name);
        table_text(&table, run->screen.people ? severity_text(rules[i].severity)
                                              : severity_name(rules[i].severity));
        table_text(&table, _(rules[i].catches));
    }
    return table_print(&table, &run->screen, err);
}

static enum vg_code print_checks(struct run *run, const char *path,
                                 const struct map_findings *checks, struct vg_err *err)
{
    static const struct column columns[] = {
        {"map", NULL, CELL_TEXT, TONE_PLAIN},    {"severity", "", CELL_TEXT, TONE_PLAIN},
        {"rule", "", CELL_TEXT, TONE_PLAIN},     {"where", "", CELL_TEXT, TONE_PLAIN},
        {"sentence", "", CELL_TEXT, TONE_PLAIN}, {"remedy", "", CELL_TEXT, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    screen_say(&run->screen, TONE_STRONG, "%s", path);
    for (size_t i = 0; i < checks->count; i++) {
        const struct map_finding *item = &checks->items[i];
        enum tone tone = item->severity == SEVERITY_ERROR     ? TONE_RED
                         : item->severity == SEVERITY_WARNING ? TONE_AMBER
                                                              : TONE_QUIET;
        screen_line(&run->screen);
        screen_say(&run->screen, tone, "%s: %s%s%s", severity_text(item->severity),
                   item->rule, item->title[0] ? " \u00B7 " : "", item->title);
        screen_say(&run->screen, TONE_PLAIN, "  %s", item->sentence);
        screen_say(&run->screen, TONE_QUIET, "  %s", item->remedy);
        const char *cells[] = {path,           severity_name(item->severity),
                               item->rule,     item->where,
                               item->sentence, item->remedy};
        for (size_t c = 0; c < COUNT_OF(cells); c++)
            table_text(&table, cells[c]);
    }
    if (!checks->count)
        screen_say(&run->screen, TONE_GREEN, "%s", _("none of the known mistakes"));
    screen_line(&run->screen);
    return run->screen.people ? VG_OK : table_print(&table, &run->screen, err);
}

/* Hold one map against the rules, with the evidence when there is some. */
static enum vg_code check_one(struct run *run, const char *path, str words, json_t *maps,
                              struct vg_err *err)
{
    struct vg_map *map = NULL, *draft = NULL;
    struct study study = {0};
    enum vg_code code = open_map(run, path, &map, err);
    if (code == VG_OK && run->evidence.log)
        code = run_about(run, map, err);
    struct study_options options = {.evidence = run->evidence.log ? &run->evidence : NULL,
                                    .map = map,
                                    .words = words,
                                    .words_name = run->request.words,
                                    .progress = &run->progress};
    if (code == VG_OK)
        code = request_today(&run->request, &options.now_us, err);
    if (code == VG_OK)
        code = study_fill(run->arena, &options, &study, &draft, err);
    for (size_t i = 0; code == VG_OK && i < study.checks.count; i++)
        run->says_no |= study.checks.items[i].severity == SEVERITY_ERROR;
    if (code == VG_OK && maps) {
        json_t *one = json_pack("{s:o, s:o}", "map", json_text(path), "findings",
                                checks_to_json(&study.checks));
        code = json_array_append_new(maps, one) == 0 ? VG_OK : err_memory(err);
    } else if (code == VG_OK) {
        code = print_checks(run, path, &study.checks, err);
    }
    map_close(draft);
    map_close(map);
    run_everybody(run);
    return code;
}

/* The positional files of check are maps; evidence comes by its option alone. */
static void take_arguments(struct request *request, struct texts *ret)
{
    *ret = request->arguments;
    request->arguments = (struct texts){0};
}

enum vg_code verb_check(struct run *run, struct vg_err *err)
{
    struct request *request = &run->request;
    struct buf words = {0};
    struct texts paths;
    if (request->rules)
        return request->json ? run_json(run, rules_to_json(), err)
                             : print_rules(run, err);
    take_arguments(request, &paths);
    if (!paths.count && !request->map)
        return err_set(err, VG_ERR_USAGE, NULL, "%s", _("check wants a map"));
    request->read.all_attributes |= !request->everybody; /* a map may ask about any */
    enum vg_code code = run_evidence_if_any(run, err);
    if (code == VG_OK && request->words)
        code = whole_read(request->words, LIMIT_MAP_BYTES, &words, err);
    json_t *maps = request->json ? json_array() : NULL;
    str list = request->words ? buf_str(&words) : (str){0};
    for (size_t i = 0; code == VG_OK && i < paths.count; i++)
        code = check_one(run, paths.items[i], list, maps, err);
    if (code == VG_OK && request->map)
        code = check_one(run, request->map, list, maps, err);
    buf_free(&words);
    if (code == VG_OK && request->json)
        return run_json(run, json_pack("{s:o}", "maps", maps), err);
    json_decref(maps);
    return code;
}

/* ---- diff, convert ---- */

static enum vg_code print_diff(struct run *run, const struct map_diff *diff,
                               struct vg_err *err)
{
    static const struct column columns[] = {
        {"change", NULL, CELL_TEXT, TONE_PLAIN},   {"thing", NULL, CELL_TEXT, TONE_PLAIN},
        {"id", NULL, CELL_TEXT, TONE_PLAIN},       {"field", NULL, CELL_TEXT, TONE_PLAIN},
        {"before", NULL, CELL_TEXT, TONE_PLAIN},   {"after", NULL, CELL_TEXT, TONE_PLAIN},
        {"sentence", NULL, CELL_TEXT, TONE_PLAIN},
    };
    static const char *const kinds[] = {"added", "removed", "moved", "changed"};
    static const char *const marks[] = {"+", "\u2212", "\u2195", "~"};
    static const enum tone tones[] = {TONE_GREEN, TONE_RED, TONE_BLUE, TONE_AMBER};
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < diff->count; i++) {
        const struct map_change *change = &diff->items[i];
        screen_say(&run->screen, tones[change->kind], "%s %s", marks[change->kind],
                   change->sentence);
        const char *cells[] = {kinds[change->kind], change->thing,  change->id,
                               change->field,       change->before, change->after,
                               change->sentence};
        for (size_t c = 0; c < COUNT_OF(cells); c++)
            table_text(&table, cells[c]);
    }
    if (!diff->count)
        screen_say(&run->screen, TONE_GREEN, "%s", _("the maps say the same"));
    return run->screen.people ? VG_OK : table_print(&table, &run->screen, err);
}

enum vg_code verb_diff(struct run *run, struct vg_err *err)
{
    struct vg_map *before = NULL, *after = NULL;
    struct map_diff diff;
    json_t *json = NULL;
    enum vg_code code = open_map(run, run->request.arguments.items[0], &before, err);
    if (code == VG_OK)
        code = open_map(run, run->request.arguments.items[1], &after, err);
    if (code == VG_OK)
        code = map_diff(run->arena, before, after, &diff, err);
    if (code == VG_OK && run->request.json)
        code = map_diff_json(&diff, &json, err);
    if (code == VG_OK)
        code = json ? run_json(run, json, err) : print_diff(run, &diff, err);
    run->says_no = code == VG_OK && diff.count > 0;
    map_close(before);
    map_close(after);
    return code;
}

enum vg_code verb_convert(struct run *run, struct vg_err *err)
{
    struct vg_map *map = NULL;
    enum map_format format;
    enum vg_code code = choose_format(&run->request, &format, err);
    if (code == VG_OK)
        code = open_map(run, run->request.arguments.items[0], &map, err);
    if (code == VG_OK)
        code = write_map(run, map, format, err);
    map_close(map);
    return code;
}
