"""viaggio path: the planted truth of the forty clients is found again."""
import datetime
import json
import os
import re
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from tap import SOURCE, run, test, viaggio  # noqa: E402

EXAMPLE = SOURCE / "examples" / "casa-in-ordine"
TRUTH = json.loads((EXAMPLE / "truth.json").read_text())
ASK = ["path", EXAMPLE / "percorso.csv", "--map", EXAMPLE / "mappa.json", "--today", TRUTH["today"]]
PATH = json.loads(viaggio(*ASK, "--json", lang="en"))
CLIENTS = {client["customer"]: client for client in PATH["clients"]}


@test
def every_client_is_in_the_state_that_was_planted():
    assert set(CLIENTS) == {planted["name"] for planted in TRUTH["clients"]} and len(CLIENTS) == 40
    for planted in TRUTH["clients"]:
        found = CLIENTS[planted["name"]]
        assert (found["state"], found["phase"], found["passed"], found["enrolled"][:10]) == (
            planted["state"], planted["phase"], planted["passed"], planted["enrolled"]), (planted, found)
    assert PATH["states"] == {**dict.fromkeys(PATH["states"], 0), **TRUTH["states"]}
    assert PATH["states"]["arrived"] >= 10 and PATH["states"]["stuck"] >= 3


@test
def thresholds_are_the_paths_own_history():
    for phase in PATH["phases"]:
        planted = TRUTH["phases"][phase["id"]]
        assert phase["n"] == planted["passed"] and phase["from"] == "history"
        assert abs(phase["median_days"] - planted["median_days"]) < 0.01, phase
        assert abs(phase["p90_days"] - planted["p90_days"]) < 0.01, phase
        assert (phase["behind_days"], phase["stuck_days"]) == (phase["median_days"], phase["p90_days"])
    assert PATH["thresholds"]["silent_from"] == "history"


@test
def the_reason_is_a_sentence_in_the_readers_language():
    stuck = next(name for name, client in CLIENTS.items() if client["state"] == "stuck")
    assert "nine in ten who passed it" in CLIENTS[stuck]["reason"]
    italian = json.loads(viaggio(*ASK, "--client", stuck.upper(), "--json", lang="it"))
    assert "a nove su dieci bastano" in italian["reason"] and italian["state_text"] == "in stallo", italian["reason"]


@test
def who_arrived_has_the_objectives_and_who_is_stuck_has_not():
    def mean(state):
        values = [client["attainment"] for client in CLIENTS.values() if client["state"] == state]
        return sum(values) / len(values)
    assert mean("arrived") > 0.95 and mean("stuck") < 0.5
    assert all(0 <= client["attainment"] <= 1 for client in CLIENTS.values())


@test
def a_client_who_is_not_there_is_told():
    viaggio(*ASK, "--client", "Nobody", status=None)
    assert viaggio.status != 0 and "Nobody" in viaggio.error and "--client" in viaggio.error
    viaggio("path", EXAMPLE / "percorso.csv", status=None)
    assert viaggio.status == 2 and "--map" in viaggio.error


@test
def a_page_and_cohorts_are_for_people_and_for_programs():
    arrived = next(client["name"] for client in TRUTH["clients"] if client["state"] == "arrived")
    page = viaggio(*ASK, "--client", arrived, "--table", lang="it")
    assert "alla meta: Arrivo il" in page and "con i suoi riscontri" in page
    rows = viaggio(*ASK, "--cohorts").splitlines()
    assert rows[0].split("\t")[:4] == ["month", "clients", "milestone", "passed"]
    everybody = [row.split("\t") for row in rows[1:] if row.startswith("all\t")]
    assert [int(row[3]) for row in everybody] == [TRUTH["phases"][phase["id"]]["passed"] for phase in PATH["phases"]]
    assert sum(int(row.split("\t")[1]) for row in rows[1:] if "\tDecido\t" in row and not row.startswith("all")) == 40


