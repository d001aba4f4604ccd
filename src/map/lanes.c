#include "map/lanes.h"

#include "map/fields.h"

const struct column_name column_names[COLUMN_COUNT] = {
    {"map", "mappa"},
    {"phase", "fase"},
    {"phase_order", "ordine_fase"},
    {"step", "tappa"},
    {"step_order", "ordine_tappa"},
    {"lane", "corsia"},
    {"persona", "persona"},
    {"text", "testo"},
    {"score", "voto"},
    {"channel", "canale"},
    {"owner", "chi_presidia"},
    {"status", "stato"},
    {"evidence", "prove"},
    {"updated", "aggiornata"},
};

const struct lane lanes[] = {
    {"language", "lingua", LEVEL_MAP, LANE_TEXT, "lang"},
    {"state", "situazione", LEVEL_MAP, LANE_TEXT, "state"},
    {"kind", "tipo", LEVEL_MAP, LANE_TEXT, "kind"},
    {"description", "descrizione", LEVEL_MAP, LANE_TEXT, "description"},
    {"objective", "obiettivo", LEVEL_MAP, LANE_TEXT, "objective.text"},
    {"scope", "ambito", LEVEL_MAP, LANE_TEXT, "scope.text"},
    {"scope kind", "tipo di ambito", LEVEL_MAP, LANE_TEXT, "scope.kind"},
    {"start", "partenza", LEVEL_MAP, LANE_TEXT, "start"},
    {"arrival", "arrivo", LEVEL_MAP, LANE_TEXT, "arrival"},
    {"sponsor", "sponsor", LEVEL_MAP, LANE_TEXT, "sponsor"},

    {"persona", "persona", LEVEL_PERSONA, LANE_HEAD, "name"},
    {"persona role", "ruolo", LEVEL_PERSONA, LANE_TEXT, "role"},
    {"persona aim", "scopo della persona", LEVEL_PERSONA, LANE_TEXT, "aim"},
    {"persona quote", "citazione", LEVEL_PERSONA, LANE_TEXT, "quote"},
    {"persona filter", "filtro della persona", LEVEL_PERSONA, LANE_TEXT, "filter"},
    {"persona need", "bisogno della persona", LEVEL_PERSONA, LANE_LIST, "needs"},
    {"persona expectation", "aspettativa", LEVEL_PERSONA, LANE_LIST, "expectations"},
    {"persona relation", "rapporto", LEVEL_PERSONA, LANE_TEXT, "relation"},
    {"persona standing", "acquisita o potenziale", LEVEL_PERSONA, LANE_TEXT, "standing"},
    {"persona weight", "peso", LEVEL_PERSONA, LANE_TEXT, "weight"},

    {"metric", "indicatore", LEVEL_METRIC, LANE_HEAD, "name"},
    {"metric unit", "unità", LEVEL_METRIC, LANE_TEXT, "unit"},
    {"metric baseline", "valore di partenza", LEVEL_METRIC, LANE_NUMBER, "baseline"},
    {"metric target", "traguardo", LEVEL_METRIC, LANE_NUMBER, "target"},
    {"metric direction", "verso", LEVEL_METRIC, LANE_TEXT, "direction"},
    {"metric due", "scadenza del traguardo", LEVEL_METRIC, LANE_TEXT, "due"},
    {"metric reached by %", "raggiunto da %", LEVEL_METRIC, LANE_NUMBER,
     "reached_by_pct"},

    {"session", "sessione", LEVEL_SESSION, LANE_HEAD, "title"},
    {"session date", "data della sessione", LEVEL_SESSION, LANE_TEXT, "date"},
    {"session person", "partecipante", LEVEL_SESSION, LANE_PERSON, "people"},
    {"session customer", "cliente presente", LEVEL_SESSION, LANE_LIST, "customers"},

    {"phase", "fase", LEVEL_PHASE, LANE_HEAD, "title"},
    {"phase aim", "scopo", LEVEL_PHASE, LANE_TEXT, "aim"},
    {"milestone", "milestone", LEVEL_PHASE, LANE_TEXT, "milestone"},

    {"step", "tappa", LEVEL_STEP, LANE_HEAD, "title"},
    {"doing", "cosa fa", LEVEL_STEP, LANE_TEXT, "doing"},
    {"touchpoint", "punto di contatto", LEVEL_STEP, LANE_TOUCHPOINT, "touchpoints"},
    {"thinking", "cosa pensa", LEVEL_STEP, LANE_TEXT, "thinking"},
    {"feeling", "cosa prova", LEVEL_STEP, LANE_FEELING, "feeling"},
    {"feeling note", "nota sull’emozione", LEVEL_STEP, LANE_FEELING_NOTE, "feeling"},
    {"need", "bisogno", LEVEL_STEP, LANE_LIST, "needs"},
    {"pain", "criticità", LEVEL_STEP, LANE_ITEM, "pains"},
    {"opportunity", "opportunità", LEVEL_STEP, LANE_ITEM, "opportunities"},
    {"backstage", "dietro le quinte", LEVEL_STEP, LANE_LIST, "backstage"},
    {"step objective", "obiettivo della tappa", LEVEL_STEP, LANE_LIST, "objectives"},
    {"match", "attività nelle prove", LEVEL_STEP, LANE_MATCH, "match"},
    {"moment of truth", "momento della verità", LEVEL_STEP, LANE_FLAG, "moment_of_truth"},
    {"optional", "facoltativa", LEVEL_STEP, LANE_FLAG, "optional"},
    {"repeatable", "ripetibile", LEVEL_STEP, LANE_FLAG, "repeatable"},
    {"choice", "alternativa", LEVEL_STEP, LANE_CHOICE, "choice"},

    {"action", "azione", LEVEL_ACTION, LANE_HEAD, "title"},
    {"action department", "reparto dell’azione", LEVEL_ACTION, LANE_TEXT, "department"},
    {"action due", "scadenza", LEVEL_ACTION, LANE_TEXT, "due"},
    {"action done", "fatta il", LEVEL_ACTION, LANE_TEXT, "done"},
    {"action expected", "risultato atteso", LEVEL_ACTION, LANE_TEXT, "expected"},
    {"action result", "risultato", LEVEL_ACTION, LANE_TEXT, "result"},
    {"action pain", "criticità da risolvere", LEVEL_ACTION, LANE_PAIN_REF, "pains"},
    {"action step", "tappa da migliorare", LEVEL_ACTION, LANE_STEP_REF, "steps"},
};
const size_t lane_count = COUNT_OF(lanes);

json_t *lane_get(const json_t *object, const char *key)
{
    const char *dot = strchr(key, '.');
    char first[32];
    if (dot == NULL)
        return field_get(object, key);
    memcpy(first, key, (size_t)(dot - key)); /* keys are those of the table above */
    first[dot - key] = 0;
    return field_get(field_get(object, first), dot + 1);
}

bool lane_set_new(json_t *object, const char *key, json_t *value)
{
    const char *dot = strchr(key, '.');
    char first[32];
    if (dot == NULL)
        return json_object_set_new(object, key, value) == 0;
    memcpy(first, key, (size_t)(dot - key));
    first[dot - key] = 0;
    if (!json_is_object(json_object_get(object, first)))
        (void)json_object_set_new(object, first, json_object());
    return json_object_set_new(json_object_get(object, first), dot + 1, value) == 0;
}
