"""CSV through the program: as real systems export it, broken as real systems break it.

The oracle for what a row and a field are is Python's csv module, on files with and without mutations."""
import csv
import io
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from reading import FOLDER, events, put, read
from tap import run, test, viaggio


def refused(path, words, *arguments):
    viaggio("import", path, *arguments, status=None)
    assert viaggio.status in range(1, 100) and words in viaggio.error, (viaggio.status, viaggio.error)


# ---- as exported ----

@test
def an_italian_export_in_windows_1252_with_title_rows_is_read():
    text = ('Esportazione del 12/11/2025;;;;\r\n\r\nCliente;Attività;Data;Ora;Note\r\n'
            'Nicolò;Perché no;31/12/2025;14.05;"prezzo 10 €; ""ottimo""\r\ndavvero"\r\nNicolò;Reso;01/01/2026;9.15;\r\n')
    path = put("crm.csv", text.encode("cp1252"))
    file = read(path)
    assert (file["encoding"], file["delimiter"], file["header_line"]) == ("Windows-1252", ";", 3), file
    got = events(path, keys=("customer", "time", "activity", "text"))
    assert got == [("Nicolò", "2025-12-31T14:05:00Z", "Perché no", 'prezzo 10 €; "ottimo"\r\ndavvero'),
                   ("Nicolò", "2026-01-01T09:15:00Z", "Reso", "")], got


@test
def the_same_table_in_every_encoding_and_delimiter_gives_the_same_events():
    rows = [("Cliente", "Evento", "Data"), ("Città è", "più", "2025-01-02 10:00"), ("B", "x", "2025-01-03 11:00")]
    want = [("B", "2025-01-03T11:00:00Z", "x"), ("Città è", "2025-01-02T10:00:00Z", "più")]
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"):
        for delimiter in ";,\t|":
            for line in ("\n", "\r\n"):
                text = line.join(delimiter.join(row) for row in rows) + line
                got = sorted(events(put("e.csv", text.encode(encoding))))
                assert got == want, (encoding, delimiter, got)


@test
def zones_and_the_two_sundays_are_read_in_the_zone_given():
    text = "cliente;evento;data\nA;x;30/03/2025 02:30\nA;y;26/10/2025 02:30\nA;z;15/07/2025 12:00\n"
    got = [t for _, t, _ in events(put("z.csv", text), "--zone", "Europe/Rome")]
    assert got == ["2025-03-30T01:30:00Z", "2025-07-15T10:00:00Z", "2025-10-26T00:30:00Z"], got


ODD = "N.;Cliente;Evento;Data;Importo\n1;A;x;01/02/2025;10,5\n"
ODD_ROWS = [  # a row, and what is said of it
    ("N.;Cliente;Evento;Data;Importo", "it repeats the names of the columns"),
    ("Totale;;;;1.234,50 €", "it looks like a row of totals"),
    (";Totale generale;;;1234", "it looks like a row of totals"),
    ('"TOTALI:";;;"12";', "it looks like a row of totals"),
    ("2;Total;x;;", "the date is missing"),  # a customer of that name
    ("3;Totally Srl;x;;", "the date is missing"),
    (";Totale carni Srl;x;boh;", '"boh" is not a date'),  # an event follows
    ("4;N/D;x;01/02/2025;", 'the customer is missing: "N/D" stands for nothing'),
    ("5;NULL;x;01/02/2025;", 'the customer is missing: "NULL" stands for nothing'),
    ("6;A;-;01/02/2025;", "the activity is missing"),
    ("7;A;x;n.d.;", "the date is missing"),
]


@test
def totals_and_headers_among_the_rows_are_told_from_rows_that_lack_something():
    for row, reason in ODD_ROWS:
        file = read(put("odd.csv", ODD + row + "\n2;B;x;01/02/2025;3\n"))
        assert file["stored"] == 2 and [r["reason"] for r in file["rejects"]] == [reason], (row, file["rejects"])
        assert file["rejects"][0]["line"] == 3
    read(put("odd.csv", ODD + "Totale;;;;5\n"), lang="it")
    assert "sembra una riga di totali" in viaggio("import", put("odd.csv", ODD + "Totale;;;;5\n"), "--table", lang="it")


@test
def cells_that_stand_for_nothing_are_empty_and_words_like_them_are_not():
    marks = ["-", "N/D", "n/d", "N.D.", "n.d.", "#N/D", "N/A", "n/a", "#N/A", "NULL", "null", "(null)", '"-"', " N/D "]
    words = ["ND", "Null", "nullo", "--", "-1", "N", "n.d", "NaN"]
    lines = "".join(f"A;x;01/02/2025;{cell}\n" for cell in marks + words)
    got = events(put("nothing.csv", "Cliente;Evento;Data;Canale\n" + lines), keys=("channel",))
    assert got == [("",)] * len(marks) + [(w if w[0] != "-" else "'" + w,) for w in words], got


