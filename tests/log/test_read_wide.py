"""Lists with one row per quote, order or ticket and several columns of dates: each date is an event."""
import csv
import datetime
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from reading import FOLDER, events, put, read
from tap import run, test, viaggio
from workbook import DATE, Styled, workbook

QUOTES = """N. preventivo;Cliente;Data richiesta;Data offerta;Data ordine;Data di consegna;Operatore;Voto;Note
P1;Rossi;01/02/2025;03/02/2025;10/02/2025;25/02/2025;Anna;5;puntuali
P2;Rossi;05/03/2025;07/03/2025;;;Ugo;;
P3;Bianchi;16/03/2025;N/D;-;;Ugo;2;n.d.
"""


@test
def each_date_of_a_row_is_an_event_named_after_its_column():
    path = put("preventivi.csv", QUOTES)
    file = read(path)
    assert (file["rows"], file["stored"], file["rejected"], file["events"]) == (3, 3, 0, 7), file
    assert events(path, days=True) == [
        ("Rossi", "2025-02-01", "Richiesta"), ("Rossi", "2025-02-03", "Offerta"), ("Rossi", "2025-02-10", "Ordine"),
        ("Rossi", "2025-02-25", "Consegna"), ("Rossi", "2025-03-05", "Richiesta"), ("Rossi", "2025-03-07", "Offerta"),
        ("Bianchi", "2025-03-16", "Richiesta")]


@test
def the_journey_is_the_customers_and_that_of_the_quote_only_when_asked():
    path = put("preventivi.csv", QUOTES)
    assert {e[0] for e in events(path, days=True)} == {"Rossi", "Bianchi"}
    assert {e[0] for e in events(path, "--journey", "N. preventivo", days=True)} == {"P1", "P2", "P3"}


@test
def who_served_goes_to_every_event_and_the_opinion_only_to_the_last_in_time():
    got = events(put("preventivi.csv", QUOTES), keys=("customer", "activity", "actor", "score", "text"), days=True)
    assert got[:4] == [("Rossi", "Richiesta", "Anna", "", ""), ("Rossi", "Offerta", "Anna", "", ""),
                       ("Rossi", "Ordine", "Anna", "", ""), ("Rossi", "Consegna", "Anna", "5", "puntuali")], got
    assert got[6] == ("Bianchi", "Richiesta", "Ugo", "2", ""), got


@test
def a_row_is_kept_aside_whole_when_it_has_no_date_or_one_that_does_not_exist():
    bad = "P4;Verdi;;;;;;;\nP5;Neri;06/03/2025;31/02/2025;;;;;\nTotale;;;;;;;;\n"
    out = FOLDER / "rejects.csv"
    file = read(put("preventivi.csv", QUOTES + bad), "--rejects", out)
    assert (file["rows"], file["stored"], file["rejected"], file["events"]) == (6, 3, 3, 7), file
    why = [(r["line"], r["reason"]) for r in file["rejects"]]
    assert why[0] == (5, "it has no date at all") and why[1][0] == 6 and "31/02/2025" in why[1][1], why
    assert len(list(csv.reader(open(out, encoding="utf-8-sig")))) == 4


@test
def it_is_explained_and_the_reader_can_say_otherwise():
    path = put("preventivi.csv", QUOTES)
    said = viaggio("import", "--explain", path, "--table", lang="it")
    assert "ogni sua data" in said and "«Consegna»" in said and "--time COLONNA" in said, said
    assert [e[2] for e in events(path, "--time", "Data ordine", days=True)] == ["preventivi"]
    assert {e[2] for e in events(path, "--time", "data offerta", "--time", "#5", days=True)} == {"Offerta", "Ordine"}
    assert {e[2] for e in events(path, "--activity", "Operatore", days=True)} == {"Anna", "Ugo"}
    assert {e[2] for e in events(path, "--activity-name", "Preventivo", days=True)} == {"Preventivo"}
    viaggio("import", path, "--time", "#3", "--time", "#4", "--activity-name", "x", status=2)
    assert "each date is an event" in viaggio.error, viaggio.error


HEADERS = [  # what dates under them are the dates of
    ("Data offerta", "Offerta"), ("Order date", "Order"), ("order_date", "Order"), ("DataOrdine", "Ordine"),
    ("Data e ora dell'ordine", "Ordine"), ("Data di consegna", "Consegna"), ("Creato il", "Creato"),
    ("created_at", "Created"), ("DATA INCASSO", "INCASSO"), ("Prima visita", "Prima visita"),
    ("Data inizio lavori", "Inizio lavori"), ("data_prima_visita", "Prima visita"), ("Data", "elenco")]


