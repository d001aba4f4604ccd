/* font_data: what tools/make-font writes at build time, one pair of arrays per face. */
#ifndef DRAW_FONT_DATA_H
#define DRAW_FONT_DATA_H

#include <stddef.h>

#define FONT_DATA(name)                                                                  \
    extern const unsigned char font_##name[], font_##name##_woff2[];                     \
    extern const size_t font_##name##_len, font_##name##_woff2_len;
FONT_DATA(regular)
FONT_DATA(medium)
FONT_DATA(semibold)
FONT_DATA(bold)
FONT_DATA(italic)
#undef FONT_DATA

#endif
