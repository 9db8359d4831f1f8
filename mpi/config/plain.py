"""Python's mappings, lists and numbers as nodes, so that a caller's dict and a file go through the same readers.

The place of a node is how the caller would reach it: `measure["dimensions"]["health"]`. Numbers keep what they are: a
float has a binary value that nobody wrote, so that it is refused unless it is whole.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Real
from os import PathLike, fspath
from typing import SupportsFloat

from mpi.config.composing import MAX_DEPTH
from mpi.config.nodes import Node, Pairs
from mpi.errors import Faults, Place
from mpi.language import phrase

NEAREST = 1000  # denominators that a remedy proposes for a float
SHORT = 8  # characters of a decimal number that somebody wrote


def plain_node(value: object, name: str, faults: Faults | None = None) -> Node:
    """The root node of plain values.

    Parameters
    ----------
    value : object
        Mappings, lists, tuples, texts, whole numbers, fractions, decimals, True, False and None.
    name : str
        What the caller calls it: `measure`.
    faults : Faults, optional
        Where what is no such value is reported; it is raised here if left out.

    Raises
    ------
    ConfigError
        With every value that is none of these, or a float.

    Examples
    --------
    >>> from fractions import Fraction
    >>> node = plain_node({"k": Fraction(1, 3)}, "measure")
    >>> [(key, value.content, str(value.place)) for key, _, value in node.pairs("measure")]
    [('k', '1/3', 'measure["k"]')]
    """
    found = Faults() if faults is None else faults
    root = _node(value, name, found, 0)
    if faults is None:
        found.refuse()
    return root


def child(place: str, key: object) -> str:
    """How a caller reaches a value of a mapping or list.

    Examples
    --------
    >>> child("measure", "year"), child("measure", 2)
    ('measure["year"]', 'measure[2]')
    """
    return f"{place}[{json.dumps(key, ensure_ascii=False) if isinstance(key, str) else repr(key)}]"


def scalar(text: str, place: str, faults: Faults) -> Node:
    """A text that a caller gave, or left to a default."""
    at = Place(place)
    return Node(content=text, place=at, end=at, style='"', faults=faults)


def mapping(pairs: Pairs, place: str, faults: Faults) -> Node:
    """A mapping of nodes."""
    at = Place(place)
    return Node(content=pairs, place=at, end=at, style="", faults=faults)


def _node(value: object, place: str, faults: Faults, depth: int) -> Node:
    at = Place(place)
    if depth > MAX_DEPTH:
        text = phrase("nested more than {most} levels deep", most=MAX_DEPTH)
        faults.add("MPI-C002", at, text, phrase("reduce the nesting: no key of a config needs so many levels"))
        return scalar("", place, faults)
    if isinstance(value, Mapping):
        pairs = Pairs(
            (_key(key, child(place, key), faults), _node(item, child(place, key), faults, depth + 1))
            for key, item in value.items()
        )
        return mapping(pairs, place, faults)
    if isinstance(value, list | tuple):
        items = [_node(item, child(place, number), faults, depth + 1) for number, item in enumerate(value)]
        return Node(content=items, place=at, end=at, style="", faults=faults)
    if value is None:
        return Node(content="", place=at, end=at, style="", faults=faults)
    return scalar(_written(value, at, faults), place, faults)


def _key(key: object, place: str, faults: Faults) -> Node:
    return scalar(_written(key, Place(place), faults), place, faults)


def _written(value: object, at: Place, faults: Faults) -> str:
    """A value as a file has it."""
    match value:
        case str():
            return str(value)
        case _ if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):  # numpy's, too
            return "true" if value else "false"
        case Integral() | Fraction():
            return str(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case PathLike():
            return str(fspath(value))
        case Real() if math.isfinite(float(value)):
            return _of_float(value, at, faults)
    text = phrase("a {kind} is no value of a config", kind=type(value).__name__)
    faults.add("MPI-C005", at, text, phrase("write texts, whole numbers, fractions, True, False, lists and mappings"))
    return ""


def _of_float(value: SupportsFloat, at: Place, faults: Faults) -> str:
    number = float(value)
    if number.is_integer():
        return str(int(number))
    near = Fraction(number).limit_denominator(NEAREST)
    exact = str(near) if float(near) == number and len(repr(number)) > SHORT else repr(number)
    text = phrase("the float {number} is not exact", number=repr(number))
    faults.add("MPI-C007", at, text, phrase('write it as a text: "{exact}"', exact=exact))
    return exact
