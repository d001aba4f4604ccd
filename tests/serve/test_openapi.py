"""The API's own document: valid, true of the real answers, and what TypeScript believes."""
import json
from urllib.parse import quote
import pathlib
import subprocess
import sys
import tempfile
import time

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from routes import document
from served import Served
from tap import SOURCE, Skip, run, test, viaggio

EXAMPLE = SOURCE / "examples" / "macchinari"
CHECK = """
import { Validator } from "@seriousme/openapi-schema-validator";
import { readFileSync } from "node:fs";
const validator = new Validator({ strict: true });
const got = await validator.validate(JSON.parse(readFileSync(process.argv[1], "utf-8")));
console.log(JSON.stringify({ valid: got.valid, version: validator.version, errors: got.errors ?? [] }));
"""


@test
def a_public_validator_finds_the_document_valid():
    folder = SOURCE / "tests" / "browser"
    if not (folder / "node_modules" / "@seriousme").exists():
        raise Skip("the npm packages of tests/browser are not installed")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:  # Node reads a pipe only where it is not yet empty
        json.dump(document(), file)
        file.flush()
        ran = subprocess.run(["node", "--input-type=module", "-e", CHECK, file.name], capture_output=True, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    got = json.loads(ran.stdout)
    assert got["valid"] is True and got["version"] == "3.1", got


@test
def the_types_in_the_client_are_those_of_the_table():
    made = viaggio("serve", "--print", "typescript")
    kept = (SOURCE / "web" / "app" / "src" / "api" / "wire.ts").read_text()
    assert made == kept, "viaggio serve --print typescript > web/app/src/api/wire.ts"


@test
def what_the_client_believes_of_answers_holds_of_the_table():
    folder = SOURCE / "web" / "app"
    if not (folder / "node_modules" / ".bin" / "tsc").exists():
        raise Skip("the npm packages of web/app are not installed")
    ran = subprocess.run([folder / "node_modules" / ".bin" / "tsc", "--noEmit", "-p", "agreement"], cwd=folder, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


@test
def every_row_says_what_it_is_for_and_has_a_name_of_its_own():
    names = set()
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            assert len(operation["summary"]) > 3, (method, path)
            assert operation["operationId"] not in names
            names.add(operation["operationId"])
    assert len(names) > 80, len(names)


def check(doc, operation, got, about):
    told = operation["responses"].get(str(got.status)) or operation["responses"]["default"]
    content = told.get("content", {})
    kind = got.header("Content-Type")
    if not content:
        assert not got.body, (about, got)
        return
    assert kind and any(k.split(";")[0] == kind.split(";")[0] or k == "application/octet-stream" for k in content), (about, kind, list(content))
    if "json" in kind and kind.split(";")[0] in content:
        schema = {"components": doc["components"], **content[kind.split(";")[0]]["schema"]}
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(got.json))
        assert not errors, (about, [(list(e.absolute_path), e.message[:200]) for e in errors[:5]])


@test
def every_answer_to_a_get_is_as_the_document_says():
    doc, tried, wrong = document(), 0, []
    with Served(team=True) as served:
        for name in ("crm.csv", "telefonate.xlsx", "recensioni.jsonl"):
            viaggio("import", EXAMPLE / name, "-w", served.workspace)
        viaggio("maps", EXAMPLE / "mappa.json", "-w", served.workspace)
        owner = served.owner
        got = owner.get("/maps")
        assert got.status == 200, got
        map_id = got.json["items"][0]["id"]
        steps = [s["id"] for p in owner.get("/maps/" + map_id).json["map"]["phases"] for s in p["steps"]]
        customers = owner.get("/customers?limit=5").json["items"]
        ids = {"/maps/{id}": map_id}
        for kind, body in (("departments", {"name": "Ufficio vendite"}), ("channels", {"name": "Posta pneumatica"}), ("personas", {"name": "Rossi"}),
                           ("filters", {"name": "Marzo", "query": "since=2025-03"})):
            made = owner.post("/" + kind, body)
            assert made.status == 201, made
            check(doc, doc["paths"]["/api/v1/" + kind]["post"], made, kind)
            ids["/" + kind + "/{id}"] = made.json["id"]
        got = owner.post(f"/maps/{map_id}/comments", {"at": "", "text": "Buono @[Luca](" + served.people["Luca"] + ")"})
        assert got.status < 300, got
        check(doc, doc["paths"]["/api/v1/maps/{id}/comments"]["post"], got, "comment")
        got = owner.post("/shares", {"map": map_id, "what": "map", "days": 3})
        assert got.status == 201, got
        check(doc, doc["paths"]["/api/v1/shares"]["post"], got, "share")
        share = got.json["link"].rsplit("/", 1)[1]
        got = owner.post(f"/maps/{map_id}/enrolments", {"customer": customers[0]["name"], "at": "2024-01-01"})
        assert got.status == 201, got
        check(doc, doc["paths"]["/api/v1/maps/{id}/enrolments"]["post"], got, "enrol")
        ids["/enrolments/{id}"] = got.json["enrolment"]
        own = "/enrolments/" + got.json["enrolment"]
        got = owner.post(own + "/progress", {"kind": "done", "step": steps[0]})
        check(doc, doc["paths"]["/api/v1/enrolments/{id}/progress"]["post"], got, "progress")
        got = owner.post(own + "/links", {"days": 3})
        check(doc, doc["paths"]["/api/v1/enrolments/{id}/links"]["post"], got, "link")
        link = {"X-Path-Token": got.json["link"].split("#")[1]}
        got = owner.post(own + "/files?name=prova.png", b"\x89PNG\r\n\x1a\n" + bytes(32), headers={"Content-Type": "image/png"})
        check(doc, doc["paths"]["/api/v1/enrolments/{id}/files"]["post"], got, "proof")
        proof = next(p["file"]["id"] for p in owner.get(own).json["progress"] if p["file"])
        got = owner.post("/uploads?name=crm.csv", (EXAMPLE / "crm.csv").read_bytes(), headers={"Content-Type": "application/octet-stream"})
        assert got.status == 201, got
        ids["/uploads/{id}"] = got.json["id"]
        # an upload is used up by its import: look at it first
        got = owner.get(f"/uploads/{ids['/uploads/{id}']}/explain")
        assert got.status == 200, got
        check(doc, doc["paths"]["/api/v1/uploads/{id}/explain"]["get"], got, "explain")
        got = owner.post("/imports", {"upload": ids["/uploads/{id}"], "options": {}})
        assert got.status == 202, got
        check(doc, doc["paths"]["/api/v1/imports"]["post"], got, "import")
        ids["/jobs/{id}"] = got.json["job"]
        for _ in range(100):
            if owner.get("/jobs/" + got.json["job"]).json["state"] in ("done", "failed"):
                break
            time.sleep(0.1)
        assert owner.get("/jobs/" + got.json["job"]).json["state"] == "done", owner.get("/jobs/" + got.json["job"])
        queries = {"/insight/survival": f"?from={steps[0]}&to={steps[-1]}&map={map_id}", "/insight/emotions": f"?map={map_id}",
                   "/insight/customers": "?variant=1", "/customer": "?name=" + customers[0]["name"],
                   "/customer/export": "?format=json&name=" + customers[0]["name"], "/maps/{id}/customers": f"?step={steps[0]}&kind=reached",
                   "/maps/{id}/diff": "?from=0&to=0", "/maps/{id}/path/client": "?customer=" + quote(customers[0]["name"]), "/maps/{id}/export": "?format=json", "/events": "?q=a", "/maps/{id}/enough": "?kpi=resi&change=-10",
                   "/insight/effect": "?from=Reso%20aperto&to=Reso%20chiuso&kind=time&changed=2025-01-13",
                   "/insight/funnel/customers": f"?map={map_id}&at=1", "/insight/survival/customers": f"?from={steps[0]}&to={steps[-1]}&map={map_id}"}
        for path, item in doc["paths"].items():
            operation = item.get("get")
            if not operation or path.endswith("/live") or path in ("/api/v1/uploads/{id}/explain", "/api/v1/files/{id}"):
                continue
            short = path.removeprefix("/api/v1")
            known = next((v for k, v in ids.items() if short.startswith(k)), "1")
            real = path.replace("{id}", known).replace("{token}", share).replace("{fid}", proof).replace("{what}.{format}", "poster.svg")
            got = owner.get(real + queries.get(short, ("?map=" + map_id) if "pictures" in path else ""),
                            headers=link if short.startswith("/client") else None)
            tried += 1
            try:
                check(doc, operation, got, (path, got.status))
                # rejects of an import that has none are not there
                assert got.status == 200 or (got.status == 404 and path.endswith("/rejects")), (real, got)
            except AssertionError as one:
                wrong.append(str(one))
    assert not wrong, "\n".join(wrong)
    assert tried > 50, tried
    print(f"# {tried} answers held against the document")


run()
