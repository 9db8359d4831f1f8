"""One household explained: the values that its rules saw, its score, and what would lift it out of poverty."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import mpi
from mpi.checking.correcting import corrections_of
from mpi.checking.explaining import Explained, explain
from mpi.checking.telling import lines
from mpi.config.locate import shipped
from tests.support.hamlet import HOUSEHOLDS, MEASURE, PERSONS, SCORES, SURVEY, write_hamlet

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
REAL = os.environ.get("MPI_REAL_DATA")
HOUSE_001A = """\
Poverty of the village
household of 3 persons: 1, 2, 3
  schooling_low (Little schooling; weight 1/4): DEPRIVED
      eligible: age >= 15: person 1, 2
      rule: MEAN(schooling) < 6
      age = 40, 38, 10
      schooling = 5, 4, 3
  attendance (weight 1/4): NOT DEPRIVED
      eligible: pupil: person 3
      rule: ANY(NOT attends)
      pupil = no, no, yes   [age BETWEEN 6 AND 14]
        age = 40, 38, 10
      attends = no, no, yes
  water_lacking (weight 1/4): DEPRIVED
      rule: NOT water
      water = no
  crowding (weight 1/4): NOT DEPRIVED
      rule: crowd > 3
      crowd = 1.5   [COUNT() / rooms]
        rooms = 2
  score: 1/2 = 0.5000
  poor: poor at k 1/3: the score is 1/6 above the cutoff
    single indicators that would lift it out: schooling_low, water_lacking
  severe: poor at k 1/2: the score is exactly on the cutoff
    single indicators that would lift it out: schooling_low, water_lacking
