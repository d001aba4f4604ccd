/* The parallel CSV path against the plainest reading there is: one character at a time,
 * one event at a time. */
#include "log_same.h"

#include "base/limits.h"
#include "base/parallel.h"
#include "base/utf8.h"
#include "log/csv_load.h"
#include "text/time_format.h"

#include <stdio.h>
#include <stdlib.h>

/* customer;time;activity;channel;actor;text;score;attribute, and one that is not read */
enum { COLUMNS = 9 };
static const struct csv_column columns[COLUMNS] = {
    {ROLE_CUSTOMER, 0}, {ROLE_TIME, 0},    {ROLE_ACTIVITY, 0},
    {ROLE_IGNORE, 0},   {ROLE_CHANNEL, 0}, {ROLE_ACTOR, 0},
    {ROLE_TEXT, 0},     {ROLE_SCORE, 0},   {ROLE_ATTRIBUTE, 0}};
static const struct time_format format = {.kind = TIME_CALENDAR, .order = 'y'};

static struct csv_plan plan_of(str bytes)
{
    return (struct csv_plan){.name = "prova.csv",
                             .bytes = bytes,
                             .first_line = 1,
                             .delimiter = ';',
                             .quote = '"',
                             .columns = columns,
                             .column_count = COLUMNS,
                             .time = &format,
                             .scale = SCALE_STARS};
}

/* What a rejected row was told to be, as a line of text. */
struct told {
    struct buf text;
};

static void tell(void *ctx, const struct csv_reject *reject)
{
    struct told *told = ctx;
    buf_printf(&told->text, "%lu:%d:%zu:%zd:%.*s\n", (unsigned long)reject->line,
               (int)reject->reason, reject->row.len,
               reject->column == SIZE_MAX ? (ssize_t)-1 : (ssize_t)reject->column,
               STR_ARG(reject->field));
}

struct outcome {
    struct vg_log *log;
    struct csv_counts counts;
    struct told told;
};

static void outcome_free(struct outcome *outcome)
{
    log_close(outcome->log);
    buf_free(&outcome->told.text);
}

static struct outcome load(const struct csv_plan *plan)
{
    struct outcome outcome = {0};
    struct vg_err err = {0};
    struct builder *builder = NULL;
    struct csv_reject_sink sink = {tell, &outcome.told};
    str names[] = {STR("agente")};
    assert_ok(builder_open(names, 1, &builder, &err));
    assert_ok(csv_load(builder, plan, &sink, NULL, &outcome.counts, &err));
    assert_ok(builder_finish(builder, &outcome.log, &err));
    assert_int_equal(outcome.counts.rows,
                     outcome.counts.stored + outcome.counts.rejected);
    assert_int_equal(outcome.counts.stored, outcome.log->events);
    return outcome;
}

/* ---- the oracle ---- */

struct oracle {
    const struct csv_plan *plan;
    struct builder *builder;
    struct outcome outcome;
    struct buf field[COLUMNS];
    bool present[COLUMNS], nul, full;
    size_t column;
    uint64_t line, row_line;
    size_t row_at;
};

/* The cell without outer white space; empty where it stands for nothing. */
static str oracle_cell(struct oracle *oracle, size_t column)
{
    static const char *const nothing[] = {"-",   "N/D", "n/d",  "N.D.", "n.d.", "#N/D",
                                          "N/A", "n/a", "#N/A", "NULL", "null", "(null)"};
    str text = str_trim(buf_str(&oracle->field[column]));
    for (size_t i = 0; i < COUNT_OF(nothing); i++)
        if (str_equal(text, str_from(nothing[i])))
            text.len = 0;
    return text;
}

static str oracle_text(struct oracle *oracle, size_t column, struct buf *space)
{
    if (!oracle->present[column])
        return (str){NULL, 0};
    buf_clear(space);
    str text = oracle_cell(oracle, column);
    oracle->outcome.counts.repaired += utf8_append_repaired(space, text) > 0;
    return buf_str(space);
}

