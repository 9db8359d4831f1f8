"""Strata of which every unit was drawn: an error of 0 that is right, beside those that arithmetic makes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mpi.estimates import Estimates
from mpi.estimates.covariance import Covariance
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from tests.support.strategies import equal_measure

TWO = equal_measure(2)
RTOL = 1e-12  # the same few sums in another order
WHOLE = "every unit of its strata was drawn: no sampling error"
RNG = np.random.default_rng(11)
# Households of a town of which all 12 were asked, of a valley of which 40 of 400 were, and of a ridge of 1.
STRATUM = ["town"] * 12 + ["valley"] * 40 + ["ridge"]
POPULATION = [12] * 12 + [400] * 40 + [1]
FLAGS = {"a": RNG.integers(0, 2, 53), "b": RNG.integers(0, 2, 53)}
WEIGHTS = np.array(POPULATION) / np.array([12] * 12 + [40] * 40 + [1])
GROUP = ["east" if row % 2 else "west" for row in range(52)] + ["west"]


def found(*, by: list[str], frame: dict[str, Any] | None = None, **design: Any) -> Estimates:
    table = pa.table({**FLAGS, "w": WEIGHTS, "s": STRATUM, "N": POPULATION, "group": GROUP, **(frame or {})})
    chosen = {"stratum": "s", "fpc": ("count", "N"), **design}
    profile = DeprivationProfile.from_flags(table, TWO, weight="w", by=["s", "group"], **chosen)
    return estimate(profile, TWO, by=by, reliability="cepal_2020")


def poor() -> np.ndarray[Any, np.dtype[np.int64]]:
    return FLAGS["a"] | FLAGS["b"]  # k is 1/2 of two equal weights


def variance(rows: np.ndarray[Any, np.dtype[np.bool_]]) -> float:
    """Of H among some rows, by the textbook, stratum by stratum: (1 - f) n / (n - 1) times the sum of squares."""
    y = poor().astype(float)
    ratio = (WEIGHTS * y)[rows].sum() / WEIGHTS[rows].sum()
    z = np.where(rows, WEIGHTS * (y - ratio), 0) / WEIGHTS[rows].sum()
    total = 0.0
    for name in set(STRATUM):
        own = np.array([stratum == name for stratum in STRATUM])
        n, drawn = int(own.sum()), int(own.sum()) / POPULATION[STRATUM.index(name)]
        if drawn < 1:
            total += (1 - drawn) * n / (n - 1) * float(((z[own] - z[own].mean()) ** 2).sum())
    return total


def test_the_error_of_a_stratum_that_was_drawn_whole_is_0_and_nobody_judges_it() -> None:
    """R's survey gives 0 as well: svymean of svydesign(strata = ~s, fpc = ~N) where N is the number drawn."""
    rows = {row["s"]: row for row in found(by=["s"]).only("H").rows()}
    for name in ("town", "ridge"):  # the ridge has one household alone: there are no more
        row = rows[name]
        assert (row["se"], row["cv"], row["deff"], row["ci_low"]) == (0.0, None, None, None)
        assert (row["reliability"], row["note"]) == (None, WHOLE)
    assert rows["valley"]["reliability"] is not None and WHOLE not in (rows["valley"]["note"] or "")
    everyone = np.ones(53, bool)
    for name, where in (("valley", np.array(STRATUM) == "valley"), (None, everyone)):
        assert rows[name]["se"] == pytest.approx(variance(where) ** 0.5, rel=RTOL)
    groups = {row["group"]: row for row in found(by=["group"]).only("H").rows()}
    for name in ("east", "west"):  # of both strata
        assert groups[name]["se"] == pytest.approx(variance(np.array(GROUP) == name) ** 0.5, rel=RTOL)
        assert groups[name]["reliability"] is not None


def test_a_share_rests_on_all_strata() -> None:
    rows = found(by=["s"]).only("poor_share", s=["town", "valley"]).rows()
    assert [row["se"] > 0 and row["note"] != WHOLE for row in rows] == [True, True]


@pytest.mark.parametrize("statistic", ["H", "M0", "A", "poor", "uncensored_headcount", "excluded"])
def test_a_sample_of_whole_strata_is_a_census_of_all_statistics(statistic: str) -> None:
    rows = found(by=["s", "group"], fpc=("fraction", "f"), frame={"f": [1.0] * 53}).only(statistic).rows()
    known = [row for row in rows if row["estimate"] is not None]
    assert len(known) > 3
    assert {(row["se"], row["reliability"], row["note"]) for row in known} == {(0.0, None, WHOLE)}


def test_an_almost_whole_stratum_is_judged() -> None:
    rows = found(by=["s"], frame={"N": [13] * 12 + POPULATION[12:]}).only("H", s="town").rows()
    assert rows[0]["se"] > 0 and rows[0]["reliability"] is not None


CLUSTERS = {"p": [row // 4 for row in range(52)] + [13], "P": [3] * 12 + [10] * 40 + [1]}


@pytest.mark.parametrize(("second", "told"), [
    # All clusters were drawn; of their households nothing is said: the 0 of the formula is no statement.
    (None, False),
    # And all of their households; and half of them.
    ([4] * 52 + [1], True), ([8] * 52 + [1], False),
])  # fmt: skip
def test_clusters_that_were_all_drawn_are_whole_where_the_design_says_so_of_their_households(
    second: list[int] | None, *, told: bool
) -> None:
    staged = {} if second is None else {"ssu_fpc": ("count", "M")}
    frame = CLUSTERS | ({} if second is None else {"M": second})
    (row,) = found(by=["s"], psu="p", fpc=("count", "P"), frame=frame, **staged).only("H", s="town").rows()
    assert (row["note"] == WHOLE) == told
    assert (row["reliability"] is None) == told
    assert row["reliability"] in (None, "review", "suppress") or second is not None
    assert (row["se"] == 0) == (told or second is None)


def test_zeros_that_arithmetic_makes_are_not_better_than_review_still() -> None:
    """A stratum of which nobody is poor, of 40 drawn out of 400: the same 0, and no statement of the design."""
    valley = np.array(STRATUM) == "valley"
    frame = {name: np.where(valley, 0, values) for name, values in FLAGS.items()}
    (row,) = found(by=["s"], frame=frame).only("H", s="valley").rows()
    assert row["se"] == 0 and row["reliability"] in ("review", "suppress") and "no precision" in row["note"]


def test_a_difference_with_such_a_stratum_has_no_test() -> None:
    pair = found(by=["s"]).only("H", s=["town", "valley"])
    covariance: Covariance = pair.covariance()
    rows = covariance.differences().to_pylist()
    assert len(rows) == 1
    assert rows[0]["p"] is None and rows[0]["note"] == "an estimate has a standard error of 0: no test"
