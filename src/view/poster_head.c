/* The head: title and why, who it is about, from where to where, the key numbers; and the
 * foot. */
#include "view/poster_parts.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <math.h>

#define CARD_GAP 20.0
#define CARD_PAD 18.0
#define MONOGRAM 25.0 /* radius */

static const struct text_style type_name = {
    .size = 15, .face = FACE_SEMIBOLD, .leading = 21};
static const struct text_style type_lead = {.size = 14.5, .leading = 20};

static void card_box(struct poster *p, struct rect box)
{
    scene_box(p->scene, box, 14, (struct paint){.fill = INK_CARD, .stroke = INK_LINE});
}

/* ---- title */

static const char *lead(struct poster *p)
{
    const struct vg_map *map = p->map;
    const char *words[4];
    size_t count = 0;
    if (poster_has(map->objective))
        words[count++] = map->objective;
    words[count++] = map->kind == MAP_SUCCESS_PATH ? _("Success path")
                     : map->state == MAP_TO_BE     ? _("As it should be (to-be)")
                                                   : _("As it is today (as-is)");
    words[count++] = map->end_to_end ? _("end to end") : map->scope;
    if (!poster_has(words[count - 1]))
        count--;
    return poster_join(p->arena, &(struct map_texts){words, count}, " · ");
}

static double title(struct poster *p, double y)
{
    double width = p->width - 2 * POSTER_MARGIN, at = y;
    const char *text = poster_has(p->map->title) ? p->map->title : _("A journey");
    at += poster_words(p, POSTER_MARGIN, at, width, text, &type_title, INK_TEXT) + 4;
    at += poster_words(p, POSTER_MARGIN, at, fmin(width, 1100), lead(p), &type_lead,
                       INK_QUIET);
    if (p->map->draft) {
        struct chip chip = {.text =
                                _("a draft proposed by the evidence: to be discussed"),
                            .ink = INK_WARNING,
                            .ground = INK_WARNING_SOFT,
                            .strong = true};
        at += 8 + chip_draw(p->scene, &chip, POSTER_MARGIN, at + 8, width).h;
    }
    return at - y;
}

/* ---- who */

/* The first letters of the first and the last word. */
static const char *initials(struct poster *p, const char *name)
{
    str rest = str_trim(str_from(name)), first = str_cut(&rest, ' '), last = first;
    while (rest.ptr) {
        str word = str_cut(&rest, ' ');
        if (word.len)
            last = word;
    }
    size_t a = 0, b = 0;
    if (first.len)
        utf8_decode(first, &a);
    if (last.ptr != first.ptr && last.len)
        utf8_decode(last, &b);
    return arena_printf(p->arena, "%.*s%.*s", (int)a, first.ptr, (int)b, last.ptr);
}

static void monogram(struct poster *p, size_t persona, double x, double y)
{
    static const struct text_style type = {
        .size = 18, .face = FACE_SEMIBOLD, .leading = 24};
    struct rect box = {x, y, 2 * MONOGRAM, 2 * MONOGRAM};
    struct text_block words = text_break(
        p->arena, initials(p, p->map->personas[persona].name), &type, box.w - 12, 1);
    scene_group(p->scene, &(struct scene_group){.hidden = true, .holds = &box});
    scene_circle(p->scene, (struct point){x + MONOGRAM, y + MONOGRAM}, MONOGRAM,
                 (struct paint){.fill = ink_phase(persona)});
    scene_text(p->scene, x + MONOGRAM, y + MONOGRAM - words.height / 2, TEXT_MIDDLE,
               &words, ink_on_phase(persona));
    scene_end(p->scene);
}

