"""Types and levels of rules: every fault with its words, place and remedy, and what is inferred where there is none."""

from __future__ import annotations

import pytest

from mpi.rules import Kind, Origin, check, parse
from mpi.rules.syntax import Type
from mpi.vocabulary.options import Level

HERE = Origin("measure.yaml", 14, 20)
SCOPE = {
    "age": Kind("number", "person"),
    "attends": Kind("truth", "person"),
    "job": Kind("text", "person"),
    "relation": Kind("text", "person", frozenset(["head", "child"])),
    "rooms": Kind("number", "household"),
    "zone": Kind("text", "household", frozenset(["urban", "rural"])),
    "poor": Kind("truth", "household"),
    "empty": Kind("unsure", "person"),
}
TRUTH_HINT = "a condition is not compared: write x or NOT x"
COMPARE_HINT = "write a text in quotes and a number without; no value is converted silently"


def kind_of(text: str, level: Level = "person", expected: Type | None = None) -> Kind:
    kind, faults = check(parse(text, HERE), SCOPE, HERE, level=level, expected=expected)
    assert not faults, faults
    return kind


def faults_of(text: str, *, level: Level = "person", expected: Type | None = None, persons: bool = True) -> list[str]:
    _, faults = check(parse(text, HERE), SCOPE, HERE, level=level, expected=expected, persons=persons)
    return [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("age", Kind("number", "person")),
        ("1", Kind("number")),
        ("'a'", Kind("text", None, frozenset("a"))),
        ("TRUE", Kind("truth")),
        ("NULL", Kind("null")),
        ("-age", Kind("number", "person")),
        ("rooms + 1", Kind("number", "household")),
        ("rooms + age", Kind("number", "person")),
        ("NOT poor", Kind("truth", "household")),
        ("poor AND attends", Kind("truth", "person")),
        ("age < 5", Kind("truth", "person")),
        ("zone = 'urban'", Kind("truth", "household")),
        ("zone <> job", Kind("truth", "person")),
        ("zone IN ('urban', 'rural')", Kind("truth", "household")),
        ("rooms BETWEEN 1 AND age", Kind("truth", "person")),
        ("zone IS NULL", Kind("truth", "household")),
        ("empty IS NULL", Kind("truth", "person")),
        ("empty = 1 OR empty = 'a' OR empty", Kind("truth", "person")),
        ("ABS(rooms)", Kind("number", "household")),
        ("LEAST(rooms, age)", Kind("number", "person")),
        ("COALESCE(zone, 'none')", Kind("text", "household", frozenset(["urban", "rural", "none"]))),
        ("COALESCE(job, 'none')", Kind("text", "person")),
        ("COALESCE(NULL, rooms)", Kind("number", "household")),
        ("COALESCE(NULL, NULL)", Kind("null")),
        ("COALESCE(empty, NULL)", Kind("unsure", "person")),
        ("CASE WHEN attends THEN rooms END", Kind("number", "person")),
        ("CASE WHEN poor THEN 'a' ELSE 'b' END", Kind("text", "household", frozenset("ab"))),
        ("CASE WHEN poor THEN NULL ELSE TRUE END", Kind("truth", "household")),
        ("ANY(attends)", Kind("truth", "household")),
        ("ALL(age > rooms)", Kind("truth", "household")),
        ("COUNT()", Kind("number", "household")),
        ("COUNT_IF(attends)", Kind("number", "household")),
        ("SUM(age)", Kind("number", "household")),
        ("MEAN(rooms)", Kind("number", "household")),
        ("MIN(age) < MAX(age)", Kind("truth", "household")),
        ("age > MEAN(age)", Kind("truth", "person")),
    ],
)
def test_a_rule_has_a_type_and_a_level(text: str, kind: Kind) -> None:
    assert kind_of(text) == kind


