"""Success paths over HTTP: who is enrolled and how, whose customers count, progress as evidence."""
import json
import pathlib
import re
import sys
import time
from urllib.parse import urlencode
from urllib.request import urlopen

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Client, Served
from tap import run, test
from world import bring, bring_client, bring_map, bring_path, edit, get, good, until

PDF = b"%PDF-1.7 " + b"x" * 60


@test
def customers_are_enrolled_one_by_one_from_a_table_and_by_a_rule():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        one = good(served.editor.post(f"/maps/{map_id}/enrolments", {
            "customer": "Giulia Neri", "at": "2025-11-03", "start": "tutto in disordine",
            "metrics": {"serate-in-ordine": {"baseline": 0, "target": 6, "due": "2026-06-01"}}}), 201)
        assert one["added"] == 1
        got = get(served.reader, "/enrolments/" + one["enrolment"])
        assert (got["customer"], got["start"], got["metrics"]["serate-in-ordine"]["target"]) == ("Giulia Neri", "tutto in disordine", 6), got
        again = served.editor.post(f"/maps/{map_id}/enrolments", {"customer": "Giulia Neri"})
        assert again.status == 409, again
        table = "sep=;\r\nInizio;Cliente;Partenza\r\n3/11/2025;Rosa Bianchi;la cucina\r\n;Nadia;\r\n3/11/2025;Giulia Neri;\r\n"
        got = good(served.editor.post(f"/maps/{map_id}/enrolments", {"text": table, "name": "iscritte.csv"}), 201)
        assert (got["found"], got["added"]) == (3, 2), got
        wrong = served.editor.post(f"/maps/{map_id}/enrolments", {"text": "Cliente;Data\nAnna;31/02/2025\n", "name": "x.csv"})
        assert wrong.status == 422 and wrong.json["where"] == "x.csv:2", wrong
        for nobody in ({}, {"customer": "A", "rule": "since=2025"}, {"customer": " "}, {"customer": "A", "at": "2099-01-01"},
                       {"customer": "A", "metrics": {"serate-in-ordine": {"baseline": "tanto"}}}):
            assert served.editor.post(f"/maps/{map_id}/enrolments", nobody).status in (400, 422), nobody
        good(served.editor.post(f"/enrolments/{one['enrolment']}/progress", {"kind": "done", "step": "chiedo-aiuto"}), 201)
        rule = {"rule": "containing=Prima%20telefonata"}
        assert good(served.editor.post(f"/maps/{map_id}/enrolments", {**rule, "look": True}), 201) == {"found": 1, "added": 0, "enrolment": None, "rule": None}
        board = get(served.reader, f"/maps/{map_id}/path")["path"]
        assert board["total"] == 3 and {c["customer"] for c in board["clients"]} == {"Giulia Neri", "Rosa Bianchi", "Nadia"}
        # what was changed, and gone
        assert served.editor.patch(f"/enrolments/{one['enrolment']}", {"left": True, "because": "trasloco"}).status == 204
        got = get(served.reader, "/enrolments/" + one["enrolment"])
        assert got["left"]["because"] == "trasloco" and got["client"]["state"] == "left" and got["start"] == "tutto in disordine", got
        assert served.editor.delete("/enrolments/" + one["enrolment"]).status == 204
        assert served.reader.get("/enrolments/" + one["enrolment"]).status == 404
        assert get(served.reader, "/customers")["total"] == 0  # and its progress with it


