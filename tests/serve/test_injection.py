"""What could break out of a statement, a path or a page, through every text that a route takes: no answer says 500,
nothing that was in the data file goes, nothing secret comes. The routes and their texts are the route table's.
VIAGGIO_FULL=1 sends every payload through every text; otherwise each text gets two of them in turn."""
import json
import os
import pathlib
import sqlite3
import sys
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from routes import RANKS, fill, request, resolve, rows
from served import Client, Served
from tap import run, test
from world import bring_client, bring_example, bring_path

served = Served(team=True).__enter__()
bring_example(served.editor)
LINK = bring_client(served.editor, bring_path(served.editor))[1]
served.owner.post("/departments", {"name": "Vendite"})

PAYLOADS = [
    "' OR '1'='1", "'; DROP TABLE person; --", "\" OR \"\"=\"", "1); DELETE FROM map; --", "%' UNION SELECT hash FROM credential --",
    "' AND (SELECT load_extension('x')) --", "x' || (SELECT token_hash FROM session) || 'y", "1 OR 1=1", "[name]`name`", "%", "_",
    "\\' OR 1=1 --", "*\"NEAR(", "' UNION SELECT sql FROM sqlite_schema --", "../../../../etc/passwd", "$(id)`id`;id", "{{7*7}}${7*7}",
    "<script>alert(1)</script>", "a\r\nSet-Cookie: x=1", "%s%s%n", "１' ＯＲ １=１",
]
FULL = os.environ.get("VIAGGIO_FULL")
SECRETS = (b"$argon2id$", b"CREATE TABLE", b"root:x:0:0")
# They end the session of who asks, hash a password each time, or stay open.
LEFT_OUT = {("DELETE", "/api/v1/session"), ("PUT", "/api/v1/me/password"), ("POST", "/api/v1/session"), ("POST", "/api/v1/setup"),
            ("POST", "/api/v1/invitations/accept"), ("GET", "/api/v1/live")}


def kinds(doc, schema):
    kind = resolve(doc, schema).get("type")
    return kind if isinstance(kind, list) else [kind]


def texts(doc, path, operation):
    """(where, name) of each text a request may carry; of what lies in a body one level down, too."""
    for parameter in operation["parameters"]:
        if parameter["in"] in ("path", "query") and ("string" in kinds(doc, parameter["schema"]) or "array" in kinds(doc, parameter["schema"])):
            yield parameter["in"], parameter["name"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    for name, schema in resolve(doc, body["schema"]).get("properties", {}).items() if body else ():
        if "string" in kinds(doc, schema):
            yield "body", name
        if "array" in kinds(doc, schema) and "string" in kinds(doc, resolve(doc, schema).get("items", {})):
            yield "list", name
        if "object" in kinds(doc, schema):
            for inner, one in resolve(doc, schema).get("properties", {}).items():
                if "string" in kinds(doc, one):
                    yield "object", (name, inner)


def send(client, doc, method, path, operation, where, name, payload):
    query, headers, body = request(doc, operation)
    if "X-Path-Token" in headers:
        headers.update(LINK)
    at = fill(path.replace("{" + name + "}", quote(payload, safe="")) if where == "path" else path)
    if where == "query":
        query = "&".join([p for p in query.split("&") if p and not p.startswith(name + "=")] + [f"{name}={quote(payload, safe='')}"])
    if where in ("body", "list", "object"):
        value = json.loads(body)
        if where == "object":
            value[name[0]] = {**(value.get(name[0]) or {}), name[1]: payload}
        else:
            value[name] = [payload] if where == "list" else payload
        body = json.dumps(value).encode()
    return client.ask(method, at + ("?" + query if query else ""), body, headers=headers, timeout=60)


def counts():
    with sqlite3.connect(f"file:{served.workspace}?mode=ro", uri=True) as db:
        names = [n for n, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        derived = {"image", "batch", "block", "identity", "session"}
        return {n: db.execute(f"SELECT count(*) FROM {n}").fetchone()[0] for n in names if n not in derived}


@test
def no_text_breaks_out_through_any_route():
    tried, routes, turn, statuses = 0, 0, 0, {}
    before = counts()
    for doc, method, path, role, operation in rows():
        if (method, path) in LEFT_OUT or any("event-stream" in k for a in operation["responses"].values() for k in a.get("content", {})):
            continue
        routes += 1
        client = {1: served.reader, 2: served.editor, 3: served.owner}.get(RANKS[role], Client(served))
        for where, name in texts(doc, path, operation):
            for payload in PAYLOADS if FULL else (PAYLOADS[turn % len(PAYLOADS)], PAYLOADS[(turn * 7 + 3) % len(PAYLOADS)]):
                got = send(client, doc, method, path, operation, where, name, payload)
                tried += 1
                about = (method, path, where, name, payload, got)
                assert got.status < 500 or got.status == 503 and "webhook" in path, about
                assert not any(secret in got.body for secret in SECRETS), about
                assert got.header("Set-Cookie") is None or "x=1" not in got.header("Set-Cookie"), about
                statuses[got.status] = statuses.get(got.status, 0) + 1
            turn += 1
    after = counts()
    print(f"# {tried} requests over {routes} routes: " + ", ".join(f"{n} × {s}" for s, n in sorted(statuses.items())))
    assert tried > 500, tried
    assert after.keys() == before.keys()
    gone = {n: (before[n], after[n]) for n in before if after[n] < before[n]}
    assert not gone, gone


@test
def after_all_of_it_the_file_is_whole_and_the_people_are_who_they_were():
    assert served.owner.get("/doctor").json["healthy"]
    names = {p["name"] for p in served.owner.get("/people").json["items"]}
    assert len(names) == 3 and {"owner", "editor", "reader"} == {p["role"] for p in served.owner.get("/people").json["items"]}
    assert served.owner.get("/evidence").json["events"] > 1000


try:
    run()
finally:
    served.__exit__()
