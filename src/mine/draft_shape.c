/* The shape of a drafted map: which activities become steps, in which order, which are
 * alternatives, and where phases begin.
 *
 *   steps     the activities that most traces have: those in at least 5 % of them, and
 *             down to 1 % while there are fewer than 8; never more than 20
 *   order     by mean relative position of an activity's first event in its traces; then
 *             neighbours change places where most traces that have both have them the
 *             other way round, since a few odd traces can pull a mean far (local
 *             Kemenization: C. Dwork and others, "Rank Aggregation Methods for the Web",
 *             2001)
 *   choices   neighbours that hardly ever share a trace, that between them nearly every
 *             trace has, and of which none is rare
 *   phases    3 to 6, cut where the positions leave the widest gaps: the cut with the
 *             least squared distance to the phases' means (W. D. Fisher, "On Grouping
 *             for Maximum Homogeneity", JASA 53, 1958) */
#include "base/limits.h"
#include "base/utf8.h"
#include "mine/draft_parts.h"
#include "mine/names.h"
#include "mine/scratch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double frequent = 0.05, not_rare = 0.01;
static const double share_a_trace = 0.05, between_them = 0.9, alternative_least = 0.1,
                    apart_most = 0.25;

#define POSITION_ONE (UINT64_C(1) << 31)

/* What every activity's sketch is counted from. */
struct counts {
    uint64_t *traces, *repeated;
    uint64_t *position; /* sum, in 2^−31: whole, so that the order of traces is nothing */
    uint32_t *stamp, *again;
};

static bool counts_open(struct arena *arena, size_t activities, struct counts *counts)
{
    *counts = (struct counts){arena_array(arena, uint64_t, activities),
                              arena_array(arena, uint64_t, activities),
                              arena_array(arena, uint64_t, activities),
                              arena_array(arena, uint32_t, activities),
                              arena_array(arena, uint32_t, activities)};
    return counts->traces && counts->repeated && counts->position && counts->stamp &&
           counts->again;
}

static void counts_fill(struct counts *counts, const struct draft *draft)
{
    const struct vg_log *log = draft->log;
    for (size_t t = 0; t < log->traces; t++) {
        uint64_t first = log->first[t], length = log->first[t + 1] - first;
        uint32_t mark = (uint32_t)t + 1;
        for (uint64_t i = 0; i < length; i++) {
            uint32_t activity = draft->canonical[log->activity[first + i]];
            if (activity == DRAFT_NO_STEP)
                continue;
            if (counts->stamp[activity] == mark) {
                counts->repeated[activity] += counts->again[activity] != mark;
                counts->again[activity] = mark;
                continue;
            }
            counts->stamp[activity] = mark;
            counts->traces[activity]++;
            counts->position[activity] +=
                length > 1 ? i * POSITION_ONE / (length - 1) : POSITION_ONE / 2;
        }
    }
}

struct folded {
    str name, as_is;
    uint32_t code;
};
static int folded_compare(const void *left, const void *right)
{
    const struct folded *a = left, *b = right;
    int order = str_compare(a->name, b->name);
    return order ? order : str_compare(a->as_is, b->as_is);
}

/* The spelling that most events have, of one and the same name. */
static uint32_t usual_spelling(const struct folded *folded, size_t count,
                               const uint64_t *events)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (events[folded[i].code] > events[folded[best].code])
            best = i;
    return folded[best].code;
}

/* Take names that differ in case and accents only for one, as a map's `match` does; leave
 * out what no map could hold. */
static bool names_merge(struct arena *arena, struct draft *draft)
{
    const struct dict *names = &draft->log->activities;
    struct folded *folded = arena_array(arena, struct folded, names->count);
    uint32_t *canonical = arena_array(arena, uint32_t, names->count);
    uint64_t *events = arena_array(arena, uint64_t, names->count);
    if (!folded || !canonical || !events)
        return false;
    for (size_t row = 0; row < draft->log->events; row++)
        events[draft->log->activity[row]]++;
    for (uint32_t a = 0; a < names->count; a++) {
        str name = dict_str(names, a);
        folded[a] = (struct folded){utf8_fold(arena, name), name, a};
        if (!folded[a].name.ptr)
            return false;
    }
    if (names->count)
        qsort(folded, names->count, sizeof *folded, folded_compare);
    for (size_t first = 0, end; first < names->count; first = end) {
        for (end = first + 1;
             end < names->count && str_equal(folded[end].name, folded[first].name);)
            end++;
        uint32_t usual = usual_spelling(folded + first, end - first, events);
        bool fits = folded[first].name.len > 0 &&
                    dict_str(names, usual).len <= LIMIT_MAP_TEXT_BYTES;
        for (size_t i = first; i < end; i++)
            canonical[folded[i].code] = fits ? usual : DRAFT_NO_STEP;
    }
    draft->canonical = canonical;
    return true;
}

