"""viaggio report and viaggio render: whole files, in their places, and nobody else's touched."""
import json
import os
import re
import struct
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from data import CUSTOMERS, FOLDER, MAP_FILE, write  # noqa: E402
from tap import SOURCE, run, test, viaggio  # noqa: E402

EXAMPLE = SOURCE / "examples" / "macchinari"
OURS = ["index.html", "insight.json", "poster.pdf", "poster.png", "poster.svg"]


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def looks_right(folder):
    page = (folder / "index.html").read_text()
    assert page.lower().startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    assert not re.search(r'(?:src|href)="https?://', page), "the page wants the network"
    assert (folder / "poster.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert (folder / "poster.pdf").read_bytes().startswith(b"%PDF-")
    assert "<svg" in (folder / "poster.svg").read_text()[:500]
    return page


@test
def a_report_from_several_files_and_a_map_is_whole():
    out = FOLDER / "rapporto"
    said = viaggio("report", "--evidence", EXAMPLE / "crm.csv", "-e", EXAMPLE / "telefonate.xlsx", "-e", EXAMPLE / "recensioni.jsonl",
                   "--map", EXAMPLE / "mappa.json", "--out", out, lang="it")
    assert files(out) == OURS
    page = looks_right(out)
    assert 'lang="it"' in page
    insight = json.loads((out / "insight.json").read_text())
    assert insight["draft"] is False and insight["lang"] == "it"
    assert sum(f["stored"] for f in insight["reading"]["files"]) == 10539 + 2251 + 80
    assert insight["flow"]["traces"] == 1284
    assert len(insight["findings"]) >= 3
    lines = said.splitlines()
    assert lines[-1] == f"{out}/index.html"
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3."]


@test
def without_a_map_it_drafts_one_and_says_so():
    out = FOLDER / "bozza"
    said = viaggio("report", CUSTOMERS, "--out", out)
    assert "draft" in said
    assert files(out) == sorted(OURS + ["map.json"])
    looks_right(out)
    assert json.loads((out / "insight.json").read_text())["draft"] is True
    viaggio("check", out / "map.json", status=None)
    assert viaggio.status in (0, 1), viaggio.error


@test
def files_of_others_stay_as_they_are():
    out = FOLDER / "mista"
    out.mkdir()
    (out / "appunti.txt").write_text("miei")
    viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--out", out)
    viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--out", f"{out}/")  # again, over its own
    assert (out / "appunti.txt").read_text() == "miei"
    assert files(out) == sorted(OURS + ["appunti.txt"])


@test
def a_file_that_is_not_ours_is_not_written_over():
    out = FOLDER / "altrui"
    out.mkdir()
    (out / "index.html").write_text("il mio sito")
    viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--out", out, status=6)
    assert "index.html" in viaggio.error
    assert files(out) == ["index.html"] and (out / "index.html").read_text() == "il mio sito"
    viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--out", out, "--force")
    assert files(out) == OURS


@test
def a_map_that_was_worked_on_is_kept():
    out = FOLDER / "lavorata"
    viaggio("report", CUSTOMERS, "--out", out)
    (out / "map.json").write_text("corretta a mano")
    viaggio("report", CUSTOMERS, "--out", out)
    assert (out / "map.json~").read_text() == "corretta a mano"
    draft = (out / "map.json").read_text()
    viaggio("report", CUSTOMERS, "--out", out)  # a draft nobody touched needs no keeping
    assert (out / "map.json~").read_text() == "corretta a mano" and files(out) == sorted([*OURS, "map.json", "map.json~"])
    mine = draft.replace('"title": "', '"title": "MIO ', 1)
    (out / "map.json").write_text(mine)
    viaggio("report", CUSTOMERS, "--map", out / "map.json", "--out", out)
    assert "MIO" in (out / "map.json").read_text() and not (out / "map.json~2").exists()
    (out / "map.json").write_text(mine.replace("MIO", "SECONDO"))
    viaggio("report", CUSTOMERS, "--out", out)
    assert (out / "map.json~").read_text() == "corretta a mano"
    assert "SECONDO" in (out / "map.json~2").read_text()


@test
def a_failed_report_leaves_nothing_behind():
    out = FOLDER / "fallito"
    before = files(FOLDER)
    viaggio("report", "/no/such.csv", "--out", out, status=5)
    viaggio("report", CUSTOMERS, "--map", "/no/such.json", "--out", out, status=5)
    viaggio("report", CUSTOMERS, "--map", write("rotta.json", "{"), "--out", out, status=3)
    viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--paper", "b12", "--out", out, status=2)
    viaggio("report", CUSTOMERS, "--out", FOLDER / "no" / "such" / "folder", status=5)
    assert files(FOLDER) == sorted(before + ["rotta.json"])


@test
def the_same_evidence_gives_the_same_picture():
    a, b = FOLDER / "uno", FOLDER / "due"
    for out in (a, b):
        viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--out", out)
    assert (a / "poster.svg").read_bytes() == (b / "poster.svg").read_bytes()


@test
def pictures_come_in_every_kind_and_format():
    for what in ("poster", "flow", "funnel", "variants", "timeline"):
        for form, begins in (("svg", b"<"), ("png", b"\x89PNG"), ("pdf", b"%PDF-")):
            out = FOLDER / f"{what}.{form}"
            viaggio("render", "--what", what, "--map", MAP_FILE, CUSTOMERS, "--only-customer", "C01", "--out", out)
            assert out.read_bytes().startswith(begins), (what, form)
    poster = viaggio("render", MAP_FILE)
    assert "<svg" in poster[:400] and "Ordino" in poster
    dark = viaggio("render", MAP_FILE, "--theme", "dark")
    assert dark != poster


@test
def a_picture_of_the_flow_follows_the_table():
    out = FOLDER / "flusso.svg"
    viaggio("flow", CUSTOMERS, "--svg", out, "--detail", "100%")
    assert "Richiesta" in out.read_text() and "Ordine" in out.read_text()


@test
def paper_sets_the_size_of_the_page():
    for paper, width_mm in (("a4", 297), ("a3", 420), ("a0", 1189), ("500x300", 500)):
        out = FOLDER / f"carta-{paper}.pdf"
        viaggio("render", MAP_FILE, "--paper", paper, "--out", out)
        box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+)", out.read_bytes())
        assert box and abs(float(box.group(1)) * 25.4 / 72 - width_mm) < 1, (paper, box and box.groups())
    out = FOLDER / "carta.png"
    viaggio("render", MAP_FILE, "--paper", "a4", "--out", out)
    assert struct.unpack(">I", out.read_bytes()[16:20])[0] == round(297 / 25.4 * 200)