""".splitlines()


def village(folder: Path, **changed: str) -> tuple[mpi.Survey, mpi.Measure]:
    write_hamlet(folder, **changed)
    return mpi.load_survey(folder / "village_2026.yaml"), mpi.load_measure(folder / "village.yaml")


def shown(folder: Path, household: str, **changed: str) -> list[str]:
    survey, measure = village(folder, **changed)
    return lines(explain(survey, measure, folder, household), measure)


def recomputed(row: dict[str, object], measure: mpi.Measure, cutoff: mpi.Cutoff) -> tuple[Fraction, list[str]]:
    """Score and lifting indicators of one complete row of the table of units, by hand."""

    def score(without: str = "") -> Fraction:
        total = Fraction(0)
        for dimension in measure.dimensions:
            own = [i for i in measure.indicators if i.dimension == dimension.name and not i.monitor]
            deprived = [i for i in own if row[i.name] and i.name != without]
            if dimension.at_least is None:
                total += sum((i.weight for i in deprived), Fraction(0))
            elif len(deprived) >= dimension.at_least:
                total += dimension.weight
        return total

    def poor(value: Fraction) -> bool:
        return value > cutoff.k if cutoff.strict else value >= cutoff.k

    lifting = [name for name in measure.names if poor(score()) and not poor(score(name))]
    return score(), lifting


def key_of(row: dict[str, object], survey: mpi.Survey) -> str:
    return ",".join(str(row[column]) for column in survey.tables["households"].key)


def assert_agrees(unit: Explained, row: dict[str, object], measure: mpi.Measure) -> None:
    assert {item.indicator.name: item.deprived for item in unit.judged} == {name: row[name] for name in measure.names}
    for item in unit.judged:
        names = [seen.name for seen in item.seen]
        assert len(names) == len(set(names)) > 0
    for standing in unit.standings:
        score, lifting = recomputed(row, measure, standing.cutoff)
        assert unit.score == score == Fraction(str(row["score"]))
        assert list(standing.lifting) == lifting
        assert standing.distance == score - standing.cutoff.k
    assert unit.standings[0].poor == row["poor"]


def test_a_household_is_explained_line_by_line(tmp_path: Path) -> None:
    assert shown(tmp_path, "001A") == HOUSE_001A


@pytest.mark.parametrize("household", list(SCORES))
def test_every_household_of_the_village_has_the_score_that_a_hand_gives(household: str, tmp_path: Path) -> None:
    survey, measure = village(tmp_path)
    unit = explain(survey, measure, tmp_path, household)[0]
    expected = SCORES[household]
    assert unit.score == (None if expected is None else Fraction(expected))


def test_a_household_whose_persons_do_not_lie_together_is_seen_whole(tmp_path: Path) -> None:
    found = shown(tmp_path, "002")
    assert found[1] == "household of 4 persons: 1, 2, 3, 4"
    assert "      age = 30, 9, 2, 7" in found
    assert "      eligible: pupil: person 2, 4" in found


def test_an_unknown_names_the_indicator_that_leaves_the_household_out(tmp_path: Path) -> None:
    found = shown(tmp_path, "003")
    assert found[2] == "  schooling_low (Little schooling; weight 1/4): UNKNOWN"
    assert found[6] == "      schooling = unknown"
    assert found[8] == "      eligible: pupil: nobody, hence not deprived"
    assert found[-1] == "  score: not known, for schooling_low; left out of every figure (missing: exclude)"


@pytest.mark.parametrize(
    ("missing", "ends"),
    [
        ("deprived", ["  score: 1/4 = 0.2500", "  poor: not poor at k 1/3: the score is 1/12 below the cutoff",
                      "    single indicators that would make it poor: attendance, water_lacking, crowding",
                      "  severe: not poor at k 1/2: the score is 1/4 below the cutoff",
                      "    single indicators that would make it poor: attendance, water_lacking, crowding"]),
        ("reweight", ["  score: 0 = 0.0000", "  poor: not poor at k 1/3: the score is 1/3 below the cutoff",
                      "    single indicators that would make it poor: attendance",
                      "  severe: not poor at k 1/2: the score is 1/2 below the cutoff",
                      "    single indicators that would make it poor: attendance"]),
    ],
)  # fmt: skip
def test_a_rule_for_unknowns_shows_in_verdict_and_score(missing: str, ends: list[str], tmp_path: Path) -> None:
    found = shown(tmp_path, "003", measure=MEASURE.replace("missing: exclude", f"missing: {missing}"))
    counts = "UNKNOWN, counts as DEPRIVED" if missing == "deprived" else "UNKNOWN"
    assert found[2] == f"  schooling_low (Little schooling; weight 1/4): {counts}"
    assert found[-5:] == ends


def test_an_unknown_that_counts_as_deprived_lifts_out_once_it_is_known_not_to_be(tmp_path: Path) -> None:
    text = MEASURE.replace("missing: exclude", "missing: deprived").replace("poor: 1/3", "poor: 1/4")
    survey, measure = village(tmp_path, measure=text)
    assert explain(survey, measure, tmp_path, "003")[0].standings[0].lifting == ("schooling_low",)


@pytest.mark.parametrize("key", ["1A", "001a", "1", "", "001A,1", "2", "-5", "--5", "³", "1e400", "9" * 30])
def test_a_key_that_no_household_has_is_refused_without_naming_it(key: str, tmp_path: Path) -> None:
    with pytest.raises(mpi.UsageError) as refused:
        shown(tmp_path, key)
    assert str(refused.value) == (
        "MPI-U002 no household has this key (house)\n  texts are compared exactly, with zeros and capitals"
    )


@pytest.mark.parametrize("key", ["--5,1", "25000002,9", "³,1", f"{'9' * 30},1", "25000002.0,1", "x,y"])
def test_a_number_that_no_household_has_is_refused(key: str) -> None:
    with pytest.raises(mpi.UsageError, match=r"^MPI-U002 no household has this key"):
        explain(mpi.load_survey("colombia_demo_2025"), mpi.load_measure("colombia_ipm"), SAMPLE, key)


def test_a_key_needs_all_its_parts() -> None:
    with pytest.raises(mpi.UsageError) as refused:
        explain(mpi.load_survey("colombia_demo_2025"), mpi.load_measure("colombia_ipm"), SAMPLE, "25000002")
    assert str(refused.value) == (
        "MPI-U002 the key of a household has 2 parts (DIRECTORIO, SECUENCIA_P), not 1\n  "
        "write --household DIRECTORIO,SECUENCIA_P with their values"
    )


@pytest.mark.parametrize(
    ("measure_name", "survey_name"),
    [
        ("colombia_ipm", "colombia_demo_2025"),
        ("uruguay_ipm", "uruguay_demo_2018"),
        ("uruguay_derechos", "uruguay_demo_2018"),
    ],
)
def test_explanations_agree_with_the_table_of_units_and_a_hand_count(measure_name: str, survey_name: str) -> None:
    measure, survey = mpi.load_measure(measure_name), mpi.load_survey(survey_name)
    assert measure_name in shipped("measures")
    table = mpi.score(survey, measure, SAMPLE)
    scored = np.array(table["score_value"])
    # The poorest, and those nearest to the official cutoff: there the lifting indicators are decided.
    nearest = np.argsort(np.abs(scored - float(measure.cutoffs[0].k)), kind="stable")[:2]
    for place in {*nearest.tolist(), int(scored.argmax())}:
        row = table.slice(place, 1).to_pylist()[0]
        units = explain(survey, measure, SAMPLE, key_of(row, survey))
        number = next((i for i, unit in enumerate(units) if unit.members == (str(row.get("nper")),)), 0)
        assert_agrees(units[number], row, measure)


def test_under_person_identification_every_member_is_explained_with_the_dimensions_verdicts() -> None:
    survey, measure = mpi.load_survey("uruguay_demo_2018"), mpi.load_measure("uruguay_derechos")
    units = explain(survey, measure, SAMPLE, "2018000014")
    found = lines(units, measure)
    assert [unit.members for unit in units] == [("1",), ("2",), ("3",), ("4",)]
    assert found[:2] == ["Deprivation of social rights in Uruguay (reconstruction, not official)", "person 1"]
    assert "      years_schooling = 2" in found
    assert (
        "      required_years = 6   [CASE WHEN age >= 60 THEN 6 WHEN age >= 29 THEN 9 WHEN age >= 18 THEN 12 END]"
        in found
    )
    assert "  dimension educacion (Right to education; weight 1/4; 1 of 2 needed): DEPRIVED" in found
    assert "  dimension vivienda (Right to housing; weight 1/4; 1 of 6 needed): NOT DEPRIVED" in found
    assert "  una: poor at k 1/4: the score is exactly on the cutoff" in found
    assert "    single indicators that would lift it out: escolaridad" in found


def test_a_person_sees_the_values_of_all_members_where_the_rule_is_about_all(tmp_path: Path) -> None:
    text = MEASURE.replace("identification: household", "identification: person")
    text = text.replace("deprived: MEAN(schooling) < 6", "deprived: schooling < 6")
    text = text.replace("deprived: ANY(NOT attends)", "deprived: NOT attends AND COUNT_IF(attends) < 2")
    units = explain(*village(tmp_path, measure=text), tmp_path, "002")
    seen = {item.indicator.name: {s.name: s.values for s in item.seen} for item in units[1].judged}
    assert seen["schooling_low"] == {"age": ("9",), "schooling": ("1",)}
    assert seen["attendance"]["attends"] == ("no", "no", "no", "yes")
    assert seen["attendance"]["age"] == ("9",)


def test_a_survey_of_households_alone_has_no_list_of_members(tmp_path: Path) -> None:
    measure = """\
