#include "log/guess_wide.h"

#include "log/names.h"

/* Words that only say that a column holds dates, and those that join them to the rest. */
static const char date_words[] =
    "data|date|datetime|timestamp|dt|ts|giorno|day|quando|when";
static const char joining_words[] =
    "e|ed|and|ora|ore|orario|time|di|del|dello|della|dell|dei|degli|delle|d|of|the|il|"
    "la|lo|l|in|cui";
static const char ending_words[] =
    "data|date|datetime|timestamp|dt|ts|giorno|day|time|ora|at|on|il";
static const char span_words[] =
    "inizio|fine|start|end|begin|beginning|started|ended|finish|da|dal|al|from|to";
static const char change_words[] =
    "modifica|modificato|modified|updated|update|changed|aggiornamento|aggiornato|"
    "stampa|esportazione|export|exported";

static bool is_one_of(str plain, const char *words)
{
    for (str rest = str_from(words); rest.ptr;)
        if (str_equal(plain, str_cut(&rest, '|')))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

/* The word of `header` that begins at or behind `at`; len 0: there is none. "DataOrdine"
 * is two. */
static str word_at(str header, size_t at)
{
    while (at < header.len && !is_letter(header.ptr[at]))
        at++;
    size_t end = at;
    while (end < header.len && is_letter(header.ptr[end])) {
        char c = header.ptr[end], before = end > at ? header.ptr[end - 1] : 0;
        if (c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z')
            break;
        end++;
    }
    return (str){header.ptr + at, end - at};
}

/* Lower case, for words of few letters; longer ones are none that we know. */
static str lower(str word, char space[16])
{
    if (word.len > 16)
        return (str){space, 0};
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        space[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (str){space, word.len};
}

static bool word_is(str word, const char *words)
{
    char space[16];
    return word.len && is_one_of(lower(word, space), words);
}

/* "Data e ora dell'ordine" → "ordine" */
static str without_front(str header)
{
    str word = word_at(header, 0);
    if (!word_is(word, date_words))
        return header;
    while (word_is(word, date_words) || word_is(word, joining_words)) {
        size_t end = (size_t)(word.ptr + word.len - header.ptr);
        header = (str){header.ptr + end, header.len - end};
        word = word_at(header, 0);
    }
    return (str){word.ptr, header.len - (size_t)(word.ptr - header.ptr)};
}

/* "order_date" → "order" */
static str without_end(str header)
{
    for (;;) {
        str last = {0};
        for (str word = word_at(header, 0); word.len;
             word = word_at(header, (size_t)(word.ptr + word.len - header.ptr)))
            last = word;
        if (!word_is(last, ending_words))
            break;
        header.len = (size_t)(last.ptr - header.ptr);
    }
    while (header.len && !is_letter(header.ptr[header.len - 1]) &&
           header.ptr[header.len - 1] != ')')
        header.len--;
    return header;
}

str wide_activity(struct arena *arena, str header)
{
    str left = without_end(without_front(header));
    char *text = arena_alloc(arena, left.len + 1, 1);
    if (!text)
        return (str){NULL, 0};
    for (size_t i = 0; i < left.len; i++)
        text[i] = left.ptr[i] == '_' ? ' ' : left.ptr[i];
    if (left.len && text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return (str){text, left.len};
}

bool wide_is_span(str activity)
{
    return word_is(word_at(activity, 0), span_words);
}

bool wide_is_moment(const struct column_stats *stats, str activity)
{
    bool named = name_points(ROLE_TIME, stats->plain) > 0;
    bool number = stats->format.kind == TIME_COMPACT || stats->format.kind == TIME_SERIAL;
    bool dates = stats->format.kind == TIME_CALENDAR || (number && named);
    if (!dates || name_is_other_time(stats->plain) ||
        stats->times * 10 < stats->filled * (named ? 5 : 9))
        return false;
    bool bare = wide_is_span(activity) && word_at(activity, 0).len == activity.len;
    for (str word = word_at(activity, 0); word.len;
         word = word_at(activity, (size_t)(word.ptr + word.len - activity.ptr)))
        if (word_is(word, change_words))
            return false;
    return !bare;
}