@test
def the_sheet_to_print_holds_nothing_internal():
    with tempfile.TemporaryDirectory() as folder:
        stuck = next(client["name"] for client in TRUTH["clients"] if client["state"] == "stuck")
        sheet = os.path.join(folder, "sheet.svg")
        viaggio(*ASK, "--client", stuck, "--print", sheet, lang="it")
        with open(sheet, encoding="utf-8") as file:
            words = file.read()
        assert stuck in words and "PROSSIMO PASSO" in words
        assert not any(word in words for word in ("stallo", "Nota della coach", "Nessun segno", "nove su dieci"))
        viaggio(*ASK, "--client", stuck, "--print", os.path.join(folder, "sheet.pdf"))
        with open(os.path.join(folder, "sheet.pdf"), "rb") as file:
            assert file.read(5) == b"%PDF-"
        viaggio(*ASK, "--print", sheet, status=None)
        assert viaggio.status == 2 and "--client" in viaggio.error


@test
def the_report_of_a_path_shows_its_board_and_who_wants_attention():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "r")
        viaggio("report", EXAMPLE / "percorso.csv", "--map", EXAMPLE / "mappa.json", "--today", TRUTH["today"], "--out", out, "-q", lang="it")
        with open(os.path.join(out, "index.html"), encoding="utf-8") as file:
            page = file.read()
        section = page.split('<section id="path"')[1].split("</section>")[0]
        assert "4 in stallo" in section and "Quanti arrivano a ogni milestone" in section
        for client in TRUTH["clients"]:
            assert (client["name"] in section) == (client["state"] in ("stuck", "silent", "behind")), client
        viaggio("report", EXAMPLE / "percorso.csv", "--map", EXAMPLE / "mappa.json", "--today", TRUTH["today"], "--out", out, "-q",
                "--hide-names", "--force", lang="it")
        with open(os.path.join(out, "index.html"), encoding="utf-8") as file:
            hidden = file.read()
        assert not any(client["name"] in hidden for client in TRUTH["clients"])


@test
def progress_of_one_client_makes_nobody_else_lost():
    """Files end in March 2025; a step written down today is no sign that the others were watched until today."""
    begun = datetime.date(2025, 1, 1)
    rows = ["Cliente;Data;Evento"]
    for i in range(60):
        rows.append(f"C{i:03};{begun + datetime.timedelta(i)};Richiesta")
        if i % 3 and i < 55:
            rows.append(f"C{i:03};{begun + datetime.timedelta(i + 2 + i % 5)};Offerta")
    with tempfile.TemporaryDirectory() as folder:
        file, table = os.path.join(folder, "a.viaggio"), os.path.join(folder, "e.csv")
        with open(table, "w", encoding="utf-8") as out:
            out.write("\n".join(rows) + "\n")
        viaggio("init", file, "-q")
        viaggio("import", table, "-w", file, "-q")
        viaggio("maps", EXAMPLE / "mappa.json", "-w", file, "-q")

        def asked():
            funnel = json.loads(viaggio("funnel", "-w", file, "--steps", "Richiesta,Offerta", "--json"))
            wait = json.loads(viaggio("survival", "-w", file, "--from", "Richiesta", "--to", "Offerta", "--json"))
            few = json.loads(viaggio("funnel", "-w", file, "--steps", "Richiesta,Offerta", "--since", "2025-01-20", "--json"))
            return [funnel["seen_until_us"], funnel["steps"], few["steps"], wait["n"], wait["censored"], wait["points"]]
        before = asked()
        assert before[1][0]["travelling"] > 3 and before[1][0]["lost"] > 10, before
        viaggio("enrol", "casa-in-ordine", "C059", "--at", "2025-02-20", "-w", file, "-q")
        viaggio("progress", "casa-in-ordine", "C059", "--done", "chiedo-aiuto", "-w", file, "-q")
        after = asked()
        assert after[:3] == before[:3]
        # who did it is watched until then, and nobody else: one more at risk at every time
        assert after[3:5] == before[3:5]
        assert [(p["at_risk"] - 1, p["happened"]) for p in after[5]] == [(p["at_risk"], p["happened"]) for p in before[5]]


