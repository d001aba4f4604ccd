"""Evidence over HTTP: files in, numbers out, and everybody behind a number."""
import csv
import io
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Served
from tap import run, test, viaggio
from world import EXAMPLE, FILES, TRUTH, bring, bring_example, bring_map, get, good, upload, wait

served = Served(solo=True).__enter__()
owner = served.owner
results = bring_example(owner)
the_map = bring_map(owner)


def viaggio_events():
    return json.loads(viaggio("events", *[a for f in FILES for a in ("-e", str(EXAMPLE / f))], "--json", "--top", "0"))["events"]


def study(**query):
    return get(owner, f"/maps/{the_map}/study", **query)


@test
def the_three_files_go_in_with_every_row_accounted_for():
    for name in FILES:
        for what in ("stored", "rejected"):
            assert results[name][what] == TRUTH["rows"][name][what], (name, results[name][what])
        assert results[name]["rows"] == results[name]["stored"] + results[name]["rejected"]
        assert results[name]["path"] == results[name]["source"] == name
    summary = get(owner, "/evidence")
    assert summary["customers"] == TRUTH["customers"]
    assert summary["events"] == sum(TRUTH["rows"][n]["stored"] for n in FILES)
    assert {s["name"] for s in get(owner, "/sources")["items"]} == set(FILES)
    assert [i["source"] for i in get(owner, "/imports")["items"]] == FILES[::-1]


@test
def columns_are_explained_before_anything_is_imported_and_can_be_corrected():
    before = get(owner, "/evidence")["events"]
    sent = upload(owner, "prova.csv", "chi;cosa;quando;voto\na;Visita;2025-01-01;4\nb;Offerta;2025-01-02;5\n".encode())
    guess = get(owner, f"/uploads/{sent['id']}/explain")
    assert guess["path"] == "prova.csv" and guess["sample"], guess
    roles = {c["name"]: c["role"] for c in get(owner, f"/uploads/{sent['id']}/explain", customer="cosa", activity="chi",
                                               attribute="voto")["columns"]}
    assert roles["cosa"] == "customer" and roles["chi"] == "activity" and roles["voto"] == "attribute", roles
    assert guess["problem"]["code"] == "input" and guess["problem"]["where"] == "prova.csv", guess["problem"]
    clear = get(owner, f"/uploads/{sent['id']}/explain", customer="chi", activity="cosa", time="quando")
    assert clear["problem"] is None
    bad = get(owner, f"/uploads/{sent['id']}/explain", customer="nessuna")
    assert "nessuna" in bad["problem"]["detail"] and [c["name"] for c in bad["columns"]] == ["chi", "cosa", "quando", "voto"]
    assert get(owner, "/evidence")["events"] == before
    assert owner.delete(f"/uploads/{sent['id']}").status == 204
    assert owner.get(f"/uploads/{sent['id']}/explain").status == 404


@test
def the_same_file_twice_adds_nothing_and_a_grown_one_what_is_new():
    again = bring(owner, "crm.csv", (EXAMPLE / "crm.csv").read_bytes())["result"]
    assert (again["added"], again["known"]) == (0, TRUTH["rows"]["crm.csv"]["stored"]), again
    head, row = "cliente;attività;data\n", "Nuovo;Visita articolo;2025-10-30\n"
    first = bring(owner, "cresce.csv", (head + row).encode())["result"]
    grown = bring(owner, "cresce.csv", (head + row + "Nuovo;Ordine confermato;2025-10-31\n").encode())["result"]
    assert (first["added"], grown["added"], grown["known"]) == (1, 1, 1)
    for item in get(owner, "/imports")["items"][:3]:
        assert owner.delete(f"/imports/{item['id']}").status == 204
    assert get(owner, "/evidence")["events"] == sum(TRUTH["rows"][n]["stored"] for n in FILES)
    assert owner.delete("/imports/999999").status == 404 and owner.delete("/imports/x").status == 404