static void oracle_store(struct oracle *oracle, int64_t at_us)
{
    struct buf space[COLUMNS] = {{0}};
    str text[COLUMNS];
    struct vg_err err = {0};
    for (size_t c = 0; c < COLUMNS; c++)
        text[c] = c == 3 || c == 7 || c == 1 ? (str){NULL, 0}
                                             : oracle_text(oracle, c, &space[c]);
    struct log_event event = {.customer = text[0],
                              .activity = text[2],
                              .channel = text[4],
                              .actor = text[5],
                              .text = text[6],
                              .at_us = at_us,
                              .score = NAN,
                              .scale = SCALE_STARS};
    str score = oracle->present[7] ? oracle_cell(oracle, 7) : STR("");
    if (score.len && !str_to_double(score, false, &event.score))
        oracle->outcome.counts.unscored++;
    assert_ok(builder_add(oracle->builder, &event, &text[8], &err));
    oracle->outcome.counts.stored++;
    for (size_t c = 0; c < COLUMNS; c++)
        buf_free(&space[c]);
}

static void oracle_row(struct oracle *oracle, size_t end, bool unclosed)
{
    str row = {oracle->plan->bytes.ptr + oracle->row_at, end - oracle->row_at};
    int64_t at_us = 0;
    bool blank = !unclosed && oracle->column == 0 && str_trim(row).len == 0;
    int reason = -1;
    ssize_t column = -1;
    str text[3];
    for (size_t c = 0; c < 3; c++)
        text[c] =
            oracle->present[c] ? str_trim(buf_str(&oracle->field[c])) : (str){NULL, 0};
    if (unclosed)
        reason = CSV_UNCLOSED;
    else if (oracle->nul)
        reason = CSV_NUL;
    else if (oracle_cell(oracle, 0).len == 0)
        reason = CSV_NO_CUSTOMER, column = 0;
    else if (oracle_cell(oracle, 2).len == 0)
        reason = CSV_NO_ACTIVITY, column = 2;
    else if (oracle_cell(oracle, 1).len == 0)
        reason = CSV_NO_TIME, column = 1;
    else if (!time_parse(&format, text[1], &at_us))
        reason = CSV_BAD_TIME, column = 1;
    if (!blank) {
        oracle->outcome.counts.rows++;
        if (reason < 0)
            oracle_store(oracle, at_us);
        else {
            size_t len = row.len && row.ptr[row.len - 1] == '\r' ? row.len - 1 : row.len;
            str field = column >= 0 ? text[column] : (str){NULL, 0};
            oracle->outcome.counts.rejected++;
            buf_printf(&oracle->outcome.told.text, "%lu:%d:%zu:%zd:%.*s\n",
                       (unsigned long)oracle->row_line, reason, len, column,
                       STR_ARG(field));
        }
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        buf_clear(&oracle->field[c]);
        oracle->present[c] = false;
    }
    oracle->column = 0;
    oracle->nul = false;
    oracle->row_at = end + 1;
}

/* Where the quote that opens at `at` closes (behind it), or SIZE_MAX. */
static size_t oracle_close(str bytes, size_t at)
{
    for (size_t i = at + 1; i < bytes.len; i++) {
        if (bytes.ptr[i] != '"')
            continue;
        if (i + 1 < bytes.len && bytes.ptr[i + 1] == '"')
            i++;
        else
            return i + 1;
    }
    return SIZE_MAX;
}

static void oracle_char(struct oracle *oracle, char c)
{
    if (oracle->column < COLUMNS)
        buf_char(&oracle->field[oracle->column], c);
    oracle->nul |= c == 0;
}

