#include "base/catalogue.h"

#include <string.h>

static uint32_t word(const unsigned char *mo, size_t offset)
{
    uint32_t value;
    memcpy(&value, mo + offset, sizeof value);
    return value;
}

/* strcmp(context + "\004" + message, key), or strcmp(message, key) without a context. */
static int key_compare(const char *context, const char *message, const char *key)
{
    if (context) {
        for (; *context && *context == *key; context++, key++)
            ;
        if (*context)
            return (unsigned char)*context - (unsigned char)*key;
        if (*key != '\004')
            return 4 - (unsigned char)*key;
        key++;
    }
    return strcmp(message, key);
}

/* Layout of a .mo file: GNU gettext manual, "The Format of GNU MO Files". */
const char *catalogue_find(const unsigned char *mo, size_t len, const char *context,
                           const char *message, const char **ret_end)
{
    if (len < 28 || word(mo, 0) != 0x950412de)
        return NULL;
    size_t low = 0, high = word(mo, 8);
    size_t originals = word(mo, 12), translations = word(mo, 16);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *key = (const char *)mo + word(mo, originals + middle * 8 + 4);
        int order = key_compare(context, message, key);
        if (order == 0) {
            const char *text = (const char *)mo + word(mo, translations + middle * 8 + 4);
            if (ret_end)
                *ret_end = text + word(mo, translations + middle * 8);
            return text;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
