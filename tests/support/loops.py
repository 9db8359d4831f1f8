"""Nothing is tested by a loop that never runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def at_least_one(rows: Iterable[T]) -> list[T]:
    """What asserts run over; without any, the test fails."""
    found = list(rows)
    assert found, "nothing to test"
    return found
