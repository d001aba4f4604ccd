"""The data file from outside: it answers as the files would, keeps what it acknowledged, and never crashes."""
import atexit
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from tap import PROGRAM, SOURCE, run, shared, test, viaggio  # noqa: E402

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-store-"))
EXAMPLE = SOURCE / "examples" / "macchinari"
FILES = [EXAMPLE / "crm.csv", EXAMPLE / "telefonate.xlsx", EXAMPLE / "recensioni.jsonl"]
LOGS = ["running_example", "repair_example", "teleclaims", "reviewing", "receipt", "bpic2013_closed"]
COLUMNS = ["--customer", "case_id", "--activity", "activity", "--time", "timestamp"]
numbers = itertools.count()


def new(*files, options=()):
    path = FOLDER / f"{next(numbers)}.viaggio"
    viaggio("init", path, "-q")
    if files:
        viaggio("import", *files, *options, "-w", path, "-q")
    return path


def ask(verb, path, *options):
    return json.loads(viaggio(verb, "-w", path, "--json", *options))


def imported(path, *files):
    got = json.loads(viaggio("import", *files, "-w", path, "--json", "-q"))
    return [(f["added"], f["known"]) for f in got["files"]]


def write(name, rows):
    path = FOLDER / name
    path.write_text("cliente;attività;data;canale;nota\n" + "".join(";".join(row) + "\n" for row in rows))
    return path


def rows_of(rng, count, customers=40):
    """Rows with many ties of time, so that their order is put to the test."""
    return [(f"C{rng.randrange(customers):03}", rng.choice(["Visita", "Offerta", "Ordine", "Reso"]),
             f"2025-{rng.randrange(1, 13):02}-{rng.randrange(1, 4):02}", rng.choice(["Web", "Telefono", ""]),
             f"n{number}") for number in range(count)]


def whole(path):
    out = viaggio("doctor", "-w", path, "--table")
    assert "all is well" in out, out


# ---- the same answers ----

@test
def the_golden_logs_answer_as_their_files_do():
    for log in LOGS:
        path = shared(f"logs/{log}.csv")
        workspace = new(path, options=COLUMNS)
        for verb in (["flow"], ["variants", "--top", "0"], ["funnel"]):
            loose = json.loads(viaggio(verb[0], path, *COLUMNS, "--json", *verb[1:]))
            for _ in ("made", "from the image"):
                assert ask(verb[0], workspace, *verb[1:]) == loose, (log, verb)


@test
def the_example_answers_as_its_files_do():
    workspace = new(*FILES)
    viaggio("maps", EXAMPLE / "mappa.json", "-w", workspace, "-q")
    mapped = ["--map", EXAMPLE / "mappa.json"], ["--map", "macchinari"]
    for verb, options in (("flow", []), ("variants", ["--top", "0"]), ("align", mapped), ("funnel", mapped),
                          ("emotions", mapped), ("survival", ["--from", "Offerta inviata", "--to", "Ordine confermato"]),
                          ("flow", ["--only-channel", "Telefono"])):
        loose, kept = options if options == mapped else (options, options)
        assert json.loads(viaggio(verb, *FILES, "--json", *loose)) == ask(verb, workspace, *kept), verb
    kept = json.loads(viaggio("timeline", "C00250", "-w", workspace, "--json"))
    sources = [event.pop("source") for event in kept["journeys"][0]["events"]]  # besides, the file each came from
    assert json.loads(viaggio("timeline", "C00250", *FILES, "--json")) == kept
    assert set(sources) == {"crm.csv", "telefonate.xlsx"}, sources


@test
def a_report_is_written_from_a_workspace():
    workspace = new(*FILES)
    out = FOLDER / "report"
    viaggio("report", "-w", workspace, "--map", EXAMPLE / "mappa.json", "--out", out)
    assert (out / "index.html").stat().st_size > 50000


