"""Columns from Python values, None where unknown, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Number, Text, Truth, Values, where_known


def number(*values: float | None, kind: Any = None) -> Number:
    data = np.array([0 if value is None else value for value in values], kind)
    return Number(data if len(data) else data.astype(np.int64), known_of(values))


def truth(*values: bool | None) -> Truth:
    return Truth(np.array([value is True for value in values], np.bool_), known_of(values))


def text(*values: str | None) -> Text:
    labels = tuple(sorted({value for value in values if value is not None}))
    codes = np.array([0 if value is None else labels.index(value) for value in values], np.int64)
    return Text(codes, labels, known_of(values))


def known_of(values: tuple[Any, ...]) -> NDArray[np.bool_] | None:
    """Which values are known; None: all."""
    known = np.array([value is not None for value in values], np.bool_)
    return None if known.all() else known


def listed(values: Values) -> list[Any]:
    match values:
        case Number():
            found: list[Any] = values.values.tolist()
        case Truth():
            found = values.true.tolist()
        case Text():
            assert len(set(values.labels)) == len(values.labels)
            found = [values.labels[code] if values.labels else None for code in values.codes.tolist()]
    return [value if sure else None for value, sure in zip(found, where_known(values).tolist(), strict=True)]
