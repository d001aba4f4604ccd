#include "text/mermaid.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <stdio.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_';
}

/* Does text begin with the keyword, in any case? */
static bool starts_with(str text, const char *keyword)
{
    size_t len = strlen(keyword);
    if (text.len < len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (lower(text.ptr[i]) != lower(keyword[i]))
            return false;
    return true;
}

static str after(str text, size_t len)
{
    return str_trim((str){text.ptr + len, text.len - len});
}

/* Length of the entity that text begins with ("#35;", "#quot;"), or 0. */
static size_t entity_len(str text)
{
    size_t i = 1;
    while (i < text.len && i < 12 && is_word(text.ptr[i]))
        i++;
    return i > 1 && i < text.len && text.ptr[i] == ';' ? i + 1 : 0;
}

/* Where the statement at the beginning of text ends: at a '#', a ';' or the line's end.
 * An entity is part of the statement. */
static size_t statement_len(str text)
{
    size_t i = 0;
    while (i < text.len && text.ptr[i] != ';' && text.ptr[i] != '\n') {
        if (text.ptr[i] == '#') {
            size_t entity = entity_len((str){text.ptr + i, text.len - i});
            if (entity == 0)
                return i;
            i += entity;
        } else {
            i++;
        }
    }
    return i;
}

/* The whole physical line, without looking at what is in it. */
static str take_line(struct mermaid_reader *reader)
{
    reader->line++;
    reader->same_line = false;
    return str_cut(&reader->rest, '\n');
}

/* One statement: up to '#', ';' or the end of the line. */
static str take_statement(struct mermaid_reader *reader)
{
    if (!reader->same_line)
        reader->line++;
    size_t len = statement_len(reader->rest);
    str found = {reader->rest.ptr, len};
    bool semicolon = len < reader->rest.len && reader->rest.ptr[len] == ';';
    reader->same_line = semicolon;
    if (semicolon)
        reader->rest = (str){reader->rest.ptr + len + 1, reader->rest.len - len - 1};
    else
        (void)str_cut(&reader->rest, '\n');
    return str_trim(found);
}

static struct mermaid_line task_line(const struct mermaid_reader *reader, str statement)
{
    struct mermaid_line line = {.kind = MERMAID_TASK, .line = reader->line};
    line.text = str_trim(str_cut(&statement, ':'));
    if (statement.ptr)
        line.score = str_trim(str_cut(&statement, ':'));
    if (statement.ptr)
        line.actors = str_trim(str_cut(&statement, ':'));
    return line;
}

static enum vg_code fail_no_journey(struct mermaid_reader *reader, const char *name,
                                    struct vg_err *err)
{
    char where[512];
    snprintf(where, sizeof(where), "%.480s:%zu", name, reader->line);
    err_set(err, VG_ERR_INPUT, where, "%s", _("this is no Mermaid journey"));
    err_hint(err, "%s", _("its first line must be “journey”"));
    return VG_ERR_INPUT;
}

/* Before `journey`: front matter, comments and empty lines. True: *ret is a line. */
static bool before_journey(struct mermaid_reader *reader, struct mermaid_line *ret,
                           bool *ret_bad)
{
    str line = str_trim(take_line(reader));
    if (reader->in_front) {
        if (str_equal(line, STR("---")))
            reader->in_front = false;
        else if (starts_with(line, "title:")) {
            str text = after(line, 6);
            if (text.len >= 2 && text.ptr[0] == text.ptr[text.len - 1] &&
                (text.ptr[0] == '"' || text.ptr[0] == '\''))
                text = (str){text.ptr + 1, text.len - 2};
            *ret = (struct mermaid_line){
                .kind = MERMAID_TITLE, .line = reader->line, .text = text};
            return true;
        }
    } else if (str_equal(line, STR("---"))) {
        reader->in_front = true;
    } else if (starts_with(line, "%%")) {
        *ret = (struct mermaid_line){
            .kind = MERMAID_COMMENT, .line = reader->line, .text = after(line, 2)};
        return true;
    } else if (starts_with(line, "journey") && (line.len == 7 || !is_word(line.ptr[7]))) {
        reader->started = true;
    } else if (line.len > 0 && line.ptr[0] != '#') {
        *ret_bad = true;
    }
    return false;
}

/* A statement after `journey`. False: it says nothing. */
static bool read_statement(struct mermaid_reader *reader, struct mermaid_line *ret)
{
    static const struct {
        const char *keyword;
        enum mermaid_kind kind;
        bool colon;
    } keywords[] = {{"title", MERMAID_TITLE, false},
                    {"section", MERMAID_SECTION, false},
                    {"accTitle", MERMAID_ACC_TITLE, true},
                    {"accDescr", MERMAID_ACC_DESCR, true}};
    str statement = take_statement(reader);
    if (statement.len == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(keywords); i++) {
        size_t len = strlen(keywords[i].keyword);
        if (!starts_with(statement, keywords[i].keyword) || statement.len == len)
            continue;
        str rest = after(statement, len);
        char next = statement.ptr[len];
        if (keywords[i].colon ? rest.len == 0 || rest.ptr[0] != ':' : !is_space(next))
            continue;
        *ret = (struct mermaid_line){keywords[i].kind,
                                     reader->line,
                                     keywords[i].colon ? after(rest, 1) : rest,
                                     {0},
                                     {0}};
        return true;
    }
    *ret = task_line(reader, statement);
    return true;
}

/* accDescr { several lines }. False: this is none. */
static bool read_braces(struct mermaid_reader *reader, struct mermaid_line *ret)
{
    str text = str_trim(reader->rest);
    if (!starts_with(text, "accDescr"))
        return false;
    text = after(text, 8);
    if (text.len == 0 || text.ptr[0] != '{')
        return false;
    size_t first = reader->line + 1;
    const char *start = text.ptr + 1;
    const char *end = memchr(start, '}', text.len - 1);
    if (end == NULL)
        end = text.ptr + text.len;
    while (reader->rest.ptr && reader->rest.ptr <= end)
        (void)take_line(reader);
    *ret = (struct mermaid_line){.kind = MERMAID_ACC_DESCR,
                                 .line = first,
                                 .text = str_trim((str){start, (size_t)(end - start)})};
    return true;
}

enum vg_code mermaid_next(struct mermaid_reader *reader, const char *name,
                          struct mermaid_line *ret, struct vg_err *err)
{
    while (reader->rest.ptr) {
        bool bad = false;
        if (!reader->started) {
            if (before_journey(reader, ret, &bad))
                return VG_OK;
            if (bad)
                return fail_no_journey(reader, name, err);
            continue;
        }
        str line = reader->rest;
        while (line.len > 0 && (*line.ptr == ' ' || *line.ptr == '\t'))
            line = (str){line.ptr + 1, line.len - 1};
        if (starts_with(line, "%%")) {
            line = str_trim(take_line(reader));
            *ret = (struct mermaid_line){
                .kind = MERMAID_COMMENT, .line = reader->line, .text = after(line, 2)};
            return VG_OK;
        }
        if (!reader->same_line && starts_with(line, "accDescr") &&
            read_braces(reader, ret))
            return VG_OK;
        if (read_statement(reader, ret))
            return VG_OK;
    }
    if (!reader->started)
        return fail_no_journey(reader, name, err);
    *ret = (struct mermaid_line){.kind = MERMAID_END, .line = reader->line};
    return VG_OK;
}

/* ---- names ---------------------------------------------------------------------------
 */

static uint32_t entity_value(str entity)
{
    static const struct {
        const char *name;
        uint32_t value;
    } names[] = {{"quot", '"'}, {"amp", '&'},   {"lt", '<'},
                 {"gt", '>'},   {"nbsp", 0xA0}, {"colon", ':'},
                 {"semi", ';'}, {"num", '#'},   {"comma", ','}};
    str inside = {entity.ptr + 1, entity.len - 2};
    int64_t number;
    if (str_to_i64(inside, &number))
        return number > 0 && number <= 0x10FFFF && !(number >= 0xD800 && number <= 0xDFFF)
                   ? (uint32_t)number
                   : 0;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_equal(inside, str_from(names[i].name)))
            return names[i].value;
    return 0;
}