@test
def headers_lose_their_words_for_date_and_nothing_else():
    for header, activity in HEADERS:
        path = put("elenco.csv", f"Cliente;{header};Data sopralluogo\nA;12/11/2025;13/11/2025\nB;14/11/2025;\n")
        got = {e[2] for e in events(path, days=True)}
        assert got == {activity, "Sopralluogo"}, (header, got)


NOT_WIDE = [  # one event for each row
    "Cliente;Attività;Data inizio;Data fine\nA;x;12/11/2025;13/11/2025\n",
    "Chiamante;Inizio chiamata;Fine chiamata\nA;12/11/2025 10:00;12/11/2025 10:05\n",
    "cliente,created_at,updated_at\nA,2025-01-02,2025-01-03\n",
    "Cliente;Data ordine;Consegna prevista;Scadenza\nA;12/11/2025;13/11/2025;14/11/2025\n",
    "Cliente;Oggetto;Data apertura;Data chiusura\nA;Guasto;12/11/2025;13/11/2025\nB;Guasto;12/11/2025;13/11/2025\n",
]


@test
def dates_that_are_plans_ends_or_changes_of_a_row_make_no_events():
    for text in NOT_WIDE:
        file = read(put("elenco.csv", text))
        assert file["events"] == file["stored"] == file["rows"], (text, file["columns"])


@test
def a_weak_name_for_what_happened_gives_way_to_three_dates():
    text = ("Cliente;Stato;Data richiesta;Data offerta;Data ordine\n"
            "A;perso;12/11/2025;13/11/2025;\nB;vinto;12/11/2025;13/11/2025;14/11/2025\n")
    assert {e[2] for e in events(put("elenco.csv", text), days=True)} == {"Richiesta", "Offerta", "Ordine"}


@test
def dates_that_do_not_tell_day_from_month_follow_those_that_do():
    text = "Cliente,Quote date,Order date\nA,02/03/2025,02/25/2025\nB,03/04/2025,03/30/2025\n"
    assert [e[1] for e in events(put("us.csv", text), days=True)] == ["2025-02-03", "2025-02-25", "2025-03-04", "2025-03-30"]


@test
def the_same_list_as_csv_workbook_and_json_lines_gives_the_same_events():
    """The oracle is written here, in a few lines; the files span many chunks."""
    chance = random.Random(7)
    names = ["Data richiesta", "Data offerta", "Data ordine", "Data annullo"]
    rows, want, bad = [], [], 0
    for i in range(30000):
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randrange(300))
        dates = []
        for k in range(4):
            day += datetime.timedelta(days=chance.randrange(3))
            there = k == 0 if i < 1200 and k == 3 else chance.random() < 0.6  # the last begins late in the file
            dates.append(day if there and not (i < 1200 and k == 3) else None)
        if i % 997 == 5:
            dates = [None] * 4
        rows.append((f"C{chance.randrange(4000)}", dates, chance.choice(["", "", "5", "3"])))
        bad += not any(dates)
        last = max((k for k in range(4) if dates[k]), default=None, key=lambda k: (dates[k], k))
        want += [(rows[-1][0], dates[k].isoformat(), names[k][5:].capitalize(), rows[-1][2] if k == last else "")
                 for k in range(4) if dates[k]]
    order = {}
    for customer, *_ in want:
        order.setdefault(customer, len(order))
    want.sort(key=lambda e: (order[e[0]], e[1]))
    text = ";".join(["Cliente", *names, "Voto"]) + "\n" + "".join(
        ";".join([c, *(d.strftime("%d/%m/%Y") if d else "" for d in ds), v]) + "\n" for c, ds, v in rows)
    lines = "".join(json.dumps({"Cliente": c, **{n: d.isoformat() if d else None for n, d in zip(names, ds)}, "Voto": v})
                    + "\n" for c, ds, v in rows)
    serial = lambda d: Styled((d - datetime.date(1899, 12, 30)).days, DATE) if d else None
    book = workbook([["Cliente", *names, "Voto"], *([c, *map(serial, ds), v or None] for c, ds, v in rows)])
    for name, content in (("list.csv", text * 1), ("list.jsonl", lines), ("list.xlsx", book)):
        path = put(name, content)
        file = read(path)
        assert (file["rows"], file["rejected"], file["events"]) == (30000, bad, len(want)), (name, file["events"], len(want))
        got = events(path, keys=("customer", "time", "activity", "score"), days=True)
        first = next((i for i in range(len(want)) if got[i] != want[i]), None)
        assert got == want, (name, first, first is not None and (got[first], want[first]))


run()
