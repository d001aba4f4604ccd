/* Findings about time: where customers wait long, where a clock and not a person ends the
 * wait, and what those have in common who take much longer. */
#include "mine/findings_parts.h"
#include "mine/scratch.h"
#include "mine/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How much a customer counts who is not lost. */
static const double part_waiting = 0.2, part_slower = 0.3, part_by_clock = 0.05;
static const double stretch_least = 0.3, tail_ratio = 10, tail_least_s = 86400;
enum { WAITS_LEAST = 4 }; /* times fewest cases */
/* A clock: so many waits end within so short a time of each other, after a day or more,
 * and so little besides within an hour of it. */
static const double clock_share = 0.15, clock_width_s = 600, clock_least_s = 86400,
                    clock_near_s = 3600, clock_of_near = 0.5, day_s = 86400;
enum { CLOCK_LEAST = 10 };
/* Much longer: half as long again, and an hour. */
static const double slower_ratio = 1.5, slower_least_s = 3600;
static const double detour_least = 0.03, detour_most = 0.7;

/* The step that holds people up next, or SIZE_MAX where it is not just one. */
static size_t next_step(const struct gathering *all, size_t s)
{
    const struct map_step *here = &all->map->steps[s];
    for (size_t i = s + 1; i < all->map->step_count; i++) {
        const struct map_step *step = &all->map->steps[i];
        bool same_choice = step->choice[0] && strcmp(step->choice, here->choice) == 0;
        if (same_choice && strcmp(step->branch, here->branch) != 0)
            continue;
        if (step->optional || all->align->steps[i].events == 0)
            continue;
        return step->choice[0] && !same_choice ? SIZE_MAX : i;
    }
    return SIZE_MAX;
}

/* A duration of which one may say "over": never more than it was. */
static double at_least(double seconds)
{
    double unit = seconds < 60            ? 1
                  : seconds < 3600        ? 60
                  : seconds < 48 * 3600.0 ? 3600
                                          : 86400;
    double value = seconds / unit, step = value >= 9.95 || unit == 1 ? 1 : 0.1;
    return floor(value / step + 1e-6) * step * unit;
}

/* ---- from one step to another, journey by journey ------------------------------------
 */

struct passage {
    double seconds;
    bool by;    /* came by the step asked for, in between */
    bool round; /* began at a whole hour, or a day without one */
};
/* Each journey's time from its first event at `from` to the first at `to` after it. */
static struct passage *passages_find(const struct gathering *all, size_t from, size_t to,
                                     size_t by, size_t *ret_count)
{
    const struct vg_log *log = all->log;
    struct passage *passages = scratch_array(struct passage, log->traces);
    size_t count = 0;
    for (size_t t = 0; passages && t < log->traces; t++) {
        int64_t start_us = INT64_MIN;
        bool came_by = false, round = false;
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            uint32_t step = all->step_of[label_of(all->labels, log, row)];
            if (start_us == INT64_MIN) {
                start_us = step == from ? log->at_us[row] : start_us;
                round = log->at_us[row] % (3600LL * US_PER_S) == 0;
                continue;
            }
            came_by = came_by || step == by;
            if (step != to)
                continue;
            double s = (double)(log->at_us[row] - start_us) / (double)US_PER_S;
            passages[count++] = (struct passage){s, came_by, round};
            break;
        }
    }
    *ret_count = count;
    return passages;
}

