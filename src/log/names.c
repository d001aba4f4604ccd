#include "log/names.h"

#include "base/buf.h"
#include "base/utf8.h"

struct known {
    enum role role;
    int points;
    const char *names; /* parted by | */
};

/* To teach it a name, add it here. Points matter only against other columns of the same
 * file: a customer beats a ticket, a ticket a plain "id". */
static const struct known known[] = {
    {ROLE_CUSTOMER, 100, "case concept name|case id|caseid|case|id case|trace id"},
    {ROLE_CUSTOMER, 96,
     "cliente|codice cliente|cod cliente|cod cli|id cliente|cliente id|customer|"
     "customer id|id customer|client id|client|cliente codice|numero cliente|n cliente|"
     "codcliente|idcliente|codice anagrafica|account id|contact id|user id|id utente"},
    {ROLE_CUSTOMER, 86,
     "ragione sociale|nome cliente|cliente nome|customer name|intestatario|acquirente|"
     "azienda cliente|contatto|account|consumatore|paziente|ospite|socio|tesserato|"
     "studente|iscritto|partecipante|patient|guest|member|student|subscriber|lead|"
     "anagrafica|nominativo|denominazione|customer code|codice fiscale|partita iva|p "
     "iva"},
    {ROLE_CUSTOMER, 72,
     "email|e mail|mail|indirizzo email|email cliente|customer email|posta elettronica|"
     "telefono|cellulare|numero telefono|numero chiamante|chiamante|caller|phone|"
     "phone number|mobile|mittente|da|from|user|utente|username|persona|azienda|company"},
    {ROLE_CUSTOMER, 60,
     "ticket|ticket id|id ticket|numero ticket|ticket number|ordine|id ordine|"
     "numero ordine|n ordine|order|order id|order number|pratica|numero pratica|"
     "id pratica|preventivo|numero preventivo|quote id|commessa|segnalazione|incident|"
     "incident id|issue|request id|booking id|prenotazione|claim id|sinistro|session id|"
     "id sessione|journey|journey id|viaggio|case nr|nome|name|id client"},
    {ROLE_CUSTOMER, 34,
     "id|codice|code|numero|number|protocollo|key|chiave|case description"},

    {ROLE_ACTIVITY, 100,
     "concept name|activity|attivita|activity name|nome attivita|event name|nome evento|"
     "activity label"},
    {ROLE_ACTIVITY, 94,
     "evento|event|tipo evento|event type|tipo attivita|activity type|tipo di evento|"
     "azione|action|interazione|interaction|tipo interazione|interaction type|"
     "tipo contatto|tipo di contatto|event action"},
    {ROLE_ACTIVITY, 78,
     "fase|stage|phase|step|passo|tappa|task|operazione|operation|movimento|causale|"
     "tipologia|tipo richiesta|tipo ticket|tipo chiamata|request type|motivo|"
     "motivo chiamata|motivo contatto|reason|contact reason|call reason|esito"},
    {ROLE_ACTIVITY, 64,
     "tipo|type|stato|status|state|oggetto|subject|argomento|topic|categoria|category|"
     "servizio|pagina|page|voce|titolo|title|cosa"},
    {ROLE_ACTIVITY, 44, "descrizione|description|dettaglio"},

    {ROLE_TIME, 100,
     "time timestamp|timestamp|data ora|data e ora|datetime|date time|quando|when|"
     "event time|event timestamp|complete timestamp|completetimestamp|data evento|"
     "data ora evento|event date|time complete|occurred at|happened at|date and time"},
    {ROLE_TIME, 90,
     "data|date|giorno|day|data contatto|data chiamata|data creazione|created at|created|"
     "creato il|data apertura|opened at|data inserimento|data registrazione|"
     "data operazione|data movimento|data ordine|order date|data documento|data invio|"
     "sent at|data ricezione|data recensione|review date|data compilazione|"
     "submitted at|data richiesta|end time|end timestamp|end date|data fine|fine|end|"
     "completed at|complete time|closed at"},
    {ROLE_TIME, 76,
     "ts|time|ora|start timestamp|start time|start|start date|inizio|data inizio|"
     "ora inizio|started at|data chiusura|data risposta"},
    {ROLE_TIME, 50,
     "updated at|data modifica|last modified|ultima modifica|data aggiornamento"},

    {ROLE_CHANNEL, 100,
     "canale|channel|mezzo|canale di contatto|canale contatto|contact channel|medium|"
     "tipo canale|channel type"},
    {ROLE_CHANNEL, 70,
     "via|origine|provenienza|source|sorgente|fonte|modalita|modalita contatto|"
     "contact method|contact type|media|strumento|case channel"},

    {ROLE_TOUCHPOINT, 100, "punto di contatto|touchpoint|touch point|puntocontatto"},
    {ROLE_TOUCHPOINT, 72,
     "sportello|punto vendita|negozio|filiale|sede|store|shop|branch|location|"
     "numero chiamato|called number|interno chiamato|casella"},

    {ROLE_ACTOR, 100,
     "org resource|resource|risorsa|operatore|addetto|agente|agent|operator|actor|"
     "incaricato|assegnatario|assegnato a|assigned to|assignee|gestito da|handled by|"
     "preso in carico da|owner|responsabile|chi|chi ha risposto|risposto da|answered by"},
    {ROLE_ACTOR, 84,
     "venditore|commerciale|tecnico|consulente|impiegato|dipendente|collaboratore|"
     "employee|staff|salesperson|sales rep|technician|interno|nome operatore|"
     "codice operatore|id operatore|agent name|user name"},
    {ROLE_ACTOR, 70,
     "reparto|ufficio|team|gruppo|department|group|org group|squadra|workgroup|"
     "gruppo assegnazione|support group|funzione|org role|ruolo"},

    {ROLE_TEXT, 100,
     "testo|commento|commenti|comment|comments|recensione|review|testo recensione|"
     "review text|note|nota|notes|messaggio|message|text|feedback|verbatim|"
     "testo libero|risposta aperta|open answer"},
    {ROLE_TEXT, 70,
     "corpo|body|contenuto|content|osservazioni|annotazioni|remarks|suggerimenti|"
     "parole del cliente|trascrizione|transcript|reclamo|motivazione"},
    {ROLE_TEXT, 46, "descrizione|description|oggetto|dettagli|details|risposta"},

    {ROLE_SCORE, 100,
     "voto|punteggio|stelle|rating|score|nps|csat|ces|valutazione|gradimento|"
     "soddisfazione|stars|satisfaction|grade|giudizio|nps score|csat score|ces score|"
     "voto nps|star rating|net promoter score|valence|valenza|customer satisfaction"},

    {ROLE_SOURCE_ID, 90,
     "id evento|event id|eventid|source id|id origine|uuid|guid|message id|"
     "id interazione|id messaggio|id recensione|review id|id chiamata|call id|id riga|"
     "row id|id risposta|response id"},
    {ROLE_SOURCE_ID, 62,
     "id|numero|protocollo|n|nr|num|progressivo|codice|number|no|riga|identificativo|"
     "numero protocollo|identity id|key"},
};

