/* One customer's real journey: above, every event at its true time; below, one after the
 * other, what happened, where, with whom, and what the customer wrote. Declared in
 * view/charts.h. */
#include "base/date.h"
#include "base/lang.h"
#include "mine/mine.h"
#include "view/charts.h"
#include "view/theme.h"
#include "view/words.h"

#include <math.h>

#define MARGIN      4.0
#define MOST_EVENTS 60
#define STRIP_HIGH  52.0

struct line {
    struct arena *arena;
    struct scene *scene;
    const struct vg_log *log;
    const struct timeline_options *options;
    size_t first, count; /* rows of the log */
    double width;
    double text_x, text_width;
};

static const char *activity_of(const struct line *t, size_t row)
{
    return dict_text(&t->log->activities, t->log->activity[row]);
}

static unsigned dot_ink(const struct line *t, size_t row)
{
    size_t phase = phase_of_activity(t->options->map, activity_of(t, row));
    return phase == SIZE_MAX ? INK_IDLE_FILL : ink_phase(phase);
}

/* Every event at its true time, first to last. */
static double draw_strip(const struct line *t, double y)
{
    const int64_t *at = t->log->at_us + t->first;
    double from = (double)at[0], whole = (double)(at[t->count - 1] - at[0]);
    double left = MARGIN + 7, wide = t->width - 2 * MARGIN - 14;
    double middle = y + 12;
    scene_line(t->scene, (struct point){left, middle},
               (struct point){left + wide, middle},
               (struct paint){.stroke = INK_LINE, .width = 3, .round = true});
    for (size_t i = 0; i < t->count; i++) {
        double x = left + (whole > 0 ? ((double)at[i] - from) / whole : 0) * wide;
        scene_circle(t->scene, (struct point){x, middle}, 6,
                     (struct paint){.fill = dot_ink(t, t->first + i),
                                    .stroke = INK_CARD,
                                    .width = 1.5});
    }
    struct text_block begin =
        text_break(t->arena, text_date_short(t->arena, at[0]), &type_small, 0, 1);
    scene_text(t->scene, MARGIN, middle + 11, TEXT_START, &begin, INK_QUIET);
    if (whole <= 0)
        return y + STRIP_HIGH;
    struct text_block end = text_break(
        t->arena, text_date_short(t->arena, at[t->count - 1]), &type_small, 0, 1);
    struct text_block length = text_break(t->arena, text_duration(t->arena, whole / 1e6),
                                          &type_small_strong, 0, 1);
    scene_text(t->scene, t->width - MARGIN, middle + 11, TEXT_END, &end, INK_QUIET);
    if (begin.width + end.width + length.width + 24 < t->width - 2 * MARGIN)
        scene_text(t->scene, t->width / 2, middle + 11, TEXT_MIDDLE, &length, INK_TEXT);
    return y + STRIP_HIGH;
}

/* Where it happened and with whom: "Telefono · Laura". */
static double draw_where(const struct line *t, size_t row, double y)
{
    const struct vg_log *log = t->log;
    double x = t->text_x, high = 0;
    if (log->channel && log->channel[row] != LOG_NO_CODE16) {
        struct chip chip = {.text = dict_text(&log->channels, log->channel[row])};
        chip.dot = chip.ink = ink_channel(chip.text, &chip.ground);
        struct rect size = chip_draw(t->scene, &chip, x, y + 2, t->text_width);
        x += size.w + 8;
        high = size.h + 4;
    }
    struct buf words = {0};
    if (log->touchpoint && log->touchpoint[row] != LOG_NO_CODE16)
        buf_text(&words, dict_text(&log->touchpoints, log->touchpoint[row]));
    if (log->actor && log->actor[row] != LOG_NO_CODE32)
        buf_printf(&words, "%s%s", words.len ? " · " : "",
                   dict_text(&log->actors, log->actor[row]));
    if (words.len) {
        struct text_block block =
            text_break(t->arena, buf_str(&words).ptr, &type_small, t->text_width, 2);
        if (x > t->text_x && x + block.width > t->text_x + t->text_width) {
            x = t->text_x;
            y += high;
            high = 0;
        }
        scene_text(t->scene, x, y + 5, TEXT_START, &block, INK_QUIET);
        high = fmax(high, block.height + 5);
    }
    buf_free(&words);
    return y + high;
}

/* What the customer wrote, with a face where there is a score. */
static double draw_said(const struct line *t, size_t row, double y)
{
    const struct vg_log *log = t->log;
    double valence = NAN, x = t->text_x, face = 0;
    if (log->score && log->scale && isfinite(log->score[row]))
        valence = emotion_valence(log->score[row], (enum score_scale)log->scale[row]);
    const char *text = log->text && log->text[row] != LOG_NO_CODE32
                           ? dict_text(&log->texts, log->text[row])
                           : NULL;
    if (isfinite(valence)) {
        draw_face(t->scene, (struct point){x + 10, y + 14}, 9, valence);
        face = 28;
    }
    if (!text || !*text)
        return face > 0 ? y + 26 : y;
    const char *quote = arena_printf(t->arena, "«%s»", text);
    struct text_block block =
        text_break(t->arena, quote ? quote : "", &type_quote, t->text_width - face, 6);
    scene_text(t->scene, x + face, y + 5, TEXT_START, &block, INK_TEXT);
    return fmax(y + 5 + block.height, face > 0 ? y + 26 : 0) + 2;
}

