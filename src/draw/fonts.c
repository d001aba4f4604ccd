/* The embedded fonts, made known to fontconfig from memory, and as CSS. */
#include "draw/fonts.h"

#include "draw/font_data.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct font_row {
    const unsigned char *otf;
    const size_t *otf_len;
    const unsigned char *woff2;
    const size_t *woff2_len;
    int weight;
    bool italic;
} fonts[FACE_COUNT] = {
    [FACE_REGULAR] = {font_regular, &font_regular_len, font_regular_woff2,
                      &font_regular_woff2_len, 400, false},
    [FACE_MEDIUM] = {font_medium, &font_medium_len, font_medium_woff2,
                     &font_medium_woff2_len, 500, false},
    [FACE_SEMIBOLD] = {font_semibold, &font_semibold_len, font_semibold_woff2,
                       &font_semibold_woff2_len, 600, false},
    [FACE_BOLD] = {font_bold, &font_bold_len, font_bold_woff2, &font_bold_woff2_len, 700,
                   false},
    [FACE_ITALIC] = {font_italic, &font_italic_len, font_italic_woff2,
                     &font_italic_woff2_len, 400, true},
};

int font_weight(enum face face)
{
    return fonts[face].weight;
}

/* Nothing of the user's own configuration, so that every machine measures alike; another
 * Inter on the machine (it may be another version) is not looked at. */
static const char configuration[] =
    "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"urn:fontconfig:fonts.dtd\">"
    "<fontconfig>"
    "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
    "<cachedir>/var/cache/fontconfig</cachedir>"
    "<cachedir prefix=\"xdg\">fontconfig</cachedir>"
    "<selectfont><rejectfont><pattern><patelt name=\"family\"><string>Inter</string>"
    "</patelt></pattern></rejectfont></selectfont>"
    "</fontconfig>";

/* fontconfig only takes files: a file in memory will do. The descriptor stays open for as
 * long as the program runs, since the font is read again whenever it is used. */
static bool add_font(FcConfig *config, const struct font_row *font)
{
    int fd = memfd_create("viaggio-font", MFD_CLOEXEC);
    if (fd < 0)
        return false;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    size_t done = 0;
    while (done < *font->otf_len) {
        ssize_t wrote = write(fd, font->otf + done, *font->otf_len - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    if (done == *font->otf_len && FcConfigAppFontAddFile(config, (const FcChar8 *)path))
        return true;
    close(fd);
    return false;
}

static FcConfig *shared_config; /* read-only once made */
static pthread_key_t map_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void drop_map(void *map)
{
    g_object_unref(map);
}

static void make_config(void)
{
    if (pthread_key_create(&map_key, drop_map) != 0)
        return;
    FcConfig *config = FcConfigCreate();
    if (!config)
        return;
    FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)configuration, FcFalse);
    FcConfigBuildFonts(config);
    /* Where the system gives no files in memory or no /proc, the machine's fonts must do.
     */
    for (size_t i = 0; i < FACE_COUNT && add_font(config, &fonts[i]);)
        i++;
    shared_config = config;
}

PangoFontMap *fonts_map(void)
{
    pthread_once(&once, make_config);
    if (!shared_config)
        return NULL;
    PangoFontMap *map = pthread_getspecific(map_key);
    if (map)
        return map;
    map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!map)
        return NULL;
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 96);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), shared_config);
    if (pthread_setspecific(map_key, map) != 0) {
        g_object_unref(map);
        return NULL;
    }
    return map;
}

static void base64(const unsigned char *bytes, size_t len, struct buf *out)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char four[4];
    for (size_t i = 0; i < len; i += 3) {
        uint32_t three = (uint32_t)bytes[i] << 16;
        three |= i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0;
        three |= i + 2 < len ? bytes[i + 2] : 0;
        four[0] = digits[three >> 18];
        four[1] = digits[three >> 12 & 63];
        four[2] = i + 1 < len ? digits[three >> 6 & 63] : '=';
        four[3] = i + 2 < len ? digits[three & 63] : '=';
        buf_add(out, (str){four, 4});
    }
}

void fonts_css(unsigned faces, struct buf *out)
{
    for (size_t i = 0; i < FACE_COUNT; i++) {
        if (!(faces >> i & 1))
            continue;
        buf_printf(out,
                   "@font-face{font-family:" FONT_FAMILY ";font-weight:%d;font-style:%s;"
                   "src:url(data:font/woff2;base64,",
                   fonts[i].weight, fonts[i].italic ? "italic" : "normal");
        base64(fonts[i].woff2, *fonts[i].woff2_len, out);
        buf_text(out, ") format(\"woff2\")}\n");
    }
}
