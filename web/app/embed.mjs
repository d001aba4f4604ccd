// embed: a folder of files as the C table of src/serve/assets.h, ordered by address.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json",
  ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
};

function walk(folder, under = "") {
  return fs.readdirSync(path.join(folder, under), { withFileTypes: true })
    .flatMap((f) => (f.isDirectory() ? walk(folder, under + f.name + "/") : [under + f.name]));
}

function literal(bytes) {
  let out = "", line = "    \"";
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i];
    const plain = c >= 32 && c < 127 && c !== 34 && c !== 92 && c !== 63;
    line += plain ? String.fromCharCode(c) : "\\" + c.toString(8).padStart(3, "0");
    if (line.length > 110) { out += line + "\"\n"; line = "    \""; }
  }
  return out + line + "\"";
}

export function embed(site, file) {
  let data = "", rows = "";
  const files = walk(site).map((name) => ({ name, address: "/" + (name === "index.html" ? "" : name === "p.html" ? "p" : name) })); // a page of its own has its address without the ending
  files.sort((a, b) => (a.address < b.address ? -1 : 1));
  files.forEach(({ name, address }, i) => {
    const bytes = fs.readFileSync(path.join(site, name)), extension = path.extname(name);
    if (!types[extension]) throw new Error(`${name}: no content type is known for ${extension}`);
    const packed = zlib.gzipSync(bytes, { level: 9 });
    packed[9] = 255; // the same bytes on every system
    const gzip = packed.length < bytes.length * 0.95 ? packed : null;
    data += `static const char bytes_${i}[] =\n${literal(bytes)};\n`;
    if (gzip) data += `static const char gzip_${i}[] =\n${literal(gzip)};\n`;
    const etag = crypto.createHash("sha256").update(bytes).digest("hex").slice(0, 20);
    rows += `    {"${address}", "${types[extension]}", bytes_${i}, ${bytes.length}, ${gzip ? `gzip_${i}, ${gzip.length}` : "NULL, 0"}, "\\"${etag}\\"", ${address.startsWith("/assets/")}},\n`;
  });
  fs.writeFileSync(file, `/* made by web/app/build.mjs */
#include "serve/assets.h"
#pragma GCC diagnostic ignored "-Woverlength-strings"
${data}
const struct web_asset web_assets[] = {
${rows}};
const size_t web_assets_len = sizeof(web_assets) / sizeof(*web_assets);
`);
}