@test
def a_rule_enrols_whoever_comes_to_fit_it_and_nobody_twice_nor_back():
    def csv(*customers):
        return ("Cliente;Attività;Data\n" + "".join(f"{c};Prima telefonata;2025-11-03\n" for c in customers)).encode()

    with Served(team=True) as served:
        editor = served.editor
        map_id = bring_path(editor)

        def who():
            return {c["customer"]: c["enrolment"] for c in get(served.reader, f"/maps/{map_id}/path")["path"]["clients"]}

        bring(editor, "a.csv", csv("Anna", "Bea"))
        for nobody in ("", "?", "garbage", "contianing=Prima%20telefonata", "containing=", "where="):  # all would mean everybody
            assert editor.post(f"/maps/{map_id}/enrolments", {"rule": nobody}).status == 422, nobody
        assert editor.post(f"/maps/{map_id}/enrolments", {"rule": "containing=Prima%20telefonata", "look": True}).json["rule"] is None
        made = good(editor.post(f"/maps/{map_id}/enrolments", {"rule": "containing=Prima%20telefonata"}), 201)
        assert made["added"] == 2 and set(who()) == {"Anna", "Bea"}, made
        rules = get(served.reader, f"/maps/{map_id}/rules")["items"]
        assert [(r["id"], r["rule"]) for r in rules] == [(made["rule"], "containing=Prima%20telefonata")], rules
        assert editor.delete("/enrolments/" + who()["Bea"]).status == 204
        bring(editor, "b.csv", csv("Anna", "Bea", "Carla"))
        until(lambda: "Carla" in who())
        assert set(who()) == {"Anna", "Carla"}  # who was taken off stays off
        good(editor.post(f"/maps/{map_id}/enrolments", {"customer": "Bea"}), 201)  # unless by hand
        assert served.reader.delete(f"/maps/{map_id}/rules/{made['rule']}").status == 403
        assert editor.delete(f"/maps/{map_id}/rules/{made['rule']}").status == 204
        bring(editor, "c.csv", csv("Dora"))
        time.sleep(1)
        assert set(who()) == {"Anna", "Bea", "Carla"}
        assert editor.delete(f"/maps/{map_id}/rules/{made['rule']}").status == 404


@test
def an_enrolment_undone_is_as_if_it_had_never_been():
    with Served(team=True) as served:
        editor = served.editor
        map_id = bring_path(editor)

        def enrol(**more):
            return editor.post(f"/maps/{map_id}/enrolments", more)

        def kept(name):
            return get(served.owner, "/customer/export", name=name, format="json").get("paths", [])

        bring(editor, "a.csv", "Cliente;Attività;Data\nAnna;Prima telefonata;2025-11-03\nBea;Prima telefonata;2025-11-03\n".encode())
        one, other = (good(enrol(customer=name), 201)["enrolment"] for name in ("Anna", "Bea"))
        assert served.reader.delete(f"/enrolments/{one}?undo=1").status == 403
        assert editor.delete(f"/enrolments/{one}?undo=1").status == 204
        assert editor.delete(f"/enrolments/{other}").status == 204
        assert kept("Anna") == [] and [row["map"] for row in kept("Bea")] == [map_id], (kept("Anna"), kept("Bea"))
        assert not [c for c in get(served.reader, f"/maps/{map_id}/path")["path"]["clients"] if c["enrolment"]]
        assert good(enrol(rule="containing=Prima%20telefonata", once=True), 201)["added"] == 1  # Anna; Bea was taken off
        used = good(enrol(customer="Carla"), 201)["enrolment"]
        good(editor.post(f"/enrolments/{used}/progress", {"kind": "note", "text": "parla piano"}), 201)
        no = editor.delete(f"/enrolments/{used}?undo=1")
        assert no.status == 409 and no.json["hint"] and editor.get("/enrolments/" + used).status == 200, no
        assert editor.delete(f"/enrolments/{used}").status == 204


@test
def a_name_written_almost_so_is_enrolled_only_as_another_person():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)

        def enrol(lang="en", **more):
            return served.editor.post(f"/maps/{map_id}/enrolments?lang={lang}", more)

        good(enrol(customer="Ada Rossi"), 201)
        for lang, words in (("en", "is on this path already"), ("it", "è già in questo percorso")):
            for wanted in ({"customer": "ada  rossi"}, {"text": "cliente\nada rossi\n"}):
                no = enrol(lang, **wanted)
                assert no.status == 409 and "Ada Rossi" in no.json["detail"] and words in no.json["detail"] and "another" in no.json["hint"], no.json
        good(enrol(customer="ada rossi", another=True), 201)
        assert good(enrol(text="cliente\nADA ROSSI\nAda Rossi\n", another=True), 201)["added"] == 1


