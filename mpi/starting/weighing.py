"""The weights of a table of indicators: which are wrong, which look rounded, and what they are in the measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mpi.errors import Faults, Place, listed
from mpi.language import phrase
from mpi.starting.shares import meant
from mpi.vocabulary.options import Taken

Cellwise = Mapping[int, Fraction]
ONE = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Exact weights by row.

    Attributes
    ----------
    indicators, dimensions : mapping of int to Fraction
        By the row of the indicator, and by the row that gives the weight of its dimension.
    whole : mapping of str to Fraction
        Weights of dimensions that another sheet gives.
    of : mapping of int to str
        The dimension of each row.
    address : callable
        The cell of a row's weight, of an indicator (False) or a dimension (True).
    sheet : Place
    """

    indicators: Cellwise
    dimensions: Cellwise
    of: Mapping[int, str]
    whole: Mapping[str, Fraction]
    address: Callable[[int, bool], str]
    sheet: Place
    faults: Faults = field(default_factory=Faults)

    def settled(self, taken: Taken) -> tuple[Cellwise, Cellwise]:
        """The weights of indicators and dimensions by row, as the user takes those that look rounded; adds faults."""
        exact = [self._meant_of_indicators(), self._meant(self.dimensions)]
        told = [
            (self.address(row, bool(which)), own[row], found[row])
            for which, (own, found) in enumerate(zip((self.indicators, self.dimensions), exact, strict=True))
            for row in own
            if own[row] != found[row]
        ]
        if told and taken == "ask":
            cells = [f"{cell} {_decimal(own)} = {new}?" for cell, own, new in told]
            text = phrase("these weights look rounded: {cells}", cells=listed(cells))
            remedy = phrase(
                "write the fractions into the cells, or add `--weights fractions` to take them, or `--weights "
                "written` to take the decimals as they are"
            )
            self.faults.add("MPI-C201", self.sheet, text, remedy)
            return self.indicators, self.dimensions
        found = (exact[0], exact[1]) if taken == "fractions" else (self.indicators, self.dimensions)
        self._check(*found)
        return found

    def _meant(self, own: Cellwise) -> Cellwise:
        found = meant([*own.values()]) if own else None
        return own if found is None else dict(zip(own, found, strict=True))

    def _meant_of_indicators(self) -> Cellwise:
        """Shares of the whole, or inside each dimension, whichever the sums are nearer to."""
        parts = self._parts(self.indicators)
        total = sum(self.indicators.values(), Fraction(0))
        if not parts or abs(total - 1) <= max(abs(sum(part.values(), -ONE)) for part in parts.values()):
            return self._meant(self.indicators)
        return {row: value for part in parts.values() for row, value in self._meant(part).items()}

    def _parts(self, own: Cellwise) -> dict[str, dict[int, Fraction]]:
        parts: dict[str, dict[int, Fraction]] = {}
        for row, value in own.items():
            parts.setdefault(self.of[row], {})[row] = value
        return parts

    def _check(self, indicators: Cellwise, dimensions: Cellwise) -> None:
        sums = {name: sum(part.values(), Fraction(0)) for name, part in self._parts(indicators).items()}
        whole = {**self.whole, **{self.of[row]: value for row, value in dimensions.items()}}
        remedy = phrase("write fractions that add up to 1, such as 1/6")
        if whole and sum(whole.values()) != 1:
            text = phrase("the weights of the dimensions add up to {total}, not 1", total=_said(whole.values()))
            self.faults.add("MPI-C201", self.sheet, text, remedy)
        elif whole:
            for name, total in sums.items():
                if total not in (ONE, whole.get(name, ONE)):
                    text = phrase(
                        "the weights of the indicators of {name!r} add up to {total}, neither 1 nor {weight}",
                        name=name,
                        total=_said([total]),
                        weight=whole.get(name, ONE),
                    )
                    self.faults.add("MPI-C201", self.sheet, text, remedy)
        elif sums and sum(sums.values()) != 1 and any(total != 1 for total in sums.values()):
            text = phrase("the weights of the indicators add up to {total}, not 1", total=_said(sums.values()))
            self.faults.add("MPI-C201", self.sheet, text, remedy)


def _decimal(value: Fraction) -> str:
    return f"{float(value):.10g}"


def _said(values: Iterable[Fraction]) -> str:
    total = sum(values, Fraction(0))
    return str(total) if total.denominator <= 1000 else _decimal(total)  # noqa: PLR2004  longer is shorter as decimal