@test
def decimal_commas_are_scores():
    text = "cliente;evento;data;voto\nA;x;2025-01-02;4,5\nB;x;2025-01-02;3\nC;x;2025-01-02;boh\n"
    file = read(put("v.csv", text))
    assert file["stored"] == 3 and any("1 score was not a number" in note for note in file["notes"]), file["notes"]
    assert [s for s, in events(FOLDER / "v.csv", keys=("score",))] == ["4.5", "3", ""]


@test
def a_column_of_the_options_wins_and_a_fixed_activity_too():
    path = put("o.csv", "a;b;c\nx;2025-01-02;C1\ny;2025-01-03;C1\n")
    assert events(path, "--customer", "C", "--activity", "#1", "--time", "b")[0] == ("C1", "2025-01-02T00:00:00Z", "x")
    assert events(path, "--customer", "c", "--time", "b", "--activity-name", "Visita")[0][2] == "Visita"


# ---- broken ----

@test
def rejected_rows_are_explained_by_line_and_written_aside():
    text = ('cliente;evento;data\nA;x;2025-01-02\nB;x;31/02/2025\n;x;2025-01-02\nC;;2025-01-02\nD;x;\n'
            '=CMD();x;mai\n"E\nE";x;2025-13-01\nF;x;2025-01-03\n')
    aside = FOLDER / "scarti.csv"
    file = read(put("r.csv", text), "--rejects", aside)
    assert (file["stored"], file["rejected"]) == (2, 6), file
    assert [(r["line"], r["reason"]) for r in file["rejects"]] == [
        (3, 'the date "31/02/2025" does not exist'), (4, "the customer is missing"), (5, "the activity is missing"),
        (6, "the date is missing"), (7, '"mai" is not a date'), (8, 'the date "2025-13-01" does not exist')], file["rejects"]
    with open(aside, newline="", encoding="utf-8-sig") as made:
        rows = list(csv.DictReader(made))
    assert [int(r["line"]) for r in rows] == [3, 4, 5, 6, 7, 8]
    assert rows[4]["row"] == "'=CMD();x;mai" and rows[5]["row"] == '"E\nE";x;2025-13-01', rows
    viaggio("import", FOLDER / "r.csv", "--rejects", aside, lang="it")
    first = aside.read_text(encoding="utf-8-sig").splitlines()
    assert first[0] == "file;riga;motivo;contenuto" and "la data «31/02/2025» non esiste" in first[1], first[:2]


@test
def nul_bytes_broken_utf8_and_long_fields_are_kept_aside_or_mended():
    text = ("cliente;evento;data;note\nA;x;2025-01-02;è\n" * 3).encode()
    text += b"B\0;x;2025-01-02;\nC;x;2025-01-02;caf\xe9 \xff\nD;x;2025-01-02;" + b"y" * 1100000 + b"\nE;x;2025-01-02;ok\n"
    file = read(put("n.csv", text))
    reasons = [r["reason"] for r in file["rejects"]]
    assert "it contains a NUL byte" in reasons and "a field is longer than 1 MB" in reasons, reasons
    assert any("broken characters" in note for note in file["notes"]), file["notes"]
    assert [t for c, t in events(FOLDER / "n.csv", keys=("customer", "text")) if c == "C"] == ["caf\ufffd \ufffd"]


@test
def a_quote_that_is_never_closed_costs_one_row():
    text = "cliente;evento;data\nA;x;2025-01-02\nB;\"x;2025-01-03\nC;x;2025-01-04\n" + "D;x;2025-01-05\n" * 50
    file = read(put("q.csv", text))
    assert (file["stored"], file["rejected"]) == (52, 1) and file["rejects"][0]["line"] == 3, file["rejects"]


@test
def empty_header_only_one_event_one_customer_same_times_and_the_future():
    refused(put("empty.csv", ""), "the file is empty")
    refused(put("header.csv", "cliente;evento;data\n"), "not one row below")
    refused(put("none.csv", "cliente;evento;data\nA;x;mai\nB;x;mai\n"), "--time")
    file = read(put("one.csv", "cliente;evento;data\nA;x;2025-01-02\n"))
    assert file["stored"] == 1 and any("only one customer" in n for n in file["notes"]), file["notes"]
    file = read(put("same.csv", "cliente;evento;data\nA;x;2025-01-02\nA;y;2025-01-02\nB;y;2025-01-02\n"))
    assert any("same time" in n for n in file["notes"]), file["notes"]
    file = read(put("future.csv", "cliente;evento;data\nA;x;2025-01-02\nA;y;3025-01-02\nB;y;2025-01-02\n"))
    assert any("future" in n for n in file["notes"]), file["notes"]


