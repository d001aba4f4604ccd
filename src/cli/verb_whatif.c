/* viaggio whatif: how many more would arrive, were a step mended. */
#include "app/workspace.h"
#include "base/utf8.h"
#include "cli/run.h"
#include "improve/whatif.h"

#include <math.h>
#include <string.h>

enum { PAINS_SHOWN = 10 };

/* "20%", "20", "0.2". */
static bool share_of(str text, double *ret)
{
    bool percent = str_ends(text, STR("%"));
    double value;
    if (percent)
        text.len--;
    text = str_trim(text);
    if (!str_to_double(text, memchr(text.ptr, ',', text.len) != NULL, &value))
        return false;
    *ret = percent || value > 1 ? value / 100 : value;
    return *ret >= 0 && *ret <= 1;
}

/* The id of the step of this id or title, or NULL. */
static const char *step_id(struct arena *arena, const struct vg_map *map, str name)
{
    str wanted = utf8_fold(arena, str_trim(name));
    for (size_t i = 0; i < map->step_count; i++) {
        str title = utf8_fold(arena, str_from(map->steps[i].title));
        if (str_equal(str_from(map->steps[i].id), str_trim(name)) ||
            (title.ptr && wanted.ptr && str_equal(title, wanted)))
            return map->steps[i].id;
    }
    return NULL;
}

static enum vg_code read_list(struct run *run, const struct vg_map *map,
                              const struct texts *list, const char *option, bool waits,
                              struct whatif_change *changes, struct vg_err *err)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *text = list->items[i], *equals = strrchr(text, '=');
        double share = 0;
        if (!equals || !share_of(str_from(equals + 1), &share)) {
            err_set(err, VG_ERR_USAGE, NULL, _("--%s cannot be \"%s\""), option, text);
            return err_hint(err, "%s", _("write STEP=SHARE, such as offerta=20%")),
                   VG_ERR_USAGE;
        }
        str name = {text, (size_t)(equals - text)};
        changes[i].step = step_id(run->arena, map, name);
        if (!changes[i].step)
            return err_set(err, VG_ERR_NOT_FOUND, NULL,
                           _("\"%.*s\" is no step of the map"), STR_ARG(name));
        *(waits ? &changes[i].less_wait : &changes[i].less_loss) = share;
    }
    return VG_OK;
}

static enum vg_code read_changes(struct run *run, const struct vg_map *map,
                                 struct whatif_change **ret, size_t *ret_count,
                                 struct vg_err *err)
{
    const struct texts *losses = &run->request.less_loss,
                       *waits = &run->request.less_wait;
    size_t count = losses->count + waits->count;
    struct whatif_change *changes =
        arena_array(run->arena, struct whatif_change, count + 1);
    if (!changes)
        return err_memory(err);
    enum vg_code code = read_list(run, map, losses, "less-loss", false, changes, err);
    if (code == VG_OK)
        code =
            read_list(run, map, waits, "less-wait", true, changes + losses->count, err);
    *ret = changes;
    *ret_count = count;
    return code;
}

static enum vg_code print_steps(struct run *run, const struct whatif_facts *facts,
                                struct vg_err *err)
{
    static const struct column columns[] = {
        {"id", NULL, CELL_TEXT, TONE_PLAIN},
        {"title", NC_("table", "step"), CELL_TEXT, TONE_STRONG},
        {"visits", NC_("table", "came by"), CELL_COUNT, TONE_PLAIN},
        {"loss", NC_("table", "lost"), CELL_PERCENT, TONE_RED},
        {NULL, NC_("table", "between"), CELL_TEXT, TONE_QUIET},
        {"loss_low", NULL, CELL_SHARE, TONE_PLAIN},
        {"loss_high", NULL, CELL_SHARE, TONE_PLAIN},
        {"wait_s", NC_("table", "wait"), CELL_DURATION, TONE_PLAIN},
    };
    struct table table;
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < facts->step_count; i++) {
        const struct whatif_step *step = &facts->steps[i];
        table_text(&table, step->id);
        table_text(&table, step->title);
        table_number(&table, (double)step->visits);
        table_number(&table, step->loss.value);
        table_text(&table, text_between(run, step->loss.low, step->loss.high));
        table_number(&table, step->loss.low);
        table_number(&table, step->loss.high);
        table_number(&table, step->wait_s);
    }
    return table_print(&table, &run->screen, err);
}