@test
def a_map_is_about_the_customers_of_its_protagonist_on_home_and_in_results_too():
    document = {"id": "", "title": "Via del Nord", "personas": [{"id": "norda", "name": "Norda", "filter": "customers-where=Zona!=Sud"}],
                "phases": [{"id": "f", "title": "F", "steps": [{"id": s.lower(), "title": s, "match": [{"activity": s}]} for s in ("Iscrizione", "Arrivo", "Protesta")]}],
                "kpis": [{"id": "k", "name": "Arrivi", "kind": "conversion", "from": "iscrizione", "to": "arrivo", "window_days": 20}],
                "actions": [{"id": "x", "title": "Chiamare", "kpi": "k", "since": "2025-01-02", "group": {"name": "Sud", "filter": "customers-where=Zona=Sud"}}]}
    rows = "".join(f"{who};Iscrizione;2025-01-0{i + 1};{zone}\n{who};{then};2025-02-0{i + 1};{zone}\n"
                   for i, (who, zone, then) in enumerate((("Anna", "Nord", "Arrivo"), ("Bea", "Sud", "Protesta"), ("Carla", "Nord", "Arrivo"), ("Dora", "Sud", "Arrivo"))))
    with Served(team=True) as served:
        editor, reader = served.editor, served.reader
        bring(editor, "a.csv", ("Cliente;Attività;Data;Zona\n" + rows).encode())
        map_id = good(editor.post("/maps", {"document": document}), 201)["id"]

        def card():
            return until(lambda: next((m for m in get(reader, "/home")["maps"] if m["id"] == map_id and not m["pending"]), None))

        assert card()["steps_with_evidence"] == 2 and card()["own_customers"], card()  # nobody of the North protests
        kpi, everybody = (get(reader, f"/maps/{map_id}/kpis", **more)["items"][0] for more in ({"persona": "norda"}, {}))
        assert (kpi["n"], everybody["n"]) == (2, 4), (kpi, everybody)
        effect = get(reader, f"/maps/{map_id}/effects", persona="norda")["items"][0]["effect"]
        assert effect["before"]["n"] + effect["after"]["n"] == 2, effect
        assert effect["group"]["before"]["n"] + effect["group"]["after"]["n"] == 2, effect  # those of the South, who are others
        # a filter that this evidence cannot answer takes no page away
        edit(editor, map_id, {"op": "set", "at": "norda", "field": "filter", "value": "customers-where=Paese=Italia"})
        assert card()["steps_with_evidence"] == 0, card()
        edit(editor, map_id, {"op": "set", "at": "norda", "field": "filter", "value": None})
        assert card()["steps_with_evidence"] == 3 and not card()["own_customers"], card()


