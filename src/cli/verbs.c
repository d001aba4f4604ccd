/* The commands, one row each: dispatch, help, completion and manual come from here. */
#include "cli/run.h"

#include <string.h>

#define EXAMPLE  "examples/macchinari/"
#define COACHING "examples/casa-in-ordine/"

static const struct verb rows[] = {
    {"import", N_("FILE…"), N_("read evidence, and show how it was understood"),
     N_("Reads each file, says how its columns were understood and why, and how many "
        "rows "
        "were used or left out, with the reason. Where no column says what happened and "
        "several hold dates (\"Data offerta\", \"Data ordine\"), each date of a row is "
        "an "
        "event named after its column; --time, repeated, names those columns, and given "
        "once reads only that one. With --out the evidence of all files is "
        "written as one clean CSV file."),
     "viaggio import --explain " EXAMPLE "crm.csv",
     FOR_ALL | FOR_EVIDENCE | FOR_IMPORT | FOR_JSON | FOR_TABLE | FOR_OUT, 1, LIMIT_FILES,
     verb_import},
    {"events", N_("FILE…"), N_("list the events"),
     N_("Lists the events of the evidence, journey by journey, in order of time. On a "
        "terminal the first 50; --top 0 lists all."),
     "viaggio events " EXAMPLE "crm.csv --only-channel Sito --top 5",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_TOP, 1, LIMIT_FILES,
     verb_events},
    {"customers", N_("FILE…"), N_("list the customers"),
     N_("Lists who is in the evidence: how many events each has, the first, the last, "
        "and "
        "what happened last. On a terminal the first 50; --top 0 lists all."),
     "viaggio customers " EXAMPLE "crm.csv --missing \"Ordine confermato\" --top 5",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_TOP, 1, LIMIT_FILES,
     verb_customers},
    {"timeline", N_("CUSTOMER FILE…"), N_("what happened to one customer"),
     N_("Shows one customer’s journey, event by event, with the time that passed between "
        "them and what the customer said."),
     "viaggio timeline C00250 " EXAMPLE "crm.csv",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT, 2, LIMIT_FILES + 1,
     verb_timeline},
    {"flow", N_("FILE…"), N_("what follows what, how often and after how long"),
     N_("For each pair of activities: how often the second comes right after the first "
        "in "
        "a journey, and the mean, median and 95th percentile of the time between. Also "
        "where journeys begin and end, and how long they take."),
     "viaggio flow " EXAMPLE "crm.csv --svg flow.svg",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_TOP | FOR_DETAIL |
         FOR_THEME,
     1, LIMIT_FILES, verb_flow},
    {"variants", N_("FILE…"), N_("the ways customers go, the most frequent first"),
     N_("Groups the journeys that have the same activities in the same order. Shows the "
        "10 most frequent; --top 0 shows all."),
     "viaggio variants " EXAMPLE "crm.csv --top 5",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_TOP, 1, LIMIT_FILES,
     verb_variants},
    {"funnel", N_("FILE…"), N_("how many reach each step, and where the others stop"),
     N_("Of the journeys that reach a step: how many moved on to the next, how many are "
        "lost, and how many are still travelling, because they have not waited longer "
        "than nearly all (95%) of those who moved on. The steps are those of --step or "
        "--steps; else those of the map; else those that nearly all who come further "
        "come by."),
     "viaggio funnel " EXAMPLE "crm.csv --steps \"Modulo preventivo,Offerta "
     "inviata,Ordine confermato\"",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_FUNNEL, 1,
     LIMIT_FILES, verb_funnel},
    {"survival", N_("FILE…"), N_("the chance to get from one step to another in a time"),
     N_("The chance to have reached a step by a time after another one (Kaplan–Meier), "
        "with its 95% interval; customers still under way count as long as they were "
        "watched."),
     "viaggio survival " EXAMPLE "crm.csv --from \"Offerta inviata\" --to \"Ordine "
     "confermato\"",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_SURVIVAL, 1,
     LIMIT_FILES, verb_survival},
    {"kpi", N_("FILE…"),
     N_("what is watched: each KPI by week or month, with its limits"),
     N_("The KPIs of the map, or one of --kind: the value of each week or month with its "
        "95% interval and how many were observed, the usual limits (XmR chart), and "
        "which "
        "points lie outside what is usual. --enough says how many it takes until a "
        "change shows."),
     "viaggio kpi " EXAMPLE "crm.csv --kind time --from \"Reso aperto\" --to \"Reso "
     "chiuso\"",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_SURVIVAL |
         FOR_KPI,
     1, LIMIT_FILES, verb_kpi},
    {"effect", N_("FILE…"), N_("what a change achieved: before and after, in a sentence"),
     N_("Holds a KPI before a day against the same KPI after it, with a 95% interval and "
        "the test that suits its kind, and says it in a sentence, \"no effect can be "
        "seen\" included. Of every action of the map that has a KPI and a day from which "
        "it holds; or of one KPI and --changed."),
     "viaggio effect " EXAMPLE "crm.csv --kind time --from \"Reso aperto\" --to \"Reso "
     "chiuso\" --changed 2025-01-13",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_SURVIVAL |
         FOR_KPI | FOR_EFFECT,
     1, LIMIT_FILES, verb_effect},
    {"path", N_("FILE…"),
     N_("clients led along a success path: where each is, and who is stuck"),
     N_("For each client on the map: the phase, the milestones passed, how far the "
        "objectives are attained, the time used, and a state with its reason: on the "
        "way, "
        "behind, stuck, silent, arrived, left. Behind and stuck are judged by what the "
        "phases took those who passed them (median, 90th percentile) once ten have, and "
        "by "
        "the map before. Without --today, files are looked at as of their last day."),
     "viaggio path " COACHING "percorso.csv --map " COACHING "mappa.json",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_TOP |
         FOR_PATH,
     1, LIMIT_FILES, verb_path},
    {"whatif", N_("FILE…"), N_("how many more would arrive, were a step mended"),
     N_("Takes the map’s steps as a chain that customers walk until they arrive or are "
        "lost, estimated from the evidence, and says how many more would arrive, and how "
        "much sooner, if less were lost at a step or the wait there were shorter, with a "
        "95% interval (bootstrap over customers). Ranks the pains by what mending them, "
        "a "
        "fifth less lost, is worth."),
     "viaggio whatif " EXAMPLE "crm.csv --map " EXAMPLE
     "mappa.json --less-loss offerta=20%",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_TOP |
         FOR_WHATIF,
     1, LIMIT_FILES, verb_whatif},
    {"align", N_("FILE…"), N_("the evidence held against the map"),
     N_("The cheapest way to explain each journey by the map: one unit for a step that "
        "was skipped, one for an event the map does not know. Shows per step how often "
        "it "
        "was seen, skipped, repeated or out of order, and the shortcuts customers take."),
     "viaggio align " EXAMPLE "crm.csv --map " EXAMPLE "mappa.json",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP | FOR_TOP, 1,
     LIMIT_FILES, verb_align},
    {"emotions", N_("FILE…"),
     N_("how customers feel at each step, and what was believed"),
     N_("The mean of the scores that customers gave at each step of the map, as a "
        "valence "
        "from −2 to +2 with its 95% interval, beside what the workshop believed."),
     "viaggio emotions " EXAMPLE "crm.csv --map " EXAMPLE "mappa.json",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_MAP, 1, LIMIT_FILES,
     verb_emotions},
    {"draft", N_("FILE…"), N_("propose a map from the evidence alone"),
     N_("Writes a proposed map: the frequent activities in their usual order, cut into "
        "phases. It is a draft, to be discussed with people."),
     "viaggio draft " EXAMPLE "crm.csv --out bozza.json",
     FOR_ALL | FOR_EVIDENCE | FOR_OUT | FOR_CONVERT, 1, LIMIT_FILES, verb_draft},
    {"check", N_("MAP…"), N_("hold a map against the known mistakes of the craft"),
     N_("Names each mistake in a sentence, with what to do about it. With --evidence "
        "also "
        "those that only evidence shows. Ends with status 1 when there is an error among "
        "them."),
     "viaggio check " EXAMPLE "mappa.json --evidence " EXAMPLE "crm.csv",
     FOR_ALL | FOR_EVIDENCE | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_CHECK | FOR_MAP, 1, 64,
     verb_check},
    {"diff", N_("MAP MAP"), N_("what changed from one map to another"),
     N_("Lists what was added, removed, moved and changed, field by field. Ends with "
        "status 1 when the maps differ."),
     "viaggio diff " EXAMPLE "mappa.json " EXAMPLE "mappa.json",
     FOR_ALL | FOR_JSON | FOR_TABLE | FOR_OUT | FOR_WORKSPACE, 2, 2, verb_diff},
    {"render", N_("[MAP] [FILE…]"),
     N_("draw the poster, the flow, the funnel, a timeline"),
     N_("Draws a picture as SVG, PNG or PDF. The poster is drawn from a map, from "
        "evidence, or from both. A timeline wants --only-customer."),
     "viaggio render " EXAMPLE "mappa.json --evidence " EXAMPLE
     "crm.csv --paper a3 --out poster.pdf",
     FOR_ALL | FOR_EVIDENCE | FOR_OUT | FOR_MAP | FOR_RENDER | FOR_PAPER | FOR_THEME |
         FOR_FUNNEL | FOR_TOP,
     1, LIMIT_FILES, verb_render},
    {"plan", N_("[MAP] [FILE…]"),
     N_("one page for the board: findings, actions, results"),
     N_("Draws one page (A4 landscape; --paper a3): the map in small, the three findings "
        "that weigh most, the actions with who answers and by when, and what was "
        "achieved "
        "so far, with its interval."),
     "viaggio plan " EXAMPLE "mappa.json --evidence " EXAMPLE "crm.csv --out piano.pdf",
     FOR_ALL | FOR_EVIDENCE | FOR_OUT | FOR_MAP | FOR_PAPER | FOR_THEME | FOR_PLAN, 1,
     LIMIT_FILES, verb_plan},
    {"report", N_("FILE…"), N_("write the whole report into a folder"),
     N_("Reads the evidence, holds the map against it, and writes index.html (one file, "
        "no network), poster.svg, poster.png, poster.pdf and insight.json. Without --map "
        "it drafts a map, says so, and writes it as map.json."),
     "viaggio report --evidence " EXAMPLE "crm.csv --map " EXAMPLE
     "mappa.json --out rapporto/",
     FOR_ALL | FOR_EVIDENCE | FOR_MAP | FOR_REPORT | FOR_THEME | FOR_PAPER, 1,
     LIMIT_FILES, verb_report},
    {"convert", N_("MAP"), N_("a map from one format into another"),
     N_("Reads a map as JSON, as a Mermaid journey (.mmd) or as a table (.csv: one row a "
        "cell, or one row a stage as templates have it), and writes it as JSON, "
        "Mermaid, Markdown or CSV."),
     "viaggio convert " EXAMPLE "mappa.json --to mermaid",
     FOR_ALL | FOR_OUT | FOR_CONVERT | FOR_WORKSPACE, 1, 1, verb_convert},
    {"init", N_("FILE.viaggio"), N_("make a data file: one for all a team has"),
     N_("Makes an empty data file. Evidence is read into it with import, maps with maps; "
        "every other command then works on it with -w. One file to copy, one to keep "
        "safe."),
     "viaggio init azienda.viaggio", FOR_ALL | FOR_TITLE, 1, 1, verb_init},
    {"sources", "", N_("where the evidence of a data file comes from"),
     N_("Lists what was read into the data file: how many events each source brought, "
        "from when to when, and when it was last read."),
     "viaggio sources -w azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_TABLE | FOR_JSON | FOR_OUT, 0, 0, verb_sources},
    {"imports", N_("[NUMBER]"), N_("what was imported, when, by whom; take it back"),
     N_("Lists every import into the data file. With a number: the rows that this import "
        "left out, as CSV. --undo takes an import back: what remains is what there would "
        "be had it never been; events that another import brought, too, stay."),
     "viaggio imports -w azienda.viaggio --undo 3",
     FOR_ALL | FOR_WORKSPACE | FOR_TABLE | FOR_JSON | FOR_OUT | FOR_UNDO, 0, 1,
     verb_imports},
    {"maps", N_("[MAP…]"), N_("the maps of a data file; keep more in it"),
     N_("Lists the maps that are kept in the data file. With files, keeps those first: "
        "a map whose id is known becomes its next version."),
     "viaggio maps " EXAMPLE "mappa.json -w azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_JSON | FOR_TABLE | FOR_OUT, 0, 64, verb_maps},
    {"actions", "", N_("what will be done, over all maps of a data file"),
     N_("Lists the actions of all maps that are kept in the data file, those due first "
        "in "
        "front, and says which are late."),
     "viaggio actions -w azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_JSON | FOR_TABLE | FOR_OUT, 0, 0, verb_actions},
    {"alias", N_("[CUSTOMER CUSTOMER…]"), N_("join the names of one customer"),
     N_("An e-mail address, a telephone number and a customer code may be one person: "
        "joins them under the first name. Without names it lists who was joined; --undo "
        "takes it back."),
     "viaggio alias C00250 luca.bruni@example.com -w azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_ALIAS | FOR_TABLE | FOR_JSON | FOR_OUT, 0, 64,
     verb_alias},
    {"enrol", N_("MAP [CUSTOMER…]"), N_("lead customers along a map"),
     N_("Puts customers on a success path that is kept in the data file: those named, "
        "those of a table (--file), or those whom a rule over the evidence finds "
        "(--containing, --where and the like; each since the first event that fits). A "
        "rule is kept, and at each import enrols whoever comes to fit it. Who is on it "
        "already stays as he is; whom somebody took off it no rule puts back."),
     "viaggio enrol casa-in-ordine \"Giulia Neri\" --at 2025-11-03 -w azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_FILTERING | FOR_ENROL | FOR_JSON | FOR_OUT, 1, 10000,
     verb_enrol},
    {"progress", N_("MAP CUSTOMER"), N_("what a customer did on a path"),
     N_("Writes down what a customer did, reached or said on a success path, and lists "
        "all there is. What is written down is evidence: every other command sees it."),
     "viaggio progress casa-in-ordine \"Giulia Neri\" --done chiedo-aiuto -w "
     "azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_PROGRESS | FOR_TABLE | FOR_JSON | FOR_OUT, 2, 2,
     verb_progress},
    {"export-customer", N_("CUSTOMER"), N_("all that is known of one customer"),
     N_("Writes everything the data file holds of one customer, under all the names that "
        "were joined, as JSON (GDPR, articles 15 and 20)."),
     "viaggio export-customer C00250 -w azienda.viaggio --out C00250.json",
     FOR_ALL | FOR_WORKSPACE | FOR_OUT, 1, 1, verb_export_customer},
    {"erase", N_("CUSTOMER"), N_("erase one customer, everywhere in a data file"),
     N_("Takes a customer, under all the names that were joined, out of everything that "
        "was read into the data file, and overwrites the space (GDPR, article 17). It "
        "cannot be undone. Copies of the file that were made before still hold it."),
     "viaggio erase C00250 -w azienda.viaggio", FOR_ALL | FOR_WORKSPACE, 1, 1,
     verb_erase},
    {"backup", N_("COPY"), N_("a consistent copy, while others work"),
     N_("Copies the data file as it is at one moment, also while others read and write "
        "it."),
     "viaggio backup copia.viaggio -w azienda.viaggio", FOR_ALL | FOR_WORKSPACE, 1, 1,
     verb_backup},
    {"restore", N_("COPY"), N_("put a copy in the place of the data file"),
     N_("Checks the copy, then puts it in the place of the data file. What was there is "
        "kept beside it."),
     "viaggio restore copia.viaggio -w azienda.viaggio", FOR_ALL | FOR_WORKSPACE, 1, 1,
     verb_restore},
    {"doctor", "", N_("whether a data file is whole, and what takes its space"),
     N_("Checks the database, the references within it, every block of evidence, every "
        "map and the chain of the audit. Ends with status 1 when something is wrong."),
     "viaggio doctor -w azienda.viaggio",
     FOR_ALL | FOR_WORKSPACE | FOR_TABLE | FOR_JSON | FOR_OUT, 0, 0, verb_doctor},
    {"rebuild", "", N_("make anew all that is derived, and give space back"),
     N_("Throws away everything that is computed from the evidence, makes it again, and "
        "gives the free space of the data file back."),
     "viaggio rebuild -w azienda.viaggio", FOR_ALL | FOR_WORKSPACE, 0, 0, verb_rebuild},
    {"serve", "", N_("the data file in the browser, for one person or a team"),
     N_("Shows the data file in the browser, and serves a whole team: people log in, "
        "each "
        "as owner, editor or reader. The first start prints a link, good for one time, "
        "by "
        "which the first owner comes in. It listens on this machine only; a proxy in "
        "front gives it HTTPS and a name. Ctrl-C ends it when all that is under way is "
        "done."),
     "viaggio serve -w azienda.viaggio --solo --open",
     FOR_ALL | FOR_WORKSPACE | FOR_SERVE | FOR_OUT, 0, 0, verb_serve},
};

const struct verb *verb_rows(size_t *ret_count)
{
    *ret_count = COUNT_OF(rows);
    return rows;
}

const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}