@test
def a_funnel_takes_steps_of_the_map_and_activities_in_any_mixture():
    def reached(*steps, **more):
        return [s["reached"] for s in get(owner, "/insight/funnel", step=list(steps), **more)["steps"]]

    # By brute force: who was at one of a step's activities, then later at the next step's.
    sets = [{"Ricerca"}, {"Richiesta chiarimenti", "Ordine confermato"}, {"Macchina consegnata"}]
    journeys = {}
    for event in viaggio_events():
        journeys.setdefault(event["customer"], []).append(event["activity"])
    wanted = [0, 0, 0]
    for activities in journeys.values():
        at = 0
        for activity in activities:
            if at < 3 and activity in sets[at]:
                wanted[at] += 1
                at += 1
    assert reached("Ricerca", "chiarimenti", "macchina", map=the_map) == wanted
    assert reached("Ricerca", "Chiedo chiarimenti e ordino", "Macchina consegnata", map=the_map) == wanted
    titles = [s["activity"] for s in get(owner, "/insight/funnel", step=["Ricerca", "chiarimenti"], map=the_map)["steps"]]
    assert titles == ["Ricerca", "Chiedo chiarimenti e ordino"], titles
    refused = owner.get(f"/insight/funnel?step=Ricerca&step=nessuna&map={the_map}")
    assert refused.status == 404 and "nessuna" in refused.json["detail"], refused
    behind = get(owner, "/insight/funnel/customers", step=["Ricerca", "chiarimenti"], map=the_map, at=2, kind="reached")
    assert behind["total"] == wanted[1]


@test
def rows_left_out_are_told_with_their_reasons_and_can_be_had_back():
    crm = results["crm.csv"]
    assert sum(r["count"] for r in crm["reasons"]) == crm["rejected"] == 5, crm["reasons"]
    number = next(i["id"] for i in get(owner, "/imports")["items"] if i["source"] == "crm.csv")
    got = owner.get(f"/imports/{number}/rejects")
    assert got.status == 200 and got.header("Content-Disposition").startswith("attachment;"), got
    rows = list(csv.reader(io.StringIO(got.body.decode("utf-8-sig"))))
    assert len(rows) == 6, rows
    assert owner.get(f"/imports/{int(number) + 1}/rejects").status == 404  # nothing was left out of that one


@test
def a_file_that_is_none_fails_with_its_place_and_can_be_read_anew_with_other_columns():
    sent = upload(owner, "note.csv", "nome;nota\nAnna;ciao\nLuca;ciao ciao\n".encode())
    job = wait(owner, good(owner.post("/imports", {"upload": sent["id"]}), 202)["job"])
    assert job["state"] == "failed" and job["problem"]["code"] == "input", job
    assert "/tmp" not in str(job["problem"]), job
    assert get(owner, f"/uploads/{sent['id']}/explain")["columns"]  # it is still there
    assert owner.post("/imports", {"upload": "../../etc/passwd"}).status == 404
    assert owner.post("/imports", {"upload": sent["id"], "options": {"wrong": "x"}}).status == 400


@test
def an_import_can_be_stopped_and_leaves_nothing():
    before = get(owner, "/evidence")["events"]
    rows = "".join(f"C{i % 50000};Visita {i % 40};2025-01-{1 + i % 28:02}\n" for i in range(600000))
    sent = upload(owner, "grande.csv", ("cliente;attività;data\n" + rows).encode())
    job = good(owner.post("/imports", {"upload": sent["id"]}), 202)["job"]
    assert owner.delete(f"/jobs/{job}").status in (200, 204)
    ended = wait(owner, job)
    if ended["state"] == "cancelled":  # else it was faster than we
        assert get(owner, "/evidence")["events"] == before
    else:
        number = get(owner, "/imports")["items"][0]["id"]
        assert owner.delete(f"/imports/{number}").status == 204


@test
def the_planted_findings_appear():
    got = study()
    kinds = [f["kind"] for f in got["findings"]]
    assert "shortcut" in kinds and "belief" in kinds and "loss" in kinds, kinds
    feels = {s["id"]: s for s in got["emotions"]["steps"]}
    assert abs(feels["email-automatica"]["mean"] - TRUTH["feels"]["Email automatica"]["mean"]) < 0.05
    assert feels["email-automatica"]["n"] == TRUTH["feels"]["Email automatica"]["n"]
    short = next(s for s in got["align"]["shortcuts"] if s["activity"] == "Chiamata al capo produzione")
    assert abs(short["instead"]["share"] - TRUTH["shortcut"]["share"]) < 0.03, short
    home = get(owner, "/home")
    assert len(home["greeting_findings"]) == 3 and home["greeting_findings"][0]["map"] == the_map, home


