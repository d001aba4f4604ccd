/* sample_pictures: draws the flow and the variants of a golden file, to look at.
 *     build/tests/sample-pictures ../shared/data/golden/helpdesk_it.json /tmp/out */
#include "base/lang.h"
#include "draw/render.h"
#include "draw/scene.h"
#include "text/json.h"
#include "view/charts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct vg_err err;

static void check(enum vg_code code)
{
    if (code == VG_OK)
        return;
    fprintf(stderr, "%s: %s\n", err.where, err.what);
    exit(1);
}

static void save(const char *folder, const char *name, struct scene *scene)
{
    char path[512];
    for (int dark = 0; dark < 2; dark++) {
        struct buf svg = {0}, png = {0};
        check(scene_svg(scene,
                        &(struct svg_options){.theme = dark ? SVG_DARK : SVG_LIGHT}, &svg,
                        &err));
        check(render_png(buf_str(&svg), &(struct png_options){.scale = 1}, &png, &err));
        snprintf(path, sizeof path, "%s/%s%s.png", folder, name, dark ? "-dark" : "");
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(png.ptr, 1, png.len, file) != png.len || fclose(file)) {
            perror(path);
            exit(1);
        }
        buf_free(&svg);
        buf_free(&png);
    }
    printf("%s %.0f × %.0f\n", name, scene_width(scene), scene_height(scene));
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static size_t counts(struct arena *arena, const json_t *object,
                     struct vg_activity_count **ret)
{
    struct vg_activity_count *list =
        arena_array(arena, struct vg_activity_count, json_object_size(object) + 1);
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        list[n] = (struct vg_activity_count){key, (uint64_t)json_integer_value(value)};
        for (size_t j = n++; j > 0 && list[j].count > list[j - 1].count; j--) {
            struct vg_activity_count t = list[j];
            list[j] = list[j - 1];
            list[j - 1] = t;
        }
    }
    *ret = list;
    return n;
}

static struct vg_flow flow_from(struct arena *arena, const json_t *json)
{
    struct vg_flow flow = {.trace_count = (uint64_t)number(json, "cases"),
                           .event_count = (uint64_t)number(json, "events")};
    flow.activity_count =
        counts(arena, json_object_get(json, "activity_counts"), &flow.activities);
    flow.start_count =
        counts(arena, json_object_get(json, "start_activities"), &flow.starts);
    flow.end_count = counts(arena, json_object_get(json, "end_activities"), &flow.ends);
    const json_t *dfg = json_object_get(json, "dfg");
    flow.edges = arena_array(arena, struct vg_edge, json_array_size(dfg) + 1);
    for (size_t i = 0; i < json_array_size(dfg); i++) {
        const json_t *e = json_array_get(dfg, i);
        flow.edges[flow.edge_count++] =
            (struct vg_edge){.from = json_string_value(json_object_get(e, "a")),
                             .to = json_string_value(json_object_get(e, "b")),
                             .count = (uint64_t)number(e, "n"),
                             .median_s = number(e, "median_s"),
                             .p95_s = number(e, "max_s")};
    }
    return flow;
}

static struct vg_variants variants_from(struct arena *arena, const json_t *json)
{
    const json_t *top = json_object_get(json, "variants_top50");
    struct vg_variants variants = {
        .total = (uint64_t)number(json, "variants_total"),
        .trace_count = (uint64_t)number(json, "cases"),
        .variants = arena_array(arena, struct vg_variant, json_array_size(top) + 1)};
    for (size_t i = 0; i < json_array_size(top); i++) {
        const json_t *v = json_array_get(top, i), *seq = json_object_get(v, "seq");
        struct vg_variant *variant = &variants.variants[variants.variant_count++];
        variant->count = (uint64_t)number(v, "n");
        variant->activity_count = json_array_size(seq);
        variant->activities =
            arena_array(arena, const char *, variant->activity_count + 1);
        for (size_t k = 0; k < variant->activity_count; k++)
            variant->activities[k] = json_string_value(json_array_get(seq, k));
        variant->duration_median_s = NAN;
        variant->example = "";
    }
    return variants;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: sample-pictures GOLDEN.json FOLDER [it]\n");
        return 2;
    }
    lang_set(argc > 3 ? LANG_IT : LANG_EN);
    struct arena *arena = arena_open(0);
    json_t *json = NULL;
    check(json_read_file(argv[1], 64 << 20, &json, &err));
    struct vg_flow flow = flow_from(arena, json);
    struct vg_variants variants = variants_from(arena, json);
    struct scene *scene = NULL;
    static const int details[] = {0, 30, 60, 100};
    for (size_t i = 0; i < COUNT_OF(details); i++) {
        char name[32];
        snprintf(name, sizeof name, "flow-%d", details[i]);
        check(flow_draw(arena, &flow,
                        &(struct flow_options){.detail = details[i] / 100.0}, &scene,
                        &err));
        save(argv[2], name, scene);
    }
    static const int widths[] = {900, 330};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        char name[32];
        snprintf(name, sizeof name, "variants-%d", widths[i]);
        check(variants_draw(arena, &variants,
                            &(struct variants_options){.chart.width = widths[i]}, &scene,
                            &err));
        save(argv[2], name, scene);
    }
    json_decref(json);
    arena_close(arena);
    return 0;
}
