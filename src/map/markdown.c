/* A map as a page to read. Nothing the map says is left out. */
#include "map/export.h"

#include "base/lang.h"
#include "map/fields.h"

#include <math.h>

/* The reader's text, with what Markdown would take for its own escaped. indent NULL: all
 * on one line. */
static void write_text(struct buf *out, const char *text, const char *indent)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\n') {
            buf_text(out, indent ? "  \n" : " ");
            buf_text(out, indent ? indent : "");
            continue;
        }
        bool at_start = p == text || p[-1] == '\n';
        if (strchr("\\`*_[]<>|~", *p) || (at_start && strchr("#+-=", *p)))
            buf_char(out, '\\');
        buf_char(out, *p);
    }
}

/* "- **label**: text", when there is text. */
static void write_item(struct buf *out, const char *label, const char *text)
{
    if (text[0] == 0)
        return;
    buf_printf(out, "- **%s**: ", label);
    write_text(out, text, "  ");
    buf_char(out, '\n');
}

static void write_texts(struct buf *out, const char *label, const struct map_texts *texts)
{
    if (texts->count == 1)
        write_item(out, label, texts->items[0]);
    if (texts->count < 2)
        return;
    buf_printf(out, "- **%s**:\n", label);
    for (size_t i = 0; i < texts->count; i++) {
        buf_text(out, "  - ");
        write_text(out, texts->items[i], "    ");
        buf_char(out, '\n');
    }
}

static void write_items(struct buf *out, const char *label, const struct map_item *items,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_item(out, label, items[i].text);
}

static void write_day(struct buf *out, const char *label, int64_t at_us)
{
    if (at_us == INT64_MIN)
        return;
    buf_printf(out, "- **%s**: ", label);
    write_date(out, at_us);
    buf_char(out, '\n');
}

static void write_heading(struct buf *out, const char *marks, const char *text)
{
    buf_printf(out, "\n%s ", marks);
    write_text(out, text, NULL);
    buf_text(out, "\n\n");
}

/* Of whom and on what scale: "entusiasmo (+1,2)". */
static void write_feeling(struct buf *out, const char *label,
                          const struct map_feeling *feeling)
{
    if (feeling->emotion[0] == 0 && isnan(feeling->valence) && feeling->note[0] == 0)
        return;
    buf_printf(out, "- **%s**: ", label);
    write_text(out, feeling->emotion, "  ");
    if (!isnan(feeling->valence)) {
        buf_text(out, feeling->emotion[0] ? " (" : "");
        write_signed(out, feeling->valence, 1);
        buf_text(out, feeling->emotion[0] ? ")" : "");
    }
    if (feeling->note[0]) {
        buf_text(out, ". ");
        write_text(out, feeling->note, "  ");
    }
    buf_char(out, '\n');
}

static void write_persona(struct buf *out, const struct map_persona *persona)
{
    write_heading(out, "###", persona->name[0] ? persona->name : persona->id);
    write_item(out, _("Who"), persona->role);
    write_item(out, _("Aim"), persona->aim);
    write_texts(out, _("Needs"), &persona->needs);
    write_texts(out, _("Expects"), &persona->expectations);
    write_item(out, _("In their words"), persona->quote);
    write_item(out, _("Customers of the evidence"), persona->filter);
    buf_printf(out, "- %s · %s", persona->reseller ? _("reseller") : _("end customer"),
               persona->prospective ? _("not a customer yet") : _("already a customer"));
    buf_printf(out, "%s\n", persona->light ? _(" · of light weight") : "");
}

static void write_match(struct buf *out, const char *label,
                        const struct map_match *matches, size_t count)
{
    if (count == 0)
        return;
    buf_printf(out, "- **%s**: ", label);
    for (size_t i = 0; i < count; i++) {
        buf_text(out, i ? ", " : "");
        write_text(out, matches[i].activity, "  ");
        if (matches[i].channel[0]) {
            buf_text(out, " · ");
            write_text(out, matches[i].channel, "  ");
        }
    }
    buf_char(out, '\n');
}

static void write_metric(struct buf *out, const struct map_metric *metric)
{
    buf_text(out, "- ");
    write_text(out, metric->name, "  ");
    buf_text(out, ": ");
    write_number(out, metric->baseline,
                 metric->baseline == nearbyint(metric->baseline) ? 0 : 1);
    buf_text(out, " → ");
    write_number(out, metric->target,
                 metric->target == nearbyint(metric->target) ? 0 : 1);
    buf_char(out, ' ');
    write_text(out, metric->unit, "  ");
    if (metric->due_us != INT64_MIN) {
        buf_printf(out, " %s ", _c("a due date", "by"));
        write_date(out, metric->due_us);
    }
    if (!isnan(metric->reached_by_pct)) {
        buf_text(out, " (");
        buf_text(out, _("reached so far by"));
        buf_char(out, ' ');
        write_share(out, metric->reached_by_pct / 100, 0);
        buf_char(out, ')');
    }
    buf_char(out, '\n');
    write_match(out, _("In the evidence"), metric->matches, metric->match_count);
}

