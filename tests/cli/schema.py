"""The part of JSON Schema that docs/schema uses. Stricter than it: a name that the schema does not tell of is a fault."""
import json
import pathlib

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def _is(value, name):
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def faults(value, schema, folder, where="$"):
    """Every fault, as a sentence with its place."""
    if "$ref" in schema:
        schema = json.loads((pathlib.Path(folder) / schema["$ref"]).read_text())
    if "anyOf" in schema:
        tries = [faults(value, option, folder, where) for option in schema["anyOf"]]
        return [] if any(not found for found in tries) else tries[0]
    known = {"$schema", "$id", "title", "description", "type", "required", "properties", "items", "enum", "minimum",
             "maximum", "additionalProperties", "const"}
    found = [f"{where}: the test does not know the keyword {word}" for word in set(schema) - known]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_is(value, name) for name in types):
        return found + [f"{where}: {value!r:.60} is no {' or '.join(types)}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: {value!r:.60} is none of {schema['enum']}")
    if _is(value, "number"):
        if value < schema.get("minimum", value) or value > schema.get("maximum", value):
            found.append(f"{where}: {value} is out of bounds")
    if isinstance(value, list) and "items" in schema:
        for at, item in enumerate(value):
            found += faults(item, schema["items"], folder, f"{where}[{at}]")
    if isinstance(value, dict):
        properties = schema.get("properties")
        found += [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, item in value.items():
            if properties is not None and name in properties:
                found += faults(item, properties[name], folder, f"{where}.{name}")
            elif isinstance(schema.get("additionalProperties"), dict):
                found += faults(item, schema["additionalProperties"], folder, f"{where}.{name}")
            elif properties is not None:
                found.append(f"{where}: the schema does not tell of {name}")
    return found
