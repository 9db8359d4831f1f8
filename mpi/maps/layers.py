"""Layers of a map: one statistic of all areas at every cutoff, with its intervals, its standing and its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi import arrow
from mpi.maps.classes import class_breaks
from mpi.publishable import STANDINGS, Publishable
from mpi.study import Scheme
from mpi.values import Number, Text, Truth
from mpi.wording import Form, form_of

NO_DATA = -1  # of `standing`: no row of the figures is about the area
NULL = -1  # of a coded column


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One statistic of n areas at c cutoffs.

    Attributes
    ----------
    name : str
        `H`, `censored_headcount:asistencia`, ...: the statistic and the indicator or dimension.
    form : {"percent", "index", "number"}
    cutoffs : tuple of str
        Exact texts, in the order of the study; one empty text if the statistic does not depend on k.
    estimate, ci_low, ci_high : float64, shape (c, n)
        NaN where there is none; proportions, not percentages.
    standing : int64, shape (c, n)
        Place in `mpi.publishable.STANDINGS`, or NO_DATA.
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


STATISTICS = ("H", "A", "M0", "poor", "censored_headcount", "uncensored_headcount")
FLOATS = ("estimate", "ci_low", "ci_high")


def layers_of(
    figures: Publishable, domain: str | None, codes: Sequence[str], *, unit: str, period: str,
    scheme: Scheme = "fixed", classes: int = 5, breaks: Mapping[str, Sequence[float]] | None = None,
    statistics: Sequence[str] = STATISTICS,
) -> tuple[Layer, ...]:  # fmt: skip
    """Layers of the figures by one domain, in the order of the statistics and of the measure's indicators.

    Parameters
    ----------
    figures : Publishable
    domain : str or None
        None: the total, as a single area.
    codes : sequence of str, length n
        Of the areas; a code without figures has no data.
    unit, period : str
    scheme, classes : str, int
        Of the breaks, over all cutoffs together.
    breaks : mapping of str to sequence of float, optional
        Fixed breaks by statistic, in percent for shares; those of `H` serve headcounts too.
    statistics : sequence of str
        That layers are made of.
    """
    table = _rows(figures, domain, unit, period)
    place = {code: i for i, code in enumerate(codes)}
    area = _places(table, domain, place)
    keys = [table[name].to_pylist() for name in ("statistic", "dimension", "indicator", "k")]
    numbers = {name: _floats(table[name]) for name in (*FLOATS, "n")}
    standing = _coded(table["standing"], STANDINGS)
    groups: dict[tuple[str, str | None, str | None], dict[str, list[int]]] = {}
    for row, (statistic, dimension, indicator, k) in enumerate(zip(*keys, strict=True)):
        if statistic in statistics and area[row] >= 0:
            groups.setdefault((statistic, dimension, indicator), {}).setdefault(k or "", []).append(row)
    found = []
    for (statistic, dimension, indicator), rows in sorted(groups.items(), key=lambda item: _rank(item[0], statistics)):
        cutoffs = tuple(rows)
        shape = (len(cutoffs), len(codes))
        values = {name: np.full(shape, np.nan) for name in FLOATS}
        own, units = np.full(shape, NO_DATA, np.int64), np.full(len(codes), np.nan)
        for i, cutoff in enumerate(cutoffs):
            where = np.array(rows[cutoff], np.int64)
            own[i, area[where]] = standing[where]
            units[area[where]] = numbers["n"][where]
            for name in FLOATS:
                values[name][i, area[where]] = numbers[name][where]
        name = ":".join(part for part in (statistic, indicator or dimension) if part)
        layer = Layer(name, statistic, dimension, indicator, form_of(statistic), cutoffs, values["estimate"],
                      values["ci_low"], values["ci_high"], own, units, scheme, np.zeros(2))  # fmt: skip
        found.append(reclassed(layer, scheme, classes=classes, breaks=breaks))
    return tuple(found)


def reclassed(
    layer: Layer, scheme: Scheme, *, classes: int = 5, breaks: Mapping[str, Sequence[float]] | None = None
) -> Layer:
    """A layer with the breaks of a scheme; figures without natural breaks have none that are fixed unless given."""
    fixed = _fixed(breaks or {}, layer.statistic, layer.form)
    own = scheme if scheme != "fixed" or layer.form == "percent" or fixed is not None else "fisher_jenks"
    made = class_breaks(layer.estimate, layer.form, scheme=own, classes=classes, fixed=fixed)
    return replace(layer, scheme=own, breaks=made)


def _rank(key: tuple[str, str | None, str | None], statistics: Sequence[str]) -> int:
    """Groups keep the order of the table inside a statistic, which is that of the measure: sorting is stable."""
    return list(statistics).index(key[0])


def _fixed(breaks: Mapping[str, Sequence[float]], statistic: str, form: Form) -> Sequence[float] | None:
    if statistic in breaks:
        return breaks[statistic]
    return breaks.get("H") if form == "percent" and statistic.endswith("headcount") else None


def _rows(figures: Publishable, domain: str | None, unit: str, period: str) -> pa.Table:
    """The rows by one domain alone."""
    table = figures.table
    keep = _is(table["unit"], unit) & _is(table["period"], period)
    for name in figures.domains:
        missing = _coded(table[name], ()) == NULL
        keep &= ~missing if name == domain else missing
    return table.filter(arrow.array_of(Truth(keep)))


def _is(column: pa.ChunkedArray, value: str) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = _coded(column, (value,)) == 0
    return equal


def _places(table: pa.Table, domain: str | None, place: Mapping[str, int]) -> NDArray[np.int64]:
    """The area of each row; -1 where it has none."""
    if domain is None:
        return np.zeros(table.num_rows, np.int64)
    return _coded(table[domain], tuple(place))


def _coded(column: pa.ChunkedArray, labels: Sequence[str]) -> NDArray[np.int64]:
    """The place of each text among labels; -1 for null, -2 for others."""
    texts = arrow.values_of(column)
    assert isinstance(texts, Text)  # noqa: S101  the column is made by us
    place = {label: i for i, label in enumerate(labels)}
    found = np.array([place.get(label, -2) for label in texts.labels] or [-2], np.int64)[texts.codes]
    return found if texts.known is None else np.where(texts.known, found, NULL)


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    numbers = arrow.values_of(column)
    assert isinstance(numbers, Number)  # noqa: S101  the column is made by us
    data = np.asarray(numbers.values, np.float64)
    return data if numbers.known is None else np.where(numbers.known, data, np.nan)
