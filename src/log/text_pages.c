/* The texts that a thread met first: one behind the other, in pages. */
#include "log/text_pool.h"

#include "log/slab.h"

#include <stdlib.h>

enum { PAGE_FIRST = 16 << 10, PAGE_MAX = 2 << 20 /* a huge one */ };

/* Number and length before the bytes; rounded up. */
static size_t room(size_t len)
{
    return (2 * sizeof(uint32_t) + len + 3) / 4 * 4;
}

static struct text_page *page_add(struct text_pages *pages, size_t bytes)
{
    struct text_page *last = pages->last;
    size_t size = last ? (last->size + sizeof *last) * 2 : PAGE_FIRST;
    size = size < PAGE_MAX ? size : PAGE_MAX;
    size = size > bytes + sizeof *last ? size : bytes + sizeof *last;
    struct text_page *page = large_make(size);
    if (!page)
        return NULL;
    *page = (struct text_page){.size = size - sizeof *page};
    *(last ? &last->next : &pages->first) = page;
    pages->last = page;
    return page;
}

const char *text_keep(struct text_pages *pages, str text, uint32_t number)
{
    size_t bytes = room(text.len);
    struct text_page *page = pages->last;
    if (!page || page->size - page->used < bytes)
        page = page_add(pages, bytes);
    if (!page)
        return NULL;
    uint32_t head[2] = {number, (uint32_t)text.len};
    char *at = page->bytes + page->used;
    memcpy(at, head, sizeof head);
    memcpy(at + sizeof head, text.ptr, text.len);
    page->used += bytes;
    return at + sizeof head;
}

bool text_pages_next(const struct text_pages *pages, struct text_walk *walk)
{
    while (!walk->page || walk->at == walk->page->used) {
        const struct text_page *next = walk->page ? walk->page->next : pages->first;
        if (!next)
            return false;
        walk->page = next;
        walk->at = 0;
    }
    uint32_t head[2];
    const char *at = walk->page->bytes + walk->at;
    memcpy(head, at, sizeof head);
    walk->number = head[0];
    walk->text = (str){at + sizeof head, head[1]};
    walk->at += room(head[1]);
    return true;
}

void text_pages_free(struct text_pages *pages)
{
    for (struct text_page *page = pages->first, *next; page; page = next) {
        next = page->next;
        free(page);
    }
    *pages = (struct text_pages){0};
}
