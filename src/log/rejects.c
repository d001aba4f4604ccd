#include "log/rejects.h"

#include "base/lang.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <errno.h>

enum { SHOWN_COLUMNS = 160 };

static char delimiter(void)
{
    return lang_get() == LANG_IT ? ';' : ',';
}

/* A cell in quotes; one that a spreadsheet would take for a formula gets a ' in front. */
static void write_cell(struct buf *out, str text)
{
    buf_char(out, '"');
    if (text.len && strchr("=+-@\t\r", text.ptr[0]))
        buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == 0)
            continue; /* nothing reads a CSV with NUL bytes */
        if (c == '"')
            buf_char(out, '"');
        buf_char(out, c);
    }
    buf_char(out, '"');
}

static enum vg_code write_line(struct rejects *rejects, struct vg_err *err)
{
    if (rejects->line.failed)
        return err_memory(err);
    if (fwrite(rejects->line.ptr, 1, rejects->line.len, rejects->file) !=
        rejects->line.len)
        return err_errno(err, rejects->path);
    return VG_OK;
}

enum vg_code rejects_open(struct rejects *rejects, struct arena *arena, const char *path,
                          struct vg_err *err)
{
    *rejects = (struct rejects){.arena = arena, .path = path};
    if (!path)
        return VG_OK;
    rejects->file = fopen(path, "wbe");
    if (!rejects->file)
        return err_errno(err, path);
    buf_printf(&rejects->line, "\xEF\xBB\xBF%s%c%s%c%s%c%s\r\n",
               _c("rejected rows", "file"), delimiter(), _c("rejected rows", "line"),
               delimiter(), _c("rejected rows", "reason"), delimiter(),
               _c("rejected rows", "row"));
    return write_line(rejects, err);
}

enum vg_code rejects_add(struct rejects *rejects, struct read_file *file, uint64_t line,
                         const char *reason, str row, struct vg_err *err)
{
    struct buf *out = &rejects->line;
    buf_clear(out);
    if (file->reject_count < LIMIT_REJECTS_SHOWN) {
        /* Control characters stay out of what is shown on a terminal. */
        str head = row.len > 1000 ? (str){row.ptr, 1000} : row;
        for (size_t i = 0; i < head.len; i++)
            buf_char(out, (unsigned char)head.ptr[i] < 32 || head.ptr[i] == 127
                              ? ' '
                              : head.ptr[i]);
        struct buf repaired = {0};
        utf8_append_repaired(&repaired, buf_str(out));
        str shown = utf8_head(buf_str(&repaired), SHOWN_COLUMNS);
        struct read_reject *kept = &file->rejects[file->reject_count];
        *kept =
            (struct read_reject){.line = line,
                                 .reason = arena_text(rejects->arena, str_from(reason)),
                                 .row = arena_text(rejects->arena, shown)};
        bool failed = repaired.failed || out->failed || !kept->reason || !kept->row;
        buf_free(&repaired);
        if (failed)
            return err_memory(err);
        file->reject_count++;
    }
    if (!rejects->file)
        return VG_OK;
    buf_clear(out);
    write_cell(out, str_from(file->path));
    buf_printf(out, "%c%llu%c", delimiter(), (unsigned long long)line, delimiter());
    write_cell(out, str_from(reason));
    buf_char(out, delimiter());
    write_cell(out, row);
    buf_text(out, "\r\n");
    return write_line(rejects, err);
}

enum vg_code rejects_close(struct rejects *rejects, struct vg_err *err)
{
    FILE *file = rejects->file;
    buf_free(&rejects->line);
    rejects->file = NULL;
    if (file && fclose(file) != 0)
        return err_errno(err, rejects->path);
    return VG_OK;
}