@test
def what_the_server_says_is_what_the_shell_says():
    shell = __import__("json").loads(viaggio("funnel", "-w", served.workspace, "--json", "--map", EXAMPLE / "mappa.json"))
    assert get(owner, "/insight/funnel", map=the_map)["steps"] == shell["steps"]
    shell = __import__("json").loads(viaggio("flow", "-w", served.workspace, "--json", "--since", "2025-01",
                                             "--only-channel", "Telefono"))
    server = get(owner, "/insight/flow", since="2025-01", only_channel="Telefono")
    assert server["edges"] == shell["edges"] and server["events"] == shell["events"]


@test
def every_number_of_a_study_opens_exactly_that_many_customers():
    for filtered in ({}, {"since": "2025-01"}, {"only_channel": ["Telefono", "Email"]}):
        got = study(**filtered)

        def behind(**query):
            return get(owner, f"/maps/{the_map}/customers", limit=1, **filtered, **query)["total"]
        for step in got["funnel"]["steps"]:
            for kind, key in (("reached", "reached"), ("moved-on", "moved_on"), ("lost", "lost"),
                              ("travelling", "travelling"), ("elsewhere", "elsewhere")):
                assert behind(step=step["id"], kind=kind) == step[key], (filtered, step["id"], kind)
        for step in got["align"]["steps"]:
            for kind, key in (("seen", "seen"), ("skipped", "skipped"), ("repeated", "repeated"),
                              ("out-of-order", "out_of_order")):
                assert behind(step=step["id"], kind=kind) == step[key], (filtered, step["id"], kind)
        for short in got["align"]["shortcuts"][:10]:
            assert behind(step=short["from"], kind="shortcut", via=short["activity"]) == short["traces"], short
        for jump in got["align"]["jumps"][:10]:
            assert behind(step=jump["from"], kind="jump", to=jump["to"]) == jump["traces"], jump
        assert get(owner, f"/maps/{the_map}/customers", limit=1, **filtered)["total"] == got["flow"]["traces"]


@test
def funnels_waiting_and_passages_open_their_customers_too():
    steps = ["Visita articolo", "Modulo preventivo", "Offerta inviata"]
    funnel = get(owner, "/insight/funnel", step=steps)
    for number, step in enumerate(funnel["steps"], 1):
        for kind in ("reached", "lost", "travelling"):
            got = get(owner, "/insight/funnel/customers", step=steps, at=number, kind=kind, limit=1)
            assert got["total"] == step[kind], (number, kind)
    named = get(owner, "/insight/funnel", step=["modulo", "offerta"], map=the_map)
    assert [s["id"] for s in named["steps"]] == ["modulo", "offerta"]
    by_activity = get(owner, "/insight/funnel", step=["Modulo preventivo", "Offerta inviata"])
    assert [s["reached"] for s in named["steps"]] == [s["reached"] for s in by_activity["steps"]]
    curve = get(owner, "/insight/survival", map=the_map, **{"from": "modulo", "to": "offerta"})
    for kind, key in (("arrived", "happened"), ("waiting", "censored")):
        got = get(owner, "/insight/survival/customers", map=the_map, kind=kind, **{"from": "modulo", "to": "offerta"})
        assert got["total"] == curve[key]
    variant = get(owner, "/insight/variants", top=3)["variants"][2]
    assert get(owner, "/insight/customers", variant=3)["total"] == variant["count"]
    assert owner.get("/insight/customers?from=Nulla&to=Visita%20articolo").status == 404
    assert owner.get("/insight/customers").status == 400


