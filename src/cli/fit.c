/* Options that mean nothing where a data file is worked on are refused, not passed over.
 */
#include "cli/request.h"

#include <string.h>

/* Read by questions about a data file, too. */
static bool is_for_questions(const char *name)
{
    static const char *const names[] = {"journey", "attribute", "pause"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_given(const struct request *request, const struct option_row *row)
{
    const char *at = (const char *)request + row->at;
    switch (row->kind) {
    case OPTION_FLAG:
        return *(const bool *)at;
    case OPTION_TEXT:
    case OPTION_CHOICE:
        return *(const char *const *)at != NULL;
    case OPTION_LIST:
        return ((const struct texts *)at)->count > 0;
    case OPTION_DURATION:
    case OPTION_SPAN:
        return *(const double *)at > 0;
    case OPTION_COUNT:
    case OPTION_SHARE:
        break;
    }
    return false; /* none of these is about reading evidence */
}

static enum vg_code no_effect_on_question(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_USAGE, NULL,
            _("--%s says how a file is read; what is in the data file was read before"),
            name);
    return err_hint(err, "%s", _("give it to viaggio import FILE… -w FILE.viaggio")),
           VG_ERR_USAGE;
}

static enum vg_code no_effect_on_import(const char *name, struct vg_err *err)
{
    err_set(err, VG_ERR_USAGE, NULL,
            _("--%s is for questions: what is imported is kept whole"), name);
    return err_hint(err, "%s", _("give it to the question, with -w")), VG_ERR_USAGE;
}

enum vg_code request_fits(const struct request *request, struct vg_err *err)
{
    size_t count;
    const struct option_row *rows = option_rows(&count);
    bool import = strcmp(request->verb->name, "import") == 0;
    for (size_t i = 0; request->workspace && i < count; i++) {
        const struct option_row *row = &rows[i];
        bool reading = (row->groups & FOR_READING) && !is_for_questions(row->name) &&
                       strcmp(row->name, "workspace") != 0 &&
                       strcmp(row->name, "evidence") != 0;
        bool asking = (row->groups & FOR_FILTERING) || is_for_questions(row->name);
        if (!(import ? asking : reading) || !is_given(request, row))
            continue;
        return import ? no_effect_on_import(row->name, err)
                      : no_effect_on_question(row->name, err);
    }
    return VG_OK;
}
