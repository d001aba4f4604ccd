/* viaggio help, and viaggio VERB --help. Declared in cli/run.h. */
#include "base/utf8.h"
#include "cli/run.h"

#include <string.h>

#define WIDTH  88
#define INDENT 28 /* where an option's explanation begins */

static void spaces(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_char(out, ' ');
}

/* `text` in lines of WIDTH, each begun with `indent` spaces; the first begins where the
 * line already is, at `at`. */
static void fold(struct buf *out, const char *text, size_t at, size_t indent)
{
    str left = str_from(text);
    while (left.ptr) {
        str word = str_cut(&left, ' ');
        size_t width = utf8_width(word);
        if (at > indent && at + 1 + width > WIDTH) {
            buf_char(out, '\n');
            at = 0;
        } else if (at > indent) {
            buf_char(out, ' ');
            at++;
        }
        if (at < indent) {
            spaces(out, indent - at);
            at = indent;
        }
        buf_add(out, word);
        at += width;
    }
    buf_char(out, '\n');
}

void help_program(struct buf *out)
{
    size_t count;
    const struct verb *rows = verb_rows(&count);
    fold(out,
         _("viaggio shows what customers really live: it reads the evidence that the "
           "firm’s systems keep, holds the journey map against it, and writes a "
           "report."),
         0, 0);
    buf_printf(out, "\n%s\n", _("Usage: viaggio COMMAND [OPTION…] [FILE…]"));
    buf_printf(out, "\n%s\n", _("To begin with:"));
    buf_text(
        out,
        "  viaggio report --evidence clienti.csv --map mappa.json --out rapporto/\n");
    buf_printf(out, "\n%s\n", _("Commands:"));
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "  %-10s ", rows[i].name);
        fold(out, _(rows[i].summary), 13, 13);
    }
    buf_char(out, '\n');
    fold(out,
         _("viaggio COMMAND --help explains a command, with an example. The manual page "
           "(man viaggio) has all of it, with the exit statuses."),
         0, 0);
}

static void write_option(struct buf *out, const struct option_row *row)
{
    struct buf left = {0};
    if (row->letter)
        buf_printf(&left, "  -%c, --%s", row->letter, row->name);
    else
        buf_printf(&left, "      --%s", row->name);
    if (row->argument)
        buf_printf(&left, " %s", _(row->argument));
    size_t at = utf8_width(buf_str(&left));
    buf_add(out, buf_str(&left));
    buf_free(&left);
    if (at >= INDENT) {
        buf_char(out, '\n');
        at = 0;
    }
    fold(out, _(row->help), at, INDENT);
    if (row->choices) {
        spaces(out, INDENT);
        for (str all = str_from(row->choices); all.ptr;) {
            str choice = str_cut(&all, '|');
            buf_printf(out, "%.*s%s", STR_ARG(choice), all.ptr ? ", " : "\n");
        }
    }
}

static void write_group(struct buf *out, const struct verb *verb, const char *title,
                        unsigned group)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        if (!(rows[i].groups & group) || !(rows[i].groups & verb->groups))
            continue;
        if (first)
            buf_printf(out, "\n%s\n", title);
        first = false;
        write_option(out, &rows[i]);
    }
}

void help_verb(struct buf *out, const struct verb *verb)
{
    unsigned output = FOR_ALL | FOR_JSON | FOR_TABLE | FOR_OUT;
    buf_printf(out, _("Usage: viaggio %s %s [OPTION…]\n"), verb->name,
               _(verb->arguments));
    buf_char(out, '\n');
    fold(out, _(verb->about), 0, 0);
    buf_printf(out, "\n%s\n  %s\n", _("Example:"), verb->example);
    write_group(out, verb, _("What is asked:"),
                ~(unsigned)(FOR_EVIDENCE | FOR_ALL | FOR_JSON | FOR_TABLE | FOR_OUT));
    write_group(out, verb, _("How evidence is read:"), FOR_READING);
    write_group(out, verb, _("Which part of it:"), FOR_FILTERING);
    write_group(out, verb, _("What comes out:"), output);
    if (verb->groups & FOR_FILTERING) {
        buf_char(out, '\n');
        fold(out,
             _("DATE is 2025, 2025-10, 2025-10-31 or 31/10/2025, with or without a time; "
               "DURATION is 90s, 15m, 4h, 30d or 2w. COLUMN is a header, or #3 for the "
               "third column."),
             0, 0);
    }
}
