/* generate: an event log as CSV, the same bytes for the same options.
 *
 *     generate --events 10000000 [--customers N] [--activities 20] [--id-length 9]
 *              [--seed 1] [--grouped] > log.csv
 *
 * Rows are customer,time,activity,channel. Every customer walks the activities in order,
 * with some chance of skipping, repeating or jumping. Interleaved (events in order of
 * time, any customer next) unless --grouped (a customer's events together). */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_MAX = 64, ROW_MAX = 256, BUFFER_BYTES = 1 << 20 };

struct options {
    uint64_t events, customers, activities, id_length, seed;
    bool grouped;
};

static const char *const names[] = {"Ricerca sul web",
                                    "Visita al sito",
                                    "Richiesta informazioni",
                                    "Telefonata",
                                    "Richiesta preventivo",
                                    "Preventivo inviato",
                                    "Sollecito",
                                    "Preventivo accettato",
                                    "Ordine",
                                    "Conferma d'ordine",
                                    "Consegna",
                                    "Installazione",
                                    "Formazione",
                                    "Fattura",
                                    "Pagamento",
                                    "Domanda di assistenza",
                                    "Guasto",
                                    "Intervento del tecnico",
                                    "Reso",
                                    "Recensione"};
static const char *const channels[] = {"Web",     "Telefono", "Email",
                                       "Negozio", "WhatsApp", "Fiera"};
enum { NAMES = sizeof names / sizeof names[0], CHANNELS = 6 };

static uint64_t mix(uint64_t x) /* splitmix64, S. Vigna */
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static uint64_t state;
static uint64_t random_below(uint64_t n)
{
    state = mix(state);
    __extension__ typedef unsigned __int128 wide;
    return (uint64_t)(((wide)state * n) >> 64);
}

static char *digits(char *at, uint64_t value, int width)
{
    for (int i = width - 1; i >= 0; i--, value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + width;
}

/* "C" and digits; 36 long: as a UUID. */
static char *write_id(char *at, uint64_t customer, const struct options *options)
{
    static const char hex[] = "0123456789abcdef";
    size_t length = (size_t)options->id_length;
    if (length <= 20) {
        *at++ = 'C';
        return digits(at, customer, (int)length - 1);
    }
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++) {
        if (i % 16 == 0)
            word = mix(customer * 8 + i / 16 + options->seed);
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        *at++ = dash ? '-' : hex[word >> (i % 16 * 4) & 15];
    }
    return at;
}

static char *write_time(char *at, int64_t seconds)
{
    int64_t days = seconds / 86400 + 719468, era = days / 146097,
            doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    uint64_t month = (uint64_t)(mp < 10 ? mp + 3 : mp - 9);
    uint64_t rest = (uint64_t)(seconds % 86400);
    at = digits(at, (uint64_t)(yoe + era * 400 + (month <= 2)), 4);
    *at++ = '-';
    at = digits(at, month, 2);
    *at++ = '-';
    at = digits(at, (uint64_t)(doy - (153 * mp + 2) / 5 + 1), 2);
    *at++ = ' ';
    at = digits(at, rest / 3600, 2);
    *at++ = ':';
    at = digits(at, rest / 60 % 60, 2);
    *at++ = ':';
    return digits(at, rest % 60, 2);
}

