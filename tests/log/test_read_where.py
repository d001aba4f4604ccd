"""--where COLUMN=VALUE: any column of the file, by its header, whatever its role."""
import csv
import io
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import run, test, viaggio

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-where-"))
TABLE = ("N.;Cliente;Attività;Data;Operatore;Mezzo;Voto;Commento;Prodotto\n"
         "1;Rossi;Chiamata;02/01/2025;Anna;telefono;4,5;bene;A1\n2;Rossi;Visita;03/01/2025;Ugo;;2;male;A1\n"
         "3;Verdi;Chiamata;04/01/2025;Ugo;telefono;;;B2\n")
(FOLDER / "crm.csv").write_text(TABLE)


def days(*arguments):
    """The days of the events left: each row has its own."""
    lines = viaggio("events", FOLDER / "crm.csv", *arguments).splitlines()
    return sorted(int(row["time"][8:10]) for row in csv.DictReader(io.StringIO("\n".join(lines)), delimiter="\t"))


CASES = [
    ("Operatore=Ugo", [3, 4]), ("operatore!=Ugo", [2]), ("actor=Anna", [2]), ("#5=Anna", [2]),
    ("Mezzo=telefono", [2, 4]), ("Mezzo!=telefono", [3]), ("channel=telefono", [2, 4]),
    ("Cliente=Rossi", [2, 3]), ("cliente!=Rossi", [4]), ("customer=Verdi", [4]),
    ("Attività=Chiamata", [2, 4]), ("attivita=Visita", [3]), ("Voto=4,5", [2]), ("Voto=2", [3]), ("Commento=male", [3]),
    ("Prodotto=B2", [4]), ("PRODOTTO=A1", [2, 3]), ("N.=3", [4]),
]


@test
def every_column_goes_by_its_header_in_any_case_by_its_role_or_by_its_place():
    for where, want in CASES:
        assert days("--where", where) == want, (where, want, days("--where", where))


@test
def several_must_all_hold():
    assert days("--where", "Operatore=Ugo", "--where", "Mezzo=telefono") == [4]
    assert days("--where", "Cliente=Rossi", "--where", "Operatore=Ugo") == [3]
    assert days("--where", "Cliente!=Rossi", "--where", "Cliente!=Verdi") == []


@test
def asking_about_a_column_does_not_change_what_it_is():
    lines = viaggio("events", FOLDER / "crm.csv", "--where", "Operatore=Anna").splitlines()
    assert "Anna" in lines[1] and "telefono" in lines[1], lines
    assert days("--actor", "Operatore", "--where", "Operatore=Anna") == [2]
    assert days("--journey", "Prodotto", "--where", "Cliente=Verdi") == [4]


@test
def what_cannot_be_asked_is_said_with_what_to_do():
    for where, words in (("Data=02/01/2025", "--since"), ("Operatrice=Anna", "the columns are"), ("Operatore=Ann", "Anna"),
                         ("Cliente=Rosi", "Rossi"), ("Voto=buono", "no number")):
        viaggio("events", FOLDER / "crm.csv", "--where", where, status=None)
        assert viaggio.status in range(1, 100) and words in viaggio.error, (where, viaggio.status, viaggio.error)


run()