@test
def enrolling_from_the_evidence_gives_the_same_path():
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "a.viaggio")
        viaggio("init", file, "-q")
        viaggio("import", EXAMPLE / "percorso.csv", "-w", file, "-q")
        viaggio("maps", EXAMPLE / "mappa.json", "-w", file, "-q")
        ask = ["path", "-w", file, "--map", "casa-in-ordine", "--today", TRUTH["today"], "--json"]
        enrolled = json.loads(viaggio(*ask, "--enrol", lang="en"))
        again = json.loads(viaggio(*ask, lang="en"))
        assert enrolled == again and len(again["clients"]) == 40
        for client in again["clients"]:
            assert client.pop("enrolment")
            assert client == {key: value for key, value in CLIENTS[client["customer"]].items() if key != "enrolment"}
        viaggio(*ASK, "--enrol", status=None)
        assert viaggio.status == 2 and "-w" in viaggio.error


@test
def nothing_is_written_down_from_before_the_way_began():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "a.viaggio")
        viaggio("init", data)
        viaggio("maps", EXAMPLE / "mappa.json", "-w", data)
        viaggio("enrol", "casa-in-ordine", "Giulia", "--at", "2025-11-03", "-w", data)
        own = ["progress", "casa-in-ordine", "Giulia", "-w", data]
        for said in (["--done", "chiedo-aiuto"], ["--reading", "serate-in-ordine=3"], ["--feeling", "1,5"], ["--milestone", "decido", "--because", "x"]):
            viaggio(*own, *said, "--on", "2025-11-02", status=3)
            assert "the way began on 3 November 2025 only" in viaggio.error, viaggio.error
            viaggio(*own, *said, "--on", "2025-11-03")
        viaggio(*own, "--note", "called before", "--on", "2025-11-01")  # no event: nothing she did
        viaggio(*own, "--leaves", "--on", "2025-11-02", status=3)
        assert "before it began" in viaggio.error, viaggio.error
        viaggio(*own, "--leaves", "--on", "2025-11-03")


@test
def a_rule_goes_on_enrolling_and_nobody_whom_somebody_took_off():
    with tempfile.TemporaryDirectory() as folder:
        data, later = os.path.join(folder, "a.viaggio"), os.path.join(folder, "later.csv")
        at = ["-w", data]

        def bring(*customers):
            with open(later, "w") as file:
                file.write("Cliente;Attività;Data\n" + "".join(f"{c};Prima telefonata;2025-11-0{i + 1}\n" for i, c in enumerate(customers)))
            viaggio("import", later, *at)
            return viaggio.error

        def who():
            return {c["customer"] for c in json.loads(viaggio("path", "--map", "casa-in-ordine", *at, "--json"))["clients"]}

        viaggio("init", data)
        viaggio("maps", EXAMPLE / "mappa.json", *at)
        bring("Anna", "Bea")
        viaggio("enrol", "casa-in-ordine", "--containing", "Prima telefonata", *at)
        assert "the rule is kept" in viaggio.error and who() == {"Anna", "Bea"}
        viaggio("enrol", "casa-in-ordine", "--only-customer", "Bea", "--once", *at)
        viaggio("enrol", "casa-in-ordine", "--containing", "Prima telefonata", *at)  # the same rule: kept once
        rules = json.loads(viaggio("enrol", "casa-in-ordine", "--rules", *at, "--json"))["rules"]
        assert [r["rule"] for r in rules] == ["containing=Prima%20telefonata"], rules
        assert "1 client enrolled by a rule" in bring("Anna", "Carla") and who() == {"Anna", "Bea", "Carla"}
        viaggio("enrol", "casa-in-ordine", "--forget", rules[0]["id"], *at)
        bring("Dora")
        assert who() == {"Anna", "Bea", "Carla"}
        viaggio("enrol", "casa-in-ordine", "--forget", rules[0]["id"], *at, status=5)


