/* Tables, for people and for programs. Declared in cli/screen.h. */
#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "cli/screen.h"

#include <math.h>

#define GAP        2 /* columns between columns */
#define BAR_WIDE   20
#define TEXT_LEAST 12 /* a text is never cut narrower than this */
#define ELLIPSIS   "\xE2\x80\xA6"

void table_open(struct arena *arena, const struct column *columns, size_t count,
                struct table *ret)
{
    *ret = (struct table){.arena = arena, .columns = columns, .column_count = count};
}

static void add(struct table *table, struct cell cell)
{
    struct cell *cells = arena_grow(table->arena, table->cells, table->count,
                                    &table->capacity, sizeof *cells);
    if (!cells) {
        table->failed = true;
        return;
    }
    table->cells = cells;
    cells[table->count++] = cell;
}

void table_text(struct table *table, const char *text)
{
    add(table, (struct cell){.text = text ? text : "", .number = NAN});
}

void table_number(struct table *table, double number)
{
    add(table, (struct cell){.number = number});
}

/* ---- for programs: tabs, plain numbers ---- */

static void write_plain_time(struct buf *out, double at_us)
{
    struct date date = date_from_us((int64_t)at_us);
    buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", date.year, date.month, date.day,
               date.hour, date.minute, date.second);
    if (date.us)
        buf_printf(out, ".%06d", date.us);
    buf_char(out, 'Z');
}

static void write_plain(struct buf *out, const struct column *column, struct cell cell)
{
    if (column->kind == CELL_TEXT)
        screen_safe(out, str_from(cell.text));
    else if (!isfinite(cell.number))
        return;
    else if (column->kind == CELL_TIME)
        write_plain_time(out, cell.number);
    else if (column->kind == CELL_COUNT)
        buf_printf(out, "%.0f", cell.number);
    else
        buf_printf(out, "%.10g", cell.number);
}

static enum vg_code print_plain(struct table *table, struct screen *screen,
                                struct vg_err *err)
{
    for (size_t i = 0; i < table->count + table->column_count; i++) {
        size_t c = i % table->column_count;
        bool header = i < table->column_count;
        const struct column *column = &table->columns[c];
        if (column->name) {
            if (c)
                buf_char(&screen->buf, '\t');
            if (header)
                buf_text(&screen->buf, column->name);
            else
                write_plain(&screen->buf, column, table->cells[i - table->column_count]);
        }
        if (c + 1 == table->column_count) {
            buf_char(&screen->buf, '\n');
            enum vg_code code =
                screen->buf.len > 65536 ? screen_flush(screen, err) : VG_OK;
            if (code != VG_OK)
                return code;
        }
    }
    return VG_OK;
}

/* ---- for people ---- */

/* A bar of eighths of a character. */
static void write_bar(struct buf *out, double share)
{
    static const char *const parts[] = {"",       "\u258F", "\u258E", "\u258D",
                                        "\u258C", "\u258B", "\u258A", "\u2589"};
    double eighths = isfinite(share) ? round(fmin(fmax(share, 0), 1) * BAR_WIDE * 8) : 0;
    int whole = (int)eighths;
    if (share > 0 && whole == 0)
        whole = 1;
    for (int i = 0; i < whole / 8; i++)
        buf_text(out, "\u2588");
    buf_text(out, parts[whole % 8]);
}

static void write_cell(struct buf *out, const struct column *column, struct cell cell)
{
    if (column->kind != CELL_TEXT && column->kind != CELL_BAR && !isfinite(cell.number)) {
        buf_text(out, "\u2013");
        return;
    }
    switch (column->kind) {
    case CELL_TEXT:
        screen_safe(out, str_from(cell.text));
        break;
    case CELL_COUNT:
        write_count(out, (uint64_t)cell.number);
        break;
    case CELL_NUMBER:
        write_number(out, cell.number, 2);
        break;
    case CELL_SIGNED:
        write_signed(out, cell.number, 1);
        break;
    case CELL_SHARE:
        write_share(out, cell.number, 1);
        break;
    case CELL_DURATION:
        write_duration(out, cell.number);
        break;
    case CELL_TIME:
        write_time(out, (int64_t)cell.number);
        break;
    case CELL_BAR:
        write_bar(out, cell.number);
        break;
    }
}

/* Every cell as text, the header first: [(rows + 1) * column_count]. */
static const char **write_cells(struct table *table)
{
    size_t count = table->count + table->column_count;
    const char **texts = arena_array(table->arena, const char *, count + 1);
    struct buf buf = {0};
    for (size_t i = 0; texts && i < count; i++) {
        const struct column *column = &table->columns[i % table->column_count];
        buf_clear(&buf);
        if (i >= table->column_count)
            write_cell(&buf, column, table->cells[i - table->column_count]);
        else if (column->title)
            buf_text(&buf, column->title[0] ? _c("table", column->title) : "");
        texts[i] = arena_text(table->arena, buf.ptr ? buf_str(&buf) : STR(""));
        if (!texts[i] || buf.failed)
            texts = NULL;
    }
    buf_free(&buf);
    return texts;
}

