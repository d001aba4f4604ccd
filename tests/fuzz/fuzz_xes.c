#include "evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    evidence_holds("evidence.xes", bytes, len);
    return 0;
}