static int by_time(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* The times of those who came by, or of the others, sorted; NULL: memory is used up. */
static double *times_of(const struct passage *passages, size_t count, bool by,
                        size_t *ret_count)
{
    double *times = scratch_array(double, count + 1);
    size_t n = 0;
    for (size_t i = 0; times && i < count; i++)
        if (passages[i].by == by)
            times[n++] = passages[i].seconds;
    if (times)
        qsort(times, n, sizeof *times, by_time);
    *ret_count = n;
    return times;
}

/* ---- a clock -------------------------------------------------------------------------
 */

struct clock {
    double seconds; /* after which it strikes; NAN: there is none */
    uint64_t struck, of;
};

/* Where most of the sorted times are close together: from *ret_first on. */
static struct clock clock_closest(const double *times, size_t count, size_t *ret_first)
{
    struct clock clock = {.seconds = NAN, .of = count};
    size_t end = 0;
    *ret_first = 0;
    for (size_t i = 0; i < count; i++) {
        while (end < count && times[end] <= times[i] + clock_width_s)
            end++;
        if (times[i] >= clock_least_s - clock_width_s && end - i > clock.struck) {
            clock.struck = end - i;
            *ret_first = i;
        }
    }
    return clock;
}

/* Were hours written down at all? Times that are all whole hours or days prove nothing.
 * The others tell; where there are none, when the waits began. */
static bool hours_known(const double *times, size_t first, const struct clock *clock,
                        size_t round_starts)
{
    size_t others = clock->of - clock->struck, round_hours = 0;
    for (size_t i = 0; i < clock->of; i++) {
        bool struck = i >= first && i < first + clock->struck;
        round_hours += !struck && fabs(remainder(times[i], 3600)) < 30;
    }
    return others ? round_hours * 2 <= others : round_starts * 2 <= clock->of;
}

/* Waits that end by chance, or at people's usual hours, lie about the closest ones as
 * well: as many to every ten minutes of the hour before and after, or as many at the same
 * time of other days. A clock has more than half of all that end within an hour, and more
 * of its day than other days have at that time; both surely (Wilson's 95 %), since the
 * closest were looked for among many. */
static bool clock_stands_out(const double *times, size_t first, const struct clock *clock)
{
    double from = times[first], until = times[first + clock->struck - 1];
    uint64_t near = 0, day = 0, same_time = 0;
    for (size_t i = 0; i < clock->of; i++) {
        near += times[i] >= from - clock_near_s && times[i] <= until + clock_near_s;
        bool of_day = fabs(times[i] - from) <= day_s / 2;
        day += of_day;
        double off = remainder(times[i] - (from + until) / 2, day_s);
        same_time += !of_day && fabs(off) <= clock_width_s / 2;
    }
    uint64_t other_days = clock->of - day;
    double elsewhere = other_days ? (double)same_time / (double)other_days : 0;
    return stats_wilson(clock->struck, near).low > clock_of_near &&
           stats_wilson(clock->struck, day).low > elsewhere;
}

static struct clock clock_find(const double *times, size_t count, size_t round_starts)
{
    size_t first;
    struct clock clock = clock_closest(times, count, &first);
    if (clock.struck >= CLOCK_LEAST &&
        (double)clock.struck >= clock_share * (double)count &&
        hours_known(times, first, &clock, round_starts) &&
        clock_stands_out(times, first, &clock))
        clock.seconds = times[first + clock.struck / 2];
    return clock;
}

/* What strikes between step s and the next that holds people up. */
static struct clock clock_between(struct gathering *all, size_t s)
{
    struct clock clock = {.seconds = NAN};
    size_t next = next_step(all, s), count = 0, n = 0, round_starts = 0;
    if (next == SIZE_MAX)
        return clock;
    struct passage *passages = passages_find(all, s, next, SIZE_MAX, &count);
    double *times = passages ? times_of(passages, count, false, &n) : NULL;
    for (size_t i = 0; times && i < count; i++)
        round_starts += passages[i].round;
    if (times)
        clock = clock_find(times, n, round_starts);
    else
        all->failed = true;
    scratch_free(times);
    scratch_free(passages);
    return clock;
}

static const char *clock_detail(struct arena *arena, const struct clock *clock,
                                const struct vg_funnel_step *step)
{
    struct buf text = {0};
    struct interval share = stats_wilson(clock->struck, clock->of);
    write_share_interval(&text, (double)clock->struck / (double)clock->of, share.low,
                         share.high);
    const char *words = words_take(arena, &text), *n = text_count(arena, clock->of),
               *median = words_duration(arena, step->median_s);
    if (!words || !n || !median)
        return NULL;
    buf_printf(&text, _("%s of %s, all within ten minutes · median of all %s"), words, n,
               median);
    write_few(&text, clock->of);
    return words_take(arena, &text);
}

/* A wait that a clock ends says nothing of anybody's work. */
static void gather_clock(struct gathering *all, size_t s, const struct clock *clock)
{
    const struct vg_funnel_step *step = &all->funnel->steps[s];
    const char *title = all->map->steps[s].title,
               *next = all->map->steps[next_step(all, s)].title,
               *wait = words_duration(all->arena, clock->seconds),
               *times =
                   words_times(all->arena, (double)clock->struck / (double)clock->of);
    struct finding finding = {
        .kind = FINDING_WAIT,
        .kicker = _("A rule, not a wait"),
        .step = all->map->steps[s].id,
        .weight = (double)step->moved_on * part_by_clock,
        .headline = wait && times
                        ? arena_printf(all->arena,
                                       _("“%s” follows “%s” by the clock: exactly %s "
                                         "later, %s"),
                                       next, title, wait, times)
                        : NULL,
        .detail = clock_detail(all->arena, clock, step),
        .advice = arena_printf(all->arena,
                               _("Ask whether the system does it by itself: then "
                                 "customers are served by “%s”, and time is to be "
                                 "measured up to there."),
                               title),
    };
    gather(all, finding);
}

/* ---- long waits ----------------------------------------------------------------------
 */

/* What may be said of the stretch that takes the most time of those no clock decides:
 * fewer people may wait longer elsewhere, and a clock may take longer still. */
enum stretch { STRETCH_ONE_OF_MANY, STRETCH_LONGEST, STRETCH_LONGEST_BUT_CLOCKS };

static const char *wait_detail(struct arena *arena, const struct vg_funnel_step *step,
                               enum stretch stretch)
{
    struct buf text = {0};
    const char *median = words_duration(arena, step->median_s),
               *p95 = words_duration(arena, at_least(step->p95_s)),
               *n = text_count(arena, step->moved_on - step->elsewhere);
    if (!median || !p95 || !n)
        return NULL;
    buf_printf(&text, _("median %s, one in twenty over %s, %s observed"), median, p95, n);
    if (stretch == STRETCH_LONGEST)
        buf_text(&text, _(" · the longest stretch of the journey"));
    else if (stretch == STRETCH_LONGEST_BUT_CLOCKS)
        buf_text(&text, _(" · the longest stretch that no clock decides"));
    write_few(&text, step->moved_on - step->elsewhere);
    return words_take(arena, &text);
}

/* The stretch that takes the most time of all. */
static void gather_stretch(struct gathering *all, size_t s, enum stretch stretch,
                           double of_all)
{
    const struct vg_funnel_step *step = &all->funnel->steps[s];
    size_t next = next_step(all, s);
    const char *title = all->map->steps[s].title,
               *wait = words_duration(all->arena, step->median_s);
    if (!wait) {
        all->failed = true;
        return;
    }
    struct finding finding = {
        .kind = FINDING_WAIT,
        .step = all->map->steps[s].id,
        .weight = (double)step->moved_on * of_all * part_waiting,
        .headline =
            next != SIZE_MAX
                ? arena_printf(
                      all->arena,
                      _("From “%s” to “%s”, half of the customers take %s or more"),
                      title, all->map->steps[next].title, wait)
                : arena_printf(
                      all->arena,
                      _("After “%s”, half of the customers take %s or more to go on"),
                      title, wait),
        .detail = wait_detail(all->arena, step, stretch),
        .advice = _("If customers wait for you here, tell them beforehand how long it "
                    "takes and what happens meanwhile; then see what would shorten it."),
    };
    gather(all, finding);
}

/* Most go on soon, and some wait very much longer: one in twenty counts whole. */
static void gather_tail(struct gathering *all, size_t s)
{
    const struct vg_funnel_step *step = &all->funnel->steps[s];
    const char *wait = words_duration(all->arena, at_least(step->p95_s));
    struct finding finding = {
        .kind = FINDING_WAIT,
        .step = all->map->steps[s].id,
        .weight = (double)step->moved_on / 20,
        .headline =
            wait ? arena_printf(all->arena,
                                _("After “%s”, one customer in twenty waits over %s"),
                                all->map->steps[s].title, wait)
                 : NULL,
        .detail = wait_detail(all->arena, step, STRETCH_ONE_OF_MANY),
        .advice = _("Look at the ten longest waits one by one: whoever answers for this "
                    "step can say what they have in common."),
    };
    gather(all, finding);
}

/* Whether every stretch customers walk is between two steps of the funnel: what comes
 * after its last step, past optional ones alone, is not timed. */
static bool all_timed(const struct vg_funnel *funnel)
{
    size_t timed = 0, last = funnel->step_count;
    for (size_t s = 0; s < funnel->step_count; s++)
        timed += funnel->steps[s].moved_on > 0 && isfinite(funnel->steps[s].median_s);
    while (last > 0 && funnel->steps[last - 1].optional)
        if (funnel->steps[--last].reached)
            return false;
    return timed > 1;
}

static void gather_long_waits(struct gathering *all)
{
    double total = 0, most = 0, longest_s = 0, clock_s = 0, any_s = 0;
    size_t longest = 0;
    for (size_t s = 0; s + 1 < all->funnel->step_count && s < all->map->step_count; s++) {
        const struct vg_funnel_step *step = &all->funnel->steps[s];
        double time = (double)step->moved_on * step->median_s;
        if (step->moved_on && isfinite(time))
            any_s = fmax(any_s, step->median_s);
        if (step->moved_on < WAITS_LEAST * all->cases_least || !isfinite(time))
            continue;
        struct clock clock = clock_between(all, s);
        if (isfinite(clock.seconds)) {
            gather_clock(all, s, &clock);
            clock_s = fmax(clock_s, step->median_s);
            continue;
        }
        total += time;
        longest_s = fmax(longest_s, step->median_s);
        if (time > most) {
            most = time;
            longest = s;
        }
        if (step->p95_s >= tail_least_s && step->p95_s > tail_ratio * step->median_s)
            gather_tail(all, s);
    }
    if (!(most > 0 && most >= stretch_least * total))
        return;
    enum stretch stretch = STRETCH_ONE_OF_MANY;
    if (all->funnel->steps[longest].median_s >= any_s && all_timed(all->funnel))
        stretch = STRETCH_LONGEST;
    else if (all->funnel->steps[longest].median_s >= longest_s && any_s <= clock_s &&
             all_timed(all->funnel))
        stretch = STRETCH_LONGEST_BUT_CLOCKS;
    gather_stretch(all, longest, stretch, most / total);
}

/* ---- who takes much longer -----------------------------------------------------------
 */

/* The middle of sorted times, and where it surely lies (ranks by the binomial, with the
 * normal for it). */
struct middle {
    double median, low, high;
    size_t n;
};
static struct middle middle_of(const double *times, size_t n)
{
    double half = (double)n / 2, off = STATS_Z95 * sqrt((double)n) / 2;
    size_t low = half > off ? (size_t)(half - off) : 0, high = (size_t)(half + off);
    return (struct middle){stats_quantile(times, n, 0.5), times[low],
                           times[high < n ? high : n - 1], n};
}

static const char *slower_detail(struct arena *arena, const char *from,
                                 const struct middle *with, const struct middle *without)
{
    struct buf text = {0};
    size_t all = with->n + without->n;
    struct interval share = stats_wilson(with->n, all);
    write_share_interval(&text, (double)with->n / (double)all, share.low, share.high);
    const char *words = words_take(arena, &text), *n = text_count(arena, all),
               *slow = words_duration(arena, with->median),
               *fast = words_duration(arena, without->median);
    if (!words || !n || !slow || !fast)
        return NULL;
    buf_printf(&text, _("%s of %s come by here · median from “%s” %s, against %s"), words,
               n, from, slow, fast);
    write_few(&text, with->n);
    return words_take(arena, &text);
}

static void gather_slower(struct gathering *all, size_t from, size_t by, size_t to,
                          const struct middle *with, const struct middle *without)
{
    const struct map_step *steps = all->map->steps;
    const char *slow = words_duration(all->arena, with->median),
               *fast = words_duration(all->arena, without->median);
    struct finding finding = {
        .kind = FINDING_DETOUR,
        .step = steps[by].id,
        .weight = (double)with->n * (1 - without->median / with->median) * part_slower,
        .headline = slow && fast
                        ? arena_printf(all->arena,
                                       _("Who comes by “%s” is at “%s” after %s, "
                                         "the others after %s"),
                                       steps[by].title, steps[to].title, slow, fast)
                        : NULL,
        .detail = slower_detail(all->arena, steps[from].title, with, without),
        .advice = _("See what these cases wait for, and for whom. The step may cost the "
                    "time, or the harder cases may come by here."),
    };
    gather(all, finding);
}

/* Compare those who come by an optional step with those who do not, between the steps
 * around it that hold people up. */
static void compare_slower(struct gathering *all, size_t from, size_t by, size_t to)
{
    size_t count = 0, slow = 0, fast = 0;
    struct passage *passages = passages_find(all, from, to, by, &count);
    double *with = passages ? times_of(passages, count, true, &slow) : NULL,
           *without = passages ? times_of(passages, count, false, &fast) : NULL;
    if (!with || !without)
        all->failed = true;
    size_t least = WAITS_LEAST * all->cases_least;
    double share = count ? (double)slow / (double)count : 0;
    if (!all->failed && slow >= least && fast >= least && share >= detour_least &&
        share <= detour_most) {
        struct middle a = middle_of(with, slow), b = middle_of(without, fast);
        if (a.median >= slower_ratio * b.median &&
            a.median - b.median >= slower_least_s && a.low > b.high)
            gather_slower(all, from, by, to, &a, &b);
    }
    scratch_free(with);
    scratch_free(without);
    scratch_free(passages);
}

static void gather_detours(struct gathering *all)
{
    const struct map_step *steps = all->map->steps;
    size_t from = SIZE_MAX;
    for (size_t s = 0; s < all->map->step_count && !all->failed; s++) {
        bool seen = all->align->steps[s].events > 0;
        if (!steps[s].optional && !steps[s].choice[0] && seen)
            from = s;
        if (!steps[s].optional || steps[s].choice[0] || !seen || from == SIZE_MAX)
            continue;
        size_t to = next_step(all, s);
        if (to != SIZE_MAX)
            compare_slower(all, from, s, to);
    }
}

void gather_waits(struct gathering *all)
{
    gather_long_waits(all);
    gather_detours(all);
}
