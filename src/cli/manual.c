/* viaggio.1, from the same tables as the help. Declared in cli/run.h. */
#include "cli/run.h"

#include <string.h>

/* roff reads backslashes and lines that begin with a dot or quote. */
static void write_roff(struct buf *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            buf_text(out, "\\&");
        if (*text == '\\')
            buf_text(out, "\\e");
        else if (*text == '-')
            buf_text(out, "\\-");
        else
            buf_char(out, *text);
        line_start = *text == '\n';
    }
}

static void heading(struct buf *out, const char *title)
{
    buf_printf(out, ".SH \"%s\"\n", title);
}

static void paragraph(struct buf *out, const char *text)
{
    buf_text(out, ".PP\n");
    write_roff(out, text);
    buf_char(out, '\n');
}

static void write_option(struct buf *out, const struct option_row *row)
{
    buf_text(out, ".TP\n");
    if (row->letter)
        buf_printf(out, "\\fB\\-%c\\fR, ", row->letter);
    buf_text(out, "\\fB\\-\\-");
    write_roff(out, row->name);
    buf_text(out, "\\fR");
    if (row->argument) {
        buf_text(out, " \\fI");
        write_roff(out, _(row->argument));
        buf_text(out, "\\fR");
    }
    buf_char(out, '\n');
    write_roff(out, _(row->help));
    if (row->choices) {
        buf_text(out, " (");
        write_roff(out, row->choices);
        buf_char(out, ')');
    }
    buf_char(out, '\n');
}

static void write_options(struct buf *out, unsigned groups)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].groups & groups)
            write_option(out, &rows[i]);
}

static void write_verbs(struct buf *out)
{
    size_t count;
    const struct verb *rows = verb_rows(&count);
    unsigned shared = FOR_EVIDENCE | FOR_ALL | FOR_JSON | FOR_TABLE | FOR_OUT;
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, ".SS \"viaggio %s ", rows[i].name);
        write_roff(out, _(rows[i].arguments));
        buf_text(out, "\"\n");
        write_roff(out, _(rows[i].about));
        buf_text(out, "\n.PP\n.nf\n    ");
        write_roff(out, rows[i].example);
        buf_text(out, "\n.fi\n");
        write_options(out, rows[i].groups & ~shared);
    }
}

static void write_statuses(struct buf *out)
{
    static const struct {
        enum vg_code code;
        const char *meaning;
    } rows[] = {
        {VG_OK, N_("it worked")},
        {VG_ERR_USAGE,
         N_("the command line makes no sense: an option or a number of files")},
        {VG_ERR_INPUT, N_("a file cannot be understood; the message says where")},
        {VG_ERR_LIMIT, N_("something is larger than a limit")},
        {VG_ERR_NOT_FOUND, N_("there is no such file, activity, step or customer")},
        {VG_ERR_CONFLICT,
         N_("a file that is in the way was not written by this program")},
        {VG_ERR_DENIED, N_("the system does not allow it")},
        {VG_ERR_IO, N_("the system failed: disk full, a broken pipe")},
        {VG_ERR_MEMORY, N_("memory ran out")},
        {VG_ERR_CANCELLED, N_("stopped by Ctrl-C")},
    };
    heading(out, _("EXIT STATUS"));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        buf_printf(out, ".TP\n\\fB%d\\fR\n", err_row(rows[i].code)->exit_status);
        write_roff(out, _(rows[i].meaning));
        buf_char(out, '\n');
        if (i == 0) {
            buf_text(out, ".TP\n\\fB1\\fR\n");
            write_roff(out,
                       _("it worked, and the answer is no: check found an error, diff "
                         "found a difference"));
            buf_char(out, '\n');
        }
    }
}

static void write_environment(struct buf *out)
{
    heading(out, _("ENVIRONMENT"));
    buf_text(out, ".TP\n\\fBLC_ALL\\fR, \\fBLC_MESSAGES\\fR, \\fBLANG\\fR\n");
    write_roff(out, _("the language, Italian or English; --lang is stronger"));
    buf_text(out, "\n.TP\n\\fBNO_COLOR\\fR\n");
    write_roff(out, _("when set, nothing is coloured"));
    buf_text(out, "\n.TP\n\\fBCOLUMNS\\fR\n");
    write_roff(out, _("how wide tables are when the terminal does not say"));
    buf_char(out, '\n');
}

static void write_limits(struct buf *out)
{
    heading(out, _("LIMITS"));
    struct buf text = {0};
    buf_printf(&text,
               _("One cell of a file: %d bytes. Columns of a file: %d. Files in one "
                 "command: %d. Different activities: %d. A .gz or .xlsx unpacked: "
                 "%lld bytes. A map: %d bytes, %d steps. Nesting of JSON and XML: "
                 "%d."),
               LIMIT_FIELD_BYTES, LIMIT_COLUMNS, LIMIT_FILES, LIMIT_ACTIVITIES,
               (long long)LIMIT_UNPACKED_BYTES, LIMIT_MAP_BYTES, LIMIT_MAP_STEPS,
               LIMIT_DEPTH);
    paragraph(out, text.ptr ? text.ptr : "");
    buf_free(&text);
}

void manual_write(struct buf *out)
{
    buf_text(out, ".TH VIAGGIO 1 \"\" \"viaggio " VIAGGIO_VERSION "\"\n");
    heading(out, _("NAME"));
    buf_text(out, "viaggio \\- ");
    write_roff(out, _("journey maps with what customers really did on them"));
    buf_char(out, '\n');
    heading(out, _("SYNOPSIS"));
    buf_text(out, "\\fBviaggio\\fR \\fI");
    write_roff(out, _("COMMAND [OPTION…] [FILE…]"));
    buf_text(out, "\\fR\n");
    heading(out, _("DESCRIPTION"));
    paragraph(
        out, _("viaggio shows what customers really live: it reads the evidence that the "
               "firm’s systems keep, holds the journey map against it, and writes a "
               "report."));
    paragraph(out,
              _("Evidence is CSV as real systems export it, XLSX, XES (also .gz) or JSON "
                "lines; as many files as there are. Files named without an option are "
                "the same as those of --evidence. A file named - is standard input. "
                "Columns are guessed from their names and contents; import --explain "
                "shows the guess."));
    paragraph(
        out,
        _("On a terminal answers are tables for people. Into a pipe or file they are "
          "rows with tabs between, under one line of names, with plain numbers: "
          "seconds, shares from 0 to 1, ISO 8601 times. --table gives the table "
          "anywhere, --json the JSON form."));
    heading(out, _("COMMANDS"));
    write_verbs(out);
    heading(out, _("HOW EVIDENCE IS READ"));
    write_options(out, FOR_READING);
    heading(out, _("WHICH PART OF IT"));
    write_options(out, FOR_FILTERING);
    paragraph(
        out, _("DATE is 2025, 2025-10, 2025-10-31 or 31/10/2025, with or without a time; "
               "DURATION is 90s, 15m, 4h, 30d or 2w. COLUMN is a header, or #3 for the "
               "third column."));
    heading(out, _("WHAT COMES OUT"));
    write_options(out, FOR_JSON | FOR_TABLE | FOR_OUT | FOR_ALL);
    write_statuses(out);
    write_environment(out);
    write_limits(out);
}
