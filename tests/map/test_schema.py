"""docs/map.schema.json and the program agree on what is a map."""
import copy
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import SOURCE, Skip, run, test, viaggio  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None
SCHEMA = json.loads((SOURCE / "docs/map.schema.json").read_text())


def accepts(document):
    if jsonschema is None:
        raise Skip("python3-jsonschema is not here")
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def program_accepts(document):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(document, file)
        file.flush()
        viaggio("diff", file.name, file.name, status=None)
        return viaggio.status == 0


def example(name="macchinari"):
    return json.loads((SOURCE / f"examples/{name}/mappa.json").read_text())


def own_lanes(document):
    document["lanes"] = [{"id": "lane-x", "kind": "text", "title": "Documenti & moduli"}, {"id": "lane-n", "kind": "number", "title": "Durata", "unit": "min"},
                         {"id": "lane-h", "kind": "text", "title": "Segreto", "hidden": True}, {"id": "lane-z", "kind": "hologram"}]
    document["phases"][0]["steps"][0]["custom"] = {"lane-x": "Bolla di consegna", "lane-n": 12.5, "lane-h": "Non si vede", "gone": {"deep": [1]}}


@test
def a_teams_own_lanes_are_on_the_poster_unless_hidden():
    document = example()
    own_lanes(document)
    with tempfile.TemporaryDirectory() as folder:
        source, picture = pathlib.Path(folder, "map.json"), pathlib.Path(folder, "poster.svg")
        source.write_text(json.dumps(document))
        viaggio("render", source, "--out", picture, "--lang", "it")
        drawn = picture.read_text()
        for words in ("Documenti", "moduli", "Bolla di", "Durata", "12,50 min"):
            assert words in drawn, words
        assert "Segreto" not in drawn and "Non si vede" not in drawn
        again = json.loads(viaggio("convert", source, "--to", "json"))
        assert again["phases"][0]["steps"][0]["custom"]["gone"] == {"deep": [1]}, "what is not known survives"


@test
def the_examples_are_as_the_schema_says():
    for name in ("macchinari", "casa-in-ordine"):
        assert accepts(example(name)), name


@test
def every_object_and_field_of_the_schema_is_described():
    def walk(node, where):
        for name, field in node.get("properties", {}).items():
            assert "description" in field or "$ref" in field, f"{where}.{name}"
            walk(field, f"{where}.{name}")
        for name, definition in node.get("$defs", {}).items():
            assert definition.get("description"), name
            walk(definition, name)
    walk(SCHEMA, "map")


@test
def the_program_refuses_what_the_schema_refuses():
    def wrong(change):
        document = example()
        change(document)
        return document

    step = lambda d: d["phases"][0]["steps"][0]  # noqa: E731
    cases = {
        "no title": lambda d: d.pop("title"),
        "no phases": lambda d: d.pop("phases"),
        "format": lambda d: d.update(format=2),
        "state": lambda d: d.update(state="future"),
        "kind": lambda d: d.update(kind=1),
        "valence": lambda d: step(d)["feeling"].update(valence=3),
        "needs": lambda d: step(d).update(needs="x"),
        "match": lambda d: step(d).update(match=[{"channel": "x"}]),
        "optional": lambda d: step(d).update(optional="yes"),
        "step without title": lambda d: step(d).pop("title"),
        "date": lambda d: d["actions"][0].update(due="soon"),
        "version": lambda d: d.update(version=1.5),
        "people": lambda d: d["sessions"][0].update(people=["Anna"]),
        "choice": lambda d: step(d).update(choice=7),
        "lanes": lambda d: d.update(lanes=[{"id": "lane-doing", "kind": "doing", "hidden": "no"}]),
        "a lane": lambda d: d.update(lanes=["doing"]),
        "custom": lambda d: step(d).update(custom=["x"]),
        "share": lambda d: d["objective"]["metrics"][0].update(reached_by_pct=101),
    }
    for name, change in cases.items():
        document = wrong(change)
        assert not accepts(document), f"the schema accepts: {name}"
        assert not program_accepts(document), f"the program accepts: {name}"


@test
def both_accept_what_is_lenient():
    cases = {
        "null": lambda d: d.update(sponsor=None, scope=None, personas=None, actions=None),
        "unknown": lambda d: d.update({"x-colour": {"deep": [1]}}),
        "small": lambda d: (d.clear(), d.update(title="t", phases=[{"steps": [{"title": "a"}]}])),
        "choice": lambda d: d["phases"][0]["steps"][0].update(choice={"group": "g", "branch": "b"}),
        "empty date": lambda d: d.update(updated=""),
        "lanes": lambda d: (own_lanes(d), d.update(dismissed=[{"id": "n", "rule": "no-sponsor", "because": "we have one"}])),
    }
    for name, change in cases.items():
        document = copy.deepcopy(example())
        change(document)
        for phase in document["phases"]:
            for one in phase["steps"]:
                if "personas" in document and document["personas"] is None:
                    one.pop("feelings", None)
        assert accepts(document), f"the schema refuses: {name}"
        assert program_accepts(document), f"the program refuses: {name}: {viaggio.error}"


run()