@test
def clients_are_found_among_the_customers_of_the_protagonist_and_checks_are_of_those_too():
    document = {"id": "", "title": "Via del Nord", "kind": "success-path", "personas": [{"id": "norda", "name": "Norda", "filter": "customers-where=Zona!=Sud"}],
                "phases": [{"id": "f", "title": "F", "milestone": "Arrivo", "steps": [{"id": s.lower(), "title": s, "match": [{"activity": s}]} for s in ("Iscrizione", "Protesta", "Arrivo")]}]}
    rows = "".join(f"{who};Iscrizione;2025-01-0{i + 1};{zone}\n{who};{then};2025-02-0{i + 1};{zone}\n"
                   for i, (who, zone, then) in enumerate((("Anna", "Nord", "Arrivo"), ("Bea", "Sud", "Protesta"), ("Carla", "Nord", "Arrivo"), ("Dora", "Sud", "Arrivo"))))
    with Served(team=True) as served:
        editor, reader = served.editor, served.reader
        bring(editor, "a.csv", ("Cliente;Attività;Data;Zona\n" + rows).encode())
        map_id = good(editor.post("/maps", {"document": document}), 201)["id"]

        def clients(**more):
            answer = get(reader, f"/maps/{map_id}/path", **more)
            assert answer["own_customers"] == "Norda", answer
            names = {c["customer"] for c in answer["path"]["clients"]}
            assert names == {line.split(";")[0].split(",")[0] for line in reader.get(f"/maps/{map_id}/path.csv?" + urlencode(more)).body.decode('utf-8-sig').splitlines()[1:]}
            return names

        everybody = {"Anna", "Bea", "Carla", "Dora"}
        assert (clients(), clients(found=1), clients(everybody=1)) == ({"Anna", "Carla"}, {"Anna", "Carla"}, everybody)
        bring_client(editor, map_id, "Dora", at="2025-01-01")  # whoever is enrolled is a client, whatever the filter
        assert (clients(), clients(found=1), clients(everybody=1)) == ({"Dora"}, {"Anna", "Carla", "Dora"}, everybody)
        assert get(reader, f"/maps/{map_id}/path/client", customer="Bea")["client"]["customer"] == "Bea"
        for more in ({}, {"persona": "norda"}):  # the report knows her, also where it is about the others
            made = good(editor.post("/shares", {"map": map_id, "what": "report", "days": 7, "filter": urlencode(more)}), 201)
            with urlopen(made["link"]) as opened:
                page = opened.read().decode()
            board = re.sub(r"<[^>]+>", " ", page.split('<section id="path"')[1].split("</section>")[0])
            assert re.search(r"\b1\s+(arrived|alla meta)", board), board

        def unseen(**more):
            return {c["where"] for c in get(reader, f"/maps/{map_id}/checks", **more)["items"] if c["rule"] in ("no-evidence", "believed-not-seen")}

        assert (unseen(), unseen(persona="norda")) == (set(), {"protesta"})
        # a filter that this evidence cannot answer finds nobody, and takes no client off
        edit(editor, map_id, {"op": "set", "at": "norda", "field": "filter", "value": "customers-where=Paese=Italia"})
        assert (clients(found=1), clients(everybody=1)) == ({"Dora"}, everybody)
        edit(editor, map_id, {"op": "set", "at": "norda", "field": "filter", "value": None})
        assert get(reader, f"/maps/{map_id}/path", found=1)["own_customers"] is None


@test
def what_leaves_the_evidence_as_it_is_voids_no_answer_about_it():
    with Served(team=True) as served:
        editor = served.editor
        map_id, other = bring_path(editor), bring_map(editor)
        bring(editor, "a.csv", "Cliente;Attività;Data\nAnna;Prima telefonata;2025-11-03\n".encode())
        enrolment, link = bring_client(editor, map_id, "Anna")
        own = f"/enrolments/{enrolment}/progress"

        def tag(id):
            return served.reader.get(f"/maps/{id}/kpis").header("ETag")

        before, board = tag(other), get(served.reader, f"/maps/{map_id}/path")["path"]["total"]
        good(editor.post(own, {"kind": "note", "text": "tra noi"}), 201)
        good(editor.post(own, {"kind": "message", "text": "Brava!"}), 201)
        bring_client(editor, map_id, "Bea")
        assert editor.patch(f"/enrolments/{enrolment}", {"left": True, "because": "trasloco"}).status == 204
        assert tag(other) == before  # no event came or went
        path = get(served.reader, f"/maps/{map_id}/path")["path"]  # and yet the board is of now
        assert path["total"] == board + 1 and path["states"]["left"] == 1, path["states"]
        assert editor.patch(f"/enrolments/{enrolment}", {"left": False}).status == 204
        done = good(editor.post(own, {"kind": "done", "step": "chiedo-aiuto"}), 201)["id"]
        after = tag(other)
        assert after != before
        assert editor.delete(f"{own}/{done}").status == 204 and tag(other) != after


