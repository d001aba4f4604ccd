"""Small evidence and maps for the tests of the shell, written into a folder of its own."""
import json
import pathlib
import tempfile

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-cli-"))

# Ten customers: all ask, six get an offer, three order; one has only just asked.
ROWS = ["cliente;attività;data;canale;voto;commento"]
for number in range(10):
    ROWS.append(f"C{number:02};Richiesta;2025-01-{number + 1:02} 09:00;Web;;")
    if number < 6:
        ROWS.append(f"C{number:02};Offerta;2025-01-{number + 3:02} 09:00;Email;{1 + number % 5};")
    if number < 3:
        ROWS.append(f"C{number:02};Ordine;2025-01-{number + 8:02} 09:00;Telefono;;Tutto bene")
ROWS.append("C99;Richiesta;2025-03-01 10:00;Web;;")
ROWS.append("C98;Richiesta;31/02/2025 10:00;Web;;")  # no such day: rejected

MAP = {
    "id": "prova", "title": "Dalla richiesta all’ordine", "version": 1, "lang": "it",
    "objective": {"text": "Capire perché si perdono le offerte"}, "scope": {"kind": "end-to-end"},
    "personas": [{"id": "p1", "name": "Anna", "role": "titolare"}],
    "phases": [{"id": "f1", "title": "Valuto", "steps": [
        {"id": "s1", "title": "Chiedo un’offerta", "feeling": {"emotion": "speranza", "valence": 1},
         "match": [{"activity": "Richiesta"}]},
        {"id": "s2", "title": "Ricevo l’offerta", "feeling": {"emotion": "fiducia", "valence": 1},
         "match": [{"activity": "Offerta"}]},
        {"id": "s3", "title": "Ordino", "feeling": {"emotion": "gioia", "valence": 2},
         "match": [{"activity": "Ordine"}]}]}],
}


def write(name, text):
    path = FOLDER / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


CUSTOMERS = write("clienti.csv", "\n".join(ROWS) + "\n")
MAP_FILE = write("mappa.json", json.dumps(MAP, ensure_ascii=False, indent=2))
