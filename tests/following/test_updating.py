"""A register that is updated has exactly the profile of its later edition; whatever does not fit is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mpi
from mpi.following import updating
from mpi.profile.cells import arrays
from tests.support import followed as twin
from tests.support.followed import Ledger

CONFIG = """
survey: register
period: "{period}"
tables:
  persons: {{path: persons.parquet, key: [ficha, cedula]}}
  households:
    {{from: persons, key: [ficha], columns: [area, peso, water_flag, school_flag, work_flag, floor_flag]}}
variables: {{{variables}}}
design: {{weight: {weight}, census: {census}}}
domains: {{area: {{column: area}}}}
"""


def survey(period: str, *, weight: str = "none", census: str = "yes") -> mpi.Survey:
    variables = ", ".join(f"{name}_flag: {name}_flag" for name in twin.INDICATORS)
    found = mpi.survey(CONFIG.format(period=period, variables=variables, weight=weight, census=census))
    assert isinstance(found, mpi.Survey)
    return found


def table(ledger: Ledger, houses: set[int] | None = None) -> pa.Table:
    """The persons of some households."""
    kept = set(ledger.homes.values()) if houses is None else houses
    some = Ledger(
        {h: own for h, own in ledger.houses.items() if h in kept}, {p: h for p, h in ledger.homes.items() if h in kept}
    )
    return twin.microdata(some, "2020", weighted=True).table


def elsewhere(persons: pa.Table) -> pa.Table:
    return persons.set_column(persons.column_names.index("area"), "area", pa.array(["99999"] * len(persons)))


def parts_of(earlier: Ledger, later: Ledger) -> dict[str, set[int]]:
    before, after = set(earlier.homes.values()), set(later.homes.values())
    changed = {
        h for h in before & after
        if earlier.houses[h] != later.houses[h] or earlier.members(h) != later.members(h)
    }  # fmt: skip
    return {"before": changed, "after": changed, "gone": before - after, "new": after - before}


def updated(
    earlier: Ledger, later: Ledger, profile: mpi.DeprivationProfile, weight: str = "none", **more: Any
) -> mpi.DeprivationProfile:
    parts = parts_of(earlier, later)
    data: dict[str, object] = {
        name: {"persons": table(earlier if name in ("before", "gone") else later, own)}
        for name, own in parts.items()
        if own
    }
    return mpi.update(profile, survey("2021", weight=weight), twin.measure(), **{**data, **more})  # type: ignore[arg-type]


def made(ledger: Ledger, period: str, weight: str = "none") -> mpi.DeprivationProfile:
    return mpi.deprivation_profile(survey(period, weight=weight), twin.measure(), {"persons": table(ledger)})  # type: ignore[dict-item]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), weight=st.sampled_from(["none", "peso"]))
def test_an_update_gives_the_profile_of_the_later_edition(seed: int, weight: str) -> None:
    earlier, later = twin.editions(seed, houses=30, weighted=weight == "peso", areas=5)
    own, scratch = updated(earlier, later, made(earlier, "2020", weight), weight), made(later, "2021", weight)
    assert own.domains == scratch.domains
    for name, column in arrays(scratch.cells).items():
        np.testing.assert_array_equal(getattr(own.cells, name), column, err_msg=name)
    assert dict(own.counts) == dict(scratch.counts)
    assert (own.period, own.rules, own.fingerprint) == (scratch.period, scratch.rules, scratch.fingerprint)
    assert {one.code for one in own.notices} >= {one.code for one in scratch.notices}


def test_weights_with_decimals_are_updated_to_rounding(tmp_path: Path) -> None:
    earlier, later = twin.editions(4, weighted=True)
    thirds = [
        Ledger({h: twin.replace(own, weight=own.weight / 3) for h, own in one.houses.items()}, one.homes)
        for one in (earlier, later)
    ]
    own, scratch = updated(*thirds, made(thirds[0], "2020", "peso"), "peso"), made(thirds[1], "2021", "peso")
    np.testing.assert_allclose(own.cells.person_weight, scratch.cells.person_weight, rtol=1e-12)
    np.testing.assert_array_equal(own.cells.persons, scratch.cells.persons)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("one of before is missing", "MPI-D264"),
        ("one of after is missing", "MPI-D264"),
        ("a gone one is new too", "MPI-D264"),
        ("a changed one is gone too", "MPI-D264"),
        ("rows before are of another area", "MPI-D265"),
        ("a gone one was never there", "MPI-D264"),
        ("a new one was there", "MPI-D264"),
        ("nothing", "MPI-E263"),
        ("no after", "MPI-E263"),
    ],
)
def test_what_does_not_fit_is_refused(change: str, code: str) -> None:
    earlier, later = twin.editions(8)
    parts, profile = parts_of(earlier, later), made(earlier, "2020")
    some, whole = sorted(parts["before"])[0], {"persons": table(earlier)}
    same = sorted(set(earlier.homes.values()) - parts["before"] - parts["gone"])[0]
    more: dict[str, Any] = {
        "one of before is missing": {"before": {"persons": table(earlier, parts["before"] - {some})}},
        "one of after is missing": {"after": {"persons": table(later, parts["after"] - {some})}},
        "a gone one is new too": {"new": {"persons": table(earlier, parts["gone"])}},
        "a changed one is gone too": {"gone": {"persons": table(earlier, parts["gone"] | {some})}},
        "rows before are of another area": {"before": {"persons": elsewhere(table(earlier, parts["before"]))}},
        "a gone one was never there": {"gone": {"persons": table(later, parts["new"])}, "new": None, "register": whole},
        "a new one was there": {"new": {"persons": table(earlier, {same})}, "register": whole},
        "nothing": {"before": None, "after": None, "new": None, "gone": None},
        "no after": {"after": None},
    }[change]
    with pytest.raises(mpi.MpiError) as refused:
        updated(earlier, later, profile, **more)
    assert code in {fault.code for fault in refused.value.faults}


def test_a_household_twice_is_refused() -> None:
    earlier, later = twin.editions(8)
    new = table(later, parts_of(earlier, later)["new"])
    with pytest.raises(mpi.DataError, match="MPI-D"):
        updated(earlier, later, made(earlier, "2020"), new={"persons": pa.concat_tables([new, new])})


def test_samples_are_not_updated() -> None:
    earlier, later = twin.editions(8)
    sample = mpi.deprivation_profile(survey("2020", census="no"), twin.measure(), {"persons": table(earlier)})  # type: ignore[dict-item]
    with pytest.raises(mpi.UsageError, match="MPI-E263"):
        updated(earlier, later, sample)


def test_the_rest_is_not_read_again(tmp_path: Path) -> None:
    """The files of the earlier edition can be gone."""
    earlier, later = twin.editions(8)
    made(earlier, "2020").write(tmp_path / "profile.parquet")
    own = updated(earlier, later, mpi.DeprivationProfile.read(tmp_path / "profile.parquet"))
    assert int(own.cells.persons.sum()) == len(later.homes)
    pq.write_table(table(later), tmp_path / "persons.parquet")
    scratch = mpi.deprivation_profile(survey("2021"), twin.measure(), tmp_path)
    assert int(scratch.cells.persons.sum()) == len(later.homes)


@pytest.mark.parametrize(("where", "part"), [("_keys", "new"), ("_register_keys", "register")])
def test_a_file_that_changes_before_its_keys_are_read_is_refused(
    where: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, later = twin.editions(8)
    held = table(later, parts_of(earlier, later)["new"]) if part == "new" else table(earlier)
    pq.write_table(held, tmp_path / "persons.parquet")
    was = getattr(updating, where)

    def changed(*given: Any) -> Any:
        pq.write_table(held, tmp_path / "again.parquet")
        (tmp_path / "again.parquet").replace(tmp_path / "persons.parquet")
        return was(*given)

    updated(earlier, later, made(earlier, "2020"), **{part: tmp_path})
    monkeypatch.setattr(updating, where, changed)
    with pytest.raises(mpi.DataError, match="MPI-D150"):
        updated(earlier, later, made(earlier, "2020"), **{part: tmp_path})
