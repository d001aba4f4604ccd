/* whole: what is raced: read and sort a log, then flow, variants and a five-step funnel,
 * through the library's public header alone.
 *
 *     whole FILE [--answers OUT.json] [--repeat N] [--workers N]
 *
 * Prints one line of JSON with the milliseconds of each part; with --repeat the questions
 * are asked N times and the medians printed, the least beside them, and the time all
 * cores spent on each, which a busy machine disturbs less; beside them, as the machine's
 * own limit, how long all cores take to read a time and an activity of each event once
 * (ten bytes) and do nothing with them. --answers writes what came
 * out, to be held against what other programs say. */
#include "base/parallel.h"

#include <viaggio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static const char *const steps[] = {"Ricerca sul web", "Richiesta preventivo",
                                    "Preventivo accettato", "Consegna", "Pagamento"};
enum { STEPS = 5, REPEAT_MAX = 100, TOP = 20 };

struct answers {
    struct vg_flow flow;
    struct vg_variants variants;
    struct vg_funnel funnel;
    vg_result *result;
};
enum question { FLOW, VARIANTS, FUNNEL, QUESTIONS };
static const char *const question_names[QUESTIONS] = {"flow", "variants", "funnel"};

struct timings {
    double read, wall[QUESTIONS][REPEAT_MAX], cpu[QUESTIONS][REPEAT_MAX];
};

static double clock_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fail(const struct vg_err *err)
{
    fprintf(stderr, "whole: %s %s\n", err->where, err->what);
    exit(1);
}

static enum vg_code ask_one(const vg_log *log, enum question question,
                            struct answers *ret, struct vg_err *err)
{
    switch (question) {
    case FLOW:
        return vg_mine_flow(log, ret->result, &ret->flow, err);
    case VARIANTS:
        return vg_mine_variants(log, TOP, ret->result, &ret->variants, err);
    default:
        return vg_mine_funnel(log, steps, STEPS, NULL, ret->result, &ret->funnel, err);
    }
}

static void ask(const vg_log *log, struct answers *ret, struct timings *timings, int i)
{
    struct vg_err err = {0};
    ret->result = vg_result_new();
    if (!ret->result)
        exit(9);
    for (enum question q = FLOW; q < QUESTIONS; q++) {
        double wall = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
        if (ask_one(log, q, ret, &err) != VG_OK)
            fail(&err);
        timings->wall[q][i] = clock_ms(CLOCK_MONOTONIC) - wall;
        timings->cpu[q][i] = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    }
}

static void answers_write(FILE *out, const struct answers *a)
{
    fprintf(out, "{\"events\": %lu, \"traces\": %lu,\n\"edges\": [",
            (unsigned long)a->flow.event_count, (unsigned long)a->flow.trace_count);
    for (size_t i = 0; i < a->flow.edge_count; i++) {
        const struct vg_edge *e = &a->flow.edges[i];
        fprintf(out, "%s\n[\"%s\", \"%s\", %lu, %.9g, %.9g, %.9g]", i ? "," : "", e->from,
                e->to, (unsigned long)e->count, e->mean_s, e->median_s, e->p95_s);
    }
    fprintf(out, "],\n\"variant_total\": %lu,\n\"variants\": [",
            (unsigned long)a->variants.total);
    for (size_t i = 0; i < a->variants.variant_count; i++) {
        const struct vg_variant *v = &a->variants.variants[i];
        fprintf(out, "%s\n[%lu", i ? "," : "", (unsigned long)v->count);
        for (size_t n = 0; n < v->activity_count; n++)
            fprintf(out, ", \"%s\"", v->activities[n]);
        fprintf(out, "]");
    }
    fprintf(out, "],\n\"funnel\": [");
    for (size_t i = 0; i < a->funnel.step_count; i++)
        fprintf(out, "%s%lu", i ? ", " : "", (unsigned long)a->funnel.steps[i].reached);
    fprintf(out, "]}\n");
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_size);
    return count % 2 ? values[count / 2]
                     : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* ---- the machine's own limit: columns that are read and not looked at ---- */