static int by_traces(const void *left, const void *right)
{
    const struct sketch *a = left, *b = right;
    if (a->traces != b->traces)
        return a->traces > b->traces ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int by_position(const void *left, const void *right)
{
    const struct sketch *a = left, *b = right;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return by_traces(left, right);
}

/* Take the frequent activities into the draft, in the order of the journey. */
static bool steps_choose(struct arena *arena, struct draft *draft)
{
    const struct vg_log *log = draft->log;
    struct counts counts;
    size_t activities = log->activities.count;
    uint32_t *rank;
    struct sketch *all = arena_array(arena, struct sketch, activities);
    if (!all || !counts_open(arena, activities, &counts) ||
        names_rank(&log->activities, &rank, NULL) != VG_OK)
        return false;
    counts_fill(&counts, draft);
    for (size_t a = 0; a < activities; a++)
        all[a] = (struct sketch){.activity = (uint32_t)a,
                                 .rank = rank[a],
                                 .traces = counts.traces[a],
                                 .repeated = counts.repeated[a],
                                 .position = (double)counts.position[a] / POSITION_ONE /
                                             (double)counts.traces[a]};
    scratch_free(rank);
    if (activities)
        qsort(all, activities, sizeof *all, by_traces);
    for (size_t i = 0; i < activities && draft->count < DRAFT_STEPS_MOST; i++) {
        double share = (double)all[i].traces / (double)log->traces;
        if (all[i].traces == 0 ||
            (share < frequent && draft->count >= DRAFT_STEPS_WANTED) ||
            (share < not_rare && draft->count > 0))
            break;
        draft->steps[draft->count++] = all[i];
    }
    if (draft->count)
        qsort(draft->steps, draft->count, sizeof *all, by_position);
    return true;
}

/* Count which steps share a trace, and which of two comes first. */
static void together_count(struct draft *draft)
{
    const struct vg_log *log = draft->log;
    for (size_t t = 0; t < log->traces; t++) {
        uint32_t has = 0; /* a bit for each step */
        size_t met[DRAFT_STEPS_MOST], count = 0;
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++) {
            uint32_t step = draft->step_of[log->activity[row]];
            if (step == DRAFT_NO_STEP || (has >> step & 1))
                continue;
            has |= UINT32_C(1) << step;
            for (size_t i = 0; i < count; i++) {
                draft->before[met[i]][step]++;
                draft->together[met[i]][step]++;
                draft->together[step][met[i]]++;
            }
            met[count++] = step;
        }
    }
}