/* How wide each column is, so that all fit: the widest text gives way first. */
static void measure(const struct table *table, const char *const *texts, size_t columns,
                    size_t *widths)
{
    size_t total = 0, n = table->column_count;
    for (size_t c = 0; c < n; c++) {
        widths[c] = 0;
        if (!table->columns[c].title)
            continue;
        for (size_t i = c; i < table->count + n; i += n) {
            size_t width = utf8_width(str_from(texts[i]));
            widths[c] = width > widths[c] ? width : widths[c];
        }
        total += widths[c] + GAP;
    }
    while (total > columns) {
        size_t widest = n;
        for (size_t c = 0; c < n; c++)
            if (table->columns[c].kind == CELL_TEXT && widths[c] > TEXT_LEAST &&
                (widest == n || widths[c] > widths[widest]))
                widest = c;
        if (widest == n)
            return;
        widths[widest]--;
        total--;
    }
}

static void spaces(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_char(out, ' ');
}

/* The part of `text` that goes on this line: cut between words where it can be. */
static str line_of(str text, size_t width)
{
    if (utf8_width(text) <= width)
        return text;
    str head = utf8_head(text, width);
    for (size_t i = head.len; i > head.len / 2; i--)
        if (text.ptr[i] == ' ')
            return (str){text.ptr, i};
    return head;
}

static void print_wrapped(struct screen *screen, str text, size_t width, size_t indent)
{
    for (bool first = true; first || text.len; first = false) {
        str line = line_of(text, width);
        if (!first) {
            buf_char(&screen->buf, '\n');
            spaces(&screen->buf, indent);
        }
        buf_add(&screen->buf, line);
        text = str_trim((str){text.ptr + line.len, text.len - line.len});
        if (!line.len)
            break;
    }
}

static void print_cell(const struct table *table, struct screen *screen, size_t c,
                       const char *text, size_t width, bool header)
{
    const struct column *column = &table->columns[c];
    bool right = column->kind != CELL_TEXT && column->kind != CELL_BAR;
    str all = str_from(text);
    size_t wide = utf8_width(all);
    bool cut = wide > width;
    str shown = cut ? utf8_head(all, width - 1) : all;
    size_t pad = width - (cut ? utf8_width(shown) + 1 : wide);
    bool last = c + 1 == table->column_count;
    enum tone tone = header ? TONE_QUIET : column->tone;
    if (right)
        spaces(&screen->buf, pad);
    buf_text(&screen->buf, tone == TONE_PLAIN ? "" : tone_code(screen, tone));
    buf_add(&screen->buf, shown);
    if (cut)
        buf_text(&screen->buf, ELLIPSIS);
    buf_text(&screen->buf, tone == TONE_PLAIN ? "" : tone_code(screen, TONE_PLAIN));
    if (!right && !last)
        spaces(&screen->buf, pad);
}

static void print_row(const struct table *table, struct screen *screen,
                      const char *const *texts, const size_t *widths, bool header)
{
    size_t indent = 0;
    for (size_t c = 0; c < table->column_count; c++) {
        if (!table->columns[c].title)
            continue;
        if (indent)
            spaces(&screen->buf, GAP);
        indent += indent ? GAP : 0;
        if (table->columns[c].wrap && !header)
            print_wrapped(screen, str_from(texts[c]), widths[c], indent);
        else
            print_cell(table, screen, c, texts[c], widths[c], header);
        indent += widths[c];
    }
    buf_char(&screen->buf, '\n');
}

static enum vg_code print_for_people(struct table *table, struct screen *screen,
                                     struct vg_err *err)
{
    const char **texts = write_cells(table);
    size_t *widths = arena_array(table->arena, size_t, table->column_count);
    if (!texts || !widths)
        return err_memory(err);
    measure(table, texts, screen->columns, widths);
    for (size_t i = 0; i < table->count + table->column_count; i += table->column_count) {
        print_row(table, screen, texts + i, widths, i == 0);
        enum vg_code code = screen->buf.len > 65536 ? screen_flush(screen, err) : VG_OK;
        if (code != VG_OK)
            return code;
    }
    return VG_OK;
}

enum vg_code table_print(struct table *table, struct screen *screen, struct vg_err *err)
{
    if (table->failed)
        return err_memory(err);
    return screen->people ? print_for_people(table, screen, err)
                          : print_plain(table, screen, err);
}
