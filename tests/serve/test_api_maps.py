"""Maps over HTTP: made, worked on by several, compared, exported, shared, with their actions."""
import csv
import io
import json
import pathlib
import re
import sqlite3
import sys
import urllib.request
import zipfile
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from served import Client, Served
from tap import SOURCE, run, test, viaggio
from world import EXAMPLE, bring_example, bring_map, get, good

served = Served(team=True).__enter__()
owner, editor, reader = served.owner, served.editor, served.reader
bring_example(editor)
the_map = bring_map(editor)


def edit(client, map_id, *operations, names=None):
    body = {"operations": [{"client": n, "op": op} for n, op in zip(names or [f"{client.csrf[:6]}-{id(op)}" for op in operations],
                                                                    operations)]}
    return good(client.post(f"/maps/{map_id}/operations", body))


def document(map_id, client=None):
    return get(client or reader, f"/maps/{map_id}")["map"]


def blank(**more):
    return good(editor.post("/maps", {"template": "blank", "lang": "it", **more}), 201)["id"]


@test
def a_map_that_comes_in_fills_the_teams_lists_with_its_personas_departments_and_channels():
    def names(kind):
        return [item["body"]["name"] for item in get(reader, "/" + kind)["items"]]
    assert "Marco Bianchi" in names("personas")
    assert {"Telefono", "Email", "Sito"} <= set(names("channels")) and "Marketing" in names("departments")
    before = {kind: sorted(names(kind)) for kind in ("personas", "channels", "departments")}
    again = bring_map(editor)  # nothing stands there twice
    assert before == {kind: sorted(names(kind)) for kind in before}
    good(editor.delete("/maps/" + again), 204)


@test
def every_template_is_a_map_in_both_languages():
    for lang in ("it", "en"):
        templates = get(reader, "/templates", lang=lang)["items"]
        assert [t["id"] for t in templates] == ["b2b-machinery", "shop", "service-desk", "coaching", "blank"]
        for template in templates:
            made = good(editor.post("/maps", {"template": template["id"], "lang": lang}), 201)
            got = document(made["id"])
            assert got["lang"] == lang and sum(len(p["steps"]) for p in got["phases"]) == template["steps"]
            rules = {c["rule"] for c in get(reader, f"/maps/{made['id']}/checks")["items"]}
            craft = {"inside-out", "vague-touchpoint", "touchpoint-is-channel", "digital-only", "all-rosy", "no-feeling",
                     "no-start", "no-arrival", "no-persona", "no-objective", "phase-without-milestone"}
            if template["id"] != "blank":
                assert not rules & craft, (template["id"], lang, rules & craft)
            assert editor.delete(f"/maps/{made['id']}").status == 204


@test
def a_map_comes_from_a_file_a_copy_or_the_evidence():
    mermaid = "journey\n  title Prova\n  section Scopro\n    Cerco: 3: Web\n    Trovo: 5: Web\n"
    made = good(editor.post("/maps", {"text": mermaid, "name": "prova.mmd"}), 201)
    assert [s["title"] for s in document(made["id"])["phases"][0]["steps"]] == ["Cerco", "Trovo"]
    table = owner.get(f"/maps/{the_map}/export?format=csv").body.decode("utf-8-sig")
    again = good(editor.post("/maps", {"text": table, "name": "mappa.csv", "title": "Dalla tabella"}), 201)
    assert document(again["id"])["title"] == "Dalla tabella"
    copy = good(editor.post("/maps", {"copy_of": the_map}), 201)["id"]
    assert copy != the_map and document(copy)["title"].startswith(document(the_map)["title"])
    draft = good(editor.post("/maps", {"draft": {"filter": "since=2025"}, "title": "Bozza", "lang": "it"}), 201)["id"]
    assert document(draft)["draft"] is True and len(document(draft)["phases"]) > 1
    assert editor.post("/maps", {"template": "blank", "copy_of": the_map}).status == 400
    assert editor.post("/maps", {}).status == 400
    assert editor.post("/maps", {"template": "nessuno"}).status == 404
    assert editor.post("/maps", {"document": {"phases": 3}}).status == 422
    assert editor.post("/maps", {"draft": {"filter": "only-activity=Nulla"}}).status == 400
    for made in (made["id"], again["id"], copy, draft):
        good(editor.delete(f"/maps/{made}"), 204)


