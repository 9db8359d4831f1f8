"""Units become cells, and cells of several blocks are added: equal keys become one, designs become their union."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from mpi.profile.cells import COLUMNS, MISSING_LEVEL, Cells, Domain, Tabulation, stacked
from mpi.profile.sample import Declared, Sample
from mpi.rules import Level
from mpi.values import Text
from mpi.variance import SinglePsu

MAX_KEY = 2**31
MAX_CODE = 2**62

_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """One block of n rows, before they are added up: a row is a household, a person, or a group of persons.

    Attributes
    ----------
    domains : tuple of (str, level, Text)
        Name, level and code of each domain.
    stratum, psu : Text or None
        None where the design has none; without `psu` every row is a PSU of its own, and must be a whole household.
    pattern, unknown : uint64, shape (n,)
        Bit j: indicator j is deprived; is unknown.
    persons, households : int64, shape (n,)
        How many of them the row stands for.
    person_weight, household_weight : float64, shape (n,)
        Weight of all persons, and of all households, of the row.
    ssu : Text or None
        Second-stage unit, within its PSU, where the design corrects for a second stage.
    fpc, ssu_fpc : float64, shape (n,), or None
        Finite population corrections of the row's stratum and PSU, as `Declared` says.
    order, within : Text or None
        Place of the row's stratum in the order of strata, and its region, where strata are collapsed by an ordering.
    calibration : float64, shape (n, p), or None
        Calibration variables: of the row's household, or of each of its persons, by `Declared.calibration`.
    design_person_weight, design_household_weight : float64, shape (n,), or None
        As the weights, before calibration.
    person_replicates, household_replicates : float64, shape (n, R), or None
        As the weights, for each replicate.
    """

    domains: tuple[tuple[str, Level, Text], ...]
    stratum: Text | None
    psu: Text | None
    pattern: NDArray[np.uint64]
    unknown: NDArray[np.uint64]
    persons: NDArray[np.int64]
    households: NDArray[np.int64]
    person_weight: NDArray[np.float64]
    household_weight: NDArray[np.float64]
    ssu: Text | None = None
    fpc: NDArray[np.float64] | None = None
    ssu_fpc: NDArray[np.float64] | None = None
    order: Text | None = None
    within: Text | None = None
    calibration: NDArray[np.float64] | None = None
    design_person_weight: NDArray[np.float64] | None = None
    design_household_weight: NDArray[np.float64] | None = None
    person_replicates: NDArray[np.float64] | None = None
    household_replicates: NDArray[np.float64] | None = None


def tabulated(units: Units, *, single_psu: SinglePsu, census: bool, weighted: bool) -> Tabulation:
    """The cells and the design of one block of units; a census has neither strata nor PSUs."""
    n = len(units.pattern)
    domains, codes = [], []
    for name, level, text in units.domains:
        labels, code = levels(text)
        domains.append(Domain(name, level, labels))
        codes.append(code)
    strata: tuple[str, ...] = ("",)
    stratum, psu = np.zeros(n, np.int64), np.zeros(n, np.int64)
    psu_stratum, psu_labels = np.zeros(0, np.int64), tuple[str, ...]()
    if units.stratum is not None and not census:
        strata, stratum = levels(units.stratum)
    if units.psu is not None and not census:
        psu, psu_stratum, psu_labels = _psus(stratum, units.psu)
    places = stratum if units.psu is None else psu_stratum
    drawn = np.zeros(1, np.int64) if census else np.bincount(places, minlength=len(strata)).astype(np.int64)
    sample = Sample(strata, drawn, psu_stratum, psu_labels, Declared(single_psu, census, weighted))
    positive = (units.person_weight > 0) | (units.household_weight > 0)
    cells = Cells(
        stacked(codes, n), stratum, psu, units.pattern, units.unknown, units.persons * positive,
        units.households * positive, units.person_weight, units.household_weight, units.person_weight**2,
        units.household_weight**2,
    )  # fmt: skip
    return Tabulation(tuple(domains), sample, grouped(cells))


def joined(parts: Sequence[Tabulation]) -> Tabulation:
    """The tabulation of all units of several: labels, strata and PSUs become their unions.

    Parameters
    ----------
    parts : sequence of Tabulation
        At least one; with the same domains and the same kind of design.
    """
    first = parts[0]
    domains = tuple(
        Domain(domain.name, domain.level, _union(part.domains[i].labels for part in parts))
        for i, domain in enumerate(first.domains)
    )
    sample, codes = _joined_samples([part.sample for part in parts])
    recoded = [_recoded(part, domains, new) for part, new in zip(parts, codes, strict=True)]
    cells = Cells(*(np.concatenate([getattr(one, name) for one in recoded]) for name in COLUMNS))
    return Tabulation(domains, sample, grouped(cells))


def levels(text: Text) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Labels in natural order, only those that occur, and each row's code; unknown is a level of its own, last.

    Returns
    -------
    tuple of str
    int64, shape (n,)

    Examples
    --------
    >>> levels(Text(np.array([2, 0, 2]), ("b", "unused", "a")))
    (('a', 'b'), array([0, 1, 0]))
    """
    codes, labels = text.codes, text.labels
    if text.known is not None and not text.known.all():
        if MISSING_LEVEL not in labels:
            labels = (*labels, MISSING_LEVEL)
        codes = np.where(text.known, codes, labels.index(MISSING_LEVEL))
    present = np.flatnonzero(np.bincount(codes, minlength=len(labels))).tolist()
    ranked = sorted(present, key=lambda code: _rank(labels[code]))
    mapping = np.zeros(max(1, len(labels)), np.int64)
    mapping[ranked] = np.arange(len(ranked))
    return tuple(labels[code] for code in ranked), mapping[codes]


