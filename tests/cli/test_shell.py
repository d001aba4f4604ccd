"""The shell as people meet it: bad usage, help, languages, pipes, hostile data."""
import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from data import CUSTOMERS, FOLDER, MAP_FILE, write  # noqa: E402
from tap import PROGRAM, SOURCE, run, test, viaggio  # noqa: E402

VERBS = ["import", "events", "timeline", "flow", "variants", "funnel", "survival", "align", "emotions", "draft", "check",
         "diff", "render", "report", "convert"]


def on_terminal(*arguments, env=None, columns=100):
    """What the program writes when standard output is a terminal."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=other, stderr=subprocess.PIPE,
                               env={**os.environ, "LANG": "C.UTF-8", "TERM": "xterm", **(env or {})})
    os.close(other)
    text = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    process.stderr.close()
    process.wait()
    os.close(main)
    return text.decode()


@test
def without_a_command_it_says_where_the_list_is():
    viaggio(status=2)
    assert "viaggio help" in viaggio.error


@test
def help_lists_every_command():
    text = viaggio("help")
    for verb in VERBS:
        assert re.search(rf"^  {verb} +\S", text, re.M), verb


@test
def each_command_explains_itself_in_both_languages():
    for verb in VERBS:
        for words in ([verb, "--help"], ["help", verb]):
            english, italian = viaggio(*words), viaggio(*words, lang="it")
            assert english.startswith(f"Usage: viaggio {verb}"), verb
            assert italian.startswith(f"Uso: viaggio {verb}"), verb
            assert "Example:\n  viaggio " in english and "Esempio:\n  viaggio " in italian


@test
def the_example_of_each_command_works():
    import shlex
    import shutil
    here = FOLDER / "examples-here"
    shutil.copytree(SOURCE / "examples" / "macchinari", here / "examples" / "macchinari")
    for verb in VERBS:
        line = re.search(r"Example:\n  viaggio (.+)", viaggio(verb, "--help")).group(1)
        words = shlex.split(line)
        viaggio(*words, cwd=here, status=None)
        assert viaggio.status == 0 or (verb == "check" and viaggio.status == 1), (line, viaggio.status, viaggio.error)


@test
def an_unknown_command_or_option_suggests_the_nearest():
    viaggio("fnnel", status=2)
    assert "did you mean funnel?" in viaggio.error
    viaggio("funnel", "--stpes", "A", status=2)
    assert "did you mean --steps?" in viaggio.error
    viaggio("quark", status=2)
    assert "did you mean" not in viaggio.error


@test
def bad_values_are_refused_with_what_would_do():
    for arguments, said in [
        (["flow", CUSTOMERS, "--top", "many"], "whole number"),
        (["flow", CUSTOMERS, "--top", "-1"], "whole number"),
        (["flow", CUSTOMERS, "--pause", "30"], "30d"),
        (["flow", CUSTOMERS, "--pause", "0d"], "30d"),
        (["funnel", CUSTOMERS, "--window", "0s"], "30d"),
        (["flow", CUSTOMERS, CUSTOMERS], "named twice"),
        (["flow", CUSTOMERS, "-e", FOLDER / "." / CUSTOMERS.name], "named twice"),
        (["flow", CUSTOMERS, "--since", "2025-02-31"], "2025-02-31"),
        (["flow", CUSTOMERS, "--since", "2025-03", "--until", "2025-01"], "before it begins"),
        (["flow", CUSTOMERS, "--where", "canale"], "COLUMN=VALUE"),
        (["flow", CUSTOMERS, "--scale", "grades"], "stars"),
        (["flow", CUSTOMERS, "--delimiter", "ab"], "one character"),
        (["flow", CUSTOMERS, "--json=yes"], "takes no value"),
        (["flow", CUSTOMERS, "--top"], "wants a value"),
        (["flow"], "FILE"),
        (["survival", CUSTOMERS], "--from"),
        (["timeline", "C00"], "timeline"),
        (["align", CUSTOMERS], "--map"),
        (["diff", MAP_FILE], "MAP MAP"),
        (["diff", MAP_FILE, MAP_FILE, MAP_FILE], "does not know what to do"),
        (["report", CUSTOMERS], "--out"),
        (["render", MAP_FILE, "--paper", "b9"], "paper"),
        (["render", MAP_FILE, "--out", FOLDER / "x.gif"], "format"),
        (["--lang", "de", "help"], "language"),
        (["flow", "-", "-"], "only once"),
    ]:
        viaggio(*arguments, status=2, input=b"")
        assert said in viaggio.error, (arguments, viaggio.error)


@test
def a_missing_file_is_named():
    viaggio("flow", "/no/such/clienti.csv", status=5)
    assert "/no/such/clienti.csv: there is no such file" in viaggio.error
    viaggio("check", "/no/such/mappa.json", status=5, lang="it")
    assert "/no/such/mappa.json: il file o la cartella non esiste" in viaggio.error


@test
def a_bad_date_is_reported_with_line_and_reason_and_the_rest_goes_in():
    read = json.loads(viaggio("import", CUSTOMERS, "--json"))["files"][0]
    assert (read["rows"], read["stored"], read["rejected"]) == (21, 20, 1)
    assert read["rejects"][0]["line"] == 22 and "31/02/2025" in read["rejects"][0]["reason"]
    viaggio("flow", CUSTOMERS)
    assert "1 of 21 rows left out" in viaggio.error and "line 22" in viaggio.error
    viaggio("flow", CUSTOMERS, "--quiet")
    assert viaggio.error == ""


@test
def rejected_rows_are_kept_aside():
    aside = FOLDER / "scarti.csv"
    viaggio("import", CUSTOMERS, "--rejects", aside)
    assert "31/02/2025" in aside.read_text() and "22" in aside.read_text()


@test
def the_language_comes_from_the_environment_and_the_option_is_stronger():
    assert viaggio("help", lang="it").startswith("viaggio mostra")
    assert viaggio("help", "--lang", "en", lang="it").startswith("viaggio shows")
    assert viaggio("--lang=it", "help").startswith("viaggio mostra")
    viaggio("flow", "--json", "--bogus", "--lang", "it", status=2)
    assert "non ha l’opzione" in viaggio.error


@test
def into_a_pipe_go_rows_with_tabs_and_plain_numbers():
    rows = [line.split("\t") for line in viaggio("flow", CUSTOMERS, lang="it").splitlines()]
    assert rows[0] == ["from", "to", "count", "mean_s", "median_s", "p95_s"]
    assert rows[1] == ["Richiesta", "Offerta", "6", "172800", "172800", "172800"]
    assert all(len(row) == 6 for row in rows)
    assert "\x1b" not in viaggio("flow", CUSTOMERS, "--table")


@test
def on_a_terminal_there_are_tables_with_bars_and_colour_unless_unwanted():
    text = on_terminal("flow", CUSTOMERS)
    assert "█" in text and "\x1b[" in text
    plain = on_terminal("flow", CUSTOMERS, env={"NO_COLOR": "1"})
    assert "█" in plain and "\x1b" not in plain
    assert "\x1b" not in on_terminal("flow", CUSTOMERS, env={"TERM": "dumb"})


@test
def tables_keep_to_the_width_of_the_terminal():
    for columns in (60, 80, 132):
        text = on_terminal("flow", CUSTOMERS, env={"NO_COLOR": "1"}, columns=columns)
        assert max(len(line) for line in text.splitlines()) <= columns, columns


@test
def a_customers_name_cannot_speak_to_the_terminal():
    hostile = write("ostile.csv", "cliente,attività,data\n"
                    "\x1b]0;preso\x07\x1b[31mRossi\u202e\x9b5m,Ri\x1b[2Jchiesta,2025-01-01 10:00\n"
                    "\x1b]0;preso\x07\x1b[31mRossi\u202e\x9b5m,Ordine,2025-01-02 10:00\n")
    own = re.compile(r"\x1b\[\d*m")
    for verb in (["events"], ["flow"], ["variants"], ["variants", "--json"], ["import"], ["events", "--json"]):
        for text in (on_terminal(*verb, hostile), viaggio(*verb, hostile)):
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", own.sub("", text.replace("\r\n", "\n"))) or "--json" in verb, verb
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", own.sub("", text.replace("\r\n", "\n"))), verb
    viaggio("funnel", hostile, "--step", "\x1b[31mNo", status=5)
    assert "\x1b" not in viaggio.error


@test
def standard_input_is_a_file_named_minus():
    from_file = viaggio("flow", CUSTOMERS, "--json", "--quiet")
    assert viaggio("flow", "-", "--json", "--quiet", input=CUSTOMERS.read_bytes()) == from_file
    assert viaggio("flow", "--evidence", "-", "--json", "-q", input=CUSTOMERS.read_bytes()) == from_file


@test
def files_without_an_option_and_with_evidence_are_the_same():
    assert viaggio("flow", CUSTOMERS, "--json") == viaggio("flow", "-e", CUSTOMERS, "--json") \
        == viaggio("flow", f"--evidence={CUSTOMERS}", "--json")


@test
def a_broken_pipe_is_no_error_message():
    big = write("molti.csv", "cliente,attività,data\n" + "".join(f"C{n},Passo {n % 7},2025-01-01 10:00\n" for n in range(30000)))
    process = subprocess.Popen(f"'{PROGRAM}' events '{big}' --json | head -n 1", shell=True, stderr=subprocess.PIPE,
                               stdout=subprocess.DEVNULL)
    assert process.communicate(timeout=60)[1] == b""


@test
def a_full_disk_is_said():
    with open("/dev/full", "wb") as full:
        ran = subprocess.run([PROGRAM, "flow", CUSTOMERS, "--json"], stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 8 and b"disk is full" in ran.stderr, (ran.returncode, ran.stderr)


@test
def what_asks_for_nothing_or_for_two_things_is_refused():
    for asked, what in [(["funnel", CUSTOMERS, "--steps", " , ,"], "--steps names no step"),
                        (["funnel", CUSTOMERS, "--steps", ""], "--steps names no step"),
                        (["flow", CUSTOMERS, "--json", "--table"], "ask for one")]:
        viaggio(*asked, status=2)
        assert what in viaggio.error, (asked, viaggio.error)


@test
def a_picture_shows_what_its_options_ask_for():
    drawn = viaggio("render", CUSTOMERS, "--what", "funnel", "--steps", "Offerta,Ordine")
    assert "Offerta" in drawn and "Ordine" in drawn and "Richiesta" not in drawn, drawn[-3000:]
    assert drawn == viaggio("render", CUSTOMERS, "--what", "funnel", "--step", "Offerta", "--step", "Ordine")
    assert viaggio("render", "--map", MAP_FILE) == viaggio("render", MAP_FILE)
    assert viaggio("plan", "--map", MAP_FILE, "--format", "svg") == viaggio("plan", MAP_FILE, "--format", "svg")
    viaggio("render", CUSTOMERS, "--what", "flow", "--svg", FOLDER / "anche.svg", status=2)  # --out names the picture


@test
def a_picture_opened_by_itself_has_a_ground_and_a_margin():
    dark = viaggio("render", CUSTOMERS, "--what", "flow", "--theme", "dark")
    assert 'viewBox="-24 -24 ' in dark and '<rect x="-24" y="-24"' in dark and 'class="ground" fill="#14171f"' in dark, dark[-3000:]
    viaggio("flow", CUSTOMERS, "--svg", FOLDER / "flusso.svg")
    assert 'class="ground"' in (FOLDER / "flusso.svg").read_text()


@test
def a_file_that_is_no_map_is_told_what_is_wrong_in_the_words_of_its_kind():
    for name, text, what in [("nota.json", '// una nota\n{"title": "t", "phases": []}', "not JSON"),
                             ("niente.json", "null", "nothing (null)"),
                             ("altro.mmd", "flowchart TD\nA-->B\n", "no Mermaid journey"),
                             ("elenco.csv", "a,b\n1,2\n", "column names")]:
        viaggio("check", write(name, text), status=3)
        assert what in viaggio.error, (name, viaggio.error)


@test
def a_closed_output_is_said_and_nothing_else_is_written_in_its_place():
    for arguments in (["flow", CUSTOMERS], ["render", CUSTOMERS, "--format", "svg"], ["render", CUSTOMERS, "--format", "pdf"]):
        words = " ".join(f"'{word}'" for word in [PROGRAM, *arguments, "--lang", "it"])
        ran = subprocess.run(words + " >&-", shell=True, stderr=subprocess.PIPE)
        assert ran.returncode == 8 and "standard output: è chiuso" in ran.stderr.decode(), (arguments, ran)


@test
def results_go_into_the_file_of_out_whole_or_not_at_all():
    out = FOLDER / "flusso.json"
    out.write_text("vecchio")
    viaggio("flow", "/no/such.csv", "--json", "--out", out, status=5)
    assert out.read_text() == "vecchio"
    assert viaggio("flow", CUSTOMERS, "--json", "--out", out) == ""
    assert json.loads(out.read_text())["traces"] == 11
    assert [p.name for p in FOLDER.iterdir() if p.name.startswith("flusso.json")] == ["flusso.json"]


@test
def a_result_is_never_written_over_a_file_that_is_read():
    held, link = CUSTOMERS.read_bytes(), FOLDER / "gli-stessi.csv"
    link.symlink_to(CUSTOMERS)
    for arguments in [["flow", CUSTOMERS, "--json", "--out", CUSTOMERS], ["flow", CUSTOMERS, "--svg", link],
                      ["import", link, "--rejects", CUSTOMERS], ["draft", CUSTOMERS, "--out", CUSTOMERS]]:
        viaggio(*arguments, status=2)
        assert "written over" in viaggio.error and CUSTOMERS.read_bytes() == held, (arguments, viaggio.error)
    held = MAP_FILE.read_bytes()
    for arguments in [["convert", MAP_FILE, "--to", "csv", "--out", MAP_FILE],
                      ["render", MAP_FILE, "--format", "svg", "--out", MAP_FILE],
                      ["align", CUSTOMERS, "--map", MAP_FILE, "--out", MAP_FILE]]:
        viaggio(*arguments, status=2)
        assert "written over" in viaggio.error and MAP_FILE.read_bytes() == held, (arguments, viaggio.error)
    viaggio("import", CUSTOMERS, "--out", FOLDER / "uno.csv", "--rejects", FOLDER / "uno.csv", status=2)
    assert "two results" in viaggio.error


@test
def where_the_options_leave_nothing_it_is_said_and_nothing_is_praised():
    viaggio("flow", CUSTOMERS, "--since", "2030")
    assert "not one is left" in viaggio.error, viaggio.error
    viaggio("flow", CUSTOMERS, "--since", "2030", "--quiet")
    assert viaggio.error == ""
    viaggio("flow", CUSTOMERS)
    assert "not one is left" not in viaggio.error
    align = ["align", CUSTOMERS, "--map", MAP_FILE, "--since", "2030"]
    assert json.loads(viaggio(*align, "--json"))["fitness_mean"] is None
    assert "Fitness 1" not in viaggio(*align, "--table")


@test
def the_filters_keep_the_part_they_name():
    def flow(*options):
        return json.loads(viaggio("flow", CUSTOMERS, "--json", *options))
    assert flow("--since", "2025-02")["events"] == 1
    assert flow("--until", "2025-01-10")["events"] == 19
    assert flow("--until", "10/01/2025")["events"] == 19
    assert flow("--only-channel", "Email")["events"] == 6
    assert flow("--only-activity", "Richiesta", "--only-activity", "Ordine")["events"] == 14
    assert flow("--containing", "Ordine")["traces"] == 3
    assert flow("--missing", "Offerta")["traces"] == 5
    assert flow("--only-customer", "C01")["events"] == 3
    assert flow("--where", "canale=Web")["events"] == 11
    assert flow("--where", "channel!=Web")["events"] == 9
    assert flow("--customers-where", "canale=Web")["events"] > 11
    assert flow("--longer-than", "5d")["traces"] == 3
    assert flow("--shorter-than", "5g")["traces"] == 8
    assert flow("--pause", "4d")["traces"] == 14
    assert flow("--started-since", "2025-01-03", "--started-until", "2025-01-09")["traces"] == 7
    assert flow("--since", "2025-01-11", "--zone", "Europe/Rome")["events"] == 1
    viaggio("flow", CUSTOMERS, "--only-channel", "Emial", status=5)
    assert "Email" in viaggio.error


@test
def a_column_that_one_file_has_chooses_customers_of_all_files():
    orders = write("ordini.csv", "cliente;attività;data\na;Ordine;2025-01-03\nb;Ordine;2025-01-04\nb;Reso;2025-01-05\n")
    people = write("anagrafe.csv", "cliente;attività;data;Tipo cliente\na;Contatto;2025-01-01;Rivenditore\n"
                   "b;Contatto;2025-01-01;Cliente finale\nc;Contatto;2025-01-02;Cliente finale\n")
    def kept(*options):
        flow = json.loads(viaggio("flow", orders, people, "--json", *options))
        return flow["traces"], flow["events"]
    assert kept("--where", "Tipo cliente=Cliente finale") == (2, 2)
    assert kept("--customers-where", "Tipo cliente=Cliente finale") == (2, 4)
    assert kept("--customers-where", "tipo cliente!=Cliente finale") == (1, 2)
    assert kept("--customers-where", "Tipo cliente=Cliente finale", "--containing", "Ordine") == (1, 3)
    assert kept("--customers-where", "Tipo cliente=Cliente finale", "--since", "2025-01-05") == (1, 1)
    viaggio("flow", orders, people, "--customers-where", "Tipo cliente=Cliente", status=5)
    assert "Cliente finale" in viaggio.error
    viaggio("flow", orders, "--customers-where", "Tipo", status=2)
    assert "--customers-where" in viaggio.error and "COLUMN=VALUE" in viaggio.error


@test
def events_as_json_have_the_columns_that_are_only_in_the_file():
    people = write("zone.csv", "cliente;attività;data;Zona\na;Visita;2025-01-01;Nord\nb;Visita;2025-01-02;\n")
    found = json.loads(viaggio("events", people, "--json"))["events"]
    assert [event["attributes"] for event in found] == [{"Zona": "Nord"}, {}]
    line = json.loads(viaggio("timeline", "a", people, "--json"))["journeys"][0]["events"]
    assert line[0]["attributes"] == {"Zona": "Nord"}


@test
def columns_can_be_set_by_name_or_number():
    text = "a;b;c\nrosso;1;2025-01-01\nrosso;2;2025-01-02\nverde;1;2025-01-03\n"
    flow = json.loads(viaggio("flow", "-", "--customer", "#2", "--activity", "A", "--time", "c", "--json", input=text.encode()))
    assert flow["traces"] == 2 and {a["activity"] for a in flow["activities"]} == {"rosso", "verde"}


@test
def a_timeline_shows_one_customers_events_with_the_time_between():
    journey = json.loads(viaggio("timeline", "C01", CUSTOMERS, "--json"))["journeys"]
    assert len(journey) == 1
    assert [e["activity"] for e in journey[0]["events"]] == ["Richiesta", "Offerta", "Ordine"]
    assert [e["since_previous_s"] for e in journey[0]["events"]] == [None, 172800, 432000]
    viaggio("timeline", "C0l", CUSTOMERS, status=5)
    assert "source" not in journey[0]["events"][0]
    with tempfile.TemporaryDirectory() as folder:  # a data file knows which file each came from
        data = os.path.join(folder, "a.viaggio")
        viaggio("init", data)
        viaggio("import", CUSTOMERS, "-w", data)
        events = json.loads(viaggio("timeline", "C01", "-w", data, "--json"))["journeys"][0]["events"]
        assert [e["source"] for e in events] == [os.path.basename(CUSTOMERS)] * 3, events


@test
def import_writes_one_clean_csv_that_reads_the_same():
    clean = FOLDER / "pulito.csv"
    viaggio("import", CUSTOMERS, "--out", clean)
    assert clean.read_text().splitlines()[0] == "customer,time,activity,channel,touchpoint,actor,text,score,scale"
    assert viaggio("flow", clean, "--json", "-q") == viaggio("flow", CUSTOMERS, "--json", "-q")


@test
def what_a_spreadsheet_would_compute_is_defused_in_the_clean_csv():
    clean = FOLDER / "formule.csv"
    viaggio("import", "-", "--out", clean, input=b"cliente,attivita,data\n=1+1,@SUM(A1),2025-01-01\n-x,+y,2025-01-02\n")
    text = clean.read_text()
    assert '"\'=1+1"' in text and '"\'@SUM(A1)"' in text and '"\'-x"' in text and '"\'+y"' in text, text
    assert not re.search(r'(^|,)"?[=+@-]', text, re.M), text


@test
def one_event_and_no_event_get_a_sensible_answer():
    one = b"cliente,attivita,data\nA,Inizio,2025-01-01\n"
    for verb in ("events", "flow", "variants", "funnel", "draft"):
        viaggio(verb, "-", input=one)
    viaggio("flow", "-", "--table", input=one)
    for nothing in (b"", b"cliente,attivita,data\n"):
        viaggio("flow", "-", input=nothing, status=3)
        assert viaggio.error.startswith("viaggio: "), viaggio.error
    empty = json.loads(viaggio("flow", "-", "--json", "--since", "2030", input=one))
    assert empty["events"] == 0 and empty["edges"] == []


@test
def ctrl_c_stops_cleanly_and_leaves_no_temporary_file():
    lines = "".join(f"C{n % 5000},Passo {n % 300},2025-01-{n % 28 + 1:02} 10:{n % 60:02}\n" for n in range(400000))
    big = write("lungo.csv", "cliente,attività,data\n" + lines)
    out = FOLDER / "interrotto"
    for wait in (0.05, 0.2, 0.5):
        process = subprocess.Popen([PROGRAM, "report", big, "--out", out], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   env={**os.environ, "LANG": "C.UTF-8"})
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=120)[1].decode()
        if process.returncode == 0:
            break  # it was faster
        assert process.returncode in (10, -2, 130), (process.returncode, error)
        assert not out.exists() and not [p for p in FOLDER.iterdir() if p.name.startswith("interrotto")]


@test
def the_manual_names_every_command_option_and_exit_status():
    manual = subprocess.run(["man", "-l", "-"], input=viaggio("--man").encode(), capture_output=True,
                            env={**os.environ, "MANWIDTH": "200", "LANG": "C.UTF-8"})
    if manual.returncode == 127:
        return
    source = viaggio("--man").replace("\\-", "-")
    for verb in VERBS:
        assert f"viaggio {verb} " in source, verb
        for option in re.findall(r"--[a-z-]+", viaggio(verb, "--help")):
            assert f"\\fB{option}\\fR" in source or option in source, option
    for status in range(11):
        assert f"\\fB{status}\\fR" in source, status
    assert manual.stderr == b"", manual.stderr


@test
def bash_completes_commands_options_and_values():
    script = viaggio("--completion", "bash")
    ask = script + """
