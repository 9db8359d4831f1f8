"""YAML read as it is written: what its dialects would convert stays text, and what could hide a trap is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mpi.config import load_measure, load_survey
from mpi.config.composing import compose, load
from mpi.config.locate import locate, shipped
from mpi.config.nodes import Node
from mpi.errors import ConfigError
from tests.support.limits import cpu_seconds_below

BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{c}: &{c} [*{b}, *{b}, *{b}, *{b}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True)
)


def refused(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        compose(text, "m.yaml")
    assert error.value.exit_code == 2
    return str(error.value)


@pytest.mark.parametrize(
    ("wrong", "words", "mended"),
    [
        ("{d: NOT b OR e IN ('x', 'y')}", "in double quotes", "{d: \"NOT b OR e IN ('x', 'y')\"}"),
        ('{b: "x" y}', "in double quotes", '{b: "x y"}'),
        ("{a: b: c}", "in double quotes", '{a: "b: c"}'),
        ("@x", "double quotes", '"@x"'),
        ("%x", "double quotes", '"%x"'),
        ("'b' = x", "double quotes", "\"'b' = x\""),
        ("> b = 2", "double quotes", '"> b = 2"'),
        ("& x", "double quotes", '"& x"'),
        ("*", "double quotes", '"*"'),
        ("? x", "double quotes", '"? x"'),
        ("x < 5: 3", "a text with a colon in double quotes", '"x < 5: 3"'),
        ('"\\q"', "write a backslash twice", '"\\\\q"'),
        ('"\\q"', "or use single quotes", "'\\q'"),
        ("'x", "a quote is not closed", "'x'"),
        ("[1, 2", "is not closed", "[1, 2]"),
        ("[1, 2}", "close it with ]", "[1, 2]"),
        ("{b: 1]", "close it with }", "{b: 1}"),
        ("-\n b", "as `- a` lines", "\n- b"),
        ("-\n b", "or as [a, b]", "[b]"),
        ("\n  b: 1\n c: 2", "indent the keys of one mapping alike", "\n  b: 1\n  c: 2"),
        ("\n\tb: 1", "indent with blanks", "\n  b: 1"),
        ("&x 1", "write the value out", "1"),
        ("!!str 1", "leave it out", "1"),
    ],
)
def test_the_remedy_for_what_is_no_yaml_is_one_that_works(wrong: str, words: str, mended: str) -> None:
    assert words in refused(f"a: {wrong}").splitlines()[-1]
    compose(f"a: {mended}", "m.yaml")


def test_a_rule_cut_by_its_comma_in_a_flow_mapping_is_told_how_to_write_it() -> None:
    root = compose("a: {deprived: x IN (1, 2), weight: 1}", "m.yaml")
    root.section("it", ("a",)).found["a"].section("indicator", ("deprived", "weight"))
    assert [str(fault) for fault in root.faults] == [
        "MPI-C003 m.yaml:1:24: indicator: the key '2)' is not known\n"
        "  inside { } put a text with a comma in double quotes"
    ]


@pytest.mark.parametrize(
    "text", ["no", "NO", "010", "0o10", "0x1F", "12:30", "1e3", "2024-01-01", ".inf", "1_000", "y", "<<"]
)
def test_a_plain_scalar_is_the_text_that_was_written(text: str) -> None:
    root = compose(f"key: {text}", "m.yaml")
    assert root.section("it", ("key",)).found["key"].text("key") == text


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_only_plain_null_is_null(text: str) -> None:
    assert compose(f"key: {text}", "m.yaml").section("it", ("key",), nullable=("key",)).found["key"].is_null
    assert not compose(f"key: '{text}'", "m.yaml").section("it", ("key",)).found["key"].is_null


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "MPI-C002 m.yaml: the file is empty\n  write `key: value` lines"),
        ("# nothing\n", "MPI-C002 m.yaml: the file is empty\n  write `key: value` lines"),
        ("a: &x 1", "MPI-C002 m.yaml:1:4: anchors and aliases (& and *) are not allowed\n  write the value out"),
        ("a: *x", "MPI-C002 m.yaml:1:4: anchors and aliases (& and *) are not allowed\n  write the value out"),
        ("a: !!str 1", "MPI-C002 m.yaml:1:4: the tag 'tag:yaml.org,2002:str' is not allowed\n  leave it out"),
        (
            "a: !!python/object/apply:os.system [ls]",
            "MPI-C002 m.yaml:1:4: the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed\n"
            "  leave it out",
        ),
        ("a: 1\n---\nb: 2", "MPI-C002 m.yaml:2:1: a second document (---) starts here\n  keep one document a file"),
        (
            "a:\n\tb: 1",
            "MPI-C002 m.yaml:2:1: not YAML: found character '\\t' that cannot start any token\n"
            "  indent with blanks, not tabs",
        ),
        (
            "a: [1, 2",
            "MPI-C002 m.yaml:1:9: not YAML: expected ',' or ']', but got '<stream end>'\n"
            "  a { or [ is not closed: close it",
        ),
        (
            "a: b: c",
            "MPI-C002 m.yaml:1:5: not YAML: mapping values are not allowed here\n"
            "  put a text with a colon in double quotes; `key: value` has a blank after the colon",
        ),
        (
            "a: \x00",
            "MPI-C002 m.yaml: not YAML: there are characters that YAML does not allow\n"
            "  save the file as plain UTF-8 text",
        ),
        (
            "[" * 5000,
            "MPI-C002 m.yaml:1:51: nested more than 50 levels deep\n"
            "  reduce the nesting: no key of a config needs so many levels",
        ),
        (
            "{a: " * 5000,
            "MPI-C002 m.yaml:1:201: nested more than 50 levels deep\n"
            "  reduce the nesting: no key of a config needs so many levels",
        ),
    ],
    ids=lambda text: text[:25],
)
def test_what_is_no_plain_yaml_is_refused(text: str, expected: str) -> None:
    assert refused(text) == expected


def test_several_tags_and_anchors_are_told_at_once() -> None:
    assert refused("a: !x 1\nb: {c: &d 2, e: *d}").count("MPI-C002") == 3


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    with cpu_seconds_below(2):
        assert refused(BOMB).count("anchors and aliases") == 9 + 8 * 4


def read(path: Path) -> str:
    with pytest.raises(ConfigError) as error:
        load(path)
    return str(error.value).replace(f"{path.parent}/", "")


def test_a_file_of_two_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("# " + "x" * 2_000_000, encoding="utf-8")
    expected = (
        "MPI-C002 m.yaml: 2,000,002 bytes are too many for a config file: at most 1,000,000\n"
        "  name the config itself: this looks like a file of data"
    )
    assert read(path) == expected


def test_a_file_that_is_not_utf_8_is_refused_and_a_byte_order_mark_is_not(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes("título: x".encode("cp1252"))
    assert read(path) == "MPI-C002 m.yaml: the file is not UTF-8 text\n  save it as UTF-8"
    path.write_bytes("a: ñ".encode("utf-8-sig"))
    assert load(path).section("it", ("a",)).found["a"].text("a") == "ñ"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "m.yaml"
    folder.mkdir()
    assert read(folder) == "MPI-C002 m.yaml: this is not a regular file\n  give the path of a YAML file"
    missing = "MPI-C002 other.yaml: the file cannot be read (No such file or directory)\n  give the path of a file"
    missing += " that exists"
    assert read(tmp_path / "other.yaml") == missing


def test_a_name_that_is_no_config_is_refused_with_the_nearest(tmp_path: Path) -> None:
    def said(name: str | Path) -> str:
        with pytest.raises(ConfigError) as error:
            load_measure(name)
        return str(error.value)

    assert said("colombia_imp") == "MPI-C001 no measure is called 'colombia_imp'\n  did you mean 'colombia_ipm'?"
    known = ", ".join(shipped("measures"))
    remedy = f"give the path of a YAML file, or one of: {known}"
    assert said("xyzzy/q.yaml") == f"MPI-C001 there is no file 'xyzzy/q.yaml'\n  {remedy}"
    assert said("x" * 5000).startswith("MPI-C001 no measure is called 'xxx")
    with pytest.raises(ConfigError, match="MPI-C001 no survey is called"):
        load_survey("xyzzy")


def test_a_folder_s_own_config_goes_before_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "colombia_ecv_2025.yaml"
    own.write_text("survey: x", encoding="utf-8")
    assert locate("colombia_ecv_2025", "surveys", beside=tmp_path) == own
    assert locate("colombia_ecv_2025", "surveys").parent != tmp_path
    assert locate(own, "surveys") == own


def rule(text: str) -> tuple[int | None, int | None]:
    root: Node = compose(text, "m.yaml")
    node = root.section("it", ("rule",)).found["rule"]
    found = node.rule("rule")
    assert found is not None
    return found.origin.line, found.origin.column


def test_a_rule_knows_where_its_first_character_stands() -> None:
    assert rule("rule: a = 1") == (1, 7)
    assert rule("rule: 'a = 1'") == (1, 8)
    assert rule("rule:\n    a = 1") == (2, 5)
    assert rule("rule: >\n  a = 1\n  AND b") == (1, None)
    assert rule("rule: 'a = ''x'''") == (1, None)
    assert rule("rule: a = 1\n  AND b = 2") == (1, None)


def test_a_fault_in_a_folded_rule_tells_the_character() -> None:
    root = compose("rule: >\n  a =\n  = 1", "m.yaml")
    assert root.section("it", ("rule",)).found["rule"].rule("rule") is None
    assert str(root.faults[0]).startswith("MPI-R001 m.yaml:1: at character 5 of the rule: ")