@test
def operations_of_two_people_both_arrive_and_one_sent_twice_counts_once():
    mine = blank(title="In due")
    first = {"op": "set", "at": "primo-passo", "field": "doing", "value": "Cerca"}
    second = {"op": "set", "at": "primo-passo", "field": "thinking", "value": "Chissà"}
    a = edit(editor, mine, first, names=["a1"])
    b = edit(owner, mine, second, names=["b1"])
    assert (a["head"], b["head"]) == (1, 2)
    assert edit(editor, mine, first, names=["a1"]) == {"head": 2, "results": [{"client": "a1", "seq": 1, "late": False, "problem": None}]}
    step = document(mine)["phases"][0]["steps"][0]
    assert (step["doing"], step["thinking"]) == ("Cerca", "Chissà")
    history = get(reader, f"/maps/{mine}/operations")
    assert [(i["name"], i["client"]) for i in history["items"]] == [("Elena", "a1"), ("Anna", "b1")] and history["head"] == 2
    assert [i["seq"] for i in get(reader, f"/maps/{mine}/operations", after=1)["items"]] == [2]
    assert reader.post(f"/maps/{mine}/operations", {"operations": [{"client": "x", "op": first}]}).status == 403


@test
def a_wrong_operation_stops_none_after_it_and_a_late_one_is_kept_and_said():
    mine = blank()
    got = edit(editor, mine, {"op": "delete", "item": "secondo-passo"}, {"op": "set", "at": "secondo-passo", "field": "doing", "value": "x"},
               {"op": "fly"}, {"op": "set", "at": "", "field": "phases", "value": 3},
               {"op": "set", "at": "primo-passo", "field": "title", "value": "Nuovo"}, names=list("abcde"))
    results = {r["client"]: r for r in got["results"]}
    assert results["a"]["seq"] == 1 and results["b"]["late"] and results["b"]["seq"] == 2
    for wrong in "cd":
        assert results[wrong]["seq"] is None and results[wrong]["problem"]["code"] == "input", results[wrong]
    assert results["e"]["seq"] == got["head"] == 3
    assert document(mine)["phases"][0]["steps"][0]["title"] == "Nuovo"
    assert editor.post(f"/maps/{mine}/operations", {"operations": [{"client": "x", "op": {"op": "fly"}, "more": 1}]}).status == 400
    assert editor.post("/maps/nessuna/operations", {"operations": []}).status == 404


@test
def versions_are_named_compared_and_made_the_newest_again():
    mine = blank(title="Storia")
    edit(editor, mine, {"op": "set", "at": "primo-passo", "field": "title", "value": "Cerco"})
    good(editor.post(f"/maps/{mine}/versions", {"label": "Dopo la prima sessione"}), 204)
    edit(owner, mine, {"op": "delete", "item": "terzo-passo"})
    versions = get(reader, f"/maps/{mine}/versions", lang="it")["items"]
    assert versions[0]["seq"] == 2 and any(v["label"] == "Dopo la prima sessione" and v["seq"] == 1 for v in versions), versions
    diff = get(reader, f"/maps/{mine}/diff", **{"from": 1, "to": 2})
    assert diff["removed"] == 1 and diff["changes"][0]["sentence"], diff
    good(editor.post(f"/maps/{mine}/restore", {"seq": 1}))
    assert len(document(mine)["phases"][2]["steps"]) == 1
    assert get(reader, f"/maps/{mine}", version=0)["map"]["phases"][0]["steps"][0]["title"] == "Nasce il bisogno"
    assert reader.get(f"/maps/{mine}?version=99").status == 404
    other = get(reader, f"/maps/{mine}/diff", other=the_map)
    assert other["changes"]


