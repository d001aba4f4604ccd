#include "cli/screen.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t terminal_columns(void)
{
    struct winsize size;
    int64_t columns;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    const char *said = getenv("COLUMNS");
    if (said && str_to_i64(str_from(said), &columns) && columns >= 20 && columns < 10000)
        return (size_t)columns;
    return 100;
}

enum vg_code screen_open(const struct screen_options *options, struct screen *ret,
                         struct vg_err *err)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    *ret = (struct screen){.columns = terminal_columns()};
    enum vg_code code = file_open(options->out, &ret->out, err);
    if (code != VG_OK)
        return code;
    bool seen = ret->out.handle == STDOUT_FILENO && isatty(STDOUT_FILENO);
    ret->people = seen || options->table;
    ret->colour = seen && !(no_colour && no_colour[0]) &&
                  !(terminal && strcmp(terminal, "dumb") == 0);
    return VG_OK;
}

enum vg_code screen_flush(struct screen *screen, struct vg_err *err)
{
    if (screen->buf.failed)
        return err_memory(err);
    enum vg_code code = file_add(&screen->out, buf_str(&screen->buf), err);
    buf_clear(&screen->buf);
    return code;
}

enum vg_code screen_finish(struct screen *screen, struct vg_err *err)
{
    enum vg_code code = screen_flush(screen, err);
    if (code == VG_OK)
        code = file_finish(&screen->out, err);
    screen_drop(screen);
    return code;
}

void screen_drop(struct screen *screen)
{
    file_drop(&screen->out);
    buf_free(&screen->buf);
    screen->out.handle = -1;
}

const char *tone_code(const struct screen *screen, enum tone tone)
{
    static const char *const codes[] = {"\x1b[0m",  "\x1b[1m",  "\x1b[2m", "\x1b[34m",
                                        "\x1b[31m", "\x1b[32m", "\x1b[33m"};
    return screen->colour ? codes[tone] : "";
}

void screen_say(struct screen *screen, enum tone tone, const char *format, ...)
{
    if (!screen->people)
        return;
    struct buf line = {0};
    char fixed[1024];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(fixed, sizeof fixed, format, args);
    va_end(args);
    char *whole = length >= (int)sizeof fixed ? malloc((size_t)length + 1) : NULL;
    if (whole)
        vsnprintf(whole, (size_t)length + 1, format, again);
    va_end(again);
    screen_safe(&line, str_from(whole ? whole : fixed));
    buf_text(&screen->buf, tone == TONE_PLAIN ? "" : tone_code(screen, tone));
    buf_add(&screen->buf, buf_str(&line));
    buf_text(&screen->buf, tone == TONE_PLAIN ? "" : tone_code(screen, TONE_PLAIN));
    buf_char(&screen->buf, '\n');
    screen->buf.failed |= line.failed;
    buf_free(&line);
    free(whole);
}

void screen_line(struct screen *screen)
{
    if (screen->people)
        buf_char(&screen->buf, '\n');
}

/* Marks that turn the direction of writing, or break lines unseen. */
static bool misleads(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
           c == 0x200F || c == 0x061C || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

void screen_safe(struct buf *out, str text)
{
    size_t at = 0, length;
    while (at < text.len) {
        uint32_t c = utf8_decode((str){text.ptr + at, text.len - at}, &length);
        if (c == '\t' || c == '\n' || c == '\r')
            buf_char(out, ' ');
        else if (c < 0x20)
            utf8_append(out, 0x2400 + c); /* the sign for it: ␛ */
        else if (c == 0x7F)
            utf8_append(out, 0x2421);
        else if ((c >= 0x80 && c < 0xA0) || misleads(c) || c == 0xFFFD)
            utf8_append(out, 0xFFFD);
        else
            buf_add(out, (str){text.ptr + at, length});
        at += length;
    }
}

void screen_safe_print(FILE *stream, const char *text)
{
    struct buf safe = {0};
    screen_safe(&safe, str_from(text));
    fwrite(safe.ptr ? safe.ptr : "", 1, safe.len, stream);
    buf_free(&safe);
}
