"""A served workspace with the example firm's evidence and map in it, over real HTTP."""
import json
import pathlib
import sys
import time
from urllib.parse import quote, urlencode

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import SOURCE

EXAMPLE = SOURCE / "examples" / "macchinari"
FILES = ["crm.csv", "telefonate.xlsx", "recensioni.jsonl"]
TRUTH = json.loads((EXAMPLE / "truth.json").read_text())


def good(answer, status=200):
    assert answer.status == status, answer
    return answer.json if answer.body else None


def get(client, path, **query):
    """Query values that are lists are repeated."""
    pairs = [(k.replace("_", "-"), v) for k, vs in query.items() for v in (vs if isinstance(vs, list) else [vs])]
    return good(client.get(path + ("?" + urlencode(pairs, quote_via=quote) if pairs else "")))


def upload(client, name, data):
    return good(client.post("/uploads?name=" + quote(name), data, headers={"Content-Type": "application/octet-stream"}), 201)


def wait(client, job, until=("done", "failed", "cancelled"), seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = get(client, "/jobs/" + job)
        if got["state"] in until:
            return got
        time.sleep(0.02)
    raise AssertionError(f"the job is still {got}")


def bring(client, name, data, **options):
    """Upload and import; returns the job as it ended."""
    sent = upload(client, name, data)
    job = good(client.post("/imports", {"upload": sent["id"], "options": options}), 202)["job"]
    return wait(client, job)


def bring_example(client):
    results = {}
    for name in FILES:
        job = bring(client, name, (EXAMPLE / name).read_bytes())
        assert job["state"] == "done", job
        results[name] = job["result"]
    return results


def bring_client(client, map_id, customer="Giulia Neri", **more):
    """Enrol a customer and give out a private link; returns the enrolment and the headers of who has the link."""
    enrolment = good(client.post(f"/maps/{map_id}/enrolments", {"customer": customer, **more}), 201)["enrolment"]
    link = good(client.post(f"/enrolments/{enrolment}/links", {"days": 30}), 201)["link"]
    return enrolment, {"X-Path-Token": link.split("#")[1]}


def bring_path(client):
    """The example of a success path."""
    return bring_map(client, json.loads((SOURCE / "examples" / "casa-in-ordine" / "mappa.json").read_text()))


def bring_map(client, document=None):
    document = document or json.loads((EXAMPLE / "mappa.json").read_text())
    return good(client.post("/maps", {"document": document}), 201)["id"]


def edit(client, map_id, *operations):
    got = good(client.post(f"/maps/{map_id}/operations", {
        "operations": [{"client": f"t{time.monotonic_ns()}-{i}", "op": op} for i, op in enumerate(operations)]}))
    assert all(r["problem"] is None for r in got["results"]), got
    return got


def playbook(**fields):
    return {"id": "p-" + fields["when"] + "-" + fields["kind"], "title": "", "text": "", "on": True, **fields}


def until(ask, seconds=30):
    """What `ask` answers, once it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = ask()
        if got:
            return got
        time.sleep(0.05)
    raise AssertionError(f"nothing within {seconds} s")
