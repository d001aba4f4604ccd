/* slab: memory for many pieces that come one after the other and are given back soon
 * after one another, in huge pages: page by page the system takes longer to hand it out
 * than we to fill it. What all pieces of a slab gave back is used again, until
 * slabs_trim.
 *
 * Threads    a shelf is one thread's; giving back is anybody's. */
#ifndef LOG_SLAB_H
#define LOG_SLAB_H

#include "base/base.h"

enum { SLAB_BYTES = 4 << 20 };

struct slab;
struct shelf {
    struct slab *open; /* zeroed is empty */
};

/* `bytes` bytes of whatever was there before, aligned to 64; *ret_slab is what slab_give
 * takes. NULL when memory is used up. */
void *slab_take(struct shelf *shelf, size_t bytes, struct slab **ret_slab) MUST_CHECK;
void slab_give(struct slab *slab);     /* one piece of it; NULL is fine */
void shelf_close(struct shelf *shelf); /* its pieces stay */
/* Give the system back what nobody uses. */
void slabs_trim(void);

/* Zeroed memory that begins at a huge page, and its way back. NULL: there is none. */
void *huge_take(size_t bytes) MUST_CHECK;
void huge_give(void *area, size_t bytes);
/* As memcpy, for what is not read again soon: past the caches. `to` is aligned to 8. */
void stream_copy(void *to, const void *from, size_t bytes);
/* For free(): in huge pages where it is large. Not zeroed. */
void *large_make(size_t bytes) MUST_CHECK;

#endif