enum { EVENT_BYTES = 10, TOUCH = 1 << 20 };
struct touching {
    const uint64_t *words;
    size_t count;
    uint64_t sums[REPEAT_MAX]; /* so that they are really read */
};

static void touch(void *ctx, size_t turn, unsigned worker)
{
    struct touching *touching = ctx;
    size_t each = TOUCH / sizeof(uint64_t), first = turn * each;
    size_t end = first + each < touching->count ? first + each : touching->count;
    uint64_t sums[4] = {0};
    for (size_t i = first; i + 4 <= end; i += 4)
        for (size_t k = 0; k < 4; k++)
            sums[k] ^= touching->words[i + k];
    touching->sums[worker % REPEAT_MAX] ^= sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
}

/* The median, in ms; 0 where there is no memory for it. */
static double columns_ms(size_t rows, int repeat)
{
    static struct touching touching;
    double wall[REPEAT_MAX];
    size_t bytes = rows * EVENT_BYTES;
    void *columns =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (columns == MAP_FAILED)
        return 0;
    (void)madvise(columns, bytes, MADV_HUGEPAGE);
    memset(columns, 1, bytes);
    touching.words = columns;
    touching.count = bytes / sizeof(uint64_t);
    for (int i = 0; i < repeat; i++) {
        double begun = clock_ms(CLOCK_MONOTONIC);
        parallel_for((bytes + TOUCH - 1) / TOUCH, touch, &touching);
        wall[i] = clock_ms(CLOCK_MONOTONIC) - begun;
    }
    munmap(columns, bytes);
    return median(wall, repeat);
}

int main(int count, char **arguments)
{
    static struct timings timings;
    struct answers answers = {0};
    struct vg_err err = {0};
    struct vg_read_counts counts;
    const char *file = NULL, *out = NULL;
    int repeat = 1;
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--answers") == 0 && i + 1 < count)
            out = arguments[++i];
        else if (strcmp(arguments[i], "--repeat") == 0 && i + 1 < count)
            repeat = (int)strtol(arguments[++i], NULL, 10);
        else if (strcmp(arguments[i], "--workers") == 0 && i + 1 < count)
            parallel_set_workers((unsigned)strtol(arguments[++i], NULL, 10));
        else
            file = arguments[i];
    }
    if (!file || repeat < 1 || repeat > REPEAT_MAX)
        return 2;
    double begun = clock_ms(CLOCK_MONOTONIC);
    vg_log *log = NULL;
    if (vg_log_read(&file, 1, NULL, &log, &counts, &err) != VG_OK)
        fail(&err);
    timings.read = clock_ms(CLOCK_MONOTONIC) - begun;
    for (int i = 0; i < repeat; i++) {
        vg_result_free(answers.result);
        ask(log, &answers, &timings, i);
    }
    if (out) {
        FILE *file_out = fopen(out, "w");
        if (!file_out)
            return 8;
        answers_write(file_out, &answers);
        fclose(file_out);
    }
    printf("{\"rows\": %lu, \"read_ms\": %.1f", (unsigned long)counts.rows, timings.read);
    for (int q = 0; q < QUESTIONS; q++) {
        const char *name = question_names[q];
        double middle = median(timings.wall[q], repeat);
        (void)median(timings.cpu[q], repeat);
        printf(", \"%s_ms\": %.2f, \"%s_least_ms\": %.2f, \"%s_least_cpu_ms\": %.2f",
               name, middle, name, timings.wall[q][0], name, timings.cpu[q][0]);
    }
    if (repeat > 1)
        printf(", \"columns_ms\": %.2f", columns_ms(counts.rows, repeat));
    printf("}\n");
    vg_result_free(answers.result);
    vg_log_free(log);
    return 0;
}
