/* draw-poster MAP.json|random OUT(.svg|.png|.pdf) [option…]: look at a poster without the
 * whole program. Options: it en dark auto fonts believed(no evidence) width=N steps=N
 * paper=A3 scale=N seed=N; of a random map: n=STEPS people=N filled=SHARE words=0|1|2
 * success. */
#include "base/lang.h"
#include "draw/render.h"
#include "random_map.h"
#include "synthetic.h"
#include "view/poster.h"

#include <stdio.h>
#include <stdlib.h>

struct job {
    struct svg_options svg;
    struct poster_options poster;
    const char *paper;
    double scale;
    uint64_t seed;
    bool believed;
    struct random_map random;
};

static void take_option(struct job *job, const char *option)
{
    enum lang lang;
    if (lang_from_text(option, &lang))
        lang_set(lang);
    else if (strcmp(option, "dark") == 0)
        job->svg.theme = SVG_DARK;
    else if (strcmp(option, "auto") == 0)
        job->svg.theme = SVG_AUTO;
    else if (strcmp(option, "fonts") == 0)
        job->svg.embed_fonts = true;
    else if (strcmp(option, "believed") == 0)
        job->believed = true;
    else if (strcmp(option, "success") == 0)
        job->random.success = true;
    else if (strncmp(option, "n=", 2) == 0)
        job->random.steps = strtoul(option + 2, NULL, 10);
    else if (strncmp(option, "people=", 7) == 0)
        job->random.personas = strtoul(option + 7, NULL, 10);
    else if (strncmp(option, "filled=", 7) == 0)
        job->random.filled = strtod(option + 7, NULL);
    else if (strncmp(option, "words=", 6) == 0)
        job->random.words = (int)strtol(option + 6, NULL, 10);
    else if (strncmp(option, "width=", 6) == 0)
        job->poster.width = strtod(option + 6, NULL);
    else if (strncmp(option, "steps=", 6) == 0)
        job->poster.row_steps = strtoul(option + 6, NULL, 10);
    else if (strncmp(option, "scale=", 6) == 0)
        job->scale = strtod(option + 6, NULL);
    else if (strncmp(option, "seed=", 5) == 0)
        job->seed = strtoul(option + 5, NULL, 10);
    else if (strncmp(option, "paper=", 6) == 0)
        job->paper = option + 6;
}

static enum vg_code write_as(const struct job *job, const char *path,
                             const struct scene *scene, struct buf *out,
                             struct vg_err *err)
{
    struct buf svg = {0};
    enum vg_code code = scene_svg(scene, &job->svg, &svg, err);
    str name = str_from(path);
    if (code != VG_OK) {
        buf_free(&svg);
        return code;
    }
    if (str_ends(name, STR(".png"))) {
        code = render_png(buf_str(&svg), &(struct png_options){.scale = job->scale}, out,
                          err);
    } else if (str_ends(name, STR(".pdf"))) {
        struct pdf_options pdf = {.ground = "#fbf9f5"};
        if (!paper_from_text(job->paper ? job->paper : "A3", &pdf.paper))
            return VG_ERR_USAGE;
        pdf.break_count = scene_pages(scene, &pdf.breaks);
        code = render_pdf(buf_str(&svg), &pdf, out, err);
    } else {
        buf_add(out, buf_str(&svg));
    }
    buf_free(&svg);
    return code;
}

static enum vg_code read_map(const char *path, struct job *job, struct vg_map **ret,
                             struct vg_err *err)
{
    if (strcmp(path, "random") != 0)
        return map_read_file(path, ret, err);
    struct buf json = {0};
    job->random.seed = job->seed;
    random_map_json(&job->random, &json);
    enum vg_code code = map_read(buf_str(&json), "random", ret, err);
    buf_free(&json);
    return code;
}

int main(int argc, char **argv)
{
    struct job job = {.paper = "A3",
                      .scale = 1,
                      .seed = 1,
                      .random = {.steps = 10, .personas = 1, .filled = 0.8}};
    for (int i = 3; i < argc; i++)
        take_option(&job, argv[i]);
    struct vg_err err = {0};
    struct vg_map *map = NULL;
    struct study study;
    struct scene *scene;
    struct buf out = {0};
    struct arena *arena = arena_open(0);
    if (argc < 3 || !arena)
        return 2;
    enum vg_code code = read_map(argv[1], &job, &map, &err);
    if (code == VG_OK) {
        synthetic_study(arena, map, job.seed, &study);
        if (job.believed)
            study = (struct study){.map = map};
        struct paper paper;
        if (job.paper && paper_from_text(job.paper, &paper))
            job.poster.paper = &paper;
        code = poster_draw(arena, &study, &job.poster, &scene, &err);
    }
    if (code == VG_OK)
        code = write_as(&job, argv[2], scene, &out, &err);
    FILE *file = code == VG_OK ? fopen(argv[2], "wb") : NULL;
    if (file) {
        fwrite(out.ptr, 1, out.len, file);
        fclose(file);
    } else {
        fprintf(stderr, "%s: %s (%s)\n", err.where, err.what, err.hint);
    }
    buf_free(&out);
    map_close(map);
    arena_close(arena);
    return code == VG_OK && file ? 0 : 1;
}