REFUSED = [
    ("MEAN(agee) < 3", "MPI-R006 measure.yaml:14:25: there is no variable 'agee'\n  did you mean 'age'?"),
    ("zzzzz = 3", "MPI-R006 measure.yaml:14:20: there is no variable 'zzzzz'"),
    ("-job", "MPI-R007 measure.yaml:14:21: - takes a number, not a text"),
    (
        "NOT age",
        "MPI-R007 measure.yaml:14:24: NOT takes a condition (true or false), not a number\n  compare it: age = 1",
    ),
    ("poor AND rooms + 1", "MPI-R007 measure.yaml:14:35: AND takes a condition (true or false), not a number"),
    (
        "1 + (age > 3)",
        "MPI-R007 measure.yaml:14:29: + takes a number, not a condition (true or false)\n"
        "  count with COUNT_IF(...), or write CASE WHEN ... THEN 1 ELSE 0 END",
    ),
    ("NULL + 1", "MPI-R007 measure.yaml:14:20: + takes a number, not NULL"),
    ("age = '3'", "MPI-R007 measure.yaml:14:24: 'age', a number, is compared with a text ('3')\n  " + COMPARE_HINT),
    (
        "zone = 1",
        "MPI-R007 measure.yaml:14:25: 'zone', a text, is compared with a number (1)\n"
        "  compare it with a text: 'rural', 'urban'",
    ),
    ("age + 1 = job", "MPI-R007 measure.yaml:14:28: a number is compared with 'job', a text,\n  " + COMPARE_HINT),
    (
        "attends = 1",
        "MPI-R007 measure.yaml:14:28: 'attends', a condition (true or false), is compared with a number (1)\n  "
        + TRUTH_HINT,
    ),
    ("attends = TRUE", "MPI-R007 measure.yaml:14:28: a condition is compared with a condition\n  write x or NOT x"),
    ("job < 'm'", "MPI-R007 measure.yaml:14:24: texts have no order for <\n  list the texts: x IN ('a', 'b')"),
    (
        "age IN (1, 'a')",
        "MPI-R007 measure.yaml:14:31: 'age', a number, is compared with a text ('a')\n  " + COMPARE_HINT,
    ),
    (
        "attends IN (1)",
        "MPI-R007 measure.yaml:14:32: 'attends', a condition (true or false), is compared with a number (1)\n  "
        + TRUTH_HINT,
    ),
    ("NULL IN (1)", "MPI-R007 measure.yaml:14:29: NULL is compared with a number (1)\n  write IS NULL or IS NOT NULL"),
    ("job BETWEEN 1 AND 2", "MPI-R007 measure.yaml:14:20: BETWEEN takes a number, not a text"),
    (
        "CASE WHEN age THEN 1 END",
        "MPI-R007 measure.yaml:14:30: WHEN takes a condition (true or false), not a number\n  compare it: age = 1",
    ),
    (
        "CASE WHEN poor THEN 1 ELSE 'a' END",
        "MPI-R007 measure.yaml:14:20: the branches give different types: a number, a text\n  give them one type",
    ),
    (
        "COALESCE(attends, 0)",
        "MPI-R007 measure.yaml:14:20: the branches give different types: a condition (true or false), a number\n"
        "  give them one type",
    ),
    ("ABS(job)", "MPI-R007 measure.yaml:14:24: ABS takes a number, not a text"),
    (
        "ANY(age)",
        "MPI-R007 measure.yaml:14:24: ANY takes a condition (true or false), not a number\n  compare it: age = 1",
    ),
    (
        "SUM(attends)",
        "MPI-R007 measure.yaml:14:24: SUM takes a number, not a condition (true or false)\n"
        "  count with COUNT_IF(...), or write CASE WHEN ... THEN 1 ELSE 0 END",
    ),
    ("COUNT_IF(MEAN(age) > age)", "MPI-R009 measure.yaml:14:29: MEAN is inside COUNT_IF\n  derive the inner one first"),
    ("age = NULL", "MPI-R011 measure.yaml:14:24: a comparison with NULL is never true\n  write IS NULL or IS NOT NULL"),
    (
        "NULL <> NULL",
        "MPI-R011 measure.yaml:14:25: a comparison with NULL is never true\n  write IS NULL or IS NOT NULL",
    ),
    (
        "CASE WHEN poor THEN NULL END = 1",
        "MPI-R011 measure.yaml:14:49: a comparison with NULL is never true\n  write IS NULL or IS NOT NULL",
    ),
    ("zone = 'urbano'", "MPI-R012 measure.yaml:14:27: 'zone', a text, is never 'urbano'\n  did you mean 'urban'?"),
    (
        "'city' = zone",
        "MPI-R012 measure.yaml:14:20: 'zone', a text, is never 'city'\n  the declared texts are rural, urban",
    ),
    (
        "relation IN ('head', 'Child')",
        "MPI-R012 measure.yaml:14:41: 'relation', a text, is never 'Child'\n"
        "  did you mean 'child'? (look at capitals, blanks and accents)",
    ),
    (
        "CASE WHEN poor THEN 'a' ELSE 'b' END = 'ccc'",
        "MPI-R012 measure.yaml:14:59: a text is never 'ccc'\n  the declared texts are a, b",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text for text, _ in REFUSED])