static double persona_words(struct poster *p, size_t persona, struct rect box)
{
    const struct map_persona *who = &p->map->personas[persona];
    double x = box.x + CARD_PAD + 2 * MONOGRAM + 16, y = box.y + CARD_PAD - 2;
    double width = box.x + box.w - CARD_PAD - x;
    y += poster_words(p, x, y, width, poster_has(who->name) ? who->name : _("Nobody yet"),
                      &type_name, INK_TEXT);
    const char *role = who->role;
    if (who->reseller)
        role = arena_printf(p->arena, "%s%s%s", role, poster_has(role) ? " · " : "",
                            _("reseller"));
    y += poster_words(p, x, y, width, role, &type_body, INK_QUIET);
    if (poster_has(who->quote)) {
        const char *quote = arena_printf(p->arena, _("“%s”"), who->quote);
        y += 5 + poster_words(p, x, y + 5, width, quote, &type_quote, INK_TEXT);
    }
    const char *expects = poster_join(p->arena, &who->expectations, ", ");
    if (poster_has(expects)) {
        expects = arena_printf(p->arena, _("Expects: %s"), expects);
        y += 5 + poster_words(p, x, y + 5, width, expects, &type_body, INK_QUIET);
    }
    return fmax(y + CARD_PAD - 2 - box.y, 2 * MONOGRAM + 2 * CARD_PAD);
}

static double persona(struct poster *p, size_t which, struct rect box)
{
    monogram(p, which, box.x + CARD_PAD, box.y + (box.h - 2 * MONOGRAM) / 2);
    return persona_words(p, which, box);
}

/* ---- from where to where */

static void arrow(struct scene *scene, double x, double y)
{
    struct paint line = {.stroke = INK_QUIET, .width = 1.6, .round = true};
    struct path path = {0};
    path_move(&path, (struct point){x, y});
    path_line(&path, (struct point){x + 26, y});
    path_move(&path, (struct point){x + 19, y - 6});
    path_line(&path, (struct point){x + 26, y});
    path_line(&path, (struct point){x + 19, y + 6});
    scene_path(scene, &path, line);
}

static double place(struct poster *p, double x, double y, double width, const char *label,
                    const char *text)
{
    double h = poster_words(p, x, y, width, label, &type_label, INK_QUIET) + 5;
    return h + poster_words(p, x, y + h, width, poster_has(text) ? text : "—", &type_body,
                            INK_TEXT);
}

static double way(struct poster *p, size_t unused, struct rect box)
{
    (void)unused;
    double inner = box.w - 2 * CARD_PAD, half = (inner - 62) / 2;
    double y = box.y + CARD_PAD;
    double a = place(p, box.x + CARD_PAD, y, half, _("START"), p->map->start);
    double b =
        place(p, box.x + CARD_PAD + half + 62, y, half, _("ARRIVAL"), p->map->arrival);
    arrow(p->scene, box.x + CARD_PAD + half + 18, box.y + box.h / 2);
    return fmax(a, b) + 2 * CARD_PAD;
}

/* ---- key numbers */

struct number {
    const char *figure, *label;
    unsigned ink;
};

/* The loss that deserves attention first: as the findings rank them, else the largest. */
static const struct vg_funnel_step *worst(const struct poster *p)
{
    const struct findings *findings = &p->study->findings;
    for (size_t i = 0; i < findings->count; i++)
        for (size_t k = 0; k < p->study->funnel.step_count; k++)
            if (findings->items[i].kind == FINDING_LOSS && k < p->map->step_count &&
                strcmp(findings->items[i].step, p->map->steps[k].id) == 0)
                return &p->study->funnel.steps[k];
    const struct vg_funnel_step *worst = NULL;
    for (size_t i = 0; i < p->study->funnel.step_count; i++) {
        const struct vg_funnel_step *s = &p->study->funnel.steps[i];
        if (s->lost > 0 && (!worst || s->lost > worst->lost))
            worst = s;
    }
    return worst;
}

static size_t steps_seen(const struct poster *p)
{
    size_t seen = 0;
    for (size_t i = 0; i < p->map->step_count; i++) {
        const struct vg_align_step *align = poster_align(p, i);
        const struct vg_funnel_step *funnel = poster_funnel(p, i);
        seen += (align && align->events > 0) || (!align && funnel && funnel->reached > 0);
    }
    return seen;
}

