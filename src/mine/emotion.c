/* Emotion from evidence: each score gives a valence −2 … +2; each step of the map its
 * mean, n and 95 % interval (Student), beside what the workshop believed.
 *
 * Which step a score belongs to is for the map's `match` to say: a survey or a review
 * counts at the step that names its activity, and nowhere when no step does. Where
 * several steps match the event, it counts once, at the one where the alignment puts it.
 *
 * How scales become valence:
 *   stars    1 … 5, evenly: 3 is 0.
 *   CSAT     1 … 5, evenly; a log with CSAT scores above 5 is read as 1 … 7, above 7 as
 *            1 … 10, above 10 as 0 … 100.
 *   CES      1 … 7, evenly, 7 is easy: CES 2.0, "the company made it easy for me" (M.
 *            Dixon, N. Toman, R. DeLisi, "The Effortless Experience", 2013).
 *   NPS      by its bands (F. Reichheld, "The One Number You Need to Grow", Harvard
 *            Business Review, 2003): straight lines through 0 → −2, 6 → −½, 8 → +½,
 *            10 → +2. So detractors (0–6) are below zero, the "passively satisfied" (7–8)
 *            around it, promoters (9–10) above +1. An even line would call a 6, which its
 *            author counts as lost, mildly pleased.
 *   valence  as it is. */
#include "base/utf8.h"
#include "mine/align_parts.h"
#include "mine/drill_traces.h"
#include "mine/stats.h"

#include <math.h>
#include <string.h>

/* `score` on a scale low … high as −2 … +2; NAN when it is off the scale. */
static double evenly(double score, double low, double high)
{
    return score >= low && score <= high ? 4 * (score - low) / (high - low) - 2 : NAN;
}

static double nps_valence(double score)
{
    if (!(score >= 0 && score <= 10))
        return NAN;
    if (score <= 6)
        return -2 + score / 4;
    return score <= 8 ? (score - 7) / 2 : 0.5 + (score - 8) * 0.75;
}

/* csat_top: the highest answer that could be given. */
static double valence_of(double score, enum score_scale scale, double csat_top)
{
    switch (scale) {
    case SCALE_STARS:
        return evenly(score, 1, 5);
    case SCALE_NPS:
        return nps_valence(score);
    case SCALE_CSAT:
        return evenly(score, csat_top > 10 ? 0 : 1, csat_top);
    case SCALE_CES:
        return evenly(score, 1, 7);
    case SCALE_VALENCE:
        return evenly(score, -2, 2);
    case SCALE_NONE:
        break;
    }
    return NAN;
}

double emotion_valence(double score, enum score_scale scale)
{
    return valence_of(score, scale, 5);
}

static double csat_top(const struct vg_log *log)
{
    static const double tops[] = {5, 7, 10, 100};
    double most = 0;
    for (size_t row = 0; log->score && log->scale && row < log->events; row++)
        if (log->scale[row] == SCALE_CSAT && (double)log->score[row] > most)
            most = (double)log->score[row];
    for (size_t i = 0; i < COUNT_OF(tops); i++)
        if (most <= tops[i])
            return tops[i];
    return 100;
}

enum { VOICES = 12 }; /* candidates for the quotes; near-duplicates fall out at the end */
struct voice {
    double valence; /* +∞: said without a score */
    bool handy;     /* of a length that can be quoted whole */
    int64_t at_us;
    uint32_t text;
};
/* Sums in whole numbers, so that they do not depend on the order of the events. */
__extension__ typedef __int128 whole;
static const double whole_one = 0x1p60; /* 1.0; a valence and its square fit 63 bits */
struct heard {
    uint64_t n;
    whole sum, squares;
    struct voice voices[VOICES];
    size_t voice_count;
};

/* Whether a is to be quoted before b: worse, then quotable whole, then later. */
static bool voice_before(const struct dict *texts, const struct voice *a,
                         const struct voice *b)
{
    if (a->valence != b->valence)
        return a->valence < b->valence;
    if (a->handy != b->handy)
        return a->handy;
    if (a->at_us != b->at_us)
        return a->at_us > b->at_us;
    return str_compare(dict_str(texts, a->text), dict_str(texts, b->text)) < 0;
}