static struct outcome expected(const struct csv_plan *plan)
{
    struct oracle oracle = {.plan = plan, .line = 1, .row_line = 1};
    struct vg_err err = {0};
    str names[] = {STR("agente")}, bytes = plan->bytes;
    assert_ok(builder_open(names, 1, &oracle.builder, &err));
    bool start = true; /* of a field */
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        if (start && oracle.column < COLUMNS)
            oracle.present[oracle.column] = true;
        if (start && c == '"') {
            size_t close = oracle_close(bytes, i);
            if (close == SIZE_MAX) {
                while (i < bytes.len && bytes.ptr[i] != '\n')
                    i++;
                oracle_row(&oracle, i, true);
                oracle.row_line = ++oracle.line;
                continue;
            }
            for (size_t j = i + 1; j + 1 < close; j++) {
                oracle_char(&oracle, bytes.ptr[j]);
                oracle.line += bytes.ptr[j] == '\n';
                j += bytes.ptr[j] == '"';
            }
            i = close - 1;
            start = false;
        } else if (c == '\n') {
            oracle_row(&oracle, i, false);
            oracle.row_line = ++oracle.line;
            start = true;
        } else if (c == ';') {
            oracle.column++;
            start = true;
        } else {
            oracle_char(&oracle, c);
            start = false;
        }
    }
    if (oracle.row_at < bytes.len) {
        if (oracle.column < COLUMNS)
            oracle.present[oracle.column] = true;
        oracle_row(&oracle, bytes.len, false);
    }
    for (size_t c = 0; c < COLUMNS; c++)
        buf_free(&oracle.field[c]);
    assert_ok(builder_finish(oracle.builder, &oracle.outcome.log, &err));
    return oracle.outcome;
}

static void same_outcome(const struct outcome *got, const struct outcome *want)
{
    assert_int_equal(got->counts.rows, want->counts.rows);
    assert_int_equal(got->counts.stored, want->counts.stored);
    assert_int_equal(got->counts.rejected, want->counts.rejected);
    assert_int_equal(got->counts.repaired, want->counts.repaired);
    assert_int_equal(got->counts.unscored, want->counts.unscored);
    const char *a = got->told.text.ptr, *b = want->told.text.ptr;
    assert_string_equal(a ? a : "", b ? b : "");
    same_log(got->log, want->log);
    if (got->log->events) {
        assert_int_equal(got->counts.first_us, want->log->first_us);
        assert_int_equal(got->counts.last_us, want->log->last_us);
    }
}

/* Every number of workers, several chunk sizes. */
static void same_however_read(str bytes)
{
    static const size_t chunks[] = {1, 7, 64, 100, 1000, 0};
    struct csv_plan plan = plan_of(bytes);
    struct outcome want = expected(&plan);
    for (unsigned workers = 1; workers <= 5; workers++)
        for (size_t i = 0; i < COUNT_OF(chunks); i++) {
            parallel_set_workers(workers);
            plan.chunk_bytes = chunks[i];
            struct outcome got = load(&plan);
            same_outcome(&got, &want);
            outcome_free(&got);
        }
    parallel_set_workers(0);
    outcome_free(&want);
}

/* ---- tests ---- */

static uint32_t seed;
static uint32_t dice(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)seed * n) >> 32);
}

/* A file with everything that files have, `wild` also what they should not have. */
static void file_write(struct buf *out, size_t rows, bool wild)
{
    static const char *const customers[] = {"anna",
                                            "bruno",
                                            "carla di Parma",
                                            "d",
                                            "e55",
                                            "0123456789abcdef0123456789abcdef0123",
                                            "\"Ferri; figli\"",
                                            "  spazi  "};
    static const char *const times[] = {"2025-01-01 10:00", "2025-01-02T11:30:15",
                                        "2024-12-31", "2025-02-28 00:00:01"};
    static const char *const texts[] = {
        "",      "bene",     "\"due\nrighe\"",          "\"disse \"\"no\"\"\"",
        "\"\"",  "\"a;b\"",  "perch\xC3\xA9 no",        "\"\r\n\"",
        "nulla", "\"\"\"\"", "\xC2\xA0 largo \xC2\xA0", "12\" di tubo"};
    static const char *const odd[] = {
        "\"",         "\"\"x\"",     "a\"b\"c",     "\"ab\"cd;\"e", "\xFF\xFE", "\x80",
        "31/31/2025", "\"x\" \"y\"", ";;;;;;;;;;;", "\n",           " \n",      "\r\n"};
    for (size_t i = 0; i < rows; i++) {
        buf_printf(out, "%s%u;%s;", customers[dice(COUNT_OF(customers))], dice(9),
                   times[dice(COUNT_OF(times))]);
        buf_printf(out, "att%u;%s;%s;", dice(12), texts[dice(COUNT_OF(texts))],
                   dice(3) ? "web" : texts[dice(COUNT_OF(texts))]);
        buf_printf(out, "%s;%s;%u;", dice(2) ? "carlo" : "", texts[dice(COUNT_OF(texts))],
                   dice(11));
        buf_text(out, dice(2) ? "nord" : texts[dice(COUNT_OF(texts))]);
        if (wild && dice(6) == 0)
            buf_text(out, odd[dice(COUNT_OF(odd))]);
        if (wild && dice(40) == 0)
            buf_char(out, 0);
        buf_text(out, dice(4) ? "\n" : "\r\n");
        if (wild && dice(6) == 0)
            buf_text(out, odd[dice(COUNT_OF(odd))]);
    }
    if (dice(2))
        buf_text(out, "zoe;2025-01-01;ultima");
}

