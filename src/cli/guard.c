/* What a request must not do to the files it names. Declared in cli/request.h. */
#include "cli/request.h"

#include <string.h>
#include <sys/stat.h>

/* Whether both names lead to one and the same plain file. */
static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && S_ISREG(one.st_mode) &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* The file a command reads that `out` would be written over, or NULL. */
static const char *read_from(const struct request *request, const char *out)
{
    const struct texts *lists[] = {&request->evidence, &request->arguments};
    const char *others[] = {request->map, request->words, request->workspace};
    for (size_t l = 0; l < COUNT_OF(lists); l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (same_file(lists[l]->items[i], out))
                return lists[l]->items[i];
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i] && same_file(others[i], out))
            return others[i];
    return NULL;
}

static enum vg_code guard_results(const struct request *request, struct vg_err *err)
{
    const char *outs[] = {request->out, request->svg, request->read.rejects};
    for (size_t i = 0; i < COUNT_OF(outs); i++) {
        if (!outs[i])
            continue;
        for (size_t j = 0; j < i; j++)
            if (outs[j] && strcmp(outs[j], outs[i]) == 0 && strcmp(outs[i], "-") != 0)
                return err_set(err, VG_ERR_USAGE, outs[i], "%s",
                               _("two results would go into this one file"));
        if (!read_from(request, outs[i]))
            continue;
        err_set(err, VG_ERR_USAGE, outs[i], "%s",
                _("this file is read: the result would be written over it"));
        return err_hint(err, "%s", _("give the result another name"));
    }
    return VG_OK;
}

static const char *evidence_at(const struct request *request, size_t i)
{
    return i < request->evidence.count
               ? request->evidence.items[i]
               : request->arguments.items[i - request->evidence.count];
}

/* A file named twice would count every event twice. Commands that compare two maps, or
 * take a customer's name, are not meant. */
static enum vg_code guard_evidence(const struct request *request, struct vg_err *err)
{
    size_t count = request->evidence.count + request->arguments.count;
    if (!(request->verb->groups & FOR_READING) || count > LIMIT_FILES)
        return VG_OK;
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (same_file(evidence_at(request, i), evidence_at(request, j))) {
                err_set(err, VG_ERR_USAGE, evidence_at(request, i), "%s",
                        _("this file is named twice: its events would count double"));
                return err_hint(err, "%s", _("name it once"));
            }
    return VG_OK;
}

enum vg_code request_guard(const struct request *request, struct vg_err *err)
{
    enum vg_code code = guard_results(request, err);
    return code != VG_OK ? code : guard_evidence(request, err);
}
