/* flow: the five most frequent passages of an event log, with libviaggio.
 *
 *     make && ./flow ../macchinari/crm.csv
 */
#include <viaggio.h>

#include <stdio.h>

static int complain(const struct vg_err *err)
{
    fprintf(stderr, "%s%s%s\n", err->where, err->where[0] ? ": " : "", err->what);
    if (err->hint[0])
        fprintf(stderr, "  %s\n", err->hint);
    return 1;
}

static void print_flow(const struct vg_flow *flow)
{
    printf("%llu events, %llu journeys\n", (unsigned long long)flow->event_count,
           (unsigned long long)flow->trace_count);
    for (size_t i = 0; i < flow->edge_count && i < 5; i++)
        printf("%6llu  %s -> %s  (median %.0f s)\n",
               (unsigned long long)flow->edges[i].count, flow->edges[i].from,
               flow->edges[i].to, flow->edges[i].median_s);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    struct vg_err err = {0};
    struct vg_flow flow;
    vg_log *log = NULL;
    vg_result *result = vg_result_new();
    int status = 1;
    if (!result)
        fprintf(stderr, "there is not enough memory\n");
    else if (vg_log_read((const char *const *)argv + 1, (size_t)argc - 1, NULL, &log,
                         NULL, &err) != VG_OK ||
             vg_mine_flow(log, result, &flow, &err) != VG_OK)
        status = complain(&err);
    else {
        print_flow(&flow);
        status = 0;
    }
    vg_log_free(log);
    vg_result_free(result);
    return status;
}
