#include "check.h"

#include "base/lang.h"
#include "log/names.h"
#include "log/read_bytes.h"

#include <stdio.h>
#include <stdlib.h>

/* The roles of the columns in their order, as one word: c customer, a activity, t time,
 * h channel, p touchpoint, r actor, x text, s score, i source id, k attribute, - left
 * out.
 */
static void roles_of(const struct read_file *file, char out[64])
{
    static const char of_role[ROLE_COUNT] = {
        [ROLE_IGNORE] = '-',    [ROLE_CUSTOMER] = 'c', [ROLE_ACTIVITY] = 'a',
        [ROLE_TIME] = 't',      [ROLE_CHANNEL] = 'h',  [ROLE_TOUCHPOINT] = 'p',
        [ROLE_ACTOR] = 'r',     [ROLE_TEXT] = 'x',     [ROLE_SCORE] = 's',
        [ROLE_SOURCE_ID] = 'i', [ROLE_ATTRIBUTE] = 'k'};
    size_t i = 0;
    for (; i < file->column_count && i < 63; i++)
        out[i] = of_role[file->columns[i].role];
    out[i] = 0;
}

static const struct {
    const char *name; /* of the file */
    const char *text;
    size_t len; /* 0: strlen */
    const char *roles;
    unsigned header_line;
    char delimiter;
    const char *encoding, *time_format;
} files[] = {
    {"crm.csv",
     "Codice cliente;Attivit\xC3\xA0;Data e ora;Canale;Operatore;Note\n"
     "C1;Chiamata;12/11/2025 14:05;telefono;Anna;richiede un preventivo\n"
     "C1;Preventivo;31/12/2025 10:00;e-mail;Ugo;inviato\n"
     "C2;Chiamata;01/11/2025 09:30;telefono;Anna;\n",
     0, "cathrx", 1, ';', "UTF-8", "dd/mm/yyyy hh:mm"},
    {"crm.csv",
     "\xEF\xBB\xBF"
     "Cliente,Evento,Data\nRossi,Visita,2025-11-12\n",
     0, "cat", 1, ',', "UTF-8", "ISO 8601"},
    {"crm.csv", "Cliente;Attivit\xE0;Data\nNicol\xF2;Perch\xE9;12/11/25\n", 0, "cat", 1,
     ';', "Windows-1252", "dd/mm/yy"},
    {"crm.csv",
     "\xFF\xFE"
     "C\0l\0i\0e\0n\0t\0e\0\t\0T\0i\0p\0o\0\t\0D\0a\0t\0a\0\n\0"
     "A\0\t\0x\0\t\0"
     "1\0.\0"
     "2\0.\0"
     "2\0"
     "5\0\n\0",
     60, "cat", 1, '\t', "UTF-16", "dd.mm.yy"},
    {"titles.csv",
     "Esportazione del 12/11/2025;;;\n;;;\nGestionale Rossi srl;;;\n"
     "Ragione sociale;Tipo evento;Data;Ora\nACME;Ordine;12/11/2025;14.05\n"
     "ACME;Reclamo;13/11/2025;9.15\n",
     0, "catt", 4, ';', "UTF-8", "dd/mm/yyyy"},
    {"excel.csv", "sep=;\r\ncliente;evento;quando\r\nA;x;2025-01-02 10:00\r\n", 0, "cat",
     2, ';', "UTF-8", "ISO 8601"},
    {"pipe.txt",
     "customer_id|event_type|created_at|channel\n1|order|2025-01-02T03:04:05Z|web\n"
     "1|return|2025-02-02T03:04:05Z|phone\n",
     0, "cath", 1, '|', "UTF-8", "ISO 8601"},
    {"noheader.csv",
     "C1;Chiamata;12/11/2025 10:00\nC2;Chiamata;13/11/2025 10:00\n"
     "C1;Visita;14/11/2025 10:00\nC2;Visita;15/11/2025 10:00\n",
     0, "cat", 0, ';', "UTF-8", "dd/mm/yyyy hh:mm"},
    {"recensioni_2025.csv",
     "Cliente;Data;Stelle;Recensione\nA;12/11/2025;5;ottimo\n"
     "B;13/11/2025;1;pessimo\n",
     0, "ctsx", 1, ';', "UTF-8", "dd/mm/yyyy"},
    {"nps.csv",
     "email,submitted_at,NPS,comment\na@b.it,2025-01-02,9,ok\nc@d.it,2025-01-03,3,no\n",
     0, "ctsx", 1, ',', "UTF-8", "ISO 8601"},
    {"us.csv", "Customer ID,Activity,Date\n1,Call,11/25/2025\n1,Visit,01/02/2025\n", 0,
     "cat", 1, ',', "UTF-8", "mm/dd/yyyy"},
    {"pm4py.csv",
     "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition,"
     "start_timestamp\n"
     "1,A,2025-01-02T03:04:05+01:00,Bo,complete,2025-01-01T03:04:05+01:00\n",
     0, "catrk-", 1, ',', "UTF-8", "ISO 8601"},
    {"tickets.csv",
     "ID;Cliente;Oggetto;Stato;Data apertura;Data chiusura;Assegnato a\n"
     "1;Rossi;Guasto;chiuso;12/11/2025 10:00;13/11/2025 10:00;Anna\n"
     "2;Rossi;Guasto;aperto;14/11/2025 10:00;;Ugo\n"
     "3;Bianchi;Info;chiuso;15/11/2025 10:00;16/11/2025 10:00;Anna\n",
     0, "ica-t-r", 1, ';', "UTF-8", "dd/mm/yyyy hh:mm"},
    {"birth.csv", "Cliente;Data di nascita;Evento;Data\nA;01/02/1970;x;12/11/2025\n", 0,
     "c-at", 1, ';', "UTF-8", "dd/mm/yyyy"},
    {"quoted.csv",
     "\"Cliente\";\"Note\";\"Data\";\"Evento\"\n\"A\";\"due\nrighe; e "
     "\"\"virgolette\"\"\";"
     "\"12/11/2025\";\"x\"\n\"B\";\"\";\"13/11/2025\";\"y\"\n",
     0, "cxta", 1, ';', "UTF-8", "dd/mm/yyyy"},
    {"ragged.csv",
     "cliente,evento,data,canale\nA,x,2025-01-02\nB,y,2025-01-03,web,troppo\n", 0, "cath",
     1, ',', "UTF-8", "ISO 8601"},
    {"epoch.csv", "user_id,event,timestamp\n1,open,1762952733\n1,buy,1762952999\n", 0,
     "cat", 1, ',', "UTF-8", "seconds since 1970"},
    {"preventivi.csv",
     "N. preventivo;Cliente;Data richiesta;Data offerta;Data ordine;Scadenza;Stato\n"
     "1;Rossi;12/11/2025;13/11/2025;15/11/2025;31/12/2025;vinto\n"
     "2;Rossi;14/11/2025;;;31/12/2025;aperto\n",
     0, "-cttt--", 1, ';', "UTF-8", "dd/mm/yyyy"},
    {"orders.csv",
     "customer,order_date,shipped_at,updated_at,comment\n"
     "1,2025-01-02,2025-01-04,2025-02-01,fine\n1,2025-02-02,,2025-02-03,\n",
     0, "ctt-x", 1, ',', "UTF-8", "ISO 8601"},
    {"calls.csv",
     "Chiamante;Inizio chiamata;Fine chiamata\n"
     "1;12/11/2025 10:00;12/11/2025 10:05\n2;13/11/2025 10:00;13/11/2025 10:05\n",
     0, "c-t", 1, ';', "UTF-8", "dd/mm/yyyy hh:mm"},
    {"a.jsonl",
     "{\"cliente\":{\"id\":1,\"nome\":\"A\"},\"evento\":\"x\",\"quando\":\"2025-01-02T10:"
     "00:00Z\"}\n"
     "{\"cliente\":{\"id\":1,\"nome\":\"A\"},\"evento\":\"y\",\"quando\":\"2025-01-03T10:"
     "00:00Z\"}\n",
     0, "c-at", 0, 0, "UTF-8", "ISO 8601"},
};