complete_it() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _viaggio; echo "${COMPREPLY[*]}"; }
complete_it viaggio fun
complete_it viaggio flow --js
complete_it viaggio render --what f
"""
    said = subprocess.run(["bash", "-c", ask], capture_output=True, text=True)
    assert said.stdout.splitlines() == ["funnel", "--json", "flow funnel"], (said.stdout, said.stderr)


@test
def a_funnel_of_no_named_steps_does_not_end_where_most_are_lost():
    rows = ["Cliente;Data;Evento"]
    for c in range(100):
        for day, event in list(enumerate(["Richiesta", "Preventivo", "Ordine", "Consegna"]))[: 4 if c < 30 else 2 if c < 80 else 1]:
            rows.append(f"C{c};{1 + day * 3:02}/02/2025;{event}")
    rows.append("C0;01/12/2025;Ringrazia")  # who stopped in February is lost by now
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "crm.csv")
        with open(path, "w") as file:
            file.write("\n".join(rows) + "\n")
        steps = json.loads(viaggio("funnel", path, "--json"))["steps"]
    found = [(s["activity"], s["reached"], s["lost"]) for s in steps]
    assert found == [("Richiesta", 100, 20), ("Preventivo", 80, 50), ("Ordine", 30, 0), ("Consegna", 30, 0)], found


@test
def a_timeline_of_days_alone_tells_no_hour():
    days = write("giorni.csv", "Cliente;Data;Evento\nAda;09/05/2025;Richiesta\nAda;11/05/2025;Preventivo\n")
    hours = write("ore.csv", "Cliente;Data;Evento\nAda;09/05/2025 14:05;Richiesta\nAda;11/05/2025 09:30;Preventivo\n")
    for path, told in ((days, False), (hours, True)):
        out = FOLDER / "ada.svg"
        viaggio("render", path, "--what", "timeline", "--only-customer", "Ada", "--out", out, "-q")
        assert bool(re.search(r"\d\d:\d\d", out.read_text())) == told, path


@test
def the_version_is_said():
    assert re.fullmatch(r"viaggio \d+\.\d+\.\d+\n", viaggio("--version"))


run()
