"""The route table, as the program itself tells it (OpenAPI), with a request for each row."""
import json
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import viaggio

RANKS = {"open": 0, "reader": 1, "editor": 2, "owner": 3}


def document():
    return json.loads(viaggio("serve", "--print", "openapi"))


def resolve(doc, schema):
    while "$ref" in schema:
        node = doc
        for part in schema["$ref"].lstrip("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def example(doc, schema, depth=0):
    """The smallest value that fits."""
    schema = resolve(doc, schema)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(doc, schema["anyOf"][0], depth + 1)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: example(doc, schema["properties"][name], depth + 1) for name in schema.get("required", [])}
    if kind == "array":
        return []
    return {"string": "prova", "integer": 1, "number": 1, "boolean": True}.get(kind, {})


def rows():
    """(method, path, role, operation) of every row."""
    doc = document()
    for path, item in doc["paths"].items():
        for method, operation in item.items():
            yield doc, method.upper(), path, operation["x-role"], operation


def request(doc, operation, ids=None):
    """Path parameters filled in by the caller; query and body that fit the table."""
    query = "&".join(f"{p['name']}={example(doc, p['schema'])}" for p in operation["parameters"]
                     if p["in"] == "query" and p.get("required"))
    headers = {p["name"]: '"1"' for p in operation["parameters"] if p["in"] == "header"}
    body = None
    content = operation.get("requestBody", {}).get("content", {})
    for kind, media in content.items():
        if kind == "application/json":
            body = json.dumps(example(doc, media["schema"])).encode()
        elif kind == "application/x-www-form-urlencoded":
            body = b"password=prova"
        else:
            body = b"a,b\n1,2\n"
        headers["Content-Type"] = kind
    return query, headers, body


def fill(path, value="prova"):
    out = path
    while "{" in out:
        out = out[:out.index("{")] + value + out[out.index("}") + 1:]
    return out