static void columns_are_guessed_as_a_person_would(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct arena *arena = arena_open(0);
        struct read_file file;
        struct vg_err err = {0};
        char roles[64];
        str bytes = {files[i].text, files[i].len ? files[i].len : strlen(files[i].text)};
        assert_ok(explain_bytes(arena, files[i].name, bytes, NULL, &file, &err));
        roles_of(&file, roles);
        if (strcmp(roles, files[i].roles) != 0 ||
            file.header_line != files[i].header_line ||
            file.delimiter != files[i].delimiter ||
            strcmp(file.encoding, files[i].encoding) != 0 ||
            strcmp(file.time_format, files[i].time_format) != 0)
            fail_msg("%zu %s: %s header %u %c %s %s", i, files[i].name, roles,
                     (unsigned)file.header_line, file.delimiter ? file.delimiter : '0',
                     file.encoding, file.time_format);
        for (size_t c = 0; c < file.column_count; c++)
            assert_true(file.columns[c].reason[0] != 0);
        arena_close(arena);
    }
}

static void every_guess_can_be_set_by_option(void **state)
{
    (void)state;
    static const char text[] = "Cliente;Ordine;Evento;Data;Reparto\n"
                               "A;10;x;01/02/2025;vendite\nA;11;y;03/04/2025;officina\n";
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct read_file file;
    char roles[64];
    static const char *const kept[] = {"reparto"};
    struct read_options options = {
        .journey = "ORDINE", .column = {[ROLE_ACTIVITY] = "#5"}, .date_order = 'm'};
    assert_ok(explain_bytes(arena, "x.csv", STR(text), &options, &file, &err));
    roles_of(&file, roles);
    assert_string_equal(roles, "kc-ta");
    assert_string_equal(file.time_format, "mm/dd/yyyy");
    options = (struct read_options){.attributes = kept, .attribute_count = 1};
    assert_ok(explain_bytes(arena, "x.csv", STR(text), &options, &file, &err));
    roles_of(&file, roles);
    assert_string_equal(roles, "c-atk");
    options = (struct read_options){.column = {[ROLE_CUSTOMER] = "cientle"}};
    assert_int_equal(explain_bytes(arena, "x.csv", STR(text), &options, &file, &err),
                     VG_ERR_NOT_FOUND);
    assert_string_equal(err.what, "there is no column \"cientle\"");
    assert_string_equal(err.hint,
                        "the columns are: Cliente, Ordine, Evento, Data, Reparto");
    arena_close(arena);
}