@test
def a_map_in_the_bin_is_gone_for_all_and_comes_back_with_its_history():
    mine = blank(title="Da buttare")
    edit(editor, mine, {"op": "set", "at": "primo-passo", "field": "doing", "value": "x"})
    good(editor.delete(f"/maps/{mine}"), 204)
    for path in ("", "/study", "/checks", "/comments", "/operations", "/versions", "/export?format=json"):
        assert reader.get(f"/maps/{mine}{path}").status == 404, path
    assert mine not in [m["id"] for m in get(reader, "/maps")["items"]]
    assert mine in [m["id"] for m in get(reader, "/maps", deleted=1)["items"]]
    good(editor.post(f"/maps/{mine}/undelete"), 204)
    assert get(reader, f"/maps/{mine}")["head"] == 1


@test
def cards_tell_both_curves_and_what_is_worth_a_look():
    card = next(m for m in get(reader, "/maps", lang="it")["items"] if m["id"] == the_map)
    assert len(card["curve"]) == len(card["evidence_curve"]) == card["steps"] == card["steps_with_evidence"] == 10
    assert card["headline"] and card["headline_kind"] == "loss" and not card["pending"] and card["persona"]["name"] == "Marco Bianchi"
    home = get(reader, "/home", lang="it")
    assert all(f["map"] == the_map for f in home["greeting_findings"])  # maps without a match have nothing to say
    assert home["actions_due"] and home["sources"]


@test
def a_check_that_is_not_so_is_dismissed_with_its_reason():
    checks = get(reader, f"/maps/{the_map}/checks")["items"]
    check = checks[0]
    before = next(m for m in get(reader, "/maps")["items"] if m["id"] == the_map)["checks"]
    edit(editor, the_map, {"op": "insert", "at": "", "list": "dismissed", "value": {
        "id": "d1", "rule": check["rule"], "at": check["where"], "about": check["about"], "because": "Lo sappiamo", "who": "Elena", "on": "2025-11-12"}})
    now = get(reader, f"/maps/{the_map}/checks")["items"][0]
    assert now["dismissed"]["because"] == "Lo sappiamo"
    assert next(m for m in get(reader, "/maps")["items"] if m["id"] == the_map)["checks"] == before - 1


@test
def dismissing_one_check_leaves_the_others_of_its_rule_and_place():
    mine = blank()
    step = get(reader, f"/maps/{mine}")["map"]["phases"][0]["steps"][0]["id"]
    edit(editor, mine, *({"op": "insert", "at": step, "list": "touchpoints", "value": {"id": name, "title": "Sito web", "channel": "Sito web"}}
                         for name in ("t-1", "t-2")), names=["t-1", "t-2"])
    def open_ones():
        return [(c["where"], c["about"]) for c in get(reader, f"/maps/{mine}/checks")["items"]
                if c["rule"] == "touchpoint-is-channel" and not c["dismissed"]]
    assert open_ones() == [(step, "t-1"), (step, "t-2")]
    said = {"rule": "touchpoint-is-channel", "at": step, "because": "Lo sappiamo"}
    edit(editor, mine, {"op": "insert", "at": "", "list": "dismissed", "value": {**said, "id": "d1", "about": "t-2"}}, names=["d-1"])
    assert open_ones() == [(step, "t-1")]
    # One from before they were told apart holds for all of its place.
    edit(editor, mine, {"op": "delete", "item": "d1"}, {"op": "insert", "at": "", "list": "dismissed", "value": {**said, "id": "d2"}},
         names=["d-2", "d-3"])
    assert open_ones() == []


