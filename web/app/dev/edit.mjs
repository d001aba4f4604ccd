// edit: the operations of src/map/edit.h, for the mock.
function fail(message, status = 404) { throw Object.assign(new Error(message), { status }); }

function findList(node, id, seen = []) { // → [list, index] of the item with this id
  if (Array.isArray(node)) {
    for (let i = 0; i < node.length; i++) {
      if (node[i]?.id === id) return [node, i];
      const deep = findList(node[i], id, seen);
      if (deep) return deep;
    }
  } else if (node && typeof node === "object")
    for (const value of Object.values(node)) { const deep = findList(value, id, seen); if (deep) return deep; }
  return null;
}
function owner(doc, id) {
  if (id === "" || id === undefined) return doc;
  const found = findList(doc, id);
  return found ? found[0][found[1]] : fail(`nothing in the map has the id "${id}"`);
}
function walk(from, names, make) {
  let node = from;
  for (const name of names) {
    if (node[name] === undefined || node[name] === null) { if (!make) return undefined; node[name] = {}; }
    node = node[name];
  }
  return node;
}
export function apply(doc, op) {
  if (op.op === "set") {
    const names = op.field.split("."), last = names.pop(), node = walk(owner(doc, op.at), names, op.value !== undefined);
    if (op.value === undefined) { if (node) delete node[last]; } else node[last] = op.value;
  } else if (op.op === "insert" || op.op === "move") {
    let value = op.value;
    if (op.op === "move") { const found = findList(doc, op.item) ?? fail("the item is gone"); [value] = found[0].splice(found[1], 1); }
    else if (value?.id && findList(doc, value.id)) fail(`the id "${value.id}" is there already`, 409);
    const names = op.list.split("."), last = names.pop(), node = walk(owner(doc, op.at), names, true), list = (node[last] ??= []);
    const before = op.before ? list.findIndex((x) => x.id === op.before) : -1;
    list.splice(before < 0 ? list.length : before, 0, value);
  } else if (op.op === "delete") {
    const found = findList(doc, op.item) ?? fail("the item is gone");
    found[0].splice(found[1], 1);
  } else if (op.op === "replace") {
    for (const key of Object.keys(doc)) delete doc[key];
    Object.assign(doc, op.value);
  } else fail("no such operation", 400);
}