static bool separates(char c)
{
    return (unsigned char)c < 0x80 && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
}

str name_plain(struct arena *arena, str header)
{
    struct buf parted = {0};
    for (size_t i = 0; i < header.len; i++) {
        char c = header.ptr[i], before = i ? header.ptr[i - 1] : 0;
        bool hump = c >= 'A' && c <= 'Z' && before >= 'a' && before <= 'z';
        if (hump)
            buf_char(&parted, ' ');
        buf_char(&parted, c);
    }
    str folded = parted.failed ? (str){NULL, 0} : utf8_fold(arena, buf_str(&parted));
    buf_free(&parted);
    if (!folded.ptr)
        return folded;
    char *write = arena_alloc(arena, folded.len + 1, 1);
    if (!write)
        return (str){NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < folded.len; i++) {
        if (!separates(folded.ptr[i]))
            write[n++] = folded.ptr[i];
        else if (n > 0 && write[n - 1] != ' ')
            write[n++] = ' ';
    }
    while (n > 0 && write[n - 1] == ' ')
        n--;
    return (str){write, n};
}

/* Whole words of `part` within `text`: 2 all of it, 1 at its front or end, 0 not. */
static int stands_in(str text, str part)
{
    if (str_equal(text, part))
        return 2;
    if (text.len <= part.len + 1)
        return 0;
    bool front = str_starts(text, part) && text.ptr[part.len] == ' ';
    bool end = str_ends(text, part) && text.ptr[text.len - part.len - 1] == ' ';
    return front || end;
}