@test
def readers_may_comment_and_only_their_own_words_are_theirs():
    said = good(reader.post(f"/maps/{the_map}/comments", {"at": "guasto", "text": "Da chiedere a @[Elena](%s)" % served.people["Elena"]}), 201)
    assert said["mentions"] == [served.people["Elena"]] and said["name"] == "Luca" and said["mine"]
    reply = good(editor.post(f"/maps/{the_map}/comments", {"at": "guasto", "text": "Visto", "reply_to": said["id"]}), 201)
    assert reply["reply_to"] == said["id"]
    path = f"/maps/{the_map}/comments/"
    assert editor.patch(path + str(said["id"]), {"text": "altro"}).status == 403
    assert reader.patch(path + str(reply["id"]), {"resolved": True}).status == 403
    assert good(editor.patch(path + str(said["id"]), {"resolved": True}))["resolved"]
    assert reader.delete(path + str(reply["id"])).status == 403
    good(reader.delete(path + str(said["id"])), 204)
    good(owner.delete(path + str(reply["id"])), 204)
    assert reader.delete(path + "99999").status == 404 and reader.delete(path + "x").status == 404
    script = good(reader.post(f"/maps/{the_map}/comments", {"text": "<script>alert(1)</script>"}), 201)
    assert script["text"] == "<script>alert(1)</script>"


@test
def pains_that_nobody_takes_care_of_come_from_all_maps_however_many():
    document = {"format": 1, "id": "m", "title": "M", "phases": [{"id": "p", "title": "P", "steps": [
        {"id": "s", "title": "S", "pains": [{"id": "cared", "text": "cared for"}, {"id": "left", "text": "=left"}]}]}],
        "actions": [{"id": "a", "title": "A", "pains": ["cared"]}, {"id": "b", "title": "B", "state": "dropped", "pains": ["left"]}]}
    with Served(team=True) as served:
        ids = {bring_map(served.editor, {**document, "id": f"m{i}", "title": f"M{i}"}) for i in range(23)}
        orphans = get(served.reader, "/actions/orphans")["items"]
        assert {o["map"] for o in orphans} == ids and len(orphans) == 23, orphans
        assert {k: orphans[0][k] for k in ("id", "text", "step", "step_title")} == {"id": "left", "text": "=left", "step": "s", "step_title": "S"}
        gone = orphans[0]["map"]
        edit(served.editor, gone, {"op": "insert", "at": "", "list": "actions", "value": {"id": "c", "title": "C", "pains": ["left"]}})
        assert gone not in {o["map"] for o in get(served.reader, "/actions/orphans")["items"]}


@test
def actions_of_all_maps_are_listed_and_saved_without_formulas():
    mine = blank(title="=cmd|' /C calc'!A0")
    edit(editor, mine, {"op": "insert", "at": "", "list": "actions", "value": {
        "id": "az", "title": "=1+1; \"due\"\nrighe", "owner": "@SUM(A1)", "department": "Assistenza", "due": "2024-01-31", "state": "doing"}})
    late = get(reader, "/actions", late=1)["items"]
    mine_action = next(a for a in late if a["map"] == mine)
    assert mine_action["overdue"] and mine_action["days"] < 0
    assert {a["state"] for a in get(reader, "/actions", state="done")["items"]} == {"done"}
    got = reader.get("/actions.csv?lang=it")
    assert got.header("Content-Disposition") == "attachment; filename=\"azioni.csv\"; filename*=UTF-8''azioni.csv", got.header("Content-Disposition")
    rows = list(csv.reader(io.StringIO(got.body.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][0] == "mappa" and len(rows) == 1 + len(get(reader, "/actions")["items"])
    for row in rows[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row), row
    ics = reader.get("/actions.ics").body.decode()
    assert ics.startswith("BEGIN:VCALENDAR\r\n") and ics.count("BEGIN:VTODO") == len(rows) - 1
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))
    assert "DUE;VALUE=DATE:20240131" in ics and "SUMMARY:=1+1\\; \"due\"\\nrighe" in ics
    good(editor.delete(f"/maps/{mine}"), 204)


