#include "text/json.h"

#include "base/lang.h"
#include "base/limits.h"
#include "text/whole.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What json_error_code says, in words. */
static const char *fault_text(enum json_error_code fault)
{
    switch (fault) {
    case json_error_invalid_utf8:
        return _("a character is ill-formed: not UTF-8, or half of a pair");
    case json_error_premature_end_of_input:
        return _("the text ends too early");
    case json_error_end_of_input_expected:
        return _("something follows after the end of the document");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return _("there is a NUL character in it");
    case json_error_duplicate_key:
        return _("the same key stands twice in one object");
    case json_error_numeric_overflow:
        return _("a number is too large");
    default:
        return _("this is not JSON");
    }
}

static const char *fault_hint(enum json_error_code fault)
{
    switch (fault) {
    case json_error_invalid_utf8:
        return _("save the file as UTF-8");
    case json_error_premature_end_of_input:
        return _("a bracket or a quotation mark is not closed, or the file was cut off");
    case json_error_duplicate_key:
        return _("keep one of the two");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return _("remove it, or save the file again");
    case json_error_numeric_overflow:
        return _("whole numbers go to 19 digits, others to 1.8e308; or make it a text");
    case json_error_end_of_input_expected:
        return _("one document to a file: remove what follows");
    default:
        return _("look for a missing comma, quotation mark or bracket just before it");
    }
}

/* jansson has one code for all that is ill-formed: what it says tells half a pair of
 * UTF-16 from the rest. */
static enum json_error_code fault_code(const json_error_t *fault)
{
    enum json_error_code code = json_error_code(fault);
    if (code == json_error_invalid_syntax && strstr(fault->text, "invalid Unicode"))
        return json_error_invalid_utf8;
    return code;
}

/* jansson's texts end in "near '…'" where they know the place: that much is worth
 * showing. Returns it with the quotes, or "". */
static const char *near_of(const char *text)
{
    const char *found = strstr(text, " near '");
    return found ? found + 6 : "";
}

static enum vg_code fault_set(const json_error_t *fault, const char *name,
                              struct vg_err *err)
{
    enum json_error_code code = fault_code(fault);
    if (code == json_error_out_of_memory)
        return err_memory(err);
    char where[512];
    snprintf(where, sizeof(where), "%.400s:%d:%d", name,
             fault->line > 0 ? fault->line : 1, fault->column > 0 ? fault->column : 1);
    const char *near = near_of(fault->text);
    err_set(err, VG_ERR_INPUT, where, "%s%s%s", fault_text(code), near[0] ? ": " : "",
            near);
    err_hint(err, "%s", fault_hint(code));
    return VG_ERR_INPUT;
}

static void where_at(const char *name, size_t line, size_t column, char out[512])
{
    snprintf(out, 512, "%.400s:%zu:%zu", name, line, column);
}

static enum vg_code too_deep(const char *where, struct vg_err *err)
{
    err_set(err, VG_ERR_LIMIT, where, _("nested deeper than %d levels"), LIMIT_DEPTH);
    err_hint(err, "%s", _("no sensible document is; is it the right file?"));
    return VG_ERR_LIMIT;
}

/* What jansson does not see to: it recurses, and goes 2,048 deep, so brackets outside
 * texts are counted; and it passes over a NUL behind a number. */
static enum vg_code check_bytes(str text, const char *name, struct vg_err *err)
{
    size_t depth = 0, line = 1, line_start = 0;
    char where[512];
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n') {
            line++;
            line_start = i + 1;
        }
        if (c == 0) {
            where_at(name, line, i - line_start + 1, where);
            err_set(err, VG_ERR_INPUT, where, "%s",
                    fault_text(json_error_null_character));
            err_hint(err, "%s", fault_hint(json_error_null_character));
            return VG_ERR_INPUT;
        }
        if (quoted) {
            if (c == '\\' && i + 1 < text.len && text.ptr[i + 1] != 0)
                i++;
            else if (c == '"')
                quoted = false;
            continue;
        }
        if (c == '"')
            quoted = true;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
        else if ((c == '[' || c == '{') && ++depth > LIMIT_DEPTH) {
            where_at(name, line, i - line_start + 1, where);
            return too_deep(where, err);
        }
    }
    return VG_OK;
}

/* jansson calls a text for which it had no memory ill-formed: what is well-formed at the
 * second look was that. */
static enum vg_code ill_or_memory(str text, const json_error_t *fault, const char *name,
                                  struct vg_err *err)
{
    json_error_t again;
    json_t *json = NULL;
    if (json_error_code(fault) != json_error_out_of_memory)
        json = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
                          &again);
    bool well = json != NULL;
    json_decref(json);
    return well ? err_memory(err) : fault_set(fault, name, err);
}

enum vg_code json_read(str text, const char *name, size_t limit_bytes, json_t **ret,
                       struct vg_err *err)
{
    if (text.len > limit_bytes) {
        err_set(err, VG_ERR_LIMIT, name, _("the text is larger than %zu bytes"),
                limit_bytes);
        err_hint(err, "%s", _("is it the right file?"));
        return VG_ERR_LIMIT;
    }
    if (str_starts(text, STR("\xEF\xBB\xBF"))) {
        text.ptr += 3;
        text.len -= 3;
    }
    if (str_trim(text).len == 0) {
        err_set(err, VG_ERR_INPUT, name, "%s", _("it is empty"));
        err_hint(err, "%s", _("a JSON document was expected"));
        return VG_ERR_INPUT;
    }
    enum vg_code code = check_bytes(text, name, err);
    if (code != VG_OK)
        return code;
    json_error_t fault;
    json_t *json =
        json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (json)
        *ret = json;
    else
        code = ill_or_memory(text, &fault, name, err);
    return code;
}

