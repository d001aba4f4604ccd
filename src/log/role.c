#include "log/read.h"

#include "base/lang.h"

static const struct {
    const char *name, *text;
} roles[ROLE_COUNT] = {
    [ROLE_IGNORE] = {"ignore", N_("left out")},
    [ROLE_CUSTOMER] = {"customer", N_("customer")},
    [ROLE_ACTIVITY] = {"activity", N_("activity")},
    [ROLE_TIME] = {"time", N_("time")},
    [ROLE_CHANNEL] = {"channel", N_("channel")},
    [ROLE_TOUCHPOINT] = {"touchpoint", N_("touchpoint")},
    [ROLE_ACTOR] = {"actor", N_("actor")},
    [ROLE_TEXT] = {"text", N_("text")},
    [ROLE_SCORE] = {"score", N_("score")},
    [ROLE_SOURCE_ID] = {"source_id", N_("source id")},
    [ROLE_ATTRIBUTE] = {"attribute", N_("attribute")},
};

const char *role_name(enum role role)
{
    return roles[role].name;
}

const char *role_text(enum role role)
{
    return _(roles[role].text);
}
