"""The kernels of the pass over a census, each beside the other ways of doing it that were tried.

A block is 131,072 persons in households of three or so; nine statements hold of a tenth of the persons each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

import mpi
from benchmarks.census.generator import Census, write_census
from mpi.columns.values import Number, Text, Truth, distinct, stable_order
from mpi.pipeline.binding import Plan
from mpi.pipeline.compiled import Judge
from mpi.pipeline.judging import Judged, compute, judge
from mpi.pipeline.preparing import prepared
from mpi.profile import Declared, Tally, Units
from mpi.rules import Frame
from mpi.rules.folding import any_members
from mpi.source import blocks, open_survey
from mpi.source.households_only import PERSONS
from mpi.source.keys import index
from tests.support.kernels import kernel

Masks = list[NDArray[np.bool_]]
HOUSEHOLDS = PERSONS * 10 // 33


def block() -> tuple[Frame, Masks]:
    """A block of households and nine statements of its persons."""
    rng = np.random.default_rng(1)
    sizes = 1 + rng.poisson(2.3, HOUSEHOLDS)
    frame = Frame(sizes.astype(np.int64), {}, {})
    return frame, [rng.random(frame.length) < 0.1 for _ in range(9)]


def by_doubling(frame: Frame, masks: Masks) -> Masks:
    """As the engine does it."""
    return [found.true for found in any_members(frame, [Truth(mask) for mask in masks])]


def by_running_counts(frame: Frame, masks: Masks) -> Masks:
    """The difference of a running count between the bounds of a household."""
    found = []
    for mask in masks:
        total = np.zeros(frame.length + 1, np.int32)
        np.cumsum(mask, out=total[1:])
        running = total[frame.bounds]
        found.append(running[1:] != running[:-1])
    return found


def by_packed_words(frame: Frame, masks: Masks) -> Masks:
    """One word a person, one segmented OR for all statements."""
    word = np.zeros(frame.length, np.uint16)
    for j, mask in enumerate(masks):
        word |= mask.astype(np.uint16) << np.uint16(j)
    folded = np.bitwise_or.reduceat(word, frame.starts)
    return [(folded & np.uint16(1 << j)) != 0 for j in range(len(masks))]


def by_rows_of_the_few(frame: Frame, masks: Masks) -> Masks:
    """The household of each person of whom a statement is true."""
    household = np.repeat(np.arange(len(frame.sizes)), frame.sizes)
    found = []
    for mask in masks:
        own = np.zeros(len(frame.sizes), np.bool_)
        own[household[np.flatnonzero(mask)]] = True
        found.append(own)
    return found


def by_numba(frame: Frame, masks: Masks) -> Masks:
    """One compiled loop over packed words; loading it from numba's cache takes 0.3 s of a process, once."""
    folded = _compiled()(_packed(masks), frame.bounds)
    return [(folded & np.uint16(1 << j)) != 0 for j in range(len(masks))]


def _packed(masks: Masks) -> NDArray[np.uint16]:
    word = np.zeros(len(masks[0]), np.uint16)
    for j, mask in enumerate(masks):
        word |= mask.astype(np.uint16) << np.uint16(j)
    return word


_kernel: list[Callable[..., NDArray[np.uint16]]] = []


def _compiled() -> Callable[..., NDArray[np.uint16]]:
    if not _kernel:
        import numba

        @numba.njit(nogil=True)  # type: ignore[untyped-decorator]
        def fold(word: NDArray[np.uint16], bounds: NDArray[np.int64]) -> NDArray[np.uint16]:
            found = np.zeros(len(bounds) - 1, np.uint16)
            for i in range(len(found)):
                own = np.uint16(0)
                for row in range(bounds[i], bounds[i + 1]):
                    own |= word[row]
                found[i] = own
            return found

        _kernel.append(fold)
    return _kernel[0]


@pytest.mark.benchmark(group="nine times ANY over a block")
@pytest.mark.parametrize("fold", [by_doubling, by_running_counts, by_packed_words, by_rows_of_the_few, by_numba])
def test_bench_any(benchmark: BenchmarkFixture, fold: Callable[[Frame, Masks], Masks]) -> None:
    frame, masks = block()
    expected = [np.logical_or.reduceat(mask, frame.starts) for mask in masks]
    assert all(np.array_equal(a, b) for a, b in zip(fold(frame, masks), expected, strict=True))
    benchmark(fold, frame, masks)


Judging = Callable[[Plan, Frame], Judged]


def by_numpy(plan: Plan, frame: Frame) -> Judged:
    """Columns of variables, verdicts by whole columns."""
    compute(plan, frame)
    return judge(plan, frame, "household")