@test
def journeys_can_be_those_of_a_column():
    path = FOLDER / "ordini.csv"
    path.write_text("cliente,attività,data,pratica\nanna,A,2025-01-01,p1\nanna,B,2025-01-02,p2\n"
                    "anna,B,2025-01-03,p1\ncarlo,C,2025-01-04,p2\n")
    workspace = new(path)
    assert ask("flow", workspace)["traces"] == 2
    assert [e["from"] + e["to"] for e in ask("flow", workspace, "--journey", "pratica")["edges"]] == ["AB", "BC"]
    assert ask("flow", workspace, "--journey", "pratica") == \
        json.loads(viaggio("flow", path, "--json", "--journey", "pratica"))


# ---- what is known is not added ----

@test
def the_same_file_twice_adds_nothing():
    workspace = new(FILES[0])
    assert imported(workspace, *FILES) == [(0, 10539), (2251, 0), (80, 0)]
    assert imported(workspace, *FILES) == [(0, 10539), (0, 2251), (0, 80)]
    whole(workspace)


@test
def a_grown_file_adds_what_is_new():
    rng = random.Random(1)
    rows = rows_of(rng, 600)
    workspace = new(write("cresce.csv", rows[:200]))
    assert imported(workspace, write("cresce.csv", rows[:450])) == [(250, 200)]
    assert imported(workspace, write("cresce.csv", rows)) == [(150, 450)]
    assert ask("events", workspace, "--top", "0") == ask("events", new(write("cresce.csv", rows)), "--top", "0")


@test
def equal_rows_of_a_file_are_as_many_as_they_are():
    row = ("anna", "Telefonata", "2025-01-01 10:00", "Telefono", "uguale")
    workspace = new(write("doppie.csv", [row, row]))
    assert ask("flow", workspace)["events"] == 2
    assert imported(workspace, write("doppie.csv", [row, row, row])) == [(1, 2)]
    assert imported(workspace, write("altre.csv", [row])) == [(0, 1)]


@test
def columns_in_another_order_are_the_same_events():
    workspace = new(write("a.csv", [("anna", "Visita", "2025-01-01", "Web", "x")]))
    other = FOLDER / "b.csv"
    other.write_text("nota;canale;data;attività;cliente\nx;Web;2025-01-01;Visita;anna\n")
    assert imported(workspace, other) == [(0, 1)]


@test
def the_order_of_imports_says_nothing():
    rng = random.Random(2)
    rows = rows_of(rng, 900, customers=25)
    parts = [write(f"parte-{i}.csv", rows[i * 300:(i + 1) * 300]) for i in range(3)]
    answers = set()
    for order in itertools.permutations(parts):
        for look_between in (False, True):
            workspace = new()
            for part in order:
                viaggio("import", part, "-w", workspace, "-q")
                if look_between:  # so that an image is there, and what follows is joined to it
                    ask("flow", workspace)
            answers.add(viaggio("events", "-w", workspace, "--json", "--top", "0") +
                        viaggio("variants", "-w", workspace, "--json", "--top", "0"))
    assert len(answers) == 1, len(answers)


@test
def an_image_joined_with_a_little_more_is_as_one_made_anew():
    rng = random.Random(3)
    rows = rows_of(rng, 2000, customers=60)
    workspace = new(write("z.csv", rows[:1900]))
    ask("flow", workspace)
    for name, part in (("a.csv", rows[1900:1940]), ("zz.csv", rows[1940:])):
        viaggio("import", write(name, part), "-w", workspace, "-q")
    joined = viaggio("events", "-w", workspace, "--json", "--top", "0")
    viaggio("rebuild", "-w", workspace)
    assert viaggio("events", "-w", workspace, "--json", "--top", "0") == joined


# ---- one customer ----

@test
def joined_names_are_one_customer_until_it_is_undone():
    workspace = new(write("persone.csv", [("C1", "Visita", "2025-01-01", "", ""), ("anna@example.com", "Offerta", "2025-01-02", "", ""),
                                          ("+39333", "Ordine", "2025-01-03", "", ""), ("C2", "Visita", "2025-01-04", "", "")]))
    assert ask("flow", workspace)["traces"] == 4
    viaggio("alias", "C1", "anna@example.com", "+39333", "-w", workspace)
    assert ask("flow", workspace)["traces"] == 2
    assert [e["customer"] for e in ask("events", workspace)["events"]] == ["C1"] * 3 + ["C2"]
    viaggio("alias", "+39333", "C1", "-w", workspace, status=6)
    known = json.loads(viaggio("export-customer", "anna@example.com", "-w", workspace))
    assert known["names"][0] == "C1" and len(known["names"]) == 3 and len(known["events"]) == 3
    viaggio("alias", "--undo", "+39333", "-w", workspace)
    assert ask("flow", workspace)["traces"] == 3
    viaggio("alias", "--undo", "nessuno", "-w", workspace, status=5)


