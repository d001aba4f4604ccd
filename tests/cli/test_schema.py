"""Every JSON answer is what its schema in docs/schema says."""
import copy
import json
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
from data import CUSTOMERS, FOLDER, MAP, MAP_FILE, write  # noqa: E402
from schema import faults  # noqa: E402
from tap import SOURCE, run, test, viaggio  # noqa: E402

SCHEMAS = SOURCE / "docs" / "schema"
EXAMPLE = SOURCE / "examples" / "macchinari"
COACHING = SOURCE / "examples" / "casa-in-ordine"
ALL = [EXAMPLE / "crm.csv", EXAMPLE / "telefonate.xlsx", EXAMPLE / "recensioni.jsonl"]
OTHER = copy.deepcopy(MAP)
OTHER["phases"][0]["steps"][1]["title"] = "Leggo l’offerta"
OTHER_FILE = write("altra.json", json.dumps(OTHER))

WORKSPACE, EMPTY = FOLDER / "schema.viaggio", FOLDER / "empty.viaggio"
for workspace in (WORKSPACE, EMPTY):
    viaggio("init", workspace, "-q")
viaggio("import", *ALL, "-w", WORKSPACE, "-q")
viaggio("maps", EXAMPLE / "mappa.json", "-w", WORKSPACE, "-q")
viaggio("alias", "C00001", "C00002", "-w", WORKSPACE, "-q")

ANSWERS = [
    ("flow", ["flow", *ALL], ["flow", CUSTOMERS]),
    ("variants", ["variants", *ALL, "--top", "0"], ["variants", CUSTOMERS]),
    ("funnel", ["funnel", *ALL, "--map", EXAMPLE / "mappa.json"], ["funnel", CUSTOMERS], ["funnel", CUSTOMERS, "--strict"]),
    ("survival", ["survival", CUSTOMERS, "--from", "Richiesta", "--to", "Ordine"],
     ["survival", CUSTOMERS, "--map", MAP_FILE, "--from", "s1", "--to", "Ordino"]),
    ("kpi", ["kpi", EXAMPLE / "crm.csv", "--kind", "time", "--from", "Reso aperto", "--to", "Reso chiuso"],
     ["kpi", CUSTOMERS, "--kind", "score"], ["kpi", CUSTOMERS, "--kind", "state", "--from", "Ordine", "--enough", "5"],
     ["kpi", *ALL, "--map", EXAMPLE / "mappa.json", "--enough", "5"], ["kpi", "-w", WORKSPACE, "--map", "macchinari"], ["kpi", CUSTOMERS, "--map", MAP_FILE], ["kpi", CUSTOMERS, "--kind", "conversion", "--from", "Richiesta", "--to", "never seen"]),
    ("effect", ["effect", EXAMPLE / "crm.csv", "--kind", "time", "--from", "Reso aperto", "--to", "Reso chiuso", "--changed", "2025-01-13"],
     ["effect", CUSTOMERS, "--kind", "rate", "--changed", "2025"], ["effect", CUSTOMERS, "--map", MAP_FILE]),
    ("path", ["path", COACHING / "percorso.csv", "--map", COACHING / "mappa.json"], ["path", CUSTOMERS, "--map", MAP_FILE],
     ["path", CUSTOMERS, "--map", COACHING / "mappa.json"]),
    ("path-client", ["path", COACHING / "percorso.csv", "--map", COACHING / "mappa.json", "--client", "emma giordano"],
     ["path", CUSTOMERS, "--map", MAP_FILE, "--client", "C01"]),
    ("whatif", ["whatif", *ALL, "--map", EXAMPLE / "mappa.json", "--less-loss", "offerta=20%", "--less-wait", "Mi chiama il commerciale=0.5"],
     ["whatif", CUSTOMERS, "--map", MAP_FILE], ["whatif", CUSTOMERS, "--map", MAP_FILE, "--arrival", "Ordine", "--value", "100"]),
    ("align", ["align", *ALL, "--map", EXAMPLE / "mappa.json"], ["align", CUSTOMERS, "-m", MAP_FILE]),
    ("emotions", ["emotions", *ALL, "--map", EXAMPLE / "mappa.json"], ["emotions", CUSTOMERS, "-m", MAP_FILE]),
    ("import", ["import", *ALL], ["import", "--explain", *ALL], ["import", CUSTOMERS],
     ["import", CUSTOMERS, "-w", EMPTY], ["import", CUSTOMERS, "-w", EMPTY, "--explain"]),
    ("enrol", ["enrol", "macchinari", "Prova", "-w", WORKSPACE], ["enrol", "macchinari", "--containing", "Ordine confermato", "-w", WORKSPACE]),
    ("enrol-rules", ["enrol", "macchinari", "--rules", "-w", WORKSPACE]),
    ("progress", ["progress", "macchinari", "Prova", "--feeling", "-2", "--because", "prova", "-w", WORKSPACE],
     ["progress", "macchinari", "Prova", "-w", WORKSPACE]),
    *((name, [verb, "-w", WORKSPACE], [verb, "-w", EMPTY]) for name, verb in (
        ("sources", "sources"), ("imports", "imports"), ("maps", "maps"), ("aliases", "alias"), ("doctor", "doctor"))),
    ("events", ["events", *ALL, "--top", "500", "--attribute", "Importo"], ["events", CUSTOMERS]),
    ("timeline", ["timeline", "C01", CUSTOMERS], ["timeline", "C01", CUSTOMERS, "--pause", "3d"]),
    ("check", ["check", MAP_FILE, EXAMPLE / "mappa.json"], ["check", MAP_FILE, "--evidence", CUSTOMERS]),
    ("rules", ["check", "--rules"]),
    ("diff", ["diff", MAP_FILE, OTHER_FILE], ["diff", MAP_FILE, MAP_FILE]),
]


def hold(name, text):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    found = faults(json.loads(text), schema, SCHEMAS)
    assert not found, f"{name}: {len(found)} faults\n" + "\n".join(found[:10])


def answer_test(name, questions):
    def check():
        for lang in ("en", "it"):
            for question in questions:
                text = viaggio(*question, "--json", lang=lang, status=None)
                assert viaggio.status in (0, 1), (question, viaggio.status, viaggio.error)
                hold(name, text)
    check.__name__ = f"{name}_answers_as_its_schema_says"
    test(check)


for name, *questions in ANSWERS:
    answer_test(name, questions)


@test
def the_insight_of_a_report_is_as_its_schema_says():
    out = FOLDER / "schema-report"
    viaggio("report", CUSTOMERS, "--map", MAP_FILE, "--out", out)
    hold("insight", (out / "insight.json").read_text())


@test
def every_schema_is_used_by_a_test():
    used = {name for name, *_ in ANSWERS} | {"insight"}
    assert used == {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json")}


@test
def the_validator_finds_what_is_wrong():
    schema = json.loads((SCHEMAS / "variants.schema.json").read_text())
    good = json.loads(viaggio("variants", CUSTOMERS, "--json"))
    assert not faults(good, schema, SCHEMAS)
    for spoil in (lambda a: a.pop("total"), lambda a: a.update(total="3"), lambda a: a.update(more=1),
                  lambda a: a["variants"][0].update(share=2), lambda a: a["variants"].append(None)):
        bad = copy.deepcopy(good)
        spoil(bad)
        assert faults(bad, schema, SCHEMAS)


run()
