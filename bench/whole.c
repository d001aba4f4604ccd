/* whole: what is raced: read and sort a log, then flow, variants and a five-step funnel,
 * through the library's public header alone.
 *
 *     whole FILE [--answers OUT.json] [--repeat N] [--workers N]
 *
 * Prints one line of JSON with the milliseconds of each part; with --repeat the questions
 * are asked N times and the medians printed. --answers writes what came out, to be held
 * against what other programs say. */
#include "base/parallel.h"

#include <viaggio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
struct timings {
    double read, flow[REPEAT_MAX], variants[REPEAT_MAX], funnel[REPEAT_MAX];
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fail(const struct vg_err *err)
{
    fprintf(stderr, "whole: %s %s\n", err->where, err->what);
    exit(1);
}

static void ask(const vg_log *log, struct answers *ret, struct timings *timings, int i)
{
    struct vg_err err = {0};
    ret->result = vg_result_new();
    if (!ret->result)
        exit(9);
    double t0 = now_ms();
    if (vg_mine_flow(log, ret->result, &ret->flow, &err) != VG_OK)
        fail(&err);
    double t1 = now_ms();
    if (vg_mine_variants(log, TOP, ret->result, &ret->variants, &err) != VG_OK)
        fail(&err);
    double t2 = now_ms();
    if (vg_mine_funnel(log, steps, STEPS, NULL, ret->result, &ret->funnel, &err) != VG_OK)
        fail(&err);
    timings->flow[i] = t1 - t0;
    timings->variants[i] = t2 - t1;
    timings->funnel[i] = now_ms() - t2;
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
    double begun = now_ms();
    vg_log *log = NULL;
    if (vg_log_read(&file, 1, NULL, &log, &counts, &err) != VG_OK)
        fail(&err);
    timings.read = now_ms() - begun;
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
    printf("{\"rows\": %lu, \"read_ms\": %.1f, \"flow_ms\": %.2f, \"variants_ms\": %.2f, "
           "\"funnel_ms\": %.2f}\n",
           (unsigned long)counts.rows, timings.read, median(timings.flow, repeat),
           median(timings.variants, repeat), median(timings.funnel, repeat));
    vg_result_free(answers.result);
    vg_log_free(log);
    return 0;
}
