"""Whom a single deprivation keeps poor: counted again household by household in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.analysis.lifting import lifted_by
from mpi.disclosure.publishable import PublishableProfile
from mpi.specs.measure import Cutoff
from tests.support.strategies import measure_of

WEIGHTS = {"a": Fraction(1, 2), "b": Fraction(1, 3), "c": Fraction(1, 6)}
CUTOFFS = (Cutoff(Fraction(1, 3)), Cutoff(Fraction(1, 2)), Cutoff(Fraction(1, 2), strict=True))
MEASURE = measure_of({"one": {"a": WEIGHTS["a"], "b": WEIGHTS["b"]}, "two": {"c": WEIGHTS["c"]}}, list(CUTOFFS))
CODES = ("01", "02", "03")


def is_poor(pattern: int, cutoff: Cutoff) -> bool:
    score = sum((weight for j, weight in enumerate(WEIGHTS.values()) if pattern >> j & 1), Fraction(0))
    return score > cutoff.k if cutoff.strict else score >= cutoff.k


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 7), st.integers(1, 9)), max_size=30),
    st.sampled_from(CUTOFFS),
    st.sampled_from(["persons", "households"]),
)
def test_shares_are_those_counted_one_by_one(cells: list[tuple[int, int, int]], cutoff: Cutoff, unit: str) -> None:
    cells = sorted(cells)
    size = np.array([size for _, _, size in cells], np.float64)
    profile = PublishableProfile(
        domain="area",
        codes=CODES,
        area=np.array([area for area, _, _ in cells], np.int64),
        pattern=np.array([pattern for _, pattern, _ in cells], np.uint64),
        persons=size if unit == "persons" else size * 7,
        households=size if unit == "households" else size * 7,
    )
    found = lifted_by(profile, MEASURE, cutoff, unit)
    wanted = {}
    for place, code in enumerate(CODES):
        poor = [(pattern, size) for area, pattern, size in cells if area == place and is_poor(pattern, cutoff)]
        if not poor:
            continue
        total = sum(size for _, size in poor)
        lifted = {
            name: Fraction(sum(size for pattern, size in poor if not is_poor(pattern & ~(1 << j), cutoff)), total)
            for j, name in enumerate(WEIGHTS)
        }
        wanted[code] = {name: share for name, share in lifted.items() if share}
    assert {code: dict(own) for code, own in found.items()} == {
        code: {name: pytest.approx(float(share)) for name, share in own.items()} for code, own in wanted.items()
    }
    for own in found.values():
        assert [share for _, share in own] == sorted((share for _, share in own), reverse=True)
