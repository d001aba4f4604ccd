#include "evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    evidence_holds("evidence.jsonl", bytes, len);
    return 0;
}