@test
def an_erased_customer_is_in_no_byte_of_any_file():
    name, said = "CANARINO-7731", "parola-che-nessun-altro-dice"
    rows = rows_of(random.Random(4), 300) + [(name, "Visita", "2025-02-01", "Web", said), (name, "Ordine", "2025-02-02", "", "n0")]
    workspace = new(write("con-canarino.csv", rows), write("altro.csv", rows_of(random.Random(5), 50)))
    before = ask("events", workspace, "--top", "0")
    viaggio("alias", "C001", name, "-w", workspace)
    viaggio("alias", "--undo", name, "-w", workspace)
    ask("flow", workspace)
    connection = sqlite3.connect(workspace)  # uncompressed copies would be seen here
    assert any(name.encode() in pathlib.Path(p).read_bytes() for p in (workspace, f"{workspace}-wal") if os.path.exists(p))
    connection.close()
    viaggio("erase", name, "-w", workspace)
    for path in FOLDER.glob(workspace.name + "*"):
        data = path.read_bytes()
        assert name.encode() not in data and said.encode() not in data, path
    # what remains is all the others, and nothing of the one, also in what is compressed
    after = ask("events", workspace, "--top", "0")
    assert after["events"] == [e for e in before["events"] if e["customer"] != name]
    viaggio("export-customer", name, "-w", workspace, status=5)
    viaggio("erase", name, "-w", workspace, status=5)
    assert name not in viaggio("events", "-w", workspace, "--json", "--top", "0", "--attribute", "nota")
    whole(workspace)


# ---- what was acknowledged stays ----

@test
def a_killed_import_is_there_whole_or_not_at_all():
    rng = random.Random(6)
    rounds = int(os.environ.get("VIAGGIO_KILLS", "12"))
    workspace = new()
    expected, lost = 0, 0
    began = time.monotonic()
    viaggio("import", write("ritmo.csv", rows_of(rng, 4000, 400)), "-w", new(), "-q")
    usual = time.monotonic() - began
    for number in range(rounds):
        rows = [(c, a, d, ch, f"k{number}-{n}") for c, a, d, ch, n in rows_of(rng, 4000, 400)]
        path = write(f"kill-{number}.csv", rows)
        process = subprocess.Popen([PROGRAM, "import", str(path), "-w", str(workspace), "-q"], stdout=subprocess.DEVNULL)
        try:
            acknowledged = process.wait(rng.uniform(0, usual * 1.2)) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            acknowledged = False
        sources = viaggio("sources", "-w", workspace)
        there = path.name in sources
        assert there or not acknowledged, number
        expected += 4000 if there else 0
        lost += not there
        assert sum(int(line.split("\t")[1]) for line in sources.splitlines()[1:]) == expected, number
    whole(workspace)
    assert expected == 0 or ask("flow", workspace)["events"] == expected