static int best_in(const char *names, str plain, int points)
{
    int best = 0;
    for (str rest = str_from(names); rest.ptr;) {
        str name = str_cut(&rest, '|');
        int fit = stands_in(plain, name);
        /* "id" within "id articolo" says little: parts must be words that mean much. */
        int worth = fit == 2 ? points : fit == 1 && name.len > 3 ? points * 6 / 10 : 0;
        best = worth > best ? worth : best;
    }
    return best;
}

int name_points(enum role role, str plain)
{
    int best = 0;
    for (size_t i = 0; i < COUNT_OF(known) && plain.len; i++) {
        if (known[i].role != role)
            continue;
        int points = best_in(known[i].names, plain, known[i].points);
        best = points > best ? points : best;
    }
    return best;
}

int name_points_clock(str plain)
{
    return best_in("ora|orario|time|hour|ore|clock|ora chiamata|ora evento|ora contatto|"
                   "ora inizio|start time|ora fine|hhmm|ora apertura",
                   plain, 100);
}

bool name_is_other_time(str plain)
{
    static const char *const words[] = {
        "nascita",           "birth",    "scadenza", "deadline",  "due",    "durata",
        "duration",          "attesa",   "waiting",  "validita",  "expiry", "expires",
        "consegna prevista", "prevista", "planned",  "scheduled", "sla"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_find(plain, str_from(words[i])) != SIZE_MAX)
            return true;
    return false;
}

bool name_is_lifecycle(str plain)
{
    return best_in("lifecycle|lifecycle transition|event lifecycle transition|transition|"
                   "ciclo di vita",
                   plain, 100) == 100;
}

enum score_scale name_scale(str plain)
{
    static const struct {
        enum score_scale scale;
        const char *words;
    } scales[] = {
        {SCALE_NPS,
         "nps|promoter|consiglierebbe|raccomandazione|consiglieresti|recommend"},
        {SCALE_CES, "ces|effort|sforzo|facilita"},
        {SCALE_CSAT, "csat|soddisfazione|satisfaction|gradimento"},
        {SCALE_STARS, "stelle|stars|star|rating|recensione|review|voto|valutazione|score|"
                      "punteggio|giudizio|grade"},
        {SCALE_VALENCE, "valence|valenza|intensita|emozione"},
    };
    for (size_t i = 0; i < COUNT_OF(scales); i++)
        for (str rest = str_from(scales[i].words); rest.ptr;) {
            str word = str_cut(&rest, '|');
            size_t at = str_find(plain, word);
            if (at != SIZE_MAX && (at == 0 || plain.ptr[at - 1] == ' '))
                return scales[i].scale;
        }
    return SCALE_NONE;
}

bool name_is_channel(str plain)
{
    static const char words[] =
        "telefono|telefonata|phone|call|chiamata|email|e mail|mail|posta|pec|web|sito|"
        "sito web|website|chat|whatsapp|sms|app|social|facebook|instagram|linkedin|"
        "google|negozio|store|shop|di persona|in person|visita|visit|sportello|fiera|"
        "portale|portal|form|modulo|online|videochiamata|telegram|fax|lettera|letter|"
        "passaparola|trustpilot|filiale|branch|desk|phone call|contact center|call "
        "center";
    return best_in(words, plain, 100) == 100;
}
