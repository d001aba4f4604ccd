"""XLSX, XES and JSON lines through the program: what is read, what is refused, in which words."""
import gzip
import json
import pathlib
import resource
import subprocess
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import tap
from reading import FOLDER, put, read
from tap import run, shared, test, viaggio
from workbook import CLOCK, DATE, DATE_TIME, DAYS, Styled, archive, workbook

SANITIZED = b"__asan_" in pathlib.Path(tap.PROGRAM).read_bytes()  # it needs terabytes of addresses, and time


def roles(file):
    return {column["name"]: column["role"] for column in file["columns"]}


def events(path, *arguments):
    out = FOLDER / "events.csv"
    viaggio("import", path, "--out", out, *arguments)
    lines = out.read_text().splitlines()
    return [line.split(",")[:3] for line in lines[1:]]


def refused(path, words, *arguments, seconds=20, memory_mb=1500):
    """Refused with these words, within bounded time and memory, and not by a crash."""
    seconds *= 5 if SANITIZED else 1
    began = time.monotonic()
    ran = subprocess.run([tap.PROGRAM, "import", str(path), *arguments], capture_output=True, timeout=seconds,
                         env={"LANG": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0"},
                         preexec_fn=None if SANITIZED else lambda: resource.setrlimit(
                             resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20)))
    said = ran.stderr.decode()
    assert ran.returncode not in (0, 134, 139) and ran.returncode > 0, (ran.returncode, said)
    assert words in said, said
    assert time.monotonic() - began < seconds
    return said


HEADER = ["Cliente", "Evento", "Data", "Voto"]
ROWS = [["Esportazione del 12/11/2025"], None, HEADER,
        ["Rossi", "Chiamata", Styled(45973.586805555555, DATE_TIME), 4.5],
        ["Rossi", "Visita", Styled(45974, DATE), 3],
        ["Bianchi", "Visita", "31/02/2025", None],
        [1001, True, Styled("45975.25", DATE_TIME), 5]]


# ---- XLSX ----

@test
def a_workbook_is_read_with_title_rows_dates_numbers_and_shared_texts():
    path = put("a.xlsx", workbook(ROWS))
    file = read(path)
    assert file["kind"] == "XLSX" and file["header_line"] == 3, file
    assert (file["stored"], file["rejected"]) == (3, 1), file
    assert file["rejects"][0]["line"] == 6 and "does not exist" in file["rejects"][0]["reason"]
    assert sorted(events(path)) == [["1001", "2025-11-14T06:00:00Z", "true"],
                                    ["Rossi", "2025-11-12T14:05:00Z", "Chiamata"],
                                    ["Rossi", "2025-11-13T00:00:00Z", "Visita"]], events(path)


@test
def days_are_counted_from_1904_where_the_workbook_says_so():
    rows = [HEADER, ["A", "x", Styled(0.5, DATE_TIME), 1], ["A", "y", Styled(44511, DATE), 1]]
    got = events(put("b.xlsx", workbook(rows, from_1904=True)))
    assert ["A", "2025-11-12T00:00:00Z", "y"] in got, got


@test
def a_date_and_a_clock_column_of_a_sheet_are_joined():
    rows = [["Cliente", "Evento", "Data", "Ora", "Attesa"],
            ["A", "x", Styled(45973, DATE), Styled(0.5868055555555556, CLOCK), Styled(3, DAYS)]]
    got = events(put("c.xlsx", workbook(rows)))
    assert got == [["A", "2025-11-12T14:05:00Z", "x"]], got


@test
def a_sheet_can_be_chosen_by_name():
    path = put("d.xlsx", workbook(ROWS, second=[HEADER, ["Neri", "Reso", Styled(45973, DATE), 1]]))
    assert events(path, "--sheet", "Visite") == [["Neri", "2025-11-12T00:00:00Z", "Reso"]]
    said = refused(path, 'there is no sheet "Nessuno"', "--sheet", "Nessuno")
    assert "Chiamate, Visite" in said


@test
def an_empty_first_sheet_says_that_another_can_be_named():
    path = put("vuoto.xlsx", workbook([], second=ROWS))
    viaggio("import", path, status=3)
    assert "--sheet" in tap.viaggio.error, tap.viaggio.error
    assert read(path, "--sheet", "Visite")["stored"] == read(put("pieno.xlsx", workbook(ROWS)))["stored"] > 0