def test_a_fault_says_what_is_wrong_where_and_how_to_mend_it(text: str, message: str) -> None:
    assert faults_of(text) == [message]


def test_all_faults_of_a_rule_are_reported_together() -> None:
    found = faults_of("agee = 1 AND job + 1 > 2 AND zone = 'x' AND ANY(rooms)")
    assert [message[:8] for message in found] == ["MPI-R006", "MPI-R007", "MPI-R012", "MPI-R007"]


def test_one_fault_does_not_breed_others() -> None:
    assert len(faults_of("agee + 1 = 2 AND NOT (agee = 'a') OR agee IN (1) OR agee IN ('a')")) == 4
    assert len(faults_of("COALESCE(agee, 1) = 'a'")) == 2
    assert len(faults_of("-job > 3")) == 1


def test_a_household_rule_says_how_to_aggregate_each_bare_person_variable() -> None:
    assert faults_of("age > 5 AND rooms < 3 AND ANY(attends) OR NOT attends OR age = 1", level="household") == [
        "MPI-R008 measure.yaml:14:20: 'age' differs between the members of a household\n"
        "  use an aggregate: ANY(...), ALL(...), COUNT_IF(...), MEAN(age), MIN(age), ...",
        "MPI-R008 measure.yaml:14:66: 'attends' differs between the members of a household\n"
        "  use an aggregate: ANY(...), ALL(...), COUNT_IF(...), MEAN(attends), MIN(attends), ...",
    ]
    assert not faults_of("ANY(age > 5) AND rooms < 3", level="household")


def test_aggregates_need_persons() -> None:
    assert faults_of("COUNT() > 3", persons=False) == [
        "MPI-R010 measure.yaml:14:20: COUNT needs persons, and the survey has only households"
    ]


def test_a_rule_must_give_the_type_that_its_place_expects() -> None:
    assert faults_of("rooms", expected="truth") == [
        "MPI-R013 measure.yaml:14:20: the rule gives a number, not a condition (true or false)\n  compare it: ... = 1"
    ]
    assert faults_of("zone", expected="number") == ["MPI-R013 measure.yaml:14:20: the rule gives a text, not a number"]
    assert faults_of("NULL", expected="truth") == [
        "MPI-R013 measure.yaml:14:20: the rule gives NULL, not a condition (true or false)\n"
        "  write a condition (true or false): x = 1, TRUE or FALSE"
    ]
    assert kind_of("rooms > 1", expected="truth").type == "truth"
    assert kind_of("empty", expected="text").type == "unsure"


def test_the_highest_tree_that_is_parsed_is_checked_without_exhausting_the_stack() -> None:
    assert kind_of("+".join(["rooms"] * 101)) == Kind("number", "household")
    deep = "CASE WHEN TRUE THEN " * 50 + "age" + " END" * 50
    assert kind_of(deep) == Kind("number", "person")
