/* Declared in serve/handlers.h. */
#include "serve/handlers.h"

#include "serve/live.h"
#include "serve/lookout.h"
#include "store/people.h"

enum vg_code api_question(struct call *call, struct question *ret, struct vg_err *err)
{
    const char *text = call_filter_text(call);
    struct pair *pairs = NULL;
    size_t count = 0;
    if (!text)
        return err_memory(err);
    enum vg_code code = question_split(call->arena, text, &pairs, &count, err);
    if (code == VG_OK)
        code = question_read(call->store, call->arena, pairs, count, ret, err);
    if (code == VG_OK) /* who left needs no answer */
        ret->progress = &call->progress;
    return code;
}

enum vg_code api_evidence(struct call *call, bool all, struct held **ret,
                          struct vg_err *err)
{
    struct question question;
    enum vg_code code = api_question(call, &question, err);
    if (code != VG_OK)
        return code;
    return cache_evidence(call_cache(call), call->store, &question, all, ret, err);
}

enum vg_code api_study(struct call *call, const char *id, struct held **ret,
                       struct vg_err *err)
{
    struct question question;
    enum vg_code code = api_question(call, &question, err);
    if (code != VG_OK)
        return code;
    return cache_study(call_cache(call), call->store, id, &question, ret, err);
}

const char *api_name(struct call *call, const char *person)
{
    struct person found;
    struct vg_err unknown = {0};
    if (call->who.id && strcmp(person, call->who.id) == 0 && call->who.name)
        return call->who.name;
    if (!person[0] ||
        person_get(call->store, call->arena, person, &found, &unknown) != VG_OK)
        return person;
    return found.name;
}

void api_evidence_changed(struct serve *serve)
{
    live_publish(serve, NULL, "evidence", 0, NULL);
    lookout_poke(serve);
}
