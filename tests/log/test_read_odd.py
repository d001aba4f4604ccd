"""Files as careless systems leave them: read where they can be, refused in a sentence where not."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from reading import put, read
from tap import run, test, viaggio

ROWS = [(f"C{n % 7}", ["Richiesta", "Preventivo", "Ordine"][n % 3], f"{n + 1:02}/05/2025") for n in range(21)]


@test
def a_header_that_says_a_name_twice_is_a_header_all_the_same():
    path = put("doppia.csv", "Data;Cliente;Data;Stato\n" + "".join(f"{d};{c};{d};{a}\n" for c, a, d in ROWS))
    file = read(path)
    assert (file["stored"], file["rejected"]) == (21, 0), file
    assert [(c["name"], c["role"]) for c in file["columns"]] == [
        ("Data", "time"), ("Cliente", "customer"), ("Data", "ignore"), ("Stato", "activity")]
    assert read(path, "--time", "#3")["stored"] == 21


@test
def data_that_says_a_word_twice_is_no_header():
    path = put("senza.csv", "".join(f"{c};{a};{a};{d}\n" for c, a, d in ROWS))
    assert read(path)["stored"] == 21


@test
def rows_that_end_with_a_carriage_return_alone_are_rows():
    for encoding in ("utf-8", "cp1252", "utf-16"):
        text = "Cliente;Attività;Data\r" + "\r".join(";".join(row) for row in ROWS[:-1]) + "\rC1;Ordine;mai"
        file = read(put("mac.csv", text.encode(encoding)))
        assert (file["stored"], file["rejected"]) == (20, 1), (encoding, file)
        assert file["rejects"][0]["line"] == 22, file["rejects"]


@test
def of_a_file_without_a_readable_row_the_first_fault_is_said_with_its_place():
    for name, content, said in [
        ("profondo.jsonl", "[" * 1000000, "profondo.jsonl:1: nested deeper than 128"),
        ("rotto.json", '{"cliente": "a", "quando": [1, 2}', "rotto.json:1: this is not JSON"),
    ]:
        viaggio("flow", put(name, content), status=3)
        assert said in viaggio.error, viaggio.error


run()
