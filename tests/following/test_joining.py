"""Keys of every kind, in memory and in buckets; panels that are saved, added and read by other measures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import mpi
from mpi.following import editions, following
from tests.following.test_movements import check_movements, figures, panel_of
from tests.support import followed as twin
from tests.support.followed import Ledger

LINKS = ("persons", "same_key", "same_head", "majority")


def equal(one: mpi.Panel, other: mpi.Panel) -> bool:
    """Whether two panels hold the same."""
    pairs = [(getattr(one.held.cells, name), getattr(other.held.cells, name)) for name in ("pattern", "persons")]
    pairs += [(one.held.cells.person_weight, other.held.cells.person_weight)]
    pairs += [
        (getattr(one.sequences, name), getattr(other.sequences, name)) for name in ("pattern", "present", "adjusts")
    ]
    return one.domains == other.domains and all(np.array_equal(a, b) for a, b in pairs)


def with_key(data: mpi.Microdata, values: list[Any]) -> mpi.Microdata:
    """An edition whose persons have another key."""
    table = data.table.set_column(data.table.column_names.index("cedula"), "cedula", pa.array(values))
    return mpi.survey(
        table, weight=None, household="ficha", domains=["area"], design={"census": True}, name="register",
        period=str(data.about["period"]),
    )  # fmt: skip


def follow(rounds: list[mpi.Microdata], **options: Any) -> mpi.Panel:
    return mpi.follow(rounds, twin.measure(), key=["cedula"], domains=["area"], **options)


@pytest.mark.parametrize("link", LINKS)
def test_buckets_in_temporary_files_give_the_same(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ledgers = twin.editions(2, number=3, weighted=True)
    whole = panel_of(ledgers, link, weighted=True)
    monkeypatch.setattr(editions, "AT_ONCE", 1)
    monkeypatch.setattr(following, "IN_MEMORY", 10)
    monkeypatch.setattr(following, "APIECE", 40)
    assert equal(panel_of(ledgers, link, weighted=True), whole)


@pytest.mark.parametrize("kind", [str, float, np.int32, lambda number: f"cédula-{number:09d}"])
def test_keys_of_every_type(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ledgers = twin.editions(2)
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    keyed = [with_key(one, [kind(number) for number in one.table["cedula"].to_pylist()]) for one in rounds]
    plain = follow(rounds)
    assert equal(follow(keyed), plain)
    monkeypatch.setattr(following, "IN_MEMORY", 10)
    monkeypatch.setattr(following, "APIECE", 30)
    assert equal(follow(keyed), plain)


def test_several_columns_together_are_a_key() -> None:
    ledgers = twin.editions(2)
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    found = mpi.follow(rounds, twin.measure(), key=["ficha", "cedula"], domains=["area"])
    stayed = sum(ledgers[1].homes.get(person) == house for person, house in ledgers[0].homes.items())
    assert found.counts["stayers"] == stayed


def test_persons_without_a_key_are_counted_and_linked_to_nobody() -> None:
    ledgers = twin.editions(2)
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    numbers = rounds[0].table["cedula"].to_pylist()
    holes = [None if i < 5 else number for i, number in enumerate(numbers)]
    with pytest.warns(mpi.MpiWarning, match="MPI-N260 5 units have no key"):
        found = follow([with_key(rounds[0], holes), rounds[1]])
    assert found.counts["without_key"] == 5
    assert found.counts["stayers"] == len(set(numbers[5:]) & set(rounds[1].table["cedula"].to_pylist()))
    assert found.counts["gone"] + found.counts["stayers"] == len(numbers)


def test_editions_without_a_common_unit_are_told() -> None:
    ledgers = twin.editions(2)
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    others = with_key(rounds[1], [number + 10**6 for number in rounds[1].table["cedula"].to_pylist()])
    with pytest.warns(mpi.MpiWarning, match="MPI-N260 no unit of the first edition"):
        found = follow([rounds[0], others])
    exits = mpi.movements(found, twin.measure()).only("exit_rate").table
    assert set(exits["estimate"].to_pylist()) == {None}
    assert None not in exits["note"].to_pylist()


def repeated(number: int) -> int:
    return number - number % 2


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (lambda numbers: [repeated(number) for number in numbers], "MPI-D260"),
        (lambda numbers: [str(number) for number in numbers], "MPI-D261"),
        (lambda numbers: [number + 0.5 for number in numbers], "MPI-D262"),
    ],
)
def test_keys_that_do_not_serve_are_refused_without_a_value(values: Any, code: str) -> None:
    ledgers = twin.editions(2)
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    numbers = rounds[0].table["cedula"].to_pylist()
    with pytest.raises(mpi.DataError) as refused:
        follow([with_key(rounds[0], values(numbers)), rounds[1]])
    assert [fault.code for fault in refused.value.faults] == [code]
    assert not any(str(number) in str(refused.value) for number in numbers)


@pytest.mark.parametrize("link", LINKS)
def test_a_panel_that_is_saved_is_the_same(link: str, tmp_path: Path) -> None:
    panel = panel_of(twin.editions(6, number=3), link)
    panel.write(tmp_path / "panel.parquet")
    again = mpi.Panel.read(tmp_path / "panel.parquet")
    assert equal(again, panel)
    assert (again.counts, again.rules, again.link, again.periods) == (
        panel.counts,
        panel.rules,
        panel.link,
        panel.periods,
    )
    assert figures(again, "change") == figures(panel, "change")
    assert (tmp_path / "panel.parquet").stat().st_mode & 0o077 == 0


def test_a_panel_is_no_profile_and_a_profile_no_panel(tmp_path: Path) -> None:
    ledgers = twin.editions(6)
    panel_of(ledgers).write(tmp_path / "panel.parquet")
    profile = mpi.deprivation_profile(twin.microdata(ledgers[0], "2020"), twin.measure())
    profile.write(tmp_path / "profile.parquet")
    with pytest.raises(mpi.DataError, match="MPI-D051"):
        mpi.DeprivationProfile.read(tmp_path / "panel.parquet")
    with pytest.raises(mpi.DataError, match="MPI-D051"):
        mpi.Panel.read(tmp_path / "profile.parquet")


def halves(ledger: Ledger) -> list[Ledger]:
    """The persons with even and odd keys; households of both have members in both."""
    found = []
    for rest in range(2):
        homes = {person: house for person, house in ledger.homes.items() if person % 2 == rest}
        found.append(Ledger({h: own for h, own in ledger.houses.items() if h in set(homes.values())}, homes))
    return found


def test_panels_of_disjoint_persons_add() -> None:
    ledgers = twin.editions(9)
    parts = zip(*(halves(one) for one in ledgers), strict=True)
    made = [panel_of(list(own)) for own in parts]
    assert equal(mpi.merge_panels(made), panel_of(ledgers))
    assert equal(made[1] + made[0], panel_of(ledgers))
    assert mpi.merge_panels(made).counts["stayers"] == panel_of(ledgers).counts["stayers"]


def test_panels_of_other_editions_do_not_add() -> None:
    ledgers = twin.editions(9)
    with pytest.raises(mpi.DataError, match="MPI-D263 panels cannot be added: they differ in link, weights"):
        mpi.merge_panels([panel_of(ledgers), panel_of(ledgers, "majority", weights="later")])


def test_other_weights_cutoffs_and_fewer_indicators_are_read_from_the_same_panel() -> None:
    """As if the panel had been made with that measure."""
    ledgers = twin.editions(9)
    panel, measure = panel_of(ledgers), twin.measure()
    fewer = measure.without("water")
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    own = mpi.follow(rounds, fewer, key=["cedula"], domains=["area"])
    one, other = (mpi.movements(source, fewer, "deprivations", k="1/2").table for source in (panel, own))
    assert one.equals(other)
    assert one.num_rows


def test_a_measure_of_other_rules_is_refused() -> None:
    ledgers = twin.editions(9)
    given: Mapping[str, Any] = {"a": {"water": "1/2"}, "b": {"school": "1/2"}}
    variables = {"household": {"water_flag": "number", "school_flag": "number"}}
    rules = {"water": "water_flag = 0", "school": "school_flag = 1"}
    other = mpi.measure(given, k="1/2", rules=rules, variables=variables, name="ledger")
    with pytest.raises(mpi.UsageError, match="MPI-E110"):
        mpi.movements(panel_of(ledgers), other)


def test_the_universe_of_a_measure_says_who_is_there() -> None:
    """Persons outside are neither new nor gone, and their editions add up to themselves."""
    ledgers = twin.editions(12)
    measure = mpi.measure(
        {"measure": "ledger", "title": "x", "missing": "exclude", "identification": "household",
         "k": {"poor": "1/3", "severe": "1/2"},
         "universe": "area = '05001'",
         "variables": {"household": {"area": "text", **{f"{n}_flag": "number" for n in twin.INDICATORS}}},
         "dimensions": {d: {"weight": w, "indicators": {n: {"deprived": f"{n}_flag = 1"} for n in own}} for d, w, own in
                        (("services", "1/3", ("water", "school")), ("living", "2/3", ("work", "floor")))}},
    )  # fmt: skip
    rounds = [twin.microdata(one, str(2020 + t)) for t, one in enumerate(ledgers)]
    panel = mpi.follow(rounds, measure, key=["cedula"], domains=[])
    inside = [tuple(s if s is not None and s.area == "05001" else None for s in c) for c in twin.persons(ledgers)]
    assert panel.counts["stayers"] == sum(None not in course for course in inside)
    found = {
        row["figure"]: row["estimate"] for row in mpi.movements(panel, measure).rows() if row["k"] in (None, "1/3")
    }
    assert found["earlier"] == sum(course[0] is not None for course in inside)
    assert found["new"] == sum(course[0] is None and course[1] is not None for course in inside)


def test_threads_make_no_difference() -> None:
    ledgers = twin.editions(13, houses=60, weighted=True)
    assert equal(panel_of(ledgers, weighted=True, threads=1), panel_of(ledgers, weighted=True, threads=3))


def test_a_sample_without_psus_takes_its_households_for_them() -> None:
    ledgers = twin.editions(15, houses=60, weighted=True)
    rounds = [
        mpi.survey(twin.microdata(one, "2020", weighted=True).table, weight="peso", household="ficha", domains=["area"],
                   period=str(2020 + t))
        for t, one in enumerate(ledgers)
    ]  # fmt: skip
    panel = mpi.follow(rounds, twin.measure(), key=["cedula"], domains=["area"])
    check_movements(panel, twin.persons(ledgers))
    table = mpi.movements(panel, twin.measure(), "change").table
    assert None not in table.filter(pa.compute.equal(table["figure"], "change"))["se"].to_pylist()