@test
def a_name_written_almost_so_is_asked_about_and_another_person_can_be_enrolled():
    with tempfile.TemporaryDirectory() as folder:
        data, table = os.path.join(folder, "a.viaggio"), os.path.join(folder, "iscritti.csv")
        with open(table, "w") as file:
            file.write("Cliente\nBea\nada  rossi\n")
        viaggio("init", data)
        viaggio("maps", EXAMPLE / "mappa.json", "-w", data)
        ask = ["enrol", "casa-in-ordine", "-w", data]
        viaggio(*ask, "Ada Rossi")
        for wanted in (["ada rossi"], ["--file", table]):
            for lang, words in (("en", '"Ada Rossi" is on this path already'), ("it", "«Ada Rossi» è già in questo percorso")):
                viaggio(*ask, *wanted, status=6, lang=lang)
                assert words in viaggio.error and "--another" in viaggio.error, viaggio.error
        assert json.loads(viaggio(*ask, "--file", table, "--another", "--json"))["added"] == 2
        viaggio(*ask, "Ada Rossi")  # exactly so: passed over, as ever


@test
def a_map_is_held_against_the_customers_of_its_protagonist_unless_everybody_is_asked_for():
    with tempfile.TemporaryDirectory() as folder:
        def write(name, text):
            path = os.path.join(folder, name)
            with open(path, "w") as file:
                file.write(text)
            return path

        rows = "".join(f"{who};Iscrizione;2025-01-0{i + 1};{zone}\n{who};{then};2025-02-0{i + 1};{zone}\n"
                       for i, (who, zone, then) in enumerate((("Anna", "Nord", "Arrivo"), ("Bea", "Sud", "Protesta"), ("Carla", "Nord", "Arrivo"), ("Dora", "Sud", "Arrivo"))))
        events = write("a.csv", "Cliente;Attività;Data;Zona\n" + rows)
        document = {"id": "nord", "title": "Via del Nord", "kind": "success-path", "personas": [{"id": "n", "name": "Norda", "filter": "customers-where=Zona!=Sud"}],
                    "phases": [{"id": "f", "title": "F", "steps": [{"id": s.lower(), "title": s, "match": [{"activity": s}]} for s in ("Iscrizione", "Arrivo")]}],
                    "kpis": [{"id": "k", "name": "Arrivi", "kind": "conversion", "from": "iscrizione", "to": "arrivo", "window_days": 20}],
                    "actions": [{"id": "x", "title": "Chiamare", "kpi": "k", "since": "2025-01-02", "group": {"name": "Sud", "filter": "customers-where=Zona=Sud"}}]}
        the_map = write("m.json", json.dumps(document))
        ask = [events, "--map", the_map, "--json"]

        def told(verb, *more):
            answer = json.loads(viaggio(verb, *ask, *more, lang="en"))
            assert ("only the customers of Norda, whom the map is about: 2 journeys" in viaggio.error) == ("--everybody" not in more), viaggio.error
            return answer

        for verb, number in (("path", lambda a: a["total"]), ("funnel", lambda a: a["steps"][0]["reached"]), ("align", lambda a: a["traces"]),
                             ("whatif", lambda a: a["customers"]), ("kpi", lambda a: a["kpis"][0]["n"])):
            assert (number(told(verb)), number(told(verb, "--everybody"))) == (2, 4), verb
        told("emotions")
        viaggio("check", the_map, "--evidence", events, status=None, lang="en")
        assert "only the customers of Norda" in viaggio.error
        told("survival", "--from", "Iscrizione", "--to", "Arrivo")
        # whom an action is compared with are others, and not left out with them
        effect = told("effect")["effects"][0]["effect"]
        assert effect["group"]["before"]["n"] + effect["group"]["after"]["n"] == 2, effect
        # a report, and a persona whose filter the evidence cannot answer
        out = os.path.join(folder, "r")
        viaggio("report", events, "--map", the_map, "--out", out, lang="it")
        assert "solo i clienti di Norda" in viaggio.error and "Protesta" not in open(os.path.join(out, "index.html")).read()
        document["personas"][0]["filter"] = "customers-where=Zona!=Ovest"  # whom nobody is: everybody
        assert json.loads(viaggio("funnel", events, "--map", write("o.json", json.dumps(document)), "--json"))["steps"][0]["reached"] == 4
        document["personas"][0]["filter"] = "customers-where=Paese=Italia"
        viaggio("funnel", events, "--map", write("x.json", json.dumps(document)), status=None)
        assert viaggio.status != 0 and "Paese" in viaggio.error, viaggio.error
        # of a data file: the same; but who is enrolled is on the path, whatever the filter says
        data = os.path.join(folder, "d.viaggio")
        viaggio("init", data)
        viaggio("import", events, "-w", data)
        viaggio("maps", the_map, "-w", data)
        board = ["path", "--map", "nord", "-w", data, "--json"]
        assert json.loads(viaggio(*board))["total"] == 2
        viaggio(*board, "--enrol")
        viaggio("enrol", "nord", "Dora", "--at", "2025-01-01", "-w", data)
        assert {c["customer"] for c in json.loads(viaggio(*board))["clients"]} == {"Anna", "Carla", "Dora"}
        assert next(c for c in json.loads(viaggio(*board))["clients"] if c["customer"] == "Dora")["last_sign"]
        # and the report knows as many, with what they did: nobody is silent since the day they were enrolled
        viaggio("report", "--map", "nord", "-w", data, "--out", out, "--force", "--today", "2025-02-06", lang="en")
        told = re.sub(r"<[^>]+>", " ", open(os.path.join(out, "index.html")).read().split('<section id="path"')[1].split("</section>")[0])
        assert re.search(r"3\s+arrived", told), told