@test
def a_map_is_saved_in_every_form_and_comes_back_the_same():
    kinds = {"json": b"{", "mermaid": b"journey", "csv": b"\xef\xbb\xbf", "xlsx": b"PK", "markdown": b"#", "svg": b"<?xml",
             "png": b"\x89PNG", "pdf": b"%PDF", "html": b"<!doctype html>"}
    for kind, start in kinds.items():
        got = reader.get(f"/maps/{the_map}/export?format={kind}")
        assert got.status == 200 and got.body.startswith(start), (kind, got)
        assert got.header("Content-Disposition").startswith("attachment; filename="), kind
        if kind in ("json", "mermaid"):
            again = good(editor.post("/maps", {"text": got.body.decode(), "name": "x"}), 201)["id"]
            before, after = document(the_map), document(again)
            assert before["phases"] == after["phases"] and before["actions"] == after["actions"], kind
            good(editor.delete(f"/maps/{again}"), 204)
        if kind == "xlsx":
            book = zipfile.ZipFile(io.BytesIO(got.body))
            assert book.testzip() is None and "<f>" not in "".join(
                book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets"))
            assert "Ricevo l’offerta" in book.read("xl/sharedStrings.xml").decode()
    assert reader.get(f"/maps/{the_map}/export?format=exe").status == 400


@test
def pictures_come_in_every_form_and_a_title_cannot_break_out():
    mine = blank(title="<script>alert(1)</script>\" onload=\"x")
    for what in ("poster", "flow", "funnel", "variants"):
        for kind, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
            got = reader.get(f"/pictures/{what}.{kind}?map={the_map}")
            assert got.status == 200 and got.body.startswith(start), (what, kind, got)
            assert "unsafe-inline" not in got.header("Content-Security-Policy")
    svg = reader.get(f"/pictures/poster.svg?map={mine}").body.decode()
    assert "<script>" not in svg and "&lt;script&gt;" in svg
    name = get(reader, "/customers", limit=1)["items"][0]["name"]
    assert reader.get(f"/pictures/timeline.svg?customer={name}").status == 200
    assert reader.get("/pictures/timeline.svg").status == 400
    assert reader.get("/pictures/poster.svg").status == 400
    assert reader.get("/pictures/altro.svg").status == 404 and reader.get("/pictures/poster.exe").status == 404
    assert reader.get(f"/pictures/poster.pdf?map={the_map}&paper=zz").status == 400
    header = reader.get(f"/maps/{mine}/export?format=json").header("Content-Disposition")
    assert "<" not in header and re.fullmatch(r'attachment; filename="[^"\r\n]*"; filename\*=UTF-8\'\'[\w%.!*\'()~-]*', header), header
    good(editor.delete(f"/maps/{mine}"), 204)


@test
def files_that_are_no_picture_are_refused_whatever_they_are_called():
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")
    raw = {"Content-Type": "application/octet-stream"}
    made = good(editor.post("/files", png, headers=raw), 201)["id"]
    got = reader.get("/files/" + made)
    assert got.status == 200 and got.header("Content-Type") == "image/png" and got.body == png
    assert "sandbox" in got.header("Content-Security-Policy") and got.header("X-Content-Type-Options") == "nosniff"
    for bad in (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"GIF89a", b"<html>", b"\x89PN"):
        assert editor.post("/files", bad, headers=raw).status == 422, bad
    too_large, _ = served.raw((f"POST /api/v1/files HTTP/1.1\r\nHost: {served.name}\r\nCookie: __Host-viaggio={editor.cookie}\r\n"
                               f"X-CSRF-Token: {editor.csrf}\r\nOrigin: http://{served.name}\r\nContent-Type: image/png\r\n"
                               "Content-Length: 2097200\r\n\r\n").encode())
    assert too_large.startswith(b"HTTP/1.1 413"), too_large[:200]
    assert reader.post("/files", png, headers=raw).status == 403
    assert reader.get("/files/../../etc/passwd").status == 404 and reader.get("/files/" + "0" * 32).status == 404


@test
def names_of_departments_and_channels_are_one_of_a_kind():
    first = good(editor.post("/departments", {"name": "Ufficio vendite"}), 201)
    assert editor.post("/departments", {"name": " vendité "}).status == 409
    assert editor.post("/departments", {"name": "  "}).status == 422
    path = "/departments/" + first["id"]
    assert editor.put(path, {"name": "Vendite Italia"}).status == 428
    assert editor.put(path, {"name": "Vendite Italia"}, headers={"If-Match": '"7"'}).status == 412
    changed = good(editor.put(path, {"name": "Vendite Italia"}, headers={"If-Match": '"1"'}))
    assert changed["version"] == 2 and changed["updated_by"] == "Elena"
    assert editor.delete(path, headers={"If-Match": '"1"'}).status == 412
    good(editor.delete(path, headers={"If-Match": '"2"'}), 204)
    assert reader.get(path).status == 404


@test
def what_was_deleted_from_a_list_is_put_back_as_itself():
    made = good(editor.post("/departments", {"name": "Magazzino", "head": "Ada Neri"}), 201)
    path, none = "/departments/" + made["id"], {"If-Match": '"0"'}
    assert editor.put(path, made["body"], headers=none).status == 412  # it is there
    good(editor.delete(path, headers={"If-Match": '"1"'}), 204)
    assert reader.put(path, made["body"], headers=none).status == 403
    assert editor.put(path, made["body"], headers={"If-Match": '"1"'}).status == 404
    back = good(editor.put(path, made["body"], headers=none))
    assert (back["id"], back["version"], back["body"]) == (made["id"], 1, made["body"])
    assert editor.put("/departments/" + "x" * 65, {"name": "Altro"}, headers=none).status == 404
    assert editor.put("/departments/a%20b", {"name": "Altro"}, headers=none).status == 404
    good(editor.delete(path, headers={"If-Match": '"1"'}), 204)


@test
def saving_a_persona_carries_it_into_the_maps_that_have_it():
    made = good(editor.post("/personas", {"name": "Sara", "role": "Acquisti", "needs": ["tempi"]}), 201)
    mine = blank()
    edit(editor, mine, {"op": "insert", "at": "", "list": "personas", "value": {"id": made["id"], "name": "Sara", "needs": ["tempi"]}})
    good(editor.put("/personas/" + made["id"], {"name": "Sara Neri", "role": "Acquisti", "needs": ["tempi", "prezzi"], "quote": "Quando?"},
                    headers={"If-Match": '"1"'}))
    persona = document(mine)["personas"][0]
    assert (persona["name"], persona["needs"], persona["quote"]) == ("Sara Neri", ["tempi", "prezzi"], "Quando?")
    assert get(reader, f"/maps/{mine}")["head"] == 5  # one operation for each field that changed
    good(editor.delete(f"/maps/{mine}"), 204)


@test
def settings_are_there_from_the_beginning_and_only_an_owner_changes_them():
    got = reader.get("/settings/emotions")
    assert got.json["version"] == 0 and got.json["body"]["it"] and got.json["body"]["en"]
    words = {"it": [{"word": "gioia", "valence": 2}], "en": []}
    assert editor.put("/settings/emotions", words, headers={"If-Match": '"0"'}).status == 403
    assert good(owner.put("/settings/emotions", words, headers={"If-Match": '"0"'}))["body"] == words
    assert owner.put("/settings/emotions", {"it": [{"word": "x", "valence": 3}]}, headers={"If-Match": '"1"'}).status == 422
    good(owner.put("/settings/workspace", {"title": "Officine Ferri"}, headers={"If-Match": '"0"'}))
    assert get(reader, "/settings/workspace")["body"]["title"] == get(reader, "/session")["workspace"]["title"] == "Officine Ferri"


def open_link(link, data=None):
    parts = urlsplit(link)
    request = urllib.request.Request(f"http://{served.name}{parts.path}", data=data, headers={
        "Origin": f"http://{served.name}", "Sec-Fetch-Site": "same-origin"} if data else {})
    try:
        got = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        got = error
    return got.status, got.headers, got.read().decode()


@test
def a_link_opens_the_report_for_anybody_without_a_name_or_a_way_in():
    name = get(reader, f"/maps/{the_map}/customers", step="offerta", kind="lost", limit=1)["items"][0]["name"]
    made = good(editor.post("/shares", {"map": the_map, "what": "report", "days": 7, "filter": "since=2025"}), 201)
    status, headers, page = open_link(made["link"])
    assert status == 200 and "<!doctype html>" in page and name not in page
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"""(src|href)=["']https?:""", page)
    listed = get(editor, "/shares")["items"][0]
    assert listed["opened"] == 1 and "link" not in listed and listed["created_by"] == "Elena"
    assert made["link"].rsplit("/", 1)[1] not in open(served.workspace, "rb").read().decode("latin-1")
    assert reader.get("/shares").status == 403