static void a_missing_column_is_said_with_its_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *what, *hint;
    } cases[] = {
        {"Cliente;Evento\nA;x\nA;y\n", "no column says when it happened",
         "name it with --time; the columns are: Cliente, Evento"},
        {"Data;Importo\n01/02/2025;10,50\n01/03/2025;11,50\n",
         "no column says which customer it was",
         "name it with --customer; the columns are: Data, Importo"},
        {"Cliente;Evento;Data\n", "there is a header, but not one row below it",
         "export it again, with its rows; the columns are: Cliente, Evento, Data"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct read_file file;
        enum vg_code code =
            explain_bytes(arena, "x.csv", str_from(cases[i].text), NULL, &file, &err);
        assert_int_equal(code, VG_ERR_INPUT);
        assert_string_equal(err.what, cases[i].what);
        assert_true(file.column_count > 0); /* so that --explain can show them */
        arena_close(arena);
    }
}

static void a_file_without_activities_takes_its_own_name(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct vg_err err = {0};
    struct read_file file;
    assert_ok(explain_bytes(arena, "/tmp/recensioni_2025-11 (2).csv",
                            STR("Cliente;Data;Voto\nA;12/11/2025;4\nB;13/11/2025;2\n"),
                            NULL, &file, &err));
    assert_int_equal(file.note_count, 1);
    assert_non_null(strstr(file.notes[0], "\"recensioni\""));
    arena_close(arena);
}