def _rank(label: str) -> tuple[bool, list[tuple[int, str]], str]:
    """The place of a label: its numbers count as numbers, so that 6-17 stands before 18-28; missing comes last."""
    # A longer number is larger: `int` would refuse more than 4,300 digits. Every second part is a number.
    parts = [part.lstrip("0") if i % 2 else part for i, part in enumerate(_DIGITS.split(label))]
    return label == MISSING_LEVEL, [(len(part) if i % 2 else 0, part) for i, part in enumerate(parts)], label


def _psus(stratum: NDArray[np.int64], psu: Text) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[str, ...]]:
    """PSUs nested in strata: the PSU of each row, the stratum of each PSU, its label."""
    labels, codes = levels(psu)
    distinct, which = np.unique(stratum * len(labels) + codes, return_inverse=True)
    of_stratum, of_label = np.divmod(distinct, max(1, len(labels)))
    return which, of_stratum, tuple(labels[code] for code in of_label.tolist())


def grouped(cells: Cells) -> Cells:
    """Cells with equal keys added up, sorted by their keys."""
    if not len(cells):
        return cells
    code = _joint_code([*cells.domains.T, cells.stratum, cells.psu, cells.pattern, cells.unknown])
    order = np.argsort(code, kind="stable")
    first = np.flatnonzero(np.diff(code[order], prepend=-1))
    head = order[first]

    def added(values: NDArray[np.int64]) -> NDArray[np.int64]:
        total: NDArray[np.int64] = np.add.reduceat(values[order], first)
        return total

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = np.add.reduceat(values[order], first)
        return total

    return Cells(
        cells.domains[head], cells.stratum[head], cells.psu[head], cells.pattern[head], cells.unknown[head],
        added(cells.persons), added(cells.households), summed(cells.person_weight), summed(cells.household_weight),
        summed(cells.person_squares), summed(cells.household_squares),
    )  # fmt: skip


def _joint_code(keys: Sequence[NDArray[np.int64] | NDArray[np.uint64]]) -> NDArray[np.int64]:
    """One integer of 0 or more a row, ordered like the keys from first to last; shape (c,)."""
    code = np.zeros(len(keys[0]), np.int64)
    size = 1
    for key in keys:
        top = int(key.max()) + 1
        if top == 1:
            continue
        narrow, top = _ranks(key) if top > MAX_KEY else (key.astype(np.int64), top)
        if size * top >= MAX_CODE:
            code, size = _ranks(code)
        code = code * top + narrow
        size *= top
    return code


def _ranks(key: NDArray[np.int64] | NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
    """The rank of each value among the distinct ones, and how many there are."""
    distinct, rank = np.unique(key, return_inverse=True)
    return rank, len(distinct)


def _union(labels: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*labels), key=_rank))


def _places(labels: Sequence[str], among: Sequence[str]) -> NDArray[np.int64]:
    place = {label: i for i, label in enumerate(among)}
    return np.array([place[label] for label in labels], np.int64)


def _joined_samples(samples: Sequence[Sample]) -> tuple[Sample, list[tuple[NDArray[np.int64], NDArray[np.int64]]]]:
    """The common design, and for each sample the new codes of its strata and PSUs."""
    strata = _union(sample.strata for sample in samples)
    moved = [_places(sample.strata, strata) for sample in samples]
    if not samples[0].clustered:
        drawn = reduce(np.add, (np.bincount(to, s.psus, len(strata)) for to, s in zip(moved, samples, strict=True)))
        sample = replace(samples[0], strata=strata, psus=drawn.astype(np.int64))
        return sample, [(to, np.zeros(1, np.int64)) for to in moved]
    pairs = [
        list(zip(to[s.psu_stratum].tolist(), s.psu_labels, strict=True)) for to, s in zip(moved, samples, strict=True)
    ]
    distinct = sorted(set().union(*pairs), key=lambda pair: (pair[0], _rank(pair[1])))
    place = {pair: i for i, pair in enumerate(distinct)}
    stratum = np.array([pair[0] for pair in distinct], np.int64)
    sample = replace(
        samples[0], strata=strata, psus=np.bincount(stratum, minlength=len(strata)).astype(np.int64),
        psu_stratum=stratum, psu_labels=tuple(pair[1] for pair in distinct),
    )  # fmt: skip
    return sample, [(to, np.array([place[p] for p in own], np.int64)) for to, own in zip(moved, pairs, strict=True)]


def _recoded(
    part: Tabulation, domains: tuple[Domain, ...], codes: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Cells:
    """The cells with the codes of the common domains, strata and PSUs."""
    cells = part.cells
    columns = [
        _places(own.labels, new.labels)[cells.domains[:, i]]
        for i, (own, new) in enumerate(zip(part.domains, domains, strict=True))
    ]
    return replace(
        cells, domains=stacked(columns, len(cells)), stratum=codes[0][cells.stratum], psu=codes[1][cells.psu]
    )