/* Length of a <br>, <br/> or <br /> that text begins with, or 0. */
static size_t break_len(str text)
{
    if (!starts_with(text, "<br"))
        return 0;
    size_t i = 3;
    while (i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '/'))
        i++;
    return i < text.len && text.ptr[i] == '>' ? i + 1 : 0;
}

const char *mermaid_decode(struct arena *arena, str text)
{
    struct buf out = {0};
    text = str_trim(text);
    for (size_t i = 0; i < text.len;) {
        str rest = {text.ptr + i, text.len - i};
        size_t len = rest.ptr[0] == '#' ? entity_len(rest) : 0;
        uint32_t value = len ? entity_value((str){rest.ptr, len}) : 0;
        size_t line_break = break_len(rest);
        if (value) {
            utf8_append(&out, value);
            i += len;
        } else if (line_break) {
            buf_char(&out, '\n');
            i += line_break;
        } else {
            buf_char(&out, rest.ptr[0]);
            i++;
        }
    }
    const char *decoded = out.failed ? NULL : arena_text(arena, buf_str(&out));
    buf_free(&out);
    return decoded;
}

/* Mermaid takes the last ';' away from lines in which "style" or "classDef" stands before
 * a ':' and a '#': there entities would break, and full-width twins are written. */
static bool loses_entities(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        str rest = {text.ptr + i, text.len - i};
        if (starts_with(rest, "style") || starts_with(rest, "classDef"))
            return true;
    }
    return false;
}

static bool is_keyword(str text)
{
    static const char *const words[] = {"title", "section", "journey", "accTitle",
                                        "accDescr"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (starts_with(text, words[i]))
            return true;
    return false;
}

static const char *full_width(char c)
{
    switch (c) {
    case '#':
        return "＃";
    case ':':
        return "：";
    case ';':
        return "；";
    case ',':
        return "，";
    case '%':
        return "％";
    case '}':
        return "｝";
    default:
        return "";
    }
}

void mermaid_encode(struct buf *out, str text, bool task)
{
    bool twins = loses_entities(text);
    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n' || c == '\r') {
            if (c == '\n')
                buf_text(out, task ? "<br/>" : " ");
        } else if (strchr("#:;,%}", c) && twins) {
            buf_text(out, full_width(c));
        } else if (strchr("#:;,%}", c) || (i == 0 && is_keyword(text) && !twins)) {
            buf_printf(out, "#%d;", c);
        } else if (c == '<' && break_len((str){text.ptr + i, text.len - i})) {
            buf_text(out, "#60;");
        } else if (i == 0 && is_keyword(text)) {
            buf_printf(out, "\xE2\x81\xA0%c", c); /* U+2060: an invisible first letter */
        } else {
            buf_char(out, c);
        }
    }
}