enum vg_code json_read_file(const char *path, size_t limit_bytes, json_t **ret,
                            struct vg_err *err)
{
    struct buf text = {0};
    enum vg_code code = whole_read(path, limit_bytes, &text, err);
    if (code == VG_OK)
        code = json_read(buf_str(&text), path, limit_bytes, ret, err);
    buf_free(&text);
    return code;
}

json_t *json_number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* ---- writing -------------------------------------------------------------------------
 */

struct writer {
    struct buf *out;
    bool compact;
    bool too_deep;
};

static void write_json(struct writer *writer, const json_t *json, size_t depth);

static void write_text(struct writer *writer, const char *text, size_t len)
{
    static const char short_names[] = "btn\0fr"; /* for 8 … 13, without 11 */
    struct buf *out = writer->out;
    buf_char(out, '"');
    size_t plain = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool line_end = c == 0xE2 && i + 2 < len && (unsigned char)text[i + 1] == 0x80 &&
                        ((unsigned char)text[i + 2] & 0xFE) == 0xA8; /* U+2028, U+2029 */
        bool in_script =
            writer->compact && (c == '<' || c == '>' || c == '&' || line_end);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && !in_script)
            continue;
        buf_add(out, (str){text + plain, i - plain});
        plain = i + 1;
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c >= 8 && c <= 13 && c != 11)
            buf_printf(out, "\\%c", short_names[c - 8]);
        else if (c == 0xE2) {
            buf_printf(out, "\\u20%02x", (unsigned)text[i + 2] & 0x3F);
            i += 2;
            plain = i + 1;
        } else
            buf_printf(out, "\\u%04x", c);
    }
    buf_add(out, (str){text + plain, len - plain});
    buf_char(out, '"');
}

/* The shortest of 15, 16 or 17 digits that reads back as the same number; always with a
 * point or an exponent, so that a real stays a real. */
static void write_real(struct buf *out, double value)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    buf_text(out, text);
    if (strpbrk(text, ".e") == NULL)
        buf_text(out, ".0");
}

static void write_break(struct writer *writer, size_t depth)
{
    if (writer->compact)
        return;
    buf_char(writer->out, '\n');
    for (size_t i = 0; i < depth; i++)
        buf_text(writer->out, "  ");
}

static void write_array(struct writer *writer, const json_t *json, size_t depth)
{
    size_t index;
    json_t *value;
    buf_char(writer->out, '[');
    json_array_foreach((json_t *)json, index, value)
    {
        if (index > 0)
            buf_char(writer->out, ',');
        write_break(writer, depth + 1);
        write_json(writer, value, depth + 1);
    }
    if (json_array_size(json) > 0)
        write_break(writer, depth);
    buf_char(writer->out, ']');
}

static void write_object(struct writer *writer, const json_t *json, size_t depth)
{
    const char *key;
    json_t *value;
    bool first = true;
    buf_char(writer->out, '{');
    json_object_foreach((json_t *)json, key, value)
    {
        if (!first)
            buf_char(writer->out, ',');
        first = false;
        write_break(writer, depth + 1);
        write_text(writer, key, strlen(key));
        buf_text(writer->out, writer->compact ? ":" : ": ");
        write_json(writer, value, depth + 1);
    }
    if (!first)
        write_break(writer, depth);
    buf_char(writer->out, '}');
}

static void write_json(struct writer *writer, const json_t *json, size_t depth)
{
    if (depth > LIMIT_DEPTH || writer->too_deep) {
        writer->too_deep = true;
        return;
    }
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        write_object(writer, json, depth);
        return;
    case JSON_ARRAY:
        write_array(writer, json, depth);
        return;
    case JSON_STRING:
        write_text(writer, json_string_value(json), json_string_length(json));
        return;
    case JSON_INTEGER:
        buf_printf(writer->out, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
        return;
    case JSON_REAL:
        write_real(writer->out, json_real_value(json));
        return;
    case JSON_TRUE:
        buf_text(writer->out, "true");
        return;
    case JSON_FALSE:
        buf_text(writer->out, "false");
        return;
    case JSON_NULL:
        buf_text(writer->out, "null");
        return;
    }
}

static enum vg_code write_whole(const json_t *json, bool compact, struct buf *out,
                                struct vg_err *err)
{
    struct writer writer = {.out = out, .compact = compact};
    if (json == NULL) /* an allocation of the caller's failed on the way */
        return err_memory(err);
    write_json(&writer, json, 0);
    if (writer.too_deep)
        return err_set(err, VG_ERR_LIMIT, "", _("nested deeper than %d levels"),
                       LIMIT_DEPTH);
    if (!compact)
        buf_char(out, '\n');
    return out->failed ? err_memory(err) : VG_OK;
}

enum vg_code json_write(const json_t *json, struct buf *out, struct vg_err *err)
{
    return write_whole(json, false, out, err);
}

enum vg_code json_write_compact(const json_t *json, struct buf *out, struct vg_err *err)
{
    return write_whole(json, true, out, err);
}
