"""Figures derived from estimates by expressions, with the errors that follow from their joint covariance.

In come a profile, a measure and expressions such as `H[1/5] - H[1/3]`; out goes a tidy table, one row for each
expression in each domain. The estimates that the expressions read are made here: all of one call, so their covariance
is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.errors import Fault, UsageError, listed, nearest
from mpi.estimates.combining import Terms
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.derived import Derived, Row, derived_of
from mpi.estimates.estimates import Estimates
from mpi.estimates.estimating import estimates_of, sets_of
from mpi.estimates.expressions import Expression, Reference, expression
from mpi.estimates.request import Request
from mpi.estimates.slopes import Sloped
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff, Measure, cutoffs_of
from mpi.vocabulary.statistics import DEFINITIONS


def derive_of(profile: DeprivationProfile, request: Request, expressions: Mapping[str, str]) -> Derived:
    """Figures derived by expressions; see `mpi.derive`."""
    check_adjust(request.adjust)
    measure = request.measure
    read = [expression(name, text) for name, text in expressions.items()]
    if not read:
        raise UsageError(
            Fault("MPI-E040", None, phrase("no expression is given"), phrase('write "band: H[1/5] - H[1/3]"'))
        )
    named = {one: _figure(measure, one) for each in read for one in each.references()}
    open_k = cutoffs_of(measure, request.k)
    cutoffs = [*open_k, *(figure.cutoff for figure in named.values() if figure.cutoff is not None)]
    pinned = [tuple(name for name, _ in one.domain) for one in named if one.domain]
    sets = [(), *sets_of(profile, request.by, request.unit)]
    asked = replace(request, by=[*sets[1:], *pinned], k=list({cutoff.text: cutoff for cutoff in cutoffs}.values()))
    estimates = estimates_of(profile, asked, statistics=sorted({one.statistic for one in named}))
    finder = _Finder(estimates, named)
    rows: list[Row] = []
    for each in read:
        own = [named[one] for one in each.references()]
        is_open = any(figure.by_cutoff and figure.cutoff is None for figure in own)
        for cutoff in open_k if is_open else [None]:
            for names in sets:
                rows.append(finder.row(each, names, cutoff))
    domains = tuple(dict.fromkeys(name for names in sets for name in names))
    return derived_of(rows, estimates, domains=domains, level=request.level, adjust=request.adjust)


def check_expressions(measure: Measure, expressions: Mapping[str, str]) -> None:
    """Refuse expressions that cannot be read, or that name a figure which a measure does not have.

    Raises
    ------
    UsageError
    """
    for name, text in expressions.items():
        for one in expression(name, text).references():
            _figure(measure, one)


@dataclass(frozen=True, slots=True)
class _Figure:
    """What a reference means under a measure: the part, and the cutoff; None for that of the row."""

    part: tuple[str | None, str | None]
    cutoff: Cutoff | None
    by_cutoff: bool


def _figure(measure: Measure, one: Reference) -> _Figure:
    definition = DEFINITIONS[one.statistic]
    parts: dict[str, tuple[str | None, str | None]] = {d.name: (d.name, None) for d in measure.dimensions}
    parts |= {i.name: (i.dimension, i.name) for i in measure.indicators}
    named = [text for text in one.what if text in parts]
    others = [text for text in one.what if text not in parts]
    own_cutoffs = {cutoff.name for cutoff in measure.cutoffs}
    if "whole" not in definition.of and not named:
        remedy = phrase("name it in brackets: {name}[{part}]", name=one.statistic, part=measure.names[0])
        wrong = [text for text in others if not any(sign.isdigit() for sign in text) and text not in own_cutoffs]
        if wrong:
            text = phrase("{measure} has no indicator or dimension {name!r}", measure=measure.name, name=wrong[0])
            raise UsageError(Fault("MPI-E040", None, text, nearest(wrong[0], list(parts)) or remedy))
        text = phrase("{statistic} is one for each indicator or dimension, and none is named", statistic=one.statistic)
        raise UsageError(Fault("MPI-E040", None, text, remedy))
    if len(named) > 1 or len(others) > 1 or (named and definition.of == ("whole",)):
        text = phrase("too much is named for {statistic}: {names}", statistic=one.statistic, names=listed(one.what))
        raise UsageError(Fault("MPI-E040", None, text, phrase("name a cutoff, and of some statistics one indicator")))
    if others and not definition.by_cutoff:
        text = phrase(
            "{statistic} does not depend on a cutoff, and {name!r} is named", statistic=one.statistic, name=others[0]
        )
        raise UsageError(Fault("MPI-E040", None, text, phrase("leave it out")))
    cutoff = measure.cutoff(others[0]) if others else None
    return _Figure(parts[named[0]] if named else (None, None), cutoff, definition.by_cutoff)


class _Finder:
    """Finds the places of figures in a whole table of estimates."""

    def __init__(self, estimates: Estimates, figures: Mapping[Reference, _Figure]) -> None:
        self.estimates, self.figures, self.basis = estimates, figures, estimates.basis
        self.cutoffs = {cutoff.text: i for i, cutoff in enumerate(self.basis.cutoffs)}
        self.statistics = {
            (one.name, one.k, (one.dimension, one.indicator)): i for i, one in enumerate(self.basis.table.statistics)
        }
        self.sets = {frozenset(names): i for i, names in enumerate(self.basis.sets)}

    def row(self, one: Expression, names: tuple[str, ...], cutoff: Cutoff | None) -> Row:
        """An expression in all domains of a set, at the row's cutoff."""
        references = list(dict.fromkeys(one.references()))
        number = self.sets[frozenset(names)]
        groups = self.basis.groups[number]
        places = np.stack([self._places(each, number, len(groups), cutoff) for each in references], axis=1)
        terms = Terms(self.estimates, places)
        at = {each: i for i, each in enumerate(references)}
        unit = np.eye(len(references))

        def read(each: Reference) -> Sloped:
            i = at[each]
            return Sloped(terms.values[:, i], np.broadcast_to(unit[i], places.shape))

        labels = [dict(zip(self.basis.sets[number], texts, strict=True)) for texts in self.basis.labels(number)]
        k = None if cutoff is None else cutoff.text
        return Row(keys={"figure": one.name, "k": k}, groups=labels, terms=(terms,), value=one.value(read))

    def _places(self, one: Reference, number: int, groups: int, cutoff: Cutoff | None) -> NDArray[np.int64]:
        """Places of a figure for each domain of a set; shape (g,)."""
        figure = self.figures[one]
        own = figure.cutoff or cutoff
        k = self.cutoffs[own.text] if figure.by_cutoff and own is not None else None
        statistic = self.statistics.get((one.statistic, k, figure.part))
        if statistic is None:
            text = phrase("{statistic} has no figure of {name!r}", statistic=one.statistic, name=listed(one.what))
            remedy = phrase("a dimension that is a sum has no headcount of its own: name an indicator")
            raise UsageError(Fault("MPI-E040", None, text, remedy))
        size = len(self.basis.table.statistics)
        if one.domain is None:
            own_places: NDArray[np.int64] = self.basis.offsets[number] + np.arange(groups) * size + statistic
            return own_places
        pinned = self.sets[frozenset(name for name, _ in one.domain)]
        return np.full(groups, self.basis.offsets[pinned] + self._group(one, pinned) * size + statistic)

    def _group(self, one: Reference, number: int) -> int:
        wanted = dict(one.domain or ())
        codes = tuple(wanted[name] for name in self.basis.sets[number])
        labels = self.basis.labels(number)
        if codes not in labels:
            shown = ", ".join(f"{name}={code}" for name, code in wanted.items())
            text = phrase("{statistic}[{domain}]: there is no such domain", statistic=one.statistic, domain=shown)
            known = sorted({label[0] for label in labels})
            remedy = nearest(codes[0], known) or phrase("there are {names}", names=listed(known))
            raise UsageError(Fault("MPI-E003", None, text, remedy))
        return labels.index(codes)
