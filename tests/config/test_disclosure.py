"""Disclosure rule sets from YAML: those that ship, what may be left out, and every fault with its place and remedy."""

import re
from pathlib import Path

import pytest

from mpi.config import load_disclosure, shipped
from mpi.config.composing import compose
from mpi.config.disclosure import read_disclosure
from mpi.disclosure import changing, judging
from mpi.language import LANGUAGES
from mpi.specs.disclosure import Disclosure
from tests.support.bad_configs import Case, message

BASE = """\
disclosure: own
title: Our rules
persons: 10
households: 3
numerator: 10
all_or_none: 20
complementary: yes
profile: {persons: 10, households: 3}
"""


def test_every_rule_set_that_ships_says_why() -> None:
    assert shipped("disclosure") == ["census", "none", "public_microdata", "small_areas", "standard"]
    for name in shipped("disclosure"):
        rules = load_disclosure(name)
        assert rules.name == name
        assert set(rules.title) == set(LANGUAGES)
        assert rules.note and rules.source


def test_the_thresholds_that_ship() -> None:
    standard = load_disclosure("standard")
    assert (standard.persons, standard.households, standard.numerator, standard.all_or_none) == (10, 3, 10, 50)
    assert (standard.numerators, standard.difference, standard.complementary) == (("poor",), 0, True)
    assert load_disclosure("small_areas").households == 10
    assert load_disclosure("census").profile_persons is None
    public = load_disclosure("public_microdata")
    assert (public.hides, public.profile_persons, public.profile_households) == (False, 1, 1)
    none = load_disclosure("none")
    assert (none.hides, none.complementary, none.profile_persons) == (False, False, None)


def test_what_is_left_out_has_its_usual_value() -> None:
    rules = read_disclosure(compose(BASE.replace("profile: {persons: 10, households: 3}\n", ""), "d.yaml"))
    assert rules == Disclosure(
        name="own",
        title={"": "Our rules"},
        source="",
        note="",
        persons=10,
        households=3,
        numerator=10,
        all_or_none=20,
        complementary=True,
        profile_persons=None,
        profile_households=None,
    )


def test_numerators_stand_in_one_order() -> None:
    rules = read_disclosure(compose(BASE + "numerators: [indicators, poor]\ndifference: 5\n", "d.yaml"))
    assert (rules.numerators, rules.difference) == (("poor", "indicators"), 5)


CASES = [
    Case("all or none only", "all_or_none: 20", "all_or_none: 19",
         "MPI-C060 d.yaml:6:14: all_or_none is 19, less than twice the numerator of 10: domains of a size in between "
         "would show a figure only where all or none have a property\n  write 20 or more\n"),
    Case("more households than persons", "households: 3", "households: 11",
         "MPI-C061 d.yaml:4:13: 11 households are more than 10 persons\n  every household has a person\n",
         [("profile: {persons: 10, households: 3}\n", "")]),
    Case("a map that tells what tables hide", "persons: 10, households: 3}", "persons: 9, households: 3}",
         "MPI-C062 d.yaml:8:10: a map with such combinations of deprivations would reveal what the tables hide\n"
         "  write {persons: 10, households: 3} or more, or leave `profile` out\n"),
    Case("complementary to nothing", "persons: 10", "persons: 0",
         "MPI-C063 d.yaml:7:16: complementary hides more where rules hide something, and every rule is off\n"
         "  write `complementary: no`, or set a threshold\n",
         [("households: 3", "households: 0"), ("numerator: 10", "numerator: 0"), ("all_or_none: 20", "all_or_none: 0"),
          ("profile: {persons: 10, households: 3}\n", "")]),
    Case("no number", "persons: 10", "persons: ten",
         "MPI-C007 d.yaml:3:10: the rule set: persons: 'ten' is not a whole number from 0 to 10000\n"
         "  write one from 0 to 10000\n"),
    Case("unknown numerator", "complementary: yes", "complementary: yes\nnumerators: [pour]",
         "MPI-C006 d.yaml:8:14: the rule set: numerators: 'pour' is not known\n  did you mean 'poor'?\n"),
    Case("no numerator", "complementary: yes", "complementary: yes\nnumerators: []",
         "MPI-C009 d.yaml:8:13: the rule set: `numerators` names nothing\n  leave it out for [poor]\n"),
    Case("unknown key", "persons: 10", "person: 10",
         "MPI-C009 d.yaml:1:1: the rule set: the key 'persons' is missing\n  add `persons:`\n"
         "MPI-C003 d.yaml:3:1: the rule set: the key 'person' is not known\n  did you mean 'persons'?\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_told_with_its_place_and_remedy(case: Case) -> None:
    assert message(case, BASE, "d.yaml", read_disclosure) == case.expected


MANUAL = (Path(__file__).resolve().parent.parent.parent / "docs" / "en" / "disclosure.md").read_text(encoding="utf-8")


def test_the_manual_says_what_the_files_say() -> None:
    def number(value: int) -> str:
        return str(value) if value else "-"

    rows = {row[0].strip("`"): row[1:] for row in table_below("| Rule set |")}
    assert sorted(rows) == shipped("disclosure")
    for name, (base, numerator, all_or_none, judged, difference, carried) in rows.items():
        rules = load_disclosure(name)
        assert base == (f"{rules.persons}, {rules.households}" if rules.hides else "-")
        assert (numerator, all_or_none) == (number(rules.numerator), number(rules.all_or_none))
        words = {"-": (), "the poor": ("poor",), "the poor, indicators": ("poor", "indicators")}
        assert words[judged] == (rules.numerators if rules.hides else ())
        assert difference == number(rules.difference)
        if rules.profile_persons is None:
            assert carried == "nothing"
        else:
            least = f"combinations of {rules.profile_persons} persons, {rules.profile_households} households"
            assert carried == (least if rules.hides else "everything: the microdata are public with these areas")


def test_the_manual_names_every_rule_that_hides() -> None:
    named = [row[0].strip("`") for row in table_below("| `hidden_by` |")]
    assert named == [*judging.RULES, *changing.RULES, "precision"]


def test_the_file_of_the_manual_is_one() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", MANUAL, re.S)
    found = read_disclosure(compose(text, "d.yaml"))
    title = {"es": "Reglas de la oficina", "en": "Rules of the office"}
    source = "Decree 1 of 2020, article 5"
    assert found == Disclosure(
        name="our_office",
        title=title,
        source=source,
        note="Why these numbers.",
        persons=10,
        households=3,
        numerator=10,
        all_or_none=50,
        complementary=True,
        profile_persons=10,
        profile_households=3,
    )


def table_below(head: str) -> list[list[str]]:
    """The cells of the rows of a table of the manual."""
    lines = MANUAL[MANUAL.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
