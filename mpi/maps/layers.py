"""Layers of a map: one statistic of all areas at every cutoff, with its intervals, its standing and its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns import arrow
from mpi.columns.values import Mask, Number, Text
from mpi.disclosure.publishable import STANDINGS, Publishable
from mpi.drawing.classes import breaks_for, class_of
from mpi.errors import Fault, UsageError, listed, phrase
from mpi.vocabulary.options import Scheme
from mpi.vocabulary.statistics import DEFINITIONS, LAYERS, Form
from mpi.vocabulary.wording import form_of

NO_DATA = -1  # of `standing`: no row of the figures is about the area


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One statistic of n areas at c cutoffs.

    Attributes
    ----------
    name : str
        The statistic, or the statistic and the indicator as `statistic:indicator`.
    form : {"percent", "index", "number"}
    cutoffs : tuple of str
        Exact texts, in the order of the study; one empty text if the statistic does not depend on k.
    estimate, ci_low, ci_high : float64, shape (c, n)
        NaN where there is none; proportions, not percentages.
    standing : int64, shape (c, n)
        Place in `mpi.disclosure.publishable.STANDINGS`, or NO_DATA.
    units : float64, shape (n,)
        Unweighted units behind the figures; NaN where hidden.
    scheme : str
        How the breaks were made.
    breaks : float64, shape (classes + 1,)
        In the unit of the estimates. The first class is closed, the others hold lower < x <= upper. The same at
        all cutoffs.
    """

    name: str
    statistic: str
    dimension: str | None
    indicator: str | None
    form: Form
    cutoffs: tuple[str, ...]
    estimate: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    standing: NDArray[np.int64]
    units: NDArray[np.float64]
    scheme: Scheme
    breaks: NDArray[np.float64]

    @property
    def drawn(self) -> bool:
        """Whether any area has a number at any cutoff."""
        return bool(np.isfinite(self.estimate).any())


def layers_of(
    figures: Publishable,
    domain: str | None,
    codes: Sequence[str],
    *,
    unit: str,
    period: str,
    measure: str | None = None,
    statistics: Sequence[str] = LAYERS,
    scheme: Scheme = "fixed",
    classes: int = 5,
    breaks: Mapping[str, Sequence[float]] | None = None,
) -> tuple[Layer, ...]:
    """The layers of a map: each statistic, of each indicator where it has some, at all cutoffs of the figures.

    Parameters
    ----------
    figures : Publishable
    domain : str or None
        None: the total, as a single area with any code.
    codes : sequence of str, length n
        Of the areas; rows with other codes are left out.
    unit, period, measure : str
        Of the rows; the measure may be left out where there is one only.
    statistics : sequence of str
        In the order of the layers; one without any row gets no layer.
    scheme, classes, breaks
        See `breaks_for`.

    Raises
    ------
    UsageError
        If the figures have no such domain, or several measures.
    """
    columns = _Columns.of(figures, domain, codes, {"unit": unit, "period": period, "measure": measure})
    made = []
    for statistic in statistics:
        for indicator in columns.indicators(statistic):
            rows = columns.of_layer(statistic, indicator)
            form = form_of(statistic)
            values = columns.spread("estimate", rows)
            how, ends = breaks_for(values, statistic, form, scheme=scheme, classes=classes, stated=breaks)
            dimension = _labels(columns.texts["dimension"], rows)
            made.append(
                Layer(
                    name=statistic if indicator is None else f"{statistic}:{indicator}",
                    statistic=statistic,
                    dimension=dimension[0] if dimension else None,
                    indicator=indicator,
                    form=form,
                    cutoffs=columns.cutoffs(rows),
                    estimate=values,
                    ci_low=columns.spread("ci_low", rows),
                    ci_high=columns.spread("ci_high", rows),
                    standing=columns.spread("standing", rows).astype(np.int64),
                    units=columns.spread("n", rows)[0],
                    scheme=how,
                    breaks=ends,
                )
            )
    return tuple(made)


def reclassed(
    layer: Layer, scheme: Scheme, *, classes: int = 5, breaks: Mapping[str, Sequence[float]] | None = None
) -> Layer:
    """A layer with the classes of another scheme; stated breaks are those of the scheme `fixed` alone."""
    stated = breaks if scheme == "fixed" else None
    how, ends = breaks_for(layer.estimate, layer.statistic, layer.form, scheme=scheme, classes=classes, stated=stated)
    return replace(layer, scheme=how, breaks=ends)


