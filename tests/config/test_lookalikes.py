"""Names that look the same in a table, though they are written with other characters."""

from __future__ import annotations

import unicodedata

import pytest

from mpi.config.composing import compose
from mpi.config.lookalikes import disguise, look
from mpi.config.measures import read_measure
from mpi.config.surveys import load_survey
from mpi.errors import ConfigError

COMPOSED, APART = (unicodedata.normalize(form, "años") for form in ("NFC", "NFD"))
CYRILLIC_A, CYRILLIC_O, GREEK_NU = "\u0430", "\u043e", "\u03bd"
MEASURE = """\
measure: norm
title: Norm
identification: person
missing: exclude
k: {{poor: 1/2, {cutoff}: 1/3}}
variables: {{person: {{read: truth, {variable}: truth}}, household: {{{other_variable}: number}}}}
derive: {{{derived}: read}}
dimensions:
  school: {{indicators: {{{indicator}: {{deprived: read}}}}}}
  {dimension}: {{indicators: {{{other_indicator}: {{deprived: read}}}}}}
"""
NAMES = {
    "cutoff": "severe",
    "variable": "v",
    "other_variable": "w",
    "derived": "d",
    "indicator": "i",
    "dimension": "house",
    "other_indicator": "j",
}


def faults(**names: str) -> list[str]:
    try:
        read_measure(compose(MEASURE.format(**{**NAMES, **names}), "m.yaml"))
    except ConfigError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_the_plain_names_are_good() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("one", "other"), [("indicator", "other_indicator"), ("variable", "other_variable"), ("variable", "derived")]
)
@pytest.mark.parametrize(
    ("first", "second"), [(COMPOSED, APART), ("\ufb01n", "fin"), ("coco", "\u0441\u043e\u0441\u043e"), ("v", GREEK_NU)]
)
def test_two_names_that_look_the_same_are_refused(one: str, other: str, first: str, second: str) -> None:
    found = faults(**{one: first, other: second})
    same = ["MPI-M003", "MPI-M001", "MPI-R015"] if second == APART else []  # one name, in NFC
    assert found[0].split()[0] == "MPI-C004" and {fault.split()[0] for fault in found[1:]} <= set(same)
    assert "looks like that in line" in found[0]


def test_a_dimension_and_a_cutoff_may_not_look_like_another_either() -> None:
    assert faults(dimension="sch\u03bfol")[0].startswith("MPI-C008")
    assert faults(cutoff="p\u03bf\u03bfr")[0].startswith("MPI-C008")


def test_one_name_of_letters_of_two_scripts_that_look_alike_is_refused_by_name() -> None:
    assert faults(indicator=f"w{CYRILLIC_A}ter") == [
        f"MPI-C008 m.yaml:9:25: an indicator: 'w{CYRILLIC_A}ter' has letters of two scripts that look alike: "
        "CYRILLIC SMALL LETTER A\n  write the name again, in one script"
    ]


@pytest.mark.parametrize("name", ["años", "вода", "β_poor", "água_potável", "水", "ñandú", "Ωmega"])
def test_names_of_one_script_and_signs_that_deceive_nobody_are_good(name: str) -> None:
    assert faults(indicator=name) == []
    assert not disguise(name)


def test_the_domains_of_a_survey_may_not_look_the_same(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "s.yaml"
    path.write_text(
        "survey: s\nperiod: 2026\ntables: {persons: {path: p.csv, key: [h, p]}}\ndesign: {weight: none}\n"
        f"variables: {{read: r = 1}}\ndomains: {{{COMPOSED}: {{column: a}}, {APART}: {{column: b}}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match=r"MPI-C004.*looks like that in line 6"):
        load_survey(path)


def test_look_keeps_names_apart_that_a_reader_can_tell_apart() -> None:
    names = ["water", "Water", "wáter", "water_", "l1", "I1", "O0", "OO"]
    assert len({look(name) for name in names}) == len(names)
