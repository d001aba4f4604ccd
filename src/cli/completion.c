/* Completion for bash and zsh, from the same tables as the help. Declared in cli/run.h.
 */
#include "cli/run.h"

#include <string.h>

static void write_option_names(struct buf *out, const struct verb *verb)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (rows[i].groups & verb->groups)
            buf_printf(out, " --%s", rows[i].name);
}

/* "a|b|c" as "a b c ". */
static void write_words(struct buf *out, const char *choices)
{
    for (str all = str_from(choices); all.ptr;) {
        str word = str_cut(&all, '|');
        buf_add(out, word);
        buf_char(out, ' ');
    }
}

/* The words that may follow an option with choices; those of all commands together. */
static void write_choices(struct buf *out)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);
    for (size_t i = 0; i < count; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first &= strcmp(rows[j].name, rows[i].name) != 0;
        if (!rows[i].choices || !first)
            continue;
        buf_printf(out, "    --%s) words=\"", rows[i].name);
        for (size_t j = i; j < count; j++) {
            if (strcmp(rows[j].name, rows[i].name) != 0)
                continue;
            write_words(out, rows[j].choices);
        }
        buf_text(out, "\" ;;\n");
    }
}

static void write_bash(struct buf *out)
{
    size_t count;
    const struct verb *rows = verb_rows(&count);
    buf_text(out,
             "# bash completion for viaggio\n"
             "_viaggio() {\n"
             "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
             " words=\n"
             "  COMPREPLY=()\n"
             "  if [ \"$word\" = = ]; then word=; "
             "elif [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
             "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
             "    mapfile -t COMPREPLY < <(compgen -W \"help --help --version");
    for (size_t i = 0; i < count; i++)
        buf_printf(out, " %s", rows[i].name);
    buf_text(out, "\" -- \"$word\")\n    return\n  fi\n  case $before in\n");
    buf_text(out, "    --lang) words=\"it en\" ;;\n");
    write_choices(out);
    buf_text(out, "  esac\n"
                  "  if [ -n \"$words\" ]; then mapfile -t COMPREPLY < <(compgen -W "
                  "\"$words\" -- \"$word\"); return; fi\n"
                  "  case $word in -*) ;; *) mapfile -t COMPREPLY < <(compgen -f -- "
                  "\"$word\"); return ;; esac\n"
                  "  case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "    %s) words=\"", rows[i].name);
        write_option_names(out, &rows[i]);
        buf_text(out, "\" ;;\n");
    }
    buf_text(out, "  esac\n"
                  "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
                  "}\n"
                  "complete -o filenames -F _viaggio viaggio\n");
}

/* Between single quotes, in a description of _arguments. */
static void write_zsh_text(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_text(out, "'\\''");
        else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
            buf_printf(out, "\\%c", *text);
        else
            buf_char(out, *text);
    }
}

static void write_zsh_option(struct buf *out, const struct option_row *row)
{
    buf_printf(out, "        '%s--%s%s[", row->kind == OPTION_LIST ? "*" : "", row->name,
               row->argument ? "=" : "");
    write_zsh_text(out, _(row->help));
    buf_char(out, ']');
    if (row->argument) {
        buf_char(out, ':');
        write_zsh_text(out, _(row->argument));
        buf_char(out, ':');
    }
    if (row->choices) {
        buf_char(out, '(');
        write_words(out, row->choices);
        buf_char(out, ')');
    } else if (row->argument && (strcmp(row->argument, "FILE") == 0)) {
        buf_text(out, "_files");
    } else if (row->argument && (strcmp(row->argument, "FOLDER") == 0)) {
        buf_text(out, "_files -/");
    }
    buf_text(out, "' \\\n");
}

static void write_zsh(struct buf *out)
{
    size_t count, options;
    const struct verb *rows = verb_rows(&count);
    const struct option_row *option = option_rows(&options);
    buf_text(out, "#compdef viaggio\n_viaggio() {\n  local -a commands\n  commands=(\n");
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "    '%s:", rows[i].name);
        write_zsh_text(out, _(rows[i].summary));
        buf_text(out, "'\n");
    }
    buf_text(out,
             "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
             "  local verb=$words[2]\n  shift words; (( CURRENT-- ))\n  case $verb in\n");
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "    %s) _arguments -s \\\n", rows[i].name);
        for (size_t j = 0; j < options; j++)
            if (option[j].groups & rows[i].groups)
                write_zsh_option(out, &option[j]);
        buf_text(out, "        '*:file:_files' ;;\n");
    }
    buf_text(out, "  esac\n}\n_viaggio \"$@\"\n");
}

bool completion_write(struct buf *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        write_bash(out);
    else if (strcmp(shell, "zsh") == 0)
        write_zsh(out);
    else
        return false;
    return true;
}
