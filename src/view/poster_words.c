/* What the parts of the poster ask of study and map, and small helpers. */
#include "view/poster_parts.h"

#include "base/lang.h"

#include <math.h>

bool poster_has(const char *text)
{
    return text && *text;
}

const struct vg_funnel_step *poster_funnel(const struct poster *p, size_t step)
{
    const struct vg_funnel *funnel = &p->study->funnel;
    return p->evidence && step < funnel->step_count ? &funnel->steps[step] : NULL;
}

const struct vg_align_step *poster_align(const struct poster *p, size_t step)
{
    const struct vg_align *align = &p->study->align;
    return p->evidence && step < align->step_count ? &align->steps[step] : NULL;
}

const struct vg_step_emotion *poster_emotion(const struct poster *p, size_t step)
{
    const struct vg_emotions *emotions = &p->study->emotions;
    if (step >= emotions->step_count || emotions->steps[step].n == 0 ||
        !isfinite(emotions->steps[step].mean))
        return NULL;
    return &emotions->steps[step];
}

double poster_time_before(const struct poster *p, size_t step)
{
    const struct map_step *here = &p->map->steps[step];
    const struct vg_funnel_step *s = poster_funnel(p, step);
    if (!s || s->optional)
        return NAN;
    for (size_t i = step; i-- > 0;) {
        const struct map_step *before = &p->map->steps[i];
        const struct vg_funnel_step *f = poster_funnel(p, i);
        bool choice = poster_has(before->choice);
        bool same = choice && strcmp(before->choice, here->choice) == 0;
        if (f->optional || (same && strcmp(before->branch, here->branch) != 0))
            continue;
        return (choice && !same) || f->moved_on == 0 ? NAN : f->median_s;
    }
    return NAN;
}

uint64_t poster_customers(const struct poster *p)
{
    return p->study->funnel.trace_count ? p->study->funnel.trace_count
                                        : p->study->align.trace_count;
}

double poster_words(struct poster *p, double x, double y, double width, const char *text,
                    const struct text_style *style, unsigned ink)
{
    return poster_has(text) ? scene_words(p->scene, x, y, width, text, style, ink) : 0;
}

const char *poster_join(struct arena *arena, const struct map_texts *texts,
                        const char *separator)
{
    const char *whole = "";
    for (size_t i = 0; i < texts->count && whole; i++)
        whole = arena_printf(arena, "%s%s%s", whole, i ? separator : "", texts->items[i]);
    return whole;
}

const char *poster_summary(const struct poster *p)
{
    const struct vg_map *map = p->map;
    struct buf out = {0};
    buf_printf(&out,
               _n("A journey of %zu step", "A journey of %zu steps", map->step_count),
               map->step_count);
    buf_printf(&out, _n(" in %zu phase", " in %zu phases", map->phase_count),
               map->phase_count);
    if (map->persona_count && poster_has(map->personas[0].name))
        buf_printf(&out, _(", lived by %s"), map->personas[0].name);
    buf_text(&out, ". ");
    if (p->evidence) {
        buf_text(&out, _("Held against what customers did: "));
        write_count(&out, poster_customers(p));
        buf_printf(&out, " %s. ",
                   _n("customer observed", "customers observed", poster_customers(p)));
    } else {
        buf_text(&out, _("There is no evidence yet: this is what is believed. "));
    }
    for (size_t i = 0; i < p->study->findings.count && i < 3; i++)
        buf_printf(&out, "%s. ", p->study->findings.items[i].headline);
    buf_text(&out, _("The same as a table follows the picture in the report."));
    const char *text = out.failed ? NULL : arena_text(p->arena, buf_str(&out));
    buf_free(&out);
    return text;
}
