"""What `mpi check` prints: everything that decides a measure, and what a survey's files hold and lack for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import mpi
from mpi.checking.proofreading import measure_lines, survey_lines
from mpi.config.locate import shipped
from tests.support.hamlet import HOUSEHOLDS, MEASURE, PERSONS, SURVEY, write_hamlet
from tests.support.loops import at_least_one

SAMPLE = Path(__file__).resolve().parent.parent.parent / "sample_data"
VILLAGE = """\
village: Poverty of the village
  source: the test
  note: invented
  identification: household
  missing: exclude
  variables of a person:
    age: number; Age in years; completed
    schooling: number
    attends: truth
  variables of a household:
    water: truth
    rooms: number
  derived:
    pupil: age BETWEEN 6 AND 14
    crowd: COUNT() / rooms
  education (Education): weight 1/2
    legal basis: Article 1
    schooling_low (Little schooling): weight 1/4
      eligible: age >= 15; nobody: deprived
      deprived: MEAN(schooling) < 6
      note: by mean
    attendance: weight 1/4
      eligible: pupil; nobody: not_deprived
      deprived: ANY(NOT attends)
  living: weight 1/2
    water_lacking: weight 1/4
      deprived: NOT water
    crowding: weight 1/4
      deprived: crowd > 3
  poor (poor): score >= 1/3; 5 attainable scores
    highest not poor: 0, 1/4
    lowest poor: 1/2, 3/4, 1
  poor (severe): score >= 1/2; 5 attainable scores
    highest not poor: 0, 1/4
    lowest poor: 1/2, 3/4, 1
""".splitlines()
HELD = """\
village_2026: Village survey, period 2026
  persons: persons.csv, 12 rows, 6 columns
  households: households.csv, 5 rows, 5 columns
  read: 12 persons in 5 households
  weights: they add up to 330.0 persons
  domain valley (household): 2 codes: 2 too rare to name
  domain sex (person): 2 codes: man, woman
  design: 1 stratum, 5 households, each its own PSU
  unknown: schooling_low for 1 person (8.3% of the sample)
  left out (missing: exclude): 1 person (8.3% of the sample, 12.1% with the weights)