static void voice_add(struct heard *heard, const struct dict *texts, struct voice voice)
{
    size_t i = heard->voice_count;
    for (size_t k = 0; k < heard->voice_count; k++)
        if (heard->voices[k].text == voice.text) {
            if (!voice_before(texts, &voice, &heard->voices[k]))
                return;
            memmove(&heard->voices[k], &heard->voices[k + 1],
                    (heard->voice_count - k - 1) * sizeof voice);
            i = --heard->voice_count;
            break;
        }
    while (i > 0 && voice_before(texts, &voice, &heard->voices[i - 1]))
        i--;
    if (i == VOICES)
        return;
    size_t kept = heard->voice_count < VOICES ? heard->voice_count : VOICES - 1;
    memmove(&heard->voices[i + 1], &heard->voices[i], (kept - i) * sizeof voice);
    heard->voices[i] = voice;
    heard->voice_count = kept + 1;
}

/* Who hears what the events at a step say. */
struct listener {
    const struct vg_log *log;
    void (*hear)(struct listener *listener, size_t trace, size_t step, size_t row,
                 double valence);
    struct heard *heard;         /* of emotion_mine */
    struct drill_voices *voices; /* of drill_voices */
    int wanted;                  /* the step whose voices; −1: all */
};

/* What event `row` says at its step. */
static void heard_add(struct listener *listener, size_t trace, size_t step, size_t row,
                      double valence)
{
    const struct vg_log *log = listener->log;
    struct heard *heard = &listener->heard[step];
    (void)trace;
    if (isfinite(valence)) {
        heard->n++;
        heard->sum += llround(valence * whole_one);
        heard->squares += llround(valence * valence * whole_one);
    }
    if (!log->text || log->text[row] == LOG_NO_CODE32)
        return;
    str text = str_trim(dict_str(&log->texts, log->text[row]));
    if (text.len < 3)
        return;
    voice_add(heard, &log->texts,
              (struct voice){.valence = isfinite(valence) ? valence : INFINITY,
                             .handy = text.len >= 12 && text.len <= 240,
                             .at_us = log->at_us[row],
                             .text = log->text[row]});
}

/* The first three voices that do not say the same. */
static bool quotes_fill(struct arena *arena, struct arena *scratch,
                        const struct vg_log *log, const struct heard *heard,
                        struct vg_step_emotion *step)
{
    str said[COUNT_OF(step->quotes)];
    size_t count = 0;
    for (size_t i = 0; i < heard->voice_count && count < COUNT_OF(step->quotes); i++) {
        str text = str_trim(dict_str(&log->texts, heard->voices[i].text));
        str folded = utf8_fold(scratch, text);
        bool again = false;
        if (!folded.ptr)
            return false;
        for (size_t k = 0; k < count; k++)
            again |= str_equal(said[k], folded);
        if (again)
            continue;
        said[count] = folded;
        if (!(step->quotes[count++] = arena_text(arena, text)))
            return false;
    }
    return true;
}

static bool step_fill(struct arena *arena, struct arena *scratch,
                      const struct vg_log *log, const struct map_step *step,
                      const struct heard *heard, struct vg_step_emotion *ret)
{
    double n = (double)heard->n, mean = (double)heard->sum / whole_one / n,
           squares = (double)heard->squares / whole_one - n * mean * mean;
    struct interval interval =
        stats_mean_interval(mean, squares > 1e-12 * n ? squares / (n - 1) : 0, heard->n);
    *ret = (struct vg_step_emotion){
        .id = arena_text(arena, str_from(step->id)),
        .title = arena_text(arena, str_from(step->title)),
        .n = heard->n,
        .mean = mean, /* 0 / 0 is NAN */
        .low = interval.low,
        .high = interval.high,
        .believed = step->feeling.valence,
    };
    ret->gap = ret->mean - ret->believed;
    return ret->id && ret->title && quotes_fill(arena, scratch, log, heard, ret);
}