@test
def quotes_come_with_the_worst_first_and_belong_to_the_step():
    quotes = get(owner, f"/maps/{the_map}/quotes", step="recensione", limit=500)
    assert quotes["total"] == len(quotes["items"]) > 0
    valences = [q["valence"] for q in quotes["items"] if q["valence"] is not None]
    assert valences == sorted(valences) and all(q["step"] == "recensione" and q["text"] for q in quotes["items"])
    scored = get(owner, f"/maps/{the_map}/customers", step="recensione", kind="quoted")["total"]
    n = next(s["n"] for s in study()["emotions"]["steps"] if s["id"] == "recensione")
    assert 0 < scored <= n


@test
def lists_are_leafed_through_without_a_gap():
    names, after = [], None
    while True:
        page = get(owner, "/customers", limit=500, **({"after": after} if after else {}))
        names += [c["name"] for c in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(names) == len(set(names)) == page["total"] == TRUTH["customers"]
    found = get(owner, "/customers", q="c0001")
    assert found["items"] and all("c0001" in c["name"].lower() for c in found["items"])
    assert owner.get("/customers?after=x").status == 400
    assert owner.get("/customers?limit=501").status == 400


@test
def a_second_question_on_the_same_evidence_loads_nothing():
    def numbers():
        text = owner.get("/metrics").body.decode()
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return float(lines["viaggio_evidence_loads_total"]), float(lines["viaggio_studies_total"])
    study()
    get(owner, "/evidence")  # this one needs every column: loaded once more, for all who come after
    before = numbers()
    for filtered in ({}, {"since": "2025"}, {"only_activity": "Ricerca"}, {"where": "Canale!=Email"}):
        get(owner, "/insight/flow", **filtered)
        get(owner, "/customers", limit=1, **filtered)
    study()
    assert numbers() == before
    study(since="2025-02")
    assert numbers() == (before[0], before[1] + 1)


@test
def a_filter_that_names_what_is_not_there_says_so_with_the_nearest_name():
    got = owner.get(f"/maps/{the_map}/study?only-activity=Ricerka")
    assert got.status == 400 and "Ricerca" in got.json["hint"], got
    assert owner.get("/evidence?since=ieri").status == 400
    assert owner.get("/evidence?sinze=2025").status == 400
    assert owner.get("/evidence?since=2025-06&until=2025-01").status == 400


@test
def a_column_of_one_file_chooses_customers_with_all_they_did():
    attribute = next(a for a in get(owner, "/evidence")["attributes"] if a["name"] == "Tipo cliente")
    kinds = [v["name"] for v in attribute["values"]]
    whole, parts = get(owner, "/evidence"), [get(owner, "/evidence", customers_where="Tipo cliente=" + k) for k in kinds]
    assert len(kinds) > 1 and sum(p["customers"] for p in parts) == whole["customers"]
    assert sum(p["events"] for p in parts) == whole["events"]
    assert sum(get(owner, "/evidence", where="Tipo cliente=" + k)["events"] for k in kinds) < whole["events"]
    rest = get(owner, "/evidence", customers_where="Tipo cliente!=" + kinds[0])
    assert rest["customers"] == whole["customers"] - parts[0]["customers"]
    persona = good(owner.post("/personas", {"name": "Elena", "filter": "customers-where=Tipo+cliente%3D" + kinds[0].replace(" ", "+")}), 201)
    assert get(owner, "/evidence", persona=persona["id"])["events"] == parts[0]["events"]


@test
def saved_filters_and_personas_bring_their_own():
    saved = good(owner.post("/filters", {"name": "Telefono", "query": "only-channel=Telefono"}), 201)
    assert get(owner, "/insight/flow", saved=saved["id"]) == get(owner, "/insight/flow", only_channel="Telefono")
    persona = good(owner.post("/personas", {"name": "Marco", "filter": "saved=" + saved["id"] + "&since=2025"}), 201)
    assert get(owner, "/insight/flow", persona=persona["id"]) == get(owner, "/insight/flow", only_channel="Telefono", since="2025")
    wrong = owner.post("/filters", {"name": "x", "query": "dove=qui"})
    assert wrong.status == 422 and wrong.json["where"] == "dove", wrong
    assert owner.get("/insight/flow?saved=nessuno").status == 404


@test
def who_is_not_what_nobody_is_any_more_is_everybody_but_a_typed_filter_is_held_to_the_evidence():
    whole = get(owner, "/evidence")
    def kept(name, query):
        persona = good(owner.post("/personas", {"name": name, "filter": query}), 201)["id"]
        return owner.get("/evidence?persona=" + persona)
    for name, query in (("Uno", "customers-where=Percorso!=Casa"), ("Due", "customers-where=Tipo+cliente!=Socio&where=Tipo+cliente!=Socio"), ("Tre", "customers-where=customer!=Nessuno")):
        assert good(kept(name, query))["events"] == whole["events"], query
    assert good(kept("Quattro", "customers-where=Tipo+cliente!=Rivenditore"))["customers"] < whole["customers"]
    assert kept("Cinque", "customers-where=Percorso=Casa").status == 400
    assert owner.get("/evidence?customers-where=Percorso!%3DCasa").status == 400


@test
def a_timeline_goes_across_the_silos_and_knows_the_steps():
    name = get(owner, f"/maps/{the_map}/customers", step="guasto", kind="seen")["items"][0]["name"]
    line = get(owner, "/customer", name=name, map=the_map)
    times = [e["time"] for e in line["events"]]
    assert times == sorted(times) and line["events"][0]["since_previous_s"] is None
    assert "guasto" in {e["step"] for e in line["events"]}
    files = {source["name"] for source in get(owner, "/sources")["items"]}
    assert {e["source"] for e in line["events"]} <= files and len({e["source"] for e in line["events"]}) > 1, line["events"]
    for channel, file in (("Telefono", "telefonate.xlsx"),):
        assert all(e["source"] == file for e in line["events"] if e["channel"] == channel), line["events"]
    assert owner.get("/customer?name=Nessuno").status == 404
    text = owner.get(f"/customer/export?name={name}&format=csv").body.decode()
    assert len(list(csv.reader(io.StringIO(text)))) == len(line["events"]) + 1
    whole = get(owner, "/customer/export", name=name)
    assert len(whole["events"]) == len(line["events"])


@test
def two_names_of_one_person_are_joined_and_parted_again():
    names = [c["name"] for c in get(owner, "/customers", limit=2)["items"]]
    lengths = [len(get(owner, "/customer", name=n)["events"]) for n in names]
    assert owner.post("/aliases", {"main": names[0], "other": names[1]}).status == 204
    joined = get(owner, "/customer", name=names[1])
    assert joined["name"] == names[0] and joined["aliases"] == [names[1]] and len(joined["events"]) == sum(lengths)
    assert get(owner, "/customers", limit=1)["total"] == TRUTH["customers"] - 1
    assert owner.delete(f"/aliases?name={names[1]}").status == 204
    assert len(get(owner, "/customer", name=names[1])["events"]) == lengths[1]


@test
def words_are_found_in_what_customers_wrote_whatever_their_accents():
    found = get(owner, "/events", q="RICHIAMATA", limit=5)
    everything = get(owner, "/events", limit=1)
    assert everything["total"] == sum(TRUTH["rows"][n]["stored"] for n in FILES)
    assert found["total"] <= everything["total"]
    for event in found["items"]:
        assert "richiamata" in " ".join(str(v) for v in event.values()).lower()
    both = get(owner, "/events", q="offerta telefono", limit=1)["total"]
    assert both <= get(owner, "/events", q="offerta", limit=1)["total"]


@test
def whoever_asks_to_be_forgotten_is():
    name = "Canarino Segreto 7731"
    bring(owner, "canarino.csv", f"cliente;attività;data\n{name};Visita articolo;2025-10-01\n{name};Ricerca;2025-10-02\n".encode())
    assert get(owner, "/customer", name=name)["events"]
    erased = good(owner.delete("/customer?name=" + name.replace(" ", "%20")))
    assert erased["events"] == 2, erased
    assert owner.get("/customer?name=" + name.replace(" ", "%20")).status == 404
    assert served.stop() == 0, served.lines_text()[-3000:]
    for path in [served.workspace, *served.workspace.parent.glob("azienda.viaggio-*")]:
        assert name.encode() not in path.read_bytes(), path
    served.start()
    served.owner.csrf = served.owner.get("/session").json["csrf"]
    assert get(owner, "/evidence")["customers"] == TRUTH["customers"]


try:
    run()
finally:
    served.__exit__()
