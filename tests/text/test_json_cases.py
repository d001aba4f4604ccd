"""JSON that must be refused, and JSON that must be read: the cases of the public JSONTestSuite (Nicolas Seriot),
written anew by category, as a map and as a line of JSON lines. Python's json module is the oracle for what is JSON;
where Viaggio is stricter by design, STRICTER says why."""
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tap import run, test, viaggio

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="viaggio-json-"))

# VALUE stands where a value is expected; whole documents stand alone.
VALUES = {
    "numbers": ["-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1eE2", "0x1", "1_000", "1,000.0.0", "--1", "1 2", "NaN",
                "Infinity", "-Infinity", "- 1", "1a", "１", "2.e3", "0e", "-.123", "1.0e-", "9.e+", "∞", "1/2"],
    "words": ["nul", "tru", "TRUE", "True", "None", "undefined", "nulll", "*", "a", "<null>"],
    "texts": ["'a'", '"', '"a', '"\\"', '"\\x"', '"\\u12"', '"\\u00G0"', '"\\u"', '"\\ "', '"a\tb"', '"a\nb"', '"a\x01b"',
              '"\\🌀"', '"a" "b"', '"\\uD800\\"', '`a`', '"\\u{1}"', '"\\a"', "“a”"],
    "arrays": ["[1,]", "[,1]", "[1,,2]", "[", "[1", "[1}", "[1 2]", "[1]]", "[a", "[\"\"", "[1:2]", "[,]", "[[]", "[...]"],
    "objects": ['{', '{"a"}', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}", '{1:1}', '{"a" 1}', '{"a"::1}', '{"a":1 "b":2}',
                '{"a":1,,"b":2}', '{:1}', '{,}', '{"a":1]', '{null:1}', '{"a"=1}', '{"a":"b"}}', '{[]:1}', '{"a":/**/1}'],
    "comments": ["/* c */ 1", "1 // c", "# c\n1", "1 /* c"],
}
STRICTER = {  # JSON by the letter, or read by Python, and refused here
    "a key that stands twice": ['{"a":1,"a":2}', '{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '{"a":1,"\\u0061":2}'],
    "half of a pair": ['"\\ud800"', '"\\udc00"', '"\\ud800\\ud800"', '"\\udc00\\ud800"', '"\\ud800a"', '{"\\ud800":1}'],
    "a number beyond what can be kept": ["1e400", "-1e400", "1e999999999", "123456789012345678901234567890"],
    "a NUL in a text": ['"\\u0000"', '"a\\u0000b"', '{"a\\u0000":1}'],
    "nested too deep": ["[" * 200 + "]" * 200, '{"a":' * 200 + "1" + "}" * 200],
}
BYTES = [b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\xaf"', b'"\xf4\x90\x80\x80"', b'"\xe2\x82"', b"\x001", b"1\x00", b"\x00", b'"a\x00b"']
FINE = ['""', '"a"', '"\\u00e8"', '"\\ud83c\\udf00"', '"\\/\\b\\f\\n\\r\\t"', "0", "-0", "1.5", "1E+2", "-1e-2", "1e308", "true", "null",
        "[]", "{}", "[[1],{}]", '{"a":{"b":[1,"x"]}}', " 1 ", '"\u2028"', '"\x7f"', "[" * 100 + "]" * 100, '"🌀"', "1e-999"]


def check_map(content):
    path = FOLDER / "map.json"
    path.write_bytes(content)
    viaggio("check", path, status=None)
    return viaggio.status, viaggio.error


def as_map(value):
    """A map with the value under a key of its own, which reading keeps."""
    return b'{"version":1,"title":"A","x-value":' + value + b"}"


def read_lines(values):
    """Each value in a line of its own, between good ones: good, value 0, good, value 1 … good."""
    path = FOLDER / "lines.jsonl"
    good = b'{"cliente":"A","evento":"x","data":"2025-01-02"}\n'
    lines = [b'{"cliente":"B","evento":"y","data":"2025-01-03","v":' + value + b"}\n" for value in values]
    path.write_bytes(good + b"".join(line + good for line in lines))
    file = json.loads(viaggio("import", path, "--json"))["files"][0]
    assert file["rows"] == file["stored"] + file["rejected"] == 2 * len(values) + 1, file
    return file


def python_reads(text):
    def no_word(word):
        raise ValueError(word)
    try:
        json.loads(text, parse_constant=no_word)
        return True
    except ValueError:
        return False


def refused_as_map(value):
    status, said = check_map(as_map(value))
    assert status in (3, 4) and "map.json:" in said and said.count("\n") >= 2, (value, status, said)  # place and hint


@test
def what_is_not_json_is_refused_as_a_map_with_its_place():
    for kind, values in VALUES.items():
        for value in values:
            assert not python_reads('{"x":' + value + "}"), (kind, value)
            refused_as_map(value.encode())
    for value in BYTES:
        refused_as_map(value)


@test
def json_that_could_mean_two_things_is_refused_as_a_map():
    for why, values in STRICTER.items():
        for value in values:
            assert python_reads('{"x":' + value + "}"), (why, value)
            refused_as_map(value.encode())


@test
def what_is_json_is_read_as_a_map():
    for value in FINE:
        assert python_reads(value), value
        said = check_map(as_map(value.encode()))[1]
        assert "map.json:1:" not in said, (value, said)


@test
def a_line_that_is_not_json_is_kept_aside_and_the_others_go_in():
    one_line = [v for values in VALUES.values() for v in values if "\n" not in v]
    bad = [v.encode() for v in one_line + [v for values in STRICTER.values() for v in values]]
    kept_aside = {reject["line"] for reject in read_lines(bad)["rejects"]}
    missed = [value for i, value in enumerate(bad) if 2 * i + 2 not in kept_aside]
    assert not missed and len(kept_aside) == len(bad), missed
    assert read_lines([v.encode() for v in FINE])["rejected"] == 0
    for value in BYTES:  # ill-formed text is mended in evidence, and said; a NUL is refused
        file = read_lines([value])
        mended = any("broken characters" in note for note in file["notes"]) or file["encoding"] != "UTF-8"
        assert [r["line"] for r in file["rejects"]] == [2] if b"\0" in value else mended, (value, file)


@test
def a_byte_order_mark_is_taken_off_and_an_empty_file_is_said():
    assert "map.json:1:" not in check_map(b"\xef\xbb\xbf" + as_map(b"1"))[1]
    for content, words in ((b"", "empty"), (b" \n", "empty"), (b"\xef\xbb\xbf", "empty"), (b"[1] 2", "follows"), (b"{}{}", "follows")):
        status, said = check_map(content)
        assert status in (3, 4) and words in said, (content, said)
    path = FOLDER / "bom.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"cliente":"A","evento":"x","data":"2025-01-02"}\n')
    assert json.loads(viaggio("import", path, "--json"))["files"][0]["stored"] == 1


@test
def what_is_wrong_with_json_is_said_in_italian():
    for value, words in (('{"a":1,"a":2}', "due volte"), ('"\\ud800"', "metà di una coppia"), ("1e400", "troppo grande"),
                         ("[" * 200, "annidato"), ("[1,]", "non è JSON"), ('"\\u0000"', "carattere NUL"), ("[1", "troppo presto")):
        content = as_map(value.encode())
        path = FOLDER / "map.json"
        path.write_bytes(content if value != "[1" else content[:-1])
        viaggio("check", path, status=None, lang="it")
        english = [w for w in (" the ", " is ", "near", "expected", "invalid", "duplicate") if w in viaggio.error]
        assert words in viaggio.error and not english, (value, viaggio.error)


run()