""".splitlines()


def village(folder: Path, **changed: str) -> tuple[mpi.Measure, mpi.Survey]:
    write_hamlet(folder, **changed)
    return mpi.load_measure(folder / "village.yaml"), mpi.load_survey(folder / "village_2026.yaml")


def test_a_measure_is_printed_for_its_author(tmp_path: Path) -> None:
    assert measure_lines(village(tmp_path)[0]) == VILLAGE


def test_titles_are_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    lines = measure_lines(village(tmp_path)[0], "es")
    assert lines[0] == "village: Pobreza de la aldea"
    assert "    age: número; Edad; completed" in lines


def test_everything_that_decides_a_shipped_measure_is_printed() -> None:
    names = shipped("measures")
    assert names
    for name in names:
        measure = mpi.load_measure(name)
        text = "\n".join(measure_lines(measure))
        for indicator in at_least_one(measure.indicators):
            assert f"    {indicator.name}" in text
            assert f"deprived: {indicator.deprived.text}\n" in text
            assert indicator.eligible is None or f"eligible: {indicator.eligible.text}; nobody: " in text
        for rule in measure.derived.values():
            assert f": {rule.text}\n" in text
        for dimension in at_least_one(measure.dimensions):
            assert f": weight {dimension.weight}" in text
        for cutoff in at_least_one(measure.cutoffs):
            assert f"score {'>' if cutoff.strict else '>='} {cutoff.k}; " in text


def test_the_attainable_scores_beside_the_cutoff_are_those_that_decide() -> None:
    # Weights in hundredths: six of 10, four of 5, five of 4.
    reached = {10 * tenths + 5 * fives + 4 * fours for tenths in range(7) for fives in range(5) for fours in range(6)}
    lines = measure_lines(mpi.load_measure("colombia_ipm"))
    assert lines[-3:] == [
        f"  poor: score >= 1/3; {len(reached)} attainable scores",
        "    highest not poor: 29/100, 3/10, 31/100, 8/25, 33/100",
        "    lowest poor: 17/50, 7/20, 9/25, 37/100, 19/50",
    ]


def test_a_strict_cutoff_leaves_its_own_score_on_the_side_of_the_not_poor(tmp_path: Path) -> None:
    measure, _ = village(tmp_path, measure=MEASURE.replace("1/2}", '{at: 1/2, comparison: ">"}}'))
    assert measure_lines(measure)[-3:] == [
        "  poor (severe): score > 1/2; 5 attainable scores",
        "    highest not poor: 0, 1/4, 1/2",
        "    lowest poor: 3/4, 1",
    ]


def test_a_measure_of_too_many_scores_to_list_shows_those_beside_the_cutoff(tmp_path: Path) -> None:
    head, tail = MEASURE.split("  living:\n    weight: 1/2")
    text = f"{head.replace('weight: 1/2', 'weight: 1/1000003')}  living:\n    weight: 1000002/1000003{tail}"
    lines = measure_lines(village(tmp_path, measure=text)[0])
    assert lines[-6:-3] == [
        "  poor (poor): score >= 1/3",
        "    highest not poor: 0, 1/2000006, 1/1000003",
        "    lowest poor: 500001/1000003, 1/2, 500002/1000003, 1000002/1000003, 2000005/2000006",
    ]


def test_a_combined_dimension_says_how_many_are_needed_and_a_monitored_indicator_does_not_count(tmp_path: Path) -> None:
    sky = "    combine: any\n    indicators:\n      sky: {weight: monitor, deprived: rooms > 9}\n      water"
    text = MEASURE.replace("    indicators:\n      water", sky)
    lines = measure_lines(village(tmp_path, measure=text)[0])
    start = lines.index("  living: weight 1/2; deprived with 1 of 2 indicators")
    assert lines[start + 1 : start + 6] == [
        "    sky: monitored, not in the score",
        "      deprived: rooms > 9",
        "    water_lacking: counts within the dimension",
        "      deprived: NOT water",
        "    crowding: counts within the dimension",
    ]


def test_what_the_files_hold_and_lack_is_counted(tmp_path: Path) -> None:
    lines, notices, faults = survey_lines(*village(tmp_path), tmp_path)
    assert faults == ()
    assert lines == HELD
    assert [notice.code for notice in notices] == ["MPI-N001", "MPI-N001", "MPI-N006"]


def test_a_survey_without_unknowns_says_so() -> None:
    measure, survey = mpi.load_measure("uruguay_derechos"), mpi.load_survey("uruguay_demo_2018")
    lines, _, _ = survey_lines(measure, survey, SAMPLE)
    assert lines[-2:] == ["  design: 12 strata, 622 PSUs", "  unknown: no indicator, for nobody"]
    assert "  persons: uruguay_2018/ECH.parquet, 12,433 rows, 73 columns" in lines


def test_strata_with_one_psu_are_named_with_what_is_done_about_them(tmp_path: Path) -> None:
    survey = SURVEY.replace("{weight: weight}", "{weight: weight, stratum: valley, psu: house, single_psu: centered}")
    homes = HOUSEHOLDS.replace("004,1,1,south", "004,1,1,far")
    lines, _, _ = survey_lines(*village(tmp_path, survey=survey, households=homes), tmp_path)
    assert "  design: 3 strata, 5 PSUs" in lines
    assert "  1 stratum has one PSU (1 too rare to name); single_psu: centered" in lines


def test_what_an_estimate_would_be_refused_for_is_told_after_what_the_files_hold(tmp_path: Path) -> None:
    survey = SURVEY.replace("{weight: weight}", "{weight: weight, stratum: valley, psu: house}")
    homes = HOUSEHOLDS.replace("004,1,1,south", "004,1,1,far")
    lines, _, faults = survey_lines(*village(tmp_path, survey=survey, households=homes), tmp_path)
    assert "  1 stratum has one PSU (1 too rare to name); single_psu: fail" in lines
    assert [fault.code for fault in faults] == ["MPI-D039"]


def test_the_design_is_told_in_full(tmp_path: Path) -> None:
    design = (
        "{weight: weight, stratum: valley, psu: house, fpc: {fraction: 0.5}, "
        "second_stage: {fpc: {fraction: 0.25}}, single_psu: collapse, collapse: {order: valley}, "
        "rounds: rotating, calibration: {level: household, design_weight: weight, variables: [1]}}"
    )
    homes = HOUSEHOLDS.replace("004,1,1,south", "004,1,1,far")
    lines, _, _ = survey_lines(
        *village(tmp_path, survey=SURVEY.replace("{weight: weight}", design), households=homes), tmp_path
    )
    assert {
        "  1 stratum has one PSU (1 too rare to name); single_psu: collapse",
        "  strata collapsed: 3 become 2 strata",
        "  drawn of the PSUs: 50.0% to 50.0%, errors corrected for it",
        "  drawn of the second-stage units: 25.0% to 25.0%, errors corrected for it",
        "  weights calibrated on 1 calibration variable of households: errors from residuals",
        "  other rounds of the series: rotating",
    } <= set(lines)


def test_a_census_and_a_survey_without_weights_are_called_so(tmp_path: Path) -> None:
    survey = SURVEY.replace("{weight: weight}", "{weight: none, census: yes}")
    lines, _, _ = survey_lines(*village(tmp_path, survey=survey), tmp_path)
    assert {"  weights: none, as the survey declares", "  design: census, no sampling error"} <= set(lines)


def test_every_misfit_of_a_contract_is_named_at_once(tmp_path: Path) -> None:
    survey = SURVEY.replace("age: age", "age: edad").replace("water: water = 1", "water: valley")
    survey = survey.replace(", rooms: rooms", "").replace("valley: valley", "valley: vale")
    with pytest.raises(mpi.ConfigError) as refused:
        survey_lines(*village(tmp_path, survey=survey), tmp_path)
    text = str(refused.value)
    for word in ("'edad'", "'water' is a text here; village declares a truth", "does not supply 'rooms'", "'vale'"):
        assert word in text
    assert len(refused.value.faults) == 4


def test_a_variable_that_no_indicator_needs_is_checked_all_the_same(tmp_path: Path) -> None:
    survey = SURVEY.replace("rooms: rooms}", "rooms: rooms, spare: no_such_column}")
    with pytest.raises(mpi.ConfigError, match="no_such_column"):
        survey_lines(*village(tmp_path, survey=survey), tmp_path)


def test_data_that_are_refused_are_refused_without_their_values(tmp_path: Path) -> None:
    persons = PERSONS + "999Z,1,44,1,5,0\n"
    with pytest.raises(mpi.DataError) as refused:
        survey_lines(*village(tmp_path, persons=persons), tmp_path)
    assert "1 person in 1 household without a row in the table of households" in str(refused.value)
    assert "999Z" not in str(refused.value)


def many(valley: Callable[[int], str]) -> tuple[str, str]:
    """Forty households of five persons; the text of persons, and of households with their valley."""
    persons = "".join(f"{h:03},{p},{20 + p},1,5,0\n" for h in range(40) for p in range(5))
    homes = "".join(f"{h:03},1,1,{valley(h)},1.5\n" for h in range(40))
    return PERSONS.splitlines(keepends=True)[0] + persons, HOUSEHOLDS.splitlines(keepends=True)[0] + homes


def domain_line(folder: Path, valley: Callable[[int], str]) -> str:
    persons, homes = many(valley)
    lines, _, _ = survey_lines(*village(folder, persons=persons, households=homes), folder)
    return next(line for line in lines if line.startswith("  domain valley"))


def test_codes_that_few_persons_have_are_counted_and_not_listed(tmp_path: Path) -> None:
    names = {0: "Ana Canary 1", 1: "Eva Canary 2"}
    assert domain_line(tmp_path, lambda h: names.get(h, "north" if h % 2 else "south")) == (
        "  domain valley (household): 4 codes: north, south, 2 too rare to name"
    )
    assert domain_line(tmp_path, lambda h: f"Person {h} Canary").endswith("40 codes: 40 too rare to name")
    assert domain_line(tmp_path, lambda h: "ab"[h % 2]).endswith("2 codes: a, b")
    assert domain_line(tmp_path, lambda h: f"c{h // 4:02}").endswith("c06, c07, 2 more")