/* Listen to every event that matches one step, or that the alignment puts at one. */
static enum vg_code log_hear(struct arena *scratch, const struct vg_map *map,
                             struct listener *listener, struct vg_err *err)
{
    const struct vg_log *log = listener->log;
    bool scores = log->score && log->scale;
    struct labels labels;
    struct aligned aligned;
    enum vg_code code = labels_build(scratch, log, map, &labels, err);
    if (code == VG_OK && labels.ambiguous)
        code = aligned_make(scratch, log, map, &aligned, err);
    uint16_t *step_of = arena_array(scratch, uint16_t, code == VG_OK ? labels.count : 0);
    if (code != VG_OK || !step_of)
        return code != VG_OK ? code : err_memory(err);
    for (uint32_t l = 0; l < labels.count; l++) {
        step_of[l] = AT_UNKNOWN;
        for (size_t s = 0; labels.row[l] && s < map->step_count; s++)
            if (label_match(&labels, l)[s])
                step_of[l] = (uint16_t)s;
    }
    double top = csat_top(log);
    for (size_t t = 0; t < log->traces; t++)
        for (size_t row = log->first[t]; row < log->first[t + 1]; row++) {
            uint16_t step = step_of[label_of(&labels, log, row)];
            if (labels.ambiguous && step != AT_UNKNOWN)
                step =
                    aligned
                        .at[aligned.at_first[aligned.kinds.of[t]] + row - log->first[t]] &
                    AT_STEP;
            if (step != AT_UNKNOWN)
                listener->hear(
                    listener, t, step, row,
                    scores ? valence_of((double)log->score[row], log->scale[row], top)
                           : (double)NAN);
        }
    return VG_OK;
}

enum vg_code emotion_mine(struct arena *arena, const struct vg_log *log,
                          const struct vg_map *map, struct vg_emotions *ret,
                          struct vg_err *err)
{
    struct arena *scratch = arena_open(0);
    struct heard *heard =
        scratch ? arena_array(scratch, struct heard, map->step_count) : NULL;
    struct vg_emotions emotions = {
        .steps = arena_array(arena, struct vg_step_emotion, map->step_count),
        .step_count = map->step_count};
    struct listener listener = {.log = log, .hear = heard_add, .heard = heard};
    enum vg_code code = heard && emotions.steps ? VG_OK : err_memory(err);
    if (code == VG_OK && (log->score || log->text))
        code = log_hear(scratch, map, &listener, err);
    for (size_t s = 0; code == VG_OK && s < map->step_count; s++) {
        emotions.n += heard[s].n;
        if (!step_fill(arena, scratch, log, &map->steps[s], &heard[s],
                       &emotions.steps[s]))
            code = err_memory(err);
    }
    arena_close(scratch);
    if (code == VG_OK)
        *ret = emotions;
    return code;
}

/* ---- the voices themselves ---- */

static void voice_keep(struct listener *listener, size_t trace, size_t step, size_t row,
                       double valence)
{
    const struct vg_log *log = listener->log;
    struct drill_voices *list = listener->voices;
    bool said = log->text && log->text[row] != LOG_NO_CODE32 &&
                str_trim(dict_str(&log->texts, log->text[row])).len >= 3;
    if ((listener->wanted >= 0 && (size_t)listener->wanted != step) ||
        (!said && !isfinite(valence)))
        return;
    list->items[list->count++] =
        (struct drill_voice){(uint32_t)trace, (uint32_t)step, row, valence, said};
}

enum vg_code drill_voices(struct arena *arena, const struct vg_log *log,
                          const struct vg_map *map, int step, struct drill_voices *ret,
                          struct vg_err *err)
{
    struct drill_voices list = {arena_array(arena, struct drill_voice, log->events + 1),
                                0};
    struct listener listener = {
        .log = log, .hear = voice_keep, .voices = &list, .wanted = step};
    struct arena *scratch = arena_open(0);
    enum vg_code code = list.items && scratch ? VG_OK : err_memory(err);
    if (code == VG_OK && (log->score || log->text))
        code = log_hear(scratch, map, &listener, err);
    arena_close(scratch);
    if (code == VG_OK)
        *ret = list;
    return code;
}