static const char *range(struct run *run, struct estimate95 worth)
{
    const char *low = text_number(run->arena, worth.low, worth.value < 10);
    const char *high = text_number(run->arena, worth.high, worth.value < 10);
    if (!isfinite(worth.low) || !low || !high)
        return "";
    return arena_printf(run->arena, "%s–%s", low, high);
}

static enum vg_code print_pains(struct run *run, const struct whatif *whatif,
                                const struct vg_map *map, struct vg_err *err)
{
    static const struct column columns[] = {
        {NULL, NC_("table", "pain"), CELL_TEXT, TONE_STRONG},
        {NULL, NC_("table", "step"), CELL_TEXT, TONE_PLAIN},
        {NULL, NC_("table", "more arrive"), CELL_TEXT, TONE_GREEN},
        {NULL, NC_("table", "between"), CELL_TEXT, TONE_QUIET},
        {NULL, NC_("table", "worth"), CELL_COUNT, TONE_PLAIN},
        {NULL, NC_("table", "sooner"), CELL_DURATION, TONE_PLAIN},
    };
    struct whatif_facts facts = whatif_facts(whatif);
    struct whatif_pain *pains;
    struct table table;
    size_t count;
    enum vg_code code = whatif_pains(run->arena, whatif, map, &pains, &count, err);
    if (code != VG_OK || !count)
        return code;
    count = run_top(run, PAINS_SHOWN, count);
    table_open(run->arena, columns, COUNT_OF(columns), &table);
    for (size_t i = 0; i < count; i++) {
        const struct whatif_step *step = pains[i].step;
        table_text(&table, pains[i].text[0] ? pains[i].text : _("no pain written down"));
        table_text(&table, step->title);
        table_text(&table,
                   text_number(run->arena, step->worth.value, step->worth.value < 10));
        table_text(&table, range(run, step->worth));
        table_number(&table, facts.value_each > 0 ? step->worth.value * facts.value_each
                                                  : (double)NAN);
        table_number(&table, step->sooner_s > 0 ? step->sooner_s : (double)NAN);
    }
    screen_line(&run->screen);
    screen_say(&run->screen, TONE_STRONG, "%s",
               _("What a fifth less lost at a step would bring in the end"));
    return table_print(&table, &run->screen, err);
}

static enum vg_code tell(struct run *run, const struct whatif *whatif,
                         const struct vg_map *map, struct vg_err *err)
{
    struct whatif_change *changes = NULL;
    struct whatif_answer answer;
    struct whatif_facts facts = whatif_facts(whatif);
    size_t count = 0;
    enum vg_code code = read_changes(run, map, &changes, &count, err);
    if (code == VG_OK)
        code = whatif_ask(whatif, changes, count, &answer, err);
    if (code != VG_OK)
        return code;
    if (run->request.json)
        return run_json(
            run, whatif_to_json(run->arena, whatif, map, changes, count, &answer), err);
    const char *sentence = whatif_sentence(run->arena, whatif, changes, count, &answer);
    if (!sentence)
        return err_memory(err);
    if (run->screen.people) {
        screen_say(&run->screen, TONE_STRONG, "%s", sentence);
        screen_line(&run->screen);
    }
    code = print_steps(run, &facts, err);
    return code == VG_OK && run->screen.people ? print_pains(run, whatif, map, err)
                                               : code;
}

enum vg_code verb_whatif(struct run *run, struct vg_err *err)
{
    const struct request *request = &run->request;
    struct vg_map *map = NULL;
    struct whatif *whatif = NULL;
    struct whatif_options options = {.arrival = request->arrival, .value_each = NAN};
    enum vg_code code = VG_OK;
    if (request->value_each &&
        (!str_to_double(str_from(request->value_each), false, &options.value_each) ||
         !(options.value_each > 0)))
        return err_set(err, VG_ERR_USAGE, NULL, _("--%s cannot be \"%s\""), "value",
                       request->value_each);
    if (!request->map) {
        err_set(err, VG_ERR_USAGE, NULL, _("%s wants a map"), request->verb->name);
        return err_hint(err, "%s",
                        _("--map FILE names it; viaggio draft makes one from the "
                          "evidence")),
               VG_ERR_USAGE;
    }
    code = workspace_map(request->workspace, request->map, &map, NULL, err);
    if (code == VG_OK)
        code = run_evidence_about(run, map, err);
    if (code == VG_OK)
        code = whatif_make(run->arena, run->evidence.log, map, &options, &whatif, err);
    progress_clear(run);
    if (code == VG_OK)
        code = tell(run, whatif, map, err);
    map_close(map);
    return code;
}