measure: village
title: Village
source: test
identification: household
k: 1/2
missing: exclude
variables: {household: {water: truth, rooms: number}}
dimensions:
  living: {indicators: {water_lacking: {deprived: NOT water}, crowding: {deprived: rooms < 2}}}
"""
    survey = SURVEY.replace("  persons: {path: persons.csv, key: [house, number]}\n", "")
    survey = survey.replace("variables: {age: age, schooling: schooling, attends: attends = 1, ", "variables: {")
    survey = survey.replace(", sex: {column: sex, codes: {1: man, 2: woman}}", "") + "members: rooms\n"
    (tmp_path / "alone").mkdir()
    found = shown(tmp_path / "alone", "001A", measure=measure, survey=survey, examples="")
    assert found[:2] == ["Village", "  water_lacking (weight 1/2): DEPRIVED"]
    assert found[-1] == "    single indicators that would lift it out: water_lacking"


def test_a_value_that_decides_is_shown_with_all_its_digits(tmp_path: Path) -> None:
    found = shown(tmp_path, "001A", persons=PERSONS.replace("40,1,5,0", "40,1,5.9999999999,0"))
    assert "      schooling = 5.9999999999, 4, 3" in found


@pytest.mark.skipif(REAL is None, reason="MPI_REAL_DATA names no folder of real microdata")
def test_real_households_are_explained_as_they_are_scored() -> None:
    survey, measure = mpi.load_survey("colombia_ecv_2025"), mpi.load_measure("colombia_ipm")
    data = Path(str(REAL)) / "colombia" / "microdata_sample"
    table = mpi.score(survey, measure, data)
    assert table.num_rows == 77
    rows = [row for row in table.to_pylist() if row["poor"]][:3]
    assert rows
    for row in rows:
        assert_agrees(explain(survey, measure, data, key_of(row, survey))[0], row, measure)


def corrected(folder: Path, household: str, *changes: str, **files: str) -> list[str]:
    survey, measure = village(folder, **files)
    corrections = corrections_of(changes, measure)
    return lines(explain(survey, measure, folder, household, corrections), measure, "en", corrections)


def test_what_would_follow_if_data_were_corrected(tmp_path: Path) -> None:
    found = corrected(tmp_path, "001A", "1:schooling=9", "water=yes")
    assert found[:-6] == HOUSE_001A
    assert found[-6:] == [
        "  if it were corrected (1:schooling = 9, water = yes):",
        "    schooling_low: DEPRIVED -> NOT DEPRIVED",
        "    water_lacking: DEPRIVED -> NOT DEPRIVED",
        "    score: 1/2 -> 0",
        "    at k 1/3: poor -> not poor",
        "    at k 1/2: poor -> not poor",
    ]


def test_a_correction_that_changes_no_verdict(tmp_path: Path) -> None:
    assert corrected(tmp_path, "001A", "1:age=41")[-2:] == [
        "  if it were corrected (1:age = 41):",
        "    no verdict would change",
    ]


@pytest.mark.parametrize(
    ("household", "changes", "persons", "households"),
    [
        ("001A", ["1:schooling=9"], ("001A,1,40,1,5,0", "001A,1,40,1,9,0"), ()),
        ("001A", ["1:schooling=unknown"], ("001A,1,40,1,5,0", "001A,1,40,1,,0"), ()),
        ("003", ["1:schooling=3"], ("003,1,70,2,,0", "003,1,70,2,3,0"), ()),
        ("002", ["4:attends=no", "2:attends=yes"],
         ("002,4,7,1,0,1", "002,4,7,1,0,0", "002,2,9,1,1,0", "002,2,9,1,1,1"), ()),
        ("002", ["rooms=2.5"], (), ("002,1,1,south", "002,1,2.5,south")),
        ("002", ["rooms=0"], (), ("002,1,1,south", "002,1,0,south")),
        ("001B", ["water=true", "1:age=10"], ("001B,1,50,1,9,0", "001B,1,10,1,9,0"), ("001B,0,2", "001B,1,2")),
        ("004", ["1:age=5", "2:age=6"], ("004,1,25,1,12,0", "004,1,5,1,12,0", "004,2,27", "004,2,6"), ()),
    ],
)  # fmt: skip
def test_it_is_what_files_with_that_datum_give(
    household: str, changes: list[str], persons: tuple[str, ...], households: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    survey, measure = village(tmp_path / "before")
    (unit,) = explain(survey, measure, tmp_path / "before", household, corrections_of(changes, measure))
    files = {"persons": PERSONS, "households": HOUSEHOLDS}
    for name, swaps in (("persons", persons), ("households", households)):
        for old, new in zip(swaps[::2], swaps[1::2], strict=True):
            files[name] = files[name].replace(old, new)
    survey, measure = village(tmp_path / "after", **files)
    (wanted,) = explain(survey, measure, tmp_path / "after", household)
    assert unit.corrected is not None
    verdicts = [[(one.deprived, one.counts_as) for one in each.judged] for each in (unit.corrected, wanted)]
    assert verdicts[0] == verdicts[1]
    assert unit.corrected.score == wanted.score
    assert unit.corrected.standings == wanted.standings
    assert files != {"persons": PERSONS, "households": HOUSEHOLDS}


@pytest.mark.parametrize("text", ["=3", "1:=3", " = 3", "age=", "age"])
def test_a_correction_without_a_name_or_a_value_is_told_how_to_write_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(mpi.UsageError, match=r"MPI-U252 .* does not give a variable a value\n  write VARIABLE=VALUE"):
        corrected(tmp_path, "001A", text)


def test_every_correction_that_does_not_fit_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(mpi.UsageError) as stop:
        corrected(tmp_path, "001A", "age=3", "9:age=3", "2:water=yes", "3:attends=perhaps", "1:schooling=1e400")
    assert {fault.code for fault in stop.value.faults} == {"MPI-U252"}
    assert len(stop.value.faults) == 5
    assert not any(word in str(stop.value) for word in ("38", "DEPRIVED"))


def test_the_smallest_sets_of_several(tmp_path: Path) -> None:
    found = shown(tmp_path, "002")
    at = found.index("    or 3 sets of several, all of which must go, by size:")
    assert found[at - 1] == "    single indicators that would lift it out: none"
    assert found[at + 1] == ("      schooling_low + attendance; schooling_low + crowding; attendance + crowding")