@test
def too_many_columns_are_a_clear_error():
    refused(put("wide.csv", ";".join(["cliente", "evento", "data"] + [f"c{i}" for i in range(3000)]) + "\n"), "more than 2048 columns")


@test
def hostile_texts_take_linear_time():
    for name, text in (("quotes", '"' * 3000000), ("delimiters", ";" * 3000000), ("open", ('"a;' * 1000000)),
                       ("lines", "a\n" * 1500000), ("brackets", "cliente;evento;data\n" + '"' + 'A;x;2025-01-02\n"\n' * 100000)):
        began = time.monotonic()
        viaggio("import", put(name + ".csv", text), status=None, timeout=60)
        assert viaggio.status in range(0, 100), (name, viaggio.status, viaggio.error)
        assert time.monotonic() - began < 30, name


# ---- against Python's csv ----

def oracle(text, delimiter):
    """What the program stores, by the same rules, of rows cut by another reader."""
    stored, rows = [], 0
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if not any(cell.strip() for cell in row) and len(row) <= 1:
            continue
        rows += 1
        cells = [cell.strip(" \t\r\n\v\f\u00a0") for cell in row] + [""] * 4
        if rows > 1 and cells[0] and cells[1] and cells[2].startswith("2025-01-"):
            stored.append((cells[0], cells[1], cells[3]))
    return rows - 1, stored


def field(dice):
    plain = ["Rossi", "a b", "", "è", "x" * 30, "12,5", "'", "ciao \t mondo"]
    quoted = ['due;campi', 'vir"golette', "a capo\nqui", "a\r\ncapo", 'fine"', ",", '""']
    return dice.choice(plain) if dice.random() < 0.7 else dice.choice(quoted)


@test
def rows_and_fields_are_those_of_another_reader():
    for seed in range(60):
        dice = random.Random(seed)
        delimiter = dice.choice(";,\t|")
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, quoting=dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
                            lineterminator=dice.choice(["\n", "\r\n"]))
        writer.writerow(["cliente", "evento", "data", "note"])
        for _ in range(dice.randrange(3, 200)):
            row = [field(dice), field(dice), f"2025-01-{dice.randrange(1, 29):02}", field(dice)]
            writer.writerow(row[:dice.choice([4, 4, 4, 4, 3, 2])] + ["extra"] * dice.choice([0, 0, 0, 1]))
        text = out.getvalue()
        rows, stored = oracle(text, delimiter)
        path = put("oracle.csv", text)
        file = read(path, "--delimiter", "tab" if delimiter == "\t" else delimiter)
        assert (file["rows"], file["stored"]) == (rows, len(stored)), (seed, file["rows"], rows, file["stored"], len(stored))
        got = events(path, "--delimiter", "tab" if delimiter == "\t" else delimiter, keys=("customer", "activity", "text"))
        assert sorted(got) == sorted(stored), seed


@test
def rows_stay_stored_plus_rejected_whatever_is_done_to_a_file():
    text = "cliente;evento;data;note\n" + "".join(f'C{i % 7};"ev;{i % 3}";2025-01-{i % 28 + 1:02};"nota ""{i}"""\n' for i in range(60))
    for seed in range(120):
        dice = random.Random(seed)
        bytes_ = bytearray(text.encode())
        for _ in range(dice.randrange(1, 12)):
            at = dice.randrange(len(bytes_))
            what = dice.randrange(4)
            if what == 0:
                bytes_[at] = dice.choice(b'";\n\r\0\xff=,')
            elif what == 1:
                del bytes_[at:at + dice.randrange(1, 30)]
            elif what == 2:
                bytes_[at:at] = dice.choice([b'"', b'""', b"\n", b";", b"\r\n", b"\xe9", b"\0"])
            else:
                bytes_[at:at] = bytes_[at // 2:at // 2 + 40]
        path = put("mutated.csv", bytes(bytes_))
        text_out = viaggio("import", path, "--json", "--delimiter", ";", status=None)
        assert viaggio.status in range(0, 100), (seed, viaggio.status, viaggio.error)
        for file in json.loads(text_out)["files"] if viaggio.status == 0 else []:
            assert file["rows"] == file["stored"] + file["rejected"], seed


run()