static double draw_gap(const struct line *t, double seconds, double y)
{
    if (seconds < 60)
        return y + 8;
    const char *text =
        arena_printf(t->arena, _("after %s"), text_duration(t->arena, seconds));
    /* Longer waits take more room, by the logarithm of their length. */
    double high = 22 + 3.2 * log(1 + seconds / 3600);
    struct text_block block =
        text_break(t->arena, text ? text : "", &type_small, t->text_width, 1);
    scene_text(t->scene, t->text_x, y + (high - block.height) / 2, TEXT_START, &block,
               INK_QUIET);
    return y + high;
}

/* "9 May 2025, 14:05"; a day alone where the evidence has none but days: midnight. */
static const char *when_of(const struct line *t, int64_t at_us)
{
    const char *day = text_date_short(t->arena, at_us);
    struct date date = date_from_us(at_us);
    if (!day || at_us % (86400 * US_PER_S) == 0)
        return day;
    return arena_printf(t->arena, "%s, %02d:%02d", day, date.hour, date.minute);
}

static double draw_event(const struct line *t, size_t i, double y, double *last_dot)
{
    size_t row = t->first + i;
    double dot_x = t->text_x - 18;
    if (i > 0)
        y = draw_gap(t, (double)(t->log->at_us[row] - t->log->at_us[row - 1]) / 1e6, y);
    double dot_y = y + 9;
    if (i > 0)
        scene_line(t->scene, (struct point){dot_x, *last_dot + 8},
                   (struct point){dot_x, dot_y - 8},
                   (struct paint){.stroke = INK_LINE, .width = 2});
    scene_circle(t->scene, (struct point){dot_x, dot_y}, 5.5,
                 (struct paint){.fill = dot_ink(t, row)});
    *last_dot = dot_y;
    const char *when = when_of(t, t->log->at_us[row]);
    struct text_block time = text_break(t->arena, when, &type_small, 0, 1);
    bool beside = t->text_x > 100;
    if (beside)
        scene_text(t->scene, dot_x - 14, y + 1, TEXT_END, &time, INK_QUIET);
    struct text_block name =
        text_break(t->arena, activity_of(t, row), &type_strong, t->text_width, 3);
    scene_text(t->scene, t->text_x, y, TEXT_START, &name, INK_TEXT);
    y += name.height;
    if (!beside) {
        scene_text(t->scene, t->text_x, y, TEXT_START, &time, INK_QUIET);
        y += time.height;
    }
    y = draw_where(t, row, y);
    return draw_said(t, row, y);
}

static enum vg_code find_rows(struct line *t, size_t trace, struct vg_err *err)
{
    if (trace >= t->log->traces)
        return err_set(err, VG_ERR_NOT_FOUND, NULL, "%s",
                       _("there is no such customer in the evidence"));
    t->first = (size_t)t->log->first[trace];
    t->count = (size_t)(t->log->first[trace + 1] - t->log->first[trace]);
    return VG_OK;
}

enum vg_code timeline_draw(struct arena *arena, const struct vg_log *log, size_t trace,
                           const struct timeline_options *options, struct scene **ret,
                           struct vg_err *err)
{
    static const struct timeline_options plain = {0};
    struct line t = {.arena = arena, .log = log, .options = options ? options : &plain};
    enum vg_code code = find_rows(&t, trace, err);
    if (code != VG_OK)
        return code;
    t.width = t.options->chart.width > 0 ? fmax(t.options->chart.width, 220) : 640;
    t.text_x = t.width >= 440 ? 140 : 30;
    t.text_width = t.width - MARGIN - t.text_x;
    t.scene = scene_new(arena, &view_theme,
                        t.options->chart.id ? t.options->chart.id : "timeline");
    if (!t.scene)
        return err_memory(err);
    const char *name =
        t.options->hide_name ? _("A customer") : log_trace_text(log, arena, trace);
    scene_title(t.scene, "img", name ? name : "",
                arena_printf(arena, _n("%s event", "%s events", t.count),
                             text_count(arena, t.count)));
    double y = MARGIN, last_dot = 0;
    if (t.count > 0)
        y = draw_strip(&t, y);
    size_t shown = t.count > MOST_EVENTS ? MOST_EVENTS : t.count;
    for (size_t i = 0; i < shown; i++)
        y = draw_event(&t, i, y, &last_dot);
    if (shown < t.count) {
        size_t more = t.count - shown;
        const char *text = arena_printf(arena, _n("and %s more", "and %s more", more),
                                        text_count(arena, more));
        y += 8 + scene_words(t.scene, t.text_x, y + 8, t.text_width, text ? text : "",
                             &type_small, INK_QUIET);
    }
    scene_size(t.scene, t.width, y + MARGIN + 4);
    if (scene_failed(t.scene))
        return err_memory(err);
    *ret = t.scene;
    return VG_OK;
}