static size_t evidence_numbers(struct poster *p, struct number *numbers)
{
    uint64_t customers = poster_customers(p);
    size_t count = 0;
    numbers[count++] = (struct number){
        text_count(p->arena, customers),
        _n("customer observed", "customers observed", customers), INK_TEXT};
    numbers[count++] = (struct number){
        arena_printf(p->arena, _("%zu of %zu"), steps_seen(p), p->map->step_count),
        _("steps seen in the evidence"), INK_TEXT};
    const struct vg_funnel *funnel = &p->study->funnel;
    if (funnel->trace_count > 0 && steps_seen(p) > 1)
        numbers[count++] = (struct number){
            text_share(p->arena, (double)funnel->ended / (double)funnel->trace_count, 0),
            _("get to the last step"), INK_TEXT};
    const struct vg_funnel_step *lost = worst(p);
    if (lost && lost->lost_share >= 0.01)
        numbers[count++] = (struct number){
            text_share(p->arena, lost->lost_share, 0),
            arena_printf(p->arena, _("are lost after “%s”"), lost->activity), INK_LOST};
    return count;
}

static const char *plain_number(struct poster *p, double value)
{
    return text_number(p->arena, value, value == round(value) ? 0 : 1);
}

/* What the map wants to reach: "24 → 40%". */
static size_t metric_numbers(struct poster *p, struct number *numbers, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < p->map->metric_count && count < most; i++) {
        const struct map_metric *m = &p->map->metrics[i];
        if (!isfinite(m->baseline) || !isfinite(m->target))
            continue;
        const char *from = plain_number(p, m->baseline), *to = plain_number(p, m->target);
        bool pct = strcmp(m->unit, "%") == 0;
        bool said = pct || !poster_has(m->unit) || strstr(m->name, m->unit);
        const char *name =
            said ? m->name : arena_printf(p->arena, "%s (%s)", m->name, m->unit);
        if (!from || !to || !name)
            break;
        numbers[count++] =
            (struct number){arena_printf(p->arena, "%s → %s%s", from, to, pct ? "%" : ""),
                            arena_printf(p->arena, _("aim: %s"), name), INK_TEXT};
    }
    return count;
}

static double numbers(struct poster *p, size_t unused, struct rect box)
{
    (void)unused;
    struct number all[6];
    size_t count = p->evidence ? evidence_numbers(p, all) : 0;
    count += metric_numbers(p, all + count, p->evidence ? 1 : 3);
    double inner = box.w - 2 * CARD_PAD, y = box.y + CARD_PAD, height = 0;
    if (!p->evidence) {
        double w = count ? inner * 0.4 : inner;
        height = poster_words(p, box.x + CARD_PAD, y, w - 20, _("No evidence yet"),
                              &type_name, INK_TEXT);
        height += 3 + poster_words(p, box.x + CARD_PAD, y + height + 3, w - 20,
                                   _("This is what we believe. What customers really do "
                                     "is still to be seen."),
                                   &type_body, INK_QUIET);
        inner -= w;
        box.x += w;
    }
    double each = inner / (double)(count ? count : 1);
    for (size_t i = 0; i < count; i++) {
        double x = box.x + CARD_PAD + (double)i * each;
        double h =
            poster_words(p, x, y, each - 22, all[i].figure, &type_number, all[i].ink);
        h += 2 + poster_words(p, x, y + h + 2, each - 22, all[i].label, &type_small,
                              INK_QUIET);
        height = fmax(height, h);
    }
    return height + 2 * CARD_PAD;
}

/* ---- cards side by side, all as high as the highest */

struct card {
    double (*draw)(struct poster *, size_t, struct rect);
    size_t which;
    double weight; /* share of the width */
    const char *class;
};

static double cards(struct poster *p, const struct card *list, size_t count, double y)
{
    double weight = 0, height = 0, needs[6] = {0};
    for (size_t i = 0; i < count; i++)
        weight += list[i].weight;
    double room = p->width - 2 * POSTER_MARGIN - CARD_GAP * (double)(count - 1);
    scene_mute(p->scene, true);
    for (size_t i = 0; i < count; i++) {
        struct rect box = {POSTER_MARGIN, y, room * list[i].weight / weight, 0};
        needs[i] = list[i].draw(p, list[i].which, box);
        height = fmax(height, needs[i]);
    }
    scene_mute(p->scene, false);
    double x = POSTER_MARGIN;
    for (size_t i = 0; i < count; i++) {
        struct rect box = {x, y, room * list[i].weight / weight, height};
        struct rect inner = {x, y + (height - needs[i]) / 2, box.w, needs[i]};
        scene_group(p->scene, &(struct scene_group){.class = list[i].class,
                                                    .role = "group",
                                                    .holds = &box});
        card_box(p, box);
        list[i].draw(p, list[i].which, inner);
        scene_end(p->scene);
        x += box.w + CARD_GAP;
    }
    return height;
}

