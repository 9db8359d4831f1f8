"""Measures that are `like` another: what is merged, what is replaced, what null and `...` do, and where faults are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mpi.config import load_measure, load_survey, shipped
from mpi.errors import ConfigError
from tests.config import test_surveys
from tests.config.test_measures import BASE
from tests.support.loops import at_least_one


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(ConfigError) as error:
        load_measure(path)
    return str(error.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize("name", at_least_one(shipped("measures")))
def test_a_measure_that_changes_only_k_is_the_shipped_one_at_that_cutoff(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, "own", f"measure: own\nlike: {name}\ntitle: Own\nk: 2/5\ncomparison: '>='")
    own, base = load_measure(path), load_measure(name)
    assert own.cutoffs == own.with_cutoff("2/5").cutoffs != base.cutoffs
    assert (own.dimensions, own.indicators, own.variables) == (base.dimensions, base.indicators, base.variables)
    assert (own.derived, own.missing, own.name, own.title) == (base.derived, base.missing, "own", {"": "Own"})
    assert [file.path for file in own.files] == [*(file.path for file in base.files), path]


def test_weights_indicators_and_titles_change_one_by_one(tmp_path: Path) -> None:
    write(tmp_path, "demo", BASE)
    own = load_measure(
        write(
            tmp_path,
            "own",
            """\
measure: own
like: demo
title: {es: Propia}
variables:
  household: {floor: [earth, cement], zone: [..., mixed]}
derive: {child: age < 15}
dimensions:
  school:
    weight: 2/5
    indicators:
      adults: null
  housing:
    weight: 3/5
    indicators:
      crowding: {title: Crowded, deprived: COUNT() / rooms > 2}
      area: null
      floor: {weight: 2/3, deprived: floor = 'earth'}
""",
        )
    )
    assert own.title == {"es": "Propia"}, "a title is replaced in all its languages"
    assert own.names == ("attendance", "crowding", "floor")
    assert own.weights == (Fraction(2, 5), Fraction(1, 5), Fraction(2, 5))
    crowding = own.indicators[1]
    assert crowding.deprived.text == "COUNT() / rooms > 2" and crowding.title == {"": "Crowded"}
    assert own.indicators[0].eligible is not None, "what is not named stays"
    assert own.derived["child"].text == "age < 15"
    assert own.variables["zone"].kind.labels == {"urban", "rural", "mixed"}
    assert own.variables["floor"].kind.labels == {"earth", "cement"}


def test_a_fault_names_the_file_and_line_that_it_is_in_the_measures_own_first(tmp_path: Path) -> None:
    write(tmp_path, "demo", BASE.replace("area: {weight: 2/3, deprived: zone", "area: {weight: 2/3, deprived: zonne"))
    path = write(tmp_path, "own", "measure: own\nlike: demo\ndimensions:\n  school: {weight: 2/5}\n  new: null")
    assert refused(path) == (
        "MPI-M005 own.yaml:4:3: the dimension weights add up to 9/10, not 1: school 2/5, housing 1/2\n"
        "  write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`\n"
        "MPI-M010 own.yaml:5:3: 'new' is null, and the file that this one is like has none\n"
        "  remove it, or write the name as that file does\n"
        "MPI-R006 demo.yaml:24:37: there is no variable 'zonne'\n"
        "  did you mean 'zone'?"
    )


def test_what_cannot_be_taken_over_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "demo", BASE)
    path = write(tmp_path, "own", "measure: own\nlike: demoo")
    assert refused(path).startswith("MPI-M010 own.yaml:2:7: no measure is called 'demoo'\n")
    path = write(tmp_path, "ring", "measure: ring\nlike: ring")
    assert refused(path) == "MPI-M010 ring.yaml:2:7: `like:` is circular\n  write one of them without `like:`"
    write(tmp_path, "of_survey", test_surveys.BASE)
    path = write(tmp_path, "own", "measure: own\nlike: of_survey")
    assert refused(path).startswith("MPI-C010 of_survey.yaml:1:1: the file describes a survey, not a measure\n")
    path = write(tmp_path, "own", "measure: own\nlike: demo\nk: null\nidentification:")
    assert [line for line in refused(path).splitlines() if line.startswith("MPI-")] == [
        "MPI-C009 own.yaml:1:1: the measure: the key 'identification' is missing",
        "MPI-C009 own.yaml:1:1: the measure: the key 'k' is missing",
    ]


def test_a_list_goes_on_only_from_a_list(tmp_path: Path) -> None:
    text = "MPI-M010 {}: `...` stands for the list of the file that this one is like, and there is none\n"
    path = write(tmp_path, "alone", BASE.replace("zone: [urban, rural]", "zone: [..., urban, rural]"))
    assert refused(path).startswith(text.format("alone.yaml:8:21"))
    write(tmp_path, "demo", BASE)
    path = write(tmp_path, "own", "measure: own\nlike: demo\nvariables: {household: {floor: [..., earth]}}")
    assert refused(path).startswith(text.format("own.yaml:3:32"))


def test_lists_of_a_survey_go_on_from_those_of_another(tmp_path: Path) -> None:
    base = test_surveys.BASE.replace("age: [99]", "age: [98, 99], zone: [9]").replace("age: [EDAD]", "age: [edad]")
    write(tmp_path, "demo", base)
    later = "survey: later\nlike: demo\nmissing_codes: {age: [..., 97, 99], zone: [8]}\naliases: {age: [..., ed]}"
    survey = load_survey(write(tmp_path, "later", later))
    assert survey.missing_codes == {"age": ("98", "99", "97"), "zone": ("8",)}
    assert survey.aliases == {"age": ("edad", "ed")}
    path = write(tmp_path, "wrong", "survey: wrong\nlike: demo\naliases: {zone: [..., barrio]}")
    with pytest.raises(ConfigError, match=r"MPI-S001 .*wrong.yaml:3:17: `\.\.\.` stands for the list"):
        load_survey(path)
