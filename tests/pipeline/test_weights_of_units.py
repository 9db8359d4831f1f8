"""A weight of persons beside that of households: each unit is counted with its own, by the book and for errors."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mpi import DeprivationProfile, estimate
from mpi.errors import ConfigError, DataError
from mpi.pipeline.passing import deprivation_profile
from mpi.pipeline.scoring import score
from mpi.specs.survey import Survey
from tests.support import village

RTOL = 1e-12  # sums of the same numbers in another order
BOTH = ("weight: weight,", "weight: {persons: own, households: weight},")
PERSON = ("identification: household", "identification: person")
BY_PERSON = (
    PERSON,
    ("nobody: deprived", "nobody: not_deprived"),
    ("deprived: MEAN(years) < 6.5", "deprived: years < 6.5"),
    ("deprived: ANY(NOT attends)", "deprived: NOT attends"),
)


def tables(seed: int = 5) -> village.Tables:
    """The village whose persons have weights of their own, some of them 0; sixteenths, so that sums are exact."""
    data = village.tables(seed=seed)
    own = np.random.default_rng(seed).integers(0, 300, data["persons"].num_rows) / 16
    return {**data, "persons": data["persons"].append_column("own", pa.array(own))}


def survey(*more: tuple[str, str]) -> Survey:
    return village.survey(BOTH, *more)


def test_equal_weights_are_as_one() -> None:
    data = village.tables()
    joined = village.joined(data)
    rows = {"persons": data["persons"].append_column("own", joined["weight"]), "households": data["households"]}
    for by in (village.measure(), village.measure(*BY_PERSON)):
        one, both = village.profile(data, by=by), village.profile(rows, of=survey(), by=by)
        village.assert_same(one, both)


@pytest.mark.parametrize("person", [False, True])
def test_each_unit_is_counted_with_its_own_weight(person: bool) -> None:
    data = tables()
    measure = village.measure(*(BY_PERSON if person else ()))
    made = village.profile(data, of=survey(), by=measure)
    rows = score(survey(), measure, data).to_pylist()
    own = {(row["house"], row["person"]): Fraction(row["own"]) for row in data["persons"].to_pylist()}
    poor = {(row["house"], row["person"]) if person else row["house"]: row["poor"] for row in rows}
    mine = {key: poor[key] if person else poor[key[0]] for key in own}
    known = {key: weight for key, weight in own.items() if mine[key] is not None and weight}
    expected = sum(weight for key, weight in known.items() if mine[key]) / sum(known.values())
    [found] = estimate(made, measure, statistics=["H"]).table.to_pylist()
    assert found["estimate"] == pytest.approx(float(expected), rel=RTOL)
    assert found["population"] == float(sum(known.values()))
    if person:
        assert found["n"] == len(known)
        return
    weights = {row["house"]: Fraction(row["weight"]) for row in data["households"].to_pylist()}
    known = {house: weight for house, weight in weights.items() if poor[house] is not None and weight}
    expected = sum(weight for house, weight in known.items() if poor[house]) / sum(known.values())
    [found] = estimate(made, measure, statistics=["H"], unit="households").table.to_pylist()
    assert found["estimate"] == pytest.approx(float(expected), rel=RTOL)
    assert found["population"] == float(sum(known.values())) and found["n"] == len(known)
    assert [row["person_weight"] for row in rows] == [
        float(sum(weight for (house, _), weight in own.items() if house == row["house"])) for row in rows
    ]


def flags(data: village.Tables) -> DeprivationProfile:
    """The persons one by one, each with his weight and the flags of his household."""
    one = village.measure()
    verdicts = score(survey(), one, data).select(["house", *one.names])
    own = data["persons"].select(["house", "person", "own", "sex"]).join(verdicts, "house")
    frame = own.join(data["households"].select(["house", "stratum", "segment"]), "house").sort_by("house")
    return DeprivationProfile.from_flags(frame, one, weight="own", by="sex", stratum="stratum", psu="segment")


def test_errors_and_groups_of_persons_are_those_of_their_own_weights() -> None:
    data, measure = tables(), village.measure()
    made = village.profile(data, of=survey())
    other = flags(data)
    columns = ["estimate", "se", "df", "population"]
    for by in ((), "sex"):
        found = estimate(made, measure, by=by).table.filter(pa.compute.field("dimension").is_null())
        expected = estimate(other, measure, by=by).table.filter(pa.compute.field("dimension").is_null())
        assert found.num_rows == expected.num_rows > 0
        for column in columns:
            mine, yours = (np.array(table[column].to_pylist(), float) for table in (found, expected))
            np.testing.assert_allclose(mine, yours, rtol=1e-9, err_msg=column)


@pytest.mark.parametrize("table", ["persons", "households"])
@pytest.mark.parametrize("person", [False, True])
def test_factors_multiply_both_weights(table: str, person: bool) -> None:
    data, measure = tables(), village.measure(*(BY_PERSON if person else ()))
    houses = data["households"]["house"].to_pylist()
    factors = np.random.default_rng(3).integers(0, 5, (len(houses), 6)) / 2
    rows = (
        factors if table == "households" else factors[[houses.index(h) for h in data["persons"]["house"].to_pylist()]]
    )
    own = data[table]
    for i in range(6):
        own = own.append_column(f"f{i + 1}", pa.array(rows[:, i]))
    change = ("stratum: stratum, psu: segment}", "replicates: {method: bootstrap, columns: f1..f6, weights: factors}}")
    made = village.profile({**data, table: own}, of=survey(change), by=measure)
    persons = data["persons"]
    each = np.array(persons["own"])[:, None] * factors[[houses.index(h) for h in persons["house"].to_pylist()]]
    found = made.cells.person_replicates
    assert found is not None and made.cells.household_replicates is not None
    np.testing.assert_allclose(found.sum(axis=0), each.sum(axis=0), rtol=RTOL)
    weights = np.array(data["households"]["weight"])[:, None]
    np.testing.assert_allclose(made.cells.household_replicates.sum(axis=0), (weights * factors).sum(axis=0), rtol=RTOL)


def test_the_order_of_rows_files_and_threads_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tables()
    expected = village.profile(data, of=survey())
    village.small_spans(monkeypatch)
    folder = village.write(tmp_path, data, rows=17)
    mixed = {name: table.take(np.random.default_rng(7).permutation(table.num_rows)) for name, table in data.items()}
    for source in (folder, mixed):
        for threads in (1, 3):
            found = deprivation_profile(survey(), village.measure(), source, threads=threads)
            village.assert_same(found, expected)


def test_kernels_count_them_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tables()
    folder = village.write(tmp_path, data)
    profiles = []
    for kernels in ("on", "off"):
        monkeypatch.setenv("MPI_KERNELS", kernels)
        profiles.append(deprivation_profile(survey(), village.measure(), folder, threads=1))
    one, other = (profile.cells for profile in profiles)
    np.testing.assert_array_equal(one.person_weight, other.person_weight)
    np.testing.assert_array_equal(one.household_weight, other.household_weight)


def test_it_is_told_and_makes_another_profile() -> None:
    data = tables()
    made, one = village.profile(data, of=survey()), village.profile(data)
    told = [notice.text for notice in made.notices if notice.code == "MPI-N144"]
    assert told == ["persons are counted with the weight own, households with weight"]
    assert made.fingerprint != one.fingerprint
    assert not [notice for notice in one.notices if notice.code == "MPI-N144"]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("weight: weight,", "weight: {persons: own},"), "MPI-C009", "design: weight: the key 'households' is missing"),
        (("weight: weight,", "weight: {households: own, person: w},"), "MPI-C003", "the key 'person' is not known"),
        (
            ("weight: weight,", "weight: {persons: own, households: weight}, calibration: {level: household, "
             "design_weight: weight, variables: [1]},"),
            "MPI-S142",
            "with a calibration there is only one weight",
        ),
        (
            ("weight: weight, stratum: stratum, psu: segment", "weight: {persons: own, households: weight}, "
             "replicates: {method: bootstrap, columns: w*, weights: combined}"),
            "MPI-S142",
            "complete replicate weights are replicates of only one weight",
        ),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(change: tuple[str, str], code: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        village.survey(change)
    [fault] = [fault for fault in error.value.faults if fault.code == code]
    assert said in fault.text and fault.remedy


def test_without_persons_there_is_no_weight_of_theirs() -> None:
    change = ("  persons: {path: persons.parquet, key: [house, person]}\n", "")
    with pytest.raises(ConfigError) as error:
        survey(change, ("domains:\n", "members: size\ndomains:\n"))
    assert "MPI-S142" in [fault.code for fault in error.value.faults]


def test_the_weight_of_households_has_one_value_in_each() -> None:
    data = tables()
    change = ("weight: weight,", "weight: {persons: own, households: {column: other, table: persons}},")
    persons = data["persons"].append_column("other", data["persons"]["age"])
    for by in (village.measure(), village.measure(*BY_PERSON)):
        with pytest.raises(DataError) as error:
            village.profile({**data, "persons": persons}, of=village.survey(change), by=by)
        assert [fault.code for fault in error.value.faults] == ["MPI-D034"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("own", None, "the weight of persons is null in 1 row"),
        ("own", -1.0, "the weight of persons is negative in 1 row"),
    ],
)
def test_null_and_negative_weights_of_persons_are_refused(column: str, value: float | None, said: str) -> None:
    with pytest.raises(DataError) as error:
        village.profile(village.poked(tables(), "persons", column, (3, value)), of=survey())
    assert [(fault.code, fault.text) for fault in error.value.faults] == [("MPI-D020", said)]


def test_weights_of_persons_that_are_all_0_are_refused() -> None:
    data = tables()
    none = village.replaced(data, "persons", "own", [0.0] * data["persons"].num_rows)
    with pytest.raises(DataError) as error:
        village.profile(none, of=survey())
    assert [(fault.code, fault.text) for fault in error.value.faults] == [
        ("MPI-D021", "the weight of persons is 0 for everybody")
    ]


def test_members_without_a_weight_are_not_counted() -> None:
    data = tables()
    made = village.profile(data, of=survey())
    positive = sum(weight > 0 for weight in data["persons"]["own"].to_pylist())
    assert int(made.cells.persons.sum()) == positive < data["persons"].num_rows
    assert made.counts["persons"] == data["persons"].num_rows
