"""From a survey's design and its files to the units of a profile: corrections, collapsing, replicates, calibration."""

# ruff: noqa: E501  messages stand here as they are printed

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mpi.checking.proofreading import survey_lines
from mpi.columns.values import Text
from mpi.errors import ConfigError, DataError, MpiError
from mpi.pipeline.passing import deprivation_profile
from mpi.profile import Tally, Units
from mpi.profile.sample import Declared, Replication
from mpi.source import replicates
from mpi.specs.measure import Measure
from tests.support import village
from tests.support.village import Tables, assert_same, poked, profile

DATA = village.tables()
SIZES = np.bincount(np.searchsorted(DATA["households"]["house"].to_numpy(), DATA["persons"]["house"].to_numpy()))
WEIGHT = DATA["households"]["weight"].to_numpy()
STRATUM = DATA["households"]["stratum"].to_numpy()
HOUSE = DATA["households"]["house"].to_pylist()
BY_PERSON = (
    ("identification: household", "identification: person"),
    ("MEAN(years) < 6.5", "years < 6.5"), ("ANY(NOT attends)", "NOT attends"),
)  # fmt: skip


def more(table: str, data: Mapping[str, pa.Table] | None = None, /, **columns: Any) -> Tables:
    tables = dict(data or DATA)
    for name, values in columns.items():
        tables[table] = tables[table].append_column(name, pa.array(values))
    return tables


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Units, Declared]]:
    """A function that gives the units of a survey whose design has some more text, and what is declared of it."""

    def made(
        design: str, data: object, *edits: tuple[str, str], by: Measure | None = None, domains: Any = ("region",)
    ) -> tuple[Units, Declared]:
        seen: list[tuple[Units, Declared]] = []
        real = Tally.add

        def add(tally: Tally, units: Units) -> None:
            seen.append((units, tally.declared))
            real(tally, units)

        with monkeypatch.context() as patch:
            patch.setattr(Tally, "add", add)
            of = village.survey(*edits, ("psu: segment}", f"psu: segment{design}}}"))
            deprivation_profile(of, by or village.measure(), data, domains=domains)  # type: ignore[arg-type]
        assert len(seen) == 1
        return seen[0]

    return made


Make = Callable[..., tuple[Units, Declared]]


def said(design: str, data: object, *edits: tuple[str, str], by: Measure | None = None) -> str:
    of = village.survey(*edits, ("psu: segment}", f"psu: segment{design}}}"))
    with pytest.raises(MpiError) as error:
        deprivation_profile(of, by or village.measure(), data)  # type: ignore[arg-type]
    assert isinstance(error.value, ConfigError | DataError)
    return str(error.value)


def labels(text: Text | None) -> list[str]:
    assert text is not None and text.known is None
    return [text.labels[code] for code in text.codes.tolist()]


# Finite population corrections and the second stage


def test_corrections_and_second_stage_units_reach_the_profile(units: Make) -> None:
    data = more("households", blocks=STRATUM * 10 + 20, share=np.full(60, 0.25), dwelling=np.arange(60) % 2)
    design = ", fpc: {count: blocks + 1}, second_stage: {unit: dwelling, fpc: {fraction: share}}"
    found, declared = units(design, data)
    assert (declared.fpc, declared.ssu_fpc) == ("count", "fraction")
    np.testing.assert_array_equal(found.fpc, STRATUM * 10 + 21.0)
    np.testing.assert_array_equal(found.ssu_fpc, np.full(60, 0.25))
    assert labels(found.ssu) == [str(i % 2) for i in range(60)]
    split, _ = units(design, data, domains=["sex"])
    np.testing.assert_array_equal(split.fpc, np.repeat(STRATUM * 10 + 21.0, SIZES))
    np.testing.assert_array_equal(split.ssu_fpc, np.full(204, 0.25))
    assert labels(split.ssu) == [label for i, size in enumerate(SIZES.tolist()) for label in [str(i % 2)] * size]


def test_without_a_unit_every_household_is_one(units: Make) -> None:
    data = more("households", blocks=np.full(60, 30), homes=np.full(60, 80))
    found, declared = units(", fpc: {count: blocks}, second_stage: {fpc: {count: homes}}", data)
    assert declared.ssu_fpc == "count" and labels(found.ssu) == [str(house) for house in HOUSE]


