"""What the tests of reading share: files to read, the program's report on them, and the events it takes from them."""
import csv
import json
import pathlib
import tempfile

from tap import viaggio

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-read-"))


def put(name, content):
    path = FOLDER / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(*arguments, **how):
    """The report of reading one file, or a list of them, with rows = stored + rejected already checked."""
    files = json.loads(viaggio("import", *arguments, "--json", **how))["files"]
    for file in files:
        assert file["rows"] == file["stored"] + file["rejected"], file
    return files if len(files) > 1 else files[0]


def events(path, *arguments, keys=("customer", "time", "activity"), days=False):
    """The events as tuples of these columns; `days`: times without their clock."""
    out = FOLDER / "events.csv"
    viaggio("import", path, "--out", out, *arguments)
    with open(out, newline="", encoding="utf-8-sig") as made:
        return [tuple(row[k][:10] if days and k == "time" else row[k] for k in keys) for row in csv.DictReader(made)]
