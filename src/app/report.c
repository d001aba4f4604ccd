#include "app/report.h"

#include "app/file.h"
#include "app/json.h"
#include "app/picture.h"
#include "base/lang.h"
#include "draw/scene.h"
#include "view/poster.h"
#include "view/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* In the order in which they take their places: insight.json, which says that the folder
 * is ours, first. */
static const char *const names[] = {"insight.json", "poster.svg", "poster.png",
                                    "poster.pdf",   "map.json",   "index.html"};
#define BESIDE_COUNT 5
#define OLD_MAPS_MAX 1000

struct making {
    struct arena *arena;
    const struct study *study;
    const struct report_request *request;
    char temporary[4096]; /* folder */
    const struct scene *poster;
};

static const char *join(struct arena *arena, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    bool slash = length && folder[length - 1] == '/';
    return arena_printf(arena, "%s%s%s", folder, slash ? "" : "/", name);
}

static enum vg_code put(struct making *making, const char *name, struct buf *bytes,
                        struct vg_err *err)
{
    const char *path = join(making->arena, making->temporary, name);
    enum vg_code code =
        !path || bytes->failed ? err_memory(err) : file_write(path, buf_str(bytes), err);
    buf_free(bytes);
    return code;
}

static enum vg_code go_on(const struct making *making, const char *what, double done,
                          struct vg_err *err)
{
    if (!progress_step(making->request->progress, what, done))
        return VG_OK;
    return err_set(err, VG_ERR_CANCELLED, NULL, "%s", _("stopped"));
}

/* SVG and PNG are one picture; the PDF is drawn anew for its paper. */
static enum vg_code make_picture(struct making *making, enum picture_format format,
                                 struct vg_err *err)
{
    bool pdf = format == PICTURE_PDF;
    struct picture_options options = {.kind = PICTURE_POSTER,
                                      .format = format,
                                      .paper = pdf ? making->request->paper : NULL,
                                      .dark = making->request->dark,
                                      .title = making->study->map->title};
    struct buf bytes = {0};
    enum vg_code code =
        go_on(making, _("drawing the poster"), 0.2 + 0.2 * (int)format, err);
    if (code == VG_OK && pdf)
        code = picture_draw(making->arena, making->study, &options, &bytes, err);
    else if (code == VG_OK)
        code = picture_write(making->poster, &options, &bytes, err);
    if (code == VG_OK)
        code = put(making, names[1 + format], &bytes, err);
    buf_free(&bytes);
    return code;
}

static enum vg_code make_poster(struct making *making, struct vg_err *err)
{
    struct scene *scene = NULL;
    enum vg_code code = poster_draw(making->arena, making->study,
                                    &(struct poster_options){0}, &scene, err);
    making->poster = scene;
    for (int format = PICTURE_SVG; code == VG_OK && format <= PICTURE_PDF; format++)
        code = make_picture(making, (enum picture_format)format, err);
    return code;
}

static enum vg_code make_page(struct making *making, struct vg_err *err)
{
    const char *beside[BESIDE_COUNT];
    size_t beside_count = 0;
    struct buf svg = {0}, page = {0};
    for (size_t i = 0; i < BESIDE_COUNT; i++)
        if (strcmp(names[i], "map.json") != 0 || making->study->map->draft)
            beside[beside_count++] = names[i];
    enum vg_code code = go_on(making, _("writing the report"), 0.8, err);
    if (code == VG_OK)
        code = scene_svg(making->poster, &(struct svg_options){SVG_AUTO, false, true},
                         &svg, err);
    struct report_options options = {.beside = beside,
                                     .beside_count = beside_count,
                                     .hide_names = making->request->hide_names};
    if (code == VG_OK)
        code = report_html(making->arena, making->study, buf_str(&svg), &options, &page,
                           err);
    if (code == VG_OK)
        code = put(making, "index.html", &page, err);
    buf_free(&svg);
    buf_free(&page);
    return code;
}

static enum vg_code make_data(struct making *making, struct vg_err *err)
{
    struct buf text = {0};
    json_t *json = study_to_json(making->study);
    enum vg_code code = json ? json_write(json, &text, err) : err_memory(err);
    json_decref(json);
    if (code == VG_OK)
        code = put(making, "insight.json", &text, err);
    if (code == VG_OK && making->study->map->draft) {
        code = map_write(making->study->map, &text, err);
        if (code == VG_OK)
            code = put(making, "map.json", &text, err);
    }
    buf_free(&text);
    return code;
}