@test
def a_link_with_a_password_wants_it_and_a_revoked_or_expired_one_is_as_if_it_never_was():
    made = good(editor.post("/shares", {"map": the_map, "what": "map", "days": 7, "password": "una frase segreta"}), 201)
    status, _, page = open_link(made["link"])
    assert status == 200 and "<form" in page and "Marco" not in page
    assert open_link(made["link"], b"password=sbagliata")[0] == 403
    status, _, page = open_link(made["link"], b"password=una+frase+segreta")
    assert status == 200 and "Marco Bianchi" in page and "<form" not in page
    unknown = open_link(made["link"][:-3] + "xyz")
    good(editor.delete("/shares/" + made["id"]), 204)
    over = good(editor.post("/shares", {"map": the_map, "what": "map", "days": 1}), 201)
    with sqlite3.connect(served.workspace) as db:
        db.execute("UPDATE share SET expires_us = 1 WHERE id = ?", (over["id"],))
    saved = good(editor.post("/filters", {"name": "Per poco", "query": "since=2025"}), 201)
    rests = good(editor.post("/shares", {"map": the_map, "what": "map", "days": 1, "filter": "saved=" + saved["id"]}), 201)
    assert open_link(rests["link"])[0] == 200
    good(editor.delete("/filters/" + saved["id"], headers={"If-Match": "*"}), 204)
    assert open_link(rests["link"])[2] == unknown[2]
    assert unknown[0] == 404
    assert unknown[2] == open_link(made["link"])[2] == open_link(over["link"])[2] == open_link(made["link"], b"password=x")[2]
    assert editor.post("/shares", {"map": the_map, "what": "map", "days": 0}).status == 422
    assert editor.post("/shares", {"map": "nessuna", "what": "map", "days": 1}).status == 404