@test
def progress_is_evidence_and_milestones_by_hand_need_a_reason():
    with Served(team=True) as served:
        map_id = bring_path(served.editor)
        enrolment, link = bring_client(served.editor, map_id)
        own = f"/enrolments/{enrolment}/progress"
        assert served.editor.post(own, {"kind": "milestone", "phase": "decido"}).status == 422
        for wrong in ({"kind": "done", "step": "none"}, {"kind": "reading", "metric": "serate-in-ordine"},
                      {"kind": "feeling", "value": 3}, {"kind": "message", "text": " "}, {"kind": "proof"}, {"kind": "done", "step": "chiedo-aiuto", "on": "2099"},
                      {"kind": "done", "step": "chiedo-aiuto", "on": "2001-01-01"}):
            assert served.editor.post(own, wrong).status == 422, wrong
        good(served.editor.post(own, {"kind": "milestone", "phase": "decido", "text": "lo ha detto al gruppo"}), 201)
        good(served.editor.post(own, {"kind": "done", "step": "chiedo-aiuto", "client": "once"}), 201)
        assert good(served.editor.post(own, {"kind": "done", "step": "chiedo-aiuto", "client": "once"}), 201)["known"]
        got = get(served.reader, "/enrolments/" + enrolment)
        gate = got["client"]["gates"][0]
        assert gate["how"] == "hand" and got["client"]["passed"] == 1, gate
        assert "lo ha detto al gruppo" in json.dumps(got) and "Elena" in json.dumps(got)
        events = get(served.reader, "/customer", name="Giulia Neri")["events"]
        assert [e["activity"] for e in events][1] == "Prima telefonata" and len(events) == 2, events
        # what the team writes to her is nothing she did, and reaches her
        sources = get(served.reader, "/sources")["items"]  # no file, yet a source; a note is no event
        good(served.editor.post(own, {"kind": "note", "text": "tra noi"}), 201)
        assert [(s["name"], s["imports"], s["events"]) for s in sources] == [("percorso", 0, 2)], sources
        assert get(served.reader, "/sources")["items"][0]["events"] == 2
        good(served.editor.post(own, {"kind": "message", "text": "Brava!"}), 201)
        assert len(get(served.reader, "/customer", name="Giulia Neri")["events"]) == 2
        mine = Client(served).get("/client", headers=link).json["mine"]
        assert [(m["text"], m["by_me"]) for m in mine] == [("Brava!", False)], mine
        undone = next(p["id"] for p in got["progress"] if p["kind"] == "done")
        assert served.editor.delete(f"{own}/{undone}").status == 204
        assert len(get(served.reader, "/customer", name="Giulia Neri")["events"]) == 1


@test
def a_reading_written_down_counts_whatever_columns_the_files_have():
    with Served(team=True) as served:
        bring(served.editor, "altro.csv", "Cliente;Data;Evento;Valore\nAda;2025-10-01;Serate;3\nBea;2025-10-01;Chiamata;9\n".encode())
        map_id = bring_map(served.editor, {"title": "Da soli", "kind": "success-path", "phases": [{"id": "a", "title": "Capire", "steps": [{"id": "s", "title": "Chiamata"}]}],
                                           "objective": {"metrics": [{"id": "ore", "name": "Ore", "baseline": 2, "target": 20},
                                                                     {"id": "serate", "name": "Serate", "baseline": 1, "target": 5, "attribute": "Valore"}]}})
        enrolment, _ = bring_client(served.editor, map_id, "Ada", at="2025-09-30")
        for metric, value in (("ore", 20.5), ("serate", 4)):
            good(served.editor.post(f"/enrolments/{enrolment}/progress", {"kind": "reading", "metric": metric, "value": value}), 201)
        ore, serate = get(served.reader, "/enrolments/" + enrolment)["client"]["objectives"]
        assert (ore["now"], ore["attained"]) == (20.5, 1), ore
        assert [r["value"] for r in serate["readings"]] == [3, 4] and serate["now"] == 4, serate


run()