def test_without_corrections_there_are_none(units: Make) -> None:
    found, declared = units("", DATA)
    assert declared == Declared()
    optional = (
        "ssu",
        "fpc",
        "ssu_fpc",
        "order",
        "within",
        "calibration",
        "design_person_weight",
        "design_household_weight",
        "person_replicates",
        "household_replicates",
    )
    assert [getattr(found, name) for name in optional] == [None] * 10


def test_corrections_that_cannot_be_are_counted() -> None:
    blocks: list[float | None] = [9.0] * 60
    blocks[:3] = [None, None, 0.5]
    assert said(", fpc: {count: blocks}", more("households", blocks=blocks)) == (
        "MPI-D024 village_2026.yaml:6:9: the fpc, a count, is below 1 in 1 household\n"
        "  give the number of units in the population, or declare `fraction`\n"
        "MPI-D024 village_2026.yaml:6:9: the fpc, a count, is null in 2 households\n"
        "  give the number of units in the population, or declare `fraction`"
    )
    share = np.full(60, 1.0)
    share[:4] = [0, -0.5, 1.5, 20]
    design = ", fpc: {fraction: one}, second_stage: {fpc: {fraction: share}}"
    assert said(design, more("households", one=np.ones(60), share=share)) == (
        "MPI-D024 village_2026.yaml:6:9: the fpc of the second stage, a fraction, is outside (0, 1] in 4 households\n"
        "  give the share of the units that was drawn, or declare `count`"
    )


def test_a_correction_is_a_number_of_the_household() -> None:
    assert said(", fpc: {count: wall}", DATA) == (
        "MPI-D012 village_2026.yaml:6:71: the fpc is a text, not a number\n  store it as numbers, with a point for decimals"
    )
    assert said(", fpc: {count: number}", more("persons", number=np.arange(204) + 1)).startswith(
        "MPI-D034 village_2026.yaml:6:9: the fpc differs between the persons of "
    )
    assert "no table has the column 'blokcs', which the fpc of the second stage reads" in said(
        ", fpc: {count: weight}, second_stage: {unit: [hom], fpc: {count: blokcs}}", DATA
    )


# Collapsed strata


def test_a_map_of_strata_is_declared_and_its_targets_must_be_there(units: Make) -> None:
    _, declared = units(', single_psu: collapse, collapse: {"0": "1", "9": "8"}', DATA)
    assert declared.single_psu == "collapse" and declared.collapse == (("0", "1"), ("9", "8"))
    assert said(', single_psu: collapse, collapse: {"0": "01"}', DATA) == (
        "MPI-D028 village_2026.yaml:6:9: `collapse` joins strata to 01, which is not in the data\n"
        "  write the codes as in the column, with their zeros"
    )


