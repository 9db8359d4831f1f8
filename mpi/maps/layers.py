"""Layers of a map: one statistic of all areas at every cutoff, with its intervals, its standing and its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Text, text_of, where_known
from mpi.disclosure.figures import Figures, Subject, read
from mpi.disclosure.publishable import STANDINGS, Publishable
from mpi.drawing.classes import breaks_for
from mpi.errors import Fault, UsageError, listed, phrase
from mpi.vocabulary.options import Scheme
from mpi.vocabulary.statistics import DEFINITIONS, LAYERS, Form
from mpi.vocabulary.wording import form_of

COLUMNS = ("estimate", "ci_low", "ci_high", "standing", "n")
ONE_CLASS: tuple[Scheme, NDArray[np.float64]] = ("fixed", np.array([0.0, 1.0]))
NO_DATA = -1  # of `standing`: no row of the figures is about the area


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
    classed: bool = True,
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
    classed : bool
        Whether the layers get classes: not where they are only compared with, for a break costs time.

    Raises
    ------
    UsageError
        If the figures have no such domain, or several measures.
    """
    held, names = read(_checked(figures, domain, measure, statistics)), () if domain is None else (domain,)
    place = {code: i for i, code in enumerate(codes)}
    areas: dict[tuple[str, ...], NDArray[np.int64]] = {}
    made = []
    parts = [part for name in statistics for part in held.parts if part[0] == name and _mapped(*part)]
    for statistic, dimension, indicator in parts:
        subjects = dict.fromkeys(
            held.subject(statistic, names, period=period, unit=unit, k=k, dimension=dimension, indicator=indicator)
            for k in held.met["k"] or [None]
        )
        spreads = {own: found for own in subjects if (found := _spread(held, own, place, areas)) is not None}
        if not spreads:
            continue
        columns = {name: np.stack([own[name] for own in spreads.values()]) for name in COLUMNS}
        form = form_of(statistic)
        how, ends = ONE_CLASS
        if classed:
            how, ends = breaks_for(columns["estimate"], statistic, form, scheme=scheme, classes=classes, stated=breaks)
        made.append(
            Layer(
                name=statistic if indicator is None else f"{statistic}:{indicator}",
                statistic=statistic,
                dimension=dimension,
                indicator=indicator,
                form=form,
                cutoffs=tuple(own.k or "" for own in spreads),
                estimate=columns["estimate"],
                ci_low=columns["ci_low"],
                ci_high=columns["ci_high"],
                standing=columns["standing"].astype(np.int64),
                units=columns["n"][0],
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


def _checked(figures: Publishable, domain: str | None, measure: str | None, statistics: Sequence[str]) -> Publishable:
    """The figures of one measure, which have the domain."""
    if domain is not None and domain not in figures.domains:
        there = (
            phrase("there are {names}", names=listed(figures.domains, 20))
            if figures.domains
            else phrase("estimate by it: by=...")
        )
        raise UsageError(Fault("MPI-G021", None, phrase("the figures have no domain {domain!r}", domain=domain), there))
    if measure is not None:
        return figures.only(statistics, measure=measure)
    several = figures.table["measure"].unique().to_pylist()
    if len(several) > 1:
        text = phrase("the figures have {number} measures, and a map shows one", number=len(several))
        raise UsageError(Fault("MPI-G021", None, text, phrase("choose one of {names}", names=listed(several))))
    return figures


def _mapped(statistic: str, dimension: str | None, indicator: str | None) -> bool:
    """Whether a layer is made of a part of the measure: of each indicator, or of the whole."""
    if "whole" not in DEFINITIONS[statistic].of:
        return indicator is not None
    return indicator is None and dimension is None


def _spread(
    held: Figures, subject: Subject, place: Mapping[str, int], areas: dict[tuple[str, ...], NDArray[np.int64]]
) -> dict[str, NDArray[np.float64]] | None:
    """Columns of some rows over n areas, float64, shape (n,); NaN (standing: NO_DATA) or None without rows.

    `areas` keeps the area of each label of a domain, -1 for none.
    """
    rows = held.subjects.get(subject, np.zeros(0, np.int64))
    area = np.zeros(len(rows), np.int64)
    for name in subject.domains:
        own = text_of(held.column(name, rows))
        if own.labels not in areas:
            areas[own.labels] = np.array([place.get(label, -1) for label in own.labels] or [-1], np.int64)
        area = areas[own.labels][own.codes]
    at = np.flatnonzero(area >= 0)
    if not len(at):
        return None
    made = {name: np.full(len(place), NO_DATA if name == "standing" else np.nan, np.float64) for name in COLUMNS}
    for name, spread in made.items():
        values = held.column(name, rows[at])
        if isinstance(values, Text):
            spread[area[at]] = np.array([STANDINGS.index(label) for label in values.labels], np.float64)[values.codes]
        else:
            spread[area[at]] = np.where(where_known(values), values.values, np.nan)
    return made
