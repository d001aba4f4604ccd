/* Hostile text made harmless before it is measured. */
#include "draw/text_clean.h"

#include "base/utf8.h"
#include "draw/text.h"

#include <glib.h>

#define MARKS_MAX 4

static bool is_break(uint32_t c)
{
    return c == '\n' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* A zero-width joiner holds emoji together, a variation selector chooses their form, and
 * a soft hyphen or zero-width space is where a long word may break. */
static bool is_unseen(uint32_t c)
{
    if (c == 0x200D || c == 0x200C || c == 0x200B || c == 0xAD)
        return false;
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
           type == G_UNICODE_SURROGATE || type == G_UNICODE_UNASSIGNED ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

void text_clean(str text, struct buf *out)
{
    size_t chars = 0, marks = 0;
    bool space = false, line = false, begun = false;
    while (text.len > 0) {
        size_t step;
        uint32_t c = utf8_decode(text, &step);
        text = (str){text.ptr + step, text.len - step};
        line = line || is_break(c);
        if (c == ' ' || c == '\t' || c == '\r' || is_break(c)) {
            space = true;
            continue;
        }
        if (is_unseen(c))
            continue;
        marks = g_unichar_ismark(c) ? marks + 1 : 0;
        if (marks > MARKS_MAX)
            continue;
        if (++chars > TEXT_LIMIT_CHARS) {
            buf_text(out, "…");
            return;
        }
        if (space && begun)
            buf_char(out, line ? '\n' : ' ');
        utf8_append(out, c);
        space = line = false;
        begun = true;
    }
}