@test
def the_report_of_a_data_file_has_those_who_are_enrolled_in_it():
    with tempfile.TemporaryDirectory() as folder:
        data, out = os.path.join(folder, "a.viaggio"), os.path.join(folder, "report")
        viaggio("init", data)
        viaggio("import", EXAMPLE / "percorso.csv", "-w", data)
        viaggio("maps", EXAMPLE / "mappa.json", "-w", data)
        ask = ["report", "--map", "casa-in-ordine", "-w", data, "--out", out, "--force", "--today", TRUTH["today"], "-q"]
        viaggio(*ask)  # nobody is: all forty of the evidence
        assert "Erica Bassi" in open(os.path.join(out, "index.html")).read()
        viaggio("enrol", "casa-in-ordine", "Grazia De Santis", "Solo sulla carta", "--at", "2025-05-20", "-w", data)
        viaggio(*ask)
        board = open(os.path.join(out, "index.html")).read().split('<section id="path"')[1].split("</section>")[0]
        assert "Solo sulla carta" in board and "Grazia De Santis" in board and "Erica Bassi" not in board, board[:2000]
        viaggio(*ask, "--only-customer", "Grazia De Santis")
        assert "Solo sulla carta" not in open(os.path.join(out, "index.html")).read()


@test
def the_evidence_and_its_truth_are_what_the_generator_writes():
    import shutil
    import subprocess
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(EXAMPLE / "generate.py", folder)
        subprocess.run([sys.executable, os.path.join(folder, "generate.py")], check=True, capture_output=True)
        for name in ("percorso.csv", "truth.json"):
            with open(os.path.join(folder, name), "rb") as made:
                assert made.read() == (EXAMPLE / name).read_bytes(), name


@test
def a_day_that_has_not_come_is_told_as_its_reader_writes_days():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "a.viaggio")
        viaggio("init", data, "--title", "Prova")
        viaggio("maps", EXAMPLE / "mappa.json", "-w", data)
        for lang, told in (("it", "l’8 maggio 2099 non è ancora arrivato"), ("en", "8 May 2099 has not come yet")):
            viaggio("enrol", "casa-in-ordine", "Ada", "--at", "2099-05-08", "-w", data, lang=lang, status=3)
            assert told in viaggio.error, viaggio.error


run()