static void write_touchpoint(struct buf *out, const struct map_touchpoint *touchpoint)
{
    buf_printf(out, "- **%s**: ", _("Touchpoint"));
    write_text(out, touchpoint->title, "  ");
    if (touchpoint->channel[0]) {
        buf_text(out, " · ");
        write_text(out, touchpoint->channel, "  ");
    }
    if (touchpoint->department[0]) {
        buf_text(out, " · ");
        write_text(out, touchpoint->department, "  ");
    }
    buf_char(out, '\n');
}

static void write_proof(struct buf *out, const struct map_proof *proof)
{
    write_item(out, proof->required ? _("Proof") : _("Proof, optional"), proof->text);
    write_match(out, _("In the evidence"), proof->matches, proof->match_count);
}

static void write_playbook(struct buf *out, const struct map_playbook *playbook)
{
    write_heading(out, "###", playbook->title[0] ? playbook->title : playbook->id);
    write_item(out, _("Text"), playbook->text);
    write_item(out, _("Owner"), playbook->owner);
    write_item(out, _("Address"), playbook->url);
}

/* When clients want attention, and what is done then. */
static void write_path(struct buf *out, const struct vg_map *map)
{
    const struct map_path *path = &map->path;
    if (map->playbook_count == 0 && path->left_count == 0 && path->no_sign_count == 0)
        return;
    write_heading(out, "##", _("Care of the clients"));
    write_match(out, _("Has left the path"), path->left, path->left_count);
    write_match(out, _("No sign of the client"), path->no_sign, path->no_sign_count);
    for (size_t i = 0; i < map->playbook_count; i++)
        write_playbook(out, &map->playbooks[i]);
}

static void write_nature(struct buf *out, const struct map_step *step)
{
    if (step->moment_of_truth)
        buf_printf(out, "- ★ %s\n", _("moment of truth"));
    if (step->optional)
        buf_printf(out, "- %s\n", _("optional"));
    if (step->repeatable)
        buf_printf(out, "- %s\n", _("can come again"));
    if (step->choice[0] == 0)
        return;
    buf_printf(out, "- **%s**: ", _("One of the ways of"));
    write_text(out, step->choice, "  ");
    if (strcmp(step->branch, step->id) != 0) {
        buf_text(out, " · ");
        write_text(out, step->branch, "  ");
    }
    buf_char(out, '\n');
}

static void write_step(struct buf *out, const struct vg_map *map, size_t index)
{
    const struct map_step *step = &map->steps[index];
    buf_printf(out, "\n### %zu. ", index + 1);
    write_text(out, step->title, NULL);
    buf_text(out, step->moment_of_truth ? " ★\n\n" : "\n\n");
    write_item(out, _("Does"), step->doing);
    for (size_t i = 0; i < step->touchpoint_count; i++)
        write_touchpoint(out, &step->touchpoints[i]);
    write_item(out, _("Thinks"), step->thinking);
    write_feeling(out, _("Feels"), &step->feeling);
    for (size_t i = 1; i < map->persona_count; i++)
        write_feeling(out, map->personas[i].name, &step->feelings[i]);
    write_texts(out, _("Needs"), &step->needs);
    write_items(out, _("Pain"), step->pains, step->pain_count);
    write_items(out, _("Opportunity"), step->opportunities, step->opportunity_count);
    write_texts(out, _("Backstage"), &step->backstage);
    write_texts(out, _("To reach here"), &step->objectives);
    write_item(out, _("Who looks after it"), step->owner);
    write_match(out, _("In the evidence"), step->matches, step->match_count);
    write_nature(out, step);
}

static const char *pain_text(const struct vg_map *map, const char *id)
{
    for (size_t i = 0; i < map->step_count; i++)
        for (size_t j = 0; j < map->steps[i].pain_count; j++)
            if (strcmp(map->steps[i].pains[j].id, id) == 0)
                return map->steps[i].pains[j].text;
    return id;
}

static void write_action(struct buf *out, const struct vg_map *map,
                         const struct map_action *action)
{
    write_heading(out, "###", action->title[0] ? action->title : action->id);
    write_item(out, _("State"), action_state_text(action->state));
    write_item(out, _("Owner"), action->owner);
    write_item(out, _("Department"), action->department);
    write_day(out, _("Due"), action->due_us);
    write_day(out, _("Done"), action->done_us);
    for (size_t i = 0; i < action->pains.count; i++)
        write_item(out, _("Against"), pain_text(map, action->pains.items[i]));
    for (size_t i = 0; i < action->steps.count; i++) {
        const struct map_step *step = map_step_find(map, action->steps.items[i]);
        write_item(out, _("At the step"), step ? step->title : action->steps.items[i]);
    }
    if (action->since_us != INT64_MIN)
        write_day(out, _("Holds since"), action->since_us);
    const struct map_kpi *kpi = map_kpi_find(map, action->kpi);
    write_item(out, _("KPI"), kpi ? kpi->name : "");
    write_item(out, _("Expected"), action->expected);
    write_item(out, _("Result"), action->result);
}