static void random_files_read_as_one_character_at_a_time_would(void **state)
{
    (void)state;
    for (seed = 1; seed < 30;) {
        uint32_t keep = seed;
        struct buf file = {0};
        file_write(&file, dice(60), keep % 3 != 0);
        same_however_read(buf_str(&file));
        buf_free(&file);
        seed = keep + 1;
    }
}

/* Garbage made of the characters that mean something. */
static void garbage_reads_as_one_character_at_a_time_would(void **state)
{
    (void)state;
    static const char *const bits[] = {
        "\"", "\"\"", ";", "\n", "a", "\r\n", " ", "b;2025-01-01;c", "\"\n\"", "\n\n"};
    for (seed = 1000; seed < 1060;) {
        uint32_t keep = seed;
        struct buf file = {0};
        for (uint32_t i = dice(300); i > 0; i--)
            buf_text(&file, bits[dice(COUNT_OF(bits))]);
        same_however_read(buf_str(&file));
        buf_free(&file);
        seed = keep + 1;
    }
}

/* Unquoted files, long enough for whole blocks: where only white space can be wrong. */
static void white_space_at_the_ends_of_fields_is_taken_off_wherever_it_is(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", " \n", " \r\n", "\r\r\n", "\t\n"};
    static const char *const fields[] = {
        "nord",      " nord", "sud ", "",    " ", "\tx", "citt\xC3\xA0",
        "\xC2\xA0y", "\r",    "z\r",  "a b", "-", "N/D "};
    for (seed = 2000; seed < 2100;) {
        uint32_t keep = seed, usual = keep % COUNT_OF(ends);
        struct buf file = {0};
        for (uint32_t i = 0; i < 40; i++) {
            buf_printf(&file, "c%u;2025-01-01;a%u;", dice(5), dice(3));
            for (uint32_t f = 0; f < 5; f++)
                buf_printf(&file, "%s;",
                           dice(12) ? "nord" : fields[dice(COUNT_OF(fields))]);
            buf_text(&file, dice(12) ? "sud" : fields[dice(COUNT_OF(fields))]);
            buf_text(&file, ends[dice(12) ? usual : dice(COUNT_OF(ends))]);
        }
        same_however_read(buf_str(&file));
        buf_free(&file);
        seed = keep + 1;
    }
}

/* Larger than a window of the scan and than the first tables. */
static void large_files_read_alike_with_one_worker_and_with_many(void **state)
{
    (void)state;
    static const char *const odd[] = {"N/D;2025-03-04;x;;;;;;",
                                      "anna;2025-03-04;x",
                                      "anna;-;x;;;;;;",
                                      "anna;2025-03-04;NULL;;;",
                                      "anna;2025-03-04;\"x\ny\";",
                                      "bea;04/03/2025;x;;;;;;",
                                      "anna;2025-03-04;x;;-;n.d.;#N/D;-;N/A"};
    struct buf file = {0};
    seed = 5;
    file_write(&file, 30000, true);
    for (uint32_t i = 0; i < 20000; i++) {
        buf_printf(&file, "cliente %u;2025-03-04 05:06:%02u;%u;;;;;;\n", i * 7919 % 15000,
                   i / 10 % 60, i % 300);
        if (i % 701 == 7)
            buf_printf(&file, "%s\n", odd[dice(COUNT_OF(odd))]);
    }
    struct csv_plan plan = plan_of(buf_str(&file));
    struct outcome want = expected(&plan);
    for (unsigned workers = 1; workers <= 4; workers++) {
        parallel_set_workers(workers);
        plan.chunk_bytes = workers == 1 ? 0 : 20000 + workers;
        struct outcome got = load(&plan);
        same_outcome(&got, &want);
        outcome_free(&got);
    }
    parallel_set_workers(0);
    outcome_free(&want);
    buf_free(&file);
}

