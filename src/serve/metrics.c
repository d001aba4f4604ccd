/* Numbers for Prometheus (text format 0.0.4). Declared in serve/inside.h. */
#include "app/cache.h"
#include "serve/inside.h"

#include "base/date.h"

#include <stdio.h>
#include <unistd.h>

static const double bounds_s[] = {0.005, 0.01, 0.05, 0.1, 0.5, 1, 5};

void metrics_count(struct serve *serve, const struct exchange *exchange, int64_t took_us)
{
    struct metrics *metrics = &serve->metrics;
    unsigned class = exchange->status / 100;
    if (class < COUNT_OF(metrics->by_class))
        metrics->by_class[class]++;
    metrics->bytes_out += exchange->answer_bytes;
    if (exchange->live)
        return; /* lasts as long as somebody watches */
    size_t i = 0;
    while (i < COUNT_OF(bounds_s) && (double)took_us / 1e6 > bounds_s[i])
        i++;
    metrics->slow_buckets[i]++;
    metrics->seconds_us += (uint64_t)(took_us > 0 ? took_us : 0);
}

static void one(struct buf *out, const char *name, const char *type, const char *help,
                double value)
{
    buf_printf(out, "# HELP viaggio_%s %s\n# TYPE viaggio_%s %s\nviaggio_%s %.17g\n",
               name, help, name, type, name, value);
}

static double resident_bytes(void)
{
    long pages = 0, unused = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%ld %ld", &unused, &pages) != 2)
        pages = 0;
    if (file)
        fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void write_requests(struct metrics *metrics, struct buf *out)
{
    uint64_t sum = 0;
    buf_text(out, "# HELP viaggio_requests_total answered requests by class of status\n"
                  "# TYPE viaggio_requests_total counter\n");
    for (unsigned i = 2; i < COUNT_OF(metrics->by_class); i++)
        buf_printf(out, "viaggio_requests_total{status=\"%uxx\"} %llu\n", i,
                   (unsigned long long)metrics->by_class[i]);
    buf_text(out, "# HELP viaggio_request_seconds time from the head to the last byte\n"
                  "# TYPE viaggio_request_seconds histogram\n");
    for (size_t i = 0; i < COUNT_OF(bounds_s); i++) {
        sum += metrics->slow_buckets[i];
        buf_printf(out, "viaggio_request_seconds_bucket{le=\"%g\"} %llu\n", bounds_s[i],
                   (unsigned long long)sum);
    }
    sum += metrics->slow_buckets[COUNT_OF(bounds_s)];
    buf_printf(out,
               "viaggio_request_seconds_bucket{le=\"+Inf\"} %llu\n"
               "viaggio_request_seconds_sum %.6f\nviaggio_request_seconds_count %llu\n",
               (unsigned long long)sum, (double)metrics->seconds_us / 1e6,
               (unsigned long long)sum);
}

enum vg_code metrics_write(struct serve *serve, struct buf *out, struct vg_err *err)
{
    struct metrics *metrics = &serve->metrics;
    size_t waiting[LANES], running;
    work_count(serve, waiting, &running);
    write_requests(metrics, out);
    one(out, "refused_total", "counter", "connections cut for what is no HTTP",
        (double)metrics->refused);
    one(out, "cut_total", "counter", "connections cut for slowness",
        (double)metrics->cut);
    one(out, "bytes_in_total", "counter", "bytes read", (double)metrics->bytes_in);
    one(out, "bytes_out_total", "counter", "bytes of answers",
        (double)metrics->bytes_out);
    one(out, "logins_total", "counter", "logins that worked", (double)metrics->logins);
    one(out, "logins_failed_total", "counter", "logins that did not",
        (double)metrics->logins_failed);
    one(out, "live_events_total", "counter", "events told to watchers",
        (double)metrics->events_told);
    struct cache_counts cache = cache_count(serve->cache);
    one(out, "evidence_loads_total", "counter", "times the evidence was loaded",
        (double)cache.loads);
    one(out, "evidence_parts_total", "counter", "parts of it cut out by filters",
        (double)cache.parts);
    one(out, "studies_total", "counter", "studies made", (double)cache.studies);
    one(out, "cache_hits_total", "counter", "questions answered without making anything",
        (double)cache.hits);
    one(out, "cache_bytes", "gauge", "evidence and studies held in memory",
        (double)cache.bytes);
    one(out, "connections", "gauge", "open connections", (double)wire_count());
    one(out, "live_streams", "gauge", "watchers", (double)live_count(serve));
    one(out, "requests_waiting", "gauge", "requests without a worker",
        (double)(waiting[LANE_QUICK] + waiting[LANE_SLOW] + waiting[LANE_HASH]));
    one(out, "requests_running", "gauge", "requests with a worker", (double)running);
    one(out, "jobs_waiting", "gauge", "jobs not done", (double)jobs_waiting(serve));
    one(out, "resident_bytes", "gauge", "memory in use", resident_bytes());
    one(out, "uptime_seconds", "gauge", "since the start",
        (double)(date_now_us() - serve->started_us) / 1e6);
    return out->failed ? err_memory(err) : VG_OK;
}