static char *write_text(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static char *write_row(char *at, uint64_t customer, int64_t seconds, uint64_t activity,
                       const struct options *options)
{
    at = write_id(at, customer, options);
    *at++ = ',';
    at = write_time(at, seconds);
    *at++ = ',';
    at = write_text(at, names[activity % NAMES]);
    if (activity >= NAMES) {
        *at++ = ' ';
        at = digits(at, activity / NAMES, 3);
    }
    *at++ = ',';
    /* An activity has a channel it mostly comes by. */
    uint64_t channel = random_below(4) ? activity % CHANNELS : random_below(CHANNELS);
    at = write_text(at, channels[channel]);
    *at++ = '\n';
    return at;
}

static uint64_t activity_next(uint64_t before, const struct options *options)
{
    uint64_t dice = random_below(100);
    if (dice < 86)
        return (before + 1) % options->activities;
    if (dice < 94)
        return (before + 2) % options->activities;
    return dice < 97 ? before : random_below(options->activities);
}

struct writer {
    char *buffer, *at;
};

static void flush_when(struct writer *writer, size_t keep)
{
    size_t used = (size_t)(writer->at - writer->buffer);
    if (used <= keep)
        return;
    if (fwrite(writer->buffer, 1, used, stdout) != used) {
        perror("generate");
        exit(8);
    }
    writer->at = writer->buffer;
}

enum { START = 1672531200 /* 2023-01-01 */, SPAN = 2 * 365 * 86400 };

static void interleaved(const struct options *options, struct writer *writer)
{
    uint16_t *at =
        calloc(options->customers, sizeof *at); /* activity + 1; 0: not begun */
    if (!at)
        exit(9);
    for (uint64_t i = 0; i < options->events; i++) {
        uint64_t customer = random_below(options->customers);
        uint64_t activity = at[customer] ? activity_next(at[customer] - 1U, options) : 0;
        at[customer] = (uint16_t)(activity + 1);
        int64_t seconds =
            START + (int64_t)((double)SPAN * (double)i / (double)options->events);
        writer->at = write_row(writer->at, customer, seconds, activity, options);
        flush_when(writer, BUFFER_BYTES - ROW_MAX);
    }
    free(at);
}

static void grouped(const struct options *options, struct writer *writer)
{
    uint64_t written = 0;
    for (uint64_t customer = 0; customer < options->customers; customer++) {
        uint64_t left = options->events - written, still = options->customers - customer;
        uint64_t mean = left / still;
        uint64_t length =
            still == 1 ? left : 1 + random_below(mean * 2 > 1 ? mean * 2 - 1 : 1);
        length = length < left ? length : left;
        int64_t seconds = START + (int64_t)random_below(SPAN);
        uint64_t activity = 0;
        for (uint64_t i = 0; i < length; i++) {
            writer->at = write_row(writer->at, customer, seconds, activity, options);
            flush_when(writer, BUFFER_BYTES - ROW_MAX);
            activity = activity_next(activity, options);
            seconds += (int64_t)random_below(7 * 86400);
        }
        written += length;
    }
}

static bool option_number(char **argument, const char *name, uint64_t *ret)
{
    if (strcmp(argument[0], name) != 0 || !argument[1])
        return false;
    *ret = strtoull(argument[1], NULL, 10);
    return true;
}

int main(int count, char **arguments)
{
    struct options options = {
        .events = 1000000, .activities = 20, .id_length = 9, .seed = 1};
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--grouped") == 0)
            options.grouped = true;
        else if (option_number(arguments + i, "--events", &options.events) ||
                 option_number(arguments + i, "--customers", &options.customers) ||
                 option_number(arguments + i, "--activities", &options.activities) ||
                 option_number(arguments + i, "--id-length", &options.id_length) ||
                 option_number(arguments + i, "--seed", &options.seed))
            i++;
        else {
            fprintf(stderr, "generate: what is \"%s\"?\n", arguments[i]);
            return 2;
        }
    }
    if (!options.customers)
        options.customers = options.events / 10 + 1;
    if (options.id_length < 2 || options.id_length > ID_MAX || options.activities < 2 ||
        options.activities > 20000)
        return 2;
    struct writer writer = {.buffer = malloc(BUFFER_BYTES)};
    if (!writer.buffer)
        return 9;
    writer.at = write_text(writer.buffer, "customer,time,activity,channel\n");
    state = options.seed;
    (options.grouped ? grouped : interleaved)(&options, &writer);
    flush_when(&writer, 0);
    free(writer.buffer);
    return fflush(stdout) == 0 ? 0 : 8;
}