static void names_are_compared_without_case_accents_and_humps(void **state)
{
    (void)state;
    static const struct {
        const char *header, *plain;
    } cases[] = {{"DataOra", "data ora"},
                 {"Attivit\u00e0 ", "attivita"},
                 {"CODICE_CLIENTE", "codice cliente"},
                 {"case:concept:name", "case concept name"},
                 {"N. ordine", "n ordine"},
                 {"", ""}};
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        str plain = name_plain(arena, str_from(cases[i].header));
        if (!str_equal(plain, str_from(cases[i].plain)))
            fail_msg("%s: %.*s", cases[i].header, STR_ARG(plain));
    }
    arena_close(arena);
}

static void scales_are_guessed_by_name_then_range(void **state)
{
    (void)state;
    static const struct {
        const char *header, *low, *high;
        const char *in_reason;
    } cases[] = {{"Voto", "1", "5", "stars"},
                 {"Valenza", "0", "2", "intens"}, /* nobody felt bad yet */
                 {"Valenza", "1", "5", "stars"},
                 {"NPS", "0", "10", "NPS"},
                 {"CSAT", "1", "5", "CSAT"},
                 {"CES", "1", "7", "CES"},
                 {"Score", "-2", "2", "intens"},
                 {"Punteggio", "3", "9", "NPS"},
                 {"Voto", "1,5", "4,5", "1.5 to 4.5: stars"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct read_file file;
        char text[256];
        snprintf(text, sizeof text,
                 "Cliente;Evento;Data;%s\nA;x;2025-01-02;%s\nB;x;2025-01-03;%s\n",
                 cases[i].header, cases[i].low, cases[i].high);
        assert_ok(explain_bytes(arena, "x.csv", str_from(text), NULL, &file, &err));
        assert_int_equal(file.columns[3].role, ROLE_SCORE);
        if (!strstr(file.columns[3].reason, cases[i].in_reason))
            fail_msg("%s: %s", cases[i].header, file.columns[3].reason);
        arena_close(arena);
    }
}

static void the_shared_logs_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *path, *roles;
    } logs[] = {
        {"logs/helpdesk_it.csv", "catr"},      {"logs/receipt.csv", "catrk"},
        {"logs/bpic2013_closed.csv", "catrk"}, {"logs/reviewing.csv", "catrk"},
        {"logs/repair_example.csv", "catrk"},  {"logs/teleclaims.csv", "catrk"},
        {"logs/running_example.csv", "catr"},  {"xes/helpdesk.xes.gz", "cart---------"}};
    const char *source = getenv("VIAGGIO_SOURCE");
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        char path[1024], roles[64];
        snprintf(path, sizeof path, "%s/../shared/data/%s", source ? source : ".",
                 logs[i].path);
        FILE *there = fopen(path, "rb");
        if (!there)
            skip();
        fclose(there);
        struct arena *arena = arena_open(0);
        struct vg_err err = {0};
        struct read_file file;
        assert_ok(read_explain(arena, path, NULL, &file, &err));
        roles_of(&file, roles);
        if (strcmp(roles, logs[i].roles) != 0)
            fail_msg("%s: %s", path, roles);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_guessed_as_a_person_would),
        cmocka_unit_test(every_guess_can_be_set_by_option),
        cmocka_unit_test(a_missing_column_is_said_with_its_remedy),
        cmocka_unit_test(a_file_without_activities_takes_its_own_name),
        cmocka_unit_test(names_are_compared_without_case_accents_and_humps),
        cmocka_unit_test(scales_are_guessed_by_name_then_range),
        cmocka_unit_test(the_shared_logs_are_understood),
    };
    return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}
