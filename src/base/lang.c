#include "base/lang.h"

#include "base/catalogue.h"

#include <stdlib.h>

static _Thread_local enum lang current = LANG_EN;

void lang_set(enum lang lang)
{
    current = lang;
}

enum lang lang_get(void)
{
    return current;
}

bool lang_from_text(const char *text, enum lang *ret)
{
    static const struct {
        const char *name;
        enum lang lang;
    } names[] = {{"it", LANG_IT}, {"en", LANG_EN}, {"C", LANG_EN}, {"POSIX", LANG_EN}};
    if (!text)
        return false;
    size_t n = strcspn(text, "_.-@:");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strlen(names[i].name) == n && memcmp(names[i].name, text, n) == 0) {
            *ret = names[i].lang;
            return true;
        }
    }
    return false;
}

enum lang lang_from_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    enum lang lang = LANG_EN;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            lang_from_text(value, &lang);
            return lang;
        }
    }
    return lang;
}

const char *lang_code(enum lang lang)
{
    return lang == LANG_IT ? "it" : "en";
}

const char *lang_text(const char *message)
{
    return lang_text_in(NULL, message);
}

const char *lang_text_in(const char *context, const char *message)
{
    const char *found = NULL;
    if (current == LANG_IT && *message)
        found = catalogue_find(catalogue_it, catalogue_it_len, context, message, NULL);
    return found && *found ? found : message;
}

const char *lang_text_n(const char *one, const char *many, uint64_t n)
{
    const char *end = NULL;
    const char *text = NULL;
    if (current == LANG_IT)
        text = catalogue_find(catalogue_it, catalogue_it_len, NULL, one, &end);
    if (!text || !*text)
        return n == 1 ? one : many;
    if (n == 1) /* both languages: nplurals=2; plural=(n != 1) */
        return text;
    const char *second = text + strlen(text) + 1;
    return second < end && *second ? second : text;
}