@test
def two_programs_write_one_file_one_after_the_other():
    workspace = new()
    rng = random.Random(7)
    paths = [write(f"insieme-{i}.csv", [(c, a, d, ch, f"{i}-{n}") for c, a, d, ch, n in rows_of(rng, 2000)]) for i in range(4)]
    running = [subprocess.Popen([PROGRAM, "import", str(p), "-w", str(workspace), "-q"], stdout=subprocess.DEVNULL) for p in paths]
    running += [subprocess.Popen([PROGRAM, "doctor", "-w", str(workspace)], stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [p.wait(60) for p in running] == [0] * 6
    assert ask("flow", workspace)["events"] == 8000
    whole(workspace)


@test
def a_second_writer_waits_or_says_so():
    workspace = new(write("uno.csv", rows_of(random.Random(8), 10)))
    connection = sqlite3.connect(workspace, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert ask("flow", workspace)["events"] == 10  # readers do not wait
    began = time.monotonic()
    viaggio("import", write("due.csv", rows_of(random.Random(9), 10)), "-w", workspace, status=6)
    assert "another program is writing" in viaggio.error and time.monotonic() - began < 30
    connection.execute("ROLLBACK")
    connection.close()


@test
def a_backup_of_a_file_that_is_written_to_is_whole():
    workspace = new(write("base.csv", rows_of(random.Random(10), 3000)))
    path = write("durante.csv", [(c, a, d, ch, "d" + n) for c, a, d, ch, n in rows_of(random.Random(11), 3000)])
    writer = subprocess.Popen([PROGRAM, "import", str(path), "-w", str(workspace), "-q"], stdout=subprocess.DEVNULL)
    copies = [FOLDER / f"copia-{i}.viaggio" for i in range(3)]
    for copy in copies:
        viaggio("backup", copy, "-w", workspace)
    assert writer.wait(60) == 0
    for copy in copies:
        whole(copy)
        assert ask("flow", copy)["events"] in (3000, 6000)
        assert copy.stat().st_mode & 0o777 == 0o600


@test
def a_restored_file_is_what_it_was_and_the_other_is_kept():
    workspace, copy = new(write("prima.csv", rows_of(random.Random(12), 100))), FOLDER / "salvo.viaggio"
    before = ask("events", workspace, "--top", "0")
    viaggio("backup", copy, "-w", workspace)
    viaggio("import", FILES[0], "-w", workspace, "-q")
    viaggio("restore", copy, "-w", workspace)
    assert ask("events", workspace, "--top", "0") == before
    assert ask("flow", f"{workspace}.before-restore-1")["events"] == 10639
    workspace.write_bytes(b"gone wrong")
    viaggio("restore", copy, "-w", workspace)
    assert ask("events", workspace, "--top", "0") == before


# ---- what is not whole is refused, with a sentence ----

@test
def what_is_no_data_file_is_refused():
    foreign = FOLDER / "foreign.viaggio"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE other(x)")
    connection.commit()
    connection.close()
    (FOLDER / "empty.viaggio").touch()
    (FOLDER / "text.viaggio").write_text("this is a letter\n" * 100)
    for name in ("foreign", "empty", "text"):
        viaggio("flow", "-w", FOLDER / f"{name}.viaggio", status=3)
        assert "no data file of Viaggio" in viaggio.error, (name, viaggio.error)
    viaggio("flow", "-w", FOLDER / "absent.viaggio", status=5)
    viaggio("init", FOLDER / "empty.viaggio", status=6)


@test
def a_file_of_a_newer_version_is_refused_and_left_alone():
    workspace = new(write("v.csv", rows_of(random.Random(13), 10)))
    connection = sqlite3.connect(workspace)
    connection.execute("PRAGMA user_version = 999")
    connection.commit()
    connection.close()
    viaggio("flow", "-w", workspace, status=3)
    assert "newer version" in viaggio.error
    viaggio("flow", "-w", workspace, status=3, lang="it")
    assert "versione più recente" in viaggio.error


def survives(path):
    """Every answer about a damaged file is an answer or a sentence, in time; never a signal."""
    for verb in (["flow"], ["doctor"], ["events", "--top", "5"], ["sources"]):
        viaggio(*verb, "-w", path, status=None, timeout=60)
        assert viaggio.status in (0, 1, 3, 5, 6, 8), (verb, viaggio.status, viaggio.error)
        assert viaggio.status < 2 or viaggio.error.startswith("viaggio: "), viaggio.error


@test
def a_file_cut_short_never_crashes_the_program():
    workspace = new(*FILES)
    ask("flow", workspace)
    data = workspace.read_bytes()
    copy = FOLDER / "cut.viaggio"
    for length in sorted({0, 1, 99, 100, 4096, len(data) - 1, *range(16384, len(data), len(data) // 12)}):
        for end in ("-wal", "-shm"):
            pathlib.Path(f"{copy}{end}").unlink(missing_ok=True)
        copy.write_bytes(data[:length])
        survives(copy)


@test
def flipped_bytes_never_crash_the_program():
    workspace = new(*FILES)
    ask("flow", workspace)
    data = workspace.read_bytes()
    rng = random.Random(14)
    copy, seen = FOLDER / "flipped.viaggio", 0
    for number in range(int(os.environ.get("VIAGGIO_FLIPS", "25"))):
        spoilt = bytearray(data)
        for _ in range(rng.choice([1, 8, 200])):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        for end in ("-wal", "-shm"):
            pathlib.Path(f"{copy}{end}").unlink(missing_ok=True)
        copy.write_bytes(spoilt)
        survives(copy)
        viaggio("doctor", "-w", copy, status=None)
        seen += viaggio.status != 0
    assert seen > 0


@test
def a_damaged_image_is_made_again():
    workspace = new(*FILES)
    good = ask("flow", workspace)
    connection = sqlite3.connect(workspace)
    connection.execute("UPDATE block SET body = zeroblob(length(body)) WHERE batch_id IN (SELECT batch_id FROM image)")
    connection.commit()
    connection.close()
    viaggio("doctor", "-w", workspace, status=1)
    assert ask("flow", workspace) == good
    whole(workspace)


@test
def a_changed_audit_is_found():
    workspace = new(*FILES)
    connection = sqlite3.connect(workspace)
    connection.execute("UPDATE audit SET who = 'nobody' WHERE seq = 2")
    connection.commit()
    connection.close()
    viaggio("doctor", "-w", workspace, status=1)
    assert "audit was changed at entry 2" in viaggio.error


@test
def files_and_a_workspace_at_once_are_refused():
    workspace = new(FILES[2])
    viaggio("flow", FILES[2], "-w", workspace, status=2)


@test
def an_import_is_listed_and_taken_back():
    rng = random.Random(15)
    rows = rows_of(rng, 60)
    workspace = new(write("uno.csv", rows[:40]))
    before = ask("events", workspace, "--top", "0")
    bad = write("due.csv", rows[20:] + [("anna", "Visita", "2025-02-31", "", "n")])
    viaggio("import", bad, "-w", workspace, "-q")
    listed = ask("imports", workspace)["imports"]
    assert [(i["import"], i["source"], i["added"], i["known"], i["rejected"]) for i in listed] == \
        [(2, "due.csv", 20, 20, 1), (1, "uno.csv", 40, 0, 0)]
    assert "2025-02-31" in viaggio("imports", "2", "-w", workspace)
    viaggio("imports", "1", "-w", workspace, status=5)
    viaggio("imports", "--undo", "1", "-w", workspace)
    assert "20 " in viaggio.error, viaggio.error
    other = new(write("due.csv", rows[20:]))
    assert ask("events", workspace, "--top", "0") == ask("events", other, "--top", "0")
    viaggio("import", write("uno.csv", rows[:40]), "-w", workspace, "-q")
    viaggio("imports", "--undo", "2", "-w", workspace)
    assert ask("events", workspace, "--top", "0") == before
    viaggio("imports", "--undo", "2", "-w", workspace, status=5)
    viaggio("imports", "--undo", "x", "-w", workspace, status=2)
    whole(workspace)


@test
def an_option_that_would_have_no_effect_is_refused():
    path = write("opzioni.csv", rows_of(random.Random(16), 10))
    workspace = new(path)
    for options in (["--customer", "cliente"], ["--encoding", "utf-8"], ["--time", "data"], ["--rejects", FOLDER / "r.csv"],
                    ["--scale", "nps"], ["--zone", "Europe/Rome"], ["--activity-name", "X"]):
        viaggio("flow", "-w", workspace, *options, status=2)
        assert f"{options[0]} says how a file is read" in viaggio.error, viaggio.error
        viaggio("import", path, "-w", workspace, *options, status=None)
        assert "says how" not in viaggio.error and "is for questions" not in viaggio.error
    for options in (["--since", "2025-01-01"], ["--only-channel", "Web"], ["--pause", "3d"], ["--journey", "nota"]):
        viaggio("import", path, "-w", workspace, *options, status=2)
        assert f"{options[0]} is for questions" in viaggio.error, viaggio.error
        if options[0] != "--journey":  # no column is left for it in this file
            viaggio("flow", "-w", workspace, *options)


@test
def a_map_alone_is_checked_and_drawn():
    workspace = new()
    viaggio("maps", EXAMPLE / "mappa.json", "-w", workspace, "-q")
    loose = json.loads(viaggio("check", EXAMPLE / "mappa.json", "--json", status=None))["maps"][0]["findings"]
    kept = json.loads(viaggio("check", "macchinari", "-w", workspace, "--json", status=None))["maps"][0]["findings"]
    assert kept == loose
    assert viaggio("render", "--map", "macchinari", "-w", workspace).startswith("<?xml")
    viaggio("render", "--what", "flow", "-w", workspace, status=2)
    viaggio("flow", "-w", workspace, status=3)


@test
def a_map_that_comes_again_is_its_next_version():
    workspace = new()
    viaggio("maps", EXAMPLE / "mappa.json", "-w", workspace)
    viaggio("maps", EXAMPLE / "mappa.json", "-w", workspace)
    changed = json.loads((EXAMPLE / "mappa.json").read_text())
    changed["title"] = "Un altro titolo"
    (FOLDER / "altra.json").write_text(json.dumps(changed))
    out = viaggio("maps", FOLDER / "altra.json", "-w", workspace)
    assert out.splitlines()[1].split("\t")[:3] == ["macchinari", "Un altro titolo", "1"], out
    got = json.loads(viaggio("convert", "macchinari", "--to", "json", "-w", workspace))
    assert got == changed
    viaggio("diff", EXAMPLE / "mappa.json", "Un altro titolo", "-w", workspace, status=1)


@test
def customers_are_led_along_a_map_from_the_shell():
    path = FOLDER / "path.viaggio"
    viaggio("init", path, "-q")
    viaggio("maps", SOURCE / "examples" / "casa-in-ordine" / "mappa.json", "-w", path, "-q")
    table = FOLDER / "iscritte.csv"
    table.write_bytes("Cliente;Inizio\r\nNicolò Perù;3/11/2025\r\nNadia;\r\n".encode("windows-1252"))
    viaggio("enrol", "casa-in-ordine", "Ortensia Neri", "--at", "2025-11-03", "-w", path)
    got = json.loads(viaggio("enrol", "casa-in-ordine", "--file", table, "-w", path, "--json"))
    assert (got["found"], got["added"]) == (2, 2), got
    one = ["progress", "casa-in-ordine", "Ortensia Neri", "-w", path]
    viaggio(*one, "--done", "Chiedo aiuto", "--on", "2025-11-04")
    viaggio(*one, "--feeling", "-2", "--because", "parola-canarino", "--on", "2025-11-05")
    viaggio(*one, "--milestone", "decido", status=3)
    viaggio(*one, "--done", "Chiedo aiuto", "--note", "x", status=2)
    viaggio(*one, "--note", "della squadra")
    rows = json.loads(viaggio(*one, "--json"))["progress"]
    assert [r["kind"] for r in rows] == ["done", "feeling", "note"], rows
    told = json.loads(viaggio("events", "-w", path, "--json", "--top", "0"))
    assert [e["activity"] for e in told["events"]] == ["Prima telefonata", "Come sto"], told
    assert json.loads(viaggio("enrol", "casa-in-ordine", "--containing", "Come sto", "-w", path, "--json"))["added"] == 0
    viaggio(*one, "--undo", rows[0]["id"])
    exported = json.loads(viaggio("export-customer", "Nicolò Perù", "-w", path))
    assert exported["events"] == [] and exported["paths"][0]["at"].startswith("2025-11-03"), exported
    viaggio("erase", "Ortensia Neri", "-w", path)
    for file in FOLDER.glob("path.viaggio*"):
        assert b"Ortensia" not in file.read_bytes() and b"canarino" not in file.read_bytes(), file


atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
run()
