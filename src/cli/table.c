/* Tables, for people and for programs. Declared in cli/screen.h. */
#include "base/date.h"
#include "base/lang.h"
#include "base/utf8.h"
#include "cli/screen.h"

#include <math.h>

#define GAP        2  /* columns between columns */
#define BAR_WIDE   20 /* where there is room */
#define BAR_LEAST  6
#define TEXT_USUAL 12 /* a text is not narrower than this while there are bars */
#define TEXT_LEAST 6
#define HIDDEN     SIZE_MAX
#define LINES_MOST 8 /* of one text; what is longer is cut */
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
static void write_bar(struct buf *out, double share, size_t width)
{
    static const char *const parts[] = {"",       "\u258F", "\u258E", "\u258D",
                                        "\u258C", "\u258B", "\u258A", "\u2589"};
    double eighths =
        isfinite(share) ? round(fmin(fmax(share, 0), 1) * (double)width * 8) : 0;
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
    case CELL_PERCENT:
        write_share(out, cell.number, 0);
        break;
    case CELL_DURATION:
        write_duration(out, cell.number);
        break;
    case CELL_TIME:
        write_time(out, (int64_t)cell.number);
        break;
    case CELL_BAR:
        break; /* drawn when its width is known */
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

/* The columns that are shown, and what they take with the gaps between. */
static size_t total_width(const struct table *table, const size_t *widths)
{
    size_t total = 0;
    for (size_t c = 0; c < table->column_count; c++)
        total += widths[c] == HIDDEN ? 0 : widths[c] + (total ? GAP : 0);
    return total;
}

/* Bars grow shorter, down to `least`; with 0 they go. */
static void shorten_bars(const struct table *table, size_t columns, size_t least,
                         size_t *widths)
{
    for (size_t c = 0; c < table->column_count; c++) {
        if (table->columns[c].kind != CELL_BAR || widths[c] == HIDDEN)
            continue;
        while (widths[c] > least && total_width(table, widths) > columns)
            widths[c]--;
        if (widths[c] == 0)
            widths[c] = HIDDEN;
    }
}

/* The widest text grows narrower, one column at a time. */
static void narrow_texts(const struct table *table, size_t columns, size_t least,
                         size_t *widths)
{
    while (total_width(table, widths) > columns) {
        size_t widest = SIZE_MAX;
        for (size_t c = 0; c < table->column_count; c++)
            if (table->columns[c].kind == CELL_TEXT && widths[c] != HIDDEN &&
                widths[c] > least && (widest == SIZE_MAX || widths[c] > widths[widest]))
                widest = c;
        if (widest == SIZE_MAX)
            return;
        widths[widest]--;
    }
}

/* How wide each column is, so that all fit: bars give way first, then texts. */
static void measure(const struct table *table, const char *const *texts, size_t columns,
                    size_t *widths)
{
    size_t n = table->column_count;
    for (size_t c = 0; c < n; c++) {
        widths[c] = table->columns[c].title ? 0 : HIDDEN;
        for (size_t i = c; table->columns[c].title && i < table->count + n; i += n) {
            size_t width = utf8_width(str_from(texts[i]));
            widths[c] = width > widths[c] ? width : widths[c];
        }
        if (table->columns[c].title && table->columns[c].kind == CELL_BAR)
            widths[c] = BAR_WIDE;
    }
    shorten_bars(table, columns, BAR_LEAST, widths);
    narrow_texts(table, columns, TEXT_USUAL, widths);
    if (total_width(table, widths) > columns)
        shorten_bars(table, columns, 0, widths);
    narrow_texts(table, columns, TEXT_LEAST, widths);
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
    for (size_t i = head.len; i > 0; i--)
        if (text.ptr[i] == ' ')
            return (str){text.ptr, i};
    return head;
}

/* Take the next line's worth of `left`, at most `width` columns; the last line there may
 * be is cut with an ellipsis. */
static void print_text(struct screen *screen, str *left, size_t width, bool last_line,
                       bool pad)
{
    str line = line_of(*left, width);
    bool cut = last_line && line.len < left->len;
    if (cut)
        line = utf8_head(*left, width - 1);
    *left = str_trim((str){left->ptr + line.len, left->len - line.len});
    line = str_trim(line);
    buf_add(&screen->buf, line);
    buf_text(&screen->buf, cut ? ELLIPSIS : "");
    if (pad)
        spaces(&screen->buf, width - utf8_width(line) - cut);
}

static void print_bar(struct screen *screen, double share, size_t width, bool pad)
{
    struct buf bar = {0};
    write_bar(&bar, share, width);
    buf_add(&screen->buf, buf_str(&bar));
    if (pad)
        spaces(&screen->buf, width - utf8_width(buf_str(&bar)));
    screen->buf.failed |= bar.failed;
    buf_free(&bar);
}

/* A row under way: what of each text is still to be printed. */
struct row {
    const struct table *table;
    const struct cell *cells; /* NULL: the header */
    str *left;                /* [column_count] */
    const size_t *widths;
};

static void print_cell(const struct row *row, struct screen *screen, size_t c,
                       size_t line)
{
    const struct column *column = &row->table->columns[c];
    bool pad = c + 1 < row->table->column_count;
    const char *colour = tone_code(screen, row->cells ? column->tone : TONE_QUIET);
    if (!row->cells || column->tone == TONE_PLAIN)
        colour = row->cells ? "" : colour;
    buf_text(&screen->buf, colour);
    if (column->kind == CELL_BAR && row->cells) {
        print_bar(screen, line ? 0 : row->cells[c].number, row->widths[c], pad);
    } else if (column->kind == CELL_TEXT || column->kind == CELL_BAR) {
        print_text(screen, &row->left[c], row->widths[c], line + 1 == LINES_MOST, pad);
    } else {
        size_t width = utf8_width(row->left[c]);
        spaces(&screen->buf, row->widths[c] > width ? row->widths[c] - width : 0);
        buf_add(&screen->buf, row->left[c]);
        row->left[c].len = 0;
    }
    buf_text(&screen->buf, colour[0] ? tone_code(screen, TONE_PLAIN) : "");
}

/* As many lines as the longest text takes. */
static void print_row(const struct row *row, struct screen *screen)
{
    bool more = true;
    for (size_t line = 0; more && line < LINES_MOST; line++) {
        bool first = true;
        more = false;
        for (size_t c = 0; c < row->table->column_count; c++) {
            if (row->widths[c] == HIDDEN)
                continue;
            spaces(&screen->buf, first ? 0 : GAP);
            first = false;
            print_cell(row, screen, c, line);
            more |= row->left[c].len > 0;
        }
        while (screen->buf.len && screen->buf.ptr[screen->buf.len - 1] == ' ')
            screen->buf.len--;
        buf_char(&screen->buf, '\n');
    }
}

static enum vg_code print_for_people(struct table *table, struct screen *screen,
                                     struct vg_err *err)
{
    const char **texts = write_cells(table);
    size_t n = table->column_count;
    size_t *widths = arena_array(table->arena, size_t, n);
    str *left = arena_array(table->arena, str, n);
    if (!texts || !widths || !left)
        return err_memory(err);
    measure(table, texts, screen->columns, widths);
    for (size_t i = 0; i < table->count + n; i += n) {
        struct row row = {table, i ? table->cells + i - n : NULL, left, widths};
        for (size_t c = 0; c < n; c++)
            left[c] = str_from(texts[i + c]);
        print_row(&row, screen);
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