/* Is the folder's insight.json one of ours? */
static bool is_ours(struct arena *arena, const char *folder)
{
    const char *path = join(arena, folder, "insight.json");
    FILE *file = path ? fopen(path, "re") : NULL;
    char head[64] = "";
    if (!file)
        return false;
    size_t length = fread(head, 1, sizeof head - 1, file);
    fclose(file);
    return str_find((str){head, length}, STR("\"generator\": \"viaggio\"")) != SIZE_MAX;
}

/* Nothing of others may be in the way. */
static enum vg_code look(const struct making *making, bool *ret_exists,
                         struct vg_err *err)
{
    const char *folder = making->request->folder;
    struct stat about;
    *ret_exists = stat(folder, &about) == 0;
    if (!*ret_exists && errno != ENOENT)
        return err_errno(err, folder);
    if (!*ret_exists || making->request->force)
        return VG_OK;
    if (!S_ISDIR(about.st_mode))
        return err_set(err, VG_ERR_CONFLICT, folder, "%s",
                       _("this is a file; the report is a folder"));
    if (is_ours(making->arena, folder))
        return VG_OK;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *path = join(making->arena, folder, names[i]);
        if (!path)
            return err_memory(err);
        if (stat(path, &about) != 0)
            continue;
        err_set(err, VG_ERR_CONFLICT, path, "%s",
                _("this file was not written by viaggio"));
        return err_hint(err, "%s",
                        _("choose another folder, or --force to write over the file"));
    }
    return VG_OK;
}

/* Is the folder's map.json the one that comes in its place, or still the one its
 * insight.json was made with? */
static bool map_untouched(const struct making *making)
{
    const char *map_path = join(making->arena, making->request->folder, "map.json");
    const char *path = join(making->arena, making->request->folder, "insight.json");
    json_t *map = map_path ? json_load_file(map_path, 0, NULL) : NULL;
    json_t *insight = path ? json_load_file(path, 0, NULL) : NULL;
    bool untouched = map && (json_equal(map, making->study->map->json) ||
                             json_equal(map, json_object_get(insight, "map")));
    json_decref(map);
    json_decref(insight);
    return untouched;
}

/* A map.json that somebody worked on is kept as map.json~, or map.json~2 …: what was kept
 * before is not written over, either. */
static enum vg_code keep_old_map(struct making *making, struct vg_err *err)
{
    const char *old = join(making->arena, making->request->folder, "map.json");
    if (!old)
        return err_memory(err);
    if (map_untouched(making))
        return VG_OK;
    for (int i = 1; i <= OLD_MAPS_MAX; i++) {
        const char *kept = i == 1 ? arena_printf(making->arena, "%s~", old)
                                  : arena_printf(making->arena, "%s~%d", old, i);
        struct stat about;
        if (!kept)
            return err_memory(err);
        if (lstat(kept, &about) == 0)
            continue;
        return rename(old, kept) != 0 && errno != ENOENT ? err_errno(err, old) : VG_OK;
    }
    return err_set(err, VG_ERR_CONFLICT, old, "%s",
                   _("there are too many kept maps beside it: take some away"));
}

/* Each finished file takes its place. */
static enum vg_code settle(struct making *making, struct vg_err *err)
{
    enum vg_code code = making->study->map->draft ? keep_old_map(making, err) : VG_OK;
    for (size_t i = 0; code == VG_OK && i < COUNT_OF(names); i++) {
        const char *from = join(making->arena, making->temporary, names[i]);
        const char *to = join(making->arena, making->request->folder, names[i]);
        if (!from || !to)
            return err_memory(err);
        if (rename(from, to) != 0 && errno != ENOENT)
            return err_errno(err, to);
    }
    return code;
}

enum vg_code report_write(struct arena *arena, const struct study *study,
                          const struct report_request *request, struct vg_err *err)
{
    struct making making = {arena, study, request, "", NULL};
    bool exists;
    int slot = -1;
    enum vg_code code = look(&making, &exists, err);
    if (code == VG_OK)
        code = file_folder_open(request->folder, making.temporary,
                                sizeof making.temporary, &slot, err);
    if (code == VG_OK)
        code = make_poster(&making, err);
    if (code == VG_OK)
        code = make_page(&making, err);
    if (code == VG_OK)
        code = make_data(&making, err);
    if (code == VG_OK)
        code = go_on(&making, _("writing the report"), 1, err);
    if (code == VG_OK && !exists && rename(making.temporary, request->folder) == 0)
        file_folder_keep(slot);
    else if (code == VG_OK && !exists)
        code = err_errno(err, request->folder);
    else if (code == VG_OK)
        code = settle(&making, err);
    file_folder_drop(slot);
    return code;
}