def classes_of(layer: Layer) -> NDArray[np.int64]:
    """The class of every area at every cutoff, from 0; -1 where nothing is shown; int64, shape (c, n)."""
    return class_of(layer.estimate, layer.breaks)


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """The rows of a domain, as arrays; r rows, in the order of the figures."""

    texts: Mapping[str, Text]
    numbers: Mapping[str, NDArray[np.float64]]
    area: NDArray[np.int64]
    areas: int

    @classmethod
    def of(
        cls, figures: Publishable, domain: str | None, codes: Sequence[str], asked: Mapping[str, str | None]
    ) -> _Columns:
        if domain is not None and domain not in figures.domains:
            there = (
                phrase("there are {names}", names=listed(figures.domains, 20))
                if figures.domains
                else phrase("estimate by it: by=...")
            )
            raise UsageError(Fault("MPI-G021", None, f"the figures have no domain {domain!r}", there))
        keep = np.ones(len(figures), np.bool_)
        for name in figures.domains:
            known = _known(_text(figures, name))
            keep &= known if name == domain else ~known
        for name, value in asked.items():
            keep &= True if value is None else _equal(_text(figures, name), value)
        area = np.zeros(len(figures), np.int64)
        if domain is not None:
            place = {code: i for i, code in enumerate(codes)}
            own = _text(figures, domain)
            area = np.array([place.get(label, -1) for label in own.labels] or [-1], np.int64)[own.codes]
        rows = np.flatnonzero(keep & (area >= 0))
        chosen = figures.take(rows)
        standing = _text(chosen, "standing")
        places = np.array([STANDINGS.index(label) for label in standing.labels] or [NO_DATA], np.float64)
        found = cls(
            {name: _text(chosen, name) for name in ("statistic", "dimension", "indicator", "k", "measure")},
            {name: _number(chosen, name) for name in ("estimate", "ci_low", "ci_high", "n")}
            | {"standing": places[standing.codes]},
            area[rows],
            len(codes),
        )
        several = _labels(found.texts["measure"], np.ones(len(rows), np.bool_))
        if len(several) > 1:
            text = f"the figures have {len(several)} measures, and a map shows one"
            raise UsageError(Fault("MPI-G021", None, text, f"choose one of {listed(several)}"))
        return found

    def indicators(self, statistic: str) -> list[str | None]:
        """The indicators that a statistic is told of; one None if it is of no indicator."""
        rows = _equal(self.texts["statistic"], statistic)
        if "whole" not in DEFINITIONS[statistic].of:
            return list(_labels(self.texts["indicator"], rows))
        return [None] if rows.any() else []

    def of_layer(self, statistic: str, indicator: str | None) -> Mask:
        """Which rows a layer is made of; bool, shape (r,)."""
        rows = _equal(self.texts["statistic"], statistic)
        if indicator is not None:
            return rows & _equal(self.texts["indicator"], indicator)
        return rows & ~_known(self.texts["indicator"]) & ~_known(self.texts["dimension"])

    def cutoffs(self, rows: Mask) -> tuple[str, ...]:
        """Exact texts of the cutoffs of some rows; one empty text if they have none."""
        return _labels(self.texts["k"], rows) or ("",)

    def spread(self, name: str, rows: Mask) -> NDArray[np.float64]:
        """A column of numbers over cutoffs and areas; float64, shape (c, n), NaN (standing: NO_DATA) without a row."""
        cutoffs, k = self.cutoffs(rows), self.texts["k"]
        made = np.full((len(cutoffs), self.areas), NO_DATA if name == "standing" else np.nan, np.float64)
        for i, cutoff in enumerate(cutoffs):
            at = np.flatnonzero(rows & (_equal(k, cutoff) if cutoff else ~_known(k)))
            made[i, self.area[at]] = self.numbers[name][at]
        return made


def _text(figures: Publishable, name: str) -> Text:
    values = arrow.values_of(figures.table.column(name))
    if isinstance(values, Text):
        return values
    return Text(np.zeros(len(values), np.int64), (), np.zeros(len(values), np.bool_))  # a column of nulls


def _number(figures: Publishable, name: str) -> NDArray[np.float64]:
    values = arrow.values_of(figures.table.column(name))
    assert isinstance(values, Number)  # noqa: S101  the column is made by us
    return np.where(_known(values), values.values.astype(np.float64), np.nan)


def _known(values: Text | Number) -> Mask:
    return np.ones(len(values), np.bool_) if values.known is None else values.known.copy()


def _equal(texts: Text, label: str) -> Mask:
    if label not in texts.labels:
        return np.zeros(len(texts), np.bool_)
    equal: Mask = _known(texts) & (texts.codes == texts.labels.index(label))
    return equal


def _labels(texts: Text, rows: Mask) -> tuple[str, ...]:
    """The labels that some rows have, in the order in which they come first."""
    codes = texts.codes[rows & _known(texts)]
    seen, first = np.unique(codes, return_index=True)
    return tuple(texts.labels[code] for code in seen[np.argsort(first)].tolist())
