"""Verdicts by the kernels against those of numpy, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mpi.columns import kleene
from mpi.columns.stored import Stored
from mpi.columns.values import Number, Truth, Values
from mpi.kernels import Asked, Compiler, Runner, Unfit, Verdict
from mpi.kernels.codes import CHUNK
from mpi.rules import Expression, Frame, Overflow, evaluate
from mpi.rules.syntax import Arithmetic, Call, Comparison, Literal, Name
from tests.support.kernels import kernel
from tests.support.loops import at_least_one
from tests.support.ruled import block, truths


class Overflowed(Exception):
    """A part that numpy computes leaves the range of numbers."""


def reference(one: Verdict, frame: Frame) -> Truth | None:
    """The verdict as numpy gives it; None if a number leaves its range."""
    met: list[Overflow] = []
    verdict = kleene.as_truth(evaluate(one.deprived, frame, "household", one.eligible, met))
    if one.anyone is not None:
        someone = kleene.as_truth(evaluate(one.anyone, frame, "household", None, met))
        unknown = np.zeros(len(verdict), np.bool_) if one.nobody == "unknown" else None
        verdict = kleene.choose(someone, verdict, Truth(np.full(len(verdict), one.nobody == "deprived"), unknown))
    return None if met else verdict


def fetching(frame: Frame):  # type: ignore[no-untyped-def]
    def fetch(asked: Asked) -> Values:
        met: list[Overflow] = []
        values = evaluate(asked.expression, frame, asked.level, asked.eligible, met)
        if met:
            raise Overflowed
        return values

    return fetch


def stored(values: Values, first: int) -> Values | Stored:
    """Whole numbers as Arrow may hold them: from some bit on, and the largest number where unknown."""
    if not isinstance(values, Number) or values.values.dtype.kind != "i":
        return values
    if values.known is None:
        return Stored(values.values)
    bits = np.packbits(np.append(np.ones(first, np.bool_), values.known), bitorder="little")
    return Stored(np.where(values.known, values.values, np.iinfo(values.values.dtype).max), bits, first)


def compiled(verdicts: list[Verdict], frame: Frame) -> Runner:
    def level_of(name: str):  # type: ignore[no-untyped-def]
        return "household" if name in frame.households else "person"

    compiler = Compiler(definitions={}, level_of=level_of, fetch=fetching(frame), partly=set())
    return Runner(kernel(), compiler.program(verdicts))


def verdict_of(deprived: Expression, eligible: Expression | None, nobody: str | None) -> Verdict:
    return Verdict(deprived, eligible, None if eligible is None else Call("ANY", (eligible,)), nobody)


verdicts = st.builds(
    verdict_of,
    truths("household", 4),
    st.none() | truths("person", 2),
    st.sampled_from(["deprived", "not_deprived", "unknown", None]),
)
MANY = Comparison("<", Call("MEAN", (Name("persons.int8?"),)), Literal(2))
DIVIDED = Comparison(">=", Arithmetic("/", Call("COUNT", ()), Name("households.int8?")), Literal(3))


@given(
    st.lists(verdicts, min_size=1, max_size=4),
    st.integers(0, 2**32),
    st.sampled_from([1, 7, 600, CHUNK, CHUNK + 1]),
    st.sampled_from([1, 4, 255]),
    st.sampled_from([0.0, 0.2, 1.0]),
)
@example([verdict_of(MANY, Comparison(">", Name("persons.int8"), Literal(1)), "deprived")], 1, 3 * CHUNK, 4, 0.2)
@example([verdict_of(DIVIDED, None, None)] * 64, 2, 2 * CHUNK, 4, 0.2)
def test_verdicts_are_those_of_numpy(
    some: list[Verdict], seed: int, households: int, most: int, unknown: float
) -> None:
    frame = block(seed, min(households, 60_000 // most), most, unknown)
    expected = [reference(one, frame) for one in some]
    frame.met = {}  # what was computed with numbers out of range is not told again
    try:
        runner = compiled(some, frame)
        found = runner.words(frame.sizes, fetching(frame))
    except Overflowed:
        assert None in expected
        return
    assert (found is None) == (None in expected)
    if found is None:
        return
    by_bits = runner.words(frame.sizes, lambda asked: stored(fetching(frame)(asked), seed % 19))
    np.testing.assert_equal(by_bits, found)
    pattern, unknown_ = found
    for j, verdict in enumerate(expected):
        bit = np.uint64(1 << j)
        np.testing.assert_array_equal((pattern & bit) != 0, verdict.true)
        open_ = np.zeros(len(verdict), np.bool_) if verdict.known is None else ~verdict.known
        np.testing.assert_array_equal(open_, False if unknown_ is None else (unknown_ & bit) != 0)


def test_many_conditions_take_several_words() -> None:
    """More than 64 bits of persons, and more than eight numbers of them, in each household."""
    frame = block(3, 3000, 4, 0.1)
    some = []
    for i in range(-32, 32):
        old = Comparison(">", Name("persons.int8?"), Literal(i))
        often = Comparison(
            ">", Call("COUNT_IF", (old,)), Call("COUNT_IF", (Comparison("=", Name("persons.int16"), Literal(i)),))
        )
        some.append(verdict_of(Call("ANY", (old,)) if i % 2 else often, None, None))
    runner = compiled(some, frame)
    assert len(runner.program.joined) > 1 and runner.program.counts > 1
    words = runner.words(frame.sizes, fetching(frame))
    assert words is not None and words[1] is not None
    for j, one in enumerate(at_least_one(some)):
        verdict = reference(one, frame)
        assert verdict is not None and verdict.known is not None
        np.testing.assert_array_equal((words[0] >> np.uint64(j)) & np.uint64(1), verdict.true)
        np.testing.assert_array_equal((words[1] >> np.uint64(j)) & np.uint64(1), ~verdict.known)


def test_a_program_refuses_columns_of_another_type_and_unknowns_that_it_did_not_see() -> None:
    frame = block(4, 50, 4, 0.5)
    runner = compiled(
        [verdict_of(Call("ANY", (Comparison(">", Name("persons.int8"), Literal(1)),)), None, None)], frame
    )
    frame.persons["persons.int8"] = Number(frame.persons["persons.int8"].values.astype(np.int16))  # type: ignore[union-attr]
    frame.met = {}
    with pytest.raises(Unfit):
        runner.words(frame.sizes, fetching(frame))
    frame.persons["persons.int8"], frame.met = frame.persons["persons.int8?"], {}
    with pytest.raises(Unfit):
        runner.words(frame.sizes, fetching(frame))


def test_numbers_that_become_infinite_are_noticed() -> None:
    frame = block(5, 3000, 4, 0.0)
    huge = Arithmetic("*", Name("households.float"), Literal(1e300))
    assert (
        compiled([verdict_of(Comparison(">", huge, Literal(1)), None, None)], frame).words(frame.sizes, fetching(frame))
        is None
    )


def test_what_is_shared_is_computed_once() -> None:
    frame = block(6, 10, 4, 0.0)
    old = Comparison(">", Name("persons.int8"), Literal(1))
    once, twice = (
        compiled([verdict_of(Call("ANY", (old,)), None, None)] * n, frame).program.persons.program for n in (1, 2)
    )
    assert len(once) == len(twice)
