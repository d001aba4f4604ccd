/* The palette and the type. */
#include "view/theme.h"

#include "base/utf8.h"

#include <math.h>

static const struct theme_colour colours[INK_COUNT] = {
    [INK_NONE] = {"none", "none", "none"},
    [INK_PAPER] = {"paper", "#fbf9f5", "#14171f"},
    [INK_CARD] = {"card", "#ffffff", "#1d222c"},
    [INK_TEXT] = {"ink", "#1d2433", "#ece9e2"},
    [INK_QUIET] = {"quiet", "#626977", "#a6adb9"},
    [INK_LINE] = {"line", "#e5e0d6", "#343b48"},
    [INK_SOFT] = {"soft", "#ebe6db", "#2b313d"},
    [INK_PHASE_1] = {"phase1", "#2f6f8f", "#4d94b8"},
    [INK_PHASE_2] = {"phase2", "#2f7d6b", "#4ba38e"},
    [INK_PHASE_3] = {"phase3", "#c98a2b", "#d9a04a"},
    [INK_PHASE_4] = {"phase4", "#b4553f", "#d27a64"},
    [INK_PHASE_5] = {"phase5", "#9cc4d8", "#2f5b70"},
    [INK_PHASE_6] = {"phase6", "#9fd0c0", "#2d6154"},
    [INK_PHASE_7] = {"phase7", "#ecc98c", "#7a5a24"},
    [INK_PHASE_8] = {"phase8", "#e5ab9b", "#7d4636"},
    [INK_ON_PHASE_1] = {"on-phase1", "#ffffff", "#0f1218"},
    [INK_ON_PHASE_2] = {"on-phase2", "#ffffff", "#0f1218"},
    [INK_ON_PHASE_3] = {"on-phase3", "#1d2433", "#0f1218"},
    [INK_ON_PHASE_4] = {"on-phase4", "#ffffff", "#0f1218"},
    [INK_ON_PHASE_5] = {"on-phase5", "#1d2433", "#f3f0ea"},
    [INK_ON_PHASE_6] = {"on-phase6", "#1d2433", "#f3f0ea"},
    [INK_ON_PHASE_7] = {"on-phase7", "#1d2433", "#f3f0ea"},
    [INK_ON_PHASE_8] = {"on-phase8", "#1d2433", "#f3f0ea"},
    [INK_PHASE_TEXT_1] = {"phase-text1", "#2f6f8f", "#7dbbd9"},
    [INK_PHASE_TEXT_2] = {"phase-text2", "#2f7d6b", "#77c9b4"},
    [INK_PHASE_TEXT_3] = {"phase-text3", "#8f5f12", "#e6b566"},
    [INK_PHASE_TEXT_4] = {"phase-text4", "#a84a35", "#eb9c88"},
    [INK_PHASE_TEXT_5] = {"phase-text5", "#2b6583", "#9ecbe0"},
    [INK_PHASE_TEXT_6] = {"phase-text6", "#2a6f5f", "#9ad9c8"},
    [INK_PHASE_TEXT_7] = {"phase-text7", "#85580f", "#efca8d"},
    [INK_PHASE_TEXT_8] = {"phase-text8", "#9a4431", "#f2b5a5"},
    [INK_EVIDENCE] = {"evidence", "#2f6f8f", "#6fb3d3"},
    [INK_BELIEF] = {"belief", "#6b7280", "#a6adb9"},
    [INK_LOST] = {"lost", "#ac3328", "#ff9d91"},
    [INK_LOST_SOFT] = {"lost-soft", "#fbe3df", "#42231f"},
    [INK_WARNING] = {"warning", "#825400", "#f0c36b"},
    [INK_WARNING_SOFT] = {"warning-soft", "#fff1d6", "#3a2e15"},
    [INK_GOOD] = {"good", "#27634f", "#8fd6bc"},
    [INK_GOOD_SOFT] = {"good-soft", "#e3f1ea", "#1a332c"},
    [INK_GOOD_LINE] = {"good-line", "#bfdccf", "#2f5a4d"},
    [INK_GOOD_FILL] = {"good-fill", "#2f7d6b", "#4ba38e"},
    [INK_ON_FILL] = {"on-fill", "#ffffff", "#0f1218"},
    [INK_DOING_FILL] = {"doing-fill", "#8f5f12", "#d9a04a"},
    [INK_IDLE_FILL] = {"idle-fill", "#626977", "#8b93a1"},
    [INK_NOTE] = {"note", "#ffd9cf", "#5c332a"},
    [INK_NOTE_EDGE] = {"note-edge", "#f2bfb1", "#7a473b"},
    [INK_ON_NOTE] = {"on-note", "#1d2433", "#fbe9e4"},
    [INK_STAR] = {"star", "#e3a13a", "#f0b856"},
    [INK_VALENCE_1] = {"valence1", "#d9534a", "#e06a61"},
    [INK_VALENCE_2] = {"valence2", "#e39a4a", "#e6a55c"},
    [INK_VALENCE_3] = {"valence3", "#d9c25a", "#dec96b"},
    [INK_VALENCE_4] = {"valence4", "#7fb96a", "#8cc478"},
    [INK_VALENCE_5] = {"valence5", "#3f9d6b", "#54b07f"},
    [INK_ON_VALENCE] = {"on-valence", "#1d2433", "#14171f"},
    [INK_CHANNEL_WEB] = {"channel-web", "#2c5aa0", "#9dc0f5"},
    [INK_CHANNEL_WEB_SOFT] = {"channel-web-soft", "#e4ecf8", "#1f2c44"},
    [INK_CHANNEL_MAIL] = {"channel-mail", "#855200", "#eec27a"},
    [INK_CHANNEL_MAIL_SOFT] = {"channel-mail-soft", "#f9edd8", "#382c17"},
    [INK_CHANNEL_PHONE] = {"channel-phone", "#7b3a86", "#dcaae6"},
    [INK_CHANNEL_PHONE_SOFT] = {"channel-phone-soft", "#f3e6f5", "#3a2440"},
    [INK_CHANNEL_PERSON] = {"channel-person", "#53602a", "#c3d08e"},
    [INK_CHANNEL_PERSON_SOFT] = {"channel-person-soft", "#edf0de", "#2c311c"},
    [INK_CHANNEL_CHAT] = {"channel-chat", "#2a6a5c", "#8cd2c0"},
    [INK_CHANNEL_CHAT_SOFT] = {"channel-chat-soft", "#e0f1ec", "#1a332d"},
    [INK_CHANNEL_OTHER] = {"channel-other", "#565d6b", "#bcc2cc"},
    [INK_CHANNEL_OTHER_SOFT] = {"channel-other-soft", "#ebecef", "#2c313a"},
};
const struct theme view_theme = {colours, INK_COUNT};