@test
def hidden_names_are_nowhere_in_the_page():
    text = CUSTOMERS.read_text().replace("C01;", "Mario Rossi;")
    out = FOLDER / "senza-nomi"
    viaggio("report", write("nomi.csv", text), "--map", MAP_FILE, "--out", out, "--hide-names")
    assert "Mario Rossi" not in (out / "index.html").read_text()


@test
def markup_in_the_data_stays_text():
    text = CUSTOMERS.read_text().replace("Offerta", "<script>alert(1)</script>").replace("C01;", "<img src=x onerror=alert(2)>;")
    out = FOLDER / "ostile"
    viaggio("report", write("codice.csv", text), "--out", out)
    page = (out / "index.html").read_text()
    assert "<script>alert(1)" not in page and "<img src=x" not in page
    assert "<script>alert" not in (out / "poster.svg").read_text()


@test
def a_map_goes_there_and_back_through_mermaid():
    viaggio("convert", MAP_FILE, "--out", FOLDER / "m.mmd")
    viaggio("convert", FOLDER / "m.mmd", "--out", FOLDER / "m.json")
    viaggio("diff", MAP_FILE, FOLDER / "m.json")
    assert viaggio("convert", MAP_FILE, "--to", "markdown").startswith("#")
    viaggio("convert", MAP_FILE, "--out", FOLDER / "m.xyz", status=2)


@test
def diff_and_check_say_no_with_status_one():
    other = write("diversa.json", MAP_FILE.read_text().replace("Ordino", "Confermo"))
    viaggio("diff", MAP_FILE, other, status=1)
    viaggio("diff", MAP_FILE, MAP_FILE, status=0)
    nobody = json.loads(MAP_FILE.read_text())
    nobody["personas"] = []
    viaggio("check", write("nessuno.json", json.dumps(nobody)), status=1)


@test
def a_thing_done_after_several_steps_is_one_thing():
    rows = ["cliente;attività;data"]
    for number in range(40):
        way = ["Richiesta", "Reclamo", "Offerta", "Reclamo", "Ordine"] if number < 20 else ["Richiesta", "Offerta", "Ordine"]
        rows += [f"C{number};{what};2025-01-{1 + at:02} {number % 24:02}:00" for at, what in enumerate(way)]
    viaggio("report", "-e", write("reclami.csv", "\n".join(rows)), "--map", MAP_FILE, "--out", FOLDER / "reclami")
    page = (FOLDER / "reclami/index.html").read_text()
    assert "1 thing that customers do is not on the map." in page, re.findall(r"[^>]*customers do[^<]*", page)


run()
