"""Figures of any origin in one form: what each is about, its exact value, and how it was rounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

HALF = Decimal("0.5")
SHARED = ("period", "unit", "k")  # what a table may leave unsaid, since all of it shares it


class Key(NamedTuple):
    """What a figure is about; a figure of an indicator names no dimension, one of all units no domain."""

    period: str | None
    unit: str | None
    k: str | None
    statistic: str
    dimension: str | None
    indicator: str | None
    domains: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """In one line, for a message."""
        named = (*(f"{name}={code}" for name, code in self.domains), self.indicator or self.dimension)
        return ", ".join(filter(None, (self.statistic, self.period, self.unit, *named)))

    def told(self, field: str, word: str) -> Key:
        """The same figure with a period, a unit or a cutoff."""
        if field == "period":
            return self._replace(period=word)
        return self._replace(unit=word) if field == "unit" else self._replace(k=word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure.

    Attributes
    ----------
    value, se, low, high : Decimal or None
        A proportion, an index or a number of units; None where there is no number.
    population, n : Decimal or None
        Weighted and unweighted units of its domain.
    half : Decimal
        Half a unit of its last digit: how far the number before rounding may lie away.
    """

    value: Decimal | None
    se: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    population: Decimal | None = None
    n: Decimal | None = None
    half: Decimal = Decimal(0)


Entries = Mapping[Key, Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a table.

    Attributes
    ----------
    name : str
        Of the file.
    domains : tuple of str
    left_out : int
        Rows that its mapping does not read.
    factors : mapping of str to Decimal
    decimals : mapping of str to int
        By statistic, how numbers are published; those of results are what they are.
    """

    name: str
    entries: Entries
    domains: tuple[str, ...]
    left_out: int = 0
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)


def met(keys: Iterable[Key], field: str) -> list[str]:
    """The words of a field, each once, in their order."""
    return list(dict.fromkeys(word for key in keys if (word := getattr(key, field)) is not None))