const struct text_style type_title = {
    .size = 30, .face = FACE_BOLD, .leading = 38, .tracking = -0.4};
const struct text_style type_heading = {.size = 16, .face = FACE_SEMIBOLD, .leading = 21};
const struct text_style type_strong = {
    .size = 12.5, .face = FACE_SEMIBOLD, .leading = 17};
const struct text_style type_body = {.size = 12.5, .leading = 17};
const struct text_style type_small = {.size = 11, .leading = 15};
const struct text_style type_small_strong = {
    .size = 11, .face = FACE_SEMIBOLD, .leading = 15};
const struct text_style type_quote = {.size = 12.5, .face = FACE_ITALIC, .leading = 17};
const struct text_style type_label = {
    .size = 10, .face = FACE_SEMIBOLD, .leading = 14, .tracking = 0.9};
const struct text_style type_number = {
    .size = 22, .face = FACE_BOLD, .leading = 28, .tabular = false};

unsigned ink_phase(size_t phase)
{
    return INK_PHASE_1 + (unsigned)(phase % 8);
}

unsigned ink_on_phase(size_t phase)
{
    return INK_ON_PHASE_1 + (unsigned)(phase % 8);
}

unsigned ink_phase_text(size_t phase)
{
    return INK_PHASE_TEXT_1 + (unsigned)(phase % 8);
}

unsigned ink_valence(double valence)
{
    double at = fmin(fmax(valence, -2), 2) + 2;
    return INK_VALENCE_1 + (unsigned)lround(at);
}

/* Words that tell a channel's kind; compared without case and accents. */
static const struct {
    const char *word;
    unsigned ink;
} channel_words[] = {
    {"telefon", INK_CHANNEL_PHONE},
    {"phone", INK_CHANNEL_PHONE},
    {"call", INK_CHANNEL_PHONE},
    {"chiamat", INK_CHANNEL_PHONE},
    {"numero verde", INK_CHANNEL_PHONE},
    {"cellulare", INK_CHANNEL_PHONE},
    {"mail", INK_CHANNEL_MAIL},
    {"posta", INK_CHANNEL_MAIL},
    {"pec", INK_CHANNEL_MAIL},
    {"letter", INK_CHANNEL_MAIL},
    {"newsletter", INK_CHANNEL_MAIL},
    {"chat", INK_CHANNEL_CHAT},
    {"whatsapp", INK_CHANNEL_CHAT},
    {"sms", INK_CHANNEL_CHAT},
    {"social", INK_CHANNEL_CHAT},
    {"facebook", INK_CHANNEL_CHAT},
    {"instagram", INK_CHANNEL_CHAT},
    {"messag", INK_CHANNEL_CHAT},
    {"video", INK_CHANNEL_CHAT},
    {"person", INK_CHANNEL_PERSON},
    {"negozio", INK_CHANNEL_PERSON},
    {"store", INK_CHANNEL_PERSON},
    {"shop", INK_CHANNEL_PERSON},
    {"visit", INK_CHANNEL_PERSON},
    {"fiera", INK_CHANNEL_PERSON},
    {"sportello", INK_CHANNEL_PERSON},
    {"sede", INK_CHANNEL_PERSON},
    {"corriere", INK_CHANNEL_PERSON},
    {"passaparola", INK_CHANNEL_PERSON},
    {"web", INK_CHANNEL_WEB},
    {"sito", INK_CHANNEL_WEB},
    {"site", INK_CHANNEL_WEB},
    {"online", INK_CHANNEL_WEB},
    {"google", INK_CHANNEL_WEB},
    {"app", INK_CHANNEL_WEB},
    {"portal", INK_CHANNEL_WEB},
};

unsigned ink_channel(const char *channel, unsigned *ret_soft)
{
    unsigned ink = INK_CHANNEL_OTHER;
    struct arena *scratch = arena_open(0);
    str folded = scratch ? utf8_fold(scratch, str_from(channel)) : (str){0};
    for (size_t i = 0; folded.ptr && i < COUNT_OF(channel_words); i++)
        if (str_find(folded, str_from(channel_words[i].word)) != SIZE_MAX) {
            ink = channel_words[i].ink;
            break;
        }
    arena_close(scratch);
    *ret_soft = ink + 1;
    return ink;
}
