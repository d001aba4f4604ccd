/* sample_report: writes a report on made-up evidence, to look at and for the browser's
 * tests.  sample-report OUT.html [lang] [customers] [map.json] [payload] */
#include "view/sample_study.h"

#include "base/lang.h"
#include "draw/scene.h"
#include "view/poster.h"
#include "view/report.h"

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

static const char *read_all(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    struct buf text = {0};
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buf_add(&text, (str){chunk, n});
    fclose(file);
    const char *copy = arena_text(arena, buf_str(&text));
    buf_free(&text);
    return copy;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(
            stderr,
            "usage: sample-report OUT.html [lang] [customers] [map.json|-] [payload]\n");
        return 2;
    }
    struct arena *arena = arena_open(0);
    enum lang lang = LANG_EN;
    if (argc > 2)
        lang_from_text(argv[2], &lang);
    lang_set(lang);
    struct sample sample = {.customers = argc > 3 ? strtoul(argv[3], NULL, 10) : 400,
                            .payload = argc > 5 ? argv[5] : NULL};
    if (argc > 4 && strcmp(argv[4], "-") != 0)
        sample.map = read_all(arena, argv[4]);
    struct study *study = sample_study(arena, &sample);
    struct scene *poster = NULL;
    struct buf svg = {0}, page = {0};
    check(poster_draw(arena, study, &(struct poster_options){0}, &poster, &err));
    check(scene_svg(poster, &(struct svg_options){.inside_html = true}, &svg, &err));
    check(report_html(arena, study, buf_str(&svg), NULL, &page, &err));
    FILE *file = fopen(argv[1], "wb");
    if (!file || fwrite(page.ptr, 1, page.len, file) != page.len || fclose(file)) {
        perror(argv[1]);
        return 1;
    }
    printf("%s: %zu bytes\n", argv[1], page.len);
    buf_free(&svg);
    buf_free(&page);
    sample_study_close(study);
    arena_close(arena);
    return 0;
}
