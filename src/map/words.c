#include "map/words.h"

#include "base/lang.h"
#include "base/utf8.h"

#include <stdio.h>

#define MOST_WORDS    12    /* in one pattern */
#define MOST_PATTERNS 10000 /* in all lists together */

struct tokens {
    str *words;
    size_t count;
};

/* Letters and digits; of what is not ASCII all but punctuation and spaces. */
static bool is_letter(uint32_t c, bool stars)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (stars && c == '*');
    return c >= 0xC0 && !(c >= 0x2000 && c <= 0x206F) && !(c >= 0x3000 && c <= 0x303F) &&
           c != 0xFFFD;
}

static enum vg_code split(struct arena *arena, str text, bool stars, struct tokens *ret,
                          struct vg_err *err)
{
    str folded = utf8_fold(arena, text);
    str *words = arena_array(arena, str, folded.len / 2 + 1);
    if ((folded.ptr == NULL && text.len > 0) || words == NULL)
        return err_memory(err);
    size_t count = 0, start = 0, len;
    for (size_t i = 0; i < folded.len; i += len) {
        uint32_t c = utf8_decode((str){folded.ptr + i, folded.len - i}, &len);
        if (is_letter(c, stars))
            continue;
        if (i > start)
            words[count++] = (str){folded.ptr + start, i - start};
        start = i + len;
    }
    if (folded.len > start)
        words[count++] = (str){folded.ptr + start, folded.len - start};
    *ret = (struct tokens){words, count};
    return VG_OK;
}

static enum vg_code add_pattern(struct arena *arena, str line, struct words *words,
                                struct vg_err *err)
{
    struct words_pattern pattern = {.text = arena_text(arena, line)};
    struct tokens tokens;
    if (line.ptr[0] == '+' || line.ptr[0] == '!') {
        pattern.mark = line.ptr[0];
        line = str_trim((str){line.ptr + 1, line.len - 1});
    }
    pattern.at_start = str_starts(line, STR("^"));
    pattern.at_end = str_ends(line, STR("$"));
    enum vg_code code = split(arena, line, true, &tokens, err);
    if (code != VG_OK)
        return code;
    pattern.words = tokens.words;
    pattern.count = tokens.count;
    struct words_pattern *items = arena_grow(arena, words->items, words->count,
                                             &words->capacity, sizeof(*words->items));
    if (items == NULL || pattern.text == NULL)
        return err_memory(err);
    words->items = items;
    if (pattern.count > 0)
        items[words->count++] = pattern;
    return VG_OK;
}

enum vg_code words_read(struct arena *arena, str list, const char *name,
                        struct words *words, struct vg_err *err)
{
    size_t number = 0;
    while (list.ptr) {
        str line = str_cut(&list, '\n');
        number++;
        size_t comment = str_find(line, STR("#"));
        if (comment != SIZE_MAX)
            line.len = comment;
        line = str_trim(line);
        if (line.len == 0)
            continue;
        char where[512];
        snprintf(where, sizeof(where), "%.480s:%zu", name, number);
        if (!utf8_valid(line))
            return err_set(err, VG_ERR_INPUT, where, "%s", _("the text is not UTF-8"));
        if (line.len > 200 || words->count >= MOST_PATTERNS) {
            err_set(err, VG_ERR_LIMIT, where, "%s",
                    line.len > 200 ? _("the pattern is too long")
                                   : _("there are too many patterns"));
            err_hint(err, "%s", _("one pattern a line, of a few words"));
            return VG_ERR_LIMIT;
        }
        enum vg_code code = add_pattern(arena, line, words, err);
        if (code != VG_OK)
            return code;
        if (words->count > 0 && words->items[words->count - 1].count > MOST_WORDS)
            return err_set(err, VG_ERR_LIMIT, where, "%s", _("the pattern is too long"));
    }
    return VG_OK;
}

static bool word_meets(str pattern, str word)
{
    if (str_equal(pattern, STR("*")))
        return true;
    if (str_starts(pattern, STR("*")))
        return str_ends(word, (str){pattern.ptr + 1, pattern.len - 1});
    if (str_ends(pattern, STR("*")))
        return str_starts(word, (str){pattern.ptr, pattern.len - 1});
    return str_equal(pattern, word);
}

/* Index of the first word at which the pattern is met, or SIZE_MAX. */
static size_t meets(const struct words_pattern *pattern, const struct tokens *text)
{
    if (pattern->count > text->count)
        return SIZE_MAX;
    size_t last = text->count - pattern->count;
    for (size_t at = pattern->at_end && !pattern->at_start ? last : 0; at <= last; at++) {
        size_t i = 0;
        while (i < pattern->count && word_meets(pattern->words[i], text->words[at + i]))
            i++;
        if (i == pattern->count && (!pattern->at_end || at == last))
            return at;
        if (pattern->at_start)
            break;
    }
    return SIZE_MAX;
}

enum vg_code words_judge(struct arena *arena, const struct words *words, str text,
                         const struct words_pattern **ret, const char **ret_found,
                         struct vg_err *err)
{
    const struct words_pattern *plain = NULL, *strict = NULL;
    struct tokens tokens;
    bool acquitted = false;
    enum vg_code code = split(arena, text, false, &tokens, err);
    if (code != VG_OK)
        return code;
    for (size_t i = 0; i < words->count && strict == NULL; i++) {
        const struct words_pattern *pattern = &words->items[i];
        if (meets(pattern, &tokens) == SIZE_MAX)
            continue;
        if (pattern->mark == '+')
            acquitted = true;
        else if (pattern->mark == '!')
            strict = pattern;
        else if (plain == NULL)
            plain = pattern;
    }
    const struct words_pattern *found = strict ? strict : acquitted ? NULL : plain;
    if (found && ret_found) {
        size_t at = meets(found, &tokens);
        str first = tokens.words[at], last = tokens.words[at + found->count - 1];
        *ret_found = arena_text(
            arena, (str){first.ptr, (size_t)(last.ptr + last.len - first.ptr)});
        if (*ret_found == NULL)
            return err_memory(err);
    }
    *ret = found;
    return VG_OK;
}