@test
def a_link_survives_whatever_is_written_into_the_map():
    mine = blank(title="</title><script>alert(1)</script>")
    edit(editor, mine, {"op": "set", "at": "primo-passo", "field": "doing", "value": "\"><img src=x onerror=alert(1)>"})
    made = good(editor.post("/shares", {"map": mine, "what": "map", "days": 1}), 201)
    status, headers, page = open_link(made["link"])
    assert status == 200 and "<script>alert(1)" not in page and "<img src=x" not in page
    assert headers["Content-Security-Policy"].count("script-src") == 1
    good(editor.delete(f"/maps/{mine}"), 204)
    assert open_link(made["link"])[0] == 404


@test
def an_answer_that_is_known_already_is_not_sent_again():
    for path in (f"/maps/{the_map}", f"/maps/{the_map}/study", "/settings/emotions"):
        tag = reader.get(path).header("ETag")
        again = reader.get(path, headers={"If-None-Match": tag})
        assert tag and again.status == 304 and not again.body, path


@test
def suggestions_find_the_steps_that_activities_speak_of():
    mine = json.loads((EXAMPLE / "mappa.json").read_text())
    truth = {}
    for phase in mine["phases"]:
        for step in phase["steps"]:
            truth.update({activity: step["id"] for activity in step.pop("match", [])})
    made = good(editor.post("/maps", {"document": mine}), 201)["id"]
    found = {s["activity"]: s["step"] for s in get(reader, f"/maps/{made}/suggestions", lang="it")["items"]}
    right = sum(found.get(activity) == step for activity, step in truth.items())
    assert right >= 0.6 * len(truth), (right, len(truth), found)
    good(editor.delete(f"/maps/{made}"), 204)


@test
def after_all_this_the_server_ends_without_a_complaint():
    assert served.stop() == 0, served.lines_text()[-3000:]


try:
    run()
finally:
    served.__exit__()