@test
def a_workbook_cut_off_anywhere_is_refused_with_a_sentence():
    whole = workbook(ROWS)
    for part in range(1, 20):
        refused(put("cut.xlsx", whole[:len(whole) * part // 20]), "damaged or cut off")


@test
def a_damaged_workbook_never_crashes():
    whole = bytearray(workbook(ROWS))
    for at in range(0, len(whole), 37):
        broken = bytes(whole[:at]) + bytes([whole[at] ^ 0xFF]) + bytes(whole[at + 1:])
        viaggio("import", put("broken.xlsx", broken), status=None)
        assert viaggio.status in (0, 3, 4, 1, 2), (at, viaggio.status, viaggio.error)
        assert "Sanitizer" not in viaggio.error, viaggio.error


@test
def a_zip_bomb_is_refused():
    bomb = "<worksheet><sheetData>" + " " * (60 << 20)
    refused(put("bomb.xlsx", workbook(ROWS, extra={"xl/worksheets/sheet1.xml": bomb}.items())), "200 times its size")
    refused(put("bomb2.xlsx", workbook(ROWS, extra={"xl/sharedStrings.xml": "<sst>" + "<si/>" * (12 << 20)}.items())),
            "200 times its size")


@test
def an_archive_of_too_many_files_is_refused():
    refused(put("many.xlsx", workbook(ROWS, extra={f"x/{i}": "" for i in range(10001)}.items())), "more than 10000 files")


@test
def a_path_that_climbs_out_of_the_archive_leads_nowhere():
    climbing = '<Relationships><Relationship Id="rId1" Target="../../../../etc/passwd"/></Relationships>'
    path = put("climb.xlsx", workbook(ROWS, extra={"xl/_rels/workbook.xml.rels": climbing}.items()))
    assert "root:" not in refused(path, "damaged or cut off")


@test
def a_document_type_inside_a_workbook_is_refused():
    bad = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    refused(put("dtd.xlsx", workbook(ROWS, extra={"xl/worksheets/sheet1.xml": bad}.items())), "DOCTYPE")


@test
def a_text_used_a_million_times_costs_no_time():
    long = "x" * 1000000
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>' for n in range(2, 9000))
    sheet = ('<worksheet><sheetData><row r="1"><c t="s"><v>3</v></c><c t="s"><v>4</v></c><c t="s"><v>5</v></c></row>' + rows +
             "</sheetData></worksheet>")
    texts = "".join(f"<si><t>{t}</t></si>" for t in ("A", long, "2025-01-02", "Cliente", "Evento", "Data"))
    path = put("shared.xlsx", workbook(ROWS, extra={"xl/worksheets/sheet1.xml": sheet,
                                                    "xl/sharedStrings.xml": f"<sst>{texts}</sst>"}.items()))
    refused(path, "GB of text", seconds=60)


# ---- XES ----

def xes(body, head=""):
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<log>{body}</log>'


EVENT = ('<event><string key="concept:name" value="{0}"/><date key="time:timestamp" value="{1}"/>{2}</event>')
TRACE = '<trace><string key="concept:name" value="{0}"/>{1}</trace>'


@test
def the_shared_xes_logs_hold_the_same_events_as_their_csv_twins():
    # The CSV twins floor times to UTC; counts of rows are what the data's README states.
    for name, rows in (("helpdesk.xes.gz", 21348), ("receipt.xes.gz", 8577)):
        file = read(shared("xes/" + name))
        assert (file["kind"], file["rows"], file["stored"]) == ("XES", rows, rows), file["rows"]
    assert roles(read(shared("xes/receipt.xes.gz")))["case:channel"] == "channel"


@test
def nested_attributes_globals_and_lists_are_columns():
    body = ('<global scope="event"><string key="canale" value="web"/></global>' +
            TRACE.format("C1", '<string key="tipo" value="B2B"/>' + EVENT.format(
                "a", "2025-01-02T03:04:05.250+01:00",
                '<int key="costo" value="5"><float key="iva" value="1.1"/></int>'
                '<list key="l"><values><boolean key="b" value="true"/></values></list>')))
    file = read(put("n.xes", xes(body)))
    sample = dict(zip(roles(file), file["sample"][0]))
    assert sample["costo"] == "5" and sample["costo.iva"] == "1.1" and sample["l.b"] == "true", sample
    assert sample["case:tipo"] == "B2B" and sample["canale"] == "web", sample
    assert roles(file)["canale"] == "channel"
    assert events(put("n.xes", xes(body))) == [["C1", "2025-01-02T02:04:05.250000Z", "a"]], events(FOLDER / "n.xes")


@test
def an_event_without_a_time_is_kept_aside_and_the_others_go_in():
    body = TRACE.format("C1", EVENT.format("a", "2025-01-02", "") + EVENT.format("b", "mai", "") + EVENT.format("", "2025-01-02", ""))
    file = read(put("r.xes", xes(body)))
    assert (file["stored"], file["rejected"]) == (1, 2), file
    assert [r["reason"] for r in file["rejects"]] == ['"mai" is not a date', "the activity is missing"], file["rejects"]


@test
def a_trace_without_a_name_is_called_by_its_number():
    body = TRACE.format("C1", EVENT.format("a", "2025-01-02", "")) + "<trace>" + EVENT.format("b", "2025-01-02", "") + "</trace>"
    assert sorted(events(put("t.xes", xes(body)))) == [["#2", "2025-01-02T00:00:00Z", "b"], ["C1", "2025-01-02T00:00:00Z", "a"]]


@test
def entities_of_xes_are_refused_and_reach_for_nothing():
    canary = put("canary", "CANARINO")
    for head in (f'<!DOCTYPE log [<!ENTITY a SYSTEM "file://{canary}">]>', '<!DOCTYPE log SYSTEM "http://127.0.0.1:9/x.dtd">',
                 '<!DOCTYPE log [' + "".join(f'<!ENTITY a{i} "{"&a%d;" % (i - 1) * 10 if i else "ha"}">' for i in range(10)) + "]>"):
        said = refused(put("e.xes", xes(TRACE.format("&a;", ""), head)), "document type", seconds=5)
        assert "CANARINO" not in said


@test
def xml_that_is_deep_cut_off_or_no_log_is_refused_with_its_place():
    refused(put("deep.xes", xes('<string key="a" value="b">' * 100000)), "nested more than 128 deep")
    refused(put("cut.xes", xes(TRACE.format("C1", EVENT.format("a", "2025-01-02", "")))[:150]), "cut.xes:1:")
    refused(put("html.xes", "<?xml version='1.0'?><html><body/></html>"), "begins with <html>")
    refused(put("empty.xes", xes("")), "not one row")


@test
def xes_in_windows_1252_is_read():
    body = xes(TRACE.format("Nicolò", EVENT.format("perché", "2025-01-02", ""))).replace("UTF-8", "windows-1252")
    assert events(put("w.xes", body.encode("cp1252"))) == [["Nicolò", "2025-01-02T00:00:00Z", "perché"]]


# ---- JSON ----

@test
def xes_in_utf_16_is_read():
    body = xes(TRACE.format("Nicolò", EVENT.format("perché", "2025-01-02", ""))).replace("UTF-8", "UTF-16")
    assert events(put("u.xes", body.encode("utf-16"))) == [["Nicolò", "2025-01-02T00:00:00Z", "perché"]]


@test
def json_is_read_as_lines_array_nested_and_within_an_answer():
    one = '{"cliente":{"id":7},"evento":"x","quando":"2025-01-02T10:00:00Z"}'
    two = one.replace('"x"', '"y"')
    for text in (one + "\n" + two + "\n", f"[{one},\n{two}]", f'{{"pagina":1,"data":[{one},{two}]}}',
                 json.dumps(json.loads(one), indent=2) + "\n" + json.dumps(json.loads(two), indent=2)):
        got = events(put("j.json", text))
        assert got == [["7", "2025-01-02T10:00:00Z", "x"], ["7", "2025-01-02T10:00:00Z", "y"]], (text, got)


@test
def a_bad_line_of_json_is_kept_aside_with_its_line():
    good = '{"cliente":"A","evento":"x","quando":"2025-01-02"}'
    bad = ['{"cliente":"A",', '{"cliente":"A","cliente":"B"}', '{"cliente":"\\ud800"}', '{"cliente":1e400}', "[1,2]", '"x"',
           "[" * 100000, '{"cliente":"A","evento":"x"}', '{"cliente":"A","evento":"x","quando":"ieri"}',
           '{"cliente":"A","evento":"' + "x" * 1100000 + '","quando":"2025-01-02"}', '{"cliente":"A\\u0000","evento":"x","quando":"2025-01-02"}']
    file = read(put("bad.jsonl", "\n".join([good] + bad + [good])))
    assert (file["stored"], file["rejected"]) == (2, len(bad)), (file["stored"], file["rejects"])
    assert [r["line"] for r in file["rejects"]] == list(range(2, 2 + len(bad)))


@test
def json_nested_a_million_deep_is_refused():
    refused(put("deep.json", "[" * 1000000), "nested deeper than 128", seconds=10)
    refused(put("deep2.json", '{"a":' * 1000000), "larger than 4194304", seconds=10)


# ---- packing, standard input, several files ----

@test
def gz_is_unpacked_and_bombs_and_stumps_are_refused():
    lines = b'{"cliente":"A","evento":"x","quando":"2025-01-02"}\n' * 10
    assert read(put("a.jsonl.gz", gzip.compress(lines)))["stored"] == 10
    assert read(put("two.gz", gzip.compress(lines) + gzip.compress(lines)))["stored"] == 20
    refused(put("cut.gz", gzip.compress(lines)[:-12]), "damaged or cut off")
    refused(put("bomb.gz", gzip.compress(b" " * (60 << 20))), "200 times its size")
    refused(put("twice.gz", gzip.compress(gzip.compress(lines))), "compressed twice")


@test
def standard_input_is_read():
    line = b'{"cliente":"A","evento":"x","quando":"2025-01-02"}\n'
    assert read("-", input=line * 5)["stored"] == 5
    many = b"".join(b'{"cliente":"C%d","evento":"x","quando":"2025-01-02"}\n' % (n * 7919 % 999983) for n in range(400000))
    assert read("-", input=gzip.compress(many))["stored"] == 400000  # beyond what is kept in memory
    assert read("-", input=workbook(ROWS))["stored"] == 3


@test
def files_of_different_kinds_are_joined_into_one_log():
    jsonl = put("k.jsonl", '{"cliente":"Rossi","evento":"x","quando":"2025-01-02"}\n')
    sheet = put("k.xlsx", workbook(ROWS))
    log = put("k.xes", xes(TRACE.format("Rossi", EVENT.format("a", "2025-01-02", ""))))
    files = read(jsonl, sheet, log)
    assert [f["stored"] for f in files] == [1, 3, 1], files
    out = FOLDER / "joined.csv"
    viaggio("import", jsonl, sheet, log, "--out", out)
    assert sum(line.startswith("Rossi,") for line in out.read_text().splitlines()) == 4


@test
def a_kind_that_is_not_read_is_named_with_its_remedy():
    for name, content, words in (("old.xls", b"\xD0\xCF\x11\xE0" + bytes(600), ".xlsx without a password"),
                                 ("a.pdf", b"%PDF-1.7\n", "this is a PDF"), ("a.png", b"\x89PNG\r\n", "a picture"),
                                 ("a.ods", archive({"content.xml": "<x/>"}), "no Excel workbook"),
                                 ("a.bin", bytes(range(256)) * 40, "no table can be read"), ("empty.csv", b"", "the file is empty"),
                                 ("blank.csv", b"\n \n", "the file is empty"), ("a.db", b"SQLite format 3\0" + bytes(99), "a database")):
        refused(put(name, content), words)
    refused(FOLDER, "a folder")
    refused(FOLDER / "missing.csv", "no such file")


@test
def refusals_speak_italian_too():
    viaggio("import", put("empty.csv", b""), lang="it", status=None)
    assert "il file è vuoto" in viaggio.error and "esportatelo di nuovo" in viaggio.error, viaggio.error


@test
def totals_and_headers_among_the_rows_of_a_workbook_are_told_apart():
    head = ["Cliente", "Evento", "Data", "Importo"]
    rows = [head, ["A", "x", "01/02/2025", 3], head, ["B", "x", "01/02/2025", "N/D"], ["N/D", "x", "01/02/2025", 1],
            ["Totale", None, None, 4]]
    file = read(put("odd.xlsx", workbook(rows)))
    assert file["stored"] == 2 and [(r["line"], r["reason"]) for r in file["rejects"]] == [
        (3, "it repeats the names of the columns"), (5, 'the customer is missing: "N/D" stands for nothing'),
        (6, "it looks like a row of totals")], file["rejects"]


run()
