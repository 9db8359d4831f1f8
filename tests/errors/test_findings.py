"""Faults of the data are counted over the whole input, however it is cut, ordered, and by whomever it is read."""

from __future__ import annotations

import pickle
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mpi
from mpi.errors import DataError, Place
from mpi.errors.findings import MOST_CODES, Findings, Wrong, told
from mpi.pipeline.passing import joint_tally, tally_of
from mpi.pipeline.preparing import prepared
from mpi.pipeline.scoring import score
from mpi.source import Apart, households_only, memory, open_survey, span
from mpi.specs.survey import Survey
from tests.support import village
from tests.support.village import Tables, survey

DATA = village.tables(households=900, seed=8)
PERSONS, HOUSES = DATA["persons"].num_rows, DATA["households"].num_rows
RNG = np.random.default_rng(21)


def spoiled(table: str, column: str, rows: np.ndarray[Any, Any], value: object) -> Tables:
    values = DATA[table].column(column).to_pylist()
    for row in rows.tolist():
        values[row] = value
    place = DATA[table].schema.get_field_index(column)
    return {**DATA, table: DATA[table].set_column(place, column, pa.array(values))}


def some(rows: int, share: float) -> np.ndarray[Any, Any]:
    return np.flatnonzero(RNG.random(rows) < share)


HOLES, STRANGE, RARE = some(HOUSES, 0.2), some(PERSONS, 0.3), some(PERSONS, 0.004)[:3]
TWICE = some(PERSONS, 0.02)
KEYS = [DATA["persons"].column("house").to_pylist(), DATA["persons"].column("person").to_pylist()]
SAME = np.flatnonzero(np.array(KEYS[0][1:]) == np.array(KEYS[0][:-1]))[::40] + 1


def with_strange_codes() -> Tables:
    codes = DATA["persons"].column("sex").to_pylist()
    for row in STRANGE.tolist():
        codes[row] = 7
    for i, row in enumerate(RARE.tolist()):
        codes[row] = 1_000 + i
    return {
        **DATA,
        "persons": DATA["persons"].set_column(DATA["persons"].schema.get_field_index("sex"), "sex", pa.array(codes)),
    }


def repeating() -> Tables:
    persons = list(KEYS[1])
    for row in SAME.tolist():
        persons[row] = persons[row - 1]
    return {**DATA, "persons": DATA["persons"].set_column(1, "person", pa.array(persons))}


SEVENS = len(set(STRANGE.tolist()) - set(RARE.tolist()))
CASES: dict[str, tuple[Tables, list[str]]] = {
    "null weights": (spoiled("households", "weight", HOLES, None), [f"the weight is null in {len(HOLES)} rows"]),
    "negative weights": (spoiled("households", "weight", HOLES, -1.0),
                         [f"the weight is negative in {len(HOLES)} rows"]),
    "null PSUs": (spoiled("households", "segment", HOLES, None), [f"the PSU is null in {len(HOLES)} households"]),
    "codes": (with_strange_codes(), [
        f"sex: {SEVENS + len(RARE)} rows with codes that its list does not hold: '7' ({SEVENS:,}), "
        f"{len(RARE)} codes of fewer than 10 rows each ({len(RARE)} rows)"]),
    "repeated keys": (repeating(), [f"{len(SAME)} rows of persons with the key (house, person) of another row"]),
    "null keys": (spoiled("persons", "person", TWICE, None),
                  [f"the key column 'person' of persons is null in {len(TWICE)} rows"]),
    "two faults": (
        {**spoiled("households", "weight", HOLES, None), "persons": with_strange_codes()["persons"]},
        [f"the weight is null in {len(HOLES)} rows"],
    ),
}  # fmt: skip