double poster_head(struct poster *p, double y)
{
    double at = y + title(p, y) + 22;
    struct card list[6];
    size_t count = 0, people = p->map->persona_count < 4 ? p->map->persona_count : 4;
    for (size_t i = 0; i < people; i++)
        list[count++] = (struct card){persona, i, 1, "persona"};
    bool narrow = p->width < 1100;
    if (count && (people > 1 || narrow)) {
        at += cards(p, list, count, at) + 16;
        count = 0;
    }
    if (poster_has(p->map->start) || poster_has(p->map->arrival))
        list[count++] = (struct card){way, 0, 1, "way"};
    if (count && narrow) {
        at += cards(p, list, count, at) + 16;
        count = 0;
    }
    list[count++] = (struct card){numbers, 0, 1.45, "numbers"};
    return at + cards(p, list, count, at) - y;
}

/* ---- foot */

static size_t departments(const struct map_session *session)
{
    size_t count = 0;
    for (size_t i = 0; i < session->people_count; i++) {
        bool before = !poster_has(session->people[i].department);
        for (size_t j = 0; j < i && !before; j++)
            before =
                strcmp(session->people[i].department, session->people[j].department) == 0;
        count += !before;
    }
    return count;
}

/* "Mapped on 12 November 2025 with 7 people of 4 departments and 2 customers" */
static void session_words(const struct map_session *s, struct buf *out)
{
    size_t rooms = departments(s);
    buf_text(out, _("Mapped"));
    if (s->at_us != INT64_MIN) {
        buf_text(out, _(" on "));
        write_date(out, s->at_us);
    }
    if (s->people_count)
        buf_printf(out, _n(" with %zu person", " with %zu people", s->people_count),
                   s->people_count);
    if (s->people_count && rooms)
        buf_printf(out, _n(" of %zu department", " of %zu departments", rooms), rooms);
    if (s->customers.count)
        buf_printf(out, _n(" and %zu customer", " and %zu customers", s->customers.count),
                   s->customers.count);
}

static const char *foot_words(struct poster *p)
{
    struct buf out = {0};
    const struct vg_map *map = p->map;
    for (size_t i = 0; i < map->session_count && i < 3; i++) {
        if (i > 0)
            buf_text(&out, " · ");
        session_words(&map->sessions[i], &out);
    }
    if (p->study->log && p->study->log->events > 0) {
        buf_text(&out, out.len ? " · " : "");
        buf_text(&out, _("evidence: "));
        write_count(&out, p->study->log->events);
        buf_printf(&out, " %s, ", _n("event", "events", p->study->log->events));
        write_date_short(&out, p->study->log->first_us);
        buf_text(&out, " – ");
        write_date_short(&out, p->study->log->last_us);
    }
    if (map->version > 0) {
        buf_text(&out, out.len ? " · " : "");
        buf_printf(&out, _("version %lld"), (long long)map->version);
    }
    const char *text = out.failed ? NULL : arena_text(p->arena, buf_str(&out));
    buf_free(&out);
    return text;
}

double poster_foot(struct poster *p, double y)
{
    double left = POSTER_MARGIN, right = p->width - POSTER_MARGIN;
    scene_group(p->scene, &(struct scene_group){.class = "foot"});
    scene_line(p->scene, (struct point){left, y}, (struct point){right, y},
               (struct paint){.stroke = INK_LINE});
    double height = poster_words(p, left, y + 16, right - left - 150, foot_words(p),
                                 &type_small, INK_QUIET);
    struct text_block made =
        text_break(p->arena, _("made with Viaggio"), &type_small_strong, 0, 1);
    scene_text(p->scene, right, y + 16, TEXT_END, &made, INK_QUIET);
    scene_end(p->scene);
    return fmax(height, made.height) + 16;
}
