/* Declared in app/workbook.h. */
#include "app/workbook.h"

#include "base/lang.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { CELL_LETTERS = 32000 }; /* a cell holds 32,767 characters */

struct sheet {
    lxw_worksheet *sheet;
    lxw_format *head, *wrap, *share, *number;
    bool failed;
};

/* ---- cells ---- */

/* As text, whatever it begins with; cut where a cell is full. */
static void put_text(struct sheet *s, lxw_row_t row, size_t column, const char *text,
                     lxw_format *format)
{
    char *cut = NULL;
    if (!text || !text[0]) {
        s->failed |= worksheet_write_blank(s->sheet, row, (lxw_col_t)column, format);
        return;
    }
    size_t length = strlen(text);
    if (length > CELL_LETTERS) {
        length = CELL_LETTERS;
        while (length && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
        cut = strndup(text, length);
        s->failed |= !cut;
    }
    lxw_error error = worksheet_write_string(s->sheet, row, (lxw_col_t)column,
                                             cut ? cut : text, format);
    s->failed |= error != LXW_NO_ERROR;
    free(cut);
}

static void put_number(struct sheet *s, lxw_row_t row, size_t column, double value,
                       lxw_format *format)
{
    if (isfinite(value))
        s->failed |=
            worksheet_write_number(s->sheet, row, (lxw_col_t)column, value, format) != 0;
}

static void put_heads(struct sheet *s, lxw_row_t row, const char *const *heads,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_text(s, row, i, heads[i], s->head);
}

/* Texts one below the other. */
static void put_lines(struct sheet *s, lxw_row_t row, size_t column,
                      const char *(*line)(const struct map_step *step, size_t i),
                      const struct map_step *step, size_t count)
{
    struct buf text = {0};
    for (size_t i = 0; i < count; i++) {
        buf_text(&text, i ? "\n" : "");
        buf_text(&text, line(step, i));
    }
    put_text(s, row, column, text.len ? buf_str(&text).ptr : "", s->wrap);
    s->failed |= text.failed;
    buf_free(&text);
}

/* ---- the map: a column a step, a row a lane ---- */

static const char *touchpoint_line(const struct map_step *step, size_t i)
{
    return step->touchpoints[i].title;
}
static const char *channel_line(const struct map_step *step, size_t i)
{
    return step->touchpoints[i].channel;
}
static const char *need_line(const struct map_step *step, size_t i)
{
    return step->needs.items[i];
}
static const char *pain_line(const struct map_step *step, size_t i)
{
    return step->pains[i].text;
}
static const char *opportunity_line(const struct map_step *step, size_t i)
{
    return step->opportunities[i].text;
}
static const char *backstage_line(const struct map_step *step, size_t i)
{
    return step->backstage.items[i];
}

static void put_step(struct sheet *s, const struct vg_map *map, size_t i)
{
    const struct map_step *step = &map->steps[i];
    size_t column = i + 1;
    put_text(s, 0, column, map->phases[step->phase].title, s->head);
    put_text(s, 1, column, step->title, s->head);
    put_text(s, 2, column, step->doing, s->wrap);
    put_text(s, 3, column, step->thinking, s->wrap);
    put_text(s, 4, column, step->feeling.emotion, s->wrap);
    put_number(s, 5, column, step->feeling.valence, s->number);
    put_lines(s, 6, column, touchpoint_line, step, step->touchpoint_count);
    put_lines(s, 7, column, channel_line, step, step->touchpoint_count);
    put_lines(s, 8, column, need_line, step, step->needs.count);
    put_lines(s, 9, column, pain_line, step, step->pain_count);
    put_lines(s, 10, column, opportunity_line, step, step->opportunity_count);
    put_lines(s, 11, column, backstage_line, step, step->backstage.count);
    put_text(s, 12, column, step->owner, s->wrap);
}

static void write_map(struct sheet *s, const struct vg_map *map)
{
    const char *const lanes[] = {_("Phase"),
                                 _("Step"),
                                 _("What they do"),
                                 _("What they think"),
                                 _("What they feel"),
                                 _("Valence (−2 … +2)"),
                                 _("Touchpoints"),
                                 _("Channels"),
                                 _("Needs"),
                                 _("Pains"),
                                 _("Opportunities"),
                                 _("Backstage"),
                                 _("Who looks after it")};
    for (size_t i = 0; i < COUNT_OF(lanes); i++)
        put_text(s, (lxw_row_t)i, 0, lanes[i], s->head);
    for (size_t i = 0; i < map->step_count; i++)
        put_step(s, map, i);
    worksheet_set_column(s->sheet, 0, 0, 22, NULL);
    worksheet_set_column(s->sheet, 1, (lxw_col_t)(map->step_count ? map->step_count : 1),
                         28, NULL);
    worksheet_freeze_panes(s->sheet, 2, 1);
}

/* ---- the steps and their numbers ---- */

static void write_steps(struct sheet *s, const struct study *study)
{
    const char *const heads[] = {_("Step"),
                                 _("Customers who reached it"),
                                 _("Moved on"),
                                 _("Lost"),
                                 _("Share lost"),
                                 _("Still under way"),
                                 _("Median days to the next"),
                                 _("Seen"),
                                 _("Skipped"),
                                 _("Repeated"),
                                 _("Feeling believed"),
                                 _("Feeling from evidence"),
                                 _("Scores")};
    put_heads(s, 0, heads, COUNT_OF(heads));
    for (size_t i = 0; i < study->map->step_count; i++) {
        lxw_row_t row = (lxw_row_t)i + 1;
        put_text(s, row, 0, study->map->steps[i].title, s->wrap);
        put_number(s, row, 10, study->map->steps[i].feeling.valence, s->number);
        if (!study->log)
            continue;
        const struct vg_funnel_step *f = &study->funnel.steps[i];
        const struct vg_align_step *a = &study->align.steps[i];
        const struct vg_step_emotion *e = &study->emotions.steps[i];
        put_number(s, row, 1, (double)f->reached, NULL);
        put_number(s, row, 2, (double)f->moved_on, NULL);
        put_number(s, row, 3, (double)f->lost, NULL);
        put_number(s, row, 4, f->lost_share, s->share);
        put_number(s, row, 5, (double)f->travelling, NULL);
        put_number(s, row, 6, f->median_s / 86400, s->number);
        put_number(s, row, 7, (double)a->seen, NULL);
        put_number(s, row, 8, (double)a->skipped, NULL);
        put_number(s, row, 9, (double)a->repeated, NULL);
        put_number(s, row, 11, e->mean, s->number);
        put_number(s, row, 12, (double)e->n, NULL);
    }
    worksheet_set_column(s->sheet, 0, 0, 32, NULL);
    worksheet_set_column(s->sheet, 1, COUNT_OF(heads) - 1, 14, NULL);
    worksheet_freeze_panes(s->sheet, 1, 1);
}

/* ---- actions, findings ---- */

static void write_actions(struct sheet *s, const struct vg_map *map)
{
    const char *const heads[] = {_("Action"),     _("State"), _("Who"),
                                 _("Department"), _("Due"),   _("Expected effect"),
                                 _("Result")};
    put_heads(s, 0, heads, COUNT_OF(heads));
    const json_t *documents = json_object_get(map->json, "actions");
    for (size_t i = 0; i < map->action_count; i++) {
        const struct map_action *action = &map->actions[i];
        lxw_row_t row = (lxw_row_t)i + 1;
        put_text(s, row, 0, action->title, s->wrap);
        put_text(s, row, 1, action_state_text(action->state), s->wrap);
        put_text(s, row, 2, action->owner, s->wrap);
        put_text(s, row, 3, action->department, s->wrap);
        put_text(s, row, 4,
                 json_string_value(json_object_get(json_array_get(documents, i), "due")),
                 s->wrap);
        put_text(s, row, 5, action->expected, s->wrap);
        put_text(s, row, 6, action->result, s->wrap);
    }
    worksheet_set_column(s->sheet, 0, COUNT_OF(heads) - 1, 24, NULL);
    worksheet_freeze_panes(s->sheet, 1, 0);
}

static void write_findings(struct sheet *s, const struct study *study)
{
    const char *const heads[] = {_("What the evidence says"), _("Numbers"),
                                 _("What to do next")};
    put_heads(s, 0, heads, COUNT_OF(heads));
    for (size_t i = 0; i < study->findings.count; i++) {
        const struct finding *f = &study->findings.items[i];
        put_text(s, (lxw_row_t)i + 1, 0, f->headline, s->wrap);
        put_text(s, (lxw_row_t)i + 1, 1, f->detail, s->wrap);
        put_text(s, (lxw_row_t)i + 1, 2, f->advice, s->wrap);
    }
    worksheet_set_column(s->sheet, 0, 2, 50, NULL);
}

/* ---- the book ---- */

static struct sheet add_sheet(lxw_workbook *book, const struct sheet *formats,
                              const char *name)
{
    struct sheet s = *formats;
    s.sheet = workbook_add_worksheet(book, name);
    s.failed = !s.sheet;
    return s;
}

static bool fill(lxw_workbook *book, const struct study *study)
{
    struct sheet formats = {.head = workbook_add_format(book),
                            .wrap = workbook_add_format(book),
                            .share = workbook_add_format(book),
                            .number = workbook_add_format(book)};
    if (!formats.head || !formats.wrap || !formats.share || !formats.number)
        return false;
    format_set_bold(formats.head);
    format_set_text_wrap(formats.head);
    format_set_align(formats.head, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(formats.wrap);
    format_set_align(formats.wrap, LXW_ALIGN_VERTICAL_TOP);
    format_set_num_format(formats.share, "0.0%");
    format_set_num_format(formats.number, "0.0");
    struct sheet map = add_sheet(book, &formats, _("Map"));
    struct sheet steps = add_sheet(book, &formats, _("Evidence"));
    struct sheet actions = add_sheet(book, &formats, _("Actions"));
    struct sheet findings = add_sheet(book, &formats, _("Findings"));
    if (map.failed || steps.failed || actions.failed || findings.failed)
        return false;
    write_map(&map, study->map);
    write_steps(&steps, study);
    write_actions(&actions, study->map);
    write_findings(&findings, study);
    return !(map.failed || steps.failed || actions.failed || findings.failed);
}

static enum vg_code read_back(int handle, struct buf *out, struct vg_err *err)
{
    char bytes[65536];
    ssize_t got;
    off_t at = 0;
    while ((got = pread(handle, bytes, sizeof bytes, at)) > 0) {
        buf_add(out, (str){bytes, (size_t)got});
        at += got;
    }
    if (got < 0)
        return err_errno(err, _("the workbook"));
    return out->failed ? err_memory(err) : VG_OK;
}

/* The library writes into a file: one that is only in memory. */
enum vg_code workbook_write(const struct study *study, struct buf *out,
                            struct vg_err *err)
{
    char path[64];
    int handle = memfd_create("workbook", MFD_CLOEXEC);
    if (handle < 0)
        return err_errno(err, _("the workbook"));
    snprintf(path, sizeof path, "/proc/self/fd/%d", handle);
    lxw_workbook *book = workbook_new(path);
    bool filled = book && fill(book, study);
    lxw_error error = book ? workbook_close(book) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    enum vg_code code = VG_OK;
    if (!filled || error != LXW_NO_ERROR)
        code = err_set(err, VG_ERR_IO, NULL, _("the workbook could not be written: %s"),
                       error != LXW_NO_ERROR ? lxw_strerror(error) : "");
    else
        code = read_back(handle, out, err);
    close(handle);
    return code;
}
