"""Axioms of three-valued logic, among them that knowing more never turns a known answer round."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mpi.columns import kleene
from mpi.columns.values import Number, Text, Truth

Logical = bool | None
VALUES: tuple[Logical, ...] = (False, None, True)


def truth(*values: Logical) -> Truth:
    known = np.array([value is not None for value in values], np.bool_)
    return Truth(np.array([value is True for value in values], np.bool_), None if known.all() else known)


def listed(a: Truth) -> list[Logical]:
    known = [True] * len(a) if a.known is None else a.known.tolist()
    assert not (a.true & ~np.array(known, np.bool_)).any(), "nothing is true that is not known"
    return [value if sure else None for value, sure in zip(a.true.tolist(), known, strict=True)]


logical = st.sampled_from(VALUES)
pairs = st.lists(st.tuples(logical, logical), max_size=6)
triples = st.lists(st.tuples(logical, logical, logical), max_size=6)


def columns(rows: list[tuple[Logical, ...]], n: int) -> list[Truth]:
    return [truth(*(row[i] for row in rows)) for i in range(n)]


def test_the_strong_tables_of_kleene() -> None:
    rank = {False: 0, None: 1, True: 2}
    for a, b in itertools.product(VALUES, VALUES):
        assert listed(kleene.and_(truth(a), truth(b))) == [min(a, b, key=rank.__getitem__)]
        assert listed(kleene.or_(truth(a), truth(b))) == [max(a, b, key=rank.__getitem__)]
    assert [listed(kleene.not_(truth(a))) for a in VALUES] == [[True], [None], [False]]


@given(pairs)
def test_de_morgan(rows: list[tuple[Logical, Logical]]) -> None:
    a, b = columns(rows, 2)
    assert listed(kleene.not_(kleene.and_(a, b))) == listed(kleene.or_(kleene.not_(a), kleene.not_(b)))
    assert listed(kleene.not_(kleene.or_(a, b))) == listed(kleene.and_(kleene.not_(a), kleene.not_(b)))


@given(triples)
def test_and_and_or_commute_associate_and_distribute(rows: list[tuple[Logical, Logical, Logical]]) -> None:
    a, b, c = columns(rows, 3)
    for one, other in ((kleene.and_, kleene.or_), (kleene.or_, kleene.and_)):
        assert listed(one(a, b)) == listed(one(b, a))
        assert listed(one(a, one(b, c))) == listed(one(one(a, b), c))
        assert listed(one(a, other(b, c))) == listed(other(one(a, b), one(a, c)))
        assert listed(one(a, a)) == listed(a)
        assert listed(one(a, other(a, b))) == listed(a)


OPERATIONS: list[tuple[int, Callable[..., Truth]]] = [
    (1, kleene.not_),
    (2, kleene.and_),
    (2, kleene.or_),
    (3, kleene.choose),
]


@pytest.mark.parametrize(("operands", "operation"), OPERATIONS, ids=lambda value: getattr(value, "__name__", ""))
def test_making_an_unknown_known_never_turns_a_known_answer(operands: int, operation: Callable[..., Truth]) -> None:
    checked = 0
    for row in itertools.product(VALUES, repeat=operands):
        before = listed(operation(*map(truth, row)))[0]
        completions = itertools.product(*([False, True] if value is None else [value] for value in row))
        after = {listed(operation(*map(truth, completion)))[0] for completion in completions}
        assert None not in after
        assert before in (after | {None} if len(after) == 1 else {None})
        if before is not None:
            assert after == {before}
        checked += 1
    assert checked == 3**operands


@given(triples)
def test_choose_takes_the_branch_and_where_it_is_unknown_what_both_say(
    rows: list[tuple[Logical, Logical, Logical]],
) -> None:
    condition, then, otherwise = columns(rows, 3)
    expected = [a if c is True else b if c is False else a if a == b else None for c, a, b in rows]
    assert listed(kleene.choose(condition, then, otherwise)) == expected


def test_choose_of_known_columns_is_known_without_a_mask() -> None:
    assert kleene.choose(truth(True, False), truth(True, True), truth(False, False)).known is None


def test_a_statement_is_known_where_its_operands_are() -> None:
    values, a, b = np.array([True, True, False]), np.array([True, False, True]), np.array([True, True, True])
    assert listed(kleene.truth(values, a, None, b)) == [True, None, False]
    assert listed(kleene.truth(values)) == [True, True, False]


def test_false_is_known_and_not_true() -> None:
    assert kleene.false(truth(*VALUES)).tolist() == [True, False, False]
    assert kleene.false(truth(True, False)).tolist() == [False, True]


def test_a_constant_of_one_row_meets_a_column() -> None:
    column = truth(*VALUES)
    assert listed(kleene.and_(column, truth(True))) == list(VALUES)
    assert listed(kleene.or_(truth(False), column)) == list(VALUES)


def test_a_column_without_a_known_value_is_an_unknown_statement() -> None:
    unknown = np.zeros(2, np.bool_)
    assert listed(kleene.as_truth(Number(np.zeros(2, np.int64), unknown))) == [None, None]
    assert listed(kleene.as_truth(Text(np.zeros(2, np.int64), (), unknown))) == [None, None]
    assert listed(kleene.as_truth(Number(np.zeros(0, np.int64)))) == []
    column = truth(True, None)
    assert kleene.as_truth(column) is column


@pytest.mark.parametrize("known", [None, np.array([False, True])])
def test_a_known_number_is_no_statement(known: np.ndarray | None) -> None:
    with pytest.raises(TypeError, match="a condition was expected"):
        kleene.as_truth(Number(np.array([0, 1]), known))