/* Let step i find its place among those before it: order[] is by mean position. */
static void majority_order(struct draft *draft)
{
    struct sketch ordered[DRAFT_STEPS_MOST];
    size_t order[DRAFT_STEPS_MOST];
    double positions[DRAFT_STEPS_MOST];
    for (size_t i = 0; i < draft->count; i++) {
        size_t place = i;
        positions[i] = draft->steps[i].position;
        for (; place > 0 &&
               draft->before[i][order[place - 1]] > draft->before[order[place - 1]][i];
             place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
    for (size_t i = 0; i < draft->count; i++) {
        ordered[i] = draft->steps[order[i]];
        ordered[i].position = positions[i]; /* so that they still rise */
    }
    memcpy(draft->steps, ordered, draft->count * sizeof *ordered);
}

/* Whether step j excludes every member of the group. */
static bool excludes(const struct draft *draft, const size_t *group, size_t count,
                     size_t j)
{
    for (size_t g = 0; g < count; g++) {
        uint64_t a = draft->steps[group[g]].traces, b = draft->steps[j].traces;
        double both = (double)draft->together[group[g]][j],
               fewer = (double)(a < b ? a : b);
        double apart = fabs(draft->steps[group[g]].position - draft->steps[j].position);
        if (both > share_a_trace * fewer || apart > apart_most)
            return false;
    }
    return true;
}

/* The alternatives to step i among those after it: `group`, i first. 1: there are none.
 */
static size_t group_gather(const struct draft *draft, size_t i, size_t *group)
{
    double traces = (double)draft->log->traces, covered = (double)draft->steps[i].traces;
    size_t count = 0;
    group[count++] = i;
    if (covered < alternative_least * traces)
        return 1;
    for (size_t j = i + 1; j < draft->count; j++)
        if (draft->steps[j].group == 0 &&
            (double)draft->steps[j].traces >= alternative_least * traces &&
            excludes(draft, group, count, j)) {
            group[count++] = j;
            covered += (double)draft->steps[j].traces;
        }
    return covered >= between_them * traces ? count : 1;
}

/* Number the choices; then bring each one's members together at its first one's place. */
static void choices_find(struct draft *draft)
{
    struct sketch ordered[DRAFT_STEPS_MOST];
    size_t group[DRAFT_STEPS_MOST], done = 0;
    bool placed[DRAFT_STEPS_MOST] = {false};
    for (size_t i = 0; i < draft->count; i++) {
        if (placed[i])
            continue;
        size_t count = group_gather(draft, i, group);
        unsigned number = count > 1 ? ++draft->groups : 0;
        for (size_t g = 0; g < count; g++) {
            draft->steps[group[g]].group = number;
            placed[group[g]] = true;
            ordered[done++] = draft->steps[group[g]];
        }
    }
    memcpy(draft->steps, ordered, done * sizeof *ordered);
}

/* Squared distance of the positions of steps first … end − 1 from their mean. */
static double spread(const struct draft *draft, size_t first, size_t end)
{
    double mean = 0, sum = 0;
    for (size_t s = first; s < end; s++)
        mean += draft->steps[s].position / (double)(end - first);
    for (size_t s = first; s < end; s++)
        sum += (draft->steps[s].position - mean) * (draft->steps[s].position - mean);
    return sum;
}

static size_t phases_wanted(size_t steps)
{
    size_t phases = (steps + 1) / 3;
    if (steps < 3)
        return steps ? 1 : 0;
    return phases < 3 ? 3 : phases > DRAFT_PHASES_MOST ? DRAFT_PHASES_MOST : phases;
}

/* A choice must not be cut in two. */
static bool may_cut(const struct draft *draft, size_t before)
{
    return draft->steps[before].group == 0 ||
           draft->steps[before].group != draft->steps[before - 1].group;
}

/* Fisher's exact method: least[p][n] is the least spread of the first n steps in p
 * phases. Fewer phases where choices leave no room for as many as wanted. */
static void phases_cut(struct draft *draft)
{
    double least[DRAFT_PHASES_MOST + 1][DRAFT_STEPS_MOST + 1];
    size_t begins[DRAFT_PHASES_MOST + 1][DRAFT_STEPS_MOST + 1] = {{0}};
    size_t wanted = phases_wanted(draft->count), count = draft->count;
    for (size_t p = 0; p <= wanted; p++)
        for (size_t n = 0; n <= count; n++) {
            least[p][n] = p == 0 && n == 0 ? 0 : INFINITY;
            for (size_t first = 0; p > 0 && first < n; first++) {
                if (first > 0 && !may_cut(draft, first))
                    continue;
                double sum = least[p - 1][first] + spread(draft, first, n);
                if (sum < least[p][n]) {
                    least[p][n] = sum;
                    begins[p][n] = first;
                }
            }
        }
    while (wanted > 0 && !isfinite(least[wanted][count]))
        wanted--;
    draft->phases = wanted;
    for (size_t p = wanted, end = count; p > 0; end = begins[p][end], p--)
        draft->phase_end[p - 1] = end;
}

/* A step's number for each activity, once the order stands. */
static void steps_number(struct draft *draft, uint32_t *step_of)
{
    for (size_t a = 0; a < draft->log->activities.count; a++) {
        step_of[a] = DRAFT_NO_STEP;
        for (size_t s = 0; s < draft->count; s++)
            if (draft->canonical[a] == draft->steps[s].activity)
                step_of[a] = (uint32_t)s;
    }
    draft->step_of = step_of;
}

/* Count for each step the traces that come further and never had it. */
static void passed_count(struct draft *draft)
{
    const struct vg_log *log = draft->log;
    for (size_t t = 0; t < log->traces; t++) {
        uint32_t has = 0; /* a bit for each step, in the order of the map */
        for (uint64_t row = log->first[t]; row < log->first[t + 1]; row++)
            if (draft->step_of[log->activity[row]] != DRAFT_NO_STEP)
                has |= UINT32_C(1) << draft->step_of[log->activity[row]];
        for (size_t s = 0; s < draft->count; s++)
            draft->steps[s].passed += !(has >> s & 1) && has >> s;
    }
}

enum vg_code draft_shape(struct arena *arena, const struct vg_log *log, struct draft *ret,
                         struct vg_err *err)
{
    struct draft draft = {.log = log};
    uint32_t *step_of = arena_array(arena, uint32_t, log->activities.count);
    if (!step_of || !names_merge(arena, &draft) || !steps_choose(arena, &draft))
        return err_memory(err);
    steps_number(&draft, step_of);
    together_count(&draft);
    majority_order(&draft);
    steps_number(&draft, step_of);
    memset(draft.together, 0, sizeof draft.together);
    together_count(&draft);
    choices_find(&draft);
    steps_number(&draft, step_of);
    passed_count(&draft);
    phases_cut(&draft);
    *ret = draft;
    return VG_OK;
}