def said(data: object, of: Survey | None = None, **options: Any) -> list[str]:
    with pytest.raises(DataError) as error:
        mpi.deprivation_profile(of or survey(), village.measure(), data, **options)  # type: ignore[arg-type]  # folder or frames
    return [fault.text for fault in error.value.faults]


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(households_only, "SMALL", 0)
    monkeypatch.setattr(households_only, "PERSONS", 100)
    monkeypatch.setattr(span, "SPAN", 400)
    monkeypatch.setattr(memory, "resident", lambda: 0)


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("name", CASES)
def test_the_whole_input_is_counted_however_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data, texts = CASES[name]
    village.write(tmp_path, data, rows=150)
    streamed = said(tmp_path, threads=1)
    assert set(texts) <= set(streamed)
    if name == "two faults":
        assert len(streamed) == 2
    for threads in (2, 5):
        assert said(tmp_path, threads=threads) == streamed
    mixed = {key: table.take(pa.array(RNG.permutation(len(table)))) for key, table in data.items()}
    assert said(mixed) == streamed
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    for key, table in mixed.items():
        pq.write_table(table, tmp_path / f"{key}.parquet", row_group_size=150)
    assert said(tmp_path, memory=150_000) == streamed
    assert not list((tmp_path / "temporary").iterdir())
    monkeypatch.setattr(households_only, "SMALL", 10**9)
    assert said(data) == streamed  # one block


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("name", ["codes", "null weights", "repeated keys"])
def test_spans_that_other_machines_read_are_counted_together(tmp_path: Path, name: str) -> None:
    data, texts = CASES[name]
    village.write(tmp_path, data, rows=150)
    ready = prepared(open_survey(survey(), tmp_path), village.measure())
    work = partial(tally_of, ready)
    here, apart = (Apart(ready.opened, ready.plan.needs, 400) for _ in range(2))
    assert len(apart) > 3
    sent = [pickle.loads(pickle.dumps(apart.read(i, work))) for i in range(len(apart))]  # noqa: S301  our own
    with pytest.raises(DataError) as error:
        joint_tally(ready, here.joined(sent, work))
    assert [fault.text for fault in error.value.faults] == texts


@pytest.mark.usefixtures("_small")
def test_a_table_of_units_counts_the_whole_input_too(tmp_path: Path) -> None:
    data, texts = CASES["null weights"]
    with pytest.raises(DataError) as error:
        score(survey(), village.measure(), village.write(tmp_path, data, rows=150))
    assert [fault.text for fault in error.value.faults] == texts


def test_households_that_differ_inside_are_counted_over_all_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(households_only, "SMALL", 0)
    monkeypatch.setattr(households_only, "PERSONS", 100)
    joined = village.joined(DATA)
    weights = joined.column("weight").to_pylist()
    for row in SAME.tolist():
        weights[row] += 1
    joined = joined.set_column(joined.schema.get_field_index("weight"), "weight", pa.array(weights))
    wide = "[region, area, rooms, wall, weight, stratum, segment]"
    of = survey(("{path: households.parquet, key: [house]}", f"{{from: persons, key: [house], columns: {wide}}}"))
    number = len({KEYS[0][row] for row in SAME.tolist()})
    village.write(tmp_path, {"persons": joined}, rows=150)
    assert said(tmp_path, of) == [f"column 'weight' differs between the persons of {number} households"]


def test_rare_codes_are_not_told_and_too_many_are_not_kept() -> None:
    assert told({"a": 10, "b": 9, "c": 1}) == "'a' (10), 2 codes of fewer than 10 rows each (10 rows)"
    assert told({str(i): 20 for i in range(11)}).endswith("'4' (20), '5' (20), '6' (20), 3 codes more")
    wrong = Wrong(
        code="MPI-D015",
        place=Place("s.yaml", 3, 1),
        head="area:",
        noun="row",
        tail=" with codes that its list does not hold",
    )
    for split in (1, 7):
        found = Findings()
        parts = [Findings() for _ in range(split)]
        for i in range(MOST_CODES + 1):
            parts[i % split].add(wrong, 1, {str(i): 1})
        for part in reversed(parts):
            found.absorb(pickle.loads(pickle.dumps(part)))  # noqa: S301  our own
        assert [fault.text for fault in found.faults()] == [
            f"area: {MOST_CODES + 1:,} rows with codes that its list does not hold"
        ]


@pytest.mark.usefixtures("_small")
def test_what_the_rows_of_a_stratum_do_not_share_is_told_of_all_strata(tmp_path: Path) -> None:
    """Also where the rows that differ lie in blocks, and spans, far apart."""
    strata = DATA["households"].column("stratum").to_pylist()
    names = sorted(set(strata))
    assert len(names) > 2
    last = {stratum: max(i for i, one in enumerate(strata) if one == stratum) for stratum in names[:2]}
    counts = [900.0] * HOUSES
    order = ["a"] * HOUSES
    for row in last.values():
        counts[row] = 901.0
        order[row] = "b"
    house = DATA["households"].append_column("blocks", pa.array(counts)).append_column("place", pa.array(order))
    village.write(tmp_path, {**DATA, "households": house}, rows=150)
    told_ = f"inside 2 strata ({names[0]}, {names[1]})"
    of = survey(("psu: segment}", "psu: segment, fpc: {count: blocks}}"))
    assert said(tmp_path, of) == [f"the finite population correction differs, or is unknown, {told_}"]
    of = survey(("psu: segment}", "psu: segment, single_psu: collapse, collapse: {order: place}}"))
    assert said(tmp_path, of, threads=3) == [f"the place in the order of strata differs {told_}"]