def test_an_order_of_strata_goes_with_every_household(units: Make) -> None:
    data = more("households", place=STRATUM * 5, big=STRATUM // 2)
    design = ", single_psu: collapse, collapse: {order: place, within: {column: big, width: 2}}"
    found, declared = units(design, data)
    assert labels(found.order) == [str(code * 5) for code in STRATUM.tolist()]
    assert labels(found.within) == [f"{code // 2:02}" for code in STRATUM.tolist()] and not declared.collapse
    split, _ = units(design, data, domains=["sex"])
    assert len(labels(split.order)) == len(labels(split.within)) == 204
    holes = said(design, poked(data, "households", "place", (0, None)))
    assert holes.startswith("MPI-D038 village_2026.yaml:6:9: the order of the strata is null in 1 household")


# Replicate weights

R = 3
FACTORS = np.random.default_rng(3).integers(0, 9, (60, R)) / 4
DESIGN = ", replicates: {method: bootstrap, columns: w*, weights: combined}"
OWN = (
    "households.parquet, key: [house]}",
    "households.parquet, key: [house]}\n  replicates: {path: r.parquet, key: [number]}",
)


def in_households() -> Tables:
    return more("households", **{f"w{j + 1}": FACTORS[:, j] for j in range(R)})


def in_persons() -> Tables:
    return more("persons", **{f"w{j + 1}": np.repeat(FACTORS[:, j], SIZES) for j in range(R)})


def in_their_own(order: np.ndarray[Any, Any] | None = None) -> Tables:
    order = np.arange(60) if order is None else order
    table = pa.table({"number": np.array(HOUSE)[order]} | {f"w{j + 1}": FACTORS[order, j] for j in range(R)})
    return {**DATA, "replicates": table}


CASES: dict[str, tuple[Tables, tuple[tuple[str, str], ...]]] = {
    "households": (in_households(), ()), "persons": (in_persons(), ()), "own": (in_their_own(), (OWN,)),
    "own, in another order": (in_their_own(np.random.default_rng(1).permutation(60)), (OWN,)),
}  # fmt: skip


@pytest.mark.parametrize("where", CASES)
def test_replicates_are_found_wherever_they_stand(units: Make, where: str) -> None:
    data, edits = CASES[where]
    found, declared = units(DESIGN, data, *edits)
    assert declared == Declared(
        replication=Replication(method="bootstrap", replicates=R, scale=1 / (R - 1), rscales=(1.0,) * R)
    )
    np.testing.assert_array_equal(found.household_replicates, FACTORS)
    np.testing.assert_array_equal(found.person_replicates, FACTORS * SIZES[:, None])
    assert found.stratum is None and found.psu is None
    split, _ = units(DESIGN, data, *edits, domains=["sex"])
    np.testing.assert_array_equal(split.person_replicates, np.repeat(FACTORS, SIZES, axis=0))
    assert split.household_replicates is not None and split.psu is None
    first = np.cumsum(SIZES) - SIZES
    np.testing.assert_array_equal(split.household_replicates[first], FACTORS)
    assert split.household_replicates.sum() == FACTORS.sum()


@pytest.mark.parametrize("where", CASES)
def test_factors_multiply_the_weight(units: Make, where: str) -> None:
    data, edits = CASES[where]
    found, _ = units(DESIGN.replace("combined", "factors"), data, *edits)
    np.testing.assert_array_equal(found.household_replicates, FACTORS * WEIGHT[:, None])
    np.testing.assert_array_equal(found.person_replicates, FACTORS * (WEIGHT * SIZES)[:, None])


@pytest.mark.parametrize("where", CASES)
def test_factors_multiply_the_weights_of_persons_of_their_own(units: Make, where: str) -> None:
    data, edits = CASES[where]
    own = np.arange(204) / 8
    data = {**more("persons", data, weight=own), "households": data["households"].drop_columns(["weight"])}
    found, _ = units(DESIGN.replace("combined", "factors"), data, *edits, by=village.measure(*BY_PERSON))
    np.testing.assert_array_equal(found.person_replicates, np.repeat(FACTORS, SIZES, axis=0) * own[:, None])
    assert found.household_replicates is not None
    first = np.cumsum(SIZES) - SIZES
    np.testing.assert_allclose(found.household_replicates[first], FACTORS * own[first][:, None], rtol=1e-15)


def test_persons_may_have_replicates_of_their_own_under_person_identification_only(units: Make) -> None:
    each = np.random.default_rng(4).random((204, R))
    data = more("persons", **{f"w{j + 1}": each[:, j] for j in range(R)})
    found, _ = units(DESIGN, data, by=village.measure(*BY_PERSON))
    np.testing.assert_array_equal(found.person_replicates, each)
    number = int((SIZES > 1).sum())
    assert said(DESIGN, data) == (
        f"MPI-D034 village_2026.yaml:6:70: a replicate weight differs between the persons of {number} households\n"
        "  list all columns of the household's key under `key:`, or give each household one value"
    )


def test_scattered_and_shuffled_persons_keep_their_replicates(units: Make) -> None:
    data = in_persons()
    shuffled = {**data, "persons": data["persons"].take(np.random.default_rng(9).permutation(204))}
    straight, mixed = units(DESIGN, data)[0], units(DESIGN, shuffled)[0]
    np.testing.assert_array_equal(straight.household_replicates, mixed.household_replicates)
    mine = {**in_their_own(), "persons": shuffled["persons"].drop_columns(["w1", "w2", "w3"])}
    np.testing.assert_array_equal(units(DESIGN, mine, OWN)[0].household_replicates, FACTORS)


def test_replicates_of_persons_are_those_of_their_rows_in_every_part_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mpi.source.span.SPAN", 20)
    data, of = in_persons(), village.survey(("psu: segment}", f"psu: segment{DESIGN}}}"))
    assert_same(profile(village.write(tmp_path, data, rows=16), of=of), profile(data, of=of))


def test_a_file_of_persons_alone_finds_its_replicates(units: Make) -> None:
    columns = ["region", "area", "rooms", "wall", "weight", "stratum", "segment"]
    inside = (
        "{path: households.parquet, key: [house]}",
        f"{{from: persons, key: [house], columns: [{', '.join(columns)}]}}",
    )
    data = {"persons": village.joined(DATA), "replicates": in_their_own()["replicates"]}
    table = ("  households:", "  replicates: {path: r.parquet, key: [number]}\n  households:")
    np.testing.assert_array_equal(units(DESIGN, data, inside, table)[0].household_replicates, FACTORS)
    lifted = (inside[0], inside[1].replace("segment]", "segment, w1, w2, w3]"))
    whole = {"persons": village.joined(in_households())}
    np.testing.assert_array_equal(units(DESIGN, whole, lifted)[0].household_replicates, FACTORS)


def test_a_survey_of_households_alone_finds_its_replicates(units: Make) -> None:
    lines = [line for line in village.SURVEY.splitlines() if "persons" not in line and "missing_codes" not in line]
    edits = [(f"{line}\n", "") for line in village.SURVEY.splitlines() if line not in lines]
    edits += [
        (f"  {name}: {rest}\n", "") for name, rest in (("age", "age"), ("years", "years"), ("attends", "school = 1"))
    ]
    edits += [
        ("  sex: {column: sex, codes: {1: man, 2: woman}}\n", ""),
        ("period: 2026", "period: 2026\nmembers: rooms"),
    ]
    by = village.measure(
        ("eligible: age >= 15, deprived: MEAN(years) < 6.5, nobody: deprived", "deprived: rooms > 1"),
        ("eligible: minor, deprived: ANY(NOT attends), nobody: not_deprived", "deprived: rooms > 2"),
        ("COUNT() / rooms > 2", "rooms > 3"),
        ("derive:\n  minor: age < 18\n", ""),
        ("  person: {age: number, sex: [man, woman], years: number, attends: truth}\n", ""),
    )
    own = in_their_own()
    rooms = village.replaced(DATA, "households", "rooms", np.full(60, 3))["households"]
    found, _ = units(DESIGN, {"households": rooms, "replicates": own["replicates"]}, *edits, OWN, by=by)
    np.testing.assert_array_equal(found.household_replicates, FACTORS)
    np.testing.assert_array_equal(found.person_replicates, FACTORS * 3)
    lacking = {"households": rooms, "replicates": own["replicates"].slice(1)}
    assert "1 household have no row in the table of replicates" in said(DESIGN, lacking, *edits, OWN, by=by)


def test_blocks_of_replicates_are_small_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sums: list[tuple[int, Any]] = []
    real = Tally.add

    def add(tally: Tally, units: Units) -> None:
        assert units.person_replicates is not None
        sums.append((len(units.pattern), units.person_replicates.sum(axis=0)))
        real(tally, units)

    monkeypatch.setattr(Tally, "add", add)
    monkeypatch.setattr("mpi.source.households_only.REPLICATES", 20 * R)
    of = village.survey(OWN, ("psu: segment}", f"psu: segment{DESIGN}}}"))
    deprivation_profile(of, village.measure(), in_their_own())
    assert len(sums) > 5
    np.testing.assert_allclose(sum(total for _, total in sums), (FACTORS * SIZES[:, None]).sum(axis=0), rtol=1e-14)


def test_the_rest_of_the_design_is_not_used_beside_replicates() -> None:
    of = village.survey(("psu: segment}", f"psu: nowhere, single_psu: certainty{DESIGN}}}"))
    notices = [str(n) for n in profile(in_households(), of=of).notices if n.code == "MPI-N009"]
    assert notices == [
        "MPI-N009 village_2026.yaml:6:93: the variance comes from replicate weights: stratum, psu, single_psu of the design are not used"
    ]
    alone = village.survey((", stratum: stratum, psu: segment}", f"{DESIGN}}}"))
    assert not [n for n in profile(in_households(), of=alone).notices if n.code == "MPI-N009"]


def test_the_check_of_a_survey_names_its_replicates() -> None:
    lines, *_ = survey_lines(
        village.measure(), village.survey(("psu: segment}", f"psu: segment{DESIGN}}}")), in_households()
    )
    assert [line for line in lines if "design" in line] == ["  design: 3 replicate weights (bootstrap)"]


def test_columns_of_replicates_are_read_a_few_at_a_time(units: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replicates, "AT_ONCE", 150)
    found, _ = units(DESIGN, in_their_own(), OWN)
    np.testing.assert_array_equal(found.household_replicates, FACTORS)


def test_households_and_rows_without_one_another_are_counted() -> None:
    whole = in_their_own()["replicates"]
    strange = pa.table({"number": [1, 2], "w1": [1.0, 1.0], "w2": [1.0, 1.0], "w3": [1.0, 1.0]})
    data = {**DATA, "replicates": pa.concat_tables([whole.slice(3), strange])}
    assert said(DESIGN, data, OWN) == (
        "MPI-D026 the frame 'replicates': 3 households have no row in the table of replicates (number)\n"
        "  give files of the same survey and year, with all rows of both\n"
        "MPI-D036 the frame 'replicates': 2 rows of replicates belong to no household (number)\n"
        "  give files of the same survey and year, with all rows of both"
    )
    doubled = {**DATA, "replicates": pa.concat_tables([whole, whole.slice(0, 2)])}
    assert said(DESIGN, doubled, OWN).startswith("MPI-D032 the frame 'replicates': 2 rows of replicates with the key")
    empty = {**DATA, "replicates": poked({"r": whole}, "r", "number", (0, None))["r"]}
    assert said(DESIGN, empty, OWN).startswith(
        "MPI-D030 the frame 'replicates': the key column 'number' of replicates is null in 1 row"
    )
    text = {**DATA, "replicates": whole.set_column(0, "number", pa.array([str(house) for house in HOUSE]))}
    assert said(DESIGN, text, OWN).startswith("MPI-D033 the frame 'replicates': the key column 'house' holds numbers")


@pytest.mark.parametrize("weights", ["combined", "factors"])
def test_null_and_negative_replicates_are_counted(weights: str) -> None:
    data = poked(in_households(), "households", "w2", (0, None), (5, -1.0), (7, -2.0))
    data = poked(data, "households", "w3", (0, -1.0), (9, float("nan")))
    assert said(DESIGN.replace("combined", weights), data) == (
        "MPI-D025 village_2026.yaml:6:70: a replicate weight is null in 2 rows of 60 of households\n"
        "  every row needs replicate weights of 0 or more\n"
        "MPI-D025 village_2026.yaml:6:70: a replicate weight is negative in 2 rows of 60 of households\n"
        "  every row needs replicate weights of 0 or more"
    )
    nulls = village.replaced(in_households(), "households", "w1", pa.nulls(60))
    assert "a replicate weight is null in 60 rows of 60" in said(DESIGN, nulls)


@pytest.mark.parametrize(
    ("columns", "data", "expected"),
    [
        (
            "columns: v*",
            in_households(),
            "MPI-D010 village_2026.yaml:6:70: no table has a column 'v*' with a number for the star, a replicate weight",
        ),
        (
            "columns: v*, table: persons",
            in_households(),
            "MPI-D010 village_2026.yaml:6:70: the table persons has no column 'v*' with a number for the star, a replicate weight",
        ),
        (
            "columns: [v1, v2]",
            in_households(),
            "MPI-D010 village_2026.yaml:6:70: no table has a column 'v1', a replicate weight",
        ),
        (
            "columns: [v1, v2], table: households",
            in_households(),
            "MPI-D010 village_2026.yaml:6:70: the table households has no column 'v1', a replicate weight",
        ),
        (
            "columns: w1..w5",
            in_households(),
            "MPI-D010 village_2026.yaml:6:70: the table households has no column w4, w5, replicate weights",
        ),
        (
            "columns: w*",
            {**in_households(), **{"persons": in_persons()["persons"]}},
            "MPI-S009 village_2026.yaml:6:70: replicate weights are in persons, households",
        ),
        (
            "columns: w*",
            more("households", w1=np.ones(60), w3=np.ones(60)),
            "MPI-S019 village_2026.yaml:6:70: the numbers of the replicates 'w*' have gaps or are repeated",
        ),
        (
            "columns: w*",
            more("households", w1=np.ones(60)),
            "MPI-S019 village_2026.yaml:6:70: one replicate gives no variance",
        ),
        (
            "columns: w*, rscales: [1, 2]",
            in_households(),
            "MPI-S019 village_2026.yaml:6:70: there are 2 `rscales`, and 3 replicates in the table households",
        ),
        (
            "columns: w*",
            more("households", w1=np.ones(60), w2=["a"] * 60),
            "MPI-D012 village_2026.yaml:6:70: replicate weights are numbers, and not so in w2",
        ),
    ],
)
def test_replicates_that_the_files_do_not_have_are_told(columns: str, data: Tables, expected: str) -> None:
    assert said(DESIGN.replace("columns: w*", columns), data).splitlines()[0] == expected


def test_a_pattern_goes_by_the_numbers_and_other_names_are_no_replicates(units: Make) -> None:
    columns = {f"r{j}": np.full(60, float(j)) for j in (10, 9, 8, 11)} | {"rest": np.ones(60), "r": np.ones(60)}
    found, declared = units(DESIGN.replace("w*", "r*"), more("households", **columns))
    assert declared.replication is not None and declared.replication.replicates == 4
    assert found.household_replicates is not None
    np.testing.assert_array_equal(found.household_replicates[0], [8, 9, 10, 11])


def test_one_of_two_tables_with_replicates_may_be_named(units: Make) -> None:
    both = {**in_households(), "persons": more("persons", w1=np.ones(204), w2=np.ones(204))["persons"]}
    found, _ = units(DESIGN.replace("weights:", "table: households, weights:"), both)
    np.testing.assert_array_equal(found.household_replicates, FACTORS)


def test_aliases_and_missing_codes_hold_for_replicates_too(units: Make) -> None:
    data = in_households()
    renamed = {**data, "households": data["households"].rename_columns({"w2": "second"})}
    alias = ("missing_codes: {age: [99]}", "missing_codes: {age: [99], w1: [9]}\naliases: {w2: [second]}")
    np.testing.assert_array_equal(units(DESIGN, renamed, alias)[0].household_replicates, FACTORS)
    assert "a replicate weight is null in 1 row" in said(DESIGN, poked(renamed, "households", "w1", (3, 9.0)), alias)


# Calibration

CALIBRATION = ", calibration: {level: household, design_weight: base, variables: [%s]}"
BASED = more("households", base=WEIGHT / 2 + 1)


def test_calibration_variables_are_numbers_and_dummies_in_a_declared_order(units: Make) -> None:
    design = CALIBRATION % "1, COUNT_IF(sex = 'man'), area, rooms > 2"
    data = village.replaced(BASED, "households", "rooms", np.arange(60) % 4 + 1)
    found, declared = units(design, data)
    men = np.bincount(np.repeat(np.arange(60), SIZES)[DATA["persons"]["sex"].to_numpy() == 1], minlength=60)
    area, rooms = data["households"]["area"].to_numpy(), data["households"]["rooms"].to_numpy()
    expected = np.column_stack([np.ones(60), men, area == 2, area == 1, rooms > 2])  # labels: rural, urban
    np.testing.assert_array_equal(found.calibration, expected)
    assert declared.calibration == "household"
    np.testing.assert_array_equal(found.design_household_weight, WEIGHT / 2 + 1)
    np.testing.assert_array_equal(found.design_person_weight, (WEIGHT / 2 + 1) * SIZES)
    split, _ = units(design, data, domains=["sex"])
    np.testing.assert_array_equal(split.calibration, np.repeat(expected, SIZES, axis=0))
    np.testing.assert_array_equal(split.design_person_weight, np.repeat(WEIGHT / 2 + 1, SIZES))
    assert split.design_household_weight is not None
    assert split.design_household_weight.sum() == (WEIGHT / 2 + 1).sum()


def test_a_level_that_no_household_has_is_a_column_all_the_same(units: Make) -> None:
    rural = village.replaced(BASED, "households", "area", np.full(60, 2))
    found, _ = units(CALIBRATION % "area", rural)
    np.testing.assert_array_equal(found.calibration, np.tile([1.0, 0.0], (60, 1)))


def test_calibration_by_person_makes_units_of_persons(units: Make) -> None:
    design = CALIBRATION.replace("level: household", "level: person") % "sex, {column: area}"
    found, declared = units(design, BASED)
    sex, area = DATA["persons"]["sex"].to_numpy(), DATA["households"]["area"].to_numpy()
    np.testing.assert_array_equal(found.calibration, np.column_stack([sex == 1, sex == 2, np.repeat(area, SIZES)]))
    assert declared.calibration == "person" and found.persons.tolist() == [1] * 204
    assert found.households.sum() == 60 and labels(found.psu)


def test_calibrated_households_are_psus_by_their_keys_where_there_are_no_others(units: Make) -> None:
    alone = (", psu: segment", "")
    of = village.survey((", psu: segment}", f"{CALIBRATION % '1'}}}"))
    found = deprivation_profile(of, village.measure(), BASED, domains=["region"])
    assert sorted(found.sample.psu_labels) == sorted(str(house) for house in HOUSE)
    assert units(CALIBRATION % "1", BASED)[0].psu is not None
    assert not deprivation_profile(village.survey(alone), village.measure(), DATA, domains=["region"]).sample.clustered


def test_calibration_that_cannot_be_is_told_with_every_fault() -> None:
    lines = said(CALIBRATION.replace("base", "wall") % "sex, wall, nowhere", BASED).splitlines()
    assert [line for line in lines if line.startswith("MPI-")] == [
        "MPI-D012 village_2026.yaml:6:105: the design weight is a text, not a number",
        "MPI-S020 village_2026.yaml:6:123: calibration variable 1 differs between the members of a household, and the calibration is of households",
        "MPI-S020 village_2026.yaml:6:128: calibration variable 2 is a text without a list of codes, so its dummies are not known",
        "MPI-D010 village_2026.yaml:6:134: no table has the column 'nowhere', which calibration variable 3 reads",
    ]


def test_null_calibration_variables_and_design_weights_are_counted() -> None:
    holes = poked(poked(BASED, "households", "area", (0, None), (1, None)), "households", "rooms", (2, None))
    rooms = int(holes["households"]["rooms"].null_count)
    assert said(CALIBRATION % "area, rooms", holes) == (
        "MPI-D027 village_2026.yaml:6:9: calibration variable 1 is null in 2 households\n"
        '  calibrated weights need it for everybody: write "COALESCE(x, 0)" in quotes, with what the calibration took\n'
        f"MPI-D027 village_2026.yaml:6:9: calibration variable 2 is null in {rooms} households\n"
        '  calibrated weights need it for everybody: write "COALESCE(x, 0)" in quotes, with what the calibration took'
    )
    wrong = poked(BASED, "households", "base", (0, None), (1, -1.0))
    assert said(CALIBRATION % "1", wrong) == (
        "MPI-D020 village_2026.yaml:6:9: the design weight is negative in 1 row\n"
        "  every household and person needs a weight of 0 or more\n"
        "MPI-D020 village_2026.yaml:6:9: the design weight is null in 1 row\n"
        "  every household and person needs a weight of 0 or more"
    )


# What the survey says of itself


def test_the_profile_knows_the_round_s_time_breaks_and_rule_set() -> None:
    more_text = 'period: 2026\ntime: 2026.25\nbreaks: {"2024": {es: nueva, en: new}, "2020": {es: otra}}\nreliability: cepal_2023'
    found = profile(
        DATA, of=village.survey(("period: 2026", more_text), ("psu: segment}", "psu: segment, rounds: panel}"))
    )
    assert (found.time, found.reliability) == (2026.25, "cepal_2023")
    assert found.breaks == {"2024": "new", "2020": "otra"}
    assert found.sample.declared.rounds == "panel"
    plain = profile(DATA)
    assert (plain.time, plain.breaks, plain.reliability, plain.sample.declared.rounds) == (None, {}, None, None)
