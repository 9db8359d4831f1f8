"""Lists for targeting, as a ratio to the table of units that they begin with.

`pytest benchmarks/bench_lists.py`; the last test prints the ratio of processor seconds, the least of three each.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import mpi
from mpi.lifting import Lifter
from tests.support.strategies import equal_measure
from tests.test_lifting import lifter_of

DATA = Path(__file__).parent.parent / "sample_data"
REPEATS = 3


def scored() -> object:
    """One row a unit, of 30,000 households."""
    return mpi.score(mpi.load_survey("colombia_demo_2025"), mpi.load_measure("colombia_ipm"), DATA)


def listed() -> object:
    """The same with minimal sets, words, ranks and quotas."""
    survey, measure = mpi.load_survey("colombia_demo_2025"), mpi.load_measure("colombia_ipm")
    return mpi.target_list(survey, measure, DATA, area="municipio", quotas=20, quasi=("departamento", "persons"))


@pytest.mark.parametrize("work", [scored, listed])
@pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
def test_list(benchmark: BenchmarkFixture, work: Callable[[], object]) -> None:
    """Once with everything warm."""
    benchmark(work)


def every_set(lifter: Lifter) -> int:
    """The number of minimal sets of one pattern, each made."""
    found = lifter.lifting(0)
    return 0 if found is None else len(found.sets() or ())


@pytest.mark.parametrize("number", [10, 15])
def test_sets(benchmark: BenchmarkFixture, number: int) -> None:
    """All minimal sets of a unit deprived in everything: 120 of 10 indicators, 1,365 of 15."""
    measure = equal_measure(number, "1/3")
    lifter = lifter_of(measure, (True,) * number, measure.cutoffs[0])
    assert benchmark(every_set, lifter) == {10: 120, 15: 1365}[number]


@pytest.mark.filterwarnings("ignore::mpi.MpiWarning")
def test_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    """What a list takes over the table of units."""

    def least(work: Callable[[], object]) -> float:
        spent = []
        for _ in range(REPEATS):
            began = time.process_time()
            work()
            spent.append(time.process_time() - began)
        return min(spent)

    base, own = least(scored), least(listed)
    with capsys.disabled():
        print(f"\nlist / score: {own:.2f} s / {base:.2f} s = {own / base:.1f}")