def by_kernels(plan: Plan, frame: Frame) -> Judged:
    """The compiled interpreter, one call for the persons and one for the households."""
    return _judge(plan).judged(frame)


_judges: dict[int, Judge] = {}  # of a plan, so that its program is compiled once


def _judge(plan: Plan) -> Judge:
    if id(plan) not in _judges:
        _judges[id(plan)] = Judge(plan, kernel())
    return _judges[id(plan)]


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Frame]:
    """The benchmark's measure, and a block of its census."""
    folder = tmp_path_factory.mktemp("census")
    write_census(Census(PERSONS), folder)
    here = Path(__file__).parent / "census"
    opened = open_survey(mpi.load_survey(here / "survey.yaml"), folder)
    plan = prepared(opened, mpi.load_measure(here / "measure.yaml")).plan
    return plan, blocks(opened, plan.needs, lambda frame: frame)[0]


@pytest.mark.benchmark(group="verdicts of a block")
@pytest.mark.parametrize("judging", [by_numpy, by_kernels])
def test_bench_verdicts(benchmark: BenchmarkFixture, judging: Judging, census: tuple[Plan, Frame]) -> None:
    plan, whole = census

    def fresh() -> Frame:
        return Frame(whole.sizes, dict(whole.persons), dict(whole.households))

    expected, found = by_numpy(plan, fresh()), judging(plan, fresh())
    assert np.array_equal(found.pattern, expected.pattern) and np.array_equal(found.unknown, expected.unknown)
    benchmark(lambda: judging(plan, fresh()))


@pytest.mark.benchmark(group="units of a block added up")
def test_bench_tally(benchmark: BenchmarkFixture) -> None:
    rng = np.random.default_rng(2)
    ones = np.ones(HOUSEHOLDS, np.int64)
    codes = np.sort(rng.integers(0, 30, HOUSEHOLDS))
    municipality = Text(codes, tuple(f"{i:05d}" for i in range(30)))
    pattern = (rng.integers(0, 2**15, HOUSEHOLDS) & rng.integers(0, 2**15, HOUSEHOLDS)).astype(np.uint64)
    persons = rng.integers(1, 8, HOUSEHOLDS)
    units = Units(
        domains=(("municipality", "household", municipality),),
        stratum=None,
        psu=None,
        pattern=pattern,
        unknown=np.zeros_like(pattern),
        persons=persons,
        households=ones,
        person_weight=persons.astype(np.float64),
        household_weight=ones.astype(np.float64),
    )

    def run() -> Tally:
        tally = Tally(Declared(census=True, weighted=False))
        tally.add(units)
        return tally

    assert run().finished().cells.persons.sum() == persons.sum()
    benchmark(run)


@pytest.mark.benchmark(group="keys of a block found in a table of a million")
@pytest.mark.parametrize("order", ["as they lie", "in no order"])
def test_bench_keys(benchmark: BenchmarkFixture, order: str) -> None:
    rng = np.random.default_rng(3)
    table = rng.permutation(1_000_000)
    keys = np.repeat(rng.permutation(1_000_000)[:HOUSEHOLDS], 3)
    found, repeated = index([Number(table)])
    wanted = [Number(np.sort(keys) if order == "as they lie" else rng.permutation(keys))]
    assert not repeated
    assert np.array_equal(table[found.find(wanted)], wanted[0].values)
    benchmark(found.find, wanted)


@pytest.mark.benchmark(group="the order of 131,072 codes")
@pytest.mark.parametrize("how", ["packed", "argsort"])
def test_bench_order(benchmark: BenchmarkFixture, how: str) -> None:
    codes = np.random.default_rng(4).integers(0, 2**24, PERSONS)
    sort: Callable[..., NDArray[np.int64]] = stable_order if how == "packed" else np.argsort
    options = {} if how == "packed" else {"kind": "stable"}
    assert (np.diff(codes[sort(codes, **options)]) >= 0).all()
    benchmark(sort, codes, **options)


@pytest.mark.benchmark(group="distinct patterns of 131,072")
@pytest.mark.parametrize("how", ["table", "unique"])
def test_bench_distinct(benchmark: BenchmarkFixture, how: str) -> None:
    codes = np.random.default_rng(5).integers(0, 2**15, PERSONS)

    def unique() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        found, which = np.unique(codes, return_inverse=True)
        return found, which

    for a, b in zip(distinct(codes), unique(), strict=True):
        assert np.array_equal(a, b)
    benchmark(unique if how == "unique" else lambda: distinct(codes))