static void each_kind_of_bad_row_is_told_with_its_line_and_reason(void **state)
{
    (void)state;
    static const char file[] =
        "anna;2025-01-01;visita\n"
        ";2025-01-01;visita\n"           /* 2 no customer */
        "anna;2025-01-01\n"              /* 3 no activity: too short */
        "\"due\nrighe\";;visita\n"       /* 4 no time */
        "anna; \"31/02/2025\" ;visita\n" /* 6 a quote that opens nothing */
        "anna;\"31/02/2025\";visita\r\n" /* 7 no such date */
        "a\0nna;2025-01-01;visita\n"     /* 8 NUL */
        "anna;2025-01-01;\"visita\n"     /* 9 never closed */
        "anna;2025-01-02;ordine";
    struct csv_plan plan = plan_of((str){file, sizeof file - 1});
    struct outcome got = load(&plan);
    assert_string_equal(got.told.text.ptr, "2:0:18:0:\n"
                                           "3:1:15:2:\n"
                                           "4:2:19:1:\n"
                                           "6:3:26:1:\"31/02/2025\"\n"
                                           "7:3:24:1:31/02/2025\n"
                                           "8:4:23:-1:\n"
                                           "9:6:23:-1:\n");
    assert_int_equal(got.counts.rows, 9);
    assert_int_equal(got.counts.stored, 2);
    assert_string_equal(dict_text(&got.log->activities, got.log->activity[1]), "ordine");
    outcome_free(&got);
}

