#include "fuzz.h"

#include "serve/gate.h"

#include <string.h>

/* What passes has only lines that end in CR LF, none of them begins with white space, and
 * no other control character; and it passes however its bytes are cut. */
static void head_is_plain(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        HOLDS(bytes[i] != '\n' || (i > 0 && bytes[i - 1] == '\r'));
        HOLDS(bytes[i] != '\r' || i + 1 == len || bytes[i + 1] == '\n');
        HOLDS(bytes[i] != 0);
        if (i > 0 && bytes[i - 1] == '\n')
            HOLDS(bytes[i] != ' ' && bytes[i] != '\t');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    struct gate whole = {0}, single = {0};
    size_t head = len;
    unsigned verdict = gate_feed(&whole, (str){text, len}), one = 0;
    for (size_t i = 0; i < len && !one; i++) {
        one = gate_feed(&single, (str){text + i, 1});
        if (!one && single.state == GATE_BODY && head == len)
            head = i + 1;
    }
    HOLDS(one == verdict);
    HOLDS(verdict ||
          (whole.state == single.state && whole.body_left == single.body_left));
    HOLDS(verdict == 0 || (verdict >= 400 && verdict < 600));
    if (!verdict)
        head_is_plain(text, head);
    return 0;
}