static void write_kpi(struct buf *out, const struct vg_map *map,
                      const struct map_kpi *kpi)
{
    const struct map_step *from = map_step_find(map, kpi->from);
    const struct map_step *to = map_step_find(map, kpi->to);
    write_heading(out, "###", kpi->name[0] ? kpi->name : kpi->id);
    write_item(out, _("From"), from ? from->title : kpi->from_activity);
    write_item(out, _("To"), to ? to->title : kpi->to_activity);
    write_item(out, _("what a journey is"), kpi->journey);
    write_item(out, _("Owner"), kpi->owner);
    write_item(out, _("Department"), kpi->department);
}

static void write_session(struct buf *out, const struct map_session *session)
{
    write_heading(out, "###", session->title[0] ? session->title : _("Session"));
    write_day(out, _("Date"), session->at_us);
    for (size_t i = 0; i < session->people_count; i++) {
        const struct map_person *person = &session->people[i];
        buf_text(out, "- ");
        write_text(out, person->name, "  ");
        if (person->department[0]) {
            buf_text(out, " · ");
            write_text(out, person->department, "  ");
        }
        if (person->level != LEVEL_UNKNOWN)
            buf_printf(out, " · %s",
                       person->level == LEVEL_OPERATIONAL ? _("operational")
                                                          : _("responsible"));
        buf_char(out, '\n');
    }
    write_texts(out, _("Customers who took part"), &session->customers);
}

static void write_top(struct buf *out, const struct vg_map *map)
{
    const char *description = json_string_value(field_get(map->json, "description"));
    buf_text(out, "# ");
    write_text(out, map->title, NULL);
    buf_text(out, "\n\n");
    write_item(out, _("Why"), map->objective);
    write_item(out, _("About"), description ? description : "");
    buf_printf(out, "- %s · %s%s%s\n",
               map->kind == MAP_SUCCESS_PATH ? _("success path") : _("journey map"),
               map->state == MAP_TO_BE ? _("to be") : _("as is"), " · ",
               map->end_to_end ? _("end to end") : _("one phase"));
    if (map->draft)
        buf_printf(out, "- %s\n", _("a draft, to be discussed"));
    write_item(out, _("Scope"), map->scope);
    write_item(out, _("Start"), map->start);
    write_item(out, _("Arrival"), map->arrival);
    write_item(out, _("Sponsor"), map->sponsor);
    if (map->version > 0)
        buf_printf(out, "- **%s**: %lld\n", _("Version"), (long long)map->version);
    write_day(out, _("Last looked at"), map->updated_us);
    if (map->metric_count > 0)
        write_heading(out, "##", _("Objectives"));
    for (size_t i = 0; i < map->metric_count; i++)
        write_metric(out, &map->metrics[i]);
}

static void write_phase(struct buf *out, const struct vg_map *map, size_t index)
{
    const struct map_phase *phase = &map->phases[index];
    write_heading(out, "##", phase->title[0] ? phase->title : _("Phase"));
    write_item(out, _("Aim"), phase->aim);
    write_item(out, _("Milestone"), phase->milestone);
    write_match(out, _("In the evidence"), phase->matches, phase->match_count);
    for (size_t i = 0; i < phase->proof_count; i++)
        write_proof(out, &phase->proofs[i]);
    for (size_t i = 0; i < phase->step_count; i++)
        write_step(out, map, phase->first_step + i);
}

enum vg_code map_to_markdown(const struct vg_map *map, struct buf *out,
                             struct vg_err *err)
{
    write_top(out, map);
    if (map->persona_count > 0)
        write_heading(out, "##", _("Who the map is about"));
    for (size_t i = 0; i < map->persona_count; i++)
        write_persona(out, &map->personas[i]);
    for (size_t i = 0; i < map->phase_count; i++)
        write_phase(out, map, i);
    write_path(out, map);
    if (map->action_count > 0)
        write_heading(out, "##", _("Actions"));
    for (size_t i = 0; i < map->action_count; i++)
        write_action(out, map, &map->actions[i]);
    if (map->kpi_count > 0)
        write_heading(out, "##", _("What is watched"));
    for (size_t i = 0; i < map->kpi_count; i++)
        write_kpi(out, map, &map->kpis[i]);
    if (map->session_count > 0)
        write_heading(out, "##", _("Who made it"));
    for (size_t i = 0; i < map->session_count; i++)
        write_session(out, &map->sessions[i]);
    return out->failed ? err_memory(err) : VG_OK;
}
