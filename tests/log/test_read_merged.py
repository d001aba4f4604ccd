"""Cells merged in a sheet: only a group's first row says whose it is; and files given twice."""
import csv
import io
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from reading import put, read
from tap import run, test, viaggio
from workbook import workbook

ROWS = [("Anna Rossi", "01/02/2025", "Richiesta"), ("", "03/02/2025", "Preventivo"), ("", "20/02/2025", "Ordine"),
        ("Luca Bianchi", "05/02/2025", "Richiesta"), ("", "09/02/2025", "Preventivo")]


def table(name, rows, header="Cliente;Data;Attività"):
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return put(name, header + "\n" + out.getvalue())


def answers(path, *arguments):
    return [viaggio(verb, "-e", path, *arguments, "--json") for verb in ("flow", "variants")]


@test
def the_report_says_that_cells_look_merged_and_what_helps():
    path = table("unite.csv", ROWS)
    file = read(path)
    assert (file["stored"], file["rejected"]) == (2, 3), file
    assert any('3 rows have no "Cliente"' in note and '--fill-down "Cliente"' in note for note in file["notes"]), file["notes"]
    italian = json.loads(viaggio("import", path, "--explain", "--json", "--lang", "it"))["files"][0]["notes"]
    assert any("celle erano unite" in note for note in italian), italian


@test
def where_customers_come_again_an_empty_cell_is_nobody_known():
    rows = [(f"C{n % 4}" if n % 3 else "", f"{n + 1:02}/05/2025", "Visita") for n in range(24)]
    assert not any("--fill-down" in note for note in read(table("anonimi.csv", rows))["notes"])


@test
def filled_down_no_row_is_lost_and_the_report_counts_the_cells():
    path = table("unite.csv", ROWS)
    for name in ("Cliente", "cliente", "#1"):
        file = read(path, "--fill-down", name)
        assert (file["stored"], file["rejected"]) == (5, 0), file
        assert any("3 empty cells" in note for note in file["notes"]), file["notes"]
    variants = json.loads(viaggio("variants", "-e", path, "--fill-down", "Cliente", "--json"))["variants"]
    assert sorted(v["activities"] for v in variants) == [["Richiesta", "Preventivo"], ["Richiesta", "Preventivo", "Ordine"]]


@test
def a_sheet_fills_like_a_text_file():
    path = put("unite.xlsx", workbook([["Cliente", "Data", "Attività"]] + [[c or None, d, a] for c, d, a in ROWS]))
    assert read(path)["stored"] == 2
    assert read(path, "--fill-down", "Cliente")["stored"] == 5
    assert answers(path, "--fill-down", "Cliente") == answers(table("unite.csv", ROWS), "--fill-down", "Cliente")


@test
def a_column_that_no_file_has_is_an_error():
    viaggio("import", table("unite.csv", ROWS), "--fill-down", "Cognome", status=5)
    assert "Cognome" in viaggio.error, viaggio.error


@test
def a_row_that_cannot_be_read_ends_its_group():
    path = put("rotto.csv", "Cliente;Data;Attività\nAnna;01/02/2025;A\n;02/02/2025;B\n\0Luca;03/02/2025;A\n"
                            ";04/02/2025;B\nMara;05/02/2025;A\n;06/02/2025;B\n")
    file = read(path, "--fill-down", "Cliente")
    assert (file["stored"], file["rejected"]) == (4, 2), file


@test
def large_files_fill_as_if_every_cell_had_been_written():
    dice = random.Random(7)
    merged, whole, above, day = [], [], "", 0
    for n in range(130000):
        if not above or dice.random() < 0.2:
            above = dice.choice(["C%d" % n, 'Ditta "%d"' % n, "Un nome molto lungo di cliente numero %d" % n])
            merged.append([above])
        else:
            merged.append([""])
        whole.append([above])
        day = dice.randrange(1, 29)
        kind = "A" if n % 5000 == 4999 else dice.choice(["", "A", "B", "C"])
        for rows in (merged, whole):
            rows[-1] += [f"{day:02}/05/2025", kind or "-"]
    first, second = table("grande.csv", merged), table("intero.csv", whole)
    assert first.stat().st_size > 2 << 20
    assert answers(first, "--fill-down", "Cliente") == answers(second)
    assert read(first, "--fill-down", "Cliente")["rejected"] == read(second)["rejected"] > 0


@test
def two_columns_fill_each_from_its_own_row_above():
    rows = [("Anna", "01/02/2025", "A"), ("", "", "B"), ("", "02/02/2025", "C"), ("Luca", "", "A")]
    file = read(table("due.csv", rows), "--fill-down", "Cliente", "--fill-down", "Data")
    assert (file["stored"], file["rejected"]) == (4, 0), file


@test
def a_file_given_twice_under_two_names_is_told():
    first, second = table("marzo.csv", ROWS), table("copia di marzo.csv", ROWS)
    other = table("aprile.csv", ROWS[:-1] + [("", "09/02/2025", "Preventiva")])
    assert any("byte by byte" in note and "marzo.csv" in note for note in read(first, second)[-1]["notes"])
    assert not any("byte by byte" in note for note in read(first, other)[-1]["notes"])
    italian = json.loads(viaggio("import", first, second, "--json", "--lang", "it"))["files"][1]["notes"]
    assert any("contano due volte" in note for note in italian), italian


run()
