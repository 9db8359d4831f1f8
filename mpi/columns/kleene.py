"""Three-valued logic on `Truth` columns: what is unknown stays unknown unless the answer does not depend on it.

Operands broadcast like numpy arrays.

References
----------
Kleene (1952), Introduction to Metamathematics, section 64: the strong tables.
"""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Mask, Truth, Values, both_known, where_known


def as_truth(values: Values) -> Truth:
    """A column as truth values; where no value is known, and so there is no type either, it is unknown.

    Raises
    ------
    TypeError
        If the column holds known numbers or texts.
    """
    if isinstance(values, Truth):
        return values
    if len(values) and (values.known is None or values.known.any()):
        raise TypeError("a condition was expected, not a number or a text")
    return Truth(np.zeros(len(values), np.bool_), np.zeros(len(values), np.bool_))


def false(a: Truth) -> Mask:
    """Where the condition is known to be false."""
    return ~a.true if a.known is None else a.known ^ a.true  # what is true is known


def not_(a: Truth) -> Truth:
    """The negation: unknown stays unknown."""
    return Truth(false(a), a.known)


def and_(a: Truth, b: Truth) -> Truth:
    """True if both are, false if one is false, else unknown."""
    true = a.true & b.true
    if a.known is None and b.known is None:
        return Truth(true)
    return Truth(true, true | false(a) | false(b))


def or_(a: Truth, b: Truth) -> Truth:
    """True if one is, false if both are, else unknown."""
    true = a.true | b.true
    if a.known is None and b.known is None:
        return Truth(true)
    return Truth(true, true | (false(a) & false(b)))


def choose(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """`then` where the condition is true, `otherwise` where it is false.

    Where the condition is unknown the answer is known only if both branches agree.
    """
    if condition.known is None:
        known = None
        if then.known is not None or otherwise.known is not None:
            known = np.where(condition.true, where_known(then), where_known(otherwise))
        return Truth(np.where(condition.true, then.true, otherwise.true), known)
    no = false(condition)
    true = (condition.true & then.true) | (no & otherwise.true) | (then.true & otherwise.true)
    then_false, otherwise_false = false(then), false(otherwise)
    false_ = (condition.true & then_false) | (no & otherwise_false) | (then_false & otherwise_false)
    return Truth(true, true | false_)


def truth(values: Mask, *operands: Mask | None) -> Truth:
    """A condition that is known where all its operands are.

    Parameters
    ----------
    values : bool, shape (n,)
        The answer where all operands are known.
    *operands : bool, shape (n,), or None
        What is known of each operand.
    """
    known: Mask | None = None
    for operand in operands:
        known = both_known(known, operand)
    return Truth(values if known is None else values & known, known)
