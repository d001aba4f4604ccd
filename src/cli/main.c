/* viaggio: the shell's door. Finds the command, reads what was asked, runs it, and says
 * what went wrong. */
#include "cli/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct progress *to_stop; /* the progress of the command under way */

/* The first Ctrl-C asks the command to stop and clean up; the second does not wait. */
static void interrupted(int signal_number)
{
    if (to_stop && !atomic_load(&to_stop->stop)) {
        atomic_store(&to_stop->stop, true);
        return;
    }
    file_sweep();
    _exit(128 + signal_number);
}

/* The system ends us: nothing half-written may stay behind. */
static void terminated(int signal_number)
{
    file_sweep();
    _exit(128 + signal_number);
}

static void catch_signals(struct progress *progress)
{
    to_stop = progress;
    struct sigaction action = {.sa_handler = interrupted};
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = terminated;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
}

/* --lang decides wherever it stands, so that errors before it speak it, too. */
static enum vg_code choose_language(int argc, char **argv, struct vg_err *err)
{
    lang_set(lang_from_environment());
    for (int i = 1; i < argc; i++) {
        const char *value = NULL;
        if (strcmp(argv[i], "--") == 0)
            break;
        if (strncmp(argv[i], "--lang=", 7) == 0)
            value = argv[i] + 7;
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            value = argv[i + 1];
        enum lang lang;
        if (value && !lang_from_text(value, &lang)) {
            err_set(err, VG_ERR_USAGE, NULL,
                    _("--lang: there is no language \"%s\" here"), value);
            return err_hint(err, "%s", _("it and en are there"));
        }
        if (value)
            lang_set(lang);
    }
    return VG_OK;
}

static void say_error(const struct vg_err *err)
{
    fputs("viaggio: ", stderr);
    if (err->where[0]) {
        screen_safe_print(stderr, err->where);
        fputs(": ", stderr);
    }
    screen_safe_print(stderr, err->what[0] ? err->what : _("it did not work"));
    fputc('\n', stderr);
    if (err->hint[0]) {
        fputs("  ", stderr);
        screen_safe_print(stderr, err->hint);
        fputc('\n', stderr);
    }
}

/* Text of our own making onto standard output. */
static enum vg_code print(struct buf *text, struct vg_err *err)
{
    enum vg_code code =
        text->failed ? err_memory(err) : file_write("-", buf_str(text), err);
    buf_free(text);
    return code;
}

static enum vg_code print_help(const struct verb *verb, struct vg_err *err)
{
    struct buf text = {0};
    if (verb)
        help_verb(&text, verb);
    else
        help_program(&text);
    return print(&text, err);
}

static enum vg_code unknown_verb(const char *name, struct vg_err *err)
{
    size_t count;
    const struct verb *rows = verb_rows(&count);
    const char *names[64];
    for (size_t i = 0; i < count && i < COUNT_OF(names); i++)
        names[i] = rows[i].name;
    const char *near = nearest_name(name, names, count);
    err_set(err, VG_ERR_USAGE, NULL, _("there is no command \"%s\""), name);
    if (near)
        return err_hint(err, _("did you mean %s?"), near);
    return err_hint(err, "%s", _("viaggio help lists the commands"));
}

static enum vg_code run_verb(const struct verb *verb, char **words, size_t count,
                             bool *ret_says_no, struct vg_err *err)
{
    struct run run = {.arena = arena_open(0), .screen.out = {.handle = -1, .slot = -1}};
    if (!run.arena)
        return err_memory(err);
    enum vg_code code = request_read(run.arena, verb, words, count, &run.request, err);
    if (code == VG_OK && run.request.help) {
        arena_close(run.arena);
        return print_help(verb, err);
    }
    if (code == VG_OK)
        code = request_guard(&run.request, err);
    catch_signals(&run.progress);
    progress_open(&run);
    /* A command with a file or folder of its own making does not print into it. */
    bool prints = (verb->groups & (FOR_JSON | FOR_TABLE)) != 0;
    struct screen_options options = {.out = prints ? run.request.out : NULL,
                                     .table = run.request.table};
    if (code == VG_OK)
        code = screen_open(&options, &run.screen, err);
    if (code == VG_OK)
        code = verb->run(&run, err);
    progress_clear(&run);
    if (code == VG_OK)
        code = screen_finish(&run.screen, err);
    screen_drop(&run.screen);
    run_everybody(&run);
    evidence_close(&run.evidence);
    *ret_says_no = run.says_no;
    to_stop = NULL;
    arena_close(run.arena);
    return code;
}

/* What does not belong to one command; `*ret_done` false: it was none of these. */
static enum vg_code run_plain(int argc, char **argv, bool *ret_done, struct vg_err *err)
{
    struct buf text = {0};
    const char *word = argv[1];
    *ret_done = true;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        buf_text(&text, "viaggio " VIAGGIO_VERSION "\n");
        return print(&text, err);
    }
    if (strcmp(word, "--man") == 0) {
        manual_write(&text);
        return print(&text, err);
    }
    if (strcmp(word, "--completion") == 0) {
        if (completion_write(&text, argc > 2 ? argv[2] : "bash"))
            return print(&text, err);
        return err_set(err, VG_ERR_USAGE, NULL, "%s",
                       _("completion is there for bash and zsh"));
    }
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 ||
        strcmp(word, "-h") == 0) {
        const char *name = argc > 2 && argv[2][0] != '-' ? argv[2] : NULL;
        if (name && !verb_find(name))
            return unknown_verb(name, err);
        return print_help(name ? verb_find(name) : NULL, err);
    }
    *ret_done = false;
    return VG_OK;
}

/* Take "--lang it" from in front of the command. */
static void skip_language(int *argc, char ***argv)
{
    while (*argc > 1 && strncmp((*argv)[1], "--lang", 6) == 0) {
        int words = (*argv)[1][6] == '=' || *argc < 3 ? 1 : 2;
        *argc -= words;
        *argv += words;
    }
}

static enum vg_code run_all(int argc, char **argv, bool *ret_says_no, struct vg_err *err)
{
    bool done;
    enum vg_code code = choose_language(argc, argv, err);
    if (code != VG_OK)
        return code;
    skip_language(&argc, &argv);
    if (argc < 2) {
        err_set(err, VG_ERR_USAGE, NULL, "%s", _("say what to do"));
        return err_hint(err, "%s", _("viaggio help lists the commands"));
    }
    code = run_plain(argc, argv, &done, err);
    if (code != VG_OK || done)
        return code;
    const struct verb *verb = verb_find(argv[1]);
    if (!verb)
        return unknown_verb(argv[1], err);
    return run_verb(verb, argv + 2, (size_t)argc - 2, ret_says_no, err);
}

/* A shell may close standard input, output or error (`>&-`). The next file opened would
 * take its number, and be read or written in its place: hold it with what can only fail.
 */
static void hold_standard_streams(void)
{
    for (int handle = 0; handle <= 2; handle++)
        if (fcntl(handle, F_GETFD) == -1 &&
            open("/dev/null", handle == 0 ? O_WRONLY : O_RDONLY) < 0)
            return;
}

int main(int argc, char **argv)
{
    hold_standard_streams();
    struct vg_err err = {0};
    bool says_no = false;
    enum vg_code code = run_all(argc, argv, &says_no, &err);
    if (code == VG_OK)
        return says_no ? 1 : 0;
    say_error(&err);
    return err_row(code)->exit_status;
}