static void a_field_beyond_the_limit_costs_its_row_and_no_other(void **state)
{
    (void)state;
    static const struct {
        const char *open, *close;
        size_t fill;
        const char *told;
    } cases[] = {{"", "", LIMIT_FIELD_BYTES, NULL},
                 {"", "", LIMIT_FIELD_BYTES + 1, "2:5:"},
                 {"\"", "\"", LIMIT_FIELD_BYTES - 2, NULL},
                 {"\"", "\"", LIMIT_FIELD_BYTES, "2:5:"},
                 {"\"", "\"", LIMIT_FIELD_BYTES + 1, "2:6:"},
                 {"\"", "", LIMIT_FIELD_BYTES + 100, "2:6:"},
                 {"\"", "", 3 * LIMIT_FIELD_BYTES, "2:6:"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf file = {0};
        buf_text(&file, "anna;2025-01-01;visita\nanna;2025-01-02;lunga;");
        buf_text(&file, cases[i].open);
        for (size_t n = 0; n < cases[i].fill; n++)
            buf_char(&file, 'x');
        buf_text(&file, cases[i].close);
        buf_text(&file, "\nanna;2025-01-03;ordine\n");
        struct csv_plan plan = plan_of(buf_str(&file));
        for (size_t chunk = 0; chunk < 3; chunk++) {
            plan.chunk_bytes = chunk * 40000;
            struct outcome got = load(&plan);
            assert_int_equal(got.counts.rows, 3);
            assert_int_equal(got.counts.rejected, cases[i].told ? 1 : 0);
            if (cases[i].told)
                assert_memory_equal(got.told.text.ptr, cases[i].told, 4);
            outcome_free(&got);
        }
        buf_free(&file);
    }
}

static void files_and_single_events_mix_in_the_order_they_come(void **state)
{
    (void)state;
    struct vg_err err = {0};
    struct builder *mixed = NULL, *plain = NULL;
    struct csv_counts counts;
    struct vg_log *a = NULL, *b = NULL;
    str first = STR("b;2025-01-05;x;;web\na;2025-01-05;y;;\n");
    str second = STR("c;2025-01-05;z;;negozio\nb;2025-01-05;w;;web\n");
    struct log_event event = {.customer = STR("b"), .activity = STR("v"), .score = NAN};
    assert_true(time_parse(&format, STR("2025-01-05"), &event.at_us));
    assert_ok(builder_open(NULL, 0, &mixed, &err));
    assert_ok(builder_open(NULL, 0, &plain, &err));
    struct csv_plan plan = plan_of(first);
    plan.column_count = 5;
    assert_ok(csv_load(mixed, &plan, NULL, NULL, &counts, &err));
    assert_ok(builder_add(mixed, &event, NULL, &err));
    plan.bytes = second;
    assert_ok(csv_load(mixed, &plan, NULL, NULL, &counts, &err));
    static const char *const rows[][3] = {{"b", "x", "web"},
                                          {"a", "y", NULL},
                                          {"b", "v", NULL},
                                          {"c", "z", "negozio"},
                                          {"b", "w", "web"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        event.customer = str_from(rows[i][0]);
        event.activity = str_from(rows[i][1]);
        event.channel = str_from(rows[i][2]);
        assert_ok(builder_add(plain, &event, NULL, &err));
    }
    assert_ok(builder_finish(mixed, &a, &err));
    assert_ok(builder_finish(plain, &b, &err));
    same_log(a, b);
    log_close(a);
    log_close(b);
}

static void a_column_of_too_many_activities_is_an_error_that_says_so(void **state)
{
    (void)state;
    struct buf file = {0};
    struct vg_err err = {0};
    struct builder *builder = NULL;
    struct csv_counts counts;
    for (uint32_t i = 0; i <= LIMIT_ACTIVITIES; i++)
        buf_printf(&file, "anna;2025-01-01;a%u\n", i);
    struct csv_plan plan = plan_of(buf_str(&file));
    assert_ok(builder_open(NULL, 0, &builder, &err));
    plan.column_count = 3;
    plan.chunk_bytes = 100000;
    assert_int_equal(csv_load(builder, &plan, NULL, NULL, &counts, &err), VG_ERR_LIMIT);
    assert_string_equal(err.where, "prova.csv");
    builder_close(builder);
    buf_free(&file);
}

static void a_fixed_activity_stands_in_for_a_column(void **state)
{
    (void)state;
    static const struct csv_column two[] = {{ROLE_TIME, 0}, {ROLE_CUSTOMER, 0}};
    struct csv_plan plan = plan_of(STR("2025-01-02;anna\n2025-01-01;anna\n"));
    plan.columns = two;
    plan.column_count = 2;
    plan.activity_fixed = STR("Recensione");
    struct outcome got = load(&plan);
    assert_int_equal(got.log->events, 2);
    assert_int_equal(got.log->activities.count, 1);
    assert_string_equal(dict_text(&got.log->activities, 0), "Recensione");
    assert_true(got.log->at_us[0] < got.log->at_us[1]);
    outcome_free(&got);
}

static void an_empty_file_gives_an_empty_log(void **state)
{
    (void)state;
    static const char *const files[] = {"", "\n", "\r\n\r\n", "   \n \n"};
    for (size_t i = 0; i < COUNT_OF(files); i++)
        same_however_read(str_from(files[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_files_read_as_one_character_at_a_time_would),
        cmocka_unit_test(garbage_reads_as_one_character_at_a_time_would),
        cmocka_unit_test(white_space_at_the_ends_of_fields_is_taken_off_wherever_it_is),
        cmocka_unit_test(large_files_read_alike_with_one_worker_and_with_many),
        cmocka_unit_test(each_kind_of_bad_row_is_told_with_its_line_and_reason),
        cmocka_unit_test(a_field_beyond_the_limit_costs_its_row_and_no_other),
        cmocka_unit_test(files_and_single_events_mix_in_the_order_they_come),
        cmocka_unit_test(a_column_of_too_many_activities_is_an_error_that_says_so),
        cmocka_unit_test(a_fixed_activity_stands_in_for_a_column),
        cmocka_unit_test(an_empty_file_gives_an_empty_log),
    };
    return cmocka_run_group_tests_name("csv_load", tests, NULL, NULL);
}
